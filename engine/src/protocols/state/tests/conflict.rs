//! Replicas in conflict, and updates that a synchronisation tells back.

use crate::common::shown::Look;
use crate::playback::{Command, Run};
use serde_json::{Value, json};

use super::swarm::{at, holder, scenario, write};
use super::sync::{after, clear, quiet, set, sync, three_keys};

/// How many updates a-1 told back in its only synchronisation, after the questions and the answers.
fn told_back(kind: &str, agents: u32, faults: &[Value]) -> u64 {
    let only_y = json!({ "sync": { "agent": "a-1", "kind": kind, "keys": ["y"] } });
    let faults = [faults, &[at(50, only_y)]].concat();
    let simulation = after(agents, &quiet(&three_keys(), &json!({})), &faults, 100);
    let record = holder(&simulation, 0).syncs.last().unwrap();
    record.messages - 2 * u64::from(agents - 1)
}

#[test]
fn a_sync_of_some_keys_tells_back_only_what_somebody_lacked() {
    let in_step = at(10, sync("a-1", "full", None));
    for (faults, lacking) in [
        // All hold nothing; all hold the same; a-1 alone has it; a-2 alone has it, and then all but it lack it.
        (vec![], 0),
        (vec![at(1, set("a-1", "y", 1)), in_step.clone()], 0),
        (vec![at(1, set("a-1", "y", 1))], 3),
        (vec![at(1, set("a-2", "y", 1))], 2),
        // Of other keys nobody is told.
        (vec![at(1, set("a-1", "y", 1)), in_step.clone(), at(20, set("a-1", "x", 2))], 0),
        (vec![at(1, set("a-1", "y", 1)), in_step.clone(), at(20, set("a-3", "y", 2))], 2),
        (vec![at(1, set("a-1", "y", 1)), in_step, at(20, clear("a-1", &["y"]))], 3),
    ] {
        for kind in ["delta", "full"] {
            assert_eq!(told_back(kind, 4, &faults), lacking, "{kind}, {faults:?}");
        }
    }
}

#[test]
fn two_counters_that_show_the_same_are_in_conflict_until_they_are_merged() {
    let keys = json!([{ "key": "n", "type": "g_counter" }, { "key": "x" }]);
    let add = |agent| write(agent, &json!({ "key": "n", "add": 1 }));
    let mut faults = vec![at(1, add("a-1")), at(2, add("a-2"))];
    let told = |faults: &[Value]| {
        let agents = json!([{ "id": "a", "count": 2 }]);
        let scenario =
            scenario(&agents, &quiet(&keys, &json!({})), faults, &json!({ "ends_at_ms": 50 }));
        let mut run = Run::new(scenario.into(), 1).unwrap();
        run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
        let documents = run.room_documents(&Look::default());
        let second_line = |id: &str| {
            let of = documents.iter().flat_map(|(_, all)| all).find(|it| it.id == id).unwrap();
            of.to_string().lines().nth(1).unwrap().trim().to_owned()
        };
        let (sentence, differ) = (second_line("state"), second_line("state-versions"));
        (serde_json::to_value(run.report()).unwrap(), sentence, differ)
    };
    let convergence = |report: &Value| {
        let properties = report["properties"].as_array().unwrap();
        properties.iter().find(|it| it["name"] == "convergence").unwrap()["status"].clone()
    };
    let (report, sentence, differ) = told(&faults);
    let n = &report["state"]["n"];
    assert_eq!(
        (&n["value"], &n["converged"], &n["merges_to"]),
        (&json!(1), &json!(false), &json!(2))
    );
    assert_eq!(sentence, "All 2 hold 1, and have not merged: together it is 2.");
    assert_eq!(differ, "1 of 2 keys differs.");
    assert_eq!(convergence(&report), "violated");
    // A synchronisation says that it resolved a conflict.
    faults.push(at(10, sync("a-1", "full", None)));
    let (report, sentence, differ) = told(&faults);
    assert_eq!(report["syncs"][0]["resolutions"], json!({ "n": "crdt" }));
    assert_eq!(
        (&report["state"]["n"]["converged"], sentence.as_str()),
        (&json!(true), "All 2 hold 2.")
    );
    assert_eq!(differ, "0 of 2 keys differ.");
    assert_eq!(convergence(&report), "holds");
}
