//! Agents that join a run.

use super::rooms::{Beginner, Moment};
use super::{Planner, Roster};
use crate::coordination::swarm::Swarm;
use crate::coordination::topology::Topology;
use crate::protocol::problem::Problem;
use crate::scenario::checked::agents::check_agent;
use crate::scenario::file::AgentFile;
use crate::sim::routes::Tree;
use crate::sim::{AgentId, Fault, Routes, Setup};

impl Planner<'_> {
    pub(super) fn spawn(
        &mut self,
        time_us: u64,
        agent: &AgentFile,
    ) -> Result<Fault<Swarm>, Problem> {
        let path = "spawn.agent";
        if agent.count.is_some() {
            let repair = "spawn one agent at a time";
            return Err(Problem::new(format!("{path}.count"), "no count", "one", repair));
        }
        let roster = &mut self.roster;
        let scenario = roster.scenario;
        let (setup, individuals) = check_agent(agent, &scenario.file, scenario.coordinator, false)
            .map_err(|problem| problem.under(path))?;
        let parent = match &agent.parent {
            Some(parent) => roster.names.find(&format!("{path}.parent"), parent)?,
            None => AgentId(0),
        };
        let number = AgentId(roster.agents);
        if !roster.names.add(&agent.id, number) {
            let found = format!("{:?} a second time", agent.id);
            let repair = "give the new agent an id of its own";
            return Err(Problem::new(format!("{path}.id"), "a new id", found, repair));
        }
        roster.agents += 1;
        roster.spawned_parents.push(parent);
        roster.spawned.push(agent.id.clone());
        let beginner = Beginner {
            agent: number,
            member: Some(&setup.profile),
            individuals: &individuals,
            place: 0,
            joins_below: Some(parent),
        };
        let (is_live, seed) = (self.is_live, self.seed);
        let cast = &self.roster;
        let mut moment = Moment { cast, announced: &mut Vec::new(), time_us, seed, is_live };
        scenario
            .check_joining(beginner, &mut self.memories, &mut moment)
            .map_err(|problem| problem.under(path))?;
        let durable = scenario.durable(beginner, cast);
        let setup = Setup { durable, clock: setup.clock };
        Ok(Fault::Spawn { setup: Box::new(setup), routes: cast.routes()? })
    }
}

impl Roster<'_> {
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
