//! A scenario without a coordinator: its members are all there is, in every topology, and what needs one says so.

use std::sync::Arc;

use serde_json::{Value, json};
use swarmglass_engine::playback::{Command, Frame, Run};
use swarmglass_engine::scenario::Scenario;
use swarmglass_engine::sim::{AgentId, PropertyStatus};
use swarmglass_engine::view::acts::acts;
use swarmglass_engine::view::stage::layout::Layout;
use swarmglass_engine::view::stage::target::Target;

/// Five agents that keep a register, written at one of them.
fn file(topology: &Value, more: &Value) -> Value {
    let mut file = json!({
        "format": 1, "name": "peers", "title": "Peers", "coordinator": false, "topology": topology,
        "agents": [{ "id": "agent", "count": 5 }],
        "state": { "keys": [{ "key": "colour", "type": "lww_register" }], "sync_interval_ms": 50 },
        "ends_at_ms": 3000,
        "faults": [{ "at_ms": 100, "do": { "write": {
            "agent": "agent-2", "writes": [{ "key": "colour", "set": "green" }]
        } } }],
    });
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    file
}

fn played(file: &Value) -> Run {
    let scenario = Scenario::parse(&file.to_string(), "peers.json");
    let scenario = scenario.unwrap_or_else(|error| panic!("{error}\n{file}"));
    let mut run = Run::new(Arc::new(scenario), 1).unwrap();
    run.apply(&Command::SeekTime { time_us: 3_000_000 }).unwrap();
    run
}

/// The message for a file that needs what is not there.
fn check_refused(more: &Value, expected: &[&str]) {
    let text = file(&json!({}), more).to_string();
    let error = Scenario::parse(&text, "peers.json").expect_err(&text).to_string();
    for part in expected {
        assert!(error.contains(part), "{error}\nlacks {part:?}");
    }
}

#[test]
fn members_alone_come_to_hold_the_same_in_every_topology() {
    let topologies = [
        json!({}),
        json!({ "kind": "ring" }),
        json!({ "kind": "star", "hub": "agent-1" }),
        json!({ "kind": "hierarchical" }),
    ];
    for topology in topologies {
        let run = played(&file(&topology, &json!({})));
        let mut frame = Frame::default();
        run.frame(&mut frame);
        assert_eq!(frame.agents.len(), 5, "{topology}");
        assert_eq!(run.cast().coordinator, None);
        let converged = frame.properties.iter().find(|it| it.name == "convergence").unwrap();
        assert_eq!(converged.status, PropertyStatus::Holds, "{topology}");
        let names: Vec<&str> = frame.properties.iter().map(|it| it.name).collect();
        assert!(!names.contains(&"agreement"), "{names:?}: nothing is put to the vote");
        for slot in run.simulation().agents() {
            assert!(slot.process.vote.is_none() && slot.process.work.is_none());
        }
    }
}

#[test]
fn nobody_stands_in_the_middle_of_the_stage() {
    let run = played(&file(&json!({}), &json!({})));
    let layout = Layout::new(run.cast(), 800.0, 600.0);
    assert_eq!(layout.middle, None);
    assert_eq!(layout.circle.len(), 5);
    let centre = layout.centre;
    assert!(layout.places.iter().all(|it| (it.x - centre.x).hypot(it.y - centre.y) > 100.0));
    let tree = played(&file(&json!({ "kind": "hierarchical" }), &json!({})));
    let layout = Layout::new(tree.cast(), 800.0, 600.0);
    assert!(layout.places[1..].iter().all(|it| it.y > layout.places[0].y), "the root is on top");
}

#[test]
fn nothing_is_offered_that_asks_the_coordinator() {
    let run = played(&file(&json!({}), &json!({})));
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let offered = acts(&run, &frame, Target::Agent(AgentId(0)));
    let labels: Vec<&str> = offered.iter().map(|act| act.label.as_str()).collect();
    assert!(labels.contains(&"Crash") && labels.contains(&"Remove"), "{labels:?}");
    for asks in ["Register", "Unregister", "Ask how all stands"] {
        assert!(!labels.contains(&asks), "{labels:?}");
    }
}

#[test]
fn an_agent_joins_and_a_member_may_have_the_coordinators_name() {
    let spawn = json!({ "at_ms": 500, "do": { "spawn": { "agent": { "id": "late" } } } });
    let mut joined =
        file(&json!({}), &json!({ "agents": [{ "id": "coordinator" }, { "id": "agent-2" }] }));
    joined["faults"].as_array_mut().unwrap().push(spawn);
    let run = played(&joined);
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let names: Vec<&str> = run.cast().agents.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["coordinator", "agent-2", "late"]);
    assert!(run.cast().agents.iter().all(|it| !it.is_coordinator));
    let converged = frame.properties.iter().find(|it| it.name == "convergence").unwrap();
    assert_eq!(converged.status, PropertyStatus::Holds);
}

#[test]
fn what_needs_a_coordinator_says_so() {
    let proposal = json!({ "id": "p", "question": "?", "deadline_ms": 100 });
    let fault = |fault: Value| json!({ "faults": [{ "at_ms": 1, "do": fault }] });
    let leave_out = "leave \"coordinator\" out of the scenario";
    check_refused(
        &json!({ "proposals": [proposal] }),
        &["at proposals", leave_out, "opens proposals"],
    );
    let stage = json!({ "id": "s", "proposal": proposal });
    check_refused(&json!({ "pipeline": [stage] }), &["at pipeline", leave_out]);
    check_refused(&json!({ "work": {} }), &["at work", leave_out, "shares out tasks"]);
    check_refused(
        &json!({ "topology": { "kind": "star" } }),
        &["at topology.hub", "nor a coordinator"],
    );
    check_refused(&json!({ "coordinator_clock": { "offset_ms": 5 } }), &["at coordinator_clock"]);
    check_refused(&fault(json!({ "propose": { "proposal": proposal } })), &["propose", leave_out]);
    let register = json!({ "register": { "agent": "agent-1" } });
    check_refused(&fault(register), &["register", leave_out, "keeps the roster"]);
    let crash = json!({ "crash": { "agent": "coordinator" } });
    check_refused(&fault(crash), &["crash.agent", "the id of an agent"]);
}
