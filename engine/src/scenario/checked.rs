//! A scenario after every rule was checked: names resolved to numbers, decimals to integers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::decimal;
use super::error::{Problem, ScenarioError, suggestion};
use super::file::{
    AgentFile, ClockFile, FORMAT, FieldFile, LatencyFile, LinkFile, MindFile, ProposalFile,
    ScenarioFile, ShareOf,
};
use super::migration::migrate;
use crate::coordination::agent::{Profile, Reputation};
use crate::coordination::consensus::condition::{Fields, Value};
use crate::coordination::consensus::manager::Manager;
use crate::coordination::consensus::mind::Mind;
use crate::coordination::consensus::proposal::{Proposal, SharedProposal, Timing};
use crate::coordination::consensus::quorum::{Base, Measure, Share};
use crate::coordination::topology::{Topology, TopologyKind, full_tree};
use crate::sim::{AgentId, Latency, LinkModel, LocalClock};

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
    /// Proposals with the time they are opened.
    pub proposals: Vec<(u64, SharedProposal)>,
    pub names: Names,
}

/// One agent, ready to start.
#[derive(Clone, Debug)]
pub struct MemberSetup {
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
        let mut value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| not_json(file, &error))?;
        let format = read_format(&value).map_err(|problem| problem.in_file(file))?;
        if format > u64::from(FORMAT) {
            return Err(ScenarioError::TooNew {
                file: file.to_owned(),
                found: format,
                known: FORMAT,
            });
        }
        migrate(&mut value, u32::try_from(format).unwrap_or(FORMAT));
        let parsed: ScenarioFile = serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            ScenarioError::Shape {
                file: file.to_owned(),
                path: if path == "." { "the top".to_owned() } else { path },
                reason: error.into_inner().to_string(),
            }
        })?;
        Self::check(parsed).map_err(|problem| problem.in_file(file))
    }

    /// Checks every rule a scenario must keep.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(file: ScenarioFile) -> Result<Self, Problem> {
        check_name(&file.name)?;
        let inbox_capacity = match file.inbox {
            Some(0) => {
                return Err(Problem::new("inbox", "1 or more", "0", "leave it out for 1000"));
            }
            capacity => capacity.unwrap_or(1_000) as usize,
        };
        let (members, names, parents) = check_agents(&file)?;
        let topology = check_topology(&file, &names, parents)?;
        let mut scenario = Self {
            ends_at_us: option(file.ends_at_ms, |ms| decimal::microseconds("ends_at_ms", ms))?,
            topology,
            link: check_link(&file.network).map_err(|problem| problem.under("network"))?,
            links: Vec::new(),
            inbox_capacity,
            members,
            proposals: Vec::new(),
            names,
            file,
        };
        scenario.check_links()?;
        scenario.check_proposals()?;
        // Trying to plan the faults checks them; the plan itself is made for each run.
        scenario.agenda(&[])?;
        Ok(scenario)
    }

    fn check_links(&mut self) -> Result<(), Problem> {
        let mut links = Vec::new();
        for (place, link) in self.file.links.iter().enumerate() {
            let path = format!("links[{place}]");
            let from = self.names.find(&format!("{path}.from"), &link.from)?;
            let to = self.names.find(&format!("{path}.to"), &link.to)?;
            let model = check_link(&link.link).map_err(|problem| problem.under(&path))?;
            links.push((from, to, !link.one_way, model));
        }
        self.links = links;
        Ok(())
    }

    fn check_proposals(&mut self) -> Result<(), Problem> {
        let mut proposals: Vec<(u64, SharedProposal)> = Vec::new();
        for (place, file) in self.file.proposals.iter().enumerate() {
            let path = format!("proposals[{place}]");
            let proposal =
                check_proposal(file, &self.names).map_err(|problem| problem.under(&path))?;
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

    /// The coordinator's number: the first after the members that are there from the start.
    #[must_use]
    pub fn coordinator(&self) -> AgentId {
        AgentId(self.members.len() as u32)
    }
}

fn not_json(file: &str, error: &serde_json::Error) -> ScenarioError {
    let reason = error.to_string();
    let repair = if reason.contains("recursion limit") {
        "a scenario nests at most a few levels deep; check for brackets that never close"
    } else {
        "mend it there, or start from a file that `swarmglass list` names"
    };
    // The position is in the message already; it is said once, in our own words.
    let reason = reason.split(" at line ").next().unwrap_or(&reason).to_owned();
    let (line, column) = (error.line(), error.column());
    ScenarioError::NotJson { file: file.to_owned(), line, column, reason, repair }
}

fn read_format(value: &serde_json::Value) -> Result<u64, Problem> {
    let found = value.get("format");
    found.and_then(serde_json::Value::as_u64).filter(|format| *format >= 1).ok_or_else(|| {
        let found = found.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        Problem::new("format", "the number of the file format", found, "write \"format\": 1")
    })
}

fn option<T, U>(
    value: Option<T>,
    check: impl FnOnce(T) -> Result<U, Problem>,
) -> Result<Option<U>, Problem> {
    value.map(check).transpose()
}

fn check_name(name: &str) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.is_empty() && name.len() <= 64 && name.chars().all(fits) {
        return Ok(());
    }
    let expected = "1 to 64 lower-case letters, digits and hyphens";
    Err(Problem::new("name", expected, format!("{name:?}"), "write for example \"my-vote\""))
}

/// The members, their names, and the parent each one names.
type Agents = (Vec<MemberSetup>, Names, Vec<Option<String>>);

fn check_agents(file: &ScenarioFile) -> Result<Agents, Problem> {
    let total: u64 = file.agents.iter().map(|agent| u64::from(agent.count.unwrap_or(1))).sum();
    if total == 0 {
        let repair = "add one, for example { \"id\": \"a\" }";
        return Err(Problem::new("agents", "at least one agent", "none", repair));
    }
    if total > AGENTS_MAX as u64 {
        let expected = format!("at most {AGENTS_MAX} agents");
        return Err(Problem::new("agents", expected, total.to_string(), "lower the counts"));
    }
    for (name, template) in &file.templates {
        check_template(template).map_err(|problem| problem.under(&format!("templates.{name}")))?;
    }
    let coordinator = AgentId(total as u32);
    let mut names = Names::default();
    names.add(COORDINATOR, coordinator);
    let (mut members, mut parents) = (Vec::new(), Vec::new());
    for (place, agent) in file.agents.iter().enumerate() {
        let path = format!("agents[{place}]");
        let setup =
            check_agent(agent, file, coordinator, true).map_err(|problem| problem.under(&path))?;
        for name in instance_names(agent) {
            if !names.add(&name, AgentId(members.len() as u32)) {
                let repair =
                    "give each agent an id of its own; the coordinator has its own already";
                let found = format!("{name:?} a second time");
                return Err(Problem::new(format!("{path}.id"), "a new id", found, repair));
            }
            let profile = Arc::new(Profile { name, ..(*setup.profile).clone() });
            members.push(MemberSetup { profile, clock: setup.clock });
            parents.push(agent.parent.clone());
        }
    }
    Ok((members, names, parents))
}

fn instance_names(agent: &AgentFile) -> Vec<String> {
    match agent.count {
        None => vec![agent.id.clone()],
        Some(count) => (1..=count).map(|n| format!("{}-{n}", agent.id)).collect(),
    }
}

fn check_template(template: &AgentFile) -> Result<(), Problem> {
    let fields = [
        ("id", !template.id.is_empty()),
        ("count", template.count.is_some()),
        ("template", template.template.is_some()),
        ("parent", template.parent.is_some()),
    ];
    match fields.iter().find(|(_, is_there)| *is_there) {
        None => Ok(()),
        Some((field, _)) => {
            let repair = "put it into the agents that take after this template";
            Err(Problem::new(*field, "no such field in a template", "one", repair))
        }
    }
}

/// Checks one entry of `agents`, or an agent that is spawned.
pub fn check_agent(
    agent: &AgentFile,
    file: &ScenarioFile,
    coordinator: AgentId,
    registered: bool,
) -> Result<MemberSetup, Problem> {
    if agent.id.trim().is_empty() || agent.id.len() > 64 {
        let repair = "write for example \"id\": \"qa-engineer\"";
        let found = format!("{:?}", agent.id);
        return Err(Problem::new("id", "a name of 1 to 64 characters", found, repair));
    }
    if agent.count == Some(0) {
        return Err(Problem::new("count", "1 or more", "0", "leave the agent out"));
    }
    let template = match &agent.template {
        None => AgentFile::default(),
        Some(name) => file.templates.get(name).cloned().ok_or_else(|| {
            let near = suggestion(name, file.templates.keys().map(String::as_str));
            let repair = format!("name one that is in templates{near}");
            Problem::new("template", "the name of a template", format!("{name:?}"), repair)
        })?,
    };
    let weight = agent.weight.or(template.weight).unwrap_or(1.0);
    let reputation = agent.reputation.or(template.reputation).unwrap_or(100);
    if reputation > Reputation::MAX {
        let found = reputation.to_string();
        return Err(Problem::new("reputation", "0 to 150", found, "100 is where agents start"));
    }
    let mind = agent.mind.as_ref().or(template.mind.as_ref());
    let clock = agent.clock.or(template.clock).unwrap_or_default();
    let profile = Profile {
        name: agent.id.clone(),
        role: agent.role.clone().or(template.role).unwrap_or_else(|| "agent".to_owned()),
        skills: agent.skills.clone().or(template.skills).unwrap_or_default(),
        domains: agent.domains.clone().or(template.domains).unwrap_or_default(),
        weight_milli: decimal::thousandths("weight", weight)?,
        capacity: agent.capacity.or(template.capacity).unwrap_or(100),
        reputation: Reputation(reputation),
        mind: option(mind, check_mind)?
            .unwrap_or(Mind::Fixed(crate::coordination::consensus::ballot::Vote::For)),
        review_us: check_review(agent.review_ms.or(template.review_ms))?,
        coordinator,
        registered,
    };
    Ok(MemberSetup { profile: Arc::new(profile), clock: check_clock(clock)? })
}

fn check_review(review_ms: Option<(f64, f64)>) -> Result<(u64, u64), Problem> {
    let (least, most) = review_ms.unwrap_or((50.0, 150.0));
    let least_us = decimal::microseconds("review_ms[0]", least)?;
    let most_us = decimal::microseconds("review_ms[1]", most)?;
    if least_us <= most_us {
        return Ok((least_us, most_us));
    }
    let found = format!("{least} before {most}");
    Err(Problem::new("review_ms", "the least time before the most", found, "swap the two"))
}

fn check_clock(clock: ClockFile) -> Result<LocalClock, Problem> {
    let size_us = decimal::microseconds("clock.offset_ms", clock.offset_ms.abs())?;
    let size_us = i64::try_from(size_us).unwrap_or(i64::MAX);
    if !(-900_000..=900_000).contains(&clock.drift_ppm) {
        let found = clock.drift_ppm.to_string();
        let repair = "real clocks drift by less than 200";
        return Err(Problem::new("clock.drift_ppm", "-900000 to 900000", found, repair));
    }
    let offset_us = if clock.offset_ms < 0.0 { -size_us } else { size_us };
    Ok(LocalClock { offset_us, drift_ppm: clock.drift_ppm })
}

fn check_mind(mind: &MindFile) -> Result<Mind, Problem> {
    use crate::coordination::consensus::ballot::Vote;
    Ok(match mind {
        MindFile::For => Mind::Fixed(Vote::For),
        MindFile::Against => Mind::Fixed(Vote::Against),
        MindFile::Abstain => Mind::Fixed(Vote::Abstain),
        MindFile::Silent => Mind::Silent,
        MindFile::If(condition) => Mind::Condition(condition.clone()),
        MindFile::Chance { in_favour, against } => {
            let for_ppm = u64::from(decimal::parts_per_million("mind.chance.for", *in_favour)?);
            let against_ppm =
                u64::from(decimal::parts_per_million("mind.chance.against", *against)?);
            if for_ppm + against_ppm > 1_000_000 {
                let found = (in_favour + against).to_string();
                let repair = "what the two leave is the chance of ABSTAIN";
                return Err(Problem::new("mind.chance", "chances up to 1 in all", found, repair));
            }
            Mind::Chance { for_ppm, against_ppm }
        }
    })
}

fn check_topology(
    file: &ScenarioFile,
    names: &Names,
    parents: Vec<Option<String>>,
) -> Result<Topology, Problem> {
    let kind = file.topology.kind;
    if kind != TopologyKind::Star && file.topology.hub.is_some() {
        let repair = "leave it out, or make it a star";
        return Err(Problem::new("topology.hub", "no hub but in a star", "one", repair));
    }
    let named = parents.iter().position(Option::is_some);
    if let Some(place) = named.filter(|_| kind != TopologyKind::Hierarchical) {
        let path = format!("{}.parent", entry_path(file, place));
        let repair = "leave it out, or make the topology hierarchical";
        return Err(Problem::new(path, "no parent but in a hierarchy", "one", repair));
    }
    Ok(match kind {
        TopologyKind::Mesh => Topology::Mesh,
        TopologyKind::Ring => Topology::Ring,
        TopologyKind::Star => {
            let hub = file.topology.hub.as_ref();
            Topology::Star { hub: option(hub, |hub| names.find("topology.hub", hub))? }
        }
        TopologyKind::Hierarchical => check_hierarchy(file, names, &parents)?,
    })
}

fn check_hierarchy(
    file: &ScenarioFile,
    names: &Names,
    parents: &[Option<String>],
) -> Result<Topology, Problem> {
    let branching = file.topology.branching.unwrap_or(2);
    if branching == 0 {
        return Err(Problem::new("topology.branching", "1 or more", "0", "write 2"));
    }
    let members = parents.len() as u32;
    let parents = if parents.iter().all(Option::is_none) {
        full_tree(members, branching)
    } else {
        let find = |(place, parent): (usize, &Option<String>)| {
            let path = || format!("{}.parent", entry_path(file, place));
            option(parent.as_ref(), |parent| names.find(&path(), parent))
        };
        parents.iter().enumerate().map(find).collect::<Result<Vec<_>, Problem>>()?
    };
    let roots = parents.iter().filter(|parent| parent.is_none()).count();
    if roots > 1 {
        let repair = "give every agent but the root a parent";
        let found = format!("{roots} agents without a parent");
        return Err(Problem::new("agents", "one root", found, repair));
    }
    let topology = Topology::Hierarchical { parents };
    if let Err(agent) = topology.routes(members) {
        let path = format!("{}.parent", entry_path(file, agent.index()));
        let found = "a cycle of parents, or one below a cycle";
        let repair = "follow the parents from here: they must end at one agent that has none";
        return Err(Problem::new(path, "a tree", found, repair));
    }
    Ok(topology)
}

/// The entry of `agents` that the agent of this number comes from.
fn entry_path(file: &ScenarioFile, number: usize) -> String {
    let mut after = 0;
    let is_in = |agent: &AgentFile| {
        after += agent.count.unwrap_or(1) as usize;
        number < after
    };
    let entry = file.agents.iter().position(is_in).unwrap_or_default();
    format!("agents[{entry}]")
}

/// Checks what a link does to messages.
pub fn check_link(link: &LinkFile) -> Result<LinkModel, Problem> {
    let us = |ms| decimal::microseconds("latency_ms", ms);
    let latency = match link.latency_ms {
        None => Latency::Fixed { us: 1_000 },
        Some(LatencyFile::Fixed(ms)) => Latency::Fixed { us: us(ms)? },
        Some(LatencyFile::Uniform(least, most)) => {
            let (min_us, max_us) = (us(least)?, us(most)?);
            if min_us > max_us {
                let found = format!("{least} before {most}");
                let expected = "the least latency before the most";
                return Err(Problem::new("latency_ms", expected, found, "swap the two"));
            }
            Latency::Uniform { min_us, max_us }
        }
        Some(LatencyFile::LogNormal { median, sigma }) => {
            let sigma_milli = decimal::thousandths("latency_ms.log_normal.sigma", sigma)?;
            let sigma_milli = u32::try_from(sigma_milli).ok().filter(|milli| *milli <= 5_000);
            let sigma_milli = sigma_milli.ok_or_else(|| {
                let path = "latency_ms.log_normal.sigma";
                Problem::new(path, "above 0, up to 5", sigma.to_string(), "0.5 is usual")
            })?;
            Latency::LogNormal { median_us: us(median)?, sigma_milli }
        }
    };
    if link.bytes_per_second == Some(0) {
        let repair = "leave it out for no limit, or cut the link";
        return Err(Problem::new("bytes_per_second", "1 or more", "0", repair));
    }
    Ok(LinkModel {
        latency,
        loss_ppm: decimal::parts_per_million("loss", link.loss)?,
        duplication_ppm: decimal::parts_per_million("duplication", link.duplication)?,
        bytes_per_second: link.bytes_per_second,
    })
}

/// Checks one proposal; paths are within it.
pub fn check_proposal(file: &ProposalFile, names: &Names) -> Result<Proposal, Problem> {
    if file.id.trim().is_empty() {
        let repair = "write for example \"id\": \"deploy-v3.0\"";
        return Err(Problem::new("id", "a name", format!("{:?}", file.id), repair));
    }
    let manager = Manager::default();
    let mut algorithm = manager
        .algorithm(file.algorithm.as_deref())
        .map_err(|error| {
            let found = format!("{:?}", file.algorithm.as_deref().unwrap_or_default());
            Problem::new("algorithm", "a known algorithm", found, error.to_string())
        })?
        .clone();
    let is_custom = matches!(algorithm.name.as_str(), "quorum" | "weighted");
    match (file.threshold, is_custom) {
        (Some(share), true) => {
            algorithm.rule.share = Share::AtLeast(decimal::threshold("threshold", share)?);
        }
        (Some(share), false) => {
            let repair = "leave it out, or make the algorithm \"quorum\" or \"weighted\"";
            let expected = format!("no threshold with {}, which has its own", algorithm.name);
            return Err(Problem::new("threshold", expected, share.to_string(), repair));
        }
        (None, _) => {}
    }
    algorithm.rule.base = check_base(file)?;
    if !file.domain_weights.is_empty() && algorithm.rule.measure == Measure::Heads {
        let repair = "leave them out, or make the algorithm \"weighted\"";
        let found = format!("some with {}", algorithm.name);
        return Err(Problem::new(
            "domain_weights",
            "weights in weighted votes only",
            found,
            repair,
        ));
    }
    for (domain, weight) in &file.domain_weights {
        let milli = decimal::thousandths(&format!("domain_weights.{domain}"), *weight)?;
        algorithm.domain_weights_milli.insert(domain.clone(), milli);
    }
    let us = decimal::microseconds;
    let reminder_us = option(file.reminder_ms, |ms| us("reminder_ms", ms))?;
    if reminder_us.is_some_and(|every_us| every_us < 1_000) {
        let found = "less".to_owned();
        let repair = "leave it out for no reminders";
        return Err(Problem::new("reminder_ms", "1 or more", found, repair));
    }
    let deadline_us = us("deadline_ms", file.deadline_ms.unwrap_or(30_000.0))?;
    if deadline_us == 0 {
        let repair = "leave it out for 30000";
        return Err(Problem::new("deadline_ms", "more than 0", "0", repair));
    }
    let grace_us = us("grace_ms", file.grace_ms.unwrap_or(1_000.0))?;
    Ok(Proposal {
        name: file.id.clone(),
        question: file.question.clone(),
        fields: check_fields(file)?,
        algorithm,
        timing: Timing { deadline_us, grace_us, reminder_us },
        electorate: option(file.electorate.as_ref(), |names_of| check_electorate(names_of, names))?,
    })
}

fn check_base(file: &ProposalFile) -> Result<Base, Problem> {
    match (file.share_of, file.min_participation) {
        (ShareOf::Electorate, None) => Ok(Base::Electorate),
        (ShareOf::Electorate, Some(share)) => {
            let expected = "none unless share_of is \"votes_cast\"";
            let repair = "leave it out, or add \"share_of\": \"votes_cast\"";
            Err(Problem::new("min_participation", expected, share.to_string(), repair))
        }
        (ShareOf::VotesCast, None) => {
            let expected = "the least share of the electorate that must take part";
            let repair = "write for example \"min_participation\": 0.5";
            Err(Problem::new("min_participation", expected, "nothing", repair))
        }
        (ShareOf::VotesCast, Some(share)) => {
            let ppm = decimal::parts_per_million("min_participation", share)?;
            Ok(Base::VotesCast { least_participation: u64::from(ppm) })
        }
    }
}

fn check_fields(file: &ProposalFile) -> Result<Fields, Problem> {
    let mut fields = Fields::new();
    for (name, field) in &file.fields {
        let value = match field {
            FieldFile::Bool(value) => Some(Value::Bool(*value)),
            FieldFile::Number(number) => Value::number(*number),
            FieldFile::Text(text) => Some(Value::Text(text.clone())),
        };
        let value = value.ok_or_else(|| {
            let expected = "a number below 10^12 with at most six decimals";
            Problem::new(format!("fields.{name}"), expected, format!("{field:?}"), "round it")
        })?;
        fields.insert(name.clone(), value);
    }
    Ok(fields)
}

fn check_electorate(electorate: &[String], names: &Names) -> Result<Vec<AgentId>, Problem> {
    let coordinator = names.find("electorate", COORDINATOR)?;
    let mut agents = Vec::new();
    for (place, name) in electorate.iter().enumerate() {
        let path = format!("electorate[{place}]");
        let agent = names.find(&path, name)?;
        if agent == coordinator || agents.contains(&agent) {
            let repair = "name each agent once; the coordinator counts and has no vote";
            return Err(Problem::new(path, "an agent", format!("{name:?}"), repair));
        }
        agents.push(agent);
    }
    if agents.is_empty() {
        let repair = "leave it out for everyone";
        return Err(Problem::new("electorate", "at least one agent", "none", repair));
    }
    Ok(agents)
}
