//! Adaptive topology (A2): one agent, the *decider*, measures the swarm and gives the network the shape that suits it.
//!
//! Every agent keeps where it stands: the last switch it has confirmed, and the one it has promised. A switch takes two phases, as an
//! atomic commit does (Gray 1978): the decider sends its plan to all that answer, and lets it hold once all have promised; if one does
//! not in time, the switch is undone. It writes each step down before it says so: after a crash in between, a switch that was not yet
//! to hold is undone, and one that was is carried through, since every answer tells where its agent stands and those that lag are told
//! again. Numbers of switches rise, so that nothing older is taken up. The network itself is rewired in one step, as the controller of
//! a software-defined network does it; messages on their way go on by the new routes (Reitblatt et al. 2012, *Abstractions for
//! Network Update*).
//!
//! - this file: the agent's part: what it confirms and promises
//! - [`rule`]: which shape suits what was measured
//! - [`decider`]: the machine that measures, decides and switches; [`ledger`]: its durable part
//! - [`message`], [`note`]: what they say, and what is told of it
//! - [`watch`]: what must hold, and what was measured so far
//! - [`scenario`]: input, with settings and acts
//! - [`shown`], [`panel`]: output

pub mod decider;
pub mod ledger;
pub mod message;
pub mod note;
mod panel;
pub mod rule;
mod scenario;
mod shown;
#[cfg(test)]
mod tests;
pub mod watch;

use std::sync::Arc;

use self::decider::Decider;
use self::ledger::{Ledger, LedgerEntry};
use self::message::{ShapeTalk, ShapeTimer, Stand};
use self::note::ShapeNote;
use self::rule::Limits;
use crate::common::consensus::note::VoteNote;
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::signal::Signal;
use crate::common::topology::TopologyKind;
use crate::protocol::contract::{Header, Lies, Outlet, Protocol, Requested};
use crate::protocol::note::Names;
use crate::sim::AgentId;

/// The number of a switch, from 1; 0 is the shape at the start.
pub type Epoch = u16;

/// What the section sets. Times are in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub decider: AgentId,
    /// How many agents there are at the start; their numbers are the first.
    pub agents: u32,
    /// The shape at the start.
    pub start: TopologyKind,
    pub limits: Limits,
    /// Another shape has to suit so many measurements in a row.
    pub hold: u32,
    pub measure_us: u64,
    /// How long the decider waits for promises.
    pub patience_us: u64,
}

/// The part of an agent that survives a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    pub rules: Arc<Rules>,
    pub stand: Stand,
    /// The shape that it has confirmed.
    pub shape: TopologyKind,
    /// Switches up to this number are over for it: it promises none of them any more.
    pub over: Epoch,
    /// How many messages a second it sends to others, and how many agents there are to send to.
    pub chatter: (u16, u32),
    /// That of the decider.
    pub ledger: Option<Box<Ledger>>,
}

/// An agent.
#[derive(Clone, Debug)]
pub struct Shape {
    pub books: Books,
    pub decider: Option<Box<Decider>>,
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum ShapeEntry {
    Promised(Epoch),
    Confirmed(Epoch, TopologyKind),
    Over(Epoch),
    Chatter(u16, u32),
    Ledger(LedgerEntry),
}

/// An order of a person or the scenario.
#[derive(Clone, Copy, Debug)]
pub enum ShapeOrder {
    /// The decider gives the network this shape, whatever it measures; with none it adapts it again.
    Reshape(Option<TopologyKind>),
    /// The agent sends so many messages a second to agents below this number.
    Chatter { per_second: u16, agents: u32 },
}

impl Requested for ShapeOrder {
    fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Reshape(_) => Some("shape"),
            // It goes to all agents at once.
            Self::Chatter { .. } => None,
        }
    }

    fn about(&self, _: &dyn Names) -> String {
        match self {
            Self::Reshape(Some(kind)) => rule::word(*kind).to_owned(),
            Self::Reshape(None) => "adaptive".to_owned(),
            Self::Chatter { .. } => String::new(),
        }
    }
}

impl Books {
    fn new(rules: Arc<Rules>, agent: AgentId) -> Self {
        let ledger = (agent == rules.decider).then(|| Box::new(Ledger::new(&rules)));
        let (shape, stand) = (rules.start, Stand::default());
        Self { rules, stand, shape, over: 0, chatter: (0, 0), ledger }
    }

    fn write(&mut self, entry: &ShapeEntry) {
        match entry {
            ShapeEntry::Promised(epoch) => self.stand.promised = *epoch,
            ShapeEntry::Confirmed(epoch, shape) => {
                (self.stand.confirmed, self.shape) = (*epoch, *shape);
                self.end(*epoch);
            }
            ShapeEntry::Over(epoch) => self.end(*epoch),
            ShapeEntry::Chatter(per_second, agents) => self.chatter = (*per_second, *agents),
            ShapeEntry::Ledger(entry) => {
                if let Some(ledger) = &mut self.ledger {
                    ledger.write(entry);
                }
            }
        }
    }

    fn end(&mut self, epoch: Epoch) {
        self.over = self.over.max(epoch);
        if self.stand.promised <= epoch {
            self.stand.promised = 0;
        }
    }
}

impl Shape {
    fn put(&mut self, entry: ShapeEntry, out: &mut impl Outlet<Self>) {
        self.books.write(&entry);
        out.persist(entry);
    }

    /// Asks what holds, until it is told.
    fn ask(&self, out: &mut impl Outlet<Self>) {
        let rules = &self.books.rules;
        out.send(rules.decider, Header::default(), ShapeTalk::Ask { stand: self.books.stand });
        out.set_timer(ShapeTimer::Ask, rules.measure_us);
    }

    fn promise(&mut self, epoch: Epoch, out: &mut impl Outlet<Self>) -> bool {
        if epoch <= self.books.over {
            return false;
        }
        if epoch > self.books.stand.promised {
            self.put(ShapeEntry::Promised(epoch), out);
        }
        true
    }

    fn confirm(&mut self, epoch: Epoch, to: TopologyKind, out: &mut impl Outlet<Self>) {
        if epoch > self.books.stand.confirmed {
            self.put(ShapeEntry::Confirmed(epoch, to), out);
            out.note(ShapeNote::Confirms { epoch, to });
        }
    }

    fn forget(&mut self, epoch: Epoch, out: &mut impl Outlet<Self>) {
        if epoch > self.books.over {
            self.put(ShapeEntry::Over(epoch), out);
        }
    }

    /// Sends its next message after a random pause, so long on average that there are so many a second.
    fn wait_to_chatter(&self, out: &mut impl Outlet<Self>) {
        let (per_second, agents) = self.books.chatter;
        if per_second > 0 && agents > 1 {
            let mean_us = 1_000_000 / u64::from(per_second);
            let pause_us = out.random_between(mean_us / 2, mean_us + mean_us / 2);
            out.set_timer(ShapeTimer::Chatter, pause_us);
        }
    }

    fn chatter(&self, out: &mut impl Outlet<Self>) {
        let agents = self.books.chatter.1.max(2);
        let own = out.id().0;
        let to = out.random_between(0, u64::from(agents) - 2) as u32;
        // Everyone but itself.
        let to = AgentId(to + u32::from(to >= own));
        out.send(to, Header::default(), ShapeTalk::Chatter);
        self.wait_to_chatter(out);
    }

    fn on_word_of_the_decider(
        &mut self,
        from: AgentId,
        epoch: Epoch,
        message: ShapeTalk,
        out: &mut impl Outlet<Self>,
    ) {
        if from != self.books.rules.decider || self.decider.is_some() {
            return out.refuse(from);
        }
        out.cancel_timer(ShapeTimer::Ask);
        match message {
            ShapeTalk::Probe { round } => {
                let traffic = out.traffic();
                let (sent, on_links) = (traffic.sent as u32, traffic.on_links as u32);
                let stand = self.books.stand;
                let answer = ShapeTalk::Answer { round, sent, on_links, stand };
                out.send(from, Header::default(), answer);
            }
            ShapeTalk::Prepare { .. } => {
                if self.promise(epoch, out) {
                    out.send(from, Header::about(epoch.into()), ShapeTalk::Prepared);
                }
            }
            ShapeTalk::Commit { to } => self.confirm(epoch, to, out),
            _ => self.forget(epoch, out),
        }
    }
}

impl Protocol for Shape {
    type Message = ShapeTalk;
    type Timer = ShapeTimer;
    type Order = ShapeOrder;
    type Durable = Books;
    type Entry = ShapeEntry;
    type Note = ShapeNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &Books) -> Self {
        let decider = durable.ledger.as_ref().map(|ledger| Box::new(Decider::new(ledger)));
        Self { books: durable.clone(), decider }
    }

    fn write(durable: &mut Books, entry: &ShapeEntry) {
        durable.write(entry);
    }

    fn on_start(&mut self, out: &mut impl Outlet<Self>) {
        if self.decider.is_some() {
            out.set_timer(ShapeTimer::Measure, self.books.rules.measure_us);
        } else if out.id().0 >= self.books.rules.agents {
            self.ask(out);
        }
    }

    /// The decider undoes the switch that was under way; everyone else asks what holds.
    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        self.wait_to_chatter(out);
        if self.decider.is_some() {
            self.undo(out);
            out.set_timer(ShapeTimer::Measure, self.books.rules.measure_us);
        } else {
            self.ask(out);
        }
    }

    fn on_order(&mut self, order: &ShapeOrder, out: &mut impl Outlet<Self>) {
        match *order {
            ShapeOrder::Reshape(wish) => self.wish(wish, out),
            ShapeOrder::Chatter { per_second, agents } => {
                self.put(ShapeEntry::Chatter(per_second, agents), out);
                out.cancel_timer(ShapeTimer::Chatter);
                self.wait_to_chatter(out);
                if self.decider.is_some() {
                    out.note(ShapeNote::Chatter { per_second });
                }
            }
        }
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &ShapeTalk,
        out: &mut impl Outlet<Self>,
    ) {
        let Ok(epoch) = Epoch::try_from(header.instance) else { return out.refuse(from) };
        match *message {
            ShapeTalk::Chatter => {}
            ShapeTalk::Answer { .. } | ShapeTalk::Prepared | ShapeTalk::Ask { .. } => {
                if self.decider.is_none() {
                    return out.refuse(from);
                }
                self.on_answer(from, epoch, *message, out);
            }
            message => self.on_word_of_the_decider(from, epoch, message, out),
        }
    }

    fn on_timer(&mut self, timer: ShapeTimer, out: &mut impl Outlet<Self>) {
        match timer {
            ShapeTimer::Ask => self.ask(out),
            ShapeTimer::Chatter => self.chatter(out),
            ShapeTimer::Measure => self.measure(out),
            ShapeTimer::Again => self.plead(out),
            ShapeTimer::GiveUp => self.undo(out),
        }
    }

    fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Self>) {
        match signal {
            Signal::Joined { agent, .. } => self.know(*agent, out),
            Signal::Left { agent } => self.lose(*agent, out),
            _ => {}
        }
    }

    fn is_housekeeping(timer: ShapeTimer) -> bool {
        matches!(timer, ShapeTimer::Measure | ShapeTimer::Ask | ShapeTimer::Chatter)
    }

    fn is_housekeeping_message(_: Header, message: &ShapeTalk) -> bool {
        use ShapeTalk::{Answer, Chatter, Probe};
        matches!(message, Probe { .. } | Answer { .. } | Chatter)
    }
}

/// Nobody lies in it.
impl Lies for Shape {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;
}
