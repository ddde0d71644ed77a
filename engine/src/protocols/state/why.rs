//! How a merge came about, in sentences: what the agent held, what the other had sent, and the rule.

use super::holder::State;
use super::note::StateNote;
use super::panel::in_steps;
use super::record::Record;
use super::replica::KeyId;
use super::resolve::{Applied, Strategy, resolve};
use super::standing::record;
use super::version::StateVersion;
use crate::common::shown::Peek;
use crate::sim::{AgentId, Event, What};

/// Nothing where there was nothing to decide, and where it would take too long to find out.
pub(super) fn merged(
    peek: &dyn Peek<State>,
    merged: &Event<StateNote>,
    (key, from): (KeyId, AgentId),
    applied: Applied,
) -> Option<Vec<String>> {
    let strategy = match applied {
        Applied::OnlyOne | Applied::Same => return None,
        Applied::LastWrite { .. } => Strategy::LastWriteWins,
        Applied::VectorCausal | Applied::VectorConcurrentLww { .. } => Strategy::VectorClock,
        Applied::Crdt(_) | Applied::CrdtInferred(_) => Strategy::Crdt,
    };
    // The record of the other is that of when it sent it.
    let mut sent = peek.event(merged.cause)?;
    while !(matches!(sent.what, What::Sent { .. }) && sent.agent == from) {
        sent = peek.event(sent.cause)?;
    }
    let (mut own, mut theirs) = (None, None);
    peek.look_before(merged.id, &mut |before| own = held(before, merged.agent, key));
    peek.look_after(sent.id, &mut |after| theirs = held(after, from, key));
    let mut versions: Vec<(AgentId, StateVersion)> = Vec::new();
    for (agent, record) in [(merged.agent, own?), (from, theirs?)] {
        for head in record.heads {
            if !versions.iter().any(|(_, other)| *other == head) {
                versions.push((agent, head));
            }
        }
    }
    let refs: Vec<&StateVersion> = versions.iter().map(|(_, version)| version).collect();
    let resolution = resolve(strategy, &refs).ok()?;
    let mut told = in_steps(strategy, &resolution, &versions, peek.names());
    // Not of all, and not now.
    told.pop();
    let value = resolution.version.value.plain();
    told.push(format!("So {} came to hold {value}.", peek.names().agent(merged.agent)));
    Some(told)
}

fn held(peek: &dyn Peek<State>, agent: AgentId, key: KeyId) -> Option<Record> {
    record(&peek.agent(agent)?, key).cloned()
}
