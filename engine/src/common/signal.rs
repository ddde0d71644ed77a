//! Signals between the protocols of one agent: facts, not requests. They are told once the handler that
//! raised them has returned, one after the other, to all protocols in the order of the registry.

use std::sync::Arc;

use serde::Serialize;

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::decision_facts::DecisionFacts;
use crate::common::consensus::proposal::{ProposalId, SharedProposal};
use crate::common::consensus::quorum::Decision;
use crate::common::registration::Registration;
use crate::sim::{AgentId, LocalTime};

/// A fact that one protocol of an agent raises, and the others may hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// This agent is known here from now on.
    Joined { agent: AgentId, registration: Arc<Registration> },
    /// That agent has left, or was excluded.
    Left { agent: AgentId },

    /// A protocol of this agent wants this to be put to the vote.
    Proposed(SharedProposal),
    /// A proposal is open.
    Opened(Opening),
    /// A proposal cannot be opened.
    NotOpened(SharedProposal),
    /// These agents have not voted, and are asked again.
    Reminded { id: ProposalId, missing: Arc<[AgentId]> },
    /// Agents that decide by themselves have reported.
    Recorded {
        id: ProposalId,
        /// Ballots that count from now on.
        votes: Arc<[(AgentId, Vote)]>,
        /// Enough of them have come to this.
        decision: Option<Decision>,
        /// Nothing that comes later counts.
        is_last: bool,
    },
    /// No more ballots count.
    Closed { id: ProposalId },

    /// This agent has heard of a proposal, and waits for its outcome.
    Heard { id: ProposalId, proposal: SharedProposal, heard_us: LocalTime },
    /// This agent is told an outcome, or gives up waiting for one.
    Told { id: ProposalId, outcome: Outcome },
    /// This agent knows how a proposal came out: the counting agent decided it, the others have learned it.
    Decided {
        id: ProposalId,
        proposal: SharedProposal,
        decision: Decision,
        /// Who approved it and with how much, where that is told.
        facts: Option<Arc<DecisionFacts>>,
    },

    /// A task has come in on this agent's board.
    TaskOpened,
    /// A task on this agent's board has ended.
    TaskEnded,
    /// An attempt of this agent at a task counts, and makes its reputation this.
    Earned { agent: AgentId, is_done: bool, reputation: u32 },
    /// Something has become of a task at this agent.
    TaskMoved { task: TaskName, step: TaskStep },
    /// The agent is back after a crash: of its tasks it still has these.
    TasksLeft(Arc<[Arc<str>]>),
}

/// A proposal that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub id: ProposalId,
    pub proposal: SharedProposal,
    /// By the clock of the agent that opened it.
    pub opened_us: LocalTime,
    /// In the order of their numbers, with their weights in thousandths.
    pub electorate: Arc<[(AgentId, u64)]>,
}

impl Opening {
    /// Who may vote.
    #[must_use]
    pub fn voters(&self) -> Arc<[AgentId]> {
        self.electorate.iter().map(|(agent, _)| *agent).collect()
    }
}

/// How a proposal came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub decision: Decision,
    /// The winning option of a choice; `None` for a yes-or-no vote.
    pub winner: Option<OptionId>,
    pub facts: Option<Arc<DecisionFacts>>,
}

impl From<Decision> for Outcome {
    fn from(decision: Decision) -> Self {
        Self { decision, winner: None, facts: None }
    }
}

/// More tasks than this do not fit one run.
pub const TASKS_MAX: usize = 10_000;

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

/// The verdict on a task's result, by the agent that assigned the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// The lease was over: the result does not count.
    Late,
    Counts,
    /// The result counts, and completes the whole task.
    Completes,
}
