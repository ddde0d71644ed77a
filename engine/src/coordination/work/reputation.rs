//! An agent's standing (W12), which outcomes change, each once.

use serde::Serialize;

use super::task::TaskId;
use crate::map::Map;
use crate::order::sort_by_key;
use crate::sim::AgentId;

/// Standing of an agent: from 0 to 150, 100 at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reputation(pub u32);

impl Default for Reputation {
    fn default() -> Self {
        Self(100)
    }
}

impl Reputation {
    /// The highest there is.
    pub const MAX: u32 = 150;

    /// The tiers, best first, with the least score of each.
    pub const TIERS: [(u32, &'static str); 5] = [
        (130, "Elite"),
        (110, "Expert"),
        (90, "Competent"),
        (70, "Developing"),
        (0, "Needs Improvement"),
    ];

    /// The tier it falls into.
    #[must_use]
    pub fn tier(self) -> &'static str {
        let tier = Self::TIERS.into_iter().find(|(least, _)| self.0 >= *least);
        tier.map_or("", |(_, name)| name)
    }

    /// After a change, within its limits.
    #[must_use]
    pub const fn after(self, change: i32) -> Self {
        let score = self.0.saturating_add_signed(change);
        Self(if score > Self::MAX { Self::MAX } else { score })
    }
}

/// How an attempt came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// From 0 to 100.
    Success {
        quality: u8,
    },
    Failure,
}

/// What an outcome changes.
#[must_use]
pub const fn change(outcome: Outcome) -> i32 {
    match outcome {
        Outcome::Success { quality: 91.. } => 7,
        Outcome::Success { .. } => 5,
        Outcome::Failure => -10,
    }
}

/// What a reputation was changed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub time_us: u64,
    pub task: TaskId,
    pub part: u16,
    pub attempt: u32,
    /// As applied, within the limits.
    pub change: i32,
    /// After the change.
    pub score: u32,
}

/// One agent's reputation, and how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    pub score: u32,
    /// The oldest first.
    pub history: Vec<Entry>,
}

/// All agents' reputations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    pub records: Map<AgentId, Record>,
    /// The attempts that have been counted, in order.
    settled: Vec<(TaskId, u16, u32)>,
}

impl Standings {
    /// An agent comes in. One that is known keeps what it has.
    pub fn enter(&mut self, agent: AgentId, start: u32) {
        if !self.records.contains_key(&agent) {
            let record = Record { score: start.min(Reputation::MAX), history: Vec::new() };
            self.records.insert(agent, record);
        }
    }

    /// 100 if the agent is unknown.
    #[must_use]
    pub fn of(&self, agent: AgentId) -> u32 {
        self.records.get(&agent).map_or(Reputation::default().0, |record| record.score)
    }

    /// Counts the outcome of an attempt, named by task, part and number: once. A second one is refused with
    /// `false`.
    pub fn settle(
        &mut self,
        agent: AgentId,
        key: (TaskId, u16, u32),
        outcome: Outcome,
        now_us: u64,
    ) -> bool {
        let Err(place) = self.settled.binary_search(&key) else { return false };
        self.settled.insert(place, key);
        self.enter(agent, Reputation::default().0);
        if let Some(record) = self.records.get_mut(&agent) {
            let score = Reputation(record.score).after(change(outcome)).0;
            let (task, part, attempt) = key;
            let change = score.cast_signed() - record.score.cast_signed();
            record.history.push(Entry { time_us: now_us, task, part, attempt, change, score });
            record.score = score;
        }
        true
    }

    /// Best first, ties by id.
    #[must_use]
    pub fn leaderboard(&self) -> Vec<(AgentId, u32)> {
        let scores = self.records.iter().map(|(agent, record)| (*agent, record.score));
        let mut board: Vec<(AgentId, u32)> = scores.collect();
        sort_by_key(&mut board, |(agent, score)| (u64::from(u32::MAX - score), agent.0.into()));
        board
    }

    /// The mean of all, in thousandths, rounded down; 0 of none.
    #[must_use]
    pub fn mean_milli(&self) -> u64 {
        let (count, sum, _) = self.sums();
        (sum * 1_000).checked_div(count).unwrap_or_default()
    }

    /// How far they are from the mean: the standard deviation of all of them, in thousandths, rounded down.
    #[must_use]
    pub fn deviation_milli(&self) -> u64 {
        let (count, sum, squares) = self.sums();
        if count == 0 {
            return 0;
        }
        // The variance is this many count²-ths, and millionths of it have thousandths as their root.
        let (variance, by) = (count * squares - sum * sum, count * count);
        (variance / by * 1_000_000 + variance % by * 1_000_000 / by).isqrt()
    }

    /// How many there are, their sum, and that of their squares.
    fn sums(&self) -> (u64, u64, u64) {
        let (mut count, mut sum, mut squares) = (0, 0, 0);
        for (_, record) in &self.records {
            let score = u64::from(record.score);
            (count, sum, squares) = (count + 1, sum + score, squares + score * score);
        }
        (count, sum, squares)
    }
}
