//! The bus (A3): every message is an envelope. Large data travels by reference.

use std::sync::Arc;

use serde::Serialize;

use super::consensus::ballot::Vote;
use super::consensus::byzantine::{Batch, Call, Conclusion};
use super::consensus::choice::OptionId;
use super::consensus::facts::DecisionFacts;
use super::consensus::gossip::{self, Talk};
use super::consensus::proposal::{ProposalId, SharedProposal};
use super::consensus::quorum::Decision;
use super::glyph::MessageGlyph;
pub use super::kind::Kind;
use super::state::talk::{ANTI_ENTROPY, StateTalk};
use super::status::Status;
use super::work::talk::WorkTalk;
use crate::protocol::contract::Header;
use crate::sim::{AgentId, Wire};

/// A message between two agents. The network vouches for the sender.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Which instance of the protocol: which proposal.
    pub instance: u32,
    /// Pairs a reply with its query; 0 where nothing is asked.
    pub correlation: u32,
    pub body: Body,
}

/// What a message says.
#[derive(Clone, Debug, Serialize)]
pub enum Body {
    /// A proposal is open: please vote.
    Proposal(SharedProposal),
    Ballot(Vote),
    Decision(Decision),
    /// A Byzantine vote begins.
    Call(Arc<Call>),
    /// Signed votes, one's own and others'.
    Statements(Arc<Batch>),
    /// What an agent has decided by itself.
    Conclusion(Arc<Conclusion>),
    /// What was decided?
    OutcomeQuery,
    /// A new agent asks to take part.
    Register(Arc<Registration>),
    Registered,
    Unregister,
    /// How does this agent stand, or the swarm when none is named?
    StatusQuery(Option<AgentId>),
    StatusReply(Arc<Status>),
    /// A gossip begins.
    GossipCall(Arc<gossip::Call>),
    /// What agents say to each other in a gossip.
    Gossip(Talk),
    /// A ballot for one of several options.
    Pick(OptionId),
    /// A choice is decided: this option has won.
    Chosen(OptionId),
    /// What agents say to each other about what they hold.
    State(StateTalk),
    /// What managers and workers say to each other.
    Work(WorkTalk),
    /// It is approved, and so it came about.
    Approval(Arc<DecisionFacts>),
}

/// What the coordinator keeps of a registered agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Registration {
    pub weight_milli: u64,
    pub domains: Vec<Arc<str>>,
    /// What it comes with; one that is known already keeps what it has earned.
    pub reputation: u32,
}

impl Message {
    #[must_use]
    #[inline(always)]
    pub fn new(header: Header, body: impl Into<Body>) -> Self {
        Self { instance: header.instance, correlation: header.correlation, body: body.into() }
    }

    /// A message about a proposal that is no query and no reply.
    #[must_use]
    pub fn about(proposal: ProposalId, body: Body) -> Self {
        Self { instance: proposal, correlation: 0, body }
    }

    #[must_use]
    pub fn message_kind(&self) -> Kind {
        match self.body {
            Body::Proposal(_) | Body::Call(_) | Body::GossipCall(_) => Kind::Proposal,
            Body::Ballot(_) | Body::Pick(_) => Kind::Ballot,
            Body::Decision(_) | Body::Chosen(_) | Body::Approval(_) => Kind::Decision,
            Body::Statements(ref batch) if batch.evidence => Kind::Evidence,
            Body::Statements(_) => Kind::Statements,
            Body::Conclusion(_) => Kind::Conclusion,
            Body::OutcomeQuery => Kind::OutcomeQuery,
            Body::Register(_) => Kind::Register,
            Body::Registered => Kind::Registered,
            Body::Unregister => Kind::Unregister,
            Body::StatusQuery(_) => Kind::StatusQuery,
            Body::StatusReply(_) => Kind::StatusReply,
            Body::Gossip(Talk::OpinionQuery) => Kind::OpinionQuery,
            Body::Gossip(Talk::Opinion(_)) => Kind::Opinion,
            Body::Gossip(Talk::Rumour { .. }) => Kind::Rumour,
            Body::Gossip(Talk::RumourQuery(_)) => Kind::RumourQuery,
            Body::Gossip(Talk::Feedback { .. }) => Kind::Feedback,
            Body::State(ref talk) => match talk {
                StateTalk::FullQuery
                | StateTalk::DeltaQuery(_)
                | StateTalk::VersionQuery
                | StateTalk::KeysQuery(_) => Kind::StateQuery,
                StateTalk::Update(update) if update.since.is_none() => Kind::FullState,
                StateTalk::Update(_) => Kind::Delta,
                StateTalk::Versions(_) | StateTalk::FromTheFuture => Kind::Versions,
                StateTalk::Hello => Kind::Hello,
                StateTalk::StrongWrite(_) | StateTalk::StrongQuery(_) => Kind::StrongQuery,
                StateTalk::StrongState(_) => Kind::StrongAnswer,
                StateTalk::StrongCommit(_) => Kind::StrongCommit,
            },
            Body::Work(ref talk) => match talk {
                WorkTalk::Call(_) => Kind::Call,
                WorkTalk::Bid(_) => Kind::Bid,
                WorkTalk::NoBid { .. } => Kind::NoBid,
                WorkTalk::Award(_) => Kind::Award,
                WorkTalk::Taken { .. } | WorkTalk::NotTaken { .. } => Kind::Taken,
                WorkTalk::Progress { .. } => Kind::Progress,
                WorkTalk::Result(_) => Kind::Result,
                WorkTalk::Receipt { .. } | WorkTalk::Cancel(_) | WorkTalk::Heard { .. } => {
                    Kind::Receipt
                }
                WorkTalk::Query(_) => Kind::Query,
                WorkTalk::Reply(_) => Kind::Reply,
            },
        }
    }
}

impl From<StateTalk> for Body {
    #[inline(always)]
    fn from(talk: StateTalk) -> Self {
        Self::State(talk)
    }
}

impl From<WorkTalk> for Body {
    #[inline(always)]
    fn from(talk: WorkTalk) -> Self {
        Self::Work(talk)
    }
}

impl Body {
    /// How it is drawn, sent by this agent.
    #[must_use]
    pub fn glyph(&self, origin: AgentId) -> MessageGlyph {
        match self {
            Self::Proposal(_) | Self::Call(_) | Self::GossipCall(_) => MessageGlyph::Proposal,
            Self::Ballot(vote) => MessageGlyph::Ballot(*vote),
            Self::Pick(option) => MessageGlyph::Pick(*option),
            Self::Decision(decision) => MessageGlyph::Decision(*decision),
            Self::Chosen(_) | Self::Approval(_) => MessageGlyph::Decision(Decision::Approved),
            Self::Statements(batch) => batch.glyph(origin),
            Self::Gossip(talk) => talk.glyph(),
            Self::State(talk) => talk.glyph(),
            Self::Work(talk) => talk.glyph(),
            Self::OutcomeQuery | Self::StatusQuery(_) => MessageGlyph::Question,
            Self::Conclusion(_)
            | Self::Register(_)
            | Self::Registered
            | Self::Unregister
            | Self::StatusReply(_) => MessageGlyph::Other,
        }
    }

    /// What it says beside its kind, sent by this agent: a vote, or a decision.
    #[must_use]
    pub fn says(&self, origin: AgentId) -> Option<&'static str> {
        match (self, self.glyph(origin)) {
            (Self::Conclusion(conclusion), _) => Some(conclusion.decision.word()),
            (_, MessageGlyph::Ballot(vote) | MessageGlyph::Statement(Some(vote))) => {
                Some(vote.word())
            }
            (_, MessageGlyph::Pick(_)) => Some(Vote::For.word()),
            (_, MessageGlyph::Decision(decision)) => Some(decision.word()),
            _ => None,
        }
    }
}

impl Wire for Message {
    const KINDS: usize = Kind::ALL.len();

    fn kind(&self) -> u8 {
        self.message_kind() as u8
    }

    /// The length of its encoding by postcard (variable-length integers, no field names).
    fn encoded_len(&self) -> u32 {
        let length = postcard::experimental::serialized_size(self).unwrap_or(usize::MAX);
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    fn instance(&self) -> u32 {
        self.instance
    }

    fn is_housekeeping(&self) -> bool {
        self.correlation >= ANTI_ENTROPY && matches!(self.body, Body::State(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::LocalTime;

    #[test]
    fn a_message_is_at_most_32_bytes_in_memory() {
        assert!(size_of::<Message>() <= 32, "{}", size_of::<Message>());
    }

    #[test]
    fn its_size_on_a_link_is_its_encoded_length() {
        let ballot = Message::about(3, Body::Ballot(Vote::Against));
        assert_eq!(ballot.encoded_len() as usize, postcard::to_allocvec(&ballot).unwrap().len());
        let long = Registration {
            weight_milli: 1,
            domains: vec!["x".repeat(100).into()],
            reputation: 100,
        };
        let register = Message::about(0, Body::Register(Arc::new(long)));
        assert!(register.encoded_len() > 100);
    }

    #[test]
    fn a_message_is_drawn_as_what_it_says() {
        let sender = AgentId(0);
        let facts = DecisionFacts {
            voters: Vec::new(),
            in_favour: 2,
            whole: 3,
            decided_us: LocalTime::START,
        };
        let knows = Talk::Opinion(Some(Vote::Against));
        for (body, glyph, says) in [
            (Body::Ballot(Vote::Abstain), MessageGlyph::Ballot(Vote::Abstain), Some("ABSTAIN")),
            (Body::Pick(2), MessageGlyph::Pick(2), Some("FOR")),
            (
                Body::Decision(Decision::Timeout),
                MessageGlyph::Decision(Decision::Timeout),
                Some("timed out"),
            ),
            (Body::Chosen(1), MessageGlyph::Decision(Decision::Approved), Some("approved")),
            (
                Body::Approval(Arc::new(facts)),
                MessageGlyph::Decision(Decision::Approved),
                Some("approved"),
            ),
            (Body::Gossip(knows), MessageGlyph::Statement(Some(Vote::Against)), Some("AGAINST")),
            (Body::Gossip(Talk::OpinionQuery), MessageGlyph::Question, None),
            (Body::OutcomeQuery, MessageGlyph::Question, None),
            (Body::State(StateTalk::FullQuery), MessageGlyph::Question, None),
            (Body::State(StateTalk::Hello), MessageGlyph::Other, None),
            (Body::Work(WorkTalk::Query("budget".into())), MessageGlyph::Question, None),
            (Body::Registered, MessageGlyph::Other, None),
        ] {
            assert_eq!((body.glyph(sender), body.says(sender)), (glyph, says), "{body:?}");
        }
    }
}
