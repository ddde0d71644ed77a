//! A whole protocol: beside its machine it brings its section of the file, its acts, its report and its documents. Such a
//! protocol is one folder and one line in the registry; the rest of the house asks it through [`Room`].

use std::fmt::Debug;

use super::glyph::MessageGlyph;
use super::kind::Described;
use crate::protocol::document::Document;
use crate::protocol::note::{Names, Thing};
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::protocol::watch::{Part, Watched};
use crate::sim::AgentId;

/// A whole protocol.
pub trait Room: Watched<Message: Described> {
    /// Its section of a scenario's file, under its name in the registry.
    type File: Clone + Debug + PartialEq;
    /// The section after every rule was checked.
    type Setup: Clone + Debug;
    /// The intervention under its name in the registry: a scenario or a person acts on the protocol.
    type Act: Clone + Debug + PartialEq;
    /// Its part of the report, under its name in the registry.
    type Report: Clone + Debug + PartialEq + serde::Serialize;

    /// Its heading on the page: one word or two.
    const TITLE: &'static str;
    /// Its scenarios in the gallery.
    const SCENARIOS: &'static [GalleryEntry];
    /// Its properties: each name with a sentence that says what holds.
    const PROPERTIES: &'static [(&'static str, &'static str)];

    /// The key to its messages on the stage.
    const KEY: &'static [(MessageGlyph, &'static str)];

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
    /// The rule that the act breaks, with its place in the act.
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

    /// The name of a thing that its notes number.
    fn thing(_setup: &Self::Setup, _thing: Thing) -> Option<String> {
        None
    }

    /// The outcome, for machines.
    fn report(peek: &impl Peek<Self>) -> Self::Report;

    /// Its panels beside the stage.
    fn documents(peek: &impl Peek<Self>) -> Vec<Document>;

    /// How the agent looks on the stage.
    fn face(_peek: &impl Peek<Self>, _agent: AgentId) -> Option<Face> {
        None
    }

    /// The rows of the inspector for this agent: a label and lines.
    fn inspect(_peek: &impl Peek<Self>, _agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        Vec::new()
    }

    /// The acts that a person can do at this agent now, each with the words of its button.
    fn acts(_peek: &impl Peek<Self>, _agent: AgentId) -> Vec<(String, Self::Act)> {
        Vec::new()
    }
}

/// The members of the swarm, by name.
pub trait Members {
    /// The number of the member of this name; the coordinator is none.
    ///
    /// # Errors
    /// When nobody has this name, with what to write instead.
    fn member(&self, path: &str, name: &str) -> Result<AgentId, Problem>;

    /// How many members there are from the start; their numbers are the first.
    fn count(&self) -> u32;

    /// The coordinator, if there is one.
    fn coordinator(&self) -> Option<AgentId>;
}

/// A run, as a protocol may look at it at one instant: it sees its own part of everything.
pub trait Peek<P: Room> {
    fn now_us(&self) -> u64;

    /// Whether nothing more will happen.
    fn has_ended(&self) -> bool;

    fn setup(&self) -> &P::Setup;

    /// Its watch, with all that it has seen so far.
    fn watch(&self) -> &P::Watch;

    /// How many agents there are by now, the coordinator among them.
    fn agents(&self) -> u32;

    fn agent(&self, agent: AgentId) -> Option<Part<'_, P>>;

    /// The names of agents and things.
    fn names(&self) -> &dyn Names;
}

/// How an agent looks on the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    /// How full its disc is, in thousandths.
    pub level_permille: Option<u16>,
    /// How far the ring around it is closed, in thousandths.
    pub ring_permille: Option<u16>,
    /// The text in the disc.
    pub value: Option<String>,
    /// The line under its name.
    pub second: String,
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
