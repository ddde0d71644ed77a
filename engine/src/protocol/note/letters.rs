//! Short names for tests of notes.

use core::fmt::Debug;

use super::{Importance, Names, ProtocolNote, Thing};
use crate::sim::AgentId;

pub const A: AgentId = AgentId(0);
pub const B: AgentId = AgentId(1);
pub const COORDINATOR: AgentId = AgentId(2);

/// Three agents, and one thing of each sort.
struct AnnAndBen;

impl Names for AnnAndBen {
    fn agent(&self, agent: AgentId) -> &str {
        ["ann", "ben", "coordinator"][agent.index()]
    }

    fn is_coordinator(&self, agent: AgentId) -> bool {
        agent == COORDINATOR
    }

    fn thing(&self, _: AgentId, thing: Thing) -> String {
        let name = match (thing.sort, thing.inner) {
            ("task", _) => "campaign",
            ("part", _) => "campaign/finance",
            ("question", _) => "budget",
            ("key", _) => "queue",
            ("stage", _) => "plan",
            ("option", 0) => "postgres",
            ("option", 1) => "mysql",
            ("option", _) => "option 3",
            ("refused vote" | "refused task", 0) => "there is one of this name",
            _ => "",
        };
        name.to_owned()
    }
}

/// The sentence of a note of this agent.
pub fn said(note: impl ProtocolNote, speaker: AgentId) -> String {
    note.sentence(speaker, &AnnAndBen)
}

/// Whether each note says what it should, and each kind of note is among them; `place` tells which row a kind has.
pub fn check_sentences<N: ProtocolNote + Debug>(table: &[(N, &str)], place: impl Fn(N) -> usize) {
    for (number, (note, expected)) in table.iter().enumerate() {
        assert_eq!(said(*note, A), *expected);
        assert_eq!(place(*note), number, "{note:?}");
        assert!(note.importance() <= Importance::Decision);
    }
}
