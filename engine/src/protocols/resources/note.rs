//! Notes in the trace.

use super::stock::ResourceId;
use crate::common::consensus::quorum::Decision;
use crate::common::mark::{MarkKind, NoteEffect, NoteGlyph, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, Thing, about};
use crate::sim::AgentId;

/// Why an agent gives up a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveUp {
    /// The keeper never answered.
    NoAnswer,
    /// It was begun too often.
    TooOften,
}

impl GiveUp {
    /// The reason after a colon.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoAnswer => "the keeper does not answer",
            Self::TooOften => "it was begun too often",
        }
    }
}

/// Something worth telling. The first ones are noted by the keeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourcesNote {
    /// A request has to wait.
    Waits {
        agent: AgentId,
        amount: u32,
        resource: ResourceId,
    },
    /// A request is granted.
    Granted {
        agent: AgentId,
        amount: u32,
        resource: ResourceId,
    },
    /// A part or all of a grant came back.
    Returned {
        agent: AgentId,
        amount: u32,
        resource: ResourceId,
    },
    /// A request was called off.
    Withdrawn {
        agent: AgentId,
        amount: u32,
        resource: ResourceId,
    },
    /// A lease ended without being renewed.
    Lapsed {
        agent: AgentId,
        amount: u32,
        resource: ResourceId,
    },
    /// Nothing more was heard of a request that waits.
    Forgotten {
        agent: AgentId,
        amount: u32,
        resource: ResourceId,
    },
    /// The agent wants to use something whose lease has ended.
    LateUse {
        agent: AgentId,
        number: u32,
        resource: ResourceId,
    },
    /// The agent wants to give back more than it holds.
    ReturnRefused {
        agent: AgentId,
        amount: u32,
        resource: ResourceId,
    },
    /// So many agents may wait for each other, by the keeper's books.
    PossibleDeadlock {
        agents: u32,
    },
    /// An agent takes up a demand.
    DemandCame {
        demand: u32,
    },
    /// It has everything it needs.
    HasAll {
        demand: u32,
    },
    DemandEnded {
        demand: u32,
    },
    /// It stops using something: the lease may have ended.
    Stopped {
        amount: u32,
        resource: ResourceId,
    },
    /// It waits for itself, around a cycle of others.
    Deadlock {
        resource: ResourceId,
    },
    /// It gives back all it has, and begins anew.
    GaveWay {
        demand: u32,
    },
    GaveUp {
        demand: u32,
        reason: GiveUp,
    },
    /// A person has it give back something that it does not hold.
    HoldsNone {
        resource: ResourceId,
    },
}

impl ProtocolNote for ResourcesNote {
    fn digest(self) -> u64 {
        match self {
            Self::Waits { agent, amount, resource } => {
                about!("resources.waits", agent.0.into(), amount.into(), resource.into())
            }
            Self::Granted { agent, amount, resource } => {
                about!("resources.granted", agent.0.into(), amount.into(), resource.into())
            }
            Self::Returned { agent, amount, resource } => {
                about!("resources.returned", agent.0.into(), amount.into(), resource.into())
            }
            Self::Withdrawn { agent, amount, resource } => {
                about!("resources.withdrawn", agent.0.into(), amount.into(), resource.into())
            }
            Self::Lapsed { agent, amount, resource } => {
                about!("resources.lapsed", agent.0.into(), amount.into(), resource.into())
            }
            Self::Forgotten { agent, amount, resource } => {
                about!("resources.forgotten", agent.0.into(), amount.into(), resource.into())
            }
            Self::LateUse { agent, number, resource } => {
                about!("resources.late_use", agent.0.into(), number.into(), resource.into())
            }
            Self::ReturnRefused { agent, amount, resource } => {
                about!("resources.return_refused", agent.0.into(), amount.into(), resource.into())
            }
            Self::PossibleDeadlock { agents } => {
                about!("resources.possible_deadlock", agents.into())
            }
            Self::DemandCame { demand } => about!("resources.demand_came", demand.into()),
            Self::HasAll { demand } => about!("resources.has_all", demand.into()),
            Self::DemandEnded { demand } => about!("resources.demand_ended", demand.into()),
            Self::Stopped { amount, resource } => {
                about!("resources.stopped", amount.into(), resource.into())
            }
            Self::Deadlock { resource } => about!("resources.deadlock", resource.into()),
            Self::GaveWay { demand } => about!("resources.gave_way", demand.into()),
            Self::GaveUp { demand, reason } => {
                about!("resources.gave_up", demand.into(), reason as u64)
            }
            Self::HoldsNone { resource } => about!("resources.holds_none", resource.into()),
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let own = names.agent(speaker);
        let name = |agent| names.agent(agent);
        let of =
            |resource: ResourceId| names.thing(speaker, Thing::new("resource", resource.into()));
        let demand_of = |demand: u32| names.thing(speaker, Thing::new("demand", demand));
        match self {
            Self::Waits { agent, amount, resource } => {
                format!("{} waits for {amount} {}.", name(agent), of(resource))
            }
            Self::Granted { agent, amount, resource } => {
                format!("{} gets {amount} {}.", name(agent), of(resource))
            }
            Self::Returned { agent, amount, resource } => {
                format!("{} gives back {amount} {}.", name(agent), of(resource))
            }
            Self::Withdrawn { agent, amount, resource } => {
                format!("{} no longer asks for {amount} {}.", name(agent), of(resource))
            }
            Self::Lapsed { agent, amount, resource } => {
                format!(
                    "The lease of {} ended: {amount} {} is free again.",
                    name(agent),
                    of(resource)
                )
            }
            Self::Forgotten { agent, amount, resource } => {
                format!(
                    "Nothing more is heard of {}: its request for {amount} {} is dropped.",
                    name(agent),
                    of(resource)
                )
            }
            Self::LateUse { agent, number, resource } => {
                format!(
                    "{} uses {} under grant {number} after its lease: refused.",
                    name(agent),
                    of(resource)
                )
            }
            Self::ReturnRefused { agent, amount, resource } => {
                format!(
                    "{} cannot give back {amount} {}: it holds less.",
                    name(agent),
                    of(resource)
                )
            }
            Self::PossibleDeadlock { agents } => {
                format!("{agents} agents wait for each other: a possible deadlock.")
            }
            Self::DemandCame { demand } => format!("{own} takes up {}.", demand_of(demand)),
            Self::HasAll { demand } => format!("{own} has all of {}.", demand_of(demand)),
            Self::DemandEnded { demand } => format!("{own} is done with {}.", demand_of(demand)),
            Self::Stopped { amount, resource } => {
                format!("{own} stops using {amount} {}: its lease may have ended.", of(resource))
            }
            Self::Deadlock { resource } => {
                format!("{own} waits for {}, and so for itself: a deadlock.", of(resource))
            }
            Self::GaveWay { demand } => {
                format!("{own} gives way: it begins {} anew.", demand_of(demand))
            }
            Self::GaveUp { demand, reason } => {
                format!("{own} gives up {}: {}.", demand_of(demand), reason.words())
            }
            Self::HoldsNone { resource } => {
                format!("{own} has no {} to give back.", of(resource))
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::Deadlock { .. }
            | Self::PossibleDeadlock { .. }
            | Self::GaveUp { .. }
            | Self::HasAll { .. }
            | Self::LateUse { .. } => Importance::Decision,
            Self::Lapsed { .. }
            | Self::Stopped { .. }
            | Self::GaveWay { .. }
            | Self::ReturnRefused { .. }
            | Self::HoldsNone { .. } => Importance::Fault,
            Self::Waits { .. } | Self::Granted { .. } => Importance::Vote,
            Self::Returned { .. }
            | Self::Withdrawn { .. }
            | Self::Forgotten { .. }
            | Self::DemandCame { .. }
            | Self::DemandEnded { .. } => Importance::Step,
        }
    }
}

impl Pictured for ResourcesNote {
    fn mark(self, speaker: AgentId) -> Option<MarkKind> {
        match self {
            Self::Granted { agent, .. } => Some(MarkKind::Acted { agent }),
            Self::Deadlock { .. } | Self::PossibleDeadlock { .. } => {
                Some(MarkKind::Ended { words: "deadlock", like: Decision::Rejected })
            }
            Self::GaveUp { .. } => {
                Some(MarkKind::Ended { words: "given up", like: Decision::Rejected })
            }
            Self::Lapsed { agent, .. } | Self::LateUse { agent, .. } => {
                Some(MarkKind::Fault { agent })
            }
            Self::Stopped { .. } | Self::GaveWay { .. } => Some(MarkKind::Fault { agent: speaker }),
            _ => None,
        }
    }

    fn glyph(self) -> NoteGlyph {
        match self {
            Self::Waits { .. } | Self::DemandCame { .. } => NoteGlyph::Question,
            Self::Lapsed { .. } | Self::Forgotten { .. } | Self::GaveUp { .. } => NoteGlyph::Lost,
            Self::LateUse { .. }
            | Self::ReturnRefused { .. }
            | Self::Stopped { .. }
            | Self::Deadlock { .. }
            | Self::PossibleDeadlock { .. }
            | Self::GaveWay { .. } => NoteGlyph::Fault,
            _ => NoteGlyph::Dot,
        }
    }

    fn effect(self) -> Option<NoteEffect> {
        match self {
            Self::HasAll { .. } | Self::Deadlock { .. } => Some(NoteEffect::Ring),
            _ => None,
        }
    }

    fn about(self) -> Option<AgentId> {
        match self {
            Self::Waits { agent, .. }
            | Self::Granted { agent, .. }
            | Self::Returned { agent, .. }
            | Self::Withdrawn { agent, .. }
            | Self::Lapsed { agent, .. }
            | Self::Forgotten { agent, .. }
            | Self::LateUse { agent, .. }
            | Self::ReturnRefused { agent, .. } => Some(agent),
            _ => None,
        }
    }
}
