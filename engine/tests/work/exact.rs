//! Single things that can happen to a task, one after the other.

use serde_json::{Value, json};
use swarmglass_engine::protocols::work::job::AttemptEnd;
use swarmglass_engine::protocols::work::note::WorkNote;
use swarmglass_engine::swarm::note::Note;

use super::swarm::{
    after, at, awarded, board, end, job, notes, played, reputations, scenario, started, warnings,
    workers,
};

fn able(count: u32) -> Value {
    json!([{ "id": "a", "count": count, "skills": ["x"], "work": { "quality": [80, 80] } }])
}

fn crash(agent: &str) -> Value {
    json!({ "crash": { "agent": agent } })
}

fn restart(agent: &str) -> Value {
    json!({ "restart": { "agent": agent } })
}

#[test]
fn a_result_after_its_lease_does_not_count_and_the_next_best_does_it() {
    let agents = json!([
        { "id": "slow", "skills": ["x"], "reputation": 120, "work": { "takes_ms": { "x": 1_002 } } },
        { "id": "quick", "skills": ["x"], "work": { "quality": [80, 80] } },
    ]);
    let work =
        json!({ "lease_ms": 1_003, "tasks": [{ "id": "t", "skills": ["x"], "duration_ms": 100 }] });
    // The lease ends while the result is on its way.
    let simulation = after(&agents, &work, &[]);
    assert_eq!(end(&simulation, "t"), ("done", None));
    assert_eq!(awarded(&simulation, "t"), [[0, 1]]);
    assert_eq!(board(&simulation).late, 1);
    assert_eq!(reputations(&simulation), [110, 105]);
    let first = &job(&simulation, "t").parts[0].attempts[0];
    assert!(first.taken && first.late && matches!(first.end, Some((AttemptEnd::Expired, _))));
    let late = notes(&simulation)
        .filter(|(_, it)| matches!(it, Note::Work(WorkNote::CameTooLate { .. })))
        .count();
    assert_eq!(late, 1);
}

#[test]
fn an_agent_that_hears_of_the_end_of_its_lease_stops() {
    let agents = json!([
        { "id": "slow", "skills": ["x"], "reputation": 120, "work": { "speed": 0.001 } },
        { "id": "quick", "skills": ["x"] },
    ]);
    let work =
        json!({ "lease_ms": 500, "tasks": [{ "id": "t", "skills": ["x"], "duration_ms": 100 }] });
    let simulation = after(&agents, &work, &[]);
    assert_eq!((end(&simulation, "t").0, board(&simulation).late), ("done", 0));
    assert!(workers(&simulation).all(|(_, worker)| worker.taken.is_empty()));
    assert!(simulation.now_us() < 1_000_000, "nothing is left to wait for");
}

#[test]
fn nobody_is_capable() {
    let others = json!([{ "id": "a", "skills": ["y"] }, { "id": "b", "skills": ["x"], "work": { "healthy": false } }]);
    let work = json!({ "tasks": [{ "id": "t", "skills": ["x"] }] });
    let simulation = after(&others, &work, &[]);
    assert_eq!(end(&simulation, "t"), ("failed", Some("nobody is capable".to_owned())));
    assert_eq!(job(&simulation, "t").announced, 1, "all have said no");
    let domain = json!([{ "id": "a", "skills": ["x"], "domains": ["law"] }]);
    let work = json!({ "tasks": [{ "id": "t", "skills": ["x"], "domain": "health" }] });
    assert_eq!(end(&after(&domain, &work, &[]), "t").0, "failed");
    // More than anyone can ever carry.
    let work = json!({ "tasks": [{ "id": "t", "load": 101 }] });
    let simulation = after(&able(3), &work, &[]);
    assert_eq!(end(&simulation, "t"), ("failed", Some("nobody is capable".to_owned())));
    assert!(simulation.now_us() < 1_000_000);
}

#[test]
fn agents_that_are_gone_are_waited_for_so_often_and_no_longer() {
    let work = json!({ "attempts": 4, "tasks": [{ "id": "t", "skills": ["x"], "at_ms": 10 }] });
    let faults = [at(1.0, json!({ "remove": { "agent": "a-1" } })), at(1.0, crash("a-2"))];
    let simulation = after(&able(2), &work, &faults);
    assert_eq!(end(&simulation, "t"), ("failed", Some("nobody is capable".to_owned())));
    assert_eq!(job(&simulation, "t").announced, 4);
    // One comes back in time.
    let faults = [at(1.0, crash("a-1")), at(1.0, crash("a-2")), at(600.0, restart("a-2"))];
    let simulation = after(&able(2), &work, &faults);
    assert_eq!(end(&simulation, "t").0, "done");
    assert_eq!(awarded(&simulation, "t"), [[1]]);
}

#[test]
fn a_team_that_cannot_cover_does_what_it_can() {
    let agents = json!([
        { "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["y"] }, { "id": "c", "skills": ["z"] },
        { "id": "d", "skills": ["u"] },
    ]);
    let task = |complexity: &str| json!({ "tasks": [{ "id": "t", "complexity": complexity, "skills": ["x", "y", "z", "u"] }] });
    let simulation = after(&agents, &task("moderate"), &[]);
    assert_eq!(end(&simulation, "t"), ("partial", None));
    assert_eq!(warnings(&simulation, "t"), ["nobody in the team has u"]);
    assert_eq!(awarded(&simulation, "t"), [[0], [1], [2]]);
    assert_eq!(end(&after(&agents, &task("complex"), &[]), "t").0, "done");
}

#[test]
fn a_task_whose_parts_all_failed_has_failed() {
    let agents = json!([
        { "id": "a", "skills": ["x"], "work": { "fails": 1.0 } }, { "id": "b", "skills": ["y"], "work": { "fails": 1.0 } },
    ]);
    let tasks = json!([{ "id": "t", "complexity": "moderate", "skills": ["x", "y"] }, { "id": "u", "depends_on": ["t"] }]);
    let simulation = after(&agents, &json!({ "tasks": tasks }), &[]);
    assert_eq!(end(&simulation, "t"), ("failed", Some("the agent failed".to_owned())));
    assert_eq!(awarded(&simulation, "t"), [[0, 0, 0], [1, 1, 1]]);
    assert_eq!(reputations(&simulation), [70, 70]);
    assert_eq!(end(&simulation, "u").1.unwrap(), "t, which it depends on, was not done");
    assert_eq!(job(&simulation, "u").announced, 0);
}

#[test]
fn when_all_are_busy_it_waits_and_is_done_later() {
    // Each can carry five, and bids until it carries four.
    let work = json!({ "tasks": [{ "id": "t", "count": 50, "skills": ["x"] }] });
    let simulation = after(&able(3), &work, &[]);
    let done = (1..=50).filter(|it| end(&simulation, &format!("t-{it}")).0 == "done").count();
    assert_eq!(done, 50);
    assert!(
        notes(&simulation).any(|(_, note)| matches!(note, Note::Work(WorkNote::NobodyFree { .. })))
    );
    let sent = simulation.counters.end_to_end.sent;
    assert!(sent < 50 * (6 * 4 + 10), "{sent} messages: it asks too often");
    // Two parts for one who can only carry one of them.
    let one = json!([{ "id": "a", "skills": ["x", "y"] }, { "id": "b", "skills": ["z"] }]);
    let work = json!({ "tasks": [{ "id": "t", "complexity": "moderate", "skills": ["x", "y", "z"], "load": 60 }] });
    let simulation = after(&one, &work, &[]);
    assert_eq!(end(&simulation, "t"), ("done", None));
    assert_eq!(awarded(&simulation, "t"), [[0], [0], [1]]);
    assert!(simulation.now_us() > 2_000_000, "one after the other");
}

#[test]
fn priorities_and_dependencies_decide_who_is_next() {
    let task = |id: &str, priority: u32, after: &[&str]| json!({ "id": id, "priority": priority, "depends_on": after, "load": 100, "skills": ["x"] });
    let tasks = [
        task("first", 1, &[]),
        task("low", 2, &[]),
        task("high", 9, &[]),
        task("after", 10, &["low"]),
    ];
    let simulation = after(&able(1), &json!({ "tasks": tasks }), &[]);
    let mut order: Vec<(_, &str)> = board(&simulation)
        .jobs
        .iter()
        .map(|it| (it.began_us().unwrap(), it.spec.name.as_str()))
        .collect();
    order.sort_unstable();
    assert_eq!(
        order.into_iter().map(|it| it.1).collect::<Vec<_>>(),
        ["high", "low", "after", "first"]
    );
}

#[test]
fn a_deadline_ends_it_with_what_there_is() {
    let agents = json!([
        { "id": "a", "skills": ["x"], "work": { "takes_ms": { "x": 100 } } }, { "id": "b", "skills": ["y"] },
    ]);
    let task = |ms: u32| json!({ "tasks": [{ "id": "t", "complexity": "moderate", "skills": ["x", "y"], "deadline_ms": ms }] });
    let simulation = after(&agents, &task(500), &[]);
    assert_eq!(end(&simulation, "t"), ("partial", None));
    assert_eq!(warnings(&simulation, "t"), ["the part about y is missing: the deadline passed"]);
    let simulation = after(&agents, &task(50), &[]);
    assert_eq!(end(&simulation, "t"), ("failed", Some("the deadline passed".to_owned())));
    assert_eq!(reputations(&simulation), [100, 100], "nobody is to blame");
}

#[test]
fn a_coordinator_that_crashes_in_any_phase_goes_on() {
    let work = json!({ "lease_ms": 60_000, "tasks": [
        { "id": "t", "skills": ["x"], "count": 3, "priority": 6 }, { "id": "u", "depends_on": ["t-2"], "at_ms": 1 } ] });
    let more = json!({ "network": { "latency_ms": { "fixed": 2 } } });
    // Every half millisecond of the first task's life; down for a moment, or longer than results are repeated.
    for step in (3..90).chain(1_990..2_110) {
        for down_ms in [0.4, 7_000.0] {
            let ms = f64::from(step) / 2.0;
            let faults = [at(ms, crash("coordinator")), at(ms + down_ms, restart("coordinator"))];
            let mut simulation = started(&scenario(&able(2), &work, &faults, &more), 1);
            while simulation.step(u64::MAX) {}
            for task in ["t-1", "t-2", "t-3", "u"] {
                assert_eq!(
                    end(&simulation, task).0,
                    "done",
                    "{task} crashed at {ms} ms for {down_ms} ms"
                );
                assert_eq!(
                    job(&simulation, task).parts[0].attempts.len(),
                    1,
                    "{task} {ms} {down_ms}"
                );
            }
            assert_eq!(reputations(&simulation).iter().sum::<u32>(), 200 + 4 * 5);
            let ended = notes(&simulation)
                .filter(|(_, it)| matches!(it, Note::Work(WorkNote::TaskEnded { .. })))
                .count();
            assert_eq!(ended, 4);
        }
    }
}

#[test]
fn an_agent_that_crashes_at_work_loses_it_and_its_lease_runs_out() {
    let work = json!({ "lease_ms": 2_000, "tasks": [{ "id": "t", "skills": ["x"] }] });
    let faults = [at(10.0, crash("a-1")), at(20.0, restart("a-1"))];
    let simulation = after(&able(2), &work, &faults);
    assert_eq!(end(&simulation, "t").0, "done");
    assert_eq!(awarded(&simulation, "t"), [[0, 1]]);
    assert_eq!(reputations(&simulation), [90, 105]);
    // With nobody else it is asked again.
    let simulation = after(&able(1), &work, &faults);
    assert_eq!((end(&simulation, "t").0, awarded(&simulation, "t")), ("done", vec![vec![0, 0]]));
    assert_eq!(reputations(&simulation), [95]);
}

#[test]
fn an_agent_that_never_heard_of_its_award_has_not_failed() {
    let work = json!({ "lease_ms": 2_000, "tasks": [{ "id": "t", "skills": ["x"] }] });
    let simulation = after(&able(2), &work, &[at(5.0, crash("a-1"))]);
    assert_eq!((end(&simulation, "t").0, reputations(&simulation)), ("done", vec![100, 105]));
    // It stands still, and hears of all of it afterwards: nothing of that counts.
    let faults = [
        at(5.0, json!({ "pause": { "agent": "a-1" } })),
        at(5_000.0, json!({ "resume": { "agent": "a-1" } })),
    ];
    let simulation = after(&able(2), &work, &faults);
    assert_eq!((end(&simulation, "t").0, reputations(&simulation)), ("done", vec![100, 105]));
    assert_eq!(awarded(&simulation, "t"), [[0, 1]]);
}

#[test]
fn a_lease_ends_even_for_a_coordinator_that_stood_still() {
    let pause = |name: &str| json!({ name: { "agent": "coordinator" } });
    let work = json!({ "lease_ms": 1_500, "tasks": [{ "id": "t", "skills": ["x"] }] });
    let faults = [at(500.0, pause("pause")), at(3_000.0, pause("resume"))];
    let simulation = after(&able(1), &work, &faults);
    assert_eq!(end(&simulation, "t").0, "done");
    assert_eq!((awarded(&simulation, "t"), board(&simulation).late), (vec![vec![0, 0]], 1));
    assert_eq!(reputations(&simulation), [95]);
}

#[test]
fn skill_first_and_balanced_choose_differently() {
    let agents = json!([
        { "id": "knows", "skills": ["x"], "reputation": 60 }, { "id": "liked", "skills": ["x", "y"], "reputation": 100 },
    ]);
    let chosen = |policy: Value| {
        let tasks = json!([{ "id": "t", "skills": ["x"] }]);
        awarded(&after(&agents, &json!({ "policy": policy, "tasks": tasks }), &[]), "t")
    };
    // 24 + 60 against 40 + 30; 24 + 40 + 20 against 40 + 20 + 20; 42 + 20 + 10 against 70 + 10 + 10.
    assert_eq!(chosen(json!("skill_first")), [[0]]);
    assert_eq!(chosen(json!("balanced")), [[0]]);
    assert_eq!(chosen(json!({ "reputation": 70, "skill": 20, "load": 10 })), [[1]]);
    // Only the balanced policy sees that one of the two agents is free.
    let agents = json!([
        { "id": "busy", "skills": ["x"], "reputation": 105 }, { "id": "free", "skills": ["x"], "reputation": 100 },
    ]);
    let chosen = |policy: &str| {
        let tasks =
            json!([{ "id": "t", "skills": ["x"] }, { "id": "u", "skills": ["x"], "at_ms": 500 }]);
        awarded(&after(&agents, &json!({ "policy": policy, "tasks": tasks }), &[]), "u")
    };
    assert_eq!((chosen("skill_first"), chosen("balanced")), (vec![vec![0]], vec![vec![1]]));
}

#[test]
fn a_thousand_that_wait_are_not_asked_about_all_the_time() {
    let work = json!({ "tasks": [{ "id": "t", "count": 1_000, "skills": ["x"] }] });
    for (agents, most) in [(10, 70), (100, 400)] {
        let simulation = after(&able(agents), &work, &[]);
        let board = board(&simulation);
        assert!(board.jobs.iter().all(|job| job.reason.is_none() && job.ended_us.is_some()));
        let sent = simulation.counters.end_to_end.sent;
        assert!(sent < 1_000 * most, "{agents} agents: {sent} messages");
    }
}

/// Tasks of one instant with these priorities, and the order in which they were awarded.
fn check_order(priorities: &[u32], capacity: u32, latency: &Value, seed: u64) {
    let named = priorities.iter().enumerate();
    // Two kinds of work for the same agent: they stand in different lines.
    let tasks: Vec<Value> = named
        .map(|(it, priority)| {
            json!({ "id": format!("t-{it}"), "priority": priority, "load": 20,
            "skills": [(["x", "y"][it % 2])], "duration_ms": 50, "at_ms": 5 })
        })
        .collect();
    let agents = json!([{ "id": "a", "skills": ["x", "y"], "capacity": capacity }]);
    let more = json!({ "network": { "latency_ms": latency } });
    let simulation = played(&scenario(&agents, &json!({ "tasks": tasks }), &[], &more), seed);
    // One that finds no room after all is awarded again.
    let mut first: Vec<u32> = Vec::new();
    for (_, note) in notes(&simulation) {
        if let Note::Work(WorkNote::Awarded { task, .. }) = note
            && !first.contains(&task)
        {
            first.push(task);
        }
    }
    let awarded: Vec<u32> = first.iter().map(|task| priorities[*task as usize]).collect();
    let mut expected = priorities.to_vec();
    expected.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(awarded, expected, "{priorities:?}, {latency}, seed {seed}");
}

#[test]
fn of_tasks_of_one_instant_the_higher_priority_is_served_first() {
    let fixed = json!({ "fixed": 2 });
    check_order(&[1, 10], 100, &fixed, 1);
    check_order(&[1, 1, 1, 1, 1, 1, 10], 20, &fixed, 1);
    check_order(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 100, &fixed, 1);
    for seed in 0..100 {
        let uniform = json!({ "uniform": [1, 40] });
        check_order(&[3, 1, 10, 2, 10, 7, 1, 9], [20, 60, 100][seed as usize % 3], &uniform, seed);
    }
}

/// The priorities of all tasks that have come in.
fn priorities(work: &Value, faults: &[Value], seed: u64) -> Vec<u8> {
    let scenario = scenario(&json!([{ "id": "a" }]), work, faults, &json!({}));
    let mut simulation = started(&scenario, seed);
    simulation.run_until(1_000, u64::MAX);
    board(&simulation).jobs.iter().map(|job| job.spec.priority).collect()
}

#[test]
fn priorities_are_drawn_for_each_task_by_the_seed() {
    let tasks = |count: u32| json!({ "tasks": [{ "id": "t", "count": count, "priorities": [2, 9] }, { "id": "u", "priority": 3 }, { "id": "v" }] });
    let drawn = priorities(&tasks(400), &[], 1);
    let (same, [3, 5]) = drawn.split_at(400) else { panic!("{drawn:?}") };
    for priority in 1..=10 {
        let count = same.iter().filter(|it| **it == priority).count();
        let expected = if (2..=9).contains(&priority) { 25..=75 } else { 0..=0 };
        assert!(expected.contains(&count), "{priority}: {count} of 400");
    }
    assert_eq!(priorities(&tasks(400), &[], 1), drawn);
    assert_ne!(priorities(&tasks(400), &[], 2), drawn);
    // More tasks behind them change nothing for those before.
    assert_eq!(priorities(&tasks(10), &[], 1)[..10], drawn[..10]);
    let one = json!({ "tasks": [{ "id": "t", "priorities": [7, 7] }] });
    assert_eq!(priorities(&one, &[], 1), [7]);
    // A task that a person submits has priorities of its own.
    let live = |id: &str| {
        at(0.5, json!({ "submit": { "task": { "id": id, "count": 5, "priorities": [1, 10] } } }))
    };
    let drawn = priorities(&json!({}), &[live("x"), live("y")], 1);
    assert_eq!((drawn.len(), drawn[..5] == drawn[5..]), (10, false));
}
