//! What agents note in the trace: the notes of all protocols, each under its own.

mod plain;
#[cfg(test)]
mod tests;

use super::consensus::byzantine::note::ByzantineNote;
use super::consensus::choice::note::ChoiceNote;
use super::consensus::gossip::note::GossipNote;
use super::consensus::note::VoteNote;
use super::consensus::pipeline::note::PipelineNote;
use super::mark::{MarkKind, NoteEffect, NoteGlyph, Pictured as _};
use super::membership::note::MembershipNote;
use super::state::note::StateNote;
use super::work::note::WorkNote;
use crate::protocol::note::{Importance, Names, ProtocolNote};
use crate::sim::{self, AgentId};

/// Makes the enum out of the protocols' own, and asks them for all that is told of a note.
macro_rules! notes {
    ($($Protocol:ident($Note:ident),)*) => {
        /// Something worth telling that happened inside an agent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Note {
            $($Protocol($Note),)*
        }

        $(impl From<$Note> for Note {
            fn from(note: $Note) -> Self {
                Self::$Protocol(note)
            }
        })*

        impl sim::Note for Note {
            fn digest(&self) -> u64 {
                match self {
                    $(Self::$Protocol(note) => note.digest(),)*
                }
            }
        }

        impl Note {
            /// What happened at this agent, in one sentence.
            #[must_use]
            pub fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
                match self {
                    $(Self::$Protocol(note) => note.sentence(speaker, names),)*
                }
            }

            /// How much it matters.
            #[must_use]
            pub fn importance(self) -> Importance {
                match self {
                    $(Self::$Protocol(note) => note.importance(),)*
                }
            }

            /// How it stands on the tape, noted by this agent.
            #[must_use]
            pub fn mark(self, speaker: AgentId) -> Option<MarkKind> {
                match self {
                    $(Self::$Protocol(note) => note.mark(speaker),)*
                }
            }

            /// The picture before its sentence.
            #[must_use]
            pub fn glyph(self) -> NoteGlyph {
                match self {
                    $(Self::$Protocol(note) => note.glyph(),)*
                }
            }

            /// What is drawn for a moment on the stage.
            #[must_use]
            pub fn effect(self) -> Option<NoteEffect> {
                match self {
                    $(Self::$Protocol(note) => note.effect(),)*
                }
            }

            /// Whom it is about, if that is another than the agent that notes it.
            #[must_use]
            pub fn about(self) -> Option<AgentId> {
                match self {
                    $(Self::$Protocol(note) => note.about(),)*
                }
            }

            /// The proposal it is about, if it is about one.
            #[must_use]
            pub fn proposal(self) -> Option<u32> {
                match self {
                    $(Self::$Protocol(note) => note.subject(),)*
                }
            }
        }
    };
}

notes! {
    Membership(MembershipNote),
    Vote(VoteNote),
    Byzantine(ByzantineNote),
    Gossip(GossipNote),
    Choice(ChoiceNote),
    Pipeline(PipelineNote),
    State(StateNote),
    Work(WorkNote),
}
