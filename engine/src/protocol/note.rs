//! Notes that a protocol's agents leave in the trace, and the sentences that tell people of them.

#[cfg(test)]
pub(crate) mod letters;

use crate::sim::AgentId;

/// How much an event matters to someone who watches: the caption shows the weightiest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// Traffic: sent, passed on, delivered.
    Traffic,
    /// A step of an agent: heard, reminded, asked.
    Step,
    /// A ballot, a loss.
    Vote,
    /// A fault, an intervention.
    Fault,
    /// A decision.
    Decision,
}

/// The notes of one protocol.
pub trait ProtocolNote: Copy {
    /// As the trace hash takes it in: the names of protocol and note, then its fields one after the other. A name, so
    /// that a note keeps its number wherever it stands.
    fn digest(self) -> u64;

    /// The event at this agent, in one sentence.
    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String;

    /// How much it matters.
    fn importance(self) -> Importance;

    /// The instance of the protocol that it is about: for a vote, the proposal.
    fn subject(self) -> Option<u32> {
        None
    }

    /// Where an agent refuses what was asked of it: the number under which it remembers why.
    #[inline]
    fn refusal(self) -> Option<u32> {
        None
    }
}

/// How people call what notes speak of.
pub trait Names {
    fn agent(&self, agent: AgentId) -> &str;

    fn is_coordinator(&self, agent: AgentId) -> bool;

    /// A thing that this agent speaks of; where it has no name, a word for it.
    fn thing(&self, speaker: AgentId, thing: Thing) -> String;
}

/// Something that a protocol numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thing {
    /// The sort of thing, as its protocol calls it: a task, a key.
    pub sort: &'static str,
    pub number: u32,
    /// The number within that thing, where this is something inside it.
    pub inner: u32,
}

impl Thing {
    #[must_use]
    pub const fn new(sort: &'static str, number: u32) -> Self {
        Self { sort, number, inner: 0 }
    }

    #[must_use]
    pub const fn inside(sort: &'static str, number: u32, inner: u32) -> Self {
        Self { sort, number, inner }
    }
}

/// The digest of a note of this name with these fields.
macro_rules! about {
    ($name:literal $(, $field:expr)*) => {
        const { $crate::sim::Digest::of($crate::sim::tag($name)) }$(.word($field))*.number()
    };
}

pub(crate) use about;
