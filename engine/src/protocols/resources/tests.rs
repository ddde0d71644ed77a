//! Resources as the rest of the house sees them, and each rule by itself.

#[cfg(not(target_arch = "wasm32"))]
mod deadlock;
#[cfg(not(target_arch = "wasm32"))]
mod faults;
mod input;
mod output;
mod rules;
mod swarm;
