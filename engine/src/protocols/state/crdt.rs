//! Replicated types: what many write at once merges into one, and nothing that was written is lost but
//! what the type itself says (S3; Shapiro et al. 2011, *A comprehensive study of Convergent and
//! Commutative Replicated Data Types*).
//!
//! Every type is a join semilattice: its merge is commutative, associative and idempotent, and an
//! operation only ever moves upwards. A *delta* is a small state that has the effect of one operation
//! (Almeida, Shoker & Baquero 2018, *Delta state replicated data types*); it is merged like any other.
//!
//! - [`g_counter`], [`pn_counter`]: counters
//! - [`g_set`], [`or_set`]: sets
//! - [`lww_register`], [`mv_register`]: registers
//! - [`lww_map`]: a map
//! - [`context`]: which dots were seen
//! - [`dotted`]: values that live as long as their dots

pub mod context;
pub mod dotted;
pub mod g_counter;
pub mod g_set;
pub mod lww_map;
pub mod lww_register;
pub mod mv_register;
pub mod or_set;
pub mod pn_counter;

use std::sync::Arc;

use serde::Serialize;

use self::g_counter::GCounter;
use self::g_set::GSet;
use self::lww_map::LwwMap;
use self::lww_register::LwwRegister;
use self::mv_register::MvRegister;
use self::or_set::OrSet;
use self::pn_counter::PnCounter;
use super::clock::{Dot, Origin};
use crate::common::value::{Value, ValueError};
use crate::sim::{AgentId, LocalTime};

/// The replicated types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum CrdtKind {
    GCounter,
    PnCounter,
    GSet,
    OrSet,
    LwwRegister,
    MvRegister,
    LwwMap,
}

impl CrdtKind {
    /// All types, with their names in files and their descriptions for people.
    pub const ALL: [(Self, &'static str, &'static str); 7] = [
        (Self::GCounter, "g_counter", "counter that only grows"),
        (Self::PnCounter, "pn_counter", "counter that goes up and down"),
        (Self::GSet, "g_set", "set that only grows"),
        (Self::OrSet, "or_set", "set in which adding wins over removing"),
        (Self::LwwRegister, "lww_register", "register in which the last write wins"),
        (Self::MvRegister, "mv_register", "register that keeps concurrent values"),
        (Self::LwwMap, "lww_map", "map in which the last write of each key wins"),
    ];

    /// Its name in files.
    #[must_use]
    #[inline]
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Its description for people.
    #[must_use]
    #[inline]
    pub const fn words(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// The names of its operations.
    #[must_use]
    #[inline]
    pub const fn operations(self) -> &'static str {
        match self {
            Self::GCounter | Self::PnCounter => "add",
            Self::GSet => "insert",
            Self::OrSet => "insert and remove",
            Self::LwwRegister | Self::MvRegister => "set",
            Self::LwwMap => "put and take",
        }
    }
}

/// An operation on the value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Operation {
    /// Adds to a counter, in millionths; a number below 0 lowers it.
    Add(i64),
    /// Inserts into a set.
    Insert(Value),
    /// Removes from a set.
    Remove(Value),
    /// Sets a register, or a key without a type.
    Set(Value),
    /// Puts a value under a key of a map.
    Put(Arc<str>, Value),
    /// Takes a key out of a map.
    Take(Arc<str>),
}

impl Operation {
    /// Its name in files.
    #[must_use]
    #[inline]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Insert(_) => "insert",
            Self::Remove(_) => "remove",
            Self::Set(_) => "set",
            Self::Put(..) => "put",
            Self::Take(_) => "take",
        }
    }

    /// # Errors
    /// When what would be kept is too deep or too large.
    #[inline]
    fn check(&self) -> Result<(), ValueError> {
        match self {
            Self::Add(_) => Ok(()),
            Self::Insert(value) | Self::Remove(value) | Self::Set(value) => value.check(),
            Self::Put(key, value) => Value::Text(key.clone()).check().and(value.check()),
            Self::Take(key) => Value::Text(key.clone()).check(),
        }
    }
}

/// The writer of an operation, with the number of its write, and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stamp {
    pub dot: Dot,
    /// By the writer's own clock.
    pub time_us: LocalTime,
}

/// Why an operation is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    #[error(
        "a {} ({}) has no operation {operation}; it has {}", .kind.words(), .kind.name(),
        .kind.operations()
    )]
    NoSuchOperation { kind: CrdtKind, operation: &'static str },
    #[error(
        "the key has no type, so that it can only be set, and there is no {operation}; give it a type"
    )]
    NoType { operation: &'static str },
    #[error(
        "a counter that only grows cannot go down, to or by {found}; use a pn_counter, which goes up \
         and down"
    )]
    CannotGoDown { found: Value },
    #[error("the counter would pass 9 223 372 036 854; add less")]
    Overflow,
    #[error(transparent)]
    Value(#[from] ValueError),
    #[error(transparent)]
    Mixed(#[from] MixedTypes),
}

/// Two replicas hold the same key as different types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot merge a {} ({}) with a {} ({}); give the key one type at all agents", .one.words(),
    .one.name(), .other.words(), .other.name()
)]
pub struct MixedTypes {
    pub one: CrdtKind,
    pub other: CrdtKind,
}

/// A replicated value, or a delta of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Crdt {
    GCounter(GCounter),
    PnCounter(PnCounter),
    GSet(GSet),
    OrSet(OrSet),
    LwwRegister(LwwRegister),
    MvRegister(MvRegister),
    LwwMap(LwwMap),
}

impl Crdt {
    /// As it is before the first operation: 0, or empty.
    #[must_use]
    #[inline]
    pub fn new(kind: CrdtKind) -> Self {
        match kind {
            CrdtKind::GCounter => Self::GCounter(GCounter::default()),
            CrdtKind::PnCounter => Self::PnCounter(PnCounter::default()),
            CrdtKind::GSet => Self::GSet(GSet::default()),
            CrdtKind::OrSet => Self::OrSet(OrSet::default()),
            CrdtKind::LwwRegister => Self::LwwRegister(LwwRegister::default()),
            CrdtKind::MvRegister => Self::MvRegister(MvRegister::default()),
            CrdtKind::LwwMap => Self::LwwMap(LwwMap::default()),
        }
    }

    #[must_use]
    #[inline]
    pub const fn kind(&self) -> CrdtKind {
        match self {
            Self::GCounter(_) => CrdtKind::GCounter,
            Self::PnCounter(_) => CrdtKind::PnCounter,
            Self::GSet(_) => CrdtKind::GSet,
            Self::OrSet(_) => CrdtKind::OrSet,
            Self::LwwRegister(_) => CrdtKind::LwwRegister,
            Self::MvRegister(_) => CrdtKind::MvRegister,
            Self::LwwMap(_) => CrdtKind::LwwMap,
        }
    }

    /// Applies the operation of the writer. Gives the delta, which merged into any replica has the same
    /// effect there.
    ///
    /// Sets and multi-value registers take only the origin of the stamp: they count their own dots, so that
    /// these have no gaps where the origin writes other keys in between.
    ///
    /// # Errors
    /// When the type has no such operation, a counter cannot bear it, or the value is too deep or large.
    #[inline]
    pub fn apply(&mut self, operation: &Operation, stamp: Stamp) -> Result<Self, OperationError> {
        operation.check()?;
        let origin = stamp.dot.origin;
        let delta = match (&mut *self, operation) {
            (Self::GCounter(counter), Operation::Add(by)) => {
                Self::GCounter(counter.add(origin, *by)?)
            }
            (Self::PnCounter(counter), Operation::Add(by)) => {
                Self::PnCounter(counter.add(origin, *by)?)
            }
            (Self::GSet(set), Operation::Insert(value)) => Self::GSet(set.insert(value)),
            (Self::OrSet(set), Operation::Insert(value)) => Self::OrSet(set.insert(origin, value)),
            (Self::OrSet(set), Operation::Remove(value)) => Self::OrSet(set.remove(value)),
            (Self::LwwRegister(register), Operation::Set(value)) => {
                Self::LwwRegister(register.set(stamp, value))
            }
            (Self::MvRegister(register), Operation::Set(value)) => {
                Self::MvRegister(register.set(origin, value))
            }
            (Self::LwwMap(map), Operation::Put(key, value)) => {
                Self::LwwMap(map.write(stamp, key, Some(value)))
            }
            (Self::LwwMap(map), Operation::Take(key)) => Self::LwwMap(map.write(stamp, key, None)),
            (_, operation) => {
                let (kind, operation) = (self.kind(), operation.name());
                return Err(OperationError::NoSuchOperation { kind, operation });
            }
        };
        Ok(delta)
    }

    /// The join of both.
    ///
    /// # Errors
    /// When they are of different types (S2); nothing has changed then.
    #[inline]
    pub fn merge(&mut self, other: &Self) -> Result<(), MixedTypes> {
        self.join(other).map(|_| ())
    }

    /// [`Self::merge`], which says whether anything changed.
    #[inline]
    pub(super) fn join(&mut self, other: &Self) -> Result<bool, MixedTypes> {
        let changed = match (&mut *self, other) {
            (Self::GCounter(own), Self::GCounter(other)) => own.join(other),
            (Self::PnCounter(own), Self::PnCounter(other)) => own.join(other),
            (Self::GSet(own), Self::GSet(other)) => own.join(other),
            (Self::OrSet(own), Self::OrSet(other)) => own.join(other),
            (Self::LwwRegister(own), Self::LwwRegister(other)) => own.join(other),
            (Self::MvRegister(own), Self::MvRegister(other)) => own.join(other),
            (Self::LwwMap(own), Self::LwwMap(other)) => own.join(other),
            (own, other) => return Err(MixedTypes { one: own.kind(), other: other.kind() }),
        };
        Ok(changed)
    }

    /// The value that the state stands for: the sum of a counter; a set as a sorted list; the value of a
    /// register, or a sorted list of its concurrent values, or null before the first; a map as a map.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Value {
        match self {
            Self::GCounter(counter) => Value::Number(counter.sum()),
            Self::PnCounter(counter) => Value::Number(counter.sum()),
            Self::GSet(set) => set.value(),
            Self::OrSet(set) => set.value(),
            Self::LwwRegister(register) => register.value(),
            Self::MvRegister(register) => register.value(),
            Self::LwwMap(map) => map.value(),
        }
    }

    /// The entries of a counter, by origin: how much each origin has added up and down, both in millionths.
    /// Empty for other types.
    #[must_use]
    #[inline]
    pub fn entries(&self) -> Vec<(Origin, i64, i64)> {
        match self {
            Self::GCounter(counter) => counter.entries(),
            Self::PnCounter(counter) => counter.entries(),
            _ => Vec::new(),
        }
    }

    /// The part of a counter that this agent alone has counted, in all its lives; `None` when it has counted
    /// nothing.
    #[must_use]
    #[inline]
    pub fn counted_by(&self, agent: AgentId) -> Option<Self> {
        let mut own = Self::new(self.kind());
        for (origin, up, down) in self.entries() {
            if origin.agent != agent {
                continue;
            }
            let (up, down) = (up.unsigned_abs(), down.unsigned_abs());
            match &mut own {
                Self::GCounter(counter) => drop(counter.join(&GCounter::of(origin, up))),
                Self::PnCounter(counter) => {
                    counter.up.join(&GCounter::of(origin, up));
                    counter.down.join(&GCounter::of(origin, down));
                }
                _ => return None,
            }
        }
        (own != Self::new(self.kind())).then_some(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::{number, stamp};

    #[test]
    fn every_kind_stands_at_its_own_place() {
        for (place, (kind, name, words)) in CrdtKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
            assert_eq!((kind.name(), kind.words()), (name, words));
            assert_eq!(Crdt::new(kind).kind(), kind);
        }
    }

    #[test]
    fn a_type_takes_its_own_operations_and_names_them_to_those_who_try_others() {
        let key: Arc<str> = "key".into();
        let one = number(1);
        let operations = [
            Operation::Add(1),
            Operation::Insert(one.clone()),
            Operation::Remove(one.clone()),
            Operation::Set(one.clone()),
            Operation::Put(key.clone(), one),
            Operation::Take(key),
        ];
        for (kind, ..) in CrdtKind::ALL {
            for operation in &operations {
                let mut crdt = Crdt::new(kind);
                let applied = crdt.apply(operation, stamp("A1", 1)).map(|delta| delta.kind());
                let name = operation.name();
                let expected = if kind.operations().split(" and ").any(|own| own == name) {
                    Ok(kind)
                } else {
                    Err(OperationError::NoSuchOperation { kind, operation: name })
                };
                assert_eq!(applied, expected);
            }
        }
        let mut set = Crdt::new(CrdtKind::OrSet);
        let refused = set.apply(&Operation::Add(1), stamp("A1", 1)).unwrap_err().to_string();
        let told = "a set in which adding wins over removing (or_set) has no operation add; it has \
                    insert and remove";
        assert_eq!(refused, told);
    }

    #[test]
    fn what_is_refused_changes_nothing() {
        let long = Value::text(&"x".repeat(5_000));
        let key: Arc<str> = "x".repeat(5_000).into();
        for (kind, operation) in [
            (CrdtKind::GCounter, Operation::Add(-1)),
            (CrdtKind::PnCounter, Operation::Add(i64::MIN)),
            (CrdtKind::GSet, Operation::Insert(long.clone())),
            (CrdtKind::OrSet, Operation::Insert(long.clone())),
            (CrdtKind::LwwRegister, Operation::Set(long.clone())),
            (CrdtKind::MvRegister, Operation::Set(long.clone())),
            (CrdtKind::LwwMap, Operation::Put("key".into(), long)),
            (CrdtKind::LwwMap, Operation::Put(key, Value::Null)),
        ] {
            let mut crdt = Crdt::new(kind);
            assert!(crdt.apply(&operation, stamp("A1", 1)).is_err());
            assert_eq!(crdt, Crdt::new(kind));
        }
    }

    #[test]
    fn mixed_types_do_not_merge() {
        for (one, ..) in CrdtKind::ALL {
            for (other, ..) in CrdtKind::ALL {
                let mut crdt = Crdt::new(one);
                let expected = if one == other { Ok(()) } else { Err(MixedTypes { one, other }) };
                assert_eq!(crdt.merge(&Crdt::new(other)), expected);
                assert_eq!(crdt, Crdt::new(one));
            }
        }
    }
}
