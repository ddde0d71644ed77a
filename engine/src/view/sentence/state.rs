//! What happens to the state a swarm keeps, in sentences.

use super::Importance;
use crate::coordination::note::Note;
use crate::coordination::state::crdt::CrdtKind;
use crate::coordination::state::holder::SyncKind;
use crate::coordination::state::resolve::Applied;
use crate::playback::frame::Cast;
use crate::sim::AgentId;

/// How much it matters; `None` when it is not about what the swarm keeps.
pub fn importance(note: Note) -> Option<Importance> {
    Some(match note {
        Note::Committed { .. } | Note::StrongRefused { .. } | Note::BeyondHorizon { .. } => {
            Importance::Decision
        }
        Note::Wrote { .. }
        | Note::WriteRefused { .. }
        | Note::Merged { .. }
        | Note::Cleared { .. }
        | Note::Synced { .. }
        | Note::FromTheFuture { .. }
        | Note::MixedTypes { .. }
        | Note::Held { .. }
        | Note::FollowedUp { .. }
        | Note::StrongRead { .. } => Importance::Vote,
        Note::SyncBegan { .. } | Note::StrongVoted { .. } => Importance::Step,
        _ => return None,
    })
}

/// What happened; `None` when it is not about what the swarm keeps.
pub fn sentence(note: Note, agent: &str, who: AgentId, cast: &Cast) -> Option<String> {
    let key = |key| cast.key_name(key);
    Some(match note {
        Note::FollowedUp { step, of, .. } => {
            format!("{agent} goes on after the approval: step {step} of {of}.")
        }
        Note::Wrote { key: it } => format!("{agent} wrote {}.", key(it)),
        Note::WriteRefused { key: it } => format!("{} does not take what {agent} wrote.", key(it)),
        Note::Merged { key: it, from, applied } => {
            format!("{agent} {}", merged(key(it), cast.name(from), applied))
        }
        Note::Cleared { key: it, from } if from == who => format!("{agent} cleared {}.", key(it)),
        Note::Cleared { key: it, from } => {
            format!("{agent} heard from {} that {} was cleared.", cast.name(from), key(it))
        }
        Note::SyncBegan { kind: SyncKind::Full } => format!("{agent} asks for all that is held."),
        Note::SyncBegan { kind: SyncKind::Delta } => format!("{agent} asks for what it lacks."),
        Note::SyncBegan { kind: SyncKind::Query } => {
            format!("{agent} asks which versions there are.")
        }
        Note::Synced { changes, missing: 0, .. } => {
            format!("{agent} is in step: {}.", changed(changes))
        }
        Note::Synced { changes, missing, .. } => {
            let many = if missing == 1 { "1 agent has" } else { &format!("{missing} agents have") };
            format!("{agent} goes on although {many} not answered: {}.", changed(changes))
        }
        Note::BeyondHorizon { from } => {
            let from = cast.name(from);
            format!("{from} is further behind than {agent} remembers removals: it gets everything.")
        }
        Note::FromTheFuture { from } => {
            format!("{agent} refused: {} claims writes it has never made.", cast.name(from))
        }
        Note::MixedTypes { key, from } => {
            let (from, key) = (cast.name(from), cast.key_name(key));
            format!(
                "{agent} cannot merge {key} with what {from} holds: the two are of different types."
            )
        }
        Note::Held { from } => {
            format!(
                "What {} sent names an agent that {agent} does not know; it waits.",
                cast.name(from)
            )
        }
        Note::StrongVoted { key: it, version } => {
            format!(
                "{agent} votes for version {version} of {}, and for no other value of it.",
                key(it)
            )
        }
        Note::Committed { key: it, version } => {
            format!(
                "{agent} holds version {version} of {}: more than half have voted for it.",
                key(it)
            )
        }
        Note::StrongRead { key: it, version } => {
            format!("{agent} read {}: more than half know of no version after {version}.", key(it))
        }
        Note::StrongRefused { key: it } => {
            format!("{agent} was refused {}: too few could vote for it.", key(it))
        }
        _ => return None,
    })
}

fn changed(changes: u32) -> String {
    match changes {
        0 => "nothing changed".to_owned(),
        1 => "1 key changed".to_owned(),
        _ => format!("{changes} keys changed"),
    }
}

/// What taking in another's record came to.
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
