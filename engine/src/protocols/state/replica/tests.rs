use super::*;
use crate::common::value::Value;
use crate::protocols::state::letters::{clock, dot, number, origin};

const X: KeyId = KeyId(0);
const Y: KeyId = KeyId(1);
const COUNTER: KeyId = KeyId(2);

fn rules() -> Vec<KeyRule> {
    let rule =
        |kind, strategy| KeyRule { name: "x".into(), kind, strategy, change: 0, strong: false };
    vec![
        rule(None, Strategy::LastWriteWins),
        rule(None, Strategy::Crdt),
        rule(Some(CrdtKind::GCounter), Strategy::Crdt),
    ]
}

fn replica(letter: char) -> Replica {
    Replica::new(origin(letter))
}

fn set(replica: &mut Replica, key: KeyId, value: i64, time_us: u64) {
    let rule = &rules()[key.0 as usize];
    replica
        .write((key, rule), &Operation::Set(number(value)), LocalTime(0).after(time_us))
        .unwrap();
}

fn take(replica: &mut Replica, update: &Update) -> Taken {
    replica.take_in(update, &rules(), 100)
}

fn keys(update: &Update) -> (Vec<KeyId>, Vec<KeyId>) {
    let records = update.records.iter().map(|(key, _)| *key).collect();
    (records, update.removals.iter().map(|removal| removal.key).collect())
}

#[test]
fn a_delta_is_what_the_cursor_does_not_cover() {
    let mut a = replica('A');
    set(&mut a, X, 1, 1);
    set(&mut a, Y, 2, 2);
    set(&mut a, X, 3, 3);
    a.remove(Y, 100);
    for (cursor, records, removals) in [
        ("", vec![X], vec![Y]),
        ("A1", vec![X], vec![Y]),
        ("A2", vec![X], vec![Y]),
        ("A3", vec![], vec![Y]),
        ("A4", vec![], vec![]),
        ("A9 B4", vec![], vec![]),
    ] {
        assert_eq!(keys(&a.update_since(&clock(cursor))), (records, removals), "{cursor}");
    }
}

#[test]
fn an_update_comes_to_the_same_twice_and_in_any_order() {
    let (mut a, mut b) = (replica('A'), replica('B'));
    set(&mut a, X, 1, 1);
    let first = a.update_since(&clock(""));
    set(&mut a, Y, 2, 2);
    let second = a.update_since(&clock("A1"));
    let taken = take(&mut b, &second);
    assert!(taken.has_gap && b.seen == clock(""), "the cursor waits for the first");
    assert_eq!(take(&mut b, &first).merged, [(X, Applied::OnlyOne)]);
    assert_eq!(b.seen, clock("A1"));
    assert_eq!(take(&mut b, &second), Taken::default());
    assert_eq!((&b.seen, &b.records), (&a.seen, &a.records));
    assert_eq!(take(&mut b, &a.everything()), Taken::default());
}

#[test]
fn a_removal_behind_a_gap_takes_away_and_nothing_brings_it_back() {
    let (mut a, mut b, mut c) = (replica('A'), replica('B'), replica('C'));
    set(&mut a, X, 1, 1);
    let written = a.update_since(&clock(""));
    take(&mut c, &written);
    set(&mut a, Y, 1, 2);
    a.remove(X, 100);
    for most in [0, 1, 100] {
        let mut b = b.clone();
        let removed = a.update_since(&clock("A2"));
        assert!(b.take_in(&removed, &rules(), most).has_gap);
        // Late, and from one who has not heard of it.
        for old in [&written, &c.everything()] {
            assert_eq!(b.take_in(old, &rules(), most).merged, []);
        }
        b.take_in(&a.update_since(&b.seen), &rules(), most);
        assert_eq!((&b.records, &b.seen), (&a.records, &a.seen));
    }
    assert_eq!(take(&mut b, &written).merged.len(), 1);
    assert_eq!(take(&mut b, &a.everything()).removed, [X]);
}

#[test]
fn a_clear_begins_anew() {
    let (mut a, mut b) = (replica('A'), replica('B'));
    let add = |replica: &mut Replica, by| {
        let rule = &rules()[2];
        replica.write((COUNTER, rule), &Operation::Add(by), LocalTime(1)).unwrap();
    };
    add(&mut a, 5);
    take(&mut b, &a.everything());
    assert!(a.remove(COUNTER, 100) && !a.remove(COUNTER, 100), "nothing is there any more");
    add(&mut b, 3);
    add(&mut a, 2);
    // The addition of b, concurrent with the clearing, is lost, and a's entry begins anew.
    take(&mut a, &b.everything());
    let update = a.update_since(&b.seen);
    take(&mut b, &update);
    assert_eq!(a.records, b.records);
    let record = a.records.get(&COUNTER).unwrap();
    assert_eq!((&record.current().value, record.cleared), (&Value::Number(2), 1));
    // Both clear it at once; that is twice the same.
    a.remove(COUNTER, 100);
    b.remove(COUNTER, 100);
    take(&mut a, &b.everything());
    take(&mut b, &a.everything());
    assert_eq!((&a.cleared, &a.seen), (&b.cleared, &b.seen));
    assert_eq!(a.cleared.get(&COUNTER), Some(&2));
}

#[test]
fn who_is_beyond_the_horizon_gets_everything() {
    let mut a = replica('A');
    for key in [X, Y] {
        set(&mut a, key, 1, 1);
        a.remove(key, 1);
    }
    assert_eq!((a.horizon.clone(), a.removals.len()), (clock("A2"), 1));
    assert_eq!(a.update_since(&clock("A1")).since, None);
    let update = a.update_since(&clock("A2"));
    assert_eq!((update.since.is_some(), update.removals.len()), (true, 1));
    // A replica that gets everything from a knows as little of the removed writes.
    let mut b = replica('B');
    take(&mut b, &a.everything());
    assert_eq!((&b.horizon, &b.cleared), (&a.horizon, &a.cleared));
    assert_eq!(b.update_since(&clock("A1")).since, None);
}

#[test]
fn another_type_is_refused_and_told_again() {
    let (mut a, mut b) = (replica('A'), replica('B'));
    set(&mut a, X, 1, 1);
    // By hand: a text that counts, and a counter that is a set.
    let text = Operation::Set(Value::text("x"));
    b.write((Y, &rules()[1]), &text, LocalTime(1)).unwrap();
    let insert = Operation::Insert(number(1));
    let set_rule = KeyRule { kind: Some(CrdtKind::GSet), ..rules()[2].clone() };
    a.write((COUNTER, &set_rule), &insert, LocalTime(2)).unwrap();
    set(&mut a, Y, 1, 3);
    let before = b.clone();
    let taken = take(&mut b, &a.everything());
    assert_eq!(taken.merged, [(X, Applied::OnlyOne)]);
    let mixed = |one, other| MixedTypes { one, other };
    let expected = [
        (Y, mixed(CrdtKind::LwwRegister, CrdtKind::GCounter)),
        (COUNTER, mixed(CrdtKind::GCounter, CrdtKind::GSet)),
    ];
    assert_eq!(taken.refused, expected);
    assert_eq!((&b.seen, b.records.get(&Y)), (&before.seen, before.records.get(&Y)));
    assert_eq!(b.records.get(&COUNTER), None);
    let update = a.update_since(&b.seen);
    assert_eq!(take(&mut b, &update).refused, expected);
}

#[test]
fn what_is_told_anew_is_news() {
    let mut a = replica('A');
    set(&mut a, X, 1, 1);
    a.tell_anew(Y);
    assert_eq!(a.sequence, 1, "there is nothing to tell");
    a.tell_anew(X);
    assert_eq!(keys(&a.update_since(&clock("A1"))).0, [X]);
    assert_eq!(a.records.get(&X).unwrap().current().dot, dot("A1"), "it is no new write");
}

#[test]
fn a_write_that_is_refused_changes_nothing() {
    let mut a = replica('A');
    for (key, operation) in [
        (X, Operation::Add(1)),
        (COUNTER, Operation::Add(-1)),
        (COUNTER, Operation::Set(number(1))),
        (X, Operation::Set(Value::text(&"x".repeat(5_000)))),
    ] {
        let rule = &rules()[key.0 as usize];
        assert!(a.write((key, rule), &operation, LocalTime(1)).is_err(), "{operation:?}");
        assert_eq!(a, replica('A'));
    }
}
