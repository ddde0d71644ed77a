//! The part of a holder that survives a crash: all of it, or, where the state is not durable, only what the
//! holder must not say a second time in another way.

use std::sync::Arc;

use super::clock::{Dot, Origin, VectorClock};
use super::holder::{Holder, StateRules};
use super::of_work::TaskMemory;
use super::record::Record;
use super::replica::{KeyId, KeyRule, Removal, Replica};
use super::resolve::Strategy;
use super::strong::Strong;
use super::version::StateVersion;
use crate::common::value::Value;
use crate::map::Map;
use crate::sim::{AgentId, LocalTime};

/// The part of a holder that survives a crash.
#[derive(Clone, Debug)]
pub struct HolderDurable {
    pub rules: Arc<StateRules>,
    /// As it was after the last step, if that is durable; always its name and number of writes.
    pub replica: Replica,
    pub strong: Map<KeyId, Strong>,
    /// Agents beyond [`StateRules::members`] that it knows of.
    pub newcomers: Vec<AgentId>,
    /// How many steps of each follow-up it has done, also where nothing else is durable.
    pub done: Vec<u32>,
    /// The tasks it has and has done, also where nothing else is durable.
    pub tasks: TaskMemory,
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
    Record(KeyId, Option<Arc<Record>>),
    Removals {
        removals: Vec<Removal>,
        horizon: VectorClock,
        cleared: Map<KeyId, u32>,
    },
    Strong(KeyId, Box<Strong>),
    Rules(Arc<StateRules>),
    Newcomers(Vec<AgentId>),
    FollowUps(Vec<u32>),
    Tasks(TaskMemory),
}

impl HolderDurable {
    /// An agent that holds nothing yet.
    #[must_use]
    pub fn new(agent: AgentId, rules: Arc<StateRules>) -> Self {
        let replica = Replica::new(Origin { agent, life: 0 });
        Self {
            rules,
            replica,
            strong: Map::new(),
            newcomers: Vec::new(),
            done: Vec::new(),
            tasks: TaskMemory::default(),
        }
    }

    pub fn write(&mut self, entry: &StateEntry) {
        let replica = &mut self.replica;
        match entry {
            StateEntry::Cursor { origin, sequence, seen } => {
                (replica.origin, replica.sequence) = (*origin, *sequence);
                replica.seen = seen.clone();
            }
            StateEntry::Record(key, Some(record)) => {
                replica.records.insert(*key, record.clone());
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
            StateEntry::FollowUps(done) => self.done.clone_from(done),
            StateEntry::Tasks(tasks) => self.tasks.clone_from(tasks),
        }
    }
}

impl Holder {
    /// The entries that make the state of these keys durable.
    pub fn entries(&self, keys: &[KeyId]) -> Vec<StateEntry> {
        let replica = &self.replica;
        let (origin, sequence) = (replica.origin, replica.sequence);
        let mut entries = Vec::new();
        if self.rules.durable {
            for key in keys {
                let record = replica.records.get(key).cloned();
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
                entries.push(StateEntry::Record(*key, own.map(Arc::new)));
            }
            let seen = Default::default();
            entries.push(StateEntry::Cursor { origin, sequence, seen });
        }
        entries
    }

    /// Takes up the durable state. Without its memory it holds nothing but its own counts, which it tells
    /// anew, and goes on under a new name, so that no write of the old one is made a second time. Returns the
    /// keys that it held before.
    pub fn come_back(&mut self, now_us: LocalTime) -> Vec<KeyId> {
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
                self.replica.records.insert(*key, own.into());
            }
        }
        before.records.keys().copied().collect()
    }
}

impl Record {
    /// The part of a counter that this agent has counted itself. Only where all counts are merged: a value
    /// that the last write has replaced must not come back.
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
            // A number without a type is the part of its writer.
            None if head.dot.origin.agent == agent && matches!(head.value, Value::Number(_)) => {
                head.clone()
            }
            None => return None,
        };
        Some(Self { heads: vec![head], stamps: self.stamps.clone(), cleared: self.cleared })
    }

    /// Restamps the record with a new write of its holder, which nobody has seen.
    fn begin_anew(&mut self, dot: Dot, time_us: LocalTime) {
        let mut stamps = VectorClock::default();
        stamps.set_at_least(dot);
        for head in &mut self.heads {
            (head.dot, head.time_us, head.clock) = (dot, time_us, stamps.clone());
        }
        self.stamps = stamps;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::crdt::{CrdtKind, Operation};
    use crate::protocols::state::holder::SyncKind;
    use crate::protocols::state::letters::number;

    /// Two counters, a part without a type, and a value where the last write wins.
    const KEYS: [KeyId; 4] = [KeyId(0), KeyId(1), KeyId(2), KeyId(3)];

    fn holder(durable: bool) -> (Holder, HolderDurable) {
        let rule =
            |kind, strategy| KeyRule { name: "x".into(), kind, strategy, change: 0, strong: false };
        let keys = vec![
            rule(Some(CrdtKind::GCounter), Strategy::Crdt),
            rule(Some(CrdtKind::PnCounter), Strategy::Crdt),
            rule(None, Strategy::Crdt),
            rule(None, Strategy::LastWriteWins),
        ];
        let rules = StateRules {
            keys,
            sync_interval_us: 0,
            sync_by: SyncKind::Delta,
            push: true,
            timeout_us: 1,
            horizon: 100,
            durable,
            members: 3,
            follow_ups: Vec::new(),
            work: None,
        };
        let durable = HolderDurable::new(AgentId(0), Arc::new(rules));
        (Holder::new(&durable), durable)
    }

    fn write(holder: &mut Holder, durable: &mut HolderDurable, key: usize, operation: &Operation) {
        let rules = holder.rules.clone();
        holder.replica.write((KEYS[key], &rules.keys[key]), operation, LocalTime(1)).unwrap();
        persist(holder, durable, &[KEYS[key]]);
    }

    fn persist(holder: &Holder, durable: &mut HolderDurable, keys: &[KeyId]) {
        for entry in holder.entries(keys) {
            durable.write(&entry);
        }
    }

    fn crash(durable: &mut HolderDurable) -> Holder {
        let mut holder = Holder::new(durable);
        let changed = holder.come_back(LocalTime(9));
        persist(&holder, durable, &changed);
        holder
    }

    fn value(holder: &Holder, key: usize) -> Option<Value> {
        Some(holder.replica.records.get(&KEYS[key])?.current().value.clone())
    }

    #[test]
    fn what_is_durable_is_there_again_as_it_was() {
        let (mut holder, mut durable) = holder(true);
        write(&mut holder, &mut durable, 0, &Operation::Add(5));
        write(&mut holder, &mut durable, 3, &Operation::Set(number(1)));
        holder.replica.remove(KEYS[3], 100);
        persist(&holder, &mut durable, &[KEYS[3]]);
        assert_eq!(crash(&mut durable).replica, holder.replica);
    }

    #[test]
    fn own_counts_survive_every_crash_and_count_once() {
        let (mut holder, mut durable) = holder(false);
        let mut other = Replica::new(Origin { agent: AgentId(1), life: 0 });
        let rules = holder.rules.clone();
        for (key, rule) in KEYS.iter().zip(&rules.keys).take(2) {
            other.write((*key, rule), &Operation::Add(100), LocalTime(1)).unwrap();
        }
        for life in 1..=3 {
            for (key, operation) in
                [(0, Operation::Add(5)), (1, Operation::Add(7)), (1, Operation::Add(-2))]
            {
                write(&mut holder, &mut durable, key, &operation);
            }
            let part = Operation::Set(number(i64::from(life)));
            write(&mut holder, &mut durable, 2, &part);
            // The other has it all, and tells it back.
            other.take_in(&holder.replica.everything(), &rules.keys, 100);
            holder.replica.take_in(&other.everything(), &rules.keys, 100);
            persist(&holder, &mut durable, &KEYS);
            holder = crash(&mut durable);
            let own = i64::from(life) * 5;
            assert_eq!(holder.replica.origin, Origin { agent: AgentId(0), life });
            assert_eq!(value(&holder, 0), Some(Value::Number(own)));
            assert_eq!(value(&holder, 1), Some(Value::Number(own)));
            for _ in 0..2 {
                other.take_in(&holder.replica.everything(), &rules.keys, 100);
            }
            let held = |key: usize| other.records.get(&KEYS[key]).unwrap().current().value.clone();
            assert_eq!(held(0), Value::Number(100 + own));
            assert_eq!(held(1), Value::Number(100 + own));
            assert_eq!(held(2), number(i64::from(life)));
        }
    }

    #[test]
    fn without_memory_nothing_is_left_but_own_counts() {
        let (mut holder, mut durable) = holder(false);
        let rules = holder.rules.clone();
        // From the start, written by another.
        let mut other = Replica::new(Origin { agent: AgentId(1), life: 0 });
        for (key, operation) in [(0, Operation::Add(5)), (3, Operation::Set(number(1)))] {
            other.write((KEYS[key], &rules.keys[key]), &operation, LocalTime(1)).unwrap();
        }
        durable.replica.take_in(&other.everything(), &rules.keys, 100);
        write(&mut holder, &mut durable, 3, &Operation::Set(number(2)));
        let holder = crash(&mut durable);
        assert!(holder.replica.records.is_empty() && durable.replica.records.is_empty());
        assert!(holder.replica.seen.is_empty());
    }
}
