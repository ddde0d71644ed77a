//! What the agents hold of the key that is shown, at this instant.

use super::Cast;
use crate::coordination::state::clock::Origin;
use crate::coordination::state::crdt::CrdtKind;
use crate::coordination::state::holder::{Holder, StateRules};
use crate::coordination::state::record::Record;
use crate::coordination::state::replica::{KeyId, KeyRule};
use crate::coordination::state::resolve::{Strategy, is_merged, resolve};
use crate::coordination::state::session::SyncRecord;
use crate::coordination::state::strong::StrongRefusal;
use crate::coordination::state::version::StateVersion;
use crate::coordination::swarm::Swarm;
use crate::coordination::value::Value;
use crate::scenario::build::SwarmSimulation;
use crate::sim::kernel::Slot;
use crate::sim::{AgentId, LocalTime, Status};

/// The state the swarm keeps.
#[derive(Clone, Debug)]
pub struct StateFrame {
    /// The key that is shown, and how many there are.
    pub key: KeyId,
    pub keys: u32,
    pub name: String,
    /// What people call its type; a plain value without one.
    pub kind: &'static str,
    /// What can be written to it: set, add, insert, remove, put, take.
    pub operations: &'static [&'static str],
    pub strategy: Strategy,
    pub strong: bool,
    /// By agent; nothing where an agent holds nothing of it, the coordinator among them.
    pub replicas: Vec<Option<ReplicaFrame>>,
    /// All members that are up hold the same of it, and a merge would not change it.
    pub converged: bool,
    /// Where all show the same and have not merged: what a merge would come to.
    pub merges_to: Option<String>,
    /// Synchronisations that are over with who asked for them, by the time they ended.
    pub syncs: Vec<(AgentId, SyncRecord)>,
}

impl StateFrame {
    /// Whether the key that is shown was written after the start.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.replicas
            .iter()
            .flatten()
            .any(|held| held.version > 1 || held.time_us > LocalTime::START)
    }
}

/// What one agent holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaFrame {
    /// As people read it.
    pub value: String,
    pub version: u64,
    /// Who wrote it, and when by its own clock.
    pub by: AgentId,
    pub time_us: LocalTime,
    /// Its vector clock.
    pub clock: Vec<(Origin, u64)>,
    /// How many concurrent versions it holds; 1 unless it keeps several.
    pub heads: u32,
    /// Those who hold the same value have the same number, from 0 in the order of agents.
    pub group: u32,
    /// Why the last strong write or read it was asked for was refused.
    pub refused: Option<StrongRefusal>,
}

/// An agent's part, as long as it has one: of a crashed agent nothing but what was durable is left.
#[must_use]
pub fn holder(slot: &Slot<Swarm>) -> Option<&Holder> {
    slot.process.holder().filter(|_| slot.status != Status::Down)
}

/// The records an agent holds, or will hold when it comes back.
pub fn record(slot: &Slot<Swarm>, key: KeyId) -> Option<&Record> {
    match holder(slot) {
        Some(holder) => holder.replica.records.get(&key),
        None => slot.durable.state.as_ref()?.replica.records.get(&key),
    }
}

fn replica_frame(slot: &Slot<Swarm>, key: KeyId, is_strong: bool) -> Option<ReplicaFrame> {
    let known = holder(slot).filter(|_| is_strong);
    let strong = known.and_then(|holder| holder.strong.get(&key));
    let refused = strong.and_then(|strong| strong.refused);
    if known.is_some() {
        let committed = strong.map(|strong| &strong.committed);
        return Some(ReplicaFrame {
            value: committed.map_or(Value::Null, |it| it.value.clone()).plain(),
            version: committed.map_or(0, |it| it.version),
            by: AgentId::NONE,
            time_us: LocalTime::START,
            clock: Vec::new(),
            heads: 1,
            group: 0,
            refused,
        });
    }
    let record = record(slot, key)?;
    let head = record.current();
    Some(ReplicaFrame {
        value: head.value.plain(),
        version: head.version,
        by: head.dot.origin.agent,
        time_us: head.time_us,
        clock: head.clock.iter().map(|(origin, count)| (*origin, *count)).collect(),
        heads: record.heads.len() as u32,
        group: 0,
        refused,
    })
}

/// By what rules it is kept, as the first agent has written them down: all keep something or none does.
pub fn rules(simulation: &SwarmSimulation) -> Option<&StateRules> {
    Some(&simulation.agents().next()?.durable.state.as_ref()?.rules)
}

/// What a merge of all that members which are up hold would come to, where it is not what each of them holds.
#[must_use]
pub fn merges_to(simulation: &SwarmSimulation, key: KeyId, rule: &KeyRule) -> Option<Value> {
    let holders = simulation.agents().filter_map(holder).filter(|_| !rule.strong);
    let held = holders.filter_map(|holder| holder.replica.records.get(&key));
    let versions: Vec<&StateVersion> = held.map(Record::current).collect();
    if is_merged(rule.strategy, &versions) {
        return None;
    }
    resolve(rule.strategy, &versions).ok().map(|merged| merged.version.value)
}

/// What is visible of the key; nothing in a swarm that keeps nothing.
#[must_use]
pub fn state_frame(simulation: &SwarmSimulation, chosen: Option<KeyId>) -> Option<StateFrame> {
    let rules = rules(simulation)?;
    let key = chosen.filter(|key| (key.0 as usize) < rules.keys.len()).unwrap_or(KeyId(0));
    let rule = &rules.keys[key.0 as usize];
    let mut replicas: Vec<Option<ReplicaFrame>> =
        simulation.agents().map(|slot| replica_frame(slot, key, rule.strong)).collect();
    let mut values: Vec<String> = Vec::new();
    for replica in replicas.iter_mut().flatten() {
        let known = values.iter().position(|value| *value == replica.value);
        replica.group = known.unwrap_or(values.len()) as u32;
        if known.is_none() {
            values.push(replica.value.clone());
        }
    }
    let held = simulation.agents().zip(&replicas).filter(|(slot, _)| holder(slot).is_some());
    let mut held = held.map(|(_, replica)| replica.as_ref().map(|replica| replica.group));
    let first = held.next();
    let is_same = held.all(|group| Some(group) == first);
    let merges_to = merges_to(simulation, key, rule).filter(|_| is_same).map(|it| it.plain());
    Some(StateFrame {
        key,
        keys: rules.keys.len() as u32,
        name: rule.name.to_string(),
        kind: rule.kind.map_or("plain value", |kind| kind.words()),
        operations: operations(rule.kind),
        strategy: rule.strategy,
        strong: rule.strong,
        replicas,
        converged: is_same && merges_to.is_none(),
        merges_to,
        syncs: sync_records(simulation),
    })
}

/// Synchronisations that are over with who asked for them, by the time they ended.
pub fn sync_records(simulation: &SwarmSimulation) -> Vec<(AgentId, SyncRecord)> {
    let mut syncs = Vec::new();
    for (agent, slot) in (0..).map(AgentId).zip(simulation.agents()) {
        let done = holder(slot).into_iter().flat_map(|holder| &holder.syncs);
        syncs.extend(done.map(|sync| (agent, sync.clone())));
    }
    let ended_us = |(agent, sync): &(AgentId, SyncRecord)| {
        simulation.agent(*agent).clock.virtual_us(sync.ended_us)
    };
    syncs.sort_by_key(|it| (ended_us(it), it.0));
    syncs
}

/// What can be written to a key.
#[must_use]
pub fn operations_of(simulation: &SwarmSimulation, key: KeyId) -> Option<&'static [&'static str]> {
    Some(operations(rules(simulation)?.keys.get(key.0 as usize)?.kind))
}

/// Of a strong key the version the agent holds: what its next write expects.
#[must_use]
pub fn key_at(simulation: &SwarmSimulation, key: KeyId, agent: AgentId) -> Option<u64> {
    rules(simulation)?.keys.get(key.0 as usize).filter(|rule| rule.strong)?;
    let slot = simulation.agents().nth(agent.index());
    let strong = slot.and_then(holder).and_then(|holder| holder.strong.get(&key));
    Some(strong.map_or(0, |strong| strong.committed.version))
}

fn operations(kind: Option<CrdtKind>) -> &'static [&'static str] {
    match kind {
        None | Some(CrdtKind::LwwRegister | CrdtKind::MvRegister) => &["set"],
        Some(CrdtKind::GCounter | CrdtKind::PnCounter) => &["add"],
        Some(CrdtKind::GSet) => &["insert"],
        Some(CrdtKind::OrSet) => &["insert", "remove"],
        Some(CrdtKind::LwwMap) => &["put", "take"],
    }
}

impl Cast {
    /// The name of a key the swarm keeps.
    #[must_use]
    pub fn key_name(&self, key: KeyId) -> &str {
        self.keys.get(key.0 as usize).map_or("?", |name| name)
    }
}
