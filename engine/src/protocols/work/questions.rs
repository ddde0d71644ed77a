//! Agents ask each other (W15): an agent that begins a part asks the agent that knows what the part needs,
//! and is told again when that changes. Query and reply are paired by a number (FIPA's query interaction
//! protocol); a query that is not answered is repeated, and in the end given up: the work goes on without.

use std::sync::Arc;

use serde::Serialize;

use super::WorkRules;
use super::role::{Work, WorkEntry};
use super::talk::UNNUMBERED;
use super::talk::{WorkTalk, WorkTimer};
use super::task::Task;
use super::worker::{RESEND_US, RESENDS_MAX, Worker};
use crate::common::value::Value;
use crate::map::Map;
use crate::protocol::contract::Header;
use crate::protocol::contract::Outlet;
use crate::protocols::work::note::WorkNote;
use crate::sim::{AgentId, LocalTime};

/// Data by key.
type Data = Map<Arc<str>, Value>;

/// By its place in [`WorkRules::questions`].
pub type QuestionId = u16;

/// Something that an agent needs to know for a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub key: Arc<str>,
    /// The agent that it asks, if the data of the part do not say it.
    pub ask: Option<Arc<str>>,
    /// The key of a number in its result that is capped by the value.
    pub caps: Option<Arc<str>>,
    /// The key in its result that gets the value.
    pub gives_as: Option<Arc<str>>,
}

/// A need, with the agent it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    pub need: Need,
    pub question: QuestionId,
    pub ask: Option<AgentId>,
}

/// An agent's answers: the values it knows, and who has asked for them. They survive a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// How often each value has changed, and what it is now.
    pub known: Map<Arc<str>, (u32, Value)>,
    /// Who has asked for what: they are told of changes.
    pub askers: Vec<(QuestionId, AgentId)>,
}

/// A reply, or word of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reply {
    pub key: Arc<str>,
    pub value: Value,
    /// How often it has changed.
    pub change: u32,
}

/// A question that an agent has asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub question: QuestionId,
    pub of: AgentId,
    pub asked_us: LocalTime,
    /// It pairs the reply with the query.
    correlation: u32,
    /// The last reply, and when it came.
    pub reply: Option<(Arc<Reply>, LocalTime)>,
    /// No reply came in time.
    pub given_up: bool,
}

/// A change that an asker has not confirmed.
#[derive(Clone, Debug)]
struct Untold {
    question: QuestionId,
    asker: AgentId,
    told: u32,
}

/// The questions that an agent asks, and its answers to those of others.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    pub needed: Arc<[Needed]>,
    pub asked: Vec<Asked>,
    pub answers: Answers,
    untold: Vec<Untold>,
}

impl Questions {
    #[must_use]
    pub fn new(needed: Arc<[Needed]>, answers: Answers) -> Self {
        Self { needed, answers, ..Self::default() }
    }

    /// The value, from the data of the part or from who was asked.
    fn find<'a>(&'a self, need: &Needed, spec: &'a Task) -> Option<&'a Value> {
        let asked = || {
            let asked = self.asked.iter().find(|it| it.question == need.question)?;
            asked.reply.as_ref().map(|(reply, _)| &reply.value)
        };
        in_data(spec, &need.need.key).or_else(asked)
    }

    /// Puts what the agent knows now into what it gives.
    pub(super) fn apply(&self, spec: &Task, data: &mut Data) {
        for needed in &*self.needed {
            let Some(value) = self.find(needed, spec) else { continue };
            let capped = needed.need.caps.as_ref().and_then(|key| data.get_mut(key));
            if let (Some(Value::Number(number)), Some(most)) = (capped, value.as_number()) {
                *number = most.min(*number);
            }
            if let Some(key) = &needed.need.gives_as {
                data.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The value in the task's own data, or else in data that was passed on with it.
fn in_data<'a>(spec: &'a Task, key: &str) -> Option<&'a Value> {
    let passed_on = || {
        spec.data.iter().find_map(|(_, value)| match value {
            Value::Map(data) => data.get(key),
            _ => None,
        })
    };
    spec.data.get(key).or_else(passed_on)
}

impl Worker {
    /// Asks for everything that it needs for this and does not know.
    pub(super) fn ask(&mut self, spec: &Task, out: &mut impl Outlet<Work>) {
        for need in &*self.questions.needed.clone() {
            let Some(of) = need.ask else { continue };
            if self.questions.find(need, spec).is_some() {
                continue;
            }
            let question = need.question;
            // Drawn, so that no reply to a query of before a crash is paired with this one.
            let correlation = out.random_between(1, u32::MAX.into()) as u32;
            let asked_us = out.now();
            let asked = Asked { question, of, asked_us, correlation, reply: None, given_up: false };
            self.questions.asked.retain(|it| it.question != question);
            self.questions.asked.push(asked);
            out.note(WorkNote::AskedAgent { question, of });
            self.send_query(question, out);
        }
    }

    /// Asks, again if need be, until there is a reply or none is waited for.
    pub(super) fn send_query(&mut self, question: QuestionId, out: &mut impl Outlet<Work>) {
        let asked = self.questions.asked.iter_mut().find(|it| it.question == question);
        let Some(asked) = asked.filter(|it| it.reply.is_none() && !it.given_up) else { return };
        if out.now().since(asked.asked_us) >= self.rules.answer_us {
            asked.given_up = true;
            return out.note(WorkNote::Unanswered { question, of: asked.of });
        }
        let (of, correlation) = (asked.of, asked.correlation);
        let left_us = asked.asked_us.after(self.rules.answer_us).since(out.now());
        let Some(key) = self.rules.questions.get(usize::from(question)) else { return };
        out.send(of, paired(correlation), WorkTalk::Query(key.clone()));
        let timer = WorkTimer::Query(question);
        // A part that began meanwhile may have asked the same.
        out.cancel_timer(timer);
        out.set_timer(timer, RESEND_US.min(left_us));
    }

    /// Somebody asks: it answers if it knows, and tells of changes from now on.
    pub(super) fn on_query(
        &mut self,
        from: AgentId,
        (correlation, key): (u32, &Arc<str>),
        out: &mut impl Outlet<Work>,
    ) {
        let answers = &mut self.questions.answers;
        let (Some((change, value)), Some(question)) =
            (answers.known.get(key), self.rules.question(key))
        else {
            return out.refuse(from);
        };
        let reply = Reply { key: key.clone(), value: value.clone(), change: *change };
        if !answers.askers.contains(&(question, from)) {
            answers.askers.push((question, from));
            out.persist(WorkEntry::Answers(Box::new(answers.clone())));
        }
        out.send(from, paired(correlation), WorkTalk::Reply(Arc::new(reply)));
    }

    /// A reply to its query, or word of a change; an older one than it knows is no news.
    pub(super) fn on_reply(
        &mut self,
        from: AgentId,
        (correlation, reply): (u32, &Arc<Reply>),
        out: &mut impl Outlet<Work>,
    ) {
        let Some(question) = self.rules.question(&reply.key) else {
            return out.refuse(from);
        };
        let change = reply.change;
        let mut asked = self.questions.asked.iter_mut();
        let Some(asked) = asked.find(|it| it.question == question && it.of == from) else {
            // It has forgotten that it asked, and will ask anew.
            return confirm(from, (question, change), out);
        };
        let before = asked.reply.as_ref().map(|(reply, _)| reply.change);
        match correlation {
            // Its query is on its way: the reply may be older than this, and must not hide it.
            0 if before.is_none() => return,
            0 => confirm(from, (question, change), out),
            _ if correlation != asked.correlation => return,
            _ => {}
        }
        if before.is_none_or(|before| before < change) {
            asked.reply = Some((reply.clone(), out.now()));
            out.cancel_timer(WorkTimer::Query(question));
            out.note(WorkNote::ToldBy { question, by: from, change });
        }
    }

    pub(super) fn on_heard(&mut self, from: AgentId, question: QuestionId, change: u32) {
        let now = self.change_of(question);
        let untold = &mut self.questions.untold;
        untold.retain(|it| (it.question, it.asker) != (question, from) || now > Some(change));
    }

    fn change_of(&self, question: QuestionId) -> Option<u32> {
        let key = self.rules.questions.get(usize::from(question))?;
        self.questions.answers.known.get(key).map(|(change, _)| *change)
    }

    /// It knows this from now on, and tells those who have asked.
    pub(super) fn learn(&mut self, values: &[(Arc<str>, Value)], out: &mut impl Outlet<Work>) {
        let mut changed = Vec::new();
        for (key, value) in values {
            let Some(question) = self.rules.question(key) else { continue };
            let before = self.questions.answers.known.get(key);
            if before.is_some_and(|(_, before)| before == value) {
                continue;
            }
            let change = before.map_or(0, |(change, _)| change + 1);
            self.questions.answers.known.insert(key.clone(), (change, value.clone()));
            changed.push(question);
            out.note(WorkNote::AnswerChanged { question, change });
        }
        if changed.is_empty() {
            return;
        }
        out.persist(WorkEntry::Answers(Box::new(self.questions.answers.clone())));
        self.tell_askers(|question| changed.contains(&question), out);
    }

    /// After a crash it does not know who has heard of what.
    pub(super) fn tell_again(&mut self, out: &mut impl Outlet<Work>) {
        let known: Vec<(QuestionId, Option<u32>)> =
            (0..).zip(&*self.rules.questions).map(|(it, _)| (it, self.change_of(it))).collect();
        let has_changed = |question| known.iter().any(|it| it.0 == question && it.1 > Some(0));
        self.tell_askers(has_changed, out);
    }

    fn tell_askers(&mut self, about: impl Fn(QuestionId) -> bool, out: &mut impl Outlet<Work>) {
        let untold = &mut self.questions.untold;
        for &(question, asker) in &self.questions.answers.askers {
            if about(question) {
                untold.retain(|it| (it.question, it.asker) != (question, asker));
                untold.push(Untold { question, asker, told: 0 });
            }
        }
        out.cancel_timer(WorkTimer::Tell);
        self.tell(out);
    }

    /// Tells those who have not confirmed it, until they have been told so often that they must be gone.
    pub(super) fn tell(&mut self, out: &mut impl Outlet<Work>) {
        let Questions { answers, untold, .. } = &mut self.questions;
        untold.retain(|it| it.told <= RESENDS_MAX);
        for it in &mut *untold {
            let key = self.rules.questions.get(usize::from(it.question));
            let Some((key, known)) = key.and_then(|key| Some((key, answers.known.get(key)?)))
            else {
                continue;
            };
            it.told += 1;
            let reply = Reply { key: key.clone(), value: known.1.clone(), change: known.0 };
            out.send(it.asker, UNNUMBERED, WorkTalk::Reply(Arc::new(reply)));
        }
        if !untold.is_empty() {
            out.set_timer(WorkTimer::Tell, RESEND_US);
        }
    }
}

impl WorkRules {
    /// The number of what agents ask for under this key.
    #[must_use]
    pub fn question(&self, key: &str) -> Option<QuestionId> {
        let place = self.questions.binary_search_by(|it| (**it).cmp(key)).ok()?;
        QuestionId::try_from(place).ok()
    }
}

fn confirm(to: AgentId, (question, change): (QuestionId, u32), out: &mut impl Outlet<Work>) {
    out.send(to, UNNUMBERED, WorkTalk::Heard { question, change });
}

fn paired(correlation: u32) -> Header {
    Header { correlation, ..UNNUMBERED }
}
