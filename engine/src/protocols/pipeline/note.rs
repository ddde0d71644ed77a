//! Notes about a pipeline.

use super::StageId;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::mark::{NoteGlyph, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, Thing, about};
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipelineNote {
    /// A stage of the pipeline was put to the vote.
    StageOpened { proposal: ProposalId, stage: StageId },
    /// A stage was approved: what stands behind it may open.
    StagePassed { proposal: ProposalId, stage: StageId },
    /// The pipeline ends at this stage; approved when all its stages are.
    PipelineEnded { stage: StageId, decision: Decision },
}

impl ProtocolNote for PipelineNote {
    fn digest(self) -> u64 {
        match self {
            Self::StageOpened { proposal, stage } => {
                about!("pipeline.stage_opened", proposal.into(), stage.into())
            }
            Self::StagePassed { proposal, stage } => {
                about!("pipeline.stage_passed", proposal.into(), stage.into())
            }
            Self::PipelineEnded { stage, decision } => {
                about!("pipeline.pipeline_ended", stage.into(), decision as u64)
            }
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let _agent = names.agent(speaker);
        let stage_name = |stage: StageId| names.thing(speaker, Thing::new("stage", stage.into()));
        match self {
            Self::StageOpened { stage, .. } => format!("The stage {} opens.", stage_name(stage)),
            Self::StagePassed { stage, .. } => {
                format!("The stage {} is passed.", stage_name(stage))
            }
            Self::PipelineEnded { decision: Decision::Approved, .. } => {
                "The pipeline is done: every stage is approved.".to_owned()
            }
            Self::PipelineEnded { stage, decision } => {
                let ended = decision.word();
                format!("The pipeline ends at {}: {ended}.", stage_name(stage))
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::StageOpened { .. } | Self::StagePassed { .. } => Importance::Vote,
            Self::PipelineEnded { .. } => Importance::Decision,
        }
    }

    fn subject(self) -> Option<u32> {
        match self {
            Self::StageOpened { proposal, .. } | Self::StagePassed { proposal, .. } => {
                Some(proposal)
            }
            Self::PipelineEnded { .. } => None,
        }
    }
}

impl Pictured for PipelineNote {
    fn glyph(self) -> NoteGlyph {
        match self {
            Self::PipelineEnded { decision, .. } => NoteGlyph::Decision(decision),
            Self::StageOpened { .. } | Self::StagePassed { .. } => NoteGlyph::Dot,
        }
    }
}

#[cfg(test)]
mod tests;
