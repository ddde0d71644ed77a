//! The durable part of the decider: whom it knows, which shape holds, and the switch that is under way.

use std::sync::Arc;

use super::{Epoch, Rules};
use crate::common::topology::{Topology, TopologyKind, full_tree};
use crate::sim::{AgentId, Routes};

/// Branches below each agent of a hierarchy.
const BRANCHING: u32 = 2;

/// A switch that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    pub epoch: Epoch,
    pub to: TopologyKind,
    /// Those who have to promise it, by their numbers.
    pub asked: Arc<[AgentId]>,
}

/// The ledger of the decider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// All agents that it knows of, but itself, by their numbers.
    pub known: Vec<AgentId>,
    /// The last switch that was carried through, and the shape that it led to.
    pub epoch: Epoch,
    pub shape: TopologyKind,
    /// In a hierarchy that it has laid: agents below which others are.
    pub inner: Arc<[AgentId]>,
    pub switch: Option<Switch>,
    /// The number of the last switch that was begun.
    pub begun: Epoch,
    /// The shape that a person wants.
    pub wish: Option<TopologyKind>,
}

/// One change of it.
#[derive(Clone, Debug)]
pub enum LedgerEntry {
    Known(AgentId),
    Lost(AgentId),
    Wished(Option<TopologyKind>),
    Begun(Switch),
    Undone,
    /// The switch holds, with these agents inside a hierarchy.
    Done {
        inner: Arc<[AgentId]>,
    },
}

impl Ledger {
    pub(super) fn new(rules: &Rules) -> Self {
        let others = (0..rules.agents).map(AgentId).filter(|agent| *agent != rules.decider);
        Self {
            known: others.collect(),
            epoch: 0,
            shape: rules.start,
            inner: Arc::default(),
            switch: None,
            begun: 0,
            wish: None,
        }
    }

    pub(super) fn write(&mut self, entry: &LedgerEntry) {
        match entry {
            LedgerEntry::Known(agent) => {
                if let Err(place) = self.known.binary_search(agent) {
                    self.known.insert(place, *agent);
                }
            }
            LedgerEntry::Lost(agent) => self.known.retain(|it| it != agent),
            LedgerEntry::Wished(wish) => self.wish = *wish,
            LedgerEntry::Begun(switch) => {
                self.begun = switch.epoch;
                self.switch = Some(switch.clone());
            }
            LedgerEntry::Undone => self.switch = None,
            LedgerEntry::Done { inner } => {
                if let Some(switch) = self.switch.take() {
                    (self.epoch, self.shape) = (switch.epoch, switch.to);
                    self.inner = inner.clone();
                }
            }
        }
    }

    /// The links and routes of a shape around the decider, and the agents inside it, if it is a hierarchy: the decider is the hub or
    /// the root, those that answer come next, and nobody's way leads through the others.
    #[must_use]
    pub fn routes(
        &self,
        to: TopologyKind,
        decider: AgentId,
        answer: &[AgentId],
    ) -> Option<(Routes, Arc<[AgentId]>)> {
        let last = self.known.last().copied().unwrap_or(decider).max(decider);
        let agents = last.0 + 1;
        let mut inner = Arc::default();
        let topology = match to {
            TopologyKind::Mesh => Topology::Mesh,
            TopologyKind::Ring => Topology::Ring,
            TopologyKind::Star => Topology::Star { hub: decider },
            TopologyKind::Hierarchical => {
                let others = (0..agents).map(AgentId).filter(|it| *it != decider);
                let (near, far): (Vec<_>, Vec<_>) =
                    others.partition(|it| answer.binary_search(it).is_ok());
                let order: Vec<AgentId> = std::iter::once(decider).chain(near).chain(far).collect();
                let mut parents = vec![None; order.len()];
                let mut above = Vec::new();
                for (agent, parent) in order.iter().zip(full_tree(agents, BRANCHING)) {
                    let parent = parent.and_then(|place| order.get(place.index()).copied());
                    parents[agent.index()] = parent;
                    above.extend(parent);
                }
                above.dedup();
                inner = above.into();
                Topology::Hierarchical { parents }
            }
        };
        Some((topology.routes(agents, None).ok()?, inner))
    }
}
