//! An approval as it is told to those who write it down: who approved it, with how much, and when.

use serde::Serialize;

use super::ballot::Vote;
use super::manager::Poll;
use super::quorum::Account;
use crate::sim::{AgentId, LocalTime};

/// An approval as the coordinator counted it when it was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionFacts {
    /// The agents whose ballots were FOR, in the order of the electorate.
    pub voters: Vec<AgentId>,
    /// The weight, or the number of heads, FOR.
    pub in_favour: u64,
    /// The whole that `in_favour` is a share of.
    pub whole: u64,
    /// By the coordinator's clock.
    pub decided_us: LocalTime,
}

impl DecisionFacts {
    /// The facts as far as the coordinator has counted; `None` while the proposal is not decided.
    #[must_use]
    pub fn of(poll: &Poll) -> Option<Self> {
        let (_, decided_us) = poll.decided?;
        let electors = poll.ballots.electors().iter();
        let voters = electors.filter(|it| it.ballot == Some(Vote::For)).map(|it| it.agent);
        let Account { in_favour, whole, .. } =
            poll.proposal.algorithm.rule.account(&poll.ballots.tally());
        Some(Self { voters: voters.collect(), in_favour, whole, decided_us })
    }
}
