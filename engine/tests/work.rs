//! Work that a swarm shares out (W1–W5, W8, W11, W12): whatever goes wrong, every task ends once and for a
//! reason, no result counts twice, and nobody is awarded what it has not bid for.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

#[path = "work/campaign.rs"]
mod campaign;
#[path = "work/exact.rs"]
mod exact;
#[path = "work/hierarchy.rs"]
mod hierarchy;
#[path = "work/kept.rs"]
mod kept;
#[path = "work/laws.rs"]
mod laws;
#[path = "work/membership.rs"]
mod membership;
#[path = "work/questions.rs"]
mod questions;
#[path = "work/random.rs"]
mod random;
#[path = "work/swarm.rs"]
mod swarm;
#[path = "work/teams.rs"]
mod teams;
