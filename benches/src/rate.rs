//! Messages per second.

use serde::{Deserialize, Serialize};

use crate::clock::seconds;
use crate::traffic::{WORKLOADS, Workload};

/// Best of so many: the machines are noisy, and the fastest is the least disturbed.
pub const ROUNDS: u32 = 3;

/// A measured rate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rate {
    pub workload: String,
    /// Messages delivered per second of wall-clock time, in millions.
    pub million_per_second: f64,
    /// The same natively and in the browser.
    pub trace_hash: String,
}

/// Runs the workload once.
#[must_use]
pub fn measure(workload: &Workload) -> Rate {
    let mut simulation = workload.start();
    let before_s = seconds();
    while simulation.counters.end_to_end.delivered < workload.messages {
        simulation.run_until(u64::MAX, 10_000);
    }
    let took_s = seconds() - before_s;
    assert!(simulation.counters.balance(), "the books must balance");
    Rate {
        workload: workload.name.to_owned(),
        million_per_second: simulation.counters.end_to_end.delivered as f64 / took_s / 1e6,
        trace_hash: format!("{:016x}", simulation.trace.hash()),
    }
}

/// The best of some rounds.
#[must_use]
pub fn best(rates: impl IntoIterator<Item = Rate>) -> Option<Rate> {
    rates.into_iter().max_by(|a, b| a.million_per_second.total_cmp(&b.million_per_second))
}

/// All workloads, each the best of its rounds.
#[must_use]
pub fn measure_all() -> Vec<Rate> {
    WORKLOADS.iter().filter_map(|load| best((0..ROUNDS).map(|_| measure(load)))).collect()
}
