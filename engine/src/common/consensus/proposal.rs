//! Proposals, and the algorithms by which they are decided.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use serde::Serialize;

use super::condition::Fields;
use super::quorum::{Rule, Share};
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
    /// The terms on which agents decide by themselves; where ballots are counted there are none, and they spend no byte on a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<Arc<dyn Terms>>,
}

/// The terms on which agents decide a proposal by themselves, as a protocol of theirs has it. The agent that
/// opened the proposal records their reports.
pub trait Terms: erased_serde::Serialize + Any + Debug + Send + Sync {
    /// The least time from the opening to the deadline, in microseconds.
    fn least_us(&self) -> u64;

    /// The share that approves, where it follows from the number of agents.
    ///
    /// # Errors
    /// When they are too few, in words that say how to repair it.
    fn share_of(&self, _agents: u64) -> Result<Option<Share>, String> {
        Ok(None)
    }

    /// Whether a decision that is recorded is that of all: then reports are counted like ballots at the deadline, and else the
    /// record times out when too few have come.
    fn is_common(&self) -> bool;
}

erased_serde::serialize_trait_object!(Terms);

impl PartialEq for dyn Terms {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

impl Eq for dyn Terms {}

impl Algorithm {
    /// Whether the agent that opened the proposal counts ballots; in other votes agents decide by themselves.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.own.is_none()
    }

    /// The terms of this protocol, where agents decide by it.
    #[must_use]
    pub fn terms<T: Terms>(&self) -> Option<&T> {
        let own: &dyn Any = &**self.own.as_ref()?;
        own.downcast_ref()
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
    /// The options, in the order that resolves ties; none in a yes-or-no vote, which spends no byte on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// A proposal as it travels: large data by reference.
pub type SharedProposal = Arc<Proposal>;
