//! The outcome of tasks, and of those who did them, for machines.

pub mod questions;

use std::sync::Arc;

use serde::Serialize;

use self::questions::{QuestionReport, question_reports};
use super::board::Board;
use super::boards::{Posted, coordinators};
use super::job::{Attempt, Job};
use super::metrics::{Mean, Metrics};
use super::reputation::{Record, ReputationEntry};
use super::role::Work;
use super::score::Score;
use super::standing::Standing;
use crate::common::reputation::Reputation;
use crate::common::shown::Peek;
use crate::common::value::{Plain, Value};
use crate::map::Map;
use crate::protocol::note::Names;
use crate::sim::{AgentId, LocalClock};

/// The outcome of a task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskReport {
    /// waiting, announced, working, done, partial or failed.
    pub status: &'static str,
    /// The data that agents got with it: its own data, and what the tasks before it gave, under their names.
    pub data: Map<String, Plain>,
    /// Who worked on it, in the order they were awarded.
    pub agents: Vec<String>,
    /// Who did not bid when it was asked last, and why: the check that it failed (skill, health, load or
    /// domain), no_answer, not_registered, or not_there of one that joined after that.
    pub no_bids: Map<String, &'static str>,
    /// How often a part of it was awarded.
    pub attempts: u32,
    /// When work on it began, as the agent that awarded it was told.
    pub started_us: Option<u64>,
    /// When it ended.
    pub finished_us: Option<u64>,
    /// Its result, by key; nothing before its end.
    pub result: Option<Map<String, Plain>>,
    /// The mean quality of its parts, 0 to 100.
    pub quality: Option<u8>,
    /// How long its parts took one by one.
    pub sequential_us: u64,
    /// From the beginning of its first part to the end of its last.
    pub parallel_us: u64,
    pub warnings: Vec<String>,
    /// Why it failed.
    pub reason: Option<String>,
}

/// The standing of an agent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReputationReport {
    /// 0 to 150.
    pub score: u32,
    pub tier: &'static str,
    /// The parts of tasks that it has done.
    pub done: u32,
    /// The parts of tasks that it has failed.
    pub failed: u32,
    /// The share that was done; 1 where there was nothing to do.
    pub success_rate: f64,
    pub history: Vec<ChangeReport>,
}

/// The change of a reputation by an outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeReport {
    pub at_us: u64,
    pub task: String,
    pub change: i32,
    pub score: u32,
}

/// How suitable an agent was, in points.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScoreReport {
    pub total: f64,
    pub reputation: f64,
    pub skill: f64,
    pub load: f64,
}

/// H5, as far as tasks go.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricsReport {
    pub tasks: u32,
    pub done: u32,
    pub partial: u32,
    pub failed: u32,
    /// Per second of simulated time.
    pub tasks_per_second: f64,
    /// From the beginning of the work to the end.
    pub average_duration_us: Option<u64>,
    /// From the first submission to the last end, once all have ended.
    pub makespan_us: Option<u64>,
    /// From submission to the beginning of the work: the mean, and the time within which 95 % of the tasks began.
    pub mean_wait_us: Option<u64>,
    pub p95_wait_us: Option<u64>,
    /// The most parts that any member was awarded by the mean of all: 1 is even.
    pub imbalance: Option<f64>,
    /// The share of ended tasks that are done in full.
    pub success_rate: Option<f64>,
    pub average_quality: Option<f64>,
    /// The load of all agents as a share of their capacity, over the run so far.
    pub average_load: f64,
    /// The highest share of its capacity that any agent carried at once.
    pub peak_load: f64,
    pub average_team_size: Option<f64>,
    /// The share of tasks with several parts done at the same time.
    pub parallel_rate: Option<f64>,
    pub mean_reputation: f64,
    pub reputation_deviation: f64,
    /// Results that came after their lease.
    pub late_results: u32,
    /// Tasks that were refused.
    pub refused_tasks: u32,
}

/// Its part of the report: every task, what is held of each agent, how suitable each was for each task, and how it all
/// went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// How agents are found for tasks, by its name in files.
    pub assign: &'static str,
    pub tasks: Map<String, TaskReport>,
    pub reputation: Map<String, ReputationReport>,
    pub scores: Map<String, Map<Arc<str>, ScoreReport>>,
    pub metrics: MetricsReport,
    /// The questions of agents at work to each other, where they ask any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questions: Option<Vec<QuestionReport>>,
}

impl Report {
    /// Nothing of a swarm that does not work.
    pub(super) fn new(peek: &dyn Peek<Work>) -> Option<Self> {
        let Posted { agent: coordinator, board, clock } = coordinators(peek)?;
        let names = peek.names();
        let (mut tasks, mut scores) = (Map::new(), Map::new());
        let agents = (0..peek.agents()).map(AgentId);
        let works = |agent: &AgentId| {
            peek.agent(*agent).and_then(|it| it.machine).is_some_and(|it| it.worker().is_some())
        };
        let workers: Vec<AgentId> = agents.clone().filter(works).collect();
        // A million scores share them.
        let shared: Vec<Arc<str>> = agents.map(|agent| names.agent(agent).into()).collect();
        for (task, job) in (0..).zip(&board.jobs) {
            let was_there = |agent| peek.watch().was_there((coordinator, task), agent);
            let no_bids = no_bids(job, names, &workers, was_there);
            tasks.insert(job.spec.name.clone(), task_report(job, clock, names, no_bids));
            let ranked = job.scores().into_iter().filter_map(|(agent, score)| {
                Some((shared.get(agent.index())?.clone(), score_report(score)))
            });
            scores.insert(job.spec.name.clone(), ranked.collect());
        }
        let mut reputation = Map::new();
        for (agent, record) in &board.standings.records {
            let report = reputation_report(board, clock, *agent, record);
            reputation.insert(names.agent(*agent).to_owned(), report);
        }
        let metrics = metrics(&Metrics::new(peek)?);
        let questions = question_reports(peek, &board.rules);
        let assign = board.assign.name();
        Some(Self { assign, tasks, reputation, scores, metrics, questions })
    }
}

fn reputation_report(
    board: &Board,
    clock: LocalClock,
    agent: AgentId,
    record: &Record,
) -> ReputationReport {
    let task = |entry: &ReputationEntry| {
        let Some(job) = board.jobs.get(entry.task as usize) else { return String::new() };
        let part = job.parts.get(usize::from(entry.part));
        let name = part.map_or(&job.spec.name, |part| &part.spec.name);
        match &entry.focus {
            Some(focus) if !focus.is_empty() => format!("{name}/{focus}"),
            _ => name.clone(),
        }
    };
    let change = |entry: &ReputationEntry| ChangeReport {
        at_us: clock.virtual_us(entry.time_us),
        task: task(entry),
        change: entry.change,
        score: entry.score,
    };
    let (done, failed) = board.outcomes_of(agent);
    let ended = f64::from(done + failed);
    ReputationReport {
        score: record.score,
        tier: Reputation(record.score).tier(),
        done,
        failed,
        success_rate: if ended > 0.0 { f64::from(done) / ended } else { 1.0 },
        history: record.history.iter().map(change).collect(),
    }
}

/// Who did not bid, and why; nothing of a task that nobody was asked about.
fn no_bids(
    job: &Job,
    names: &dyn Names,
    workers: &[AgentId],
    was_there: impl Fn(AgentId) -> bool,
) -> Map<String, &'static str> {
    let mut no_bids = Map::new();
    let mut tell = |agent, why| no_bids.insert(names.agent(agent).to_owned(), why);
    for agent in job.silent() {
        tell(agent, "no_answer");
    }
    for (agent, check) in job.refusals() {
        tell(agent, check.name());
    }
    let unasked = workers.iter().filter(|it| job.asked.binary_search(it).is_err());
    for agent in unasked.filter(|_| !job.asked.is_empty()) {
        tell(*agent, if was_there(*agent) { "not_registered" } else { "not_there" });
    }
    no_bids
}

fn task_report(
    job: &Job,
    clock: LocalClock,
    names: &dyn Names,
    no_bids: Map<String, &'static str>,
) -> TaskReport {
    let synthesis = job.synthesis.as_ref();
    let name = |agent: AgentId| names.agent(agent).to_owned();
    let result = synthesis.map(|synthesis| plain(&synthesis.data));
    TaskReport {
        status: Standing::of(job).name(),
        data: plain(&job.spec.data),
        agents: job.crew().into_iter().map(name).collect(),
        no_bids,
        attempts: job.attempts().map(Attempt::count).sum::<usize>() as u32,
        started_us: job.began_us().map(|began_us| clock.virtual_us(began_us)),
        finished_us: job.ended_us.map(|ended_us| clock.virtual_us(ended_us)),
        result,
        quality: synthesis.and_then(|it| it.quality),
        sequential_us: synthesis.map_or(0, |it| it.sequential_us),
        parallel_us: synthesis.map_or(0, |it| it.parallel_us),
        warnings: synthesis
            .map_or_else(Vec::new, |it| it.warnings.iter().map(|it| it.words(&name)).collect()),
        reason: job.reason.as_ref().map(|reason| reason.words()),
    }
}

fn plain(data: &Map<Arc<str>, Value>) -> Map<String, Plain> {
    data.iter().map(|(key, value)| (key.to_string(), Plain(value.clone()))).collect()
}

fn score_report(score: Score) -> ScoreReport {
    let points = |milli: u64| milli as f64 / 1e3;
    ScoreReport {
        total: points(score.total_milli()),
        reputation: points(score.reputation_milli),
        skill: points(score.skill_milli),
        load: points(score.load_milli),
    }
}

fn metrics(metrics: &Metrics) -> MetricsReport {
    let mean = |it: Mean| (it.count > 0).then(|| it.sum as f64 / it.count as f64);
    let now_us = metrics.now_us as f64;
    let whole = metrics.loads.len() as f64 * now_us;
    let carried = metrics.loads.iter().map(|it| it.carried as f64 / f64::from(it.capacity));
    let carried: f64 = carried.sum();
    let (peak, capacity) = metrics.peak();
    MetricsReport {
        tasks: metrics.tasks,
        done: metrics.done,
        partial: metrics.partial,
        failed: metrics.failed,
        tasks_per_second: if now_us > 0.0 { f64::from(metrics.done) * 1e6 / now_us } else { 0.0 },
        average_duration_us: mean(metrics.duration_us).map(|us| us as u64),
        makespan_us: metrics.makespan_us,
        mean_wait_us: metrics.mean_wait_us(),
        p95_wait_us: metrics.wait_us(95),
        imbalance: metrics.imbalance_milli().map(|milli| milli as f64 / 1e3),
        success_rate: mean(metrics.success),
        average_quality: mean(metrics.quality),
        average_load: if whole > 0.0 { carried / whole } else { 0.0 },
        peak_load: peak as f64 / f64::from(capacity),
        average_team_size: mean(metrics.team),
        parallel_rate: mean(metrics.parallel),
        mean_reputation: metrics.mean_reputation_milli as f64 / 1e3,
        reputation_deviation: metrics.reputation_deviation_milli as f64 / 1e3,
        late_results: metrics.late,
        refused_tasks: metrics.refused,
    }
}
