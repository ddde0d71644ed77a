//! An agent's knowledge of a proposal, by whichever protocol it is voted on.

use super::ballot::Vote;
use super::mind::Reason;
use super::proposal::{ProposalId, SharedProposal};
use super::quorum::Decision;
use crate::common::signal::Signal;
use crate::sim::LocalTime;

/// A proposal that an agent has heard of, its own vote, and the outcome it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    pub proposal: SharedProposal,
    /// When the agent first heard of it, on its own clock.
    pub heard_us: LocalTime,
    pub vote: Option<(Vote, Reason)>,
    pub outcome: Option<Decision>,
}

impl Hearing {
    #[must_use]
    pub fn new(proposal: SharedProposal, heard_us: LocalTime) -> Self {
        Self { proposal, heard_us, vote: None, outcome: None }
    }

    /// The fact that the agent's other protocols hear of it: that it waits for the outcome, or what that is.
    #[must_use]
    pub fn told(&self, id: ProposalId) -> Signal {
        let (proposal, heard_us) = (self.proposal.clone(), self.heard_us);
        match self.outcome {
            Some(decision) => Signal::Decided { id, proposal, decision, facts: None },
            None => Signal::Heard { id, proposal, heard_us },
        }
    }
}
