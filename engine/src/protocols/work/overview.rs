//! The work at one instant: the board that is looked at, as its agent was told, and agents as they are themselves.

use super::board::Board;
use super::boards::{Posted, board_of, coordinators, worker_of};
use super::job::{Job, Phase};
use super::role::Work;
use super::standing::Standing;
use super::talk::Lease;
use super::task::TaskId;
use super::worker::{Taken, Worker};
use crate::common::shown::{Look, Peek};
use crate::sim::{AgentId, LocalClock, LocalTime};

/// The board that is looked at, and the task on it that is shown in full.
#[derive(Clone, Copy)]
pub struct Overview<'a> {
    pub peek: &'a dyn Peek<Work>,
    /// The agent that has the board.
    pub agent: AgentId,
    pub board: &'a Board,
    /// Times on the board are by this clock.
    pub clock: LocalClock,
    /// The same agent, where it is not the coordinator: its numbers of tasks are its own.
    pub manager: Option<AgentId>,
    /// Nothing before the first task has come in.
    pub shown: Option<(TaskId, &'a Job)>,
}

impl<'a> Overview<'a> {
    /// The board of the manager of the selected agent, or else the coordinator's; nothing where nobody works.
    #[must_use]
    pub fn new(peek: &'a dyn Peek<Work>, look: &Look) -> Option<Self> {
        let whole = coordinators(peek)?;
        let manager = look.selected.and_then(|agent| whole.board.rules.board_over(agent));
        let of_manager = manager.and_then(|manager| board_of(peek, manager));
        let manager = of_manager.map(|posted| posted.agent);
        Some(Self::of(peek, of_manager.unwrap_or(whole), manager, look.of("task", manager)))
    }

    /// The coordinator's board, whichever agent is selected.
    #[must_use]
    pub fn whole(peek: &'a dyn Peek<Work>, look: &Look) -> Option<Self> {
        Some(Self::of(peek, coordinators(peek)?, None, look.of("task", None)))
    }

    /// With the chosen task, or else the newest that somebody works on, or else the newest that has ended.
    fn of(
        peek: &'a dyn Peek<Work>,
        Posted { agent, board, clock }: Posted<'a>,
        manager: Option<AgentId>,
        chosen: Option<TaskId>,
    ) -> Self {
        let chosen = chosen.filter(|task| board.jobs.get(*task as usize).is_some());
        let newest = |phase| board.jobs.iter().rposition(|job| job.phase == phase);
        let usual = || {
            let phases = [Phase::Working, Phase::Announced, Phase::Ended, Phase::Waiting];
            phases.into_iter().find_map(newest).map(|place| place as TaskId)
        };
        let task = chosen.or_else(usual);
        let shown = task.and_then(|task| Some((task, &**board.jobs.get(task as usize)?)));
        Self { peek, agent, board, clock, manager, shown }
    }

    #[must_use]
    pub fn name(&self, agent: AgentId) -> &'a str {
        self.peek.names().agent(agent)
    }

    /// The name of a task on the board.
    #[must_use]
    pub fn task(&self, task: TaskId) -> &'a str {
        self.board.jobs.get(task as usize).map_or("a task", |job| &job.spec.name)
    }

    /// How each task stands, in the order of submission.
    pub fn standings(&self) -> impl Iterator<Item = Standing> + Clone + use<'a> {
        self.board.jobs().map(Standing::of)
    }

    /// When the last of the tasks that have ended did.
    #[must_use]
    pub fn ended_us(&self) -> Option<u64> {
        let ended_us = self.board.jobs.iter().filter_map(|job| job.ended_us).max()?;
        Some(self.clock.virtual_us(ended_us))
    }

    /// Nothing of an agent that is down, and of the coordinator.
    #[must_use]
    pub fn at_work(&self, agent: AgentId) -> Option<AtWork> {
        let (worker, clock) = worker_of(self.peek, agent)?;
        let doing = doing(worker, clock, self.peek.now_us());
        let at_work = worker.at_work().count();
        let waiting = at_work - usize::from(doing.is_some());
        Some(AtWork {
            load: worker.load(),
            capacity: worker.abilities.capacity,
            healthy: worker.abilities.style.healthy,
            doing,
            waiting: waiting as u32,
            paused: (worker.taken.len() - at_work) as u32,
            is_manager: worker.board.is_some(),
        })
    }
}

/// An agent at work, as it is itself: its manager knows only what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtWork {
    /// Its load now, and the most that it can carry, in units of work.
    pub load: u32,
    pub capacity: u32,
    pub healthy: bool,
    pub doing: Option<Doing>,
    /// The parts that it has taken and does not work on.
    pub waiting: u32,
    /// The parts that it is to pause with.
    pub paused: u32,
    /// It has others work for it.
    pub is_manager: bool,
}

/// The part that an agent works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doing {
    pub lease: Lease,
    pub began_us: u64,
    /// How much of it is done.
    pub permille: u32,
    /// How long it still takes at the speed of now.
    pub left_us: u64,
}

fn doing(worker: &Worker, clock: LocalClock, now_us: u64) -> Option<Doing> {
    let (first, speed_milli) = (worker.at_work().next()?, worker.abilities.style.speed_milli);
    let began_us = clock.virtual_us(first.began_us?);
    let (permille, left_us) = progress(first, speed_milli, clock.local(now_us));
    Some(Doing { lease: first.lease, began_us, permille: permille as u32, left_us })
}

/// How much of a part is done by now, in thousandths, and how long it still takes at the speed of now.
pub(super) fn progress(taken: &Taken, speed_milli: u32, now: LocalTime) -> (u64, u64) {
    let done_us = taken.done_by(now, speed_milli);
    let permille = done_us.saturating_mul(1_000).checked_div(taken.whole_us).unwrap_or(1_000);
    let left_us = taken.whole_us.saturating_sub(done_us).saturating_mul(1_000);
    (permille, left_us / u64::from(speed_milli).max(1))
}
