//! What the swarm decides.

use super::{COORDINATOR, Names, option};
use crate::coordination::consensus::condition::{Fields, Value};
use crate::coordination::consensus::manager::Manager;
use crate::coordination::consensus::proposal::{Proposal, Timing};
use crate::coordination::consensus::quorum::{Base, Measure, Share};
use crate::coordination::number::write_number;
use crate::scenario::decimal;
use crate::scenario::error::Problem;
use crate::scenario::file::{FieldFile, ProposalFile, ShareOf};
use crate::sim::AgentId;

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
            return Err(Problem::new("threshold", expected, write_number(share), repair));
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
