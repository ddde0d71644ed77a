use super::*;
use crate::protocol::note::letters::{B, check_sentences};

/// A new note does not compile until it has a place here, and fails until it has a sentence there.
fn place(note: MembershipNote) -> usize {
    match note {
        MembershipNote::Registered { .. } => 0,
        MembershipNote::Unregistered { .. } => 1,
        MembershipNote::SwarmStatus { .. } => 2,
        MembershipNote::AgentStatus { .. } => 3,
        MembershipNote::Asks(_) => 4,
    }
}

#[test]
fn every_note_has_a_sentence() {
    let table = [
        (MembershipNote::Registered { agent: B }, "ben was registered."),
        (MembershipNote::Unregistered { agent: B }, "ben was unregistered."),
        (
            MembershipNote::SwarmStatus { registered: 2, proposals: 1, tasks: 0 },
            "ann hears how the swarm stands: 2 agents, 1 proposal and 0 tasks open.",
        ),
        (
            MembershipNote::AgentStatus {
                agent: B,
                registered: true,
                reputation: 105,
                done: 1,
                failed: 0,
            },
            "ann hears that ben is registered: reputation 105, 1 done, 0 failed.",
        ),
        (MembershipNote::Asks(Ask::Status(Some(B))), "ann asks how ben does."),
    ];
    check_sentences(&table, place);
}
