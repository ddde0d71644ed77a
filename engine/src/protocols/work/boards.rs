//! The boards of a run, and the agents at work, as they are at one instant.

use super::board::Board;
use super::role::Work;
use super::worker::Worker;
use crate::common::shown::Peek;
use crate::order::sort_by_key;
use crate::protocol::watch::Part;
use crate::sim::{AgentId, LocalClock, Status};

/// A board, with whose it is. Times on it are by that agent's clock.
#[derive(Clone, Copy, Debug)]
pub struct Posted<'a> {
    pub agent: AgentId,
    pub board: &'a Board,
    pub clock: LocalClock,
}

/// The board of this agent, if it shares anything out; of a manager that is down the one it had written down.
#[must_use]
pub fn board_of(peek: &dyn Peek<Work>, agent: AgentId) -> Option<Posted<'_>> {
    let Part { status, clock, machine, durable, .. } = peek.agent(agent)?;
    let is_lost = status == Status::Down && machine?.worker().is_some();
    let board = if is_lost { durable?.board() } else { machine?.board() };
    Some(Posted { agent, board: board?, clock })
}

/// The board on which tasks come in.
#[must_use]
pub fn coordinators(peek: &dyn Peek<Work>) -> Option<Posted<'_>> {
    board_of(peek, peek.coordinator()?)
}

/// All boards, by agent: the coordinator's and those of managers; none where there is no work.
#[must_use]
pub fn boards(peek: &dyn Peek<Work>) -> Vec<Posted<'_>> {
    let Some(first) = coordinators(peek) else { return Vec::new() };
    let managers = first.board.rules.workers.iter().map(|(manager, _)| *manager);
    let mut boards: Vec<Posted<'_>> =
        managers.filter_map(|manager| board_of(peek, manager)).chain([first]).collect();
    sort_by_key(&mut boards, |it| (it.agent.0.into(), 0));
    boards
}

/// An agent at work as it is itself, with its clock; nothing of one that is down.
#[must_use]
pub fn worker_of(peek: &dyn Peek<Work>, agent: AgentId) -> Option<(&Worker, LocalClock)> {
    let part = peek.agent(agent).filter(|part| part.status != Status::Down)?;
    Some((part.machine?.worker()?, part.clock))
}
