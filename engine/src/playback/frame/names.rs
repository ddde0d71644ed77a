//! What things are called in a run: by that, notes are told.

use super::Cast;
use crate::coordination::state::replica::KeyId;
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
        match thing.sort {
            "key" => self.key_name(KeyId(thing.number)).to_owned(),
            sort => self.thing_of_room(speaker, thing).unwrap_or_else(|| sort.to_owned()),
        }
    }
}
