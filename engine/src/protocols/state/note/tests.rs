use super::*;
use crate::protocol::note::letters::{B, check_sentences};

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: StateNote) -> usize {
    match note {
        StateNote::FollowedUp { .. } => 0,
        StateNote::Wrote { .. } => 1,
        StateNote::WriteRefused { .. } => 2,
        StateNote::Merged { .. } => 3,
        StateNote::Cleared { .. } => 4,
        StateNote::SyncBegan { .. } => 5,
        StateNote::Synced { .. } => 6,
        StateNote::BeyondHorizon { .. } => 7,
        StateNote::FromTheFuture { .. } => 8,
        StateNote::MixedTypes { .. } => 9,
        StateNote::Held { .. } => 10,
        StateNote::StrongVoted { .. } => 11,
        StateNote::Committed { .. } => 12,
        StateNote::StrongRead { .. } => 13,
        StateNote::StrongRefused { .. } => 14,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let proposal = 0;
    let key = KeyId(0);
    let table = [
        (
            StateNote::FollowedUp { proposal, step: 2, of: 6 },
            "ann goes on after the approval: step 2 of 6.",
        ),
        (StateNote::Wrote { key }, "ann wrote queue."),
        (StateNote::WriteRefused { key }, "queue does not take what ann wrote."),
        (
            StateNote::Merged { key, from: B, applied: Applied::Crdt(CrdtKind::GCounter) },
            "ann merged queue with that of ben: the larger of each entry.",
        ),
        (StateNote::Cleared { key, from: B }, "ann heard from ben that queue was cleared."),
        (StateNote::SyncBegan { kind: SyncKind::Delta }, "ann asks for what it lacks."),
        (
            StateNote::Synced { kind: SyncKind::Delta, changes: 3, missing: 0 },
            "ann is in step: 3 keys changed.",
        ),
        (
            StateNote::BeyondHorizon { from: B },
            "ben is further behind than ann remembers removals: it gets everything.",
        ),
        (StateNote::FromTheFuture { from: B }, "ann refused: ben claims writes it has never made."),
        (
            StateNote::MixedTypes { key, from: B },
            "ann cannot merge queue with what ben holds: the two are of different types.",
        ),
        (
            StateNote::Held { from: B },
            "What ben sent names an agent that ann does not know; it waits.",
        ),
        (
            StateNote::StrongVoted { key, version: 2 },
            "ann votes for version 2 of queue, and for no other value of it.",
        ),
        (
            StateNote::Committed { key, version: 2 },
            "ann holds version 2 of queue: more than half have voted for it.",
        ),
        (
            StateNote::StrongRead { key, version: 2 },
            "ann read queue: more than half know of no version after 2.",
        ),
        (StateNote::StrongRefused { key }, "ann was refused queue: too few could vote for it."),
    ];
    check_sentences(&table, place);
}
