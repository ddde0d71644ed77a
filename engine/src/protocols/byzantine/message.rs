//! The messages of a Byzantine vote, and its timers.

use std::sync::Arc;

use serde::Serialize;

use super::{Batch, ByzantineCall};
use crate::common::awaited::{Awaited, Waiting};
use crate::common::consensus::conclusion::Conclusion;
use crate::common::consensus::proposal::ProposalId;
use crate::common::glyph::MessageGlyph;
use crate::common::kind::shared::{CONCLUSION, PROPOSAL};
use crate::common::kind::{Described, MessageKind};
use crate::sim::AgentId;

/// A message between agents, or to the recorder.
#[derive(Clone, Debug, Serialize)]
pub enum ByzantineMessage {
    /// A vote begins.
    Call(Arc<ByzantineCall>),
    /// Signed votes, one's own and others'.
    Statements(Arc<Batch>),
    /// The decision of an agent by itself.
    Conclusion(Arc<Conclusion>),
}

/// A timer of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByzantineTimer {
    /// A round ends, and the next begins.
    Round(ProposalId),
}

pub const STATEMENTS: MessageKind =
    MessageKind::new(9, "statements", "signed votes").about_proposal();
pub const EVIDENCE: MessageKind = MessageKind::new(10, "evidence", "evidence").about_proposal();

impl Waiting for ByzantineTimer {
    fn awaited(self) -> Awaited {
        let Self::Round(id) = self;
        Awaited::new("the end of the round").about(id)
    }
}

impl Described for ByzantineMessage {
    const KINDS: &'static [&'static MessageKind] =
        &[&PROPOSAL, &CONCLUSION, &STATEMENTS, &EVIDENCE];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::Call(_) => &PROPOSAL,
            Self::Statements(batch) if batch.evidence => &EVIDENCE,
            Self::Statements(_) => &STATEMENTS,
            Self::Conclusion(_) => &CONCLUSION,
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
