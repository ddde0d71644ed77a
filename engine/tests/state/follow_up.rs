//! What an agent does once a proposal is approved: each step once, in order, whatever crashes.

use serde_json::{Value, json};
use swarmglass_engine::coordination::note::Note;
use swarmglass_engine::coordination::state::value;
use swarmglass_engine::scenario::build::SwarmSimulation;

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
        Note::FollowedUp { step, of, .. } => Some((step, of)),
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
            // What is not durable is lost if nobody was told of it before the crash.
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
    let first = notes(&simulation).find(|(_, note)| matches!(note, Note::FollowedUp { .. }));
    assert!(first.unwrap().0.time_us > 500_000, "it asked at the deadline");
    all_hold(&simulation, 100);
}
