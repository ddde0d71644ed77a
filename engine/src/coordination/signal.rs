//! What the protocols of one agent tell each other: facts, not requests. They are told once the handler that raised
//! them has returned, one after the other, to all protocols in the order of the registry.

use std::sync::Arc;

use serde::Serialize;

use super::consensus::facts::DecisionFacts;
use super::consensus::proposal::{ProposalId, SharedProposal};
use super::consensus::quorum::Decision;
use crate::sim::AgentId;

/// A fact that one protocol of an agent raises, and the others may hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// This agent knows that one from now on, which comes with this reputation.
    Joined { agent: AgentId, reputation: u32 },
    /// It has left, or was removed.
    Left { agent: AgentId },
    /// This agent knows how a proposal came out: whoever counts has decided it, the others have learned it.
    Decided {
        id: ProposalId,
        proposal: SharedProposal,
        decision: Decision,
        /// Who approved it and with how much, where that is told.
        facts: Option<Arc<DecisionFacts>>,
    },
    /// Something has become of a task at this agent.
    TaskMoved { task: TaskName, step: TaskStep },
    /// The agent is back after a crash: of its tasks it still has these.
    TasksLeft(Arc<[Arc<str>]>),
}

/// A task, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskName {
    pub name: Arc<str>,
    /// The name of the whole; that of the task itself where it is no part.
    pub whole: Arc<str>,
}

/// A step of a task at one agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskStep {
    /// The agent has it from now on.
    Taken,
    /// The agent has done it, and waits for the verdict.
    Delivered,
    /// The agent has failed at it, or was called off.
    GivenUp,
    /// The verdict on what the agent has done.
    Judged(Verdict),
}

/// The verdict of whoever assigned a task on its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// The lease was over: the result does not count.
    Late,
    Counts,
    /// The result counts, and completes the whole task.
    Completes,
}
