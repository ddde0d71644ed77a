//! A manager at work (W11): it has its workers do what it was awarded, by a board of its own, and puts
//! together by key what they give.

use std::sync::Arc;

use super::account::Account;
use super::board::Board;
use super::job::{Job, Phase};
use super::role::Work;
use super::synthesis::Reason;
use super::talk::{Award, Delivery, Done, Lease};
use super::task::{Task, TaskId};
use super::worker::Worker;
use crate::common::signal::TaskStep;
use crate::protocol::contract::Outlet;
use crate::sim::AgentId;

impl Board {
    /// The load of the tasks that it was awarded and that have not ended.
    #[must_use]
    pub fn load(&self) -> u32 {
        let loads = self.jobs.iter().filter(|job| job.phase != Phase::Ended).map(|it| it.spec.load);
        loads.fold(0, u32::saturating_add)
    }

    /// Nobody waits for it any more: it is given up, unless it has ended.
    fn let_go(&mut self, task: TaskId, out: &mut impl Outlet<Work>) {
        let job = Arc::make_mut(&mut self.jobs[task as usize]);
        job.on_behalf = None;
        let is_open = job.phase != Phase::Ended;
        if is_open {
            out.raise(job.spec.moved(TaskStep::GivenUp));
        }
        self.keep(task, out);
        self.end_early(task, &Reason::LeaseExpired, out);
        self.schedule(out);
    }

    /// The delivery for a task that it was awarded.
    fn delivery(&self, job: &Job, lease: Lease) -> Delivery {
        let (account, aggregate) = Account::of(job);
        let quality = job.synthesis.as_ref().and_then(|it| it.quality);
        let took_us = job.ended_us.map_or(0, |ended_us| ended_us.since(job.submitted_us));
        let (data, waited_us) = (aggregate.data, 0);
        let done = quality.map(|quality| Done { quality, data, waited_us, took_us });
        Delivery { lease, done, account: Some(Arc::new(account)) }
    }
}

impl Worker {
    /// The open tasks that it was awarded and that its workers do, with their leases.
    fn shared_out(&self) -> impl Iterator<Item = (Lease, &Arc<Task>)> {
        let jobs = self.board.iter().flat_map(|board| &board.jobs);
        let open = jobs.filter(|job| job.phase != Phase::Ended);
        open.filter_map(|job| job.on_behalf.map(|(_, lease)| (lease, &job.spec)))
    }

    /// Whether its workers are at what it has under this lease.
    pub(super) fn has_shared_out(&self, lease: Lease) -> bool {
        self.shared_out().any(|(other, _)| other == lease)
    }

    /// The tasks that it has, and the parts: its own work, and what its workers do for it.
    pub fn has(&self) -> impl Iterator<Item = &Arc<Task>> {
        let own = self.taken.iter().map(|taken| &taken.spec);
        own.chain(self.shared_out().map(|(_, spec)| spec))
    }

    /// As a manager: its workers are asked who can do it.
    pub(super) fn share_out(&mut self, from: AgentId, award: &Award, out: &mut impl Outlet<Work>) {
        let Lease { task, part, .. } = award.lease;
        let is_older = |job: &Job| {
            let lease = job.on_behalf.map(|(_, lease)| (lease.task, lease.part));
            lease == Some((task, part)) && job.phase != Phase::Ended
        };
        let Some(board) = &mut self.board else { return };
        let older: Vec<TaskId> =
            (0..).zip(&board.jobs).filter(|(_, job)| is_older(job)).map(|(task, _)| task).collect();
        for task in older {
            board.let_go(task, out);
        }
        out.raise(award.spec.moved(TaskStep::Taken));
        // Its dependencies are done, and the agent that awarded it sees to its deadline.
        let spec = Task { depends_on: Vec::new(), deadline_us: None, ..(*award.spec).clone() };
        let mut job = Job::new(Arc::new(spec), out.now());
        job.on_behalf = Some((from, award.lease));
        board.take_in(job, out);
    }

    /// The lease is over: its workers are called off.
    pub(super) fn call_off(&mut self, lease: Lease, out: &mut impl Outlet<Work>) {
        let Some(board) = &mut self.board else { return };
        let is_it = |job: &Arc<Job>| job.on_behalf.is_some_and(|(_, other)| other == lease);
        if let Some(task) = board.jobs.iter().position(is_it) {
            board.let_go(task as TaskId, out);
        }
    }

    /// Its result has arrived: it has nothing more to say of it.
    pub(super) fn forget(&mut self, lease: Lease, out: &mut impl Outlet<Work>) {
        let Some(board) = &mut self.board else { return };
        let is_it = |job: &Arc<Job>| job.on_behalf.is_some_and(|(_, other)| other == lease);
        if let Some(task) = board.jobs.iter().position(is_it) {
            Arc::make_mut(&mut board.jobs[task]).on_behalf = None;
            board.keep(task as TaskId, out);
        }
    }

    /// Delivers the tasks that its workers have ended to the agents that awarded them.
    pub(super) fn report(&mut self, out: &mut impl Outlet<Work>) {
        let Some(board) = &mut self.board else { return };
        let ended = std::mem::take(&mut board.queue.ended);
        let result = |(whose, lease, task)| {
            let job = board.jobs.get(task as usize)?;
            Some(((whose, job.spec.clone()), board.delivery(job, lease)))
        };
        let deliveries: Vec<_> = ended.into_iter().filter_map(result).collect();
        for (whose, delivery) in deliveries {
            self.deliver(whose, delivery, out);
        }
    }
}
