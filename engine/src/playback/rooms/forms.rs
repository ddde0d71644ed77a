//! Forms of all protocols together, and the interventions that are read from them.

use super::{RegistryRow, Rooms};
use crate::common::asking::{Asking, Done, Way};
use crate::common::room::{Elective, Members, Room};
use crate::common::shown::{Look, Shown};
use crate::order::sort_by_key;
use crate::playback::run::Run;
use crate::protocol::document::{Choice, Form, FormError, Typed};
use crate::registry::{electives, protocols};
use crate::scenario::file::intervention::Intervention;

/// The branch as the forms of all protocols look at it.
struct AskingAll<'a> {
    rooms: Rooms<'a>,
    look: &'a Look,
    cast: &'a dyn Members,
    done: Vec<&'a Intervention>,
    ways: Vec<Way>,
    new_proposal: &'a dyn Fn() -> String,
}

impl AskingAll<'_> {
    /// The same for one protocol, by its acts.
    fn by<'a, R: Room>(&'a self, act: fn(&'a Intervention) -> Option<&'a R::Act>) -> Asking<'a, R> {
        let done = self.done.iter().filter_map(|done| match done {
            Intervention::Spawn { agent } => {
                Some(Done::Joined { skills: agent.skills.as_deref().unwrap_or_default() })
            }
            done => act(done).map(Done::Act),
        });
        let (look, cast, ways) = (self.look, self.cast, &self.ways);
        Asking { look, cast, done: done.collect(), ways, new_proposal: self.new_proposal }
    }
}

/// Makes what is asked of the forms of each protocol that the run has.
macro_rules! asking {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Protocol:ty,)*) => {
        impl AskingAll<'_> {
            /// The forms, with where the documents of their protocols stand.
            fn forms(&self) -> Vec<(u8, Vec<Form>)> {
                let mut forms = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(&self.rooms) {
                    let asking = self.by(|it| if let Intervention::$Row(act) = it { Some(act) } else { None });
                    forms.push((<$Protocol>::place(&peek), <$Protocol as Room>::forms(&peek, &asking)));
                })*
                forms
            }

            fn read(&self, form: &str, typed: &Typed) -> Option<Result<Intervention, FormError>> {
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(&self.rooms) {
                    let asking = self.by(|it| if let Intervention::$Row(act) = it { Some(act) } else { None });
                    if let Some(read) = <$Protocol as Room>::read(&peek, &asking, form, typed) {
                        return Some(read.map(Intervention::$Row));
                    }
                })*
                None
            }
        }

        impl Rooms<'_> {
            fn looked_at_after(&self, form: &str, typed: &Typed) -> Option<Choice> {
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self)
                    && let Some(choice) = <$Protocol as Room>::looked_at_after(&peek, form, typed)
                {
                    return Some(choice);
                })*
                None
            }
        }
    };
}

protocols!(asking);

/// Makes the list of those protocols by which agents decide a proposal themselves.
macro_rules! of_electives {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        fn ways(members: u32) -> Vec<Way> {
            vec![
                $($(#[$on])* Way {
                    algorithm: stringify!($field),
                    words: <$Room as Elective>::OFFER,
                    part: <$Room as Elective>::suited(members),
                },)*
            ]
        }
    };
}

electives!(of_electives);

impl Run {
    /// The forms by which a person acts on protocols; the forms of a protocol that follows come before those
    /// of the one it follows.
    #[must_use]
    pub fn forms(&self, look: &Look) -> Vec<Form> {
        let mut forms = self.asked(look, &|| self.new_proposal_id()).forms();
        sort_by_key(&mut forms, |(place, _)| (u64::from(u8::MAX - *place), 0));
        forms.into_iter().flat_map(|(_, forms)| forms).collect()
    }

    /// The intervention that a form says; nothing where no protocol of the run has it.
    ///
    /// # Errors
    /// When the typed text cannot be read. A fault in the intervention itself is told when it is done.
    #[must_use]
    pub fn read_form(
        &self,
        look: &Look,
        form: &str,
        typed: &Typed,
    ) -> Option<Result<Intervention, FormError>> {
        self.asked(look, &|| self.new_proposal_id()).read(form, typed)
    }

    /// The thing to look at once the intervention that a form says is done.
    #[must_use]
    pub fn looked_at_after(&self, form: &str, typed: &Typed) -> Option<Choice> {
        self.rooms().looked_at_after(form, typed)
    }

    fn asked<'a>(&'a self, look: &'a Look, new_proposal: &'a dyn Fn() -> String) -> AskingAll<'a> {
        let scenario = self.scenario();
        AskingAll {
            rooms: self.rooms(),
            look,
            cast: scenario,
            done: self.done().collect(),
            ways: ways(scenario.count()),
            new_proposal,
        }
    }
}
