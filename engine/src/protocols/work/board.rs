//! The agent that shares out work (W2–W5): it announces a task, takes bids, ranks them, awards the parts of
//! the task, waits for results, tries again, and puts together what came. It is the coordinator, or a manager
//! with workers of its own. It decides for nobody: every worker has said itself that it can.

use std::sync::Arc;

use super::WorkRules;
use super::account::Account;
use super::assign::Assign;
use super::dispatch::Dispatch;
use super::job::{Answer, Attempt, AttemptEnd, Job, Phase};
use super::pause::Pace;
use super::queue::Queue;
use super::reputation::{Outcome, Standings};
use super::role::{Work, WorkEntry};
use super::score::Policy;
use super::synthesis::{Reason, TaskStatus};
use super::talk::{Lease, WorkTalk, WorkTimer};
use super::task::{Task, TaskId, TaskRefusal};
use super::worker::RESEND_US;
use crate::common::signal::Signal;
use crate::map::Map;
use crate::protocol::contract::Outlet;
use crate::protocols::work::note::WorkNote;
use crate::sim::{AgentId, LocalTime};

/// As soon as can be after this instant.
const NEXT_US: u64 = 1;

/// Tasks, who can do them, and how they stand.
#[derive(Clone, Debug, Default)]
pub struct Board {
    pub rules: Arc<WorkRules>,
    pub policy: Policy,
    pub assign: Assign,
    pub jobs: Vec<Arc<Job>>,
    pub standings: Standings,
    /// Whom it asks for bids, in order.
    pub members: Arc<Vec<AgentId>>,
    /// Whom it hands every task instead (W11).
    pub manager: Option<AgentId>,
    /// Whether there is any work in this swarm.
    pub is_used: bool,
    /// The capacity of each agent, as it said last.
    pub capacities: Map<AgentId, u32>,
    /// Results that came after their lease.
    pub late: u32,
    /// Why tasks were refused, each by the number in [`WorkNote::TaskRefused`].
    pub refused: Vec<Arc<TaskRefusal>>,
    /// The tasks in the order of their names.
    names: Vec<TaskId>,
    pub(super) queue: Queue,
    /// What it knows of its members, where it assigns by a rule.
    pub(super) dispatch: Dispatch,
    /// The links between it and each agent that was there at the start; none where all are next to it.
    pub hops: Arc<[u32]>,
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum BoardEntry {
    Job(TaskId, Arc<Job>),
    Settled { agent: AgentId, lease: Lease, outcome: Outcome, now_us: LocalTime },
    Accounted { account: Arc<Account>, lease: Lease, now_us: LocalTime },
    Member { agent: AgentId, reputation: u32, is_there: bool },
    Policy(Policy),
    Assign(Assign),
    Late(u32),
    Refused(Arc<TaskRefusal>),
}

impl Board {
    /// The coordinator's.
    #[must_use]
    pub fn new(rules: Arc<WorkRules>) -> Self {
        let (policy, assign, manager) = (rules.policy, rules.assign, rules.manager);
        Self { policy, assign, manager, rules, is_used: true, ..Self::default() }
    }

    /// A manager's, which asks its workers.
    #[must_use]
    pub fn of_manager(rules: Arc<WorkRules>) -> Self {
        Self { manager: None, ..Self::new(rules) }
    }

    /// The tasks that came in, in order.
    pub fn jobs(&self) -> impl ExactSizeIterator<Item = &Job> + DoubleEndedIterator + Clone {
        self.jobs.iter().map(Arc::as_ref)
    }

    /// Carries out one change; the same in memory and in the journal.
    pub fn write(&mut self, entry: &BoardEntry) {
        match entry {
            BoardEntry::Job(task, job) => match self.jobs.get_mut(*task as usize) {
                Some(old) => old.clone_from(job),
                None => self.put(job.clone()),
            },
            BoardEntry::Settled { agent, lease, outcome, now_us } => {
                self.standings.settle(*agent, lease.key(), *outcome, *now_us);
            }
            BoardEntry::Accounted { account, lease, now_us } => {
                self.standings.settle_account(account, lease.key(), *now_us);
            }
            BoardEntry::Member { agent, reputation, is_there } => {
                let place = self.members.binary_search(agent);
                match (place, is_there) {
                    (Err(place), true) => Arc::make_mut(&mut self.members).insert(place, *agent),
                    (Ok(place), false) => {
                        Arc::make_mut(&mut self.members).remove(place);
                    }
                    _ => {}
                }
                if *is_there {
                    self.standings.enter(*agent, *reputation);
                }
            }
            BoardEntry::Policy(policy) => self.policy = *policy,
            BoardEntry::Assign(assign) => self.assign = *assign,
            BoardEntry::Late(late) => self.late = *late,
            BoardEntry::Refused(refusal) => self.refused.push(Arc::clone(refusal)),
        }
    }

    fn put(&mut self, job: Arc<Job>) {
        let place = self.place(&job.spec.name).unwrap_or_else(|place| place);
        self.names.insert(place, self.jobs.len() as TaskId);
        self.jobs.push(job);
    }

    /// Where the task of this name is among the names, or would be.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.names.binary_search_by(|task| self.jobs[*task as usize].spec.name.as_str().cmp(name))
    }

    pub(super) fn find(&self, name: &str) -> Option<TaskId> {
        self.place(name).ok().map(|place| self.names[place])
    }

    pub(super) fn note_down(&mut self, entry: BoardEntry, out: &mut impl Outlet<Work>) {
        self.write(&entry);
        out.persist(WorkEntry::Board(entry));
    }

    /// Makes the present state of a task durable.
    pub(super) fn keep(&self, task: TaskId, out: &mut impl Outlet<Work>) {
        if let Some(job) = self.jobs.get(task as usize) {
            out.persist(WorkEntry::Board(BoardEntry::Job(task, job.clone())));
        }
    }

    /// An agent can be asked from now on, with this reputation unless it is known; or no longer.
    pub fn set_member(&mut self, agent: AgentId, comes: Option<u32>, out: &mut impl Outlet<Work>) {
        if !self.is_used {
            return;
        }
        let (reputation, is_there) = (comes.unwrap_or_default(), comes.is_some());
        self.note_down(BoardEntry::Member { agent, reputation, is_there }, out);
        if !is_there {
            self.forget_abilities(agent);
        }
        if is_there {
            self.wake(out);
            self.schedule(out);
        }
    }

    pub fn set_policy(&mut self, policy: Policy, out: &mut impl Outlet<Work>) {
        self.note_down(BoardEntry::Policy(policy), out);
        out.note(WorkNote::WorkChanged);
    }

    /// How many parts the agent has done, and how many it has failed.
    #[must_use]
    pub fn outcomes_of(&self, agent: AgentId) -> (u32, u32) {
        let outcomes = self.jobs().flat_map(Job::outcomes);
        let own = outcomes.filter(|(it, _)| *it == agent);
        own.fold((0, 0), |(done, failed), (_, outcome)| match outcome {
            Outcome::Success { .. } => (done + 1, failed),
            Outcome::Failure => (done, failed + 1),
        })
    }

    /// A task comes in.
    pub fn submit(&mut self, task: &Arc<Task>, out: &mut impl Outlet<Work>) {
        match self.refusal(task) {
            Some(refusal) => {
                out.note(WorkNote::TaskRefused { refusal: self.refused.len() as u32 });
                self.note_down(BoardEntry::Refused(Arc::new(refusal)), out);
            }
            None => self.take_in(Job::new(task.clone(), out.now()), out),
        }
    }

    fn refusal(&self, task: &Task) -> Option<TaskRefusal> {
        let name = || task.name.clone();
        if self.find(&task.name).is_some() {
            return Some(TaskRefusal::DuplicateId { name: name() });
        }
        let missing = task.depends_on.iter().find(|needed| self.find(needed).is_none())?.clone();
        Some(TaskRefusal::UnknownDependency { name: name(), missing })
    }

    pub(super) fn take_in(&mut self, job: Job, out: &mut impl Outlet<Work>) {
        let id = self.jobs.len() as TaskId;
        out.note(WorkNote::TaskCame { task: id });
        out.raise(Signal::TaskOpened);
        if let Some(deadline_us) = job.spec.deadline_us {
            out.set_timer(WorkTimer::Deadline(id), deadline_us);
        }
        self.put(Arc::new(job));
        self.keep(id, out);
        self.line_up(id);
        // Not before all have come that do so now: the highest priority goes first.
        if !std::mem::replace(&mut self.queue.gathers, true) {
            out.set_timer(WorkTimer::Next, NEXT_US);
        }
    }

    /// It waits for what it depends on, or for its turn.
    fn line_up(&mut self, task: TaskId) {
        let spec = self.jobs[task as usize].spec.clone();
        let mut needs: Vec<TaskId> = Vec::new();
        for needed in spec.depends_on.iter().filter_map(|name| self.find(name)) {
            let status = self.jobs[needed as usize].synthesis.as_ref().map(|it| it.status);
            match status {
                Some(TaskStatus::Failed) => return self.queue.orphans.push((task, needed)),
                None if !needs.contains(&needed) => needs.push(needed),
                _ => {}
            }
        }
        if needs.is_empty() {
            self.queue.add(task, &spec);
        } else {
            self.queue.add_after(task, &needs);
        }
    }

    pub fn on_talk(&mut self, from: AgentId, talk: &WorkTalk, out: &mut impl Outlet<Work>) {
        match talk {
            WorkTalk::Bid { task, bid } => self.hear(*task, from, Answer::Bid(bid.clone()), out),
            WorkTalk::NoBid { task, check, later } => {
                let answer = later.clone().map_or(Answer::No(*check), Answer::Later);
                self.hear(*task, from, answer, out);
            }
            WorkTalk::Taken { lease, begins, turn } => {
                self.hear_at_work((*lease, from), Some(*turn), out);
                self.take_note(*lease, from, (0, begins.then_some(0)), out);
            }
            WorkTalk::Give { lease, to } => self.move_to(*lease, from, *to, out),
            WorkTalk::Paused { lease, turn, permille } => {
                self.hear_paused((*lease, from), (*turn, *permille), out);
            }
            WorkTalk::NotTaken { lease, check } => {
                if self.running(*lease, from).is_some() {
                    let (task, part, check) = (lease.task, lease.part, *check);
                    out.note(WorkNote::NotTaken { task, part, agent: from, check });
                    self.end_attempt(*lease, AttemptEnd::NotTaken(check), out);
                    self.doubt(from, out);
                    self.try_again(*lease, out);
                }
            }
            WorkTalk::Progress { lease, permille, waited_us } => {
                self.hear_at_work((*lease, from), None, out);
                self.take_note(*lease, from, (*permille, Some(*waited_us)), out);
            }
            WorkTalk::Result(delivery) => self.receive(from, delivery, out),
            WorkTalk::Abilities(told) => self.hear_told(from, told, out),
            WorkTalk::RollCall
            | WorkTalk::Call(_)
            | WorkTalk::Award(_)
            | WorkTalk::Receipt { .. }
            | WorkTalk::Cancel(_)
            | WorkTalk::Pause { .. }
            | WorkTalk::Steal(_)
            | WorkTalk::Waiting(_)
            | WorkTalk::Move { .. }
            | WorkTalk::Query(_)
            | WorkTalk::Reply(_)
            | WorkTalk::Heard { .. } => out.refuse(from),
        }
        self.schedule(out);
    }

    /// The agent works on the part: its report shows that the award arrived, even if the answer was lost.
    fn take_note(
        &mut self,
        lease: Lease,
        from: AgentId,
        (permille, waited_us): (u16, Option<u64>),
        out: &mut impl Outlet<Work>,
    ) {
        let Some(attempt) = self.running_mut(lease, from) else { return };
        attempt.permille = attempt.permille.max(permille);
        let began_us = waited_us.map(|us| attempt.awarded_us.after(us));
        attempt.began_us = attempt.began_us.or(began_us);
        let is_running = attempt.pace() == Pace::Running;
        if !std::mem::replace(&mut attempt.taken, true) {
            if is_running {
                out.cancel_timer(WorkTimer::Award(lease));
            } else {
                self.say_again(lease, from, out);
            }
            self.keep(lease.task, out);
            if self.manager.is_some() {
                self.queue.close(lease.task);
                self.queue.learn(&self.jobs[lease.task as usize].spec, true);
            }
        }
    }

    pub fn on_timer(&mut self, timer: WorkTimer, out: &mut impl Outlet<Work>) {
        match timer {
            WorkTimer::Bids(task) => self.weigh(task, out),
            WorkTimer::Next => self.queue.gathers = false,
            WorkTimer::Roll => self.end_roll_call(out),
            WorkTimer::Again(_) => self.wake(out),
            WorkTimer::Deadline(task) => self.end_early(task, &Reason::Deadline, out),
            WorkTimer::Award(lease) => {
                if let Some(attempt) = self.attempt_under(lease) {
                    self.send_award(lease, attempt.agent, out);
                    // An agent that has taken it may have a result for a node that was away.
                    if !attempt.taken || matches!(attempt.pace(), Pace::Pausing | Pace::Resuming) {
                        out.set_timer(timer, RESEND_US);
                    }
                }
            }
            WorkTimer::LeaseEnd(lease) => self.expire(lease, out),
            WorkTimer::Milestone(_)
            | WorkTimer::Result(_)
            | WorkTimer::Query(_)
            | WorkTimer::Steal
            | WorkTimer::Give(_)
            | WorkTimer::Tell => {}
        }
        self.schedule(out);
    }

    /// After a crash: bids that were waited for are asked for again, awards said again, and leases go on.
    pub fn resume(&mut self, out: &mut impl Outlet<Work>) {
        self.queue = Queue::default();
        self.open_books();
        for task in 0..self.jobs.len() as TaskId {
            for (agent, bid) in &self.jobs[task as usize].bids() {
                self.capacities.insert(*agent, bid.capacity);
            }
            let job = Arc::make_mut(&mut self.jobs[task as usize]);
            if job.phase == Phase::Ended {
                self.queue.ended.extend(job.on_behalf.map(|(whose, lease)| (whose, lease, task)));
                continue;
            }
            if let Some(deadline_us) = job.spec.deadline_us {
                let at_us = job.submitted_us.after(deadline_us);
                let left_us = at_us.since(out.now());
                out.set_timer(WorkTimer::Deadline(task), left_us);
            }
            job.stalled = false;
            if job.parts.is_empty() || job.open_parts().next().is_some() {
                job.phase = Phase::Waiting;
            }
            let running = job.running(task).map(|(lease, it)| (lease, it.clone()));
            let running: Vec<(Lease, Attempt)> = running.collect();
            let is_waiting = job.phase == Phase::Waiting;
            // Each part is as heavy as the whole.
            let load = job.spec.load;
            for (lease, attempt) in running {
                self.queue.running += 1;
                self.queue.carry(attempt.agent, load, 0);
                if attempt.pace() == Pace::Paused {
                    self.queue.put_aside(lease.task, attempt.agent, load);
                    continue;
                }
                self.take_slot(task);
                let left_us = self.lease_end(&attempt).since(out.now());
                out.set_timer(WorkTimer::LeaseEnd(lease), left_us);
                out.set_timer(WorkTimer::Award(lease), 0);
            }
            if is_waiting {
                self.line_up(task);
            }
        }
        self.schedule(out);
    }

    /// Somebody may be free: the tasks that wait for that are announced again.
    pub(super) fn wake(&mut self, out: &mut impl Outlet<Work>) {
        for task in self.queue.wake() {
            Arc::make_mut(&mut self.jobs[task as usize]).stalled = false;
            out.cancel_timer(WorkTimer::Again(task));
        }
    }

    /// Ends what waits in vain, and announces what is next, as far as may be.
    pub(super) fn schedule(&mut self, out: &mut impl Outlet<Work>) {
        while !self.queue.gathers {
            if let Some((task, needed)) = self.queue.orphans.pop() {
                let name = self.jobs[needed as usize].spec.name.clone();
                self.end_early(task, &Reason::Dependency(name), out);
            } else if !self.may_assign(out) {
                return;
            } else if self.manager.is_none() && self.assign.is_dispatch() {
                if !self.queue.has_next() || self.call_roll(out) {
                    return;
                }
                let Some(task) = self.queue.next() else { return };
                self.dispatch(task, out);
            } else if let Some(task) = self.queue.next() {
                self.announce(task, out);
            } else {
                return;
            }
        }
    }
}
