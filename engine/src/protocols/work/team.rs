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

/// The agents that do a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// In the order they were taken.
    pub members: Vec<AgentId>,
    /// The member that takes each required skill, in the order required: the first that has it.
    pub by_skill: Vec<(Arc<str>, AgentId)>,
    /// The required skills that nobody in it has.
    pub uncovered: Vec<Arc<str>>,
    /// The required skills that agents not heard yet may have; there is room for these agents.
    pub open: Vec<Arc<str>>,
}

impl Team {
    /// One agent does the whole.
    #[must_use]
    pub fn alone(task: &Task, agent: AgentId, skills: &[Arc<str>]) -> Self {
        let mut team = Self { members: vec![agent], ..Self::default() };
        team.cover(task, &[Candidate { agent, skills }]);
        team
    }

    /// Leaves the uncovered skills open for agents that were not heard, as long as there is room.
    pub fn leave_open(&mut self, task: &Task) {
        let room = task.complexity.team().end().saturating_sub(self.members.len());
        self.open = self.uncovered.drain(..room.min(self.uncovered.len())).collect();
    }

    /// Who of these takes which skill: the first that has it.
    fn cover(&mut self, task: &Task, taken: &[Candidate<'_>]) {
        for (place, skill) in task.skills.iter().enumerate() {
            if task.skills[..place].contains(skill) {
                continue;
            }
            match taken.iter().find(|it| it.skills.contains(skill)) {
                Some(member) => self.by_skill.push((skill.clone(), member.agent)),
                None => self.uncovered.push(skill.clone()),
            }
        }
    }
}

/// Whether one agent does it, whichever skills that agent has.
fn is_for_one(task: &Task) -> bool {
    task.complexity == Complexity::Simple || task.skills.is_empty()
}

/// A team that covers the required skills, greedily: the best first, only who brings a new skill, and not
/// more than the task's complexity allows. The best alone for a simple task or one that asks for no skill.
#[must_use]
pub fn team(task: &Task, ranked: &[Candidate<'_>]) -> Team {
    let alone = is_for_one(task);
    let most = if alone { 1 } else { *task.complexity.team().end() };
    let mut taken: Vec<Candidate<'_>> = Vec::new();
    for candidate in ranked {
        if taken.len() == most {
            break;
        }
        let is_new = |skill: &Arc<str>| {
            candidate.skills.contains(skill) && !taken.iter().any(|it| it.skills.contains(skill))
        };
        if alone || task.skills.iter().any(is_new) {
            taken.push(*candidate);
        }
    }
    let mut team = Team { members: taken.iter().map(|it| it.agent).collect(), ..Team::default() };
    team.cover(task, &taken);
    team
}

/// The agent that gets a task for one agent alone: the least loaded of those with all required skills, ties
/// by id. Candidates come with their skills and load; the chosen one is the one to charge (E7).
#[must_use]
pub fn route(task: &Task, candidates: &[(AgentId, &[Arc<str>], u32)]) -> Option<AgentId> {
    let has_all =
        |skills: &[Arc<str>]| task.skills.iter().all(|required| skills.contains(required));
    let able = candidates.iter().filter(|(_, skills, _)| has_all(skills));
    able.min_by_key(|(agent, _, load)| (*load, agent.0)).map(|(agent, ..)| *agent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::work::letters::{FINANCE, INSIGHTS, MARKETING, agents, skills, task};

    /// Candidates are numbered in their order; `by_skill` as "skill 0, skill 1".
    fn check_team(
        (complexity, required): (Complexity, &str),
        ranked: &[&str],
        (members, by_skill, uncovered): (&[u32], &str, &str),
    ) {
        let own: Vec<_> = ranked.iter().map(|names| skills(names)).collect();
        let candidates = (0..).map(AgentId).zip(&own);
        let candidates: Vec<_> =
            candidates.map(|(agent, skills)| Candidate { agent, skills }).collect();
        let team = team(&task(complexity, required), &candidates);
        assert_eq!(team.members, agents(members), "{required} by {ranked:?}");
        let found: Vec<_> =
            team.by_skill.iter().map(|(skill, agent)| format!("{skill} {}", agent.0)).collect();
        assert_eq!(found.join(", "), by_skill, "{required} by {ranked:?}");
        assert_eq!(team.uncovered, skills(uncovered), "{required} by {ranked:?}");
    }

    use Complexity::{Complex, Moderate, Simple};

    #[test]
    fn the_team_of_three_of_seed_004_covers_all() {
        check_team(
            (Complex, "marketing finance analytics"),
            &[MARKETING, FINANCE, "support", INSIGHTS],
            (&[0, 1, 3], "marketing 0, finance 1, analytics 3", ""),
        );
    }

    #[test]
    fn only_who_brings_a_new_skill_is_taken() {
        check_team((Complex, "a b c"), &["a b", "a", "b x", "c"], (&[0, 3], "a 0, b 0, c 3", ""));
        check_team((Complex, "a b"), &["a b", "a b", "a b"], (&[0], "a 0, b 0", ""));
        check_team((Complex, "a b"), &["a", "x", "a b"], (&[0, 2], "a 0, b 2", ""));
    }

    #[test]
    fn a_team_is_never_larger_than_the_task_allows() {
        let each = ["a", "b", "c", "d", "e", "f"];
        check_team((Simple, "a b c"), &each, (&[0], "a 0", "b c"));
        check_team((Moderate, "a b c d"), &each, (&[0, 1, 2], "a 0, b 1, c 2", "d"));
        check_team(
            (Complex, "a b c d e f"),
            &each,
            (&[0, 1, 2, 3, 4], "a 0, b 1, c 2, d 3, e 4", "f"),
        );
    }

    #[test]
    fn a_simple_task_is_for_the_best_whatever_it_covers() {
        check_team((Simple, "a b"), &["x", "a b"], (&[0], "", "a b"));
        check_team((Simple, "a"), &["a b", "a"], (&[0], "a 0", ""));
    }

    #[test]
    fn a_task_without_skills_is_for_the_best_alone() {
        check_team((Complex, ""), &["x", "y"], (&[0], "", ""));
        check_team((Simple, ""), &["x", "y"], (&[0], "", ""));
    }

    #[test]
    fn what_nobody_has_is_said() {
        check_team((Complex, "a b"), &["a"], (&[0], "a 0", "b"));
        check_team((Complex, "a b"), &[], (&[], "", "a b"));
        check_team((Complex, "a b b"), &["x"], (&[], "", "a b"));
    }

    #[test]
    fn greedy_takes_three_where_two_would_do() {
        // The best goes first, and nobody looks ahead.
        check_team(
            (Complex, "a b c d e f"),
            &["a b d e", "a b c", "d e f"],
            (&[0, 1, 2], "a 0, b 0, c 1, d 0, e 0, f 2", ""),
        );
    }

    #[test]
    fn a_route_goes_to_the_least_loaded_of_those_who_know_all() {
        let own = ["a b", "a", "a b c", "b a"].map(skills);
        let check_route = |required: &str, loads: [u32; 4], expected: Option<u32>| {
            let candidates = (0..).map(AgentId).zip(&own).zip(loads);
            let mut candidates: Vec<(AgentId, &[Arc<str>], u32)> =
                candidates.map(|((agent, skills), load)| (agent, &skills[..], load)).collect();
            let expected = expected.map(AgentId);
            assert_eq!(route(&task(Simple, required), &candidates), expected, "{required}");
            candidates.reverse();
            assert_eq!(route(&task(Simple, required), &candidates), expected, "{required}");
        };
        check_route("a b", [30, 0, 20, 10], Some(3));
        check_route("a b", [20, 0, 20, 20], Some(0));
        check_route("a b c", [0, 0, 90, 0], Some(2));
        check_route("", [5, 4, 4, 9], Some(1));
        check_route("a d", [0; 4], None);
    }
}
