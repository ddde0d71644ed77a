//! Teams whose members are busy, out of reach, or wanted by several teams at once.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use swarmglass_engine::playback::{Command, Run};
use swarmglass_engine::protocols::work::job::AttemptEnd;
use swarmglass_engine::protocols::work::metrics::Metrics;
use swarmglass_engine::protocols::work::role::Work;
use swarmglass_engine::sim::{LocalTime, PropertyStatus};

use super::swarm::{after, at, awarded, board, end, job, played, scenario, warnings, workers};

fn agent(id: &str, skills: &[&str], ms: u32) -> Value {
    let takes: serde_json::Map<String, Value> =
        skills.iter().map(|skill| ((*skill).to_owned(), json!(ms))).collect();
    json!({ "id": id, "skills": skills, "work": { "takes_ms": takes } })
}

fn team_of(skills: &[&str]) -> Value {
    json!({ "id": "t", "complexity": "complex", "skills": skills })
}

#[test]
fn a_hundred_team_tasks_at_once_are_all_done_in_turn() {
    let three = json!([agent("a", &["x"], 300), agent("b", &["y"], 300), agent("c", &["z"], 300)]);
    for load in [20, 60, 100] {
        let mut task = team_of(&["x", "y", "z"]);
        (task["count"], task["load"]) = (json!(100), json!(load));
        let simulation = after(&three, &json!({ "tasks": [task] }), &[]);
        for number in 1..=100 {
            assert_eq!(end(&simulation, &format!("t-{number}")).0, "done", "t-{number} at {load}");
        }
        let expired = |board: &swarmglass_engine::protocols::work::board::Board| {
            let attempts = board.jobs.iter().flat_map(|job| job.attempts());
            attempts.filter(|it| matches!(it.end, Some((AttemptEnd::Expired, _)))).count()
        };
        assert_eq!(expired(board(&simulation)), 0);
        assert!(simulation.now_us() < 60_000_000, "{} µs", simulation.now_us());
    }
}

#[test]
fn the_peak_of_load_is_what_workers_carry() {
    let agents =
        json!([agent("a", &["x"], 100), agent("b", &["x", "y"], 70), agent("c", &["y"], 130)]);
    let mut task = team_of(&["x", "y"]);
    (task["count"], task["load"]) = (json!(30), json!(30));
    let more = json!({ "network": { "latency_ms": { "uniform": [1, 40] } } });
    for seed in 0..20 {
        let work = json!({ "tasks": [task] });
        let scenario = Arc::new(scenario(&agents, &work, &[], &more));
        let mut run = Run::new(scenario, seed).unwrap();
        let mut most = 0;
        while !run.ended() {
            run.apply(&Command::StepForward).unwrap();
            most = most.max(workers(run.simulation()).map(|(_, it)| it.load()).max().unwrap());
        }
        let metrics = Metrics::new(&run.peek::<Work>().unwrap()).unwrap();
        assert_eq!(metrics.peak(), (u64::from(most), 100), "seed {seed}");
        assert!(most <= 100 && metrics.average_load_permille() > 200, "seed {seed}");
        // 30 tasks, two parts each, 30 units, of 70 to 130 ms.
        let sum: u128 = metrics.loads.iter().map(|load| load.carried).sum();
        assert!(sum >= 60 * 30 * 70_000, "{sum}");
    }
}

#[test]
fn a_team_waits_for_a_member_that_is_busy() {
    let agents = json!([agent("a", &["x"], 100), agent("b", &["y"], 1_000)]);
    let busy = json!({ "id": "before", "skills": ["y"], "load": 100 });
    let mut team = team_of(&["x", "y"]);
    team["at_ms"] = json!(100);
    let simulation = after(&agents, &json!({ "tasks": [busy, team] }), &[]);
    assert_eq!(end(&simulation, "t"), ("done", None));
    assert_eq!(awarded(&simulation, "t"), [[0], [1]]);
    let [x, y] = [0, 1].map(|part| job(&simulation, "t").parts[part].attempts[0].awarded_us);
    assert!(
        x < LocalTime(200_000) && y > LocalTime(1_000_000),
        "nobody is held while another is waited for: {x:?}, {y:?}"
    );
}

#[test]
fn a_team_does_not_wait_for_whoever_never_can() {
    let mut wrong = agent("b", &["y"], 1_000);
    wrong["domains"] = json!(["law"]);
    let mut small = agent("c", &["y"], 1_000);
    small["capacity"] = json!(10);
    let agents = json!([agent("a", &["x"], 100), wrong, small]);
    let busy = json!({ "id": "before", "skills": ["y"], "load": 10, "count": 4 });
    let mut team = team_of(&["x", "y"]);
    (team["at_ms"], team["domain"]) = (json!(100), json!("health"));
    let simulation = after(&agents, &json!({ "tasks": [busy, team] }), &[]);
    assert_eq!(end(&simulation, "t"), ("partial", None));
    assert_eq!(warnings(&simulation, "t"), ["nobody in the team has y"]);
    let ended_us = job(&simulation, "t").ended_us;
    assert!(ended_us < Some(LocalTime(1_300_000)), "{ended_us:?}");
}

#[test]
fn a_team_asks_again_for_a_member_that_was_not_heard() {
    let agents = json!([agent("a", &["x"], 100), agent("b", &["y"], 100)]);
    let work = json!({ "tasks": [team_of(&["x", "y"])] });
    let crash = |ms| at(ms, json!({ "crash": { "agent": "b" } }));
    let restart = at(400.0, json!({ "restart": { "agent": "b" } }));
    let simulation = after(&agents, &work, &[crash(0.5), restart]);
    assert_eq!(end(&simulation, "t"), ("done", None));
    assert_eq!(awarded(&simulation, "t"), [[0], [1]]);
    // One that does not come back is waited for so often and no longer.
    let simulation = after(&agents, &work, &[crash(0.5)]);
    assert_eq!(end(&simulation, "t"), ("partial", None));
    assert_eq!(
        warnings(&simulation, "t"),
        ["the part about y is missing: nobody in the team has y"]
    );
    assert!(simulation.now_us() < 3_000_000);
}

#[test]
fn what_one_agent_fails_at_alone_is_shared_by_others() {
    let mut first = agent("a", &["x", "y"], 100);
    (first["work"]["fails"], first["reputation"]) = (json!(1), json!(150));
    let others = [agent("b", &["x"], 100), agent("c", &["y"], 100)];
    let work = json!({ "tasks": [team_of(&["x", "y"])] });
    let members = |simulation: &_| -> Vec<u32> {
        job(simulation, "t").team.members.iter().map(|it| it.0).collect()
    };
    let simulation = after(&json!([first, others[0], others[1]]), &work, &[]);
    assert_eq!(awarded(&simulation, "t"), [vec![0, 1], vec![2]]);
    assert_eq!((end(&simulation, "t").0, members(&simulation)), ("done", vec![1, 2]));
    // With nobody else for the other half, the part that is missing is told.
    let simulation = after(&json!([first, others[0]]), &work, &[]);
    assert_eq!((end(&simulation, "t").0, members(&simulation)), ("partial", vec![1, 0]));
    assert_eq!(warnings(&simulation, "t"), ["the part about y is missing: the agent failed"]);
}

const SKILLS: [&str; 4] = ["x", "y", "z", "u"];

fn names(set: u8) -> Vec<&'static str> {
    (0..4).filter(|it| set >> it & 1 == 1).map(|it| SKILLS[it]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn teams_that_want_the_same_agents_never_lock_each_other_out(
        agents in prop::collection::vec((1..16_u8, 0..3_usize), 1..6),
        tasks in prop::collection::vec((1..16_u8, 0..3_usize, 0..600_u64, 1..=10_u32, 20..=100_u32), 1..25),
        jitter: bool,
        seed: u64,
    ) {
        let capacity = |it: usize| [100, 60, 200][it];
        // Somebody knows everything, and can carry nothing of it.
        let mut weak = agent("weak", &SKILLS, 100);
        weak["capacity"] = json!(1);
        let able: Vec<Value> = agents.iter().enumerate().map(|(it, (skills, size))| {
            let mut file = agent(&format!("a-{it}"), &names(*skills), 100);
            file["capacity"] = json!(capacity(*size));
            file
        }).collect();
        let file: Vec<Value> = able.into_iter().chain([weak]).collect();
        let todo: Vec<Value> = tasks.iter().enumerate().map(|(it, (skills, complexity, ms, priority, load))| json!({
            "id": format!("t-{it}"), "complexity": (["simple", "moderate", "complex"][*complexity]),
            "skills": names(*skills), "at_ms": ms, "priority": priority, "load": load, "duration_ms": 100,
        })).collect();
        let latency = if jitter { json!({ "uniform": [1, 40] }) } else { json!({ "fixed": 2 }) };
        let more = json!({ "network": { "latency_ms": latency } });
        let work = json!({ "lease_ms": 20_000, "tasks": todo });
        let simulation = played(&scenario(&json!(file), &work, &[], &more), seed);
        for property in simulation.observer.properties(true) {
            prop_assert_ne!(property.status, PropertyStatus::Violated, "{:?}", property);
        }
        for (it, (skills, complexity, _, _, load)) in tasks.iter().enumerate() {
            let name = format!("t-{it}");
            let able = agents.iter().filter(|(_, size)| *load <= capacity(*size));
            let known = able.fold(0, |known, (own, _)| known | own);
            let (status, _) = end(&simulation, &name);
            prop_assert_eq!(status == "failed", known & skills == 0, "{}: {}", name, status);
            // Four skills in a team of three may be too many, and a simple task is for one.
            if *complexity == 2 {
                prop_assert_eq!(status == "done", known & skills == *skills, "{}: {}", name, status);
            }
            prop_assert!(job(&simulation, &name).attempts().all(|it| !matches!(it.end, Some((AttemptEnd::Expired, _)))));
        }
    }
}
