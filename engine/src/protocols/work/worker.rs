//! An agent at work: it judges for itself whether it can help, works on one thing after the other, says how
//! far it is, and delivers.

mod abilities;
mod queue;
pub mod steal;

use std::sync::Arc;

pub use self::abilities::Abilities;
use self::steal::Others;
use super::assess::{Check, Standing, assess};
use super::board::Board;
use super::questions::{Answers, Needed, Questions};
use super::role::{Work, WorkEntry};
pub use super::taken::{Taken, Unheard};
use super::talk::{
    Award, Bid, Delivery, Done, Lease, TaskCall, UNNUMBERED, Verdict, WorkTalk, WorkTimer,
};
use super::task::{Task, TaskId};
use super::{WorkChange, WorkRules};
use crate::common::reputation::Reputation;
use crate::common::signal::{Signal, TaskStep};
use crate::map::Map;
use crate::protocol::contract::Outlet;
use crate::protocols::work::note::WorkNote;
use crate::sim::{AgentId, LocalTime};

/// The time after which an unanswered message is repeated, in microseconds.
pub(super) const RESEND_US: u64 = 250_000;
/// The most repetitions of a message: an agent that has not answered by then is gone.
pub(super) const RESENDS_MAX: u32 = 20;

/// The part of a worker that survives a crash: its abilities and its workers' work. Its own work is lost.
#[derive(Clone, Debug)]
pub struct WorkerDurable {
    pub rules: Arc<WorkRules>,
    pub abilities: Abilities,
    /// The board of a manager.
    pub board: Option<Box<Board>>,
    pub domains: Vec<Arc<str>>,
    /// The reputation with which it began.
    pub reputation: Reputation,
    pub needed: Arc<[Needed]>,
    pub answers: Answers,
}

/// An agent's part in the swarm's work.
#[derive(Clone, Debug)]
pub struct Worker {
    pub rules: Arc<WorkRules>,
    pub abilities: Abilities,
    pub domains: Vec<Arc<str>>,
    /// The parts and tasks that it has taken; it works on the first.
    pub taken: Vec<Taken>,
    pub unheard: Vec<Unheard>,
    /// The last attempt it has heard of at a part, and why it could not take that.
    last: Map<(TaskId, u16), (u16, Option<Check>)>,
    /// The board of the work that it shares out itself, as a manager.
    pub board: Option<Box<Board>>,
    pub questions: Questions,
    /// The dispatcher that wants to know when its abilities change.
    dispatcher: Option<AgentId>,
    others: Others,
}

impl Worker {
    #[must_use]
    pub fn new(durable: &WorkerDurable) -> Self {
        Self {
            rules: durable.rules.clone(),
            abilities: durable.abilities.clone(),
            domains: durable.domains.clone(),
            taken: Vec::new(),
            unheard: Vec::new(),
            last: Map::new(),
            board: durable.board.clone(),
            questions: Questions::new(durable.needed.clone(), durable.answers.clone()),
            dispatcher: None,
            others: Others::default(),
        }
    }

    /// The units of work it carries, what it has others do included.
    #[must_use]
    pub fn load(&self) -> u32 {
        let own = self.at_work().map(|taken| taken.spec.load);
        own.fold(self.board.as_ref().map_or(0, |board| board.load()), u32::saturating_add)
    }

    /// What it has taken and is not to pause with; it works on the first.
    pub fn at_work(&self) -> impl Iterator<Item = &Taken> {
        self.taken.iter().take_while(|taken| !taken.is_paused())
    }

    fn assess(&self, task: &Task, load: u32) -> Result<(), Check> {
        let standing = Standing {
            skills: &self.abilities.skills,
            domains: &self.domains,
            healthy: self.abilities.style.healthy,
            load,
            capacity: self.abilities.capacity,
        };
        assess(task, &standing)
    }

    /// Whether it could do it if it carried nothing.
    fn could_carry(&self, task: &Task) -> bool {
        task.load <= self.abilities.capacity && self.assess(task, 0).is_ok()
    }

    /// How far the first is by now.
    fn count(&mut self, now_us: LocalTime) {
        let speed_milli = self.abilities.style.speed_milli;
        let is_at = |first: &&mut Taken| first.began_us.is_some() && !first.is_aside;
        if let Some(first) = self.taken.first_mut().filter(is_at) {
            let done_us = first.done_by(now_us, speed_milli);
            // Less than a microsecond is not lost: it counts with what comes.
            if done_us > first.done_us {
                (first.done_us, first.since_us) = (done_us, now_us);
            }
        }
    }

    /// It does not work on these any more.
    fn leave(&mut self, is_over: impl Fn(&Taken) -> bool, out: &mut impl Outlet<Work>) {
        self.count(out.now());
        let over: Vec<Taken> = self.taken.extract_if(.., |taken| is_over(taken)).collect();
        for taken in &over {
            out.cancel_timer(WorkTimer::Milestone(taken.lease));
            out.raise(taken.spec.moved(TaskStep::GivenUp));
        }
        if !over.is_empty() {
            self.go_on(out);
        }
    }

    /// Delivers the result of an award; the message is repeated until it is known to have arrived.
    pub(super) fn deliver(
        &mut self,
        (manager, spec): (AgentId, Arc<Task>),
        delivery: Delivery,
        out: &mut impl Outlet<Work>,
    ) {
        let delivery = Arc::new(delivery);
        out.set_timer(WorkTimer::Result(delivery.lease), RESEND_US);
        out.send(manager, UNNUMBERED, WorkTalk::Result(delivery.clone()));
        out.raise(spec.moved(match delivery.done {
            Some(_) => TaskStep::Delivered,
            None => TaskStep::GivenUp,
        }));
        self.unheard.push(Unheard { manager, spec, delivery, said: 0 });
    }

    /// This was made of what it has delivered.
    fn hear_verdict(&mut self, lease: Lease, verdict: Verdict, out: &mut impl Outlet<Work>) {
        let is_it = |it: &&Unheard| it.delivery.lease == lease && it.delivery.done.is_some();
        for it in self.unheard.iter().filter(is_it) {
            out.raise(it.spec.moved(TaskStep::Judged(verdict)));
        }
    }

    /// Goes on with the first, up to its next report or its end.
    fn go_on(&mut self, out: &mut impl Outlet<Work>) {
        let speed = u64::from(self.abilities.style.speed_milli).max(1);
        let reports = self.rules.progress;
        let Some(first) = self.taken.first_mut().filter(|first| !first.is_paused()) else { return };
        if std::mem::take(&mut first.is_aside) {
            first.since_us = out.now();
            out.note(WorkNote::WorkResumed { task: first.lease.task, part: first.lease.part });
        }
        if first.began_us.is_none() {
            (first.began_us, first.since_us) = (Some(out.now()), out.now());
            out.note(WorkNote::WorkBegan { task: first.lease.task, part: first.lease.part });
            let spec = first.spec.clone();
            self.ask(&spec, out);
        }
        let Some(first) = self.taken.first() else { return };
        let left_us = first.next_us(reports).saturating_sub(first.done_us);
        // Rounded up: it must not come too early.
        let after_us = left_us.saturating_mul(1_000).div_ceil(speed);
        let timer = WorkTimer::Milestone(first.lease);
        out.cancel_timer(timer);
        out.set_timer(timer, after_us);
    }

    /// The data in the result of this.
    fn gives(&self, spec: &Task) -> Map<Arc<str>, crate::common::value::Value> {
        let mut data = Map::new();
        for (skill, key, value) in &self.abilities.style.gives {
            if skill.as_ref().is_none_or(|skill| spec.skills.contains(skill)) {
                data.insert(key.clone(), value.clone());
            }
        }
        self.questions.apply(spec, &mut data);
        data
    }
}

impl Worker {
    pub(super) fn on_talk(
        &mut self,
        from: AgentId,
        (correlation, talk): (u32, &WorkTalk),
        out: &mut impl Outlet<Work>,
    ) {
        match talk {
            WorkTalk::Call(call) => answer(self, from, call, out),
            WorkTalk::Award(award) => take(self, from, award, out),
            WorkTalk::Receipt { lease, verdict } => {
                self.hear_verdict(*lease, *verdict, out);
                self.unheard.retain(|it| it.delivery.lease != *lease);
                self.forget(*lease, out);
                out.cancel_timer(WorkTimer::Result(*lease));
            }
            WorkTalk::Cancel(lease) => {
                self.hear_of(*lease, None);
                // Only what has not counted is called off.
                self.hear_verdict(*lease, Verdict::Late, out);
                self.leave(|taken| taken.lease == *lease, out);
                self.forget_given(*lease, out);
                self.call_off(*lease, out);
            }
            WorkTalk::Steal(told) => self.hear_idle(from, told, out),
            WorkTalk::Waiting(waiting) => self.hear_waiting(from, *waiting),
            WorkTalk::Move { lease, to } => self.give(*lease, *to, out),
            WorkTalk::Pause { lease, turn } => self.pause(from, (*lease, *turn), out),
            WorkTalk::Query(key) => self.on_query(from, (correlation, key), out),
            WorkTalk::Reply(reply) => self.on_reply(from, (correlation, reply), out),
            WorkTalk::Heard { question, change } => self.on_heard(from, *question, *change),
            WorkTalk::RollCall => {
                self.dispatcher = Some(from);
                self.tell_abilities(from, out);
            }
            WorkTalk::Abilities(_)
            | WorkTalk::Bid { .. }
            | WorkTalk::NoBid { .. }
            | WorkTalk::Taken { .. }
            | WorkTalk::NotTaken { .. }
            | WorkTalk::Paused { .. }
            | WorkTalk::Give { .. }
            | WorkTalk::Progress { .. }
            | WorkTalk::Result(_) => match &mut self.board {
                Some(board) => board.on_talk(from, talk, out),
                None => out.refuse(from),
            },
        }
        self.report(out);
        self.look_for_work(out);
    }

    pub(super) fn on_timer(&mut self, timer: WorkTimer, out: &mut impl Outlet<Work>) {
        match timer {
            WorkTimer::Milestone(lease) => milestone(self, lease, out),
            WorkTimer::Result(lease) => self.deliver_again(lease, out),
            WorkTimer::Query(question) => self.send_query(question, out),
            WorkTimer::Tell => self.tell(out),
            WorkTimer::Steal => self.steal(out),
            WorkTimer::Give(lease) => self.tell_given(lease, out),
            WorkTimer::Bids(_)
            | WorkTimer::Next
            | WorkTimer::Roll
            | WorkTimer::Again(_)
            | WorkTimer::Deadline(_)
            | WorkTimer::Award(_)
            | WorkTimer::LeaseEnd(_) => {
                if let Some(board) = &mut self.board {
                    board.on_timer(timer, out);
                }
            }
        }
        self.report(out);
        self.look_for_work(out);
    }

    /// Nobody has said that the result has arrived.
    fn deliver_again(&mut self, lease: Lease, out: &mut impl Outlet<Work>) {
        let mut unheard = self.unheard.iter_mut();
        let Some(it) = unheard.find(|it| it.delivery.lease == lease) else { return };
        // A manager that comes back later awards it again, and hears of it then.
        if it.said < RESENDS_MAX {
            it.said += 1;
            out.send(it.manager, UNNUMBERED, WorkTalk::Result(it.delivery.clone()));
            out.set_timer(WorkTimer::Result(lease), RESEND_US);
        }
    }

    /// After a crash: what it had others do goes on.
    pub(super) fn resume(&mut self, out: &mut impl Outlet<Work>) {
        if let Some(board) = &mut self.board {
            board.resume(out);
        }
        self.tell_again(out);
        self.report(out);
        self.look_for_work(out);
        let has = self.has().map(|task| task.name.as_str().into());
        out.raise(Signal::TasksLeft(has.collect()));
    }

    /// A person or the scenario changes its abilities. Its present work goes on at the new speed.
    pub(super) fn change(&mut self, change: &WorkChange, out: &mut impl Outlet<Work>) {
        let WorkChange { speed_milli, fails_ppm, healthy, skills, capacity, knows } = change;
        self.learn(knows, out);
        let is_same = speed_milli.is_none() && fails_ppm.is_none() && healthy.is_none();
        if is_same && skills.is_none() && capacity.is_none() {
            return;
        }
        self.count(out.now());
        let abilities = &mut self.abilities;
        let style = &mut abilities.style;
        style.speed_milli = speed_milli.unwrap_or(style.speed_milli);
        style.fails_ppm = fails_ppm.unwrap_or(style.fails_ppm);
        style.healthy = healthy.unwrap_or(style.healthy);
        abilities.capacity = capacity.unwrap_or(abilities.capacity);
        if let Some(skills) = skills {
            abilities.skills = Arc::new(skills.clone());
        }
        out.note(WorkNote::WorkChanged);
        out.persist(WorkEntry::Abilities(Box::new(abilities.clone())));
        if let Some(dispatcher) = self.dispatcher {
            self.tell_abilities(dispatcher, out);
        }
        if let Some(first) = self.taken.first_mut().filter(|first| !first.is_paused()) {
            first.since_us = out.now();
            self.go_on(out);
        }
    }
}

/// It judges for itself, and says so either way.
fn answer(worker: &Worker, from: AgentId, call: &TaskCall, out: &mut impl Outlet<Work>) {
    let task = call.task;
    let talk = match worker.assess(&call.spec, worker.load()) {
        Ok(()) => {
            let skills = worker.abilities.skills.clone();
            let (load, capacity) = (worker.load(), worker.abilities.capacity);
            WorkTalk::Bid { task, bid: Bid { skills, load, capacity } }
        }
        Err(check) => {
            let later = (check == Check::Load && worker.could_carry(&call.spec)).then(|| {
                let own = &worker.abilities.skills;
                let known = call.spec.skills.iter().filter(|skill| own.contains(skill));
                Arc::new(known.cloned().collect())
            });
            WorkTalk::NoBid { task, check, later }
        }
    };
    out.send(from, UNNUMBERED, talk);
}

fn take(worker: &mut Worker, from: AgentId, award: &Award, out: &mut impl Outlet<Work>) {
    let lease = award.lease;
    if worker.is_paused(lease, award.turn) {
        return worker.resume_part(from, award, out);
    }
    if let Some(talk) = worker.knows(lease) {
        return out.send(from, UNNUMBERED, talk);
    }
    if !worker.hear_of(lease, None) {
        // It is over, or a later attempt has begun.
        return;
    }
    // An older lease of the same part is over, whether it has heard of that or not.
    worker.leave(|taken| (taken.lease.task, taken.lease.part) == (lease.task, lease.part), out);
    // It bid for this, and may have taken more since: what it can carry is the limit now.
    let load = worker.load().saturating_add(award.spec.load);
    let check = match worker.abilities.style.healthy {
        false => Some(Check::Health),
        true if load > worker.abilities.capacity => Some(Check::Load),
        true => None,
    };
    if let Some(check) = check {
        worker.hear_of(lease, Some(check));
        return out.send(from, UNNUMBERED, WorkTalk::NotTaken { lease, check });
    }
    let begins = worker.board.is_none() && worker.taken.is_empty();
    out.send(from, UNNUMBERED, WorkTalk::Taken { lease, begins, turn: award.turn });
    if worker.board.is_some() {
        return worker.share_out(from, award, out);
    }
    out.raise(award.spec.moved(TaskStep::Taken));
    let skill = match award.spec.skills.as_slice() {
        [skill] => worker.abilities.style.takes_us.get(skill),
        _ => None,
    };
    let taken = Taken {
        lease,
        manager: from,
        spec: award.spec.clone(),
        taken_us: out.now(),
        began_us: None,
        whole_us: skill.copied().unwrap_or(award.spec.duration_us),
        done_us: 0,
        since_us: LocalTime::default(),
        reports: 0,
        turn: award.turn,
        said: 0,
        is_aside: false,
    };
    worker.line_up(taken, out);
}

impl Worker {
    /// The answer to an award that it has, or has had: the award was sent twice.
    fn knows(&self, lease: Lease) -> Option<WorkTalk> {
        let own = self.taken.iter().find(|taken| taken.lease == lease);
        if own.is_some() || self.has_shared_out(lease) {
            let begins = own.is_some_and(|taken| taken.began_us == Some(taken.taken_us));
            let turn = own.map_or(0, |taken| taken.turn);
            return Some(match own.filter(|taken| taken.is_paused()) {
                Some(taken) => WorkTalk::Paused { lease, turn, permille: taken.permille() },
                None => WorkTalk::Taken { lease, begins, turn },
            });
        }
        if let Some(it) = self.unheard.iter().find(|it| it.delivery.lease == lease) {
            return Some(WorkTalk::Result(it.delivery.clone()));
        }
        let (attempt, refused) = self.last.get(&(lease.task, lease.part))?;
        let check = refused.filter(|_| *attempt == lease.attempt)?;
        Some(WorkTalk::NotTaken { lease, check })
    }

    /// It has heard of this attempt, and cannot take it for this reason if there is one. Whether it is news;
    /// an older one is none.
    fn hear_of(&mut self, lease: Lease, refused: Option<Check>) -> bool {
        let key = (lease.task, lease.part);
        let before = self.last.get(&key).map_or(0, |(attempt, _)| *attempt);
        if before <= lease.attempt {
            self.last.insert(key, (lease.attempt, refused));
        }
        before < lease.attempt
    }
}

fn milestone(worker: &mut Worker, lease: Lease, out: &mut impl Outlet<Work>) {
    worker.count(out.now());
    if worker.is_paused(lease, u16::MAX) {
        return worker.ask_still(lease, out);
    }
    let reports = worker.rules.progress;
    let is_it = |first: &&mut Taken| first.lease == lease && !first.is_aside;
    let Some(first) = worker.taken.first_mut().filter(is_it) else { return };
    if first.done_us < first.whole_us {
        // Its clock may have woken it a moment too early.
        if first.done_us >= first.next_us(reports) {
            first.reports += 1;
            let (manager, permille) = (first.manager, first.permille());
            let waited_us = first.waited_us();
            out.send(manager, UNNUMBERED, WorkTalk::Progress { lease, permille, waited_us });
        }
        return worker.go_on(out);
    }
    let first = worker.taken.remove(0);
    let style = &worker.abilities.style;
    let fails = out.random_between(0, 999_999) < u64::from(style.fails_ppm);
    let (least, most) = (u64::from(style.quality.0), u64::from(style.quality.1));
    let done = (!fails).then(|| Done {
        quality: out.random_between(least, most) as u8,
        data: worker.gives(&first.spec),
        waited_us: first.waited_us(),
        took_us: first.began_us.map_or(0, |began_us| out.now().since(began_us)),
    });
    out.note(WorkNote::WorkEnded { task: lease.task, part: lease.part, failed: fails });
    let delivery = Delivery { lease, done, account: None };
    worker.deliver((first.manager, first.spec), delivery, out);
    worker.go_on(out);
}
