//! The parts and tasks that an agent has taken, its progress with each, and its deliveries.

use std::sync::Arc;

use super::talk::{Delivery, Lease};
use super::task::Task;
use crate::sim::{AgentId, LocalTime};

/// A part or task that an agent has taken.
#[derive(Clone, Debug)]
pub struct Taken {
    pub lease: Lease,
    /// Who awarded it.
    pub manager: AgentId,
    pub spec: Arc<Task>,
    pub taken_us: LocalTime,
    /// When it began; `None` while the agent does other work before it.
    pub began_us: Option<LocalTime>,
    /// How long it takes at normal speed.
    pub whole_us: u64,
    /// How much of `whole_us` was done at `since_us`.
    pub done_us: u64,
    /// The time as of which `done_us` is counted.
    pub since_us: LocalTime,
    /// How often it has been reported on.
    pub reports: u32,
    /// The last word on it: even to work, odd to pause.
    pub turn: u16,
    /// How often it has said by itself that it is paused.
    pub said: u32,
    /// It was begun, and something of a higher priority, or the order to pause, came between.
    pub is_aside: bool,
}

impl Taken {
    /// Whether it is to wait until the agent is told to go on. It stands behind all that are not.
    #[must_use]
    pub const fn is_paused(&self) -> bool {
        self.turn % 2 == 1
    }

    /// In thousandths.
    #[must_use]
    pub fn permille(&self) -> u16 {
        let done = self.done_us.saturating_mul(1_000).checked_div(self.whole_us);
        done.map_or(1_000, |done| done.min(1_000)) as u16
    }

    /// From when it was taken to when it began.
    #[must_use]
    pub fn waited_us(&self) -> u64 {
        self.began_us.map_or(0, |began_us| began_us.since(self.taken_us))
    }

    /// How much is done by now, at this speed in thousandths of the normal one.
    #[must_use]
    pub fn done_by(&self, now_us: LocalTime, speed_milli: u32) -> u64 {
        let since_us = now_us.since(self.since_us);
        let worked_us = since_us.saturating_mul(speed_milli.into()) / 1_000;
        self.whole_us.min(self.done_us.saturating_add(worked_us))
    }

    /// How much is done when it reports next, if it does so this often; all of it in the end.
    pub(super) fn next_us(&self, reports: u32) -> u64 {
        let (next, of) = (u128::from(self.reports) + 1, u128::from(reports) + 1);
        (u128::from(self.whole_us) * next.min(of) / of) as u64
    }
}

/// A delivery that the agent does not know to have arrived.
#[derive(Clone, Debug)]
pub struct Unheard {
    /// Who awarded it.
    pub manager: AgentId,
    pub spec: Arc<Task>,
    pub delivery: Arc<Delivery>,
    /// How often it was said again.
    pub said: u32,
}
