//! Messages and timers. The envelope's instance is the number of the switch, where a message is about one.

use serde::Serialize;

use super::Epoch;
use crate::common::awaited::{Awaited, Waiting};
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::kind::{Described, MessageKind};
use crate::common::topology::TopologyKind;
use crate::sim::AgentId;

/// A message between the decider and an agent, or idle talk between two agents.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum ShapeTalk {
    /// The decider asks what the agent carries.
    Probe { round: u32 },
    /// The counts of its network interface so far, which wrap, and where it stands.
    Answer { round: u32, sent: u32, on_links: u32, stand: Stand },
    /// The decider is about to change the shape.
    Prepare { to: TopologyKind },
    /// The agent has written that down.
    Prepared,
    /// The shape holds from now on.
    Commit { to: TopologyKind },
    /// The shape stays as it is.
    Abort,
    /// An agent that joins, or is back after a crash, asks what holds.
    Ask { stand: Stand },
    /// Traffic that makes load.
    Chatter,
}

/// The numbers of the last switches that an agent has confirmed and promised; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stand {
    pub confirmed: Epoch,
    pub promised: Epoch,
}

pub const PROBE: MessageKind =
    MessageKind::new(50, "shape_probe", "question for the load").keeping_house();
pub const ANSWER: MessageKind = MessageKind::new(51, "shape_answer", "load report").keeping_house();
pub const PREPARE: MessageKind = MessageKind::new(52, "shape_prepare", "plan of a switch");
pub const PREPARED: MessageKind = MessageKind::new(53, "shape_prepared", "promise");
pub const COMMIT: MessageKind = MessageKind::new(54, "shape_commit", "go-ahead");
pub const ABORT: MessageKind = MessageKind::new(55, "shape_abort", "cancellation");
pub const ASK: MessageKind = MessageKind::new(56, "shape_ask", "question for the shape");
pub const CHATTER: MessageKind = MessageKind::new(57, "shape_chatter", "remark").keeping_house();

impl Described for ShapeTalk {
    const KINDS: &'static [&'static MessageKind] =
        &[&PROBE, &ANSWER, &PREPARE, &PREPARED, &COMMIT, &ABORT, &ASK, &CHATTER];

    fn kind(&self) -> &'static MessageKind {
        match self {
            Self::Probe { .. } => &PROBE,
            Self::Answer { .. } => &ANSWER,
            Self::Prepare { .. } => &PREPARE,
            Self::Prepared => &PREPARED,
            Self::Commit { .. } => &COMMIT,
            Self::Abort => &ABORT,
            Self::Ask { .. } => &ASK,
            Self::Chatter => &CHATTER,
        }
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        match self {
            Self::Prepare { .. } => MessageGlyph::Proposal,
            Self::Prepared => MessageGlyph::Report,
            Self::Commit { .. } => MessageGlyph::Call,
            Self::Abort => MessageGlyph::Decision(Decision::Rejected),
            Self::Ask { .. } => MessageGlyph::Question,
            Self::Chatter => MessageGlyph::Rumour,
            Self::Probe { .. } | Self::Answer { .. } => MessageGlyph::Other,
        }
    }

    fn says(&self, _: AgentId) -> Option<&'static str> {
        None
    }

    fn brings_news(&self) -> bool {
        matches!(self, Self::Chatter)
    }
}

/// A timer of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeTimer {
    /// Decider: it judges what was measured, and measures again.
    Measure,
    /// Decider: those who have not promised are asked again.
    Again,
    /// Decider: it waits no longer for promises.
    GiveUp,
    /// The agent asks again what holds.
    Ask,
    /// It has something to say.
    Chatter,
}

impl Waiting for ShapeTimer {
    fn awaited(self) -> Awaited {
        Awaited::new(match self {
            Self::Measure => "its next measurement",
            Self::Again => "promises, before it asks again",
            Self::GiveUp => "promises, before it gives up",
            Self::Ask => "an answer, before it asks again",
            Self::Chatter => "its next message",
        })
    }
}
