//! In which of the last rounds ballots were told: a round tells only what was known when it began.

use super::ballots::Ballots;

/// The rounds kept apart: the agent's own, the one before it and the one after it, in which agents are whose
/// clocks are a little behind or ahead.
const ROUNDS_MAX: usize = 3;

/// The ballots that an agent has heard of in the last rounds, by the earliest round in which they were told
/// to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// In the order of their numbers.
    rounds: Vec<(u32, Ballots)>,
}

impl Recent {
    /// These ballots are told in this round; `known` are those that the agent knew before.
    pub fn hear(&mut self, round: u32, told: &Ballots, known: &Ballots) {
        let mut new = told.without(&known.voters());
        // An agent that told it in a later round has a clock that is ahead.
        for (_, later) in self.rounds.iter_mut().filter(|it| it.0 > round) {
            let left = later.without(&told.voters());
            new.take_in(&later.without(&left.voters()));
            *later = left;
        }
        self.rounds.retain(|it| !it.1.is_empty());
        if new.is_empty() {
            return;
        }
        match self.rounds.binary_search_by_key(&round, |it| it.0) {
            Ok(place) => {
                if let Some((_, ballots)) = self.rounds.get_mut(place) {
                    ballots.take_in(&new);
                }
            }
            Err(place) => self.rounds.insert(place, (round, new)),
        }
        if self.rounds.len() > ROUNDS_MAX {
            self.rounds.remove(0);
        }
    }

    /// The ballots that were told in this round or later.
    #[must_use]
    pub fn since(&self, round: u32) -> Ballots {
        let mut since = Ballots::default();
        for (_, ballots) in self.rounds.iter().filter(|it| it.0 >= round) {
            since.take_in(ballots);
        }
        since
    }

    /// Whether something was told in this round or later.
    #[must_use]
    pub fn has_since(&self, round: u32) -> bool {
        self.rounds.last().is_some_and(|it| it.0 >= round)
    }

    /// Nobody asks any more about rounds before this one.
    pub fn forget_before(&mut self, round: u32) {
        self.rounds.retain(|it| it.0 >= round);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::consensus::ballot::Vote;

    fn ballots(places: &[usize]) -> Ballots {
        let mut ballots = Ballots::default();
        places.iter().for_each(|place| ballots.set(*place, Vote::For));
        ballots
    }

    #[test]
    fn a_ballot_belongs_to_the_earliest_round_in_which_it_was_told() {
        let (mut recent, mut known) = (Recent::default(), ballots(&[0]));
        let mut hear = |recent: &mut Recent, round, places: &[usize]| {
            recent.hear(round, &ballots(places), &known);
            known.take_in(&ballots(places));
        };
        hear(&mut recent, 4, &[0, 1, 9]);
        hear(&mut recent, 5, &[1, 2]);
        assert_eq!(recent.since(4), ballots(&[1, 2, 9]), "what it knew before is of no round");
        assert_eq!(recent.since(5), ballots(&[2]));
        hear(&mut recent, 4, &[2]);
        assert_eq!(recent.since(5), ballots(&[]), "round 5 was told by a clock ahead");
        assert_eq!(recent.since(4), ballots(&[1, 2, 9]));
        hear(&mut recent, 6, &[3]);
        hear(&mut recent, 7, &[4]);
        assert_eq!(recent.since(0), ballots(&[1, 2, 3, 4, 9]), "round 5 holds nothing any more");
        recent.forget_before(6);
        assert_eq!(recent.since(0), ballots(&[3, 4]));
        assert!(recent.has_since(7) && !recent.has_since(8));
    }
}
