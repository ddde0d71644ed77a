//! What of an agent's part in holding the state survives a crash: all of it, or, where that is not durable,
//! what it must not say a second time in another way.

use std::sync::Arc;

use super::clock::{Dot, Origin, VectorClock};
use super::holder::{Holder, StateRules};
use super::record::Record;
use super::replica::{KeyId, KeyRule, Removal, Replica};
use super::resolve::Strategy;
use super::strong::Strong;
use super::value::Value;
use super::version::StateVersion;
use crate::map::Map;
use crate::sim::AgentId;

/// What survives.
#[derive(Clone, Debug)]
pub struct HolderDurable {
    pub rules: Arc<StateRules>,
    /// As it was after the last step, if that is durable; always its name and number of writes.
    pub replica: Replica,
    pub strong: Map<KeyId, Strong>,
    /// Agents beyond [`StateRules::members`] that it knows of.
    pub newcomers: Vec<AgentId>,
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum StateEntry {
    /// Its cursor, name and number of writes.
    Cursor {
        origin: Origin,
        sequence: u64,
        seen: VectorClock,
    },
    /// A record as it is now; gone when there is none.
    Record(KeyId, Option<Box<Record>>),
    Removals {
        removals: Vec<Removal>,
        horizon: VectorClock,
        cleared: Map<KeyId, u32>,
    },
    Strong(KeyId, Box<Strong>),
    Rules(Arc<StateRules>),
    Newcomers(Vec<AgentId>),
}

impl HolderDurable {
    /// An agent that holds nothing yet.
    #[must_use]
    pub fn new(agent: AgentId, rules: Arc<StateRules>) -> Self {
        let replica = Replica::new(Origin { agent, life: 0 });
        Self { rules, replica, strong: Map::new(), newcomers: Vec::new() }
    }

    pub fn write(&mut self, entry: &StateEntry) {
        let replica = &mut self.replica;
        match entry {
            StateEntry::Cursor { origin, sequence, seen } => {
                (replica.origin, replica.sequence) = (*origin, *sequence);
                replica.seen = seen.clone();
            }
            StateEntry::Record(key, Some(record)) => {
                replica.records.insert(*key, (**record).clone());
            }
            StateEntry::Record(key, None) => {
                replica.records.remove(key);
            }
            StateEntry::Removals { removals, horizon, cleared } => {
                (replica.removals, replica.horizon) = (removals.clone(), horizon.clone());
                replica.cleared = cleared.clone();
            }
            StateEntry::Strong(key, strong) => {
                self.strong.insert(*key, (**strong).clone());
            }
            StateEntry::Rules(rules) => self.rules = rules.clone(),
            StateEntry::Newcomers(newcomers) => self.newcomers.clone_from(newcomers),
        }
    }
}

impl Holder {
    /// What has to survive of these keys.
    pub fn entries(&self, keys: &[KeyId]) -> Vec<StateEntry> {
        let replica = &self.replica;
        let (origin, sequence) = (replica.origin, replica.sequence);
        let mut entries = Vec::new();
        if self.rules.durable {
            for key in keys {
                let record = replica.records.get(key).map(|record| Box::new(record.clone()));
                entries.push(StateEntry::Record(*key, record));
            }
            let (removals, horizon) = (replica.removals.clone(), replica.horizon.clone());
            let cleared = replica.cleared.clone();
            entries.push(StateEntry::Removals { removals, horizon, cleared });
            let seen = replica.seen.clone();
            entries.push(StateEntry::Cursor { origin, sequence, seen });
        } else {
            // Only what it must not say a second time in another way: its name and its own counts.
            for key in keys {
                let record = replica.records.get(key).zip(self.rules.keys.get(key.0 as usize));
                let own = record.and_then(|(record, rule)| record.own_counts(origin.agent, rule));
                entries.push(StateEntry::Record(*key, own.map(Box::new)));
            }
            let seen = Default::default();
            entries.push(StateEntry::Cursor { origin, sequence, seen });
        }
        entries
    }

    /// Takes up what was durable. Without its memory it holds nothing but its own counts, which it tells
    /// anew, and goes on under a new name, so that no write of the old one is made a second time. Gives the
    /// keys of which it held anything before.
    pub fn come_back(&mut self, now_us: u64) -> Vec<KeyId> {
        if self.rules.durable {
            return Vec::new();
        }
        let Origin { agent, life } = self.replica.origin;
        let replica = Replica::new(Origin { agent, life: life + 1 });
        let before = core::mem::replace(&mut self.replica, replica);
        for (key, record) in &before.records {
            let Some(rule) = self.rules.keys.get(key.0 as usize) else { continue };
            if let Some(mut own) = record.own_counts(agent, rule) {
                own.begin_anew(self.replica.next_dot(), now_us);
                if own.cleared > 0 {
                    self.replica.cleared.insert(*key, own.cleared);
                }
                self.replica.records.insert(*key, own);
            }
        }
        before.records.keys().copied().collect()
    }
}

impl Record {
    /// Of a counter, what this agent has counted itself. Only where all that was counted is merged: what
    /// the last write has replaced must not come back.
    fn own_counts(&self, agent: AgentId, rule: &KeyRule) -> Option<Self> {
        if rule.strategy != Strategy::Crdt {
            return None;
        }
        let head = self.current();
        let head = match &head.crdt {
            Some(crdt) => {
                let counts = crdt.counted_by(agent)?;
                StateVersion { value: counts.value(), crdt: Some(counts), ..head.clone() }
            }
            // A number without a type is the part of who wrote it.
            None if head.dot.origin.agent == agent && matches!(head.value, Value::Number(_)) => {
                head.clone()
            }
            None => return None,
        };
        Some(Self { heads: vec![head], stamps: self.stamps.clone(), cleared: self.cleared })
    }

    /// The same as a write of its own, seen by nobody.
    fn begin_anew(&mut self, dot: Dot, time_us: u64) {
        let mut stamps = VectorClock::default();
        stamps.set_at_least(dot);
        for head in &mut self.heads {
            (head.dot, head.time_us, head.clock) = (dot, time_us, stamps.clone());
        }
        self.stamps = stamps;
    }
}
