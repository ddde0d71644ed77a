//! Going back in a long run: 1 000 agents, ten million events.
use serde::{Deserialize, Serialize};

/// What going back takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seek {
    pub events: u64,
}

#[must_use]
pub fn measure() -> Seek {
    Seek { events: 0 }
}
