//! The notes of a Byzantine vote.

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::mark::{MarkKind, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, about};
use crate::protocol::words::sentence_case;
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByzantineNote {
    /// An agent accepts what another has signed.
    Accepted { proposal: ProposalId, voter: AgentId, vote: Vote, round: u8 },
    /// An agent holds two different votes that the voter has signed.
    Exposed { proposal: ProposalId, voter: AgentId },
    /// A signed vote came too late for the signatures under it.
    LateEvidence { proposal: ProposalId, voter: AgentId },
    /// The coordinator has heard the same from more agents than may be faulty.
    Recorded { proposal: ProposalId, decision: Decision },
}

impl ProtocolNote for ByzantineNote {
    fn digest(self) -> u64 {
        match self {
            Self::Accepted { proposal, voter, vote, round } => about!(
                "byzantine.accepted",
                proposal.into(),
                voter.0.into(),
                vote as u64,
                round.into()
            ),
            Self::Exposed { proposal, voter } => {
                about!("byzantine.exposed", proposal.into(), voter.0.into())
            }
            Self::LateEvidence { proposal, voter } => {
                about!("byzantine.late_evidence", proposal.into(), voter.0.into())
            }
            Self::Recorded { proposal, decision } => {
                about!("byzantine.recorded", proposal.into(), decision as u64)
            }
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let agent = names.agent(speaker);
        match self {
            Self::Accepted { voter, vote, round, .. } => format!(
                "{agent} accepts what {} signed for round {round}: {}.",
                names.agent(voter),
                vote.word()
            ),
            Self::Exposed { voter, .. } => {
                format!("{agent} holds two different votes signed by {}.", names.agent(voter))
            }
            Self::LateEvidence { voter, .. } => format!(
                "{agent} got a vote of {} too late for the signatures under it; it does not count.",
                names.agent(voter)
            ),
            Self::Recorded { decision, .. } => {
                let told = sentence_case(decision.word());
                format!("{told}: more agents say so than may be faulty.")
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::Accepted { .. } => Importance::Traffic,
            Self::LateEvidence { .. } => Importance::Vote,
            Self::Exposed { .. } | Self::Recorded { .. } => Importance::Decision,
        }
    }

    fn subject(self) -> Option<u32> {
        match self {
            Self::Accepted { proposal, .. }
            | Self::Exposed { proposal, .. }
            | Self::LateEvidence { proposal, .. }
            | Self::Recorded { proposal, .. } => Some(proposal),
        }
    }
}

impl Pictured for ByzantineNote {
    fn mark(self, _: AgentId) -> Option<MarkKind> {
        match self {
            Self::Exposed { proposal, voter } => Some(MarkKind::Exposed { proposal, voter }),
            Self::Accepted { .. } | Self::LateEvidence { .. } | Self::Recorded { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
