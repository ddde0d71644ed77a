//! Counts and bytes (K8), and the equation they must satisfy at every instant (K10).

use serde::{Deserialize, Serialize};

/// Why a message was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum DropCause {
    /// The link lost it by chance.
    Loss,
    /// The link was cut.
    Cut,
    /// Its two ends were in different groups of a partition.
    Partition,
    /// The receiver had crashed.
    ReceiverDown,
    /// An agent that should have passed it on had crashed or was removed.
    ForwarderDown,
    /// The receiver was removed.
    ReceiverRemoved,
    /// The inbox of a paused agent was full.
    InboxFull,
    /// The agent crashed with the message still in its inbox.
    InboxLost,
    /// No path leads to the receiver.
    NoRoute,
    /// A person dropped it.
    Intervention,
}

impl DropCause {
    pub const ALL: [Self; 10] = [
        Self::Loss,
        Self::Cut,
        Self::Partition,
        Self::ReceiverDown,
        Self::ForwarderDown,
        Self::ReceiverRemoved,
        Self::InboxFull,
        Self::InboxLost,
        Self::NoRoute,
        Self::Intervention,
    ];

    /// Its name in JSON.
    #[must_use]
    #[inline]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Cut => "cut",
            Self::Partition => "partition",
            Self::ReceiverDown => "receiver_down",
            Self::ForwarderDown => "forwarder_down",
            Self::ReceiverRemoved => "receiver_removed",
            Self::InboxFull => "inbox_full",
            Self::InboxLost => "inbox_lost",
            Self::NoRoute => "no_route",
            Self::Intervention => "intervention",
        }
    }
}

/// One set of books. They balance when sent + duplicated = delivered + dropped + in flight.
///
/// In this order on purpose: what sending and delivering both change has no neighbour that either
/// changes. Else the compiler loads two counts at once, one of them stored a moment ago, and the
/// processor waits until that store has reached its cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Books {
    pub sent: u64,
    /// Encoded length of all that was sent, copies not included.
    pub bytes: u64,
    pub duplicated: u64,
    pub in_flight: u64,
    pub dropped: u64,
    pub delivered: u64,
}

impl Books {
    #[must_use]
    #[inline]
    pub fn balance(&self) -> bool {
        self.sent + self.duplicated == self.delivered + self.dropped + self.in_flight
    }
}

/// Counts of one kind of message, end to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    pub sent: u64,
    pub delivered: u64,
    pub dropped: u64,
    pub duplicated: u64,
    pub bytes: u64,
}

/// Counts of one agent, end to end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgentCount {
    pub sent: u64,
    pub received: u64,
    pub bytes_sent: u64,
    /// Messages to this agent that were dropped.
    pub dropped: u64,
}

/// All counts of a run.
#[derive(Clone, Debug)]
pub struct Counters {
    /// From the sender to the receiver, however many links lie between.
    pub end_to_end: Books,
    /// Over single links.
    pub hops: Books,
    pub dropped_by: [u64; DropCause::ALL.len()],
    /// By the number of the kind, one for each kind there is.
    pub by_kind: Box<[KindCount]>,
}

impl Counters {
    /// All zero, for so many kinds of messages.
    #[must_use]
    #[inline]
    pub fn new(kinds: usize) -> Self {
        Self {
            end_to_end: Books::default(),
            hops: Books::default(),
            dropped_by: [0; DropCause::ALL.len()],
            by_kind: vec![KindCount::default(); kinds].into(),
        }
    }

    /// Whether both sets of books balance.
    #[must_use]
    #[inline]
    pub fn balance(&self) -> bool {
        self.end_to_end.balance() && self.hops.balance()
    }

    /// The causes that dropped something, with how many.
    #[inline]
    pub fn drops(&self) -> impl Iterator<Item = (DropCause, u64)> {
        DropCause::ALL.into_iter().zip(self.dropped_by).filter(|(_, count)| *count > 0)
    }
}
