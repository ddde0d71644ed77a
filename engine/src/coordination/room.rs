//! What the rest of the house asks of a protocol beside its machine: what goes into it, and what is shown of it. A protocol
//! that answers all of this is one folder and one line in the registry.

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
    /// What a scenario or a person does with it: an intervention under its name in the registry.
    type Act: Clone + Debug + PartialEq;
    /// What the report tells of it, under its name in the registry.
    type Report: Clone + Debug + PartialEq + serde::Serialize;

    /// What it is called above its part of the page: one word or two.
    const TITLE: &'static str;
    /// Its scenarios in the gallery.
    const SCENARIOS: &'static [GalleryEntry];
    /// What each of its properties says, by name.
    const PROPERTIES: &'static [(&'static str, &'static str)];

    /// What its messages on the stage mean, for the key.
    const KEY: &'static [(MessageGlyph, &'static str)];

    /// Checks its section.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in the section.
    fn check(file: &Self::File, cast: &dyn Members) -> Result<Self::Setup, Problem>;

    /// What of its part survives a crash, for this agent; nothing where the agent has none. It is asked of the coordinator
    /// too, if there is one, and of agents that join.
    fn durable(setup: &Self::Setup, agent: AgentId) -> Option<Self::Durable>;

    /// What is asked of agents, and when, in microseconds of the run.
    fn orders(_setup: &Self::Setup) -> Vec<(u64, AgentId, Self::Order)> {
        Vec::new()
    }

    /// The orders that carry out an act.
    ///
    /// # Errors
    /// What is wrong with the act, with its place in it.
    fn plan(
        setup: &Self::Setup,
        act: &Self::Act,
        cast: &dyn Members,
    ) -> Result<Vec<(AgentId, Self::Order)>, Problem>;

    /// What is done, in a few words, for a list of branches: "ann asks".
    fn label(act: &Self::Act) -> String;

    /// How long the tape should be at first, in microseconds: when all that the section plans should be over. It ends nothing.
    fn horizon_us(_setup: &Self::Setup) -> Option<u64> {
        None
    }

    /// Whether the run goes on to the end that its scenario names, although nothing but housekeeping is left.
    fn goes_on(_setup: &Self::Setup) -> bool {
        false
    }

    /// What can be set on the page.
    fn settings(_setup: &Self::Setup) -> Vec<Setting> {
        Vec::new()
    }

    /// Writes one setting into the section; the ordinary checks judge what comes of it.
    fn set(_file: &mut Self::File, _setting: &str, _value: u32) {}

    /// What something is called that its notes number.
    fn thing(_setup: &Self::Setup, _thing: Thing) -> Option<String> {
        None
    }

    /// What came of it, for machines.
    fn report(peek: &impl Peek<Self>) -> Self::Report;

    /// What is said of it beside the stage.
    fn documents(peek: &impl Peek<Self>) -> Vec<Document>;

    /// How the agent looks on the stage.
    fn face(_peek: &impl Peek<Self>, _agent: AgentId) -> Option<Face> {
        None
    }

    /// What the inspector tells of the agent: a label and lines.
    fn inspect(_peek: &impl Peek<Self>, _agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        Vec::new()
    }

    /// What a person can do at the agent now, and what the button says.
    fn acts(_peek: &impl Peek<Self>, _agent: AgentId) -> Vec<(String, Self::Act)> {
        Vec::new()
    }
}

/// Who takes part, by name.
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

    /// What its watch has seen so far.
    fn watch(&self) -> &P::Watch;

    /// How many agents there are by now, the coordinator among them.
    fn agents(&self) -> u32;

    fn agent(&self, agent: AgentId) -> Option<Part<'_, P>>;

    /// What everything is called.
    fn names(&self) -> &dyn Names;
}

/// How an agent looks on the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    /// How full its disc is, in thousandths.
    pub level_permille: Option<u16>,
    /// How far the ring around it is closed, in thousandths.
    pub ring_permille: Option<u16>,
    /// What stands in the disc.
    pub value: Option<String>,
    /// What it does, under its name.
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
