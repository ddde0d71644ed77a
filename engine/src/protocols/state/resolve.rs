//! The resolution of replicas that disagree (S2): the version that all should hold, with the rule that was
//! applied, what decided, and whose write was lost by it.

use serde::Serialize;

use super::clock::{Causality, Dot};
use super::crdt::{CrdtKind, MixedTypes};
use super::infer;
use super::version::StateVersion;

/// How replicas that disagree come to agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Strategy {
    /// The latest write stays, also over one that knew it: a clock that is behind loses writes.
    #[default]
    LastWriteWins,
    /// A write replaces those it knew; among writes that did not know one another the last wins.
    VectorClock,
    /// Replicated types: everything that was written counts.
    Crdt,
}

impl Strategy {
    /// All strategies, with their names in files and their descriptions for people.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::LastWriteWins, "last_write_wins", "the last write wins"),
        (Self::VectorClock, "vector_clock", "a write replaces those it knew"),
        (Self::Crdt, "crdt", "replicated types merge"),
    ];

    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Its description for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        Self::ALL[self as usize].2
    }
}

/// The criterion that decided which of two writes is the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Decider {
    Time,
    /// The times were the same.
    Agent,
    /// So were the agents.
    Sequence,
    /// It was the same dot.
    Value,
}

impl Decider {
    /// The winner's advantage.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Time => "later time",
            Self::Agent => "same time, higher agent",
            Self::Sequence => "same time and agent, higher sequence",
            Self::Value => "same write, higher value",
        }
    }
}

/// The rule by which versions were resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Applied {
    /// There was one write only, of all that have not lost before.
    OnlyOne,
    /// All held the same already.
    Same,
    LastWrite {
        by: Decider,
    },
    /// One write knew all the others.
    VectorCausal,
    /// Some writes did not know one another, and the last of them wins.
    VectorConcurrentLww {
        by: Decider,
    },
    /// Merged by the type the key has.
    Crdt(CrdtKind),
    /// Merged by the type its values have.
    CrdtInferred(CrdtKind),
}

impl Applied {
    /// A number of its own, for a trace.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Self::OnlyOne => 0,
            Self::Same => 1,
            Self::LastWrite { by } => 2 | (by as u64) << 4,
            Self::VectorCausal => 3,
            Self::VectorConcurrentLww { by } => 4 | (by as u64) << 4,
            Self::Crdt(kind) => 5 | (kind as u64) << 4,
            Self::CrdtInferred(kind) => 6 | (kind as u64) << 4,
        }
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::OnlyOne => "only_one",
            Self::Same => "same",
            Self::LastWrite { .. } => "last_write_wins",
            Self::VectorCausal => "vector_causal",
            Self::VectorConcurrentLww { .. } => "vector_concurrent_lww",
            Self::Crdt(_) => "crdt",
            Self::CrdtInferred(_) => "crdt_inferred",
        }
    }
}

/// The version that all replicas should hold, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resolution {
    pub version: StateVersion,
    pub applied: Applied,
    /// The writes that are lost: their values are not in the result, and no write that is here had seen
    /// them. By dot.
    pub lost: Vec<Dot>,
}

/// The version that all replicas should hold, given the versions that they hold, in any order.
///
/// # Errors
/// When they have different types (S2).
///
/// # Panics
/// Without any version.
pub fn resolve(strategy: Strategy, versions: &[&StateVersion]) -> Result<Resolution, MixedTypes> {
    let (last, by) = last_write(versions);
    let (mut version, mut applied) = match strategy {
        Strategy::LastWriteWins => (last.clone(), decided(by, |by| Applied::LastWrite { by })),
        Strategy::VectorClock => concurrent(versions),
        Strategy::Crdt => infer::merge(versions)?,
    };
    for other in versions {
        version.version = version.version.max(other.version);
        // The resolved version knows all that it was made of. The last write stays as it was written.
        if strategy != Strategy::LastWriteWins || version.compare(other).0.is_eq() {
            version.clock.join(&other.clock);
        }
    }
    if versions.iter().all(|other| **other == *last) {
        applied = if versions.len() == 1 { Applied::OnlyOne } else { Applied::Same };
    }
    let lost = lost(versions, &version);
    Ok(Resolution { version, applied, lost })
}

/// The type that a version is of, or that is inferred from what was written.
#[must_use]
pub fn kind_of(version: &StateVersion) -> CrdtKind {
    infer::kind(version)
}

/// Whether each holds already what a merge of all would come to. Two counters that both show 1 and merge to 2 do
/// not, nor do values whose types do not merge.
#[must_use]
pub fn is_merged(strategy: Strategy, versions: &[&StateVersion]) -> bool {
    let Some(first) = versions.first() else { return true };
    let is_same = versions.iter().all(|version| version.value == first.value);
    // By the other strategies a merge picks one of the values.
    if strategy != Strategy::Crdt || !is_same || versions.iter().all(|version| version == first) {
        return is_same;
    }
    resolve(strategy, versions).is_ok_and(|merged| merged.version.value == first.value)
}

/// Whether replicas are in conflict: some hold something and others nothing, or a merge would change what one of
/// them holds.
#[must_use]
pub fn conflict(strategy: Strategy, versions: &[Option<&StateVersion>]) -> bool {
    let known: Vec<&StateVersion> = versions.iter().copied().flatten().collect();
    let is_held_by_all = known.len() == versions.len() || known.is_empty();
    !is_held_by_all || !is_merged(strategy, &known)
}

/// The last write, and what it won by if there is another one.
pub(super) fn last_write<'a>(versions: &[&'a StateVersion]) -> (&'a StateVersion, Option<Decider>) {
    let mut last = versions[0];
    let mut second: Option<&StateVersion> = None;
    for version in &versions[1..] {
        if version.wins(last) {
            second = Some(last);
            last = version;
        } else if last.wins(version) && second.is_none_or(|second| version.wins(second)) {
            second = Some(version);
        }
    }
    (last, second.map(|second| last.compare(second).1))
}

/// The last of the writes that no other one knew.
fn concurrent(versions: &[&StateVersion]) -> (StateVersion, Applied) {
    let is_known = |version: &StateVersion| {
        versions.iter().any(|other| version.clock.compare(&other.clock) == Causality::Before)
    };
    let unknown: Vec<_> = versions.iter().copied().filter(|version| !is_known(version)).collect();
    let (last, by) = last_write(&unknown);
    let applied = by.map_or(Applied::VectorCausal, |by| Applied::VectorConcurrentLww { by });
    (last.clone(), applied)
}

fn decided(by: Option<Decider>, applied: impl Fn(Decider) -> Applied) -> Applied {
    by.map_or(Applied::OnlyOne, applied)
}

fn lost(versions: &[&StateVersion], result: &StateVersion) -> Vec<Dot> {
    let mut lost = Vec::new();
    for version in versions {
        let dot = version.dot;
        let is_known = || versions.iter().any(|other| other.dot != dot && other.clock.covers(dot));
        if infer::holds(result, version) || is_known() {
            continue;
        }
        if let Err(place) = lost.binary_search(&dot) {
            lost.insert(place, dot);
        }
    }
    lost
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::common::value::Value;
    use crate::protocols::state::crdt::{Operation, Stamp};
    use crate::protocols::state::letters::{clock, dot, list, map, number};
    use crate::protocols::state::record::Record;
    use crate::sim::LocalTime;

    fn version(dot_of: &str, knows: &str, time_us: u64, value: &Value) -> StateVersion {
        let mut clock = clock(knows);
        clock.set_at_least(dot(dot_of));
        let (value, dot) = (value.clone(), dot(dot_of));
        StateVersion {
            value,
            version: 1,
            time_us: LocalTime(0).after(time_us),
            dot,
            clock,
            crdt: None,
        }
    }

    fn check(
        strategy: Strategy,
        versions: &[StateVersion],
        value: &Value,
        applied: Applied,
        lost: &[&str],
    ) {
        let mut versions: Vec<&StateVersion> = versions.iter().collect();
        for _ in 0..2 {
            let resolution = resolve(strategy, &versions).unwrap();
            assert_eq!(resolution.version.value, *value);
            assert_eq!(resolution.applied, applied);
            assert_eq!(resolution.lost, lost.iter().map(|text| dot(text)).collect::<Vec<_>>());
            versions.reverse();
        }
    }

    #[test]
    fn the_last_write_wins_and_says_by_what() {
        let of = |dot, time_us, value| version(dot, "", time_us, &number(value));
        for (one, other, by, lost) in [
            (of("A1", 6, 1), of("B1", 5, 2), Decider::Time, &["B1"][..]),
            (of("B1", 5, 1), of("A1", 5, 2), Decider::Agent, &["A1"]),
            // The later write of one agent knows the one before.
            (of("A2", 5, 1), of("A1", 5, 2), Decider::Sequence, &[]),
        ] {
            let applied = Applied::LastWrite { by };
            check(Strategy::LastWriteWins, &[one, other], &number(1), applied, lost);
        }
        let tie = [of("A1", 5, 1), of("A1", 5, 2)];
        let applied = Applied::LastWrite { by: Decider::Value };
        check(Strategy::LastWriteWins, &tie, &number(2), applied, &["A1"]);
    }

    #[test]
    fn a_clock_that_is_behind_loses_a_newer_write_only_where_the_last_write_wins() {
        let old = version("A1", "", 100, &number(1));
        let new = version("B1", "A1", 50, &number(2));
        let both = [old, new];
        let applied = Applied::LastWrite { by: Decider::Time };
        check(Strategy::LastWriteWins, &both, &number(1), applied, &["B1"]);
        check(Strategy::VectorClock, &both, &number(2), Applied::VectorCausal, &[]);
    }

    #[test]
    fn concurrent_writes_fall_back_on_the_last_and_the_clock_knows_both() {
        let both = [version("A2", "B1", 5, &number(1)), version("B2", "A1", 6, &number(2))];
        let applied = Applied::VectorConcurrentLww { by: Decider::Time };
        check(Strategy::VectorClock, &both, &number(2), applied, &["A2"]);
        let resolved = resolve(Strategy::VectorClock, &[&both[0], &both[1]]).unwrap();
        assert_eq!(resolved.version.clock, clock("A2 B2"));
        // A stale replica beside them is not lost: both knew it.
        let stale = version("A1", "", 1, &number(0));
        check(
            Strategy::VectorClock,
            &[vec![stale], both.to_vec()].concat(),
            &number(2),
            applied,
            &["A2"],
        );
    }

    #[test]
    fn what_was_written_without_a_type_merges_by_its_type() {
        let of = |dot, value: &Value| version(dot, "", u64::from(dot == "B1"), value);
        let list_of = |numbers: &[i64]| list(numbers.iter().copied().map(number));
        let text = Value::text;
        let last = [("a", number(1)), ("b", number(3)), ("c", number(4))];
        for (one, other, merged, kind, lost) in [
            (number(42), number(45), number(87), CrdtKind::GCounter, &[][..]),
            (number(42), number(-45), number(-3), CrdtKind::PnCounter, &[]),
            (list_of(&[2, 1]), list_of(&[3, 2]), list_of(&[1, 2, 3]), CrdtKind::GSet, &[]),
            (text("one"), text("other"), text("other"), CrdtKind::LwwRegister, &["A1"]),
            (Value::Null, Value::Bool(true), Value::Bool(true), CrdtKind::LwwRegister, &["A1"]),
            (
                map(&[("a", number(1)), ("b", number(2))]),
                map(&[("b", number(3)), ("c", number(4))]),
                map(&last),
                CrdtKind::LwwMap,
                &[],
            ),
        ] {
            let both = [of("A1", &one), of("B1", &other)];
            check(Strategy::Crdt, &both, &merged, Applied::CrdtInferred(kind), lost);
        }
    }

    #[test]
    fn what_has_been_resolved_stays_when_it_is_resolved_again() {
        let (a, b) = (version("A1", "", 1, &number(42)), version("B1", "", 2, &number(45)));
        for (strategy, ..) in Strategy::ALL {
            let once = resolve(strategy, &[&a, &b]).unwrap().version;
            for again in [&[&once, &a][..], &[&b, &once], &[&b, &once, &a, &once]] {
                assert_eq!(resolve(strategy, again).unwrap().version, once);
            }
        }
    }

    #[test]
    fn one_alone_and_those_that_are_the_same_need_no_rule() {
        let a = version("A1", "", 1, &number(42));
        for (strategy, ..) in Strategy::ALL {
            check(strategy, from_ref(&a), &number(42), Applied::OnlyOne, &[]);
            check(strategy, &[a.clone(), a.clone()], &number(42), Applied::Same, &[]);
        }
    }

    #[test]
    fn a_number_and_a_text_are_no_type_together() {
        let (a, b) = (version("A1", "", 1, &number(42)), version("B1", "", 2, &Value::text("x")));
        let error = resolve(Strategy::Crdt, &[&a, &b]).unwrap_err();
        assert_eq!(error, MixedTypes { one: CrdtKind::GCounter, other: CrdtKind::LwwRegister });
        assert!(error.to_string().ends_with("give the key one type at all agents"));
    }

    #[test]
    fn replicas_are_in_conflict_when_values_differ_or_are_missing() {
        let a = &version("A1", "", 1, &number(42));
        let same = &version("B1", "", 2, &number(42));
        let other = &version("B1", "", 2, &number(45));
        for (strategy, ..) in Strategy::ALL {
            let conflict = |versions: &[_]| conflict(strategy, versions);
            assert!(!conflict(&[]) && !conflict(&[None, None]) && !conflict(&[Some(a)]));
            assert!(conflict(&[Some(a), Some(other)]));
            assert!(conflict(&[Some(a), None]) && conflict(&[None, Some(a)]));
            // Each has counted 42 of its own.
            let merges = strategy == Strategy::Crdt;
            assert_eq!(conflict(&[Some(a), Some(same), Some(a)]), merges, "{strategy:?}");
        }
    }

    /// For every type: two replicas that show the same are in conflict when their merge is something else,
    /// and no more once they are merged.
    #[test]
    fn replicas_that_show_the_same_are_in_conflict_until_they_are_merged() {
        let written = |kind, dot_of: &str, operations: &[Operation]| {
            let mut record: Option<Record> = None;
            for (number, operation) in (1..).zip(operations) {
                let of = dot(&format!("{dot_of}{number}"));
                let stamp = Stamp { dot: of, time_us: LocalTime(0).after(number) };
                match &mut record {
                    Some(record) => record.write(Strategy::Crdt, operation, stamp).unwrap(),
                    None => record = Some(Record::first(Some(kind), operation, stamp).unwrap()),
                }
            }
            record.unwrap()
        };
        let (add, insert) = (|it| Operation::Add(it), |it| Operation::Insert(number(it)));
        let put = |it| Operation::Put("a".into(), number(it));
        for (kind, one, other, differs) in [
            (CrdtKind::GCounter, vec![add(1_000_000)], vec![add(1_000_000)], true),
            (
                CrdtKind::PnCounter,
                vec![add(2_000_000), add(-1_000_000)],
                vec![add(1_000_000)],
                true,
            ),
            (CrdtKind::PnCounter, vec![add(1_000_000), add(-1_000_000)], vec![add(0)], false),
            (CrdtKind::GSet, vec![insert(1)], vec![insert(1)], false),
            (CrdtKind::OrSet, vec![insert(1)], vec![insert(1)], false),
            (CrdtKind::LwwMap, vec![put(1)], vec![put(1)], false),
        ] {
            let (mut a, mut b) = (written(kind, "A", &one), written(kind, "B", &other));
            assert_eq!(a.current().value, b.current().value, "{kind:?}");
            let told = |a: &Record, b: &Record| {
                conflict(Strategy::Crdt, &[Some(a.current()), Some(b.current())])
            };
            assert_eq!(told(&a, &b), differs, "{kind:?}");
            a.merge(Strategy::Crdt, &b).unwrap();
            b.merge(Strategy::Crdt, &a).unwrap();
            assert!(!told(&a, &b), "{kind:?}");
        }
    }

    #[test]
    fn strategies_stand_at_their_own_places() {
        for (place, (strategy, name, words)) in Strategy::ALL.into_iter().enumerate() {
            assert_eq!(strategy as usize, place);
            assert_eq!((strategy.name(), strategy.words()), (name, words));
        }
    }
}
