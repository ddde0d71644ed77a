//! The swarm as the kernel sees it: one type of process, which is a member or the coordinator.

use std::sync::Arc;

use super::adversary::{Adversary, Behaviour};
use super::agent::{Knowledge, Member, MemberDurable};
use super::bus::Message;
use super::consensus::manager::Poll;
use super::consensus::proposal::{ProposalId, SharedProposal};
use super::coordinator::{Coordinator, CoordinatorDurable, CoordinatorEntry};
use super::note::Note;
use super::state::holder::StateOrder;
use super::state::memory::StateEntry;
use super::status::Ask;
use super::work::WorkOrder;
use super::work::board::BoardEntry;
use super::work::questions::Answers;
use super::work::talk::WorkTimer;
use super::work::worker::Abilities;
use crate::sim::{AgentId, Outbox, Process};

/// A node of the swarm.
#[derive(Clone, Debug)]
pub enum Swarm {
    Member(Box<Member>),
    Coordinator(Box<Coordinator>),
}

/// What survives a crash of a node.
#[derive(Clone, Debug)]
pub enum Durable {
    Member(Box<MemberDurable>),
    Coordinator(Box<CoordinatorDurable>),
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum Entry {
    Member {
        proposal: ProposalId,
        knowledge: Box<Knowledge>,
    },
    Coordinator(CoordinatorEntry),
    State(Box<StateEntry>),
    /// Of a manager.
    Board(Box<BoardEntry>),
    /// What a worker can do.
    Abilities(Box<Abilities>),
    /// What a worker knows and tells.
    Answers(Box<Answers>),
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
    /// A member compares what it holds with a neighbour.
    AntiEntropy,
    /// Whoever has not answered this question by now is not waited for.
    SyncDeadline(u32),
    /// The next step of what a member does after an approval, by its number among
    /// [`follow_ups`](super::state::holder::StateRules::follow_ups).
    FollowUp { proposal: ProposalId, number: u32 },
    /// Of a manager or a worker.
    Work(WorkTimer),
}

/// What can be asked of a node from outside.
#[derive(Clone, Debug)]
pub enum Command {
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

impl Swarm {
    /// A proposal as the coordinator holds it; nothing in any other node.
    #[must_use]
    pub fn poll(&self, proposal: ProposalId) -> Option<&Poll> {
        match self {
            Self::Coordinator(node) => node.state.manager.poll(proposal),
            Self::Member(_) => None,
        }
    }
}

impl Process for Swarm {
    type Message = Message;
    type Timer = Timer;
    type Command = Command;
    type Durable = Durable;
    type Entry = Entry;
    type Note = Note;
    type Adversary = Adversary;

    fn new(_: AgentId, durable: &Durable) -> Self {
        match durable {
            Durable::Member(durable) => Self::Member(Box::new(Member::new(durable))),
            Durable::Coordinator(state) => {
                Self::Coordinator(Box::new(Coordinator { state: (**state).clone() }))
            }
        }
    }

    fn on_start(&mut self, out: &mut Outbox<'_, Self>) {
        if let Self::Member(member) = self {
            member.on_start(out);
        }
    }

    fn on_message(&mut self, from: AgentId, message: &Message, out: &mut Outbox<'_, Self>) {
        match self {
            Self::Member(member) => {
                member.on_message(from, message, out);
                member.settle_work(out);
            }
            Self::Coordinator(coordinator) => coordinator.on_message(from, message, out),
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Outbox<'_, Self>) {
        match self {
            Self::Member(member) => {
                member.on_timer(timer, out);
                member.settle_work(out);
            }
            Self::Coordinator(coordinator) => coordinator.on_timer(timer, out),
        }
    }

    fn on_command(&mut self, command: &Command, out: &mut Outbox<'_, Self>) {
        match self {
            Self::Coordinator(coordinator) => coordinator.on_command(command, out),
            Self::Member(member) => {
                member.on_command(command, out);
                member.settle_work(out);
            }
        }
    }

    fn restart(id: AgentId, durable: &Durable, out: &mut Outbox<'_, Self>) -> Self {
        let mut process = Self::new(id, durable);
        match &mut process {
            Self::Member(member) => {
                member.on_restart(out);
                member.settle_lost_work(out);
            }
            Self::Coordinator(coordinator) => coordinator.on_restart(out),
        }
        process
    }

    fn is_request(command: &Command) -> bool {
        match command {
            Command::State(order) => !matches!(**order, StateOrder::Enqueue(_)),
            // It is told to whoever sits in the agent's seat.
            Command::Behave(_) => false,
            _ => true,
        }
    }

    fn is_housekeeping(timer: Timer) -> bool {
        timer == Timer::AntiEntropy
    }

    fn write(durable: &mut Durable, entry: &Entry) {
        match (durable, entry) {
            (Durable::Member(durable), Entry::Member { proposal, knowledge }) => {
                durable.known.insert(*proposal, (**knowledge).clone());
            }
            (Durable::Coordinator(durable), Entry::Coordinator(entry)) => durable.write(entry),
            (Durable::Member(durable), Entry::State(entry)) => {
                if let Some(state) = &mut durable.state {
                    state.write(entry);
                }
            }
            (Durable::Coordinator(durable), Entry::Board(entry)) => durable.board.write(entry),
            (Durable::Member(durable), Entry::Abilities(abilities)) => {
                if let Some(work) = &mut durable.work {
                    work.abilities = (**abilities).clone();
                }
            }
            (Durable::Member(durable), Entry::Answers(answers)) => {
                if let Some(work) = &mut durable.work {
                    work.answers = (**answers).clone();
                }
            }
            (Durable::Member(durable), Entry::Board(entry)) => {
                if let Some(board) = durable.work.as_mut().and_then(|work| work.board.as_mut()) {
                    board.write(entry);
                }
            }
            (Durable::Member(_), Entry::Coordinator(_))
            | (
                Durable::Coordinator(_),
                Entry::Member { .. } | Entry::State(_) | Entry::Abilities(_) | Entry::Answers(_),
            ) => {
                unreachable!("a node writes entries of its own kind");
            }
        }
    }
}
