//! Notes of a protocol from outside.

use crate::common::mark::Pictured;
use crate::protocol::note::{Importance, Names, ProtocolNote, Thing, about};
use crate::sim::AgentId;

/// A sentence by its place in the vocabulary, and the number in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignNote {
    pub sentence: u16,
    pub number: u32,
}

impl ProtocolNote for ForeignNote {
    fn digest(self) -> u64 {
        about!("foreign.note", self.sentence.into(), self.number.into())
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let thing = Thing::inside("foreign", self.sentence.into(), self.number);
        format!("{} {}.", names.agent(speaker), names.thing(speaker, thing))
    }

    fn importance(self) -> Importance {
        Importance::Vote
    }
}

impl Pictured for ForeignNote {}
