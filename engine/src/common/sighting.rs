//! The facts that watches tell each other.

use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::sim::AgentId;

/// A fact that one watch has seen, and others judge by.
#[derive(Clone, Debug)]
pub enum Sighting {
    /// The agent that opened the proposal holds this decision of it.
    Decided { proposal: ProposalId, decision: Decision },
    /// An agent that may vote on the proposal lies from now on.
    Lies { proposal: ProposalId, agent: AgentId },
    /// These are the agents that the vote on the proposal bears as faulty, by now.
    Faulty { proposal: ProposalId, agents: Vec<AgentId> },
}
