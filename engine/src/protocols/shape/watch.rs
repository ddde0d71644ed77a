//! The properties, by what agents have written down; and what was measured so far.

use std::sync::Arc;

use super::message::PROBE;
use super::note::ShapeNote;
use super::rule::{Measured, Why};
use super::scenario::ShapeSetup;
use super::{Books, Epoch, Shape};
use crate::common::sighting::Sighting;
use crate::common::topology::TopologyKind;
use crate::map::Map;
use crate::protocol::watch::{Sight, Surroundings, Watch, Watched};
use crate::sim::{AgentId, Event, EventId, Property, PropertyKind, PropertyStatus, Status};

impl Watched for Shape {
    type Setup = ShapeSetup;
    type Watch = ShapeWatch;
    type Sighting = Sighting;
}

/// So many measurements are kept.
const COURSE_MAX: usize = 120;

/// A switch as it was seen. Times are in microseconds of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenSwitch {
    pub epoch: Epoch,
    pub from: TopologyKind,
    pub to: TopologyKind,
    pub why: Why,
    pub began_us: u64,
    pub event: EventId,
    /// The measurement that it rests on.
    pub measured: Measured,
    /// The event and the time at which it ended, and whether it was carried through.
    pub ended: Option<(EventId, u64, bool)>,
}

/// All that was seen so far.
#[derive(Clone, Debug, Default)]
pub struct ShapeWatch {
    decider: AgentId,
    pub switches: Vec<SeenSwitch>,
    /// The outcomes of measurements, with their times: all, thinned by halves where they are many. Shared by the checkpoints until there is another.
    pub course: Arc<Vec<(u64, Measured)>>,
    round: u32,
    /// The shape of each switch that was confirmed, and the last that each agent has.
    shapes: Map<Epoch, TopologyKind>,
    confirmed: Map<AgentId, Epoch>,
    /// The event by which one switch got two shapes, and by which an agent went back to an older one.
    split: Option<EventId>,
    back: Option<EventId>,
    /// The first who is up and has not confirmed the last switch.
    lags: Option<AgentId>,
    last: EventId,
}

impl ShapeWatch {
    fn see_confirmed(&mut self, event: EventId, agent: AgentId, part: &Shape) {
        let (epoch, shape) = (part.books.stand.confirmed, part.books.shape);
        if *self.shapes.get(&epoch).unwrap_or(&shape) != shape {
            self.split = self.split.or(Some(event));
        }
        self.shapes.insert(epoch, shape);
        if self.confirmed.insert(agent, epoch).is_some_and(|before| before > epoch) {
            self.back = self.back.or(Some(event));
        }
    }

    /// Looks for someone who is up and has not confirmed the last switch that holds.
    fn see_all(&mut self, event: EventId, sight: &impl Sight<Shape>) {
        let decider = sight.agent(self.decider).and_then(|part| part.durable);
        let epoch = decider.and_then(|books| books.ledger.as_ref()).map_or(0, |it| it.epoch);
        let parts = (0..).map(AgentId).map_while(|agent| Some((agent, sight.agent(agent)?)));
        let mut up = parts.filter(|(_, part)| part.status == Status::Up);
        let lags = |durable: &Books| durable.stand.confirmed < epoch;
        self.lags = up.find(|(_, part)| part.durable.is_some_and(lags)).map(|(agent, _)| agent);
        self.last = event;
    }
}

impl Watch<Shape> for ShapeWatch {
    fn begin(&mut self, setup: &ShapeSetup, _: &Surroundings) {
        self.decider = setup.rules.decider;
    }

    fn on_note<N>(&mut self, event: &Event<N>, note: ShapeNote, sight: &mut impl Sight<Shape>) {
        let at = |is_done| Some((event.id, event.time_us, is_done));
        match note {
            ShapeNote::Begins { epoch, from, to, why } => {
                let machine = sight.agent(event.agent).and_then(|part| part.machine);
                let decider = machine.and_then(|it| it.decider.as_ref());
                let measured = decider.map(|it| it.measured).unwrap_or_default();
                let (began_us, event) = (event.time_us, event.id);
                let ended = None;
                let seen = SeenSwitch { epoch, from, to, why, began_us, event, measured, ended };
                self.switches.push(seen);
            }
            ShapeNote::Switches { epoch, .. } | ShapeNote::Undoes { epoch, .. } => {
                let is_done = matches!(note, ShapeNote::Switches { .. });
                let seen = self.switches.iter_mut().rev().find(|it| it.epoch == epoch);
                if let Some(seen) = seen {
                    seen.ended = seen.ended.or(at(is_done));
                }
                self.see_all(event.id, sight);
            }
            ShapeNote::Confirms { .. } => {
                // The agent's own books say what it has confirmed, not its note.
                if let Some(machine) = sight.agent(event.agent).and_then(|part| part.machine) {
                    self.see_confirmed(event.id, event.agent, machine);
                }
                // Another who confirms leaves the first who lags where it is.
                if self.lags.is_none_or(|first| first == event.agent) {
                    self.see_all(event.id, sight);
                }
            }
            ShapeNote::Unsure { .. } | ShapeNote::Chatter { .. } => {}
        }
    }

    /// The first message of a measurement comes after the one before was judged.
    fn on_sent<N>(&mut self, event: &Event<N>, _: u32, sight: &mut impl Sight<Shape>) {
        if event.agent != self.decider || event.kind != PROBE.number {
            return;
        }
        let machine = sight.agent(self.decider).and_then(|part| part.machine);
        let Some(decider) = machine.and_then(|it| it.decider.as_ref()) else { return };
        if decider.round != self.round {
            self.round = decider.round;
            let course = Arc::make_mut(&mut self.course);
            if course.len() >= COURSE_MAX {
                let mut place = 0;
                course.retain(|_| {
                    place += 1;
                    place % 2 == 0
                });
            }
            course.push((event.time_us, decider.measured));
        }
    }

    fn on_change<N>(&mut self, event: &Event<N>, sight: &mut impl Sight<Shape>) {
        if self.switches.is_empty() {
            return;
        }
        if let Some(machine) = sight.agent(event.agent).and_then(|part| part.machine) {
            self.see_confirmed(event.id, event.agent, machine);
        }
        self.see_all(event.id, sight);
    }

    fn is_touched(&self) -> bool {
        !self.course.is_empty()
    }

    fn properties(&self, ended: bool) -> Vec<Property> {
        let always = |name, violated: Option<EventId>| {
            let mut property = Property::new(name, PropertyKind::Always);
            if !self.shapes.is_empty() {
                property.check(violated.is_none(), violated.unwrap_or_default());
            }
            property
        };
        let mut over = Property::new("switch_ends", PropertyKind::Eventually);
        let last = self.switches.iter().map(|it| it.ended.map(|(event, ..)| event));
        match last.collect::<Option<Vec<EventId>>>() {
            Some(last) if !last.is_empty() => {
                over.status = PropertyStatus::Holds;
                over.event = last.into_iter().max();
            }
            Some(_) => {}
            None if ended => over.status = PropertyStatus::Violated,
            None => {}
        }
        let mut agreed = Property::new("shape_agreed", PropertyKind::Eventually);
        if self.lags.is_none() && !self.shapes.is_empty() {
            (agreed.status, agreed.event) = (PropertyStatus::Holds, Some(self.last));
        } else if self.lags.is_some() && ended {
            agreed.status = PropertyStatus::Violated;
        }
        let mut changed = Property::new("shape_changes", PropertyKind::Sometimes);
        let done = |it: &SeenSwitch| it.ended.filter(|(.., is_done)| *is_done);
        if let Some((event, ..)) = self.switches.iter().find_map(done) {
            (changed.status, changed.event) = (PropertyStatus::Holds, Some(event));
        }
        vec![
            always("one_shape_per_switch", self.split),
            always("no_older_shape", self.back),
            over,
            agreed,
            changed,
        ]
    }
}
