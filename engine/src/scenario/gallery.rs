//! The scenarios that come with swarmglass: ordinary files, each with its info page.

use std::sync::LazyLock;

pub use crate::common::room::GalleryEntry as Entry;

use super::checked::Scenario;
use super::file::ScenarioFile;
use crate::common::room::{Room, Scenarios};
use crate::protocol::problem::{ScenarioError, suggestion};
use crate::registry::protocols;

/// Makes the list of the scenarios that come with protocols.
macro_rules! entries {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        const ENTRIES: &[&[Entry]] = &[$($(#[$on])* <$Room as Room>::SCENARIOS.entries,)*];

        /// The scenarios of each protocol, with the hashes that their runs give.
        #[must_use]
        pub fn by_protocol() -> Vec<Scenarios> {
            vec![$($(#[$on])* <$Room as Room>::SCENARIOS,)*]
        }
    };
}

protocols!(entries);

/// All scenarios that come with swarmglass, the default first.
#[must_use]
pub fn all() -> &'static [Entry] {
    static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| ENTRIES.concat());
    &ALL
}

impl Entry {
    /// # Errors
    /// Never for an unchanged gallery: a test reads them all.
    pub fn scenario(&self) -> Result<Scenario, ScenarioError> {
        Scenario::parse(self.json, &format!("{}.json", self.name))
    }
}

/// The scenario of this name.
///
/// # Errors
/// When there is none; suggests the nearest name.
pub fn find(name: &str) -> Result<&'static Entry, ScenarioError> {
    all().iter().find(|entry| entry.name == name).ok_or_else(|| ScenarioError::UnknownName {
        name: name.to_owned(),
        suggestion: suggestion(name, all().iter().map(|entry| entry.name)),
    })
}

/// The entry that this file is, unchanged.
#[must_use]
pub fn entry_of(file: &ScenarioFile) -> Option<&'static Entry> {
    let entry = all().iter().find(|entry| entry.name == file.name)?;
    entry.scenario().is_ok_and(|own| own.file == *file).then_some(entry)
}
