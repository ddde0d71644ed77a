//! Who does a task together (W4), and who does it alone (W8).

use std::sync::Arc;

use super::task::{Complexity, Task};
use crate::sim::AgentId;

/// Someone who can help.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub agent: AgentId,
    pub skills: &'a [Arc<str>],
}

/// Who does a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// In the order they were taken.
    pub members: Vec<AgentId>,
    /// Who takes which required skill, in the order required: the first member that has it.
    pub by_skill: Vec<(Arc<str>, AgentId)>,
    /// What nobody in it has.
    pub uncovered: Vec<Arc<str>>,
}

/// A team that covers the required skills, greedily: the best first, only who brings a new skill, and not
/// more than the task's complexity allows. The best alone for a simple task or one that asks for no skill.
#[must_use]
pub fn team(task: &Task, ranked: &[Candidate<'_>]) -> Team {
    let alone = task.complexity == Complexity::Simple || task.skills.is_empty();
    let most = if alone { 1 } else { *task.complexity.team().end() };
    let mut taken: Vec<&Candidate<'_>> = Vec::new();
    for candidate in ranked {
        if taken.len() == most {
            break;
        }
        let is_new = |skill: &Arc<str>| {
            candidate.skills.contains(skill) && !taken.iter().any(|it| it.skills.contains(skill))
        };
        if alone || task.skills.iter().any(is_new) {
            taken.push(candidate);
        }
    }
    let mut team = Team { members: taken.iter().map(|it| it.agent).collect(), ..Team::default() };
    for (place, skill) in task.skills.iter().enumerate() {
        if task.skills[..place].contains(skill) {
            continue;
        }
        match taken.iter().find(|it| it.skills.contains(skill)) {
            Some(member) => team.by_skill.push((skill.clone(), member.agent)),
            None => team.uncovered.push(skill.clone()),
        }
    }
    team
}

/// Who gets a task that one agent does alone: of those with all required skills the least loaded, ties by
/// id. Candidates come with their skills and load; who is chosen here is the one to charge (E7).
#[must_use]
pub fn route(task: &Task, candidates: &[(AgentId, &[Arc<str>], u32)]) -> Option<AgentId> {
    let has_all =
        |skills: &[Arc<str>]| task.skills.iter().all(|required| skills.contains(required));
    let able = candidates.iter().filter(|(_, skills, _)| has_all(skills));
    able.min_by_key(|(agent, _, load)| (*load, agent.0)).map(|(agent, ..)| *agent)
}
