//! The one outlet there is: it wraps what a protocol says in the swarm's enums, and hands it to the kernel.

use std::ops::{Deref, DerefMut};

use super::bus::{Body, Message};
use super::membership::MembershipNote;
use super::note::Note;
use super::signal::Signal;
use super::swarm::{Entry, Swarm, Timer};
use crate::protocol::contract::{Header, Outlet, Protocol};
use crate::sim::{AgentId, LocalTime, Outbox, Wire as _};

/// An agent's outbox, and the facts that its protocols raise while they handle one input.
pub struct Port<'a, 'b> {
    pub out: &'a mut Outbox<'b, Swarm>,
    pub raised: &'a mut Vec<Signal>,
}

impl<'b> Deref for Port<'_, 'b> {
    type Target = Outbox<'b, Swarm>;

    fn deref(&self) -> &Self::Target {
        self.out
    }
}

impl DerefMut for Port<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.out
    }
}

impl<P> Outlet<P> for Port<'_, '_>
where
    P: Protocol<Signal = Signal>,
    Body: From<P::Message>,
    Timer: From<P::Timer>,
    Entry: From<P::Entry>,
    Note: From<P::Note>,
{
    #[inline(always)]
    fn id(&self) -> AgentId {
        self.out.id()
    }

    #[inline(always)]
    fn now(&self) -> LocalTime {
        self.out.now()
    }

    #[inline(always)]
    fn random_between(&mut self, min: u64, max: u64) -> u64 {
        self.out.random_between(min, max)
    }

    fn is_linked_to(&self, agent: AgentId) -> bool {
        self.out.is_linked_to(agent)
    }

    fn is_linked_to_all(&self) -> bool {
        self.out.is_linked_to_all()
    }

    fn bytes_of(&self, header: Header, message: &P::Message) -> u32 {
        Message::new(header, message.clone()).encoded_len()
    }

    #[inline(always)]
    fn send(&mut self, to: AgentId, header: Header, message: P::Message) {
        self.out.send(to, Message::new(header, message));
    }

    #[inline(always)]
    fn set_timer(&mut self, timer: P::Timer, delay_us: u64) {
        self.out.set_timer(timer.into(), delay_us);
    }

    #[inline(always)]
    fn cancel_timer(&mut self, timer: P::Timer) {
        self.out.cancel_timer(timer.into());
    }

    #[inline(always)]
    fn persist(&mut self, entry: P::Entry) {
        self.out.persist(entry.into());
    }

    #[inline(always)]
    fn note(&mut self, note: impl Into<P::Note>) {
        self.out.note(note.into());
    }

    fn refuse(&mut self, from: AgentId) {
        self.out.note(MembershipNote::Misdirected { from });
    }

    #[inline(always)]
    fn raise(&mut self, signal: Signal) {
        self.raised.push(signal);
    }
}
