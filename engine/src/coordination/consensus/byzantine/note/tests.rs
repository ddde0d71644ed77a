use super::*;
use crate::protocol::note::letters::{B, check_sentences};

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: ByzantineNote) -> usize {
    match note {
        ByzantineNote::RoundBegan { .. } => 0,
        ByzantineNote::Accepted { .. } => 1,
        ByzantineNote::Exposed { .. } => 2,
        ByzantineNote::LateEvidence { .. } => 3,
        ByzantineNote::CameLate { .. } => 4,
        ByzantineNote::Concluded { .. } => 5,
        ByzantineNote::Recorded { .. } => 6,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let proposal = 0;
    let decision = Decision::Approved;
    let table = [
        (ByzantineNote::RoundBegan { proposal, round: 2 }, "Round 2 begins for ann."),
        (
            ByzantineNote::Accepted { proposal, voter: B, vote: Vote::For, round: 2 },
            "ann accepts what ben signed for round 2: FOR.",
        ),
        (
            ByzantineNote::Exposed { proposal, voter: B },
            "ann holds two different votes signed by ben.",
        ),
        (
            ByzantineNote::LateEvidence { proposal, voter: B },
            "ann got a vote of ben too late for the signatures under it; it does not count.",
        ),
        (
            ByzantineNote::CameLate { proposal, from: B },
            "A message of ben came to ann after its round.",
        ),
        (ByzantineNote::Concluded { proposal, decision }, "ann decides for itself: approved."),
        (
            ByzantineNote::Recorded { proposal, decision },
            "Approved: more agents say so than may be faulty.",
        ),
    ];
    check_sentences(&table, place);
}
