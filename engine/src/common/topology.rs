//! Topologies (A2) and where the coordinator sits in each, if there is one.
//!
//! The coordinator is a node like the others: linked with all in a mesh, the hub of a star unless
//! an agent is, the last member of a ring, and above the root of a tree.

use serde::{Deserialize, Serialize};

use crate::sim::routes::Tree;
use crate::sim::{AgentId, Routes};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TopologyKind {
    /// Everyone is linked to everyone.
    #[default]
    Mesh,
    /// Everyone is linked to one hub.
    Star,
    /// Everyone is linked to two neighbours.
    Ring,
    /// A tree with a root.
    Hierarchical,
}

impl TopologyKind {
    #[must_use]
    pub fn of(routes: &Routes) -> Self {
        match routes {
            Routes::Mesh { .. } => Self::Mesh,
            Routes::Ring { .. } => Self::Ring,
            Routes::Star { .. } => Self::Star,
            Routes::Tree(_) => Self::Hierarchical,
        }
    }
}

/// A topology over `members` agents numbered from 0 and, if there is one, a coordinator numbered after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topology {
    Mesh,
    Star {
        hub: AgentId,
    },
    Ring,
    /// The parent of each member; `None` for the root.
    Hierarchical {
        parents: Vec<Option<AgentId>>,
    },
}

impl Topology {
    #[must_use]
    pub fn kind(&self) -> TopologyKind {
        match self {
            Self::Mesh => TopologyKind::Mesh,
            Self::Star { .. } => TopologyKind::Star,
            Self::Ring => TopologyKind::Ring,
            Self::Hierarchical { .. } => TopologyKind::Hierarchical,
        }
    }

    /// The links and routes for `members` agents and a coordinator, if there is one.
    ///
    /// # Errors
    /// Gives an agent of a hierarchy that does not descend from its root.
    pub fn routes(&self, members: u32, coordinator: Option<AgentId>) -> Result<Routes, AgentId> {
        let n = members + u32::from(coordinator.is_some());
        Ok(match self {
            Self::Mesh => Routes::Mesh { n },
            Self::Star { hub } => Routes::Star { n, hub: *hub },
            Self::Ring => Routes::Ring { n },
            Self::Hierarchical { .. } => Routes::Tree(Tree::new(self.parents(coordinator))?),
        })
    }

    /// The parent of each node of a hierarchy; the root is its own parent. Empty for other topologies.
    #[must_use]
    pub fn parents(&self, coordinator: Option<AgentId>) -> Vec<u32> {
        let Self::Hierarchical { parents } = self else { return Vec::new() };
        let above = |(agent, parent): (u32, &Option<AgentId>)| {
            parent.or(coordinator).map_or(agent, |parent| parent.0)
        };
        let members = (0..).zip(parents).map(above);
        members.chain(coordinator.map(|coordinator| coordinator.0)).collect()
    }
}

/// The parents of a full tree in which each has up to `branching` children, in the order of the
/// agents' numbers; agent 0 is the root.
#[must_use]
pub fn full_tree(members: u32, branching: u32) -> Vec<Option<AgentId>> {
    let branching = branching.max(1);
    (0..members).map(|agent| agent.checked_sub(1).map(|n| AgentId(n / branching))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coordinator_is_the_hub_the_last_of_the_ring_and_above_the_root() {
        let coordinator = AgentId(5);
        let next = |topology: &Topology, from| {
            topology.routes(5, Some(coordinator)).unwrap().next_hop(AgentId(from), coordinator)
        };
        assert_eq!(next(&Topology::Mesh, 2), Some(coordinator));
        assert_eq!(next(&Topology::Star { hub: coordinator }, 2), Some(coordinator));
        assert_eq!(next(&Topology::Star { hub: AgentId(0) }, 2), Some(AgentId(0)));
        assert_eq!(next(&Topology::Ring, 0), Some(coordinator));
        assert_eq!(next(&Topology::Ring, 3), Some(AgentId(4)));
        let tree = Topology::Hierarchical { parents: full_tree(5, 2) };
        assert_eq!(next(&tree, 4), Some(AgentId(1)));
        assert_eq!(next(&tree, 0), Some(coordinator));
    }

    #[test]
    fn without_a_coordinator_the_members_are_all_there_is() {
        for topology in [Topology::Mesh, Topology::Ring, Topology::Star { hub: AgentId(1) }] {
            assert_eq!(topology.routes(5, None).unwrap().len(), 5);
        }
        let tree = Topology::Hierarchical { parents: full_tree(5, 2) };
        assert_eq!(tree.parents(None), [0, 0, 0, 1, 1]);
        assert_eq!(
            tree.routes(5, None).unwrap().next_hop(AgentId(4), AgentId(2)),
            Some(AgentId(1))
        );
    }
}
