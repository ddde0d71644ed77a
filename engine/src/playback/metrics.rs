//! H5, as far as tasks go: sums in whole numbers, from which the report and the page make the same figures.
//! Made when someone asks.

use super::frame::fill::coordinator_of;
use super::frame::work::{Standing, board_of, boards};
use super::run::Run;
use crate::coordination::swarm::Swarm;
use crate::coordination::work::board::Board;
use crate::coordination::work::job::{Job, Phase};
use crate::coordination::work::worker::Worker;
use crate::order::sort_numbered;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, Status};

/// Of so many things, what they sum to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean {
    pub sum: u64,
    pub count: u64,
}

impl Mean {
    fn add(&mut self, value: u64) {
        self.sum = self.sum.saturating_add(value);
        self.count += 1;
    }

    /// In thousandths, rounded half up; nothing of nothing.
    #[must_use]
    pub fn milli(self) -> Option<u64> {
        let twice = self.sum.saturating_mul(2_000).saturating_add(self.count);
        twice.checked_div(self.count * 2)
    }
}

/// What an agent has carried over the run so far, from award to the end of each attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    pub agent: AgentId,
    /// What it can carry, in units of work; at least 1.
    pub capacity: u32,
    /// Units of work times microseconds.
    pub carried: u64,
    /// The most that it carried at once, in units of work.
    pub peak: u64,
}

/// How the work of a swarm goes, over the run so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    pub now_us: u64,
    pub tasks: u32,
    pub done: u32,
    pub partial: u32,
    pub failed: u32,
    /// From the beginning of the work to the end.
    pub duration_us: Mean,
    /// Of those that ended: 1 if all of it is done.
    pub success: Mean,
    /// Of results, from 0 to 100.
    pub quality: Mean,
    pub team: Mean,
    /// Of those that were awarded: 1 if several parts were done at the same time.
    pub parallel: Mean,
    pub mean_reputation_milli: u64,
    pub reputation_deviation_milli: u64,
    /// Results that came after their lease, and tasks that were refused.
    pub late: u32,
    pub refused: u32,
    /// By agent number: of all who work.
    pub loads: Vec<Load>,
}

impl Metrics {
    /// Nothing of a swarm that does not work. Tasks are those of the coordinator; loads are also those that
    /// managers have given their workers.
    #[must_use]
    pub fn new(simulation: &SwarmSimulation) -> Option<Self> {
        let board = &coordinator_of(simulation).filter(|it| it.board.is_used)?.board;
        let now_us = simulation.now_us();
        let mut it = Self {
            now_us,
            tasks: board.jobs.len() as u32,
            mean_reputation_milli: board.standings.mean_milli(),
            reputation_deviation_milli: board.standings.deviation_milli(),
            late: board.late,
            refused: board.refused,
            loads: loads(simulation),
            ..Self::default()
        };
        for job in &board.jobs {
            if job.awarded_us().is_some() {
                let (members, is_parallel) = job.team_size();
                it.team.add(members as u64);
                it.parallel.add(u64::from(is_parallel));
            }
            if job.phase == Phase::Ended {
                it.take_in(job);
            }
        }
        Some(it)
    }

    /// A task that has ended.
    fn take_in(&mut self, job: &Job) {
        let ended_us = job.ended_us.unwrap_or_default();
        let standing = Standing::of(job);
        match standing {
            Standing::Done => self.done += 1,
            Standing::Partial => self.partial += 1,
            _ => self.failed += 1,
        }
        if let Some(began_us) = job.began_us() {
            self.duration_us.add(ended_us.saturating_sub(began_us));
        }
        if let Some(quality) = job.synthesis.as_ref().and_then(|it| it.quality) {
            self.quality.add(quality.into());
        }
        self.success.add((standing == Standing::Done).into());
    }

    /// The most that any agent carried at once: so many units, of so many that it can.
    #[must_use]
    pub fn peak(&self) -> (u64, u32) {
        let mut most = (0, 1);
        for load in &self.loads {
            if load.peak * u64::from(most.1) > most.0 * u64::from(load.capacity) {
                most = (load.peak, load.capacity);
            }
        }
        most
    }

    /// What all carried on average of what they can, in thousandths, each agent alike.
    #[must_use]
    pub fn average_load_permille(&self) -> u64 {
        let mut mean = Mean::default();
        for load in &self.loads {
            mean.add(load.average_permille(self.now_us));
        }
        mean.milli().unwrap_or_default() / 1_000
    }
}

impl Load {
    /// What it carried on average of what it can, in thousandths, rounded.
    #[must_use]
    pub fn average_permille(&self, now_us: u64) -> u64 {
        let whole = u64::from(self.capacity).saturating_mul(now_us);
        let twice = self.carried.saturating_mul(2_000).saturating_add(whole);
        twice.checked_div(whole.saturating_mul(2)).unwrap_or_default()
    }
}

fn loads(simulation: &SwarmSimulation) -> Vec<Load> {
    let now_us = simulation.now_us();
    // By agent; whoever has nothing to do with work has no capacity here.
    let count = simulation.agents().count();
    let mut loads: Vec<Load> = (0..count)
        .map(|agent| Load { agent: AgentId(agent as u32), capacity: 0, carried: 0, peak: 0 })
        .collect();
    // The agent; twice the time, and one more where it becomes more: at the same time less comes first.
    let mut changes: Vec<(u64, u64, u32)> = Vec::new();
    for (_, board) in boards(simulation) {
        for (agent, capacity) in &board.capacities {
            if let Some(load) = loads.get_mut(agent.index()) {
                load.capacity = (*capacity).max(1);
            }
        }
        for job in &board.jobs {
            for attempt in job.parts.iter().flat_map(|part| &part.attempts) {
                if attempt.taken {
                    let end_us = attempt.end.map_or(now_us, |(_, at_us)| at_us);
                    changes.push((
                        attempt.agent.0.into(),
                        attempt.awarded_us * 2 + 1,
                        job.spec.load,
                    ));
                    changes.push((attempt.agent.0.into(), end_us * 2, job.spec.load));
                }
            }
        }
    }
    sort_numbered(&mut changes);
    let (mut of, mut since_us, mut carries) = (AgentId::NONE, 0, 0_u64);
    for (agent, at, units) in changes {
        let agent = AgentId(agent as u32);
        if of != agent {
            (of, since_us, carries) = (agent, at / 2, 0);
        }
        let Some(load) = loads.get_mut(agent.index()) else { continue };
        if load.capacity == 0 {
            let own = worker(simulation, agent).map(|worker| worker.abilities.capacity);
            load.capacity = own.unwrap_or_default().max(1);
        }
        load.carried = load.carried.saturating_add(carries.saturating_mul(at / 2 - since_us));
        since_us = at / 2;
        carries = match at % 2 {
            0 => carries.saturating_sub(units.into()),
            _ => carries + u64::from(units),
        };
        load.peak = load.peak.max(carries);
    }
    loads.retain(|load| load.capacity > 0);
    loads
}

/// An agent at work as it is itself; nothing of one that is down.
pub(super) fn worker(simulation: &SwarmSimulation, agent: AgentId) -> Option<&Worker> {
    let slot = simulation.agents().nth(agent.index())?;
    match &slot.process {
        Swarm::Member(member) if slot.status != Status::Down => member.work.as_deref(),
        _ => None,
    }
}

impl Run {
    /// How the work goes, over the run so far; nothing of a swarm that does not work.
    #[must_use]
    pub fn metrics(&self) -> Option<Metrics> {
        Metrics::new(self.simulation())
    }

    /// All boards that tasks are on, each with whose it is: the coordinator's, and those of managers.
    pub fn boards(&self) -> impl Iterator<Item = (AgentId, &Board)> {
        boards(self.simulation())
    }

    /// An agent at work as it is itself; nothing of one that is down.
    #[must_use]
    pub fn worker(&self, agent: AgentId) -> Option<&Worker> {
        worker(self.simulation(), agent)
    }

    /// The manager whose board a person looks at with this agent selected: the agent itself, or the one it
    /// works for; nobody where that is the coordinator.
    #[must_use]
    pub fn manager_of(&self, agent: AgentId) -> Option<AgentId> {
        let (manager, coordinator) = (self.cast().manager_of(agent), self.cast().coordinator);
        (manager != coordinator).then_some(manager)
    }

    /// The board of the agent at which this happened, as it was after that step; nothing where it would take
    /// too long to find out.
    #[must_use]
    pub fn board_after(&self, event: u64) -> Option<Board> {
        let whose = self.log().get(event)?.agent;
        let after = self.state_after(event, super::inspect::REPLAY_MAX)?;
        board_of(after.agents().nth(whose.index())?).cloned()
    }

    /// The agent at which this happened, at work as it was after that step.
    #[must_use]
    pub fn worker_after(&self, event: u64) -> Option<Worker> {
        let whose = self.log().get(event)?.agent;
        let after = self.state_after(event, super::inspect::REPLAY_MAX)?;
        worker(&after, whose).cloned()
    }
}
