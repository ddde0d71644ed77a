//! The trace: small fixed records in a ring, and a rolling hash over all of them (K6).

use std::collections::VecDeque;

use super::counters::DropCause;
use super::digest::Digest;
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
    /// The agent it happened to; for a message that was dropped, its sender.
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
    /// Something was asked of an agent that is paused or down: it waits until the agent is back.
    Deferred,
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
    /// By another partition, while there was one.
    PartitionedFurther,
    Healed,
    LinkChanged,
    RoutesChanged,
    /// A fault or intervention that did not apply (any more).
    Inapplicable(FaultKind),
}

impl<N: Note> What<N> {
    /// Its fields, one after the other, behind a number of its own.
    #[inline(always)]
    fn digest(&self, about: Digest) -> Digest {
        let kind = |number: u64| about.word(number);
        match *self {
            Self::Started => kind(1),
            Self::Sent { bytes } => kind(2).word(bytes.into()),
            Self::Forwarded => kind(3),
            Self::Delivered => kind(4),
            Self::Dropped { cause, from, to, progress_permille } => kind(5)
                .word(cause as u64)
                .word(from.0.into())
                .word(to.0.into())
                .word(progress_permille.into()),
            Self::Duplicated { copy } => kind(6).word(copy),
            Self::Delayed { by_us } => kind(7).word(by_us),
            Self::Timer => kind(8),
            Self::Commanded => kind(9),
            Self::Note(note) => kind(10).word(note.digest()),
            Self::Crashed => kind(11),
            Self::Restarted => kind(12),
            Self::Paused => kind(13),
            Self::Resumed => kind(14),
            Self::Spawned => kind(15),
            Self::Removed => kind(16),
            Self::Corrupted => kind(17),
            Self::Released => kind(18),
            Self::Cut => kind(19),
            Self::Mended => kind(20),
            Self::Partitioned => kind(21),
            Self::PartitionedFurther => kind(27),
            Self::Healed => kind(22),
            Self::LinkChanged => kind(23),
            Self::RoutesChanged => kind(24),
            Self::Deferred => kind(26),
            Self::Inapplicable(fault) => kind(25).word(fault as u64),
        }
    }
}

impl<N: Copy> Event<N> {
    /// The agent's note, if it is one.
    #[inline]
    pub fn note(&self) -> Option<N> {
        if let What::Note(note) = self.what { Some(note) } else { None }
    }

    /// The same event with its note as something else; nothing where the note is nothing else.
    #[inline]
    pub fn map_note<M>(&self, map: impl FnOnce(N) -> Option<M>) -> Option<Event<M>> {
        let Self { id, time_us, cause, lamport, message, agent, peer, instance, kind, .. } = *self;
        let what = self.what.map_note(map)?;
        Some(Event { id, time_us, cause, lamport, message, agent, peer, instance, kind, what })
    }
}

impl<N: Copy> What<N> {
    #[inline]
    fn map_note<M>(&self, map: impl FnOnce(N) -> Option<M>) -> Option<What<M>> {
        Some(match *self {
            Self::Note(note) => What::Note(map(note)?),
            Self::Started => What::Started,
            Self::Sent { bytes } => What::Sent { bytes },
            Self::Forwarded => What::Forwarded,
            Self::Delivered => What::Delivered,
            Self::Dropped { cause, from, to, progress_permille } => {
                What::Dropped { cause, from, to, progress_permille }
            }
            Self::Duplicated { copy } => What::Duplicated { copy },
            Self::Delayed { by_us } => What::Delayed { by_us },
            Self::Timer => What::Timer,
            Self::Commanded => What::Commanded,
            Self::Deferred => What::Deferred,
            Self::Crashed => What::Crashed,
            Self::Restarted => What::Restarted,
            Self::Paused => What::Paused,
            Self::Resumed => What::Resumed,
            Self::Spawned => What::Spawned,
            Self::Removed => What::Removed,
            Self::Corrupted => What::Corrupted,
            Self::Released => What::Released,
            Self::Cut => What::Cut,
            Self::Mended => What::Mended,
            Self::Partitioned => What::Partitioned,
            Self::PartitionedFurther => What::PartitionedFurther,
            Self::Healed => What::Healed,
            Self::LinkChanged => What::LinkChanged,
            Self::RoutesChanged => What::RoutesChanged,
            Self::Inapplicable(kind) => What::Inapplicable(kind),
        })
    }
}

impl<N: Note> Event<N> {
    /// All its fields but its own number, which follows from its place.
    #[inline(always)]
    fn digest(&self) -> u64 {
        let about = Digest::of(self.time_us)
            .word(self.cause)
            .word(self.lamport)
            .word(self.message)
            .word((u64::from(self.agent.0) << 32) | u64::from(self.peer.0))
            .word((u64::from(self.instance) << 8) | u64::from(self.kind));
        self.what.digest(about).number()
    }
}

/// The newest events and the hash of all.
#[derive(Clone, Debug)]
pub struct Trace<N> {
    hash: Digest,
    next_id: EventId,
    recent: VecDeque<Event<N>>,
    capacity: usize,
}

impl<N: Note> Trace<N> {
    /// Keeps the newest `capacity` events; the hash covers all, kept or not.
    #[must_use]
    #[inline]
    pub fn new(capacity: usize) -> Self {
        Self {
            hash: Digest::of(0x51_7c_c1_b7_27_22_0a_95),
            next_id: 0,
            recent: VecDeque::new(),
            capacity,
        }
    }

    /// Gives the event its number and adds it.
    #[inline(always)]
    pub fn record(&mut self, event: &mut Event<N>) -> EventId {
        event.id = self.next_id;
        self.next_id += 1;
        // The chain takes one step for each event: digests of several are in work at the same time.
        self.hash = self.hash.word(event.digest());
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
    #[inline]
    pub fn hash(&self) -> u64 {
        self.hash.number()
    }

    /// How many events there were.
    #[must_use]
    #[inline]
    pub fn len(&self) -> u64 {
        self.next_id
    }

    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.next_id == 0
    }

    /// The events that are kept, oldest first. [`Trace::len`] minus their number were cut off or
    /// taken.
    #[inline]
    pub fn kept(&self) -> impl ExactSizeIterator<Item = &Event<N>> {
        self.recent.iter()
    }

    /// Hands over the events that are kept, so that the trace itself stays small.
    #[inline]
    pub fn take(&mut self) -> impl Iterator<Item = Event<N>> + '_ {
        self.recent.drain(..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events() -> Vec<Event<()>> {
        let base = Event {
            id: 0,
            time_us: 7,
            cause: 3,
            lamport: 2,
            message: 5,
            agent: AgentId(1),
            peer: AgentId(2),
            instance: 0,
            kind: 0,
            what: What::Delivered,
        };
        let mut events = vec![base];
        // Values that met in the same bits of the hash as it was: kind, instance, logical time, note.
        for number in (0..40).map(|bit| 1_u64 << bit).chain([3, 10, 1_000]) {
            events.push(Event { time_us: number, ..base });
            events.push(Event { lamport: number << 10, ..base });
            events.push(Event { cause: number << 20, ..base });
            events.push(Event { message: number << 9, ..base });
            let short = number as u32;
            if short != 0 {
                events.push(Event { instance: short, ..base });
                events.push(Event { agent: AgentId(short << 2), ..base });
                events.push(Event { peer: AgentId(short << 2), ..base });
                events.push(Event { what: What::Sent { bytes: short }, ..base });
            }
            events.push(Event { what: What::Duplicated { copy: number }, ..base });
            events.push(Event { what: What::Delayed { by_us: number }, ..base });
        }
        for kind in 1..=u8::MAX {
            events.push(Event { kind, ..base });
        }
        for cause in DropCause::ALL {
            for (from, to, progress_permille) in [(0, 1, 0), (1, 0, 0), (0, 1, 500), (16, 1, 0)] {
                let (from, to) = (AgentId(from), AgentId(to));
                let what = What::Dropped { cause, from, to, progress_permille };
                events.push(Event { what, ..base });
            }
        }
        let mut different: Vec<Event<()>> = Vec::new();
        for event in events {
            if !different.contains(&event) {
                different.push(event);
            }
        }
        different
    }

    #[test]
    fn different_events_give_different_hashes() {
        let mut seen = std::collections::BTreeMap::new();
        for mut event in events() {
            let mut trace = Trace::new(0);
            trace.record(&mut event);
            let other = seen.insert(trace.hash(), event);
            assert!(other.is_none(), "{event:?} and {other:?}");
        }
    }

    #[test]
    fn the_order_of_events_is_in_the_hash() {
        let [mut first, mut second] = [events()[0], events()[1]];
        let hash = |order: [&mut Event<()>; 2]| {
            let mut trace = Trace::new(0);
            for event in order {
                trace.record(event);
            }
            trace.hash()
        };
        assert_ne!(hash([&mut first, &mut second]), hash([&mut second, &mut first]));
    }
}
