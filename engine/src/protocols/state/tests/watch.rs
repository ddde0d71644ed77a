//! The watch says of the state what the agents hold, although no note has told of it.

use crate::playback::{Command, Run};
use crate::sim::PropertyStatus;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::swarm::{at, scenario, write};

/// Three agents, what they keep, and what happens to them; no anti-entropy, so that what is lost stays lost.
fn report(state: &Value, faults: &[Value]) -> Value {
    let agents = json!([{ "id": "a", "count": 3 }]);
    let scenario = scenario(&agents, state, faults, &json!({ "ends_at_ms": 2_000 }));
    let mut run = Run::new(scenario.into(), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    serde_json::to_value(run.report()).unwrap()
}

fn property(report: &Value, name: &str) -> Option<PropertyStatus> {
    let properties = report["properties"].as_array().unwrap();
    let found = properties.iter().find(|it| it["name"] == name)?;
    serde_json::from_value(found["status"].clone()).ok()
}

fn forgetful() -> Value {
    json!({ "keys": [{ "key": "k" }, { "key": "begun", "value": 7 }], "durable": false })
}

fn fault(ms: u64, what: &str, agent: &str) -> Value {
    at(ms, json!({ what: { "agent": agent } }))
}

fn cut_off(ms: u64) -> Value {
    at(ms, json!({ "partition": { "groups": [["a-1", "a-2"], ["a-3"]] } }))
}

#[test]
fn a_replica_that_forgets_at_its_restart_is_not_in_step() {
    let set = at(100, write("a-1", &json!({ "key": "k", "set": 1 })));
    let lost = [set, cut_off(500), fault(600, "crash", "a-3"), fault(700, "restart", "a-3")];
    let report = report(&forgetful(), &lost);
    assert_eq!(report["state"]["k"]["replicas"], json!({ "a-1": 1, "a-2": 1, "a-3": null }));
    assert_eq!(property(&report, "convergence"), Some(PropertyStatus::Violated));
}

#[test]
fn what_was_held_from_the_start_can_be_lost_too() {
    let lost = [cut_off(500), fault(600, "crash", "a-3"), fault(700, "restart", "a-3")];
    let report = report(
        &forgetful(),
        &[&[at(100, write("a-1", &json!({ "key": "k", "set": 1 })))], &lost[..]].concat(),
    );
    assert_eq!(report["state"]["begun"]["replicas"]["a-3"], Value::Null);
    assert_eq!(property(&report, "convergence"), Some(PropertyStatus::Violated));
}

#[test]
fn replicas_that_have_all_forgotten_hold_the_same() {
    // Alone with what it wrote, and down before anyone else hears of it.
    let mut faults = vec![
        at(50, json!({ "partition": { "groups": [["a-1"], ["a-2"], ["a-3"]] } })),
        at(100, write("a-3", &json!({ "key": "k", "set": 1 }))),
    ];
    for agent in ["a-1", "a-2", "a-3"] {
        faults.extend([fault(600, "crash", agent), fault(700, "restart", agent)]);
    }
    let report = report(&forgetful(), &faults);
    assert_eq!(report["state"]["k"]["replicas"], json!({ "a-1": null, "a-2": null, "a-3": null }));
    assert_eq!(property(&report, "convergence"), Some(PropertyStatus::Holds));
}

#[test]
fn a_strong_key_that_nobody_has_written_is_held_alike_by_all() {
    let strong = json!({ "keys": [{ "key": "s", "strong": true }], "timeout_ms": 200 });
    // Alone it cannot have the votes of more than half: refused, once the time is over.
    let faults = [
        at(50, json!({ "partition": { "groups": [["a-1"], ["a-2", "a-3"]] } })),
        at(100, write("a-1", &json!({ "key": "s", "set": 5, "expects": 0 }))),
    ];
    let report = report(&strong, &faults);
    assert_eq!(report["state"]["s"]["replicas"], json!({ "a-1": null, "a-2": null, "a-3": null }));
    assert_eq!(report["state"]["s"]["converged"], true);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn convergence_holds_just_where_all_who_are_up_hold_the_same(
        writes in prop::collection::vec((0..1_900_u64, 0..3_usize, 0..3_u32), 1..6),
        mishaps in prop::collection::vec((0..1_900_u64, 0..3_usize, 0..4_usize), 0..10),
        durable in any::<bool>(),
    ) {
        const AGENTS: [&str; 3] = ["a-1", "a-2", "a-3"];
        let mut faults = Vec::new();
        for (ms, agent, value) in writes {
            faults.push(at(ms, write(AGENTS[agent], &json!({ "key": "k", "set": value }))));
        }
        for (ms, agent, what) in mishaps {
            faults.push(match what {
                0 => fault(ms, "crash", AGENTS[agent]),
                1 | 2 => fault(ms, "restart", AGENTS[agent]),
                _ => cut_off(ms),
            });
        }
        let mut state = forgetful();
        state["durable"] = json!(durable);
        let report = report(&state, &faults);
        let same = ["k", "begun"].iter().all(|key| report["state"][key]["converged"] == true);
        if let Some(status) = property(&report, "convergence") {
            prop_assert_eq!(status == PropertyStatus::Holds, same, "{}", report["state"]);
        }
    }
}
