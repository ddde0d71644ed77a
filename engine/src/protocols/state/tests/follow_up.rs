//! The steps of an agent once a proposal is approved: each once, in order, whatever crashes.

use crate::common::value;
use crate::playback::{Command, Run};
use crate::protocols::state::note::StateNote;
use crate::scenario::build::SwarmSimulation;
use crate::swarm::note::Note;
use serde_json::{Value, json};

use super::swarm::{at, notes, scenario, started, value_at};

const STEPS: [i64; 5] = [10, 25, 50, 75, 100];

/// Of three agents a-1 writes these steps 50 ms apart after p, which has this mind and algorithm.
fn run(mind: &str, proposal: &Value, state: &Value, faults: &[Value]) -> SwarmSimulation {
    let agents = json!([{ "id": "a", "count": 3, "mind": mind, "review_ms": [1, 2] }]);
    let steps: Vec<Value> = STEPS
        .iter()
        .map(|step| json!({ "writes": [{ "key": "progress", "set": step }], "sync": "delta" }))
        .collect();
    let follow_up = json!({ "proposal": "p", "agent": "a-1", "every_ms": 50, "steps": steps });
    let mut state = state.clone();
    state["keys"] = json!([{ "key": "progress" }]);
    state["on_approval"] = json!([follow_up]);
    state["push"] = json!(false);
    let mut proposal = proposal.clone();
    proposal["id"] = json!("p");
    let more = json!({ "proposals": [proposal], "network": { "latency_ms": { "fixed": 2 } } });
    let mut simulation = started(&scenario(&agents, &state, faults, &more), 1);
    simulation.run_until(60_000_000, u64::MAX);
    simulation
}

fn steps(simulation: &SwarmSimulation) -> Vec<(u16, u16)> {
    let step = |note| match note {
        Note::State(StateNote::FollowedUp { step, of, .. }) => Some((step, of)),
        _ => None,
    };
    notes(simulation).filter_map(|(_, note)| step(note)).collect()
}

fn all_hold(simulation: &SwarmSimulation, percent: i64) {
    for agent in 0..3 {
        let held = value_at(simulation, agent, 0);
        assert_eq!(held, Some(value::Value::Number(percent * 1_000_000)), "agent {agent}");
    }
}

const ALL: [(u16, u16); 5] = [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)];

#[test]
fn an_approval_is_followed_up_step_by_step() {
    let gossip = json!({ "algorithm": "gossip", "gossip": { "mode": "majority", "fanout": 2 } });
    let byzantine = json!({ "algorithm": "byzantine", "byzantine": { "fault_tolerance": 0 } });
    for proposal in [json!({}), gossip, byzantine] {
        let simulation = run("for", &proposal, &json!({}), &[]);
        assert_eq!(steps(&simulation), ALL, "{proposal}");
        all_hold(&simulation, 100);
    }
}

#[test]
fn a_rejection_is_not() {
    let simulation = run("against", &json!({}), &json!({}), &[]);
    assert_eq!(steps(&simulation), []);
    assert_eq!(value_at(&simulation, 0, 0), None);
}

#[test]
fn after_a_crash_it_goes_on_where_it_was() {
    for durable in [true, false] {
        // At every millisecond of its work once, and twice in a row.
        for crash_ms in (1..300).step_by(7) {
            let faults = [
                at(crash_ms, json!({ "crash": { "agent": "a-1" } })),
                at(crash_ms + 40, json!({ "restart": { "agent": "a-1" } })),
                at(crash_ms + 60, json!({ "crash": { "agent": "a-1" } })),
                at(crash_ms + 61, json!({ "restart": { "agent": "a-1" } })),
            ];
            let proposal = json!({ "deadline_ms": 500, "reminder_ms": 50 });
            let simulation = run("for", &proposal, &json!({ "durable": durable }), &faults);
            assert_eq!(steps(&simulation), ALL, "crashed at {crash_ms} ms, durable: {durable}");
            // A write that is not durable is lost if nobody was told of it before the crash.
            if durable {
                all_hold(&simulation, 100);
            }
        }
    }
}

#[test]
fn who_hears_of_the_approval_late_begins_late() {
    let cut = json!({ "cut": { "from": "coordinator", "to": "a-1" } });
    let mend = json!({ "mend": { "from": "coordinator", "to": "a-1" } });
    // Its ballot is in and the decision made before it hears anything of that.
    let simulation =
        run("for", &json!({ "deadline_ms": 500 }), &json!({}), &[at(6, cut), at(300, mend)]);
    assert_eq!(steps(&simulation), ALL);
    let first = notes(&simulation)
        .find(|(_, note)| matches!(note, Note::State(StateNote::FollowedUp { .. })));
    assert!(first.unwrap().0.time_us > 500_000, "it asked at the deadline");
    all_hold(&simulation, 100);
}

/// Three agents with these minds vote; a-1 writes how it was approved, 50 ms after it has heard.
fn facts(minds: [&str; 3], faults: &[Value], more: &Value) -> Value {
    let agents: Vec<Value> = (1..).zip(minds).map(|(n, mind)| {
        json!({ "id": format!("a-{n}"), "mind": mind, "weight": n, "review_ms": [10, 10] })
    }).collect();
    let state = json!({
        "keys": [{ "key": "by" }, { "key": "share" }, { "key": "at" }],
        "on_approval": [{ "proposal": "p", "agent": "a-1", "every_ms": 50,
            "steps": [{ "facts": { "by": "voters", "share": "share", "at": "time_ms" }, "sync": "delta" }] }],
    });
    let mut all = json!({ "proposals": [{ "id": "p", "algorithm": "weighted", "threshold": 0.6 }],
        "network": { "latency_ms": { "fixed": 2 } }, "ends_at_ms": 60_000 });
    for (name, value) in more.as_object().unwrap() {
        all[name] = value.clone();
    }
    let scenario = scenario(&json!(agents), &state, faults, &all);
    let mut run = Run::new(scenario.into(), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    let report = serde_json::to_value(run.report()).unwrap();
    let held = |key: &str| report["state"][key]["replicas"]["a-3"].clone();
    json!([held("by"), held("share"), held("at")])
}

#[test]
fn who_approved_with_how_much_and_when_is_written_down() {
    // 2 of 6 against: asked at 0, heard at 2 ms, voted at 12, decided at 14 when all ballots come at once.
    let found = facts(["for", "against", "for"], &[], &json!({}));
    assert_eq!(found, json!([["a-1", "a-3"], 0.666_666, 14]));
    // An agent that was down asks, and is told the same.
    let away = [
        at(13, json!({ "crash": { "agent": "a-1" } })),
        at(100, json!({ "restart": { "agent": "a-1" } })),
    ];
    assert_eq!(facts(["for", "against", "for"], &away, &json!({})), found);
    // By the coordinator's clock.
    let clock = json!({ "coordinator_clock": { "offset_ms": -20 } });
    assert_eq!(
        facts(["for", "against", "for"], &[], &clock),
        json!([["a-1", "a-3"], 0.666_666, -6])
    );
    // Nothing is approved, nothing is written.
    assert_eq!(facts(["against", "for", "against"], &[], &json!({})), json!([null, null, null]));
}

#[test]
fn a_stage_of_a_pipeline_is_followed_up_too() {
    let stages = json!({ "proposals": [], "pipeline": [
        { "id": "one", "proposal": { "id": "first" } },
        { "id": "two", "gate": "one", "proposal": { "id": "p", "algorithm": "unanimous" } },
    ] });
    let found = facts(["for"; 3], &[], &stages);
    assert_eq!((&found[0], &found[1]), (&json!(["a-1", "a-2", "a-3"]), &json!(1)));
    assert_eq!(facts(["for", "against", "for"], &[], &stages)[0], Value::Null, "it was rejected");
}
