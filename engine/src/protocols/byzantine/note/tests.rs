use super::*;
use crate::protocol::note::letters::{B, check_sentences};

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: ByzantineNote) -> usize {
    match note {
        ByzantineNote::Accepted { .. } => 0,
        ByzantineNote::Exposed { .. } => 1,
        ByzantineNote::LateEvidence { .. } => 2,
        ByzantineNote::Recorded { .. } => 3,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let proposal = 0;
    let decision = Decision::Approved;
    let table = [
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
            ByzantineNote::Recorded { proposal, decision },
            "Approved: more agents say so than may be faulty.",
        ),
    ];
    check_sentences(&table, place);
}
