//! What is voted on.

use std::sync::Arc;

use serde::Serialize;

use super::byzantine::Rounds;
use super::condition::Fields;
use super::gossip::Gossip;
use super::quorum::Rule;
use crate::map::Map;

/// Numbers the proposals of a run, in the order they were made.
pub type ProposalId = u32;

/// A named way to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Algorithm {
    /// Its name in the registry: `simple`, `supermajority`, `unanimous`, `quorum`, `weighted`,
    /// `byzantine`, `gossip`, `federated`.
    pub name: String,
    pub rule: Rule,
    /// Weights, in thousandths, of agents expert in a domain; they replace an agent's own (C5).
    /// Of several that fit, the largest counts.
    pub domain_weights_milli: Map<String, u64>,
    /// The rounds of a Byzantine vote; other votes do not spend a byte on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounds: Option<Rounds>,
    /// How a gossip is held; other votes do not spend a byte on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gossip: Option<Gossip>,
}

impl Algorithm {
    /// Whether whoever opened the proposal counts ballots; in the other votes agents decide by themselves.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.rounds.is_none() && self.gossip.is_none()
    }
}

/// How long things may take, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Timing {
    /// From opening to closing.
    pub deadline_us: u64,
    /// How long after the deadline an agent still waits to hear the decision.
    pub grace_us: u64,
    /// How often the coordinator asks those again whose ballot is not in; `None`: never.
    pub reminder_us: Option<u64>,
}

/// A question put to the swarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Its name in files and on screen, unique in a run.
    pub name: String,
    pub question: String,
    pub fields: Fields,
    pub algorithm: Algorithm,
    pub timing: Timing,
    /// The electorate, if not everyone who is registered.
    pub electorate: Option<Vec<crate::sim::AgentId>>,
    /// What can be chosen, in the order that resolves ties; a yes-or-no vote has none, and does not spend
    /// a byte on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// A proposal as it travels: large data by reference.
pub type SharedProposal = Arc<Proposal>;
