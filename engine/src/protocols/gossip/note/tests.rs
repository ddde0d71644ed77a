use super::*;
use crate::protocol::note::letters::check_sentences;

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: GossipNote) -> usize {
    match note {
        GossipNote::Turned { .. } => 0,
        GossipNote::Spread { .. } => 1,
        GossipNote::Rests { .. } => 2,
        GossipNote::LosesInterest { .. } => 4,
        GossipNote::Gathered { .. } => 3,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let proposal = 0;
    let decision = Decision::Approved;
    let table = [
        (
            GossipNote::Turned { proposal, vote: Vote::For },
            "ann goes over to FOR, as most of those it asked.",
        ),
        (GossipNote::Spread { proposal, known: 7 }, "ann knows 7 ballots now."),
        (GossipNote::Rests { proposal }, "ann hears nothing new and stops."),
        (
            GossipNote::Gathered { proposal, decision },
            "Approved: more than half of all agents say so.",
        ),
        (GossipNote::LosesInterest { proposal }, "ann loses interest and tells no more."),
    ];
    check_sentences(&table, place);
}
