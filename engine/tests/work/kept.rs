//! Work that is kept (W14): the queue, the list of each agent, and how many tasks are done.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use swarmglass_engine::common::value;
use swarmglass_engine::protocols::state::note::StateNote;
use swarmglass_engine::protocols::state::replica::KeyId;
use swarmglass_engine::protocols::work::job::{Job, Phase};
use swarmglass_engine::protocols::work::synthesis::TaskStatus;
use swarmglass_engine::scenario::build::SwarmSimulation;
use swarmglass_engine::scenario::gallery;
use swarmglass_engine::sim::kernel::Slot;
use swarmglass_engine::sim::{self, AgentId, What};
use swarmglass_engine::swarm::Swarm;
use swarmglass_engine::swarm::note::Note;

use super::random::{Case, cases};
use super::swarm::{at, board, notes, scenario, started};

/// The members that are up, or only paused, or all that were not removed.
fn members(simulation: &SwarmSimulation) -> impl Iterator<Item = (AgentId, &Swarm)> {
    let slots = (0..).map(AgentId).zip(simulation.agents());
    let is_there = |slot: &Slot<Swarm>| {
        let is_up = matches!(slot.status, sim::Status::Up | sim::Status::Paused);
        is_up && slot.process.profile().is_some()
    };
    slots.filter(move |(_, slot)| is_there(slot)).map(|(agent, slot)| (agent, &slot.process))
}

/// The value that an agent holds for a key.
fn value(member: &Swarm, key: KeyId) -> value::Value {
    let holder = member.state.as_ref().unwrap();
    let record = holder.replica.records.get(&key);
    record.map_or(value::Value::Null, |record| record.current().value.clone())
}

/// The names in a set.
fn names(member: &Swarm, key: KeyId) -> BTreeSet<String> {
    match value(member, key) {
        value::Value::List(items) => items.iter().map(value::Value::plain).collect(),
        _ => BTreeSet::new(),
    }
}

fn count(member: &Swarm, key: KeyId) -> usize {
    value(member, key).as_number().map_or(0, |millionths| (millionths / value::SCALE) as usize)
}

/// The names of the tasks an agent has.
fn has(member: &Swarm) -> BTreeSet<String> {
    let worker = member.work.as_ref().unwrap().worker().unwrap();
    worker.has().map(|task| task.whole_name().to_owned()).collect()
}

/// At every agent that is up: its list is what it has, and nothing of that is in the queue as it knows it.
fn check_now(simulation: &SwarmSimulation) {
    for (agent, member) in members(simulation) {
        let keys = member.state.as_ref().unwrap().rules.work.clone().unwrap();
        let has = has(member);
        if let Some(list) = keys.lists.get(agent.index()) {
            assert_eq!(names(member, *list), has, "{agent:?} at {} us", simulation.now_us());
        }
        let queue = names(member, keys.queue.unwrap());
        assert!(queue.is_disjoint(&has), "{agent:?} has {has:?}, and {queue:?} waits");
    }
}

fn check(case: &Case, state: &Value) {
    let mut simulation = case.calmed(state);
    while simulation.step(u64::MAX) {
        check_now(&simulation);
    }
    let board = board(&simulation);
    assert!(board.jobs().all(|job| job.phase == Phase::Ended), "all has ended");
    let ended = |job: &&Job, as_it: TaskStatus| job.synthesis.as_ref().unwrap().status == as_it;
    let done = board.jobs().filter(|job| ended(job, TaskStatus::Done));
    let done: BTreeSet<String> = done.map(|job| job.spec.name.clone()).collect();
    // Those that were removed took along what nobody else knew.
    let Some((_, first)) = members(&simulation).next() else { return };
    let is_there = |agent: AgentId| members(&simulation).any(|(other, _)| other == agent);
    let by_those_here = |job: &&Job| job.attempts().all(|attempt| is_there(attempt.agent));
    let state = first.state.as_ref().unwrap();
    let keys = state.rules.work.clone().unwrap();
    for (agent, member) in members(&simulation) {
        for (number, rule) in (0..).zip(&state.rules.keys) {
            let (own, other) = (value(member, KeyId(number)), value(first, KeyId(number)));
            assert_eq!(own, other, "{agent:?} of {}", rule.name);
        }
        if let Some(list) = keys.lists.get(agent.index()) {
            assert_eq!(names(first, *list), BTreeSet::new(), "{agent:?} works on nothing");
        }
    }
    let queue = names(first, keys.queue.unwrap());
    for job in board.jobs().filter(|job| ended(job, TaskStatus::Done)).filter(by_those_here) {
        assert!(!queue.contains(&job.spec.name), "{} waits, and is done", job.spec.name);
    }
    let completed = count(first, keys.completed.unwrap());
    assert!(completed <= done.len(), "{completed} of {}", done.len());
    if case.is_mild() {
        assert_eq!(completed, done.len());
        // In a shared task one agent may give up its part while another is at its own.
        let failed =
            board.jobs().filter(|job| job.parts.len() < 2 && ended(job, TaskStatus::Failed));
        for name in failed.map(|job| &job.spec.name) {
            assert!(queue.contains(name), "nobody has done {name}");
        }
    }
}

fn keeping(durable: bool) -> Value {
    json!({ "work": { "queue": "task_queue", "lists": "tasks_", "completed": "completed_count" },
        "sync_interval_ms": 1_000, "durable": durable })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_the_end_the_queue_holds_nothing_that_is_done_and_no_list_holds_anything(case in cases(), durable in any::<bool>()) {
        check(&case, &keeping(durable));
    }
}

/// Two agents at links of 2 ms; `state` is added to what is kept of the work.
fn simulation(agents: &Value, work: &Value, faults: &[Value], state: &Value) -> SwarmSimulation {
    let mut keeps = json!({ "work": { "queue": "queue", "lists": "of_", "completed": "done" } });
    for (name, value) in state.as_object().unwrap() {
        keeps[name] = value.clone();
    }
    let more = json!({ "state": keeps, "network": { "latency_ms": { "fixed": 2 } } });
    started(&scenario(agents, work, faults, &more), 1)
}

/// As the agent knows it: the count, the queue, and the lists of all agents.
fn kept(simulation: &SwarmSimulation, agent: u32) -> (usize, String, Vec<String>) {
    let (_, member) = members(simulation).find(|(it, _)| it.0 == agent).unwrap();
    let keys = member.state.as_ref().unwrap().rules.work.clone().unwrap();
    let listed = |key: &KeyId| names(member, *key).into_iter().collect::<Vec<_>>().join(" ");
    let lists = keys.lists.iter().map(listed).collect();
    (count(member, keys.completed.unwrap()), listed(&keys.queue.unwrap()), lists)
}

/// Checks the state that an agent holds at these times, in milliseconds.
fn check_kept(
    mut simulation: SwarmSimulation,
    agent: u32,
    expected: &[(u64, usize, &str, &[&str])],
) {
    for (ms, done, queue, lists) in expected {
        simulation.run_until(ms * 1_000, u64::MAX);
        let lists: Vec<String> = lists.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(kept(&simulation, agent), (*done, (*queue).to_owned(), lists), "at {ms} ms");
    }
}

#[test]
fn of_fifty_tasks_twenty_are_counted_after_two_rounds_and_in_the_end_all() {
    let scenario = gallery::find("task-distribution").unwrap().scenario().unwrap();
    for seed in [11, 1_011, 7] {
        let mut simulation = scenario.start(seed, &[], 1_000_000).unwrap();
        for (ms, done, waiting, each) in
            [(0, 0, 50, 0), (600, 0, 0, 5), (3_000, 20, 0, 3), (9_999, 50, 0, 0)]
        {
            simulation.run_until(ms * 1_000, u64::MAX);
            // At the first moment only the first agent knows of them.
            for agent in 0..if ms == 0 { 1 } else { 10 } {
                let (count, queue, lists) = kept(&simulation, agent);
                assert_eq!(
                    (count, queue.split_whitespace().count()),
                    (done, waiting),
                    "seed {seed}, {ms} ms"
                );
                let mut found = lists.iter().map(|list| list.split_whitespace().count());
                assert!(found.all(|length| length == each), "seed {seed}, {ms} ms: {lists:?}");
            }
        }
        assert!(simulation.ended() && simulation.now_us() < 5_300_000, "{}", simulation.now_us());
    }
}

#[test]
fn a_task_is_in_the_queue_from_the_instant_of_its_submission() {
    let agents = json!([{ "id": "a", "count": 2 }]);
    let tasks = json!([{ "id": "t", "count": 3 }, { "id": "u", "at_ms": 40, "duration_ms": 10 }]);
    let faults = [at(60.0, json!({ "submit": { "task": { "id": "s", "count": 2 } } }))];
    let mut simulation = simulation(&agents, &json!({ "tasks": tasks }), &faults, &json!({}));
    let mut wrote = Vec::new();
    for (ms, queue) in [(0, "t-1 t-2 t-3"), (40, "u"), (60, "s-1 s-2")] {
        simulation.run_until(ms * 1_000, u64::MAX);
        assert_eq!(kept(&simulation, 0).1, queue, "at {ms} ms");
        wrote.push(
            notes(&simulation)
                .filter(|(it, _)| it.time_us == ms * 1_000)
                .filter(|(_, it)| matches!(it, Note::State(StateNote::Wrote { .. })))
                .count(),
        );
    }
    assert_eq!(wrote, [1, 1, 1], "one write for all of one instant");
}

#[test]
fn an_agent_that_was_away_puts_them_into_the_queue_when_it_is_back_unless_they_are_taken() {
    let agents = json!([{ "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["y"] }]);
    let tasks = json!([{ "id": "t", "skills": ["x"], "at_ms": 5 }, { "id": "u", "skills": ["y"], "at_ms": 5 }]);
    let faults = [
        at(1.0, json!({ "pause": { "agent": "a" } })),
        at(500.0, json!({ "resume": { "agent": "a" } })),
    ];
    let simulation = simulation(&agents, &json!({ "tasks": tasks }), &faults, &json!({}));
    let deferred = |simulation: &SwarmSimulation| {
        simulation.trace.kept().filter(|event| event.what == What::Deferred).count()
    };
    assert_eq!(deferred(&simulation), 0);
    let expected: &[(u64, usize, &str, &[&str])] = &[
        (400, 0, "", &["", "u"]),
        (503, 0, "t", &["", "u"]),
        (1_400, 1, "", &["t", ""]),
        (3_000, 2, "", &["", ""]),
    ];
    check_kept(simulation, 1, expected);
}

#[test]
fn whoever_gives_a_task_up_puts_it_back() {
    let agents = json!([
        { "id": "a", "skills": ["x"], "reputation": 120, "work": { "fails": 1.0 } }, { "id": "b", "skills": ["x"] },
    ]);
    let work = |task: Value| json!({ "lease_ms": 400, "tasks": [task] });
    let task = json!({ "id": "t", "skills": ["x"], "duration_ms": 100 });
    let expected: &[(u64, usize, &str, &[&str])] = &[
        (5, 0, "t", &["", ""]),
        (50, 0, "", &["t", ""]),
        // Its result and what it put back are on their way.
        (107, 0, "", &["t", ""]),
        (109, 0, "t", &["", ""]),
        (150, 0, "", &["", "t"]),
        (400, 1, "", &["", ""]),
    ];
    check_kept(simulation(&agents, &work(task), &[], &json!({})), 1, expected);
    // A deadline, after which nobody takes it.
    let agents = json!([{ "id": "a", "skills": ["x"] }, { "id": "b" }]);
    let task = json!({ "id": "t", "skills": ["x"], "deadline_ms": 200 });
    let expected: &[(u64, usize, &str, &[&str])] =
        &[(150, 0, "", &["t", ""]), (210, 0, "t", &["", ""]), (5_000, 0, "t", &["", ""])];
    check_kept(simulation(&agents, &work(task), &[], &json!({})), 1, expected);
    // A lease that ends before the work does: an agent that hears that it is over puts the task back.
    let agents = json!([
        { "id": "a", "skills": ["x"], "reputation": 120, "work": { "speed": 0.1 } }, { "id": "b", "skills": ["x"] },
    ]);
    let task = json!({ "id": "t", "skills": ["x"], "duration_ms": 100 });
    let expected: &[(u64, usize, &str, &[&str])] =
        &[(300, 0, "", &["t", ""]), (420, 0, "", &["", "t"]), (600, 1, "", &["", ""])];
    check_kept(simulation(&agents, &work(task), &[], &json!({})), 1, expected);
}

#[test]
fn what_was_lost_in_a_crash_is_put_back_whether_or_not_the_state_is_durable() {
    let agents = json!([{ "id": "b" }, { "id": "a", "skills": ["x"] }]);
    let work = json!({ "lease_ms": 2_000, "tasks": [{ "id": "t", "skills": ["x"] }] });
    let faults = [
        at(100.0, json!({ "crash": { "agent": "a" } })),
        at(200.0, json!({ "restart": { "agent": "a" } })),
    ];
    for durable in [true, false] {
        let simulation = simulation(&agents, &work, &faults, &json!({ "durable": durable }));
        let expected: &[(u64, usize, &str, &[&str])] = &[
            (150, 0, "", &["", "t"]),
            (250, 0, "t", &["", ""]),
            (2_100, 0, "", &["", "t"]),
            (4_000, 1, "", &["", ""]),
        ];
        check_kept(simulation, 0, expected);
    }
}

#[test]
fn a_task_of_a_team_is_kept_as_a_whole_and_counted_once() {
    let agents = json!([
        { "id": "a", "skills": ["x"], "work": { "takes_ms": { "x": 500 } } }, { "id": "b", "skills": ["y"] },
    ]);
    let task = json!({ "id": "t", "complexity": "moderate", "skills": ["x", "y"] });
    let expected: &[(u64, usize, &str, &[&str])] =
        &[(100, 0, "", &["t", "t"]), (700, 0, "", &["", "t"]), (2_000, 1, "", &["", ""])];
    let work = json!({ "tasks": [task] });
    check_kept(simulation(&agents, &work, &[], &json!({})), 0, expected);
}

#[test]
fn a_manager_has_what_its_workers_do_and_counts_it() {
    let agents = json!([
        { "id": "m", "work": { "manager": true } },
        { "id": "a", "parent": "m", "skills": ["x"] }, { "id": "b", "parent": "m", "skills": ["y"] },
    ]);
    let work = json!({ "manager": "m", "lease_ms": 3_000, "tasks": [
        { "id": "t", "skills": ["x"] }, { "id": "u", "complexity": "moderate", "skills": ["x", "y"], "at_ms": 2_000 } ] });
    for crash in [false, true] {
        let faults = [
            at(500.0, json!({ "crash": { "agent": "m" } })),
            at(600.0, json!({ "restart": { "agent": "m" } })),
        ];
        let faults = if crash { &faults[..] } else { &[] };
        let more = json!({ "topology": { "kind": "hierarchical" }, "network": { "latency_ms": { "fixed": 2 } },
            "state": { "work": { "queue": "queue", "lists": "of_", "completed": "done" } } });
        let simulation = started(&scenario(&agents, &work, faults, &more), 1);
        let expected: &[(u64, usize, &str, &[&str])] = &[
            (400, 0, "", &["t", "t", ""]),
            // A manager that crashes has lost nothing: its workers go on.
            (900, 0, "", &["t", "t", ""]),
            (1_900, 1, "", &["", "", ""]),
            (2_400, 1, "", &["u", "u", "u"]),
            (4_000, 2, "", &["", "", ""]),
        ];
        check_kept(simulation, 0, expected);
    }
}
