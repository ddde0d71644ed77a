//! Values that were written without a type, as replicated types (S2): a number is what its agent has
//! counted, a list is a set, a map is a map, and anything else a register.
//!
//! A value that an agent sets is *its* part: 42 by one and 45 by another come to 87, however often they are
//! merged (E4). A counter that only grows is one that goes up and down and never went down, so the two merge.

use super::clock::Origin;
use super::crdt::g_counter::GCounter;
use super::crdt::g_set::GSet;
use super::crdt::lww_map::LwwMap;
use super::crdt::lww_register::LwwRegister;
use super::crdt::pn_counter::PnCounter;
use super::crdt::{Crdt, CrdtKind, MixedTypes, Operation, OperationError, Stamp};
use super::resolve::Applied;
use super::version::StateVersion;
use crate::common::value::Value;

/// Merges all versions as replicated types, and tells which rule was applied.
pub(super) fn merge(versions: &[&StateVersion]) -> Result<(StateVersion, Applied), MixedTypes> {
    let mut merged = versions[0].clone();
    let mut is_inferred = merged.crdt.is_none();
    for version in &versions[1..] {
        fits(&merged, version)?;
        is_inferred |= version.crdt.is_none();
        take_in(&mut merged, version);
    }
    let applied = applied(&merged, is_inferred);
    Ok((merged, applied))
}

pub(super) fn applied(merged: &StateVersion, is_inferred: bool) -> Applied {
    let kind = kind(merged);
    if is_inferred { Applied::CrdtInferred(kind) } else { Applied::Crdt(kind) }
}

/// # Errors
/// When the two are of types that do not merge.
pub(super) fn fits(one: &StateVersion, other: &StateVersion) -> Result<(), MixedTypes> {
    let counter = |kind| if kind == CrdtKind::GCounter { CrdtKind::PnCounter } else { kind };
    let (one, other) = (kind(one), kind(other));
    if counter(one) == counter(other) { Ok(()) } else { Err(MixedTypes { one, other }) }
}

/// The join of two versions that fit. Gives whether anything changed.
pub(super) fn take_in(own: &mut StateVersion, other: &StateVersion) -> bool {
    // A write that nobody has merged stays without a type.
    if own == other {
        return false;
    }
    let was_plain = own.crdt.is_none();
    let mut crdt = own.crdt.take().unwrap_or_else(|| infer(own));
    let joined = match &other.crdt {
        Some(other) => join(&mut crdt, other),
        None => join(&mut crdt, &infer(other)),
    };
    let mut changed = was_plain | joined;
    if changed {
        own.value = crdt.value();
    }
    own.crdt = Some(crdt);
    let before = (own.version, own.time_us, own.dot);
    own.version = own.version.max(other.version);
    own.date(other.time_us, other.dot);
    changed |= before != (own.version, own.time_us, own.dot);
    own.clock.join(&other.clock) | changed
}

/// The type of the version, or of what was written.
pub(super) fn kind(version: &StateVersion) -> CrdtKind {
    version.crdt.as_ref().map_or_else(|| kind_of(&version.value), Crdt::kind)
}

const fn kind_of(value: &Value) -> CrdtKind {
    match value {
        Value::Number(0..) => CrdtKind::GCounter,
        Value::Number(_) => CrdtKind::PnCounter,
        Value::List(_) => CrdtKind::GSet,
        Value::Map(_) => CrdtKind::LwwMap,
        Value::Null | Value::Bool(_) | Value::Text(_) => CrdtKind::LwwRegister,
    }
}

/// The origin under which an agent's plain numbers count.
const fn part_of(stamp: Stamp) -> Origin {
    Origin { agent: stamp.dot.origin.agent, life: 0 }
}

/// The value of a version as a replicated type.
pub(super) fn infer(version: &StateVersion) -> Crdt {
    let stamp = Stamp { dot: version.dot, time_us: version.time_us };
    match &version.value {
        Value::Number(number @ 0..) => {
            Crdt::GCounter(GCounter::of(part_of(stamp), number.unsigned_abs()))
        }
        Value::Number(number) => Crdt::PnCounter(PnCounter::of(part_of(stamp), *number)),
        Value::List(values) => Crdt::GSet(values.iter().cloned().collect::<GSet>()),
        Value::Map(map) => {
            let mut written = LwwMap::default();
            for (key, value) in map.iter() {
                written.write(stamp, key, Some(value));
            }
            Crdt::LwwMap(written)
        }
        value => {
            let mut register = LwwRegister::default();
            register.set(stamp, value);
            Crdt::LwwRegister(register)
        }
    }
}

/// The join of two that fit.
fn join(own: &mut Crdt, other: &Crdt) -> bool {
    match (&mut *own, other) {
        (Crdt::PnCounter(own), Crdt::GCounter(other)) => own.up.join(other),
        (Crdt::GCounter(up), Crdt::PnCounter(other)) => {
            let mut both = PnCounter { up: core::mem::take(up), down: GCounter::default() };
            both.join(other);
            *own = Crdt::PnCounter(both);
            true
        }
        // They fit.
        (own, other) => own.join(other).unwrap_or(false),
    }
}

/// The state of a version after its holder has set a plain value: the value is the holder's part from now on.
///
/// # Errors
/// When the value is of another type, or the part of a counter that only grows would shrink.
pub(super) fn set(
    version: &StateVersion,
    value: &Value,
    stamp: Stamp,
) -> Result<Crdt, OperationError> {
    value.check()?;
    let mut crdt = version.crdt.clone().unwrap_or_else(|| infer(version));
    match (&mut crdt, value) {
        (Crdt::GCounter(counter), Value::Number(number)) => {
            let by = change(counter.entry(part_of(stamp)).cast_signed(), *number)?;
            if by < 0 {
                return Err(OperationError::CannotGoDown { found: value.clone() });
            }
            counter.add(part_of(stamp), by)?;
        }
        (Crdt::PnCounter(counter), Value::Number(number)) => {
            let (up, down) = counter.entry(part_of(stamp));
            let part = i128::from(up) - i128::from(down);
            let part = i64::try_from(part).map_err(|_| OperationError::Overflow)?;
            counter.add(part_of(stamp), change(part, *number)?)?;
        }
        (Crdt::GSet(set), Value::List(values)) => {
            for value in values.iter() {
                set.insert(value);
            }
        }
        (Crdt::LwwMap(map), Value::Map(entries)) => {
            for (key, value) in entries.iter() {
                map.write(stamp, key, Some(value));
            }
        }
        (Crdt::GCounter(_) | Crdt::PnCounter(_) | Crdt::GSet(_) | Crdt::LwwMap(_), _) => {
            return Err(MixedTypes { one: crdt.kind(), other: kind_of(value) }.into());
        }
        (Crdt::OrSet(_) | Crdt::LwwRegister(_) | Crdt::MvRegister(_), _) => {
            crdt.apply(&Operation::Set(value.clone()), stamp)?;
        }
    }
    Ok(crdt)
}

fn change(from: i64, to: i64) -> Result<i64, OperationError> {
    to.checked_sub(from).ok_or(OperationError::Overflow)
}

/// Whether what a version wrote is in the result. Only registers lose what is written.
pub(super) fn holds(result: &StateVersion, version: &StateVersion) -> bool {
    match &result.crdt {
        None | Some(Crdt::LwwRegister(_)) => result.value == version.value,
        // A version that the result contains changes nothing in a join.
        Some(crdt) => match &version.crdt {
            Some(other) => crdt.clone().join(other).is_ok_and(|changed| !changed),
            None => true,
        },
    }
}
