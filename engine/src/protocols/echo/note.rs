//! Notes in the trace.

use super::QuestionId;
use crate::common::mark::{NoteEffect, NoteGlyph, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, Thing, about};
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EchoNote {
    /// An agent asks all others.
    Asks { question: QuestionId },
    /// An answer came, and so many are missing.
    Answered { question: QuestionId, by: AgentId, missing: u16 },
    /// An agent waits no longer for so many answers.
    GaveUp { question: QuestionId, missing: u16 },
}

impl ProtocolNote for EchoNote {
    fn digest(self) -> u64 {
        match self {
            Self::Asks { question } => about!("echo.asks", question.into()),
            Self::Answered { question, by, missing } => {
                about!("echo.answered", question.into(), by.0.into(), missing.into())
            }
            Self::GaveUp { question, missing } => {
                about!("echo.gave_up", question.into(), missing.into())
            }
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let agent = names.agent(speaker);
        let name = |question: QuestionId| names.thing(speaker, Thing::new("echo", question.into()));
        match self {
            Self::Asks { question } => format!("{agent} asks {}.", name(question)),
            Self::Answered { question, by, missing: 0 } => {
                format!("{} answers {}: everyone has.", names.agent(by), name(question))
            }
            Self::Answered { question, by, missing } => {
                format!("{} answers {}; {missing} to come.", names.agent(by), name(question))
            }
            Self::GaveUp { question, missing } => {
                format!("{agent} gives up {}: {missing} never answered.", name(question))
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::Answered { missing: 0, .. } | Self::GaveUp { .. } => Importance::Decision,
            Self::Asks { .. } | Self::Answered { .. } => Importance::Vote,
        }
    }
}

impl Pictured for EchoNote {
    fn glyph(self) -> NoteGlyph {
        match self {
            Self::Asks { .. } => NoteGlyph::Question,
            Self::Answered { .. } => NoteGlyph::Dot,
            Self::GaveUp { .. } => NoteGlyph::Lost,
        }
    }

    fn effect(self) -> Option<NoteEffect> {
        match self {
            Self::Asks { .. } => Some(NoteEffect::Ring),
            Self::Answered { .. } | Self::GaveUp { .. } => None,
        }
    }
}
