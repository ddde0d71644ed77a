//! The contract of a protocol: a state machine in words of its own, and the outlet through which it acts on
//! the world.

use std::convert::Infallible;
use std::fmt::Debug;

use serde::Serialize;

use super::note::{Names, ProtocolNote};
use crate::sim::{AgentId, LocalTime, Routes, Traffic};

/// A state machine that an agent runs beside others. It is cloned for checkpoints, so large data is shared.
pub trait Protocol: Clone + Debug + Sized {
    /// A message between its agents: small, with large data behind an `Arc`.
    type Message: Clone + Debug + Serialize;
    /// Names a timer; at most one of each value is pending at an agent.
    type Timer: Copy + Eq + Debug;
    /// A request of a person or the scenario.
    type Order: Clone + Debug + Requested;
    /// All that survives a crash.
    type Durable: Clone + Debug;
    /// One change of what survives.
    type Entry: Clone + Debug;
    /// A note of the protocol about itself in the trace.
    type Note: ProtocolNote;
    /// A note that several protocols share: that an agent voted, that a round began.
    type SharedNote: ProtocolNote;
    /// The facts that the protocols of one agent tell each other.
    type Signal: Clone + Debug;

    /// Built at the start of the run, and anew after a crash.
    fn new(id: AgentId, durable: &Self::Durable) -> Self;

    /// Carries out an entry on what survives.
    fn write(durable: &mut Self::Durable, entry: &Self::Entry);

    #[inline]
    fn on_start(&mut self, _out: &mut impl Outlet<Self>) {}

    /// Built anew after a crash: takes up what was durable.
    #[inline]
    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        self.on_start(out);
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &Self::Message,
        out: &mut impl Outlet<Self>,
    );

    fn on_timer(&mut self, timer: Self::Timer, out: &mut impl Outlet<Self>);

    #[inline]
    fn on_order(&mut self, _order: &Self::Order, _out: &mut impl Outlet<Self>) {}

    /// A protocol of the same agent has raised this fact.
    #[inline]
    fn on_signal(&mut self, _signal: &Self::Signal, _out: &mut impl Outlet<Self>) {}

    /// Called once after each input, when every fact that followed from it has been told.
    #[inline]
    fn on_settled(&mut self, _out: &mut impl Outlet<Self>) {}

    /// Whether the timer is periodic housekeeping, which keeps no run alive.
    #[inline]
    fn is_housekeeping(_timer: Self::Timer) -> bool {
        false
    }

    /// Whether the message is periodic housekeeping, which keeps no run alive.
    #[inline]
    fn is_housekeeping_message(_header: Header, _message: &Self::Message) -> bool {
        false
    }
}

/// An order from outside, as people are told of it: the report says whether it was heard, and why it was refused.
pub trait Requested {
    /// Its kind: "proposal", "task". An order that only goes with another has none; it waits for an absent agent just as
    /// well.
    fn kind(&self) -> Option<&'static str>;

    /// The name of its subject; empty where there is nothing to name.
    #[inline]
    fn about(&self, _names: &dyn Names) -> String {
        String::new()
    }

    /// The sort of [`Thing`](super::note::Thing) that its refusals are; `None` for an order that cannot be
    /// refused.
    #[inline]
    fn refusal(&self) -> Option<&'static str> {
        None
    }
}

impl Requested for Infallible {
    #[inline]
    fn kind(&self) -> Option<&'static str> {
        match *self {}
    }
}

/// The message of a protocol whose agents say nothing to each other: there is none.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum Unsaid {}

/// The header that a message carries beside its body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Header {
    /// The instance of the protocol that it belongs to: which proposal, which task.
    pub instance: u32,
    /// Pairs a reply with its query; 0 where nothing is asked.
    pub correlation: u32,
}

impl Header {
    /// The header of a message that is neither query nor reply.
    #[must_use]
    #[inline]
    pub const fn about(instance: u32) -> Self {
        Self { instance, correlation: 0 }
    }
}

/// All that a protocol may know of the world and do to it, in its own words.
pub trait Outlet<P: Protocol> {
    /// All notes that can be made: the protocol's own and the shared ones.
    type Note: From<P::Note> + From<P::SharedNote>;

    fn id(&self) -> AgentId;

    /// The time on the agent's own clock.
    fn now(&self) -> LocalTime;

    /// Uniform in `min..=max`, from the agent's own stream.
    fn random_between(&mut self, min: u64, max: u64) -> u64;

    /// Whether a link leads to this agent.
    fn is_linked_to(&self, agent: AgentId) -> bool;

    /// Whether a link leads to every agent.
    fn is_linked_to_all(&self) -> bool;

    /// How many links lead to this agent one after the other.
    fn links_to(&self, agent: AgentId) -> u32;

    /// The counts of the agent's network interface, before this input.
    fn traffic(&self) -> Traffic;

    /// How many bytes the message takes on a link.
    fn bytes_of(&self, header: Header, message: &P::Message) -> u32;

    fn send(&mut self, to: AgentId, header: Header, message: P::Message);

    /// Sets a timer `delay_us` from now on the agent's own clock, at least 1 µs; one of the same value that is
    /// still pending is replaced.
    fn set_timer(&mut self, timer: P::Timer, delay_us: u64);

    fn cancel_timer(&mut self, timer: P::Timer);

    /// Writes to what survives a crash, before anything that the same handler sends leaves.
    fn persist(&mut self, entry: P::Entry);

    fn note(&mut self, note: impl Into<Self::Note>);

    /// Sets other routes for the whole network, at once: see [`Outbox::reroute`](crate::sim::Outbox::reroute).
    fn reroute(&mut self, routes: Routes);

    /// Refuses a message that its sender should not have sent to this agent; that is told and counted.
    fn refuse(&mut self, from: AgentId);

    /// Tells the agent's other protocols of a fact, once this handler has returned.
    fn raise(&mut self, signal: P::Signal);
}

/// The lies of a corrupted agent in a protocol, apart from the machine: no protocol contains bad behaviour. A
/// protocol that keeps all these defaults has no lies.
pub trait Lies: Protocol {
    /// The adversary's knowledge of one corrupted agent.
    type Seat;
    /// All corrupted agents.
    type Seats;
    /// How an agent lies while it handles one input.
    type Lie;

    /// Tells the adversary in the agent's seat what the agent can sign and has said.
    #[inline]
    fn brief(&self, _seat: &mut Self::Seat) {}

    /// Changes a message that the agent is about to send.
    #[inline]
    fn twist(&self, _to: AgentId, _header: Header, _message: &mut Self::Message, _lie: &Self::Lie) {
    }

    /// Whether the message belongs to a round, so that it can come one late.
    #[inline]
    fn is_of_a_round(_message: &Self::Message) -> bool {
        false
    }

    /// Whether a round begins with this timer.
    #[inline]
    fn begins_round(_timer: Self::Timer) -> bool {
        false
    }

    /// Says more than the protocol would, once the agent has handled a timer.
    #[inline]
    fn add(
        &self,
        _agent: AgentId,
        _timer: Self::Timer,
        _seats: &Self::Seats,
        _out: &mut impl FnMut(AgentId, Header, Self::Message),
    ) {
    }
}
