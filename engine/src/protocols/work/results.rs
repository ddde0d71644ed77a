//! The results of awards: deliveries, failures, leases that end, and the task's own end (W5).

use std::sync::Arc;

use super::account::Account;
use super::assess::Check;
use super::board::{Board, BoardEntry};
use super::job::{Attempt, AttemptEnd, Phase};
use super::pause::Pace;
use super::reputation::Outcome;
use super::role::Work;
use super::synthesis::{PartEnd, Reason, TaskStatus, synthesise};
use super::talk::UNNUMBERED;
use super::talk::{Delivery, Lease, Verdict, WorkTalk, WorkTimer};
use super::task::TaskId;
use crate::common::signal::Signal;
use crate::protocol::contract::Outlet;
use crate::protocols::work::note::WorkNote;
use crate::sim::AgentId;

/// So often agents may find that they cannot take a part, besides the attempts it has.
const NOT_TAKEN_MAX: usize = 100;

impl Board {
    /// A result: counts once, and only under its lease. Who sent it is told either way.
    pub(super) fn receive(
        &mut self,
        from: AgentId,
        delivery: &Delivery,
        out: &mut impl Outlet<Work>,
    ) {
        let lease = delivery.lease;
        // While this node stood still the lease may have ended without its noticing.
        let running = self.running(lease, from).filter(|attempt| attempt.pace() != Pace::Paused);
        if running.is_some_and(|attempt| out.now() > self.lease_end(attempt)) {
            self.expire(lease, out);
        }
        let receipt = |verdict| WorkTalk::Receipt { lease, verdict };
        if self.running(lease, from).is_none() {
            return match self.came_before(lease, from, out) {
                Some(verdict) => out.send(from, UNNUMBERED, receipt(verdict)),
                None => out.refuse(from),
            };
        }
        out.send(from, UNNUMBERED, receipt(self.judge(delivery)));
        let (task, part) = (lease.task, lease.part);
        let account = delivery.account.clone();
        let mut began_us = out.now();
        if let Some(attempt) = self.running_mut(lease, from) {
            attempt.account.clone_from(&account);
            if let Some(done) = &delivery.done {
                began_us = attempt.awarded_us.after(done.waited_us);
                attempt.began_us = Some(began_us);
            }
        }
        let outcome = match &delivery.done {
            Some(done) => Outcome::Success { quality: done.quality.min(100) },
            None => Outcome::Failure,
        };
        match &account {
            Some(account) => self.settle_account(account, lease, out),
            None => self.settle(from, lease, outcome, out),
        }
        match &delivery.done {
            Some(done) => {
                let quality = done.quality.min(100);
                out.note(WorkNote::Delivered { task, part, agent: from, quality });
                self.end_attempt(lease, AttemptEnd::Done, out);
                let (agent, data, took_us) = (from, done.data.clone(), done.took_us);
                let end = PartEnd::Done { agent, quality, data, began_us, took_us, account };
                self.end_part((task, part), end, out);
            }
            None => {
                out.note(WorkNote::PartFailed { task, part, agent: from });
                self.end_attempt(lease, AttemptEnd::Failed, out);
                self.try_again(lease, out);
            }
        }
        self.wake(out);
    }

    /// The verdict on a result that counts, before it is taken in. A task that was awarded to a manager is
    /// completed by the manager's own result.
    fn judge(&mut self, delivery: &Delivery) -> Verdict {
        let lease = delivery.lease;
        let account = delivery.account.as_ref();
        let is_whole = delivery.done.is_some() && account.is_none_or(|it| !it.has_gap());
        match self.jobs.get_mut(lease.task as usize) {
            Some(job) if is_whole && job.on_behalf.is_none() && job.lacks_only(lease.part) => {
                Arc::make_mut(job).completed_by = Some(lease);
                Verdict::Completes
            }
            _ => Verdict::Counts,
        }
    }

    /// The verdict on a result of an attempt that is over; `None` if there was no such attempt.
    fn came_before(
        &mut self,
        lease: Lease,
        from: AgentId,
        out: &mut impl Outlet<Work>,
    ) -> Option<Verdict> {
        let completed_by = self.jobs.get(lease.task as usize)?.completed_by;
        let part = self.part(lease.task, lease.part)?;
        let attempt = part.attempts.get_mut(usize::from(lease.attempt).checked_sub(1)?)?;
        if attempt.agent != from {
            return None;
        }
        if matches!(attempt.end, Some((AttemptEnd::Done | AttemptEnd::Failed, _))) {
            let completes = completed_by == Some(lease);
            return Some(if completes { Verdict::Completes } else { Verdict::Counts });
        }
        // Said twice, it is late once.
        if !std::mem::replace(&mut attempt.late, true) {
            self.note_down(BoardEntry::Late(self.late + 1), out);
            out.note(WorkNote::CameTooLate { task: lease.task, part: lease.part, agent: from });
            self.keep(lease.task, out);
        }
        Some(Verdict::Late)
    }

    fn settle(
        &mut self,
        agent: AgentId,
        lease: Lease,
        outcome: Outcome,
        out: &mut impl Outlet<Work>,
    ) {
        let now_us = out.now();
        self.note_down(BoardEntry::Settled { agent, lease, outcome, now_us }, out);
        self.book_outcome(agent, outcome);
        self.tell_earned(agent, outcome, out);
    }

    /// Credits the outcomes of a manager's workers to them.
    fn settle_account(
        &mut self,
        account: &Arc<Account>,
        lease: Lease,
        out: &mut impl Outlet<Work>,
    ) {
        let (task, part, now_us) = (lease.task, lease.part, out.now());
        for it in &account.tries {
            let agent = it.agent;
            match it.outcome {
                Some(Outcome::Success { quality }) => {
                    out.note(WorkNote::WorkerDid { task, part, agent, quality });
                }
                Some(Outcome::Failure) => out.note(WorkNote::WorkerFailed { task, part, agent }),
                None => {}
            }
        }
        self.note_down(BoardEntry::Accounted { account: account.clone(), lease, now_us }, out);
        for it in &account.tries {
            it.outcome.into_iter().for_each(|outcome| self.tell_earned(it.agent, outcome, out));
        }
    }

    fn tell_earned(&self, agent: AgentId, outcome: Outcome, out: &mut impl Outlet<Work>) {
        let is_done = matches!(outcome, Outcome::Success { .. });
        out.raise(Signal::Earned { agent, is_done, reputation: self.standings.of(agent) });
    }

    /// The lease ends without a result. An agent that had taken the part has failed; one that never heard of
    /// it has not.
    pub(super) fn expire(&mut self, lease: Lease, out: &mut impl Outlet<Work>) {
        let Some(attempt) = self.attempt_under(lease) else { return };
        let (agent, taken) = (attempt.agent, attempt.taken);
        out.note(WorkNote::LeaseExpired { task: lease.task, part: lease.part, agent });
        if taken {
            self.settle(agent, lease, Outcome::Failure, out);
        }
        out.send(agent, UNNUMBERED, WorkTalk::Cancel(lease));
        self.end_attempt(lease, AttemptEnd::Expired, out);
        self.doubt(agent, out);
        self.try_again(lease, out);
        self.wake(out);
    }

    /// The attempt that runs under this lease is over.
    pub(super) fn end_attempt(
        &mut self,
        lease: Lease,
        end: AttemptEnd,
        out: &mut impl Outlet<Work>,
    ) {
        let now_us = out.now();
        out.cancel_timer(WorkTimer::Award(lease));
        out.cancel_timer(WorkTimer::LeaseEnd(lease));
        let part = self.part(lease.task, lease.part);
        let load = part.as_ref().map_or(0, |part| part.spec.load);
        if let Some(attempt) = part.and_then(|part| part.attempts.last_mut()) {
            let was_paused = attempt.pace() == Pace::Paused;
            attempt.end = Some((end, now_us));
            let (agent, took_us) = (attempt.agent, now_us.since(attempt.awarded_us));
            let took_us = took_us.saturating_sub(attempt.paused_us());
            if !was_paused {
                self.queue.running -= 1;
                self.queue.carry(agent, 0, load);
                self.book_less(agent, load);
            }
            self.book_end(agent, end, (took_us, now_us));
        }
        if self.manager.is_some() {
            self.queue.close(lease.task);
        }
    }

    /// The next best who can and has not tried; if there is none, all are asked again. After so many attempts
    /// it has failed.
    pub(super) fn try_again(&mut self, lease: Lease, out: &mut impl Outlet<Work>) {
        let (task, most) = (lease.task, self.rules.attempts as usize);
        let Some(part) = self.part(task, lease.part) else { return };
        let refused = |it: &&Attempt| it.end.is_some_and(|(end, _)| end.is_no_try());
        let counted = part.attempts.iter().filter(|it| !refused(it)).count();
        let was_refused = part.attempts.last().as_ref().is_some_and(refused);
        if counted >= most || part.attempts.len() >= most + NOT_TAKEN_MAX {
            let reason = reason_of(&part.attempts);
            return self.end_part((task, lease.part), PartEnd::Failed { reason }, out);
        }
        if let Some(agent) = self.untried(lease).filter(|_| self.has_slot(task)) {
            return self.award((task, lease.part), agent, None, out);
        }
        if self.manager.is_some() && was_refused {
            return self.nobody(task, out);
        }
        let job = Arc::make_mut(&mut self.jobs[task as usize]);
        // One that is announced or waits already is asked about anyway.
        if job.phase == Phase::Working {
            job.phase = Phase::Waiting;
            self.queue.add(task, &job.spec);
        }
        self.keep(task, out);
    }

    /// An agent lets another have a part that it has not begun: that one is awarded it. The first is told that this was heard.
    pub(super) fn move_to(
        &mut self,
        lease: Lease,
        from: AgentId,
        to: AgentId,
        out: &mut impl Outlet<Work>,
    ) {
        let (task, part) = (lease.task, lease.part);
        if self.running(lease, from).is_some() {
            out.note(WorkNote::Moved { task, part, agent: to });
            self.end_attempt(lease, AttemptEnd::Moved, out);
            // Its slot may have gone to another, if it was told to pause.
            if self.members.binary_search(&to).is_ok() && self.has_slot(task) {
                self.award((task, part), to, None, out);
            } else {
                self.try_again(lease, out);
            }
            self.wake(out);
        }
        out.send(from, UNNUMBERED, WorkTalk::Cancel(lease));
    }

    /// Parts that nobody takes have failed.
    pub(super) fn give_up(&mut self, task: TaskId, out: &mut impl Outlet<Work>) {
        let job = Arc::make_mut(&mut self.jobs[task as usize]);
        if job.parts.is_empty() {
            return self.end_early(task, &Reason::NobodyCapable, out);
        }
        job.phase = Phase::Working;
        let open: Vec<u16> = job.open_parts().map(|(part, _)| part).collect();
        for part in open {
            let Some(it) = self.part(task, part) else { continue };
            let focus = it.focus();
            // Nobody ever took it, of a team that was to find somebody.
            let reason = match it.attempts.is_empty() && !focus.is_empty() {
                true => Reason::Uncovered(focus),
                false => reason_of(&it.attempts),
            };
            self.end_part((task, part), PartEnd::Failed { reason }, out);
        }
    }

    fn end_part(&mut self, (task, part): (TaskId, u16), end: PartEnd, out: &mut impl Outlet<Work>) {
        if let Some(part) = self.part(task, part) {
            part.end = Some(end);
        }
        self.go_on_after((task, part), out);
        let Some(job) = self.jobs.get(task as usize) else { return };
        if job.parts.iter().all(|part| part.end.is_some()) {
            self.end(task, None, out);
        } else {
            self.keep(task, out);
        }
    }

    /// All parts have ended: what they come to. A reason is why it ended before its time.
    pub(super) fn end(
        &mut self,
        task: TaskId,
        reason: Option<Reason>,
        out: &mut impl Outlet<Work>,
    ) {
        let Some(job) = self.jobs.get_mut(task as usize).map(Arc::make_mut) else { return };
        let ends = job.parts.iter().filter_map(|part| Some((part.focus(), part.end.clone()?)));
        let parts: Vec<(Arc<str>, PartEnd)> = ends.collect();
        let mut synthesis = synthesise(&job.spec, &parts, &job.team.uncovered);
        // The warnings in the account of a manager that failed at a part.
        for part in job.parts.iter().filter(|it| matches!(it.end, Some(PartEnd::Failed { .. }))) {
            let account = part.attempts.last().and_then(|it| it.account.as_ref());
            synthesis.warnings.extend(account.iter().flat_map(|it| it.warnings.clone()));
        }
        let status = synthesis.status;
        if status == TaskStatus::Failed {
            let failed = parts.into_iter().find_map(|(_, end)| match end {
                PartEnd::Failed { reason } => Some(reason),
                PartEnd::Done { .. } => None,
            });
            job.reason = reason.or(failed).or(Some(Reason::NobodyCapable));
        }
        job.synthesis = Some(Arc::new(synthesis));
        (job.phase, job.stalled, job.ended_us) = (Phase::Ended, false, Some(out.now()));
        out.raise(Signal::TaskEnded);
        job.let_go_of_bids();
        let spec = job.spec.clone();
        self.queue.ended.extend(job.on_behalf.map(|(whose, lease)| (whose, lease, task)));
        self.queue.remove(task, &spec);
        for timer in [WorkTimer::Bids(task), WorkTimer::Again(task), WorkTimer::Deadline(task)] {
            out.cancel_timer(timer);
        }
        out.note(WorkNote::TaskEnded { task, status });
        self.keep(task, out);
        for other in self.queue.release(task, status == TaskStatus::Failed) {
            let spec = self.jobs[other as usize].spec.clone();
            self.queue.add(other, &spec);
        }
    }

    /// Ends a task that is open: parts that run are called off.
    pub(super) fn end_early(&mut self, task: TaskId, reason: &Reason, out: &mut impl Outlet<Work>) {
        let Some(job) = self.jobs.get_mut(task as usize).map(Arc::make_mut) else { return };
        if job.phase == Phase::Ended {
            return;
        }
        let running: Vec<(Lease, AgentId)> =
            job.running(task).map(|(lease, attempt)| (lease, attempt.agent)).collect();
        for part in &mut job.parts {
            part.end.get_or_insert_with(|| PartEnd::Failed { reason: reason.clone() });
        }
        let were_running = !running.is_empty();
        for (lease, agent) in running {
            self.end_attempt(lease, AttemptEnd::Cancelled, out);
            out.send(agent, UNNUMBERED, WorkTalk::Cancel(lease));
        }
        self.end(task, Some(reason.clone()), out);
        if were_running {
            self.wake(out);
        }
    }
}

/// Why a part was not done: what its last attempt that was one came to.
fn reason_of(attempts: &[Attempt]) -> Reason {
    let reason = |attempt: &Attempt| match attempt.end {
        Some((AttemptEnd::Failed, _)) => {
            let told = attempt.account.as_ref().and_then(|account| account.reason.clone());
            Some(told.unwrap_or(Reason::Failed))
        }
        Some((AttemptEnd::Expired, _)) => Some(Reason::LeaseExpired),
        _ => None,
    };
    let is_ill =
        |attempt: &Attempt| matches!(attempt.end, Some((AttemptEnd::NotTaken(Check::Health), _)));
    let otherwise = match attempts.last().is_some_and(is_ill) {
        true => Reason::Unhealthy,
        false => Reason::NobodyCapable,
    };
    attempts.iter().rev().find_map(reason).unwrap_or(otherwise)
}
