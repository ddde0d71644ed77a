//! Votes that somebody counts (C1–C5, C9): a proposal is put to the electorate, agents send their ballots, and the
//! coordinator counts them and says what came out. It opens proposals of other protocols too, and keeps the record
//! of what their agents have decided; each agent asks it for outcomes that it has not heard.
//!
//! - [`message`]: what is said
//! - [`voter`]: the voting agent
//! - [`counter`]: the counting agent, with its [`manager`](crate::common::consensus::manager) of proposals

pub mod acts;
pub mod choice;
pub mod counter;
mod form;
mod frame;
mod lies;
pub mod message;
mod settings;
pub mod shown;
#[cfg(test)]
mod tests;
pub mod voter;
pub mod watch;

use self::counter::{Counter, CounterDurable, CounterEntry};
use self::message::{VoteMessage, VoteTimer};
use self::voter::{Knowledge, Voter, VoterDurable};
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::{ProposalId, SharedProposal};
use crate::common::signal::Signal;
use crate::protocol::contract::{Header, Outlet, Protocol, Requested};
use crate::protocol::note::Names;
use crate::sim::AgentId;

/// An agent's part.
#[derive(Clone, Debug)]
pub enum Vote {
    Voter(Voter),
    Counter(Box<Counter>),
}

/// The part of an agent's role that survives a crash.
#[derive(Clone, Debug)]
pub enum VoteDurable {
    Voter(VoterDurable),
    Counter(Box<CounterDurable>),
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum VoteEntry {
    /// A voter's knowledge of a proposal.
    Known { proposal: ProposalId, knowledge: Box<Knowledge> },
    /// A change at the counter.
    Counter(CounterEntry),
}

/// An order of a person or the scenario to the agent that counts.
#[derive(Clone, Debug)]
pub enum VoteOrder {
    /// Put this to the vote.
    Propose(SharedProposal),
}

impl Requested for VoteOrder {
    fn kind(&self) -> Option<&'static str> {
        let Self::Propose(_) = self;
        Some("proposal")
    }

    fn about(&self, _: &dyn Names) -> String {
        let Self::Propose(proposal) = self;
        proposal.name.clone()
    }

    fn refusal(&self) -> Option<&'static str> {
        Some("refused vote")
    }
}

impl Vote {
    #[must_use]
    pub fn voter(&self) -> Option<&Voter> {
        match self {
            Self::Voter(voter) => Some(voter),
            Self::Counter(_) => None,
        }
    }

    #[must_use]
    pub fn counter(&self) -> Option<&Counter> {
        match self {
            Self::Counter(counter) => Some(counter),
            Self::Voter(_) => None,
        }
    }
}

impl Protocol for Vote {
    type Message = VoteMessage;
    type Timer = VoteTimer;
    type Order = VoteOrder;
    type Durable = VoteDurable;
    type Entry = VoteEntry;
    type Note = VoteNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &VoteDurable) -> Self {
        match durable {
            VoteDurable::Voter(durable) => Self::Voter(Voter::new(durable)),
            VoteDurable::Counter(state) => {
                Self::Counter(Box::new(Counter { state: (**state).clone() }))
            }
        }
    }

    #[inline]
    fn write(durable: &mut VoteDurable, entry: &VoteEntry) {
        match (durable, entry) {
            (VoteDurable::Voter(durable), VoteEntry::Known { proposal, knowledge }) => {
                durable.known.insert(*proposal, (**knowledge).clone());
            }
            (VoteDurable::Counter(durable), VoteEntry::Counter(entry)) => durable.write(entry),
            // Each writes what is of its own part.
            (VoteDurable::Voter(_), VoteEntry::Counter(_))
            | (VoteDurable::Counter(_), VoteEntry::Known { .. }) => {}
        }
    }

    fn on_start(&mut self, _: &mut impl Outlet<Self>) {}

    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        match self {
            Self::Voter(voter) => voter.on_restart(out),
            Self::Counter(counter) => counter.on_restart(out),
        }
    }

    #[inline]
    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &VoteMessage,
        out: &mut impl Outlet<Self>,
    ) {
        match self {
            Self::Voter(voter) => voter.on_message(from, header.instance, message, out),
            Self::Counter(counter) => counter.on_message(from, header.instance, message, out),
        }
    }

    #[inline]
    fn on_timer(&mut self, timer: VoteTimer, out: &mut impl Outlet<Self>) {
        match self {
            Self::Voter(voter) => voter.on_timer(timer, out),
            Self::Counter(counter) => counter.on_timer(timer, out),
        }
    }

    fn on_order(&mut self, order: &VoteOrder, out: &mut impl Outlet<Self>) {
        if let (Self::Counter(counter), VoteOrder::Propose(proposal)) = (self, order) {
            counter.propose(proposal, out);
        }
    }

    #[inline]
    fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Self>) {
        match self {
            Self::Voter(voter) => voter.on_signal(signal, out),
            Self::Counter(counter) => counter.on_signal(signal, out),
        }
    }
}
