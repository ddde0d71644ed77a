//! Every rule of the keeper and of those who ask it, by itself.

use super::swarm::{
    at, books, demand, granted, notes, played, scenario, status, taker, unit, with,
};
use crate::protocols::resources::note::{GiveUp, ResourcesNote};
use crate::scenario::build::SwarmSimulation;
use crate::sim::PropertyStatus;
use serde_json::{Value, json};

fn gpu(demands: &[Value], more: &[(&str, Value)]) -> Value {
    let mut section = json!({ "stock": [unit("gpu", 4)], "demands": demands });
    for (name, value) in more {
        section[*name] = value.clone();
    }
    section
}

/// One unit, and one demand after the other: who gets it in which order.
fn check_order(demands: &[Value], more: &[(&str, Value)], expected: &str) {
    let simulation = played(&scenario(5, &gpu(demands, more), &[], &json!({})), 1, 20_000);
    assert_eq!(granted(&simulation), expected, "{demands:?}");
    assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
}

fn gets(simulation: &SwarmSimulation, agent: u32) -> Option<u64> {
    notes(simulation).into_iter().find_map(|(ms, _, note)| match note {
        ResourcesNote::Granted { agent: it, .. } if it.0 == agent => Some(ms),
        _ => None,
    })
}

#[test]
fn the_queue_is_served_by_priority_then_arrival() {
    let whole = [("gpu", 4)];
    let of =
        |agent, ms, priority: u8| with(demand(agent, ms, &whole, 500), "priority", json!(priority));
    check_order(&[of("a", 1, 5), of("b", 10, 5), of("c", 20, 5)], &[], "abc");
    check_order(&[of("a", 1, 5), of("b", 10, 4), of("c", 20, 6)], &[], "acb");
    check_order(&[of("a", 1, 1), of("b", 10, 10), of("c", 20, 10), of("d", 30, 9)], &[], "abcd");
    // Without a priority it is 5.
    check_order(&[of("a", 1, 5), demand("b", 10, &whole, 500), of("c", 20, 6)], &[], "acb");
}

#[test]
fn nothing_overtakes_the_first_in_line() {
    let demands = [
        demand("a", 1, &[("gpu", 2)], 1_000),
        demand("b", 10, &[("gpu", 3)], 500),
        demand("c", 20, &[("gpu", 1)], 500),
    ];
    check_order(&demands, &[], "abc");
    // Two are free all the while.
    let simulation = played(&scenario(3, &gpu(&demands, &[]), &[], &json!({})), 1, 500);
    assert_eq!((books(&simulation).free(0), books(&simulation).claims.len()), (2, 3));
}

#[test]
fn waiting_is_served_with_the_amount_asked_for() {
    let demands = [demand("a", 1, &[("gpu", 4)], 500), demand("b", 10, &[("gpu", 3)], 500)];
    let simulation = played(&scenario(2, &gpu(&demands, &[]), &[], &json!({})), 1, 20_000);
    let amounts: Vec<u32> = notes(&simulation)
        .into_iter()
        .filter_map(|(.., note)| match note {
            ResourcesNote::Granted { amount, .. } => Some(amount),
            _ => None,
        })
        .collect();
    assert_eq!(amounts, [4, 3]);
}

#[test]
fn priorities_age_where_that_is_asked_for() {
    let of = |agent, ms, priority: u8| {
        with(demand(agent, ms, &[("gpu", 4)], 1_000), "priority", json!(priority))
    };
    let demands = [of("a", 1, 8), of("b", 10, 2), of("c", 900, 6), of("d", 1_900, 6)];
    check_order(&demands, &[], "acdb");
    check_order(&demands, &[("ageing_ms", json!(300))], "acbd");
    check_order(&demands, &[("ageing_ms", json!(100))], "abcd");
}

#[test]
fn a_part_comes_back_as_a_step_of_a_demand() {
    let first = with(
        demand("a", 1, &[("gpu", 4)], 2_000),
        "gives",
        json!([{ "resource": "gpu", "amount": 3, "after_ms": 500 }]),
    );
    let demands = [first, demand("b", 10, &[("gpu", 3)], 500)];
    let simulation = played(&scenario(2, &gpu(&demands, &[]), &[], &json!({})), 1, 1_000);
    assert_eq!((taker(&simulation, 1).held(0), taker(&simulation, 2).held(0)), (1, 3));
    // Asked at 1 ms, there after two messages, given back after 500 ms and one more.
    assert_eq!(gets(&simulation, 2), Some(531));
}

fn request(agent: &str, amount: u32) -> Value {
    json!({ "request_resource": { "agent": agent, "resource": "gpu", "amount": amount } })
}

fn release(agent: &str, amount: u32) -> Value {
    json!({ "release_resource": { "agent": agent, "resource": "gpu", "amount": amount } })
}

#[test]
fn a_person_requests_and_releases() {
    let faults = [
        at(1, request("a", 3)),
        at(100, request("b", 2)),
        at(200, release("a", 1)),
        at(400, release("a", 9)),
        at(600, release("a", 2)),
        at(800, release("a", 1)),
    ];
    let simulation = played(&scenario(2, &gpu(&[], &[]), &faults, &json!({})), 1, 390);
    assert_eq!((taker(&simulation, 1).held(0), taker(&simulation, 2).held(0)), (2, 2));
    let simulation = played(&scenario(2, &gpu(&[], &[]), &faults, &json!({})), 1, 590);
    let refused = |(.., note): &(u64, u32, ResourcesNote)| {
        matches!(note, ResourcesNote::ReturnRefused { amount: 9, .. })
    };
    assert_eq!(notes(&simulation).iter().filter(|it| refused(it)).count(), 1);
    assert_eq!(books(&simulation).granted(0), 4, "the books are unchanged");
    let simulation = played(&scenario(2, &gpu(&[], &[]), &faults, &json!({})), 1, 20_000);
    assert_eq!((taker(&simulation, 1).held(0), taker(&simulation, 2).held(0)), (0, 2));
    let notes = notes(&simulation);
    assert!(notes.iter().any(|(.., it)| matches!(it, ResourcesNote::HoldsNone { .. })));
    assert!(notes.iter().any(|(.., it)| matches!(it, ResourcesNote::DemandEnded { demand: 0 })));
}

#[test]
fn further_requests_of_a_person_join_the_first_as_far_as_they_fit() {
    let faults = [at(1, request("a", 1)), at(100, request("a", 2)), at(200, request("a", 2))];
    let simulation = played(&scenario(1, &gpu(&[], &[]), &faults, &json!({})), 1, 5_000);
    assert_eq!(taker(&simulation, 1).held(0), 3);
    // Two more would never fit beside these three: they are a demand of their own.
    assert_eq!(taker(&simulation, 1).plans.open.len(), 2);
}

#[test]
fn a_crash_gives_back_when_the_lease_ends_and_not_before() {
    let demands = [demand("a", 1, &[("gpu", 4)], 9_000), demand("b", 10, &[("gpu", 1)], 500)];
    let faults = [at(100, json!({ "crash": { "agent": "a" } }))];
    let simulation = played(&scenario(2, &gpu(&demands, &[]), &faults, &json!({})), 1, 20_000);
    // Granted at 11 ms by the keeper's clock, for 2 s.
    assert_eq!(gets(&simulation, 2), Some(2_011));
    let lapsed = |(.., note): &(u64, u32, ResourcesNote)| {
        matches!(note, ResourcesNote::Lapsed { amount: 4, .. })
    };
    assert!(notes(&simulation).iter().any(lapsed));
}

#[test]
fn a_live_holder_renews_also_while_it_waits() {
    let section = json!({ "stock": [unit("gpu", 1), unit("disk", 1)], "demands": [
        demand("a", 1, &[("gpu", 1), ("disk", 1)], 100),
        demand("b", 1, &[("disk", 1)], 9_000),
    ] });
    let simulation = played(&scenario(2, &section, &[], &json!({})), 1, 8_000);
    assert_eq!((taker(&simulation, 1).held(0), books(&simulation).granted(0)), (1, 1));
    let setbacks = |it: &(u64, u32, ResourcesNote)| {
        matches!(it.2, ResourcesNote::Lapsed { .. } | ResourcesNote::Stopped { .. })
    };
    assert!(!notes(&simulation).iter().any(setbacks));
}

#[test]
fn after_a_restart_an_agent_holds_nothing_and_begins_anew() {
    let demands = [demand("a", 1, &[("gpu", 4)], 1_000)];
    let faults = [
        at(500, json!({ "crash": { "agent": "a" } })),
        at(600, json!({ "restart": { "agent": "a" } })),
    ];
    let scenario = scenario(1, &gpu(&demands, &[]), &faults, &json!({}));
    let simulation = played(&scenario, 1, 700);
    assert_eq!((taker(&simulation, 1).held(0), books(&simulation).granted(0)), (0, 4));
    let simulation = played(&scenario, 1, 20_000);
    assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
    assert_eq!(granted(&simulation), "aa");
}

#[test]
fn a_holder_that_stood_still_stops_before_it_does_anything_and_its_late_use_is_refused() {
    let demands = [demand("a", 1, &[("gpu", 4)], 9_000), demand("b", 10, &[("gpu", 4)], 500)];
    // Cut off, it cannot renew; it stops 50 ms before the lease of its last renewal ends.
    let faults = [
        at(100, json!({ "cut": { "from": "k", "to": "a", "one_way": true } })),
        at(5_000, json!("heal")),
    ];
    let simulation = played(&scenario(2, &gpu(&demands, &[]), &faults, &json!({})), 1, 4_000);
    let stopped = notes(&simulation).into_iter().find_map(|(ms, agent, note)| {
        (agent == 1 && matches!(note, ResourcesNote::Stopped { .. })).then_some(ms)
    });
    assert_eq!(stopped, Some(1 + 2_000 - 50), "from when it asked, not from the answer");
    assert!(gets(&simulation, 2).is_some_and(|ms| ms > 1_951), "{:?}", gets(&simulation, 2));
    // A use that is on its way for longer than the lease is refused by its number.
    let slow = json!({ "set_link": { "from": "a", "to": "k", "one_way": true, "link": { "latency_ms": { "fixed": 4_000 } } } });
    let faults = [at(100, slow), at(600, json!({ "crash": { "agent": "a" } }))];
    let simulation = played(&scenario(2, &gpu(&demands, &[]), &faults, &json!({})), 1, 20_000);
    let late = |(.., note): &(u64, u32, ResourcesNote)| {
        matches!(note, ResourcesNote::LateUse { number: 1, .. })
    };
    assert_eq!(notes(&simulation).iter().filter(|it| late(it)).count(), 1);
    assert_eq!(super::swarm::watch(&simulation).late_uses, 1);
}

#[test]
fn leases_that_ran_out_while_the_keeper_was_down_are_expired_by_its_clock() {
    let demands = [demand("a", 1, &[("gpu", 4)], 9_000), demand("b", 3_000, &[("gpu", 4)], 500)];
    let faults = [
        at(100, json!({ "crash": { "agent": "k" } })),
        at(200, json!({ "crash": { "agent": "a" } })),
        at(4_000, json!({ "restart": { "agent": "k" } })),
    ];
    let simulation = played(&scenario(2, &gpu(&demands, &[]), &faults, &json!({})), 1, 20_000);
    assert!(gets(&simulation, 2).is_some_and(|ms| (4_000..4_600).contains(&ms)));
    assert_eq!(granted(&simulation), "ab");
    assert_eq!(books(&simulation).numbers, [2], "they go on rising");
}

#[test]
fn who_never_hears_of_the_keeper_gives_up_with_the_reason() {
    let demands = [demand("a", 1, &[("gpu", 4)], 500)];
    let faults = [at(0, json!({ "crash": { "agent": "k" } }))];
    let simulation = played(&scenario(1, &gpu(&demands, &[]), &faults, &json!({})), 1, 20_000);
    let reason = GiveUp::NoAnswer;
    let gave_up = ResourcesNote::GaveUp { demand: 0, reason };
    assert!(notes(&simulation).iter().any(|(.., it)| *it == gave_up));
    assert_eq!(status(&simulation, "every_request_served"), PropertyStatus::Holds);
}

#[test]
fn lost_and_doubled_messages_change_nothing() {
    let demands = [
        with(with(demand("a", 1, &[("gpu", 3)], 20), "times", json!(5)), "every_ms", json!(900)),
        with(with(demand("b", 1, &[("gpu", 2)], 20), "times", json!(5)), "every_ms", json!(900)),
    ];
    let network = json!({ "latency_ms": { "uniform": [5, 60] }, "loss": 0.3, "duplication": 0.3 });
    for seed in 0..50 {
        let more = json!({ "network": network, "ends_at_ms": 60_000 });
        let simulation = played(&scenario(2, &gpu(&demands, &[]), &[], &more), seed, 60_000);
        for name in ["every_request_served", "never_over_capacity", "use_within_capacity"] {
            assert_eq!(status(&simulation, name), PropertyStatus::Holds, "{name}, seed {seed}");
        }
        assert!(books(&simulation).claims.is_empty(), "seed {seed}");
        let is_lost = |it: &(u64, u32, ResourcesNote)| {
            matches!(it.2, ResourcesNote::Stopped { .. } | ResourcesNote::Lapsed { .. })
        };
        let lost = notes(&simulation).into_iter().filter(is_lost).count();
        let grants = granted(&simulation).len();
        assert!((10..=10 + lost).contains(&grants), "seed {seed}: {grants} grants, {lost} lost");
    }
}

/// A holder whose clock is slow, a keeper whose clock is fast, by so many parts per million, and a cut right after the grant.
fn check_drift(ppm: i32, expected: PropertyStatus) {
    let agent = |id: &str, drift_ppm: i32| json!({ "id": id, "clock": { "offset_ms": 0, "drift_ppm": drift_ppm } });
    let demands = [demand("a", 1, &[("gpu", 4)], 9_000), demand("b", 10, &[("gpu", 4)], 500)];
    let more = json!({
        "agents": [agent("k", ppm), agent("a", -ppm), agent("b", 0)],
        "network": { "latency_ms": { "fixed": 1 } },
    });
    let section = gpu(&demands, &[("lease_ms", json!(1_000)), ("drift_ms", json!(50))]);
    let faults = [at(100, json!({ "cut": { "from": "k", "to": "a" } }))];
    let simulation = played(&scenario(2, &section, &faults, &more), 1, 5_000);
    assert!(gets(&simulation, 2).is_some());
    assert_eq!(status(&simulation, "use_within_capacity"), expected, "{ppm} ppm");
    assert_eq!(status(&simulation, "never_over_capacity"), PropertyStatus::Holds);
}

#[test]
fn within_the_stated_drift_nothing_is_used_twice_and_beyond_it_that_is_seen() {
    check_drift(0, PropertyStatus::Holds);
    check_drift(24_000, PropertyStatus::Holds);
    check_drift(60_000, PropertyStatus::Violated);
}
