//! Votes, and the box ballots go into.

use serde::{Deserialize, Serialize};

use super::choice::OptionId;
use super::quorum::{Side, Tally};
use crate::order::sort_by_key;
use crate::sim::AgentId;

/// An agent's vote on a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    For,
    Against,
    Abstain,
}

impl Vote {
    pub const ALL: [Self; 3] = [Self::For, Self::Against, Self::Abstain];
}

/// One agent entitled to vote on one proposal, with its ballot once that is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elector {
    pub agent: AgentId,
    /// Its weight in thousandths, frozen when the proposal opened.
    pub weight_milli: u64,
    pub ballot: Option<Vote>,
    /// The option that its ballot names; `None` for a yes-or-no vote.
    pub option: Option<OptionId>,
}

/// Why a ballot was not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Refusal {
    /// The sender is not in the electorate.
    Foreign,
    /// It came after the close.
    Late,
    /// It differs from the one already counted.
    SecondDifferent,
    /// No such proposal is known.
    UnknownProposal,
    /// It is for no option of the proposal.
    NoSuchOption,
}

/// The result of receiving a ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    Counted,
    /// The same ballot again: nothing changes, and nothing is wrong.
    Repeated,
    Refused(Refusal),
}

/// The ballots on one proposal, by elector in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotBox {
    electors: Vec<Elector>,
    /// Kept up with every ballot: adding up anew each time would take n² steps for n ballots.
    tally: Tally,
    /// The ballots added up by option; empty in a yes-or-no vote.
    options: Vec<Side>,
    closed: bool,
}

impl BallotBox {
    /// An open box for this electorate; weights are in thousandths.
    #[must_use]
    pub fn new(electorate: impl IntoIterator<Item = (AgentId, u64)>) -> Self {
        let elector =
            |(agent, weight_milli)| Elector { agent, weight_milli, ballot: None, option: None };
        let mut electors: Vec<Elector> = electorate.into_iter().map(elector).collect();
        sort_by_key(&mut electors, |elector| (elector.agent.0.into(), 0));
        electors.dedup_by_key(|elector| elector.agent);
        let mut tally = Tally::default();
        for elector in &electors {
            tally.outstanding.add(elector.weight_milli);
        }
        Self { electors, tally, options: Vec::new(), closed: false }
    }

    /// The same box for a choice between so many options.
    #[must_use]
    pub fn between(self, options: usize) -> Self {
        Self { options: vec![Side::default(); options], ..self }
    }

    /// Puts a ballot in: one per agent, the first valid one counts (C2).
    pub fn record(&mut self, agent: AgentId, vote: Vote) -> Receipt {
        self.put_in(agent, vote, None)
    }

    /// The same on a choice: a ballot for one of the options.
    pub fn pick(&mut self, agent: AgentId, option: OptionId) -> Receipt {
        self.put_in(agent, Vote::For, Some(option))
    }

    #[inline]
    fn put_in(&mut self, agent: AgentId, vote: Vote, option: Option<OptionId>) -> Receipt {
        let Ok(place) = self.electors.binary_search_by_key(&agent, |elector| elector.agent) else {
            return Receipt::Refused(Refusal::Foreign);
        };
        let is_known = match option {
            Some(option) => usize::from(option) < self.options.len(),
            None => self.options.is_empty() || vote == Vote::Abstain,
        };
        if !is_known {
            return Receipt::Refused(Refusal::NoSuchOption);
        }
        let elector = &mut self.electors[place];
        match elector.ballot {
            Some(counted) if (counted, elector.option) == (vote, option) => Receipt::Repeated,
            Some(_) => Receipt::Refused(Refusal::SecondDifferent),
            None if self.closed => Receipt::Refused(Refusal::Late),
            None => {
                (elector.ballot, elector.option) = (Some(vote), option);
                self.tally.outstanding.take_away(elector.weight_milli);
                self.tally.side_mut(vote).add(elector.weight_milli);
                if let Some(option) = option {
                    self.options[usize::from(option)].add(elector.weight_milli);
                }
                Receipt::Counted
            }
        }
    }

    /// No ballot counts from now on.
    pub fn close(&mut self) {
        self.closed = true;
    }

    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    #[must_use]
    pub fn electors(&self) -> &[Elector] {
        &self.electors
    }

    /// The electors whose ballot is not in.
    pub fn missing(&self) -> impl Iterator<Item = AgentId> + '_ {
        self.electors.iter().filter(|elector| elector.ballot.is_none()).map(|e| e.agent)
    }

    /// The ballots added up.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// The ballots of a choice, added up by option; empty in a yes-or-no vote.
    #[must_use]
    pub fn options(&self) -> &[Side] {
        &self.options
    }
}

impl Vote {
    /// FOR, AGAINST, ABSTAIN.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::For => "FOR",
            Self::Against => "AGAINST",
            Self::Abstain => "ABSTAIN",
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Abstain => "abstain",
        }
    }
}

impl Refusal {
    /// Why a ballot was not counted.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Foreign => "it is not in the electorate",
            Self::Late => "it came after the close",
            Self::SecondDifferent => "its first one said something else, and counts",
            Self::UnknownProposal => "no such proposal is known",
            Self::NoSuchOption => "it is for no option of the proposal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> BallotBox {
        BallotBox::new((0..3).map(|agent| (AgentId(agent), 1_000)))
    }

    #[test]
    fn the_first_ballot_counts_and_a_second_one_does_not() {
        let mut ballots = three();
        assert_eq!(ballots.record(AgentId(1), Vote::For), Receipt::Counted);
        assert_eq!(ballots.record(AgentId(1), Vote::For), Receipt::Repeated);
        let second = ballots.record(AgentId(1), Vote::Against);
        assert_eq!(second, Receipt::Refused(Refusal::SecondDifferent));
        assert_eq!(ballots.tally().in_favour.count, 1);
        assert_eq!(ballots.tally().against.count, 0);
    }

    #[test]
    fn strangers_and_latecomers_do_not_count() {
        let mut ballots = three();
        assert_eq!(ballots.record(AgentId(9), Vote::For), Receipt::Refused(Refusal::Foreign));
        ballots.close();
        assert_eq!(ballots.record(AgentId(0), Vote::For), Receipt::Refused(Refusal::Late));
        assert_eq!(ballots.tally().outstanding.count, 3);
    }

    #[test]
    fn a_ballot_on_a_choice_is_for_one_of_its_options() {
        let mut ballots = three().between(2);
        let unknown = Receipt::Refused(Refusal::NoSuchOption);
        assert_eq!(ballots.record(AgentId(0), Vote::For), unknown, "for what?");
        assert_eq!(ballots.record(AgentId(0), Vote::Against), unknown);
        assert_eq!(ballots.pick(AgentId(0), 2), unknown);
        assert_eq!(ballots.pick(AgentId(0), 1), Receipt::Counted);
        assert_eq!(ballots.pick(AgentId(0), 1), Receipt::Repeated);
        assert_eq!(ballots.pick(AgentId(0), 0), Receipt::Refused(Refusal::SecondDifferent));
        assert_eq!(ballots.record(AgentId(1), Vote::Abstain), Receipt::Counted);
        assert_eq!(ballots.options().iter().map(|side| side.count).collect::<Vec<_>>(), [0, 1]);
        assert_eq!((ballots.tally().in_favour.count, ballots.tally().abstain.count), (1, 1));
        assert_eq!(three().pick(AgentId(0), 0), unknown, "a yes-or-no vote has no options");
    }

    #[test]
    fn a_silent_agent_is_absent_and_not_against() {
        let mut ballots = three();
        ballots.record(AgentId(0), Vote::Abstain);
        assert!(ballots.missing().eq([AgentId(1), AgentId(2)]));
        assert_eq!(ballots.tally().against.count, 0);
    }
}
