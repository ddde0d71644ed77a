//! Output of all protocols together: reports, documents, faces, explanations.

use serde::Serialize;

use super::{RegistryRow, RoomPeek, Rooms, own};
use crate::common::measure::Measure;
use crate::common::shown::{Face, LastWord, Look, Offer, Picture, Shown};
use crate::order::sort_by_key;
use crate::playback::cast::Cast;
use crate::playback::run::Run;
use crate::protocol::document::Document;
use crate::protocol::note::{Names, Thing};
use crate::registry::protocols;
use crate::sim::{AgentId, Event};
use crate::swarm::note::Note;

/// Makes what is asked of each protocol that the run has.
macro_rules! asking {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $RegistryRow:ident = $Protocol:ty,)*) => {
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
            pub(in crate::playback) fn learn(&mut self, rooms: &Rooms<'_>) {
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(rooms) {
                    <$Protocol>::learn(&mut self.$field, &peek);
                })*
            }
        }

        impl Rooms<'_> {
            pub(in crate::playback) fn reports(&self) -> RoomReports {
                RoomReports {
                    $($(#[$on])* $field: <$Protocol as RegistryRow>::peek(self).and_then(|peek| <$Protocol>::report(&peek)),)*
                }
            }

            /// How each agent looks, by its number; nothing where no protocol says so. Those that lead say it before those that follow.
            pub(in crate::playback) fn faces(&self, look: &Look) -> Vec<Option<Face>> {
                let (mut all, mut is_led) = (Vec::new(), false);
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    let faces = <$Protocol>::faces(&peek, look);
                    if !faces.is_empty() {
                        is_led |= <$Protocol as Shown>::TITLE.is_some() && !<$Protocol as Shown>::FOLLOWS;
                        all.push((<$Protocol as Shown>::FOLLOWS, faces));
                    }
                })*
                sort_by_key(&mut all, |(follows, _)| (u64::from(*follows), 0));
                // The line is for the protocol that leads, even where that has nothing to say.
                for (_, faces) in all.iter_mut().filter(|(follows, _)| *follows && is_led) {
                    faces.iter_mut().flatten().for_each(|face| face.second.clear());
                }
                all.into_iter().map(|(_, faces)| faces).reduce(joined).unwrap_or_default()
            }

            /// The documents of each protocol, with where they stand.
            fn documents(&self, of: Documents<'_>) -> Vec<(u8, Vec<Document>)> {
                let mut all = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
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

            /// The key to what is on the stage.
            fn key(&self, look: &Look) -> Vec<(Picture, &'static str)> {
                let mut key = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    key.extend(<$Protocol>::key(&peek, look));
                })*
                key
            }

            /// The rows of the inspector for this agent; those of protocols that only serve others come last.
            pub(in crate::playback) fn inspect(&self, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
                let mut all = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    all.push((<$Protocol as Shown>::TITLE.is_none(), <$Protocol>::inspect(&peek, agent)));
                })*
                sort_by_key(&mut all, |(serves, _)| (u64::from(*serves), 0));
                all.into_iter().flat_map(|(_, rows)| rows).collect()
            }

            /// The words beside the agent's name in the inspector, where a protocol has some.
            fn headline(&self, agent: AgentId) -> Option<String> {
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self)
                    && let Some(words) = <$Protocol>::headline(&peek, agent)
                {
                    return Some(words);
                })*
                None
            }

            /// The acts that a person can do at the agent. The acts of a protocol that follows come before
            /// those of the one it follows.
            fn acts(&self, agent: AgentId) -> Vec<Offer> {
                let mut acts = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    acts.push((<$Protocol>::place(&peek), <$Protocol>::acts(&peek, agent)));
                })*
                sort_by_key(&mut acts, |(place, _)| (u64::from(u8::MAX - *place), 0));
                acts.into_iter().flat_map(|(_, offers)| offers).collect()
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
            pub(in crate::playback) fn ends(&self) -> usize {
                let mut ends = 0;
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    ends += <$Protocol>::ends(&peek);
                })*
                ends
            }

            /// The outcome in a sentence, as the protocol says it whose place is the least. Once one has said it, those that stand
            /// behind are not asked: the caption tells it sixty times a second.
            fn last_word(&self, look: &Look) -> Option<LastWord> {
                let mut first: Option<(u8, LastWord)> = None;
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    let place = <$Protocol>::place(&peek);
                    if first.as_ref().is_none_or(|(least, _)| place < *least)
                        && let Some(word) = <$Protocol>::last_word(&peek, look)
                    {
                        first = Some((place, word));
                    }
                })*
                first.map(|(_, word)| word)
            }

            /// The figures by which the run is compared with others.
            fn measures(&self) -> Vec<Measure> {
                let mut all = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    all.extend(<$Protocol>::measures(&peek));
                })*
                all
            }

            /// The pictures of the run's protocols.
            pub(in crate::playback) fn pictures(&self) -> Pictures {
                let mut pictures = Pictures::default();
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    pictures.add::<$Protocol>(&peek);
                })*
                sort_by_key(&mut pictures.titles, |(place, _)| ((*place).into(), 0));
                pictures
            }
        }

        impl Cast {
            /// The name of a thing that the notes of a protocol number.
            pub(in crate::playback) fn thing_of_room(&self, speaker: AgentId, thing: Thing) -> Option<String> {
                $($(#[$on])* if let Some(name) = thing_of::<$Protocol>(|| self.rooms.$field.as_ref(), &self.known.$field, speaker, thing, self) {
                    return Some(name);
                })*
                None
            }
        }

        /// The tab of the log in which the note stands, and whether its protocol only follows others.
        #[must_use]
        pub fn standing(note: Note) -> (Option<&'static str>, bool) {
            match note {
                $($(#[$on])* Note::$RegistryRow(_) => (<$Protocol as Shown>::LOG, <$Protocol as Shown>::FOLLOWS),)*
                // The tab where it has always stood.
                Note::Misdirected(_) => (Some("Votes"), false),
            }
        }

        /// The properties of each protocol: a name and a sentence.
        const PROPERTIES: &[&[(&str, &str)]] = &[$($(#[$on])* <$Protocol as Shown>::PROPERTIES,)*];
    };
}

protocols!(asking);

/// The sentence of a protocol's property of this name.
#[must_use]
pub fn meaning(name: &str) -> Option<&'static str> {
    let mut all = PROPERTIES.iter().copied().flatten();
    all.find(|(own, _)| *own == name).map(|(_, meaning)| *meaning)
}

/// The look of protocols on the page, whatever happens in the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Their titles, each with the place of their documents: the least first.
    pub titles: Vec<(u8, &'static str)>,
    /// The tabs of their notes in the log; whether a protocol with a title of its own has notes there.
    pub logs: Vec<(&'static str, bool)>,
    /// Whether the coordinator has a part in any.
    pub is_coordinated: bool,
    /// Whether any does something that others only follow.
    pub is_led: bool,
    /// The words for cutting an agent off, and for joining it again.
    pub isolation: Option<(&'static str, &'static str)>,
    leaders_have_values: bool,
    followers_have_values: bool,
}

impl Pictures {
    /// Whether discs hold values.
    #[must_use]
    pub fn has_values(&self) -> bool {
        self.leaders_have_values || self.followers_have_values && !self.is_led
    }

    fn add<R: RegistryRow>(&mut self, peek: &RoomPeek<'_, R>) {
        self.titles.extend(R::TITLE.map(|title| (R::place(peek), title)));
        let tab = R::LOG.map(|tab| (tab, R::TITLE.is_some()));
        self.logs.extend(tab.filter(|tab| !self.logs.contains(tab)));
        self.is_coordinated |= R::IS_COORDINATED;
        self.is_led |= R::TITLE.is_some() && !R::FOLLOWS;
        let values = if R::FOLLOWS {
            &mut self.followers_have_values
        } else {
            &mut self.leaders_have_values
        };
        *values |= R::HAS_VALUES;
        self.isolation = self.isolation.or(R::ISOLATION);
    }
}

/// Which documents are asked for.
#[derive(Clone, Copy)]
enum Documents<'a> {
    LookedAt(&'a Look),
    Whole,
}

/// Each agent as the first protocol shows it, and where that says nothing as the second does.
fn joined(mut first: Vec<Option<Face>>, second: Vec<Option<Face>>) -> Vec<Option<Face>> {
    for (face, other) in first.iter_mut().zip(second) {
        *face = match (face.take(), other) {
            (Some(face), Some(other)) => Some(face.or(other)),
            (face, other) => face.or(other),
        };
    }
    first
}

/// A note of the protocol, with the run as that looks at it.
fn telling<'a, R: RegistryRow>(
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

    /// The key to what is on the stage.
    #[must_use]
    pub fn key(&self, look: &Look) -> Vec<(Picture, &'static str)> {
        self.rooms().key(look)
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
    pub fn last_word(&self, look: &Look) -> Option<LastWord> {
        self.rooms().last_word(look)
    }

    /// The figures by which it is compared with other runs, each under a name of its own.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        self.rooms().measures()
    }

    /// How many things end with a flag on the tape.
    pub(in crate::playback) fn ends(&self) -> usize {
        self.rooms().ends()
    }

    /// How protocols show their agents, by number.
    pub(in crate::playback) fn faces(&self, look: &Look) -> Vec<Option<Face>> {
        self.rooms().faces(look)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_property_has_a_name_of_its_own() {
        let all = PROPERTIES.iter().copied().flatten().map(|(name, _)| *name);
        let names: BTreeSet<_> = all.clone().collect();
        assert_eq!(names.len(), all.count(), "two properties have one name: {names:?}");
    }
}
