//! Messages about membership and the state of the swarm (A4).

use std::sync::Arc;

use serde::Serialize;

use crate::common::consensus::proposal::ProposalId;
use crate::common::glyph::MessageGlyph;
use crate::common::kind::{Described, MessageKind};
use crate::common::registration::Registration;
use crate::protocol::contract::Requested;
use crate::sim::AgentId;

/// A message about membership, between an agent and the coordinator.
#[derive(Clone, Debug, Serialize)]
pub enum MembershipMessage {
    /// A new agent asks to take part.
    Register(Arc<Registration>),
    Registered,
    Unregister,
    /// How does this agent stand, or the swarm when none is named?
    StatusQuery(Option<AgentId>),
    StatusReply(Arc<MembershipStatus>),
}

pub const REGISTER: MessageKind = MessageKind::new(4, "register", "registration").keeping_house();
pub const REGISTERED: MessageKind = MessageKind::new(5, "registered", "welcome").keeping_house();
pub const UNREGISTER: MessageKind = MessageKind::new(6, "unregister", "farewell").keeping_house();
pub const STATUS_QUERY: MessageKind =
    MessageKind::new(7, "status_query", "status question").keeping_house();
pub const STATUS_REPLY: MessageKind = MessageKind::new(8, "status_reply", "status").keeping_house();

impl Described for MembershipMessage {
    const KINDS: &'static [&'static MessageKind] =
        &[&REGISTER, &REGISTERED, &UNREGISTER, &STATUS_QUERY, &STATUS_REPLY];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::Register(_) => &REGISTER,
            Self::Registered => &REGISTERED,
            Self::Unregister => &UNREGISTER,
            Self::StatusQuery(_) => &STATUS_QUERY,
            Self::StatusReply(_) => &STATUS_REPLY,
        }
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match self {
            Self::StatusQuery(_) => MessageGlyph::Question,
            Self::Register(_) | Self::Registered | Self::Unregister | Self::StatusReply(_) => {
                MessageGlyph::Other
            }
        }
    }
}

/// A request that an agent makes to the coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// It asks to take part.
    Register,
    /// It leaves.
    Unregister,
    /// It asks how an agent stands, or the swarm when none is named.
    Status(Option<AgentId>),
}

impl Requested for Ask {
    fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Register => "registration",
            Self::Unregister => "farewell",
            Self::Status(_) => "status",
        })
    }
}

/// An answer of the coordinator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum MembershipStatus {
    Swarm(SwarmStatus),
    Agent(AgentStatus),
}

/// The swarm as the coordinator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SwarmStatus {
    pub registered: Vec<AgentId>,
    pub open_proposals: Vec<ProposalId>,
    /// The tasks that have not ended, and those that have.
    pub open_tasks: u32,
    pub ended_tasks: u32,
}

/// An agent as the coordinator knows it (A1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AgentStatus {
    pub agent: AgentId,
    pub registered: bool,
    /// Its weight in votes, in thousandths; 0 for an agent that is not registered.
    pub weight_milli: u64,
    /// 0 to 150.
    pub reputation: u32,
    /// The number of its parts of work that were done, and that failed.
    pub done: u32,
    pub failed: u32,
}
