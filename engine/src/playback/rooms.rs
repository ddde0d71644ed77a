//! The protocols of a run at one instant: their reports, documents, faces and explanations.

mod pictures;

use serde::Serialize;

pub use self::pictures::Pictures;
use super::frame::{Cast, Frame};
use super::inspect::REPLAY_MAX;
use super::run::Run;
use crate::coordination::bus::Body;
use crate::coordination::note::Note;
use crate::coordination::registry::protocols;
use crate::coordination::shown::{Face, LastWord, Look, Offer, Peek, ProposalTimes, Shown, Voting};
use crate::coordination::swarm::Swarm;
use crate::protocol::document::Document;
use crate::protocol::note::{Names, Thing};
use crate::protocol::watch::Part;
use crate::scenario::build::SwarmSimulation;
use crate::sim::kernel::Slot;
use crate::sim::{AgentId, Event, EventId};

/// A protocol in the registry.
pub trait Row: Shown {
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
    rooms: Rooms<'a>,
    setup: &'a R::Setup,
    known: &'a R::Known,
    watch: &'a R::Watch,
}

/// A run as all of its protocols look at it.
#[derive(Clone, Copy)]
pub struct Rooms<'a> {
    pub cast: &'a Cast,
    pub simulation: &'a SwarmSimulation,
    /// The instant as of which it is told; later than the simulation's where two states are compared.
    pub now_us: u64,
    pub has_ended: bool,
    /// The run with its events, where there is more than one instant to look at.
    pub run: Option<&'a Run>,
}

impl<R: Row> RoomPeek<'_, R> {
    fn look_at(&self, simulation: Option<SwarmSimulation>, look: &mut dyn FnMut(&dyn Peek<R>)) {
        let Some(simulation) = simulation else { return };
        let now_us = simulation.now_us();
        let rooms = Rooms { simulation: &simulation, now_us, has_ended: false, ..self.rooms };
        if let Some(peek) = R::peek(&rooms) {
            look(&peek);
        }
    }
}

impl<R: Row> Peek<R> for RoomPeek<'_, R> {
    fn now_us(&self) -> u64 {
        self.rooms.now_us
    }

    fn has_ended(&self) -> bool {
        self.rooms.has_ended
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

    fn agent(&self, agent: AgentId) -> Option<Part<'_, R>> {
        let is_there = agent.index() < self.rooms.simulation.agent_count();
        is_there.then(|| R::part(self.rooms.simulation.agent(agent)))
    }

    fn coordinator(&self) -> Option<AgentId> {
        self.rooms.cast.coordinator
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

    fn proposal(&self, proposal: u32) -> Option<ProposalTimes> {
        let facts = self.rooms.simulation.observer.facts().get(proposal as usize)?;
        let decided_us = facts.decided.map(|(_, at_us)| at_us);
        Some(ProposalTimes { opened_us: facts.opened_us, decided_us })
    }

    fn newest_proposal(&self) -> Option<u32> {
        (self.rooms.simulation.observer.facts().len() as u32).checked_sub(1)
    }

    fn voting(&self) -> Voting {
        match self.rooms.simulation.observer.facts().last().map(|facts| facts.decision()) {
            None => Voting::Nothing,
            Some(None) => Voting::Open,
            Some(Some(_)) => Voting::Over,
        }
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

    fn next_event(&self) -> EventId {
        self.rooms.simulation.trace.len()
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
fn own<R: Row>(event: &Event<Note>) -> Option<Event<R::Note>> {
    event.map_note(R::own)
}

/// The setup of a whole protocol, from its section; the others have none so far.
macro_rules! setup_of {
    ($cast:expr, $field:ident) => {
        &()
    };
    ($cast:expr, $field:ident in $path:literal) => {
        $cast.rooms.$field.as_ref()?
    };
}

/// Makes what is asked of each protocol that the run has.
macro_rules! asking {
    ($($(#[$on:meta])* $field:ident $(in $path:literal)?: $Row:ident = $Protocol:ty,)*) => {
        /// The parts of a report that the protocols tell.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct RoomReports {
            $(
                $(#[$on])*
                #[serde(flatten)]
                pub $field: Option<<$Protocol as Shown>::Report>,
            )*
        }

        /// The names that the protocols have learned.
        #[derive(Clone, Debug, Default)]
        pub struct Known {
            $($(#[$on])* pub $field: <$Protocol as Shown>::Known,)*
        }

        impl Known {
            /// Learns what has come up since.
            pub(super) fn learn(&mut self, rooms: &Rooms<'_>) {
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(rooms) {
                    <$Protocol>::learn(&mut self.$field, &peek);
                })*
            }
        }

        $($(#[$on])*
            impl Row for $Protocol {
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
                    if let Note::$Row(note) = note { Some(note) } else { None }
                }

                fn message(body: &Body) -> Option<&Self::Message> {
                    if let Body::$Row(message) = body { Some(message) } else { None }
                }

                fn peek<'a>(rooms: &Rooms<'a>) -> Option<RoomPeek<'a, Self>> {
                    Some(RoomPeek {
                        rooms: *rooms,
                        setup: setup_of!(rooms.cast, $field $(in $path)?),
                        known: &rooms.cast.known.$field,
                        watch: rooms.simulation.observer.watches.$field.as_ref()?,
                    })
                }
            }
        )*

        impl Rooms<'_> {
            pub(super) fn reports(&self) -> RoomReports {
                RoomReports {
                    $($(#[$on])* $field: <$Protocol as Row>::peek(self).and_then(|peek| <$Protocol>::report(&peek)),)*
                }
            }

            /// How each agent looks, by its number; nothing where no protocol says so.
            pub(super) fn faces(&self, look: &Look) -> Vec<Option<Face>> {
                let mut all = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(self) {
                    let faces = <$Protocol>::faces(&peek, look);
                    if !faces.is_empty() {
                        all.push((<$Protocol>::place(&peek), faces));
                    }
                })*
                all.sort_by_key(|(place, _)| *place);
                all.into_iter().map(|(_, faces)| faces).reduce(joined).unwrap_or_default()
            }

            /// The documents of each protocol, with where they stand.
            fn documents(&self, of: Documents<'_>) -> Vec<(u8, Vec<Document>)> {
                let mut all = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(self) {
                    let documents = match of {
                        Documents::LookedAt(look) => <$Protocol>::documents(&peek, look),
                        Documents::Whole => <$Protocol>::whole(&peek),
                    };
                    if !documents.is_empty() {
                        all.push((<$Protocol>::place(&peek), documents));
                    }
                })*
                all
            }

            /// The rows of the inspector for this agent.
            pub(super) fn inspect(&self, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
                let mut rows = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(self) {
                    rows.extend(<$Protocol>::inspect(&peek, agent));
                })*
                rows
            }

            /// The words beside the agent's name in the inspector, where a protocol has some.
            fn headline(&self, agent: AgentId) -> Option<String> {
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(self)
                    && let Some(words) = <$Protocol>::headline(&peek, agent)
                {
                    return Some(words);
                })*
                None
            }

            /// The acts that a person can do at the agent.
            fn acts(&self, agent: AgentId) -> Vec<Offer> {
                let mut acts = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(self) {
                    acts.extend(<$Protocol>::acts(&peek, agent));
                })*
                acts
            }

            /// The facts that an event rests on, besides its causes.
            fn explain(&self, event: &Event<Note>) -> Vec<String> {
                let mut facts = Vec::new();
                $($(#[$on])* if let Some((peek, own)) = telling::<$Protocol>(self, event) {
                    facts.extend(<$Protocol>::explain(&peek, &own));
                })*
                facts
            }

            /// An event as its protocol tells it in the caption, where it tells it otherwise than the log.
            fn caption(&self, event: &Event<Note>) -> Option<String> {
                $($(#[$on])* if let Some((peek, own)) = telling::<$Protocol>(self, event) {
                    return <$Protocol>::caption(&peek, &own);
                })*
                None
            }

            /// How many things end with a flag on the tape.
            pub(super) fn ends(&self) -> usize {
                let mut ends = 0;
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(self) {
                    ends += <$Protocol>::ends(&peek);
                })*
                ends
            }

            /// The outcome in a sentence, by the place of the protocol that says it: the least first.
            fn last_words(&self) -> Vec<(u8, LastWord)> {
                let mut words = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(self) {
                    words.extend(<$Protocol>::last_word(&peek).map(|word| (<$Protocol>::place(&peek), word)));
                })*
                words.sort_by_key(|(place, _)| *place);
                words
            }

            /// The key to the pictures of the run's protocols, and the titles of those that have one, by their places.
            pub(super) fn pictures(&self) -> Pictures {
                let mut pictures = Pictures::default();
                $($(#[$on])* if let Some(peek) = <$Protocol as Row>::peek(self) {
                    pictures.add::<$Protocol>(&peek);
                })*
                pictures.titles.sort();
                pictures
            }
        }

        impl Cast {
            /// The name of a thing that the notes of a protocol number.
            pub(super) fn thing_of_room(&self, speaker: AgentId, thing: Thing) -> Option<String> {
                $($(#[$on])* if let Some(name) = thing_of::<$Protocol>(|| Some(setup_of!(self, $field $(in $path)?)), &self.known.$field, speaker, thing, self) {
                    return Some(name);
                })*
                None
            }
        }

        /// The tab of the log in which the note stands, and whether its protocol only follows others.
        #[must_use]
        pub fn standing(note: Note) -> (Option<&'static str>, bool) {
            match note {
                $($(#[$on])* Note::$Row(_) => (<$Protocol as Shown>::LOG, <$Protocol as Shown>::FOLLOWS),)*
            }
        }

        /// The sentence of a protocol's property of this name.
        #[must_use]
        pub fn meaning(name: &str) -> Option<&'static str> {
            const PROPERTIES: &[&[(&str, &str)]] = &[$($(#[$on])* <$Protocol as Shown>::PROPERTIES,)*];
            let all = PROPERTIES.iter().copied().flatten();
            all.copied().find(|(own, _)| *own == name).map(|(_, meaning)| meaning)
        }
    };
}

protocols!(asking);

/// Which documents are asked for.
#[derive(Clone, Copy)]
enum Documents<'a> {
    LookedAt(&'a Look),
    Whole,
}

/// The first protocol that says how an agent looks is heeded.
fn joined(first: Vec<Option<Face>>, second: Vec<Option<Face>>) -> Vec<Option<Face>> {
    first.into_iter().zip(second).map(|(first, second)| first.or(second)).collect()
}

/// A note of the protocol, with the run as that looks at it.
fn telling<'a, R: Row>(
    rooms: &Rooms<'a>,
    event: &Event<Note>,
) -> Option<(RoomPeek<'a, R>, Event<R::Note>)> {
    event.note().and_then(R::own)?;
    Some((R::peek(rooms)?, own::<R>(event)?))
}

fn thing_of<'a, R: Shown>(
    setup: impl FnOnce() -> Option<&'a R::Setup>,
    known: &R::Known,
    speaker: AgentId,
    thing: Thing,
    names: &dyn Names,
) -> Option<String>
where
    R::Setup: 'a,
{
    R::thing(setup()?, known, speaker, thing, names)
}

impl Run {
    fn rooms(&self) -> Rooms<'_> {
        Rooms {
            cast: self.cast(),
            simulation: self.simulation(),
            now_us: self.simulation().now_us(),
            has_ended: self.ended(),
            run: Some(self),
        }
    }

    /// The run as one of its protocols looks at it; nothing where no agent runs that.
    #[must_use]
    pub fn peek<R: Row>(&self) -> Option<RoomPeek<'_, R>> {
        R::peek(&self.rooms())
    }

    /// The documents of the run's protocols, with where they stand: the least first.
    #[must_use]
    pub fn room_documents(&self, look: &Look) -> Vec<(u8, Vec<Document>)> {
        self.rooms().documents(Documents::LookedAt(look))
    }

    /// The same for those who read from top to bottom.
    #[must_use]
    pub fn whole_documents(&self) -> Vec<(u8, Vec<Document>)> {
        self.rooms().documents(Documents::Whole)
    }

    /// The words beside the agent's name in the inspector, where a protocol has some.
    #[must_use]
    pub fn headline(&self, agent: AgentId) -> Option<String> {
        self.rooms().headline(agent)
    }

    /// The acts of protocols at this agent.
    #[must_use]
    pub fn room_acts(&self, agent: AgentId) -> Vec<Offer> {
        self.rooms().acts(agent)
    }

    /// The facts that an event rests on, besides its causes.
    #[must_use]
    pub fn explain(&self, event: &Event<Note>) -> Vec<String> {
        self.rooms().explain(event)
    }

    /// An event as its protocol tells it in the caption, where it tells it otherwise than the log.
    #[must_use]
    pub fn caption_of(&self, event: &Event<Note>) -> Option<String> {
        self.rooms().caption(event)
    }

    /// The outcome in a sentence, as the protocol says it whose documents come first.
    #[must_use]
    pub fn last_word(&self) -> Option<LastWord> {
        self.rooms().last_words().into_iter().next().map(|(_, word)| word)
    }

    /// How many things end with a flag on the tape.
    pub(super) fn ends(&self) -> usize {
        self.rooms().ends()
    }

    /// How protocols show their agents, by number.
    pub(super) fn faces(&self, frame: &Frame) -> Vec<Option<Face>> {
        self.rooms().faces(&frame.look)
    }
}
