//! That every vote comes to an end (C10); where one does not, the event after which it could no longer.

use super::{Facts, VoteWatch};
use crate::sim::{AgentId, EventId, Property, PropertyKind, PropertyStatus};

/// Whether an agent is away, and the event since which it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Absence {
    #[default]
    None,
    Paused(EventId),
    /// Crashed or removed.
    Down(EventId),
}

impl Absence {
    fn since(self) -> Option<EventId> {
        match self {
            Self::None => None,
            Self::Paused(event) | Self::Down(event) => Some(event),
        }
    }
}

/// Who is away, by agent number.
#[derive(Clone, Debug, Default)]
pub struct Absences(Vec<Absence>);

impl Absences {
    pub fn of(&self, agent: AgentId) -> Absence {
        self.0.get(agent.index()).copied().unwrap_or_default()
    }

    pub fn is_down(&self, agent: AgentId) -> bool {
        matches!(self.of(agent), Absence::Down(_))
    }

    pub fn set(&mut self, agent: AgentId, absence: Absence) {
        if self.0.len() <= agent.index() {
            self.0.resize(agent.index() + 1, Absence::None);
        }
        self.0[agent.index()] = absence;
    }
}

/// How a vote stands when nothing more will come.
enum End {
    Reached,
    /// It could no longer come after this event.
    Missed(EventId),
    /// The run ended before it: no event prevented it.
    CutShort,
}

impl VoteWatch {
    /// Every agent that heard of a proposal, and is up, comes to hold an outcome.
    pub(super) fn termination(&self, ended: bool) -> Property {
        let mut property = Property::new("termination", PropertyKind::Eventually);
        let Some(last) = self.facts.iter().map(|facts| facts.last_learned).max() else {
            return property;
        };
        let mut missed: Option<EventId> = None;
        let mut is_reached = true;
        for facts in &self.facts {
            match self.end_of(facts) {
                End::Reached => continue,
                End::Missed(event) => missed = Some(missed.map_or(event, |it| it.min(event))),
                End::CutShort => {}
            }
            is_reached = false;
        }
        if is_reached {
            property.status = PropertyStatus::Holds;
            property.event = Some(last);
        } else if ended {
            property.status = PropertyStatus::Violated;
            property.event = missed;
        }
        property
    }

    fn end_of(&self, facts: &Facts) -> End {
        let is_learned = facts.held.iter().sum::<u32>() > 0;
        let agents = (0..).map(AgentId).zip(&facts.agents);
        let waits = agents.filter(|(agent, of)| {
            let is_heeded = facts.heeds(*agent);
            of.heard_us.is_some()
                && of.outcome.is_none()
                && is_heeded
                && !self.absences.is_down(*agent)
        });
        let mut waits = waits.map(|(agent, _)| self.absences.of(agent).since()).peekable();
        if waits.peek().is_some() {
            // One that is there gives up after deadline and grace by itself: the run was too short for that.
            let since: Option<Vec<EventId>> = waits.collect();
            return since.and_then(|it| it.into_iter().max()).map_or(End::CutShort, End::Missed);
        }
        if is_learned { End::Reached } else { self.end_of_unlearned(facts) }
    }

    /// Nobody holds anything, and nobody who has heard of it is there to.
    fn end_of_unlearned(&self, facts: &Facts) -> End {
        let voters = || facts.electorate.iter().filter(|agent| facts.heeds(**agent));
        let since = |agent: &AgentId| self.absences.of(*agent).since();
        let counter_gone = facts.counter.as_ref().and_then(since);
        let has_heard = |agent: &&AgentId| facts.of(**agent).heard_us.is_some();
        // Some could still have heard of it until the last message was lost, or who sends it was gone.
        let last = match voters().any(|agent| since(agent).is_none()) {
            false => voters().filter_map(since).max(),
            // Until the deadline it is told again.
            true if facts.closed_us.is_none() && counter_gone.is_none() => None,
            true => {
                let gone = voters().filter(has_heard).filter_map(since).max();
                gone.max(facts.last_untold).max(counter_gone)
            }
        };
        last.map_or(End::CutShort, End::Missed)
    }
}
