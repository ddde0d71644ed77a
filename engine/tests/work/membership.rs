//! Who belongs to the swarm: registered, unregistered, spawned from a template, and asked how it stands (A4, A5).

use serde_json::{Value, json};
use swarmglass_engine::coordination::note::Note;
use swarmglass_engine::sim::AgentId;

use super::swarm::{after, at, awarded, board, end, notes, played, reputations, scenario};

fn two() -> Value {
    json!([{ "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["x"] }])
}

fn task_at(ms: u32) -> Value {
    json!({ "tasks": [{ "id": "t", "skills": ["x"], "at_ms": ms }] })
}

fn asked(simulation: &swarmglass_engine::scenario::build::SwarmSimulation) -> Vec<AgentId> {
    let answers = &super::swarm::job(simulation, "t").answers;
    answers.iter().map(|(agent, _)| *agent).collect()
}

#[test]
fn whoever_has_left_is_not_asked_until_it_is_back() {
    let leaves = at(1.0, json!({ "unregister": { "agent": "a" } }));
    let gone = after(&two(), &task_at(100), std::slice::from_ref(&leaves));
    assert_eq!(asked(&gone), [AgentId(1)]);
    assert_eq!(awarded(&gone, "t"), [[1]]);
    let back = at(50.0, json!({ "register": { "agent": "a" } }));
    let both = after(&two(), &task_at(100), &[leaves, back]);
    assert_eq!(asked(&both), [AgentId(0), AgentId(1)]);
    assert_eq!(awarded(&both, "t"), [[0]]);
}

#[test]
fn whoever_has_left_has_no_vote() {
    let faults = [at(1.0, json!({ "unregister": { "agent": "a" } }))];
    let more = json!({ "proposals": [{ "id": "p", "at_ms": 100 }] });
    let simulation = played(&scenario(&two(), &json!({}), &faults, &more), 1);
    let voted: Vec<AgentId> = notes(&simulation)
        .filter_map(|(event, note)| matches!(note, Note::Voted { .. }).then_some(event.agent))
        .collect();
    assert_eq!(voted, [AgentId(1)]);
}

#[test]
fn reputation_that_was_earned_is_kept_over_a_leave() {
    let mut work = task_at(0);
    work["tasks"][0]["duration_ms"] = json!(100);
    let faults = [
        at(1_000.0, json!({ "unregister": { "agent": "a" } })),
        at(1_100.0, json!({ "register": { "agent": "a" } })),
    ];
    let simulation = after(&two(), &work, &faults);
    let earned = reputations(&simulation)[0];
    assert!(earned > 100, "{earned}");
    assert_eq!(board(&simulation).members, [AgentId(0), AgentId(1)]);
}

#[test]
fn a_spawned_agent_is_what_its_template_says() {
    let spawn = |agent: Value| at(10.0, json!({ "spawn": { "agent": agent } }));
    let work = json!({ "tasks": [{ "id": "t", "skills": ["parse"], "at_ms": 100 }] });
    let own = json!({ "templates": { "parser": { "skills": ["parse"], "reputation": 130 } } });
    let built_in = spawn(json!({ "id": "n", "template": "parser" }));
    let simulation = after(&two(), &work, std::slice::from_ref(&built_in));
    assert_eq!((end(&simulation, "t").0, awarded(&simulation, "t")), ("done", vec![vec![3]]));
    // The template of the file goes first, and its reputation comes along.
    let simulation = played(&scenario(&two(), &work, &[built_in], &own), 1);
    let record = board(&simulation).standings.records.get(&AgentId(3)).unwrap();
    assert!(record.score > 130, "{record:?}");
}

#[test]
fn an_agent_that_is_spawned_below_a_manager_works_for_it() {
    let agents = json!([
        { "id": "root", "skills": ["x", "y"], "work": { "manager": true } },
        { "id": "w", "parent": "root", "skills": ["x"] },
    ]);
    let work =
        json!({ "manager": "root", "tasks": [{ "id": "t", "skills": ["y"], "at_ms": 100 }] });
    let more = json!({ "topology": { "kind": "hierarchical" } });
    let alone = played(&scenario(&agents, &work, &[], &more), 1);
    assert_eq!(end(&alone, "t").0, "failed");
    let newcomer = json!({ "id": "n", "parent": "root", "skills": ["y"] });
    let spawn = at(10.0, json!({ "spawn": { "agent": newcomer } }));
    let simulation = played(&scenario(&agents, &work, &[spawn], &more), 1);
    assert_eq!(end(&simulation, "t").0, "done");
}

#[test]
fn who_asks_is_told_how_the_swarm_stands_and_how_an_agent_does() {
    let ask = |ms, about: Option<&str>| {
        let mut ask = json!({ "agent": "b" });
        if let Some(about) = about {
            ask["about"] = json!(about);
        }
        at(ms, json!({ "status": ask }))
    };
    let mut work = task_at(0);
    work["tasks"][0]["duration_ms"] = json!(200);
    let leaves = at(2_900.0, json!({ "unregister": { "agent": "a" } }));
    let faults = [
        ask(150.0, None),
        ask(2_000.0, None),
        ask(2_500.0, Some("a")),
        leaves,
        ask(3_000.0, Some("a")),
    ];
    let simulation = after(&two(), &work, &faults);
    let told: Vec<Note> = notes(&simulation)
        .filter(|(event, _)| event.agent == AgentId(1))
        .map(|(_, note)| note)
        .filter(|it| matches!(it, Note::SwarmStatus { .. } | Note::AgentStatus { .. }))
        .collect();
    let swarm = |tasks| Note::SwarmStatus { registered: 2, proposals: 0, tasks };
    let reputation = reputations(&simulation)[0] as u8;
    assert!(reputation > 100);
    let agent = |registered| Note::AgentStatus {
        agent: AgentId(0),
        registered,
        reputation,
        done: 1,
        failed: 0,
    };
    assert_eq!(told, [swarm(1), swarm(0), agent(true), agent(false)]);
}
