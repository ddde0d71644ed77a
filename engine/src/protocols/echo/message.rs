//! Messages and timers. The envelope's instance is the number of the question.

use serde::Serialize;

use super::QuestionId;
use crate::common::awaited::{Awaited, Waiting};
use crate::common::glyph::MessageGlyph;
use crate::common::kind::{Described, MessageKind};
use crate::sim::AgentId;

/// A message between two agents.
#[derive(Clone, Debug, Serialize)]
pub enum EchoMessage {
    Question,
    Answer,
}

pub const QUESTION: MessageKind = MessageKind::new(36, "echo_question", "inquiry");
pub const ANSWER: MessageKind = MessageKind::new(37, "echo_answer", "echo");

impl Described for EchoMessage {
    const KINDS: &'static [&'static MessageKind] = &[&QUESTION, &ANSWER];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::Question => &QUESTION,
            Self::Answer => &ANSWER,
        }
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match self {
            Self::Question => MessageGlyph::Question,
            Self::Answer => MessageGlyph::Result,
        }
    }
}

/// A timer of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EchoTimer {
    /// It has thought about a question of this agent.
    Answer { to: AgentId, question: QuestionId },
    /// It asks those again that have not answered.
    AskAgain { question: QuestionId },
}

impl Waiting for EchoTimer {
    fn awaited(self) -> Awaited {
        Awaited::new(match self {
            Self::Answer { .. } => "its own answer",
            Self::AskAgain { .. } => "answers, before it asks again",
        })
    }
}
