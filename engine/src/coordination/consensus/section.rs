//! A proposal as a scenario spells it, and its rules.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

use super::byzantine::section::{ByzantineFile, check_rounds};
use super::choice::section::{ChoiceRule, check_options};
use super::condition::{Fields, Value};
use super::gossip::Gossip;
use super::gossip::section::{Electors, GossipFile, check_gossip};
use super::manager::Manager;
use super::proposal::{Proposal, Timing};
use super::quorum::{Base, Measure, Share};
use crate::coordination::room::Members;
use crate::map::Map;
use crate::protocol::decimal;
use crate::protocol::name::check_name;
use crate::protocol::number::write_number;
use crate::protocol::problem::Problem;
use crate::protocol::section::or_default;
use crate::sim::AgentId;

/// The whole that the share is taken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShareOf {
    /// Everyone who may vote.
    #[default]
    Electorate,
    /// The votes cast, if enough took part.
    VotesCast,
}

/// A question put to the swarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProposalFile {
    /// Its name, unique in the run.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub id: String,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// When it is opened, in milliseconds.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub at_ms: f64,
    /// simple, supermajority, unanimous, quorum, weighted, byzantine, gossip or federated; simple by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// The share that approves, 0.51 to 1; for quorum and weighted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.51, max = 1)))]
    pub threshold: Option<f64>,
    #[serde(default, deserialize_with = "or_default")]
    pub share_of: ShareOf,
    /// Of the votes cast: the least share of the electorate that must take part, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub min_participation: Option<f64>,
    /// How a byzantine vote is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byzantine: Option<ByzantineFile>,
    /// How a gossip is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gossip: Option<GossipFile>,
    /// The options of a federated one, 2 to 32 names; of those that are level the first wins.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The rule by which an option of a federated one wins; majority by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<ChoiceRule>,
    /// Weights of agents that know a domain, in place of their own.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::weights))]
    pub domain_weights: Map<String, f64>,
    /// From opening to closing, in milliseconds; 30000 by default, and as long as its rounds take for a
    /// byzantine one and a gossip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub deadline_ms: Option<f64>,
    /// How long after the deadline agents wait for the decision; 1000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub grace_ms: Option<f64>,
    /// How often those are asked again whose ballot is not in; never by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 8_640_000_000u64)))]
    pub reminder_ms: Option<f64>,
    /// Fields that agents can judge it by: numbers, truths, texts.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, FieldFile>,
    /// Who may vote; everyone by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electorate: Option<Vec<String>>,
}

/// A value an agent can judge a proposal by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum FieldFile {
    Bool(bool),
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::values))]
    Number(f64),
    Text(String),
}

impl<'de> Deserialize<'de> for FieldFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyField)
    }
}

struct AnyField;

impl Visitor<'_> for AnyField {
    type Value = FieldFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, true, false or a text; write for example 10, true or \"production\"")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<FieldFile, E> {
        Ok(FieldFile::Bool(truth))
    }

    fn visit_f64<E>(self, number: f64) -> Result<FieldFile, E> {
        Ok(FieldFile::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<FieldFile, E> {
        Ok(FieldFile::Text(text.to_owned()))
    }
}

/// Checks one proposal.
///
/// # Errors
/// The first rule that is broken, with its place in the proposal.
pub fn check_proposal(file: &ProposalFile, cast: &dyn Members) -> Result<Proposal, Problem> {
    check_name("id", &file.id, "write for example \"id\": \"deploy-v3.0\"")?;
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
        (Some(share), false) if algorithm.gossip.is_some() => {
            let repair = "write it as \"gossip\": { \"threshold\": … }";
            let expected = "none beside the one of the gossip";
            return Err(Problem::new("threshold", expected, write_number(share), repair));
        }
        (Some(share), false) => {
            let repair = "leave it out, or make the algorithm \"quorum\" or \"weighted\"";
            let expected = format!("no threshold with {}, which has its own", algorithm.name);
            return Err(Problem::new("threshold", expected, write_number(share), repair));
        }
        (None, _) => {}
    }
    let electorate = file.electorate.as_ref();
    let electorate = electorate.map(|names| check_electorate(names, cast)).transpose()?;
    let members = cast.count();
    let agents = electorate.as_ref().map_or(u64::from(members), |chosen| chosen.len() as u64);
    algorithm.rounds = check_rounds(file, algorithm.rounds, agents)?;
    let topology = cast.topology();
    let electors = Electors { topology, members, chosen: electorate.as_deref() };
    let base = check_base(file)?;
    match check_gossip(file, algorithm.gossip, electors)? {
        Some((gossip, share)) => {
            algorithm.gossip = Some(gossip);
            algorithm.rule.share = share;
        }
        None if algorithm.rounds.is_some() && file.share_of != ShareOf::Electorate => {
            let expected = "\"electorate\" with byzantine, which asks for a quorum of it";
            let repair = "leave it out, and min_participation with it";
            return Err(Problem::new("share_of", expected, "\"votes_cast\"", repair));
        }
        None => algorithm.rule.base = base,
    }
    let options = check_options(file, &mut algorithm)?;
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
        check_name("domain_weights", domain, "name a domain of an agent")?;
        let milli = decimal::thousandths(&format!("domain_weights.{domain}"), *weight)?;
        algorithm.domain_weights_milli.insert(domain.clone(), milli);
    }
    let us = decimal::microseconds;
    let reminder_us = file.reminder_ms.map(|ms| us("reminder_ms", ms)).transpose()?;
    if reminder_us.is_some_and(|every_us| every_us < 1_000) {
        let found = "less".to_owned();
        let repair = "leave it out for no reminders";
        return Err(Problem::new("reminder_ms", "1 or more", found, repair));
    }
    let of_gossip = |it: &Gossip| it.duration_us().saturating_add(it.round_us);
    let shortest_us = match &algorithm.gossip {
        Some(gossip) => Some(of_gossip(gossip)),
        None => algorithm.rounds.map(|rounds| rounds.duration_us() + rounds.round_us),
    };
    let deadline_us = match (file.deadline_ms, shortest_us) {
        (Some(ms), _) => us("deadline_ms", ms)?,
        (None, shortest_us) => shortest_us.unwrap_or(30_000_000),
    };
    if let Some(shortest_us) = shortest_us.filter(|shortest_us| deadline_us < *shortest_us) {
        let shortest = shortest_us.div_ceil(1_000);
        let expected = format!("{shortest} or more, for all its rounds");
        let found = write_number(file.deadline_ms.unwrap_or_default());
        return Err(Problem::new("deadline_ms", expected, found, "leave it out"));
    }
    if deadline_us == 0 {
        let repair = "leave it out for 30000";
        return Err(Problem::new("deadline_ms", "more than 0", "0", repair));
    }
    if let Some(every_us) = reminder_us {
        decimal::period("reminder_ms", every_us, deadline_us, "until the deadline")?;
    }
    let grace_us = us("grace_ms", file.grace_ms.unwrap_or(1_000.0))?;
    Ok(Proposal {
        name: file.id.clone(),
        question: file.question.clone(),
        fields: check_fields(file)?,
        algorithm,
        timing: Timing { deadline_us, grace_us, reminder_us },
        electorate,
        options,
    })
}

fn check_base(file: &ProposalFile) -> Result<Base, Problem> {
    match (file.share_of, file.min_participation) {
        (ShareOf::Electorate, None) => Ok(Base::Electorate),
        (ShareOf::Electorate, Some(share)) => {
            let expected = "none unless share_of is \"votes_cast\"";
            let repair = "leave it out, or add \"share_of\": \"votes_cast\"";
            Err(Problem::new("min_participation", expected, write_number(share), repair))
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
        check_name("fields", name, "name it for example \"risk\"")?;
        let value = match field {
            FieldFile::Bool(value) => Value::Bool(*value),
            FieldFile::Number(number) => Value::number(*number).ok_or_else(|| {
                let expected = "a number below 10^12 with at most six decimals";
                let found = write_number(*number);
                Problem::new(format!("fields.{name}"), expected, found, "round it")
            })?,
            FieldFile::Text(text) => Value::Text(text.clone()),
        };
        fields.insert(name.clone(), value);
    }
    Ok(fields)
}

fn check_electorate(electorate: &[String], cast: &dyn Members) -> Result<Vec<AgentId>, Problem> {
    let mut agents = Vec::new();
    for (place, name) in electorate.iter().enumerate() {
        let path = format!("electorate[{place}]");
        let agent = cast.find(&path, name)?;
        if Some(agent) == cast.coordinator() || agents.contains(&agent) {
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
