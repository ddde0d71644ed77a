//! Measures natively, beside the peer, and prints JSON; `cargo xtask bench` adds the browser and
//! makes a table of it.

use swarmglass_bench::rate::{self, ROUNDS};
use swarmglass_bench::traffic::WORKLOADS;
use swarmglass_bench::{frame, gossip, merge, peer, seek, sync, vote, work};

fn main() {
    // First, while there is no freed memory that would be used again.
    let seek = seek::measure();
    let mut rates = Vec::new();
    let mut peers = Vec::new();
    for load in &WORKLOADS {
        let mut ours = Vec::new();
        let mut theirs: f64 = 0.0;
        // Side by side, so that what disturbs the one disturbs the other.
        for _ in 0..ROUNDS {
            ours.push(rate::measure(load));
            theirs = theirs.max(peer::measure(load));
        }
        rates.extend(rate::best(ours));
        peers.push(theirs);
    }
    let measured = serde_json::json!({
        "rates": rates,
        "peer_million_per_second": peers,
        "seek": seek,
        "votes": vote::measure_all(),
        "gossip": gossip::best(),
        "merges": merge::measure_all(),
        "syncs": sync::measure_all(),
        "work": work::measure_all(),
        "dispatch": work::measure_dispatch(),
        "frames": frame::measure(),
    });
    println!("{measured}");
}
