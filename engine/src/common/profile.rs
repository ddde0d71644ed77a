//! Who an agent is (A1), the same for all protocols that it runs.

use std::sync::Arc;

use crate::common::consensus::mind::Mind;
use crate::common::reputation::Reputation;
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::sim::AgentId;

/// Everything about an agent that it starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    /// Its role in the swarm: lead, worker, parser, …
    pub role: String,
    pub skills: Vec<Arc<str>>,
    pub domains: Vec<Arc<str>>,
    /// Its weight in votes, in thousandths; positive.
    pub weight_milli: u64,
    /// The load it can carry, in units of work.
    pub capacity: u32,
    pub reputation: Reputation,
    pub mind: Mind,
    /// The options that it prefers where it can choose, the best first.
    pub prefers: Vec<String>,
    /// How long it reviews a proposal before it votes, least and most, in microseconds.
    pub review_us: (u64, u64),
    /// With whom it registers, and who opens and records proposals, if anybody does. Here, because all of an agent's protocols
    /// share its profile, and an agent more takes as little room as can be.
    pub registry: Option<AgentId>,
    /// Whether the roster has it from the start; if not, it registers.
    pub registered: bool,
}

/// The load an agent can carry.
///
/// # Errors
/// When it is more than can be added up.
pub fn check_capacity(path: &str, capacity: u32) -> Result<u32, Problem> {
    decimal::within(path, capacity, 0..=1_000_000_000, "leave it out for 100")
}
