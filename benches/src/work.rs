//! A thousand tasks shared out among few agents, many, and very many: each is announced to all, bid for, awarded,
//! done and counted; or assigned by a dispatcher's rule.

use engine::protocols::work::assign::Assign;
use engine::protocols::work::synthesis::TaskStatus;
use engine::scenario::Scenario;
use serde::{Deserialize, Serialize};

use crate::clock::{WHILE_S, fastest, seconds};

const TASKS: u32 = 1_000;

/// The numbers of agents among whom a dispatcher assigns a thousand tasks.
const DISPATCHED: [u32; 4] = [10, 100, 1_000, 10_000];

/// Measured work.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkRate {
    /// The way to assign, by its name in files.
    pub assign: String,
    pub agents: u32,
    /// Tasks that were done.
    pub tasks: u32,
    /// Events in the trace.
    pub events: u64,
    pub milliseconds: f64,
    /// Tasks done per second of wall-clock time.
    pub tasks_per_second: f64,
    /// Events per second of wall-clock time, in millions.
    pub million_events_per_second: f64,
    pub trace_hash: String,
}

/// Ten, a hundred and a thousand agents.
#[must_use]
pub fn measure_all() -> Vec<WorkRate> {
    [10, 100, 1_000].map(|agents| best(agents, Assign::ContractNet, WHILE_S)).to_vec()
}

/// Each rule of a dispatcher, at each number of agents.
#[must_use]
pub fn measure_dispatch() -> Vec<WorkRate> {
    let rules = Assign::ALL.into_iter().map(|(assign, _)| assign).filter(|it| it.is_dispatch());
    rules.flat_map(|assign| DISPATCHED.map(|agents| best(agents, assign, 0.0))).collect()
}

fn best(agents: u32, assign: Assign, least_s: f64) -> WorkRate {
    fastest(least_s, || measure(agents, assign), |it| it.milliseconds)
}

/// # Panics
/// When the scenario is refused, or a task is not done: both would be mistakes in this file.
fn measure(agents: u32, assign: Assign) -> WorkRate {
    let name = assign.name();
    let text = format!(
        r#"{{ "format": 1, "name": "bench", "title": "Bench", "seed": 7,
             "network": {{ "latency_ms": {{ "uniform": [5, 50] }} }},
             "agents": [{{ "id": "a", "count": {agents}, "skills": ["x"] }}],
             "work": {{ "assign": "{name}", "tasks": [{{ "id": "t", "count": {TASKS}, "skills": ["x"], "duration_ms": 100,
                                     "every_ms": 50 }}] }} }}"#
    );
    let Ok(scenario) = Scenario::parse(&text, "bench") else {
        panic!("the benchmark's own scenario is wrong")
    };
    let Ok(mut simulation) = scenario.start(7, &[], 0) else { panic!("it must start") };
    let before_s = seconds();
    simulation.run_until(u64::MAX, u64::MAX);
    let took_s = seconds() - before_s;
    let jobs =
        simulation.agents().find_map(|slot| Some(&slot.process.work.as_ref()?.board()?.jobs));
    let is_done = |status: Option<TaskStatus>| status == Some(TaskStatus::Done);
    let done = jobs.into_iter().flatten();
    let done = done.filter(|job| is_done(job.synthesis.as_ref().map(|it| it.status))).count();
    assert_eq!(done, TASKS as usize, "every task must be done");
    let events = simulation.trace.len();
    WorkRate {
        assign: name.to_owned(),
        agents,
        tasks: done as u32,
        events,
        milliseconds: took_s * 1e3,
        tasks_per_second: done as f64 / took_s,
        million_events_per_second: events as f64 / took_s / 1e6,
        trace_hash: format!("{:016x}", simulation.trace.hash()),
    }
}
