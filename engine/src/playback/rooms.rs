//! Whole protocols at one instant of a run: their reports, documents and acts, and how their agents look.

use serde::Serialize;

use super::frame::Cast;
use super::run::Run;
use crate::coordination::glyph::MessageGlyph;
use crate::coordination::registry::rooms;
use crate::coordination::room::{Face, Peek, Room};
use crate::coordination::swarm::Swarm;
use crate::protocol::document::Document;
use crate::protocol::note::{Names, Thing};
use crate::protocol::watch::Part;
use crate::scenario::build::SwarmSimulation;
use crate::scenario::checked::RoomSetups;
use crate::scenario::intervention::Intervention;
use crate::sim::AgentId;
use crate::sim::kernel::Slot;

/// A run as one room looks at it.
struct RoomPeek<'a, R: Room> {
    cast: &'a Cast,
    simulation: &'a SwarmSimulation,
    has_ended: bool,
    setup: &'a R::Setup,
    watch: &'a R::Watch,
    part: fn(&Slot<Swarm>) -> Part<'_, R>,
}

impl<R: Room> Peek<R> for RoomPeek<'_, R> {
    fn now_us(&self) -> u64 {
        self.simulation.now_us()
    }

    fn has_ended(&self) -> bool {
        self.has_ended
    }

    fn setup(&self) -> &R::Setup {
        self.setup
    }

    fn watch(&self) -> &R::Watch {
        self.watch
    }

    fn agents(&self) -> u32 {
        self.simulation.agent_count() as u32
    }

    fn agent(&self, agent: AgentId) -> Option<Part<'_, R>> {
        let is_there = agent.index() < self.simulation.agent_count();
        is_there.then(|| (self.part)(self.simulation.agent(agent)))
    }

    fn names(&self) -> &dyn Names {
        self.cast
    }
}

/// A run as all of its rooms look at it.
#[derive(Clone, Copy)]
pub(super) struct Rooms<'a> {
    pub cast: &'a Cast,
    pub simulation: &'a SwarmSimulation,
    pub has_ended: bool,
}

/// Makes what is asked of each room that the scenario has.
macro_rules! asking {
    ($($(#[$on:meta])* $field:ident $(in $path:literal)?: $Row:ident = $Room:ty,)*) => {
        /// The parts of a report that the rooms tell.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct RoomReports {
            $(
                $(#[$on])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<<$Room as Room>::Report>,
            )*
        }

        impl Rooms<'_> {
            $(
                $(#[$on])*
                fn $field(&self) -> Option<RoomPeek<'_, $Room>> {
                    Some(RoomPeek {
                        cast: self.cast,
                        simulation: self.simulation,
                        has_ended: self.has_ended,
                        setup: self.cast.rooms.$field.as_ref()?,
                        watch: self.simulation.observer.watches.$field.as_ref()?,
                        part: |slot| Part {
                            status: slot.status,
                            corrupted: slot.corrupted,
                            clock: slot.clock,
                            machine: slot.process.$field.as_ref(),
                            durable: slot.durable.$field.as_ref(),
                        },
                    })
                }
            )*

            pub fn reports(&self) -> RoomReports {
                RoomReports {
                    $($(#[$on])* $field: self.$field().map(|peek| <$Room>::report(&peek)),)*
                }
            }

            /// How each agent looks, by its number; nothing where no room says so.
            pub fn faces(&self) -> Vec<Option<Face>> {
                let mut faces = Vec::new();
                $($(#[$on])* if let Some(peek) = self.$field() {
                    let agents = (0..self.simulation.agent_count() as u32).map(AgentId);
                    let of = agents.map(|agent| <$Room>::face(&peek, agent));
                    faces = joined(faces, of.collect());
                })*
                faces
            }

            /// The documents of each room.
            pub fn documents(&self) -> Vec<Document> {
                let mut documents = Vec::new();
                $($(#[$on])* if let Some(peek) = self.$field() {
                    documents.extend(<$Room>::documents(&peek));
                })*
                documents
            }

            /// The rows of the inspector for this agent.
            pub fn inspect(&self, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
                let mut rows = Vec::new();
                $($(#[$on])* if let Some(peek) = self.$field() {
                    rows.extend(<$Room>::inspect(&peek, agent));
                })*
                rows
            }

            /// The acts that a person can do at the agent, each with the words of its button.
            pub fn acts(&self, agent: AgentId) -> Vec<(String, Intervention)> {
                let mut acts = Vec::new();
                $($(#[$on])* if let Some(peek) = self.$field() {
                    let own = <$Room>::acts(&peek, agent).into_iter();
                    acts.extend(own.map(|(label, act)| (label, Intervention::$Row(act))));
                })*
                acts
            }
        }

        /// The name of a thing that a room's notes number.
        pub(super) fn thing(setups: &RoomSetups, thing: Thing) -> Option<String> {
            $($(#[$on])* if let Some(name) =
                setups.$field.as_ref().and_then(|setup| <$Room>::thing(setup, thing))
            {
                return Some(name);
            })*
            None
        }

        /// The key to the messages of the scenario's rooms.
        #[must_use]
        pub fn key(setups: &RoomSetups) -> Vec<(MessageGlyph, &'static str)> {
            let mut key = Vec::new();
            $($(#[$on])* if setups.$field.is_some() {
                key.extend(<$Room as Room>::KEY);
            })*
            key
        }

        /// The title of the first room that the scenario has.
        #[must_use]
        pub fn first_title(setups: &RoomSetups) -> Option<&'static str> {
            $($(#[$on])* if setups.$field.is_some() {
                return Some(<$Room>::TITLE);
            })*
            None
        }

        /// The sentence of a room's property of this name.
        #[must_use]
        pub fn meaning(name: &str) -> Option<&'static str> {
            const PROPERTIES: &[&[(&str, &str)]] = &[$($(#[$on])* <$Room as Room>::PROPERTIES,)*];
            let all = PROPERTIES.iter().copied().flatten();
            all.copied().find(|(own, _)| *own == name).map(|(_, meaning)| meaning)
        }
    };
}

rooms!(asking);

/// The first room that says how an agent looks is heeded.
fn joined(one: Vec<Option<Face>>, other: Vec<Option<Face>>) -> Vec<Option<Face>> {
    let mut one = one.into_iter();
    other.into_iter().map(|face| one.next().flatten().or(face)).collect()
}

impl Run {
    fn rooms(&self) -> Rooms<'_> {
        let has_ended = self.ended();
        Rooms { cast: self.cast(), simulation: self.simulation(), has_ended }
    }

    /// The documents of the scenario's whole protocols.
    #[must_use]
    pub fn room_documents(&self) -> Vec<Document> {
        self.rooms().documents()
    }

    /// The inspector's rows of whole protocols for this agent: a label and lines.
    #[must_use]
    pub fn room_rows(&self, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        self.rooms().inspect(agent)
    }

    /// The acts of whole protocols at this agent, each with the words of its button.
    #[must_use]
    pub fn room_acts(&self, agent: AgentId) -> Vec<(String, Intervention)> {
        self.rooms().acts(agent)
    }

    /// How whole protocols show their agents, by number.
    pub(super) fn faces(&self) -> Vec<Option<Face>> {
        self.rooms().faces()
    }
}
