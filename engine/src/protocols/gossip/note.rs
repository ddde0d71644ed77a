//! The notes of a gossip.

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::mark::{MarkKind, NoteGlyph, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, about};
use crate::protocol::words::sentence_case;
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GossipNote {
    /// In a gossip an agent holds something else from now on: most of those it asked do.
    Turned { proposal: ProposalId, vote: Vote },
    /// Ballots have spread to an agent; it knows so many now.
    Spread { proposal: ProposalId, known: u32 },
    /// An agent has heard nothing new for so long that it stops talking of it.
    Rests { proposal: ProposalId },
    /// An agent has lost interest in what it knows, and tells it no more.
    LosesInterest { proposal: ProposalId },
    /// The coordinator has heard the same from more than half of all agents.
    Gathered { proposal: ProposalId, decision: Decision },
}

impl ProtocolNote for GossipNote {
    fn digest(self) -> u64 {
        match self {
            Self::Turned { proposal, vote } => {
                about!("gossip.turned", proposal.into(), vote as u64)
            }
            Self::Spread { proposal, known } => {
                about!("gossip.spread", proposal.into(), known.into())
            }
            Self::Rests { proposal } => about!("gossip.rests", proposal.into()),
            Self::LosesInterest { proposal } => {
                about!("gossip.loses_interest", proposal.into())
            }
            Self::Gathered { proposal, decision } => {
                about!("gossip.gathered", proposal.into(), decision as u64)
            }
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let agent = names.agent(speaker);
        match self {
            Self::Turned { vote, .. } => {
                format!("{agent} goes over to {}, as most of those it asked.", vote.word())
            }
            Self::Spread { known: 1, .. } => format!("{agent} knows 1 ballot now."),
            Self::Spread { known, .. } => format!("{agent} knows {known} ballots now."),
            Self::Rests { .. } => format!("{agent} hears nothing new and stops."),
            Self::LosesInterest { .. } => format!("{agent} loses interest and tells no more."),
            Self::Gathered { decision, .. } => {
                let told = sentence_case(decision.word());
                format!("{told}: more than half of all agents say so.")
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::Spread { .. } => Importance::Traffic,
            Self::Rests { .. } | Self::LosesInterest { .. } => Importance::Step,
            Self::Turned { .. } => Importance::Vote,
            Self::Gathered { .. } => Importance::Decision,
        }
    }

    fn subject(self) -> Option<u32> {
        match self {
            Self::Turned { proposal, .. }
            | Self::Spread { proposal, .. }
            | Self::Rests { proposal, .. }
            | Self::LosesInterest { proposal, .. }
            | Self::Gathered { proposal, .. } => Some(proposal),
        }
    }
}

impl Pictured for GossipNote {
    fn mark(self, _: AgentId) -> Option<MarkKind> {
        match self {
            Self::Gathered { proposal, decision } => Some(MarkKind::Decided { proposal, decision }),
            _ => None,
        }
    }

    fn glyph(self) -> NoteGlyph {
        match self {
            Self::Turned { vote, .. } => NoteGlyph::Vote(vote, false),
            Self::Gathered { decision, .. } => NoteGlyph::Decision(decision),
            _ => NoteGlyph::Dot,
        }
    }
}

#[cfg(test)]
mod tests;
