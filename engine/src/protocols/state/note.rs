//! Notes about the state that a swarm keeps.

use super::crdt::CrdtKind;
use super::holder::SyncKind;
use super::replica::KeyId;
use super::resolve::Applied;
use crate::common::consensus::proposal::ProposalId;
use crate::common::mark::{MarkKind, Pictured};
use crate::protocol::note::{Importance, Names, ProtocolNote, Thing, about};
use crate::sim::AgentId;

/// Something worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateNote {
    /// An agent wrote to a key.
    Wrote {
        key: KeyId,
    },
    /// An agent did this step of what it does after an approval.
    FollowedUp {
        proposal: ProposalId,
        step: u16,
        of: u16,
    },
    /// A key does not take what was to be written.
    WriteRefused {
        key: KeyId,
    },
    /// An agent holds something else from now on, because of what another sent.
    Merged {
        key: KeyId,
        from: AgentId,
        applied: Applied,
    },
    /// A key is gone: the agent cleared it itself, or heard of it.
    Cleared {
        key: KeyId,
        from: AgentId,
    },
    SyncBegan {
        kind: SyncKind,
    },
    /// A synchronisation is over: so many keys have changed at the agent that asked, so many have not
    /// answered.
    Synced {
        kind: SyncKind,
        changes: u32,
        missing: u32,
    },
    /// Another is further behind than removals are remembered: it gets everything.
    BeyondHorizon {
        from: AgentId,
    },
    /// Another claims to know writes of this agent that it has never made.
    FromTheFuture {
        from: AgentId,
    },
    /// A record from another agent is of another type than the key.
    MixedTypes {
        key: KeyId,
        from: AgentId,
    },
    /// An update names an unknown agent; it is held until that agent is known.
    Held {
        from: AgentId,
    },
    /// An agent has given its vote for a version of a strong key, for ever.
    StrongVoted {
        key: KeyId,
        version: u32,
    },
    /// An agent knows that more than half have voted for it.
    Committed {
        key: KeyId,
        version: u32,
    },
    /// More than half have told which version they know of.
    StrongRead {
        key: KeyId,
        version: u32,
    },
    StrongRefused {
        key: KeyId,
    },
}

impl ProtocolNote for StateNote {
    fn digest(self) -> u64 {
        match self {
            Self::Wrote { key } => about!("state.wrote", key.0.into()),
            Self::FollowedUp { proposal, step, of } => {
                about!("state.followed_up", proposal.into(), step.into(), of.into())
            }
            Self::WriteRefused { key } => about!("state.write_refused", key.0.into()),
            Self::Merged { key, from, applied } => {
                about!("state.merged", key.0.into(), from.0.into(), applied.number())
            }
            Self::Cleared { key, from } => about!("state.cleared", key.0.into(), from.0.into()),
            Self::SyncBegan { kind } => about!("state.sync_began", kind as u64),
            Self::Synced { kind, changes, missing } => {
                about!("state.synced", kind as u64, changes.into(), missing.into())
            }
            Self::BeyondHorizon { from } => about!("state.beyond_horizon", from.0.into()),
            Self::FromTheFuture { from } => about!("state.from_the_future", from.0.into()),
            Self::MixedTypes { key, from } => {
                about!("state.mixed_types", key.0.into(), from.0.into())
            }
            Self::Held { from } => about!("state.held", from.0.into()),
            Self::StrongVoted { key, version } => {
                about!("state.strong_voted", key.0.into(), version.into())
            }
            Self::Committed { key, version } => {
                about!("state.committed", key.0.into(), version.into())
            }
            Self::StrongRead { key, version } => {
                about!("state.strong_read", key.0.into(), version.into())
            }
            Self::StrongRefused { key } => about!("state.strong_refused", key.0.into()),
        }
    }

    fn sentence(self, speaker: AgentId, names: &dyn Names) -> String {
        let agent = names.agent(speaker);
        let key_name = |key: KeyId| names.thing(speaker, Thing::new("key", key.0));
        match self {
            Self::FollowedUp { step, of, .. } => {
                format!("{agent} goes on after the approval: step {step} of {of}.")
            }
            Self::Wrote { key: it } => format!("{agent} wrote {}.", key_name(it)),
            Self::WriteRefused { key: it } => {
                format!("{} does not take what {agent} wrote.", key_name(it))
            }
            Self::Merged { key: it, from, applied } => {
                format!("{agent} {}", merged(&key_name(it), names.agent(from), applied))
            }
            Self::Cleared { key: it, from } if from == speaker => {
                format!("{agent} cleared {}.", key_name(it))
            }
            Self::Cleared { key: it, from } => {
                format!(
                    "{agent} heard from {} that {} was cleared.",
                    names.agent(from),
                    key_name(it)
                )
            }
            Self::SyncBegan { kind: SyncKind::Full } => {
                format!("{agent} asks for all that is held.")
            }
            Self::SyncBegan { kind: SyncKind::Delta } => format!("{agent} asks for what it lacks."),
            Self::SyncBegan { kind: SyncKind::Query } => {
                format!("{agent} asks which versions there are.")
            }
            Self::Synced { changes, missing: 0, .. } => {
                format!("{agent} is in step: {}.", changed(changes))
            }
            Self::Synced { changes, missing, .. } => {
                let many =
                    if missing == 1 { "1 agent has" } else { &format!("{missing} agents have") };
                format!("{agent} goes on although {many} not answered: {}.", changed(changes))
            }
            Self::BeyondHorizon { from } => {
                let from = names.agent(from);
                format!(
                    "{from} is further behind than {agent} remembers removals: it gets everything."
                )
            }
            Self::FromTheFuture { from } => {
                format!("{agent} refused: {} claims writes it has never made.", names.agent(from))
            }
            Self::MixedTypes { key, from } => {
                let (from, key) = (names.agent(from), key_name(key));
                format!(
                    "{agent} cannot merge {key} with what {from} holds: the two are of different types."
                )
            }
            Self::Held { from } => {
                format!(
                    "What {} sent names an agent that {agent} does not know; it waits.",
                    names.agent(from)
                )
            }
            Self::StrongVoted { key: it, version } => {
                format!(
                    "{agent} votes for version {version} of {}, and for no other value of it.",
                    key_name(it)
                )
            }
            Self::Committed { key: it, version } => {
                format!(
                    "{agent} holds version {version} of {}: more than half have voted for it.",
                    key_name(it)
                )
            }
            Self::StrongRead { key: it, version } => {
                format!(
                    "{agent} read {}: more than half know of no version after {version}.",
                    key_name(it)
                )
            }
            Self::StrongRefused { key: it } => {
                format!("{agent} was refused {}: too few could vote for it.", key_name(it))
            }
        }
    }

    fn importance(self) -> Importance {
        match self {
            Self::SyncBegan { .. } | Self::StrongVoted { .. } => Importance::Step,
            Self::Wrote { .. }
            | Self::FollowedUp { .. }
            | Self::WriteRefused { .. }
            | Self::Merged { .. }
            | Self::Cleared { .. }
            | Self::Synced { .. }
            | Self::FromTheFuture { .. }
            | Self::MixedTypes { .. }
            | Self::Held { .. }
            | Self::StrongRead { .. } => Importance::Vote,
            Self::BeyondHorizon { .. } | Self::Committed { .. } | Self::StrongRefused { .. } => {
                Importance::Decision
            }
        }
    }

    fn subject(self) -> Option<u32> {
        match self {
            Self::FollowedUp { proposal, .. } => Some(proposal),
            Self::Wrote { .. }
            | Self::WriteRefused { .. }
            | Self::Merged { .. }
            | Self::Cleared { .. }
            | Self::SyncBegan { .. }
            | Self::Synced { .. }
            | Self::BeyondHorizon { .. }
            | Self::FromTheFuture { .. }
            | Self::MixedTypes { .. }
            | Self::Held { .. }
            | Self::StrongVoted { .. }
            | Self::Committed { .. }
            | Self::StrongRead { .. }
            | Self::StrongRefused { .. } => None,
        }
    }
}

fn changed(changes: u32) -> String {
    match changes {
        0 => "nothing changed".to_owned(),
        1 => "1 key changed".to_owned(),
        _ => format!("{changes} keys changed"),
    }
}

/// The result of taking in another's record, in words.
fn merged(key: &str, from: &str, applied: Applied) -> String {
    match applied {
        Applied::OnlyOne | Applied::Same => format!("took over {key} from {from}."),
        Applied::LastWrite { by } => {
            format!("kept of its own {key} and that of {from} the last write: {}.", by.words())
        }
        Applied::VectorCausal => format!("took {from}’s {key}, which knew of its own."),
        Applied::VectorConcurrentLww { by } => {
            let by = by.words();
            format!(
                "found {key} written at the same time by others, and shows the last write: {by}."
            )
        }
        Applied::Crdt(kind) | Applied::CrdtInferred(kind) => {
            let how = match kind {
                CrdtKind::GCounter | CrdtKind::PnCounter => "the larger of each entry",
                CrdtKind::GSet => "all that is in either",
                CrdtKind::OrSet => "all that was added and not seen to be removed",
                CrdtKind::LwwRegister => "the last write",
                CrdtKind::MvRegister => "all that were written at the same time",
                CrdtKind::LwwMap => "the last write of each name",
            };
            format!("merged {key} with that of {from}: {how}.")
        }
    }
}

impl Pictured for StateNote {
    fn mark(self, speaker: AgentId) -> Option<MarkKind> {
        match self {
            Self::Wrote { .. } => Some(MarkKind::Acted { agent: speaker }),
            Self::Merged { .. } | Self::Committed { .. } | Self::SyncBegan { .. } => {
                Some(MarkKind::Learned { agent: speaker })
            }
            Self::StrongRefused { .. } => {
                Some(MarkKind::Refused { proposal: ProposalId::MAX, voter: speaker })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
