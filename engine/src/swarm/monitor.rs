//! Watches a whole run from outside: one watch for each protocol that the swarm runs, and what holds of the kernel and of
//! requests whatever it runs.

use crate::common::consensus::facts::Facts;
use crate::common::consensus::property::PROPERTIES;
use crate::common::shown::Shown;
use crate::common::sighting::Sighting;
use crate::protocol::watch::{Part, Sight, Surroundings, Watch, Watched, joined};
use crate::registry::protocols;
use crate::sim::{
    AgentId, Event, EventId, Observer, Property, PropertyKind, PropertyStatus, What, World,
};
use crate::swarm::bus::KINDS;
use crate::swarm::note::Note;
use crate::swarm::requests::RequestWatch;
use crate::swarm::setups::Setups;
use crate::swarm::{Durable, Swarm};

/// The hook of a watch that an event goes to; notes have hooks of their own.
#[derive(Clone, Copy)]
enum Sort {
    Any,
    Sent { bytes: u32 },
    Arrived,
    Timer,
    Lost,
    Change,
}

/// Makes the watches of all protocols.
macro_rules! watches {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Protocol:ty,)+) => {
        /// The watch of each protocol that the swarm runs.
        #[derive(Clone, Debug, Default)]
        pub struct Watches {
            $($(#[$on])* pub $field: Option<<$Protocol as Watched>::Watch>,)+
        }

        impl Watches {
            /// The watches of the protocols that any of these agents runs.
            #[inline]
            fn of<'a>(
                agents: impl Iterator<Item = &'a Durable> + Clone,
                setups: &Setups,
                surroundings: &Surroundings,
            ) -> Self {
                let mut watches = Self::default();
                $($(#[$on])* if let Some(setup) = &setups.$field
                    && agents.clone().any(|durable| durable.$field.is_some())
                {
                    let watch = watches.$field.get_or_insert_default();
                    Watch::<$Protocol>::begin(watch, setup, surroundings);
                })+
                watches
            }

            /// Lets every watch see the event. Each caller knows its sort: nothing of the match is left where this is inlined.
            #[inline(always)]
            fn see(&mut self, event: &Event<Note>, sort: Sort, outlook: &mut Outlook<'_, '_>) {
                $($(#[$on])* if let Some(watch) = &mut self.$field {
                    match sort {
                        Sort::Any => Watch::<$Protocol>::on_event(watch, event, outlook),
                        Sort::Sent { bytes } => Watch::<$Protocol>::on_sent(watch, event, bytes, outlook),
                        Sort::Arrived => Watch::<$Protocol>::on_arrived(watch, event, outlook),
                        Sort::Timer => Watch::<$Protocol>::on_timer(watch, event, outlook),
                        Sort::Lost => Watch::<$Protocol>::on_lost(watch, event, outlook),
                        Sort::Change => Watch::<$Protocol>::on_change(watch, event, outlook),
                    }
                })+
            }

            #[inline(always)]
            fn see_note(&mut self, event: &Event<Note>, note: Note, outlook: &mut Outlook<'_, '_>) {
                match note {
                    $($(#[$on])* Note::$Row(note) => if let Some(watch) = &mut self.$field {
                        Watch::<$Protocol>::on_note(watch, event, note, outlook);
                    },)+
                    Note::Misdirected(_) => {}
                }
                if let Some(note) = note.shared() {
                    $($(#[$on])* if let Some(watch) = &mut self.$field {
                        Watch::<$Protocol>::on_shared_note(watch, event, note, outlook);
                    })+
                }
            }

            /// Tells all watches what each has told of the event.
            #[cold]
            #[inline(never)]
            fn hear_all(&mut self, event: &Event<Note>, outlook: &mut Outlook<'_, '_>) {
                for sighting in core::mem::take(outlook.told) {
                    self.hear(event, &sighting, outlook);
                }
            }

            #[inline]
            fn hear(&mut self, event: &Event<Note>, sighting: &Sighting, outlook: &Outlook<'_, '_>) {
                $($(#[$on])* if let Some(watch) = &mut self.$field {
                    Watch::<$Protocol>::on_sighting(watch, event, sighting, outlook);
                })+
            }

            #[inline]
            fn are_touched(&self) -> bool {
                let mut are_touched = false;
                $($(#[$on])* {
                    are_touched |= self.$field.as_ref().is_some_and(Watch::<$Protocol>::is_touched);
                })+
                are_touched
            }

            #[inline]
            fn facts(&self) -> &[Facts] {
                $($(#[$on])* if let Some(watch) = &self.$field {
                    let facts = <$Protocol as Shown>::facts(watch);
                    if !facts.is_empty() {
                        return facts;
                    }
                })+
                &[]
            }

            /// Once anything has happened, only what it is about; before, everything that can be.
            #[inline]
            fn properties(&self, ended: bool) -> Vec<Property> {
                let are_touched = self.are_touched();
                let mut properties = Vec::new();
                $($(#[$on])* if let Some(watch) = &self.$field
                    && (Watch::<$Protocol>::is_touched(watch) || !are_touched)
                {
                    properties.extend(Watch::<$Protocol>::properties(watch, ended));
                })+
                properties
            }
        }

        $($(#[$on])*
            impl Sight<$Protocol> for Outlook<'_, '_> {
                #[inline]
                fn agent(&self, agent: AgentId) -> Option<Part<'_, $Protocol>> {
                    let slot = self.world.agent(agent)?;
                    Some(Part {
                        status: slot.status,
                        corrupted: slot.corrupted,
                        clock: slot.clock,
                        machine: slot.process.$field.as_ref(),
                        durable: slot.durable.$field.as_ref(),
                    })
                }

                #[inline]
                fn is_about_proposal(&self, kind: u8) -> bool {
                    ABOUT_PROPOSALS[usize::from(kind)]
                }

                #[inline]
                fn tell(&mut self, sighting: Sighting) {
                    self.told.push(sighting);
                }
            }
        )+
    };
}

protocols!(watches);

/// Whether messages are about a proposal, by their kinds.
static ABOUT_PROPOSALS: [bool; 256] = {
    let (mut about, mut kind) = ([false; 256], 0);
    while kind < KINDS.len() {
        about[kind] = KINDS[kind].is_about_proposal;
        kind += 1;
    }
    about
};

/// The world as watches see it, and the facts they tell each other.
struct Outlook<'a, 'w> {
    world: World<'w, Swarm>,
    told: &'a mut Vec<Sighting>,
}

/// Watches a run.
#[derive(Clone, Debug)]
pub struct Monitor {
    pub watches: Watches,
    /// The orders to agents that are paused or down.
    pub requests: RequestWatch,
    books: Property,
    /// The newest event of all.
    newest: EventId,
    /// Empty between events.
    told: Vec<Sighting>,
}

impl Monitor {
    /// Watches a swarm that starts with these agents.
    #[must_use]
    #[inline]
    pub fn new<'a>(
        agents: impl Iterator<Item = &'a Durable> + Clone,
        setups: &Setups,
        surroundings: &Surroundings,
    ) -> Self {
        Self {
            watches: Watches::of(agents, setups, surroundings),
            requests: RequestWatch::default(),
            books: Property::new("books_balance", PropertyKind::Always),
            newest: 0,
            told: Vec::new(),
        }
    }

    /// The facts about each proposal, by its number.
    #[must_use]
    #[inline]
    pub fn facts(&self) -> &[Facts] {
        self.watches.facts()
    }

    /// The properties as they stand; `ended` says that nothing more will come.
    #[must_use]
    #[inline]
    pub fn properties(&self, ended: bool) -> Vec<Property> {
        let mut properties = joined(self.watches.properties(ended));
        // As since the first format of reports: what holds of votes, then the books.
        let is_of_votes = |it: &Property| PROPERTIES.iter().any(|(name, _)| *name == it.name);
        let votes = properties.iter().take_while(|it| is_of_votes(it)).count();
        properties.insert(votes, self.books.clone());
        properties.extend(self.requests.property(ended));
        // An *eventually* that has not come true is violated by the end of the run.
        for property in &mut properties {
            if property.status == PropertyStatus::Violated {
                property.event = property.event.or(Some(self.newest));
            }
        }
        properties
    }
}

impl Observer<Swarm> for Monitor {
    /// The kernel knows at each place which sort of event it records: each takes its own way, without looking again.
    #[inline(always)]
    fn on_event(&mut self, event: &Event<Note>, world: World<'_, Swarm>) {
        match event.what {
            What::Sent { bytes } => self.on_sent(event, bytes, world),
            What::Delivered | What::Forwarded => self.on_arrived(event, world),
            What::Timer => self.on_timer(event, world),
            What::Note(note) => self.on_note(event, note, world),
            What::Dropped { .. } => self.on_lost(event, world),
            _ => self.on_change(event, world),
        }
    }
}

impl Monitor {
    #[inline(never)]
    fn on_sent(&mut self, event: &Event<Note>, bytes: u32, world: World<'_, Swarm>) {
        self.see(event, world, |watches, outlook| {
            watches.see(event, Sort::Sent { bytes }, outlook)
        });
    }

    #[inline(never)]
    fn on_arrived(&mut self, event: &Event<Note>, world: World<'_, Swarm>) {
        self.books.check(world.counters.balance(), event.id);
        self.see(event, world, |watches, outlook| watches.see(event, Sort::Arrived, outlook));
    }

    #[inline(never)]
    fn on_timer(&mut self, event: &Event<Note>, world: World<'_, Swarm>) {
        self.see(event, world, |watches, outlook| watches.see(event, Sort::Timer, outlook));
    }

    #[inline(never)]
    fn on_note(&mut self, event: &Event<Note>, note: Note, world: World<'_, Swarm>) {
        self.requests.see_note(event, note);
        self.see(event, world, |watches, outlook| watches.see_note(event, note, outlook));
    }

    #[cold]
    #[inline(never)]
    fn on_lost(&mut self, event: &Event<Note>, world: World<'_, Swarm>) {
        self.books.check(world.counters.balance(), event.id);
        self.see(event, world, |watches, outlook| watches.see(event, Sort::Lost, outlook));
    }

    #[cold]
    #[inline(never)]
    fn on_change(&mut self, event: &Event<Note>, world: World<'_, Swarm>) {
        self.requests.see_change(event);
        self.see(event, world, |watches, outlook| watches.see(event, Sort::Change, outlook));
    }

    /// Lets the watches see the event, and tells all of them what each makes of it.
    #[inline(always)]
    fn see(
        &mut self,
        event: &Event<Note>,
        world: World<'_, Swarm>,
        see: impl FnOnce(&mut Watches, &mut Outlook<'_, '_>),
    ) {
        self.newest = event.id;
        let mut outlook = Outlook { world, told: &mut self.told };
        self.watches.see(event, Sort::Any, &mut outlook);
        see(&mut self.watches, &mut outlook);
        if !outlook.told.is_empty() {
            self.watches.hear_all(event, &mut outlook);
        }
    }
}
