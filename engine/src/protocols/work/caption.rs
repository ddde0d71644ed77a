//! The work in a caption: what came of a task, who does it together, and the last word of a run.

use super::job::{Job, Phase};
use super::note::WorkNote;
use super::overview::Overview;
use super::panel::tasks::counts;
use super::panel::{came_to, reason, warnings, words_of};
use super::role::Work;
use super::standing::Standing;
use super::task::TaskId;
use crate::common::shown::{LastWord, Look, Peek};
use crate::sim::{Event, What};

/// An event of the coordinator's board, with what it brought; a manager has numbers of its own for its tasks.
pub(super) fn caption(peek: &dyn Peek<Work>, event: &Event<WorkNote>) -> Option<String> {
    let What::Note(note) = event.what else { return None };
    if Some(event.agent) != peek.coordinator() {
        return None;
    }
    let work = Overview::whole(peek, &Look::default())?;
    match note {
        WorkNote::TaskEnded { task, .. } => ended(task, &work),
        WorkNote::Awarded { task, .. } => awarded(task, &work),
        _ => None,
    }
}

/// The outcome of a task: "campaign_001 is done: 3 parts, quality 91; cost 55000 is above the budget of 50000".
pub(super) fn ended(task: TaskId, work: &Overview<'_>) -> Option<String> {
    let (shown, job) = work.shown?;
    if shown != task || job.phase != Phase::Ended {
        return one_of_many(task, work);
    }
    let name = &job.spec.name;
    let standing = Standing::of(job);
    if standing == Standing::Failed {
        return Some(format!("{name} has failed: {}", reason(job)));
    }
    let done = if standing == Standing::Done { "is done" } else { "is done in part" };
    let mut text = format!("{name} {done}: {}", came_to(job));
    if let Some(warning) = warnings(job, work).first() {
        text = format!("{text}; {warning}");
    }
    Some(text)
}

/// How many tasks are done with this one: "task-20 is done: 20 of 50".
fn one_of_many(task: TaskId, work: &Overview<'_>) -> Option<String> {
    let all = work.board.jobs.len();
    let is_done = |it: &Standing| *it == Standing::Done;
    let standing = work.standings().nth(task as usize)?;
    let done = work.standings().filter(is_done).count();
    let name = work.task(task);
    (all > 1 && is_done(&standing)).then(|| format!("{name} is done: {done} of {all}"))
}

/// Who does a task together, when it has just been awarded.
fn awarded(task: TaskId, work: &Overview<'_>) -> Option<String> {
    let (shown, job) = work.shown?;
    let is_first = |job: &Job| job.parts.iter().all(|part| part.attempts.len() < 2);
    if shown != task || job.team.members.len() < 2 || !is_first(job) {
        return None;
    }
    let names: Vec<&str> = job.team.members.iter().map(|member| work.name(*member)).collect();
    Some(format!("{} do {} together", words_of(&names, ""), job.spec.name))
}

/// The last word of a run: what came of its work.
pub(super) fn last_word(peek: &dyn Peek<Work>) -> Option<LastWord> {
    let work = Overview::whole(peek, &Look::default())?;
    Some(LastWord { text: outcome(&work)?, time_us: work.ended_us() })
}

pub(super) fn outcome(work: &Overview<'_>) -> Option<String> {
    match work.board.jobs.len() {
        0 => None,
        1 => ended(0, work),
        all => Some(format!("{all} tasks: {}", counts(work.standings()))),
    }
}
