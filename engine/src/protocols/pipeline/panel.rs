//! A pipeline of decisions for people: how far it has come in a sentence, and each of its stages.

mod document;

pub(super) use self::document::document;
use super::standing::{StageStanding, StageState};
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::figure::decision;

/// A pipeline at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// "2 of 3 stages", and the rest of the sentence.
    pub strong: String,
    pub rest: String,
    pub steps: Vec<Step>,
}

/// One of its stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub state: StageState,
    /// "passed", or "waits for security".
    pub words: String,
    /// The proposal to look at, once there is one, and whether it is the one that is shown.
    pub opened: Option<ProposalId>,
    pub shown: bool,
}

/// How far the pipeline has come; `shown` is the proposal that is looked at. `None` where there is none.
#[must_use]
pub fn track(stages: &[StageStanding], shown: Option<ProposalId>) -> Option<Track> {
    if stages.is_empty() {
        return None;
    }
    let named = |is: fn(StageState) -> bool| {
        let these = stages.iter().filter(move |stage| is(stage.state));
        these.map(|stage| stage.name.as_str()).collect::<Vec<_>>()
    };
    let passed = named(|state| state == StageState::Passed).len();
    let open = named(|state| state == StageState::Open);
    let ended = stages
        .iter()
        .find(|stage| matches!(stage.state, StageState::Failed(_) | StageState::Refused));
    let mut rest = " passed".to_owned();
    if let Some(stage) = ended {
        rest +=
            &format!("; {} {}, and what it gates is not asked", stage.name, ending(stage.state));
    } else if !open.is_empty() {
        let is = if open.len() == 1 { "is" } else { "are" };
        rest += &format!("; {} {is} open", open.join(" and "));
    }
    rest.push('.');
    let step = |stage: &StageStanding| Step {
        name: stage.name.clone(),
        state: stage.state,
        words: words(stage, stages),
        opened: stage.opened,
        shown: stage.opened.is_some() && stage.opened == shown,
    };
    let stages_in_all = if stages.len() == 1 { "stage" } else { "stages" };
    Some(Track {
        strong: format!("{passed} of {} {stages_in_all}", stages.len()),
        rest,
        steps: stages.iter().map(step).collect(),
    })
}

fn ending(state: StageState) -> &'static str {
    match state {
        StageState::Failed(Decision::Timeout) => "timed out",
        StageState::Refused => "could not be put to the vote",
        _ => "was rejected",
    }
}

fn words(stage: &StageStanding, stages: &[StageStanding]) -> String {
    let gate = stage.gate.and_then(|gate| stages.get(usize::from(gate)));
    match stage.state {
        StageState::Waiting => gate
            .map_or_else(|| "not open yet".to_owned(), |gate| format!("waits for {}", gate.name)),
        StageState::Open => "open".to_owned(),
        StageState::Passed => "passed".to_owned(),
        StageState::Failed(Decision::Timeout) => "timed out".to_owned(),
        StageState::Failed(decided) => decision(decided).to_ascii_lowercase(),
        StageState::Refused => "refused".to_owned(),
        StageState::Unreached => "not reached".to_owned(),
    }
}

#[cfg(test)]
mod tests;
