//! H5, as far as tasks go: sums in whole numbers, from which the report and the page make the same figures.
//! Made when someone asks.

use super::frame::fill::coordinator_of;
use super::frame::work::{Standing, board_of};
use super::run::Run;
use crate::coordination::swarm::Swarm;
use crate::coordination::work::board::Board;
use crate::coordination::work::job::{Attempt, Job, Phase};
use crate::coordination::work::worker::Worker;
use crate::order::sort_by_key;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, Status};

/// Of so many things, what they sum to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean {
    pub sum: u64,
    pub count: u64,
}

impl Mean {
    fn of(values: impl Iterator<Item = u64>) -> Self {
        values.fold(Self::default(), |it, value| Self {
            sum: it.sum.saturating_add(value),
            count: it.count + 1,
        })
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
    /// From the first award to the end.
    pub duration_us: Mean,
    /// Of those that ended: 1 if done, or done in part.
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
    /// When tasks were done, or done in part, in order.
    pub done_us: Vec<u64>,
}

impl Metrics {
    /// Nothing of a swarm that does not work. Tasks are those of the coordinator; loads are also those that
    /// managers have given their workers.
    #[must_use]
    pub fn new(simulation: &SwarmSimulation) -> Option<Self> {
        let board = &coordinator_of(simulation).filter(|it| it.board.is_used)?.board;
        let ended = || board.jobs.iter().filter(|job| job.phase == Phase::Ended);
        let is_done = |job: &&Job| Standing::of(job) != Standing::Failed;
        let count = |it| ended().filter(|job| Standing::of(job) == it).count() as u32;
        let [done, partial, failed] =
            [Standing::Done, Standing::Partial, Standing::Failed].map(count);
        let started = || board.jobs.iter().filter(|job| job.started_us.is_some());
        let took = |job: &Job| Some(job.ended_us?.saturating_sub(job.started_us?));
        let quality = |job: &Job| job.synthesis.as_ref()?.quality.map(u64::from);
        let mut done_us: Vec<u64> =
            ended().filter(is_done).filter_map(|job| job.ended_us).collect();
        sort_by_key(&mut done_us, |at_us| (*at_us, 0));
        Some(Self {
            now_us: simulation.now_us(),
            tasks: board.jobs.len() as u32,
            done,
            partial,
            failed,
            duration_us: Mean::of(ended().filter_map(took)),
            success: Mean::of(ended().map(|job| u64::from(is_done(&job)))),
            quality: Mean::of(ended().filter_map(quality)),
            team: Mean::of(started().map(|job| job.team.members.len() as u64)),
            parallel: Mean::of(started().map(|job| u64::from(job.parts.len() > 1))),
            mean_reputation_milli: board.standings.mean_milli(),
            reputation_deviation_milli: board.standings.deviation_milli(),
            late: board.late,
            refused: board.refused,
            loads: loads(simulation),
            done_us,
        })
    }

    /// The most that any agent carried at once: so many units, of so many that it can.
    #[must_use]
    pub fn peak(&self) -> (u64, u32) {
        let more = |a: &Load, b: &Load| {
            u128::from(b.peak) * u128::from(a.capacity)
                > u128::from(a.peak) * u128::from(b.capacity)
        };
        let mut most = (0, 1);
        let mut highest: Option<&Load> = None;
        for load in &self.loads {
            if highest.is_none_or(|highest| more(highest, load)) {
                (highest, most) = (Some(load), (load.peak, load.capacity));
            }
        }
        most
    }

    /// What all carried on average of what they can, in thousandths, each agent alike.
    #[must_use]
    pub fn average_load_permille(&self) -> u64 {
        let shares = self.loads.iter().map(|load| load.average_permille(self.now_us));
        Mean::of(shares).milli().unwrap_or_default() / 1_000
    }
}

impl Load {
    /// What it carried on average of what it can, in thousandths, rounded.
    #[must_use]
    pub fn average_permille(&self, now_us: u64) -> u64 {
        let whole = u128::from(self.capacity) * u128::from(now_us);
        let twice = u128::from(self.carried) * 2_000 + whole;
        twice.checked_div(whole * 2).map_or(0, |it| u64::try_from(it).unwrap_or(u64::MAX))
    }
}

/// All boards, each with whose it is: the coordinator's, and those of managers.
fn boards(simulation: &SwarmSimulation) -> impl Iterator<Item = (AgentId, &Board)> {
    let numbered = (0..).map(AgentId).zip(simulation.agents());
    numbered.filter_map(|(agent, slot)| Some((agent, board_of(slot)?)))
}

fn loads(simulation: &SwarmSimulation) -> Vec<Load> {
    let now_us = simulation.now_us();
    let own = |worker: &Worker| worker.abilities.capacity;
    let mut loads: Vec<Option<Load>> = Vec::new();
    let mut load_of = |agent: AgentId, capacity: Option<u32>| {
        let place = agent.index();
        if loads.len() <= place {
            loads.resize(place + 1, None);
        }
        let load = &mut loads[place];
        if load.is_none() {
            let capacity = capacity.or_else(|| worker(simulation, agent).map(own));
            let capacity = capacity.unwrap_or(1).max(1);
            *load = Some(Load { agent, capacity, carried: 0, peak: 0 });
        }
    };
    // So much more or less, and when; at the same time less comes first.
    let mut changes: Vec<(AgentId, u64, i64)> = Vec::new();
    for (_, board) in boards(simulation) {
        for (agent, capacity) in &board.capacities {
            load_of(*agent, Some(*capacity));
        }
        for job in &board.jobs {
            let attempts = job.parts.iter().flat_map(|part| &part.attempts);
            for Attempt { agent, awarded_us, end, .. } in attempts.filter(|it| it.taken) {
                load_of(*agent, None);
                let end_us = end.map_or(now_us, |(_, at_us)| at_us);
                let load = i64::from(job.spec.load);
                changes.extend([(*agent, *awarded_us, load), (*agent, end_us, -load)]);
            }
        }
    }
    sort_by_key(&mut changes, |(agent, at_us, more)| {
        (agent.0.into(), at_us * 2 + u64::from(*more > 0))
    });
    let (mut of, mut since_us, mut carries) = (AgentId::NONE, 0, 0_i64);
    for (agent, at_us, more) in changes {
        if of != agent {
            (of, since_us, carries) = (agent, at_us, 0);
        }
        if let Some(Some(load)) = loads.get_mut(agent.index()) {
            let units = u64::try_from(carries).unwrap_or_default();
            load.carried = load.carried.saturating_add(units.saturating_mul(at_us - since_us));
            carries += more;
            since_us = at_us;
            load.peak = load.peak.max(u64::try_from(carries).unwrap_or_default());
        }
    }
    loads.into_iter().flatten().collect()
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
        let board = &coordinator_of(self.simulation())?.board;
        if board.rules.manages(agent) {
            return Some(agent);
        }
        board.rules.manager?;
        let mut all = board.rules.workers.iter();
        all.find(|(_, workers)| workers.contains(&agent)).map(|(manager, _)| *manager)
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
