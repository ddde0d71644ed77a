//! The agent as the kernel sees it, made of the protocols in the registry.

pub mod adversary;
pub mod bus;
pub mod monitor;
pub mod note;
mod raised;
pub mod requests;
pub mod setups;

use std::sync::Arc;

use crate::common::awaited::{Awaited, Waiting as _};
use crate::common::glyph::MessageGlyph;
use crate::common::kind::{self, Described, MessageKind};
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::misdirected::Misdirected;
use crate::common::profile::Profile;
use crate::common::shown::Shown;
use crate::common::signal::Signal;
use crate::protocol::contract::{Header, Lies as _, Outlet, Protocol, Requested};
use crate::protocol::note::Names;
use crate::registry::protocols;
use crate::sim::{AgentId, LocalTime, Outbox, Process, Routes, Traffic, Wire as _};
use crate::swarm::adversary::{Adversary, Behaviour};
use crate::swarm::bus::Message;
use crate::swarm::note::Note;
use crate::swarm::raised::Raised;

/// Makes an agent out of its protocols.
macro_rules! swarm {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Protocol:ty,)+) => {
        /// The content of a message, in the words of its protocol.
        #[derive(Clone, Debug, serde::Serialize)]
        pub enum Body {
            $($(#[$on])* $Row(<$Protocol as Protocol>::Message),)+
        }

        /// The timers of an agent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Timer {
            $($(#[$on])* $Row(<$Protocol as Protocol>::Timer),)+
        }

        /// One change of what survives a crash.
        #[derive(Clone, Debug)]
        pub enum Entry {
            $($(#[$on])* $Row(<$Protocol as Protocol>::Entry),)+
        }

        /// A request to an agent from outside.
        #[derive(Clone, Debug)]
        pub enum Order {
            $($(#[$on])* $Row(Arc<<$Protocol as Protocol>::Order>),)+
            /// How a corrupted agent behaves from now on; an honest one ignores it.
            Behave(Behaviour),
        }

        /// The part of an agent that survives a crash.
        #[derive(Clone, Debug, Default)]
        pub struct Durable {
            $($(#[$on])* pub $field: Option<<$Protocol as Protocol>::Durable>,)+
        }

        /// An agent, with its part in each of the protocols that it runs.
        #[derive(Clone, Debug)]
        pub struct Swarm {
            $($(#[$on])* pub $field: Option<$Protocol>,)+
        }

        $($(#[$on])*
            impl Outlet<$Protocol> for Port<'_, '_> {
                type Note = Note;

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

                #[inline]
                fn is_linked_to(&self, agent: AgentId) -> bool {
                    self.out.is_linked_to(agent)
                }

                #[inline]
                fn is_linked_to_all(&self) -> bool {
                    self.out.is_linked_to_all()
                }

                #[inline]
                fn links_to(&self, agent: AgentId) -> u32 {
                    self.out.links_to(agent)
                }

                #[inline]
                fn traffic(&self) -> Traffic {
                    self.out.traffic()
                }

                #[allow(unreachable_code, reason = "some protocols say nothing")]
                #[inline]
                fn bytes_of(&self, header: Header, message: &<$Protocol as Protocol>::Message) -> u32 {
                    Message { header, body: Body::$Row(message.clone()) }.encoded_len()
                }

                #[inline(always)]
                fn send(
                    &mut self,
                    to: AgentId,
                    header: Header,
                    message: <$Protocol as Protocol>::Message,
                ) {
                    self.out.send(to, Message { header, body: Body::$Row(message) });
                }

                #[inline(always)]
                fn set_timer(&mut self, timer: <$Protocol as Protocol>::Timer, delay_us: u64) {
                    self.out.set_timer(Timer::$Row(timer), delay_us);
                }

                #[inline(always)]
                fn cancel_timer(&mut self, timer: <$Protocol as Protocol>::Timer) {
                    self.out.cancel_timer(Timer::$Row(timer));
                }

                #[inline(always)]
                fn persist(&mut self, entry: <$Protocol as Protocol>::Entry) {
                    self.out.persist(Entry::$Row(entry));
                }

                #[inline(always)]
                fn note(&mut self, note: impl Into<Note>) {
                    self.out.note(note);
                }

                #[inline]
                fn reroute(&mut self, routes: Routes) {
                    self.out.reroute(routes);
                }

                #[inline]
                fn refuse(&mut self, from: AgentId) {
                    self.out.note(Misdirected { from });
                }

                #[inline(always)]
                fn raise(&mut self, signal: Signal) {
                    self.raised.push(signal);
                }
            }
        )+

        const ROWS: &[&[&MessageKind]] =
            &[$($(#[$on])* <<$Protocol as Protocol>::Message as Described>::KINDS,)+];

        /// The kinds of all messages, by their numbers.
        pub static KINDS: [&MessageKind; kind::count(ROWS)] = kind::by_number(ROWS);

        impl Body {
            /// The kind of message it is.
            #[must_use]
            #[inline]
            pub fn kind(&self) -> &'static MessageKind {
                match self {
                    $($(#[$on])* Self::$Row(message) => message.kind(),)+
                }
            }

            /// How it is drawn, sent by this agent.
            #[must_use]
            #[inline]
            pub fn glyph(&self, origin: AgentId) -> MessageGlyph {
                match self {
                    $($(#[$on])* Self::$Row(message) => message.glyph(origin),)+
                }
            }

            /// The content beside its kind, sent by this agent: a vote, or a decision.
            #[must_use]
            #[inline]
            pub fn says(&self, origin: AgentId) -> Option<&'static str> {
                match self {
                    $($(#[$on])* Self::$Row(message) => message.says(origin),)+
                }
            }

            /// Whether there is anything in it that its receiver might not know.
            #[must_use]
            #[inline]
            pub fn brings_news(&self) -> bool {
                match self {
                    $($(#[$on])* Self::$Row(message) => message.brings_news(),)+
                }
            }

            /// Whether it belongs to a round, so that a liar can send it one late.
            #[must_use]
            #[inline]
            pub fn is_of_a_round(&self) -> bool {
                match self {
                    $($(#[$on])* Self::$Row(message) => <$Protocol>::is_of_a_round(message),)+
                }
            }

            /// Whether it is periodic housekeeping, which keeps no run alive.
            #[must_use]
            #[inline]
            pub fn is_housekeeping(&self, header: Header) -> bool {
                match self {
                    $($(#[$on])* Self::$Row(message) => <$Protocol>::is_housekeeping_message(header, message),)+
                }
            }
        }

        impl Requested for Order {
            #[inline]
            fn kind(&self) -> Option<&'static str> {
                match self {
                    $($(#[$on])* Self::$Row(order) => order.kind(),)+
                    // A liar is told how to lie.
                    Self::Behave(_) => None,
                }
            }

            #[inline]
            fn about(&self, names: &dyn Names) -> String {
                match self {
                    $($(#[$on])* Self::$Row(order) => order.about(names),)+
                    Self::Behave(_) => String::new(),
                }
            }

            #[inline]
            fn refusal(&self) -> Option<&'static str> {
                match self {
                    $($(#[$on])* Self::$Row(order) => order.refusal(),)+
                    Self::Behave(_) => None,
                }
            }
        }

        impl Timer {
            /// The words for the event that the agent waits for.
            #[must_use]
            #[inline]
            pub fn awaited(self) -> Awaited {
                match self {
                    $($(#[$on])* Self::$Row(timer) => timer.awaited(),)+
                }
            }

            /// Whether a round begins with it.
            #[must_use]
            #[inline]
            pub fn begins_round(self) -> bool {
                match self {
                    $($(#[$on])* Self::$Row(timer) => <$Protocol>::begins_round(timer),)+
                }
            }
        }

        impl Swarm {
            /// The agent as a member; nothing for one that only serves the others.
            #[must_use]
            #[inline]
            pub fn profile(&self) -> Option<&Profile> {
                $($(#[$on])* if let Some(profile) = self.$field.as_ref().and_then(<$Protocol as Shown>::profile) {
                    return Some(profile);
                })+
                None
            }

            /// Tells the adversary in the agent's seat what the agent can sign and has said.
            #[inline]
            pub fn brief(&self, seat: &mut Seat) {
                $($(#[$on])* if let Some(protocol) = &self.$field {
                    protocol.brief(seat);
                })+
            }

            /// Changes a message that the agent is about to send, as its protocol lies.
            #[inline]
            pub fn twist(&self, to: AgentId, message: &mut Message, lie: &Lie) {
                let header = message.header;
                match &mut message.body {
                    $($(#[$on])* Body::$Row(message) => {
                        if let Some(protocol) = &self.$field {
                            protocol.twist(to, header, message, lie);
                        }
                    })+
                }
            }

            /// Says more than its protocol would, after this timer.
            #[inline]
            pub fn add(
                &self,
                agent: AgentId,
                timer: Timer,
                seats: &Seats,
                out: &mut Outbox<'_, Self>,
            ) {
                match timer {
                    $($(#[$on])* Timer::$Row(timer) => {
                        if let Some(protocol) = &self.$field {
                            protocol.add(agent, timer, seats, &mut |to, header, message| {
                                out.send(to, Message { header, body: Body::$Row(message) });
                            });
                        }
                    })+
                }
            }

            #[inline]
            fn hear(&mut self, signal: &Signal, port: &mut Port<'_, '_>) {
                $($(#[$on])* if let Some(protocol) = &mut self.$field {
                    protocol.on_signal(signal, port);
                })+
            }

            #[inline]
            fn settle(&mut self, port: &mut Port<'_, '_>) {
                $($(#[$on])* if let Some(protocol) = &mut self.$field {
                    protocol.on_settled(port);
                })+
            }
        }

        impl Process for Swarm {
            type Message = Message;
            type Timer = Timer;
            type Command = Order;
            type Durable = Durable;
            type Entry = Entry;
            type Note = Note;
            type Adversary = Adversary;

            #[inline]
            fn new(id: AgentId, durable: &Durable) -> Self {
                Self {
                    $($(#[$on])* $field: durable.$field.as_ref().map(|it| <$Protocol as Protocol>::new(id, it)),)+
                }
            }

            #[inline]
            fn on_start(&mut self, out: &mut Outbox<'_, Self>) {
                self.handle(out, |agent, port| {
                    $($(#[$on])* if let Some(protocol) = &mut agent.$field {
                        protocol.on_start(port);
                    })+
                });
            }

            #[inline]
            fn on_message(&mut self, from: AgentId, message: &Message, out: &mut Outbox<'_, Self>) {
                self.handle(out, |agent, port| match &message.body {
                    $($(#[$on])* Body::$Row(body) => match &mut agent.$field {
                        Some(protocol) => protocol.on_message(from, message.header, body, port),
                        None => port.out.note(Misdirected { from }),
                    },)+
                });
            }

            #[inline]
            fn on_timer(&mut self, timer: Timer, out: &mut Outbox<'_, Self>) {
                self.handle(out, |agent, port| match timer {
                    $($(#[$on])* Timer::$Row(timer) => {
                        if let Some(protocol) = &mut agent.$field {
                            protocol.on_timer(timer, port);
                        }
                    })+
                });
            }

            #[inline]
            fn on_command(&mut self, order: &Order, out: &mut Outbox<'_, Self>) {
                self.handle(out, |agent, port| match order {
                    $($(#[$on])* Order::$Row(order) => {
                        if let Some(protocol) = &mut agent.$field {
                            protocol.on_order(order, port);
                        }
                    })+
                    // Only the adversary in the agent's seat is told.
                    Order::Behave(_) => {}
                });
            }

            #[inline]
            fn restart(id: AgentId, durable: &Durable, out: &mut Outbox<'_, Self>) -> Self {
                let mut agent = <Self as Process>::new(id, durable);
                agent.handle(out, |agent, port| {
                    $($(#[$on])* if let Some(protocol) = &mut agent.$field {
                        protocol.on_restart(port);
                    })+
                });
                agent
            }

            #[inline]
            fn write(durable: &mut Durable, entry: &Entry) {
                match entry {
                    $($(#[$on])* Entry::$Row(entry) => {
                        if let Some(durable) = &mut durable.$field {
                            <$Protocol as Protocol>::write(durable, entry);
                        }
                    })+
                }
            }

            #[inline]
            fn is_request(order: &Order) -> bool {
                order.kind().is_some()
            }

            #[inline]
            fn is_housekeeping(timer: Timer) -> bool {
                match timer {
                    $($(#[$on])* Timer::$Row(timer) => <$Protocol as Protocol>::is_housekeeping(timer),)+
                }
            }
        }
    };
}

protocols!(swarm);

/// An agent's outbox, and the facts that its protocols raise while they handle one input.
struct Port<'a, 'b> {
    out: &'a mut Outbox<'b, Swarm>,
    raised: Raised,
}

impl Swarm {
    /// Hands an input to the protocols, and tells all of them what each raises, until nothing more comes of it.
    #[inline(always)]
    fn handle(
        &mut self,
        out: &mut Outbox<'_, Self>,
        input: impl FnOnce(&mut Self, &mut Port<'_, '_>),
    ) {
        let mut port = Port { out, raised: Raised::default() };
        input(self, &mut port);
        loop {
            while let Some(signal) = port.raised.next() {
                self.hear(&signal, &mut port);
            }
            self.settle(&mut port);
            if port.raised.are_told() {
                return;
            }
        }
    }
}
