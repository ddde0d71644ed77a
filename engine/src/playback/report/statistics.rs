//! The results of all proposals, for machines (C1).

use serde::Serialize;

use crate::common::consensus::manager::{Figures, Manager};
use crate::common::consensus::quorum::ratio;
use crate::map::Map;
use crate::playback::rooms::Rooms;

/// The coordinator's statistics.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatisticsReport {
    #[serde(flatten)]
    pub all: FiguresReport,
    /// The figures of each algorithm that was used.
    pub by_algorithm: Map<String, FiguresReport>,
}

/// The results of some proposals, as the coordinator decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FiguresReport {
    pub total: u64,
    /// Not decided yet.
    pub open: u64,
    pub approved: u64,
    pub rejected: u64,
    pub timeout: u64,
    /// Approved of all decided, cut to six decimals; 0 while none is.
    pub approval_rate: f64,
    /// From opening to decision; 0 while none is decided.
    pub average_duration_us: u64,
}

impl FiguresReport {
    fn new(figures: &Figures) -> Self {
        let Figures { total, open, approved, rejected, timeout, .. } = *figures;
        let approval_rate = ratio(approved, figures.decided());
        let average_duration_us = figures.average_duration_us();
        Self { total, open, approved, rejected, timeout, approval_rate, average_duration_us }
    }
}

impl StatisticsReport {
    pub(super) fn new(rooms: &Rooms<'_>) -> Self {
        let statistics = rooms.books().map(Manager::statistics).unwrap_or_default();
        let by_algorithm = statistics.by_algorithm.iter();
        Self {
            all: FiguresReport::new(&statistics.all),
            by_algorithm: by_algorithm
                .map(|(name, figures)| (name.clone(), FiguresReport::new(figures)))
                .collect(),
        }
    }
}
