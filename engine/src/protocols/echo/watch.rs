//! The property: everyone answers every question.

use std::sync::Arc;

use super::note::EchoNote;
use super::scenario::EchoSetup;
use super::{Echo, QuestionId};
use crate::common::sighting::Sighting;
use crate::protocol::watch::{Sight, Watch, Watched};
use crate::sim::{AgentId, Event, EventId, Property, PropertyKind, PropertyStatus};

impl Watched for Echo {
    type Setup = EchoSetup;
    type Watch = EchoWatch;
    type Sighting = Sighting;
}

/// The questions and answers so far.
#[derive(Clone, Debug, Default)]
pub struct EchoWatch {
    /// In the order in which they were asked.
    pub questions: Vec<WatchedQuestion>,
    /// When each answer came, in microseconds of the run. Shared by the checkpoints until there is another.
    pub answers_us: Arc<Vec<u64>>,
}

/// One question.
#[derive(Clone, Copy, Debug)]
pub struct WatchedQuestion {
    pub asker: AgentId,
    pub question: QuestionId,
    pub asked_us: u64,
    /// The event and the time by which everyone had answered.
    pub answered: Option<(EventId, u64)>,
    /// The event by which its agent gave up.
    pub gave_up: Option<EventId>,
}

impl Watch<Echo> for EchoWatch {
    fn on_note<N>(&mut self, event: &Event<N>, note: EchoNote, sight: &mut impl Sight<Echo>) {
        let asker = event.agent;
        let asked = |question| {
            move |it: &&mut WatchedQuestion| (it.asker, it.question) == (asker, question)
        };
        match note {
            EchoNote::Asks { question } => self.questions.push(WatchedQuestion {
                asker,
                question,
                asked_us: event.time_us,
                answered: None,
                gave_up: None,
            }),
            EchoNote::Answered { question, .. } => {
                Arc::make_mut(&mut self.answers_us).push(event.time_us);
                // The agent's own books say whether anyone is missing, not its note.
                let machine = sight.agent(asker).and_then(|it| it.machine);
                let is_complete = machine.is_some_and(|it| it.missing(question).next().is_none());
                if let Some(asked) = self.questions.iter_mut().find(asked(question)) {
                    asked.answered = is_complete.then_some((event.id, event.time_us));
                }
            }
            EchoNote::GaveUp { question, .. } => {
                if let Some(asked) = self.questions.iter_mut().find(asked(question)) {
                    asked.gave_up = Some(event.id);
                }
            }
        }
    }

    fn is_touched(&self) -> bool {
        !self.questions.is_empty()
    }

    fn properties(&self, ended: bool) -> Vec<Property> {
        let mut property = Property::new("every_question_answered", PropertyKind::Eventually);
        let last = self.questions.iter().map(|it| it.answered.map(|(event, _)| event));
        let last: Option<Vec<EventId>> = last.collect();
        match last {
            Some(last) if !last.is_empty() => {
                property.status = PropertyStatus::Holds;
                property.event = last.into_iter().max();
            }
            Some(_) => {}
            None if ended || self.questions.iter().any(|it| it.gave_up.is_some()) => {
                property.status = PropertyStatus::Violated;
                property.event = self.questions.iter().filter_map(|it| it.gave_up).min();
            }
            None => {}
        }
        vec![property]
    }
}
