//! Bringing two replicas of ten thousand keys in step after one key in a hundred has changed: everything, and
//! what is missing.

use engine::scenario::Scenario;
use serde::{Deserialize, Serialize};

use crate::clock::{WHILE_S, fastest, seconds};

const KEYS: u32 = 10_000;
const WRITES: u32 = 100;
/// So many are brought in step in each count: a browser's clock is coarse.
const AT_ONCE: u32 = 20;

/// A measured synchronisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SyncCost {
    /// full or delta.
    pub kind: String,
    pub changes: u32,
    pub bytes: u64,
    /// Asked, answered, merged and told back.
    pub milliseconds: f64,
    pub trace_hash: String,
}

/// Both kinds.
#[must_use]
pub fn measure_all() -> Vec<SyncCost> {
    ["full", "delta"].map(|kind| fastest(WHILE_S, || measure(kind), |it| it.milliseconds)).to_vec()
}

/// # Panics
/// When the scenario is refused, which would be a mistake in this file.
fn measure(kind: &str) -> SyncCost {
    let write = |it: u32| format!(r#"{{ "key": "k-{}", "set": {it} }}"#, it * (KEYS / WRITES));
    let writes = (1..=WRITES).map(write).collect::<Vec<_>>().join(", ");
    let text = format!(
        r#"{{ "format": 1, "name": "bench", "title": "Bench", "agents": [{{ "id": "a", "count": 2 }}],
             "state": {{ "keys": [{{ "key": "k", "count": {KEYS}, "value": 1 }}], "push": false }},
             "faults": [
               {{ "at_ms": 1, "do": {{ "write": {{ "agent": "a-1", "writes": [{writes}] }} }} }},
               {{ "at_ms": 10, "do": {{ "sync": {{ "agent": "a-2", "kind": "{kind}" }} }} }}] }}"#
    );
    let Ok(scenario) = Scenario::parse(&text, "bench") else {
        panic!("the benchmark's own scenario is wrong")
    };
    let start = |_| {
        let Ok(mut simulation) = scenario.start(7, &[], 0) else { panic!("it must start") };
        simulation.run_until(9_000, u64::MAX);
        simulation
    };
    let mut simulations: Vec<_> = (0..AT_ONCE).map(start).collect();
    let before_s = seconds();
    for simulation in &mut simulations {
        simulation.run_until(u64::MAX, u64::MAX);
    }
    let took_s = (seconds() - before_s) / f64::from(AT_ONCE);
    let simulation = &simulations[0];
    let asked =
        simulation.agents().nth(1).and_then(|slot| slot.process.state.as_ref()?.syncs.last());
    let Some(done) = asked else { panic!("it must synchronise") };
    SyncCost {
        kind: kind.to_owned(),
        changes: done.changes,
        bytes: done.bytes,
        milliseconds: took_s * 1e3,
        trace_hash: format!("{:016x}", simulation.trace.hash()),
    }
}
