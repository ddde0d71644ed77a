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
        let Thing { sort, number, inner } = thing;
        let whose = || self.manager_of(speaker);
        match sort {
            "task" => self.task(whose(), number).to_owned(),
            "part" => self.part(whose(), number, inner as u16).to_owned(),
            "question" => self.question(number as u16).to_owned(),
            "refused task" => told(self.tasks_refused.get(number as usize)),
            _ => self.thing_of_room(speaker, thing).unwrap_or_else(|| sort.to_owned()),
        }
    }
}

/// Nothing where it is not known.
fn told(why: Option<&impl ToString>) -> String {
    why.map_or_else(String::new, ToString::to_string)
}
