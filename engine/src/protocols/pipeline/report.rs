//! How far a pipeline came, for machines (W11, E10).

use serde::Serialize;

use super::Stages;
use super::shown::pipeline;
use super::standing::{StageStanding, StageState, standings};
use crate::common::consensus::quorum::Decision;
use crate::common::shown::Peek;

/// Its part of the report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub pipeline: PipelineReport,
}

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
        StageState::Failed(decision) => decision.name(),
        StageState::Refused => "refused",
        StageState::Unreached => "unreached",
    }
}

impl PipelineReport {
    /// `None` where there is no pipeline.
    pub(super) fn new(peek: &dyn Peek<Stages>) -> Option<Self> {
        let pipeline = pipeline(peek)?;
        let frames = standings(pipeline);
        let last = frames.last()?;
        let stage = |frame: &StageStanding| {
            let facts = frame.opened.and_then(|id| peek.facts(id));
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
        let reason = |(frame, (_, decision)): (&StageStanding, _)| match (frame.state, decision) {
            (_, Decision::Approved) => "every stage is approved".to_owned(),
            (StageState::Refused, _) => format!("{} could not be put to the vote", frame.proposal),
            (_, Decision::Timeout) => format!("{} timed out", frame.proposal),
            (_, decision) => format!("{} was {}", frame.proposal, decision.name()),
        };
        Some(Self {
            stages: frames.iter().map(stage).collect(),
            outcome: ended.map(|(_, decision)| decision.name()),
            ended_at: ended_at.map(|frame| frame.name.clone()),
            reason: ended_at.zip(ended).map(reason),
        })
    }
}
