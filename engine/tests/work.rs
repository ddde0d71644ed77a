//! Work that a swarm shares out (W1–W5, W8, W11, W12): whatever goes wrong, every task ends once and for a
//! reason, no result counts twice, and nobody is awarded what it has not bid for.

mod arbitration;
mod assign;
mod campaign;
mod exact;
mod hierarchy;
mod kept;
mod laws;
mod membership;
mod questions;
mod random;

mod stealing;
mod swarm;
mod teams;
