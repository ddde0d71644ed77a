//! The results of all proposals, in words and rows (C1). All numbers are integers.

pub mod document;

use crate::common::consensus::manager::{Figures, Statistics};
use crate::common::figure::{percent, span};

/// A sentence about all proposals, and a row for each algorithm where there are several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatisticsView {
    pub sentence: String,
    pub rows: Vec<FiguresRow>,
}

/// The proposals of one algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiguresRow {
    pub algorithm: String,
    /// "2 approved, 1 rejected".
    pub became: String,
    /// How long a decision took on average, or nothing while there is none.
    pub average: String,
}

/// The results of several proposals; `None` for fewer than two.
#[must_use]
pub fn statistics(statistics: &Statistics) -> Option<StatisticsView> {
    let all = &statistics.all;
    if all.total < 2 {
        return None;
    }
    let mut sentence = format!("{} proposals: {}", all.total, became(all));
    if all.decided() > 0 {
        let rate = percent(all.approved, all.decided());
        sentence += &format!("; {rate} approved, {} on average", average(all));
    }
    sentence.push('.');
    let row = |(name, figures): (&String, &Figures)| FiguresRow {
        algorithm: name.clone(),
        became: became(figures),
        average: if figures.decided() > 0 { average(figures) } else { String::new() },
    };
    let several = statistics.by_algorithm.iter().count() > 1;
    let rows = statistics.by_algorithm.iter().filter(|_| several).map(row).collect();
    Some(StatisticsView { sentence, rows })
}

fn average(figures: &Figures) -> String {
    span(figures.average_duration_us())
}

fn became(figures: &Figures) -> String {
    let kinds = [
        (figures.approved, "approved"),
        (figures.rejected, "rejected"),
        (figures.timeout, "timed out"),
        (figures.open, "open"),
    ];
    let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
    kinds.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
