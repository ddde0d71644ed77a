//! The configuration of a simulation, and its agents.

use rand_xoshiro::Xoshiro256PlusPlus;

use crate::sim::clock::LocalClock;
use crate::sim::counters::AgentCount;
use crate::sim::fetch::fetch;
use crate::sim::network::LinkModel;
use crate::sim::pending::InFlight;
use crate::sim::process::{AgentId, Process};
use crate::sim::queue::Handle;
use crate::sim::trace::EventId;

/// The configuration that a simulation starts from.
#[derive(Clone, Debug)]
pub struct Config {
    pub seed: u64,
    pub link: LinkModel,
    /// Messages that wait at a paused agent; more are dropped.
    pub inbox_capacity: usize,
    /// Events the trace keeps; 0 keeps none. The hash covers all either way.
    pub trace_capacity: usize,
}

impl Default for Config {
    #[inline]
    fn default() -> Self {
        Self { seed: 0, link: LinkModel::default(), inbox_capacity: 1_000, trace_capacity: 200_000 }
    }
}

/// One agent at the start.
#[derive(Clone, Debug)]
pub struct Setup<P: Process> {
    pub durable: P::Durable,
    pub clock: LocalClock,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Up,
    Paused,
    /// Crashed, and not restarted yet.
    Down,
    /// Gone for good.
    Removed,
}

/// A pending timer of an agent.
#[derive(Clone, Copy, Debug)]
pub struct PendingTimer<T> {
    pub timer: T,
    pub set_us: u64,
    pub due_us: u64,
    /// Fired while the agent was paused; runs when it resumes.
    pub overdue: bool,
    pub(super) handle: Handle,
}

/// The part of a slot that few agents need. A command stands by its place on the agenda and the event that tells of it.
#[derive(Clone, Debug)]
pub(super) struct Rare<M> {
    /// Messages that wait while the agent is paused.
    pub inbox: Vec<InFlight<M>>,
    /// Commands that came while the agent was paused or down. It hears of them when it is back.
    pub asked: Vec<(usize, EventId)>,
    /// Commands that it has heard of, by their places.
    pub heard: Vec<(usize, EventId)>,
}

impl<M> Default for Rare<M> {
    #[inline]
    fn default() -> Self {
        Self { inbox: Vec::new(), asked: Vec::new(), heard: Vec::new() }
    }
}

/// One agent as the kernel holds it. The fields that every message touches come first and lie together, on
/// three cache lines if the process is no larger than one of them.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Slot<P: Process> {
    pub lamport: u64,
    pub status: Status,
    pub corrupted: bool,
    pub(super) rng: Xoshiro256PlusPlus,
    pub clock: LocalClock,
    pub count: AgentCount,
    pub process: P,
    /// How many messages it has put on links in all.
    pub(super) messages: u64,
    pub timers: Vec<PendingTimer<P::Timer>>,
    /// How many messages it has put on each link, in swarms small enough (see
    /// `NUMBERED_LINKS_MAX`).
    pub(super) messages_to: Vec<(AgentId, u64)>,
    pub durable: P::Durable,
    /// The part that few agents need, made once it is needed: every checkpoint copies the slot.
    pub(super) rare: Option<Box<Rare<P::Message>>>,
}

impl<P: Process> Slot<P> {
    /// Messages that wait while the agent is paused.
    #[must_use]
    #[inline]
    pub fn inbox(&self) -> &[InFlight<P::Message>] {
        self.rare.as_ref().map_or(&[], |rare| &rare.inbox)
    }

    #[inline]
    pub(super) fn take_inbox(&mut self) -> Vec<InFlight<P::Message>> {
        self.rare.as_mut().map_or_else(Vec::new, |rare| std::mem::take(&mut rare.inbox))
    }

    #[inline]
    pub(super) fn rare_mut(&mut self) -> &mut Rare<P::Message> {
        self.rare.get_or_insert_default()
    }

    /// Lets memory fetch what a message to the agent will need.
    #[inline(always)]
    pub(super) fn fetch(&self) {
        fetch(&self.lamport);
        fetch(&self.count);
        fetch(&self.messages);
    }
}

/// An agent about to act, and the adversary that may act in its place.
pub(super) struct Seat<'a, P: Process> {
    pub process: &'a mut P,
    pub durable: &'a P::Durable,
    pub corrupted: bool,
    pub adversary: &'a mut P::Adversary,
}
