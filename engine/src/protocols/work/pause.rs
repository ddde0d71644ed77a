//! Pauses of attempts (W9): an agent keeps what it has done of a part, and goes on with it later.

use super::job::{Attempt, Job};
use super::talk::Lease;
use super::task::TaskId;
use crate::sim::{AgentId, LocalTime};

/// An attempt's pause, as the agent knows it that shares out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The task that it makes way for.
    pub by: TaskId,
    /// When the worker had confirmed it. From then on the attempt takes no slot, carries no load, and its lease stands still.
    pub since_us: Option<LocalTime>,
    /// When the worker was told to go on.
    pub until_us: Option<LocalTime>,
    /// The worker has confirmed that it goes on.
    pub is_over: bool,
}

/// An attempt's pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    Running,
    /// The worker is told to pause, and has not confirmed it.
    Pausing,
    Paused,
    /// The worker is told to go on, and has not confirmed it.
    Resuming,
}

impl Attempt {
    #[must_use]
    pub fn pace(&self) -> Pace {
        match self.pauses.last() {
            None | Some(Pause { is_over: true, .. }) => Pace::Running,
            Some(Pause { since_us: None, .. }) => Pace::Pausing,
            Some(Pause { until_us: None, .. }) => Pace::Paused,
            Some(_) => Pace::Resuming,
        }
    }

    /// The number of the last word to the worker: even to work, odd to pause.
    #[must_use]
    pub fn turn(&self) -> u16 {
        let told = self.pauses.len() as u16 * 2;
        told - u16::from(matches!(self.pace(), Pace::Pausing | Pace::Paused))
    }

    /// How long its lease has stood still.
    #[must_use]
    pub fn paused_us(&self) -> u64 {
        let ended = self.pauses.iter().filter_map(|it| Some(it.until_us?.since(it.since_us?)));
        ended.sum()
    }
}

impl Job {
    /// Whether an attempt at it takes a slot: one that runs and is not paused.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        let at_work = |attempt: &Attempt| attempt.pace() != Pace::Paused;
        self.parts.iter().any(|part| part.running().is_some_and(at_work))
    }

    /// The attempts that are at this pace, with their agents.
    #[must_use]
    pub fn at_pace(&self, task: TaskId, pace: Pace) -> Vec<(Lease, AgentId)> {
        let running = self.running(task).filter(|(_, attempt)| attempt.pace() == pace);
        running.map(|(lease, attempt)| (lease, attempt.agent)).collect()
    }

    /// Whether all that is left of it is paused.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        let mut running = self.parts.iter().filter_map(|part| part.running()).peekable();
        running.peek().is_some() && running.all(|attempt| attempt.pace() == Pace::Paused)
    }
}
