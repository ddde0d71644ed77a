//! What all replicas should hold, when they disagree (S2). Every resolution says what it applied, what
//! decided, and whose write was lost by it.

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
    /// With the names they have in files, and words for people.
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

    /// What people call it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        Self::ALL[self as usize].2
    }
}

/// What decided which of two writes is the last.
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
    /// What the winner had.
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

/// What was applied.
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

/// What all should hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resolution {
    pub version: StateVersion,
    pub applied: Applied,
    /// The writes that are lost: their values are not in the result, and no write that is here had seen
    /// them. By dot.
    pub lost: Vec<Dot>,
}

/// What all replicas should hold, given what each of them holds. The order of the versions does not
/// matter.
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
        // What is resolved knows all that it was made of. The last write stays as it was written.
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

/// Whether replicas disagree: not all hold the same value, or some hold nothing and others something.
#[must_use]
pub fn conflict(versions: &[Option<&StateVersion>]) -> bool {
    let mut values = versions.iter().map(|version| version.map(|version| &version.value));
    let first = values.next();
    values.any(|value| Some(value) != first)
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
