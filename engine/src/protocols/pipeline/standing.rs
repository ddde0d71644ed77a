//! How far each stage has come.

use super::{Pipeline, Progress, Stage, StageId};
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;

/// One stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageStanding {
    pub name: String,
    /// The stage that must be approved before this one opens.
    pub gate: Option<StageId>,
    /// The name of what is put to the vote, and its number once it was.
    pub proposal: String,
    pub opened: Option<ProposalId>,
    pub state: StageState,
}

/// How far a stage has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    /// Its gate is not approved yet.
    Waiting,
    Open,
    Passed,
    /// Rejected or timed out.
    Failed(Decision),
    /// It could not be put to the vote: nobody may vote on it, or too few.
    Refused,
    /// The pipeline ended before it.
    Unreached,
}

/// All stages in their order, as the agent knows them that opens them.
pub fn standings(pipeline: &Pipeline) -> Vec<StageStanding> {
    let Pipeline { stages, progress, ended } = pipeline;
    let frame = |(place, (stage, progress)): (usize, (&Stage, &Progress))| {
        let ended_here = ended.is_some_and(|(stage, _)| usize::from(stage) == place);
        let stage_state = match (progress.opened, progress.decided) {
            (Some(_), None) => StageState::Open,
            (Some(_), Some(Decision::Approved)) => StageState::Passed,
            (Some(_), Some(decision)) => StageState::Failed(decision),
            (None, _) if ended_here => StageState::Refused,
            (None, _) if ended.is_some() => StageState::Unreached,
            (None, _) => StageState::Waiting,
        };
        StageStanding {
            name: stage.name.clone(),
            gate: stage.gate,
            proposal: stage.proposal.name.clone(),
            opened: progress.opened,
            state: stage_state,
        }
    };
    stages.iter().zip(progress).enumerate().map(frame).collect()
}
