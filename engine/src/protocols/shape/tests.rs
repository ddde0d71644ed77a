//! The protocol as the rest of the house sees it.

#[cfg(not(target_arch = "wasm32"))]
mod histories;
mod input;
mod output;
mod swarm;
