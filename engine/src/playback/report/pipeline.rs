//! How far a pipeline came, for machines (W11, E10).

use serde::Serialize;

use super::decision_name;
use crate::coordination::consensus::quorum::Decision;
use crate::playback::frame::fill::pipeline_of;
use crate::playback::frame::{StageFrame, StageState, stage_frames};
use crate::scenario::build::SwarmSimulation;

/// A pipeline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PipelineReport {
    /// In the order of the file.
    pub stages: Vec<StageReport>,
    /// `approved` when all stages are, else how it ended; `null` while it goes on.
    pub outcome: Option<&'static str>,
    /// The stage at which it ended, and why; `null` while it goes on.
    pub ended_at: Option<String>,
    pub reason: Option<String>,
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageReport {
    pub stage: String,
    /// The stage that had to be approved before.
    pub gate: Option<String>,
    pub proposal: String,
    /// `waiting`, `open`, `passed`, `rejected`, `timeout`, `refused` when it could not be put to the vote, or
    /// `unreached` when the pipeline ended before it.
    pub state: &'static str,
    /// When it was put to the vote, and decided.
    pub opened_at_us: Option<u64>,
    pub decided_at_us: Option<u64>,
}

fn state_name(state: StageState) -> &'static str {
    match state {
        StageState::Waiting => "waiting",
        StageState::Open => "open",
        StageState::Passed => "passed",
        StageState::Failed(decision) => decision_name(decision),
        StageState::Refused => "refused",
        StageState::Unreached => "unreached",
    }
}

impl PipelineReport {
    /// `None` where there is no pipeline.
    pub(super) fn new(simulation: &SwarmSimulation) -> Option<Self> {
        let pipeline = pipeline_of(simulation)?;
        let frames = stage_frames(pipeline);
        let last = frames.last()?;
        let facts = simulation.observer.facts();
        let stage = |frame: &StageFrame| {
            let facts = frame.opened.and_then(|id| facts.get(id as usize));
            StageReport {
                stage: frame.name.clone(),
                gate: frame.gate.map(|gate| frames[usize::from(gate)].name.clone()),
                proposal: frame.proposal.clone(),
                state: state_name(frame.state),
                opened_at_us: facts.map(|facts| facts.opened_us),
                decided_at_us: facts.and_then(|facts| facts.decided).map(|(_, at_us)| at_us),
            }
        };
        let ended = pipeline.ended;
        let ended_at = ended.map(|(stage, _)| frames.get(usize::from(stage)).unwrap_or(last));
        let reason = |(frame, (_, decision)): (&StageFrame, _)| match (frame.state, decision) {
            (_, Decision::Approved) => "every stage is approved".to_owned(),
            (StageState::Refused, _) => format!("{} could not be put to the vote", frame.proposal),
            (_, Decision::Timeout) => format!("{} timed out", frame.proposal),
            (_, decision) => format!("{} was {}", frame.proposal, decision_name(decision)),
        };
        Some(Self {
            stages: frames.iter().map(stage).collect(),
            outcome: ended.map(|(_, decision)| decision_name(decision)),
            ended_at: ended_at.map(|frame| frame.name.clone()),
            reason: ended_at.zip(ended).map(reason),
        })
    }
}
