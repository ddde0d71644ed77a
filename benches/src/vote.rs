//! The real agents: votes of large swarms.
use serde::{Deserialize, Serialize};

/// A measured vote.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VoteRate {
    pub agents: u32,
}

#[must_use]
pub fn measure_all() -> Vec<VoteRate> {
    Vec::new()
}
