//! Measures natively, beside the peer.
use swarmglass_bench::{peer, rate, traffic::WORKLOADS};

fn main() {
    let only: Option<usize> = std::env::args().nth(1).and_then(|a| a.parse().ok());
    for (n, load) in WORKLOADS.iter().enumerate() {
        if only.is_some_and(|only| only != n) {
            continue;
        }
        for _ in 0..2 {
            let ours = rate::measure(load);
            if only.is_some() {
                println!("{:.2}", ours.million_per_second);
                continue;
            }
            let theirs = peer::measure(load);
            println!(
                "{}: {:.2} {:.2} x{:.2}",
                load.name,
                ours.million_per_second,
                theirs,
                ours.million_per_second / theirs
            );
        }
    }
}
