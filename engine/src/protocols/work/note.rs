//! Notes about the work that a swarm shares out.

use super::assess::Check;
use super::assign::Assign;
use super::questions::QuestionId;
use super::synthesis::TaskStatus;
use super::task::TaskId;
use crate::common::consensus::quorum::Decision;
use crate::common::mark::{MarkKind, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, Thing, about};
use crate::protocol::words::{counted, refused};
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkNote {
    /// A task came in.
    TaskCame {
        task: TaskId,
    },
    /// A task was refused: there is one of its name, or it depends on one that does not exist.
    TaskRefused {
        /// The number of the reason, which the board keeps.
        refusal: u32,
    },
    /// All are asked who can help.
    TaskAnnounced {
        task: TaskId,
    },
    BidCame {
        task: TaskId,
        agent: AgentId,
    },
    /// The agent says that it cannot, and which check it failed.
    NoBid {
        task: TaskId,
        agent: AgentId,
        check: Check,
    },
    /// Nobody can now; it is asked again.
    NobodyFree {
        task: TaskId,
    },
    /// So many do it together.
    TeamMade {
        task: TaskId,
        members: u16,
    },
    Awarded {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// The agent cannot after all.
    NotTaken {
        task: TaskId,
        part: u16,
        agent: AgentId,
        check: Check,
    },
    /// A running task makes way for another.
    Preempted {
        task: TaskId,
        by: TaskId,
    },
    /// An agent has confirmed that it paused with a part.
    Paused {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// The agent is told to go on with a part.
    Resumed {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// Agents are told to give away parts that they have not begun: so many, of those that dealing out anew would move.
    Rebalanced {
        moves: u16,
        dealt: u16,
        spread: u32,
    },
    /// An agent lets another have a part that it has not begun.
    Gives {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// The part goes to that one.
    Moved {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// An agent puts aside a part that it has begun.
    WorkPaused {
        task: TaskId,
        part: u16,
    },
    /// It goes on with that.
    WorkResumed {
        task: TaskId,
        part: u16,
    },
    /// An agent has begun to work on a part.
    WorkBegan {
        task: TaskId,
        part: u16,
    },
    /// An agent's work on a part has come to its end.
    WorkEnded {
        task: TaskId,
        part: u16,
        failed: bool,
    },
    /// A result arrived, and counts.
    Delivered {
        task: TaskId,
        part: u16,
        agent: AgentId,
        quality: u8,
    },
    /// An agent said that it has failed.
    PartFailed {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    LeaseExpired {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// A result arrived after its lease: it does not count.
    CameTooLate {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    TaskEnded {
        task: TaskId,
        status: TaskStatus,
    },
    /// The abilities of an agent, or the weights of scores, were changed.
    WorkChanged,
    /// A worker has done something of a part, as its manager has told with its result.
    WorkerDid {
        task: TaskId,
        part: u16,
        agent: AgentId,
        quality: u8,
    },
    /// A worker has failed at something of a part, as its manager has told with its result.
    WorkerFailed {
        task: TaskId,
        part: u16,
        agent: AgentId,
    },
    /// An agent at work asked another for what it needs to know.
    AskedAgent {
        question: QuestionId,
        of: AgentId,
    },
    /// It was told: first in reply (0), then of each change.
    ToldBy {
        question: QuestionId,
        by: AgentId,
        change: u32,
    },
    /// Something that an agent tells others has changed.
    AnswerChanged {
        question: QuestionId,
        change: u32,
    },
    /// A dispatcher asks all what they can do.
    RollCalled,
    /// Tasks are assigned in another way.
    AssignChanged {
        assign: Assign,
    },
    /// It goes on without: there was no reply in time.
    Unanswered {
        question: QuestionId,
        of: AgentId,
    },
}

impl ProtocolNote for WorkNote {
    fn digest(self) -> u64 {
        match self {
            Self::TaskCame { task } => about!("work.task_came", task.into()),
            Self::TaskRefused { refusal } => about!("work.task_refused", refusal.into()),
            Self::TaskAnnounced { task } => about!("work.task_announced", task.into()),
            Self::BidCame { task, agent } => about!("work.bid_came", task.into(), agent.0.into()),
            Self::NoBid { task, agent, check } => {
                about!("work.no_bid", task.into(), agent.0.into(), check as u64)
            }
            Self::NobodyFree { task } => about!("work.nobody_free", task.into()),
            Self::TeamMade { task, members } => {
                about!("work.team_made", task.into(), members.into())
            }
            Self::Awarded { task, part, agent } => {
                about!("work.awarded", task.into(), part.into(), agent.0.into())
            }
            Self::NotTaken { task, part, agent, check } => {
                about!("work.not_taken", task.into(), part.into(), agent.0.into(), check as u64)
            }
            Self::Preempted { task, by } => about!("work.preempted", task.into(), by.into()),
            Self::Paused { task, part, agent } => {
                about!("work.paused", task.into(), part.into(), agent.0.into())
            }
            Self::Resumed { task, part, agent } => {
                about!("work.resumed", task.into(), part.into(), agent.0.into())
            }
            Self::Rebalanced { moves, dealt, spread } => {
                about!("work.rebalanced", moves.into(), dealt.into(), spread.into())
            }
            Self::Gives { task, part, agent } => {
                about!("work.gives", task.into(), part.into(), agent.0.into())
            }
            Self::Moved { task, part, agent } => {
                about!("work.moved", task.into(), part.into(), agent.0.into())
            }
            Self::WorkPaused { task, part } => about!("work.work_paused", task.into(), part.into()),
            Self::WorkResumed { task, part } => {
                about!("work.work_resumed", task.into(), part.into())
            }
            Self::WorkBegan { task, part } => about!("work.work_began", task.into(), part.into()),
            Self::WorkEnded { task, part, failed } => {
                about!("work.work_ended", task.into(), part.into(), failed.into())
            }
            Self::Delivered { task, part, agent, quality } => {
                about!("work.delivered", task.into(), part.into(), agent.0.into(), quality.into())
            }
            Self::PartFailed { task, part, agent } => {
                about!("work.part_failed", task.into(), part.into(), agent.0.into())
            }
            Self::LeaseExpired { task, part, agent } => {
                about!("work.lease_expired", task.into(), part.into(), agent.0.into())
            }
            Self::CameTooLate { task, part, agent } => {
                about!("work.came_too_late", task.into(), part.into(), agent.0.into())
            }
            Self::TaskEnded { task, status } => {
                about!("work.task_ended", task.into(), status as u64)
            }
            Self::WorkerDid { task, part, agent, quality } => {
                about!("work.worker_did", task.into(), part.into(), agent.0.into(), quality.into())
            }
            Self::AskedAgent { question, of } => {
                about!("work.asked_agent", question.into(), of.0.into())
            }
            Self::ToldBy { question, by, change } => {
                about!("work.told_by", question.into(), by.0.into(), change.into())
            }
            Self::AnswerChanged { question, change } => {
                about!("work.answer_changed", question.into(), change.into())
            }
            Self::Unanswered { question, of } => {
                about!("work.unanswered", question.into(), of.0.into())
            }
            Self::WorkerFailed { task, part, agent } => {
                about!("work.worker_failed", task.into(), part.into(), agent.0.into())
            }
            Self::WorkChanged => about!("work.work_changed"),
            Self::RollCalled => about!("work.roll_called"),
            Self::AssignChanged { assign } => about!("work.assign_changed", assign.place() as u64),
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let agent = names.agent(speaker);
        let name = |agent| names.agent(agent);
        let task = |task| names.thing(speaker, Thing::new("task", task));
        let part = |task, part: u16| names.thing(speaker, Thing::inside("part", task, part.into()));
        let question_name =
            |question: QuestionId| names.thing(speaker, Thing::new("question", question.into()));
        match self {
            Self::TaskCame { task: it } => format!("{} came in.", task(it)),
            Self::TaskRefused { refusal } => refused(
                agent,
                "took in no task",
                &names.thing(speaker, Thing::new("refused task", refusal)),
            ),
            Self::TaskAnnounced { task: it } => {
                format!("{agent} asks who can help with {}.", task(it))
            }
            Self::BidCame { task: it, agent } => format!("{} bids for {}.", name(agent), task(it)),
            Self::NoBid { task: it, agent, check } => {
                format!("{} does not bid for {}: it {}.", name(agent), task(it), check.words())
            }
            Self::NobodyFree { task: it } => {
                format!("Nobody can take {} now; it will be asked again.", task(it))
            }
            Self::TeamMade { task: it, members: 1 } => format!("One agent does {}.", task(it)),
            Self::TeamMade { task: it, members } => {
                format!("{members} agents do {} together.", task(it))
            }
            Self::Awarded { task, part: it, agent } => {
                format!("{} gets {}.", name(agent), part(task, it))
            }
            Self::NotTaken { task, part: it, agent, check } => {
                let (agent, part) = (name(agent), part(task, it));
                format!("{agent} cannot take {part} after all: it {}.", check.words())
            }
            Self::Preempted { task: it, by } => {
                format!("{} makes way for {}, which has a higher priority.", task(it), task(by))
            }
            Self::Paused { task, part: it, agent } => {
                format!("{} has paused with {}.", name(agent), part(task, it))
            }
            Self::Resumed { task, part: it, agent } => {
                format!("{} is to go on with {}.", name(agent), part(task, it))
            }
            Self::Rebalanced { moves: 0, spread, .. } => {
                format!(
                    "{agent} moves nothing: nothing that waits would bring all within {spread}."
                )
            }
            Self::Rebalanced { moves, dealt, spread } => {
                let parts = counted(moves.into(), "part");
                format!(
                    "{agent} has {parts} moved, to bring all within {spread}; dealing out anew would move {dealt}."
                )
            }
            Self::Gives { task, part: it, agent: to } => {
                format!("{agent} lets {} have {}.", name(to), part(task, it))
            }
            Self::Moved { task, part: it, agent: to } => {
                format!("{} goes to {}.", part(task, it), name(to))
            }
            Self::WorkPaused { task, part: it } => {
                format!("{agent} puts {} aside.", part(task, it))
            }
            Self::WorkResumed { task, part: it } => {
                format!("{agent} goes on with {}.", part(task, it))
            }
            Self::WorkBegan { task, part: it } => format!("{agent} begins {}.", part(task, it)),
            Self::WorkEnded { task, part: it, failed: true } => {
                format!("{agent} failed at {}.", part(task, it))
            }
            Self::WorkEnded { task, part: it, .. } => {
                format!("{agent} finished {}.", part(task, it))
            }
            Self::Delivered { task, part: it, agent, quality } => {
                format!("{} delivered {}, quality {quality}.", name(agent), part(task, it))
            }
            Self::PartFailed { task, part: it, agent } => {
                format!("{} said that it failed at {}.", name(agent), part(task, it))
            }
            Self::WorkerDid { task, part: it, agent, quality } => {
                let (agent, part) = (name(agent), part(task, it));
                format!("{agent} did a part of {part}, quality {quality}, as its manager tells.")
            }
            Self::WorkerFailed { task, part: it, agent } => {
                format!(
                    "{} failed at a part of {}, as its manager tells.",
                    name(agent),
                    part(task, it)
                )
            }
            Self::LeaseExpired { task, part: it, agent } => {
                format!(
                    "The lease of {} for {} ended without a result.",
                    name(agent),
                    part(task, it)
                )
            }
            Self::CameTooLate { task, part: it, agent } => {
                format!(
                    "{}’s result for {} came after its lease: it does not count.",
                    name(agent),
                    part(task, it)
                )
            }
            Self::TaskEnded { task: it, status: TaskStatus::Done } => {
                format!("{} is done.", task(it))
            }
            Self::TaskEnded { task: it, status: TaskStatus::Partial } => {
                format!("{} is done in part.", task(it))
            }
            Self::TaskEnded { task: it, status: TaskStatus::Failed } => {
                format!("{} has failed.", task(it))
            }
            Self::AskedAgent { question, of } => {
                format!("{agent} asks {} for {}.", name(of), question_name(question))
            }
            Self::ToldBy { question, by, change: 0 } => {
                format!("{} tells {agent} its {}.", name(by), question_name(question))
            }
            Self::ToldBy { question, by, .. } => {
                format!(
                    "{} tells {agent} that its {} has changed.",
                    name(by),
                    question_name(question)
                )
            }
            Self::AnswerChanged { question, .. } => {
                format!("{agent}’s {} has changed.", question_name(question))
            }
            Self::Unanswered { question, of } => {
                let (of, question) = (name(of), question_name(question));
                format!(
                    "{of} has not told {agent} its {question} in time: {agent} goes on without."
                )
            }
            Self::RollCalled => format!("{agent} asks everyone what they can do."),
            Self::AssignChanged { assign: Assign::ContractNet } => {
                format!("{agent} lets agents bid for tasks from now on.")
            }
            Self::AssignChanged { assign } => {
                format!("{agent} assigns tasks by this rule from now on: {}.", assign.words())
            }
            Self::WorkChanged if names.is_coordinator(speaker) => {
                format!("{agent} weighs bids differently from now on.")
            }
            Self::WorkChanged => format!("{agent} works differently from now on."),
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::TaskAnnounced { .. }
            | Self::BidCame { .. }
            | Self::NoBid { .. }
            | Self::WorkBegan { .. }
            | Self::WorkPaused { .. }
            | Self::WorkResumed { .. }
            | Self::Moved { .. }
            | Self::WorkEnded { .. }
            | Self::WorkChanged
            | Self::RollCalled
            | Self::AssignChanged { .. } => Importance::Step,
            Self::TaskCame { .. }
            | Self::NobodyFree { .. }
            | Self::TeamMade { .. }
            | Self::Awarded { .. }
            | Self::NotTaken { .. }
            | Self::Preempted { .. }
            | Self::Paused { .. }
            | Self::Resumed { .. }
            | Self::Rebalanced { .. }
            | Self::Gives { .. }
            | Self::Delivered { .. }
            | Self::PartFailed { .. }
            | Self::CameTooLate { .. }
            | Self::WorkerDid { .. }
            | Self::WorkerFailed { .. }
            | Self::AskedAgent { .. }
            | Self::ToldBy { .. }
            | Self::AnswerChanged { .. }
            | Self::Unanswered { .. } => Importance::Vote,
            Self::TaskRefused { .. } | Self::LeaseExpired { .. } | Self::TaskEnded { .. } => {
                Importance::Decision
            }
        }
    }

    fn subject(self) -> Option<u32> {
        None
    }

    fn refusal(self) -> Option<u32> {
        match self {
            Self::TaskRefused { refusal } => Some(refusal),
            _ => None,
        }
    }
}

impl Pictured for WorkNote {
    fn mark(self, speaker: AgentId) -> Option<MarkKind> {
        match self {
            Self::WorkChanged | Self::AssignChanged { .. } => {
                Some(MarkKind::Fault { agent: speaker })
            }
            Self::Rebalanced { .. } => Some(MarkKind::Acted { agent: speaker }),
            Self::Delivered { agent, .. } => Some(MarkKind::Delivered { agent }),
            Self::TaskEnded { status, .. } => Some(MarkKind::Ended {
                words: status.name(),
                like: match status {
                    TaskStatus::Done => Decision::Approved,
                    TaskStatus::Partial => Decision::Timeout,
                    TaskStatus::Failed => Decision::Rejected,
                },
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
