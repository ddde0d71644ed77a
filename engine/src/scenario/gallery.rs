//! The scenarios that come with swarmglass: ordinary files, each with its info page.

use std::sync::LazyLock;

pub use crate::coordination::room::GalleryEntry as Entry;

use super::checked::Scenario;
use super::file::ScenarioFile;
use crate::coordination::registry::protocols;
use crate::coordination::room::Room;
use crate::protocol::problem::{ScenarioError, suggestion};

/// Makes the list of the scenarios that come with a room.
macro_rules! rooms_entries {
    ($($(#[$on:meta])* $field:ident $mark:tt $(in $path:literal)?: $Row:ident = $Room:ty,)*) => {
        const ROOMS: &[&[Entry]] = &[$($(#[$on])* <$Room as Room>::SCENARIOS,)*];
    };
}

protocols!(rooms_entries);

macro_rules! entries {
    ($($name:literal),* $(,)?) => {
        &[$(Entry {
            name: $name,
            json: include_str!(concat!("../../../scenarios/", $name, ".json")),
            info: include_str!(concat!("../../../scenarios/", $name, ".md")),
            golden: "tests/golden",
        }),*]
    };
}

/// All of them, in the order to show them; the first is the default.
const ENTRIES: &[Entry] = entries![
    "deployment-vote",
    "simple-majority",
    "supermajority",
    "unanimous",
    "ring-vote",
    "partitioned-vote",
    "lossy-vote",
    "byzantine-recovery",
    "byzantine-equivocator",
    "byzantine-silent",
    "byzantine-colluders",
    "byzantine-too-many",
    "byzantine-ring",
    "gossip-ten",
    "gossip-twenty",
    "gossip-majority",
    "gossip-rumour",
    "gossip-lossy",
    "database-choice",
    "reconnection",
    "counter-partition",
    "counter-last-write",
    "set-add-wins",
    "map-per-key",
    "vector-causal",
    "vector-concurrent",
    "skewed-clocks",
    "delta-sync",
    "beyond-horizon",
    "strong-minority",
    "campaign",
    "budget-question",
    "task-distribution",
    "reputation-journey",
    "skill-or-reputation",
    "nobody-capable",
    "uncovered-team",
    "late-result",
    "hierarchy",
    "meritocracy",
];

/// All scenarios that come with swarmglass, the default first.
#[must_use]
pub fn all() -> &'static [Entry] {
    static ALL: LazyLock<Vec<Entry>> = LazyLock::new(|| [&[ENTRIES], ROOMS].concat().concat());
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
