//! The messages and timers of work: the contract net (Smith 1980, *The Contract Net Protocol*; FIPA's
//! interaction protocol of the same name), with a lease for each attempt, so that nothing is awarded or
//! counted twice.

use std::sync::Arc;

use serde::Serialize;

use super::account::Account;
use super::assess::Check;
use super::assign::book::Told;
use super::questions::{QuestionId, Reply};
use super::task::{Task, TaskId};
use crate::common::awaited::{Awaited, Waiting};
use crate::common::glyph::MessageGlyph;
use crate::common::kind::{Described, MessageKind};
pub use crate::common::signal::Verdict;
use crate::common::value::Value;
use crate::map::Map;
use crate::protocol::contract::Header;
use crate::sim::AgentId;

/// Work is one for the whole swarm: it has no instances.
pub(super) const UNNUMBERED: Header = Header { instance: u32::MAX, correlation: 0 };

/// The right to work on a part, for a time: the holder of an older one is not listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Lease {
    pub task: TaskId,
    pub part: u16,
    /// From 1.
    pub attempt: u16,
}

impl Lease {
    /// The key under which an attempt is counted once.
    #[must_use]
    pub fn key(self) -> (TaskId, u16, u32) {
        (self.task, self.part, self.attempt.into())
    }
}

/// A message between managers and workers.
#[derive(Clone, Debug, Serialize)]
pub enum WorkTalk {
    /// Who can help with this?
    Call(Arc<TaskCall>),
    /// The agent can, and says how it stands.
    Bid {
        task: TaskId,
        bid: Bid,
    },
    /// It cannot: the check that it failed. If it only carries too much now, also the skills that it has of
    /// those asked for.
    NoBid {
        task: TaskId,
        check: Check,
        later: Option<Arc<Vec<Arc<str>>>>,
    },
    /// The part is the agent's, for as long as the lease lasts.
    Award(Arc<Award>),
    /// It has the part, and begins at once or does something else before.
    Taken {
        lease: Lease,
        begins: bool,
        /// That of the award. Costs nothing on a link where it is the first.
        #[serde(skip_serializing_if = "is_first")]
        turn: u16,
    },
    /// It cannot take the part after all.
    NotTaken {
        lease: Lease,
        check: Check,
    },
    /// So many thousandths are done, begun so long after it was taken.
    Progress {
        lease: Lease,
        permille: u16,
        waited_us: u64,
    },
    Result(Arc<Delivery>),
    /// The result has arrived.
    Receipt {
        lease: Lease,
        verdict: Verdict,
    },
    /// The lease is over: no more work on this.
    Cancel(Lease),
    /// Which value stands under this key?
    Query(Arc<str>),
    /// This does, or does from now on.
    Reply(Arc<Reply>),
    /// The agent has heard of this change.
    Heard {
        question: QuestionId,
        change: u32,
    },
    /// A dispatcher asks what the agent can do, now and whenever that changes.
    RollCall,
    /// This is what it can do.
    Abilities(Arc<Told>),
    /// The agent is to put the part aside, and keep what it has done of it.
    Pause {
        lease: Lease,
        turn: u16,
    },
    /// It has, with so many thousandths done.
    Paused {
        lease: Lease,
        turn: u16,
        permille: u16,
    },
    /// An agent that can do this is idle: is there anything that waits?
    Steal(Arc<Told>),
    /// So many parts wait here.
    Waiting(u32),
    /// The agent lets another have the part, which it has not begun.
    Give {
        lease: Lease,
        to: AgentId,
    },
    /// It is to let another have it, if it has not begun it.
    Move {
        lease: Lease,
        to: AgentId,
    },
}

pub const CALL: MessageKind = MessageKind::new(24, "call", "announcement");
pub const BID: MessageKind = MessageKind::new(25, "bid", "bid");
pub const NO_BID: MessageKind = MessageKind::new(26, "no_bid", "refusal to bid");
pub const AWARD: MessageKind = MessageKind::new(27, "award", "award");
pub const TAKEN: MessageKind = MessageKind::new(28, "taken", "answer to an award");
pub const PROGRESS: MessageKind = MessageKind::new(29, "progress", "progress");
pub const RESULT: MessageKind = MessageKind::new(30, "result", "result");
pub const RECEIPT: MessageKind = MessageKind::new(31, "receipt", "receipt");
pub const QUERY: MessageKind = MessageKind::new(33, "query", "query");
pub const REPLY: MessageKind = MessageKind::new(34, "reply", "reply");
pub const ROLL_CALL: MessageKind = MessageKind::new(48, "roll_call", "roll call");
pub const ABILITIES: MessageKind = MessageKind::new(49, "abilities", "statement of abilities");
pub const PAUSE: MessageKind = MessageKind::new(58, "pause", "order to pause");
pub const PAUSED: MessageKind = MessageKind::new(59, "paused", "confirmation of a pause");
pub const STEAL: MessageKind =
    MessageKind::new(60, "steal", "request for waiting work").keeping_house();
pub const WAITING: MessageKind =
    MessageKind::new(61, "waiting", "length of a queue").keeping_house();
pub const GIVE: MessageKind = MessageKind::new(62, "give", "offer to another");
pub const MOVE: MessageKind = MessageKind::new(63, "move", "order to give away");

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_first(turn: &u16) -> bool {
    *turn == 0
}

impl Waiting for WorkTimer {
    fn awaited(self) -> Awaited {
        Awaited::new(match self {
            Self::Next | Self::Bids(_) => "bids, then it chooses",
            Self::Roll => "abilities, then it asks again",
            Self::Again(_) => "somebody to be free, then it asks again",
            Self::Deadline(_) => "the deadline",
            Self::Award(_) | Self::Result(_) | Self::Tell => "an answer, then it says it again",
            Self::Query(_) => "a reply, then it asks again or goes on without",
            Self::LeaseEnd(_) => "a result, or the lease ends",
            Self::Steal => "work, then it asks another for some",
            Self::Give(_) => "a confirmation, then it says it again",
            Self::Milestone(_) => "the next report on its work, or its end",
        })
    }
}

impl Described for WorkTalk {
    const KINDS: &'static [&'static MessageKind] = &[
        &CALL, &BID, &NO_BID, &AWARD, &TAKEN, &PROGRESS, &RESULT, &RECEIPT, &QUERY, &REPLY,
        &ROLL_CALL, &ABILITIES, &PAUSE, &PAUSED, &STEAL, &WAITING, &GIVE, &MOVE,
    ];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::Call(_) => &CALL,
            Self::Bid { .. } => &BID,
            Self::NoBid { .. } => &NO_BID,
            Self::Award(_) => &AWARD,
            Self::Taken { .. } | Self::NotTaken { .. } => &TAKEN,
            Self::Progress { .. } => &PROGRESS,
            Self::Result(_) => &RESULT,
            Self::Receipt { .. } | Self::Cancel(_) | Self::Heard { .. } => &RECEIPT,
            Self::Query(_) => &QUERY,
            Self::Reply(_) => &REPLY,
            Self::RollCall => &ROLL_CALL,
            Self::Abilities(_) => &ABILITIES,
            Self::Pause { .. } => &PAUSE,
            Self::Paused { .. } => &PAUSED,
            Self::Steal(_) => &STEAL,
            Self::Waiting(_) => &WAITING,
            Self::Give { .. } => &GIVE,
            Self::Move { .. } => &MOVE,
        }
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match self {
            Self::Call(_) | Self::Award(_) => MessageGlyph::Call,
            Self::Bid { .. } | Self::Progress { .. } | Self::Reply(_) | Self::Abilities(_) => {
                MessageGlyph::Report
            }
            Self::Result(_) => MessageGlyph::Result,
            Self::Query(_) | Self::RollCall | Self::Steal(_) => MessageGlyph::Question,
            Self::NoBid { .. }
            | Self::Taken { .. }
            | Self::NotTaken { .. }
            | Self::Receipt { .. }
            | Self::Cancel(_)
            | Self::Pause { .. }
            | Self::Paused { .. }
            | Self::Waiting(_)
            | Self::Give { .. }
            | Self::Move { .. }
            | Self::Heard { .. } => MessageGlyph::Other,
        }
    }
}

/// A task that is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskCall {
    pub task: TaskId,
    pub spec: Arc<Task>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bid {
    /// As the agent holds them: a million bids share them.
    pub skills: Arc<Vec<Arc<str>>>,
    /// The load that the agent carries.
    pub load: u32,
    /// The load that the agent can carry.
    pub capacity: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Award {
    pub lease: Lease,
    pub spec: Arc<Task>,
    /// How often the agent was told to pause or to go on before. Costs nothing on a link where it never was.
    #[serde(skip_serializing_if = "is_first")]
    pub turn: u16,
}

/// The result of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    pub lease: Lease,
    /// Nothing when it failed.
    pub done: Option<Done>,
    /// The account of the agent's workers, if it is a manager.
    pub account: Option<Arc<Account>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Done {
    /// 0 to 100.
    pub quality: u8,
    pub data: Map<Arc<str>, Value>,
    /// From the moment the agent took it to the beginning of the work.
    pub waited_us: u64,
    /// From the beginning of the work to its end.
    pub took_us: u64,
}

/// A timer of a manager or a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkTimer {
    /// Bids for this task are not waited for any longer.
    Bids(TaskId),
    /// All that comes in at one instant is there: the next task is announced.
    Next,
    /// Abilities are not waited for any longer; who has not answered is asked again.
    Roll,
    /// It is asked again who can help: nobody was free.
    Again(TaskId),
    Deadline(TaskId),
    /// Nobody has said that the award was taken: it is said again.
    Award(Lease),
    LeaseEnd(Lease),
    /// The agent's work comes to its next report, or its end.
    Milestone(Lease),
    /// Nobody has said that the result has arrived: it is said again.
    Result(Lease),
    /// Nobody has answered this: it is asked again, or given up.
    Query(QuestionId),
    /// Not all have confirmed a change: they are told again.
    Tell,
    /// Idle, the agent asks another for work.
    Steal,
    /// Nobody has confirmed that the part goes to another: it is said again.
    Give(Lease),
}
