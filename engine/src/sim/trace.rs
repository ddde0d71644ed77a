//! What happened: small fixed records in a ring, and a rolling hash over all of them (K6).

use std::collections::VecDeque;

use super::counters::DropCause;
use super::fault::FaultKind;
use super::process::{AgentId, Note};

/// Numbers the events of a run from 0.
pub type EventId = u64;

/// Stands for "no event" where a cause would stand: the beginning, or something from outside.
pub const NO_EVENT: EventId = u64::MAX;

/// Stands for "no message".
pub const NO_MESSAGE: u64 = u64::MAX;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event<N> {
    pub id: EventId,
    pub time_us: u64,
    /// The event that led to this one; [`NO_EVENT`] at the beginning and for what comes from
    /// outside.
    pub cause: EventId,
    /// Lamport's logical time (Lamport 1978) at the agent.
    pub lamport: u64,
    /// The message it is about, or [`NO_MESSAGE`].
    pub message: u64,
    /// Whom it happened to; of a message that was dropped: its sender.
    pub agent: AgentId,
    /// The other end: the receiver of what was sent or dropped, the sender of what was delivered.
    pub peer: AgentId,
    /// The instance and the kind of the message, where there is one.
    pub instance: u32,
    pub kind: u8,
    pub what: What<N>,
}

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What<N> {
    Started,
    Sent {
        bytes: u32,
    },
    /// Passed on towards its receiver by an agent in between.
    Forwarded,
    Delivered,
    /// Lost on the way from `from` to `to`, `progress_permille` of the way.
    Dropped {
        cause: DropCause,
        from: AgentId,
        to: AgentId,
        progress_permille: u16,
    },
    Duplicated {
        copy: u64,
    },
    Delayed {
        by_us: u64,
    },
    Timer,
    Commanded,
    Note(N),
    Crashed,
    Restarted,
    Paused,
    Resumed,
    Spawned,
    Removed,
    Corrupted,
    Released,
    Cut,
    Mended,
    Partitioned,
    Healed,
    LinkChanged,
    RoutesChanged,
    /// A fault or intervention that did not apply (any more).
    Inapplicable(FaultKind),
}

impl<N: Note> What<N> {
    /// A number that differs when the events differ.
    fn digest(&self) -> u64 {
        let tagged = |tag: u64, value: u64| tag ^ value.rotate_left(8);
        match *self {
            Self::Started => 1,
            Self::Sent { bytes } => tagged(2, u64::from(bytes)),
            Self::Forwarded => 3,
            Self::Delivered => 4,
            Self::Dropped { cause, from, to, progress_permille } => {
                let way = (u64::from(from.0) << 32) | u64::from(to.0);
                tagged(5, way ^ ((cause as u64) << 60) ^ (u64::from(progress_permille) << 20))
            }
            Self::Duplicated { copy } => tagged(6, copy),
            Self::Delayed { by_us } => tagged(7, by_us),
            Self::Timer => 8,
            Self::Commanded => 9,
            Self::Note(note) => tagged(10, note.digest()),
            Self::Crashed => 11,
            Self::Restarted => 12,
            Self::Paused => 13,
            Self::Resumed => 14,
            Self::Spawned => 15,
            Self::Removed => 16,
            Self::Corrupted => 17,
            Self::Released => 18,
            Self::Cut => 19,
            Self::Mended => 20,
            Self::Partitioned => 21,
            Self::Healed => 22,
            Self::LinkChanged => 23,
            Self::RoutesChanged => 24,
            Self::Inapplicable(kind) => tagged(25, kind as u64),
        }
    }
}

/// The newest events and the hash of all.
#[derive(Clone, Debug)]
pub struct Trace<N> {
    hash: u64,
    next_id: EventId,
    recent: VecDeque<Event<N>>,
    capacity: usize,
}

impl<N: Note> Trace<N> {
    /// Keeps the newest `capacity` events; the hash covers all, kept or not.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { hash: 0x51_7c_c1_b7_27_22_0a_95, next_id: 0, recent: VecDeque::new(), capacity }
    }

    /// Gives the event its number and adds it.
    #[inline(always)]
    pub fn record(&mut self, event: &mut Event<N>) -> EventId {
        event.id = self.next_id;
        self.next_id += 1;
        let ends = (u64::from(event.agent.0) << 32) | u64::from(event.peer.0);
        let kind = (u64::from(event.kind) << 56) ^ (u64::from(event.instance) << 40);
        // Independent products first, one step of the chain last: the chain is what takes time.
        let words = event.time_us.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ ends.wrapping_mul(0xff51_afd7_ed55_8ccd)
            ^ event.message.wrapping_mul(0xc4ce_b9fe_1a85_ec53)
            ^ event.cause.wrapping_mul(0xbf58_476d_1ce4_e5b9)
            ^ (event.what.digest() ^ (event.lamport << 16) ^ kind)
                .wrapping_mul(0x94d0_49bb_1331_11eb);
        self.hash = (self.hash.rotate_left(23) ^ words).wrapping_mul(0x2545_f491_4f6c_dd1d);
        if self.capacity > 0 {
            if self.recent.len() == self.capacity {
                self.recent.pop_front();
            }
            self.recent.push_back(*event);
        }
        event.id
    }

    /// A number for the whole trace so far: equal traces have equal ones.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash ^ (self.hash >> 31)
    }

    /// How many events there were.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.next_id
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.next_id == 0
    }

    /// The events that are kept, oldest first. [`Trace::len`] minus their number were cut off or
    /// taken.
    pub fn kept(&self) -> impl ExactSizeIterator<Item = &Event<N>> {
        self.recent.iter()
    }

    /// Hands over the events that are kept, so that the trace itself stays small.
    pub fn take(&mut self) -> impl Iterator<Item = Event<N>> + '_ {
        self.recent.drain(..)
    }
}
