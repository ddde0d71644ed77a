//! Arbitration (W9): how many tasks run at once, and which makes way for which. A task that makes way is paused where it is: its
//! agents keep what they have done of it, and go on when there is a slot again.

use super::board::Board;
use super::job::Phase;
use super::note::WorkNote;
use super::pause::{Pace, Pause};
use super::role::Work;
use super::talk::{Lease, UNNUMBERED, WorkTalk, WorkTimer};
use super::task::TaskId;
use super::worker::RESEND_US;
use crate::protocol::contract::Outlet;
use crate::sim::AgentId;

impl Board {
    /// Whether there is anything to arbitrate.
    fn arbitrates(&self) -> bool {
        self.rules.limit.is_some() || self.rules.preempts
    }

    /// The task takes a slot from now on.
    pub(super) fn take_slot(&mut self, task: TaskId) {
        if self.arbitrates() && !self.queue.slots.contains(&task) {
            self.queue.slots.push(task);
        }
    }

    fn takes_slot(&self, task: TaskId) -> bool {
        let job = self.jobs.get(task as usize);
        job.is_some_and(|job| job.phase == Phase::Announced || job.is_at_work())
    }

    /// Whether something of the task may be awarded at once: it has a slot, or one is free.
    pub(super) fn has_slot(&self, task: TaskId) -> bool {
        let is_free = |limit| self.takes_slot(task) || self.slots_taken() < limit as usize;
        self.rules.limit.is_none_or(is_free)
    }

    /// The number of tasks that are announced or at work, where tasks are arbitrated.
    #[must_use]
    pub fn slots_taken(&self) -> usize {
        self.queue.slots.iter().filter(|task| self.takes_slot(**task)).count()
    }

    /// Forgets the slots that are free again.
    fn free_slots(&mut self) -> usize {
        let mut slots = std::mem::take(&mut self.queue.slots);
        slots.retain(|task| self.takes_slot(*task));
        self.queue.slots = slots;
        self.queue.slots.len()
    }

    /// Whether the next task that waits may be assigned now. Paused tasks go before those of their priority that wait, and
    /// where there is no slot, one of a lower priority has to make way.
    pub(super) fn may_assign(&mut self, out: &mut impl Outlet<Work>) -> bool {
        if !self.arbitrates() {
            return true;
        }
        loop {
            let taken = self.free_slots();
            let paused = self.best_paused();
            let Some(limit) = self.rules.limit.filter(|limit| taken >= *limit as usize) else {
                let Some((priority, task)) = paused else { return true };
                if self.queue.has_higher(priority) {
                    return true;
                }
                self.go_on_with(task, out);
                continue;
            };
            if self.rules.preempts && taken <= limit as usize {
                self.clear_slots(paused, out);
            }
            return false;
        }
    }

    /// The paused task of the highest priority whose agents have room for it again, the first that came of several.
    fn best_paused(&self) -> Option<(u8, TaskId)> {
        let with_priority = |task: &TaskId| {
            let job = self.jobs.get(*task as usize)?;
            (self.has_room_again(*task)).then_some((job.spec.priority, *task))
        };
        let paused = self.queue.paused.iter().filter_map(with_priority);
        paused.max_by_key(|(priority, task)| (*priority, u32::MAX - task))
    }

    fn has_room_again(&self, task: TaskId) -> bool {
        let Some(job) = self.jobs.get(task as usize) else { return false };
        let load = job.spec.load;
        job.at_pace(task, Pace::Paused).iter().all(|(_, agent)| {
            let carried = self.queue.carried.get(agent).copied().unwrap_or_default();
            let capacity = self.capacities.get(agent).copied().unwrap_or(u32::MAX);
            // One that can carry it no more says so, and another is found.
            carried == 0 || carried.saturating_add(load) <= capacity
        })
    }

    /// Has tasks of the lowest priority make way, one for each of a higher one that waits, and for the paused one.
    fn clear_slots(&mut self, paused: Option<(u8, TaskId)>, out: &mut impl Outlet<Work>) {
        loop {
            let making_way = self.queue.slots.iter().filter(|task| self.makes_way(**task)).count();
            let at_work = self.queue.slots.iter().filter_map(|task| self.may_make_way(*task));
            let Some((priority, _, task)) = at_work.min() else { return };
            let mut claims = self.queue.waiting_above(priority, making_way + 1);
            claims.extend(paused.filter(|(claimed, _)| *claimed > priority));
            // The first of them have made others make way.
            let Some((_, by)) = claims.get(making_way) else { return };
            self.pause(task, *by, out);
        }
    }

    fn makes_way(&self, task: TaskId) -> bool {
        let job = self.jobs.get(task as usize);
        job.is_some_and(|job| !job.at_pace(task, Pace::Pausing).is_empty())
    }

    /// The priority of a task that is at work with all of its attempts: the lowest makes way, and the last that came of several.
    fn may_make_way(&self, task: TaskId) -> Option<(u8, u32, TaskId)> {
        let job = self.jobs.get(task as usize)?;
        let mut running = job.running(task).peekable();
        running.peek()?;
        let all_run = running.all(|(_, attempt)| attempt.pace() == Pace::Running);
        (all_run && job.phase == Phase::Working).then_some((
            job.spec.priority,
            u32::MAX - task,
            task,
        ))
    }

    /// Nobody has room for this task: one of a lower priority makes way at an agent that could do it.
    pub(super) fn make_room(&mut self, task: TaskId, out: &mut impl Outlet<Work>) {
        if !self.rules.preempts {
            return;
        }
        self.free_slots();
        let Some(job) = self.jobs.get(task as usize) else { return };
        let at_one_that_could = |other: &TaskId| {
            let running = self.jobs[*other as usize].running(*other);
            running.into_iter().any(|(_, attempt)| {
                let was_here = attempt.pauses.iter().any(|pause| pause.by == task);
                !was_here && self.was_full(job, attempt.agent)
            })
        };
        let could = self.queue.slots.iter().filter(|other| at_one_that_could(other));
        let lower = could.filter_map(|other| self.may_make_way(*other)).min();
        if let Some((_, _, other)) = lower.filter(|(priority, ..)| *priority < job.spec.priority) {
            self.pause(other, task, out);
        }
    }

    /// Has the task's agents pause, so that another can run.
    fn pause(&mut self, task: TaskId, by: TaskId, out: &mut impl Outlet<Work>) {
        let Some(job) = self.jobs.get(task as usize) else { return };
        let running = job.at_pace(task, Pace::Running);
        out.note(WorkNote::Preempted { task, by });
        for (lease, agent) in running {
            let Some(attempt) = self.running_mut(lease, agent) else { continue };
            attempt.pauses.push(Pause { by, since_us: None, until_us: None, is_over: false });
            // One that has not confirmed the award is told as soon as it has.
            if attempt.taken {
                self.say_again(lease, agent, out);
            }
        }
        self.keep(task, out);
    }

    /// The task's agents go on.
    fn go_on_with(&mut self, task: TaskId, out: &mut impl Outlet<Work>) {
        let now_us = out.now();
        let Some(job) = self.jobs.get(task as usize) else { return };
        let (paused, load) = (job.at_pace(task, Pace::Paused), job.spec.load);
        self.queue.paused.retain(|it| *it != task);
        for (lease, agent) in paused {
            let Some(attempt) = self.running_mut(lease, agent) else { continue };
            if let Some(pause) = attempt.pauses.last_mut() {
                pause.until_us = Some(now_us);
            }
            let end_us = self.attempt_under(lease).map(|attempt| self.lease_end(attempt));
            let left_us = end_us.map_or(0, |end_us| end_us.since(now_us));
            out.note(WorkNote::Resumed { task, part: lease.part, agent });
            self.book_award(agent, load);
            self.queue.running += 1;
            self.queue.carry(agent, load, 0);
            out.set_timer(WorkTimer::LeaseEnd(lease), left_us);
            self.say_again(lease, agent, out);
        }
        self.take_slot(task);
        self.keep(task, out);
    }

    /// Says the last word on an attempt, and again until it is confirmed.
    pub(super) fn say_again(&self, lease: Lease, agent: AgentId, out: &mut impl Outlet<Work>) {
        self.send_award(lease, agent, out);
        out.set_timer(WorkTimer::Award(lease), RESEND_US);
    }

    /// The worker has paused, with so much done.
    pub(super) fn hear_paused(
        &mut self,
        (lease, from): (Lease, AgentId),
        (turn, permille): (u16, u16),
        out: &mut impl Outlet<Work>,
    ) {
        let now_us = out.now();
        let Some(attempt) = self.running_mut(lease, from) else {
            // It has not heard that it was called off.
            return out.send(from, UNNUMBERED, WorkTalk::Cancel(lease));
        };
        if attempt.turn() != turn || attempt.pace() != Pace::Pausing {
            return;
        }
        if let Some(pause) = attempt.pauses.last_mut() {
            pause.since_us = Some(now_us);
        }
        attempt.permille = attempt.permille.max(permille);
        out.note(WorkNote::Paused { task: lease.task, part: lease.part, agent: from });
        out.cancel_timer(WorkTimer::Award(lease));
        out.cancel_timer(WorkTimer::LeaseEnd(lease));
        let load = self.jobs[lease.task as usize].spec.load;
        self.queue.put_aside(lease.task, from, load);
        self.book_less(from, load);
        self.keep(lease.task, out);
        self.wake(out);
    }

    /// The worker says that it works on the part: in answer to the award of this turn, or by a report.
    pub(super) fn hear_at_work(
        &mut self,
        (lease, from): (Lease, AgentId),
        turn: Option<u16>,
        out: &mut impl Outlet<Work>,
    ) {
        let Some(attempt) = self.running_mut(lease, from) else { return };
        let own = attempt.turn();
        match attempt.pace() {
            Pace::Running => {}
            Pace::Resuming if turn == Some(own) => {
                if let Some(pause) = attempt.pauses.last_mut() {
                    pause.is_over = true;
                }
                out.cancel_timer(WorkTimer::Award(lease));
                self.keep(lease.task, out);
            }
            Pace::Resuming => {}
            // It has not heard yet that it is to pause, or has forgotten it.
            Pace::Pausing => self.say_again(lease, from, out),
            Pace::Paused => self.send_award(lease, from, out),
        }
    }
}
