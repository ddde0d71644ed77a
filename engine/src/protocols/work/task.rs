//! Tasks (W1), and how they are taken apart (W5).

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::team::Team;
use crate::common::signal::{Signal, TaskName, TaskStep};
use crate::common::value::Value;
use crate::map::Map;
use crate::sim::AgentId;

/// In the order of submission, from 0.
pub type TaskId = u32;

/// How many an answer needs (W4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Complexity {
    /// For one agent.
    #[default]
    Simple,
    /// For 2 or 3.
    Moderate,
    /// For 3 to 5.
    Complex,
}

impl Complexity {
    /// With the names they have in files.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Simple, "simple"), (Self::Moderate, "moderate"), (Self::Complex, "complex")];

    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// How many agents it is meant for. The most is a limit; a team is never padded to the least.
    #[must_use]
    pub const fn team(self) -> RangeInclusive<usize> {
        match self {
            Self::Simple => 1..=1,
            Self::Moderate => 2..=3,
            Self::Complex => 3..=5,
        }
    }
}

/// Why a task was not taken in; every message says how to repair it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskRefusal {
    #[error("a task called {name:?} exists already; give this one another id")]
    DuplicateId { name: String },
    #[error(
        "the task {name:?} depends on {missing:?}, which has not come in; submit that one first"
    )]
    UnknownDependency { name: String, missing: String },
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Unique in the run.
    pub name: String,
    /// The kind of work, such as `email_campaign`.
    pub kind: String,
    pub title: String,
    pub complexity: Complexity,
    /// The skills that it requires, each once.
    pub skills: Vec<Arc<str>>,
    pub domain: Option<Arc<str>>,
    /// 1 to 10; higher goes first.
    pub priority: u8,
    /// The units of work an agent carries meanwhile.
    pub load: u32,
    /// How long the whole takes at normal speed, and so does each part.
    pub duration_us: u64,
    /// After it is submitted.
    pub deadline_us: Option<u64>,
    /// The names of tasks that must be done before.
    pub depends_on: Vec<String>,
    /// By skill: the skills whose parts must be done before the part about it. Costs nothing on a link where it is
    /// empty.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub after: Map<Arc<str>, Vec<Arc<str>>>,
    /// The data that agents get with it. From its announcement on, also the data that the tasks before it
    /// gave, under their names; in a part, the data that the parts before it gave, under their skills.
    pub data: Map<Arc<str>, Value>,
    /// The whole that a part is taken from; `None` for a whole task.
    pub parent: Option<Parent>,
}

impl Default for Task {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: String::new(),
            title: String::new(),
            complexity: Complexity::Simple,
            skills: Vec::new(),
            domain: None,
            priority: 5,
            load: 20,
            duration_us: 1_000_000,
            deadline_us: None,
            depends_on: Vec::new(),
            after: Map::new(),
            data: Map::new(),
            parent: None,
        }
    }
}

impl Task {
    /// The name of the whole: of a part, that of the task it is a part of.
    #[must_use]
    pub fn whole_name(&self) -> &str {
        let focus = self.parent.as_ref().map(|parent| &*parent.focus);
        let cut = |focus| self.name.strip_suffix(focus)?.strip_suffix('/');
        focus.and_then(cut).unwrap_or(&self.name)
    }

    /// Tells of its step at this agent.
    #[must_use]
    pub fn moved(&self, step: TaskStep) -> Signal {
        let name: Arc<str> = self.name.as_str().into();
        let is_whole = self.whole_name() == self.name;
        let whole = if is_whole { name.clone() } else { self.whole_name().into() };
        Signal::TaskMoved { task: TaskName { name, whole }, step }
    }

    /// The same under another name.
    #[must_use]
    pub fn named(&self, name: String) -> Self {
        Self { name, ..self.clone() }
    }
}

/// The whole that a part is taken from, and the part's place in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parent {
    pub task: TaskId,
    /// The skill it is about.
    pub focus: Arc<str>,
    /// Who works on its sisters.
    pub with: Vec<AgentId>,
    /// How often it was taken apart, from 1.
    pub depth: u8,
}

/// Tasks are taken apart so often and no further.
pub const DEPTH_MAX: u8 = 4;

/// The part of a task that one agent is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub spec: Arc<Task>,
    /// Nobody yet of one that is left open.
    pub agent: Option<AgentId>,
}

impl Part {
    /// The skill it is about; nothing when it is the whole task.
    #[must_use]
    pub fn focus(&self) -> &str {
        self.spec.parent.as_ref().map_or("", |parent| &parent.focus)
    }
}

/// A part of a part of a part …
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the task is more than {DEPTH_MAX} parts deep; make it simple, or ask for fewer skills at once"
)]
pub struct TooDeep;

/// One simple part for each skill that the team covers or leaves open. The task as a whole when it is simple, asks for no
/// skill, or one agent does it all.
///
/// # Errors
/// When the parts would be deeper than [`DEPTH_MAX`].
pub fn decompose(task: &Arc<Task>, id: TaskId, team: &Team) -> Result<Vec<Part>, TooDeep> {
    let is_whole = task.complexity == Complexity::Simple || task.skills.is_empty();
    let is_one = team.members.len() == 1 && team.open.is_empty();
    if let (true, Some(agent)) = (is_whole || is_one, team.members.first()) {
        return Ok(vec![Part { spec: task.clone(), agent: Some(*agent) }]);
    }
    let depth = task.parent.as_ref().map_or(0, |parent| parent.depth) + 1;
    if depth > DEPTH_MAX {
        return Err(TooDeep);
    }
    let part = |(skill, agent): (&Arc<str>, Option<AgentId>)| {
        let others = team.members.iter().copied().filter(|other| Some(*other) != agent);
        let with = others.collect();
        let spec = Task {
            name: format!("{}/{skill}", task.name),
            complexity: Complexity::Simple,
            skills: vec![skill.clone()],
            // The whole has waited for them already.
            depends_on: Vec::new(),
            after: Map::new(),
            parent: Some(Parent { task: id, focus: skill.clone(), with, depth }),
            ..(**task).clone()
        };
        Part { spec: Arc::new(spec), agent }
    };
    let covered = team.by_skill.iter().map(|(skill, agent)| (skill, Some(*agent)));
    let open = team.open.iter().map(|skill| (skill, None));
    Ok(covered.chain(open).map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::work::letters::{agents, numbers, skills, task};

    fn team(by_skill: &[(&str, u32)], uncovered: &str) -> Team {
        let mut members = Vec::new();
        for (_, agent) in by_skill {
            if !members.contains(&AgentId(*agent)) {
                members.push(AgentId(*agent));
            }
        }
        let by_skill =
            by_skill.iter().map(|(skill, agent)| (Arc::from(*skill), AgentId(*agent))).collect();
        Team { members, by_skill, uncovered: skills(uncovered), open: Vec::new() }
    }

    fn parts_of(task: Task, team: &Team) -> Vec<Part> {
        decompose(&Arc::new(task), 7, team).unwrap()
    }

    #[test]
    fn one_part_for_each_skill_that_is_covered() {
        let mut whole = task(Complexity::Complex, "marketing finance analytics law");
        whole.depends_on = vec!["before".to_owned()];
        whole.data = numbers(&[("budget", 50_000)]);
        whole.deadline_us = Some(9);
        let team = team(&[("marketing", 0), ("finance", 3), ("analytics", 0)], "law");
        let parts = parts_of(whole.clone(), &team);
        let found: Vec<_> =
            parts.iter().map(|part| (&*part.spec.name, part.agent.unwrap().0)).collect();
        assert_eq!(found, [("t/marketing", 0), ("t/finance", 3), ("t/analytics", 0)]);
        for (part, with) in parts.iter().zip([&[3], &[0], &[3]]) {
            let (focus, with) = (Arc::from(part.focus()), agents(with));
            let parent = Parent { task: 7, focus: Arc::clone(&focus), with, depth: 1 };
            let expected = Task {
                name: format!("t/{focus}"),
                complexity: Complexity::Simple,
                skills: vec![focus],
                depends_on: Vec::new(),
                parent: Some(parent),
                ..whole.clone()
            };
            assert_eq!(*part.spec, expected);
        }
    }

    #[test]
    fn what_one_agent_does_is_not_taken_apart() {
        for (task, team) in [
            (task(Complexity::Simple, "a b"), team(&[("a", 1)], "b")),
            (task(Complexity::Complex, "a b"), team(&[("a", 1), ("b", 1)], "")),
            (task(Complexity::Complex, "a b"), team(&[("a", 1)], "b")),
            (task(Complexity::Moderate, ""), Team { members: agents(&[1]), ..Team::default() }),
        ] {
            let parts = parts_of(task.clone(), &team);
            assert_eq!(parts, [Part { spec: Arc::new(task), agent: Some(AgentId(1)) }]);
            assert_eq!(parts[0].focus(), "");
        }
        assert_eq!(parts_of(task(Complexity::Complex, "a"), &Team::default()), []);
    }

    #[test]
    fn four_times_apart_and_no_further() {
        let team = team(&[("a", 0), ("b", 1)], "");
        let mut whole = task(Complexity::Moderate, "a b");
        for depth in 1..=DEPTH_MAX {
            let part = parts_of(whole, &team).remove(0);
            assert_eq!(part.spec.parent.as_ref().map(|parent| parent.depth), Some(depth));
            whole = Task {
                complexity: Complexity::Moderate,
                skills: skills("a b"),
                ..(*part.spec).clone()
            };
        }
        let too_deep = decompose(&Arc::new(whole.clone()), 7, &team);
        assert_eq!(too_deep, Err(TooDeep));
        assert!(TooDeep.to_string().starts_with("the task is more than 4 parts deep; make it"));
        whole.complexity = Complexity::Simple;
        assert_eq!(parts_of(whole, &team).len(), 1, "as a whole it can still be done");
    }

    #[test]
    fn complexities_are_limits() {
        for (complexity, name) in Complexity::ALL {
            assert_eq!(complexity.name(), name);
        }
        let [simple, moderate, complex] = Complexity::ALL.map(|(complexity, _)| complexity.team());
        assert_eq!([simple, moderate, complex], [1..=1, 2..=3, 3..=5]);
    }
}
