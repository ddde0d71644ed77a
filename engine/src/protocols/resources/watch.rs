//! The properties, by the keeper's durable books and by those who hold; and the figures of the run.

use std::sync::Arc;

use super::books::Books;
use super::check::ResourcesSetup;
use super::note::{GiveUp, ResourcesNote};
use super::reduction::{cycle, deadlocked};
use super::stock::{DeadlockPolicy, ResourceId, Rules};
use super::{Resources, ResourcesDurable};
use crate::common::sighting::Sighting;
use crate::map::Map;
use crate::protocol::watch::{Sight, Surroundings, Watch, Watched};
use crate::sim::{
    AgentId, Event, EventId, LocalTime, Property, PropertyKind, PropertyStatus, Status,
};

impl Watched for Resources {
    type Setup = ResourcesSetup;
    type Watch = ResourcesWatch;
    type Sighting = Sighting;
}

/// A demand as it was seen. Times are in microseconds of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenDemand {
    pub agent: AgentId,
    pub number: u32,
    pub came_us: u64,
    /// The event by which it first had everything, and when.
    pub has_all: Option<(EventId, u64)>,
    pub ended_us: Option<u64>,
    /// The event by which it was given up, and why.
    pub gave_up: Option<(EventId, GiveUp)>,
    /// How often it gave way or lost a lease.
    pub setbacks: u32,
}

/// A deadlock as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenDeadlock {
    pub time_us: u64,
    pub event: EventId,
    /// Those who wait for each other: along the cycle, or by their numbers where it is only possible.
    pub agents: Arc<[AgentId]>,
    /// It was told by the keeper, where a resource has several units.
    pub is_possible: bool,
}

/// The figures of one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub granted: u64,
    pub peak: u64,
    pub grants: u32,
    pub waits: u32,
    /// The sum of all waits that have ended in a grant, and the longest.
    pub waited_us: u64,
    pub longest_us: u64,
    /// The amount granted times how long.
    pub used_us: u128,
    /// Until when that is counted.
    pub counted_us: u64,
    /// The amount granted from each time on.
    pub course: Arc<Vec<(u64, u64)>>,
    /// The last fencing number that was seen.
    number: u32,
}

/// All that was seen so far.
#[derive(Clone, Debug, Default)]
pub struct ResourcesWatch {
    rules: Option<Arc<Rules>>,
    pub demands: Vec<SeenDemand>,
    pub deadlocks: Vec<SeenDeadlock>,
    pub figures: Vec<Figures>,
    pub late_uses: u32,
    /// Since when each request has waited that still does.
    pub waiting: Map<(AgentId, ResourceId), u64>,
    capacity: Judged,
    usage: Judged,
    fencing: Judged,
    order: Judged,
}

/// An *always* as it stands.
#[derive(Clone, Copy, Debug, Default)]
struct Judged {
    checked: bool,
    violated: Option<EventId>,
}

impl Judged {
    fn check(&mut self, holds: bool, event: EventId) {
        self.checked = true;
        if !holds {
            self.violated = self.violated.or(Some(event));
        }
    }

    fn property(self, name: &'static str) -> Property {
        let mut property = Property::new(name, PropertyKind::Always);
        if self.checked {
            property.check(self.violated.is_none(), self.violated.unwrap_or_default());
        }
        property
    }
}

impl ResourcesWatch {
    fn demand(&mut self, agent: AgentId, number: u32) -> Option<&mut SeenDemand> {
        self.demands.iter_mut().find(|it| (it.agent, it.number) == (agent, number))
    }

    /// The demand of this agent that is under way: its first that is not over.
    fn current(&mut self, agent: AgentId) -> Option<&mut SeenDemand> {
        self.demands.iter_mut().find(|it| it.agent == agent && it.ended_us.is_none())
    }

    fn see_books(&mut self, books: &Books, now_us: LocalTime, (event, time_us): (EventId, u64)) {
        for (resource, own) in books.rules.resources() {
            let granted = books.granted(resource);
            self.capacity.check(granted <= u64::from(own.capacity), event);
            let figures = &mut self.figures[usize::from(resource)];
            let before_us = u128::from(time_us - figures.counted_us);
            figures.used_us += u128::from(figures.granted) * before_us;
            figures.counted_us = time_us;
            if granted != figures.granted {
                figures.granted = granted;
                figures.peak = figures.peak.max(granted);
                Arc::make_mut(&mut figures.course).push((time_us, granted));
            }
        }
        if books.rules.policy == DeadlockPolicy::Ordered {
            self.order.check(deadlocked(books, now_us).is_empty(), event);
        }
    }

    /// Adds up what agents use by their own clocks.
    fn see_use(
        &mut self,
        rules: &Rules,
        agents: u32,
        event: (EventId, u64),
        sight: &impl Sight<Resources>,
    ) {
        let mut used = vec![0; rules.stock.len()];
        for part in (0..agents).filter_map(|agent| sight.agent(AgentId(agent))) {
            let taker = part.machine.and_then(Resources::taker);
            let now_us = part.clock.local(event.1);
            let is_up = part.status == Status::Up;
            let course = taker.and_then(|taker| taker.course.as_ref()).filter(|_| is_up);
            for got in course.iter().flat_map(|it| &it.got).filter(|it| it.until_us > now_us) {
                used[usize::from(got.resource)] += u64::from(got.amount);
            }
        }
        for ((_, own), used) in rules.resources().zip(used) {
            self.usage.check(used <= u64::from(own.capacity), event.0);
        }
    }

    fn see_note(
        &mut self,
        agent: AgentId,
        note: ResourcesNote,
        (event, time_us): (EventId, u64),
        books: Option<&Books>,
    ) {
        match note {
            ResourcesNote::Waits { agent, resource, .. } => {
                self.waiting.insert((agent, resource), time_us);
            }
            ResourcesNote::Granted { agent, resource, .. } => {
                // The durable books say under which number, not the note.
                let own = books.into_iter().flat_map(|books| books.holding(resource));
                let own = own.filter(|((holder, _), _)| *holder == agent);
                let number = own.filter_map(|(_, claim)| claim.number()).max().unwrap_or_default();
                let since_us = self.waiting.remove(&(agent, resource));
                let figures = &mut self.figures[usize::from(resource)];
                self.fencing.check(number > figures.number, event);
                figures.number = figures.number.max(number);
                figures.grants += 1;
                figures.waits += u32::from(since_us.is_some());
                let waited_us = since_us.map_or(0, |since_us| time_us - since_us);
                figures.waited_us += waited_us;
                figures.longest_us = figures.longest_us.max(waited_us);
            }
            ResourcesNote::Withdrawn { agent, resource, .. }
            | ResourcesNote::Forgotten { agent, resource, .. } => {
                self.waiting.remove(&(agent, resource));
            }
            ResourcesNote::LateUse { .. } => self.late_uses += 1,
            ResourcesNote::DemandCame { demand } => self.demands.push(SeenDemand {
                agent,
                number: demand,
                came_us: time_us,
                has_all: None,
                ended_us: None,
                gave_up: None,
                setbacks: 0,
            }),
            ResourcesNote::HasAll { demand } => {
                if let Some(seen) = self.demand(agent, demand) {
                    seen.has_all = seen.has_all.or(Some((event, time_us)));
                }
            }
            ResourcesNote::DemandEnded { demand } => {
                if let Some(seen) = self.demand(agent, demand) {
                    seen.ended_us = Some(time_us);
                }
            }
            ResourcesNote::GaveUp { demand, reason } => {
                if let Some(seen) = self.demand(agent, demand) {
                    (seen.ended_us, seen.gave_up) = (Some(time_us), Some((event, reason)));
                }
            }
            ResourcesNote::GaveWay { .. } | ResourcesNote::Stopped { .. } => {
                if let Some(seen) = self.current(agent) {
                    seen.setbacks += 1;
                }
            }
            _ => {}
        }
    }
}

impl Watch<Resources> for ResourcesWatch {
    fn begin(&mut self, setup: &ResourcesSetup, _: &Surroundings) {
        self.figures = vec![Figures::default(); setup.rules.stock.len()];
        self.rules = Some(setup.rules.clone());
    }

    fn on_note<N>(
        &mut self,
        event: &Event<N>,
        note: ResourcesNote,
        sight: &mut impl Sight<Resources>,
    ) {
        let Some(rules) = self.rules.clone() else { return };
        let at = (event.id, event.time_us);
        let now_us = sight.clock(rules.keeper).local(event.time_us);
        let durable = sight.agent(rules.keeper).and_then(|it| it.durable);
        let books = durable.and_then(ResourcesDurable::books);
        self.see_note(event.agent, note, at, books);
        if let Some(books) = books {
            self.see_books(books, now_us, at);
        }
        let found = match note {
            ResourcesNote::Deadlock { .. } => books.map(|it| (cycle(it, event.agent), false)),
            ResourcesNote::PossibleDeadlock { .. } => {
                books.map(|it| (deadlocked(it, now_us).into_iter().collect(), true))
            }
            _ => None,
        };
        if let Some((agents, is_possible)) = found {
            let agents: Arc<[AgentId]> = agents.into();
            let (time_us, event) = (event.time_us, event.id);
            self.deadlocks.push(SeenDeadlock { time_us, event, agents, is_possible });
        }
        if matches!(note, ResourcesNote::Granted { .. } | ResourcesNote::HasAll { .. }) {
            let agents = (0..).take_while(|it| sight.agent(AgentId(*it)).is_some()).count() as u32;
            self.see_use(&rules, agents, at, sight);
        }
    }

    fn is_touched(&self) -> bool {
        !self.demands.is_empty()
    }

    fn properties(&self, ended: bool) -> Vec<Property> {
        let mut properties = vec![
            self.capacity.property("never_over_capacity"),
            self.usage.property("use_within_capacity"),
            self.fencing.property("fencing_rises"),
        ];
        let mut served = Property::new("every_request_served", PropertyKind::Eventually);
        let last = self
            .demands
            .iter()
            .map(|it| it.has_all.map(|(event, _)| event).or(it.gave_up.map(|(event, _)| event)));
        match last.collect::<Option<Vec<EventId>>>() {
            Some(last) if !last.is_empty() => {
                served.status = PropertyStatus::Holds;
                served.event = last.into_iter().max();
            }
            Some(_) => {}
            None if ended => served.status = PropertyStatus::Violated,
            None => {}
        }
        properties.push(served);
        let is_ordered = self.rules.as_ref().map(|it| it.policy) == Some(DeadlockPolicy::Ordered);
        if is_ordered {
            properties.push(self.order.property("no_deadlock"));
        }
        properties
    }
}
