//! The watch of a protocol from outside: its properties are judged by what really happened, also by what no
//! agent can know.

use std::fmt::Debug;

use super::contract::Protocol;
use crate::sim::{AgentId, Event, LocalClock, Property, PropertyKind, PropertyStatus, Status};

/// A protocol with its watch.
pub trait Watched: Protocol {
    /// Its section of the scenario, checked.
    type Setup: Clone + Debug;
    type Watch: Watch<Self>;
    /// The facts that the watches of several protocols tell each other.
    type Sighting;
}

/// Sees the events of a run, each sort through a hook of its own, may look at the world as it is then, and says what holds of it. It is
/// cloned for checkpoints, so large data is shared.
pub trait Watch<P: Watched>: Clone + Debug + Default {
    /// The run begins. A watch keeps of the setup and the surroundings what its properties need: it hears of them only here.
    #[inline]
    fn begin(&mut self, _setup: &P::Setup, _surroundings: &Surroundings) {}

    /// Any event, before the hook of its sort. It runs at every step, so a watch uses it only where no other hook serves. Events bear
    /// the time, for properties about time.
    #[inline]
    fn on_event<N>(&mut self, _event: &Event<N>, _sight: &mut impl Sight<P>) {}

    /// An agent has sent a message.
    #[inline]
    fn on_sent<N>(&mut self, _event: &Event<N>, _bytes: u32, _sight: &mut impl Sight<P>) {}

    /// A message is delivered, or passed on by an agent in between.
    #[inline]
    fn on_arrived<N>(&mut self, _event: &Event<N>, _sight: &mut impl Sight<P>) {}

    /// A timer is due.
    #[inline]
    fn on_timer<N>(&mut self, _event: &Event<N>, _sight: &mut impl Sight<P>) {}

    /// A message is lost.
    #[inline]
    fn on_lost<N>(&mut self, _event: &Event<N>, _sight: &mut impl Sight<P>) {}

    /// Something has happened to an agent or to the network: a crash, a restart, a request, a cut; all that is no message, timer or
    /// note.
    #[inline]
    fn on_change<N>(&mut self, _event: &Event<N>, _sight: &mut impl Sight<P>) {}

    /// An agent has noted something of this protocol.
    #[inline]
    fn on_note<N>(&mut self, _event: &Event<N>, _note: P::Note, _sight: &mut impl Sight<P>) {}

    /// An agent has noted something that several protocols note in the same words.
    #[inline]
    fn on_shared_note<N>(
        &mut self,
        _event: &Event<N>,
        _note: P::SharedNote,
        _sight: &mut impl Sight<P>,
    ) {
    }

    /// Another watch has told this, of the same event.
    #[inline]
    fn on_sighting<N>(
        &mut self,
        _event: &Event<N>,
        _sighting: &P::Sighting,
        _sight: &impl Sight<P>,
    ) {
    }

    /// Whether anything of this protocol has happened so far. Once a protocol is touched, only the properties
    /// of touched protocols are told.
    #[inline]
    fn is_touched(&self) -> bool {
        false
    }

    /// The properties as they stand, by what the watch has kept; `ended` says that nothing more will come. One that is violated
    /// and names no event gets the last of the run.
    #[inline]
    fn properties(&self, _ended: bool) -> Vec<Property> {
        Vec::new()
    }
}

/// The watch of a protocol that has no properties.
impl<P: Watched> Watch<P> for () {}

/// The world as a watch sees it, after the handler that led to the event, and the way to tell other watches.
pub trait Sight<P: Watched> {
    /// One agent; `None` where no agent has this number.
    fn agent(&self, agent: AgentId) -> Option<Part<'_, P>>;

    /// The clock of an agent.
    #[inline]
    fn clock(&self, agent: AgentId) -> LocalClock {
        self.agent(agent).map_or_else(LocalClock::default, |it| it.clock)
    }

    /// Whether a message of this kind is about a proposal.
    fn is_about_proposal(&self, kind: u8) -> bool;

    /// Tells the other watches.
    fn tell(&mut self, sighting: P::Sighting);
}

/// An agent, and its part in one protocol.
#[derive(Debug)]
pub struct Part<'a, P: Protocol> {
    pub status: Status,
    /// Whether it is corrupted.
    pub corrupted: bool,
    pub clock: LocalClock,
    /// Its state machine, as it was last while it is down; nothing where it does not run the protocol.
    pub machine: Option<&'a P>,
    /// Its durable state.
    pub durable: Option<&'a P::Durable>,
}

impl<P: Protocol> Part<'_, P> {
    /// Whether it has crashed or was removed.
    #[must_use]
    #[inline]
    pub fn is_down(&self) -> bool {
        matches!(self.status, Status::Down | Status::Removed)
    }
}

/// The promises of the network at the start of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The longest that a message is on its way; none when there is no such thing.
    pub latency_most_us: Option<u64>,
    /// The fewest agents without which the rest falls apart; empty where that cannot be.
    pub cut: Vec<AgentId>,
}

/// The properties of several watches, those of the same name as one.
#[must_use]
#[inline]
pub fn joined(properties: impl IntoIterator<Item = Property>) -> Vec<Property> {
    let mut joined: Vec<Property> = Vec::new();
    for property in properties {
        match joined.iter_mut().find(|it| it.name == property.name && it.kind == property.kind) {
            Some(other) => *other = both(other, property),
            None => joined.push(property),
        }
    }
    joined
}

/// One property that two watches judge: it is violated where either says so, by the first event that did it.
#[inline]
fn both(one: &Property, other: Property) -> Property {
    use PropertyStatus::{Holds, Unreached, Violated};
    let name = one.name;
    let first = one.event.into_iter().chain(other.event).min();
    let last = one.event.max(other.event);
    let (status, event) = match (one.kind, one.status, other.status) {
        (_, Violated, Violated) => (Violated, first),
        (_, Violated, _) => (Violated, one.event),
        (_, _, Violated) => (Violated, other.event),
        (PropertyKind::Always, Unreached, Unreached) => (Unreached, None),
        (PropertyKind::Always, ..) => (Holds, None),
        (PropertyKind::Eventually, Holds, Holds) => (Holds, last),
        (PropertyKind::Sometimes, Holds, Holds) => (Holds, first),
        (PropertyKind::Sometimes, Holds, Unreached) => (Holds, one.event),
        (PropertyKind::Sometimes, Unreached, Holds) => (Holds, other.event),
        (PropertyKind::Eventually | PropertyKind::Sometimes, ..) => (Unreached, None),
    };
    Property { name, kind: one.kind, status, event }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        kind: PropertyKind,
        parts: [(PropertyStatus, Option<u64>); 2],
        both: (PropertyStatus, Option<u64>),
    ) {
        let of = |(status, event)| Property { name: "it", kind, status, event };
        for parts in [parts, [parts[1], parts[0]]] {
            let [joined] = &joined(parts.map(of))[..] else { panic!("one of {parts:?}") };
            assert_eq!((joined.status, joined.event), both, "{kind:?} {parts:?}");
        }
    }

    #[test]
    fn one_violation_is_enough_and_the_first_counts() {
        use PropertyStatus::{Holds, Unreached, Violated};
        for kind in [PropertyKind::Always, PropertyKind::Eventually, PropertyKind::Sometimes] {
            check(kind, [(Violated, Some(5)), (Holds, None)], (Violated, Some(5)));
            check(kind, [(Violated, Some(5)), (Unreached, None)], (Violated, Some(5)));
            check(kind, [(Violated, Some(5)), (Violated, Some(3))], (Violated, Some(3)));
            check(kind, [(Violated, Some(5)), (Violated, None)], (Violated, Some(5)));
        }
    }

    #[test]
    fn always_holds_where_it_was_checked_and_eventually_where_all_has_come() {
        use PropertyStatus::{Holds, Unreached};
        check(PropertyKind::Always, [(Holds, None), (Unreached, None)], (Holds, None));
        check(PropertyKind::Always, [(Unreached, None), (Unreached, None)], (Unreached, None));
        check(PropertyKind::Eventually, [(Holds, Some(2)), (Holds, Some(9))], (Holds, Some(9)));
        check(PropertyKind::Eventually, [(Holds, Some(2)), (Unreached, None)], (Unreached, None));
        check(PropertyKind::Sometimes, [(Holds, Some(2)), (Holds, Some(9))], (Holds, Some(2)));
        check(PropertyKind::Sometimes, [(Unreached, None), (Holds, Some(9))], (Holds, Some(9)));
    }

    #[test]
    fn other_names_stay_apart() {
        let always = |name| Property::new(name, PropertyKind::Always);
        let names: Vec<_> =
            joined([always("a"), always("b"), always("a")]).iter().map(|it| it.name).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
