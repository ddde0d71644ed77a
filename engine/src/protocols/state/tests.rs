//! State that a swarm keeps (S1–S7), under all kinds of faults: in the end all hold the same; a
//! synchronisation reports the truth about itself; and no version of a strong key ever has two values.
#![cfg(not(target_arch = "wasm32"))]

mod conflict;
mod convergence;
mod crdt;
mod follow_up;
mod limits;
mod strong;
mod swarm;
mod sync;
mod watch;
