//! The records that one agent holds of all keys, and how it catches up with another (S4, S5).
//!
//! The cursor of a replica is a version vector: for each origin, how many of its writes have been taken in.
//! A delta is all records with a write that a cursor does not cover, whole, so that to apply it is a join
//! (Almeida, Shoker & Baquero 2018, *Delta state replicated data types*); the cursor advances only where the
//! delta has no gap before it, their causal delta-merging condition. A removal is a write like others; it is
//! remembered until there are too many, and a replica that is further behind than that gets everything.
//!
//! Clearing a key begins it anew: writes that know of the clearing come after all that was there before, and
//! writes concurrent with it are lost. How often a key was cleared is a number that is never forgotten, so
//! that all replicas come to the same, also those that have forgotten the removal. (To keep what the removal
//! had not seen would split records: two replicas that have seen the same would differ in how much of a
//! record the removal had found.)

use std::sync::Arc;

use serde::Serialize;

use super::clock::{Dot, Origin, VectorClock};
use super::crdt::{CrdtKind, MixedTypes, Operation, OperationError, Stamp};
use super::infer;
use super::record::Record;
use super::resolve::{Applied, Strategy};
use super::talk::StrongValue;
use crate::map::Map;
use crate::sim::{AgentId, LocalTime};

/// A key, by its place in the scenario's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct KeyId(pub u32);

/// The rules of a key, which all agents know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRule {
    pub name: Arc<str>,
    /// Its replicated type; a plain value without one.
    pub kind: Option<CrdtKind>,
    pub strategy: Strategy,
    /// The number of the change that set the strategy; 0 from the start.
    pub change: u32,
    /// Written by a quorum, not by merging.
    pub strong: bool,
}

/// A key was cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Removal {
    pub key: KeyId,
    pub dot: Dot,
    /// How often the key has been cleared by then, this time included.
    pub times: u32,
}

/// An update from one agent to another: everything, or a delta, which is what a cursor does not cover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Update {
    /// The cursor it starts from; nothing when it is everything.
    pub since: Option<VectorClock>,
    /// All writes that the sender has taken in.
    pub seen: VectorClock,
    pub records: Vec<(KeyId, Arc<Record>)>,
    pub removals: Vec<Removal>,
    /// The removals that the sender has forgotten; empty in a delta.
    pub horizon: VectorClock,
    /// How often each key was cleared; empty in a delta.
    pub cleared: Map<KeyId, u32>,
    /// The strategies of its keys that were changed: by which change, to what.
    pub strategies: Vec<(KeyId, u32, Strategy)>,
    /// The agents that came after the start, as far as the sender knows of them; only in an answer.
    pub newcomers: Vec<AgentId>,
    /// The values of strong keys that are newer than the asker's; only in an answer.
    pub strong: Vec<StrongValue>,
}

/// The changes that an update has made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The records that are different now, with what was applied.
    pub merged: Vec<(KeyId, Applied)>,
    pub removed: Vec<KeyId>,
    /// Keys of another type than here: they stay as they are, and the cursor with them, so that they are
    /// told again.
    pub refused: Vec<(KeyId, MixedTypes)>,
    /// Writes between the cursor and the update are missing: the cursor stays.
    pub has_gap: bool,
}

/// Everything one agent holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// The origin of its own writes.
    pub origin: Origin,
    /// The number of its writes under this origin.
    pub sequence: u64,
    pub seen: VectorClock,
    /// Shared with the updates, the durable copy and the checkpoints that hold the same.
    pub records: Map<KeyId, Arc<Record>>,
    /// How often each key was cleared, for the keys that ever were.
    pub cleared: Map<KeyId, u32>,
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
            cleared: Map::new(),
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
        time_us: LocalTime,
    ) -> Result<(), OperationError> {
        let dot = Dot { origin: self.origin, sequence: self.sequence + 1 };
        let stamp = Stamp { dot, time_us };
        match self.records.get_mut(&key) {
            Some(record) => Arc::make_mut(record).write(rule.strategy, operation, stamp)?,
            None => {
                let mut record = Record::first(rule.kind, operation, stamp)?;
                record.cleared = self.times_cleared(key);
                self.records.insert(key, record.into());
            }
        }
        self.next_dot();
        Ok(())
    }

    /// Tells anew what it holds of a key, as if it were a write.
    pub fn tell_anew(&mut self, key: KeyId) {
        if self.records.contains_key(&key) {
            let dot = self.next_dot();
            if let Some(record) = self.records.get_mut(&key) {
                Arc::make_mut(record).stamps.set_at_least(dot);
            }
        }
    }

    fn times_cleared(&self, key: KeyId) -> u32 {
        self.cleared.get(&key).copied().unwrap_or(0)
    }

    /// Clears a key, remembering at most `most` removals; false when it holds nothing of it.
    pub fn remove(&mut self, key: KeyId, most: usize) -> bool {
        let is_held = self.records.contains_key(&key);
        if is_held {
            let times = self.times_cleared(key) + 1;
            let removal = Removal { key, dot: self.next_dot(), times };
            self.begin_anew(key, times);
            self.remember(removal, most);
        }
        is_held
    }

    /// Learns that the key was cleared so often. Returns whether that takes away what is held of it.
    fn begin_anew(&mut self, key: KeyId, times: u32) -> bool {
        if times <= self.times_cleared(key) {
            return false;
        }
        self.cleared.insert(key, times);
        self.records.remove(&key).is_some()
    }

    fn remember(&mut self, removal: Removal, most: usize) {
        self.removals.push(removal);
        while self.removals.len() > most {
            self.horizon.set_at_least(self.removals.remove(0).dot);
        }
    }

    /// The delta since the cursor; everything when the cursor does not reach the horizon (E14).
    #[must_use]
    pub fn update_since(&self, cursor: &VectorClock) -> Update {
        if !cursor.covers_all(&self.horizon) {
            return self.everything();
        }
        let news = |(_, record): &(&KeyId, &Arc<Record>)| !cursor.covers_all(&record.stamps);
        let records = self.records.iter().filter(news);
        let removals = self.removals.iter().filter(|it| !cursor.covers(it.dot));
        Update {
            since: Some(cursor.clone()),
            seen: self.seen.clone(),
            records: records.map(|(key, record)| (*key, record.clone())).collect(),
            removals: removals.copied().collect(),
            ..Update::default()
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
            cleared: self.cleared.clone(),
            ..Update::default()
        }
    }

    /// Takes in an update, remembering at most `most` removals. Idempotent and commutative.
    pub fn take_in(&mut self, update: &Update, rules: &[KeyRule], most: usize) -> Taken {
        let mut taken = Taken::default();
        for removal in &update.removals {
            if self.seen.covers(removal.dot) || self.removals.contains(removal) {
                continue;
            }
            if self.begin_anew(removal.key, removal.times) {
                taken.removed.push(removal.key);
            }
            self.remember(*removal, most);
        }
        for (key, times) in &update.cleared {
            if self.begin_anew(*key, *times) {
                taken.removed.push(*key);
            }
        }
        for (key, record) in &update.records {
            let Some(rule) = rules.get(key.0 as usize) else { continue };
            match self.take_in_record((*key, rule), record, &mut taken) {
                Ok(Applied::Same) => {}
                Ok(applied) => taken.merged.push((*key, applied)),
                Err(mixed) => taken.refused.push((*key, mixed)),
            }
        }
        match &update.since {
            None => drop(self.horizon.join(&update.horizon)),
            Some(since) => taken.has_gap = !self.seen.covers_all(since),
        }
        if !taken.has_gap && taken.refused.is_empty() {
            self.seen.join(&update.seen);
        }
        taken
    }

    fn take_in_record(
        &mut self,
        (key, rule): (KeyId, &KeyRule),
        record: &Arc<Record>,
        taken: &mut Taken,
    ) -> Result<Applied, MixedTypes> {
        let other = infer::kind(record.current());
        if let Some(one) = rule.kind.filter(|kind| record.kind() != Some(*kind)) {
            return Err(MixedTypes { one, other });
        }
        if record.cleared < self.times_cleared(key) {
            return Ok(Applied::Same);
        }
        if self.begin_anew(key, record.cleared) {
            taken.removed.push(key);
        }
        match self.records.get_mut(&key) {
            // A record that is the same would be copied for nothing.
            Some(own) if own == record && own.heads.len() == 1 => Ok(Applied::Same),
            Some(own) => Arc::make_mut(own).merge(rule.strategy, record),
            None => {
                self.records.insert(key, record.clone());
                Ok(Applied::OnlyOne)
            }
        }
    }
}

impl Update {
    /// The keys it tells of.
    pub fn keys(&self) -> impl Iterator<Item = KeyId> {
        let records = self.records.iter().map(|(key, _)| *key);
        records.chain(self.removals.iter().map(|removal| removal.key))
    }

    /// Keeps only the part about these keys. It moves no cursor, as it may lack something about other keys.
    #[must_use]
    pub fn about_only(mut self, keys: &[KeyId]) -> Self {
        self.records.retain(|(key, _)| keys.contains(key));
        self.removals.retain(|removal| keys.contains(&removal.key));
        self.strategies.retain(|(key, ..)| keys.contains(key));
        self.strong.retain(|value| keys.contains(&value.key));
        let cleared = self.cleared.iter().filter(|(key, _)| keys.contains(key));
        self.cleared = cleared.map(|(key, times)| (*key, *times)).collect();
        (self.since, self.seen) = (Some(VectorClock::new()), VectorClock::new());
        self.horizon = VectorClock::new();
        self
    }

    /// The answer to a question about some keys, with all that the sender has seen: a cursor that lacks any
    /// of that has a gap, and does not move.
    #[must_use]
    pub fn answer_about(self, keys: &[KeyId]) -> Self {
        let seen = self.seen.clone();
        Self { since: Some(seen.clone()), seen, ..self.about_only(keys) }
    }

    /// Whether something in it is new to one who has seen this.
    #[must_use]
    pub fn brings_news_to(&self, seen: &VectorClock) -> bool {
        self.records.iter().any(|(_, record)| !seen.covers_all(&record.stamps))
            || self.removals.iter().any(|removal| !seen.covers(removal.dot))
    }

    /// Whether there is anything in it that a receiver might not know.
    #[must_use]
    pub fn brings_news(&self) -> bool {
        self.keys().next().is_some() || !self.strong.is_empty()
    }
}

#[cfg(test)]
mod tests;
