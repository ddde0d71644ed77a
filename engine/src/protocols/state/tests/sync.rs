//! A synchronisation does what it says of itself.

use crate::common::value;
use crate::playback::{Command, Run};
use crate::protocols::state::clock::{Dot, Origin};
use crate::protocols::state::holder::SyncKind;
use crate::protocols::state::note::StateNote;
use crate::protocols::state::replica::KeyId;
use crate::protocols::state::resolve::{Applied, Decider};
use crate::protocols::state::session::{Conflict, SyncRecord};
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, LocalTime};
use crate::swarm::note::Note;
use serde_json::{Value, json};

use super::swarm::{at, holder, notes, played, scenario, value_at, write};

/// Nothing is told unless it is asked for, and a message takes a millisecond.
pub(super) fn quiet(keys: &Value, more: &Value) -> Value {
    let mut state = json!({ "keys": keys, "push": false, "timeout_ms": 300 });
    for (name, value) in more.as_object().unwrap() {
        state[name] = value.clone();
    }
    state
}

pub(super) fn after(
    agents: u32,
    state: &Value,
    faults: &[Value],
    until_ms: u64,
) -> SwarmSimulation {
    let agents = json!([{ "id": "a", "count": agents }]);
    played(&scenario(&agents, state, faults, &json!({ "ends_at_ms": until_ms })), 1, until_ms)
}

pub(super) fn set(agent: &str, key: &str, value: i64) -> Value {
    write(agent, &json!({ "key": key, "set": value }))
}

pub(super) fn sync(agent: &str, kind: &str, with: Option<&str>) -> Value {
    match with {
        Some(with) => json!({ "sync": { "agent": agent, "kind": kind, "with": with } }),
        None => json!({ "sync": { "agent": agent, "kind": kind } }),
    }
}

pub(super) fn clear(agent: &str, keys: &[&str]) -> Value {
    json!({ "clear": { "agent": agent, "keys": keys } })
}

fn number(number: i64) -> Option<value::Value> {
    value::Value::integer(number)
}

/// The only synchronisation that this agent has finished.
fn only(simulation: &SwarmSimulation, agent: u32) -> &SyncRecord {
    let [record] = holder(simulation, agent).syncs.as_slice() else { panic!("one") };
    record
}

fn bytes(simulation: &SwarmSimulation) -> u64 {
    simulation.counters.end_to_end.bytes
}

pub(super) fn three_keys() -> Value {
    json!([{ "key": "x" }, { "key": "y" }, { "key": "z" }])
}

fn resolved(key: u32, applied: Applied) -> Conflict {
    Conflict { key: KeyId(key), resolution: Some(Ok(applied)) }
}

/// a-1 and a-2 have written x, only a-2 has written y, only a-1 z.
fn apart() -> Vec<Value> {
    vec![
        at(1, set("a-1", "x", 1)),
        at(2, set("a-2", "x", 2)),
        at(3, set("a-2", "y", 3)),
        at(4, set("a-1", "z", 4)),
    ]
}

#[test]
fn a_full_sync_brings_all_in_step_and_says_what_it_cost() {
    let mut faults = apart();
    faults.push(at(10, sync("a-1", "full", None)));
    let simulation = after(3, &quiet(&three_keys(), &json!({})), &faults, 100);
    // Asked, answered and told: three messages with each of the two others.
    let expected = SyncRecord {
        kind: SyncKind::Full,
        began_us: LocalTime(10_000),
        ended_us: LocalTime(12_000),
        missing: Vec::new(),
        keys: 3,
        // x is different, y and z are not there at all.
        conflicts: vec![
            resolved(0, Applied::LastWrite { by: Decider::Time }),
            resolved(1, Applied::OnlyOne),
            resolved(2, Applied::OnlyOne),
        ],
        changes: 2,
        messages: 6,
        bytes: bytes(&simulation),
        fell_back: false,
    };
    assert_eq!(*only(&simulation, 0), expected);
    for agent in 0..3 {
        let held = [0, 1, 2].map(|key| value_at(&simulation, agent, key));
        assert_eq!(held, [number(2), number(3), number(4)]);
    }
}

#[test]
fn a_delta_brings_exactly_what_is_missing() {
    let mut faults = apart();
    faults.push(at(10, sync("a-1", "full", None)));
    faults.push(at(20, set("a-1", "y", 5)));
    faults.push(at(30, sync("a-3", "delta", None)));
    let simulation = after(3, &quiet(&three_keys(), &json!({})), &faults, 100);
    let record = only(&simulation, 2);
    assert_eq!(
        (record.kind, record.keys, record.conflicts.len(), record.changes),
        (SyncKind::Delta, 1, 1, 1)
    );
    // Two ask and answer; a-2 lacks y as well, and is told.
    assert_eq!((record.messages, record.fell_back), (5, false));
    for agent in 0..3 {
        assert_eq!(value_at(&simulation, agent, 1), number(5));
    }
    let again = [faults, vec![at(40, sync("a-2", "delta", None))]].concat();
    let simulation = after(3, &quiet(&three_keys(), &json!({})), &again, 100);
    let record = only(&simulation, 1);
    assert_eq!((record.keys, record.changes, record.messages), (0, 0, 4), "nothing is missing");
}

#[test]
fn a_delta_with_one_leaves_the_others_alone() {
    let mut faults = apart();
    faults.push(at(10, sync("a-3", "delta", Some("a-2"))));
    let simulation = after(3, &quiet(&three_keys(), &json!({})), &faults, 100);
    let record = only(&simulation, 2);
    assert_eq!((record.keys, record.changes, record.messages), (2, 2, 2));
    assert_eq!(value_at(&simulation, 2, 0), number(2));
    assert_eq!(value_at(&simulation, 0, 1), None);
    assert_eq!(record.bytes, bytes(&simulation));
}

#[test]
fn a_query_finds_where_versions_differ_and_changes_nothing() {
    let mut faults = apart();
    faults.push(at(5, set("a-2", "x", 9)));
    faults.push(at(10, sync("a-1", "query", None)));
    let simulation = after(3, &quiet(&three_keys(), &json!({})), &faults, 100);
    let record = only(&simulation, 0);
    assert_eq!((record.keys, record.changes, record.messages), (2, 0, 4));
    let unresolved = |key| Conflict { key: KeyId(key), resolution: None };
    assert_eq!(record.conflicts, [0, 1, 2].map(unresolved));
    assert_eq!(value_at(&simulation, 0, 0), number(1));
}

#[test]
fn who_does_not_answer_in_time_is_missing_and_holds_nothing_up() {
    let mut faults = apart();
    faults.push(at(5, json!({ "crash": { "agent": "a-3" } })));
    faults.push(at(10, sync("a-1", "full", None)));
    let simulation = after(3, &quiet(&three_keys(), &json!({})), &faults, 400);
    let record = only(&simulation, 0);
    assert_eq!(record.missing, [AgentId(2)]);
    assert_eq!(record.ended_us.since(record.began_us), 300_000);
    // Two were asked, one has answered and is told.
    assert_eq!((record.messages, record.changes), (4, 2));
    assert_eq!(value_at(&simulation, 1, 2), number(4));
}

#[test]
fn a_pause_makes_a_sync_long_but_not_partial() {
    let mut faults = apart();
    faults.push(at(10, sync("a-1", "full", None)));
    faults.push(at(11, json!({ "pause": { "agent": "a-1" } })));
    faults.push(at(500, json!({ "resume": { "agent": "a-1" } })));
    let simulation = after(3, &quiet(&three_keys(), &json!({})), &faults, 600);
    let record = only(&simulation, 0);
    // Messages that came during the pause are read before the deadline is looked at.
    assert_eq!((record.missing.len(), record.changes, record.ended_us), (0, 2, LocalTime(500_001)));
}

#[test]
fn who_is_beyond_the_horizon_gets_everything_and_nothing_comes_back() {
    let apart = json!({ "partition": { "groups": [["a-1", "a-2"], ["a-3"]] } });
    for (horizon, falls_back) in [(0, true), (1, true), (2, false)] {
        let mut faults = apart_from_start();
        faults.push(at(20, apart.clone()));
        faults.push(at(21, clear("a-1", &["x"])));
        faults.push(at(22, clear("a-1", &["y"])));
        faults.push(at(30, json!("heal")));
        faults.push(at(40, sync("a-3", "delta", Some("a-1"))));
        faults.push(at(60, sync("a-2", "full", None)));
        let state = quiet(&three_keys(), &json!({ "horizon": horizon }));
        let simulation = after(3, &state, &faults, 100);
        let record = only(&simulation, 2);
        assert_eq!(record.fell_back, falls_back, "horizon {horizon}");
        assert_eq!(record.changes, 2, "horizon {horizon}");
        let beyond =
            |note| matches!(note, Note::State(StateNote::BeyondHorizon { from: AgentId(2) }));
        assert_eq!(notes(&simulation).any(|it| beyond(it.1)), falls_back);
        for agent in 0..3 {
            let held = [0, 1, 2].map(|key| value_at(&simulation, agent, key));
            assert_eq!(held, [None, None, number(4)], "horizon {horizon}, agent {agent}");
        }
    }
}

fn apart_from_start() -> Vec<Value> {
    let mut faults = apart();
    faults.push(at(10, sync("a-1", "full", None)));
    faults
}

#[test]
fn a_clear_takes_away_what_it_did_not_know_however_that_has_spread() {
    // a-2 and a-3 have merged what a-3 adds meanwhile, with more or less of what is cleared.
    let keys = json!([{ "key": "n", "type": "pn_counter" }]);
    let add = |agent: &str, by: i64| write(agent, &json!({ "key": "n", "add": by }));
    let faults = [
        at(1, add("a-2", 5)),
        at(5, sync("a-1", "delta", Some("a-2"))),
        at(10, clear("a-1", &[])),
        at(10, add("a-3", 1)),
        at(20, sync("a-3", "delta", Some("a-2"))),
        at(30, sync("a-1", "delta", Some("a-3"))),
        at(40, sync("a-1", "delta", None)),
    ];
    let simulation = after(3, &quiet(&keys, &json!({})), &faults, 100);
    for agent in 0..3 {
        assert_eq!(value_at(&simulation, agent, 0), None, "agent {agent}");
    }
    // An agent that knows of the clearing counts from zero.
    let again = [faults.to_vec(), vec![at(60, add("a-2", 2)), at(70, sync("a-2", "full", None))]];
    let simulation = after(3, &quiet(&keys, &json!({})), &again.concat(), 100);
    for agent in 0..3 {
        assert_eq!(value_at(&simulation, agent, 0), number(2), "agent {agent}");
    }
}

#[test]
fn without_memory_nothing_old_is_told_as_new() {
    let keys = json!([{ "key": "x", "value": 10 }, { "key": "n", "type": "g_counter" }]);
    let faults = [
        at(1, write("a-1", &json!({ "key": "n", "add": 3 }))),
        at(2, json!({ "crash": { "agent": "a-1" } })),
        at(10, set("a-2", "x", 20)),
        at(11, write("a-2", &json!({ "key": "n", "add": 4 }))),
        at(50, json!({ "restart": { "agent": "a-1" } })),
        at(51, write("a-1", &json!({ "key": "n", "add": 5 }))),
        at(70, sync("a-1", "delta", None)),
    ];
    let state = quiet(&keys, &json!({ "durable": false }));
    let simulation = after(3, &state, &faults, 200);
    for agent in 0..3 {
        assert_eq!(value_at(&simulation, agent, 0), number(20), "agent {agent}");
        assert_eq!(value_at(&simulation, agent, 1), number(12), "agent {agent}");
    }
}

#[test]
fn what_names_an_unknown_agent_waits_until_somebody_knows_it() {
    let keys = json!([{ "key": "x" }]);
    let state = quiet(&keys, &json!({ "push": true }));
    let cut = json!({ "cut": { "from": "n", "to": "a-1" } });
    let faults = [
        at(10, json!({ "spawn": { "agent": { "id": "n" } } })),
        // Its greeting is lost.
        at(10, cut),
        at(20, json!({ "mend": { "from": "n", "to": "a-1" } })),
        at(30, set("n", "x", 5)),
        at(50, sync("a-1", "delta", Some("a-2"))),
    ];
    let simulation = after(2, &state, &faults, 45);
    let held = |it: Note| it == Note::State(StateNote::Held { from: AgentId(3) });
    assert!(notes(&simulation).any(|(event, note)| event.agent == AgentId(0) && held(note)));
    assert_eq!((value_at(&simulation, 0, 0), value_at(&simulation, 1, 0)), (None, number(5)));
    let simulation = after(2, &state, &faults, 100);
    assert_eq!(value_at(&simulation, 0, 0), number(5));
    assert!(holder(&simulation, 0).held.is_empty());
}

#[test]
fn a_key_of_another_type_is_refused_and_the_others_go_on() {
    let keys = json!([{ "key": "p", "strategy": "crdt" }, { "key": "x" }]);
    let text = write("a-2", &json!({ "key": "p", "set": "text" }));
    let mut faults = vec![
        at(1, set("a-1", "p", 1)),
        at(1, text),
        at(2, set("a-2", "x", 7)),
        at(10, sync("a-1", "delta", None)),
    ];
    let state = quiet(&keys, &json!({}));
    let simulation = after(2, &state, &faults, 100);
    assert!(
        notes(&simulation).any(
            |it| it.1 == Note::State(StateNote::MixedTypes { key: KeyId(0), from: AgentId(1) })
        )
    );
    assert_eq!((value_at(&simulation, 0, 0), value_at(&simulation, 0, 1)), (number(1), number(7)));
    assert_eq!(value_at(&simulation, 1, 0), Some(value::Value::text("text")));
    // Clearing it at one of them mends it.
    faults.extend([at(50, clear("a-2", &["p"])), at(60, sync("a-1", "delta", None))]);
    let simulation = after(2, &state, &faults, 100);
    assert_eq!((value_at(&simulation, 0, 0), value_at(&simulation, 1, 0)), (None, None));
}

/// The report on these agents as they stand after 100 ms.
fn reported(state: &Value, faults: &[Value]) -> Value {
    let scenario =
        scenario(&json!([{ "id": "a", "count": 3 }]), state, faults, &json!({ "ends_at_ms": 100 }));
    let mut run = Run::new(scenario.into(), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    serde_json::to_value(run.report()).unwrap()
}

#[test]
fn every_resolution_has_its_label_in_the_report_and_mixed_types_are_an_error() {
    let keys = json!([
        { "key": "last" }, { "key": "knew", "strategy": "vector_clock" }, { "key": "apart", "strategy": "vector_clock" },
        { "key": "counted", "type": "g_counter" }, { "key": "parts", "strategy": "crdt" },
        { "key": "mixed", "strategy": "crdt" }, { "key": "alone" },
    ]);
    let add = |agent: &str, by: u32| write(agent, &json!({ "key": "counted", "add": by }));
    let text = write("a-2", &json!({ "key": "mixed", "set": "text" }));
    let faults = [
        at(7, set("a-1", "last", 1)),
        at(8, set("a-2", "last", 2)),
        at(1, set("a-1", "knew", 1)),
        at(2, sync("a-2", "delta", Some("a-1"))),
        at(6, set("a-2", "knew", 2)),
        at(7, set("a-1", "apart", 1)),
        at(8, set("a-2", "apart", 2)),
        at(8, add("a-1", 1)),
        at(9, add("a-2", 2)),
        at(8, set("a-1", "parts", 42)),
        at(9, set("a-2", "parts", 45)),
        at(8, set("a-1", "mixed", 1)),
        at(9, text),
        at(9, set("a-2", "alone", 1)),
        at(20, sync("a-1", "full", Some("a-2"))),
    ];
    let report = reported(&quiet(&keys, &json!({})), &faults);
    assert_eq!(
        report["syncs"][1]["resolutions"],
        json!({
            "last": "last_write_wins", "knew": "vector_causal", "apart": "vector_concurrent_lww",
            "counted": "crdt", "parts": "crdt_inferred", "mixed": "mixed_types", "alone": "only_one",
        })
    );
    assert_eq!(report["syncs"][1]["conflicts"], 7);
    assert_eq!(
        report["state"]["mixed"]["error"],
        "mixed has mixed types: g_counter at a-1; lww_register at a-2; write one type under mixed in state.keys"
    );
    assert_eq!(report["state"]["parts"]["error"], Value::Null);
    assert_eq!(report["state"]["parts"]["replicas"]["a-1"], 87);
}

#[test]
fn keys_are_brought_in_step_one_by_one() {
    for kind in ["full", "delta"] {
        let only_y = json!({ "sync": { "agent": "a-1", "kind": kind, "keys": ["y"] } });
        let mut faults = apart();
        faults.extend([at(5, set("a-1", "y", 9)), at(10, only_y)]);
        let state = quiet(&three_keys(), &json!({}));
        let simulation = after(3, &state, &faults, 50);
        let held = |agent| [0, 1, 2].map(|key| value_at(&simulation, agent, key));
        assert_eq!(held(0), [number(1), number(9), number(4)], "{kind}");
        assert_eq!(held(1), [number(2), number(9), None], "{kind}: the newer y went back");
        assert_eq!(held(2), [None, number(9), None], "{kind}");
        let record = only(&simulation, 0);
        assert_eq!((record.keys, record.conflicts.len()), (1, 1), "{kind}");
        assert_eq!(record.conflicts[0].key, KeyId(1));
        // No cursor has moved: what was left out is still told.
        faults.push(at(60, sync("a-3", "delta", None)));
        let simulation = after(3, &state, &faults, 100);
        let held = [0, 1, 2].map(|key| value_at(&simulation, 2, key));
        assert_eq!(held, [number(2), number(9), number(4)], "{kind}");
    }
}

#[test]
fn who_was_away_when_the_strategy_changed_hears_of_it() {
    let keys = json!([{ "key": "p" }]);
    let change = json!({ "set_strategy": { "strategy": "crdt" } });
    let faults = [
        at(1, set("a-1", "p", 1)),
        at(2, set("a-2", "p", 2)),
        at(5, json!({ "crash": { "agent": "a-1" } })),
        at(10, change),
        at(20, json!({ "restart": { "agent": "a-1" } })),
        at(40, sync("a-2", "delta", None)),
    ];
    let simulation = after(2, &quiet(&keys, &json!({})), &faults, 100);
    for agent in 0..2 {
        assert_eq!(value_at(&simulation, agent, 0), number(3), "agent {agent}");
        assert_eq!(holder(&simulation, agent).rules.keys[0].change, 1);
    }
}

#[test]
fn a_request_from_the_future_is_refused() {
    let agents = json!([{ "id": "a", "count": 3 }]);
    let faults = [at(1, set("a-1", "x", 1)), at(10, sync("a-2", "delta", None))];
    let state = quiet(&three_keys(), &json!({}));
    let mut scenario = scenario(&agents, &state, &faults, &json!({ "ends_at_ms": 100 }));
    // By hand: it claims that a-1 has written seven times.
    let origin = Origin { agent: AgentId(0), life: 0 };
    let holders = &mut scenario.rooms.state.as_mut().unwrap().holders;
    holders[1].replica.seen.set_at_least(Dot { origin, sequence: 7 });
    let simulation = played(&scenario, 1, 100);
    assert!(notes(&simulation).any(|(event, note)| {
        (event.agent, note)
            == (AgentId(0), Note::State(StateNote::FromTheFuture { from: AgentId(1) }))
    }));
    assert_eq!(value_at(&simulation, 1, 0), None);
    let record = only(&simulation, 1);
    assert_eq!((record.missing.len(), record.changes, record.messages), (0, 0, 5));
}

#[test]
fn several_keys_travel_in_one_message() {
    let keys = json!([{ "key": "k", "count": 5 }]);
    let state = json!({ "keys": keys });
    let writes: Vec<Value> =
        (1..=5).map(|it| json!({ "key": format!("k-{it}"), "set": it })).collect();
    let faults = [at(1, json!({ "write": { "agent": "a-1", "writes": writes } }))];
    let simulation = after(4, &state, &faults, 100);
    assert_eq!(simulation.counters.end_to_end.sent, 3);
    for agent in 0..4 {
        assert_eq!(value_at(&simulation, agent, 4), number(5));
    }
}

#[test]
fn a_delta_after_one_key_in_a_hundred_costs_a_fiftieth_of_everything() {
    let keys = json!([{ "key": "k", "count": 10_000, "value": 1 }]);
    let writes: Vec<Value> =
        (1..=100_i64).map(|it| json!({ "key": format!("k-{}", it * 100), "set": -it })).collect();
    let changed = at(1, json!({ "write": { "agent": "a-1", "writes": writes } }));
    let of = |kind: &str| {
        let faults = [changed.clone(), at(10, sync("a-2", kind, Some("a-1")))];
        let simulation = after(2, &quiet(&keys, &json!({})), &faults, 100);
        let record = only(&simulation, 1);
        assert_eq!((record.changes, record.conflicts.len()), (100, 100), "{kind}");
        assert_eq!(value_at(&simulation, 1, 9_999), number(-100));
        record.bytes
    };
    let (full, delta) = (of("full"), of("delta"));
    // Half of the bytes of a full sync are sent back; the bound holds without these too.
    assert!(delta * 50 <= full / 2, "{delta} of {full} bytes");
}

#[test]
fn a_replica_of_the_file_has_only_what_it_holds() {
    // b's write lies with a alone, and a's clock says that it knew c's.
    let state = json!({
        "keys": [{ "key": "n", "type": "g_counter", "value": 1 }, { "key": "x" }],
        "push": false,
        "replicas": [
            { "agent": "a-1", "key": "n", "value": 42, "version": 2 },
            { "agent": "a-2", "key": "n", "value": 45, "version": 2 },
            { "agent": "a-1", "key": "x", "value": 5, "by": "a-2", "clock": { "a-2": 7, "a-3": 2 } },
        ],
    });
    let sync = |it: u32| at(10 * u64::from(it), sync(&format!("a-{it}"), "delta", None));
    let faults = [at(1, set("a-2", "x", 6)), sync(1), sync(2), sync(3)];
    let simulation = after(3, &state, &faults, 100);
    let first = [0, 1].map(|key| value_at(&simulation, 0, key));
    // E4: each one's own entry counts; that of the first was 1 in what all hold.
    assert_eq!(first, [number(87), number(6)]);
    for agent in 1..3 {
        assert_eq!([0, 1].map(|key| value_at(&simulation, agent, key)), first, "agent {agent}");
    }
}
