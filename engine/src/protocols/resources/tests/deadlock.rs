//! Deadlocks are found in time, what is told is one, and where requests are ordered there are none.

use super::swarm::{books, demand, notes, played, scenario, started, status, unit, watch};
use crate::protocols::resources::note::ResourcesNote;
use crate::protocols::resources::reduction::{cycle, deadlocked};
use crate::sim::{AgentId, LocalTime, PropertyStatus};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Each of so many agents takes its fork, and then that of the next.
fn dining(count: usize, policy: &str, offset_ms: u64) -> Value {
    let fork = |place: usize| format!("f{}", place % count);
    let stock: Vec<Value> = (0..count).map(|place| unit(&fork(place), 1)).collect();
    let demands = (0..count).map(|place| {
        let agent = "abcdefgh"[place..=place].to_owned();
        let takes = [(fork(place), 1), (fork(place + 1), 1)];
        let takes = takes.each_ref().map(|(name, amount)| (name.as_str(), *amount));
        let mut demand = demand(&agent, 1 + offset_ms * place as u64, &takes, 300);
        demand["takes"][1]["after_ms"] = json!(500);
        demand
    });
    json!({ "stock": stock, "demands": demands.collect::<Vec<Value>>(), "deadlock": policy })
}

/// The time in milliseconds and the agent of each note that tells of a deadlock.
fn told(simulation: &crate::scenario::build::SwarmSimulation) -> Vec<(u64, u32)> {
    let is_it = |note: &ResourcesNote| matches!(note, ResourcesNote::Deadlock { .. });
    let all = notes(simulation).into_iter();
    all.filter(|(.., note)| is_it(note)).map(|(ms, agent, _)| (ms, agent)).collect()
}

#[test]
fn a_cycle_is_found_once_within_a_lease_and_by_the_youngest() {
    for count in 2..=8 {
        let section = dining(count, "none", 20);
        let simulation = played(&scenario(count, &section, &[], &json!({})), 1, 20_000);
        let found = told(&simulation);
        // The last begins to wait 500 ms after it has its first fork; then one lease, and the way around.
        let closed_ms = 1 + 20 * (count as u64 - 1) + 20 + 500 + 10;
        assert_eq!(found.len(), 1, "{count} agents: {found:?}");
        let within_ms = closed_ms + 2_000 + 10 * count as u64;
        assert!((closed_ms..=within_ms).contains(&found[0].0), "{found:?}, {closed_ms}");
        assert_eq!(found[0].1 as usize, count, "the youngest");
        assert_eq!(watch(&simulation).deadlocks[0].agents.len(), count);
        assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Violated);
    }
}

#[test]
fn the_youngest_gives_way_and_everyone_is_served() {
    for count in 2..=6 {
        for seed in 0..10 {
            let section = dining(count, "youngest_gives_way", 7);
            let more = json!({ "ends_at_ms": 60_000 });
            let simulation = played(&scenario(count, &section, &[], &more), seed, 60_000);
            assert!(!told(&simulation).is_empty());
            assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
        }
    }
}

#[test]
fn ordered_requests_close_no_cycle() {
    for count in 2..=6 {
        let simulation =
            played(&scenario(count, &dining(count, "ordered", 0), &[], &json!({})), 1, 20_000);
        assert_eq!(told(&simulation), []);
        assert_eq!(status(&simulation, "no_deadlock"), PropertyStatus::Holds);
        assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
    }
}

/// Two agents hold two of four units of each resource, and want three more of the other's.
fn several(policy: &str) -> Value {
    let of = |agent: &str, first: &str, second: &str| {
        let mut demand = demand(agent, 1, &[(first, 2), (second, 3)], 300);
        demand["takes"][1]["after_ms"] = json!(500);
        demand
    };
    let stock = [unit("gpu", 4), unit("disk", 4)];
    json!({ "stock": stock, "demands": [of("a", "gpu", "disk"), of("b", "disk", "gpu")], "deadlock": policy })
}

#[test]
fn with_several_units_the_keeper_says_that_it_is_possible() {
    let simulation = played(&scenario(2, &several("none"), &[], &json!({})), 1, 20_000);
    assert_eq!(told(&simulation), []);
    let found = &watch(&simulation).deadlocks;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].is_possible && found[0].agents[..] == [AgentId(1), AgentId(2)], "{found:?}");
    let simulation =
        played(&scenario(2, &several("youngest_gives_way"), &[], &json!({})), 1, 20_000);
    assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
}

/// Those that wait for each other by the keeper's books; its clock is right.
fn stuck(simulation: &crate::scenario::build::SwarmSimulation) -> BTreeSet<AgentId> {
    deadlocked(books(simulation), LocalTime(0).after(simulation.now_us()))
}

#[test]
fn a_small_request_can_wait_for_a_large_one_before_it() {
    // a holds 2 of 3 gpu and waits for the disk of b, which waits for 1 gpu in line behind c, which wants 2.
    let mut first = demand("a", 1, &[("gpu", 2), ("disk", 1)], 300);
    first["takes"][1]["after_ms"] = json!(500);
    let mut second = demand("b", 1, &[("disk", 1), ("gpu", 1)], 300);
    second["takes"][1]["after_ms"] = json!(500);
    let demands = [first, second, demand("c", 100, &[("gpu", 2)], 300)];
    let section = |policy| json!({ "stock": [unit("gpu", 3), unit("disk", 1)], "demands": demands, "deadlock": policy });
    let simulation = played(&scenario(3, &section("none"), &[], &json!({})), 1, 20_000);
    assert_eq!(stuck(&simulation).len(), 3);
    assert_eq!(watch(&simulation).deadlocks.len(), 1);
    let simulation =
        played(&scenario(3, &section("youngest_gives_way"), &[], &json!({})), 1, 20_000);
    assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
}

#[test]
fn waiting_in_line_is_no_deadlock() {
    let demands = [
        demand("a", 1, &[("gpu", 1), ("disk", 1)], 5_000),
        demand("b", 50, &[("disk", 1)], 300),
        demand("c", 60, &[("gpu", 1)], 300),
    ];
    let section = json!({ "stock": [unit("gpu", 1), unit("disk", 1)], "demands": demands });
    let simulation = played(&scenario(3, &section, &[], &json!({})), 1, 4_000);
    assert!(stuck(&simulation).is_empty());
    assert!(cycle(books(&simulation), AgentId(2)).is_empty());
    assert!(watch(&simulation).deadlocks.is_empty());
}

#[test]
fn nobody_waits_for_its_own_past() {
    // After the restart its old lease stands in its way: that is no deadlock.
    let section =
        json!({ "stock": [unit("gpu", 1)], "demands": [demand("a", 1, &[("gpu", 1)], 3_000)] });
    let faults = [
        super::swarm::at(500, json!({ "crash": { "agent": "a" } })),
        super::swarm::at(600, json!({ "restart": { "agent": "a" } })),
    ];
    let simulation = played(&scenario(1, &section, &faults, &json!({})), 1, 20_000);
    assert!(watch(&simulation).deadlocks.is_empty());
    assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
}

/// The demands of several agents on forks of one unit: at which times, and which of them.
fn demands() -> impl Strategy<Value = Vec<(u64, usize, Vec<usize>)>> {
    let takes = prop::sample::subsequence((0..4_usize).collect::<Vec<_>>(), 1..=3);
    let takes = takes.prop_shuffle();
    prop::collection::vec((1..3_000_u64, 0..4_usize, takes), 1..12)
}

fn section(demands: &[(u64, usize, Vec<usize>)], policy: &str) -> Value {
    let stock: Vec<Value> = (0..4).map(|place| unit(&format!("f{place}"), 1)).collect();
    let demand = |(ms, agent, takes): &(u64, usize, Vec<usize>)| {
        let names: Vec<String> = takes.iter().map(|place| format!("f{place}")).collect();
        let takes: Vec<(&str, u32)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        let mut demand = demand(&"abcd"[*agent..=*agent], *ms, &takes, 200);
        for take in 1..takes.len() {
            demand["takes"][take]["after_ms"] = json!(150);
        }
        demand
    };
    let demands: Vec<Value> = demands.iter().map(demand).collect();
    json!({ "stock": stock, "demands": demands, "deadlock": policy, "lease_ms": 1_000 })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_told_is_a_cycle_and_what_lasts_is_told(demands in demands(), seed: u64) {
        let network = json!({ "latency_ms": { "uniform": [1, 40] } });
        let more = json!({ "network": network, "ends_at_ms": 12_000 });
        let scenario = scenario(4, &section(&demands, "none"), &[], &more);
        let mut simulation = started(&scenario, seed);
        let mut since_ms = None;
        let mut seen = 0;
        while simulation.step(12_000_000) {
            let stuck = !stuck(&simulation).is_empty();
            let now_ms = simulation.now_us() / 1_000;
            since_ms = if stuck { since_ms.or(Some(now_ms)) } else { None };
            let found = &watch(&simulation).deadlocks;
            if found.len() > seen {
                seen = found.len();
                prop_assert!(!found[seen - 1].agents.is_empty(), "it was a cycle: {:?}", found);
            }
            // One lease, and the ways to the keeper and around the cycle.
            let late = since_ms.is_some_and(|since_ms| now_ms > since_ms + 1_000 + 6 * 40);
            prop_assert!(!late || seen > 0, "not told since {:?} at {}", since_ms, now_ms);
        }
    }

    // Probes and answers are old when they come, and every hold is short.
    #[test]
    fn what_is_told_is_a_cycle_however_slow_the_messages_are(
        (one, other) in (demands(), demands()), seed: u64,
    ) {
        let network = json!({ "latency_ms": { "uniform": [1, 220] } });
        let more = json!({ "network": network, "ends_at_ms": 10_000 });
        let all: Vec<_> = one.into_iter().chain(other).collect();
        let scenario = scenario(4, &section(&all, "none"), &[], &more);
        let simulation = played(&scenario, seed, 10_000);
        let found = &watch(&simulation).deadlocks;
        prop_assert!(found.iter().all(|it| !it.agents.is_empty()), "{:?}", found);
    }

    #[test]
    fn ordered_requests_never_wait_for_each_other(demands in demands(), seed: u64) {
        let network = json!({ "latency_ms": { "uniform": [1, 40] }, "loss": 0.1 });
        let more = json!({ "network": network, "ends_at_ms": 60_000 });
        let scenario = scenario(4, &section(&demands, "ordered"), &[], &more);
        let simulation = played(&scenario, seed, 60_000);
        prop_assert_eq!(status(&simulation, "no_deadlock"), PropertyStatus::Holds);
        prop_assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
    }
}
