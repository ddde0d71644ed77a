//! A whole protocol: beside its machine and its output it brings its section of the file, its settings and its acts. Such
//! a protocol is one folder and one line in the registry; the rest of the house asks it through [`Room`] and [`Shown`].

use std::fmt::Debug;
use std::sync::Arc;

use crate::common::asking::Asking;
use crate::common::consensus::proposal::{Algorithm, Proposal, SharedProposal};
use crate::common::consensus::section::{ShareOf, WrittenProposal};
use crate::common::profile::Profile;
use crate::common::shown::{Peek, Shown};
use crate::common::topology::Topology;
use crate::protocol::document::{Choice, Form, FormError, Typed};
use crate::protocol::number::write_number;
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::sim::AgentId;

/// A whole protocol.
pub trait Room: Shown {
    /// Its section of a scenario's file, under its name in the registry; `()` where its line names no section.
    type File: Clone + Debug + PartialEq;
    /// Its part of each agent in the file, checked; `()` where its line names none.
    type Agent: Individual;
    /// An intervention by which a scenario or a person acts on the protocol: one of several, each under a key of its own.
    type Act: Clone + Debug + PartialEq + serde::Serialize + serde::de::DeserializeOwned;
    /// Its memory while a plan is made from the first act to the last.
    type Memory: Clone + Debug + Default;

    /// Its section in a few words, for the schema of the file.
    const ABOUT: &'static str = "";
    /// Whether there is a coordinator where a scenario with its section does not say.
    const IS_LED: bool = false;
    /// Whether agents share out tasks by it.
    const GIVES_TASKS: bool = false;
    /// The words for an act on it where its section is not there: something that is expected of the scenario, and the repair.
    const MISSING: Option<(&'static str, &'static str)> = None;
    /// The setting whose values can be compared over many runs: each is a way to do the same.
    const COMPARED: Option<&'static str> = None;
    /// Its scenarios in the gallery.
    const SCENARIOS: Scenarios = Scenarios::NONE;

    /// Checks its section.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in the section, or in the file where [`Problem::at_top`] says so.
    fn check(brief: &Brief<'_, Self>) -> Result<Self::Setup, Problem>;

    /// Checks an agent that joins, at its place in the plan.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in the agent.
    fn check_joining(
        _setup: &Self::Setup,
        _entrant: &Entrant<'_, Self>,
        _planning: &mut Planning<'_, Self::Memory>,
    ) -> Result<(), Problem> {
        Ok(())
    }

    /// Checks the section once it is known how long the run lasts at least.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in the section.
    fn check_span(_setup: &Self::Setup, _span_us: u64) -> Result<(), Problem> {
        Ok(())
    }

    /// The durable state with which this agent starts; `None` where the agent does not run the protocol.
    fn durable(
        setup: &Self::Setup,
        entrant: &Entrant<'_, Self>,
        cast: &dyn Members,
    ) -> Option<Self::Durable>;

    /// The orders of the section in a run with this seed, with the times at which agents get them, in microseconds of the run.
    fn orders(
        _setup: &Self::Setup,
        _cast: &dyn Members,
        _seed: u64,
    ) -> Vec<(u64, AgentId, Self::Order)> {
        Vec::new()
    }

    /// The announcements that come with these orders.
    fn announcements(_setup: &Self::Setup) -> Vec<(u64, Announcement)> {
        Vec::new()
    }

    /// The orders that answer another protocol's announcement.
    fn answers(_setup: &Self::Setup, _to: &Announcement) -> Vec<(AgentId, Self::Order)> {
        Vec::new()
    }

    /// The orders that carry out an act.
    ///
    /// # Errors
    /// The rule that the act breaks, with its place from the key of the act on.
    fn plan(
        setup: &Self::Setup,
        act: &Self::Act,
        planning: &mut Planning<'_, Self::Memory>,
    ) -> Result<Vec<(AgentId, Self::Order)>, Problem>;

    /// The act in a few words, for a list of branches: "ann asks".
    fn label(act: &Self::Act) -> String;

    /// How long the tape should be at first, in microseconds: when all that the section plans should be over. It ends nothing.
    fn horizon_us(_setup: &Self::Setup, _cast: &dyn Members) -> Option<u64> {
        None
    }

    /// The proposals that its section puts to the vote, one after the other.
    fn proposals(_setup: &Self::Setup) -> Vec<&SharedProposal> {
        Vec::new()
    }

    /// The same as the file spells them.
    fn proposal_files(_file: &Self::File) -> Vec<&WrittenProposal> {
        Vec::new()
    }

    /// The proposal that an act puts to the vote.
    fn proposed(_act: &Self::Act) -> Option<&WrittenProposal> {
        None
    }

    /// The proposals for which it asks who approved them, and when.
    fn asks_facts_of(_setup: &Self::Setup) -> Vec<Arc<str>> {
        Vec::new()
    }

    /// Whether those right below this agent in a hierarchy register with it, too.
    fn is_manager(_setup: &Self::Setup, _agent: AgentId) -> bool {
        false
    }

    /// Whether the run goes on to the end that its scenario names, although nothing but housekeeping is left.
    fn goes_on(_setup: &Self::Setup) -> bool {
        false
    }

    /// Remarks on a scenario that is allowed all the same: its guarantees will not hold.
    fn warnings(_cast: &dyn Members, _liars: &[&str], _cut: &[&str]) -> Vec<String> {
        Vec::new()
    }

    /// The settings that the page offers.
    fn settings(_setup: &Self::Setup, _cast: &dyn Members) -> Vec<Setting> {
        Vec::new()
    }

    /// Whether the act changes that setting while it runs: it has no place in a comparison.
    fn sets_compared(_act: &Self::Act) -> bool {
        false
    }

    /// Writes one setting into the file; the setup is that before the change, and the ordinary checks judge the outcome. `None`
    /// where the setting is of another protocol.
    fn set(
        _setup: &Self::Setup,
        _file: &mut Edited<'_, Self::File>,
        _setting: &str,
        _value: u32,
    ) -> Option<()> {
        None
    }

    /// The forms by which a person acts on it.
    fn forms(_peek: &dyn Peek<Self>, _asking: &Asking<'_, Self>) -> Vec<Form> {
        Vec::new()
    }

    /// The act that a form says; `None` where the form is of another protocol.
    ///
    /// # Errors
    /// When what is typed cannot be read as what is asked for; all else is said by [`Room::plan`].
    fn read(
        _peek: &dyn Peek<Self>,
        _asking: &Asking<'_, Self>,
        _form: &str,
        _typed: &Typed,
    ) -> Option<Result<Self::Act, FormError>> {
        None
    }

    /// The thing to look at once the act that a form says is done.
    fn looked_at_after(_peek: &dyn Peek<Self>, _form: &str, _typed: &Typed) -> Option<Choice> {
        None
    }
}

/// A protocol by which agents decide a proposal themselves, instead of having ballots counted. The algorithm of the proposal
/// bears its name in the registry, and so does its part of the proposal.
pub trait Elective: Room {
    /// Its part of a proposal in the file.
    type File: Clone + Debug + PartialEq;

    /// Its words after "Approved by" where a person may choose it for a new proposal.
    const OFFER: Option<&'static str> = None;

    /// Its part of a new proposal to so many members, as the file spells it; `None` where the usual will do.
    fn suited(_members: u32) -> Option<serde_json::Value> {
        None
    }

    /// The algorithm of such a proposal.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in the proposal.
    fn algorithm(
        file: Option<&<Self as Elective>::File>,
        asked: &Asked<'_>,
    ) -> Result<Algorithm, Problem>;
}

/// The words of a proposal that concern every algorithm.
pub struct Asked<'a> {
    pub cast: &'a dyn Members,
    /// Those who may vote, if not everyone.
    pub electorate: Option<&'a [AgentId]>,
    /// How many they are.
    pub agents: u64,
    pub threshold: Option<f64>,
    pub share_of: ShareOf,
}

/// The problem of a threshold where the algorithm has a share of its own.
#[must_use]
pub fn no_threshold(algorithm: &str, share: f64) -> Problem {
    let repair = "leave it out, or make the algorithm \"quorum\" or \"weighted\"";
    let expected = format!("no threshold with {algorithm}, which has its own");
    Problem::new("threshold", expected, write_number(share), repair)
}

/// The part of an agent in a file that one protocol reads: how the agent works, for example.
pub trait Individual: Clone + Debug + PartialEq {
    /// As the file spells it.
    type File: Clone + Debug + PartialEq;

    /// That part in a few words, for the schema of the file.
    const ABOUT: &'static str = "";

    /// Checks the words of an agent itself, and of the template it takes after; the former go first.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in that part.
    fn check(
        own: Option<&Self::File>,
        template: Option<&Self::File>,
        skills: &[Arc<str>],
    ) -> Result<Self, Problem>;

    /// Its words in the built-in template of this name; `None` where it has none there.
    fn built_in(_template: &str) -> Option<Self::File> {
        None
    }
}

impl Individual for () {
    type File = ();

    fn check(_: Option<&()>, _: Option<&()>, _: &[Arc<str>]) -> Result<(), Problem> {
        Ok(())
    }
}

/// The section of a protocol with all that belongs to it in the file.
pub struct Brief<'a, R: Room> {
    pub file: &'a R::File,
    /// Its part of each member, by number.
    pub agents: &'a [R::Agent],
    /// The acts of its own among the scenario's faults.
    pub acts: &'a [&'a R::Act],
    /// The end that the scenario names: until then a run goes on where [`Room::goes_on`] says so.
    pub ends_at_us: Option<u64>,
    pub cast: &'a dyn Members,
}

/// An agent as it begins.
pub struct Entrant<'a, R: Room> {
    pub agent: AgentId,
    /// `None` for the coordinator.
    pub member: Option<&'a Arc<Profile>>,
    /// The protocol's part of it; `None` for the coordinator.
    pub own: Option<&'a R::Agent>,
    /// The agent below which it joins a running swarm, in a hierarchy.
    pub joins_below: Option<AgentId>,
}

/// An act at its place in the plan.
pub struct Planning<'a, M> {
    pub cast: &'a dyn Members,
    pub memory: &'a mut M,
    pub announced: &'a mut Vec<Announcement>,
    pub time_us: u64,
    pub seed: u64,
    /// A person does it to a running swarm: there it may turn out not to apply.
    pub is_live: bool,
}

/// A fact that one protocol makes known while a plan is made, and others may answer with orders of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// Tasks of these names are submitted.
    Submitted(Vec<Arc<str>>),
}

/// A file that is changed by a setting.
pub struct Edited<'a, F> {
    pub section: &'a mut F,
    pub proposals: &'a mut Vec<WrittenProposal>,
    /// The scenario before the change.
    pub cast: &'a dyn Members,
}

/// The members of the swarm, and what several protocols want to know of the scenario.
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

    /// How many agents there are by now, the coordinator among them.
    fn agents(&self) -> u32;

    /// A member that is there from the start.
    fn profile(&self, agent: AgentId) -> Option<&Arc<Profile>>;

    /// The place in the file of a member that is there from the start: `agents[3]`.
    fn place(&self, agent: AgentId) -> String;

    /// The coordinator, if there is one.
    fn coordinator(&self) -> Option<AgentId>;

    fn topology(&self) -> &Topology;

    /// The manager with which an agent registers, too, if there is one.
    fn manager_of(&self, agent: AgentId) -> Option<AgentId>;

    /// Whether those below this agent register with it.
    fn is_manager(&self, agent: AgentId) -> bool;

    /// The proposals under `proposals`, with the times at which they are opened.
    fn opened(&self) -> &[(u64, SharedProposal)];

    /// The same as the file spells them.
    fn opened_files(&self) -> Vec<WrittenProposal>;

    /// Reads a proposal and checks it.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in the proposal.
    fn check_proposal(&self, written: &WrittenProposal) -> Result<Proposal, Problem>;

    /// The proposals that the sections of protocols put to the vote.
    fn stages(&self) -> Vec<&SharedProposal>;

    /// The proposals for which a protocol asks who approved them.
    fn asks_facts_of(&self) -> Vec<Arc<str>>;

    /// Whether agents share out tasks.
    fn gives_tasks(&self) -> bool;

    /// Skills of agents that join by the scenario's own faults.
    fn skills_to_come(&self) -> Vec<String>;
}

impl dyn Members + '_ {
    /// All proposals of the scenario.
    pub fn proposals(&self) -> impl Iterator<Item = &SharedProposal> {
        self.opened().iter().map(|(_, proposal)| proposal).chain(self.stages())
    }

    /// Whether the scenario puts a proposal of this name to the vote, beside those of whole protocols.
    #[must_use]
    pub fn has_proposal(&self, name: &str) -> bool {
        self.opened().iter().any(|(_, proposal)| proposal.name == name)
    }
}

/// Why proposals need a coordinator.
pub const OPENED_BY_IT: &str = "it opens proposals and records what comes of them";
/// Why a roster needs one.
pub const ROSTER_OF_IT: &str = "it keeps the roster";

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

/// An act of a protocol on which nobody acts.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum NoAct {}

impl<'de> serde::Deserialize<'de> for NoAct {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("this protocol has no acts"))
    }
}

/// The scenarios of a protocol.
#[derive(Clone, Copy, Debug)]
pub struct Scenarios {
    pub entries: &'static [GalleryEntry],
    /// The hashes that their runs give, as they were committed: "name seed hash events" per line, with two seeds each.
    pub hashes: &'static str,
}

impl Scenarios {
    pub const NONE: Self = Self { entries: &[], hashes: "" };
}

/// One scenario of the gallery.
#[derive(Clone, Copy, Debug)]
pub struct GalleryEntry {
    pub name: &'static str,
    /// The scenario file.
    pub json: &'static str,
    /// Its info page, in Markdown: what it is, how it works, things to notice, things to try.
    pub info: &'static str,
    /// The folder of its protocol, from that of the engine.
    pub folder: &'static str,
}

/// The scenarios of the protocol in whose folder this stands: its key, then their names. Each is a file and its info page in
/// `scenarios/`, with its transcript and its report in `golden/`, beside the hashes of all.
macro_rules! scenarios {
    ($protocol:literal: $($name:literal),+ $(,)?) => {
        $crate::common::room::Scenarios {
            entries: &[$($crate::common::room::GalleryEntry {
                name: $name,
                json: include_str!(concat!("scenarios/", $name, ".json")),
                info: include_str!(concat!("scenarios/", $name, ".md")),
                folder: concat!("src/protocols/", $protocol),
            }),+],
            hashes: include_str!("golden/hashes.txt"),
        }
    };
}

pub(crate) use scenarios;
