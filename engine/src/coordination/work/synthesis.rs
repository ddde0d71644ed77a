//! What the parts of a task come to (W5): one result with where each piece of it is from, and what a
//! person should know of it.

use std::sync::Arc;

use serde::Serialize;

use super::task::{DEPTH_MAX, Task};
use crate::coordination::state::value::Value;
use crate::map::Map;
use crate::sim::AgentId;

/// What parts say they have cost; it is added up.
const COST: &str = "cost";
/// What a task's data say it may cost.
const BUDGET: &str = "budget";

/// How a part came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum PartEnd {
    Done {
        agent: AgentId,
        /// From 0 to 100.
        quality: u8,
        data: Map<Arc<str>, Value>,
        took_us: u64,
    },
    Failed {
        reason: Reason,
    },
}

/// Why a task or a part was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Reason {
    NobodyCapable,
    /// Nobody in the team has this skill.
    Uncovered(Arc<str>),
    /// Whoever worked on it said so.
    Failed,
    LeaseExpired,
    Deadline,
    /// The name of a task it depends on, which was not done.
    Dependency(String),
    Unhealthy,
    TooDeep,
}

impl Reason {
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::NobodyCapable => "nobody is capable".to_owned(),
            Self::Uncovered(skill) => format!("nobody in the team has {skill}"),
            Self::Failed => "the agent failed".to_owned(),
            Self::LeaseExpired => "the lease expired".to_owned(),
            Self::Deadline => "the deadline passed".to_owned(),
            Self::Dependency(task) => format!("{task}, which it depends on, was not done"),
            Self::Unhealthy => "the agent is not healthy".to_owned(),
            Self::TooDeep => format!("it is more than {DEPTH_MAX} parts deep"),
        }
    }
}

/// How a task came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    /// All of it is done.
    Done,
    /// Some of it is.
    Partial,
    /// Nothing of it is.
    Failed,
}

impl Status {
    /// Its name, as the command line prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }
}

/// What a person should know of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Warning {
    /// Both in millionths.
    OverBudget {
        cost: i64,
        budget: i64,
    },
    Uncovered {
        skill: Arc<str>,
    },
    /// The skill it was about, or nothing of a task that was not taken apart.
    PartFailed {
        focus: Arc<str>,
        reason: Reason,
    },
    /// Two parts give different values under this key; that of the one is kept.
    Conflict {
        key: Arc<str>,
        kept: AgentId,
        other: AgentId,
    },
}

impl Warning {
    /// In words; `name` names agents.
    #[must_use]
    pub fn words(&self, name: &dyn Fn(AgentId) -> String) -> String {
        match self {
            Self::OverBudget { cost, budget } => {
                let [cost, budget] = [cost, budget].map(|it| Value::Number(*it).to_string());
                format!("cost {cost} is above the budget of {budget}")
            }
            Self::Uncovered { skill } => format!("nobody in the team has {skill}"),
            Self::PartFailed { focus, reason } if focus.is_empty() => reason.words(),
            Self::PartFailed { focus, reason } => {
                format!("the part about {focus} is missing: {}", reason.words())
            }
            Self::Conflict { key, kept, other } => {
                let [kept, other] = [kept, other].map(|agent| name(*agent));
                format!("{kept} and {other} differ on {key}; that of {kept} is kept")
            }
        }
    }
}

/// What a task came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Synthesis {
    pub status: Status,
    /// The mean of the parts that are done, rounded down.
    pub quality: Option<u8>,
    /// Of all parts, by key. What they have cost is added up.
    pub data: Map<Arc<str>, Value>,
    /// Who gave what is under a key.
    pub from: Vec<(Arc<str>, AgentId)>,
    pub warnings: Vec<Warning>,
    /// How long the parts would have taken one after the other, and the longest.
    pub sequential_us: u64,
    pub parallel_us: u64,
}

/// Who gave the value under a key, and how good its part is.
struct Given {
    key: Arc<str>,
    agent: AgentId,
    quality: u8,
}

/// Puts parts together; each comes with the skill it is about, or with "" for a task that was not taken
/// apart. Without any part that is done, the task has failed (E8).
#[must_use]
pub fn synthesise(task: &Task, parts: &[(Arc<str>, PartEnd)], uncovered: &[Arc<str>]) -> Synthesis {
    let (mut data, mut given, mut from) = (Map::new(), Vec::new(), Vec::new());
    let mut warnings: Vec<Warning> =
        uncovered.iter().map(|skill| Warning::Uncovered { skill: skill.clone() }).collect();
    let (mut done, mut qualities) = (0, 0);
    let (mut sequential_us, mut parallel_us) = (0_u64, 0);
    for (focus, end) in parts {
        let (agent, quality, results) = match end {
            PartEnd::Failed { reason } => {
                let (focus, reason) = (focus.clone(), reason.clone());
                warnings.push(Warning::PartFailed { focus, reason });
                continue;
            }
            PartEnd::Done { agent, quality, data, took_us } => {
                sequential_us = sequential_us.saturating_add(*took_us);
                parallel_us = parallel_us.max(*took_us);
                (*agent, *quality, data)
            }
        };
        (done, qualities) = (done + 1, qualities + u32::from(quality));
        for (key, value) in results {
            if let (COST, Value::Number(cost)) = (&**key, value) {
                add_cost(&mut data, key, *cost);
                from.push((key.clone(), agent));
                continue;
            }
            let new = Given { key: key.clone(), agent, quality };
            warnings.extend(put(&mut data, &mut given, new, value));
        }
    }
    let number = |value: Option<&Value>| value.and_then(Value::as_number);
    if let (Some(cost), Some(budget)) = (number(data.get(COST)), number(task.data.get(BUDGET)))
        && cost > budget
    {
        warnings.push(Warning::OverBudget { cost, budget });
    }
    let status = match done {
        0 => Status::Failed,
        _ if done == parts.len() && uncovered.is_empty() => Status::Done,
        _ => Status::Partial,
    };
    let mean = |done: usize| u8::try_from(qualities as usize / done).unwrap_or(u8::MAX);
    from.extend(given.into_iter().map(|it: Given| (it.key, it.agent)));
    let quality = (done > 0).then(|| mean(done));
    Synthesis { status, quality, data, from, warnings, sequential_us, parallel_us }
}

fn add_cost(data: &mut Map<Arc<str>, Value>, key: &Arc<str>, cost: i64) {
    match data.get_mut(&**key) {
        Some(Value::Number(sum)) => *sum = sum.saturating_add(cost),
        _ => {
            data.insert(key.clone(), Value::Number(cost));
        }
    }
}

/// Of two different values the one of the better part stays, ties by the lower id.
fn put(
    data: &mut Map<Arc<str>, Value>,
    given: &mut Vec<Given>,
    new: Given,
    value: &Value,
) -> Option<Warning> {
    let Some(old) = given.iter_mut().find(|it| it.key == new.key) else {
        data.insert(new.key.clone(), value.clone());
        given.push(new);
        return None;
    };
    if data.get(&*new.key) == Some(value) {
        return None;
    }
    let wins = (new.quality, old.agent) > (old.quality, new.agent);
    let (kept, other) = if wins { (new.agent, old.agent) } else { (old.agent, new.agent) };
    let key = new.key.clone();
    if wins {
        data.insert(key.clone(), value.clone());
        *old = new;
    }
    Some(Warning::Conflict { key, kept, other })
}

/// What a manager makes of its workers' results (W11), by key: numbers are added, lists joined, other values
/// kept from the first that gives them.
#[must_use]
pub fn aggregate(parts: &[Map<Arc<str>, Value>]) -> Map<Arc<str>, Value> {
    let mut all: Map<Arc<str>, Value> = Map::new();
    for (key, value) in parts.iter().flatten() {
        match (all.get_mut(&**key), value) {
            (None, _) => {
                all.insert(key.clone(), value.clone());
            }
            (Some(Value::Number(sum)), Value::Number(number)) => *sum = sum.saturating_add(*number),
            (Some(Value::List(items)), Value::List(more)) => {
                *items = items.iter().chain(&**more).cloned().collect();
            }
            (Some(_), _) => {}
        }
    }
    all
}
