//! An agent's standing (W12), which outcomes change, each once.

use std::sync::Arc;

use serde::Serialize;

use super::account::Account;
use super::task::TaskId;
use crate::common::reputation::Reputation;
use crate::map::Map;
use crate::order::sort_by_key;
use crate::sim::{AgentId, LocalTime};

impl Reputation {
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

/// The change of a reputation by an outcome.
#[must_use]
pub const fn change(outcome: Outcome) -> i32 {
    match outcome {
        Outcome::Success { quality: 91.. } => 7,
        Outcome::Success { .. } => 5,
        Outcome::Failure => -10,
    }
}

/// A change of a reputation, and the attempt that it follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReputationEntry {
    pub time_us: LocalTime,
    pub task: TaskId,
    pub part: u16,
    pub attempt: u32,
    /// The skill of a worker's attempt in a manager's account; `None` for an attempt that was awarded here.
    pub focus: Option<Arc<str>>,
    /// As applied, within the limits.
    pub change: i32,
    /// After the change.
    pub score: u32,
}

/// One agent's reputation, and how it came about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    pub score: u32,
    /// The oldest first; shared with every picture of it.
    pub history: Arc<Vec<ReputationEntry>>,
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
            let record = Record { score: start.min(Reputation::MAX), history: Arc::default() };
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
        now_us: LocalTime,
    ) -> bool {
        let is_new = self.mark(key);
        if is_new {
            self.apply(agent, key, None, outcome, now_us);
        }
        is_new
    }

    /// Counts what a manager tells of its workers with an attempt of its own: once. The manager itself has
    /// done and failed nothing by that.
    pub fn settle_account(
        &mut self,
        account: &Account,
        key: (TaskId, u16, u32),
        now_us: LocalTime,
    ) -> bool {
        let is_new = self.mark(key);
        for it in account.tries.iter().filter(|_| is_new) {
            if let Some(outcome) = it.outcome {
                self.apply(it.agent, key, Some(it.focus.clone()), outcome, now_us);
            }
        }
        is_new
    }

    /// Whether it was not counted before; it is from now on.
    fn mark(&mut self, key: (TaskId, u16, u32)) -> bool {
        let place = self.settled.binary_search(&key);
        if let Err(place) = place {
            self.settled.insert(place, key);
        }
        place.is_err()
    }

    fn apply(
        &mut self,
        agent: AgentId,
        (task, part, attempt): (TaskId, u16, u32),
        focus: Option<Arc<str>>,
        outcome: Outcome,
        now_us: LocalTime,
    ) {
        self.enter(agent, Reputation::default().0);
        if let Some(record) = self.records.get_mut(&agent) {
            let score = Reputation(record.score).after(change(outcome)).0;
            let change = score.cast_signed() - record.score.cast_signed();
            let entry =
                ReputationEntry { time_us: now_us, task, part, attempt, focus, change, score };
            Arc::make_mut(&mut record.history).push(entry);
            record.score = score;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: AgentId = AgentId(3);

    /// The scores after each of these outcomes, one attempt after the other.
    fn check_journey(start: u32, outcomes: &[Outcome], expected: &[u32]) -> Standings {
        let mut standings = Standings::default();
        standings.enter(AGENT, start);
        for (number, outcome) in (0..).zip(outcomes) {
            assert!(standings.settle(
                AGENT,
                (number, 0, 1),
                *outcome,
                LocalTime(0).after(u64::from(number))
            ));
        }
        let history = &standings.records.get(&AGENT).unwrap().history;
        let scores: Vec<u32> = history.iter().map(|entry| entry.score).collect();
        assert_eq!(scores, expected, "from {start} by {outcomes:?}");
        standings
    }

    const fn success(quality: u8) -> Outcome {
        Outcome::Success { quality }
    }

    #[test]
    fn the_journey_of_seed_004() {
        let usual = success(90);
        let mut outcomes = vec![usual, success(92), Outcome::Failure];
        outcomes.extend([usual; 5]);
        outcomes.extend([success(95), Outcome::Failure]);
        let scores = [105, 112, 102, 107, 112, 117, 122, 127, 134, 124];
        let standings = check_journey(100, &outcomes, &scores);
        // E2: 124 is Expert.
        let tiers: Vec<_> = [0, 2, 7, 8, 9].map(|it| Reputation(scores[it]).tier()).into();
        assert_eq!(tiers, ["Competent", "Competent", "Expert", "Elite", "Expert"]);
        let last = standings.records.get(&AGENT).unwrap().history[9].clone();
        let expected = ReputationEntry {
            time_us: LocalTime(9),
            task: 9,
            part: 0,
            attempt: 1,
            focus: None,
            change: -10,
            score: 124,
        };
        assert_eq!(last, expected);
    }

    #[test]
    fn limits_hold_after_each_outcome() {
        check_journey(145, &[success(91), Outcome::Failure], &[150, 140]);
        check_journey(145, &[Outcome::Failure, success(91)], &[135, 142]);
        check_journey(
            100,
            &[success(90); 11],
            &[105, 110, 115, 120, 125, 130, 135, 140, 145, 150, 150],
        );
        check_journey(100, &[Outcome::Failure; 11], &[90, 80, 70, 60, 50, 40, 30, 20, 10, 0, 0]);
        check_journey(7, &[Outcome::Failure, success(0)], &[0, 5]);
        check_journey(999, &[success(100)], &[150]);
        let standings = check_journey(148, &[success(100)], &[150]);
        let entry = standings.records.get(&AGENT).unwrap().history[0].clone();
        assert_eq!(entry.change, 2, "as it was applied");
    }

    #[test]
    fn tiers_at_their_edges() {
        for (score, tier) in [
            (150, "Elite"),
            (130, "Elite"),
            (129, "Expert"),
            (124, "Expert"),
            (110, "Expert"),
            (109, "Competent"),
            (100, "Competent"),
            (90, "Competent"),
            (89, "Developing"),
            (70, "Developing"),
            (69, "Needs Improvement"),
            (0, "Needs Improvement"),
        ] {
            assert_eq!(Reputation(score).tier(), tier, "{score}");
        }
    }

    #[test]
    fn more_than_ninety_is_more_than_good() {
        for (outcome, expected) in [
            (success(0), 5),
            (success(90), 5),
            (success(91), 7),
            (success(100), 7),
            (Outcome::Failure, -10),
        ] {
            assert_eq!(change(outcome), expected, "{outcome:?}");
        }
    }

    #[test]
    fn an_attempt_counts_once() {
        let mut standings = Standings::default();
        let other = AgentId(1);
        assert_eq!(standings.of(AGENT), 100, "unknown");
        assert!(standings.settle(AGENT, (4, 1, 1), Outcome::Failure, LocalTime(5)));
        assert!(!standings.settle(AGENT, (4, 1, 1), success(80), LocalTime(9)));
        assert!(!standings.settle(other, (4, 1, 1), success(80), LocalTime(9)), "whoever it is");
        for (key, score) in [((4, 0, 1), 95), ((4, 1, 2), 100), ((3, 1, 1), 105)] {
            assert!(standings.settle(AGENT, key, success(80), LocalTime(9)));
            assert_eq!(standings.of(AGENT), score, "{key:?}");
        }
        assert_eq!(standings.of(other), 100);
        standings.enter(AGENT, 20);
        assert_eq!(standings.of(AGENT), 105, "who is known keeps what it has");
    }

    #[test]
    fn the_best_lead_and_ties_go_by_id() {
        let mut standings = Standings::default();
        assert_eq!((standings.mean_milli(), standings.deviation_milli()), (0, 0));
        for (agent, score) in [(5, 100), (2, 130), (9, 0), (1, 100)] {
            standings.enter(AgentId(agent), score);
        }
        let board: Vec<_> =
            standings.leaderboard().iter().map(|(agent, score)| (agent.0, *score)).collect();
        assert_eq!(board, [(2, 130), (1, 100), (5, 100), (9, 0)]);
        assert_eq!(standings.mean_milli(), 82_500);
        // The root of 2418.75.
        assert_eq!(standings.deviation_milli(), 49_180);
    }
}
