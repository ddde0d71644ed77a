//! The load of each agent, now and over the run so far, and what it is at.

use crate::common::figure::{milli_short, percent};
use crate::order::sort_by_key;
use crate::protocol::words::counted;
use crate::protocols::work::WorkStyle;
use crate::protocols::work::boards::worker_of;
use crate::protocols::work::metrics::{Load, Metrics};
use crate::protocols::work::overview::{AtWork, Overview};
use crate::protocols::work::worker::Worker;
use crate::sim::{AgentId, Status};

/// So many agents are told of one by one, the busiest first where there are more.
const ROWS_MAX: usize = 10;

/// An agent that carries so much of what it can, in thousandths, does not bid.
pub const LIMIT_PERMILLE: u64 = 800;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loads {
    /// "of all 4 agents", "the busiest 10 of 120".
    pub hint: String,
    /// "2 of 4 agents", and " carry less than 80 %, and may bid."
    pub strong: String,
    pub rest: &'static str,
    /// Agents bid: those that carry too much do not.
    pub bid: bool,
    /// Times, and the least, the mean and the most of the agents' shares in thousandths. Nothing before anyone carries anything, and of
    /// a manager's own agents.
    pub course: Vec<(u64, [u32; 3])>,
    pub rows: Vec<LoadRow>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadRow {
    pub name: String,
    /// Its load now of what it can carry, in thousandths, at most all of it.
    pub permille: u64,
    /// "60 of 100".
    pub carries: String,
    /// So much of what it can, over the run so far.
    pub average: String,
    pub peak: String,
    /// It carries too much to bid.
    pub is_full: bool,
    /// The part it is at: "task-3, 40 % done; 2 more wait".
    pub doing: String,
    /// Everything that is wrong with it: "not healthy, fails 30 % of the time".
    pub trouble: String,
}

/// Nothing where nobody has anything to do with work.
pub(super) fn loads(work: &Overview<'_>, metrics: &Metrics) -> Option<Loads> {
    // Its load now and so far, and its number: the busiest first where there are many.
    let mut order: Vec<(u64, u64, u32)> = Vec::new();
    let (mut all, mut free, mut next) = (Vec::new(), 0, 0);
    let rules = &work.board.rules;
    for agent in (0..work.peek.agents()).map(AgentId) {
        let is_there = status(work, agent) != Some(Status::Removed);
        let is_shown = work.manager.is_none() || rules.board_over(agent) == work.manager;
        // By the number of the agent.
        let known = metrics.loads.get(next).filter(|load| load.agent == agent).copied();
        next += usize::from(known.is_some());
        let worker = work.at_work(agent);
        let load = known.or_else(|| Some(unused(agent, worker.as_ref()?)));
        let Some(load) = load.filter(|_| is_there && is_shown) else { continue };
        free += usize::from(worker.is_some_and(|it| it.healthy && !is_full(&it)));
        let now = worker.map_or(0, |it| share_permille(it.load, it.capacity));
        let busy = now * 1_000_000 + load.average_permille(metrics.now_us);
        order.push((u64::MAX - busy, agent.0.into(), all.len() as u32));
        all.push((load, worker));
    }
    let count = all.len();
    if count > ROWS_MAX {
        sort_by_key(&mut order, |(busy, agent, _)| (*busy, *agent));
    }
    let mut rows = Vec::new();
    for (.., place) in order.into_iter().take(ROWS_MAX) {
        let Some((load, worker)) = all.get(place as usize) else { continue };
        rows.push(row(work, load, *worker, metrics));
    }
    let agents = if count == 1 { "agent" } else { "agents" };
    let bid = !work.board.assign.is_dispatch();
    let rest = match (free == count, bid) {
        (true, true) => " can take more: each carries less than 80 %.",
        (false, true) => " can take more; at 80 % an agent stops bidding.",
        (_, false) => " carry less than 80 % of what they can.",
    };
    (count > 0).then(|| Loads {
        hint: match count {
            0..=ROWS_MAX => "of what each can carry".to_owned(),
            _ => format!("the {ROWS_MAX} busiest of {count}"),
        },
        strong: format!("{free} of {count} {agents}"),
        rest,
        bid,
        course: course(work, count),
        rows,
    })
}

fn course(work: &Overview<'_>, count: usize) -> Vec<(u64, [u32; 3])> {
    let (seen, now_us) = (&work.peek.watch().loads, work.peek.now_us());
    let samples = seen.utilisation.samples();
    if work.manager.is_some() || samples.is_empty() {
        return Vec::new();
    }
    let samples = samples.iter().copied().chain([seen.sample(now_us)]);
    samples.map(|it| (it.time_us, it.among(count as u32))).collect()
}

/// The load of an agent that has done nothing yet.
fn unused(agent: AgentId, worker: &AtWork) -> Load {
    Load { agent, capacity: worker.capacity.max(1), carried: 0, peak: (0, 1) }
}

/// As agents judge it of themselves: see `protocols::work::assess`.
fn is_full(worker: &AtWork) -> bool {
    u64::from(worker.load) * 5 >= u64::from(worker.capacity) * 4
}

fn share_permille(load: u32, capacity: u32) -> u64 {
    (u64::from(load) * 1_000).checked_div(capacity.into()).unwrap_or(1_000).min(1_000)
}

fn status(work: &Overview<'_>, agent: AgentId) -> Option<Status> {
    work.peek.agent(agent).map(|part| part.status)
}

fn row(work: &Overview<'_>, load: &Load, at_work: Option<AtWork>, metrics: &Metrics) -> LoadRow {
    let agent = load.agent;
    let mut row = LoadRow {
        name: work.name(agent).to_owned(),
        average: percent(load.average_permille(metrics.now_us), 1_000),
        peak: percent(load.peak.0, load.peak.1.into()),
        ..LoadRow::default()
    };
    let Some((at_work, (worker, _))) = at_work.zip(worker_of(work.peek, agent)) else {
        (row.carries, row.trouble) = ("–".to_owned(), "crashed".to_owned());
        return row;
    };
    row.permille = share_permille(at_work.load, at_work.capacity);
    row.carries = format!("{} of {}", at_work.load, at_work.capacity);
    row.is_full = is_full(&at_work);
    row.doing = doing(worker, &at_work);
    let is_paused = status(work, agent) == Some(Status::Paused);
    row.trouble = trouble(&worker.abilities.style, is_paused).join(", ");
    row
}

/// The part it works on, and how many wait.
fn doing(worker: &Worker, seen: &AtWork) -> String {
    if let Some(board) = &worker.board {
        let has = board.jobs.iter().filter(|job| job.ended_us.is_none()).count();
        return match has {
            0 => "free".to_owned(),
            _ => format!("{} with its workers", counted(has, "task")),
        };
    }
    let mut text = match worker.at_work().next().zip(seen.doing) {
        Some((first, now)) => format!("{}, {} % done", first.spec.name, now.permille / 10),
        None => "free".to_owned(),
    };
    for (count, words) in [(seen.waiting, "waiting"), (seen.paused, "paused")] {
        if count > 0 {
            text += &format!("; {words}: {count}");
        }
    }
    text
}

/// Everything about it that is not as usual, in words.
pub(in crate::protocols::work) fn trouble(style: &WorkStyle, is_paused: bool) -> Vec<String> {
    let mut trouble = Vec::new();
    if is_paused {
        trouble.push("paused".to_owned());
    }
    if !style.healthy {
        trouble.push("not healthy: does not bid".to_owned());
    }
    if style.speed_milli != 1_000 {
        let times = milli_short(style.speed_milli.into());
        let side = if style.speed_milli < 1_000 { "slow" } else { "fast" };
        trouble.push(format!("{side}: {times} times the normal speed"));
    }
    if style.fails_ppm > 0 {
        let share = percent(style.fails_ppm.into(), 1_000_000);
        trouble.push(format!("unreliable: fails {share} of the time"));
    }
    trouble
}
