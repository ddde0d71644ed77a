//! How an agent makes up its mind about a proposal: from its own rule, and nothing else.

use serde::{Deserialize, Serialize};

use super::ballot::Vote;
use super::condition::{Condition, Fields, Finding};

/// An agent's rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mind {
    /// Always the same.
    Fixed(Vote),
    /// By chance, in parts per million; what the two leave is ABSTAIN.
    Chance { for_ppm: u64, against_ppm: u64 },
    /// FOR when the condition holds, AGAINST when not, ABSTAIN when the proposal does not say.
    Condition(Condition),
    /// Says nothing at all.
    Silent,
}

/// Why an agent voted as it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    AlwaysSo,
    ByChance,
    ConditionHolds(String),
    ConditionFails(String),
    NotSaid(String),
}

impl Mind {
    /// One million: chances are in parts of it.
    pub const PPM: u64 = 1_000_000;

    /// The vote and why; `None` when the agent stays silent. `random` gives a number from 0 to
    /// its argument, both included, and is asked only by a mind that needs chance.
    #[inline]
    pub fn decide(
        &self,
        fields: &Fields,
        random: impl FnOnce(u64) -> u64,
    ) -> Option<(Vote, Reason)> {
        Some(match self {
            Self::Fixed(vote) => (*vote, Reason::AlwaysSo),
            Self::Chance { for_ppm, against_ppm } => {
                let drawn = random(Self::PPM - 1);
                let vote = if drawn < *for_ppm {
                    Vote::For
                } else if drawn < for_ppm + against_ppm {
                    Vote::Against
                } else {
                    Vote::Abstain
                };
                (vote, Reason::ByChance)
            }
            Self::Condition(condition) => match condition.check(fields) {
                Finding::True => (Vote::For, Reason::ConditionHolds(condition.text().to_owned())),
                Finding::False(why) => (Vote::Against, Reason::ConditionFails(why)),
                Finding::Unknown(why) => (Vote::Abstain, Reason::NotSaid(why)),
            },
            Self::Silent => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(mind: &Mind, drawn: u64) -> Option<Vote> {
        mind.decide(&Fields::new(), |_| drawn).map(|(vote, _)| vote)
    }

    #[test]
    fn chances_split_the_range_in_their_proportion() {
        let mind = Mind::Chance { for_ppm: 700_000, against_ppm: 200_000 };
        assert_eq!(vote(&mind, 0), Some(Vote::For));
        assert_eq!(vote(&mind, 699_999), Some(Vote::For));
        assert_eq!(vote(&mind, 700_000), Some(Vote::Against));
        assert_eq!(vote(&mind, 899_999), Some(Vote::Against));
        assert_eq!(vote(&mind, 900_000), Some(Vote::Abstain));
    }

    #[test]
    fn a_silent_agent_has_no_vote() {
        assert_eq!(vote(&Mind::Silent, 0), None);
    }
}
