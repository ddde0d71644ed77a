//! Whatever goes wrong: each switch ends, the network has the shape that the decider has written down, and all agree in the end.

use super::swarm::{at, chatter, check_agreed, ledger, named, reshape, scenario, started};
use crate::common::topology::TopologyKind;
use crate::sim::PropertyStatus;
use proptest::prelude::*;
use serde_json::{Value, json};

const AGENTS: u32 = 9;
/// Faults come until then; after that all is well again.
const TROUBLE_MS: u64 = 12_000;
const END_MS: u64 = 30_000;

/// A step as numbers: when, what, to whom, and how much.
type Step = (u64, u8, u32, u32);

fn step((ms, what, agent, number): Step) -> Value {
    let name = format!("a{agent}");
    let on = |what: &str| json!({ what: { "agent": name } });
    let shapes = ["mesh", "star", "ring", "hierarchical", "adaptive"];
    let groups = || {
        let (here, there): (Vec<u32>, Vec<u32>) =
            (0..AGENTS).partition(|agent| number >> (agent % 6) & 1 == 0);
        let names = |of: Vec<u32>| of.iter().map(|it| format!("a{it}")).collect::<Vec<_>>();
        json!([names(here), names(there)])
    };
    match what {
        0..=3 => at(ms, on("crash")),
        4..=7 => at(ms, on("restart")),
        8 => at(ms, on("pause")),
        9 => at(ms, on("resume")),
        10..=11 => at(ms, json!({ "partition": { "groups": groups() } })),
        12..=13 => at(ms, json!("heal")),
        14..=16 => reshape(ms, shapes[number as usize % 5]),
        _ => chatter(ms, number % 12),
    }
}

fn check(steps: &[Step], loss_percent: u32, drifts_ppm: &[i32], seed: u64) {
    let mut faults: Vec<Value> = steps.iter().copied().map(step).collect();
    let network = |loss_percent: u32| {
        let loss = f64::from(loss_percent) / 100.0;
        json!({ "latency_ms": { "uniform": [1, 60] }, "loss": loss, "duplication": 0.1 })
    };
    let end = |what: Value| at(TROUBLE_MS, what);
    faults.extend([chatter(TROUBLE_MS, 0), end(json!("heal"))]);
    faults.push(end(json!({ "set_network": { "link": network(0) } })));
    for agent in 0..AGENTS {
        let name = format!("a{agent}");
        faults.push(end(json!({ "restart": { "agent": name } })));
        faults.push(end(json!({ "resume": { "agent": name } })));
    }
    let mut agents = named(AGENTS);
    for (agent, drift_ppm) in agents.iter_mut().zip(drifts_ppm) {
        agent["clock"] = json!({ "drift_ppm": drift_ppm, "offset_ms": drift_ppm / 10 });
    }
    let section = json!({ "mesh_max": 6, "load_max": 60 });
    let more = json!({ "network": network(loss_percent), "ends_at_ms": END_MS, "agents": agents });
    let scenario = scenario(AGENTS, &section, &faults, &more);
    let mut simulation = started(&scenario, seed);
    while simulation.step(END_MS * 1_000) {
        let shape = ledger(&simulation).shape;
        assert_eq!(TopologyKind::of(simulation.routes()), shape, "at {}", simulation.now_us());
    }
    assert!(simulation.counters.balance());
    assert_eq!(ledger(&simulation).switch, None);
    check_agreed(&simulation);
    for property in simulation.observer.properties(true) {
        assert_ne!(property.status, PropertyStatus::Violated, "{property:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_switch_ends_and_all_agree(
        steps in prop::collection::vec((1..TROUBLE_MS, 0..20_u8, 0..AGENTS, 0..64_u32), 1..30),
        loss_percent in 0..=40_u32,
        drifts_ppm in prop::collection::vec(-20_000..20_000_i32, AGENTS as usize),
        seed in any::<u64>(),
    ) {
        check(&steps, loss_percent, &drifts_ppm, seed);
    }
}
