//! Rumours that agents lose interest in, by the rules of Demers et al. 1987 (*Epidemic Algorithms for Replicated
//! Database Maintenance*): a thousand sites, push, one partner a cycle, and one rumour.
#![cfg(not(target_arch = "wasm32"))]

use crate::protocols::gossip::RUMOUR;
use crate::scenario::Scenario;
use serde_json::{Value, json};

const SITES: u32 = 1_000;
const ROUNDS: u64 = 64;
const ROUND_US: u64 = 100_000;

/// Table 1, feedback and counter: k, the share of sites that never hear of it, and pushes a site.
const TABLE_1: [(u32, f64, f64); 5] =
    [(1, 0.18, 1.7), (2, 0.037, 3.3), (3, 0.011, 4.5), (4, 0.003_6, 5.6), (5, 0.001_2, 6.7)];

/// Table 2, blind and coin.
const TABLE_2: [(u32, f64, f64); 5] =
    [(1, 0.96, 0.04), (2, 0.20, 1.6), (3, 0.060, 2.8), (4, 0.021, 3.9), (5, 0.008, 4.9)];

fn scenario(stop: &Value) -> Scenario {
    let file = json!({
        "format": 1, "name": "demers", "title": "Demers",
        "agents": [{ "id": "knows" }, { "id": "site", "count": SITES - 1, "mind": "silent" }],
        "network": { "latency_ms": { "uniform": [1, 10] } },
        "proposals": [{ "id": "p", "algorithm": "gossip",
            "gossip": { "exchange": "push", "fanout": 1, "rounds": ROUNDS, "stop": stop } }],
    });
    Scenario::parse(&file.to_string(), "test").unwrap()
}

/// The residue and the traffic of one run.
fn run(scenario: &Scenario, seed: u64) -> [f64; 2] {
    let mut simulation = scenario.start(seed, &[], 0).unwrap();
    let mut pushes = 0;
    for round in 1..=ROUNDS {
        simulation.run_until((round + 2) * ROUND_US - 1_000, u64::MAX);
        let so_far = simulation.counters.by_kind[usize::from(RUMOUR.number)].sent;
        if so_far == pushes {
            break;
        }
        pushes = so_far;
    }
    assert_eq!(simulation.counters.end_to_end.in_flight, 0, "all answers come within their round");
    let watch = simulation.observer.watches.gossip.as_ref().unwrap().spread(0).unwrap();
    let knowing = watch.point().known;
    [1.0 - knowing as f64 / f64::from(SITES), pushes as f64 / f64::from(SITES)]
}

/// Means over seeds, and how far each may be off by chance: four standard errors.
fn measure(stop: &Value, seeds: u64) -> [(f64, f64); 2] {
    let scenario = scenario(stop);
    let runs: Vec<[f64; 2]> = (0..seeds).map(|seed| run(&scenario, seed)).collect();
    [0, 1].map(|which| {
        let mean = runs.iter().map(|run| run[which]).sum::<f64>() / seeds as f64;
        let squares = runs.iter().map(|run| (run[which] - mean) * (run[which] - mean)).sum::<f64>();
        (mean, 4.0 * (squares / (seeds - 1) as f64 / seeds as f64).sqrt())
    })
}

/// Half of the last digit that the paper prints.
fn rounding(figure: f64) -> f64 {
    let digit = libm::pow(10.0, libm::floor(libm::log10(figure)) - 1.0);
    0.5 * if figure >= 1.0 { 0.1 } else { digit }
}

fn check(rule: &str, feedback: bool, table: &[(u32, f64, f64)], seeds: u64) {
    for (k, residue, traffic) in table {
        let stop = json!({ "rule": rule, "feedback": feedback, "k": k });
        let found = measure(&stop, seeds);
        for ((mean, chance), published) in found.into_iter().zip([*residue, *traffic]) {
            let apart = (mean - published).abs();
            assert!(
                apart <= chance + rounding(published),
                "{rule}, feedback {feedback}, k {k}: {mean:.5} ± {chance:.5}, published {published}"
            );
        }
    }
}

#[test]
fn by_feedback_and_counter_a_rumour_dies_out_as_in_table_1() {
    check("counter", true, &TABLE_1, 25);
}

#[test]
fn blind_and_by_coin_a_rumour_dies_out_as_in_table_2() {
    check("coin", false, &TABLE_2, 15);
}

/// The issue's own bounds, over 500 seeds:
/// `cargo test -p swarmglass-engine --test gossip_demers -- --ignored --nocapture`
#[test]
#[ignore = "2 500 runs, some minutes"]
fn over_500_seeds_table_1_comes_out_within_a_tenth() {
    for (k, residue, traffic) in TABLE_1 {
        let stop = json!({ "rule": "counter", "feedback": true, "k": k });
        let [(left, _), (pushes, _)] = measure(&stop, 500);
        println!("k {k}: residue {left:.5} ({residue}), traffic {pushes:.3} ({traffic})");
        let most = if k == 5 { 0.2 } else { 0.1 };
        assert!((left / residue - 1.0).abs() <= most, "k {k}: residue {left}, published {residue}");
        assert!((pushes / traffic - 1.0).abs() <= 0.03, "k {k}: {pushes}, published {traffic}");
    }
}
