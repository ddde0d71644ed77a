//! How a key stands at one instant: what each agent holds of it, as it lies there.

use std::sync::Arc;

use super::crdt::CrdtKind;
use super::holder::{Holder, State, StateRules};
use super::record::Record;
use super::replica::{KeyId, KeyRule};
use super::resolve::{is_merged, resolve};
use super::session::SyncRecord;
use super::strong::StrongRefusal;
use super::version::StateVersion;
use crate::common::shown::{Look, Peek};
use crate::common::value::Value;
use crate::order::sort_by_key;
use crate::protocol::watch::Part;
use crate::sim::{AgentId, LocalTime, Status};

/// A key at one instant.
#[derive(Clone, Debug)]
pub struct KeyStanding<'a> {
    pub key: KeyId,
    /// How many keys there are.
    pub keys: u32,
    pub rule: &'a KeyRule,
    /// By agent; nothing where an agent holds nothing of it, the coordinator among them.
    pub replicas: Vec<Option<Replica<'a>>>,
    /// Where all show the same and have not merged: what a merge would come to.
    pub merges_to: Option<String>,
}

/// One agent's part of it.
#[derive(Clone, Debug)]
pub struct Replica<'a> {
    pub held: Held<'a>,
    /// As people read it.
    pub text: String,
    /// Those who hold the same value have the same number, from 0 in the order of agents.
    pub group: u32,
}

/// A key as an agent holds it.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    pub value: &'a Value,
    pub version: u64,
    /// The write it is from; nothing of a strong key.
    pub head: Option<&'a StateVersion>,
    /// How many concurrent versions it holds; 1 unless it keeps several.
    pub heads: usize,
    /// Why the last strong write or read it was asked for was refused.
    pub refused: Option<StrongRefusal>,
}

impl KeyStanding<'_> {
    /// Whether it was written after the start.
    pub fn is_written(&self) -> bool {
        let is_new = |head: &StateVersion| head.time_us > LocalTime::START;
        let held = self.replicas.iter().flatten().map(|replica| &replica.held);
        held.into_iter().any(|held| held.version > 1 || held.head.is_some_and(is_new))
    }
}

/// Every agent with its part in keeping something.
pub fn parts<'a>(
    peek: &'a dyn Peek<State>,
) -> impl Iterator<Item = (AgentId, Part<'a, State>)> + Clone {
    let agents = (0..peek.agents()).map(AgentId);
    agents.filter_map(move |agent| Some((agent, peek.agent(agent)?)))
}

/// An agent's machine, as long as it has one: of a crashed agent nothing but its durable state is left.
pub fn holder<'a>(part: &Part<'a, State>) -> Option<&'a Holder> {
    part.machine.filter(|_| part.status != Status::Down).map(|holder| &**holder)
}

/// The record an agent holds, or will hold when it comes back.
pub fn record<'a>(part: &Part<'a, State>, key: KeyId) -> Option<&'a Record> {
    match holder(part) {
        Some(holder) => holder.replica.records.get(&key).map(Arc::as_ref),
        None => part.durable?.replica.records.get(&key).map(Arc::as_ref),
    }
}

/// A key as the agent holds it; nothing where it holds nothing of it. A strong key stands where it was committed.
pub fn held<'a>(part: &Part<'a, State>, key: KeyId, is_strong: bool) -> Option<Held<'a>> {
    static NOTHING: Value = Value::Null;
    if let Some(holder) = holder(part).filter(|_| is_strong) {
        let strong = holder.strong.get(&key);
        return Some(Held {
            value: strong.map_or(&NOTHING, |it| &it.committed.value),
            version: strong.map_or(0, |it| it.committed.version),
            head: None,
            heads: 1,
            refused: strong.and_then(|it| it.refused),
        });
    }
    let record = record(part, key)?;
    let head = record.current();
    Some(Held {
        value: &head.value,
        version: head.version,
        head: Some(head),
        heads: record.heads.len(),
        refused: None,
    })
}

/// Which version of a key the agent holds, and its value; nothing where it holds none.
pub fn version<'a>(part: &Part<'a, State>, key: KeyId) -> Option<(u64, &'a Value)> {
    let strong = holder(part).and_then(|holder| holder.strong.get(&key));
    let strong = strong.map(|strong| (strong.committed.version, &strong.committed.value));
    strong
        .or_else(|| record(part, key).map(Record::current).map(|head| (head.version, &head.value)))
}

/// The rules, as the first agent has written them down: all keep something or none does.
pub fn rules(peek: &dyn Peek<State>) -> Option<&StateRules> {
    Some(&peek.agent(AgentId(0))?.durable?.rules)
}

pub fn rule(peek: &dyn Peek<State>, key: KeyId) -> Option<&KeyRule> {
    rules(peek)?.keys.get(key.0 as usize)
}

/// The key that is looked at: the chosen one, if it is there, or else the first.
pub fn shown_key(peek: &dyn Peek<State>, look: &Look) -> KeyId {
    let chosen = look.of("key", None).map(KeyId);
    chosen.filter(|key| rule(peek, *key).is_some()).unwrap_or(KeyId(0))
}

pub fn key_name(peek: &dyn Peek<State>, key: KeyId) -> &str {
    rule(peek, key).map_or("?", |rule| &rule.name)
}

/// The key that is looked at; nothing in a swarm that keeps nothing.
pub fn standing<'a>(peek: &'a dyn Peek<State>, look: &Look) -> Option<KeyStanding<'a>> {
    let key = shown_key(peek, look);
    let rule = rule(peek, key)?;
    let mut replicas: Vec<Option<Replica<'a>>> = Vec::new();
    let mut values: Vec<String> = Vec::new();
    let (mut first, mut is_same) = (None, true);
    for (_, part) in parts(peek) {
        let replica = held(&part, key, rule.strong).map(|held| {
            let text = held.value.plain();
            let known = values.iter().position(|value| *value == text);
            if known.is_none() {
                values.push(text.clone());
            }
            Replica { held, text, group: known.unwrap_or(values.len() - 1) as u32 }
        });
        if holder(&part).is_some() {
            let group = replica.as_ref().map(|replica| replica.group);
            is_same &= *first.get_or_insert(group) == group;
        }
        replicas.push(replica);
    }
    let merges_to = if is_same { merges_to(peek, key, rule) } else { None };
    Some(KeyStanding {
        key,
        keys: rules(peek)?.keys.len() as u32,
        rule,
        replicas,
        merges_to: merges_to.map(|value| value.plain()),
    })
}

/// The outcome of a merge of all that members which are up hold, where it is not what each of them holds.
pub fn merges_to(peek: &dyn Peek<State>, key: KeyId, rule: &KeyRule) -> Option<Value> {
    let holders = parts(peek).filter_map(|(_, part)| holder(&part)).filter(|_| !rule.strong);
    let held = holders.filter_map(|holder| holder.replica.records.get(&key));
    let versions: Vec<&StateVersion> = held.map(|record| record.current()).collect();
    if is_merged(rule.strategy, &versions) {
        return None;
    }
    resolve(rule.strategy, &versions).ok().map(|merged| merged.version.value)
}

/// Synchronisations that are over with who asked for them, by the time they ended.
pub fn syncs(peek: &dyn Peek<State>) -> Vec<(AgentId, &SyncRecord)> {
    let mut syncs = Vec::new();
    for (agent, part) in parts(peek) {
        let done = holder(&part).into_iter().flat_map(|holder| &holder.syncs);
        syncs.extend(done.map(|sync| (part.clock.virtual_us(sync.ended_us), agent, sync)));
    }
    sort_by_key(&mut syncs, |(ended_us, agent, _)| (*ended_us, agent.0.into()));
    syncs.into_iter().map(|(_, agent, sync)| (agent, sync)).collect()
}

/// The operations that a key takes, as a scenario file calls them.
pub fn operations(kind: Option<CrdtKind>) -> &'static [&'static str] {
    match kind {
        None | Some(CrdtKind::LwwRegister | CrdtKind::MvRegister) => &["set"],
        Some(CrdtKind::GCounter | CrdtKind::PnCounter) => &["add"],
        Some(CrdtKind::GSet) => &["insert"],
        Some(CrdtKind::OrSet) => &["insert", "remove"],
        Some(CrdtKind::LwwMap) => &["put", "take"],
    }
}

/// The version of a strong key that the agent holds: its next write expects that.
pub fn expected(peek: &dyn Peek<State>, key: KeyId, agent: AgentId) -> Option<u64> {
    rule(peek, key).filter(|rule| rule.strong)?;
    let part = peek.agent(agent);
    let strong = part.and_then(|part| holder(&part)).and_then(|holder| holder.strong.get(&key));
    Some(strong.map_or(0, |strong| strong.committed.version))
}
