//! The waits of an agent, as the protocol of the timer describes them.

use crate::common::consensus::proposal::ProposalId;

/// The purpose of a running timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// After "waits for": "the end of the round".
    pub words: &'static str,
    /// The proposal that it is about, if it is about one.
    pub proposal: Option<ProposalId>,
    /// Whether the agent votes when it has run out: its countdown is drawn around the agent.
    pub is_review: bool,
}

impl Awaited {
    #[must_use]
    pub const fn new(words: &'static str) -> Self {
        Self { words, proposal: None, is_review: false }
    }

    #[must_use]
    pub const fn about(self, proposal: ProposalId) -> Self {
        Self { proposal: Some(proposal), ..self }
    }
}

/// A protocol's description of its timers.
pub trait Waiting {
    fn awaited(self) -> Awaited;
}

impl Waiting for core::convert::Infallible {
    fn awaited(self) -> Awaited {
        match self {}
    }
}
