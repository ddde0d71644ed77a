//! Properties that should hold, checked while a run goes on (K9). After stateright and Antithesis: an
//! *always* that was never reached has proved nothing, so it does not hold.

use serde::{Deserialize, Serialize};

use super::chunks::Chunks;
use super::counters::Counters;
use super::kernel::Slot;
use super::process::{AgentId, Process};
use super::trace::{Event, EventId};

/// The world as an observer may look at it when an event is recorded: everything, but only look.
#[derive(Clone, Copy, Debug)]
pub struct World<'a, P: Process> {
    pub counters: &'a Counters,
    pub(super) agents: &'a Chunks<Slot<P>>,
}

impl<P: Process> World<'_, P> {
    /// The agent as it is after the handler that led to the event; `None` for no agent.
    #[must_use]
    #[inline]
    pub fn agent(&self, agent: AgentId) -> Option<&Slot<P>> {
        (agent.index() < self.agents.len()).then(|| self.agents.get(agent.index()))
    }
}

/// Watches a run event by event. `()` watches nothing and costs nothing.
pub trait Observer<P: Process>: Clone {
    fn on_event(&mut self, event: &Event<P::Note>, world: World<'_, P>);
}

impl<P: Process> Observer<P> for () {
    #[inline]
    fn on_event(&mut self, _: &Event<P::Note>, _: World<'_, P>) {}
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyKind {
    /// Holds every time it is checked, and is checked at least once.
    Always,
    /// Holds at least once.
    Sometimes,
    /// Holds by the end of the run.
    Eventually,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyStatus {
    Holds,
    Violated,
    /// Never checked; or an *eventually* or *sometimes* that has not come true yet.
    Unreached,
}

/// One property and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    pub name: &'static str,
    pub kind: PropertyKind,
    pub status: PropertyStatus,
    /// The event that violated it, or that made a *sometimes* or *eventually* come true.
    pub event: Option<EventId>,
}

impl Property {
    #[must_use]
    #[inline]
    pub fn new(name: &'static str, kind: PropertyKind) -> Self {
        Self { name, kind, status: PropertyStatus::Unreached, event: None }
    }

    /// The outcome of one check. The first violation of an *always* stays, as does the first time
    /// the others came true.
    #[inline]
    pub fn check(&mut self, holds: bool, event: EventId) {
        let next = match (self.kind, self.status, holds) {
            (PropertyKind::Always, PropertyStatus::Violated, _)
            | (
                PropertyKind::Sometimes | PropertyKind::Eventually,
                PropertyStatus::Holds | PropertyStatus::Violated,
                _,
            ) => return,
            (PropertyKind::Always, _, true) => PropertyStatus::Holds,
            (PropertyKind::Always, _, false) => PropertyStatus::Violated,
            (_, _, true) => PropertyStatus::Holds,
            (_, _, false) => return,
        };
        self.status = next;
        self.event = match (self.kind, next) {
            (PropertyKind::Always, PropertyStatus::Holds) => None,
            _ => Some(event),
        };
    }

    /// Says for good that an *eventually* can no longer come true.
    #[inline]
    pub fn fail(&mut self, event: EventId) {
        if self.status == PropertyStatus::Unreached {
            self.status = PropertyStatus::Violated;
            self.event = Some(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: PropertyKind, outcomes: &[bool], status: PropertyStatus, event: Option<u64>) {
        let mut property = Property::new("it", kind);
        for (id, holds) in outcomes.iter().enumerate() {
            property.check(*holds, id as u64);
        }
        assert_eq!((property.status, property.event), (status, event), "{kind:?} {outcomes:?}");
    }

    #[test]
    fn always_needs_every_check_and_at_least_one() {
        use PropertyStatus::{Holds, Unreached, Violated};
        check(PropertyKind::Always, &[], Unreached, None);
        check(PropertyKind::Always, &[true, true], Holds, None);
        check(PropertyKind::Always, &[true, false, true], Violated, Some(1));
    }

    #[test]
    fn sometimes_and_eventually_need_one() {
        use PropertyStatus::{Holds, Unreached};
        for kind in [PropertyKind::Sometimes, PropertyKind::Eventually] {
            check(kind, &[false, false], Unreached, None);
            check(kind, &[false, true, false], Holds, Some(1));
        }
    }
}
