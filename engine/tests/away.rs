//! A request to an agent that is paused or down is never lost without a word (K5).

use proptest::prelude::*;
use serde_json::{Value, json};
use swarmglass_engine::playback::frame::Frame;
use swarmglass_engine::playback::{Command, Run};
use swarmglass_engine::scenario::Scenario;
use swarmglass_engine::sim::What;
use swarmglass_engine::sim::trace::NO_EVENT;
use swarmglass_engine::view::caption::outcome;
use swarmglass_engine::view::inspector::inspector;

/// Three agents that vote, work and keep a key; the one in the middle of it all is the coordinator.
fn played(more: &Value, seed: u64) -> Run {
    let mut file = json!({
        "format": 1, "name": "away", "title": "Away", "ends_at_ms": 4_000,
        "agents": [{ "id": "a", "count": 3, "skills": ["x"], "review_ms": [10, 10] }],
        "network": { "latency_ms": { "uniform": [1, 10] } },
        "state": { "keys": [{ "key": "k" }, { "key": "s", "strong": true, "value": 0 }], "sync_interval_ms": 100 },
        "work": { "tasks": [] },
    });
    for (name, value) in more.as_object().unwrap() {
        file[name] = value.clone();
    }
    let scenario =
        Scenario::parse(&file.to_string(), "test").unwrap_or_else(|it| panic!("{it}\n{file}"));
    let mut run = Run::new(scenario.into(), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    run
}

fn at(ms: u64, fault: Value) -> Value {
    json!({ "at_ms": ms, "do": fault })
}

fn json_of(run: &Run) -> Value {
    serde_json::to_value(run.report()).unwrap()
}

/// "kind name: fate" of everything that was asked.
fn fates(report: &Value) -> Vec<String> {
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    let requests = report["requests"].as_array().unwrap().iter();
    requests
        .map(|it| format!("{} {}: {}", text(it, "kind"), text(it, "name"), text(it, "fate")))
        .collect()
}

fn property<'a>(report: &'a Value, name: &str) -> Option<&'a str> {
    let properties = report["properties"].as_array().unwrap();
    properties.iter().find(|it| it["name"] == name).map(|it| it["status"].as_str().unwrap())
}

/// A proposal and a task for the coordinator and writes for an agent, all at 100 ms, and what happens to both.
fn asked(coordinator: &[Value], agent: &[Value]) -> Value {
    let write = |write: Value| at(100, json!({ "write": { "agent": "a-1", "writes": [write] } }));
    let mut faults = vec![
        write(json!({ "key": "k", "set": "new" })),
        write(json!({ "key": "s", "set": 1, "expects": 1 })),
    ];
    faults.extend(coordinator.iter().chain(agent).cloned());
    let more = json!({
        "proposals": [{ "id": "p", "at_ms": 100, "deadline_ms": 500 }],
        "work": { "tasks": [{ "id": "t", "at_ms": 100, "skills": ["x"], "duration_ms": 50 }] },
        "faults": faults,
    });
    json_of(&played(&more, 1))
}

fn fault(ms: u64, what: &str, agent: &str) -> Value {
    at(ms, json!({ what: { "agent": agent } }))
}

fn check_all_done(report: &Value) {
    let expected = ["proposal p: heard", "task t: heard", "write k: heard", "write s: heard"];
    let mut found = fates(report);
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(report["decisions"][0]["decision"], "approved", "{report}");
    assert_eq!(report["tasks"]["t"]["status"], "done");
    assert_eq!(
        (&report["state"]["k"]["value"], &report["state"]["s"]["value"]),
        (&json!("new"), &json!(1))
    );
}

#[test]
fn what_is_asked_of_an_agent_that_hears_is_done() {
    let report = asked(&[], &[]);
    check_all_done(&report);
    assert_eq!(property(&report, "requests_heard"), None, "nothing had to wait");
}

#[test]
fn what_is_asked_of_an_agent_that_is_paused_waits_for_it() {
    let away = |agent| [fault(50, "pause", agent), fault(1_000, "resume", agent)];
    let report = asked(&away("coordinator"), &away("a-1"));
    check_all_done(&report);
    assert_eq!(property(&report, "requests_heard"), Some("holds"));
    let decided_at_us = report["decisions"][0]["decided_at_us"].as_u64().unwrap();
    assert!((1_000_000..2_000_000).contains(&decided_at_us), "{decided_at_us}");
}

#[test]
fn what_is_asked_of_an_agent_that_is_down_is_asked_again_when_it_is_back() {
    let away = |agent| [fault(50, "crash", agent), fault(1_000, "restart", agent)];
    let report = asked(&away("coordinator"), &away("a-1"));
    check_all_done(&report);
    assert_eq!(property(&report, "requests_heard"), Some("holds"));
    // Paused first, and crashed with it.
    let worse = |agent| {
        [fault(50, "pause", agent), fault(200, "crash", agent), fault(1_000, "restart", agent)]
    };
    check_all_done(&asked(&worse("coordinator"), &worse("a-1")));
}

#[test]
fn what_nobody_comes_back_for_is_told_as_never_heard() {
    for how in ["crash", "pause", "remove"] {
        // The coordinator cannot be removed.
        let coordinator = if how == "remove" { "crash" } else { how };
        let report = asked(&[fault(50, coordinator, "coordinator")], &[fault(50, how, "a-1")]);
        let mut found = fates(&report);
        found.sort();
        let never =
            ["proposal p", "task t", "write k", "write s"].map(|it| format!("{it}: never_heard"));
        assert_eq!(found, never, "{how}");
        assert_eq!(property(&report, "requests_heard"), Some("violated"), "{how}");
    }
}

#[test]
fn a_pipeline_begins_when_its_coordinator_is_back() {
    let pipeline = json!([{ "id": "one", "proposal": { "id": "p", "at_ms": 100 } }, { "id": "two", "gate": "one", "proposal": { "id": "q" } }]);
    let more = |faults: &[Value]| json!({ "pipeline": pipeline, "faults": faults });
    let away = [fault(0, "pause", "coordinator"), fault(500, "resume", "coordinator")];
    let report = json_of(&played(&more(&away), 1));
    assert_eq!(
        (fates(&report), &report["pipeline"]["outcome"]),
        (vec!["pipeline : heard".to_owned()], &json!("approved"))
    );
    let report = json_of(&played(&more(&away[..1]), 1));
    assert_eq!(fates(&report), ["pipeline : never_heard"]);
    assert_eq!(
        report["pipeline"]["stages"].as_array().unwrap().len(),
        2,
        "every stage is in the report"
    );
}

#[test]
fn the_last_caption_and_the_inspector_tell_of_what_was_never_heard() {
    let more = json!({
        "proposals": [{ "id": "p", "at_ms": 100 }], "faults": [fault(50, "crash", "coordinator")],
        "state": null, "work": null,
    });
    let run = played(&more, 1);
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let last = outcome(&run, &frame).unwrap();
    assert_eq!(last.text, "The proposal p was never heard, since coordinator did not come back");
    let rows = inspector(&run, run.cast().coordinator.unwrap(), false);
    let asked = rows.iter().find(|row| row.label == "Is asked").unwrap();
    assert_eq!(asked.lines, ["the proposal p, in vain"]);
}

/// A fault that can happen to anyone, at any time.
fn mishap() -> impl Strategy<Value = Value> {
    let agent = prop::sample::select(vec!["coordinator", "a-1", "a-2"]);
    let what =
        prop::sample::select(vec!["crash", "restart", "pause", "resume", "restart", "resume"]);
    (0..3_000_u64, what, agent).prop_map(|(ms, what, agent)| fault(ms, what, agent))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn everything_that_is_asked_is_heard_once_or_told_as_never_heard(
        mishaps in prop::collection::vec(mishap(), 0..12),
        times in prop::collection::vec(0..3_500_u64, 6),
        seed in any::<u32>(),
    ) {
        let write = |place: usize| at(times[place], json!({ "write": { "agent": format!("a-{}", place % 2 + 1),
            "writes": [{ "key": "k", "set": place }] } }));
        let mut faults = mishaps;
        faults.extend([write(0), write(1), write(2)]);
        let task = |place: usize| json!({ "id": format!("t{place}"), "at_ms": times[place], "skills": ["x"], "duration_ms": 50 });
        let more = json!({
            "faults": faults, "work": { "tasks": [task(3), task(4)] },
            "proposals": [{ "id": "p", "at_ms": times[5], "deadline_ms": 500 }],
        });
        let run = played(&more, seed.into());
        let report = json_of(&run);
        let fates = fates(&report);
        prop_assert_eq!(fates.len(), 6);
        let count = |fate: &str| fates.iter().filter(|it| it.ends_with(fate)).count();
        prop_assert_eq!(count(": heard") + count(": never_heard"), 6);
        let log = run.log();
        let events = || log.range(0, log.end_id());
        prop_assert_eq!(events().filter(|it| it.what == What::Commanded).count(), count(": heard"));
        let deferred = events().filter(|it| it.what == What::Deferred).count();
        let again = events().filter(|it| it.what == What::Commanded && it.cause != NO_EVENT).count();
        prop_assert_eq!(deferred - again, count(": never_heard"));
        let violated = property(&report, "requests_heard") == Some("violated");
        prop_assert_eq!(violated, count(": never_heard") > 0);
        // A task that was heard is on the board, a proposal that was heard was opened.
        let heard = |what: &str| fates.iter().any(|it| *it == format!("{what}: heard"));
        for task in ["t3", "t4"] {
            prop_assert_eq!(report["tasks"][task].is_object(), heard(&format!("task {task}")));
        }
        prop_assert_eq!(report["statistics"]["total"].as_u64(), Some(u64::from(heard("proposal p"))));
    }
}

#[test]
fn putting_a_task_into_the_queue_is_no_request_of_its_own() {
    let file = |faults: Vec<Value>| json!({ "state": { "work": { "queue": "q" } }, "work": { "tasks": [{ "id": "t", "count": 2, "at_ms": 10 }] }, "faults": faults });
    let submit = at(20, json!({ "submit": { "task": { "id": "u" } } }));
    let told = ["task t-1: heard", "task t-2: heard", "task u: heard"];
    for (away, queue) in [
        (vec![], json!([])),
        (vec![at(1, json!({ "crash": { "agent": "a-1" } }))], Value::Null),
        (vec![at(1, json!({ "remove": { "agent": "a-1" } }))], Value::Null),
    ] {
        let mut faults = away.clone();
        faults.push(submit.clone());
        let report = json_of(&played(&file(faults), 1));
        assert_eq!(fates(&report), told, "{away:?}");
        assert_eq!(property(&report, "requests_heard"), None, "{away:?}");
        assert_eq!(report["state"]["q"]["value"], queue, "{away:?}");
    }
}

#[test]
fn how_an_agent_is_to_lie_is_no_request_of_it() {
    let vote = json!([{ "id": "p", "algorithm": "simple", "deadline_ms": 500 }]);
    let lie = json!({ "corrupt": { "agent": "a-2", "behaviour": "stays_silent" } });
    for away in ["crash", "pause", "remove"] {
        let faults = [at(5, json!({ away: { "agent": "a-2" } })), at(10, lie.clone())];
        let report = json_of(&played(&json!({ "proposals": vote, "faults": faults }), 1));
        assert_eq!(fates(&report), ["proposal p: heard"], "{away}");
        assert_eq!(property(&report, "requests_heard"), None, "{away}");
    }
}
