//! The entries of the queue: messages on their way, and timers.

use super::counters::DropCause;
use super::process::{AgentId, Process};
use super::trace::{EventId, NO_EVENT, NO_MESSAGE};

/// A message on its way over one link.
#[derive(Clone, Debug)]
pub struct InFlight<M> {
    pub id: u64,
    pub message: M,
    /// Who sent it, and for whom it is.
    pub origin: AgentId,
    pub dest: AgentId,
    /// The two ends of the link it is on.
    pub from: AgentId,
    pub to: AgentId,
    /// When it was put on this link.
    pub sent_us: u64,
    /// When it gets to the end of the link, or would, if it were not to be lost.
    pub arrives_us: u64,
    pub lost: Option<DropCause>,
    /// The kind of the message, whether it only keeps house, and its size: asked of it once, when it is sent.
    pub(super) kind: u8,
    pub(super) is_housekeeping: bool,
    pub bytes: u32,
    pub(super) sent_by: EventId,
    pub(super) lamport: u64,
}

impl<M> InFlight<M> {
    /// As an agent has written it, before the kernel numbers it and puts it on a link.
    #[inline(always)]
    pub(super) fn written(origin: AgentId, dest: AgentId, message: M) -> Self {
        Self {
            id: NO_MESSAGE,
            message,
            origin,
            dest,
            from: origin,
            to: origin,
            sent_us: 0,
            arrives_us: 0,
            lost: None,
            kind: 0,
            is_housekeeping: false,
            bytes: 0,
            sent_by: NO_EVENT,
            lamport: 0,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Pending<P: Process> {
    Arrive(InFlight<P::Message>),
    Timer { agent: AgentId, timer: P::Timer, set_by: EventId },
}

impl<P: Process> Pending<P> {
    /// Where it is due.
    #[inline(always)]
    pub(super) fn agent(&self) -> AgentId {
        match self {
            Self::Arrive(in_flight) => in_flight.to,
            Self::Timer { agent, .. } => *agent,
        }
    }
}
