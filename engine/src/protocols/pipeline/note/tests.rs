use super::*;
use crate::protocol::note::letters::check_sentences;

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: PipelineNote) -> usize {
    match note {
        PipelineNote::StageOpened { .. } => 0,
        PipelineNote::StagePassed { .. } => 1,
        PipelineNote::PipelineEnded { .. } => 2,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let proposal = 0;
    let table = [
        (PipelineNote::StageOpened { proposal, stage: 0 }, "The stage plan opens."),
        (PipelineNote::StagePassed { proposal, stage: 0 }, "The stage plan is passed."),
        (
            PipelineNote::PipelineEnded { stage: 0, decision: Decision::Timeout },
            "The pipeline ends at plan: timed out.",
        ),
    ];
    check_sentences(&table, place);
}
