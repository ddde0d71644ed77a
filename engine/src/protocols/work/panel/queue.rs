//! The queue: which tasks run, which are paused, and which wait, over time.

use crate::order::sort_by_key;
use crate::protocol::document::SpanLook;
use crate::protocols::work::job::{Attempt, Job, PartJob};
use crate::protocols::work::overview::Overview;
use crate::protocols::work::standing::Standing;
use crate::protocols::work::task::TaskId;

/// So many tasks have a lane: those that have not ended, and the last that have.
const LANES_MAX: usize = 12;

/// Times are of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// The number of tasks that run, and the most that may.
    pub running: usize,
    pub limit: Option<u32>,
    pub paused: usize,
    pub waiting: usize,
    /// Tasks are paused for others.
    pub preempts: bool,
    pub from_us: u64,
    pub now_us: u64,
    pub lanes: Vec<QueueLane>,
    /// Which lane made way for which, and when.
    pub preemptions: Vec<(usize, usize, u64)>,
    /// Tasks without a lane.
    pub more: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueLane {
    pub task: TaskId,
    pub name: String,
    pub priority: u8,
    /// From, to, and how the task stood.
    pub stretches: Vec<(u64, u64, SpanLook)>,
}

/// Nothing where nothing is arbitrated, and before the first task.
pub(super) fn queue(work: &Overview<'_>) -> Option<Queue> {
    let (board, now_us) = (work.board, work.peek.now_us());
    let rules = &board.rules;
    if (rules.limit.is_none() && !rules.preempts) || board.jobs.is_empty() {
        return None;
    }
    let count = |wanted: &[Standing]| work.standings().filter(|it| wanted.contains(it)).count();
    let is_open = |task: &TaskId| board.jobs[*task as usize].ended_us.is_none();
    let tasks = 0..board.jobs.len() as TaskId;
    // The highest priority first, as they are chosen.
    let first = |task: &TaskId| {
        let priority = board.jobs[*task as usize].spec.priority;
        (u64::from(u8::MAX - priority), u64::from(*task))
    };
    let (mut shown, mut ended): (Vec<TaskId>, Vec<TaskId>) = tasks.partition(is_open);
    sort_by_key(&mut shown, first);
    shown.truncate(LANES_MAX);
    let room = LANES_MAX - shown.len();
    let ended_us = |task: &TaskId| board.jobs[*task as usize].ended_us;
    sort_by_key(&mut ended, |task| (ended_us(task).map_or(0, |it| work.clock.virtual_us(it)), 0));
    shown.extend(ended.iter().rev().take(room));
    sort_by_key(&mut shown, first);
    let lanes: Vec<QueueLane> = shown.iter().map(|task| lane(*task, work, now_us)).collect();
    let from_us = lanes.iter().flat_map(|it| &it.stretches).map(|(from_us, ..)| *from_us).min();
    let place = |task: TaskId| shown.iter().position(|it| *it == task);
    let of = |(way, task): (usize, &TaskId)| {
        let attempts = board.jobs[*task as usize].attempts();
        let pauses = attempts.flat_map(|it| &it.pauses);
        let made = pauses
            .filter_map(move |it| Some((way, place(it.by)?, work.clock.virtual_us(it.since_us?))));
        made.collect::<Vec<_>>()
    };
    Some(Queue {
        running: count(&[Standing::Announced, Standing::Working]),
        limit: rules.limit,
        paused: count(&[Standing::Paused]),
        waiting: count(&[Standing::Waiting]),
        preempts: rules.preempts,
        from_us: from_us.unwrap_or_default(),
        now_us,
        preemptions: shown.iter().enumerate().flat_map(of).collect(),
        more: board.jobs.len() - lanes.len(),
        lanes,
    })
}

fn lane(task: TaskId, work: &Overview<'_>, now_us: u64) -> QueueLane {
    let job = &*work.board.jobs[task as usize];
    let at = |local| work.clock.virtual_us(local);
    let end_us = job.ended_us.map_or(now_us, at);
    let mut stretches = Vec::new();
    let mut add = |from_us: u64, to_us: u64, look| {
        if from_us < to_us {
            stretches.push((from_us, to_us, look));
        }
    };
    // Of a team, the part that was awarded first stands for all.
    let mut since_us = at(job.submitted_us);
    for attempt in first_part(job) {
        let awarded_us = at(attempt.awarded_us);
        add(since_us, awarded_us, SpanLook::Waiting);
        since_us = awarded_us;
        let until_us = attempt.end.map_or(end_us, |(_, at_us)| at(at_us));
        for pause in &attempt.pauses {
            let Some(paused_us) = pause.since_us.map(at) else { continue };
            add(since_us, paused_us, SpanLook::Done);
            since_us = pause.until_us.map_or(until_us, at);
            add(paused_us, since_us, SpanLook::Paused);
        }
        let is_over = attempt.end.is_some();
        add(since_us, until_us, if is_over { SpanLook::Done } else { SpanLook::Running });
        since_us = until_us;
    }
    let is_failed = Standing::of(job) == Standing::Failed;
    add(since_us, end_us, if is_failed { SpanLook::Off } else { SpanLook::Waiting });
    QueueLane { task, name: job.spec.name.clone(), priority: job.spec.priority, stretches }
}

fn first_part(job: &Job) -> impl Iterator<Item = &Attempt> {
    let first = |part: &&PartJob| part.attempts.first().map(|attempt| attempt.awarded_us);
    let part = job.parts.iter().filter(|part| first(part).is_some()).min_by_key(|part| first(part));
    part.into_iter().flat_map(|part| &part.attempts)
}
