//! What of an agent's part in holding the state survives a crash: all of it, or, where that is not durable,
//! what it must not say a second time in another way.

use std::sync::Arc;

use super::clock::{Dot, Origin, VectorClock};
use super::holder::{Holder, StateRules};
use super::record::Record;
use super::replica::{KeyId, Removal, Replica};
use super::strong::Strong;
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
    },
    Strong(KeyId, Box<Strong>),
    Rules(Arc<StateRules>),
}

impl HolderDurable {
    /// An agent that holds nothing yet.
    #[must_use]
    pub fn new(agent: AgentId, rules: Arc<StateRules>) -> Self {
        Self { rules, replica: Replica::new(Origin { agent, life: 0 }), strong: Map::new() }
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
            StateEntry::Removals { removals, horizon } => {
                (replica.removals, replica.horizon) = (removals.clone(), horizon.clone());
            }
            StateEntry::Strong(key, strong) => {
                self.strong.insert(*key, (**strong).clone());
            }
            StateEntry::Rules(rules) => self.rules = rules.clone(),
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
            entries.push(StateEntry::Removals { removals, horizon });
            let seen = replica.seen.clone();
            entries.push(StateEntry::Cursor { origin, sequence, seen });
        } else {
            // Only what it must not say a second time in another way: its name and its own counts.
            for key in keys {
                let own =
                    replica.records.get(key).and_then(|record| record.own_counts(origin.agent));
                entries.push(StateEntry::Record(*key, own.map(Box::new)));
            }
            let seen = Default::default();
            entries.push(StateEntry::Cursor { origin, sequence, seen });
        }
        entries
    }

    /// Takes up what was durable. Without its memory it goes on under a new name, so that no write of the old
    /// one is made a second time, and tells its own counts anew; gives the keys it holds for that reason.
    pub fn come_back(&mut self, now_us: u64) -> Vec<KeyId> {
        if self.rules.durable {
            return Vec::new();
        }
        let replica = &mut self.replica;
        let Origin { agent, life } = replica.origin;
        (replica.origin, replica.sequence) = (Origin { agent, life: life + 1 }, 0);
        let keys: Vec<KeyId> = replica.records.keys().copied().collect();
        for key in &keys {
            let dot = replica.next_dot();
            if let Some(record) = replica.records.get_mut(key) {
                record.begin_anew(dot, now_us);
            }
        }
        keys
    }
}

impl Record {
    /// Of a counter, what this agent has counted itself.
    fn own_counts(&self, agent: AgentId) -> Option<Self> {
        let head = self.current();
        let counts = head.crdt.as_ref()?.counted_by(agent)?;
        let head = StateVersion { value: counts.value(), crdt: Some(counts), ..head.clone() };
        Some(Self { heads: vec![head], stamps: self.stamps.clone() })
    }

    /// The same as a write of its own, seen by nobody.
    fn begin_anew(&mut self, dot: Dot, time_us: u64) {
        let mut stamps = VectorClock::default();
        stamps.set_at_least(dot);
        self.heads.truncate(1);
        for head in &mut self.heads {
            (head.dot, head.time_us, head.clock) = (dot, time_us, stamps.clone());
        }
        self.stamps = stamps;
    }
}
