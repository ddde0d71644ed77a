//! The command line as others call it.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::process::{Command, Output};

use serde_json::Value;

fn swarmglass(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swarmglass"));
    command.args(arguments).output().unwrap_or_else(|error| panic!("cannot run it: {error}"))
}

fn json(arguments: &[&str]) -> Value {
    let output = swarmglass(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("no JSON: {error}"))
}

fn check_refused(arguments: &[&str], reason: &str) {
    let output = swarmglass(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(said.contains(reason), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_run_prints_one_object_with_everything() {
    let report = json(&["run", "deployment-vote", "--seed", "7", "--json"]);
    assert_eq!(report["scenario"], "deployment-vote");
    assert_eq!(report["seed"], 7);
    assert_eq!(report["trace_hash"].as_str().map(str::len), Some(16));
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
    };
    let top = [
        "scenario",
        "seed",
        "ended_at_us",
        "events",
        "trace_hash",
        "messages",
        "decisions",
        "statistics",
        "properties",
        "requests",
        "state",
        "syncs",
    ];
    assert_eq!(keys(&report), top.map(str::to_owned).into());
    assert_eq!(report["state"]["progress"]["value"], 100);
    assert_eq!(report["state"]["deployment"]["value"]["status"], "deployed");
    let told: Vec<_> = report["syncs"].as_array().into_iter().flatten().collect();
    assert_eq!(
        told.iter().map(|it| it["keys"].as_u64()).collect::<Vec<_>>(),
        [1, 1, 1, 1, 1, 2].map(Some)
    );
    let messages = &report["messages"];
    let count = |name: &str| messages[name].as_u64().unwrap_or_default();
    let settled = count("delivered") + count("dropped") + count("in_flight");
    assert_eq!(count("sent") + count("duplicated"), settled);
    let decision = &report["decisions"][0];
    assert_eq!(decision["decision"], "approved");
    assert_eq!(decision["weight_for"], 9.5);
    assert_eq!(decision["needed"], 7.8);
    assert_eq!(decision["threshold"], 0.65);
    assert_eq!(decision["approval"], 0.791666, "cut, as thresholds are");
    assert_eq!(decision["of"], 12.0);
    assert_eq!(decision["ballots"]["qa-engineer"], "against");
    assert_eq!(decision["outcome_by_agent"]["qa-engineer"], "approved");
    assert_eq!(report["properties"][0]["status"], "holds");
    let statistics = &report["statistics"];
    let figures = [&statistics["total"], &statistics["approved"], &statistics["open"]];
    assert_eq!(figures, [1, 1, 0]);
    assert_eq!(statistics["approval_rate"], 1.0);
    assert_eq!(statistics["average_duration_us"], decision["details"]["duration_us"]);
    assert_eq!(statistics["by_algorithm"]["weighted"]["total"], 1);
}

/// The text that people read of a run.
fn printed(scenario: &str) -> String {
    let output = swarmglass(&["run", scenario]);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn people_read_of_winners_and_statistics() {
    let choice = printed("database-choice");
    for line in [
        "  postgres has won with 3 of 8: level with another, it stands first.",
        "  A postgres  wins   3",
        "  B mysql     level  3",
        "  C sqlite           1",
    ] {
        assert!(choice.lines().any(|it| it == line), "{choice}");
    }
    let pipeline = printed("pipeline");
    let line = "  3 proposals: 3 approved; 100 % approved, 261 ms on average.";
    assert!(pipeline.lines().any(|it| it == line), "{pipeline}");
}

#[test]
fn people_read_what_the_honest_hold_and_who_lies() {
    let text = printed("byzantine-colluders");
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("  agent-")).collect();
    let holds = lines.iter().filter(|line| line.ends_with(" holds approved")).count();
    assert_eq!(
        (holds, lines.iter().filter(|line| line.ends_with(" lies")).count()),
        (5, 2),
        "{text}"
    );
    let liar = "  agent-7  exposed: it has signed two votes  lies";
    assert_eq!(lines.last(), Some(&liar), "{text}");
}

#[test]
fn a_pipeline_says_how_far_it_came() {
    let report = json(&["run", "pipeline", "--json"]);
    let pipeline = &report["pipeline"];
    assert_eq!(pipeline["outcome"], "approved");
    assert_eq!(pipeline["stages"][1]["gate"], "architecture");
    assert_eq!(pipeline["stages"][2]["state"], "passed");
    let text = printed("pipeline");
    let said = "Pipeline\n  3 of 3 stages passed.\n  ✓ architecture    passed\n";
    assert!(text.contains(said), "{text}");
}

/// A counter, a plain value, a text under a strong key, and a sync of each kind.
const KEEPS: &str = r#"{
  "format": 1, "name": "keeps", "title": "Keeps", "agents": [{ "id": "a", "count": 3 }],
  "state": {
    "keys": [{ "key": "sum", "type": "pn_counter", "value": 1.5 }, { "key": "x" }, { "key": "lock", "strong": true }],
    "push": false
  },
  "faults": [
    { "at_ms": 1, "do": { "write": { "agent": "a-1", "writes": [{ "key": "sum", "add": 2 }, { "key": "x", "set": ["p", null] }] } } },
    { "at_ms": 1, "do": { "write": { "agent": "a-2", "writes": [{ "key": "sum", "add": -1 }] } } },
    { "at_ms": 2, "do": { "write": { "agent": "a-3", "writes": [{ "key": "lock", "set": "mine" }] } } },
    { "at_ms": 20, "do": { "sync": { "agent": "a-3", "kind": "query" } } },
    { "at_ms": 30, "do": { "sync": { "agent": "a-3", "kind": "delta" } } },
    { "at_ms": 40, "do": { "sync": { "agent": "a-1", "kind": "full" } } },
    { "at_ms": 50, "do": { "write": { "agent": "a-2", "writes": [{ "key": "x", "set": 7 }] } } }
  ]
}"#;

#[test]
fn ways_to_assign_stand_side_by_side() {
    let output = swarmglass(&["compare", "stealing"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("Assign by (mean ± standard deviation, 20 seeds each)\n"), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains(" ± ")).count(), 1 + 11, "{text}");
    let output = swarmglass(&["compare", "stealing", "--csv"]);
    let lines = String::from_utf8_lossy(&output.stdout).lines().count();
    assert_eq!(lines, 1 + 11 * 20);
    check_refused(&["compare", "deployment-vote"], "deployment-vote: nothing to compare");
}

#[test]
fn what_a_swarm_keeps_is_in_the_report() {
    let path = std::env::temp_dir().join(format!("swarmglass-keeps-{}.json", std::process::id()));
    std::fs::write(&path, KEEPS).unwrap_or_else(|error| panic!("cannot write it: {error}"));
    let report = json(&["run", &path.to_string_lossy(), "--json"]);
    std::fs::remove_file(&path).unwrap_or_else(|error| panic!("cannot remove it: {error}"));
    let state = &report["state"];
    let all = |value: &Value| serde_json::json!({ "a-1": value, "a-2": value, "a-3": value });
    let sum = serde_json::json!({
        "value": 2.5, "version": 2, "strategy": "crdt", "replicas": all(&2.5.into()), "converged": true,
    });
    assert_eq!(state["sum"], sum);
    let list = serde_json::json!(["p", null]);
    assert_eq!(state["x"]["replicas"], serde_json::json!({ "a-1": list, "a-2": 7, "a-3": list }));
    assert_eq!((&state["x"]["value"], &state["x"]["converged"]), (&list, &Value::Bool(false)));
    assert_eq!(state["x"]["strategy"], "last_write_wins");
    let lock = (&state["lock"]["value"], &state["lock"]["version"], &state["lock"]["replicas"]);
    assert_eq!(lock, (&"mine".into(), &1.into(), &all(&"mine".into())));
    let syncs: Vec<&Value> = report["syncs"].as_array().into_iter().flatten().collect();
    let of = |name: &str| syncs.iter().map(|sync| sync[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("kind"), ["query", "delta", "full"]);
    assert_eq!(of("agent"), ["a-3", "a-3", "a-1"]);
    assert_eq!(of("keys"), [2, 2, 2]);
    assert_eq!(of("changes"), [0, 2, 0]);
    assert_eq!(of("messages"), [4, 6, 6]);
    assert_eq!(of("duration_us"), [2_000, 2_000, 2_000]);
    assert_eq!(of("missing"), [0, 0, 0]);
    assert_eq!(of("fell_back"), [false, false, false]);
    let bytes: u64 = of("bytes").iter().filter_map(Value::as_u64).sum();
    assert!(bytes > 0 && bytes < report["messages"]["bytes"].as_u64().unwrap_or_default());
    // A swarm that keeps nothing has neither.
    let report = json(&["run", "simple-majority", "--json"]);
    assert_eq!((report.get("state"), report.get("syncs")), (None, None));
}

#[test]
fn until_stops_in_the_middle() {
    let report = json(&["run", "deployment-vote", "--until", "100", "--json"]);
    assert_eq!(report["ended_at_us"], 100_000);
    assert_eq!(report["decisions"], Value::Array(Vec::new()));
}

#[test]
fn the_list_begins_each_line_with_a_name_that_runs() {
    let output = swarmglass(&["list"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let names: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() >= 7 && names[0] == "deployment-vote", "{names:?}");
    for name in names {
        let report = json(&["run", name, "--json"]);
        assert_eq!(report["scenario"], name);
    }
}

#[test]
fn bad_input_ends_with_two_and_the_reason() {
    check_refused(&["run", "deploymnt-vote"], "did you mean \"deployment-vote\"?");
    check_refused(&["run", "no-such-file.json"], "no-such-file.json: cannot read it");
    check_refused(&["run", "deployment-vote", "--seed", "many"], "--seed");
    check_refused(&["run", "deployment-vote", "--until", "soon"], "milliseconds");
    check_refused(
        &["run", "deployment-vote", "--until", "-1"],
        "milliseconds from 0 to 8640000000",
    );
    check_refused(&["run", "deployment-vote", "--until", "1e400"], "milliseconds");
    check_refused(&["run", "deployment-vote", "--seed", "-1"], "from 0 to 18446744073709551615");
    check_refused(&["check", "Cargo.toml"], "this is not JSON");
    check_refused(&["frobnicate"], "frobnicate");
}

#[test]
fn no_tip_is_given_that_cannot_work() {
    let output = swarmglass(&["run", "deployment-vote", "--until", "-1"]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("tip"), "{output:?}");
}

#[test]
fn check_takes_names_of_the_gallery_too() {
    let output = swarmglass(&["check", "deployment-vote"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "deployment-vote: valid, 5 agents\n");
    check_refused(&["check", "deploymnt-vote"], "did you mean \"deployment-vote\"?");
}

#[test]
fn both_ways_of_counting_messages_are_in_the_object() {
    let report = json(&["run", "byzantine-ring", "--json"]);
    let messages = &report["messages"];
    let count = |of: &Value, name: &str| of[name].as_u64().unwrap_or_default();
    let hops = &messages["hops"];
    assert!(count(hops, "sent") > count(messages, "sent"), "{messages}");
    assert!(count(hops, "bytes") > count(messages, "bytes"), "{messages}");
    let settled = count(hops, "delivered") + count(hops, "dropped") + count(hops, "in_flight");
    assert_eq!(count(hops, "sent") + count(hops, "duplicated"), settled);
}

/// Runs it with a file that has these bytes, under this name.
fn with_file(name: &str, bytes: &[u8], command: &str) -> Output {
    let folder = std::env::temp_dir()
        .join(format!("swarmglass-{name:?}-{}", std::process::id()).replace(['\\', '"'], ""));
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap_or_else(|error| panic!("{error}"));
    let output = swarmglass(&[command, &path.to_string_lossy()]);
    std::fs::remove_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
    output
}

#[test]
fn a_byte_order_mark_is_passed_over_and_other_bytes_are_told_with_their_place() {
    let small = r#"{ "format": 1, "name": "x", "title": "X", "agents": [{ "id": "a" }] }"#;
    let marked = [b"\xef\xbb\xbf", small.as_bytes()].concat();
    assert!(with_file("marked.json", &marked, "check").status.success());
    let output = with_file("latin.json", b"{\n \"title\": \"B\xfccher\" }", "check");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("line 2, column 13: expected UTF-8, found the byte 0xfc"), "{said}");
}

/// Whether the text does anything to a terminal but end its lines.
fn is_plain(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    !text
        .contains(|c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c))
}

#[test]
fn nothing_of_a_file_reaches_a_terminal_raw() {
    let nasty = r#"\u001b]0;x\u0007\u009b31m\u202eab"#;
    let file = r#"{ "format": 1, "name": "x", "title": "X", "summary": "@", "notice": "@",
        "agents": [{ "id": "a", "count": 3, "skills": ["s"] }],
        "proposals": [{ "id": "p", "question": "@", "fields": { "f": "@" } }],
        "state": { "keys": [{ "key": "k", "value": "@\nforged line" }, { "key": "m", "type": "lww_map", "value": { "@": ["@"] } }] },
        "work": { "tasks": [{ "id": "t", "title": "@", "skills": ["s"], "data": { "@": "@" } }] } }"#;
    let file = file.replace('@', nasty);
    let output = with_file("nasty.json", file.as_bytes(), "run");
    assert!(output.status.success(), "{output:?}");
    assert!(is_plain(&output.stdout) && is_plain(&output.stderr), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains(r"\u{1b}]0;x") && !text.contains("\nforged"), "{text}");
    // The same for a text that is no name, the path of the file, and typed arguments.
    for bad in ["title", "name"] {
        let file = file.replace(&format!("\"{bad}\": \"X"), &format!("\"{bad}\": \"{nasty}X"));
        let file = file.replace(r#""name": "x""#, &format!("\"name\": \"{nasty}\""));
        let output = with_file("bad\u{1b}[31m\u{202e}\n.json", file.as_bytes(), "check");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(is_plain(&output.stderr), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{output:?}");
    }
    for arguments in [
        ["run", "\u{1b}[31m", "--json"],
        ["run", "no-such-\u{1b}[31m.json", "--json"],
        ["run", "deployment-vote", "--seed=\u{1b}[31m"],
        ["\u{1b}[31m", "x", "y"],
        ["check", "x", "\u{202e}"],
    ] {
        let output = swarmglass(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(is_plain(&output.stderr), "{output:?}");
    }
}

#[test]
fn an_object_has_what_the_file_has_and_spells_it_out() {
    let file = r#"{ "format": 1, "name": "x", "title": "X", "agents": [{ "id": "a" }],
        "state": { "keys": [{ "key": "k", "value": "\u009b1m\u202e" }] } }"#;
    let path = std::env::temp_dir().join(format!("swarmglass-object-{}.json", std::process::id()));
    std::fs::write(&path, file).unwrap_or_else(|error| panic!("{error}"));
    let output = swarmglass(&["run", &path.to_string_lossy(), "--json"]);
    std::fs::remove_file(&path).unwrap_or_else(|error| panic!("{error}"));
    assert!(is_plain(&output.stdout), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    assert_eq!(report["state"]["k"]["value"], "\u{9b}1m\u{202e}");
}

#[test]
fn the_schema_describes_every_built_in_scenario() {
    let output = swarmglass(&["schema"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let properties = schema["properties"].as_object().map(|fields| fields.len());
    assert!(properties.is_some_and(|count| count > 10), "{schema}");
    for entry in engine::scenario::gallery::all() {
        let file: Value = serde_json::from_str(entry.json).unwrap_or_default();
        let unknown = file.as_object().and_then(|file| {
            file.keys().find(|key| schema["properties"].get(key.as_str()).is_none()).cloned()
        });
        assert_eq!(unknown, None, "{}", entry.name);
        let path = format!("engine/{}/scenarios/{}.json", entry.folder, entry.name);
        assert!(swarmglass(&["check", &path]).status.success(), "{path}");
    }
}

#[test]
fn work_is_reported_task_by_task() {
    let report = json(&["run", "uncovered-team", "--json"]);
    let task = &report["tasks"]["release"];
    assert_eq!(task["status"], "partial");
    assert_eq!(task["agents"], serde_json::json!(["designer", "coder", "tester"]));
    assert_eq!(
        (&task["sequential_us"], &task["parallel_us"]),
        (&3_000_000.into(), &1_400_000.into())
    );
    assert_eq!(task["warnings"], serde_json::json!(["nobody in the team has legal"]));
    assert_eq!(report["scores"]["release"]["coder"]["total"], 70.0);
    let coder = &report["reputation"]["coder"];
    assert_eq!((&coder["score"], &coder["tier"]), (&107.into(), &"Competent".into()));
    assert_eq!(coder["history"][0]["task"], "release/code");
    assert_eq!(report["metrics"]["parallel_rate"], 1.0);

    let report = json(&["run", "nobody-capable", "--json"]);
    assert_eq!(report["tasks"]["translation"]["reason"], "nobody is capable");
    let report = json(&["run", "reputation-journey", "--json"]);
    let history = report["reputation"]["marketing"]["history"].as_array().cloned();
    let scores: Vec<_> = history.iter().flatten().filter_map(|it| it["score"].as_u64()).collect();
    assert_eq!(scores, [105, 112, 102, 107, 112, 117, 122, 127]);
    let report = json(&["run", "task-distribution", "--json"]);
    let tasks = report["tasks"].as_object().cloned().unwrap_or_default();
    for worker in 1..=10 {
        let name = format!("worker-{worker}");
        let own = tasks.values().filter(|task| task["agents"][0] == name.as_str());
        assert_eq!(own.count(), 5, "{name}");
    }
    assert_eq!(
        (&report["metrics"]["done"], &report["metrics"]["success_rate"]),
        (&50.into(), &1.0.into())
    );
    assert_eq!(report["metrics"]["peak_load"], 0.8);
    // The seed's figures, on the way.
    let report = json(&["run", "task-distribution", "--until", "3000", "--json"]);
    assert_eq!(report["metrics"]["done"], 20);

    let text = printed("skill-or-reputation");
    let second = text.split_once("second-build (").map_or("", |(_, second)| second);
    for line in ["  Done: 1 part, quality 85.", "  specialist  ", "  veteran     Elite  "] {
        assert!(second.contains(line), "{text}");
    }
}
