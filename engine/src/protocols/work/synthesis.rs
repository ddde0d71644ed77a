//! The synthesis of the parts of a task (W5): one result with where each piece of it is from, and the
//! warnings that a person should know of.

use std::sync::Arc;

use serde::Serialize;

use super::account::Account;
use super::aggregate::Piece;
use super::task::{DEPTH_MAX, Task};
use crate::common::value::Value;
use crate::map::Map;
use crate::sim::{AgentId, LocalTime};

/// The key of the cost in a part's data; costs are added up.
const COST: &str = "cost";
/// The key of the budget in a task's data.
const BUDGET: &str = "budget";

/// How a part came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum PartEnd {
    Done {
        agent: AgentId,
        /// From 0 to 100.
        quality: u8,
        data: Map<Arc<str>, Value>,
        /// By the clock of the agent that awarded it.
        began_us: LocalTime,
        took_us: u64,
        /// The account of the agent's workers, if it is a manager.
        account: Option<Arc<Account>>,
    },
    Failed {
        reason: Reason,
    },
}

impl PartEnd {
    /// Whether nothing of the part is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Done { account, .. } => account.as_ref().is_none_or(|account| !account.has_gap()),
            Self::Failed { .. } => false,
        }
    }
}

/// Why a task or a part was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Reason {
    NobodyCapable,
    /// Nobody in the team has this skill.
    Uncovered(Arc<str>),
    /// Nobody has all of the skills; the one that has most of them lacks these.
    NotTogether(Vec<Arc<str>>),
    /// The agent that worked on it said so.
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
            Self::NotTogether(missing) => {
                format!("nobody has all of the skills: the nearest lacks {}", missing.join(" and "))
            }
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
pub enum TaskStatus {
    /// All of it is done.
    Done,
    /// Some of it is.
    Partial,
    /// Nothing of it is.
    Failed,
}

impl TaskStatus {
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

/// A warning about a result, for people.
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
    /// Whether something of the task is missing.
    #[must_use]
    pub const fn is_gap(&self) -> bool {
        matches!(self, Self::Uncovered { .. } | Self::PartFailed { .. })
    }

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

/// The result of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Synthesis {
    pub status: TaskStatus,
    /// The mean of the parts that are done, rounded down.
    pub quality: Option<u8>,
    /// The data of all parts, by key. Costs are added up.
    pub data: Map<Arc<str>, Value>,
    /// Who gave what is under a key.
    pub from: Vec<(Arc<str>, AgentId)>,
    pub warnings: Vec<Warning>,
    /// How long the parts took one by one.
    pub sequential_us: u64,
    /// From the beginning of the first part to the end of the last, waiting included.
    pub parallel_us: u64,
}

/// Who gave the value under a key, and how good its part is.
struct Given {
    key: Arc<str>,
    agent: AgentId,
    quality: u8,
    part: usize,
}

/// When work on parts was done.
#[derive(Default)]
struct Times {
    sum_us: u64,
    /// When the first began, and the last ended.
    span: Option<(LocalTime, LocalTime)>,
}

impl Times {
    fn add(&mut self, began_us: LocalTime, took_us: u64) {
        self.sum_us = self.sum_us.saturating_add(took_us);
        let end_us = began_us.after(took_us);
        let (first_us, last_us) = self.span.unwrap_or((began_us, end_us));
        self.span = Some((first_us.min(began_us), last_us.max(end_us)));
    }

    fn span_us(&self) -> u64 {
        self.span.map_or(0, |(first_us, last_us)| last_us.since(first_us))
    }
}

/// Puts parts together; each comes with the skill it is about, or with "" for a task that was not taken
/// apart. Without any part that is done, the task has failed (E8).
#[must_use]
pub fn synthesise(task: &Task, parts: &[(Arc<str>, PartEnd)], uncovered: &[Arc<str>]) -> Synthesis {
    let (mut data, mut given, mut from) = (Map::new(), Vec::new(), Vec::new());
    let mut warnings: Vec<Warning> =
        uncovered.iter().map(|skill| Warning::Uncovered { skill: skill.clone() }).collect();
    let (mut done, mut qualities) = (0, 0);
    let mut times = Times::default();
    for (part, (focus, end)) in parts.iter().enumerate() {
        let (agent, quality, results) = match end {
            PartEnd::Failed { reason } => {
                let (focus, reason) = (focus.clone(), reason.clone());
                warnings.push(Warning::PartFailed { focus, reason });
                continue;
            }
            PartEnd::Done { agent, quality, data, began_us, took_us, account } => {
                match account {
                    Some(account) => {
                        warnings.extend(account.warnings.iter().cloned());
                        for it in account.done() {
                            times.add(began_us.after(it.after_us), it.took_us);
                        }
                    }
                    None => times.add(*began_us, *took_us),
                }
                (*agent, *quality, data)
            }
        };
        (done, qualities) = (done + 1, qualities + u32::from(quality));
        let piece = Piece::of(end);
        for (key, value) in results {
            if let (COST, Value::Number(cost)) = (&**key, value) {
                add_cost(&mut data, key, *cost);
                from.extend(piece.iter().flat_map(|it| it.givers(key)));
                continue;
            }
            let new = Given { key: key.clone(), agent, quality, part };
            warnings.extend(put(&mut data, &mut given, new, value));
        }
    }
    let is_whole = uncovered.is_empty() && parts.iter().all(|(_, end)| end.is_whole());
    let number = |value: Option<&Value>| value.and_then(Value::as_number);
    if let (Some(cost), Some(budget)) = (number(data.get(COST)), number(task.data.get(BUDGET)))
        && cost > budget
    {
        warnings.push(Warning::OverBudget { cost, budget });
    }
    let status = match done {
        0 => TaskStatus::Failed,
        _ if is_whole => TaskStatus::Done,
        _ => TaskStatus::Partial,
    };
    let mean = |done: usize| u8::try_from(qualities as usize / done).unwrap_or(u8::MAX);
    for it in given {
        let piece = Piece::of(&parts[it.part].1);
        from.extend(piece.iter().flat_map(|piece| piece.givers(&it.key)));
    }
    let quality = (done > 0).then(|| mean(done));
    let (sequential_us, parallel_us) = (times.sum_us, times.span_us());
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

/// Puts a value under its key: of two that differ, that of the better part stays, ties by the lower id.
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
    let differs = data.get(&*new.key) != Some(value);
    let wins = (new.quality, old.agent) > (old.quality, new.agent);
    let (kept, other) = if wins { (new.agent, old.agent) } else { (old.agent, new.agent) };
    let key = new.key.clone();
    if wins {
        data.insert(key.clone(), value.clone());
        *old = new;
    }
    differs.then_some(Warning::Conflict { key, kept, other })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::value::letters::number;
    use crate::protocols::work::letters::{data, numbers, skills, task};
    use crate::protocols::work::task::Complexity;

    type Data = Map<Arc<str>, Value>;

    fn done(focus: &str, agent: u32, quality: u8, data: Data, took_us: u64) -> (Arc<str>, PartEnd) {
        (focus.into(), end(agent, quality, data, took_us))
    }

    fn end(agent: u32, quality: u8, data: Data, took_us: u64) -> PartEnd {
        let (agent, began_us, account) = (AgentId(agent), LocalTime(0), None);
        PartEnd::Done { agent, quality, data, began_us, took_us, account }
    }

    fn failed(focus: &str) -> (Arc<str>, PartEnd) {
        (focus.into(), PartEnd::Failed { reason: Reason::LeaseExpired })
    }

    fn campaign() -> Task {
        let budget = numbers(&[("budget", 50_000)]);
        Task { data: budget, ..task(Complexity::Complex, "marketing finance analytics") }
    }

    fn words(synthesis: &Synthesis) -> Vec<String> {
        let name = |agent: AgentId| format!("agent-{}", agent.0);
        synthesis.warnings.iter().map(|warning| warning.words(&name)).collect()
    }

    #[test]
    fn the_campaign_of_seed_004_takes_as_long_as_its_longest_part() {
        let parts = [
            done("marketing", 0, 95, numbers(&[("cost", 45_000), ("reach", 100_000)]), 2_300_000),
            done("finance", 1, 90, numbers(&[("allocated", 50_000)]), 1_500_000),
            done("analytics", 2, 91, numbers(&[("kpis", 4)]), 2_800_000),
        ];
        let result = synthesise(&campaign(), &parts, &[]);
        assert_eq!((result.sequential_us, result.parallel_us), (6_600_000, 2_800_000));
        assert_eq!((result.status, result.quality), (TaskStatus::Done, Some(92)));
        assert_eq!(result.warnings, []);
        let all = [("allocated", 50_000), ("cost", 45_000), ("kpis", 4), ("reach", 100_000)];
        assert_eq!(result.data, numbers(&all));
        for (key, agent) in [("cost", 0), ("reach", 0), ("allocated", 1), ("kpis", 2)] {
            assert!(result.from.contains(&(key.into(), AgentId(agent))), "{key}");
        }
        assert_eq!(result.from.len(), 4);
    }

    #[test]
    fn what_costs_more_than_the_budget_is_said() {
        let check_cost = |costs: &[i64], expected: &[&str]| {
            let parts: Vec<_> = (0..)
                .zip(costs)
                .map(|(agent, cost)| done("x", agent, 80, numbers(&[("cost", *cost)]), 1))
                .collect();
            let result = synthesise(&campaign(), &parts, &[]);
            assert_eq!(words(&result), expected, "{costs:?}");
            assert_eq!(result.status, TaskStatus::Done, "a warning does no harm");
            let sum: i64 = costs.iter().sum();
            assert_eq!(result.data.get("cost"), Some(&number(sum)));
            assert_eq!(result.from.len(), costs.len());
        };
        check_cost(&[50_000], &[]);
        check_cost(&[45_000, 10_000], &["cost 55000 is above the budget of 50000"]);
        check_cost(&[20_000, 20_000, 10_001], &["cost 50001 is above the budget of 50000"]);
        let free = task(Complexity::Simple, "");
        let parts = [done("", 0, 80, numbers(&[("cost", 99)]), 1)];
        assert_eq!(synthesise(&free, &parts, &[]).warnings, [], "no budget");
    }

    #[test]
    fn a_task_whose_parts_all_failed_has_failed() {
        // E8.
        let check_status =
            |parts: &[(Arc<str>, PartEnd)], uncovered: &str, expected: TaskStatus| {
                let found = synthesise(&campaign(), parts, &skills(uncovered));
                assert_eq!(found.status, expected, "{parts:?} without {uncovered}");
                assert_eq!(found.quality.is_none(), expected == TaskStatus::Failed);
            };
        let good = || done("a", 0, 80, Map::new(), 1);
        check_status(&[], "", TaskStatus::Failed);
        check_status(&[], "a b", TaskStatus::Failed);
        check_status(&[failed("a"), failed("b")], "", TaskStatus::Failed);
        check_status(&[failed("")], "", TaskStatus::Failed);
        check_status(&[good(), failed("b")], "", TaskStatus::Partial);
        check_status(&[good()], "b", TaskStatus::Partial);
        check_status(&[good()], "", TaskStatus::Done);
        check_status(&[good(), good()], "", TaskStatus::Done);
    }

    #[test]
    fn what_is_missing_is_said() {
        let parts = [done("a", 0, 80, Map::new(), 1), failed("b")];
        let found = words(&synthesise(&campaign(), &parts, &skills("law")));
        let expected =
            ["nobody in the team has law", "the part about b is missing: the lease expired"];
        assert_eq!(found, expected);
        assert_eq!(words(&synthesise(&campaign(), &[failed("")], &[])), ["the lease expired"]);
    }

    #[test]
    fn of_two_values_that_of_the_better_part_is_kept() {
        let part = |agent, quality, value| {
            done("x", agent, quality, data(&[("x", Value::text(value))]), 1)
        };
        let check_kept = |parts: &[(Arc<str>, PartEnd)], value, agent, expected: &[&str]| {
            let result = synthesise(&campaign(), parts, &[]);
            assert_eq!(result.data, data(&[("x", Value::text(value))]), "{parts:?}");
            assert_eq!(result.from, [("x".into(), AgentId(agent))], "{parts:?}");
            assert_eq!(words(&result), expected);
        };
        let one = ["agent-1 and agent-0 differ on x; that of agent-1 is kept"];
        check_kept(&[part(0, 80, "no"), part(1, 81, "yes")], "yes", 1, &one);
        check_kept(&[part(1, 81, "yes"), part(0, 80, "no")], "yes", 1, &one);
        let none = ["agent-0 and agent-1 differ on x; that of agent-0 is kept"];
        check_kept(&[part(1, 80, "yes"), part(0, 80, "no")], "no", 0, &none);
        check_kept(&[part(0, 80, "no"), part(1, 80, "yes")], "no", 0, &none);
        check_kept(&[part(0, 80, "yes"), part(1, 90, "yes")], "yes", 1, &[]);
        let third = ["agent-1 and agent-2 differ on x; that of agent-1 is kept"];
        check_kept(&[part(0, 80, "a"), part(1, 95, "a"), part(2, 90, "b")], "a", 1, &third);
    }

    #[test]
    fn at_the_same_time_is_from_the_first_beginning_to_the_last_end() {
        let check_times = |times: &[(u64, u64)], expected: (u64, u64)| {
            let part = |(began_us, took_us): &(u64, u64)| {
                let (agent, began_us, took_us) = (AgentId(0), *began_us, *took_us);
                let (quality, data, account) = (80, Map::new(), None);
                (
                    "x".into(),
                    PartEnd::Done {
                        agent,
                        quality,
                        data,
                        began_us: LocalTime(0).after(began_us),
                        took_us,
                        account,
                    },
                )
            };
            let parts: Vec<_> = times.iter().map(part).collect();
            let found = synthesise(&campaign(), &parts, &[]);
            assert_eq!((found.sequential_us, found.parallel_us), expected, "{times:?}");
        };
        check_times(&[], (0, 0));
        check_times(&[(5, 20)], (20, 20));
        check_times(&[(7, 23), (7, 15), (7, 28)], (66, 28));
        // The last part waits for an agent that is busy.
        check_times(&[(7, 23), (7, 15), (26, 28)], (66, 47));
        // Longer than one by one, when nobody is free in between.
        check_times(&[(0, 10), (50, 10)], (20, 60));
    }

    #[test]
    fn reasons_and_states_have_words() {
        let [dependency, uncovered] =
            [Reason::Dependency("plan".to_owned()), Reason::Uncovered("law".into())];
        assert_eq!(dependency.words(), "plan, which it depends on, was not done");
        assert_eq!(uncovered.words(), "nobody in the team has law");
        let states =
            [TaskStatus::Done, TaskStatus::Partial, TaskStatus::Failed].map(TaskStatus::name);
        assert_eq!(states, ["done", "partial", "failed"]);
    }
}
