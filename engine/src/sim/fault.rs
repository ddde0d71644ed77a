//! Everything that can be done to a running simulation from outside: faults, and what a person does.

use serde::{Deserialize, Serialize};

use super::kernel::Setup;
use super::network::LinkModel;
use super::process::{AgentId, Process};
use super::routes::Routes;

/// One thing done to the simulation at one instant. One that does not apply (any more) changes
/// nothing and says so in the trace.
#[derive(Clone, Debug)]
pub enum Fault<P: Process> {
    /// The process and its timers are gone.
    Crash(AgentId),
    /// A crashed agent is rebuilt from its durable state alone.
    Restart(AgentId),
    /// The agent stands still: messages wait in its inbox, timers wait to fire.
    Pause(AgentId),
    Resume(AgentId),
    /// Nothing passes from the one to the other; with `both_ways` nor back. Messages on the link are lost.
    Cut {
        from: AgentId,
        to: AgentId,
        both_ways: bool,
    },
    Mend {
        from: AgentId,
        to: AgentId,
        both_ways: bool,
    },
    /// One group number per agent; nothing passes between groups. While there is a partition it is refined:
    /// whatever was apart stays apart until it heals, or another one replaces it.
    Partition {
        groups: Vec<u32>,
        replaces: bool,
    },
    /// Ends the partition and all cuts.
    Heal,
    DropMessage(u64),
    DuplicateMessage(u64),
    DelayMessage {
        message: u64,
        by_us: u64,
    },
    SetLink {
        from: AgentId,
        to: AgentId,
        both_ways: bool,
        model: LinkModel,
    },
    SetAllLinks(LinkModel),
    SetRoutes(Routes),
    /// A new agent, with the routes that include it.
    Spawn {
        setup: Box<Setup<P>>,
        routes: Routes,
    },
    /// The agent leaves for good.
    Remove(AgentId),
    /// The adversary takes the agent over.
    Corrupt(AgentId),
    Release(AgentId),
    /// Asks something of an agent; one that is paused or down hears of it when it is back.
    Command(AgentId, P::Command),
}

/// The name of a fault, for the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum FaultKind {
    Crash,
    Restart,
    Pause,
    Resume,
    Cut,
    Mend,
    Partition,
    Heal,
    DropMessage,
    DuplicateMessage,
    DelayMessage,
    SetLink,
    SetAllLinks,
    SetRoutes,
    Spawn,
    Remove,
    Corrupt,
    Release,
    Command,
}

impl<P: Process> Fault<P> {
    #[must_use]
    #[inline]
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::Crash(_) => FaultKind::Crash,
            Self::Restart(_) => FaultKind::Restart,
            Self::Pause(_) => FaultKind::Pause,
            Self::Resume(_) => FaultKind::Resume,
            Self::Cut { .. } => FaultKind::Cut,
            Self::Mend { .. } => FaultKind::Mend,
            Self::Partition { .. } => FaultKind::Partition,
            Self::Heal => FaultKind::Heal,
            Self::DropMessage(_) => FaultKind::DropMessage,
            Self::DuplicateMessage(_) => FaultKind::DuplicateMessage,
            Self::DelayMessage { .. } => FaultKind::DelayMessage,
            Self::SetLink { .. } => FaultKind::SetLink,
            Self::SetAllLinks(_) => FaultKind::SetAllLinks,
            Self::SetRoutes(_) => FaultKind::SetRoutes,
            Self::Spawn { .. } => FaultKind::Spawn,
            Self::Remove(_) => FaultKind::Remove,
            Self::Corrupt(_) => FaultKind::Corrupt,
            Self::Release(_) => FaultKind::Release,
            Self::Command(..) => FaultKind::Command,
        }
    }
}
