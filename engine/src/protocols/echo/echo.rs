//! Echo: an agent asks all others, and each answers. The protocol of the tests: it has one of everything that a protocol can
//! have, and as little of each as will do. `ARCHITECTURE.md` walks through it.
//!
//! - this file: the machine
//! - [`message`]: its messages and timers
//! - [`note`]: its notes in the trace
//! - [`watch`]: what must hold of it
//! - [`scenario`]: its input, the section of a scenario, settings, acts
//! - [`shown`]: its output, the report, documents, faces

pub mod message;
pub mod note;
mod scenario;
mod shown;
#[cfg(test)]
mod tests;
pub mod watch;

use self::message::{EchoMessage, EchoTimer};
use self::note::EchoNote;
use crate::common::consensus::note::VoteNote;
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::signal::Signal;
use crate::protocol::contract::{Header, Lies, Outlet, Protocol, Requested};
use crate::sim::AgentId;

/// The place of a question among those of its agent, from 0.
pub type QuestionId = u16;

/// How long everything takes, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long an agent thinks before it answers, least and most.
    pub think_us: (u64, u64),
    /// When an agent asks those again that have not answered.
    pub again_us: u64,
}

/// An agent asks so often in all, and gives up those who have not answered by then.
pub const TRIES_MAX: u8 = 20;

/// A question that an agent has asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The agents that have answered, in the order of their answers.
    pub answered: Vec<AgentId>,
    /// How often it was asked.
    pub tries: u8,
}

/// An agent. All of it survives a crash as it was written down last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Echo {
    pub pace: Pace,
    /// Whom it asks.
    pub others: Vec<AgentId>,
    pub questions: Vec<Question>,
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum EchoEntry {
    Asked { question: QuestionId },
    Answered { question: QuestionId, by: AgentId },
}

/// An order of a person or the scenario.
#[derive(Clone, Copy, Debug)]
pub enum EchoOrder {
    /// Ask all others.
    Ask,
}

impl Requested for EchoOrder {
    fn kind(&self) -> Option<&'static str> {
        let Self::Ask = self;
        Some("question")
    }
}

impl Echo {
    /// The agents that have not answered yet; none for a question that was not asked.
    pub fn missing(&self, question: QuestionId) -> impl Iterator<Item = AgentId> {
        let asked = self.questions.get(usize::from(question));
        let others = self.others.iter().copied();
        others.filter(move |it| asked.is_some_and(|asked| !asked.answered.contains(it)))
    }

    fn put(&mut self, entry: EchoEntry, out: &mut impl Outlet<Self>) {
        Self::write(self, &entry);
        out.persist(entry);
    }

    /// Asks, perhaps again, all that have not answered.
    fn ask(&mut self, question: QuestionId, out: &mut impl Outlet<Self>) {
        self.put(EchoEntry::Asked { question }, out);
        for other in self.missing(question) {
            out.send(other, Header::about(question.into()), EchoMessage::Question);
        }
        out.set_timer(EchoTimer::AskAgain { question }, self.pace.again_us);
    }

    fn on_answer(&mut self, by: AgentId, question: QuestionId, out: &mut impl Outlet<Self>) {
        // A second answer says nothing new.
        if !self.missing(question).any(|missing| missing == by) {
            return;
        }
        self.put(EchoEntry::Answered { question, by }, out);
        let missing = self.missing(question).count() as u16;
        out.note(EchoNote::Answered { question, by, missing });
        if missing == 0 {
            out.cancel_timer(EchoTimer::AskAgain { question });
        }
    }
}

impl Protocol for Echo {
    type Message = EchoMessage;
    type Timer = EchoTimer;
    type Order = EchoOrder;
    type Durable = Self;
    type Entry = EchoEntry;
    type Note = EchoNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &Self) -> Self {
        durable.clone()
    }

    fn write(durable: &mut Self, entry: &EchoEntry) {
        match *entry {
            EchoEntry::Asked { question } => {
                let count = usize::from(question) + 1;
                let count = count.max(durable.questions.len());
                durable.questions.resize_with(count, Question::default);
                durable.questions[usize::from(question)].tries += 1;
            }
            EchoEntry::Answered { question, by } => {
                if let Some(asked) = durable.questions.get_mut(usize::from(question)) {
                    asked.answered.push(by);
                }
            }
        }
    }

    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        for question in 0..self.questions.len() as QuestionId {
            if self.missing(question).next().is_some() {
                out.set_timer(EchoTimer::AskAgain { question }, self.pace.again_us);
            }
        }
    }

    fn on_order(&mut self, EchoOrder::Ask: &EchoOrder, out: &mut impl Outlet<Self>) {
        let Ok(question) = QuestionId::try_from(self.questions.len()) else { return };
        out.note(EchoNote::Asks { question });
        self.ask(question, out);
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &EchoMessage,
        out: &mut impl Outlet<Self>,
    ) {
        let Ok(question) = QuestionId::try_from(header.instance) else { return out.refuse(from) };
        match message {
            EchoMessage::Question => {
                let (least_us, most_us) = self.pace.think_us;
                let delay_us = out.random_between(least_us, most_us);
                out.set_timer(EchoTimer::Answer { to: from, question }, delay_us);
            }
            EchoMessage::Answer => self.on_answer(from, question, out),
        }
    }

    fn on_timer(&mut self, timer: EchoTimer, out: &mut impl Outlet<Self>) {
        match timer {
            EchoTimer::Answer { to, question } => {
                out.send(to, Header::about(question.into()), EchoMessage::Answer);
            }
            EchoTimer::AskAgain { question } => {
                let asked = self.questions.get(usize::from(question));
                if asked.is_some_and(|asked| asked.tries < TRIES_MAX) {
                    self.ask(question, out);
                } else {
                    let missing = self.missing(question).count() as u16;
                    out.note(EchoNote::GaveUp { question, missing });
                }
            }
        }
    }
}

/// Nobody lies in it.
impl Lies for Echo {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;
}
