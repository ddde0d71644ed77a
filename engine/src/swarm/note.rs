//! Notes of agents in the trace: the notes of all protocols, each under its own.

#[cfg(test)]
mod tests;

use crate::common::consensus::note::VoteNote;
use crate::common::mark::{MarkKind, NoteEffect, NoteGlyph, Pictured as _};
use crate::common::misdirected::Misdirected;
use crate::protocol::contract::Protocol;
use crate::protocol::note::{Importance, Names, ProtocolNote};
use crate::registry::protocols;
use crate::sim::{self, AgentId};

/// Makes the enum out of the protocols' own, and asks them for all that is told of a note.
macro_rules! notes {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Protocol:ty,)+) => {
        /// Something worth telling that happened inside an agent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Note {
            $($(#[$on])* $Row(<$Protocol as Protocol>::Note),)+
            Misdirected(Misdirected),
        }

        impl From<Misdirected> for Note {
            fn from(note: Misdirected) -> Self {
                Self::Misdirected(note)
            }
        }

        $($(#[$on])* impl From<<$Protocol as Protocol>::Note> for Note {
            fn from(note: <$Protocol as Protocol>::Note) -> Self {
                Self::$Row(note)
            }
        })+

        impl sim::Note for Note {
            fn digest(&self) -> u64 {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.digest(),)+
                    Self::Misdirected(note) => note.digest(),
                }
            }
        }

        impl Note {
            /// The note of this agent in one sentence.
            #[must_use]
            pub fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.sentence(speaker, names),)+
                    Self::Misdirected(note) => note.sentence(speaker, names),
                }
            }

            /// The note in the words that all votes share, if it is one of those; a choice as a yes-or-no vote notes it.
            #[must_use]
            pub fn of_vote(self) -> Option<VoteNote> {
                self.shared().map(VoteNote::without_option)
            }

            /// The note in the words that all votes share, if it is one of those.
            #[must_use]
            #[inline]
            pub fn shared(self) -> Option<VoteNote> {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.shared(),)+
                    Self::Misdirected(note) => note.shared(),
                }
            }

            /// How much it matters.
            #[must_use]
            pub fn importance(self) -> Importance {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.importance(),)+
                    Self::Misdirected(note) => note.importance(),
                }
            }

            /// How it stands on the tape, noted by this agent.
            #[must_use]
            pub fn mark(self, speaker: AgentId) -> Option<MarkKind> {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.mark(speaker),)+
                    Self::Misdirected(note) => note.mark(speaker),
                }
            }

            /// The picture before its sentence.
            #[must_use]
            pub fn glyph(self) -> NoteGlyph {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.glyph(),)+
                    Self::Misdirected(note) => note.glyph(),
                }
            }

            /// The picture that is drawn for a moment on the stage.
            #[must_use]
            pub fn effect(self) -> Option<NoteEffect> {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.effect(),)+
                    Self::Misdirected(note) => note.effect(),
                }
            }

            /// Where an agent refuses what was asked of it: the number under which it remembers why.
            #[must_use]
            #[inline]
            pub fn refusal(self) -> Option<u32> {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.refusal(),)+
                    Self::Misdirected(note) => note.refusal(),
                }
            }

            /// The agent it is about, if that is another than the one that notes it.
            #[must_use]
            pub fn about(self) -> Option<AgentId> {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.about(),)+
                    Self::Misdirected(note) => note.about(),
                }
            }

            /// The proposal it is about, if it is about one.
            #[must_use]
            pub fn proposal(self) -> Option<u32> {
                match self {
                    $($(#[$on])* Self::$Row(note) => note.subject(),)+
                    Self::Misdirected(note) => note.subject(),
                }
            }
        }
    };
}

protocols!(notes);
