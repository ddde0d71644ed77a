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
        let Thing { sort, number, inner } = thing;
        match sort {
            "key" => self.key_name(KeyId(number)).to_owned(),
            "option" => self.option(number, inner as u8),
            "refused vote" => told(self.not_opened.get(number as usize)),
            _ => self.thing_of_room(speaker, thing).unwrap_or_else(|| sort.to_owned()),
        }
    }
}

/// Nothing where it is not known.
fn told(why: Option<&impl ToString>) -> String {
    why.map_or_else(String::new, ToString::to_string)
}
