//! The ways to assign (W6): whom each rule picks, what a dispatcher knows, and what it does when agents fail it.

use serde_json::{Value, json};
use swarmglass_engine::protocols::work::assign::{Assign, Merit};
use swarmglass_engine::protocols::work::job::AttemptEnd;
use swarmglass_engine::protocols::work::note::WorkNote;
use swarmglass_engine::scenario::build::SwarmSimulation;
use swarmglass_engine::sim::PropertyStatus;
use swarmglass_engine::swarm::note::Note;

use super::swarm::{
    after, at, awarded, board, end, job, notes, played, scenario, started, workers,
};

/// So many tasks alike at this pace, for agents a, b, c, …, assigned like this. On links that take 2 ms.
fn dispatched(assign: &str, agents: &Value, tasks: &Value, faults: &[Value]) -> SwarmSimulation {
    after(agents, &json!({ "assign": assign, "tasks": tasks }), faults)
}

/// The letters of the agents in the order in which they were awarded something.
fn order(simulation: &SwarmSimulation) -> String {
    let awards = notes(simulation).filter_map(|(_, note)| match note {
        Note::Work(WorkNote::Awarded { agent, .. }) => char::from_digit(10 + agent.0, 36),
        _ => None,
    });
    awards.collect()
}

fn many(count: u32, every_ms: u32) -> Value {
    json!([{ "id": "t", "count": count, "load": 20, "duration_ms": 50, "every_ms": every_ms }])
}

fn members(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "id": name })).collect()
}

fn check_all_done(simulation: &SwarmSimulation) {
    for job in &board(simulation).jobs {
        assert_eq!(end(simulation, &job.spec.name), ("done", None), "{}", job.spec.name);
    }
    for property in simulation.observer.properties(true) {
        assert_ne!(property.status, PropertyStatus::Violated, "{property:?}");
    }
}

#[test]
fn round_robin_goes_around() {
    let simulation = dispatched("round_robin", &members(&["a", "b", "c"]), &many(7, 100), &[]);
    assert_eq!(order(&simulation), "abcabca");
    check_all_done(&simulation);
}

#[test]
fn round_robin_passes_over_those_without_room_or_skill() {
    let agents = json!([
        { "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["x"], "capacity": 20 },
        { "id": "c", "skills": ["y"] }, { "id": "d", "skills": ["x"] },
    ]);
    let tasks = json!([{ "id": "t", "count": 6, "skills": ["x"], "duration_ms": 5_000 }]);
    let work = json!({ "assign": "round_robin", "tasks": tasks, "lease_ms": 60_000 });
    let simulation = after(&agents, &work, &[]);
    assert_eq!(order(&simulation), "abdada");
}

#[test]
fn smooth_weights_are_those_of_nginx() {
    for (weights, expected) in [
        ([5, 1, 1], "aabacaaaabacaa"),
        ([3, 2, 1], "abacbaabacba"),
        ([4, 2, 1], "abacabaabacaba"),
        ([1, 1, 1], "abcabc"),
    ] {
        let agent = |(name, weight)| json!({ "id": name, "work": { "weight": weight } });
        let agents: Value = ["a", "b", "c"].into_iter().zip(weights).map(agent).collect();
        let count = expected.len() as u32;
        let simulation = dispatched("smooth_weights", &agents, &many(count, 200), &[]);
        assert_eq!(order(&simulation), expected, "{weights:?}");
    }
}

#[test]
fn the_least_loaded_is_so_by_its_capacity() {
    let agents = json!([
        { "id": "a", "capacity": 100 }, { "id": "b", "capacity": 200 }, { "id": "c", "capacity": 50 },
    ]);
    let tasks = json!([{ "id": "t", "count": 7, "duration_ms": 5_000 }]);
    let work = json!({ "assign": "least_loaded", "tasks": tasks, "lease_ms": 60_000 });
    // Shares after each: a 20, b 10, c 40 %; then b 20, then a and b are level.
    assert_eq!(order(&after(&agents, &work, &[])), "abcbabb");
}

#[test]
fn the_fewest_open_parts_count_by_weight() {
    let agents = json!([{ "id": "a" }, { "id": "b", "work": { "weight": 2 } }, { "id": "c" }]);
    let tasks = json!([{ "id": "t", "count": 6, "load": 5, "duration_ms": 5_000 }]);
    let work = json!({ "assign": "least_connections", "tasks": tasks, "lease_ms": 60_000 });
    assert_eq!(order(&after(&agents, &work, &[])), "abcbab");
}

#[test]
fn the_best_fit_goes_first_and_of_equals_the_less_loaded() {
    let agents = json!([
        { "id": "a", "skills": ["x", "y", "z"] }, { "id": "b", "skills": ["x"] }, { "id": "c", "skills": ["x"] },
    ]);
    let tasks = json!([{ "id": "t", "count": 11, "skills": ["x"], "duration_ms": 5_000 }]);
    let work = json!({ "assign": "capability", "tasks": tasks, "lease_ms": 60_000 });
    // Both fits are full after five each, and then there is the generalist.
    assert_eq!(order(&after(&agents, &work, &[])), "bcbcbcbcbca");
}

#[test]
fn adaptive_points_are_the_weighted_parts() {
    let agents = json!([
        { "id": "near", "skills": ["x", "y"] }, { "id": "middle", "skills": ["x"], "capacity": 40 },
        { "id": "far", "skills": ["x"] },
    ]);
    let work = json!({ "assign": "adaptive", "tasks": [{ "id": "t", "skills": ["x"] }, { "id": "u", "skills": ["x"], "at_ms": 500 }] });
    let more = json!({ "topology": { "kind": "hierarchical" }, "network": { "latency_ms": { "fixed": 2 } } });
    let mut agents = agents;
    agents[1]["parent"] = json!("near");
    agents[2]["parent"] = json!("middle");
    let simulation = played(&scenario(&agents, &work, &[], &more), 1);
    let points = |name: &str| {
        let choice = job(&simulation, name).parts[0].attempts[0].choice.clone().unwrap();
        assert_eq!((choice.assign, choice.able), (Assign::Adaptive, Some(3)));
        choice
            .listed
            .iter()
            .map(|(agent, merit)| match merit {
                Merit::Points(points) => (agent.0, *points),
                _ => panic!("{merit:?}"),
            })
            .collect::<Vec<_>>()
    };
    // Near: half of the skills fit, one link. Middle: all, two links. Far: all, three links.
    assert_eq!(
        points("t"),
        [
            (1, [40_000, 30_000, 20_000, 5_000]),
            (2, [40_000, 30_000, 20_000, 3_333]),
            (0, [40_000, 15_000, 20_000, 10_000]),
        ]
    );
    // Half a second later middle still has the first: half of its capacity is in use.
    assert_eq!(
        points("u"),
        [
            (2, [40_000, 30_000, 20_000, 3_333]),
            (0, [40_000, 15_000, 20_000, 10_000]),
            (1, [20_000, 30_000, 20_000, 5_000]),
        ]
    );
}

#[test]
fn past_failures_count_against_an_agent() {
    let agents = json!([{ "id": "a", "work": { "fails": 1 } }, { "id": "b" }]);
    let simulation = dispatched("adaptive", &agents, &many(6, 300), &[]);
    // The first fails at a, and is done by b, which has failed nothing.
    assert_eq!(order(&simulation), "abbbbbb");
    check_all_done(&simulation);
}

#[test]
fn the_slow_one_gets_less_by_response_time() {
    let agents = json!([{ "id": "a", "work": { "speed": 0.2 } }, { "id": "b" }, { "id": "c" }]);
    let tasks = json!([{ "id": "t", "count": 60, "load": 2, "duration_ms": 100, "every_ms": 40 }]);
    let simulation = dispatched("response_time", &agents, &tasks, &[]);
    let order = order(&simulation);
    let count = |letter| order.matches(letter).count();
    assert!(count('a') * 3 < count('b') && count('a') * 3 < count('c'), "{order}");
    check_all_done(&simulation);
}

#[test]
fn two_choices_are_two_and_the_less_loaded_of_them() {
    let agents = json!([{ "id": "a", "count": 20 }]);
    let tasks = json!([{ "id": "t", "count": 60, "load": 1, "duration_ms": 1_000 }]);
    let work = json!({ "assign": "two_choices", "tasks": tasks, "lease_ms": 60_000 });
    let simulation = after(&agents, &work, &[]);
    for job in &board(&simulation).jobs {
        let choice = job.parts[0].attempts[0].choice.as_ref().unwrap();
        let [(first, better), (second, other)] = choice.listed[..] else {
            panic!("{choice:?}");
        };
        assert!(first != second && better.rank() <= other.rank(), "{choice:?}");
        assert_eq!(job.parts[0].attempts[0].agent, first);
    }
}

/// Placing as many tasks as workers, all before any is done: the mean of the fullest over these seeds.
fn fullest(assign: &str, count: usize, seeds: u64) -> f64 {
    let agents = json!([{ "id": "w", "count": count }]);
    let tasks = json!([{ "id": "t", "count": count, "load": 1, "duration_ms": 60_000 }]);
    let work = json!({ "assign": assign, "tasks": tasks, "lease_ms": 3_600_000, "progress": 0 });
    let more = json!({ "network": { "latency_ms": { "fixed": 2 } } });
    let scenario = scenario(&agents, &work, &[], &more);
    let one = |seed| {
        let mut simulation = scenario.start(seed, &[], 0).unwrap();
        simulation.run_until(1_000_000, u64::MAX);
        let jobs = &board(&simulation).jobs;
        let mut counts = vec![0_u32; count];
        for job in jobs.iter() {
            assert_eq!(job.parts[0].attempts.len(), 1, "all are placed, and none is done");
            counts[job.parts[0].attempts[0].agent.index()] += 1;
        }
        f64::from(counts.into_iter().max().unwrap())
    };
    (0..seeds).map(one).sum::<f64>() / seeds as f64
}

#[test]
fn balls_into_bins() {
    // The bounds hold for the means over 200 seeds; over 60 the mean strays by about 0.1 more.
    let (one, two) = (fullest("random", 1_000, 60), fullest("two_choices", 1_000, 60));
    assert!((one - 5.5).abs() < 0.3, "one choice: {one}");
    assert!((two - 3.0).abs() < 0.15, "two choices: {two}");
}

#[test]
#[ignore = "takes minutes: cargo test --release -p swarmglass-engine --test engine -- --ignored --nocapture all_balls"]
fn all_balls_into_all_bins() {
    let check = |assign: &str, count: usize, expected: f64, within: f64| {
        let mean = fullest(assign, count, 200);
        println!("{count} workers, {assign}: {mean}");
        assert!((mean - expected).abs() <= within, "{count} workers, {assign}: {mean}");
    };
    check("random", 1_000, 5.5, 0.2);
    check("two_choices", 1_000, 3.0, 0.1);
    check("random", 10_000, 6.65, 0.2);
    check("two_choices", 10_000, 3.05, 0.1);
}

#[test]
fn a_dispatcher_asks_once_and_only_once() {
    let simulation = dispatched("round_robin", &members(&["a", "b"]), &many(3, 100), &[]);
    let asked = notes(&simulation).filter(|(_, it)| *it == Note::Work(WorkNote::RollCalled));
    assert_eq!(asked.count(), 1);
    let bids = notes(&simulation).filter(|(_, it)| {
        matches!(it, Note::Work(WorkNote::BidCame { .. } | WorkNote::TaskAnnounced { .. }))
    });
    assert_eq!(bids.count(), 0);
}

#[test]
fn a_dispatcher_assigns_nothing_to_those_it_has_not_heard() {
    let cut = at(0.1, json!({ "cut": { "from": "a", "to": "coordinator", "one_way": true } }));
    let mend =
        at(1_000.0, json!({ "mend": { "from": "a", "to": "coordinator", "one_way": true } }));
    let simulation = dispatched("round_robin", &members(&["a", "b"]), &many(12, 200), &[cut, mend]);
    let order = order(&simulation);
    let first = order.find('a').unwrap();
    // It is asked again every quarter of a second.
    assert!((5..9).contains(&first), "{order}");
    check_all_done(&simulation);
}

#[test]
fn a_worker_that_crashed_gets_nothing_before_it_has_answered_again() {
    let faults = [
        at(120.0, json!({ "crash": { "agent": "a" } })),
        at(3_000.0, json!({ "restart": { "agent": "a" } })),
    ];
    let tasks = json!([{ "id": "t", "count": 20, "load": 20, "duration_ms": 50, "every_ms": 200 }]);
    let work = json!({ "assign": "round_robin", "lease_ms": 500, "tasks": tasks });
    let simulation = after(&members(&["a", "b"]), &work, &faults);
    check_all_done(&simulation);
    let expired: Vec<u64> = notes(&simulation)
        .filter(|(_, it)| matches!(it, Note::Work(WorkNote::LeaseExpired { .. })))
        .map(|(event, _)| event.time_us)
        .collect();
    // Parts that it had or was given before its first lease ended, and nothing from then on.
    assert!(!expired.is_empty() && expired.len() <= 3, "{expired:?}");
    assert!(expired.iter().all(|time_us| *time_us < 1_400_000), "{expired:?}");
    assert!(order(&simulation).ends_with("ab") || order(&simulation).ends_with("ba"));
}

#[test]
fn an_agent_says_what_has_changed() {
    let ill = |healthy| json!({ "set_work": { "agent": "a", "healthy": healthy } });
    let faults = [at(250.0, ill(false)), at(850.0, ill(true))];
    let simulation = dispatched("round_robin", &members(&["a", "b"]), &many(10, 100), &faults);
    // Tasks at 0, 100, … 900 ms.
    assert_eq!(order(&simulation), "ababbbbbba");
    check_all_done(&simulation);
}

#[test]
fn who_joins_is_asked_and_who_leaves_gets_no_more() {
    let newcomer = json!({ "id": "c" });
    let faults = [
        at(250.0, json!({ "spawn": { "agent": newcomer } })),
        at(650.0, json!({ "remove": { "agent": "a" } })),
    ];
    let work = json!({ "assign": "least_connections", "tasks": many(12, 100), "lease_ms": 400 });
    let simulation = after(&members(&["a", "b"]), &work, &faults);
    check_all_done(&simulation);
    let given: Vec<u32> = board(&simulation)
        .jobs
        .iter()
        .flat_map(|job| job.attempts().map(|attempt| attempt.agent.0))
        .collect();
    // The coordinator is 2.
    assert!(given.contains(&0) && given.contains(&1));
    assert!(workers(&simulation).count() >= 2);
}

#[test]
fn the_rule_changes_while_it_runs() {
    let faults = [
        at(350.0, json!({ "set_assign": { "assign": "least_loaded" } })),
        at(650.0, json!({ "set_assign": { "assign": "contract_net" } })),
    ];
    let simulation = dispatched("round_robin", &members(&["a", "b"]), &many(9, 100), &faults);
    check_all_done(&simulation);
    assert!(order(&simulation).starts_with("ababaaa"), "{}", order(&simulation));
    let bids =
        notes(&simulation).filter(|(_, it)| matches!(it, Note::Work(WorkNote::BidCame { .. })));
    assert_eq!(bids.count(), 4, "two agents for the last two tasks");
}

#[test]
fn a_team_is_picked_by_the_rule_one_skill_after_the_other() {
    let agents = json!([
        { "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["y"] }, { "id": "c", "skills": ["x", "z"] },
        { "id": "d", "skills": ["z"] },
    ]);
    let tasks = json!([
        { "id": "t", "complexity": "moderate", "skills": ["x", "y", "z"], "duration_ms": 100 },
        { "id": "u", "complexity": "moderate", "skills": ["x", "y", "z"], "duration_ms": 100, "at_ms": 500 },
    ]);
    let simulation = dispatched("round_robin", &agents, &tasks, &[]);
    check_all_done(&simulation);
    assert_eq!(awarded(&simulation, "t"), [[0], [1], [2]]);
    // The turn goes on behind c: d brings z, a brings x, b brings y.
    assert_eq!(awarded(&simulation, "u"), [[0], [1], [3]]);
}

#[test]
fn nobody_who_could_is_told_at_once() {
    let agents = json!([{ "id": "a", "skills": ["x"], "capacity": 10 }]);
    let tasks = json!([{ "id": "t", "skills": ["x"], "load": 20 }]);
    let simulation = dispatched("adaptive", &agents, &tasks, &[]);
    let (status, reason) = end(&simulation, "t");
    assert_eq!(status, "failed");
    assert!(reason.is_some());
    assert!(simulation.now_us() < 100_000, "{}", simulation.now_us());
}

#[test]
fn a_dispatcher_goes_on_after_a_crash() {
    let faults = [
        at(310.0, json!({ "crash": { "agent": "coordinator" } })),
        at(900.0, json!({ "restart": { "agent": "coordinator" } })),
    ];
    for (assign, _) in Assign::ALL.map(|(assign, name)| (name, assign)) {
        let work = json!({ "assign": assign, "tasks": many(10, 100) });
        let mut simulation = started(
            &scenario(
                &members(&["a", "b", "c"]),
                &work,
                &faults,
                &json!({ "network": { "latency_ms": { "fixed": 2 } } }),
            ),
            1,
        );
        simulation.run_until(60_000_000, u64::MAX);
        check_all_done(&simulation);
        for attempt in board(&simulation).jobs.iter().flat_map(|job| job.attempts()) {
            assert!(matches!(attempt.end, Some((AttemptEnd::Done, _))), "{assign}: {attempt:?}");
        }
        let books =
            (0..3).map(|agent| board(&simulation).book(swarmglass_engine::sim::AgentId(agent)));
        let done: u32 = books.map(|book| book.map_or(0, |book| book.done + book.open)).sum();
        assert_eq!(done, 10, "{assign}");
    }
}

#[test]
fn a_manager_assigns_by_the_same_rule() {
    let agents = json!([
        { "id": "m", "work": { "manager": true } },
        { "id": "a", "parent": "m", "skills": ["x"] }, { "id": "b", "parent": "m", "skills": ["x"] },
    ]);
    let tasks =
        json!([{ "id": "t", "count": 4, "skills": ["x"], "duration_ms": 50, "every_ms": 200 }]);
    let work = json!({ "assign": "round_robin", "manager": "m", "tasks": tasks });
    let more = json!({ "topology": { "kind": "hierarchical" }, "network": { "latency_ms": { "fixed": 2 } } });
    let simulation = played(&scenario(&agents, &work, &[], &more), 1);
    check_all_done(&simulation);
    // The manager is the first agent: it gets each task, and gives it to the second or the third.
    assert_eq!(order(&simulation), "abacabac");
}

#[test]
fn a_task_is_routed_to_the_least_loaded_that_has_all_skills() {
    let agents = json!([
        { "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["x", "y"] }, { "id": "c", "skills": ["y", "x", "z"] },
    ]);
    let tasks = json!([{ "id": "t", "count": 4, "skills": ["x", "y"], "duration_ms": 5_000 }]);
    let work = json!({ "assign": "skill_router", "tasks": tasks, "lease_ms": 60_000 });
    let simulation = after(&agents, &work, &[]);
    assert_eq!(order(&simulation), "bcbc");
    // The chosen one is the one that is charged (E7).
    let peak = |agent: u32| awarded(&simulation, "t-1").concat().contains(&agent);
    assert!(peak(1) && !peak(0));
}

#[test]
fn nobody_with_all_skills_is_told_with_those_that_are_missing() {
    let agents = json!([
        { "id": "a", "skills": ["x"] }, { "id": "b", "skills": ["x", "y"] }, { "id": "c", "skills": ["z"] },
    ]);
    let tasks = json!([
        { "id": "whole", "skills": ["x", "y", "z"] },
        { "id": "split", "complexity": "moderate", "skills": ["x", "y", "z"] },
    ]);
    let simulation = dispatched("skill_router", &agents, &tasks, &[]);
    let reason = "nobody has all of the skills: the nearest lacks z".to_owned();
    assert_eq!(end(&simulation, "whole"), ("failed", Some(reason)));
    assert_eq!(end(&simulation, "split"), ("done", None));
    assert_eq!(awarded(&simulation, "split"), [[0], [1], [2]]);
}

#[test]
fn a_routed_task_that_failed_goes_to_another_with_all_skills() {
    let agents = json!([
        { "id": "a", "skills": ["x", "y"], "work": { "fails": 1 } }, { "id": "b", "skills": ["x"] },
        { "id": "c", "skills": ["x", "y"] },
    ]);
    let tasks = json!([{ "id": "t", "skills": ["x", "y"], "duration_ms": 100 }]);
    let simulation = dispatched("skill_router", &agents, &tasks, &[]);
    assert_eq!(awarded(&simulation, "t"), [[0, 2]]);
    check_all_done(&simulation);
}

/// The word of an agent on its health is lost: the dispatcher asks it again once it could not take something.
#[test]
fn an_agent_that_could_not_take_it_is_asked_again_what_it_can_do() {
    let agents = json!([{ "id": "a", "skills": ["x"] }, { "id": "b" }]);
    let tasks = json!([
        { "id": "first", "skills": ["x"], "duration_ms": 100 },
        { "id": "second", "skills": ["x"], "duration_ms": 100, "at_ms": 500 },
    ]);
    let link = |to: &str| json!({ "cut": { "from": "a", "to": to, "one_way": true } });
    let faults = [
        at(300.0, link("coordinator")),
        at(310.0, json!({ "set_work": { "agent": "a", "healthy": false } })),
        at(320.0, json!("heal")),
    ];
    let work = json!({ "assign": "round_robin", "tasks": tasks });
    let simulation = after(&agents, &work, &faults);
    let attempts = job(&simulation, "second").attempts().count();
    assert_eq!((attempts, end(&simulation, "second").0), (1, "failed"));
}
