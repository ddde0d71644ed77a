//! Merges of replicated types, beside the crate `crdts` where both have the type.

use std::hint::black_box;

use engine::coordination::state::clock::{Dot, Origin};
use engine::coordination::state::crdt::{Crdt, CrdtKind, Operation, Stamp};
use engine::coordination::state::value::Value;
use engine::sim::AgentId;
use serde::{Deserialize, Serialize};

use crate::clock::seconds;

/// Replicas that meet, each with each, twice: the second time nothing is new.
pub const REPLICAS: u32 = 4;

/// Each replica has done so many operations; a quarter of them another has done, too.
const OPERATIONS: u32 = 100;

/// Best of so many: the machines are noisy, and the fastest is the least disturbed.
const ROUNDS: u32 = 20;

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

/// What a replica does, by the number of the operation.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    pub actor: u32,
    pub number: u32,
}

impl Deed {
    /// Of a counter every deed is another origin's, as if the replica had heard of each of them.
    #[must_use]
    pub const fn counted_by(self) -> u32 {
        self.member()
    }

    #[must_use]
    pub const fn by(self) -> i64 {
        (self.actor * 3 + self.number % 5) as i64 + 1
    }

    /// What it puts into a set, a quarter of which another puts in, too.
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
        let applied = crdt.apply(&operation, Stamp { dot, time_us: u64::from(deed.number) });
        assert!(applied.is_ok(), "the benchmark's own operation is wrong");
    }
    crdt
}

/// Merges per second, in millions: every replica hears of each other one, twice. What is merged lies ready
/// before the clock starts, for `merge` to take or to look at, and is thrown away after it stops.
pub fn rate<T: Clone>(replicas: &[T], merge: impl Fn(&mut T, &mut Option<T>)) -> f64 {
    let mut best: f64 = 0.0;
    for _ in 0..ROUNDS {
        let mut all = Vec::new();
        for _ in 0..MEETINGS {
            for (place, own) in replicas.iter().enumerate() {
                let others = replicas.iter().enumerate().filter(|(other, _)| *other != place);
                let others: Vec<Option<T>> = others.map(|(_, other)| Some(other.clone())).collect();
                all.push((own.clone(), [others.clone(), others].concat()));
            }
        }
        let mut merges = 0_u64;
        let before_s = seconds();
        for (own, others) in &mut all {
            for other in others {
                merge(own, other);
                merges += 1;
            }
        }
        best = best.max(merges as f64 / (seconds() - before_s) / 1e6);
        black_box(&all);
    }
    best
}

/// Every type.
#[must_use]
pub fn measure_all() -> Vec<MergeRate> {
    let each = CrdtKind::ALL.into_iter().map(|(kind, name, _)| {
        let replicas: Vec<Crdt> = (0..REPLICAS).map(|actor| ours(kind, actor)).collect();
        let merge = |own: &mut Crdt, other: &mut Option<Crdt>| {
            let merged = other.as_ref().map(|other| own.merge(other));
            assert!(merged.is_some_and(|merged| merged.is_ok()), "they are of one type");
        };
        MergeRate {
            name: name.to_owned(),
            million_per_second: rate(&replicas, merge),
            peer_million_per_second: peer_rate(kind),
        }
    });
    each.collect()
}

#[cfg(target_arch = "wasm32")]
fn peer_rate(_: CrdtKind) -> Option<f64> {
    None
}

/// The peer's states by the same operations, on the same values; in its set with removals on plain numbers,
/// because they have to hash. It takes what it merges, and is measured taking it.
#[cfg(not(target_arch = "wasm32"))]
fn peer_rate(kind: CrdtKind) -> Option<f64> {
    use crdts::{CmRDT as _, CvRDT, GCounter, GSet, LWWReg, MVReg, Orswot, PNCounter};
    fn measured<T: Clone + CvRDT>(replica: impl Fn(u32) -> T) -> Option<f64> {
        let replicas: Vec<T> = (0..REPLICAS).map(replica).collect();
        Some(rate(&replicas, |own, other| {
            if let Some(other) = other.take() {
                own.merge(other);
            }
        }))
    }
    match kind {
        CrdtKind::GCounter => measured(|actor| {
            let mut counter = GCounter::<u32>::new();
            for deed in deeds(actor) {
                counter.apply(counter.inc_many(deed.counted_by(), deed.by().unsigned_abs()));
            }
            counter
        }),
        CrdtKind::PnCounter => measured(|actor| {
            let mut counter = PNCounter::<u32>::new();
            for deed in deeds(actor) {
                let by = deed.by().unsigned_abs();
                counter.apply(if deed.number.is_multiple_of(2) {
                    counter.dec_many(deed.counted_by(), by)
                } else {
                    counter.inc_many(deed.counted_by(), by)
                });
            }
            counter
        }),
        CrdtKind::GSet => measured(|actor| {
            let mut set = GSet::<Value>::new();
            deeds(actor).for_each(|deed| set.insert(deed.value()));
            set
        }),
        CrdtKind::OrSet => measured(|actor| {
            let mut set = Orswot::<i64, u32>::new();
            for deed in deeds(actor) {
                let seen = set.read_ctx().derive_add_ctx(actor);
                set.apply(set.add(i64::from(deed.member()), seen));
            }
            set
        }),
        CrdtKind::LwwRegister => measured(|actor| {
            let mut register = LWWReg { val: Value::Null, marker: (0, 0, 0) };
            for deed in deeds(actor) {
                let sequence = u64::from(deed.number) + 1;
                register.update(deed.value(), (u64::from(deed.number), actor, sequence));
            }
            register
        }),
        CrdtKind::MvRegister => measured(|actor| {
            let mut register = MVReg::<Value, u32>::new();
            for deed in deeds(actor) {
                let seen = register.read_ctx().derive_add_ctx(actor);
                register.apply(register.write(deed.value(), seen));
            }
            register
        }),
        CrdtKind::LwwMap => None,
    }
}
