//! A scenario after every rule was checked: names resolved to numbers, decimals to integers.
//!
//! - [`agents`], [`topology`], [`links`], [`mod@proposal`], `choice`: the rules of each part of a file

pub mod agents;
mod choice;
pub mod links;
pub mod proposal;
mod rooms;
pub mod topology;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::agents::{Agents, check_agents, check_clock};
use self::links::{check_link, check_linked};
use self::proposal::check_proposal;
use self::rooms::is_led;
pub use self::rooms::{Individuals, proposals_of, set};
pub(super) use self::rooms::{parts, warnings};
use self::topology::check_topology;
use super::file::{FORMAT, ScenarioFile};
use super::migration::migrate;
use crate::common::consensus::proposal::SharedProposal;
use crate::common::profile::Profile;
use crate::common::room::{OPENED_BY_IT, with_coordinator};
use crate::common::topology::Topology;
use crate::protocol::decimal;
use crate::protocol::json::{self, DEPTH_MAX, JsonError, JsonFault, Value};
use crate::protocol::name::is_disruptive;
use crate::protocol::problem::{Problem, ScenarioError, suggestion};
use crate::protocol::read::{found, read, whole};
use crate::protocol::write;
use crate::sim::{AgentId, LinkModel, LocalClock, Routes};
use crate::swarm::adversary::Behaviour;
use crate::swarm::setups::Setups;

/// More agents than this do not fit one run.
pub const AGENTS_MAX: usize = 200_000;

/// The coordinator's name; no agent may have it.
pub const COORDINATOR: &str = "coordinator";

/// A scenario that can run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// As it was written.
    pub file: ScenarioFile,
    pub ends_at_us: Option<u64>,
    pub topology: Topology,
    pub link: LinkModel,
    pub links: Vec<(AgentId, AgentId, bool, LinkModel)>,
    pub inbox_capacity: usize,
    pub members: Vec<MemberSetup>,
    /// The agent that keeps the roster, counts and shares out work: the first after the members that are there from the
    /// start.
    pub coordinator: Option<AgentId>,
    pub coordinator_clock: LocalClock,
    /// Proposals with the time they are opened.
    pub proposals: Vec<(u64, SharedProposal)>,
    /// The parts of members that protocols read.
    pub individuals: Individuals,
    /// The setup of each protocol.
    pub rooms: Setups,
    pub names: Names,
}

/// One agent, ready to start.
#[derive(Clone, Debug)]
pub struct MemberSetup {
    /// It is corrupted from the start.
    pub behaviour: Option<Behaviour>,
    pub profile: Arc<Profile>,
    pub clock: LocalClock,
}

/// The agents' numbers by their names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    numbers: BTreeMap<String, AgentId>,
}

impl Names {
    /// Adds a name; false when it is taken.
    pub fn add(&mut self, name: &str, agent: AgentId) -> bool {
        self.numbers.insert(name.to_owned(), agent).is_none()
    }

    /// # Errors
    /// When nobody has this name.
    pub fn find(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        self.numbers.get(name).copied().ok_or_else(|| {
            let near = suggestion(name, self.numbers.keys().map(String::as_str));
            let repair = format!("name one that is in agents{near}");
            Problem::new(path, "the id of an agent", format!("{name:?}"), repair)
        })
    }
}

impl Scenario {
    /// Reads a scenario from JSON; `file` is its name for messages.
    ///
    /// # Errors
    /// Says where the file is wrong, what was expected, what was found, and how to repair it.
    pub fn parse(text: &str, file: &str) -> Result<Self, ScenarioError> {
        let value = json::parse(text).map_err(|error| not_read(file, text, &error))?;
        Self::from_value(value, file)
    }

    /// As [`Scenario::parse`], for JSON that was read already.
    ///
    /// # Errors
    /// Says where the file is wrong, what was expected, what was found, and how to repair it.
    pub fn from_value(mut value: Value, file: &str) -> Result<Self, ScenarioError> {
        let format = read_format(&value).map_err(|problem| problem.in_file(file))?;
        if format > u64::from(FORMAT) {
            return Err(ScenarioError::TooNew {
                file: file.to_owned(),
                found: format,
                known: FORMAT,
            });
        }
        migrate(&mut value, u32::try_from(format).unwrap_or(FORMAT));
        let parsed: ScenarioFile = read(&value).map_err(|problem| problem.in_file(file))?;
        Self::check(parsed).map_err(|problem| problem.in_file(file))
    }

    /// The file's text, with nothing in it that was left out.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Nothing in a scenario is of a kind that cannot be written.
        write::lines(&self.file, 2).unwrap_or_default()
    }

    /// Checks every rule a scenario must keep.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(file: ScenarioFile) -> Result<Self, Problem> {
        check_name(&file.name)?;
        check_title(&file.title)?;
        let inbox_capacity = match file.inbox {
            Some(0) => {
                return Err(Problem::new("inbox", "1 or more", "0", "leave it out for 1000"));
            }
            capacity => capacity.unwrap_or(1_000) as usize,
        };
        let Agents { members, individuals, names, parents } = check_agents(&file)?;
        if !has_coordinator(&file) && file.coordinator_clock.is_some() {
            let repair = "leave it out, or \"coordinator\"";
            let found = "one, and no coordinator";
            return Err(Problem::new(
                "coordinator_clock",
                "no clock without a coordinator",
                found,
                repair,
            ));
        }
        let coordinator_clock = check_clock(file.coordinator_clock.unwrap_or_default())
            .map_err(|problem| problem.under("coordinator_clock"))?;
        choice::check_preferences(&file)?;
        let coordinator = has_coordinator(&file).then_some(AgentId(members.len() as u32));
        let topology = check_topology(&file, &names, parents, coordinator)?;
        let mut scenario = Self {
            ends_at_us: option(file.ends_at_ms, |ms| decimal::microseconds("ends_at_ms", ms))?,
            topology,
            link: check_link(&file.network).map_err(|problem| problem.under("network"))?,
            links: Vec::new(),
            inbox_capacity,
            members,
            coordinator,
            coordinator_clock,
            proposals: Vec::new(),
            individuals,
            rooms: Setups::default(),
            names,
            file,
        };
        scenario.check_links()?;
        scenario.check_proposals()?;
        Setups::check(&mut scenario)?;
        // Trying to plan the faults checks them; the plan itself is made for each run.
        let agenda = scenario.agenda(scenario.file.seed, &[])?;
        scenario.check_span(agenda.iter().map(|(time_us, _)| *time_us).max().unwrap_or(0))?;
        Ok(scenario)
    }

    /// The run lasts until its end, or until nothing else is left to do.
    fn check_span(&self, planned_us: u64) -> Result<(), Problem> {
        let open_us = |proposal: &SharedProposal| proposal.timing.deadline_us;
        let proposals = self.proposals.iter().map(|(_, proposal)| open_us(proposal)).max();
        let stages = self.rooms.proposals().into_iter().map(open_us).sum::<u64>();
        let last_us = planned_us + proposals.unwrap_or(0) + stages;
        let span_us = self.ends_at_us.unwrap_or(last_us);
        self.rooms.check_span(span_us)
    }

    fn check_links(&mut self) -> Result<(), Problem> {
        let routes = self.routes();
        let mut links = Vec::new();
        for (place, link) in self.file.links.iter().enumerate() {
            let path = format!("links[{place}]");
            let from = self.names.find(&format!("{path}.from"), &link.from)?;
            let to = self.names.find(&format!("{path}.to"), &link.to)?;
            if let Ok(routes) = &routes {
                check_linked(&path, routes, (&link.from, from), (&link.to, to))?;
            }
            let model = check_link(&link.link).map_err(|problem| problem.under(&path))?;
            links.push((from, to, !link.one_way, model));
        }
        self.links = links;
        Ok(())
    }

    fn check_proposals(&mut self) -> Result<(), Problem> {
        if !self.file.proposals.is_empty() {
            with_coordinator(self, "proposals", OPENED_BY_IT)?;
        }
        let mut proposals: Vec<(u64, SharedProposal)> = Vec::new();
        for (place, file) in self.file.proposals.iter().enumerate() {
            let path = format!("proposals[{place}]");
            let proposal = check_proposal(file, self).map_err(|problem| problem.under(&path))?;
            if proposals.iter().any(|(_, other)| other.name == proposal.name) {
                let found = format!("{:?} a second time", proposal.name);
                let repair = "give each proposal an id of its own";
                return Err(Problem::new(format!("{path}.id"), "a new id", found, repair));
            }
            let at_us = decimal::microseconds(&format!("{path}.at_ms"), file.at_ms)?;
            proposals.push((at_us, Arc::new(proposal)));
        }
        self.proposals = proposals;
        Ok(())
    }

    /// The links and routes there are from the start.
    pub(super) fn routes(&self) -> Result<Routes, AgentId> {
        self.topology.routes(self.members.len() as u32, self.coordinator)
    }

    /// The number of the member of this name; the coordinator is none.
    pub(super) fn member(&self, names: &Names, path: &str, name: &str) -> Result<AgentId, Problem> {
        let agent = names.find(path, name)?;
        if Some(agent) == self.coordinator {
            let repair = "the coordinator holds nothing and asks nobody; name a member";
            return Err(Problem::new(path, "a member of the swarm", name, repair));
        }
        Ok(agent)
    }
}

/// The error of a text that is not JSON.
#[must_use]
pub fn not_read(file: &str, text: &str, error: &JsonError) -> ScenarioError {
    let file = file.to_owned();
    let (line, column) = error.position(text);
    let (reason, repair) = match &error.fault {
        JsonFault::Repeated(name) => {
            return ScenarioError::Repeated { file, line, column, name: name.clone() };
        }
        JsonFault::TooDeep => (
            format!("brackets nested more than {DEPTH_MAX} deep"),
            "a scenario nests at most a few levels deep; check for brackets that never close",
        ),
        JsonFault::Syntax(reason) => (
            format!("{reason}, found {}", error.found(text)),
            "mend it there, or start from one of the scenarios that come with swarmglass",
        ),
    };
    ScenarioError::NotJson { file, line, column, reason, repair }
}

/// Unless the file says so, there is a coordinator but in a swarm that only runs protocols without one.
pub(super) fn has_coordinator(file: &ScenarioFile) -> bool {
    file.coordinator.unwrap_or_else(|| is_led(file))
}

/// Read before all else: it says how to read the rest.
fn read_format(value: &Value) -> Result<u64, Problem> {
    let format = value.get("format");
    whole(format).filter(|format| *format >= 1).ok_or_else(|| {
        let expected = "the number of the file format";
        Problem::new("format", expected, found(format), "write \"format\": 1")
    })
}

fn option<T, U>(
    value: Option<T>,
    check: impl FnOnce(T) -> Result<U, Problem>,
) -> Result<Option<U>, Problem> {
    value.map(check).transpose()
}

/// Checks a title: of any length, but in one line and in one direction, since it stands in menus and lists.
fn check_title(title: &str) -> Result<(), Problem> {
    if !title.contains(is_disruptive) {
        return Ok(());
    }
    let expected =
        "a text without control characters and without those that turn or break the line";
    let repair = "write it in one line";
    Err(Problem::new("title", expected, format!("{title:?}"), repair))
}

fn check_name(name: &str) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.is_empty() && name.len() <= 64 && name.chars().all(fits) {
        return Ok(());
    }
    let expected = "1 to 64 lower-case letters, digits and hyphens";
    Err(Problem::new("name", expected, format!("{name:?}"), "write for example \"my-vote\""))
}
