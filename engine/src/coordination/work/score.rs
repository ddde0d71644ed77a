//! How suitable an agent is for a task (W3). All in thousandths of a point, so that every agent comes to
//! the same.

use std::sync::Arc;

use serde::Serialize;

use crate::order::sort_by_key;
use crate::sim::AgentId;

/// What counts how much, in hundredths that sum to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    pub reputation: u32,
    pub skill: u32,
    pub load: u32,
}

impl Policy {
    pub const BALANCED: Self = Self { reputation: 40, skill: 40, load: 20 };
    pub const SKILL_FIRST: Self = Self { reputation: 40, skill: 60, load: 0 };

    /// Those with names in files.
    pub const ALL: [(Self, &'static str); 2] =
        [(Self::BALANCED, "balanced"), (Self::SKILL_FIRST, "skill_first")];

    /// Its name in files, if it has one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Self::ALL.into_iter().find(|(policy, _)| *policy == self).map(|(_, name)| name)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::BALANCED
    }
}

/// The weighted parts of a score, in thousandths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    pub reputation_milli: u64,
    pub skill_milli: u64,
    pub load_milli: u64,
}

impl Score {
    #[must_use]
    pub const fn total_milli(self) -> u64 {
        self.reputation_milli + self.skill_milli + self.load_milli
    }
}

/// How well the skills fit, from 0 to 100 000: those in both lists by those in any, rounded half up. A task
/// that asks for none fits everyone by half. A skill that is named twice counts once.
#[must_use]
pub fn jaccard_milli(own: &[Arc<str>], required: &[Arc<str>]) -> u64 {
    if required.is_empty() {
        return 50_000;
    }
    let is_first = |list: &[Arc<str>], place: usize| !list[..place].contains(&list[place]);
    let (mut both, mut any) = (0, 0);
    for place in (0..required.len()).filter(|place| is_first(required, *place)) {
        any += 1;
        both += u64::from(own.contains(&required[place]));
    }
    for place in (0..own.len()).filter(|place| is_first(own, *place)) {
        any += u64::from(!required.contains(&own[place]));
    }
    rounded(100_000 * both, any)
}

/// The score by the formula: reputation in points, skills by [`jaccard_milli`], and what is free of the
/// capacity in hundredths of it.
#[must_use]
pub fn score(
    policy: Policy,
    reputation: u32,
    skills: &[Arc<str>],
    required: &[Arc<str>],
    load: u32,
    capacity: u32,
) -> Score {
    weigh(policy, reputation, jaccard_milli(skills, required), free_milli(load, capacity))
}

/// The same with the skill match and what is free as they are, in thousandths of a point.
#[must_use]
pub fn weigh(policy: Policy, reputation: u32, match_milli: u64, free_milli: u64) -> Score {
    let part = |points_milli: u64, weight: u32| rounded(points_milli * u64::from(weight), 100);
    Score {
        reputation_milli: part(u64::from(reputation) * 1_000, policy.reputation),
        skill_milli: part(match_milli, policy.skill),
        load_milli: part(free_milli, policy.load),
    }
}

/// What is free of the capacity, from 0 to 100 000. Nothing of an agent that can carry nothing.
fn free_milli(load: u32, capacity: u32) -> u64 {
    let free = capacity.saturating_sub(load);
    if capacity == 0 { 0 } else { rounded(u64::from(free) * 100_000, u64::from(capacity)) }
}

/// Divided, and rounded half up.
const fn rounded(number: u64, by: u64) -> u64 {
    (number * 2 + by) / (by * 2)
}

/// Best first, ties by id.
pub fn rank(scored: &mut Vec<(AgentId, Score)>) {
    sort_by_key(scored, |(agent, score)| (u64::MAX - score.total_milli(), u64::from(agent.0)));
}
