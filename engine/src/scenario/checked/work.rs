//! The rules of work: how it is shared out, and by whom.

use std::sync::Arc;

use super::Scenario;
use super::questions::{check_questions, path_of};
use crate::coordination::topology::Topology;
use crate::coordination::work::WorkRules;
use crate::coordination::work::score::Policy;
use crate::coordination::work::section::tasks::{Known, Submission, check_tasks};
use crate::coordination::work::section::{PolicyFile, WeightsFile, WorkFile};
use crate::map::Map;
use crate::protocol::decimal;
use crate::protocol::problem::{Problem, suggestion};
use crate::scenario::intervention::Intervention;
use crate::scenario::templates::template;
use crate::sim::AgentId;

/// The work a swarm starts with.
#[derive(Clone, Debug)]
pub struct WorkSetup {
    pub rules: Arc<WorkRules>,
    pub tasks: Vec<Submission>,
    /// What somebody knows, or comes to know by what the file does to the swarm; in order.
    pub skills: Vec<Arc<str>>,
}

/// What the file says of the work, checked.
pub fn check_work(file: &WorkFile, scenario: &Scenario) -> Result<WorkSetup, Problem> {
    // An agent is at fault here, and named by its own place.
    let workers = check_managers(scenario)?;
    let questions = check_questions(scenario)?;
    check_rest(file, scenario, workers, questions).map_err(|problem| problem.under("work"))
}

fn check_rest(
    file: &WorkFile,
    scenario: &Scenario,
    workers: Vec<(AgentId, Vec<AgentId>)>,
    questions: Vec<Arc<str>>,
) -> Result<WorkSetup, Problem> {
    let default = WorkRules::default();
    let time = |path: &str, ms: Option<f64>, default_us: u64| match ms {
        None => Ok(default_us),
        Some(0.0) => {
            let repair = format!("leave it out for {}", default_us / 1_000);
            Err(Problem::new(path, "above 0", "0", repair))
        }
        Some(ms) => decimal::microseconds(path, ms),
    };
    let rules = WorkRules {
        policy: match &file.policy {
            Some(policy) => check_policy("policy", policy)?,
            None => default.policy,
        },
        bid_window_us: time("bid_window_ms", file.bid_window_ms, default.bid_window_us)?,
        lease_us: time("lease_ms", file.lease_ms, default.lease_us)?,
        attempts: file.attempts.unwrap_or(default.attempts),
        progress: file.progress.unwrap_or(default.progress),
        manager: check_manager(file, scenario, &workers)?,
        workers,
        questions,
        answer_us: time("answer_ms", file.answer_ms, default.answer_us)?,
    };
    if !(1..=10).contains(&rules.attempts) {
        let found = rules.attempts.to_string();
        return Err(Problem::new("attempts", "1 to 10", found, "leave it out for 3"));
    }
    if rules.progress > 100 {
        let found = rules.progress.to_string();
        return Err(Problem::new("progress", "0 to 100 reports", found, "leave it out for 4"));
    }
    let skills = known_skills(scenario);
    let known = Known { skills: &skills, learned: &[] };
    let tasks = check_tasks(&file.tasks, &known)?;
    Ok(WorkSetup { rules: Arc::new(rules), tasks, skills })
}

/// What somebody knows at the start, and what agents come to know by the scenario's own faults.
fn known_skills(scenario: &Scenario) -> Vec<Arc<str>> {
    let mut skills: Map<Arc<str>, ()> = Map::new();
    for skill in scenario.members.iter().flat_map(|member| &member.profile.skills) {
        if !skills.contains_key(skill) {
            skills.insert(skill.clone(), ());
        }
    }
    for fault in &scenario.file.faults {
        let learned = match &fault.intervention {
            Intervention::SetWork { skills, .. } => skills.clone(),
            Intervention::Spawn { agent } => {
                let name = agent.template.as_ref();
                let template = name.and_then(|name| template(&scenario.file, name));
                agent.skills.clone().or(template.and_then(|template| template.skills))
            }
            _ => None,
        };
        for skill in learned.into_iter().flatten() {
            skills.insert(skill.as_str().into(), ());
        }
    }
    skills.keys().cloned().collect()
}

/// # Errors
/// When there is no policy of this name, or the weights do not sum to 100.
pub fn check_policy(path: &str, file: &PolicyFile) -> Result<Policy, Problem> {
    match file {
        PolicyFile::Named(name) => {
            let found = Policy::ALL.into_iter().find(|(_, known)| known == name);
            found.map(|(policy, _)| policy).ok_or_else(|| {
                let known = Policy::ALL.map(|(_, name)| name);
                let near = suggestion(name, known);
                let repair = format!("write one of {}{near}, or weights", known.join(", "));
                Problem::new(path, "the name of a policy", format!("{name:?}"), repair)
            })
        }
        PolicyFile::Weights(WeightsFile { reputation, skill, load }) => {
            let sum = u64::from(*reputation) + u64::from(*skill) + u64::from(*load);
            if sum == 100 {
                return Ok(Policy { reputation: *reputation, skill: *skill, load: *load });
            }
            let repair = "write for example { \"reputation\": 40, \"skill\": 40, \"load\": 20 }";
            Err(Problem::new(path, "weights that sum to 100", sum.to_string(), repair))
        }
    }
}

/// Whom the file names; the coordinator is none.
fn check_manager(
    file: &WorkFile,
    scenario: &Scenario,
    workers: &[(AgentId, Vec<AgentId>)],
) -> Result<Option<AgentId>, Problem> {
    let Some(name) = &file.manager else { return Ok(None) };
    let agent = scenario.names.find("manager", name)?;
    if Some(agent) == scenario.coordinator {
        return Ok(None);
    }
    if !workers.iter().any(|(manager, _)| *manager == agent) {
        let repair = "add \"work\": { \"manager\": true } to the agent, or name another";
        let expected = "the id of an agent that is a manager";
        return Err(Problem::new("manager", expected, format!("{name:?}"), repair));
    }
    Ok(Some(agent))
}

/// The managers with their workers.
fn check_managers(scenario: &Scenario) -> Result<Vec<(AgentId, Vec<AgentId>)>, Problem> {
    let mut managers: Vec<(AgentId, Vec<AgentId>)> = Vec::new();
    for (number, member) in (0..).zip(&scenario.members) {
        if member.profile.work.is_manager {
            managers.push((AgentId(number), Vec::new()));
        }
    }
    if let Topology::Hierarchical { parents } = &scenario.topology {
        for (number, parent) in (0..).zip(parents) {
            let place = parent.and_then(|parent| {
                managers.binary_search_by_key(&parent.0, |(manager, _)| manager.0).ok()
            });
            if let Some(place) = place {
                managers[place].1.push(AgentId(number));
            }
        }
    }
    match managers.iter().find(|(_, workers)| workers.is_empty()) {
        None => Ok(managers),
        Some((manager, _)) => Err(without_workers(scenario, *manager)),
    }
}

fn without_workers(scenario: &Scenario, manager: AgentId) -> Problem {
    let path = format!("{}.work.manager", path_of(scenario, manager));
    let name = &scenario.members[manager.index()].profile.name;
    let found = format!("{name:?} with nobody below it");
    let repair = "make the topology hierarchical with the manager as the parent of its workers, or leave \
                  \"manager\" out";
    Problem::new(path, "a manager with workers", found, repair)
}
