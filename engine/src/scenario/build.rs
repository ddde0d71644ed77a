//! From a scenario, a seed and interventions to a simulation.

mod agents;
mod plan;
mod rooms;

use serde::{Deserialize, Serialize};

use self::rooms::{Beginner, Memories};
use super::checked::links::check_linked;
use super::checked::{Names, Scenario, warnings};
use crate::common::room::Members;
use crate::common::topology::Topology;
use crate::order::sort_by_key;
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::protocol::read::time_us;
use crate::protocol::watch::Surroundings;
use crate::scenario::file::intervention::Intervention;
use crate::sim::kernel::Config;
use crate::sim::{AgentId, Fault, Latency, LinkModel, Setup, Simulation};
use crate::swarm::adversary::{Adversary, Behaviour};
use crate::swarm::monitor::Monitor;
use crate::swarm::{Order, Swarm};

/// A swarm in the kernel, watched.
pub type SwarmSimulation = Simulation<Swarm, Monitor>;

/// An intervention and when it takes effect, in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    #[serde(rename = "at_us", deserialize_with = "time_us")]
    pub time_us: u64,
    #[serde(rename = "do")]
    pub intervention: Intervention,
}

/// The swarm at the point of the plan that has been reached: agents join by it.
struct Roster<'a> {
    scenario: &'a Scenario,
    names: Names,
    agents: u32,
    /// The parents of agents that were spawned, in a hierarchy.
    spawned_parents: Vec<AgentId>,
    /// Names of the agents that were spawned.
    spawned: Vec<String>,
}

/// A plan in the making, in the order of time.
struct Planner<'a> {
    roster: Roster<'a>,
    memories: Memories,
    seed: u64,
    /// A person does it to a running swarm: there it may turn out not to apply.
    is_live: bool,
}

impl Scenario {
    /// Starts the scenario with a seed; `interventions` are carried out as planned, after the
    /// scenario's own faults of the same instant.
    ///
    /// # Errors
    /// When an intervention names what does not exist.
    pub fn start(
        &self,
        seed: u64,
        interventions: &[Planned],
        trace_capacity: usize,
    ) -> Result<SwarmSimulation, Problem> {
        let routes = self.routes().map_err(|agent| {
            let found = format!("agent {} on a cycle", agent.0);
            Problem::new("agents: parent", "a tree", found, "mend its parents")
        })?;
        let mut setups: Vec<Setup<Swarm>> = Vec::with_capacity(self.members.len() + 1);
        for (place, member) in self.members.iter().enumerate() {
            let agent = AgentId(place as u32);
            let (member_of, individuals) = (Some(&member.profile), &self.individuals);
            let beginner =
                Beginner { agent, member: member_of, individuals, place, joins_below: None };
            let durable = self.durable(beginner, self);
            setups.push(Setup { durable, clock: member.clock });
        }
        if let Some(agent) = self.coordinator {
            let (individuals, place) = (&self.individuals, agent.index());
            let beginner = Beginner { agent, member: None, individuals, place, joins_below: None };
            let durable = self.durable(beginner, self);
            setups.push(Setup { durable, clock: self.coordinator_clock });
        }
        let config =
            Config { seed, link: self.link, inbox_capacity: self.inbox_capacity, trace_capacity };
        let agenda = self.agenda(seed, interventions)?;
        let agents = setups.iter().map(|setup| &setup.durable);
        let monitor = Monitor::new(agents, &self.rooms, &self.surroundings());
        let mut simulation =
            Simulation::new(&config, routes, setups, Adversary::default(), agenda, monitor);
        for (from, to, both_ways, model) in &self.links {
            simulation.network.set_link(*from, *to, *model);
            if *both_ways {
                simulation.network.set_link(*to, *from, *model);
            }
        }
        Ok(simulation)
    }

    /// Everything that will be done to the swarm in a run with this seed, by time: proposals, the scenario's faults,
    /// then `interventions`.
    ///
    /// # Errors
    /// When one of them names what does not exist.
    pub fn agenda(
        &self,
        seed: u64,
        interventions: &[Planned],
    ) -> Result<Vec<(u64, Fault<Swarm>)>, Problem> {
        let mut agenda: Vec<(u64, Fault<Swarm>)> = Vec::new();
        for (number, member) in (0..).zip(&self.members) {
            if let Some(behaviour) = member.behaviour {
                agenda.extend(corrupt(AgentId(number), behaviour).map(|fault| (0, fault)));
            }
        }
        agenda.extend(self.orders(seed));
        let mut planned = Vec::new();
        for (place, fault) in self.file.faults.iter().enumerate() {
            let path = format!("faults[{place}]");
            let time_us = decimal::microseconds(&format!("{path}.at_ms"), fault.at_ms)?;
            planned.push((time_us, format!("{path}.do"), &fault.intervention, false));
        }
        let path = |intervention: &Intervention| format!("intervention {:?}", intervention.label());
        planned.extend(interventions.iter().map(|planned| {
            (planned.time_us, path(&planned.intervention), &planned.intervention, true)
        }));
        // Agents that join count from then on, so the plan is read in the order of time.
        sort_by_key(&mut planned, |(time_us, ..)| (*time_us, 0));
        let mut planner = Planner::new(self, seed);
        for (time_us, path, intervention, is_live) in planned {
            planner.is_live = is_live;
            let faults =
                planner.plan(time_us, intervention).map_err(|problem| problem.under(&path))?;
            agenda.extend(faults.into_iter().map(|fault| (time_us, fault)));
        }
        if let Some(ends_us) = self.ends_at_us.filter(|_| self.rooms.go_on()) {
            // Never done: with it, the run goes on to the end although nothing but comparing remains.
            agenda.push((ends_us.saturating_add(1), Fault::Heal));
        }
        Ok(agenda)
    }

    /// The names of all agents by number, with those that these interventions spawn.
    ///
    /// # Errors
    /// When an intervention names what does not exist.
    pub fn agent_names(&self, interventions: &[Planned]) -> Result<Vec<String>, Problem> {
        let mut names: Vec<String> =
            self.members.iter().map(|member| member.profile.name.clone()).collect();
        names.extend(self.coordinator.map(|_| super::checked::COORDINATOR.to_owned()));
        let faults = self.file.faults.iter().map(|fault| {
            let time_us = decimal::microseconds("faults", fault.at_ms)?;
            Ok((time_us, &fault.intervention))
        });
        let mut planned = faults.collect::<Result<Vec<_>, Problem>>()?;
        planned.extend(interventions.iter().map(|p| (p.time_us, &p.intervention)));
        sort_by_key(&mut planned, |(time_us, _)| (*time_us, 0));
        let mut planner = Planner { is_live: true, ..Planner::new(self, self.file.seed) };
        for (time_us, intervention) in planned {
            planner.plan(time_us, intervention)?;
        }
        names.extend(planner.roster.spawned);
        Ok(names)
    }
}

impl Scenario {
    /// The promises of the network at the start. A log-normal latency has no end.
    fn surroundings(&self) -> Surroundings {
        let most_us = |model: &LinkModel| match model.latency {
            Latency::Fixed { us } => Some(us),
            Latency::Uniform { max_us, .. } => Some(max_us),
            Latency::LogNormal { .. } => None,
        };
        let links = self.links.iter().map(|(.., model)| most_us(model));
        let latency_most_us = links.fold(most_us(&self.link), |most, link| most?.max(link?).into());
        Surroundings { latency_most_us, cut: self.cut() }
    }

    /// The fewest agents without which the network falls apart; empty in a mesh.
    fn cut(&self) -> Vec<AgentId> {
        match &self.topology {
            Topology::Mesh => Vec::new(),
            // An agent between two has no other neighbours.
            Topology::Ring => vec![AgentId(0), AgentId(2)],
            Topology::Star { hub } => vec![*hub],
            Topology::Hierarchical { parents } => {
                parents.iter().flatten().take(1).copied().collect()
            }
        }
    }

    /// Remarks on a scenario that is allowed all the same: where the guarantees of a
    /// Byzantine vote will not hold.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let starting = self.members.iter().filter(|it| it.behaviour.is_some());
        let mut liars: Vec<&str> = starting.map(|it| it.profile.name.as_str()).collect();
        for fault in &self.file.faults {
            if let Intervention::Corrupt { agent, .. } = &fault.intervention
                && !liars.contains(&agent.as_str())
            {
                liars.push(agent);
            }
        }
        let name = |agent: &AgentId| {
            let member = self.members.get(agent.index());
            member.map_or(super::checked::COORDINATOR, |member| member.profile.name.as_str())
        };
        let cut: Vec<&str> = self.cut().iter().map(name).collect();
        warnings(self, &liars, &cut)
    }
}

/// The adversary takes the agent over, and is told how it is to behave.
fn corrupt(agent: AgentId, behaviour: Behaviour) -> [Fault<Swarm>; 2] {
    [Fault::Corrupt(agent), Fault::Command(agent, Order::Behave(behaviour))]
}

impl<'a> Planner<'a> {
    fn new(scenario: &'a Scenario, seed: u64) -> Self {
        let roster = Roster {
            scenario,
            names: scenario.names.clone(),
            agents: Members::agents(scenario),
            spawned_parents: Vec::new(),
            spawned: Vec::new(),
        };
        Self { roster, memories: Memories::default(), seed, is_live: false }
    }

    /// The two ends of a link that there is by then.
    fn link(&self, what: &str, from: &str, to: &str) -> Result<(AgentId, AgentId), Problem> {
        let names = &self.roster.names;
        let ends =
            (names.find(&format!("{what}.from"), from)?, names.find(&format!("{what}.to"), to)?);
        // A person's act is told as one that did not apply, and a saved run with it still opens.
        if self.is_live {
            return Ok(ends);
        }
        check_linked(what, &self.roster.routes()?, (from, ends.0), (to, ends.1))?;
        Ok(ends)
    }
}

impl Roster<'_> {
    fn partition(&self, groups: &[Vec<String>], replaces: bool) -> Result<Fault<Swarm>, Problem> {
        let mut group_of = vec![0; self.agents as usize];
        let mut placed = vec![false; self.agents as usize];
        for (number, group) in (0u32..).zip(groups) {
            for (place, name) in group.iter().enumerate() {
                let path = format!("partition.groups[{number}][{place}]");
                let agent = self.names.find(&path, name)?;
                if std::mem::replace(&mut placed[agent.index()], true) {
                    let found = format!("{name:?} in two groups");
                    let repair = "name each agent once";
                    return Err(Problem::new(path, "each agent in one group", found, repair));
                }
                group_of[agent.index()] = number;
            }
        }
        Ok(Fault::Partition { groups: group_of, replaces })
    }
}
