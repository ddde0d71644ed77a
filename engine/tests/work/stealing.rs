//! Work stealing (W6) and rebalancing (W7): what waits at an agent goes to another, and nothing is done twice or lost on the way.

use serde_json::{Value, json};
use swarmglass_engine::protocols::work::job::AttemptEnd;
use swarmglass_engine::protocols::work::note::WorkNote;
use swarmglass_engine::protocols::work::talk::{GIVE, STEAL};
use swarmglass_engine::scenario::build::SwarmSimulation;
use swarmglass_engine::sim::{PropertyStatus, What};
use swarmglass_engine::swarm::note::Note;

use super::swarm::{after, at, board, end, notes};

/// Six tasks for the one agent with the skill that is asked for when they come; the other learns it a little later.
fn six(steal_ms: u32, faults: &[Value]) -> SwarmSimulation {
    let agents =
        json!([{ "id": "a", "skills": ["x"], "capacity": 200 }, { "id": "b", "capacity": 200 }]);
    let tasks = json!([{ "id": "t", "count": 6, "skills": ["x"], "duration_ms": 200 }]);
    let work = json!({ "assign": "round_robin", "steal_ms": steal_ms, "tasks": tasks });
    let learn = at(50.0, json!({ "set_work": { "agent": "b", "skills": ["x"] } }));
    let faults: Vec<Value> = [learn].into_iter().chain(faults.iter().cloned()).collect();
    after(&agents, &work, &faults)
}

/// Which tasks went to whom, in order.
fn moved(simulation: &SwarmSimulation) -> Vec<(u32, u32)> {
    let moved = notes(simulation).filter_map(|(_, note)| match note {
        Note::Work(WorkNote::Moved { task, agent, .. }) => Some((task, agent.0)),
        _ => None,
    });
    moved.collect()
}

fn check_all_done(simulation: &SwarmSimulation) {
    for job in &board(simulation).jobs {
        assert_eq!(end(simulation, &job.spec.name), ("done", None));
    }
    for property in simulation.observer.properties(true) {
        assert_ne!(property.status, PropertyStatus::Violated, "{property:?}");
    }
}

fn makespan_ms(simulation: &SwarmSimulation) -> i64 {
    board(simulation).jobs.iter().filter_map(|job| job.ended_us).max().unwrap().0 / 1_000
}

#[test]
fn an_idle_agent_takes_the_last_that_waits_and_all_is_done_sooner() {
    let (alone, together) = (six(0, &[]), six(20, &[]));
    assert_eq!((moved(&alone), makespan_ms(&alone) / 100), (vec![], 12));
    // The last first, one at a time, and none that is begun.
    assert_eq!(moved(&together), [(5, 1), (4, 1), (3, 1)]);
    assert_eq!(makespan_ms(&together) / 100, 7);
    check_all_done(&together);
    let asked = together
        .trace
        .kept()
        .filter(|it| it.kind == STEAL.number && matches!(it.what, What::Sent { .. }));
    assert!(asked.count() >= 3, "the idle one asks the other");
}

#[test]
fn nothing_is_given_to_one_that_could_not_do_it() {
    let agents =
        json!([{ "id": "a", "skills": ["x"], "capacity": 200 }, { "id": "b", "capacity": 200 }]);
    let tasks = json!([{ "id": "t", "count": 4, "skills": ["x"], "duration_ms": 100 }]);
    let work = json!({ "assign": "round_robin", "steal_ms": 20, "tasks": tasks });
    let simulation = after(&agents, &work, &[]);
    assert_eq!(moved(&simulation), []);
    check_all_done(&simulation);
}

#[test]
fn a_part_given_away_is_done_once_whoever_crashes_in_between() {
    let whole = six(20, &[]);
    let gave = |it: &&swarmglass_engine::sim::Event<_>| it.kind == GIVE.number;
    let gave_us = whole.trace.kept().find(gave).expect("something was given").time_us;
    for agent in ["a", "b", "coordinator"] {
        for offset_us in [0, 1_000, 2_500, 4_500, 6_500] {
            let ms = (gave_us + offset_us) as f64 / 1_000.0;
            let faults = [
                at(ms, json!({ "crash": { "agent": agent } })),
                at(ms + 300.0, json!({ "restart": { "agent": agent } })),
            ];
            let simulation = six(20, &faults);
            check_all_done(&simulation);
            for job in &board(&simulation).jobs {
                let done =
                    job.attempts().filter(|it| matches!(it.end, Some((AttemptEnd::Done, _))));
                assert_eq!(done.count(), 1, "{agent} at {ms} ms: {}", job.spec.name);
            }
        }
    }
}

#[test]
fn loads_are_evened_out_in_few_moves_and_what_is_begun_stays() {
    let agents = json!([{ "id": "a", "capacity": 300 }, { "id": "b", "capacity": 300 }, { "id": "c", "capacity": 300 }]);
    let tasks = json!([
        { "id": "t", "count": 9, "skills": ["x"], "duration_ms": 300 },
        { "id": "u", "count": 3, "skills": ["y"], "duration_ms": 300 },
    ]);
    let skilled =
        |agent: &str, skills: Value| json!({ "set_work": { "agent": agent, "skills": skills } });
    let rebalance = at(100.0, json!({ "rebalance": { "spread": 20 } }));
    for assign in ["round_robin", "contract_net"] {
        let mut agents = agents.clone();
        agents[0]["skills"] = json!(["x"]);
        agents[1]["skills"] = json!(["y"]);
        let faults = [
            at(50.0, skilled("b", json!(["x", "y"]))),
            at(50.0, skilled("c", json!(["x", "y"]))),
            rebalance.clone(),
        ];
        let work = json!({ "assign": assign, "bid_window_ms": 5, "tasks": tasks });
        let simulation = after(&agents, &work, &faults);
        let told = notes(&simulation).find_map(|(_, note)| match note {
            Note::Work(WorkNote::Rebalanced { moves, dealt, spread }) => {
                Some((moves, dealt, spread))
            }
            _ => None,
        });
        // By bids only those can have a part that have bid for it: nobody else.
        let expected = if assign == "round_robin" { (5, 7, 20) } else { (0, 7, 20) };
        assert_eq!(told, Some(expected), "{assign}");
        assert_eq!(moved(&simulation).len(), usize::from(expected.0), "{assign}");
        check_all_done(&simulation);
    }
}
