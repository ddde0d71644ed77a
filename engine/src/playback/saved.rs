//! A run as text, and the run again (V8): scenario, seed, interventions, moment, view. It carries the
//! engine's version and the trace hash at its moment, so that a run that comes out differently after an
//! upgrade is reported ([`Difference`]) instead of shown as the one that was saved.
//!
//! - [`link`]: as the fragment of an address, with the branch that is shown
//! - `read`: a saved run from its JSON, and what is wrong with it
//! - `restore`: from a run to what is saved of it, and back

pub mod link;
mod read;
mod restore;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::branch::Place;
use crate::map::Map;
use crate::protocol::problem::ScenarioError;
use crate::protocol::read::time_us;
use crate::protocol::write::compact;
use crate::scenario::build::Planned;
use crate::scenario::{Scenario, gallery};

pub use link::{LINK_MAX, LinkError};
pub use restore::{Difference, Reopening};

/// The format of saved runs that this version writes, and the newest it reads.
pub const RUN_FORMAT: u32 = 1;

/// The engine's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Everything that a run is made again from.
#[derive(Clone, Debug)]
pub struct SavedRun {
    /// The engine that saved it.
    pub version: String,
    pub scenario: Arc<Scenario>,
    pub seed: u64,
    /// At least one; each stands after the one it left.
    pub branches: Vec<SavedBranch>,
    /// The number of the branch that is shown.
    pub branch: u32,
    /// How many events there were at its moment, and their hash.
    pub events: u64,
    pub trace_hash: u64,
    /// How the run was looked at, as a page remembers it. A reader passes over names that it does not know.
    pub view: Map<String, String>,
}

/// One branch of a saved run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SavedBranch {
    /// The branch it left, and when; `None` for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<Fork>,
    /// The intervention where it left; empty for the first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Its interventions by hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<Planned>,
    /// The moment it stands at.
    pub at: Place,
    /// The furthest place it was played to.
    pub reached: Place,
}

/// Where a branch left another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fork {
    pub branch: u32,
    #[serde(deserialize_with = "time_us")]
    pub time_us: u64,
}

/// A field of a saved run, as JSON.
type Field = (&'static str, String);

impl SavedRun {
    /// Reads a file; `file` is its name for messages.
    ///
    /// # Errors
    /// Says where the file is wrong, what was expected, what was found, and how to repair it.
    pub fn parse(text: &str, file: &str) -> Result<Self, ScenarioError> {
        read::parse(text, file)
    }

    /// Whether a text looks like a saved run rather than a scenario.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        read::is_one(text)
    }

    /// As a file: all branches, and the whole scenario even when it is one of the gallery, which may
    /// change.
    #[must_use]
    pub fn to_file(&self) -> String {
        let mut fields = self.head(json(&self.scenario.file));
        fields.push(("branch", json(&self.branch)));
        fields.push(("branches", json(&self.branches)));
        fields.extend(self.tail());
        let line = |(name, value): &Field| format!("  \"{name}\": {value}");
        let lines: Vec<String> = fields.iter().map(line).collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }

    /// Goes to the moment of a link that shows one branch of this run; `None` where the link is of another
    /// run, or something else was done in it.
    pub fn go_to_link(&mut self, link: &Self) -> Option<()> {
        let shown = link.branches.get(link.branch as usize)?;
        let same_start = self.seed == link.seed
            && self.scenario.file == link.scenario.file
            && self.version == link.version;
        let place = self.branches.iter().position(|it| same_start && it.done == shown.done)?;
        let branch = &mut self.branches[place];
        branch.at = shown.at;
        if shown.reached.steps > branch.reached.steps {
            branch.reached = shown.reached;
        }
        self.branch = u32::try_from(place).ok()?;
        (self.events, self.trace_hash) = (link.events, link.trace_hash);
        self.view.clone_from(&link.view);
        Some(())
    }

    /// For a link: the branch that is shown, and the name of a scenario of the gallery.
    fn short(&self) -> Vec<Field> {
        let entry = gallery::entry_of(&self.scenario.file);
        let scenario = entry.map_or_else(|| json(&self.scenario.file), |entry| json(entry.name));
        let mut fields = self.head(scenario);
        if let Some(shown) = self.branches.get(self.branch as usize) {
            fields.push(("at", json(&shown.at)));
            if shown.reached != shown.at {
                fields.push(("reached", json(&shown.reached)));
            }
            if !shown.done.is_empty() {
                fields.push(("done", json(&shown.done)));
            }
        }
        fields.extend(self.tail());
        fields
    }

    fn head(&self, scenario: String) -> Vec<Field> {
        vec![("run", json(&RUN_FORMAT)), ("scenario", scenario), ("seed", json(&self.seed))]
    }

    fn tail(&self) -> Vec<Field> {
        let mut fields = vec![
            ("events", json(&self.events)),
            ("hash", json(&format!("{:016x}", self.trace_hash))),
            ("version", json(&self.version)),
        ];
        if !self.view.is_empty() {
            fields.push(("view", json(&self.view)));
        }
        fields
    }
}

/// Nothing of a saved run is of a kind that cannot be written.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    compact(value).unwrap_or_default()
}
