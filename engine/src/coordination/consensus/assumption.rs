//! What votes without a counter rest on.

use serde::Serialize;

use crate::sim::EventId;

/// What an assumption is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// Byzantine, crashed, paused and cut-off agents are at most f.
    Faulty,
    /// The other paths lose nothing.
    Delivery,
    /// A round is long enough for the slowest message and the clocks' differences.
    RoundLength,
    /// The graph does not fall apart without any f agents.
    Connectivity,
}

/// The first assumption that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub assumption: Assumption,
    /// The event that broke it; none when it never held.
    pub event: Option<EventId>,
}
