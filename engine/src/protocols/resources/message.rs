//! Messages and timers. The envelope's instance is the ticket of a request, which its agent numbers; its correlation is the number of
//! the attempt, or of the return.

use serde::Serialize;

use super::stock::ResourceId;
use crate::common::awaited::{Awaited, Waiting};
use crate::common::glyph::MessageGlyph;
use crate::common::kind::{Described, MessageKind};
use crate::protocol::note::Importance;
use crate::sim::AgentId;

/// The number of a request among those of its agent, from 1. It rises, also over crashes.
pub type Ticket = u32;

/// A message between an agent and the keeper, or between two agents that wait.
#[derive(Clone, Debug, Serialize)]
pub enum ResourcesTalk {
    /// The agent asks for so much. It says so again until it is answered, and as long as it waits.
    Ask {
        resource: ResourceId,
        amount: u32,
        priority: u8,
        /// The beginning of a demand to which the request belongs, as its agent numbers them.
        run: u32,
    },
    /// The agent goes on using what it was granted under this number. This renews the lease.
    Use { resource: ResourceId, number: u32 },
    /// The agent gives back a part.
    GiveBack { amount: u32 },
    /// The agent is done with this request, and gives back all of it.
    Done,
    /// The request waits. It is the so-manieth of all; the holder is named where the resource has one unit.
    Queued { order: u32, holder: Option<AgentId> },
    /// The amount is lent under this number, for one lease from when the attempt was sent that this answers.
    Granted { order: u32, number: u32 },
    /// The use is heard: the lease counts anew, from when the attempt was sent that this answers.
    Renewed,
    /// It has come back.
    Returned,
    /// The agent holds only so much: nothing came back.
    NotReturned { held: u32 },
    /// Nothing is in the books under this ticket any more.
    Over,
    /// The keeper's books say that this beginning of a demand is the youngest of several that wait for each other.
    GiveWay { run: u32 },
    /// The initiator waits, perhaps for itself: it asks along those who wait for each other. The sender waits for this resource of the
    /// receiver.
    Probe { initiator: AgentId, order: u32, resource: ResourceId },
}

pub const ASK: MessageKind = MessageKind::new(38, "resource_ask", "request for a resource");
pub const USE: MessageKind = MessageKind::new(39, "resource_use", "use").keeping_house();
pub const RETURN: MessageKind = MessageKind::new(40, "resource_return", "return");
pub const QUEUED: MessageKind =
    MessageKind::new(41, "resource_queued", "place in the queue").loss(Importance::Step);
pub const GRANT: MessageKind = MessageKind::new(42, "resource_grant", "grant");
pub const RENEWED: MessageKind =
    MessageKind::new(47, "resource_renewed", "renewal").keeping_house();
pub const RETURNED: MessageKind =
    MessageKind::new(43, "resource_returned", "answer to a return").keeping_house();
pub const OVER: MessageKind = MessageKind::new(44, "resource_over", "refusal of a late use");
pub const GIVE_WAY: MessageKind = MessageKind::new(46, "resource_give_way", "plea to give way");
pub const PROBE: MessageKind = MessageKind::new(45, "resource_probe", "probe");

impl Described for ResourcesTalk {
    const KINDS: &'static [&'static MessageKind] =
        &[&ASK, &USE, &RETURN, &QUEUED, &GRANT, &RENEWED, &RETURNED, &OVER, &GIVE_WAY, &PROBE];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::Ask { .. } => &ASK,
            Self::Use { .. } => &USE,
            Self::GiveBack { .. } | Self::Done => &RETURN,
            Self::Queued { .. } => &QUEUED,
            Self::Granted { .. } => &GRANT,
            Self::Renewed => &RENEWED,
            Self::Returned | Self::NotReturned { .. } => &RETURNED,
            Self::Over => &OVER,
            Self::GiveWay { .. } => &GIVE_WAY,
            Self::Probe { .. } => &PROBE,
        }
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match self {
            Self::Ask { .. } => MessageGlyph::Question,
            Self::Granted { .. } => MessageGlyph::Call,
            Self::GiveBack { .. } | Self::Done => MessageGlyph::Result,
            Self::Queued { .. } => MessageGlyph::Report,
            Self::Probe { .. } | Self::GiveWay { .. } => MessageGlyph::Rumour,
            Self::Use { .. }
            | Self::Renewed
            | Self::Returned
            | Self::NotReturned { .. }
            | Self::Over => MessageGlyph::Other,
        }
    }
}

/// A timer of the keeper or of an agent that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourcesTimer {
    /// Keeper: the first lease in its books ends.
    LeaseEnd,
    /// Keeper: it looks for those who may wait for each other.
    Look,
    /// The request was not answered: it is repeated.
    Again,
    /// The agent says that it still waits, and still uses.
    Renew,
    /// The agent has to stop using something.
    Stop,
    /// The agent asks for the next thing of its demand.
    Next,
    /// It gives back a part while it holds the rest.
    Give { step: u8 },
    /// It has held everything long enough.
    Hold,
    /// It begins its demand anew.
    Rest,
    /// The return was not answered: it is repeated.
    Return { ticket: Ticket, nth: u32 },
}

impl Waiting for ResourcesTimer {
    fn awaited(self) -> Awaited {
        Awaited::new(match self {
            Self::LeaseEnd => "leases to be renewed",
            Self::Look => "a look at those who wait",
            Self::Again => "an answer, before it asks again",
            Self::Renew => "the time to renew",
            Self::Stop => "its lease to be renewed",
            Self::Next => "its next request",
            Self::Give { .. } => "a part to be done with",
            Self::Hold => "the end of its use",
            Self::Rest => "the end of its pause",
            Self::Return { .. } => "an answer to what it gave back",
        })
    }
}
