//! An agent's part in the work, as a protocol: it shares work out, or does what it is awarded; a manager does both.

use std::sync::Arc;

use super::board::{Board, BoardEntry};
use super::note::WorkNote;
use super::questions::Answers;
use super::talk::{WorkTalk, WorkTimer};
use super::worker::{Abilities, Worker, WorkerDurable};
use super::{WorkOrder, WorkRules};
use crate::common::consensus::note::VoteNote;
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::signal::Signal;
use crate::protocol::contract::{Header, Lies, Outlet, Protocol, Requested};
use crate::protocol::note::Names;
use crate::sim::AgentId;

/// An agent's role in the swarm's work.
#[derive(Clone, Debug)]
pub enum Work {
    /// It shares out what comes in.
    Board(Box<Board>),
    /// It does what it is awarded, or has its own workers do it.
    Worker(Box<Worker>),
}

/// The part of a role that survives a crash.
#[derive(Clone, Debug)]
pub enum WorkDurable {
    Board(Box<Board>),
    Worker(Box<WorkerDurable>),
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum WorkEntry {
    /// A change of a board.
    Board(BoardEntry),
    /// The new abilities of a worker.
    Abilities(Box<Abilities>),
    /// The new answers of a worker.
    Answers(Box<Answers>),
}

impl Work {
    /// The agent's board, if it shares out anything.
    #[must_use]
    pub fn board(&self) -> Option<&Board> {
        match self {
            Self::Board(board) => Some(board),
            Self::Worker(worker) => worker.board.as_deref(),
        }
    }

    fn board_mut(&mut self) -> Option<&mut Board> {
        match self {
            Self::Board(board) => Some(board),
            Self::Worker(worker) => worker.board.as_deref_mut(),
        }
    }

    #[must_use]
    pub fn worker(&self) -> Option<&Worker> {
        match self {
            Self::Board(_) => None,
            Self::Worker(worker) => Some(worker),
        }
    }
}

impl WorkDurable {
    /// Of an agent that shares out what comes in.
    #[must_use]
    pub fn sharing_out(rules: Arc<WorkRules>) -> Self {
        Self::Board(Box::new(Board::new(rules)))
    }

    #[must_use]
    pub fn board(&self) -> Option<&Board> {
        match self {
            Self::Board(board) => Some(board),
            Self::Worker(worker) => worker.board.as_deref(),
        }
    }
}

impl Requested for WorkOrder {
    fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Submit(_) => "task",
            Self::SetWork(_) => "way of working",
            Self::SetPolicy(_) => "policy",
            Self::SetAssign(_) => "way to assign",
            Self::Rebalance { .. } => "rebalancing",
        })
    }

    fn about(&self, _: &dyn Names) -> String {
        match self {
            Self::Submit(task) => task.name.clone(),
            Self::SetAssign(assign) => assign.words().to_owned(),
            Self::SetWork(_) | Self::SetPolicy(_) | Self::Rebalance { .. } => String::new(),
        }
    }

    fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Submit(_) => Some("refused task"),
            Self::SetWork(_) | Self::SetPolicy(_) | Self::SetAssign(_) | Self::Rebalance { .. } => {
                None
            }
        }
    }
}

impl Protocol for Work {
    type Message = WorkTalk;
    type Timer = WorkTimer;
    type Order = WorkOrder;
    type Durable = WorkDurable;
    type Entry = WorkEntry;
    type Note = WorkNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &WorkDurable) -> Self {
        match durable {
            WorkDurable::Board(board) => Self::Board(board.clone()),
            WorkDurable::Worker(durable) => Self::Worker(Box::new(Worker::new(durable))),
        }
    }

    fn write(durable: &mut WorkDurable, entry: &WorkEntry) {
        match (durable, entry) {
            (WorkDurable::Board(board), WorkEntry::Board(entry)) => board.write(entry),
            (WorkDurable::Worker(worker), WorkEntry::Board(entry)) => {
                if let Some(board) = &mut worker.board {
                    board.write(entry);
                }
            }
            (WorkDurable::Worker(worker), WorkEntry::Abilities(abilities)) => {
                worker.abilities = (**abilities).clone();
            }
            (WorkDurable::Worker(worker), WorkEntry::Answers(answers)) => {
                worker.answers = (**answers).clone();
            }
            // Only a worker can do something.
            (WorkDurable::Board(_), WorkEntry::Abilities(_) | WorkEntry::Answers(_)) => {}
        }
    }

    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        match self {
            Self::Board(board) => board.resume(out),
            Self::Worker(worker) => worker.resume(out),
        }
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        talk: &WorkTalk,
        out: &mut impl Outlet<Self>,
    ) {
        match self {
            Self::Board(board) => board.on_talk(from, talk, out),
            Self::Worker(worker) => worker.on_talk(from, (header.correlation, talk), out),
        }
    }

    fn on_timer(&mut self, timer: WorkTimer, out: &mut impl Outlet<Self>) {
        match self {
            Self::Board(board) => board.on_timer(timer, out),
            Self::Worker(worker) => worker.on_timer(timer, out),
        }
    }

    fn is_housekeeping(timer: WorkTimer) -> bool {
        timer == WorkTimer::Steal
    }

    fn is_housekeeping_message(_: Header, talk: &WorkTalk) -> bool {
        matches!(talk, WorkTalk::Steal(_) | WorkTalk::Waiting(_))
    }

    fn on_order(&mut self, order: &WorkOrder, out: &mut impl Outlet<Self>) {
        match (self, order) {
            (Self::Board(board), WorkOrder::Submit(task)) => board.submit(task, out),
            (Self::Worker(worker), WorkOrder::SetWork(change)) => worker.change(change, out),
            (work, WorkOrder::SetPolicy(policy)) => {
                // A manager's own, for those below it.
                if let Some(board) = work.board_mut() {
                    board.set_policy(*policy, out);
                }
            }
            (work, WorkOrder::Rebalance { spread }) => {
                if let Some(board) = work.board_mut() {
                    board.rebalance(*spread, out);
                }
            }
            (work, WorkOrder::SetAssign(assign)) => {
                if let Some(board) = work.board_mut() {
                    board.set_assign(*assign, out);
                }
            }
            (Self::Worker(_), WorkOrder::Submit(_)) | (Self::Board(_), WorkOrder::SetWork(_)) => {}
        }
    }

    fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Self>) {
        let Some(board) = self.board_mut() else { return };
        match signal {
            Signal::Joined { agent, registration } => {
                board.set_member(*agent, Some(registration.reputation), out)
            }
            Signal::Left { agent } => board.set_member(*agent, None, out),
            _ => {}
        }
    }
}

impl Lies for Work {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;
}
