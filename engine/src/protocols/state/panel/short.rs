//! Agents by a letter or two, where a clock names several of them.

use crate::common::figure::shortened;
use crate::protocol::note::Names;
use crate::protocols::state::clock::VectorClock;
use crate::sim::AgentId;

/// The names of agents in a picture.
pub(super) struct Shorts(Vec<(AgentId, String)>);

impl Shorts {
    /// Makes one for each of these agents, however often it comes.
    pub(super) fn new(names: &dyn Names, named: &[AgentId]) -> Self {
        let mut shorts: Vec<(AgentId, String)> = Vec::new();
        for agent in named {
            if shorts.iter().any(|it| it.0 == *agent) {
                continue;
            }
            let name = names.agent(*agent);
            let mut short = initials(name);
            // Agents with the same initials go by their names.
            let is_taken = |it: &AgentId| it != agent && initials(names.agent(*it)) == short;
            if named.iter().any(is_taken) {
                short = shortened(name, 8);
            }
            shorts.push((*agent, short));
        }
        Self(shorts)
    }

    pub(super) fn of(&self, agent: AgentId) -> &str {
        self.0.iter().find(|it| it.0 == agent).map_or("?", |it| &it.1)
    }

    /// "{a1:2, a2:1}", or where that is more characters only the numbers, "2·1".
    pub(super) fn clock(&self, clock: &VectorClock, most: usize) -> String {
        let (mut named, mut numbers) = (String::from("{"), String::new());
        for (origin, count) in clock.iter() {
            // Begun anew without its memory it has another name.
            let again = if origin.life > 0 { "′" } else { "" };
            let comma = if numbers.is_empty() { "" } else { ", " };
            named += &format!("{comma}{}{again}:{count}", self.of(origin.agent));
            numbers += &format!("{}{count}", if numbers.is_empty() { "" } else { "·" });
        }
        if named.len() < most { named + "}" } else { shortened(&numbers, most) }
    }
}

/// Asked of ASCII alone: the tables of all letters would weigh more than all of this.
fn is_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || !letter.is_ascii()
}

/// The first letter of each part of a name, and its numbers in full: a1 of "agent-1".
fn initials(name: &str) -> String {
    let mut initials = String::new();
    let mut begins = true;
    for letter in name.chars() {
        if letter.is_ascii_digit() || (begins && is_part(letter)) {
            initials.push(letter);
        }
        begins = !is_part(letter);
    }
    if initials.is_empty() { shortened(name, 3) } else { initials }
}

#[cfg(test)]
mod tests;
