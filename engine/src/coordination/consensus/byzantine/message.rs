//! What is said in a Byzantine vote, and what is waited for.

use std::sync::Arc;

use serde::Serialize;

use super::{Batch, Call};
use crate::coordination::consensus::conclusion::Conclusion;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::glyph::MessageGlyph;
use crate::coordination::kind::{Described, Kind};
use crate::sim::AgentId;

/// What agents say to each other, and to whoever keeps the record.
#[derive(Clone, Debug, Serialize)]
pub enum ByzantineMessage {
    /// A vote begins.
    Call(Arc<Call>),
    /// Signed votes, one's own and others'.
    Statements(Arc<Batch>),
    /// What an agent has decided by itself.
    Conclusion(Arc<Conclusion>),
}

/// What an agent waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByzantineTimer {
    /// A round ends, and the next begins.
    Round(ProposalId),
}

impl Described for ByzantineMessage {
    fn kind(&self) -> Kind {
        match self {
            Self::Call(_) => Kind::Proposal,
            Self::Statements(batch) if batch.evidence => Kind::Evidence,
            Self::Statements(_) => Kind::Statements,
            Self::Conclusion(_) => Kind::Conclusion,
        }
    }

    fn glyph(&self, origin: AgentId) -> MessageGlyph {
        match self {
            Self::Call(_) => MessageGlyph::Proposal,
            Self::Statements(batch) => batch.glyph(origin),
            Self::Conclusion(_) => MessageGlyph::Other,
        }
    }

    fn says(&self, origin: AgentId) -> Option<&'static str> {
        match self {
            Self::Conclusion(conclusion) => Some(conclusion.decision.word()),
            _ => self.glyph(origin).says(),
        }
    }
}
