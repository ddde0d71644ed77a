//! How far a pipeline has come at this instant.

use crate::coordination::consensus::pipeline::{Pipeline, Stage, StageId};
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::consensus::quorum::Decision;
use crate::coordination::coordinator::CoordinatorDurable;

/// One stage of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageFrame {
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

/// All stages in their order, as the coordinator knows them.
pub(in crate::playback) fn stage_frames(state: &CoordinatorDurable) -> Vec<StageFrame> {
    let Pipeline { stages, opened, ended } = &state.pipeline;
    let frame = |(place, (stage, opened)): (usize, (&Stage, &Option<ProposalId>))| {
        let decided = opened.map(|id| state.manager.poll(id).and_then(|poll| poll.decided));
        let ended_here = ended.is_some_and(|(stage, _)| usize::from(stage) == place);
        let stage_state = match decided {
            Some(None) => StageState::Open,
            Some(Some((Decision::Approved, _))) => StageState::Passed,
            Some(Some((decision, _))) => StageState::Failed(decision),
            None if ended_here => StageState::Refused,
            None if ended.is_some() => StageState::Unreached,
            None => StageState::Waiting,
        };
        StageFrame {
            name: stage.name.clone(),
            gate: stage.gate,
            proposal: stage.proposal.name.clone(),
            opened: *opened,
            state: stage_state,
        }
    };
    stages.iter().zip(opened).enumerate().map(frame).collect()
}
