//! How the work stands at this instant: tasks as the coordinator knows them, agents as they are themselves.

use super::fill::coordinator_slot;
use crate::coordination::swarm::Swarm;
use crate::coordination::work::board::Board;
use crate::coordination::work::job::{Job, Phase};
use crate::coordination::work::reputation::Record;
use crate::coordination::work::score::Policy;
use crate::coordination::work::standing::Standing;
use crate::coordination::work::talk::Lease;
use crate::coordination::work::task::TaskId;
use crate::coordination::work::worker::Worker;
use crate::map::Map;
use crate::playback::inspect::REPLAY_MAX;
use crate::playback::run::Run;
use crate::scenario::build::SwarmSimulation;
use crate::sim::kernel::Slot;
use crate::sim::{AgentId, LocalClock, Status};

/// The work of a swarm that shares it out.
#[derive(Clone, Debug)]
pub struct WorkFrame {
    /// What counts how much in a score from now on.
    pub policy: Policy,
    /// How each task stands, in the order of submission.
    pub tasks: Vec<Standing>,
    /// The task that is shown in full, as its manager holds it; nothing before the first has come in.
    pub shown: Option<(TaskId, Job)>,
    /// By agent; nothing of one that is down, and of the coordinator.
    pub workers: Vec<Option<WorkerFrame>>,
    pub reputations: Map<AgentId, Record>,
    /// Results that came after their lease, and tasks that were refused.
    pub late: u32,
    pub refused: u32,
    /// The clock of whose board it is: times on it are by that clock.
    pub clock: LocalClock,
    /// When the last of those that have ended did, in virtual time.
    pub ended_us: Option<u64>,
    /// Whose board it is, if it is a manager's, and how its tasks are called there: its numbers are its own.
    pub manager: Option<AgentId>,
    pub names: Vec<String>,
}

/// An agent at work, as it is itself: its manager knows only what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerFrame {
    /// What it carries, and can carry, in units of work.
    pub load: u32,
    pub capacity: u32,
    pub healthy: bool,
    /// In thousandths of the normal speed.
    pub speed_milli: u32,
    /// In parts per million.
    pub fails_ppm: u32,
    pub doing: Option<Doing>,
    /// What it has taken and not begun.
    pub waiting: u32,
    /// It has others work for it.
    pub is_manager: bool,
}

/// What an agent works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doing {
    pub lease: Lease,
    pub began_us: u64,
    /// How much of it is done.
    pub permille: u32,
    /// How long it still takes at the speed of now.
    pub left_us: u64,
}

/// How the work stands; nothing where there is none. Details are only of one task: the one that was chosen,
/// else the newest that somebody works on, else the newest that has ended.
#[must_use]
pub fn work_frame(simulation: &SwarmSimulation, chosen: Option<TaskId>) -> Option<WorkFrame> {
    of_board(coordinator_slot(simulation)?, simulation, chosen)
}

/// The same of a manager's board, which has numbers of its own for its tasks.
#[must_use]
pub fn managers_frame(
    simulation: &SwarmSimulation,
    manager: AgentId,
    chosen: Option<TaskId>,
) -> Option<WorkFrame> {
    let slot = simulation.agents().nth(manager.index())?;
    let frame = of_board(slot, simulation, chosen)?;
    let names = board_of(slot)?.jobs.iter().map(|job| job.spec.name.clone()).collect();
    Some(WorkFrame { manager: Some(manager), names, ..frame })
}

/// The board of the coordinator, or of a manager; of one that is down what it had written down.
pub(in crate::playback) fn board_of(slot: &Slot<Swarm>) -> Option<&Board> {
    let is_down = slot.status == Status::Down && slot.process.worker().is_some();
    if is_down { slot.durable.board() } else { slot.process.board() }
}

/// The board of this agent, if it is used.
fn of_board(
    slot: &Slot<Swarm>,
    simulation: &SwarmSimulation,
    chosen: Option<TaskId>,
) -> Option<WorkFrame> {
    let (board, clock) = (board_of(slot)?, slot.clock);
    let place = chosen.map(|task| task as usize).filter(|place| *place < board.jobs.len());
    let newest = |phase| board.jobs.iter().rposition(|job| job.phase == phase);
    let usual = || {
        [Phase::Working, Phase::Announced, Phase::Ended, Phase::Waiting]
            .into_iter()
            .find_map(newest)
    };
    let shown = place.or_else(usual).map(|place| (place as TaskId, board.jobs[place].clone()));
    let now_us = simulation.now_us();
    let ended_us = board.jobs.iter().filter_map(|job| job.ended_us).max();
    Some(WorkFrame {
        policy: board.policy,
        tasks: board.jobs.iter().map(Standing::of).collect(),
        shown,
        workers: simulation.agents().map(|slot| worker_frame(slot, now_us)).collect(),
        reputations: board.standings.records.clone(),
        late: board.late,
        refused: board.refused.len() as u32,
        clock,
        ended_us: ended_us.map(|ended_us| clock.virtual_us(ended_us)),
        manager: None,
        names: Vec::new(),
    })
}

/// All who share out work; nobody where there is none.
pub fn boards(simulation: &SwarmSimulation) -> impl Iterator<Item = (AgentId, &Board)> {
    let works = coordinator_slot(simulation).is_some_and(|slot| slot.process.work.is_some());
    let slots =
        (0..).map(AgentId).zip(simulation.agents()).take(if works { usize::MAX } else { 0 });
    slots.filter_map(|(agent, slot)| Some((agent, board_of(slot)?)))
}

fn worker_frame(slot: &Slot<Swarm>, now_us: u64) -> Option<WorkerFrame> {
    let worker: &Worker = slot.process.worker().filter(|_| slot.status != Status::Down)?;
    let style = &worker.abilities.style;
    let speed = u64::from(style.speed_milli).max(1);
    let doing = worker.taken.first().and_then(|first| {
        let began_us = slot.clock.virtual_us(first.began_us?);
        let done_us = first.done_by(slot.clock.local(now_us), style.speed_milli);
        let permille = done_us.saturating_mul(1_000).checked_div(first.whole_us).unwrap_or(1_000);
        let permille = permille as u32;
        let left_us = (first.whole_us - done_us).saturating_mul(1_000) / speed;
        Some(Doing { lease: first.lease, began_us, permille, left_us })
    });
    let waiting = worker.taken.len() - usize::from(doing.is_some());
    Some(WorkerFrame {
        load: worker.load(),
        capacity: worker.abilities.capacity,
        healthy: style.healthy,
        speed_milli: style.speed_milli,
        fails_ppm: style.fails_ppm,
        doing,
        waiting: waiting as u32,
        is_manager: worker.board.is_some(),
    })
}

/// An agent at work as it is itself; nothing of one that is down.
pub(in crate::playback) fn worker(simulation: &SwarmSimulation, agent: AgentId) -> Option<&Worker> {
    let slot = simulation.agents().nth(agent.index())?;
    slot.process.worker().filter(|_| slot.status != Status::Down)
}

impl Run {
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
        manager.filter(|_| manager != coordinator)
    }

    /// The board of the agent at which this happened, as it was after that step; nothing where it would take
    /// too long to find out.
    #[must_use]
    pub fn board_after(&self, event: u64) -> Option<Board> {
        let whose = self.log().get(event)?.agent;
        let after = self.state_after(event, REPLAY_MAX)?;
        board_of(after.agents().nth(whose.index())?).cloned()
    }

    /// The agent at which this happened, at work as it was after that step.
    #[must_use]
    pub fn worker_after(&self, event: u64) -> Option<Worker> {
        let whose = self.log().get(event)?.agent;
        let after = self.state_after(event, REPLAY_MAX)?;
        worker(&after, whose).cloned()
    }
}
