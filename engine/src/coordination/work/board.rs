//! Who shares out work (W2–W5): announces a task, takes bids, ranks them, awards its parts, waits for results,
//! tries again, and puts together what came. The coordinator, or a manager with workers of its own. It decides
//! for nobody: whoever works has said that it can.

use std::sync::Arc;

use super::job::{Answer, Attempt, AttemptEnd, Job, PartJob, Phase};
use super::reputation::{Outcome, Standings};
use super::score::{Policy, rank, score};
use super::synthesis::{Reason, Status};
use super::talk::{Award, Call, Lease, WorkTalk, WorkTimer};
use super::task::{Task, TaskId, decompose};
use super::team::{Candidate, team};
use super::worker::{RESEND_US, about_work};
use super::{WorkRules, assess::Check};
use crate::coordination::note::Note;
use crate::coordination::swarm::{Entry, Swarm, Timer};
use crate::map::Map;
use crate::sim::{AgentId, Outbox};

/// More tasks than this are not announced at once: who bids for one must not bid for ten.
const ANNOUNCED_MAX: usize = 4;

/// Tasks, who can do them, and how they stand.
#[derive(Clone, Debug, Default)]
pub struct Board {
    pub rules: Arc<WorkRules>,
    pub policy: Policy,
    pub jobs: Vec<Job>,
    pub standings: Standings,
    /// Whom it asks for bids.
    pub members: Vec<AgentId>,
    /// Whether there is any work in this swarm.
    pub is_used: bool,
    /// What each agent can carry, as it said last.
    pub capacities: Map<AgentId, u32>,
    /// Results that came after their lease.
    pub late: u32,
    /// Tasks that were refused.
    pub refused: u32,
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum BoardEntry {
    Job(TaskId, Box<Job>),
    Settled { agent: AgentId, lease: Lease, outcome: Outcome, now_us: u64 },
    Member { agent: AgentId, reputation: u32, is_there: bool },
    Policy(Policy),
    Counts { late: u32, refused: u32 },
}

impl Board {
    #[must_use]
    pub fn new(rules: Arc<WorkRules>) -> Self {
        Self { policy: rules.policy, rules, is_used: true, ..Self::default() }
    }

    /// Carries out one change; the same in memory and in the journal.
    pub fn write(&mut self, entry: &BoardEntry) {
        match entry {
            BoardEntry::Job(task, job) => match self.jobs.get_mut(*task as usize) {
                Some(old) => *old = (**job).clone(),
                None => self.jobs.push((**job).clone()),
            },
            BoardEntry::Settled { agent, lease, outcome, now_us } => {
                let key = (lease.task, lease.part, u32::from(lease.attempt));
                self.standings.settle(*agent, key, *outcome, *now_us);
            }
            BoardEntry::Member { agent, reputation, is_there } => {
                self.members.retain(|member| member != agent);
                if *is_there {
                    let place = self.members.partition_point(|member| member < agent);
                    self.members.insert(place, *agent);
                    self.standings.enter(*agent, *reputation);
                }
            }
            BoardEntry::Policy(policy) => self.policy = *policy,
            BoardEntry::Counts { late, refused } => (self.late, self.refused) = (*late, *refused),
        }
    }

    pub(super) fn note_down(&mut self, entry: BoardEntry, out: &mut Outbox<'_, Swarm>) {
        self.write(&entry);
        out.persist(Entry::Board(Box::new(entry)));
    }

    /// What of a task has changed since it was written down last, survives from now on.
    pub(super) fn keep(&self, task: TaskId, out: &mut Outbox<'_, Swarm>) {
        if let Some(job) = self.jobs.get(task as usize) {
            out.persist(Entry::Board(Box::new(BoardEntry::Job(task, Box::new(job.clone())))));
        }
    }

    /// An agent can be asked from now on, or no longer.
    pub fn set_member(&mut self, agent: AgentId, is_there: bool, out: &mut Outbox<'_, Swarm>) {
        let reputation = self.standings.of(agent);
        self.note_down(BoardEntry::Member { agent, reputation, is_there }, out);
        if is_there {
            self.wake(out);
        }
    }

    pub fn set_policy(&mut self, policy: Policy, out: &mut Outbox<'_, Swarm>) {
        self.note_down(BoardEntry::Policy(policy), out);
        out.note(Note::WorkChanged);
    }

    /// A task comes in.
    pub fn submit(&mut self, task: &Arc<Task>, out: &mut Outbox<'_, Swarm>) {
        let known = |name: &str| self.jobs.iter().any(|job| job.spec.name == name);
        if known(&task.name) || !task.depends_on.iter().all(|name| known(name)) {
            let (late, refused) = (self.late, self.refused + 1);
            self.note_down(BoardEntry::Counts { late, refused }, out);
            return out.note(Note::TaskRefused);
        }
        let id = self.jobs.len() as TaskId;
        self.jobs.push(Job::new(task.clone(), out.now_us()));
        out.note(Note::TaskCame { task: id });
        if let Some(deadline_us) = task.deadline_us {
            out.set_timer(Timer::Work(WorkTimer::Deadline(id)), deadline_us);
        }
        self.keep(id, out);
        self.schedule(out);
    }

    pub fn on_talk(&mut self, from: AgentId, talk: &WorkTalk, out: &mut Outbox<'_, Swarm>) {
        match talk {
            WorkTalk::Bid(bid) => self.hear(bid.task, from, Answer::Bid(bid.clone()), out),
            WorkTalk::NoBid { task, check } => self.hear(*task, from, Answer::No(*check), out),
            WorkTalk::Taken(lease) => {
                if let Some(attempt) = self.running(*lease, from) {
                    attempt.taken = true;
                    out.cancel_timer(Timer::Work(WorkTimer::Award(*lease)));
                    self.keep(lease.task, out);
                }
            }
            WorkTalk::NotTaken { lease, check } => {
                if self.running(*lease, from).is_some() {
                    out.note(Note::NotTaken { task: lease.task, agent: from, check: *check });
                    self.end_attempt(*lease, AttemptEnd::NotTaken(*check), out);
                    self.try_again(*lease, reason_of(*check), out);
                }
            }
            WorkTalk::Progress { lease, permille } => {
                if let Some(attempt) = self.running(*lease, from) {
                    // It has what its award said, even if that answer was lost.
                    (attempt.taken, attempt.permille) = (true, attempt.permille.max(*permille));
                    out.cancel_timer(Timer::Work(WorkTimer::Award(*lease)));
                }
            }
            WorkTalk::Result(delivery) => self.receive(from, delivery, out),
            WorkTalk::Call(_)
            | WorkTalk::Award(_)
            | WorkTalk::Receipt { .. }
            | WorkTalk::Cancel(_) => out.note(Note::Misdirected { from }),
        }
    }

    pub fn on_timer(&mut self, timer: WorkTimer, out: &mut Outbox<'_, Swarm>) {
        match timer {
            WorkTimer::Bids(task) => self.weigh(task, out),
            WorkTimer::Again(task) => {
                if let Some(job) = self.jobs.get_mut(task as usize) {
                    job.stalled = false;
                }
                self.schedule(out);
            }
            WorkTimer::Deadline(task) => self.end_early(task, &Reason::Deadline, out),
            WorkTimer::Award(lease) => {
                if let Some(agent) = self.holder(lease) {
                    self.send_award(lease, agent, out);
                    out.set_timer(Timer::Work(timer), RESEND_US);
                }
            }
            WorkTimer::LeaseEnd(lease) => self.expire(lease, out),
            WorkTimer::Milestone(_) | WorkTimer::Result(_) => {}
        }
    }

    /// After a crash: bids that were waited for are asked for again, awards said again, and leases go on.
    pub fn resume(&mut self, out: &mut Outbox<'_, Swarm>) {
        for task in 0..self.jobs.len() as TaskId {
            let Some(job) = self.jobs.get(task as usize) else { continue };
            if job.phase == Phase::Ended {
                continue;
            }
            if let Some(deadline_us) = job.spec.deadline_us {
                let at_us = job.submitted_us.saturating_add(deadline_us);
                let left_us = at_us.saturating_sub(out.now_us());
                out.set_timer(Timer::Work(WorkTimer::Deadline(task)), left_us);
            }
            let mut leases = Vec::new();
            for (place, part) in job.parts.iter().enumerate() {
                if let Some(attempt) = part.running() {
                    let attempts = part.attempts.len() as u16;
                    let lease = Lease { task, part: place as u16, attempt: attempts };
                    let end_us = attempt.awarded_us.saturating_add(self.rules.lease_us);
                    leases.push((lease, end_us.saturating_sub(out.now_us())));
                }
            }
            for (lease, left_us) in leases {
                out.set_timer(Timer::Work(WorkTimer::LeaseEnd(lease)), left_us);
                out.set_timer(Timer::Work(WorkTimer::Award(lease)), 0);
            }
            let job = &mut self.jobs[task as usize];
            if job.phase == Phase::Announced {
                job.phase = Phase::Waiting;
            }
            job.stalled = false;
        }
        self.schedule(out);
    }

    /// Somebody is free: who waits for that is asked for again.
    pub(super) fn wake(&mut self, out: &mut Outbox<'_, Swarm>) {
        for job in &mut self.jobs {
            job.stalled = false;
        }
        self.schedule(out);
    }

    /// Announces what is next, by priority and order, as far as may be.
    pub(super) fn schedule(&mut self, out: &mut Outbox<'_, Swarm>) {
        while let Some(failed) = self.orphan() {
            let name = self.jobs[failed.1].spec.name.clone();
            self.end_early(failed.0, &Reason::Dependency(name), out);
        }
        loop {
            let announced = self.jobs.iter().filter(|job| job.phase == Phase::Announced).count();
            if announced >= ANNOUNCED_MAX {
                return;
            }
            let ready = |job: &&(usize, &Job)| {
                job.1.phase == Phase::Waiting && !job.1.stalled && self.is_ready(&job.1.spec)
            };
            let waiting = self.jobs.iter().enumerate();
            let next = waiting
                .filter(|job| ready(&job))
                .max_by_key(|(place, job)| (job.spec.priority, usize::MAX - place));
            let Some((place, _)) = next else { return };
            self.announce(place as TaskId, out);
        }
    }

    /// Whether all that it depends on is done.
    fn is_ready(&self, task: &Task) -> bool {
        task.depends_on.iter().all(|name| {
            let job = self.jobs.iter().find(|job| job.spec.name == *name);
            job.is_some_and(|job| job.phase == Phase::Ended)
        })
    }

    /// A task that waits for one that has failed, and the place of that.
    fn orphan(&self) -> Option<(TaskId, usize)> {
        let waiting = self.jobs.iter().enumerate().filter(|(_, job)| job.phase == Phase::Waiting);
        waiting.filter(|(_, job)| !job.spec.depends_on.is_empty()).find_map(|(place, job)| {
            let failed = self.jobs.iter().position(|other| {
                let failed = other.synthesis.as_ref().is_some_and(|it| it.status == Status::Failed);
                failed && job.spec.depends_on.contains(&other.spec.name)
            });
            Some((place as TaskId, failed?))
        })
    }

    fn announce(&mut self, task: TaskId, out: &mut Outbox<'_, Swarm>) {
        let Some(job) = self.jobs.get_mut(task as usize) else { return };
        (job.phase, job.announced) = (Phase::Announced, job.announced + 1);
        job.answers.clear();
        out.note(Note::TaskAnnounced { task });
        let call = Arc::new(Call { task, spec: job.spec.clone() });
        for member in &self.members {
            out.send(*member, about_work(WorkTalk::Call(call.clone())));
        }
        out.set_timer(Timer::Work(WorkTimer::Bids(task)), self.rules.bid_window_us);
        self.keep(task, out);
    }

    /// An answer to the announcement; one that comes late or twice does not count.
    fn hear(&mut self, task: TaskId, from: AgentId, answer: Answer, out: &mut Outbox<'_, Swarm>) {
        let Some(job) = self.jobs.get_mut(task as usize) else { return };
        let has_answered = job.answers.iter().any(|(agent, _)| *agent == from);
        if job.phase != Phase::Announced || has_answered || !self.members.contains(&from) {
            return;
        }
        out.note(match &answer {
            Answer::Bid(_) => Note::BidCame { task, agent: from },
            Answer::No(check) => Note::NoBid { task, agent: from, check: *check },
        });
        if let Answer::Bid(bid) = &answer {
            self.capacities.insert(from, bid.capacity);
        }
        job.answers.push((from, answer));
        if job.answers.len() == self.members.len() {
            out.cancel_timer(Timer::Work(WorkTimer::Bids(task)));
            self.weigh(task, out);
        }
    }

    /// Bids are in: those who can are ranked, and the best team gets it.
    fn weigh(&mut self, task: TaskId, out: &mut Outbox<'_, Swarm>) {
        let policy = self.policy;
        let Some(job) = self.jobs.get(task as usize) else { return };
        if job.phase != Phase::Announced {
            return;
        }
        let scored = job.answers.iter().filter_map(|(agent, answer)| match answer {
            Answer::Bid(bid) => {
                let reputation = self.standings.of(*agent);
                // What it was awarded since it made its bid, it carries too.
                let (required, load) = (&job.spec.skills, bid.load.max(self.awarded_to(*agent)));
                let score = score(policy, reputation, &bid.skills, required, load, bid.capacity);
                Some((*agent, score))
            }
            Answer::No(_) => None,
        });
        let mut ranking: Vec<_> = scored.collect();
        rank(&mut ranking);
        if ranking.is_empty() {
            return self.nobody(task, out);
        }
        let candidates: Vec<Candidate<'_>> = ranking
            .iter()
            .map(|(agent, _)| Candidate { agent: *agent, skills: job.skills_of(*agent) })
            .collect();
        let team = team(&job.spec, &candidates);
        let parts = decompose(&job.spec, task, &team);
        let agents: Vec<AgentId> = parts.iter().flatten().map(|part| part.agent).collect();
        let Ok(parts) = parts else { return self.end_early(task, &Reason::TooDeep, out) };
        let job = &mut self.jobs[task as usize];
        (job.ranking, job.team) = (ranking, team);
        job.phase = Phase::Working;
        job.started_us = job.started_us.or(Some(out.now_us()));
        let part = |spec| PartJob { spec, attempts: Vec::new(), end: None };
        // One that went back to be announced again has its attempts already.
        if job.parts.is_empty() {
            job.parts = parts.into_iter().map(|it| part(it.spec)).collect();
        }
        out.note(Note::TeamMade { task, members: job.team.members.len() as u16 });
        for (place, agent) in
            agents.into_iter().enumerate().take(self.jobs[task as usize].parts.len())
        {
            self.award((task, place as u16), agent, out);
        }
        self.schedule(out);
    }

    /// The load of all that an agent was awarded and has not finished.
    fn awarded_to(&self, agent: AgentId) -> u32 {
        let working = self.jobs.iter().filter(|job| job.phase == Phase::Working);
        let parts = working.flat_map(|job| &job.parts);
        let its = parts.filter(|part| part.running().is_some_and(|it| it.agent == agent));
        its.map(|part| part.spec.load).fold(0, u32::saturating_add)
    }

    /// Nobody has said that it can. Who only carries too much, or was not heard, is asked again.
    fn nobody(&mut self, task: TaskId, out: &mut Outbox<'_, Swarm>) {
        let is_busy = self.jobs.iter().any(Job::is_running);
        let (attempts, members) = (self.rules.attempts, self.members.len());
        let job = &mut self.jobs[task as usize];
        let may_yet = |(_, answer): &(AgentId, Answer)| *answer == Answer::No(Check::Load);
        let is_open = job.answers.len() < members || job.answers.iter().any(may_yet);
        if !is_open || !is_busy && job.announced >= attempts {
            return self.end_early(task, &Reason::NobodyCapable, out);
        }
        out.note(Note::NobodyFree { task });
        (job.phase, job.stalled) = (Phase::Waiting, true);
        out.set_timer(Timer::Work(WorkTimer::Again(task)), self.rules.bid_window_us.max(RESEND_US));
        self.keep(task, out);
        self.schedule(out);
    }

    pub(super) fn award(
        &mut self,
        (task, part): (TaskId, u16),
        agent: AgentId,
        out: &mut Outbox<'_, Swarm>,
    ) {
        let now_us = out.now_us();
        let Some(it) = self.part(task, part) else { return };
        let attempt = Attempt {
            agent,
            awarded_us: now_us,
            taken: false,
            permille: 0,
            end: None,
            late: false,
        };
        it.attempts.push(attempt);
        let lease = Lease { task, part, attempt: it.attempts.len() as u16 };
        out.note(Note::Awarded { task, part, agent });
        self.keep(task, out);
        self.send_award(lease, agent, out);
        out.set_timer(Timer::Work(WorkTimer::Award(lease)), RESEND_US);
        out.set_timer(Timer::Work(WorkTimer::LeaseEnd(lease)), self.rules.lease_us);
    }

    fn send_award(&mut self, lease: Lease, agent: AgentId, out: &mut Outbox<'_, Swarm>) {
        if let Some(part) = self.part(lease.task, lease.part) {
            let award = Arc::new(Award { lease, spec: part.spec.clone() });
            out.send(agent, about_work(WorkTalk::Award(award)));
        }
    }

    pub(super) fn part(&mut self, task: TaskId, part: u16) -> Option<&mut PartJob> {
        self.jobs.get_mut(task as usize)?.parts.get_mut(usize::from(part))
    }

    /// The attempt of this lease, if it runs and is this agent's.
    pub(super) fn running(&mut self, lease: Lease, agent: AgentId) -> Option<&mut Attempt> {
        let part = self.part(lease.task, lease.part)?;
        let is_last = part.attempts.len() == usize::from(lease.attempt);
        let last = part.attempts.last_mut().filter(|it| it.end.is_none() && it.agent == agent);
        last.filter(|_| is_last)
    }

    /// Who works under this lease.
    pub(super) fn holder(&mut self, lease: Lease) -> Option<AgentId> {
        let part = self.part(lease.task, lease.part)?;
        let running = part.running().filter(|_| part.attempts.len() == usize::from(lease.attempt));
        running.map(|attempt| attempt.agent)
    }
}

/// Why a part was not done whose agent could not take it.
fn reason_of(check: Check) -> Reason {
    match check {
        Check::Health => Reason::Unhealthy,
        Check::Skill | Check::Load | Check::Domain => Reason::NobodyCapable,
    }
}
