//! The swarm as the kernel sees it: one type of process, an agent that takes part in several protocols.

use std::sync::Arc;

use super::adversary::{Adversary, Behaviour};
use super::agent::{Knowledge, Member, MemberDurable};
use super::bus::{Body, Message};
use super::consensus::manager::Poll;
use super::consensus::proposal::{ProposalId, SharedProposal};
use super::coordinator::{Coordinator, CoordinatorDurable, CoordinatorEntry};
use super::membership::MembershipNote;
use super::note::Note;
use super::port::Port;
use super::signal::Signal;
use super::state::holder::{Holder, StateOrder};
use super::state::memory::{HolderDurable, StateEntry};
use super::state::talk::StateTimer;
use super::status::Ask;
use super::work::WorkOrder;
use super::work::board::Board;
use super::work::role::{Work, WorkDurable, WorkEntry};
use super::work::talk::WorkTimer;
use super::work::worker::Worker;
use crate::protocol::contract::{Header, Protocol};
use crate::sim::{AgentId, Outbox, Process};

/// An agent, with its part in each of the protocols that it runs.
#[derive(Clone, Debug)]
pub struct Swarm {
    pub node: Node,
    /// Its part in holding the swarm's state, if there is any to hold.
    pub state: Option<Box<Holder>>,
    /// Its part in the swarm's work, if there is any.
    pub work: Option<Box<Work>>,
}

/// Its part in votes: a member, or the coordinator.
#[derive(Clone, Debug)]
pub enum Node {
    Member(Box<Member>),
    Coordinator(Box<Coordinator>),
}

/// What survives a crash of an agent.
#[derive(Clone, Debug)]
pub struct Durable {
    pub node: NodeDurable,
    pub state: Option<Box<HolderDurable>>,
    pub work: Option<Box<WorkDurable>>,
}

#[derive(Clone, Debug)]
pub enum NodeDurable {
    Member(Box<MemberDurable>),
    Coordinator(Box<CoordinatorDurable>),
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum Entry {
    Member { proposal: ProposalId, knowledge: Box<Knowledge> },
    Coordinator(CoordinatorEntry),
    State(Box<StateEntry>),
    Work(WorkEntry),
}

/// All timers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// A member has reviewed the proposal and votes.
    Review(ProposalId),
    /// A member has heard no decision by the deadline and asks for it.
    AskOutcome(ProposalId),
    /// A member has heard no decision by deadline and grace.
    GiveUp(ProposalId),
    /// A round of a Byzantine vote or a gossip ends, and the next begins.
    Round(ProposalId),
    /// The coordinator closes the proposal.
    Deadline(ProposalId),
    /// The coordinator asks those again whose ballot is not in.
    Reminder(ProposalId),
    State(StateTimer),
    Work(WorkTimer),
}

/// What can be asked of an agent from outside.
#[derive(Clone, Debug)]
pub enum Order {
    /// Asks the coordinator to put a proposal to the swarm.
    Propose(SharedProposal),
    /// How a corrupted agent behaves from now on; of an honest one it is asked in vain.
    Behave(Behaviour),
    /// Asks the coordinator to open the first stage of its pipeline.
    BeginPipeline,
    /// Asks a member to do something about the state it holds.
    State(Arc<StateOrder>),
    /// Asks the coordinator or a member to do something about the work.
    Work(Arc<WorkOrder>),
    /// Has a member ask something of the coordinator.
    Ask(Ask),
}

impl From<Box<StateEntry>> for Entry {
    fn from(entry: Box<StateEntry>) -> Self {
        Self::State(entry)
    }
}

impl From<WorkEntry> for Entry {
    fn from(entry: WorkEntry) -> Self {
        Self::Work(entry)
    }
}

impl From<StateTimer> for Timer {
    fn from(timer: StateTimer) -> Self {
        Self::State(timer)
    }
}

impl From<WorkTimer> for Timer {
    fn from(timer: WorkTimer) -> Self {
        Self::Work(timer)
    }
}

impl Swarm {
    /// A proposal as the coordinator holds it; nothing in any other agent.
    #[must_use]
    pub fn poll(&self, proposal: ProposalId) -> Option<&Poll> {
        self.coordinator()?.state.manager.poll(proposal)
    }

    #[must_use]
    pub fn member(&self) -> Option<&Member> {
        match &self.node {
            Node::Member(member) => Some(member),
            Node::Coordinator(_) => None,
        }
    }

    #[must_use]
    pub fn coordinator(&self) -> Option<&Coordinator> {
        match &self.node {
            Node::Coordinator(coordinator) => Some(coordinator),
            Node::Member(_) => None,
        }
    }

    /// What it holds of the swarm's state.
    #[must_use]
    pub fn holder(&self) -> Option<&Holder> {
        self.state.as_deref()
    }

    /// The tasks that it shares out, if it does that.
    #[must_use]
    pub fn board(&self) -> Option<&Board> {
        self.work.as_ref()?.board()
    }

    /// Its own part in the work, if it does any.
    #[must_use]
    pub fn worker(&self) -> Option<&Worker> {
        self.work.as_ref()?.worker()
    }

    /// Hands an input to the protocols, and tells them what comes of it until nothing more does.
    #[inline(always)]
    fn handle(
        &mut self,
        out: &mut Outbox<'_, Self>,
        input: impl FnOnce(&mut Self, &mut Port<'_, '_>),
    ) {
        let mut raised = Vec::new();
        let mut port = Port { out, raised: &mut raised };
        input(self, &mut port);
        let mut told = 0;
        loop {
            while let Some(signal) = port.raised.get(told).cloned() {
                told += 1;
                self.on_signal(&signal, &mut port);
            }
            if let Some(state) = &mut self.state {
                state.on_settled(&mut port);
            }
            if told == port.raised.len() {
                return;
            }
        }
    }

    fn on_signal(&mut self, signal: &Signal, port: &mut Port<'_, '_>) {
        if let Node::Coordinator(coordinator) = &mut self.node {
            coordinator.on_signal(signal, port);
        }
        if let Some(state) = &mut self.state {
            state.on_signal(signal, port);
        }
        if let Some(work) = &mut self.work {
            work.on_signal(signal, port);
        }
    }
}

impl Durable {
    /// The tasks that it shares out, as far as they were written down.
    #[must_use]
    pub fn board(&self) -> Option<&Board> {
        self.work.as_ref()?.board()
    }

    #[must_use]
    pub fn member(&self) -> Option<&MemberDurable> {
        match &self.node {
            NodeDurable::Member(member) => Some(member),
            NodeDurable::Coordinator(_) => None,
        }
    }

    #[must_use]
    pub fn coordinator(&self) -> Option<&CoordinatorDurable> {
        match &self.node {
            NodeDurable::Coordinator(coordinator) => Some(coordinator),
            NodeDurable::Member(_) => None,
        }
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

    fn new(id: AgentId, durable: &Durable) -> Self {
        let node = match &durable.node {
            NodeDurable::Member(durable) => Node::Member(Box::new(Member::new(durable))),
            NodeDurable::Coordinator(state) => {
                Node::Coordinator(Box::new(Coordinator { state: (**state).clone() }))
            }
        };
        Self {
            node,
            state: durable.state.as_deref().map(|it| Box::new(<Holder as Protocol>::new(id, it))),
            work: durable.work.as_deref().map(|it| Box::new(Work::new(id, it))),
        }
    }

    fn on_start(&mut self, out: &mut Outbox<'_, Self>) {
        self.handle(out, |agent, port| {
            if let Node::Member(member) = &mut agent.node {
                member.on_start(port);
            }
            if let Some(state) = &mut agent.state {
                state.on_start(port);
            }
            if let Some(work) = &mut agent.work {
                work.on_start(port);
            }
        });
    }

    fn on_message(&mut self, from: AgentId, message: &Message, out: &mut Outbox<'_, Self>) {
        let header = Header { instance: message.instance, correlation: message.correlation };
        self.handle(out, |agent, port| match &message.body {
            Body::State(talk) => match &mut agent.state {
                Some(state) => state.on_message(from, header, talk, port),
                None => port.note(MembershipNote::Misdirected { from }),
            },
            Body::Work(talk) => match &mut agent.work {
                Some(work) => work.on_message(from, header, talk, port),
                None => port.note(MembershipNote::Misdirected { from }),
            },
            _ => match &mut agent.node {
                Node::Member(member) => member.on_message(from, message, port),
                Node::Coordinator(coordinator) => {
                    let board = agent.work.as_ref().and_then(|work| work.board());
                    coordinator.on_message(from, message, board, port);
                }
            },
        });
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Outbox<'_, Self>) {
        self.handle(out, |agent, port| match timer {
            Timer::State(timer) => {
                if let Some(state) = &mut agent.state {
                    state.on_timer(timer, port);
                }
            }
            Timer::Work(timer) => {
                if let Some(work) = &mut agent.work {
                    work.on_timer(timer, port);
                }
            }
            timer => match &mut agent.node {
                Node::Member(member) => member.on_timer(timer, port),
                Node::Coordinator(coordinator) => coordinator.on_timer(timer, port),
            },
        });
    }

    fn on_command(&mut self, order: &Order, out: &mut Outbox<'_, Self>) {
        self.handle(out, |agent, port| match order {
            Order::State(order) => {
                if let Some(state) = &mut agent.state {
                    state.on_order(order, port);
                }
            }
            Order::Work(order) => {
                if let Some(work) = &mut agent.work {
                    work.on_order(order, port);
                }
            }
            order => match &mut agent.node {
                Node::Member(member) => member.on_command(order, port),
                Node::Coordinator(coordinator) => coordinator.on_command(order, port),
            },
        });
    }

    fn restart(id: AgentId, durable: &Durable, out: &mut Outbox<'_, Self>) -> Self {
        let mut process = <Self as Process>::new(id, durable);
        process.handle(out, |agent, port| {
            match &mut agent.node {
                Node::Member(member) => member.on_restart(port),
                Node::Coordinator(coordinator) => coordinator.on_restart(port),
            }
            if let Some(state) = &mut agent.state {
                state.on_restart(port);
            }
            if let Some(work) = &mut agent.work {
                work.on_restart(port);
            }
        });
        process
    }

    fn is_request(order: &Order) -> bool {
        match order {
            Order::State(order) => Holder::is_request(order),
            Order::Work(order) => Work::is_request(order),
            // It is told to whoever sits in the agent's seat.
            Order::Behave(_) => false,
            Order::Propose(_) | Order::BeginPipeline | Order::Ask(_) => true,
        }
    }

    fn is_housekeeping(timer: Timer) -> bool {
        match timer {
            Timer::State(timer) => Holder::is_housekeeping(timer),
            _ => false,
        }
    }

    fn write(durable: &mut Durable, entry: &Entry) {
        match (durable, entry) {
            (Durable { state: Some(state), .. }, Entry::State(entry)) => {
                Holder::write(state, entry)
            }
            (Durable { work: Some(work), .. }, Entry::Work(entry)) => Work::write(work, entry),
            (
                Durable { node: NodeDurable::Member(durable), .. },
                Entry::Member { proposal, knowledge },
            ) => {
                durable.known.insert(*proposal, (**knowledge).clone());
            }
            (
                Durable { node: NodeDurable::Coordinator(durable), .. },
                Entry::Coordinator(entry),
            ) => durable.write(entry),
            // Only those write who take part.
            _ => {}
        }
    }
}
