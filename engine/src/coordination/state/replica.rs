//! What one agent holds of all keys, and how it catches up with another (S4, S5).
//!
//! The cursor of a replica is a version vector: for each origin, how many of its writes have been taken in.
//! A delta is all records with a write that a cursor does not cover, whole, so that to apply it is a join
//! (Almeida, Shoker & Baquero 2018, *Delta state replicated data types*); the cursor advances only where the
//! delta has no gap before it, their causal delta-merging condition. A removal is a write like others; it is
//! remembered until there are too many, and whoever is further behind than that gets everything instead.

use std::sync::Arc;

use serde::Serialize;

use super::clock::{Dot, Origin, VectorClock};
use super::crdt::{CrdtKind, MixedTypes, Operation, OperationError, Stamp};
use super::record::Record;
use super::resolve::{Applied, Strategy};
use crate::map::Map;

/// A key, by its place in the scenario's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct KeyId(pub u32);

/// What all agents know of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRule {
    pub name: Arc<str>,
    /// Its replicated type; a plain value without one.
    pub kind: Option<CrdtKind>,
    pub strategy: Strategy,
    /// Written by a quorum, not by merging.
    pub strong: bool,
}

/// A key was cleared: what the agent that did so had seen of it is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Removal {
    pub key: KeyId,
    pub dot: Dot,
    /// The writes that are gone; one that it does not cover was concurrent, and survives.
    pub covers: VectorClock,
}

/// What one agent sends another: everything, or what a cursor does not cover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Update {
    /// The cursor it starts from; nothing when it is everything.
    pub since: Option<VectorClock>,
    /// All writes that the sender has taken in.
    pub seen: VectorClock,
    pub records: Vec<(KeyId, Record)>,
    pub removals: Vec<Removal>,
    /// Of everything: the removals that the sender has forgotten.
    pub horizon: VectorClock,
}

/// What taking in an update has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The records that are different now, with what was applied.
    pub merged: Vec<(KeyId, Applied)>,
    pub removed: Vec<KeyId>,
    /// Writes between the cursor and the update are missing: the cursor stays.
    pub has_gap: bool,
}

/// Everything one agent holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// The name its own writes are made under.
    pub origin: Origin,
    /// How many it has made under it.
    pub sequence: u64,
    pub seen: VectorClock,
    pub records: Map<KeyId, Record>,
    /// The removals it remembers, the oldest first.
    pub removals: Vec<Removal>,
    /// Removals up to here are forgotten.
    pub horizon: VectorClock,
}

impl Replica {
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            sequence: 0,
            seen: VectorClock::default(),
            records: Map::new(),
            removals: Vec::new(),
            horizon: VectorClock::default(),
        }
    }

    pub fn next_dot(&mut self) -> Dot {
        self.sequence += 1;
        let dot = Dot { origin: self.origin, sequence: self.sequence };
        self.seen.set_at_least(dot);
        dot
    }

    /// Writes to a key; `time_us` is the agent's own clock.
    ///
    /// # Errors
    /// When the key's type has no such operation, or the value is too large; the replica is as it was.
    pub fn write(
        &mut self,
        (key, rule): (KeyId, &KeyRule),
        operation: &Operation,
        time_us: u64,
    ) -> Result<(), OperationError> {
        let dot = Dot { origin: self.origin, sequence: self.sequence + 1 };
        let stamp = Stamp { dot, time_us };
        match self.records.get_mut(&key) {
            Some(record) => record.write(rule.strategy, operation, stamp)?,
            None => {
                self.records.insert(key, Record::first(rule.kind, operation, stamp)?);
            }
        }
        self.next_dot();
        Ok(())
    }

    /// Clears a key, remembering at most `most` removals; false when it holds nothing of it.
    pub fn remove(&mut self, key: KeyId, most: usize) -> bool {
        let Some(record) = self.records.remove(&key) else { return false };
        let removal = Removal { key, dot: self.next_dot(), covers: record.stamps };
        self.remember(removal, most);
        true
    }

    fn remember(&mut self, removal: Removal, most: usize) {
        self.removals.push(removal);
        while self.removals.len() > most {
            self.horizon.set_at_least(self.removals.remove(0).dot);
        }
    }

    /// What the cursor does not cover; everything when that is beyond the horizon (E14).
    #[must_use]
    pub fn update_since(&self, cursor: &VectorClock) -> Update {
        if !cursor.covers_all(&self.horizon) {
            return self.everything();
        }
        let news = |(_, record): &(&KeyId, &Record)| !cursor.covers_all(&record.stamps);
        let records = self.records.iter().filter(news);
        let removals = self.removals.iter().filter(|it| !cursor.covers(it.dot));
        Update {
            since: Some(cursor.clone()),
            seen: self.seen.clone(),
            records: records.map(|(key, record)| (*key, record.clone())).collect(),
            removals: removals.cloned().collect(),
            horizon: VectorClock::default(),
        }
    }

    /// All it holds.
    #[must_use]
    pub fn everything(&self) -> Update {
        Update {
            since: None,
            seen: self.seen.clone(),
            records: self.records.iter().map(|(key, record)| (*key, record.clone())).collect(),
            removals: self.removals.clone(),
            horizon: self.horizon.clone(),
        }
    }

    /// Takes in what another sends, remembering at most `most` removals. To do so twice, or in another
    /// order, comes to the same.
    ///
    /// # Errors
    /// When a record is of another type than the key; the replica is as it was.
    pub fn take_in(
        &mut self,
        update: &Update,
        strategy: impl Fn(KeyId) -> Strategy,
        most: usize,
    ) -> Result<Taken, MixedTypes> {
        for (key, record) in &update.records {
            if let (Some(one), Some(other)) =
                (self.records.get(key).and_then(Record::kind), record.kind())
                && one != other
            {
                return Err(MixedTypes { one, other });
            }
        }
        let mut taken = Taken::default();
        for removal in &update.removals {
            if self.seen.covers(removal.dot) || self.removals.contains(removal) {
                continue;
            }
            let held = self.records.get(&removal.key);
            if held.is_some_and(|record| removal.covers.covers_all(&record.stamps)) {
                self.records.remove(&removal.key);
                taken.removed.push(removal.key);
            }
            self.remember(removal.clone(), most);
        }
        for (key, record) in &update.records {
            if let Some(own) = self.records.get_mut(key) {
                let applied = own.merge(strategy(*key), record)?;
                if applied != Applied::Same {
                    taken.merged.push((*key, applied));
                }
            } else if !self.was_removed(*key, record) {
                self.records.insert(*key, record.clone());
                taken.merged.push((*key, Applied::OnlyOne));
            }
        }
        match &update.since {
            None => {
                self.drop_removed_there(update, &mut taken);
                self.horizon.join(&update.horizon);
            }
            Some(since) => taken.has_gap = !self.seen.covers_all(since),
        }
        if !taken.has_gap {
            self.seen.join(&update.seen);
        }
        Ok(taken)
    }

    /// Whether it held the same once, and has removed it since.
    fn was_removed(&self, key: KeyId, record: &Record) -> bool {
        let covers = |it: &Removal| it.key == key && it.covers.covers_all(&record.stamps);
        self.seen.covers_all(&record.stamps) || self.removals.iter().any(covers)
    }

    /// Of everything another holds, what is missing although it has seen all writes to it was removed
    /// there, perhaps so long ago that nobody remembers.
    fn drop_removed_there(&mut self, update: &Update, taken: &mut Taken) {
        let is_gone = |key: &KeyId, record: &Record| {
            let held = update.records.binary_search_by_key(key, |(key, _)| *key).is_ok();
            !held && update.seen.covers_all(&record.stamps)
        };
        let gone = self.records.iter().filter(|(key, record)| is_gone(key, record));
        let gone: Vec<KeyId> = gone.map(|(key, _)| *key).collect();
        for key in &gone {
            self.records.remove(key);
        }
        taken.removed.extend(gone);
    }
}

impl Update {
    /// How many keys it tells of.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.records.len() + self.removals.len()
    }
}

impl Record {
    /// The replicated type it is of, if it has one.
    #[must_use]
    pub fn kind(&self) -> Option<CrdtKind> {
        self.current().crdt.as_ref().map(|crdt| crdt.kind())
    }
}
