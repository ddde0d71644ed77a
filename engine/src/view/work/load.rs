//! What each agent carries of what it can, now and over the run so far, and what it is at.

use crate::coordination::work::worker::Worker;
use crate::order::sort_by_key;
use crate::playback::Run;
use crate::playback::frame::Frame;
use crate::playback::frame::work::{WorkFrame, WorkerFrame};
use crate::playback::metrics::{Load, Metrics};
use crate::sim::{AgentId, Status};
use crate::view::figure::{milli_short, percent};

/// So many agents are told of one by one, the busiest first where there are more.
const ROWS_MAX: usize = 10;

/// Whoever carries so much of what it can, in thousandths, does not bid.
pub const LIMIT_PERMILLE: u64 = 800;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loads {
    /// "of all 4 agents", "the busiest 10 of 120".
    pub hint: String,
    /// "2 of 4 agents", and " carry less than 80 %, and may bid."
    pub strong: String,
    pub rest: String,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub agent: AgentId,
    pub name: String,
    /// What it carries now of what it can, in thousandths, at most all of it.
    pub permille: u64,
    /// "60 of 100".
    pub carries: String,
    /// So much of what it can, over the run so far.
    pub average: String,
    pub peak: String,
    /// It carries too much to bid.
    pub is_full: bool,
    /// What it is at: "task-3, 40 % done; 2 more wait".
    pub doing: String,
    /// What is wrong with it: "not healthy, fails 30 % of the time".
    pub trouble: String,
}

/// Nothing where nobody has anything to do with work.
pub(super) fn loads(
    run: &Run,
    frame: &Frame,
    work: &WorkFrame,
    metrics: &Metrics,
) -> Option<Loads> {
    let manager = work.manager;
    let is_shown = |agent: AgentId| match manager {
        Some(manager) => run.manager_of(agent) == Some(manager),
        None => true,
    };
    let mut all: Vec<(Load, Option<WorkerFrame>)> = Vec::new();
    for (agent, worker) in (0..).map(AgentId).zip(&work.workers) {
        let place = metrics.loads.binary_search_by_key(&agent, |load| load.agent).ok();
        let known = place.map(|place| metrics.loads[place]);
        let fresh =
            worker.map(|it| Load { agent, capacity: it.capacity.max(1), carried: 0, peak: 0 });
        // Who is gone for good carries nothing any more.
        let is_there =
            frame.agents.get(agent.index()).is_some_and(|it| it.status != Status::Removed);
        if let Some(load) = known.or(fresh).filter(|_| is_there && is_shown(agent)) {
            all.push((load, *worker));
        }
    }
    let permille = |(load, worker): &(Load, Option<WorkerFrame>)| {
        worker.map_or(0, |it| share_permille(it.load, it.capacity, load.capacity))
    };
    let may_bid = |(_, worker): &&(Load, Option<WorkerFrame>)| {
        worker.is_some_and(|it| it.healthy && !is_full(&it))
    };
    let (count, free) = (all.len(), all.iter().filter(may_bid).count());
    if count > ROWS_MAX {
        let all_time = |load: &Load| load.average_permille(metrics.now_us);
        sort_by_key(&mut all, |it| (u64::MAX - permille(it), u64::MAX - all_time(&it.0)));
    }
    let rows =
        all.iter().take(ROWS_MAX).map(|(load, worker)| row(run, frame, load, *worker, metrics));
    let rows: Vec<Row> = rows.collect();
    let agents = if count == 1 { "agent" } else { "agents" };
    (count > 0).then(|| Loads {
        hint: match count {
            0..=ROWS_MAX => "of what each can carry".to_owned(),
            _ => format!("the {ROWS_MAX} busiest of {count}"),
        },
        strong: format!("{free} of {count} {agents}"),
        rest: match (free, free == count) {
            (0, _) => " can take more: at 80 % an agent stops to bid.".to_owned(),
            (_, true) => " can take more: each carries less than 80 %.".to_owned(),
            _ => " can take more; at 80 % an agent stops to bid.".to_owned(),
        },
        rows,
    })
}

/// As agents judge it of themselves: see `coordination::work::assess`.
fn is_full(worker: &WorkerFrame) -> bool {
    u64::from(worker.load) * 5 >= u64::from(worker.capacity) * 4
}

fn share_permille(load: u32, capacity: u32, told: u32) -> u64 {
    let capacity = if capacity == 0 { told } else { capacity };
    (u64::from(load) * 1_000).checked_div(capacity.into()).unwrap_or(1_000).min(1_000)
}

fn row(
    run: &Run,
    frame: &Frame,
    load: &Load,
    worker: Option<WorkerFrame>,
    metrics: &Metrics,
) -> Row {
    let agent = load.agent;
    let mut row = Row {
        agent,
        name: run.cast().name(agent).to_owned(),
        average: percent(load.average_permille(metrics.now_us), 1_000),
        peak: percent(load.peak, load.capacity.into()),
        ..Row::default()
    };
    let Some(worker) = worker else {
        (row.carries, row.trouble) = ("–".to_owned(), "crashed".to_owned());
        return row;
    };
    row.permille = share_permille(worker.load, worker.capacity, load.capacity);
    row.carries = format!("{} of {}", worker.load, worker.capacity);
    row.is_full = is_full(&worker);
    row.doing = run.worker(agent).map_or_else(String::new, |it| doing(it, &worker));
    let status = frame.agents.get(agent.index()).map(|it| it.status);
    row.trouble = trouble(&worker, status == Some(Status::Paused)).join(", ");
    row
}

/// What it works on, and how many wait.
fn doing(worker: &Worker, seen: &WorkerFrame) -> String {
    if let Some(board) = &worker.board {
        let has = board.jobs.iter().filter(|job| job.ended_us.is_none()).count();
        return match has {
            0 => "has nothing for its workers".to_owned(),
            1 => "1 task is with its workers".to_owned(),
            has => format!("{has} tasks are with its workers"),
        };
    }
    let Some((first, now)) = worker.taken.first().zip(seen.doing) else {
        return "does nothing".to_owned();
    };
    let mut text = format!("{}, {} % done", first.spec.name, now.permille / 10);
    match seen.waiting {
        0 => {}
        1 => text += "; 1 more waits",
        more => text += &format!("; {more} more wait"),
    }
    text
}

/// What of it is not as usual, in words.
pub(in crate::view) fn trouble(worker: &WorkerFrame, is_paused: bool) -> Vec<String> {
    let mut trouble = Vec::new();
    if is_paused {
        trouble.push("paused".to_owned());
    }
    if !worker.healthy {
        trouble.push("not healthy: does not bid".to_owned());
    }
    if worker.speed_milli != 1_000 {
        let times = milli_short(worker.speed_milli.into());
        let side = if worker.speed_milli < 1_000 { "slow" } else { "fast" };
        trouble.push(format!("{side}: {times} times the normal speed"));
    }
    if worker.fails_ppm > 0 {
        let share = percent(worker.fails_ppm.into(), 1_000_000);
        trouble.push(format!("unreliable: fails {share} of the time"));
    }
    trouble
}
