//! The reports of agents that decide by themselves.

use serde::Serialize;

use super::ballot::Vote;
use super::quorum::Decision;
use crate::sim::AgentId;

/// An agent's own decision, for the records of the agent that opened the proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conclusion {
    pub decision: Decision,
    /// Votes of agents that were not exposed.
    pub votes: Vec<(AgentId, Vote)>,
    pub exposed: Vec<AgentId>,
}
