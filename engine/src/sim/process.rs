//! An agent as the kernel sees it: a state machine that receives an input and pushes effects.

use std::fmt::Debug;

use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use super::clock::LocalTime;
use super::pending::{InFlight, Pending};
use super::queue::{Handle, Queue};
use super::rng;
use super::routes::Routes;

/// An agent's number: its place in the list of agents, from 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct AgentId(pub u32);

impl AgentId {
    /// Stands for no agent in a trace event.
    pub const NONE: Self = Self(u32::MAX);

    #[must_use]
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A message as the network sees it.
pub trait Wire: Clone + Debug {
    /// How many kinds of messages there are; at most 256, which is checked when it is compiled.
    const KINDS: usize;
    /// A number below [`Wire::KINDS`] that says what kind of message it is.
    fn kind(&self) -> u8;
    /// How many bytes it takes on a link.
    fn encoded_len(&self) -> u32;
    /// Which instance of its protocol it belongs to (which proposal, which task).
    #[inline]
    fn instance(&self) -> u32 {
        0
    }
    /// Whether it is periodic housekeeping (heartbeats, anti-entropy), which keeps no run alive.
    #[inline]
    fn is_housekeeping(&self) -> bool {
        false
    }
}

/// A note of a process in the trace: small, and with a number for the trace hash.
pub trait Note: Copy + Debug + PartialEq {
    /// A number that differs when the notes differ: a [`super::Digest`] of all its fields.
    fn digest(&self) -> u64;
}

impl Note for () {
    #[inline]
    fn digest(&self) -> u64 {
        0
    }
}

/// One agent's behaviour: a state machine that can be cloned, replayed and compared.
pub trait Process: Clone + Debug {
    type Message: Wire;
    /// Names a timer. At most one of each value is pending per agent.
    type Timer: Copy + Eq + Debug;
    /// A request of a person or the scenario to the process.
    type Command: Clone + Debug;
    /// All that survives a crash.
    type Durable: Clone + Debug;
    /// One change of the durable state, as a journal holds it.
    type Entry: Clone + Debug;
    /// A note of the process about itself in the trace.
    type Note: Note;
    /// The adversary, which sits in the agent's seat while the agent is corrupted.
    type Adversary: Adversary<Self>;

    /// Built for the first time; [`Process::on_start`] follows.
    fn new(id: AgentId, durable: &Self::Durable) -> Self;
    fn on_start(&mut self, out: &mut Outbox<'_, Self>);
    fn on_message(&mut self, from: AgentId, message: &Self::Message, out: &mut Outbox<'_, Self>);
    fn on_timer(&mut self, timer: Self::Timer, out: &mut Outbox<'_, Self>);
    fn on_command(&mut self, command: &Self::Command, out: &mut Outbox<'_, Self>);
    /// Built anew after a crash: the kernel has dropped the old process and its timers.
    fn restart(id: AgentId, durable: &Self::Durable, out: &mut Outbox<'_, Self>) -> Self;

    /// Carries out an entry of the journal on the durable state.
    fn write(durable: &mut Self::Durable, entry: &Self::Entry);

    /// Whether the command is a request by itself: the trace says when it has to wait. A command that goes
    /// with another one waits for an agent that is away without a word.
    #[inline]
    fn is_request(_command: &Self::Command) -> bool {
        true
    }

    /// Whether the timer is periodic housekeeping, which keeps no run alive.
    #[inline]
    fn is_housekeeping(_timer: Self::Timer) -> bool {
        false
    }
}

/// An input that reaches an agent.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a, P: Process> {
    Message { from: AgentId, message: &'a P::Message },
    Timer(P::Timer),
    Command(&'a P::Command),
}

impl<P: Process> Input<'_, P> {
    /// Hands the input to an honest process.
    #[inline(always)]
    pub fn deliver(self, process: &mut P, out: &mut Outbox<'_, P>) {
        match self {
            Self::Message { from, message } => process.on_message(from, message, out),
            Self::Timer(timer) => process.on_timer(timer, out),
            Self::Command(command) => process.on_command(command, out),
        }
    }
}

/// One mind behind all corrupted agents: it sees the inputs of every one of them and decides what
/// each sends to whom. No protocol contains bad behaviour; this seat does.
pub trait Adversary<P: Process>: Clone + Debug {
    /// The agent is corrupted from now on; its process is left as it is.
    fn on_takeover(&mut self, agent: AgentId, process: &mut P, out: &mut Outbox<'_, P>);
    /// An input for a corrupted agent. To behave honestly, deliver it to the process; to lie, let
    /// the process fill the outbox and [revise](Outbox::revise) what is in it.
    fn on_input(
        &mut self,
        agent: AgentId,
        input: Input<'_, P>,
        process: &mut P,
        out: &mut Outbox<'_, P>,
    );
    /// Something is asked of a corrupted agent that is down or paused; false when that does not concern
    /// the adversary.
    #[inline]
    fn on_order(&mut self, _agent: AgentId, _command: &P::Command) -> bool {
        false
    }
    /// The agent is let go: its process goes on from where it stands.
    fn on_release(&mut self, agent: AgentId, process: &mut P, out: &mut Outbox<'_, P>);
}

/// An adversary that does nothing wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAdversary;

impl<P: Process> Adversary<P> for NoAdversary {
    #[inline]
    fn on_takeover(&mut self, _: AgentId, _: &mut P, _: &mut Outbox<'_, P>) {}
    #[inline]
    fn on_input(
        &mut self,
        _: AgentId,
        input: Input<'_, P>,
        process: &mut P,
        out: &mut Outbox<'_, P>,
    ) {
        input.deliver(process, out);
    }
    #[inline]
    fn on_release(&mut self, _: AgentId, _: &mut P, _: &mut Outbox<'_, P>) {}
}

/// An effect that a process wants once its handler has returned.
#[derive(Clone, Debug)]
pub(super) enum Effect<P: Process> {
    /// The message as it lies among what is pending, written there once.
    Send(Handle),
    SetTimer {
        timer: P::Timer,
        delay_us: u64,
    },
    CancelTimer(P::Timer),
    Persist(P::Entry),
    Note(P::Note),
    Reroute(Box<Routes>),
}

/// The counts of an agent's network interface since the beginning of the run. A crash does not reset them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Messages of its own that it has sent.
    pub sent: u64,
    /// Messages that it has put on links: its own, and those that it has passed on.
    pub on_links: u64,
}

/// Where a handler puts its effects, and all it may know of the world: its number, its own clock,
/// its own random stream, whom it is linked with.
pub struct Outbox<'a, P: Process> {
    pub(super) id: AgentId,
    pub(super) local_time: LocalTime,
    pub(super) rng: &'a mut Xoshiro256PlusPlus,
    pub(super) effects: &'a mut Vec<Effect<P>>,
    pub(super) pending: &'a mut Queue<Pending<P>>,
    pub(super) routes: &'a Routes,
    pub(super) traffic: Traffic,
}

impl<P: Process> Outbox<'_, P> {
    #[must_use]
    #[inline]
    pub fn id(&self) -> AgentId {
        self.id
    }

    /// The time on the agent's own clock.
    #[must_use]
    #[inline]
    pub fn now(&self) -> LocalTime {
        self.local_time
    }

    /// Whether a link leads to this agent.
    #[must_use]
    #[inline]
    pub fn is_linked_to(&self, agent: AgentId) -> bool {
        self.routes.next_hop(self.id, agent) == Some(agent)
    }

    /// Whether a link leads to every agent.
    #[must_use]
    #[inline]
    pub fn is_linked_to_all(&self) -> bool {
        matches!(self.routes, Routes::Mesh { .. })
    }

    /// How many links lead to this agent one after the other, as a message's time to live tells; 0 to itself, and where no
    /// way leads.
    #[must_use]
    #[inline]
    pub fn links_to(&self, agent: AgentId) -> u32 {
        self.routes.distance(self.id, agent)
    }

    /// The counts of the agent's network interface, before this input.
    #[must_use]
    #[inline]
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Sets other routes for the whole network, as the controller of a software-defined one does. They hold at once, also
    /// for messages on their way, which go on by them from the end of their link. Agents beyond these routes' number are
    /// added as [`Routes::grown`] does; routes for more agents than there are change nothing.
    #[inline]
    pub fn reroute(&mut self, routes: Routes) {
        self.effects.push(Effect::Reroute(Box::new(routes)));
    }

    /// Uniform in `min..=max` from the agent's own stream.
    #[inline]
    pub fn random_between(&mut self, min: u64, max: u64) -> u64 {
        use rand_xoshiro::rand_core::Rng as _;
        let span = max.saturating_sub(min).saturating_add(1);
        min + rng::scale(self.rng.next_u64(), span)
    }

    #[inline]
    pub fn send(&mut self, to: AgentId, message: P::Message) {
        let written = Pending::Arrive(InFlight::written(self.id, to, message));
        self.effects.push(Effect::Send(self.pending.keep(written)));
    }

    /// For an adversary: goes through the messages to be sent, which it may change; those for which
    /// it gives false are never sent.
    #[inline]
    pub fn revise(&mut self, mut keep: impl FnMut(AgentId, &mut P::Message) -> bool) {
        let Self { effects, pending, .. } = self;
        effects.retain(|effect| {
            let Effect::Send(written) = effect else { return true };
            let Some(Pending::Arrive(in_flight)) = pending.get_mut(*written) else { return true };
            let kept = keep(in_flight.dest, &mut in_flight.message);
            if !kept {
                pending.take(*written);
            }
            kept
        });
    }

    /// Sets a timer `delay_us` from now on the agent's own clock, at least 1 µs. One of the same
    /// value that is still pending is replaced.
    #[inline]
    pub fn set_timer(&mut self, timer: P::Timer, delay_us: u64) {
        self.effects.push(Effect::SetTimer { timer, delay_us });
    }

    /// Cancels the timer if it is pending.
    #[inline]
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.effects.push(Effect::CancelTimer(timer));
    }

    /// Writes to what will survive a crash, before anything that the same handler sends leaves.
    #[inline]
    pub fn persist(&mut self, entry: P::Entry) {
        self.effects.push(Effect::Persist(entry));
    }

    #[inline]
    pub fn note(&mut self, note: impl Into<P::Note>) {
        self.effects.push(Effect::Note(note.into()));
    }
}
