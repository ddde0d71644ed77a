//! What a swarm keeps (S1–S7): whatever goes wrong, in the end all hold the same; what a synchronisation says
//! of itself is so; and no version of a strong key ever has two values.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

#[path = "state/conflict.rs"]
mod conflict;
#[path = "state/convergence.rs"]
mod convergence;
#[path = "state/follow_up.rs"]
mod follow_up;
#[path = "state/limits.rs"]
mod limits;
#[path = "state/strong.rs"]
mod strong;
#[path = "state/swarm.rs"]
mod swarm;
#[path = "state/sync.rs"]
mod sync;
#[path = "state/watch.rs"]
mod watch;
