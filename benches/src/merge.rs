//! Merges of replicated types, beside the crate `crdts` where both have the type.

#[cfg(not(target_arch = "wasm32"))]
mod peer;

use std::hint::black_box;

use engine::common::value::Value;
use engine::protocols::state::clock::{Dot, Origin};
use engine::protocols::state::crdt::{Crdt, CrdtKind, Operation, Stamp};
use engine::sim::{AgentId, LocalTime};
use serde::{Deserialize, Serialize};

use crate::clock::seconds;

/// Replicas that meet, each with each, twice: the second time nothing is new.
pub const REPLICAS: u32 = 4;

/// The operations of each replica; another has done a quarter of them, too.
const OPERATIONS: u32 = 100;

/// So much time is counted, in seconds, so often; the best counts.
const LEAST_S: f64 = 0.05;
const ROUNDS: u32 = 5;

/// How often all meet in a round.
const MEETINGS: u32 = 50;

/// How fast a type merges.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergeRate {
    pub name: String,
    /// Merges per second of wall-clock time, in millions.
    pub million_per_second: f64,
    /// The peer's, where it has the type; natively only.
    pub peer_million_per_second: Option<f64>,
}

/// An operation of a replica, by its number.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    pub actor: u32,
    pub number: u32,
}

impl Deed {
    /// The origin of an increment: another one for every deed, as if the replica had heard of each of them.
    #[must_use]
    pub const fn counted_by(self) -> u32 {
        self.member()
    }

    #[must_use]
    pub const fn by(self) -> i64 {
        (self.actor * 3 + self.number % 5) as i64 + 1
    }

    /// The element that it puts into a set; another replica puts in a quarter of them, too.
    #[must_use]
    pub const fn member(self) -> u32 {
        self.actor * (OPERATIONS * 3 / 4) + self.number
    }

    #[must_use]
    pub fn value(self) -> Value {
        Value::Number(i64::from(self.member()))
    }
}

/// The deeds of a replica.
pub fn deeds(actor: u32) -> impl Iterator<Item = Deed> {
    (0..OPERATIONS).map(move |number| Deed { actor, number })
}

fn ours(kind: CrdtKind, actor: u32) -> Crdt {
    let mut crdt = Crdt::new(kind);
    for deed in deeds(actor) {
        let member = deed.value();
        let (operation, by) = match kind {
            CrdtKind::GCounter => (Operation::Add(deed.by()), deed.counted_by()),
            CrdtKind::PnCounter if deed.number.is_multiple_of(2) => {
                (Operation::Add(-deed.by()), deed.counted_by())
            }
            CrdtKind::PnCounter => (Operation::Add(deed.by()), deed.counted_by()),
            CrdtKind::GSet | CrdtKind::OrSet => (Operation::Insert(member), actor),
            CrdtKind::LwwRegister | CrdtKind::MvRegister => (Operation::Set(member), actor),
            CrdtKind::LwwMap => (Operation::Put(deed.member().to_string().into(), member), actor),
        };
        let origin = Origin { agent: AgentId(by), life: 0 };
        let dot = Dot { origin, sequence: u64::from(deed.number) + 1 };
        let applied = crdt.apply(&operation, Stamp { dot, time_us: LocalTime(deed.number.into()) });
        assert!(applied.is_ok(), "the benchmark's own operation is wrong");
    }
    crdt
}

/// Merges per second, in millions: every replica hears of each other one, twice. The states to merge lie
/// ready before the clock starts, for `merge` to take or to look at, and are thrown away after it stops. A
/// browser's clock is coarse: merging goes on until enough time was counted.
pub fn rate<T: Clone>(replicas: &[T], merge: impl Fn(&mut T, &mut Option<T>)) -> f64 {
    let (mut merges, mut took_s) = (0_u64, 0.0);
    while took_s < LEAST_S {
        let mut all = Vec::new();
        for _ in 0..MEETINGS {
            for (place, own) in replicas.iter().enumerate() {
                let others = replicas.iter().enumerate().filter(|(other, _)| *other != place);
                let others: Vec<Option<T>> = others.map(|(_, other)| Some(other.clone())).collect();
                all.push((own.clone(), [others.clone(), others].concat()));
            }
        }
        let before_s = seconds();
        for (own, others) in &mut all {
            for other in others {
                merge(own, other);
                merges += 1;
            }
        }
        took_s += seconds() - before_s;
        black_box(&all);
    }
    merges as f64 / took_s / 1e6
}

/// A function that is called: a browser compiles for good what is entered anew, not a loop that is running.
#[inline(never)]
fn merge(own: &mut Crdt, other: &mut Option<Crdt>) {
    let merged = other.as_ref().map(|other| own.merge(other));
    assert!(merged.is_some_and(|merged| merged.is_ok()), "they are of one type");
}

/// Every type.
#[must_use]
pub fn measure_all() -> Vec<MergeRate> {
    let each = CrdtKind::ALL.into_iter().map(|(kind, name, _)| {
        let replicas: Vec<Crdt> = (0..REPLICAS).map(|actor| ours(kind, actor)).collect();
        let mut best = MergeRate {
            name: name.to_owned(),
            million_per_second: 0.0,
            peer_million_per_second: None,
        };
        // In turns: a machine that is busy for a while is so for both.
        for _ in 0..ROUNDS {
            best.million_per_second = best.million_per_second.max(rate(&replicas, merge));
            let peer = peer_rate(kind);
            best.peer_million_per_second =
                peer.map(|rate| rate.max(best.peer_million_per_second.unwrap_or(0.0)));
        }
        best
    });
    each.collect()
}

#[cfg(target_arch = "wasm32")]
const fn peer_rate(_: CrdtKind) -> Option<f64> {
    None
}

#[cfg(not(target_arch = "wasm32"))]
fn peer_rate(kind: CrdtKind) -> Option<f64> {
    let replicas: Option<Vec<peer::Peer>> =
        (0..REPLICAS).map(|actor| peer::replica(kind, actor)).collect();
    // It takes what it merges.
    let merge = |own: &mut peer::Peer, other: &mut Option<peer::Peer>| {
        let merged = other.take().map(|other| own.merge(other));
        assert!(merged.is_some_and(|merged| merged.is_ok()), "they are of one type");
    };
    Some(rate(&replicas?, merge))
}
