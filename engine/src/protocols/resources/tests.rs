//! Resources as the rest of the house sees them, and each rule by itself.

mod deadlock;
mod faults;
mod input;
mod output;
mod rules;
mod swarm;
