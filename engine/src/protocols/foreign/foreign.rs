//! A protocol from outside: written in Rust against this library, without a line of it changed. It is an object that gets and
//! sends bytes; the registry's row for it is this folder.
//!
//! - this file: what such a protocol is ([`ForeignProtocol`]), and the machine that runs it
//! - [`message`]: its messages, as the kernel sees them
//! - [`note`]: its notes: the place of a sentence, and a number
//! - [`watch`]: what must hold of it ([`ForeignWatch`])
//! - [`setup`]: how a scenario comes to run it ([`ForeignSetup`])
//!
//! `engine/examples/own_protocol.rs` runs one.

pub mod message;
pub mod note;
pub mod setup;
#[cfg(test)]
mod tests;
pub mod watch;

use std::fmt::Debug;
use std::sync::Arc;

use self::message::ForeignMessage;
use self::note::ForeignNote;
pub use self::setup::{ForeignCast, ForeignSetup, Vocabulary};
pub use self::watch::ForeignWatch;
use crate::common::consensus::note::VoteNote;
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::signal::Signal;
use crate::protocol::contract::{Header, Lies, Outlet, Protocol, Requested};
use crate::sim::{AgentId, LocalTime};

/// A state machine of one agent. It reads no clock and draws no number but through its outlet, so that a run can be repeated;
/// it is cloned for checkpoints, so large data is shared.
pub trait ForeignProtocol: Cloned + Debug + Send + Sync {
    fn on_start(&mut self, _out: &mut dyn ForeignOutlet) {}

    /// A message of a kind, by its place in the [`Vocabulary`].
    fn on_message(&mut self, from: AgentId, kind: u32, bytes: &[u8], out: &mut dyn ForeignOutlet);

    /// A timer that it has set under this number.
    fn on_timer(&mut self, _timer: u32, _out: &mut dyn ForeignOutlet) {}

    /// A person or the scenario asks something of it: `{ "foreign": { "tell": { "agent": …, "text": … } } }`.
    fn on_order(&mut self, _text: &str, _out: &mut dyn ForeignOutlet) {}

    /// Built anew after a crash, with what it had persisted last; with nothing when it had persisted nothing.
    fn on_restart(&mut self, _persisted: &[u8], out: &mut dyn ForeignOutlet) {
        self.on_start(out);
    }
}

/// Clones a protocol as an object.
pub trait Cloned {
    fn cloned(&self) -> Box<dyn ForeignProtocol>;
}

impl<T: ForeignProtocol + Clone + 'static> Cloned for T {
    fn cloned(&self) -> Box<dyn ForeignProtocol> {
        Box::new(self.clone())
    }
}

/// All that such a protocol may know of the world and do to it.
pub trait ForeignOutlet {
    fn id(&self) -> AgentId;

    /// How many members there are from the start; their numbers are the first.
    fn members(&self) -> u32;

    /// The reading of the agent's own clock.
    fn now(&self) -> LocalTime;

    /// Uniform in `min..=max`, from the agent's own stream.
    fn random_between(&mut self, min: u64, max: u64) -> u64;

    /// Sends bytes, as a message of this kind by its place in the [`Vocabulary`].
    fn send(&mut self, to: AgentId, kind: u32, bytes: &[u8]);

    /// Sets the timer of this number, `delay_us` from now on the agent's own clock, at least 1 µs; one of the same number that
    /// is still pending is replaced.
    fn set_timer(&mut self, timer: u32, delay_us: u64);

    fn cancel_timer(&mut self, timer: u32);

    /// Writes down what survives a crash, instead of what was written before.
    fn persist(&mut self, bytes: &[u8]);

    /// Tells of something: a sentence by its place in the [`Vocabulary`], and the number in it.
    fn note(&mut self, sentence: u16, number: u32);
}

/// An agent that runs a protocol from outside, as few do.
#[derive(Clone, Debug)]
pub struct Foreign(Box<ForeignAgent>);

/// Such an agent: its machine, and what of it survives.
#[derive(Debug)]
struct ForeignAgent {
    machine: Box<dyn ForeignProtocol>,
    durable: ForeignDurable,
}

impl Clone for ForeignAgent {
    fn clone(&self) -> Self {
        Self { machine: self.machine.cloned(), durable: self.durable.clone() }
    }
}

impl Foreign {
    /// Hands an input to the machine.
    fn handle(
        &mut self,
        out: &mut impl Outlet<Self>,
        input: impl FnOnce(&mut dyn ForeignProtocol, &mut dyn ForeignOutlet),
    ) {
        let members = self.0.durable.0.cast.members;
        input(&mut *self.0.machine, &mut Port { out, members });
    }
}

/// The durable state.
#[derive(Clone, Debug)]
pub struct ForeignDurable(Box<Kept>);

#[derive(Clone, Debug)]
struct Kept {
    cast: ForeignCast,
    persisted: Arc<[u8]>,
}

impl ForeignDurable {
    /// With nothing persisted.
    fn new(cast: &ForeignCast) -> Self {
        Self(Box::new(Kept { cast: cast.clone(), persisted: Arc::default() }))
    }
}

/// An order: a text that the agent's protocol reads.
#[derive(Clone, Debug)]
pub struct ForeignOrder(pub Arc<str>);

impl Requested for ForeignOrder {
    fn kind(&self) -> Option<&'static str> {
        Some("order")
    }

    fn about(&self, _: &dyn crate::protocol::note::Names) -> String {
        self.0.to_string()
    }
}

impl Protocol for Foreign {
    type Message = ForeignMessage;
    type Timer = message::ForeignTimer;
    type Order = ForeignOrder;
    type Durable = ForeignDurable;
    type Entry = Arc<[u8]>;
    type Note = ForeignNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(id: AgentId, durable: &ForeignDurable) -> Self {
        let machine = (durable.0.cast.setup.agents)(id);
        Self(Box::new(ForeignAgent { machine, durable: durable.clone() }))
    }

    fn write(durable: &mut ForeignDurable, entry: &Arc<[u8]>) {
        durable.0.persisted = entry.clone();
    }

    fn on_start(&mut self, out: &mut impl Outlet<Self>) {
        self.handle(out, |machine, out| machine.on_start(out));
    }

    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        let persisted = self.0.durable.0.persisted.clone();
        self.handle(out, |machine, out| machine.on_restart(&persisted, out));
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        ForeignMessage(bytes): &ForeignMessage,
        out: &mut impl Outlet<Self>,
    ) {
        self.handle(out, |machine, out| machine.on_message(from, header.instance, bytes, out));
    }

    fn on_timer(&mut self, timer: message::ForeignTimer, out: &mut impl Outlet<Self>) {
        self.handle(out, |machine, out| machine.on_timer(timer.0, out));
    }

    fn on_order(&mut self, ForeignOrder(text): &ForeignOrder, out: &mut impl Outlet<Self>) {
        self.handle(out, |machine, out| machine.on_order(text, out));
    }
}

/// An outlet as an object.
struct Port<'a, O> {
    out: &'a mut O,
    members: u32,
}

impl<O: Outlet<Foreign>> ForeignOutlet for Port<'_, O> {
    fn id(&self) -> AgentId {
        self.out.id()
    }

    fn members(&self) -> u32 {
        self.members
    }

    fn now(&self) -> LocalTime {
        self.out.now()
    }

    fn random_between(&mut self, min: u64, max: u64) -> u64 {
        self.out.random_between(min, max)
    }

    fn send(&mut self, to: AgentId, kind: u32, bytes: &[u8]) {
        self.out.send(to, Header::about(kind), ForeignMessage(bytes.into()));
    }

    fn set_timer(&mut self, timer: u32, delay_us: u64) {
        self.out.set_timer(message::ForeignTimer(timer), delay_us);
    }

    fn cancel_timer(&mut self, timer: u32) {
        self.out.cancel_timer(message::ForeignTimer(timer));
    }

    fn persist(&mut self, bytes: &[u8]) {
        self.out.persist(bytes.into());
    }

    fn note(&mut self, sentence: u16, number: u32) {
        self.out.note(ForeignNote { sentence, number });
    }
}

/// Nobody lies in it.
impl Lies for Foreign {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;
}
