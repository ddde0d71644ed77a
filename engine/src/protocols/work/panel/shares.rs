//! Who was given how much.

use crate::map::Map;
use crate::protocol::number::with_point;
use crate::protocol::words::counted;
use crate::protocols::work::job::AttemptEnd;
use crate::protocols::work::overview::Overview;
use crate::sim::AgentId;

/// Fewer tasks say little about shares.
const TASKS_MIN: usize = 10;

/// The parts that an agent was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub done: u32,
    pub open: u32,
    /// Failed, or its lease ended.
    pub failed: u32,
}

impl Share {
    #[must_use]
    pub fn all(self) -> u32 {
        self.done + self.open + self.failed
    }
}

/// The shares of all members, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    pub rows: Vec<(String, Share)>,
}

/// Nothing where there are few tasks, or only one agent.
pub(super) fn shares(work: &Overview<'_>) -> Option<Shares> {
    let members = &work.board.members;
    if work.board.jobs.len() < TASKS_MIN || members.len() < 2 {
        return None;
    }
    let mut shares: Map<AgentId, Share> =
        members.iter().map(|agent| (*agent, Share::default())).collect();
    for attempt in work.board.jobs().flat_map(|job| job.attempts()) {
        let Some(share) = shares.get_mut(&attempt.agent) else { continue };
        match attempt.end.map(|(end, _)| end) {
            None => share.open += 1,
            Some(AttemptEnd::Done) => share.done += 1,
            Some(AttemptEnd::Failed | AttemptEnd::Expired) => share.failed += 1,
            Some(AttemptEnd::NotTaken(_) | AttemptEnd::Moved | AttemptEnd::Cancelled) => {}
        }
    }
    let rows = shares.iter().map(|(agent, share)| (work.name(*agent).to_owned(), *share));
    Some(Shares { rows: rows.collect() })
}

impl Shares {
    pub(super) fn ends(&self) -> (u32, u32) {
        let all = || self.rows.iter().map(|(_, share)| share.all());
        (all().min().unwrap_or_default(), all().max().unwrap_or_default())
    }

    /// How even they are: the most that any was given, and the mean, in thousandths.
    pub(super) fn lead(&self) -> (String, String) {
        let (least, most) = self.ends();
        let sum: u64 = self.rows.iter().map(|(_, share)| u64::from(share.all())).sum();
        let mean_milli = sum * 1_000 / self.rows.len().max(1) as u64;
        let mean = with_point(mean_milli / 10, 2);
        (
            format!("{least} to {most} parts"),
            format!(" each: {mean} on average of {}.", counted(self.rows.len(), "agent")),
        )
    }
}
