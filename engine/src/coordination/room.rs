//! A whole protocol: beside its machine and its output it brings its section of the file, its settings and its acts. Such
//! a protocol is one folder and one line in the registry; the rest of the house asks it through [`Room`] and [`Shown`].

use std::fmt::Debug;
use std::sync::Arc;

use super::consensus::proposal::SharedProposal;
use super::consensus::section::ProposalFile;
use super::profile::Profile;
use super::shown::Shown;
use super::topology::Topology;
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::sim::AgentId;

/// A whole protocol.
pub trait Room: Shown {
    /// Its section of a scenario's file, under its name in the registry.
    type File: Clone + Debug + PartialEq;
    /// An intervention by which a scenario or a person acts on the protocol: one of several, each under a key of its own.
    type Act: Clone + Debug + PartialEq + serde::Serialize + serde::de::DeserializeOwned;

    /// Whether it needs the coordinator: then there is one wherever the section is.
    const NEEDS_COORDINATOR: bool = false;
    /// Its scenarios in the gallery.
    const SCENARIOS: &'static [GalleryEntry];

    /// Checks its section.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in the section.
    fn check(file: &Self::File, cast: &dyn Members) -> Result<Self::Setup, Problem>;

    /// The durable state with which this agent starts; `None` where the agent does not run the protocol. The coordinator, if
    /// there is one, and agents that join are asked for too.
    fn durable(setup: &Self::Setup, agent: AgentId) -> Option<Self::Durable>;

    /// The orders of the section, with the times at which agents get them, in microseconds of the run.
    fn orders(_setup: &Self::Setup) -> Vec<(u64, AgentId, Self::Order)> {
        Vec::new()
    }

    /// The orders that carry out an act.
    ///
    /// # Errors
    /// The rule that the act breaks, with its place from the key of the act on.
    fn plan(
        setup: &Self::Setup,
        act: &Self::Act,
        cast: &dyn Members,
    ) -> Result<Vec<(AgentId, Self::Order)>, Problem>;

    /// The act in a few words, for a list of branches: "ann asks".
    fn label(act: &Self::Act) -> String;

    /// How long the tape should be at first, in microseconds: when all that the section plans should be over. It ends nothing.
    fn horizon_us(_setup: &Self::Setup) -> Option<u64> {
        None
    }

    /// The proposals that it puts to the vote itself.
    fn proposals(_setup: &Self::Setup) -> Vec<&SharedProposal> {
        Vec::new()
    }

    /// The same as the file spells them.
    fn proposal_files(_file: &Self::File) -> Vec<&ProposalFile> {
        Vec::new()
    }

    /// Whether the run goes on to the end that its scenario names, although nothing but housekeeping is left.
    fn goes_on(_setup: &Self::Setup) -> bool {
        false
    }

    /// The settings that the page offers.
    fn settings(_setup: &Self::Setup) -> Vec<Setting> {
        Vec::new()
    }

    /// Writes one setting into the section; the ordinary checks judge what comes of it.
    fn set(_file: &mut Self::File, _setting: &str, _value: u32) {}
}

/// The members of the swarm, by name.
pub trait Members {
    /// The number of the member of this name; the coordinator is none.
    ///
    /// # Errors
    /// When nobody has this name, with what to write instead.
    fn member(&self, path: &str, name: &str) -> Result<AgentId, Problem>;

    /// The number of the agent of this name, the coordinator among them.
    ///
    /// # Errors
    /// When nobody has this name, with what to write instead.
    fn find(&self, path: &str, name: &str) -> Result<AgentId, Problem>;

    /// How many members there are from the start; their numbers are the first.
    fn count(&self) -> u32;

    /// A member that is there from the start.
    fn profile(&self, agent: AgentId) -> Option<&Arc<Profile>>;

    /// The coordinator, if there is one.
    fn coordinator(&self) -> Option<AgentId>;

    fn topology(&self) -> &Topology;

    /// Whether the scenario puts a proposal of this name to the vote, beside those of whole protocols.
    fn has_proposal(&self, name: &str) -> bool;

    /// The proposals under `proposals`, with the times at which they are opened.
    fn opened(&self) -> &[(u64, SharedProposal)];

    /// The proposals that the sections of protocols put to the vote.
    fn stages(&self) -> Vec<&SharedProposal>;

    /// Whether agents share out tasks.
    fn gives_tasks(&self) -> bool;
}

impl dyn Members + '_ {
    /// All proposals of the scenario.
    pub fn proposals(&self) -> impl Iterator<Item = &SharedProposal> {
        self.opened().iter().map(|(_, proposal)| proposal).chain(self.stages())
    }
}

/// Why proposals need a coordinator.
pub const OPENED_BY_IT: &str = "it opens proposals and records what comes of them";

/// The coordinator, without which the thing at `path` cannot be, for the reason given.
///
/// # Errors
/// When the scenario has none.
pub fn with_coordinator(cast: &dyn Members, path: &str, why: &str) -> Result<AgentId, Problem> {
    cast.coordinator().ok_or_else(|| {
        let repair = format!("leave \"coordinator\" out of the scenario: {why}");
        Problem::new(path, "a scenario with a coordinator", "\"coordinator\": false", repair)
    })
}

/// One scenario of the gallery.
#[derive(Clone, Copy, Debug)]
pub struct GalleryEntry {
    pub name: &'static str,
    /// The scenario file.
    pub json: &'static str,
    /// Its info page, in Markdown: what it is, how it works, things to notice, things to try.
    pub info: &'static str,
    /// The folder, from that of the engine, where its transcript stands.
    pub golden: &'static str,
}
