//! What the agents hold, and how they came to be in step, for machines.

use serde::Serialize;

use crate::coordination::state::replica::{KeyId, KeyRule};
use crate::coordination::state::resolve::{Applied, Strategy, kind_of, resolve};
use crate::coordination::state::session::{Conflict, SyncRecord};
use crate::coordination::value::{Plain, Value};
use crate::map::Map;
use crate::playback::frame::Cast;
use crate::playback::frame::state::{holder, merges_to, record, rules, sync_records};
use crate::scenario::build::SwarmSimulation;
use crate::sim::AgentId;

/// One key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeyReport {
    /// What most agents hold; of as many the first.
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
    /// Who asked.
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
    /// Who has not answered in time.
    pub missing: u32,
    /// Somebody was further behind than removals are remembered.
    pub fell_back: bool,
}

/// Every key by its name; nothing in a swarm that keeps nothing.
pub(super) fn key_reports(
    cast: &Cast,
    simulation: &SwarmSimulation,
) -> Option<Map<String, KeyReport>> {
    let rules = rules(simulation)?;
    let mut reports = Map::new();
    for (number, rule) in (0..).zip(&rules.keys) {
        let key = KeyId(number);
        let mut replicas = Map::new();
        let mut held: Vec<(Value, u64, u32)> = Vec::new();
        // Who is down has no part in it.
        let mut of_those_up = Vec::new();
        for (agent, slot) in (0..).map(AgentId).zip(simulation.agents()) {
            if Some(agent) == cast.coordinator {
                continue;
            }
            let strong = holder(slot).and_then(|holder| holder.strong.get(&key));
            let strong = strong.map(|it| (it.committed.value.clone(), it.committed.version));
            let merged = || {
                record(slot, key).cloned().map(|record| {
                    let head = record.current();
                    (head.value.clone(), head.version)
                })
            };
            // Who holds nothing holds null.
            let found = strong.or_else(merged).unwrap_or((Value::Null, 0));
            if holder(slot).is_some() {
                of_those_up.push(found.0.clone());
            }
            let (value, version) = found;
            match held.iter_mut().find(|(other, ..)| *other == value) {
                Some((_, newest, count)) => {
                    *newest = version.max(*newest);
                    *count += 1;
                }
                None => held.push((value.clone(), version, 1)),
            }
            replicas.insert(cast.name(agent).to_owned(), Plain(value));
        }
        let most = held.iter().map(|(.., count)| *count).max();
        let (value, version, _) =
            held.iter().find(|it| Some(it.2) == most).cloned().unwrap_or((Value::Null, 0, 0));
        let is_same = of_those_up.windows(2).all(|pair| pair[0] == pair[1]);
        let merges_to = merges_to(simulation, key, rule).filter(|_| is_same).map(Plain);
        let converged = is_same && merges_to.is_none();
        let strategy = if rule.strong { "strong" } else { rule.strategy.name() };
        let value = Plain(value);
        let error = mixed_types(cast, simulation, key, rule);
        let report = KeyReport { value, version, strategy, replicas, converged, merges_to, error };
        reports.insert(rule.name.to_string(), report);
    }
    Some(reports)
}

/// What is wrong where replicas of a key that is merged by its type are of types that do not merge.
fn mixed_types(
    cast: &Cast,
    simulation: &SwarmSimulation,
    key: KeyId,
    rule: &KeyRule,
) -> Option<String> {
    if rule.strong || rule.strategy != Strategy::Crdt {
        return None;
    }
    let held = (0..)
        .map(AgentId)
        .zip(simulation.agents())
        .filter_map(|(agent, slot)| Some((agent, record(slot, key)?.current())));
    let held: Vec<_> = held.collect();
    let versions: Vec<_> = held.iter().map(|(_, version)| *version).collect();
    if versions.is_empty() || resolve(Strategy::Crdt, &versions).is_ok() {
        return None;
    }
    let mut by_kind: Vec<(&str, Vec<&str>)> = Vec::new();
    for (agent, version) in &held {
        let kind = kind_of(version).name();
        match by_kind.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, names)) => names.push(cast.name(*agent)),
            None => by_kind.push((kind, vec![cast.name(*agent)])),
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
fn label(conflict: &Conflict, cast: &Cast) -> (String, Option<&'static str>) {
    let applied = conflict.resolution.map(|it| it.map_or("mixed_types", Applied::label));
    (cast.key_name(conflict.key).to_owned(), applied)
}

/// All synchronisations, by the time they ended.
pub(super) fn sync_reports(cast: &Cast, simulation: &SwarmSimulation) -> Option<Vec<SyncReport>> {
    rules(simulation)?;
    let report = |(agent, it): &(AgentId, SyncRecord)| SyncReport {
        kind: it.kind.name(),
        agent: cast.name(*agent).to_owned(),
        keys: it.keys,
        conflicts: it.conflicts.len() as u32,
        changes: it.changes,
        resolutions: it.conflicts.iter().map(|it| label(it, cast)).collect(),
        messages: it.messages,
        bytes: it.bytes,
        began_us: simulation.agent(*agent).clock.virtual_us(it.began_us),
        duration_us: it.ended_us.since(it.began_us),
        missing: it.missing.len() as u32,
        fell_back: it.fell_back,
    };
    Some(sync_records(simulation).iter().map(report).collect())
}
