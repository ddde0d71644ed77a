//! The rules of a proposal.

use crate::common::consensus::choice::section::check_options;
use crate::common::consensus::condition::{FieldValue, Fields};
use crate::common::consensus::manager::{Manager, ManagerError};
use crate::common::consensus::proposal::{Algorithm, Proposal, Timing};
use crate::common::consensus::quorum::{Base, Measure, Share};
use crate::common::consensus::section::{FieldFile, ShareOf};
use crate::common::room::{Asked, Elective, Members, no_threshold};
use crate::protocol::decimal;
use crate::protocol::name::check_name;
use crate::protocol::number::write_number;
use crate::protocol::problem::Problem;
use crate::registry::electives;
use crate::scenario::file::proposal::ProposalFile;
use crate::sim::AgentId;

/// Makes the question to those protocols by which agents decide a proposal themselves.
macro_rules! of_electives {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        /// The algorithms that bear the names of protocols.
        const ELECTIVES: &[&str] = &[$($(#[$on])* stringify!($field),)*];

        /// The algorithm of a proposal that agents decide themselves, if it is one.
        fn own_algorithm(file: &ProposalFile, asked: &Asked<'_>) -> Result<Option<Algorithm>, Problem> {
            let name = file.algorithm.as_deref();
            let mut algorithm = None;
            $($(#[$on])* if name == Some(stringify!($field)) {
                algorithm = Some(<$Room as Elective>::algorithm(file.$field.as_ref(), asked)?);
            } else if file.$field.is_some() {
                let key = stringify!($field);
                let expected = format!("none unless the algorithm is {key:?}");
                let repair = format!("leave it out, or write \"algorithm\": {key:?}");
                return Err(Problem::new(key, expected, "one", repair));
            })*
            Ok(algorithm)
        }
    };
}

electives!(of_electives);

/// Checks one proposal.
///
/// # Errors
/// The first rule that is broken, with its place in the proposal.
pub fn check_proposal(file: &ProposalFile, cast: &dyn Members) -> Result<Proposal, Problem> {
    check_name("id", &file.id, "write for example \"id\": \"deploy-v3.0\"")?;
    let electorate = file.electorate.as_ref();
    let electorate = electorate.map(|names| check_electorate(names, cast)).transpose()?;
    let agents = electorate.as_ref().map_or(u64::from(cast.count()), |it| it.len() as u64);
    let asked = Asked {
        cast,
        electorate: electorate.as_deref(),
        agents,
        threshold: file.threshold,
        share_of: file.share_of,
    };
    let base = check_base(file)?;
    let mut algorithm = match own_algorithm(file, &asked)? {
        Some(algorithm) => algorithm,
        None => counted(file, base)?,
    };
    let options = check_options((&file.options, file.rule), file.share_of, &mut algorithm)?;
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
    let shortest_us = algorithm.own.as_ref().map(|terms| terms.least_us());
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

/// The algorithm of a vote whose ballots are counted.
fn counted(file: &ProposalFile, base: Base) -> Result<Algorithm, Problem> {
    let name = file.algorithm.as_deref();
    let manager = Manager::default();
    let mut algorithm =
        manager.algorithm(name).map_err(|_| unknown(name.unwrap_or_default()))?.clone();
    let is_custom = matches!(algorithm.name.as_str(), "quorum" | "weighted");
    if let Some(share) = file.threshold {
        if !is_custom {
            return Err(no_threshold(&algorithm.name, share));
        }
        algorithm.rule.share = Share::AtLeast(decimal::threshold("threshold", share)?);
    }
    algorithm.rule.base = base;
    Ok(algorithm)
}

/// The problem of an algorithm that nobody knows.
fn unknown(name: &str) -> Problem {
    let manager = Manager::default();
    let mut known: Vec<&str> = manager.algorithms().chain(ELECTIVES.iter().copied()).collect();
    known.sort_unstable();
    let (name, known) = (name.to_owned(), known.join(", "));
    let found = format!("{name:?}");
    let repair = ManagerError::UnknownAlgorithm { name, known }.to_string();
    Problem::new("algorithm", "a known algorithm", found, repair)
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
            FieldFile::Bool(value) => FieldValue::Bool(*value),
            FieldFile::Number(number) => FieldValue::number(*number).ok_or_else(|| {
                let expected = "a number below 10^12 with at most six decimals";
                let found = write_number(*number);
                Problem::new(format!("fields.{name}"), expected, found, "round it")
            })?,
            FieldFile::Text(text) => FieldValue::Text(text.clone()),
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
