//! How a board assigns by a dispatcher's rule (W6): it asks every member once what it can do, keeps books, and awards each
//! part to the agent that the rule picks. Agents answer awards as they do in a contract net: an assignment is a message
//! under a lease, so that nothing is done twice or lost.

use std::sync::Arc;

use super::assign::book::{Book, Told};
use super::assign::pick::{Question, Turns};
use super::assign::{Assign, Choice};
use super::board::{Board, BoardEntry};
use super::job::{Answer, AttemptEnd, Job, PartJob, Phase};
use super::pause::Pace;
use super::reputation::Outcome;
use super::role::Work;
use super::synthesis::Reason;
use super::talk::{UNNUMBERED, WorkTalk, WorkTimer};
use super::task::{Complexity, Task, TaskId, decompose};
use super::team::{Candidate, Team, team};
use super::worker::RESEND_US;
use crate::order::sort_by_key;
use crate::protocol::contract::Outlet;
use crate::protocols::work::note::WorkNote;
use crate::sim::{AgentId, LocalTime};

/// A board's books, and whose turn it is. Nothing of it survives a crash: it follows from the tasks, and is asked for again.
#[derive(Clone, Debug, Default)]
pub struct Dispatch {
    /// By the number of the agent.
    pub books: Vec<Book>,
    /// The number of members that have said what they can do.
    known: usize,
    turns: Turns,
    /// The members were asked for the first time.
    has_called: bool,
    /// Tasks wait until all have answered, or the window for bids is over.
    waits: bool,
    /// Agents that have not answered are asked again when a timer fires.
    is_timed: bool,
}

impl Board {
    /// Tasks are assigned like this from now on. Those that are announced already are awarded by their bids.
    pub fn set_assign(&mut self, assign: Assign, out: &mut impl Outlet<Work>) {
        self.note_down(BoardEntry::Assign(assign), out);
        out.note(WorkNote::AssignChanged { assign });
        self.wake(out);
        self.schedule(out);
    }

    /// The book on an agent, if anything is in it.
    #[must_use]
    pub fn book(&self, agent: AgentId) -> Option<&Book> {
        self.dispatch.books.get(agent.index())
    }

    fn book_mut(&mut self, agent: AgentId) -> &mut Book {
        let books = &mut self.dispatch.books;
        for number in books.len()..=agent.index() {
            // An agent that joined later is thought to be as near as can be.
            let hops = self.hops.get(number).copied().unwrap_or(1);
            books.push(Book { hops, ..Book::default() });
        }
        &mut books[agent.index()]
    }

    fn are_all_known(&self) -> bool {
        self.dispatch.known == self.members.len()
    }

    /// The agent has to say anew what it can do.
    pub(super) fn forget_abilities(&mut self, agent: AgentId) {
        let was_known = self.book_mut(agent).told.take().is_some();
        self.dispatch.known -= usize::from(was_known);
    }

    /// Asks those who have not said what they can do. Whether tasks wait for the answers: they do the first time.
    pub(super) fn call_roll(&mut self, out: &mut impl Outlet<Work>) -> bool {
        if !std::mem::replace(&mut self.dispatch.has_called, true) {
            out.note(WorkNote::RollCalled);
            self.dispatch.waits = true;
            self.dispatch.is_timed = true;
            out.set_timer(WorkTimer::Roll, self.rules.bid_window_us);
        }
        if self.are_all_known() {
            return false;
        }
        let is_due = !self.dispatch.is_timed;
        let members = self.members.clone();
        for agent in members.iter().copied() {
            let is_open = |book: &Book| book.told.is_none() && (is_due || !book.is_asked);
            if self.book(agent).is_none_or(is_open) {
                self.ask(agent, out);
            }
        }
        self.dispatch.waits
    }

    fn ask(&mut self, agent: AgentId, out: &mut impl Outlet<Work>) {
        self.book_mut(agent).is_asked = true;
        out.send(agent, UNNUMBERED, WorkTalk::RollCall);
        if !std::mem::replace(&mut self.dispatch.is_timed, true) {
            out.set_timer(WorkTimer::Roll, RESEND_US);
        }
    }

    /// An agent has said what it can do, in answer or because it has changed.
    pub(super) fn hear_told(
        &mut self,
        from: AgentId,
        told: &Arc<Told>,
        out: &mut impl Outlet<Work>,
    ) {
        if self.members.binary_search(&from).is_err() {
            return;
        }
        self.capacities.insert(from, told.capacity);
        let book = self.book_mut(from);
        book.is_asked = false;
        if book.told.as_ref() != Some(told) {
            let was_known = book.told.replace(told.clone()).is_some();
            self.dispatch.known += usize::from(!was_known);
            self.wake(out);
        }
        if self.are_all_known() {
            (self.dispatch.waits, self.dispatch.is_timed) = (false, false);
            out.cancel_timer(WorkTimer::Roll);
        }
    }

    /// Answers are no longer waited for: agents that are not known are asked again, now if there is anything to do, or else
    /// with the next task.
    pub(super) fn end_roll_call(&mut self, out: &mut impl Outlet<Work>) {
        (self.dispatch.waits, self.dispatch.is_timed) = (false, false);
        if self.jobs.iter().any(|job| job.phase != Phase::Ended) {
            self.call_roll(out);
        }
    }

    /// An agent that let its lease end, or could not take what it was awarded, gets nothing more until it has said anew what it
    /// can do.
    pub(super) fn doubt(&mut self, agent: AgentId, out: &mut impl Outlet<Work>) {
        if self.assign.is_dispatch() && self.manager.is_none() {
            self.forget_abilities(agent);
            self.ask(agent, out);
        }
    }

    /// Whether some member could do this, or may: it has not said.
    pub(super) fn somebody_could(&self, spec: &Task) -> bool {
        let could = |agent: &AgentId| {
            self.book(*agent).is_none_or(|book| book.told.is_none() || book.could(spec))
        };
        self.assign.is_dispatch() && self.members.iter().any(could)
    }

    /// Whether the agent has no room for a task that it could do otherwise.
    pub(super) fn was_full(&self, job: &Job, agent: AgentId) -> bool {
        if self.assign.is_dispatch() {
            return self.book(agent).is_some_and(|it| it.could(&job.spec) && !it.can(&job.spec));
        }
        let is_full = |(it, answer): &(AgentId, Answer)| match answer {
            Answer::Later(_) => *it == agent,
            Answer::Bid(bid) => *it == agent && job.spec.load <= bid.capacity,
            Answer::No(_) => false,
        };
        job.answers.iter().any(is_full)
    }

    /// Its book has one part more.
    pub(super) fn book_award(&mut self, agent: AgentId, load: u32) {
        let book = self.book_mut(agent);
        book.open += 1;
        book.load = book.load.saturating_add(load);
    }

    /// Its book has one part less: it has ended, or is paused.
    pub(super) fn book_less(&mut self, agent: AgentId, load: u32) {
        let book = self.book_mut(agent);
        book.open = book.open.saturating_sub(1);
        book.load = book.load.saturating_sub(load);
    }

    /// A part in its book has ended, which took so long from its award on, pauses left out.
    pub(super) fn book_end(
        &mut self,
        agent: AgentId,
        end: AttemptEnd,
        (took_us, now_us): (u64, LocalTime),
    ) {
        let half_life_us = self.rules.half_life_us;
        let book = self.book_mut(agent);
        if matches!(end, AttemptEnd::Done | AttemptEnd::Failed | AttemptEnd::Expired) {
            book.measure(took_us, now_us, half_life_us);
        }
    }

    pub(super) fn book_outcome(&mut self, agent: AgentId, outcome: Outcome) {
        let book = self.book_mut(agent);
        match outcome {
            Outcome::Success { .. } => book.done += 1,
            Outcome::Failure => book.failed += 1,
        }
    }

    /// After a crash: the books are written again from the tasks.
    pub(super) fn open_books(&mut self) {
        self.dispatch = Dispatch::default();
        let mut ends = Vec::new();
        for job in self.jobs.clone() {
            let load = job.spec.load;
            for part in &job.parts {
                for attempt in &part.attempts {
                    let Some((end, at_us)) = attempt.end else {
                        if attempt.pace() != Pace::Paused {
                            self.book_award(attempt.agent, load);
                        }
                        continue;
                    };
                    let took_us = at_us.since(attempt.awarded_us);
                    let took_us = took_us.saturating_sub(attempt.paused_us());
                    ends.push((at_us, attempt.agent, end, took_us));
                    if let Some(outcome) = attempt.outcome(part.end.as_ref()) {
                        self.book_outcome(attempt.agent, outcome);
                    }
                }
            }
        }
        sort_by_key(&mut ends, |(at_us, ..)| (at_us.since(LocalTime::START), 0));
        for (at_us, agent, end, took_us) in ends {
            self.book_end(agent, end, (took_us, at_us));
        }
    }

    /// The agent that the rule picks for this, of those that may.
    fn choose(
        &mut self,
        spec: &Task,
        may: impl Fn(AgentId, &Book) -> bool,
        out: &mut impl Outlet<Work>,
    ) -> Option<Choice> {
        let Dispatch { books, turns, .. } = &mut self.dispatch;
        let books = &*books;
        let question = Question {
            assign: self.assign,
            weights: self.rules.weights,
            task: spec,
            members: &self.members,
            books,
        };
        let may = |agent: AgentId| books.get(agent.index()).is_some_and(|book| may(agent, book));
        question.answer(turns, &may, &mut |below| out.random_between(0, below.saturating_sub(1)))
    }

    /// Whether the rule is to find an agent with all of the skills, and there is one.
    fn is_routed(&self, spec: &Task) -> bool {
        self.assign == Assign::SkillRouter && self.somebody_has_all(spec)
    }

    /// Whether some member that could do it has all of the skills.
    fn somebody_has_all(&self, spec: &Task) -> bool {
        let has_all = |book: &Book| book.could(spec) && !book.lacks_any(spec);
        self.members.iter().any(|agent| self.book(*agent).is_some_and(has_all))
    }

    /// Why a task for one agent cannot be routed: nobody has all of its skills, and nobody is left who has not said.
    fn cannot_route(&self, spec: &Task) -> Option<Reason> {
        let is_for_one = spec.complexity == Complexity::Simple;
        let is_routed = self.assign == Assign::SkillRouter && is_for_one && self.are_all_known();
        if !is_routed || self.somebody_has_all(spec) {
            return None;
        }
        let books = self.members.iter().filter_map(|agent| self.book(*agent));
        let lacks = books.map(|book| book.lacks(spec)).filter(|lacks| !lacks.is_empty());
        lacks.min_by_key(Vec::len).map(Reason::NotTogether)
    }

    /// The agents for a task, and how each was chosen; nothing where nobody is free for any of it.
    fn muster(
        &mut self,
        spec: &Task,
        out: &mut impl Outlet<Work>,
    ) -> Option<(Team, Vec<(AgentId, Choice)>)> {
        let is_routed = self.is_routed(spec);
        if is_routed || spec.complexity == Complexity::Simple || spec.skills.is_empty() {
            let may =
                |_: AgentId, book: &Book| book.can(spec) && !(is_routed && book.lacks_any(spec));
            let choice = self.choose(spec, may, out)?;
            let (agent, _) = *choice.listed.first()?;
            return Some((
                Team::alone(spec, agent, self.book(agent)?.skills()),
                vec![(agent, choice)],
            ));
        }
        let most = *spec.complexity.team().end();
        let mut chosen: Vec<(AgentId, Choice)> = Vec::new();
        let mut covered: Vec<Arc<str>> = Vec::new();
        // Those who can now, and then those who are busy: their parts wait for them or for another.
        for is_busy in [false, true] {
            while chosen.len() < most {
                let may = |_: AgentId, book: &Book| {
                    let mut new = spec.skills.iter().filter(|skill| !covered.contains(skill));
                    let is_one = if is_busy { book.could(spec) } else { book.can(spec) };
                    is_one && new.any(|skill| book.skills().contains(skill))
                };
                let Some(choice) = self.choose(spec, may, out) else { break };
                let (agent, _) = *choice.listed.first()?;
                covered.extend(self.book(agent)?.skills().iter().cloned());
                chosen.push((agent, choice));
            }
            if chosen.is_empty() {
                return None;
            }
        }
        let members = chosen.iter().filter_map(|(agent, _)| {
            Some(Candidate { agent: *agent, skills: self.book(*agent)?.skills() })
        });
        let mut team = team(spec, &members.collect::<Vec<_>>());
        if !self.are_all_known() {
            team.leave_open(spec);
        }
        Some((team, chosen))
    }

    /// Assigns what is open of a task by the rule.
    pub(super) fn dispatch(&mut self, task: TaskId, out: &mut impl Outlet<Work>) {
        let inputs = self.inputs(task);
        let Some(job) = self.jobs.get_mut(task as usize).map(Arc::make_mut) else { return };
        job.pass_on(inputs);
        let spec = job.spec.clone();
        let mut chosen = Vec::new();
        if job.parts.is_empty() {
            if let Some(reason) = self.cannot_route(&spec) {
                return self.end_early(task, &reason, out);
            }
            let Some((team, choices)) = self.muster(&spec, out) else {
                return self.nobody(task, out);
            };
            chosen = choices;
            let Ok(parts) = decompose(&spec, task, &team) else {
                return self.end_early(task, &Reason::TooDeep, out);
            };
            out.note(WorkNote::TeamMade { task, members: team.members.len() as u16 });
            let job = Arc::make_mut(&mut self.jobs[task as usize]);
            let part = |spec| PartJob { spec, attempts: Vec::new(), end: None };
            job.parts = parts.into_iter().map(|it| part(it.spec)).collect();
            job.team = Arc::new(team);
            job.end_those_in_vain();
        }
        let job = Arc::make_mut(&mut self.jobs[task as usize]);
        job.phase = Phase::Working;
        let open: Vec<u16> = job.open_parts().map(|(part, _)| part).collect();
        for number in open {
            if let Some((agent, choice)) = self.agent_for((task, number), &chosen, out) {
                self.award((task, number), agent, choice.map(Arc::new), out);
            }
        }
        let job = &self.jobs[task as usize];
        if job.parts.iter().all(|part| part.end.is_some()) {
            self.end(task, None, out);
        } else if job.open_parts().next().is_some() {
            self.nobody(task, out);
        } else {
            self.queue.learn(&spec, true);
            self.keep(task, out);
        }
    }

    /// The agent for a part: the one that the team has for it, or else another that has tried it the least.
    fn agent_for(
        &mut self,
        (task, number): (TaskId, u16),
        chosen: &[(AgentId, Choice)],
        out: &mut impl Outlet<Work>,
    ) -> Option<(AgentId, Option<Choice>)> {
        let job = self.jobs.get(task as usize)?.clone();
        let part = job.parts.get(usize::from(number))?;
        let focus = part.focus();
        let taker = job.team.by_skill.iter().find(|(skill, _)| *skill == focus);
        let wanted = match focus.is_empty() {
            true => job.team.members.first().copied(),
            false => taker.map(|(_, agent)| *agent),
        };
        let wanted = wanted.filter(|agent| {
            part.attempts.is_empty() && self.book(*agent).is_some_and(|book| book.can(&part.spec))
        });
        if let Some(agent) = wanted {
            let choice = chosen.iter().find(|(it, _)| *it == agent);
            return Some((agent, choice.map(|(_, choice)| choice.clone())));
        }
        let (spec, is_routed) = (&part.spec, self.is_routed(&part.spec));
        let can = |book: &Book| book.can(spec) && !(is_routed && book.lacks_any(spec));
        let able = self.members.iter().filter(|agent| self.book(**agent).is_some_and(can));
        let least = able.map(|agent| part.tried(*agent)).min()?;
        let may = |agent: AgentId, book: &Book| can(book) && part.tried(agent) == least;
        let choice = self.choose(spec, may, out)?;
        let (agent, _) = *choice.listed.first()?;
        Some((agent, Some(choice)))
    }
}
