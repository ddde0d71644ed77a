//! Arbitration (W9): how many tasks run at once, which makes way for which, and what becomes of it when agents fail.

use proptest::prelude::*;
use serde_json::{Value, json};
use swarmglass_engine::protocols::work::job::{Job, Phase};
use swarmglass_engine::protocols::work::note::WorkNote;
use swarmglass_engine::protocols::work::pause::Pace;
use swarmglass_engine::scenario::build::SwarmSimulation;
use swarmglass_engine::sim::PropertyStatus;
use swarmglass_engine::swarm::note::Note;

use super::swarm::{after, at, board, end, job, notes, scenario, started, workers};

/// Two agents, and one task at once.
fn two(work: &Value, faults: &[Value]) -> SwarmSimulation {
    after(&json!([{ "id": "a" }, { "id": "b" }]), work, faults)
}

/// A long task of priority 3, and a short one of this priority half a second later.
fn long_and_short(priority: u32, more: &Value) -> Value {
    let mut work = json!({ "assign": "round_robin", "limit": 1, "preempt": true, "progress": 0, "tasks": [
        { "id": "long", "priority": 3, "duration_ms": 1000 },
        { "id": "short", "priority": priority, "duration_ms": 400, "at_ms": 500 },
    ] });
    for (key, value) in more.as_object().unwrap() {
        work[key] = value.clone();
    }
    work
}

/// When the task ended, in milliseconds.
fn ended_ms(simulation: &SwarmSimulation, task: &str) -> i64 {
    job(simulation, task).ended_us.expect("it has ended").0 / 1_000
}

/// The notes on tasks, without those on messages, in short.
fn story(simulation: &SwarmSimulation) -> String {
    let told = notes(simulation).filter_map(|(_, note)| match note {
        Note::Work(WorkNote::Awarded { task, agent, .. }) => {
            Some(format!("award {task} {}", agent.0))
        }
        Note::Work(WorkNote::Preempted { task, by }) => Some(format!("{task} for {by}")),
        Note::Work(WorkNote::WorkPaused { task, .. }) => Some(format!("aside {task}")),
        Note::Work(WorkNote::Paused { task, .. }) => Some(format!("paused {task}")),
        Note::Work(WorkNote::Resumed { task, .. }) => Some(format!("resume {task}")),
        Note::Work(WorkNote::WorkResumed { task, .. }) => Some(format!("on {task}")),
        Note::Work(WorkNote::TaskEnded { task, .. }) => Some(format!("end {task}")),
        _ => None,
    });
    told.collect::<Vec<_>>().join(", ")
}

fn check_properties(simulation: &SwarmSimulation) {
    for property in simulation.observer.properties(true) {
        assert_ne!(property.status, PropertyStatus::Violated, "{property:?}");
    }
}

#[test]
fn a_strictly_lower_priority_makes_way_and_keeps_what_is_done() {
    let simulation = two(&long_and_short(4, &json!({})), &[]);
    assert_eq!(
        story(&simulation),
        "award 0 0, 0 for 1, aside 0, paused 0, award 1 1, end 1, resume 0, on 0, end 0"
    );
    // 1000 ms of work in two pieces, 400 ms between them, and a few messages of 2 ms.
    assert_eq!(ended_ms(&simulation, "long") / 10, 141);
    check_properties(&simulation);
}

#[test]
fn an_equal_priority_waits_and_so_does_every_one_without_pre_emption() {
    for (priority, preempt) in [(3, true), (9, false)] {
        let work = long_and_short(priority, &json!({ "preempt": preempt }));
        let simulation = two(&work, &[]);
        assert_eq!(story(&simulation), "award 0 0, end 0, award 1 1, end 1");
    }
}

#[test]
fn the_limit_holds_also_where_agents_bid() {
    for assign in ["contract_net", "least_loaded"] {
        let agents = json!([{ "id": "a" }, { "id": "b" }, { "id": "c" }, { "id": "d" }]);
        let tasks = json!([{ "id": "t", "count": 9, "duration_ms": 200 }]);
        let work = json!({ "assign": assign, "limit": 2, "tasks": tasks });
        let simulation = after(&agents, &work, &[]);
        let limit = simulation.observer.properties(true);
        let limit = limit.iter().find(|it| it.name == "limit_is_kept").expect("it is watched");
        assert_eq!(limit.status, PropertyStatus::Holds, "{assign}");
        // Nine of 200 ms, two at a time.
        assert_eq!(
            board(&simulation).jobs.iter().filter_map(|it| it.ended_us).max().unwrap().0 / 100_000,
            10
        );
    }
}

#[test]
fn the_last_that_came_of_the_lowest_makes_way_for_the_first_that_waits() {
    let work = json!({ "assign": "round_robin", "limit": 3, "preempt": true, "tasks": [
        { "id": "one", "priority": 2, "duration_ms": 900 },
        { "id": "two", "priority": 1, "duration_ms": 900 },
        { "id": "three", "priority": 1, "duration_ms": 900 },
        { "id": "high", "priority": 7, "duration_ms": 100, "at_ms": 300 },
        { "id": "higher", "priority": 8, "duration_ms": 100, "at_ms": 300 },
    ] });
    let simulation =
        after(&json!([{ "id": "a" }, { "id": "b" }, { "id": "c" }, { "id": "d" }]), &work, &[]);
    let made_way = notes(&simulation).filter_map(|(_, note)| match note {
        Note::Work(WorkNote::Preempted { task, by }) => Some((task, by)),
        _ => None,
    });
    assert_eq!(made_way.collect::<Vec<_>>(), [(2, 4), (1, 3)]);
    check_properties(&simulation);
}

#[test]
fn a_task_makes_room_where_agents_are_full() {
    // Without a limit: the one agent can carry one of them.
    for assign in ["contract_net", "least_loaded"] {
        let work = json!({ "assign": assign, "preempt": true, "bid_window_ms": 20, "tasks": [
            { "id": "long", "priority": 3, "load": 70, "duration_ms": 1000 },
            { "id": "short", "priority": 4, "load": 70, "duration_ms": 400, "at_ms": 500 },
        ] });
        let simulation = after(&json!([{ "id": "a" }]), &work, &[]);
        assert!(ended_ms(&simulation, "short") < 1_000, "{assign}: {}", story(&simulation));
        assert_eq!(ended_ms(&simulation, "long") / 100, 14, "{assign}: {}", story(&simulation));
        check_properties(&simulation);
    }
}

#[test]
fn the_lease_stands_still_during_a_pause() {
    let more = json!({ "lease_ms": 1300 });
    let mut work = long_and_short(4, &more);
    work["tasks"][1]["duration_ms"] = json!(1200);
    let simulation = two(&work, &[]);
    assert_eq!(end(&simulation, "long"), ("done", None));
    assert_eq!(job(&simulation, "long").attempts().count(), 1);
    assert_eq!(ended_ms(&simulation, "long") / 100, 22);
}

#[test]
fn a_paused_task_of_an_agent_that_crashed_is_begun_again() {
    let crash = |ms, what: &str| at(ms, json!({ what: { "agent": "a" } }));
    for (faults, attempts) in [
        // It is back before it is to go on: it is given the same attempt again.
        (vec![crash(600.0, "crash"), crash(700.0, "restart")], 1),
        // It stays away: what is left of its lease ends, and the other gets it.
        (vec![crash(600.0, "crash")], 2),
    ] {
        let simulation = two(&long_and_short(4, &json!({ "lease_ms": 2000 })), &faults);
        assert_eq!(end(&simulation, "long"), ("done", None));
        assert_eq!(job(&simulation, "long").attempts().count(), attempts);
        check_properties(&simulation);
    }
}

#[test]
fn a_board_that_crashed_knows_what_is_paused() {
    for ms in [501.0, 502.0, 505.0, 600.0, 905.0, 910.0] {
        let faults = [
            at(ms, json!({ "crash": { "agent": "coordinator" } })),
            at(ms + 20.0, json!({ "restart": { "agent": "coordinator" } })),
        ];
        let simulation = two(&long_and_short(4, &json!({})), &faults);
        for task in ["long", "short"] {
            assert_eq!(end(&simulation, task), ("done", None), "{ms}");
            assert_eq!(job(&simulation, task).attempts().count(), 1, "{ms}");
        }
        check_properties(&simulation);
    }
}

#[test]
fn a_deadline_ends_a_paused_task() {
    let mut work = long_and_short(4, &json!({}));
    work["tasks"][0]["deadline_ms"] = json!(700);
    let simulation = two(&work, &[]);
    assert_eq!(end(&simulation, "long").0, "failed");
    assert!(workers(&simulation).all(|(_, worker)| worker.taken.is_empty()));
    assert_eq!(end(&simulation, "short"), ("done", None));
    check_properties(&simulation);
}

#[test]
fn a_failed_dependency_fails_all_that_wait_for_it_with_the_reason() {
    let work = json!({ "attempts": 1, "tasks": [
        { "id": "first", "skills": ["x"] },
        { "id": "second", "depends_on": ["first"] },
        { "id": "third", "depends_on": ["second"] },
        { "id": "other" },
    ] });
    let agents = json!([{ "id": "a", "skills": ["x"], "work": { "fails": 1 } }, { "id": "b" }]);
    let simulation = after(&agents, &work, &[]);
    let reason = |task: &str| end(&simulation, task).1.unwrap_or_default();
    assert_eq!(reason("second"), "first, which it depends on, was not done");
    assert_eq!(reason("third"), "second, which it depends on, was not done");
    let begun = job(&simulation, "second").attempts().count();
    assert_eq!(begun, 0, "it never began");
}

/// A random load on agents that never fail, over links that lose nothing.
fn faultless() -> impl Strategy<Value = (Value, u64)> {
    let task = (1..=10_u32, 1..600_u64, 0..3_000_u64, prop::sample::select(vec![10_u32, 20, 60]));
    let rules =
        (1..=4_u32, prop::sample::select(vec!["round_robin", "least_loaded", "two_choices"]));
    (prop::collection::vec(task, 2..14), rules, any::<u64>()).prop_map(|(tasks, (limit, assign), seed)| {
        let tasks: Vec<Value> = tasks.iter().enumerate().map(|(number, (priority, duration_ms, at_ms, load))| {
            json!({ "id": format!("t-{number}"), "priority": priority, "load": load, "duration_ms": duration_ms, "at_ms": at_ms })
        }).collect();
        (json!({ "assign": assign, "limit": limit, "preempt": true, "lease_ms": 60_000, "tasks": tasks }), seed)
    })
}

/// The longest that a message takes.
const LATENCY_US: u64 = 20_000;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// No agent works on a task for longer than the order to pause takes to reach it, while one of a higher priority waits
    /// for a slot.
    #[test]
    fn nothing_lower_runs_for_long_while_something_higher_waits((work, seed) in faultless()) {
        let agents = json!([{ "id": "a" }, { "id": "b" }, { "id": "c" }]);
        let more = json!({ "network": { "latency_ms": { "uniform": [1, LATENCY_US / 1_000] } } });
        let mut simulation = started(&scenario(&agents, &work, &[], &more), seed);
        // Since when each task is worked on while a higher one waits.
        let mut since_us = std::collections::BTreeMap::new();
        while simulation.step(u64::MAX) {
            let now_us = simulation.now_us();
            let board = board(&simulation);
            let is_full = board.slots_taken() >= board.rules.limit.unwrap() as usize;
            let waits = |job: &&std::sync::Arc<Job>| job.phase == Phase::Waiting && !job.stalled;
            let waiting = board.jobs.iter().filter(waits).map(|job| job.spec.priority).max();
            let worked_on: Vec<u32> = workers(&simulation)
                .filter_map(|(_, worker)| Some(worker.at_work().next()?.lease.task))
                .collect();
            // As many as wait make way: those that are told to pause already are not told for another.
            let told = board.jobs.iter().enumerate();
            let told = told.filter(|(task, job)| !job.at_pace(*task as u32, Pace::Pausing).is_empty()).count();
            let higher = |priority: u8| {
                let above = board.jobs.iter().filter(waits).filter(|job| job.spec.priority > priority);
                above.count()
            };
            for (task, job) in (0_u32..).zip(&board.jobs) {
                let priority = job.spec.priority;
                let is_late = is_full && waiting.is_some_and(|it| it > priority) && worked_on.contains(&task)
                    && job.is_at_work() && (higher(priority) > told || !job.at_pace(task, Pace::Pausing).is_empty());
                if is_late {
                    let since_us = *since_us.entry(task).or_insert(now_us);
                    prop_assert!(now_us - since_us <= 2 * LATENCY_US, "t-{task} goes on for {} us", now_us - since_us);
                } else {
                    since_us.remove(&task);
                }
            }
        }
        for job in &board(&simulation).jobs {
            prop_assert_eq!(end(&simulation, &job.spec.name), ("done", None));
            prop_assert_eq!(job.attempts().count(), 1, "{} lost what was done of it", &job.spec.name);
        }
        check_properties(&simulation);
    }
}
