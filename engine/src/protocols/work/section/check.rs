//! The rules of work: how it is shared out, and by whom.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::questions::check_questions;
use super::tasks::{Known, Submission, check_tasks};
use super::{AdaptiveFile, PolicyFile, TaskFile, WeightsFile, WorkFile};
use crate::common::room::{Brief, Members, with_coordinator};
use crate::common::topology::Topology;
use crate::protocol::decimal;
use crate::protocol::problem::{Problem, suggestion};
use crate::protocols::work::assign::{Assign, Weights};
use crate::protocols::work::intervention::WorkAct;
use crate::protocols::work::role::Work;
use crate::protocols::work::score::Policy;
use crate::protocols::work::worker::steal::Stealing;
use crate::protocols::work::{WorkRules, WorkStyle};
use crate::sim::AgentId;

/// Why work needs a coordinator.
const SHARED_OUT_BY_IT: &str = "it shares out tasks";

/// More tasks than this do not fit one run.
const LIMIT_MAX: u32 = 10_000;

/// The work a swarm starts with.
#[derive(Clone, Debug)]
pub struct WorkSetup {
    /// It shares out the tasks.
    pub coordinator: AgentId,
    pub rules: Arc<WorkRules>,
    pub tasks: Vec<Submission>,
    /// A new task is like it: the last of the file.
    pub like: Arc<TaskFile>,
    /// The skills that agents have, or come to have by the file's own faults; in order.
    pub skills: Vec<Arc<str>>,
    /// How each member works, by number.
    pub styles: Vec<Arc<WorkStyle>>,
}

impl WorkSetup {
    /// The units of work of all tasks.
    pub(in crate::protocols::work) fn load(&self) -> u64 {
        self.tasks.iter().map(|it| u64::from(it.task.load)).sum()
    }
}

/// The section, checked.
pub fn check_work(brief: &Brief<'_, Work>) -> Result<WorkSetup, Problem> {
    let Brief { file, agents, cast, .. } = *brief;
    let coordinator = with_coordinator(cast, "", SHARED_OUT_BY_IT)?;
    let workers = check_managers(agents, cast)?;
    let questions = check_questions(agents, cast)?;
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
        assign: match &file.assign {
            Some(name) => check_assign("assign", name)?,
            None => default.assign,
        },
        weights: file.adaptive.map_or(Ok(default.weights), check_weights)?,
        half_life_us: time("half_life_ms", file.half_life_ms, default.half_life_us)?,
        policy: match &file.policy {
            Some(policy) => check_policy("policy", policy)?,
            None => default.policy,
        },
        bid_window_us: time("bid_window_ms", file.bid_window_ms, default.bid_window_us)?,
        lease_us: time("lease_ms", file.lease_ms, default.lease_us)?,
        limit: file.limit,
        preempts: file.preempt.unwrap_or(default.preempts),
        steals: check_stealing(file, cast)?,
        attempts: file.attempts.unwrap_or(default.attempts),
        progress: file.progress.unwrap_or(default.progress),
        manager: check_manager(file, cast, &workers)?,
        workers,
        questions,
        answer_us: time("answer_ms", file.answer_ms, default.answer_us)?,
    };
    if let Some(limit) = rules.limit.filter(|limit| !(1..=LIMIT_MAX).contains(limit)) {
        let repair = "leave it out for as many as find agents";
        return Err(Problem::new("limit", "1 to 10000 tasks", limit.to_string(), repair));
    }
    if rules.preempts && !rules.workers.is_empty() {
        let (expected, found) = ("false where agents are managers", "true");
        let repair = "leave it out: a manager’s own work on a task cannot be paused from above";
        return Err(Problem::new("preempt", expected, found, repair));
    }
    if rules.steals.is_some() && !rules.workers.is_empty() {
        let (expected, found) = ("nothing where agents are managers", "a time");
        let repair = "leave it out: what a manager has shared out is not its own to give";
        return Err(Problem::new("steal_ms", expected, found, repair));
    }
    if !(1..=10).contains(&rules.attempts) {
        let found = rules.attempts.to_string();
        return Err(Problem::new("attempts", "1 to 10", found, "leave it out for 3"));
    }
    if rules.progress > 100 {
        let found = rules.progress.to_string();
        return Err(Problem::new("progress", "0 to 100 reports", found, "leave it out for 4"));
    }
    let skills = known_skills(brief);
    let known = Known { skills: &skills, learned: &[] };
    let tasks = check_tasks(&file.tasks, &known)?;
    let like = Arc::new(file.tasks.last().cloned().unwrap_or_default());
    let (rules, styles) = (Arc::new(rules), agents.to_vec());
    Ok(WorkSetup { coordinator, rules, tasks, like, skills, styles })
}

/// Zero is never, as when it is left out.
fn check_stealing(file: &WorkFile, cast: &dyn Members) -> Result<Option<Stealing>, Problem> {
    let Some(ms) = file.steal_ms.filter(|ms| *ms != 0.0) else { return Ok(None) };
    let every_us = decimal::microseconds("steal_ms", ms)?;
    Ok(Some(Stealing { every_us, peers: cast.count() }))
}

/// The skills that agents have at the start, and those that they come to have by the scenario's own faults.
fn known_skills(brief: &Brief<'_, Work>) -> Vec<Arc<str>> {
    let members = (0..brief.cast.count()).filter_map(|agent| brief.cast.profile(AgentId(agent)));
    let mut skills: BTreeSet<Arc<str>> = BTreeSet::new();
    for skill in members.flat_map(|member| &member.skills) {
        if !skills.contains(skill) {
            skills.insert(skill.clone());
        }
    }
    let learned = brief.acts.iter().filter_map(|act| match act {
        WorkAct::SetWork { skills, .. } => skills.as_ref(),
        WorkAct::Submit { .. }
        | WorkAct::SetPolicy { .. }
        | WorkAct::SetAssign { .. }
        | WorkAct::Rebalance { .. } => None,
    });
    skills.extend(learned.flatten().map(|skill| skill.as_str().into()));
    skills.extend(brief.cast.skills_to_come().into_iter().map(Arc::from));
    skills.into_iter().collect()
}

/// # Errors
/// When there is no way to assign of this name.
pub fn check_assign(path: &str, name: &str) -> Result<Assign, Problem> {
    let found = Assign::ALL.into_iter().find(|(_, known)| *known == name);
    found.map(|(assign, _)| assign).ok_or_else(|| {
        let known = Assign::ALL.map(|(_, name)| name);
        let near = suggestion(name, known);
        let repair = format!("write one of {}{near}", known.join(", "));
        Problem::new(path, "a way to assign tasks", format!("{name:?}"), repair)
    })
}

fn check_weights(file: AdaptiveFile) -> Result<Weights, Problem> {
    let AdaptiveFile { load, capability, past, distance } = file;
    let sum: u64 = [load, capability, past, distance].into_iter().map(u64::from).sum();
    if sum == 100 {
        return Ok(Weights { load, capability, past, distance });
    }
    let repair =
        "write for example { \"load\": 40, \"capability\": 30, \"past\": 20, \"distance\": 10 }";
    Err(Problem::new("adaptive", "weights that sum to 100", sum.to_string(), repair))
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

/// The manager that the file names; the coordinator is none.
fn check_manager(
    file: &WorkFile,
    cast: &dyn Members,
    workers: &[(AgentId, Vec<AgentId>)],
) -> Result<Option<AgentId>, Problem> {
    let Some(name) = &file.manager else { return Ok(None) };
    let agent = cast.find("manager", name)?;
    if Some(agent) == cast.coordinator() {
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
fn check_managers(
    styles: &[Arc<WorkStyle>],
    cast: &dyn Members,
) -> Result<Vec<(AgentId, Vec<AgentId>)>, Problem> {
    let numbered = (0..).map(AgentId).zip(styles);
    let managers = numbered.filter(|(_, style)| style.is_manager);
    let mut managers: Vec<_> = managers.map(|(manager, _)| (manager, Vec::new())).collect();
    if let Topology::Hierarchical { parents } = cast.topology() {
        for (number, parent) in (0..).zip(parents) {
            let place = parent.and_then(|parent| {
                managers.binary_search_by_key(&parent.0, |(manager, _)| manager.0).ok()
            });
            if let Some((_, workers)) = place.and_then(|place| managers.get_mut(place)) {
                workers.push(AgentId(number));
            }
        }
    }
    match managers.iter().find(|(_, workers)| workers.is_empty()) {
        None => Ok(managers),
        Some((manager, _)) => Err(without_workers(*manager, cast)),
    }
}

/// The agent is at fault, and named by its own place.
fn without_workers(manager: AgentId, cast: &dyn Members) -> Problem {
    let path = format!("{}.work.manager", cast.place(manager));
    let name = cast.profile(manager).map_or("", |profile| &profile.name);
    let found = format!("{name:?} with nobody below it");
    let repair = "make the topology hierarchical with the manager as the parent of its workers, or leave \
                  \"manager\" out";
    Problem::new(path, "a manager with workers", found, repair).at_top()
}
