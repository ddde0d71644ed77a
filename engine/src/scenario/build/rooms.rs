//! Whole protocols at the start of a run: the durable state of their agents, and their orders.

use std::sync::Arc;

use super::Planner;
use crate::coordination::consensus::proposal::SharedProposal;
use crate::coordination::profile::Profile;
use crate::coordination::registry::rooms;
use crate::coordination::room::{Members, Room};
use crate::coordination::swarm::{Durable, Order, Swarm};
use crate::coordination::topology::Topology;
use crate::protocol::problem::Problem;
use crate::scenario::Scenario;
use crate::sim::{AgentId, Fault};

/// Makes what the scenario asks of all rooms.
macro_rules! building {
    ($($(#[$on:meta])* $field:ident $(in $path:literal)?: $Row:ident = $Room:ty,)*) => {
        impl Scenario {
            /// The durable state of an agent, with its part in each room.
            pub(super) fn with_rooms(&self, agent: AgentId, durable: Durable) -> Durable {
                let mut durable = durable;
                $($(#[$on])* {
                    let setup = self.rooms.$field.as_ref();
                    durable.$field = setup.and_then(|setup| <$Room>::durable(setup, agent));
                })*
                durable
            }

            /// The orders of the rooms, with their times.
            pub(super) fn room_orders(&self) -> Vec<(u64, Fault<Swarm>)> {
                let mut orders = Vec::new();
                $($(#[$on])* for (at_us, agent, order) in self.rooms.$field.iter().flat_map(<$Room>::orders) {
                    orders.push((at_us, Fault::Command(agent, Order::$Row(Arc::new(order)))));
                })*
                orders
            }
        }
    };
}

rooms!(building);

impl Planner<'_> {
    /// The faults that carry out an act on a room.
    pub(super) fn plan_room<R: Room>(
        &self,
        key: &'static str,
        setup: Option<&R::Setup>,
        act: &R::Act,
        order: impl Fn(Arc<R::Order>) -> Order,
    ) -> Result<Vec<Fault<Swarm>>, Problem> {
        let Some(setup) = setup else {
            let expected = format!("a scenario that has {key:?}");
            let repair = format!("add {key:?} to the scenario");
            return Err(Problem::new(key, expected, "none", repair));
        };
        let orders = R::plan(setup, act, self)?;
        let command = |(agent, it)| Fault::Command(agent, order(Arc::new(it)));
        Ok(orders.into_iter().map(command).collect())
    }
}

impl Members for Planner<'_> {
    fn member(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        self.scenario.member(&self.names, path, name)
    }

    fn count(&self) -> u32 {
        self.scenario.members.len() as u32
    }

    fn find(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        self.names.find(path, name)
    }

    fn profile(&self, agent: AgentId) -> Option<&Arc<Profile>> {
        self.scenario.profile(agent)
    }

    fn coordinator(&self) -> Option<AgentId> {
        self.scenario.coordinator
    }

    fn opened(&self) -> &[(u64, SharedProposal)] {
        self.scenario.opened()
    }

    fn stages(&self) -> Vec<&SharedProposal> {
        self.scenario.stages()
    }

    fn gives_tasks(&self) -> bool {
        self.scenario.gives_tasks()
    }

    fn topology(&self) -> &Topology {
        &self.scenario.topology
    }

    fn has_proposal(&self, name: &str) -> bool {
        self.proposed.iter().any(|proposed| proposed == name)
    }
}
