//! What the swarm decides.

use super::choice::check_options;
use super::gossip::{Electors, check_gossip};
use super::{COORDINATOR, Names, option};
use crate::coordination::consensus::byzantine::Rounds;
use crate::coordination::consensus::condition::{Fields, Value};
use crate::coordination::consensus::gossip::Gossip;
use crate::coordination::consensus::manager::Manager;
use crate::coordination::consensus::proposal::{Proposal, Timing};
use crate::coordination::consensus::quorum::{Base, Measure, Share};
use crate::coordination::topology::Topology;
use crate::protocol::decimal;
use crate::protocol::name::check_name;
use crate::protocol::number::write_number;
use crate::protocol::problem::Problem;
use crate::scenario::file::{FieldFile, ProposalFile, ShareOf};
use crate::sim::AgentId;

/// More faulty agents than this nobody can follow, nor tell their rounds apart.
const FAULTY_MAX: u32 = 200;

/// Checks one proposal; paths are within it.
pub fn check_proposal(
    file: &ProposalFile,
    names: &Names,
    topology: &Topology,
) -> Result<Proposal, Problem> {
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
    let electorate =
        option(file.electorate.as_ref(), |names_of| check_electorate(names_of, names))?;
    let members = names.find("electorate", COORDINATOR)?.0;
    let agents = electorate.as_ref().map_or(u64::from(members), |chosen| chosen.len() as u64);
    algorithm.rounds = check_rounds(file, algorithm.rounds, agents)?;
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
    let reminder_us = option(file.reminder_ms, |ms| us("reminder_ms", ms))?;
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

/// How a Byzantine vote is held, if it is one; there must be agents enough.
fn check_rounds(
    file: &ProposalFile,
    known: Option<Rounds>,
    agents: u64,
) -> Result<Option<Rounds>, Problem> {
    let Some(usual) = known else {
        return match file.byzantine {
            None => Ok(None),
            Some(_) => {
                let expected = "none unless the algorithm is \"byzantine\"";
                let repair = "leave it out, or write \"algorithm\": \"byzantine\"";
                Err(Problem::new("byzantine", expected, "one", repair))
            }
        };
    };
    let file = file.byzantine.unwrap_or_default();
    let fault_tolerance = file.fault_tolerance.unwrap_or(usual.fault_tolerance);
    let needed = Rounds::agents_needed(fault_tolerance);
    if fault_tolerance > FAULTY_MAX || agents < needed {
        let most = (agents.saturating_sub(1) / 3).min(u64::from(FAULTY_MAX));
        let expected = format!("f with at least 3f + 1 = {needed} agents");
        let found = format!("f = {fault_tolerance} and {agents} agents");
        let repair = format!("add agents, or make it {most} or less");
        return Err(Problem::new("byzantine.fault_tolerance", expected, found, repair));
    }
    let voting_rounds = file.rounds.unwrap_or(usual.voting_rounds);
    if !(3..=20).contains(&voting_rounds) {
        let (found, repair) = (voting_rounds.to_string(), "leave it out for 3");
        return Err(Problem::new("byzantine.rounds", "3 to 20", found, repair));
    }
    let round_us = match file.round_ms {
        Some(ms) => decimal::microseconds("byzantine.round_ms", ms)?,
        None => usual.round_us,
    };
    if round_us < 2 {
        let repair = "leave it out for 100";
        return Err(Problem::new("byzantine.round_ms", "more than 0.001", "less", repair));
    }
    Ok(Some(Rounds { fault_tolerance, voting_rounds, round_us, vote_again: file.vote_again }))
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
