//! Local clocks (K4): agents see only their own, and what all clocks have in common changes nothing.

use serde_json::{Value, json};
use swarmglass_engine::playback::{Command, Report, Run};
use swarmglass_engine::scenario::file::intervention::Intervention;
use swarmglass_engine::scenario::{Scenario, gallery};

/// Behind from before the run's beginning to long after its end, and ahead.
const OFFSETS_MS: [f64; 5] = [-86_400_000.0, -500.0, -0.001, 300.0, 86_400_000.0];

fn finished(scenario: Scenario) -> Report {
    let seed = scenario.file.seed;
    let mut run = Run::new(scenario.into(), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    run.report()
}

/// The scenario with every clock set forward by so much, and with it what the file says that clocks showed.
fn shifted(scenario: &Scenario, by_ms: f64) -> Scenario {
    let mut file = scenario.file.clone();
    let spawned = file.faults.iter_mut().filter_map(|fault| match &mut fault.intervention {
        Intervention::Spawn { agent } => Some(agent.as_mut()),
        _ => None,
    });
    for agent in file.agents.iter_mut().chain(spawned) {
        agent.clock.get_or_insert_default().offset_ms += by_ms;
    }
    if scenario.coordinator.is_some() {
        file.coordinator_clock.get_or_insert_default().offset_ms += by_ms;
    }
    for replica in file.state.iter_mut().flat_map(|state| &mut state.replicas) {
        if let Some(time_ms) = &mut replica.time_ms {
            *time_ms += by_ms;
        }
    }
    Scenario::check(file).unwrap()
}

#[test]
fn an_offset_common_to_all_clocks_changes_no_result() {
    for entry in gallery::all() {
        let scenario = entry.scenario().unwrap();
        let expected = serde_json::to_value(finished(scenario.clone())).unwrap();
        for by_ms in OFFSETS_MS {
            let found = serde_json::to_value(finished(shifted(&scenario, by_ms))).unwrap();
            assert_eq!(found, expected, "{} with clocks {by_ms} ms ahead", entry.name);
        }
    }
}

/// Two agents write to one key, the first at 100 ms and the second at 400 ms; what both hold in the end.
fn last_write(key: &Value, [first, second]: [&Value; 2], offsets_ms: [f64; 2]) -> Value {
    let [a, b] = offsets_ms.map(|offset_ms| json!({ "offset_ms": offset_ms }));
    let write = |at_ms: u64, agent, write: &Value| json!({ "at_ms": at_ms, "do": { "write": { "agent": agent, "writes": [write] } } });
    let file = json!({
        "format": 1, "name": "clocks", "title": "Clocks", "ends_at_ms": 2_000,
        "agents": [{ "id": "a", "clock": a }, { "id": "b", "clock": b }],
        "state": { "keys": [key], "sync_interval_ms": 100 },
        "faults": [write(100, "a", first), write(400, "b", second)],
    });
    let report = finished(Scenario::parse(&file.to_string(), "test").unwrap());
    let report = serde_json::to_value(report).unwrap();
    assert_eq!(report["state"]["k"]["converged"], true, "{report}");
    report["state"]["k"]["value"].clone()
}

#[test]
fn the_later_write_wins_whatever_all_clocks_show() {
    let set = |value: &str| json!({ "key": "k", "set": value });
    let put = |value: &str| json!({ "key": "k", "put": { "x": value } });
    let key =
        |kind: &str, strategy: &str| json!({ "key": "k", "type": kind, "strategy": strategy });
    for (key, write, second) in [
        (json!({ "key": "k" }), &set as &dyn Fn(&str) -> Value, json!("second")),
        (json!({ "key": "k", "value": "begun" }), &set, json!("second")),
        (json!({ "key": "k", "strategy": "crdt" }), &set, json!("second")),
        (json!({ "key": "k", "strategy": "vector_clock" }), &set, json!("second")),
        (key("lww_register", "crdt"), &set, json!("second")),
        (key("lww_map", "crdt"), &put, json!({ "x": "second" })),
    ] {
        for offset_ms in OFFSETS_MS {
            let found = last_write(&key, [&write("first"), &write("second")], [offset_ms; 2]);
            assert_eq!(found, second, "{key} with both clocks {offset_ms} ms ahead");
        }
    }
}

#[test]
fn a_clock_that_is_far_behind_loses_to_one_that_is_not() {
    // At 400 ms the second shows -600 ms, the first showed 100 ms at 100 ms; neither has heard of the other.
    let (first, second) =
        (json!({ "key": "k", "set": "first" }), json!({ "key": "k", "set": "second" }));
    let key = json!({ "key": "k" });
    assert_eq!(last_write(&key, [&first, &second], [0.0, -1_000.0]), "first");
    assert_eq!(last_write(&key, [&first, &second], [-1_000.0, -1_000.0]), "second");
}
