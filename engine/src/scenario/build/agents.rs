//! Agents as a run begins with them, and those that join it.

use std::sync::Arc;

use super::Planner;
use crate::coordination::consensus::byzantine::{self, ByzantineDurable};
use crate::coordination::consensus::gossip::GossipDurable;
use crate::coordination::consensus::gossip::spreading::Gossiper;
use crate::coordination::consensus::vote::VoteDurable;
use crate::coordination::consensus::vote::counter::{CounterDurable, CounterEntry};
use crate::coordination::consensus::vote::voter::VoterDurable;
use crate::coordination::membership::registry::Registry;
use crate::coordination::membership::{Member, MembershipDurable, MembershipEntry};
use crate::coordination::profile::Profile;
use crate::coordination::registration::Registration;
use crate::coordination::signature::Key;
use crate::coordination::state::memory::HolderDurable;
use crate::coordination::swarm::{Durable, Swarm};
use crate::coordination::topology::Topology;
use crate::coordination::work::board::{Board, BoardEntry};
use crate::coordination::work::role::WorkDurable;
use crate::map::Map;
use crate::protocol::problem::Problem;
use crate::scenario::checked::Scenario;
use crate::scenario::checked::agents::check_agent;
use crate::scenario::checked::questions::{check_known, check_needs};
use crate::scenario::file::AgentFile;
use crate::sim::routes::Tree;
use crate::sim::{AgentId, Fault, Routes, Setup};

impl Scenario {
    /// An agent as a member; one that joins below another registers with that one too, if it is a manager.
    pub(super) fn member_durable(
        &self,
        agent: AgentId,
        profile: Arc<Profile>,
        joins: Option<AgentId>,
    ) -> Durable {
        let rules = self.work.as_ref().map(|work| &work.rules);
        let manages = |agent: &AgentId| rules.is_some_and(|rules| rules.manages(*agent));
        let joins = joins.filter(manages);
        let manager = joins.or_else(|| rules.and_then(|rules| rules.manager_of(agent)));
        let coordinator = self.coordinator;
        let mut member = Member::new(profile.clone(), manager);
        member.is_new_to_manager = joins.is_some();
        member.is_manager = manages(&agent);
        let key = Key::issue(agent);
        let member =
            Durable { membership: Some(MembershipDurable::Member(member)), ..Durable::default() };
        // Proposals are opened and recorded by the coordinator, however they are voted on.
        if coordinator.is_none() {
            return member;
        }
        Durable {
            vote: Some(VoteDurable::Voter(VoterDurable {
                profile: profile.clone(),
                known: Map::new(),
            })),
            byzantine: Some(ByzantineDurable::Voter(byzantine::voting::Voter {
                profile: profile.clone(),
                key,
                known: Map::new(),
            })),
            gossip: Some(GossipDurable::Gossiper(Gossiper { profile, known: Map::new() })),
            ..member
        }
    }

    /// The coordinator: it keeps the roster, counts, keeps records, opens stages and shares out work.
    pub(super) fn coordinator_durable(&self) -> Durable {
        let mut registry = Registry::default();
        let mut counter =
            CounterDurable { tells_facts_of: self.facts_told(), ..CounterDurable::default() };
        let mut board = self.work.as_ref().map(|work| Board::new(work.rules.clone()));
        for (number, member) in (0..).zip(&self.members) {
            let (agent, profile) = (AgentId(number), &member.profile);
            let registration = Arc::new(Registration {
                weight_milli: profile.weight_milli,
                domains: profile.domains.clone(),
                reputation: profile.reputation.0,
            });
            counter.write(&CounterEntry::Joined { agent, registration: registration.clone() });
            registry.write(&MembershipEntry::Registered { agent, registration });
            if let Some(board) = &mut board {
                let reputation = profile.reputation.0;
                board.write(&BoardEntry::Member { agent, reputation, is_there: true });
            }
        }
        let reserved = self.rooms.proposals().into_iter();
        counter.reserved = reserved.map(|proposal| proposal.name.as_str().into()).collect();
        Durable {
            membership: Some(MembershipDurable::Registry(Box::new(registry))),
            vote: Some(VoteDurable::Counter(Box::new(counter))),
            byzantine: Some(ByzantineDurable::Recorder(Box::default())),
            gossip: Some(GossipDurable::Recorder(Box::default())),
            work: board.map(|board| WorkDurable::Board(Box::new(board))),
            ..Durable::default()
        }
    }
}

impl Planner<'_> {
    pub(super) fn spawn(&mut self, agent: &AgentFile) -> Result<Fault<Swarm>, Problem> {
        let path = "spawn.agent";
        if agent.count.is_some() {
            let repair = "spawn one agent at a time";
            return Err(Problem::new(format!("{path}.count"), "no count", "one", repair));
        }
        let setup = check_agent(agent, &self.scenario.file, self.scenario.coordinator, false)
            .map_err(|problem| problem.under(path))?;
        let parent = match &agent.parent {
            Some(parent) => self.names.find(&format!("{path}.parent"), parent)?,
            None => AgentId(0),
        };
        if !self.names.add(&agent.id, AgentId(self.agents)) {
            let found = format!("{:?} a second time", agent.id);
            let repair = "give the new agent an id of its own";
            return Err(Problem::new(format!("{path}.id"), "a new id", found, repair));
        }
        self.agents += 1;
        if let Some(work) = &self.scenario.work {
            let (style, questions) = (&setup.profile.work, &work.rules.questions);
            check_known(style, questions).map_err(|problem| problem.under(path))?;
            check_needs(style, self.scenario, &|field, name| {
                self.scenario.member(&self.names, field, name)
            })
            .map_err(|problem| problem.under(path))?;
        }
        self.learned.extend(setup.profile.skills.iter().cloned());
        self.spawned_parents.push(parent);
        self.spawned.push(agent.id.clone());
        let agent = AgentId(self.agents - 1);
        let rules = self.scenario.state.as_ref().map(|state| state.rules.clone());
        let state = rules.map(|rules| Box::new(HolderDurable::new(agent, rules)));
        let work = self.scenario.worker(agent, &setup.profile);
        let member = self.scenario.member_durable(agent, setup.profile, Some(parent));
        let durable = self.scenario.with_rooms(agent, Durable { state, work, ..member });
        let setup = Setup { durable, clock: setup.clock };
        Ok(Fault::Spawn { setup: Box::new(setup), routes: self.routes()? })
    }

    /// The routes with all agents that have joined so far.
    pub(super) fn routes(&self) -> Result<Routes, Problem> {
        let n = self.agents;
        Ok(match &self.scenario.topology {
            Topology::Mesh => Routes::Mesh { n },
            Topology::Ring => Routes::Ring { n },
            Topology::Star { hub } => Routes::Star { n, hub: *hub },
            topology @ Topology::Hierarchical { .. } => {
                let mut all = topology.parents(self.scenario.coordinator);
                all.extend(self.spawned_parents.iter().map(|parent| parent.0));
                Routes::Tree(Tree::new(all).map_err(|agent| {
                    let found = format!("agent {} on a cycle", agent.0);
                    Problem::new("spawn.agent.parent", "a tree", found, "name another parent")
                })?)
            }
        })
    }
}
