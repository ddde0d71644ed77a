//! Managers that have others work for them (W11).

use serde_json::{Value, json};

use super::swarm::{
    after, at, awarded, board, boards, check_durable, end, job, notes, scenario, started,
};
use proptest::prelude::*;
use swarmglass_engine::playback::command::Command;
use swarmglass_engine::playback::run::Run;
use swarmglass_engine::protocols::work::job::AttemptEnd;
use swarmglass_engine::protocols::work::note::WorkNote;
use swarmglass_engine::sim::{PropertyStatus, Status};
use swarmglass_engine::swarm::note::Note;

/// A root, two managers below it, and workers below them: of the first, x and y; of the second, z.
fn tree() -> Value {
    let worker = |id: &str, parent: &str, skill: &str, gives: Value| json!({ "id": id, "parent": parent, "skills": [skill], "work": { "gives": gives } });
    json!([
        { "id": "root", "skills": ["x", "y", "z"], "capacity": 200, "work": { "manager": true } },
        { "id": "left", "parent": "root", "skills": ["x", "y"], "work": { "manager": true } },
        { "id": "right", "parent": "root", "skills": ["z"], "work": { "manager": true } },
        worker("x", "left", "x", json!({ "pages": 3, "names": ["a"], "by": "x" })),
        worker("y", "left", "y", json!({ "pages": 4, "names": ["b"], "by": "y" })),
        worker("z", "right", "z", json!({ "pages": 5, "names": ["c"], "by": "z" })),
    ])
}

fn tasks(count: u32) -> Value {
    json!({ "manager": "root", "tasks": [
        { "id": "t", "count": count, "complexity": "complex", "skills": ["x", "y", "z"], "duration_ms": 200 } ] })
}

fn more() -> Value {
    json!({ "topology": { "kind": "hierarchical" }, "network": { "latency_ms": { "fixed": 2 } } })
}

fn play(work: &Value, faults: &[Value]) -> swarmglass_engine::scenario::build::SwarmSimulation {
    let mut simulation = started(&scenario(&tree(), work, faults, &more()), 1);
    while simulation.step(u64::MAX) {
        assert!(simulation.now_us() < 36_000_000_000, "it goes on for ever");
    }
    for property in simulation.observer.properties(true) {
        assert_ne!(property.status, PropertyStatus::Violated, "{property:?}");
    }
    simulation
}

fn data(simulation: &swarmglass_engine::scenario::build::SwarmSimulation, task: &str) -> String {
    let synthesis = job(simulation, task).synthesis.as_ref().unwrap();
    let data = synthesis.data.iter().map(|(key, value)| format!("{key} {value}"));
    data.collect::<Vec<_>>().join(", ")
}

#[test]
fn what_the_workers_give_is_put_together_by_key() {
    let simulation = play(&tasks(1), &[]);
    assert_eq!(end(&simulation, "t-1"), ("done", None));
    assert_eq!(awarded(&simulation, "t-1"), [[0]], "the manager has the whole");
    assert_eq!(job(&simulation, "t-1").announced, 0);
    assert!(data(&simulation, "t-1").contains("pages 12"), "{}", data(&simulation, "t-1"));
    let used: Vec<u32> =
        boards(&simulation).filter(|(_, it)| !it.jobs.is_empty()).map(|it| it.0.0).collect();
    assert_eq!(used, [0, 1, 2, 6], "all managers and the coordinator");
}

/// A manager, and workers of one skill each, which take so long in ms and fail or not.
fn team(workers: &[(&str, u32, bool)], skills: &[&str], deep: bool) -> (Value, Value) {
    let mut agents = vec![json!({ "id": "boss", "skills": skills, "work": { "manager": true } })];
    let mut parent = "boss";
    if deep {
        agents.push(json!({ "id": "middle", "parent": "boss", "skills": skills, "work": { "manager": true } }));
        parent = "middle";
    }
    for (skill, ms, fails) in workers {
        let fails = f64::from(u8::from(*fails));
        agents.push(json!({ "id": format!("does-{skill}"), "parent": parent, "skills": [skill],
            "work": { "takes_ms": { *skill: ms }, "fails": fails, "quality": [90, 90], "gives": { "cost": 1 } } }));
    }
    let work = json!({ "manager": "boss", "tasks": [
        { "id": "t", "complexity": "complex", "skills": skills, "data": { "budget": 2 } } ] });
    (json!(agents), work)
}

fn told(workers: &[(&str, u32, bool)], skills: &[&str], deep: bool) -> Value {
    let (agents, work) = team(workers, skills, deep);
    let scenario = scenario(&agents, &work, &[], &more());
    let mut run = Run::new(scenario.into(), 1).unwrap();
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
    serde_json::to_value(run.report()).unwrap()
}

#[test]
fn figures_of_a_managers_task_are_its_workers() {
    for deep in [false, true] {
        let workers = [("parse", 700, false), ("extract", 900, false), ("analyse", 500, false)];
        let report = told(&workers, &["parse", "extract", "analyse"], deep);
        let task = &report["tasks"]["t"];
        assert_eq!(task["status"], "done", "{task}");
        assert_eq!(task["agents"], json!(["does-parse", "does-extract", "does-analyse"]));
        assert_eq!(
            (&task["sequential_us"], &task["parallel_us"]),
            (&json!(2_100_000), &json!(900_000))
        );
        assert_eq!(task["attempts"], 3);
        assert_eq!(task["warnings"], json!(["cost 3 is above the budget of 2"]));
        for worker in ["does-parse", "does-extract", "does-analyse"] {
            let it = &report["reputation"][worker];
            assert_eq!(
                (&it["score"], &it["done"], &it["failed"]),
                (&json!(105), &json!(1), &json!(0))
            );
            assert!(report["scores"]["t"][worker]["total"].as_f64() > Some(50.0), "{report}");
        }
        assert_eq!(report["reputation"]["does-parse"]["history"][0]["task"], "t/parse");
        for manager in ["boss", "middle"].into_iter().take(1 + usize::from(deep)) {
            let it = &report["reputation"][manager];
            assert_eq!((&it["score"], &it["done"]), (&json!(100), &json!(0)), "{manager}");
        }
        assert_eq!(report["metrics"]["average_team_size"], 3.0);
        assert_eq!(report["metrics"]["parallel_rate"], 1.0);
    }
}

#[test]
fn a_managers_task_is_as_strict_as_the_coordinators() {
    for deep in [false, true] {
        let check = |workers: &[_], skills: &[_], expected: (&str, &[&str])| {
            let report = told(workers, skills, deep);
            let task = &report["tasks"]["t"];
            assert_eq!(
                (&task["status"], &task["warnings"]),
                (&json!(expected.0), &json!(expected.1))
            );
            let boss = &report["reputation"]["boss"];
            assert_eq!(
                (&boss["score"], &boss["done"], &boss["failed"]),
                (&json!(100), &json!(0), &json!(0))
            );
            report
        };
        let (good, bad) = (("x", 100, false), ("y", 100, true));
        let missing = "the part about y is missing: the agent failed";
        let report = check(&[good, bad], &["x", "y"], ("partial", &[missing]));
        let own = |agent: &str| report["reputation"][agent]["score"].clone();
        assert_eq!([own("does-x"), own("does-y")], [json!(105), json!(70)]);
        assert_eq!(report["reputation"]["does-y"]["failed"], 3);
        assert_eq!(report["metrics"]["success_rate"], 0.0);
        let uncovered = "nobody in the team has z";
        check(&[good], &["x", "z"], ("partial", &[uncovered]));
        check(&[good, bad], &["x", "y", "z"], ("partial", &[uncovered, missing]));
        let report = told(&[bad], &["y"], deep);
        let task = &report["tasks"]["t"];
        assert_eq!(
            (&task["status"], &task["reason"]),
            (&json!("failed"), &json!("the agent failed"))
        );
    }
}

#[test]
fn a_manager_is_given_no_more_than_it_can_carry() {
    let simulation = play(&tasks(40), &[]);
    for number in 1..=40 {
        assert_eq!(end(&simulation, &format!("t-{number}")).0, "done");
    }
    let sent = simulation.counters.end_to_end.sent;
    assert!(sent < 40 * 120, "{sent} messages");
}

#[test]
fn a_manager_that_crashes_goes_on_with_what_its_workers_do() {
    for step in 0..150 {
        let ms = 2.5 + 3.0 * f64::from(step);
        let name = ["root", "left", "coordinator"][step as usize % 3];
        let crash = at(ms, json!({ "crash": { "agent": name } }));
        let faults = [crash, at(ms + 20.0, json!({ "restart": { "agent": name } }))];
        let simulation = play(&tasks(2), &faults);
        for task in ["t-1", "t-2"] {
            assert_eq!(end(&simulation, task).0, "done", "{task}: {name} crashed at {ms} ms");
        }
        for (agent, board) in boards(&simulation) {
            assert!(board.jobs.iter().all(|job| job.synthesis.is_some()), "{agent:?} at {ms} ms");
        }
    }
}

#[test]
fn a_manager_that_is_gone_is_waited_for_so_often_and_no_longer() {
    let simulation = play(&tasks(3), &[at(1.0, json!({ "remove": { "agent": "root" } }))]);
    for task in ["t-1", "t-2", "t-3"] {
        assert_eq!(end(&simulation, task), ("failed", Some("the lease expired".to_owned())));
    }
    let ended = notes(&simulation)
        .filter(|(_, it)| matches!(it, Note::Work(WorkNote::TaskEnded { .. })))
        .count();
    assert_eq!(ended, 3);
}

#[test]
fn without_one_at_the_top_managers_are_agents_like_all() {
    let mut work = tasks(1);
    work.as_object_mut().unwrap().remove("manager");
    let agents = json!([{ "id": "a", "skills": ["x", "y", "z"] }]);
    assert_eq!(end(&after(&agents, &work, &[]), "t-1").0, "done");
    let simulation = play(&work, &[]);
    assert_eq!(end(&simulation, "t-1").0, "done");
    assert_eq!(boards(&simulation).count(), 1);
    assert_eq!(board(&simulation).manager, None);
}

fn check(loss: u32, heals: bool, seed: u64, steps: &[(u64, u8, usize, u32)]) {
    let names = ["coordinator", "root", "left", "right", "x", "y", "z"];
    let mut faults = Vec::new();
    for (ms, what, agent, number) in steps {
        let agent = names[agent % names.len()];
        let fault = match what {
            0..4 => json!({ "crash": { "agent": agent } }),
            4..8 => json!({ "restart": { "agent": agent } }),
            8 => json!({ "pause": { "agent": agent } }),
            9 => json!({ "resume": { "agent": agent } }),
            10 => {
                let side = |side| {
                    let of = |it: &usize| (number >> it & 1) == side;
                    (0..names.len()).filter(of).map(|it| names[it]).collect::<Vec<_>>()
                };
                json!({ "partition": { "groups": [side(0), side(1)] } })
            }
            11 | 12 => json!("heal"),
            13 if agent != "coordinator" => json!({ "remove": { "agent": agent } }),
            _ => json!({ "set_work": { "agent": names[1 + *number as usize % 6], "fails": 0.3 } }),
        };
        faults.push(at(*ms as f64, fault));
    }
    let managers = ["coordinator", "root", "left", "right"];
    for name in managers.iter().chain(if heals { &names[4..] } else { &[] }) {
        for what in ["resume", "restart"] {
            faults.push(at(4_000.0, json!({ what: { "agent": name } })));
        }
    }
    if heals {
        faults.push(at(4_000.0, json!("heal")));
    }
    let mut more = more();
    let loss = f64::from(loss.saturating_sub(15)) / 100.0;
    more["network"] =
        json!({ "latency_ms": { "uniform": [1, 40] }, "loss": loss, "duplication": loss });
    let mut work = tasks(4);
    (work["lease_ms"], work["attempts"]) = (json!(700), json!(2));
    let mut simulation = started(&scenario(&tree(), &work, &faults, &more), seed);
    let mut steps = 0;
    while simulation.step(u64::MAX) {
        steps += 1;
        assert!(steps < 100_000, "it goes on for ever");
        check_durable(&simulation);
    }
    for (agent, board) in boards(&simulation) {
        if simulation.agent(agent).status == Status::Removed {
            continue;
        }
        assert!(board.jobs.iter().all(|job| job.ended_us.is_some()), "{agent:?}: {:?}", board.jobs);
        let ended = notes(&simulation).filter(|(event, note)| {
            event.agent == agent && matches!(note, Note::Work(WorkNote::TaskEnded { .. }))
        });
        assert_eq!(ended.count(), board.jobs.len(), "{agent:?}");
        let results = board.jobs.iter().flat_map(|job| &job.parts).flat_map(|part| &part.attempts);
        let counted = results.filter(|it| matches!(it.end, Some((AttemptEnd::Done, _)))).count();
        let delivered = notes(&simulation).filter(|(event, note)| {
            event.agent == agent && matches!(note, Note::Work(WorkNote::Delivered { .. }))
        });
        assert_eq!(delivered.count(), counted, "{agent:?}");
    }
    assert_eq!(board(&simulation).jobs.len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_wrong_every_task_of_every_manager_ends_once(
        loss in 0..=40_u32, heals: bool, seed: u64,
        steps in prop::collection::vec((1..4_000_u64, 0..15_u8, 0..7_usize, 0..128_u32), 0..20),
    ) {
        check(loss, heals, seed, &steps);
    }
}
