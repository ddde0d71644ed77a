//! The real agents: votes of large swarms, with the monitor watching.

use engine::scenario::Scenario;
use serde::{Deserialize, Serialize};

use crate::clock::{WHILE_S, fastest, seconds};

/// So many agents vote in each count, if need be in several votes: a browser's clock is coarse.
const AGENTS: u32 = 10_000;

/// A measured vote.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VoteRate {
    /// The vote and its electorate.
    pub workload: String,
    pub messages: u64,
    pub milliseconds: f64,
    /// Messages delivered per second of wall-clock time, in millions.
    pub million_per_second: f64,
    pub trace_hash: String,
}

/// One weighted vote of so many agents on a mesh.
fn weighted(agents: u32) -> VoteRate {
    let text = format!(
        r#"{{ "format": 1, "name": "bench", "title": "Bench", "seed": 7,
            "network": {{ "latency_ms": {{ "uniform": [5, 50] }}, "loss": 0.01 }},
            "agents": [{{ "id": "a", "count": {agents},
                          "mind": {{ "chance": {{ "for": 0.7, "against": 0.2 }} }} }}],
            "proposals": [{{ "id": "p", "algorithm": "weighted", "threshold": 0.6,
                             "deadline_ms": 2000, "reminder_ms": 300 }}] }}"#
    );
    best(&format!("weighted, {agents} agents"), &text, AGENTS / agents)
}

/// A Byzantine vote of 100 agents on a mesh, with as many of them faulty as it bears: 33 that equivocate,
/// whose every lie is passed on by everyone.
fn byzantine() -> VoteRate {
    let text = r#"{ "format": 1, "name": "bench", "title": "Bench", "seed": 7,
        "network": { "latency_ms": { "uniform": [5, 50] } },
        "agents": [{ "id": "a", "count": 67 },
                   { "id": "b", "count": 33, "behaviour": "equivocates" }],
        "proposals": [{ "id": "p", "algorithm": "byzantine",
                        "byzantine": { "fault_tolerance": 33 } }] }"#;
    best("byzantine, 100 agents, f = 33, 33 lie", text, 1)
}

fn best(workload: &str, text: &str, votes: u32) -> VoteRate {
    fastest(WHILE_S, || measure(workload, text, votes), |it| it.milliseconds)
}

/// The mean of so many equal votes.
///
/// # Panics
/// When the scenario is refused, which would be a mistake in this file.
fn measure(workload: &str, text: &str, votes: u32) -> VoteRate {
    let scenario = Scenario::parse(text, "bench");
    let Ok(scenario) = scenario else { panic!("the benchmark's own scenario is wrong") };
    let start = |_| scenario.start(7, &[], 0).unwrap_or_else(|_| panic!("it must start"));
    let mut simulations: Vec<_> = (0..votes).map(start).collect();
    let before_s = seconds();
    for simulation in &mut simulations {
        simulation.run_until(u64::MAX, u64::MAX);
    }
    let took_s = (seconds() - before_s) / f64::from(votes);
    let simulation = &simulations[0];
    let messages = simulation.counters.end_to_end.delivered;
    VoteRate {
        workload: workload.to_owned(),
        messages,
        milliseconds: took_s * 1e3,
        million_per_second: messages as f64 / took_s / 1e6,
        trace_hash: format!("{:016x}", simulation.trace.hash()),
    }
}

/// Small, medium, large; and among liars.
#[must_use]
pub fn measure_all() -> Vec<VoteRate> {
    [100, 1_000, 10_000].into_iter().map(weighted).chain([byzantine()]).collect()
}
