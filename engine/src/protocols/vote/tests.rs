//! Votes that somebody counts, by real messages.
#![cfg(not(target_arch = "wasm32"))]

mod choice;
mod voting;
