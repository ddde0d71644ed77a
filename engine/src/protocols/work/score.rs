//! How suitable an agent is for a task (W3). All in thousandths of a point, so that every agent comes to
//! the same.

use std::cmp::Reverse;
use std::sync::Arc;

use serde::Serialize;

use crate::sim::AgentId;

/// The weights of a score, in hundredths that sum to 100.
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
    #[inline]
    pub fn name(self) -> Option<&'static str> {
        Self::ALL.into_iter().find(|(policy, _)| *policy == self).map(|(_, name)| name)
    }
}

impl Default for Policy {
    #[inline]
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
    #[inline]
    pub const fn total_milli(self) -> u64 {
        self.reputation_milli + self.skill_milli + self.load_milli
    }
}

/// How well the skills fit, from 0 to 100 000: those in both lists by those in any, rounded half up. A task
/// that asks for none fits everyone by half. A skill that is named twice counts once.
#[must_use]
#[inline]
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
#[inline]
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
#[inline]
pub fn weigh(policy: Policy, reputation: u32, match_milli: u64, free_milli: u64) -> Score {
    let part = |points_milli: u64, weight: u32| rounded(points_milli * u64::from(weight), 100);
    Score {
        reputation_milli: part(u64::from(reputation) * 1_000, policy.reputation),
        skill_milli: part(match_milli, policy.skill),
        load_milli: part(free_milli, policy.load),
    }
}

/// The share of the capacity that is free, from 0 to 100 000; 0 for an agent that can carry nothing.
#[inline]
fn free_milli(load: u32, capacity: u32) -> u64 {
    let free = capacity.saturating_sub(load);
    if capacity == 0 { 0 } else { rounded(u64::from(free) * 100_000, u64::from(capacity)) }
}

/// Divided, and rounded half up.
#[inline]
const fn rounded(number: u64, by: u64) -> u64 {
    (number * 2 + by) / (by * 2)
}

/// Best first, ties by id.
#[inline]
pub fn rank(scored: &mut [(AgentId, Score)]) {
    scored.sort_by_key(|(agent, score)| (Reverse(score.total_milli()), *agent));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::work::letters::{FINANCE, INSIGHTS, MARKETING, skills};

    fn check_total(score: Score, parts: [u64; 3], total_milli: u64) {
        assert_eq!([score.reputation_milli, score.skill_milli, score.load_milli], parts);
        assert_eq!(score.total_milli(), total_milli);
    }

    #[test]
    fn the_sums_of_seed_004_hold_with_its_skill_matches_as_they_are() {
        // E3: 90, 85 and 80 are no Jaccard values.
        for (reputation, fits, free, parts, total) in [
            (110, 90, 80, [44_000, 36_000, 16_000], 96_000),
            (105, 85, 70, [42_000, 34_000, 14_000], 90_000),
            (95, 80, 60, [38_000, 32_000, 12_000], 82_000),
        ] {
            let score = weigh(Policy::BALANCED, reputation, fits * 1_000, free * 1_000);
            check_total(score, parts, total);
        }
    }

    #[test]
    fn the_agents_of_seed_004_by_the_formula() {
        // E15: one skill of five in both lists is a match of 20.
        let required = skills("marketing finance analytics");
        let of = |reputation, own, load| {
            score(Policy::BALANCED, reputation, &skills(own), &required, load, 100)
        };
        check_total(of(110, FINANCE, 20), [44_000, 8_000, 16_000], 68_000);
        check_total(of(105, MARKETING, 30), [42_000, 8_000, 14_000], 64_000);
        check_total(of(95, INSIGHTS, 40), [38_000, 8_000, 12_000], 58_000);
        check_total(of(100, "support tickets", 0), [40_000, 0, 20_000], 60_000);
    }

    #[test]
    fn level_agents_are_ranked_by_their_ids() {
        let required = skills("marketing finance");
        let of = |own| score(Policy::BALANCED, 105, &skills(own), &required, 30, 100);
        let (finance, support) = (of(FINANCE), of("support"));
        let mut scored =
            vec![(AgentId(7), support), (AgentId(2), finance), (AgentId(0), of(MARKETING))];
        rank(&mut scored);
        let order: Vec<u32> = scored.iter().map(|(agent, _)| agent.0).collect();
        assert_eq!(order, [0, 2, 7]);
    }

    #[test]
    fn skill_first_prefers_whom_balanced_does_not() {
        let required = skills("marketing finance");
        let of = |policy, reputation, own, load| {
            score(policy, reputation, &skills(own), &required, load, 100).total_milli()
        };
        let [proven, skilled] = [(130, "marketing", 0), (100, "marketing finance", 70)];
        let balanced = |(reputation, own, load)| of(Policy::BALANCED, reputation, own, load);
        assert_eq!([balanced(proven), balanced(skilled)], [92_000, 86_000]);
        let skill_first = |(reputation, own, load)| of(Policy::SKILL_FIRST, reputation, own, load);
        assert_eq!([skill_first(proven), skill_first(skilled)], [82_000, 100_000]);
        // Seed 004: 90 with 130 against 95 with 85.
        let seed = |reputation, fits| weigh(Policy::SKILL_FIRST, reputation, fits, 0).total_milli();
        assert_eq!([seed(130, 90_000), seed(85, 95_000)], [106_000, 91_000]);
    }

    #[test]
    fn skills_in_both_lists_by_those_in_any() {
        for (own, required, expected) in [
            ("a", "a", 100_000),
            ("a b", "b a", 100_000),
            ("a", "b", 0),
            ("", "a", 0),
            ("a", "", 50_000),
            ("", "", 50_000),
            ("a", "a b c", 33_333),
            ("a b", "a b c", 66_667),
            ("a a b", "a c c", 33_333),
            ("a b c", "c d e f g h", 12_500),
        ] {
            let found = jaccard_milli(&skills(own), &skills(required));
            assert_eq!(found, expected, "{own} for {required}");
        }
    }

    #[test]
    fn who_carries_all_it_can_gets_no_points_for_load() {
        for (load, capacity, expected) in [
            (0, 100, 20_000),
            (100, 100, 0),
            (250, 100, 0),
            (0, 0, 0),
            (1, 3, 13_333),
            (0, u32::MAX, 20_000),
        ] {
            let found = score(Policy::BALANCED, 0, &[], &skills("a"), load, capacity);
            check_total(found, [0, 0, expected], expected);
        }
    }

    #[test]
    fn policies_have_names_and_sum_to_a_hundred() {
        for (policy, name) in Policy::ALL {
            assert_eq!(policy.name(), Some(name));
            assert_eq!(policy.reputation + policy.skill + policy.load, 100);
        }
        assert_eq!(Policy { reputation: 100, skill: 0, load: 0 }.name(), None);
    }
}
