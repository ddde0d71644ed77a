//! The messages and timers of a vote that somebody counts.

use std::sync::Arc;

use serde::Serialize;

use crate::common::awaited::{Awaited, Waiting};
use crate::common::consensus::ballot;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::decision_facts::DecisionFacts;
use crate::common::consensus::proposal::{ProposalId, SharedProposal};
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::kind::shared::PROPOSAL;
use crate::common::kind::{Described, MessageKind};
use crate::sim::AgentId;

/// A message between a voter and the counter.
#[derive(Clone, Debug, Serialize)]
pub enum VoteMessage {
    /// A proposal is open: please vote.
    Proposal(SharedProposal),
    Ballot(ballot::Vote),
    /// A ballot for one of several options.
    Pick(OptionId),
    /// Which decision was made?
    OutcomeQuery,
    Decision(Decision),
    /// A choice is decided: this option has won.
    Chosen(OptionId),
    /// The proposal is approved; these are the facts.
    Approval(Arc<DecisionFacts>),
}

/// A timer of a voter or of the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteTimer {
    /// A voter has reviewed the proposal and votes.
    Review(ProposalId),
    /// An agent has heard no decision by the deadline and asks for it.
    AskOutcome(ProposalId),
    /// An agent has heard no decision by deadline and grace.
    GiveUp(ProposalId),
    /// The counter closes the proposal.
    Deadline(ProposalId),
    /// The counter reminds the agents whose ballots are missing.
    Reminder(ProposalId),
}

pub const BALLOT: MessageKind =
    MessageKind::new(1, "ballot", "ballot").about_proposal().when_lost("ballot lost");
pub const DECISION: MessageKind = MessageKind::new(2, "decision", "decision")
    .about_proposal()
    .when_lost("decision lost")
    .ripple(MessageGlyph::Other);
pub const OUTCOME_QUERY: MessageKind =
    MessageKind::new(3, "outcome_query", "question").about_proposal().when_lost("question lost");

impl Waiting for VoteTimer {
    fn awaited(self) -> Awaited {
        match self {
            Self::Review(id) => {
                Awaited { is_review: true, ..Awaited::new("the end of its review").about(id) }
            }
            Self::AskOutcome(id) => Awaited::new("the decision, then it asks").about(id),
            Self::GiveUp(id) => Awaited::new("the decision, then it gives up").about(id),
            Self::Deadline(id) => Awaited::new("the deadline").about(id),
            Self::Reminder(id) => Awaited::new("missing ballots, then it reminds").about(id),
        }
    }
}

impl Described for VoteMessage {
    const KINDS: &'static [&'static MessageKind] = &[&PROPOSAL, &BALLOT, &DECISION, &OUTCOME_QUERY];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::Proposal(_) => &PROPOSAL,
            Self::Ballot(_) | Self::Pick(_) => &BALLOT,
            Self::OutcomeQuery => &OUTCOME_QUERY,
            Self::Decision(_) | Self::Chosen(_) | Self::Approval(_) => &DECISION,
        }
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match self {
            Self::Proposal(_) => MessageGlyph::Proposal,
            Self::Ballot(vote) => MessageGlyph::Ballot(*vote),
            Self::Pick(option) => MessageGlyph::Pick(*option),
            Self::OutcomeQuery => MessageGlyph::Question,
            Self::Decision(decision) => MessageGlyph::Decision(*decision),
            Self::Chosen(_) | Self::Approval(_) => MessageGlyph::Decision(Decision::Approved),
        }
    }
}
