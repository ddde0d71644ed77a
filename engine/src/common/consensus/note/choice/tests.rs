use super::*;
use crate::protocol::note::letters::{B, check_sentences};

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: ChoiceNote) -> usize {
    match note {
        ChoiceNote::Picked { .. } => 0,
        ChoiceNote::PickCounted { .. } => 1,
        ChoiceNote::Won { .. } => 2,
        ChoiceNote::LearnedWinner { .. } => 3,
        ChoiceNote::Tied { .. } => 4,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let proposal = 0;
    let table = [
        (ChoiceNote::Picked { proposal, option: 1 }, "ann is for mysql."),
        (
            ChoiceNote::PickCounted { proposal, voter: B, option: 1 },
            "ben’s ballot was counted: mysql.",
        ),
        (
            ChoiceNote::Won { proposal, option: 0 },
            "postgres has won: no missing ballot can change that.",
        ),
        (ChoiceNote::LearnedWinner { proposal, option: 2 }, "ann learned: option 3 has won."),
        (ChoiceNote::Tied { proposal, option: 0 }, "It is a tie: postgres wins by standing first."),
    ];
    check_sentences(&table, place);
}
