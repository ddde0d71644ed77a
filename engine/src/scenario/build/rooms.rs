//! Protocols at the start of a run and in its plan: the durable state of their agents, and their orders.

use std::sync::Arc;

use super::Roster;
use crate::common::consensus::proposal::{Proposal, SharedProposal};
use crate::common::consensus::section::WrittenProposal;
use crate::common::profile::Profile;
use crate::common::room::{Announcement, Entrant, Members, Planning, Room};
use crate::common::topology::Topology;
use crate::protocol::problem::Problem;
use crate::protocol::read::read_part;
use crate::registry::protocols;
use crate::scenario::Scenario;
use crate::scenario::checked::proposal::check_proposal;
use crate::scenario::checked::{Individuals, parts};
use crate::scenario::file::intervention::Intervention;
use crate::sim::{AgentId, Fault};
use crate::swarm::{Durable, Order, Swarm};

/// An agent as it begins, whichever protocols it runs.
#[derive(Clone, Copy)]
pub(super) struct Beginner<'a> {
    pub agent: AgentId,
    /// `None` for the coordinator.
    pub member: Option<&'a Arc<Profile>>,
    pub individuals: &'a Individuals,
    /// Its place among those.
    pub place: usize,
    pub joins_below: Option<AgentId>,
}

impl<'a> Beginner<'a> {
    /// The same for one protocol, with its part of the agent.
    fn entrant<R: Room>(self, own: Option<&'a R::Agent>) -> Entrant<'a, R> {
        let Self { agent, member, joins_below, .. } = self;
        Entrant { agent, member, own, joins_below }
    }
}

/// An act in the plan, whichever protocol it is on.
pub(super) struct Moment<'a> {
    pub cast: &'a dyn Members,
    pub announced: &'a mut Vec<Announcement>,
    pub time_us: u64,
    pub seed: u64,
    pub is_live: bool,
}

impl<'a> Moment<'a> {
    fn planning<'b, M>(&'b mut self, memory: &'b mut M) -> Planning<'b, M>
    where
        'a: 'b,
    {
        Planning {
            cast: self.cast,
            memory,
            announced: self.announced,
            time_us: self.time_us,
            seed: self.seed,
            is_live: self.is_live,
        }
    }
}

/// The part of an agent that a protocol reads.
macro_rules! part {
    ($beginner:expr, $field:ident (section, agents)) => {
        parts!($beginner.individuals, $field(section, agents)).get($beginner.place)
    };
    ($beginner:expr, $field:ident $mark:tt) => {
        $beginner.member.map(|_| &())
    };
}

/// Makes all that the scenario asks of protocols when a run starts.
macro_rules! building {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        /// The memory of each protocol while a plan is made.
        #[derive(Clone, Debug, Default)]
        pub(super) struct Memories {
            $($(#[$on])* $field: <$Room as Room>::Memory,)*
        }

        impl Scenario {
            /// The durable state of an agent, with its part in each protocol.
            pub(super) fn durable(&self, it: Beginner<'_>, cast: &dyn Members) -> Durable {
                let mut durable = Durable::default();
                $($(#[$on])* if let Some(setup) = &self.rooms.$field {
                    let entrant = it.entrant(part!(it, $field $mark));
                    durable.$field = <$Room as Room>::durable(setup, &entrant, cast);
                })*
                durable
            }

            /// The orders of all sections in a run with this seed, with their times.
            pub(super) fn orders(&self, seed: u64) -> Vec<(u64, Fault<Swarm>)> {
                let (mut orders, mut announced) = (Vec::new(), Vec::new());
                $($(#[$on])* if let Some(setup) = &self.rooms.$field {
                    for (at_us, agent, order) in <$Room as Room>::orders(setup, self, seed) {
                        orders.push((at_us, Fault::Command(agent, Order::$Row(Arc::new(order)))));
                    }
                    announced.extend(<$Room as Room>::announcements(setup));
                })*
                for (at_us, announcement) in &announced {
                    let answers = self.answers(announcement).into_iter();
                    orders.extend(answers.map(|order| (*at_us, order)));
                }
                orders
            }

            /// The answers of all protocols to an announcement of one.
            pub(super) fn answers(&self, to: &Announcement) -> Vec<Fault<Swarm>> {
                let mut answers = Vec::new();
                $($(#[$on])* if let Some(setup) = &self.rooms.$field {
                    for (agent, order) in <$Room as Room>::answers(setup, to) {
                        answers.push(Fault::Command(agent, Order::$Row(Arc::new(order))));
                    }
                })*
                answers
            }

            /// Checks an agent that joins, by each protocol.
            pub(super) fn check_joining(
                &self,
                it: Beginner<'_>,
                memories: &mut Memories,
                moment: &mut Moment<'_>,
            ) -> Result<(), Problem> {
                $($(#[$on])* if let Some(setup) = &self.rooms.$field {
                    let entrant = it.entrant(part!(it, $field $mark));
                    <$Room as Room>::check_joining(setup, &entrant, &mut moment.planning(&mut memories.$field))?;
                })*
                Ok(())
            }

            /// The orders that carry out an act on a protocol; `None` where the intervention is none.
            pub(super) fn plan_act(
                &self,
                intervention: &Intervention,
                memories: &mut Memories,
                moment: &mut Moment<'_>,
            ) -> Result<Option<Vec<Fault<Swarm>>>, Problem> {
                let orders: Vec<(AgentId, Order)> = match intervention {
                    $($(#[$on])* Intervention::$Row(act) => {
                        let setup = self.rooms.$field.as_ref();
                        let setup = setup.ok_or_else(|| missing::<$Room>(stringify!($field), act))?;
                        let planning = &mut moment.planning(&mut memories.$field);
                        let orders = <$Room as Room>::plan(setup, act, planning)?.into_iter();
                        orders.map(|(agent, order)| (agent, Order::$Row(Arc::new(order)))).collect()
                    })*
                    _ => return Ok(None),
                };
                let mut faults: Vec<_> =
                    orders.into_iter().map(|(agent, order)| Fault::Command(agent, order)).collect();
                for announcement in moment.announced.drain(..) {
                    faults.extend(self.answers(&announcement));
                }
                Ok(Some(faults))
            }
        }
    };
}

protocols!(building);

/// The problem of an act on a protocol that the scenario does not run, at the key of the act.
fn missing<R: Room>(section: &str, act: &R::Act) -> Problem {
    let written = serde_json::to_value(act).unwrap_or_default();
    let key = written.as_object().and_then(|fields| fields.keys().next());
    let path = key.map_or(section, String::as_str);
    match R::MISSING {
        Some((expected, repair)) => Problem::new(path, expected, "none", repair),
        None => {
            let expected = format!("a scenario that has {section:?}");
            Problem::new(path, expected, "none", format!("add {section:?} to the scenario"))
        }
    }
}

impl Members for Roster<'_> {
    fn member(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        self.scenario.member(&self.names, path, name)
    }

    fn find(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        self.names.find(path, name)
    }

    fn count(&self) -> u32 {
        self.scenario.count()
    }

    fn agents(&self) -> u32 {
        self.agents
    }

    fn profile(&self, agent: AgentId) -> Option<&Arc<Profile>> {
        self.scenario.profile(agent)
    }

    fn place(&self, agent: AgentId) -> String {
        self.scenario.place(agent)
    }

    fn coordinator(&self) -> Option<AgentId> {
        self.scenario.coordinator
    }

    fn topology(&self) -> &Topology {
        &self.scenario.topology
    }

    fn manager_of(&self, agent: AgentId) -> Option<AgentId> {
        self.scenario.manager_of(agent)
    }

    fn is_manager(&self, agent: AgentId) -> bool {
        Members::is_manager(self.scenario, agent)
    }

    fn opened(&self) -> &[(u64, SharedProposal)] {
        &self.scenario.proposals
    }

    fn opened_files(&self) -> Vec<WrittenProposal> {
        self.scenario.opened_files()
    }

    fn check_proposal(&self, written: &WrittenProposal) -> Result<Proposal, Problem> {
        check_proposal(&read_part(&written.0)?, self)
    }

    fn stages(&self) -> Vec<&SharedProposal> {
        self.scenario.stages()
    }

    fn asks_facts_of(&self) -> Vec<Arc<str>> {
        self.scenario.asks_facts_of()
    }

    fn gives_tasks(&self) -> bool {
        self.scenario.gives_tasks()
    }

    fn skills_to_come(&self) -> Vec<String> {
        self.scenario.skills_to_come()
    }
}
