//! The benchmarks of swarmglass. The workloads are the same natively and in the browser; the benchmark runs
//! the real network: faults, counters and trace hash are on.
//!
//! - [`traffic`]: messages between random peers
//! - [`rate`]: messages per second
//! - [`seek`]: going back in a long run
//! - [`vote`]: the real agents
//! - [`gossip`]: one rumour to everyone
//! - [`merge`]: replicated types
//! - [`sync`]: many keys brought in step
//! - [`work`]: tasks shared out
//! - [`frame`]: frames, forms and documents
//! - `peer`: the same traffic on the crate `simcore`
//! - [`clock`]: the wall clock

pub mod clock;
pub mod frame;
pub mod gossip;
pub mod merge;
#[cfg(not(target_arch = "wasm32"))]
pub mod peer;
pub mod rate;
pub mod seek;
pub mod sync;
pub mod traffic;
pub mod vote;
pub mod work;

/// Runs everything that is measured in the browser and gives it as JSON.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
#[must_use]
pub fn measure_in_browser() -> String {
    let measured = serde_json::json!({
        "seek": seek::measure(),
        "rates": rate::measure_all(),
        "votes": vote::measure_all(),
        "gossip": gossip::best(),
        "merges": merge::measure_all(),
        "syncs": sync::measure_all(),
        "work": work::measure_all(),
        "dispatch": work::measure_dispatch(),
        "frames": frame::measure(),
    });
    measured.to_string()
}
