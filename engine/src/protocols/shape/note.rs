//! Notes in the trace.

use super::Epoch;
use super::rule::{Why, word};
use crate::common::consensus::quorum::Decision;
use crate::common::mark::{MarkKind, NoteEffect, NoteGlyph, Pictured};
use crate::common::topology::TopologyKind;
use crate::protocol::note::{Importance, Names, ProtocolNote, about};
use crate::protocol::words::{counted, sentence_case};
use crate::sim::AgentId;

/// Something worth telling. All but the first are noted by the decider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeNote {
    /// An agent has confirmed a switch.
    Confirms { epoch: Epoch, to: TopologyKind },
    /// A switch begins.
    Begins { epoch: Epoch, from: TopologyKind, to: TopologyKind, why: Why },
    /// All have promised it: it holds.
    Switches { epoch: Epoch, to: TopologyKind },
    /// So many promises are missing, or the decider was down: it is undone.
    Undoes { epoch: Epoch, to: TopologyKind, missing: u16 },
    /// So many of all answer: too few to judge.
    Unsure { answer: u16, of: u16 },
    /// From now on each agent sends so many messages a second.
    Chatter { per_second: u16 },
}

impl ProtocolNote for ShapeNote {
    fn digest(self) -> u64 {
        match self {
            Self::Confirms { epoch, to } => about!("shape.confirms", epoch.into(), to as u64),
            Self::Begins { epoch, from, to, why: Why { reason, value, limit } } => about!(
                "shape.begins",
                epoch.into(),
                from as u64,
                to as u64,
                reason as u64,
                value.into(),
                limit.into()
            ),
            Self::Switches { epoch, to } => about!("shape.switches", epoch.into(), to as u64),
            Self::Undoes { epoch, to, missing } => {
                about!("shape.undoes", epoch.into(), to as u64, missing.into())
            }
            Self::Unsure { answer, of } => about!("shape.unsure", answer.into(), of.into()),
            Self::Chatter { per_second } => about!("shape.chatter", per_second.into()),
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let own = names.agent(speaker);
        match self {
            Self::Confirms { epoch, to } => {
                format!("{own} confirms switch {epoch}: {}.", word(to))
            }
            Self::Begins { from, to, why, .. } if from == to => {
                format!("{} anew: {}.", sentence_case(word(to)), why.words())
            }
            Self::Begins { from, to, why, .. } => {
                format!("{} instead of {}: {}.", sentence_case(word(to)), word(from), why.words())
            }
            Self::Switches { epoch, to } => {
                format!("All have promised switch {epoch}: {own} makes the network a {}.", word(to))
            }
            Self::Undoes { epoch, missing: 0, .. } => {
                format!("{own} was down during switch {epoch}: it is undone.")
            }
            Self::Undoes { epoch, missing, .. } => {
                let promises = counted(missing.into(), "promise");
                format!("{own} undoes switch {epoch}: {promises} missing.")
            }
            Self::Unsure { answer, of } => {
                format!("{own} hears from {answer} of {of} agents: too few to judge.")
            }
            Self::Chatter { per_second: 0 } => "The agents send no more chatter.".to_owned(),
            Self::Chatter { per_second } => {
                format!("Each agent sends {} a second.", counted(per_second.into(), "message"))
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::Begins { .. } | Self::Switches { .. } => Importance::Decision,
            Self::Undoes { .. } | Self::Unsure { .. } => Importance::Fault,
            Self::Chatter { .. } => Importance::Vote,
            Self::Confirms { .. } => Importance::Step,
        }
    }
}

impl Pictured for ShapeNote {
    fn mark(self, speaker: AgentId) -> Option<MarkKind> {
        Some(match self {
            Self::Switches { to, .. } => {
                MarkKind::Ended { words: word(to), like: Decision::Approved }
            }
            Self::Undoes { .. } => MarkKind::Ended { words: "undone", like: Decision::Rejected },
            Self::Begins { .. } | Self::Chatter { .. } => MarkKind::Acted { agent: speaker },
            Self::Unsure { .. } => MarkKind::Fault { agent: speaker },
            Self::Confirms { .. } => return None,
        })
    }

    fn glyph(self) -> NoteGlyph {
        match self {
            Self::Undoes { .. } | Self::Unsure { .. } => NoteGlyph::Fault,
            Self::Begins { .. } => NoteGlyph::Question,
            Self::Switches { .. } => NoteGlyph::Decision(Decision::Approved),
            Self::Confirms { .. } | Self::Chatter { .. } => NoteGlyph::Dot,
        }
    }

    fn effect(self) -> Option<NoteEffect> {
        let is_shown = matches!(self, Self::Begins { .. } | Self::Switches { .. });
        is_shown.then_some(NoteEffect::Ring)
    }
}
