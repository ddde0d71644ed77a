//! A round of gossip is a round of the papers (C8): from the share of agents that know a ballot when a round
//! begins follows the share when it ends, ballot by ballot, for each way they talk.
#![cfg(not(target_arch = "wasm32"))]

use crate::protocols::gossip::Gossip;
use crate::protocols::gossip::panel::next_share;
use crate::scenario::Scenario;
use serde_json::json;

const AGENTS: u32 = 1_024;
/// So many agents vote, the others are silent: each run has as many ballots to follow.
const BALLOTS: usize = 4;
const ROUND_US: u64 = 100_000;
/// How far a mean may be from the recursion.
const MOST: f64 = 0.01;

/// A swarm in which messages take far less than a round, and none is lost.
fn scenario(exchange: &str, fanout: u32, rounds: usize) -> Scenario {
    let file = json!({
        "format": 1, "name": "curve", "title": "Curve",
        "agents": [
            { "id": "votes", "count": BALLOTS },
            { "id": "silent", "count": AGENTS as usize - BALLOTS, "mind": "silent" },
        ],
        "network": { "latency_ms": { "uniform": [1, 10] } },
        "proposals": [{ "id": "p", "algorithm": "gossip",
            "gossip": { "exchange": exchange, "fanout": fanout, "rounds": rounds } }],
    });
    Scenario::parse(&file.to_string(), "test").unwrap()
}

/// The share of agents that know each ballot, at the start and after each round.
fn shares(scenario: &Scenario, seed: u64, rounds: usize) -> [Vec<f64>; BALLOTS] {
    let mut simulation = scenario.start(seed, &[], 0).unwrap();
    let mut shares: [Vec<f64>; BALLOTS] = core::array::from_fn(|_| vec![1.0 / f64::from(AGENTS)]);
    let opened_us = scenario.proposals[0].0;
    for round in 1..=rounds as u64 {
        // Nothing changes any more.
        if shares.iter().all(|shares| shares.last() == Some(&1.0)) {
            shares.iter_mut().for_each(|shares| shares.push(1.0));
            continue;
        }
        // Shortly before the next round, when all that was told in the last one has arrived.
        simulation.run_until(opened_us + (round + 1) * ROUND_US - 1_000, u64::MAX);
        let mut known = [0; BALLOTS];
        for slot in simulation.agents() {
            let Some(gossiper) = slot.process.gossip.as_ref().and_then(|it| it.gossiper()) else {
                continue;
            };
            let session = &gossiper.known.get(&0).unwrap().session;
            for (place, known) in known.iter_mut().enumerate() {
                *known += u32::from(session.ballots.get(place).is_some());
            }
        }
        for (shares, known) in shares.iter_mut().zip(known) {
            shares.push(f64::from(known) / f64::from(AGENTS));
        }
    }
    shares
}

#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn check(self, what: &str) {
        let mean = self.sum / f64::from(self.count.max(1));
        assert!(mean.abs() <= MOST, "{what}: {mean:.4} off the recursion, over {}", self.count);
    }
}

fn check(exchange: &str, (fanout, rounds, seeds): (u32, usize, u64)) {
    let scenario = scenario(exchange, fanout, rounds);
    let gossip: Gossip = *scenario.proposals[0].1.algorithm.terms().unwrap();
    let next = |share| next_share(&gossip, AGENTS.into(), share);
    let mut by_round = vec![Mean::default(); rounds];
    let mut from_few = vec![Mean::default(); rounds];
    for seed in 0..seeds {
        for shares in shares(&scenario, seed, rounds) {
            for (mean, pair) in by_round.iter_mut().zip(shares.windows(2)) {
                mean.add(pair[1] - next(pair[0]));
            }
            // The whole curve, from where one in twenty knows it.
            let Some(start) = shares.iter().position(|share| *share >= 0.05) else { continue };
            let mut model = shares[start];
            for (mean, share) in from_few.iter_mut().zip(&shares[start..]) {
                mean.add(share - model);
                model = next(model);
            }
        }
    }
    for (round, mean) in (1..).zip(by_round) {
        mean.check(&format!("{exchange}, fanout {fanout}, in round {round}"));
    }
    assert!(f64::from(from_few[0].count) > 0.99 * seeds as f64 * BALLOTS as f64);
    for (round, mean) in (0..).zip(from_few) {
        mean.check(&format!("{exchange}, fanout {fanout}, {round} rounds after 5 %"));
    }
}

#[test]
fn a_round_of_push_is_the_textbooks() {
    check("push", (1, 20, 200));
    check("push", (3, 10, 200));
}

#[test]
fn a_round_of_pull_is_the_textbooks() {
    check("pull", (1, 20, 200));
    check("pull", (3, 10, 200));
}

#[test]
fn a_round_of_push_pull_is_the_textbooks() {
    check("push_pull", (1, 14, 200));
    check("push_pull", (3, 8, 200));
}
