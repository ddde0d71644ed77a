//! What one replica holds of a key, and how it takes in what another holds: by every strategy a join, so
//! that replicas which have seen the same writes hold the same (S2, S4).

use serde::Serialize;

use super::clock::{Causality, VectorClock};
use super::crdt::{Crdt, CrdtKind, MixedTypes, Operation, OperationError, Stamp};
use super::infer;
use super::resolve::{Applied, Strategy, last_write};
use super::value::Value;
use super::version::StateVersion;

/// A key at one replica.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// One; under [`Strategy::VectorClock`] all writes that none of the others knew, by dot.
    pub heads: Vec<StateVersion>,
    /// The dots of all writes that went into it, also of those that lost: what a delta compares with a
    /// cursor.
    pub stamps: VectorClock,
}

impl From<StateVersion> for Record {
    fn from(version: StateVersion) -> Self {
        Self { stamps: version.clock.clone(), heads: vec![version] }
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

    /// What a reader gets: the head, or the last write of several.
    #[must_use]
    pub fn current(&self) -> &StateVersion {
        match self.heads.as_slice() {
            [head] => head,
            heads => last_write(&heads.iter().collect::<Vec<_>>()).0,
        }
    }

    /// A write of this replica. A key with a replicated type takes its operations; one without is set.
    /// By [`Strategy::Crdt`] what is set without a type is the writer's part of the whole.
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
        let all: Vec<_> = self.heads.iter().chain(others).collect();
        let (last, by) = last_write(&all);
        let mut last = last.clone();
        for other in all {
            last.version = last.version.max(other.version);
            // The same write, of which one replica knows more.
            if last.compare(other).0.is_eq() {
                last.clock.join(&other.clock);
            }
        }
        let changed = self.heads != [last.clone()];
        self.heads = vec![last];
        (changed, by.map_or(Applied::OnlyOne, |by| Applied::LastWrite { by }))
    }

    /// All writes that none of the others knew. Which those are depends on their clocks alone and not on
    /// the times, so that it comes to the same in any order, whatever the wall clocks say.
    fn keep_concurrent(&mut self, others: &[StateVersion]) -> (bool, Applied) {
        let mut changed = false;
        for other in others {
            let is_known = |head: &StateVersion| {
                head == other || other.clock.compare(&head.clock) == Causality::Before
            };
            if self.heads.iter().any(is_known) {
                continue;
            }
            self.heads.retain(|head| head.clock.compare(&other.clock) != Causality::Before);
            let order = (other.dot, &other.clock);
            let place = self.heads.partition_point(|head| (head.dot, &head.clock) < order);
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

/// The same by [`Strategy::Crdt`], where what is set without a type is a part of the whole.
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
