//! Notes about a choice between options.

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::mark::{MarkKind, NoteEffect, NoteGlyph, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, Thing, about};
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceNote {
    /// An agent made up its mind which option it is for.
    Picked { proposal: ProposalId, option: OptionId },
    /// The coordinator counted a ballot for an option.
    PickCounted { proposal: ProposalId, voter: AgentId, option: OptionId },
    /// An option has won: no outstanding ballot can change that, or the deadline has come.
    Won { proposal: ProposalId, option: OptionId },
    /// An agent holds from now on that this option has won.
    LearnedWinner { proposal: ProposalId, option: OptionId },
    /// At the close others had as much as the option that has won, by standing first.
    Tied { proposal: ProposalId, option: OptionId },
}

impl ChoiceNote {
    /// The same note of a yes-or-no vote, for readers to whom the option does not matter; `None` for a tie.
    #[must_use]
    pub fn without_option(self) -> Option<VoteNote> {
        let (vote, decision) = (Vote::For, Decision::Approved);
        Some(match self {
            Self::Picked { proposal, .. } => VoteNote::Voted { proposal, vote },
            Self::PickCounted { proposal, voter, .. } => {
                VoteNote::Counted { proposal, voter, vote }
            }
            Self::Won { proposal, .. } => VoteNote::Decided { proposal, decision },
            Self::LearnedWinner { proposal, .. } => VoteNote::Learned { proposal, decision },
            Self::Tied { .. } => return None,
        })
    }
}

impl ProtocolNote for ChoiceNote {
    fn digest(self) -> u64 {
        match self {
            Self::Picked { proposal, option } => {
                about!("choice.picked", proposal.into(), option.into())
            }
            Self::PickCounted { proposal, voter, option } => {
                about!("choice.pick_counted", proposal.into(), voter.0.into(), option.into())
            }
            Self::Won { proposal, option } => about!("choice.won", proposal.into(), option.into()),
            Self::LearnedWinner { proposal, option } => {
                about!("choice.learned_winner", proposal.into(), option.into())
            }
            Self::Tied { proposal, option } => {
                about!("choice.tied", proposal.into(), option.into())
            }
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let agent = names.agent(speaker);
        let option_name = |proposal, option: OptionId| {
            names.thing(speaker, Thing::inside("option", proposal, option.into()))
        };
        match self {
            Self::Picked { proposal, option } => {
                format!("{agent} is for {}.", option_name(proposal, option))
            }
            Self::PickCounted { proposal, voter, option } => {
                let option = option_name(proposal, option);
                format!("{}’s ballot was counted: {option}.", names.agent(voter))
            }
            Self::Won { proposal, option } => {
                let option = option_name(proposal, option);
                format!("{option} has won: no missing ballot can change that.")
            }
            Self::LearnedWinner { proposal, option } => {
                format!("{agent} learned: {} has won.", option_name(proposal, option))
            }
            Self::Tied { proposal, option } => {
                format!("It is a tie: {} wins by standing first.", option_name(proposal, option))
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::Picked { .. }
            | Self::PickCounted { .. }
            | Self::LearnedWinner { .. }
            | Self::Tied { .. } => Importance::Vote,
            Self::Won { .. } => Importance::Decision,
        }
    }

    fn subject(self) -> Option<u32> {
        match self {
            Self::Picked { proposal, .. }
            | Self::PickCounted { proposal, .. }
            | Self::Won { proposal, .. }
            | Self::LearnedWinner { proposal, .. }
            | Self::Tied { proposal, .. } => Some(proposal),
        }
    }
}

impl Pictured for ChoiceNote {
    fn mark(self, speaker: AgentId) -> Option<MarkKind> {
        self.without_option()?.mark(speaker)
    }

    fn glyph(self) -> NoteGlyph {
        self.without_option().map_or(NoteGlyph::Dot, VoteNote::glyph)
    }

    fn effect(self) -> Option<NoteEffect> {
        match self {
            Self::PickCounted { option, .. } => {
                Some(NoteEffect::Ripple(MessageGlyph::Pick(option)))
            }
            _ => self.without_option()?.effect(),
        }
    }

    fn about(self) -> Option<AgentId> {
        self.without_option()?.about()
    }
}

#[cfg(test)]
mod tests;
