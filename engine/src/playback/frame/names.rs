//! What things are called in a run: by that, notes are told.

use super::Cast;
use crate::protocol::note::{Names, Thing};
use crate::sim::AgentId;

impl Names for Cast {
    fn agent(&self, agent: AgentId) -> &str {
        self.name(agent)
    }

    fn is_coordinator(&self, agent: AgentId) -> bool {
        Some(agent) == self.coordinator
    }

    fn thing(&self, speaker: AgentId, thing: Thing) -> String {
        let name = self.thing_of_room(speaker, thing);
        name.unwrap_or_else(|| thing.sort.to_owned())
    }
}
