//! The stages of a pipeline as a document: each leads to its vote.

use super::{Step, Track, track};
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::protocol::document::{Document, Item, List, ListLayout, Press, Sentence, Sign};
use crate::protocols::pipeline::standing::{StageStanding, StageState};

/// How far the pipeline has come; `None` where there is none.
#[must_use]
pub fn document(stages: &[StageStanding], shown: Option<ProposalId>) -> Option<Document> {
    let Track { strong, rest, steps } = track(stages, shown)?;
    let stages = List {
        id: "pipeline",
        label: "Stages",
        layout: ListLayout::Chain,
        items: steps.into_iter().map(item).collect(),
        ..List::default()
    };
    Some(
        Document::new("stages", "Pipeline")
            .block(Sentence::lead("pipeline-sentence", strong, rest))
            .block(stages),
    )
}

fn item(step: Step) -> Item {
    let (sign, status) = sign(step.state);
    Item {
        id: format!("stage-{}", step.name),
        sign: Some(sign),
        text: step.name,
        note: step.words,
        status,
        press: step.opened.map(|proposal| Press::choose("proposal", proposal)),
        chosen: step.opened.map(|_| step.shown),
        ..Item::default()
    }
}

const fn sign(state: StageState) -> (Sign, &'static str) {
    match state {
        StageState::Waiting => (Sign::Open, "waiting"),
        StageState::Open => (Sign::Asked, "open"),
        StageState::Passed => (Sign::Approved, "passed"),
        StageState::Failed(Decision::Timeout) => (Sign::TimedOut, "timeout"),
        StageState::Failed(_) => (Sign::Rejected, "rejected"),
        StageState::Refused => (Sign::Refused, "refused"),
        StageState::Unreached => (Sign::Nothing, "unreached"),
    }
}
