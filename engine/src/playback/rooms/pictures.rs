//! The look of a run's protocols, whatever happens in the run.

use super::{RoomPeek, Row};
use crate::coordination::shown::Picture;

/// The look of protocols on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// The key to what they draw.
    pub key: Vec<(Picture, &'static str)>,
    /// Their titles, each with the place of their documents: the least first.
    pub titles: Vec<(u8, &'static str)>,
    /// The tabs of their notes in the log; whether a protocol with a title of its own has notes there.
    pub logs: Vec<(&'static str, bool)>,
    /// Whether the coordinator has a part in any.
    pub is_coordinated: bool,
    /// Whether any does something that others only follow.
    pub is_led: bool,
    /// What cutting an agent off, and joining it again, is called.
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

    pub(super) fn add<R: Row>(&mut self, peek: &RoomPeek<'_, R>) {
        self.key.extend(R::KEY);
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
