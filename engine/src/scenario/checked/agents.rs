//! The members of a swarm.

use std::sync::Arc;

use super::{AGENTS_MAX, COORDINATOR, Individuals, MemberSetup, Names, has_coordinator, option};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::mind::Mind;
use crate::common::profile::{Profile, check_capacity};
use crate::common::reputation::Reputation;
use crate::protocol::decimal;
use crate::protocol::name::{check_name, check_names, shared};
use crate::protocol::number::write_number;
use crate::protocol::problem::{Problem, suggestion};
use crate::scenario::file::{AgentFile, ClockFile, MindFile, ScenarioFile};
use crate::scenario::templates::{self, template};
use crate::sim::{AgentId, LocalClock};

/// The agents of a file.
pub(super) struct Agents {
    pub(super) members: Vec<MemberSetup>,
    pub(super) individuals: Individuals,
    pub(super) names: Names,
    /// The parent that each one names.
    pub(super) parents: Vec<Option<String>>,
}

pub(super) fn check_agents(file: &ScenarioFile) -> Result<Agents, Problem> {
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
        check_name("templates", name, "name it for example \"careful\"")?;
        check_template(template).map_err(|problem| problem.under(&format!("templates.{name}")))?;
    }
    let mut names = Names::default();
    let coordinator = has_coordinator(file).then_some(AgentId(total as u32));
    if let Some(coordinator) = coordinator {
        names.add(COORDINATOR, coordinator);
    }
    let (mut members, mut parents) = (Vec::new(), Vec::new());
    let mut individuals = Individuals::default();
    for (place, agent) in file.agents.iter().enumerate() {
        let path = format!("agents[{place}]");
        let (setup, own) =
            check_agent(agent, file, coordinator, true).map_err(|problem| problem.under(&path))?;
        for name in instance_names(agent) {
            if !names.add(&name, AgentId(members.len() as u32)) {
                let repair =
                    "give each agent an id of its own; the coordinator has its own already";
                let found = format!("{name:?} a second time");
                return Err(Problem::new(format!("{path}.id"), "a new id", found, repair));
            }
            let profile = Arc::new(Profile { name, ..(*setup.profile).clone() });
            members.push(MemberSetup { profile, ..setup });
            parents.push(agent.parent.clone());
            individuals.extend(&own);
        }
    }
    Ok(Agents { members, individuals, names, parents })
}

fn instance_names(agent: &AgentFile) -> Vec<String> {
    match agent.count {
        None => vec![agent.id.clone()],
        Some(count) => (1..=count).map(|n| instance_name(&agent.id, n)).collect(),
    }
}

fn instance_name(id: &str, number: u32) -> String {
    format!("{id}-{number}")
}

/// Role, skills and domains of an agent or a template are names, too.
fn check_traits(agent: &AgentFile) -> Result<(), Problem> {
    if let Some(role) = &agent.role {
        check_name("role", role, "write for example \"role\": \"qa\"")?;
    }
    check_names("skills", agent.skills.iter().flatten(), "write for example \"python\"")?;
    check_names("domains", agent.domains.iter().flatten(), "write for example \"finance\"")
}

fn check_template(template: &AgentFile) -> Result<(), Problem> {
    check_traits(template)?;
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
    registry: Option<AgentId>,
    registered: bool,
) -> Result<(MemberSetup, Individuals), Problem> {
    let repair = "write for example \"id\": \"qa-engineer\"";
    check_name("id", &agent.id, repair)?;
    if let Some(count @ 1..) = agent.count {
        check_name(
            "id",
            &instance_name(&agent.id, count),
            "a number stands behind it: shorten it",
        )?;
    }
    check_traits(agent)?;
    if agent.count == Some(0) {
        return Err(Problem::new("count", "1 or more", "0", "leave the agent out"));
    }
    let template = match &agent.template {
        None => AgentFile::default(),
        Some(name) => template(file, name).ok_or_else(|| {
            let own = file.templates.keys().map(String::as_str);
            let near = suggestion(name, own.chain(templates::names()));
            let repair = format!("name one that is in templates, or a built-in one{near}");
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
    let skills = shared(agent.skills.as_ref().or(template.skills.as_ref()));
    let individuals = Individuals::check(agent, &template, &skills)?;
    let profile = Profile {
        name: agent.id.clone(),
        role: agent.role.clone().or(template.role).unwrap_or_else(|| "agent".to_owned()),
        skills,
        domains: shared(agent.domains.as_ref().or(template.domains.as_ref())),
        weight_milli: decimal::thousandths("weight", weight)?,
        capacity: check_capacity("capacity", agent.capacity.or(template.capacity).unwrap_or(100))?,
        reputation: Reputation(reputation),
        mind: option(mind, check_mind)?.unwrap_or(Mind::Fixed(Vote::For)),
        prefers: agent.prefers.clone().or(template.prefers).unwrap_or_default(),
        review_us: check_review(agent.review_ms.or(template.review_ms))?,
        registry,
        registered,
    };
    let behaviour = agent.behaviour.or(template.behaviour);
    let clock = check_clock(clock).map_err(|problem| problem.under("clock"))?;
    Ok((MemberSetup { behaviour, profile: Arc::new(profile), clock }, individuals))
}

fn check_review(review_ms: Option<(f64, f64)>) -> Result<(u64, u64), Problem> {
    let (least, most) = review_ms.unwrap_or((50.0, 150.0));
    let least_us = decimal::microseconds("review_ms[0]", least)?;
    let most_us = decimal::microseconds("review_ms[1]", most)?;
    if least_us <= most_us {
        return Ok((least_us, most_us));
    }
    let found = format!("{} before {}", write_number(least), write_number(most));
    Err(Problem::new("review_ms", "the least time before the most", found, "swap the two"))
}

pub(super) fn check_clock(clock: ClockFile) -> Result<LocalClock, Problem> {
    let offset_us = decimal::signed_microseconds("offset_ms", clock.offset_ms)?;
    if !(-900_000..=900_000).contains(&clock.drift_ppm) {
        let found = clock.drift_ppm.to_string();
        let repair = "real clocks drift by less than 200";
        return Err(Problem::new("drift_ppm", "-900000 to 900000", found, repair));
    }
    Ok(LocalClock { offset_us, drift_ppm: clock.drift_ppm })
}

fn check_mind(mind: &MindFile) -> Result<Mind, Problem> {
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
                let found = write_number(in_favour + against);
                let repair = "what the two leave is the chance of ABSTAIN";
                return Err(Problem::new("mind.chance", "chances up to 1 in all", found, repair));
            }
            Mind::Chance { for_ppm, against_ppm }
        }
    })
}
