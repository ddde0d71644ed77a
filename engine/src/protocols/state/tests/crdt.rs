//! Replicated state over random histories: states and deltas are delivered late, twice, out of order or
//! never, wall clocks go back, and replicas that have seen the same writes hold the same. The crate
//! `crdts` is the oracle of the types that both have.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::common::value::Value;
use crate::map::Map;
use crate::protocols::state::clock::{Dot, Origin};
use crate::protocols::state::crdt::{Crdt, CrdtKind, Operation, Stamp};
use crate::protocols::state::record::Record;
use crate::protocols::state::resolve::{Applied, Strategy as Resolver, resolve};
use crate::protocols::state::version::StateVersion;
use crate::sim::{AgentId, LocalTime};
use crdts::{CmRDT, CvRDT};
use proptest::prelude::*;

const REPLICAS: usize = 4;

/// One step of a history, and the replica that takes it.
#[derive(Clone, Debug)]
struct Action {
    what: What,
    replica: usize,
    /// Which operation, or which of all states there ever were.
    pick: usize,
    value: i64,
    time_us: u64,
    /// How many dots of the agent go to other keys before this write.
    elsewhere: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Write,
    /// The state another replica has now.
    Merge,
    /// A state or delta that was there at some time.
    MergeOld,
}

fn action() -> impl Strategy<Value = Action> {
    let what =
        prop_oneof![3 => Just(What::Write), 2 => Just(What::Merge), 2 => Just(What::MergeOld)];
    let numbers = (0..REPLICAS, any::<u16>(), -3_i64..6, 0_u64..5, 0_u64..3);
    (what, numbers).prop_map(|(what, (replica, pick, value, time_us, elsewhere))| {
        let pick = usize::from(pick);
        Action { what, replica, pick, value, time_us, elsewhere }
    })
}

fn history() -> impl Strategy<Value = Vec<Action>> {
    prop::collection::vec(action(), 1..40)
}

fn kind() -> impl Strategy<Value = CrdtKind> {
    (0..CrdtKind::ALL.len()).prop_map(|place| CrdtKind::ALL[place].0)
}

fn operation(kind: CrdtKind, action: &Action) -> Operation {
    let value = Value::integer(action.value).unwrap();
    let key: Arc<str> = ["a", "b", "c"][action.pick % 3].into();
    let is_second = (action.pick / 3).is_multiple_of(3);
    match kind {
        CrdtKind::GCounter => Operation::Add(action.value.abs()),
        CrdtKind::PnCounter => Operation::Add(action.value),
        CrdtKind::OrSet if is_second => Operation::Remove(value),
        CrdtKind::GSet | CrdtKind::OrSet => Operation::Insert(value),
        CrdtKind::LwwRegister | CrdtKind::MvRegister => Operation::Set(value),
        CrdtKind::LwwMap if is_second => Operation::Take(key),
        CrdtKind::LwwMap => Operation::Put(key, value),
    }
}

/// The dots of each replica, over all its keys.
#[derive(Default)]
struct Dots([u64; REPLICAS]);

impl Dots {
    fn stamp(&mut self, action: &Action) -> Stamp {
        self.0[action.replica] += 1 + action.elsewhere;
        let agent = AgentId(u32::try_from(action.replica).unwrap());
        let origin = Origin { agent, life: 0 };
        let dot = Dot { origin, sequence: self.0[action.replica] };
        Stamp { dot, time_us: LocalTime(0).after(action.time_us) }
    }
}

/// Something that merges, and which writes are in it.
type Seen<T> = (T, BTreeSet<usize>);

fn join(one: &Crdt, other: &Crdt) -> Crdt {
    let mut joined = one.clone();
    joined.merge(other).unwrap();
    joined
}

/// All states and deltas there ever were, those of the replicas at the end last; and the delta of each write.
fn play(kind: CrdtKind, history: &[Action]) -> (Vec<Seen<Crdt>>, Vec<Crdt>) {
    let mut replicas: [Seen<Crdt>; REPLICAS] =
        core::array::from_fn(|_| (Crdt::new(kind), BTreeSet::new()));
    let (mut all, mut deltas, mut dots) = (vec![replicas[0].clone()], Vec::new(), Dots::default());
    for action in history {
        let before = replicas[action.replica].clone();
        let (state, seen) = &mut replicas[action.replica];
        match action.what {
            What::Write => {
                let stamp = dots.stamp(action);
                let delta = state.apply(&operation(kind, action), stamp).unwrap();
                // An operation only moves upwards, and its delta has its effect.
                assert_eq!(join(&before.0, state), *state);
                assert_eq!(join(&before.0, &delta), *state);
                seen.insert(deltas.len());
                all.push((delta.clone(), BTreeSet::from([deltas.len()])));
                deltas.push(delta);
            }
            What::Merge | What::MergeOld => {
                let (other, others_seen) = if action.what == What::Merge {
                    replicas[(action.replica + 1 + action.pick % (REPLICAS - 1)) % REPLICAS].clone()
                } else {
                    all[action.pick % all.len()].clone()
                };
                let (state, seen) = &mut replicas[action.replica];
                state.merge(&other).unwrap();
                seen.extend(others_seen);
            }
        }
        all.push(replicas[action.replica].clone());
    }
    all.extend(replicas);
    (all, deltas)
}

/// So many different places of a list, drawn from a number.
fn three(pick: usize, length: usize) -> [usize; 3] {
    [pick % length, pick / 7 % length, pick / 61 % length]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6_000, ..ProptestConfig::default() })]

    #[test]
    fn every_type_is_a_join(kind in kind(), history in history()) {
        let (all, deltas) = play(kind, &history);
        for action in &history {
            let [a, b, c] = three(action.pick, all.len()).map(|place| &all[place].0);
            let ab = join(a, b);
            assert_eq!(ab, join(b, a), "commutative");
            assert_eq!(join(&ab, c), join(a, &join(b, c)), "associative");
            assert_eq!(join(a, a), *a, "idempotent");
            assert_eq!((&join(&ab, a), &join(&ab, b)), (&ab, &ab), "it loses nothing it has seen");
            assert_eq!(ab.value(), join(b, a).value());
        }
        // A state is the join of the deltas of all writes it has seen, in whichever order.
        for (place, (state, seen)) in all.iter().enumerate() {
            let mut deltas: Vec<&Crdt> = seen.iter().map(|write| &deltas[*write]).collect();
            if place % 2 == 1 {
                deltas.reverse();
            }
            let joined = deltas.into_iter().fold(Crdt::new(kind), |joined, delta| join(&joined, delta));
            assert_eq!(*state, joined);
        }
    }

    #[test]
    fn records_are_a_join_by_every_strategy(
        resolver in 0..3_usize, typed in prop::option::of(kind()), plain in 0..4_u8, history in history()
    ) {
        let strategy = Resolver::ALL[resolver].0;
        let all = play_records(strategy, typed, plain, &history);
        if all.is_empty() {
            return Ok(());
        }
        for action in &history {
            let [a, b, c] = three(action.pick, all.len()).map(|place| &all[place].0);
            let ab = merged(strategy, a, b);
            assert_eq!(ab, merged(strategy, b, a), "commutative");
            let abc = merged(strategy, &ab, c);
            assert_eq!(abc, merged(strategy, a, &merged(strategy, b, c)), "associative");
            assert_eq!(merged(strategy, a, a), *a, "idempotent");
            assert_eq!(merged(strategy, &ab, a), ab, "it loses nothing it has seen");
            assert_eq!(merged(strategy, &ab, b), ab, "it loses nothing it has seen");
        }
        for (one, seen) in &all {
            assert!(strategy == Resolver::VectorClock || one.heads.len() == 1);
            for (other, others_seen) in &all {
                assert!(seen != others_seen || one == other, "the same writes are the same record");
            }
        }
        check_resolution(strategy, &all[all.len().saturating_sub(REPLICAS)..]);
    }
}

fn merged(strategy: Resolver, one: &Record, other: &Record) -> Record {
    let mut merged = one.clone();
    let applied = merged.merge(strategy, other).unwrap();
    assert_eq!(applied == Applied::Same, merged == *one, "it says whether anything changed");
    merged
}

/// A value without a type, always of the same kind.
fn plain_value(plain: u8, action: &Action) -> Value {
    let number = Value::integer(action.value).unwrap();
    match plain {
        0 => number,
        1 => Value::text(&action.value.to_string()),
        2 => Value::List([number, Value::Null].into()),
        _ => {
            let keys = ["a", "b", "c"].iter().take(1 + action.pick % 3);
            let entries: Map<Arc<str>, Value> =
                keys.map(|key| ((*key).into(), number.clone())).collect();
            Value::Map(Arc::new(entries))
        }
    }
}

/// All records there ever were, those of the replicas at the end last.
fn play_records(
    strategy: Resolver,
    typed: Option<CrdtKind>,
    plain: u8,
    history: &[Action],
) -> Vec<Seen<Record>> {
    let mut replicas: [Option<Seen<Record>>; REPLICAS] = Default::default();
    let (mut all, mut dots): (Vec<Seen<Record>>, _) = (Vec::new(), Dots::default());
    for (write, action) in history.iter().enumerate() {
        let others = (action.replica + 1 + action.pick % (REPLICAS - 1)) % REPLICAS;
        let other = match action.what {
            What::Merge => replicas[others].clone(),
            What::MergeOld => all.get(action.pick % all.len().max(1)).cloned(),
            What::Write => None,
        };
        let replica = &mut replicas[action.replica];
        match (action.what, &mut *replica) {
            (What::Write, replica) => {
                let operation = typed.map_or_else(
                    || Operation::Set(plain_value(plain, action)),
                    |kind| operation(kind, action),
                );
                write_to(replica, strategy, typed, &operation, dots.stamp(action), write);
            }
            (_, Some((record, seen))) => {
                let Some((other, others_seen)) = other else { continue };
                *record = merged(strategy, record, &other);
                seen.extend(others_seen);
            }
            (_, nothing) => *nothing = other,
        }
        all.extend(replica.clone());
    }
    all.extend(replicas.into_iter().flatten());
    all
}

fn write_to(
    replica: &mut Option<Seen<Record>>,
    strategy: Resolver,
    typed: Option<CrdtKind>,
    operation: &Operation,
    stamp: Stamp,
    write: usize,
) {
    let Some((record, seen)) = replica else {
        let record = Record::first(typed, operation, stamp).unwrap();
        *replica = Some((record, BTreeSet::from([write])));
        return;
    };
    let before = record.clone();
    if record.write(strategy, operation, stamp).is_err() {
        assert_eq!(*record, before, "what is refused changes nothing");
        return;
    }
    seen.insert(write);
    assert_eq!(merged(strategy, &before, record), *record, "a write only moves upwards");
    assert!(record.stamps.covers(stamp.dot));
}

/// Resolving all that replicas hold gives the same in any order, and all agree once they have taken it in.
fn check_resolution(strategy: Resolver, replicas: &[Seen<Record>]) {
    let versions: Vec<&StateVersion> =
        replicas.iter().flat_map(|(record, _)| &record.heads).collect();
    let resolution = resolve(strategy, &versions).unwrap();
    let reversed: Vec<&StateVersion> = versions.iter().rev().copied().collect();
    assert_eq!(resolve(strategy, &reversed).as_ref(), Ok(&resolution));
    let told = Record::from(resolution.version);
    let values: Vec<Value> = replicas
        .iter()
        .map(|(record, _)| merged(strategy, record, &told).current().value.clone())
        .collect();
    assert!(values.iter().all(|value| *value == told.heads[0].value), "{values:?}");
}

/// The peer's replicas beside ours, with the same states merged at the same times.
fn beside<T: Clone + CvRDT>(
    kind: CrdtKind,
    history: &[Action],
    empty: T,
    write: impl Fn(&mut T, u32, &Operation, Stamp),
    value: impl Fn(&T) -> Value,
) {
    let mut replicas: [(Crdt, T); REPLICAS] =
        core::array::from_fn(|_| (Crdt::new(kind), empty.clone()));
    let (mut all, mut dots) = (vec![replicas[0].clone()], Dots::default());
    for action in history {
        let others = (action.replica + 1 + action.pick % (REPLICAS - 1)) % REPLICAS;
        let (now, old) = (replicas[others].clone(), all[action.pick % all.len()].clone());
        let (ours, theirs) = &mut replicas[action.replica];
        if action.what == What::Write {
            let (operation, stamp) = (operation(kind, action), dots.stamp(action));
            ours.apply(&operation, stamp).unwrap();
            write(theirs, stamp.dot.origin.agent.0, &operation, stamp);
        } else {
            let other = if action.what == What::Merge { now } else { old };
            ours.merge(&other.0).unwrap();
            theirs.merge(other.1);
        }
        assert_eq!(ours.value(), value(theirs));
        all.push(replicas[action.replica].clone());
    }
}

fn sorted(values: impl IntoIterator<Item = Value>) -> Value {
    let values: BTreeSet<Value> = values.into_iter().collect();
    Value::List(values.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn counters_count_as_the_peer_counts(history in history()) {
        let add = |operation: &Operation| match operation {
            Operation::Add(by) => *by,
            _ => 0,
        };
        beside(
            CrdtKind::GCounter,
            &history,
            crdts::GCounter::<u32>::new(),
            |counter, agent, operation, _| {
                counter.apply(counter.inc_many(agent, add(operation).unsigned_abs()));
            },
            |counter| Value::Number(counter.read().to_string().parse().unwrap()),
        );
        beside(
            CrdtKind::PnCounter,
            &history,
            crdts::PNCounter::<u32>::new(),
            |counter, agent, operation, _| {
                let (by, size) = (add(operation), add(operation).unsigned_abs());
                counter.apply(if by < 0 { counter.dec_many(agent, size) } else { counter.inc_many(agent, size) });
            },
            |counter| Value::Number(counter.read().to_string().parse().unwrap()),
        );
    }

    #[test]
    fn sets_hold_what_the_peers_hold(history in history()) {
        beside(
            CrdtKind::GSet,
            &history,
            crdts::GSet::<Value>::new(),
            |set, _, operation, _| {
                let Operation::Insert(value) = operation else { return };
                set.insert(value.clone());
            },
            |set| sorted(set.read()),
        );
        // The peer's members have to hash, which our values need not.
        let number = |value: &Value| value.as_number().unwrap();
        beside(
            CrdtKind::OrSet,
            &history,
            crdts::Orswot::<i64, u32>::new(),
            |set, agent, operation, _| match operation {
                Operation::Insert(value) => {
                    set.apply(set.add(number(value), set.read_ctx().derive_add_ctx(agent)));
                }
                Operation::Remove(value) => {
                    let seen = set.contains(&number(value)).derive_rm_ctx();
                    set.apply(set.rm(number(value), seen));
                }
                _ => {}
            },
            |set| sorted(set.read().val.into_iter().map(Value::Number)),
        );
    }

    #[test]
    fn registers_hold_what_the_peers_hold(history in history()) {
        let set_to = |operation: &Operation| match operation {
            Operation::Set(value) => value.clone(),
            _ => Value::Null,
        };
        beside(
            CrdtKind::MvRegister,
            &history,
            crdts::MVReg::<Value, u32>::new(),
            |register, agent, operation, _| {
                let seen = register.read_ctx().derive_add_ctx(agent);
                register.apply(register.write(set_to(operation), seen));
            },
            |register| {
                let different: BTreeSet<Value> = register.read().val.into_iter().collect();
                match different.len() {
                    0 => Value::Null,
                    1 => different.first().unwrap().clone(),
                    _ => sorted(different),
                }
            },
        );
        beside(
            CrdtKind::LwwRegister,
            &history,
            crdts::LWWReg { val: Value::Null, marker: (0, 0, 0) },
            |register, agent, operation, stamp| {
                // Its marker is ours; before the first write it is less than all.
                register.update(set_to(operation), (stamp.time_us.0, agent, stamp.dot.sequence));
            },
            |register| register.val.clone(),
        );
    }
}

#[test]
fn what_the_seed_added_up_twice_is_counted_once() {
    // E4: 42 at one agent and 45 at another.
    let mut dots = Dots::default();
    let records = [(0, 42), (1, 45)].map(|(replica, value)| {
        let action =
            Action { what: What::Write, replica, pick: 0, value, time_us: 1, elsewhere: 0 };
        let set = Operation::Set(Value::integer(value).unwrap());
        Record::first(None, &set, dots.stamp(&action)).unwrap()
    });
    let mut record = records[0].clone();
    for _ in 0..3 {
        for other in &records {
            record.merge(Resolver::Crdt, other).unwrap();
        }
        assert_eq!(record.current().value, Value::integer(87).unwrap());
        let told = resolve(Resolver::Crdt, &[record.current(), records[1].current()]).unwrap();
        assert_eq!(told.version.value, Value::integer(87).unwrap());
    }
}
