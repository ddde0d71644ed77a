//! The protocols of a run at one instant: their reports, documents, faces and explanations.

mod forms;
mod output;
mod proposals;

pub use self::output::{Known, Pictures, RoomReports, meaning, standing};
pub use self::proposals::DecisionDetails;
pub(super) use self::proposals::{books, hearings, holds, is_repeat, look_at_kept_books};
use super::cast::Cast;
use super::inspect::REPLAY_MAX;
use super::run::Run;
use crate::common::consensus::facts::Facts;
use crate::common::consensus::proposal::ProposalId;
use crate::common::shown::{Peek, Shown, Voting};
use crate::protocol::note::Names;
use crate::protocol::watch::Part;
use crate::registry::protocols;
use crate::scenario::build::SwarmSimulation;
use crate::scenario::file::proposal::ProposalFile;
use crate::sim::kernel::Slot;
use crate::sim::{AgentId, Event, EventId};
use crate::swarm::Swarm;
use crate::swarm::bus::Body;
use crate::swarm::note::Note;

/// A protocol in the registry.
pub trait RegistryRow: Shown {
    /// Its part of an agent.
    fn part(slot: &Slot<Swarm>) -> Part<'_, Self>;

    /// Its own note, if it is one.
    fn own(note: Note) -> Option<Self::Note>;

    /// Its own message, if it is one.
    fn message(body: &Body) -> Option<&Self::Message>;

    /// The run as the protocol looks at it; nothing where no agent runs it.
    fn peek<'a>(rooms: &Rooms<'a>) -> Option<RoomPeek<'a, Self>>;
}

/// A run as one protocol looks at it.
pub struct RoomPeek<'a, R: Shown> {
    pub(super) rooms: Rooms<'a>,
    setup: &'a R::Setup,
    known: &'a R::Known,
    watch: &'a R::Watch,
}

/// A run as all of its protocols look at it.
#[derive(Clone, Copy)]
pub struct Rooms<'a> {
    pub cast: &'a Cast,
    pub simulation: &'a SwarmSimulation,
    /// The instant that is shown; later than the simulation's where two states are compared.
    pub now_us: u64,
    /// The run with its events, where there is more than one instant to look at.
    pub run: Option<&'a Run>,
}

impl<R: RegistryRow> RoomPeek<'_, R> {
    fn look_at(&self, simulation: Option<SwarmSimulation>, look: &mut dyn FnMut(&dyn Peek<R>)) {
        let Some(simulation) = simulation else { return };
        let now_us = simulation.now_us();
        let rooms = Rooms { simulation: &simulation, now_us, ..self.rooms };
        if let Some(peek) = R::peek(&rooms) {
            look(&peek);
        }
    }
}

impl<R: RegistryRow> Peek<R> for RoomPeek<'_, R> {
    fn now_us(&self) -> u64 {
        self.rooms.now_us
    }

    fn horizon_us(&self) -> u64 {
        self.rooms.cast.horizon_us
    }

    fn setup(&self) -> &R::Setup {
        self.setup
    }

    fn known(&self) -> &R::Known {
        self.known
    }

    fn watch(&self) -> &R::Watch {
        self.watch
    }

    fn agents(&self) -> u32 {
        self.rooms.simulation.agent_count() as u32
    }

    fn agents_in_all(&self) -> u32 {
        self.rooms.cast.agents.len() as u32
    }

    fn agent(&self, agent: AgentId) -> Option<Part<'_, R>> {
        let is_there = agent.index() < self.rooms.simulation.agent_count();
        is_there.then(|| R::part(self.rooms.simulation.agent(agent)))
    }

    fn coordinator(&self) -> Option<AgentId> {
        self.rooms.cast.coordinator
    }

    fn is_led(&self) -> bool {
        R::FOLLOWS && self.rooms.cast.pictures.is_led
    }

    fn is_partitioned(&self) -> bool {
        let groups = self.rooms.simulation.network.groups().unwrap_or_default();
        groups.iter().any(|group| Some(group) != groups.first())
    }

    fn names(&self) -> &dyn Names {
        self.rooms.cast
    }

    fn role(&self, agent: AgentId) -> &str {
        self.rooms.cast.agents.get(agent.index()).map_or("", |info| &info.role)
    }

    fn in_flight(&self) -> Box<dyn Iterator<Item = (AgentId, &R::Message)> + '_> {
        let all = self.rooms.simulation.in_flight();
        Box::new(all.filter_map(|it| Some((it.origin, R::message(&it.message.body)?))))
    }

    fn facts(&self, proposal: ProposalId) -> Option<&Facts> {
        self.rooms.simulation.observer.facts().get(proposal as usize)
    }

    fn newest_proposal(&self) -> Option<ProposalId> {
        (self.rooms.simulation.observer.facts().len() as ProposalId).checked_sub(1)
    }

    fn voting(&self) -> Voting {
        match self.rooms.simulation.observer.facts().last().map(|facts| facts.decision()) {
            None => Voting::Nothing,
            Some(None) => Voting::Open,
            Some(Some(_)) => Voting::Over,
        }
    }

    fn spelled_anew(&self, proposal: &str) -> Option<serde_json::Value> {
        let run = self.rooms.run?;
        let files = &run.scenario().file.proposals;
        let like = files.iter().find(|file| file.id == proposal).or(files.last())?;
        let file = ProposalFile { id: run.new_proposal_id(), ..like.clone() };
        serde_json::to_value(file).ok()
    }

    fn event(&self, event: EventId) -> Option<Event<R::Note>> {
        own::<R>(self.rooms.run?.log().get(event)?)
    }

    fn events(
        &self,
        from: EventId,
        to: EventId,
    ) -> Box<dyn DoubleEndedIterator<Item = Event<R::Note>> + '_> {
        match self.rooms.run {
            Some(run) => Box::new(run.log().range(from, to).filter_map(own::<R>)),
            None => Box::new(core::iter::empty()),
        }
    }

    fn look_after(&self, event: EventId, look: &mut dyn FnMut(&dyn Peek<R>)) {
        self.look_at(self.rooms.run.and_then(|run| run.state_after(event, REPLAY_MAX)), look);
    }

    fn look_before(&self, event: EventId, look: &mut dyn FnMut(&dyn Peek<R>)) {
        let before = self.rooms.run.and_then(|run| {
            let after = run.state_after(event, REPLAY_MAX)?;
            run.state_at(after.steps().checked_sub(1)?, REPLAY_MAX)
        });
        self.look_at(before, look);
    }
}

/// The event, if it is no note of another protocol.
fn own<R: RegistryRow>(event: &Event<Note>) -> Option<Event<R::Note>> {
    event.map_note(R::own)
}

/// Makes a row of each protocol.
macro_rules! rows {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $RegistryRow:ident = $Protocol:ty,)*) => {
        $($(#[$on])*
            impl RegistryRow for $Protocol {
                fn part(slot: &Slot<Swarm>) -> Part<'_, Self> {
                    Part {
                        status: slot.status,
                        corrupted: slot.corrupted,
                        clock: slot.clock,
                        machine: slot.process.$field.as_ref(),
                        durable: slot.durable.$field.as_ref(),
                    }
                }

                fn own(note: Note) -> Option<Self::Note> {
                    if let Note::$RegistryRow(note) = note { Some(note) } else { None }
                }

                fn message(body: &Body) -> Option<&Self::Message> {
                    if let Body::$RegistryRow(message) = body { Some(message) } else { None }
                }

                fn peek<'a>(rooms: &Rooms<'a>) -> Option<RoomPeek<'a, Self>> {
                    Some(RoomPeek {
                        rooms: *rooms,
                        setup: rooms.cast.rooms.$field.as_ref()?,
                        known: &rooms.cast.known.$field,
                        watch: rooms.simulation.observer.watches.$field.as_ref()?,
                    })
                }
            }
        )*
    };
}

protocols!(rows);

impl Run {
    pub(super) fn rooms(&self) -> Rooms<'_> {
        Rooms {
            cast: self.cast(),
            simulation: self.simulation(),
            now_us: self.simulation().now_us(),
            run: Some(self),
        }
    }

    /// The run as one of its protocols looks at it; nothing where no agent runs that.
    #[must_use]
    pub fn peek<R: RegistryRow>(&self) -> Option<RoomPeek<'_, R>> {
        R::peek(&self.rooms())
    }
}
