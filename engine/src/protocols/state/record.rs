//! The record of a key at one replica, and how it takes in another's: a join by every strategy, so that
//! replicas which have seen the same writes hold the same (S2, S4).

use serde::Serialize;
use smallvec::SmallVec;

use super::clock::{Causality, VectorClock};
use super::crdt::{Crdt, CrdtKind, MixedTypes, Operation, OperationError, Stamp};
use super::infer;
use super::resolve::{Applied, Strategy, last_write};
use super::version::StateVersion;
use crate::common::value::Value;

/// A key at one replica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// One; under [`Strategy::VectorClock`] all writes that none of the others knew, by dot.
    pub heads: Vec<StateVersion>,
    /// The dots of all writes that went into it, also of those that lost: what a delta compares with a
    /// cursor.
    pub stamps: VectorClock,
    /// How often the key had been cleared before.
    pub cleared: u32,
}

impl From<StateVersion> for Record {
    fn from(version: StateVersion) -> Self {
        Self { stamps: version.clock.clone(), heads: vec![version], cleared: 0 }
    }
}

impl Record {
    /// The first write of a key, which has a type or not.
    ///
    /// # Errors
    /// When the type has no such operation, or the value is too deep or large.
    pub fn first(
        kind: Option<CrdtKind>,
        operation: &Operation,
        stamp: Stamp,
    ) -> Result<Self, OperationError> {
        let crdt = kind.map(Crdt::new);
        let nothing = StateVersion {
            value: Value::Null,
            version: 0,
            time_us: stamp.time_us,
            dot: stamp.dot,
            clock: VectorClock::new(),
            crdt,
        };
        Ok(next(&nothing, &VectorClock::new(), operation, stamp)?.into())
    }

    /// The version that a reader gets: the head, or the last write of several.
    #[must_use]
    pub fn current(&self) -> &StateVersion {
        match self.heads.as_slice() {
            [head] => head,
            heads => last_write(&heads.iter().collect::<Vec<_>>()).0,
        }
    }

    /// The replicated type it is of, if it has one.
    #[must_use]
    pub fn kind(&self) -> Option<CrdtKind> {
        self.current().crdt.as_ref().map(|crdt| crdt.kind())
    }

    /// A write of this replica. A key with a replicated type takes its operations; one without is set.
    /// By [`Strategy::Crdt`] a value that is set without a type is the writer's part of the whole.
    ///
    /// The time is that of the writer's clock as it is. If it is behind, [`Strategy::LastWriteWins`] drops
    /// the write: `current().dot` is not that of the stamp then.
    ///
    /// # Errors
    /// When the type has no such operation, a counter cannot bear it, or the value is too deep or large.
    /// Nothing has changed then.
    pub fn write(
        &mut self,
        strategy: Strategy,
        operation: &Operation,
        stamp: Stamp,
    ) -> Result<(), OperationError> {
        match strategy {
            Strategy::LastWriteWins => {
                let written = next(self.current(), &self.stamps, operation, stamp)?;
                self.keep_last(&[written]);
            }
            // It knows all that is here.
            Strategy::VectorClock => {
                let mut written = next(self.current(), &self.stamps, operation, stamp)?;
                let most = self.heads.iter().map(|head| head.version).max().unwrap_or(0);
                written.version = most + 1;
                self.heads = vec![written];
            }
            Strategy::Crdt => {
                let mut one = self.clone();
                one.unite(&[])?;
                let head = one.current();
                let mut written = next_part(head, &self.stamps, operation, stamp)?;
                written.date(head.time_us, head.dot);
                self.heads = vec![written];
            }
        }
        self.stamps.set_at_least(stamp.dot);
        Ok(())
    }

    /// Takes in what another replica holds. Gives what was applied; [`Applied::Same`] when nothing changed.
    ///
    /// # Errors
    /// By [`Strategy::Crdt`], when the two hold different types (S2); nothing has changed then.
    pub fn merge(&mut self, strategy: Strategy, other: &Self) -> Result<Applied, MixedTypes> {
        let (changed, applied) = match strategy {
            Strategy::LastWriteWins => self.keep_last(&other.heads),
            Strategy::VectorClock => self.keep_concurrent(&other.heads),
            Strategy::Crdt => self.unite(&other.heads)?,
        };
        let is_new = self.stamps.join(&other.stamps);
        Ok(if changed || is_new { applied } else { Applied::Same })
    }

    /// The last write of all, under the greatest version.
    fn keep_last(&mut self, others: &[StateVersion]) -> (bool, Applied) {
        let all: SmallVec<[&StateVersion; 2]> = self.heads.iter().chain(others).collect();
        let (last, by) = last_write(&all);
        let mut last = last.clone();
        for other in all {
            last.version = last.version.max(other.version);
            // The same write, of which one replica may know more.
            if last.compare(other).0.is_eq() {
                last.clock.join(&other.clock);
            }
        }
        let changed = self.heads != std::slice::from_ref(&last);
        if changed {
            self.heads = vec![last];
        }
        (changed, by.map_or(Applied::OnlyOne, |by| Applied::LastWrite { by }))
    }

    /// All writes that none of the others knew (concurrent writes). Which those are depends on their vector
    /// clocks alone and not on wall clocks, so that the result is the same in any order.
    fn keep_concurrent(&mut self, others: &[StateVersion]) -> (bool, Applied) {
        let mut changed = false;
        for other in others {
            // The same write, under a greater version at one replica.
            let is_same = |head: &&mut StateVersion| {
                let known = (head.dot, &head.clock, &head.value, &head.crdt);
                known == (other.dot, &other.clock, &other.value, &other.crdt)
            };
            if let Some(head) = self.heads.iter_mut().find(is_same) {
                changed |= head.version < other.version;
                head.version = head.version.max(other.version);
                continue;
            }
            let is_known =
                |head: &StateVersion| other.clock.compare(&head.clock) == Causality::Before;
            if self.heads.iter().any(is_known) {
                continue;
            }
            self.heads.retain(|head| head.clock.compare(&other.clock) != Causality::Before);
            let order = |of: &StateVersion| (of.dot, of.clock.clone(), of.value.clone());
            let place = self.heads.partition_point(|head| order(head) < order(other));
            self.heads.insert(place, other.clone());
            changed = true;
        }
        let (_, by) = last_write(&self.heads.iter().collect::<Vec<_>>());
        (changed, by.map_or(Applied::VectorCausal, |by| Applied::VectorConcurrentLww { by }))
    }

    /// All merged into one, as replicated types.
    fn unite(&mut self, others: &[StateVersion]) -> Result<(bool, Applied), MixedTypes> {
        for other in self.heads[1..].iter().chain(others) {
            infer::fits(&self.heads[0], other)?;
        }
        let rest = self.heads.split_off(1);
        let mut changed = !rest.is_empty();
        let head = &mut self.heads[0];
        let mut is_inferred = head.crdt.is_none();
        for other in rest.iter().chain(others) {
            is_inferred |= other.crdt.is_none();
            changed |= infer::take_in(head, other);
        }
        Ok((changed, infer::applied(head, is_inferred)))
    }
}

/// The version after this one, by a writer that knew these stamps.
fn next(
    version: &StateVersion,
    stamps: &VectorClock,
    operation: &Operation,
    stamp: Stamp,
) -> Result<StateVersion, OperationError> {
    let mut crdt = version.crdt.clone();
    let value = match (&mut crdt, operation) {
        (Some(crdt), operation) => {
            crdt.apply(operation, stamp)?;
            crdt.value()
        }
        (None, Operation::Set(value)) => {
            value.check()?;
            value.clone()
        }
        (None, operation) => return Err(OperationError::NoType { operation: operation.name() }),
    };
    let mut clock = stamps.clone();
    clock.set_at_least(stamp.dot);
    let Stamp { dot, time_us } = stamp;
    Ok(StateVersion { value, version: version.version + 1, time_us, dot, clock, crdt })
}

/// The same by [`Strategy::Crdt`], where a value that is set without a type is a part of the whole.
fn next_part(
    version: &StateVersion,
    stamps: &VectorClock,
    operation: &Operation,
    stamp: Stamp,
) -> Result<StateVersion, OperationError> {
    let Operation::Set(value) = operation else {
        return next(version, stamps, operation, stamp);
    };
    let crdt = infer::set(version, value, stamp)?;
    let mut clock = stamps.clone();
    clock.set_at_least(stamp.dot);
    let Stamp { dot, time_us } = stamp;
    let value = crdt.value();
    Ok(StateVersion { value, version: version.version + 1, time_us, dot, clock, crdt: Some(crdt) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{dot, list, number, stamp};
    use crate::protocols::state::resolve::{Decider, resolve};

    fn set(text: &str, time_us: u64, value: i64) -> Record {
        Record::first(None, &Operation::Set(number(value)), stamp(text, time_us)).unwrap()
    }

    fn merged(strategy: Strategy, one: &Record, other: &Record) -> (Record, Applied) {
        let mut record = one.clone();
        let applied = record.merge(strategy, other).unwrap();
        (record, applied)
    }

    #[test]
    fn what_agents_set_without_a_type_is_the_part_of_each() {
        let (a, b) = (set("A1", 1, 42), set("B1", 2, 45));
        let (both, applied) = merged(Strategy::Crdt, &a, &b);
        assert_eq!(applied, Applied::CrdtInferred(CrdtKind::GCounter));
        assert_eq!(both.current().value, number(87));
        assert_eq!(merged(Strategy::Crdt, &both, &a), (both.clone(), Applied::Same));
        assert_eq!(merged(Strategy::Crdt, &both, &b), (both.clone(), Applied::Same));
        assert_eq!(merged(Strategy::Crdt, &b, &both).0, both);
        // A raises its part to 50, and B cannot lower its own.
        let mut more = both;
        more.write(Strategy::Crdt, &Operation::Set(number(50)), stamp("A2", 3)).unwrap();
        assert_eq!(more.current().value, number(95));
        let lower = more.write(Strategy::Crdt, &Operation::Set(number(1)), stamp("B2", 4));
        assert!(matches!(lower, Err(OperationError::CannotGoDown { .. })));
        let text = more.write(Strategy::Crdt, &Operation::Set(Value::text("x")), stamp("B2", 4));
        assert!(matches!(text, Err(OperationError::Mixed(_))));
    }

    #[test]
    fn a_part_below_zero_may_change_both_ways() {
        let (mut a, b) = (set("A1", 1, -10), set("B1", 2, 4));
        a.merge(Strategy::Crdt, &b).unwrap();
        assert_eq!(a.current().value, number(-6));
        a.write(Strategy::Crdt, &Operation::Set(number(5)), stamp("A2", 3)).unwrap();
        assert_eq!(a.current().value, number(9));
        a.write(Strategy::Crdt, &Operation::Set(number(-1)), stamp("A3", 4)).unwrap();
        assert_eq!(a.current().value, number(3));
    }

    #[test]
    fn a_write_by_a_clock_that_is_behind_is_dropped_where_the_last_write_wins() {
        let mut a = set("A1", 100, 1);
        a.write(Strategy::LastWriteWins, &Operation::Set(number(2)), stamp("B1", 50)).unwrap();
        assert_eq!((&a.current().value, a.current().dot), (&number(1), dot("A1")));
        assert!(a.stamps.covers(dot("B1")), "it is known to have been");
        assert!(!a.current().clock.covers(dot("B1")), "the write that stays did not know it");
        a.write(Strategy::VectorClock, &Operation::Set(number(3)), stamp("B2", 60)).unwrap();
        assert_eq!((&a.current().value, a.current().version), (&number(3), 3));
    }

    #[test]
    fn concurrent_writes_stay_side_by_side_until_one_knows_them() {
        let (a, b) = (set("A1", 9, 1), set("B1", 5, 2));
        let by = Decider::Time;
        let (mut both, applied) = merged(Strategy::VectorClock, &b, &a);
        assert_eq!(applied, Applied::VectorConcurrentLww { by });
        assert_eq!(
            both.heads.iter().map(|head| head.dot).collect::<Vec<_>>(),
            [dot("A1"), dot("B1")]
        );
        assert_eq!(both.current().value, number(1));
        // The resolved version knows both, and replaces them.
        let heads: Vec<_> = both.heads.iter().collect();
        let resolved = resolve(Strategy::VectorClock, &heads).unwrap().version;
        let (resolved, applied) = merged(Strategy::VectorClock, &both, &resolved.into());
        assert_eq!((resolved.heads.len(), applied), (1, Applied::VectorCausal));
        both.write(Strategy::VectorClock, &Operation::Set(number(3)), stamp("B2", 6)).unwrap();
        for old in [&a, &b] {
            assert_eq!(merged(Strategy::VectorClock, &both, old), (both.clone(), Applied::Same));
        }
        assert_eq!(merged(Strategy::VectorClock, &a, &both), (both, Applied::VectorCausal));
    }

    #[test]
    fn a_version_is_one_more_than_all_it_replaces() {
        let (mut a, b) = (set("A1", 1, 1), set("B1", 9, 2));
        let again = Operation::Set(number(3));
        a.write(Strategy::VectorClock, &again, stamp("A2", 2)).unwrap();
        a.merge(Strategy::VectorClock, &b).unwrap();
        assert_eq!((a.heads.len(), a.current().version), (2, 1));
        a.write(Strategy::VectorClock, &again, stamp("A3", 3)).unwrap();
        assert_eq!(a.current().version, 3);
    }

    #[test]
    fn a_key_with_a_type_takes_its_operations() {
        let insert = |value| Operation::Insert(number(value));
        let mut a = Record::first(Some(CrdtKind::OrSet), &insert(1), stamp("A1", 1)).unwrap();
        let mut b = a.clone();
        b.write(Strategy::Crdt, &Operation::Remove(number(1)), stamp("B1", 2)).unwrap();
        a.write(Strategy::Crdt, &insert(2), stamp("A2", 3)).unwrap();
        let (both, applied) = merged(Strategy::Crdt, &a, &b);
        assert_eq!(applied, Applied::Crdt(CrdtKind::OrSet));
        assert_eq!(both.current().value, list([number(2)]));
        assert_eq!((both.current().version, both.current().dot), (2, dot("A2")));
        assert_eq!(both.current().clock, both.stamps);
        // The same key, but all is lost that one of the replicas did.
        let (last, _) = merged(Strategy::LastWriteWins, &a, &b);
        assert_eq!(last.current().value, list([1, 2].map(number)));
    }

    #[test]
    fn a_key_without_a_type_can_only_be_set() {
        let add = Operation::Add(1);
        let refused = Record::first(None, &add, stamp("A1", 1)).unwrap_err();
        assert_eq!(refused, OperationError::NoType { operation: "add" });
        for (strategy, ..) in Strategy::ALL {
            let mut record = set("A1", 1, 1);
            let before = record.clone();
            assert_eq!(record.write(strategy, &add, stamp("A2", 2)), Err(refused.clone()));
            assert_eq!(record, before);
        }
    }

    #[test]
    fn mixed_types_change_nothing() {
        let text = Operation::Set(Value::text("x"));
        let text = Record::first(None, &text, stamp("B1", 2)).unwrap();
        let mut record = set("A1", 1, 1);
        assert!(record.merge(Strategy::Crdt, &text).is_err());
        assert_eq!(record, set("A1", 1, 1));
        assert!(record.merge(Strategy::LastWriteWins, &text).is_ok());
    }
}
