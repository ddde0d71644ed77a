//! The notes on membership.

use super::message::Ask;
use crate::common::mark::{MarkKind, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, about};
use crate::protocol::words::counted;
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipNote {
    Registered {
        agent: AgentId,
    },
    Unregistered {
        agent: AgentId,
    },
    /// An agent asks something of the coordinator, as it was told to.
    Asks(Ask),
    /// An agent was told how the swarm stands: how many are registered, and what is still open.
    SwarmStatus {
        registered: u16,
        proposals: u16,
        tasks: u16,
    },
    /// An agent was told how another stands.
    AgentStatus {
        agent: AgentId,
        registered: bool,
        /// 0 to 150.
        reputation: u8,
        done: u16,
        failed: u16,
    },
}

impl ProtocolNote for MembershipNote {
    fn digest(self) -> u64 {
        match self {
            Self::Registered { agent } => about!("membership.registered", agent.0.into()),
            Self::Unregistered { agent } => about!("membership.unregistered", agent.0.into()),
            Self::Asks(Ask::Register) => about!("membership.asks_register"),
            Self::Asks(Ask::Unregister) => about!("membership.asks_unregister"),
            Self::Asks(Ask::Status(None)) => about!("membership.asks_status"),
            Self::Asks(Ask::Status(Some(agent))) => {
                about!("membership.asks_status", agent.0.into())
            }
            Self::SwarmStatus { registered, proposals, tasks } => {
                about!("membership.swarm_status", registered.into(), proposals.into(), tasks.into())
            }
            Self::AgentStatus { agent, registered, reputation, done, failed } => about!(
                "membership.agent_status",
                agent.0.into(),
                registered.into(),
                reputation.into(),
                done.into(),
                failed.into()
            ),
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let agent = names.agent(speaker);
        match self {
            Self::Registered { agent } => format!("{} was registered.", names.agent(agent)),
            Self::Unregistered { agent } => format!("{} was unregistered.", names.agent(agent)),
            Self::Asks(Ask::Register) => format!("{agent} asks to take part."),
            Self::Asks(Ask::Unregister) => format!("{agent} says that it takes part no longer."),
            Self::Asks(Ask::Status(None)) => format!("{agent} asks how the swarm stands."),
            Self::Asks(Ask::Status(Some(about))) => {
                format!("{agent} asks how {} does.", names.agent(about))
            }
            Self::SwarmStatus { registered, proposals, tasks } => {
                format!(
                    "{agent} hears how the swarm stands: {}, {} and {} open.",
                    counted(registered.into(), "agent"),
                    counted(proposals.into(), "proposal"),
                    counted(tasks.into(), "task")
                )
            }
            Self::AgentStatus { agent: about, registered, reputation, done, failed } => {
                let about = names.agent(about);
                let standing = if registered { "is registered" } else { "is not registered" };
                format!(
                    "{agent} hears that {about} {standing}: reputation {reputation}, {done} done, {failed} failed."
                )
            }
        }
    }

    fn importance(self) -> Importance {
        Importance::Vote
    }

    fn subject(self) -> Option<u32> {
        None
    }
}

impl Pictured for MembershipNote {
    fn mark(self, speaker: AgentId) -> Option<MarkKind> {
        matches!(self, Self::Asks(_)).then_some(MarkKind::Fault { agent: speaker })
    }

    fn about(self) -> Option<AgentId> {
        match self {
            Self::Registered { agent } | Self::Unregistered { agent } => Some(agent),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
