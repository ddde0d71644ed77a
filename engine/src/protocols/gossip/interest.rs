//! When an agent stops telling: the rules of Demers et al. 1987 (§1.4, "rumor mongering"). By *feedback* it loses
//! interest in what those it tells know already, *blind* in any case; by a *counter* after so many rounds, by a
//! *coin* with a chance of one in so many.
//!
//! Interest is judged once a round, when all answers of the round are in. The round is *useful* when anything
//! that it told anyone was new to them, and *useless* when those who answered knew all of it; whether they knew
//! it is judged as of the start of the round. A useful round sets the counter back. With one partner a round
//! and one ballot that is the paper's process, contact by contact.
//!
//! All ballots an agent knows travel together, so it has one counter for all of them: that of the newest.
//! An agent that hears of a ballot it did not know takes interest again, and its counter starts from zero.
//!
//! Losing interest is not deciding. An agent that tells no more still answers, and where agents ask, still
//! asks; it decides once it also knows the ballots of all, or in its last round.

use serde::Serialize;

/// How a useless round counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopRule {
    /// Interest is lost after k of them on end.
    Counter,
    /// Interest is lost with a chance of one in k after each.
    Coin,
}

/// The rule by which an agent stops telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stop {
    pub rule: StopRule,
    /// Those who are told answer whether they knew it; without, each round in which it tells counts.
    pub feedback: bool,
    /// 1 to [`K_MAX`] in files.
    pub k: u32,
}

/// The largest k of a file; the tables of the paper end there.
pub const K_MAX: u32 = 5;

/// How far an agent has lost interest in what it knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// Useless rounds on end.
    pub count: u32,
    /// It tells no more, until it hears of another ballot.
    pub is_lost: bool,
    /// In this round: whether it tells, whether it has heard of a ballot, and whether the round is useful,
    /// once somebody has answered.
    tells: bool,
    learns: bool,
    is_useful: Option<bool>,
}

impl Interest {
    pub fn begin_round(&mut self, tells: bool) {
        (self.tells, self.learns, self.is_useful) = (tells, false, None);
    }

    /// It hears of a ballot that it did not know.
    pub fn learn(&mut self) {
        (self.count, self.is_lost, self.learns) = (0, false, true);
    }

    /// Somebody it told answers whether it knew all of it.
    pub fn hear(&mut self, knew: bool) {
        self.is_useful = Some(self.is_useful == Some(true) || !knew);
    }

    /// The round is over; true when it loses interest now. `random` gives a number from 0 to its argument,
    /// both included.
    pub fn end_round(&mut self, stop: Stop, random: impl FnOnce(u64) -> u64) -> bool {
        let is_useful = if stop.feedback { self.is_useful } else { Some(false) };
        match is_useful {
            Some(false) if self.tells && !self.learns => {
                self.count += 1;
                self.is_lost = match stop.rule {
                    StopRule::Counter => self.count >= stop.k,
                    StopRule::Coin => random(u64::from(stop.k.saturating_sub(1))) == 0,
                };
                self.is_lost
            }
            Some(true) => {
                self.count = 0;
                false
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In which round it loses interest: in each it is answered by some who knew it (+) and some who did not (-).
    fn lost_in(stop: Stop, rounds: &[&str], mut coin: impl FnMut(u64) -> u64) -> Option<usize> {
        let mut interest = Interest::default();
        interest.learn();
        rounds.iter().position(|answers| {
            interest.begin_round(true);
            answers.chars().for_each(|answer| interest.hear(answer == '+'));
            interest.end_round(stop, &mut coin)
        })
    }

    #[test]
    fn the_counter_counts_useless_rounds_on_end() {
        let stop = |k| Stop { rule: StopRule::Counter, feedback: true, k };
        for (k, rounds, lost) in [
            (1, &["-", "-", "+"][..], Some(2)),
            (2, &["+", "-", "+", "+"], Some(3)), // a useful contact sets it back
            (2, &["+", "", "+"], Some(2)),       // nobody answered: that says nothing
            (1, &["-+", "+-", "++"], Some(2)),   // one of two was useful
            (3, &["+", "+", "-", "+", "+"], None),
        ] {
            assert_eq!(lost_in(stop(k), rounds, |_| 0), lost, "{k}, {rounds:?}");
        }
    }

    #[test]
    fn blind_it_counts_every_round_in_which_it_tells() {
        let stop = |k| Stop { rule: StopRule::Counter, feedback: false, k };
        assert_eq!(lost_in(stop(1), &["-"; 5], |_| 0), Some(0));
        assert_eq!(lost_in(stop(4), &["", "-", "+", "-", "-"], |_| 0), Some(3));
        let mut interest = Interest::default();
        interest.begin_round(false);
        assert!(!interest.end_round(stop(1), |_| 0), "it told nothing");
    }

    #[test]
    fn the_coin_falls_once_for_each_useless_round() {
        let stop = |feedback| Stop { rule: StopRule::Coin, feedback, k: 3 };
        let falls = |coins: [u64; 4]| {
            let mut coins = coins.into_iter();
            move |most| {
                assert_eq!(most, 2, "one of three");
                coins.next().unwrap()
            }
        };
        assert_eq!(lost_in(stop(true), &["+", "-", "++", "+"], falls([1, 2, 0, 9])), Some(3));
        assert_eq!(lost_in(stop(false), &["+", "-", "++", "+"], falls([1, 2, 0, 9])), Some(2));
    }

    #[test]
    fn another_ballot_makes_it_tell_again() {
        let stop = Stop { rule: StopRule::Counter, feedback: true, k: 1 };
        let mut interest = Interest::default();
        interest.begin_round(true);
        interest.hear(true);
        assert!(interest.end_round(stop, |_| 0) && interest.is_lost);
        interest.begin_round(false);
        interest.learn();
        assert!(!interest.end_round(stop, |_| 0) && !interest.is_lost);
        // An answer about what it told before counts for nothing then.
        interest.begin_round(true);
        interest.hear(true);
        interest.learn();
        assert!(!interest.end_round(stop, |_| 0));
    }
}
