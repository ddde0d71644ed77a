//! The messages and timers with which agents keep state together.

use std::sync::Arc;

use serde::Serialize;

use super::clock::VectorClock;
use super::replica::{KeyId, Update};
use crate::common::awaited::{Awaited, Waiting};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::kind::{Described, MessageKind};
use crate::common::value::Value;
use crate::protocol::note::Importance;
use crate::sim::AgentId;

/// Correlations from here on are of anti-entropy: housekeeping, which keeps no run alive.
pub const ANTI_ENTROPY: u32 = 1 << 31;

/// A message about what agents hold.
#[derive(Clone, Debug, Serialize)]
pub enum StateTalk {
    /// All you hold, please.
    FullQuery,
    /// All that this cursor does not cover, please.
    DeltaQuery(Arc<Cursor>),
    /// Which version of each key do you hold?
    VersionQuery,
    /// An answer, or news that nobody asked for.
    Update(Arc<Update>),
    Versions(Arc<Versions>),
    /// It cannot answer that: the cursor names writes of its own that it has never made.
    FromTheFuture,
    /// A new agent says that it is there.
    Hello,
    /// Please vote for the first, which comes after the second.
    StrongWrite(Arc<(StrongValue, StrongValue)>),
    /// Which is the newest version of this strong key that you know of?
    StrongQuery(KeyId),
    /// The answer to a `StrongWrite` or a `StrongQuery`.
    StrongState(Arc<StrongState>),
    /// More than half have voted for it.
    StrongCommit(Arc<StrongValue>),
    /// The records of these keys, please.
    KeysQuery(Arc<KeysQuery>),
}

/// A question for some keys alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeysQuery {
    pub keys: Vec<KeyId>,
    /// Only what this does not cover; all of it when nothing is said.
    pub since: Option<VectorClock>,
}

/// How far an agent has come: the writes it has taken in, and the versions of strong keys it knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cursor {
    pub seen: VectorClock,
    pub strong: Versions,
}

/// An agent's knowledge of a strong key, and its vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StrongState {
    /// The newest version that more than half have voted for.
    pub committed: StrongValue,
    /// The newer value that it has voted for.
    pub voted: Option<StrongValue>,
    /// Whether it gives the vote it was asked for; nothing when it was asked for none.
    pub granted: Option<bool>,
}

/// The version of each key an agent holds, as people count them.
pub type Versions = Vec<(KeyId, u64)>;

/// A version of a strong key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StrongValue {
    pub key: KeyId,
    /// 0: it was never written.
    pub version: u64,
    pub value: Value,
}

pub const STATE_QUERY: MessageKind =
    MessageKind::new(16, "state_query", "question for state").loss(Importance::Step);
pub const DELTA: MessageKind = MessageKind::new(17, "delta", "delta");
pub const FULL_STATE: MessageKind = MessageKind::new(18, "full_state", "full state");
pub const VERSIONS: MessageKind = MessageKind::new(19, "versions", "versions");
pub const STRONG_QUERY: MessageKind = MessageKind::new(20, "strong_query", "question for a vote");
pub const STRONG_ANSWER: MessageKind = MessageKind::new(21, "strong_answer", "answer");
pub const STRONG_COMMIT: MessageKind = MessageKind::new(22, "strong_commit", "commit");
pub const HELLO: MessageKind = MessageKind::new(23, "hello", "greeting").keeping_house();

impl Waiting for StateTimer {
    fn awaited(self) -> Awaited {
        match self {
            Self::AntiEntropy | Self::SyncDeadline(_) => {
                Awaited::new("the time to compare itself with others")
            }
            Self::FollowUp { proposal, .. } => {
                Awaited::new("the next step after the approval").about(proposal)
            }
        }
    }
}

impl Described for StateTalk {
    const KINDS: &'static [&'static MessageKind] = &[
        &STATE_QUERY,
        &DELTA,
        &FULL_STATE,
        &VERSIONS,
        &STRONG_QUERY,
        &STRONG_ANSWER,
        &STRONG_COMMIT,
        &HELLO,
    ];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::FullQuery | Self::DeltaQuery(_) | Self::VersionQuery | Self::KeysQuery(_) => {
                &STATE_QUERY
            }
            Self::Update(update) if update.since.is_none() => &FULL_STATE,
            Self::Update(_) => &DELTA,
            Self::Versions(_) | Self::FromTheFuture => &VERSIONS,
            Self::Hello => &HELLO,
            Self::StrongWrite(_) | Self::StrongQuery(_) => &STRONG_QUERY,
            Self::StrongState(_) => &STRONG_ANSWER,
            Self::StrongCommit(_) => &STRONG_COMMIT,
        }
    }

    /// A vote for the next version is drawn as one.
    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match self {
            Self::FullQuery | Self::DeltaQuery(_) | Self::VersionQuery | Self::KeysQuery(_) => {
                MessageGlyph::Question
            }
            Self::Update(update) if update.since.is_none() => MessageGlyph::FullState,
            Self::Update(_) => MessageGlyph::Delta,
            Self::StrongWrite(_) | Self::StrongQuery(_) => MessageGlyph::Proposal,
            Self::StrongState(state) => match state.granted {
                Some(true) => MessageGlyph::Ballot(Vote::For),
                Some(false) => MessageGlyph::Ballot(Vote::Against),
                None => MessageGlyph::Other,
            },
            Self::StrongCommit(_) => MessageGlyph::Decision(Decision::Approved),
            Self::Versions(_) | Self::FromTheFuture | Self::Hello => MessageGlyph::Other,
        }
    }

    fn brings_news(&self) -> bool {
        matches!(self, Self::Update(update) if update.brings_news())
    }
}

/// A timer of a holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateTimer {
    /// The holder compares what it holds with a neighbour.
    AntiEntropy,
    /// The holder waits no longer for answers to this question.
    SyncDeadline(u32),
    /// The next step of what the holder does after an approval, by its number among
    /// [`follow_ups`](super::holder::StateRules::follow_ups).
    FollowUp { proposal: ProposalId, number: u32 },
}
