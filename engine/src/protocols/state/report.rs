//! The values that agents hold, and how they came to be in step, for machines.

use serde::Serialize;

use super::holder::State;
use super::replica::{KeyId, KeyRule};
use super::resolve::{Applied, Strategy, kind_of, resolve};
use super::session::{Conflict, SyncRecord};
use super::standing::{holder, key_name, merges_to, parts, record, rules, syncs, version};
use crate::common::shown::Peek;
use crate::common::value::{Plain, Value};
use crate::map::Map;
use crate::sim::AgentId;

/// Its part of the report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Every key by its name.
    pub state: Map<String, KeyReport>,
    /// All synchronisations, by the time they ended.
    pub syncs: Vec<SyncReport>,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeyReport {
    /// The value that most agents hold; of as many the first.
    pub value: Plain,
    pub version: u64,
    /// last_write_wins, vector_clock or crdt; strong where more than half vote for each version.
    pub strategy: &'static str,
    /// By the agent's name; `null` where it holds nothing.
    pub replicas: Map<String, Plain>,
    pub converged: bool,
    /// Where all show the same and have not merged: what a merge would come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merges_to: Option<Plain>,
    /// Why replicas cannot be merged: they are of different types. Names the agents, and says how to repair it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// One synchronisation that is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SyncReport {
    /// full, delta or query.
    pub kind: &'static str,
    /// The agent that asked.
    pub agent: String,
    /// Keys told of, in the answers or back; keys the answers disagreed on; keys that are different since at who asked.
    pub keys: u32,
    pub conflicts: u32,
    pub changes: u32,
    /// By key the agents disagreed on, what was applied: `last_write_wins`, `vector_causal`,
    /// `vector_concurrent_lww`, `crdt`, `crdt_inferred`, `only_one` where the others held nothing, or
    /// `mixed_types` where that is an error; `null` where only versions were asked for.
    pub resolutions: Map<String, Option<&'static str>>,
    /// Sent and received by the agent that asked.
    pub messages: u64,
    pub bytes: u64,
    pub began_us: u64,
    pub duration_us: u64,
    /// So many have not answered in time.
    pub missing: u32,
    /// Somebody was further behind than removals are remembered.
    pub fell_back: bool,
}

/// Nothing in a swarm that keeps nothing.
pub(super) fn report(peek: &dyn Peek<State>) -> Option<Report> {
    let keys = (0..).map(KeyId).zip(&rules(peek)?.keys);
    let one = |(key, rule): (KeyId, &KeyRule)| (rule.name.to_string(), key_report(peek, key, rule));
    Some(Report { state: keys.map(one).collect(), syncs: sync_reports(peek) })
}

fn key_report(peek: &dyn Peek<State>, key: KeyId, rule: &KeyRule) -> KeyReport {
    let mut replicas = Map::new();
    let mut most: Vec<(&Value, u64, u32)> = Vec::new();
    // An agent that is down has no part in it.
    let mut of_those_up = Vec::new();
    for (agent, part) in parts(peek).filter(|(agent, _)| Some(*agent) != peek.coordinator()) {
        // Nothing is told as null.
        let (version, value) = version(&part, key).unwrap_or((0, &Value::Null));
        if holder(&part).is_some() {
            of_those_up.push(value);
        }
        match most.iter_mut().find(|(other, ..)| *other == value) {
            Some((_, newest, count)) => {
                *newest = version.max(*newest);
                *count += 1;
            }
            None => most.push((value, version, 1)),
        }
        replicas.insert(peek.names().agent(agent).to_owned(), Plain(value.clone()));
    }
    let count = most.iter().map(|(.., count)| *count).max();
    let first = most.iter().find(|it| Some(it.2) == count);
    let (value, version) =
        first.map_or((&Value::Null, 0), |(value, version, _)| (*value, *version));
    let is_same = of_those_up.windows(2).all(|pair| pair.first() == pair.last());
    let merges_to = merges_to(peek, key, rule).filter(|_| is_same).map(Plain);
    KeyReport {
        value: Plain(value.clone()),
        version,
        strategy: if rule.strong { "strong" } else { rule.strategy.name() },
        replicas,
        converged: is_same && merges_to.is_none(),
        merges_to,
        error: mixed_types(peek, key, rule),
    }
}

/// Replicas of a key that is merged by its type are of types that do not merge.
fn mixed_types(peek: &dyn Peek<State>, key: KeyId, rule: &KeyRule) -> Option<String> {
    if rule.strong || rule.strategy != Strategy::Crdt {
        return None;
    }
    let held = parts(peek).filter_map(|(agent, part)| Some((agent, record(&part, key)?.current())));
    let held: Vec<_> = held.collect();
    let versions: Vec<_> = held.iter().map(|(_, version)| *version).collect();
    if versions.is_empty() || resolve(Strategy::Crdt, &versions).is_ok() {
        return None;
    }
    let mut by_kind: Vec<(&str, Vec<&str>)> = Vec::new();
    for (agent, version) in &held {
        let (kind, name) = (kind_of(version).name(), peek.names().agent(*agent));
        match by_kind.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, names)) => names.push(name),
            None => by_kind.push((kind, vec![name])),
        }
    }
    let each: Vec<String> =
        by_kind.iter().map(|(kind, names)| format!("{kind} at {}", names.join(", "))).collect();
    let name = &rule.name;
    Some(format!(
        "{name} has mixed types: {}; write one type under {name} in state.keys",
        each.join("; ")
    ))
}

/// The key, and the label of what was applied.
fn label(conflict: &Conflict, peek: &dyn Peek<State>) -> (String, Option<&'static str>) {
    let applied = conflict.resolution.map(|it| it.map_or("mixed_types", Applied::label));
    (key_name(peek, conflict.key).to_owned(), applied)
}

fn sync_reports(peek: &dyn Peek<State>) -> Vec<SyncReport> {
    let report = |(agent, it): (AgentId, &SyncRecord)| SyncReport {
        kind: it.kind.name(),
        agent: peek.names().agent(agent).to_owned(),
        keys: it.keys,
        conflicts: it.conflicts.len() as u32,
        changes: it.changes,
        resolutions: it.conflicts.iter().map(|it| label(it, peek)).collect(),
        messages: it.messages,
        bytes: it.bytes,
        began_us: peek.agent(agent).map_or(0, |part| part.clock.virtual_us(it.began_us)),
        duration_us: it.ended_us.since(it.began_us),
        missing: it.missing.len() as u32,
        fell_back: it.fell_back,
    };
    syncs(peek).into_iter().map(report).collect()
}
