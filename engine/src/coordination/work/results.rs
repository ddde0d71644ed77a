//! What comes of what was awarded: results, failures, leases that end, and the task's own end (W5).

use std::sync::Arc;

use super::board::{Board, BoardEntry};
use super::job::{AttemptEnd, Job, Phase};
use super::reputation::Outcome;
use super::synthesis::{PartEnd, Reason, Status, synthesise};
use super::talk::{Delivery, Lease, WorkTalk, WorkTimer};
use super::task::TaskId;
use super::worker::{RESEND_US, about_work};
use crate::coordination::note::Note;
use crate::coordination::swarm::{Swarm, Timer};
use crate::sim::{AgentId, Outbox};

impl Board {
    /// A result: counts once, and only under its lease. Who sent it is told either way.
    pub(super) fn receive(
        &mut self,
        from: AgentId,
        delivery: &Delivery,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let lease = delivery.lease;
        let receipt = |counts| about_work(WorkTalk::Receipt { lease, counts });
        if self.running(lease, from).is_none() {
            let place = usize::from(lease.attempt).checked_sub(1);
            let part = self.part(lease.task, lease.part);
            let attempt = part.and_then(|part| part.attempts.get_mut(place?));
            let Some(attempt) = attempt.filter(|attempt| attempt.agent == from) else {
                return out.note(Note::Misdirected { from });
            };
            let counted = matches!(attempt.end, Some((AttemptEnd::Done | AttemptEnd::Failed, _)));
            if !counted && !std::mem::replace(&mut attempt.late, true) {
                let (late, refused) = (self.late + 1, self.refused);
                self.note_down(BoardEntry::Counts { late, refused }, out);
                self.keep(lease.task, out);
                out.note(Note::CameTooLate { task: lease.task, part: lease.part, agent: from });
            }
            return out.send(from, receipt(counted));
        }
        out.send(from, receipt(true));
        let (task, part) = (lease.task, lease.part);
        match &delivery.done {
            Some(done) => {
                let quality = done.quality.min(100);
                self.settle(from, lease, Outcome::Success { quality }, out);
                out.note(Note::Delivered { task, part, agent: from, quality });
                self.end_attempt(lease, AttemptEnd::Done, out);
                let (agent, data, took_us) = (from, done.data.clone(), done.took_us);
                self.end_part(lease, PartEnd::Done { agent, quality, data, took_us }, out);
            }
            None => {
                self.settle(from, lease, Outcome::Failure, out);
                out.note(Note::PartFailed { task, part, agent: from });
                self.end_attempt(lease, AttemptEnd::Failed, out);
                self.try_again(lease, Reason::Failed, out);
            }
        }
        self.wake(out);
    }

    fn settle(
        &mut self,
        agent: AgentId,
        lease: Lease,
        outcome: Outcome,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let now_us = out.now_us();
        self.note_down(BoardEntry::Settled { agent, lease, outcome, now_us }, out);
    }

    /// The lease ends without a result. Who had taken it has failed; who never heard of it has not.
    pub(super) fn expire(&mut self, lease: Lease, out: &mut Outbox<'_, Swarm>) {
        let Some(agent) = self.holder(lease) else { return };
        let taken = self.running(lease, agent).is_some_and(|attempt| attempt.taken);
        out.note(Note::LeaseExpired { task: lease.task, part: lease.part, agent });
        if taken {
            self.settle(agent, lease, Outcome::Failure, out);
        }
        out.send(agent, about_work(WorkTalk::Cancel(lease)));
        self.end_attempt(lease, AttemptEnd::Expired, out);
        self.try_again(lease, Reason::LeaseExpired, out);
        self.wake(out);
    }

    pub(super) fn end_attempt(
        &mut self,
        lease: Lease,
        end: AttemptEnd,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let now_us = out.now_us();
        out.cancel_timer(Timer::Work(WorkTimer::Award(lease)));
        out.cancel_timer(Timer::Work(WorkTimer::LeaseEnd(lease)));
        if let Some(attempt) =
            self.part(lease.task, lease.part).and_then(|it| it.attempts.last_mut())
        {
            attempt.end = Some((end, now_us));
        }
    }

    /// The next best who can and has not tried; then from the beginning. After so many attempts it has failed.
    pub(super) fn try_again(&mut self, lease: Lease, reason: Reason, out: &mut Outbox<'_, Swarm>) {
        let attempts = self.rules.attempts as usize;
        let Some(job) = self.jobs.get_mut(lease.task as usize) else { return };
        let Some(part) = job.parts.get(usize::from(lease.part)) else { return };
        let tried = |agent: AgentId| part.attempts.iter().filter(|it| it.agent == agent).count();
        let required = &part.spec.skills;
        let fits = |agent: AgentId| {
            let skills = job.skills_of(agent);
            required.is_empty() || required.iter().any(|skill| skills.contains(skill))
        };
        let able = job.ranking.iter().map(|(agent, _)| *agent).filter(|agent| fits(*agent));
        let next = able.enumerate().min_by_key(|(place, agent)| (tried(*agent), *place));
        match next {
            Some((_, agent)) if part.attempts.len() < attempts => {
                self.award((lease.task, lease.part), agent, out);
            }
            // Everyone is busy: it waits for its turn once more, with the attempts it has left.
            _ if reason == Reason::NobodyCapable && job.parts.len() == 1 => {
                (job.phase, job.stalled) = (Phase::Waiting, true);
                out.set_timer(Timer::Work(WorkTimer::Again(lease.task)), RESEND_US);
                self.keep(lease.task, out);
            }
            _ => self.end_part(lease, PartEnd::Failed { reason }, out),
        }
    }

    pub(super) fn end_part(&mut self, lease: Lease, end: PartEnd, out: &mut Outbox<'_, Swarm>) {
        if let Some(part) = self.part(lease.task, lease.part) {
            part.end = Some(end);
        }
        let all = |job: &Job| job.parts.iter().all(|part| part.end.is_some());
        if self.jobs.get(lease.task as usize).is_some_and(all) {
            self.end(lease.task, out);
        } else {
            self.keep(lease.task, out);
        }
    }

    /// All parts have ended: what they come to.
    fn end(&mut self, task: TaskId, out: &mut Outbox<'_, Swarm>) {
        let Some(job) = self.jobs.get_mut(task as usize) else { return };
        let ends = job.parts.iter().filter_map(|part| Some((part.focus(), part.end.clone()?)));
        let parts: Vec<(Arc<str>, PartEnd)> = ends.collect();
        let synthesis = synthesise(&job.spec, &parts, &job.team.uncovered);
        let status = synthesis.status;
        if status == Status::Failed {
            let failed = parts.into_iter().find_map(|(_, end)| match end {
                PartEnd::Failed { reason } => Some(reason),
                PartEnd::Done { .. } => None,
            });
            job.reason = job.reason.take().or(failed).or(Some(Reason::NobodyCapable));
        }
        job.synthesis = Some(Arc::new(synthesis));
        (job.phase, job.ended_us) = (Phase::Ended, Some(out.now_us()));
        out.cancel_timer(Timer::Work(WorkTimer::Deadline(task)));
        out.note(Note::TaskEnded { task, status });
        self.keep(task, out);
        self.schedule(out);
    }

    /// It ends whatever stands: parts that run are called off.
    pub(super) fn end_early(&mut self, task: TaskId, reason: &Reason, out: &mut Outbox<'_, Swarm>) {
        let Some(job) = self.jobs.get_mut(task as usize) else { return };
        if job.phase == Phase::Ended {
            return;
        }
        out.cancel_timer(Timer::Work(WorkTimer::Bids(task)));
        out.cancel_timer(Timer::Work(WorkTimer::Again(task)));
        let mut called_off = Vec::new();
        for (place, part) in job.parts.iter_mut().enumerate() {
            if let Some(attempt) = part.running() {
                let lease = Lease { task, part: place as u16, attempt: part.attempts.len() as u16 };
                called_off.push((lease, attempt.agent));
            }
            part.end.get_or_insert_with(|| PartEnd::Failed { reason: reason.clone() });
        }
        // Of a task with nothing done this is why.
        job.reason = Some(reason.clone());
        for (lease, agent) in called_off {
            self.end_attempt(lease, AttemptEnd::Cancelled, out);
            out.send(agent, about_work(WorkTalk::Cancel(lease)));
        }
        self.end(task, out);
    }
}
