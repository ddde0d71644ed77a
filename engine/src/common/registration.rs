//! The record of an agent where it is registered.

use std::sync::Arc;

use serde::Serialize;

use crate::common::profile::Profile;

/// An agent's description of itself when it registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Registration {
    /// Its weight in votes, in thousandths.
    pub weight_milli: u64,
    pub domains: Vec<Arc<str>>,
    /// The reputation that it comes with; an agent that is known already keeps the one it has earned.
    pub reputation: u32,
}

impl Registration {
    /// The words with which an agent registers.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            weight_milli: profile.weight_milli,
            domains: profile.domains.clone(),
            reputation: profile.reputation.0,
        }
    }
}
