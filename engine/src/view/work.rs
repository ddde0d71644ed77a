//! Work that is shared out, for people: how a task stands, who bid and why who was chosen, who works when,
//! and what that does to reputations.

pub mod bids;
pub mod document;
pub mod gantt;
pub mod load;
pub mod managers;
pub mod metrics;
pub mod reputation;
pub mod results;
pub mod tasks;
pub mod team;
#[cfg(test)]
mod tests;

use self::bids::{Bids, bids};
use self::gantt::{Gantt, gantt};
use self::load::{Loads, loads};
use self::managers::{Managers, managers};
use self::metrics::{Figures, figures};
use self::reputation::{Reputations, reputations};
use self::results::{Results, results};
use self::tasks::{Tasks, tasks};
use self::team::{Coverage, coverage};
use crate::coordination::shown::Look;
use crate::coordination::work::job::{Job, Phase};
use crate::coordination::work::metrics::Metrics;
use crate::coordination::work::role::Work;
use crate::coordination::work::standing::Standing;
use crate::coordination::work::synthesis::{PartEnd, Synthesis, Warning};
use crate::coordination::work::task::TaskId;
use crate::playback::Run;
use crate::playback::frame::work::{WorkFrame, managers_frame};
use crate::playback::frame::{Cast, Frame};
use crate::protocol::words::counted;
use crate::sim::AgentId;
use crate::view::why;

/// Everything the panels say about the work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkView {
    /// The task that is shown, and what it is.
    pub name: String,
    pub manner: String,
    /// The deciding words, and the rest of the sentence.
    pub strong: String,
    pub rest: String,
    /// What a person should know of the result.
    pub warnings: Vec<String>,
    /// Where there are several.
    pub tasks: Option<Tasks>,
    pub gantt: Option<Gantt>,
    pub bids: Option<Bids>,
    pub coverage: Option<Coverage>,
    pub results: Option<Results>,
    pub loads: Option<Loads>,
    pub reputations: Reputations,
    pub figures: Option<Figures>,
    /// Where managers have boards of their own.
    pub managers: Option<Managers>,
}

/// What the panels say; nothing where nobody works.
#[must_use]
pub fn work_view(run: &Run, frame: &Frame, look: &Look) -> Option<WorkView> {
    let cast = run.cast();
    let whole = frame.work.as_ref()?;
    let manager = look.selected.and_then(|agent| run.manager_of(agent));
    let of_manager = manager.and_then(|manager| {
        managers_frame(run.simulation(), manager, look.of("task", Some(manager)))
    });
    let work = of_manager.as_ref().unwrap_or(whole);
    let metrics = run.peek::<Work>().and_then(|peek| Metrics::new(&peek));
    let metrics = metrics.as_ref();
    let mut view = WorkView {
        name: "Work".to_owned(),
        strong: "No task".to_owned(),
        rest: " has come in yet.".to_owned(),
        tasks: tasks(work, cast),
        reputations: reputations(work, cast),
        loads: metrics.and_then(|metrics| loads(run, frame, work, metrics)),
        figures: metrics.map(figures),
        managers: managers(run, work),
        ..WorkView::default()
    };
    if let Some((task, job)) = &work.shown {
        view.name.clone_from(&job.spec.name);
        view.manner = manner(job);
        (view.strong, view.rest) = lead(job, work, cast);
        view.warnings = warnings(job, work, cast);
        view.gantt = gantt(job, work, frame.time_us, cast);
        let watch = run.simulation().observer.watches.work.as_ref()?;
        let coordinator = cast.coordinator?;
        let was_there = |agent| watch.was_there((coordinator, *task), agent);
        view.bids = bids(job, work, cast, was_there);
        if let Some(bids) = view.bids.as_mut().filter(|_| job.awarded_us().is_some()) {
            bids.why = why::award(run, frame, manager.unwrap_or(coordinator), *task);
        }
        // Who of its workers covers what is on a manager's own board.
        view.coverage = coverage(job, cast).filter(|_| !is_managed(job, work));
        view.results = results(job, work, cast);
    }
    Some(view)
}

/// "Q1 product launch, complex".
fn manner(job: &Job) -> String {
    let complexity = job.spec.complexity.name();
    match job.spec.title.as_str() {
        "" => complexity.to_owned(),
        title => format!("{title}, {complexity}"),
    }
}

/// So many parts are done.
fn parts_done(job: &Job) -> usize {
    job.parts.iter().filter(|part| matches!(part.end, Some(PartEnd::Done { .. }))).count()
}

/// Whether it is with a manager, which has others do it.
fn is_managed(job: &Job, work: &WorkFrame) -> bool {
    let manages = |agent: &AgentId| {
        let worker = work.workers.get(agent.index()).and_then(Option::as_ref);
        worker.is_some_and(|it| it.is_manager)
    };
    job.team.members.iter().any(manages)
}

/// How the task stands, in a sentence.
fn lead(job: &Job, work: &WorkFrame, cast: &Cast) -> (String, String) {
    let (done, parts) = (parts_done(job), job.parts.len());
    let (strong, rest) = match job.phase {
        Phase::Waiting if job.stalled => {
            ("Nobody is free".to_owned(), ", it is asked again.".to_owned())
        }
        Phase::Waiting if job.spec.depends_on.is_empty() => {
            ("It waits".to_owned(), " for its turn.".to_owned())
        }
        Phase::Waiting => {
            ("It waits".to_owned(), format!(" for {}.", job.spec.depends_on.join(" and ")))
        }
        Phase::Announced => {
            let skills = words_of(&job.spec.skills, "no skill in particular");
            let answered = format!("{} of {}", job.answers.len(), job.asked.len());
            (answered, format!(" have said whether they can help: it asks for {skills}."))
        }
        Phase::Working if parts == 1 => {
            let agent = job.parts[0].running().map(|it| it.agent);
            let name = agent.map_or("Somebody", |agent| cast.name(agent));
            let does = if is_managed(job, work) {
                " has those below it do it."
            } else {
                " does it alone."
            };
            (name.to_owned(), does.to_owned())
        }
        Phase::Working => {
            let waiting: Vec<_> =
                job.parts.iter().map(|part| (part, job.waits_for(part))).collect();
            let waiting: Vec<_> = waiting.into_iter().filter(|(_, it)| !it.is_empty()).collect();
            let running = parts.saturating_sub(done + waiting.len());
            let are = if running == 1 { "is" } else { "are" };
            let waits = waiting.into_iter().map(|(part, before)| {
                format!(" {} waits for {}.", part.focus(), words_of(&before, ""))
            });
            let waits: String = waits.collect();
            (
                format!("{done} of {parts} parts"),
                format!(" came back, {running} {are} worked on.{waits}"),
            )
        }
        Phase::Ended => match Standing::of(job) {
            Standing::Failed => ("It has failed".to_owned(), format!(": {}.", reason(job))),
            standing => {
                let strong = if standing == Standing::Done { "Done" } else { "Done in part" };
                (strong.to_owned(), format!(": {}.", came_to(job)))
            }
        },
    };
    (strong, rest)
}

fn reason(job: &Job) -> String {
    job.reason.as_ref().map_or_else(|| "nothing of it was done".to_owned(), |it| it.words())
}

/// "3 parts, quality 91".
fn came_to(job: &Job) -> String {
    let (done, parts) = (parts_done(job), job.parts.len());
    let parts =
        if done == parts { counted(parts, "part") } else { format!("{done} of {parts} parts") };
    match job.synthesis.as_ref().and_then(|it| it.quality) {
        Some(quality) => format!("{parts}, quality {quality}"),
        None => parts,
    }
}

/// What to know of the result. A manager adds up what its workers give: there they cannot differ.
fn warnings(job: &Job, work: &WorkFrame, cast: &Cast) -> Vec<String> {
    let name = |agent: AgentId| cast.name(agent).to_owned();
    let counts = |it: &&Warning| work.manager.is_none() || !matches!(it, Warning::Conflict { .. });
    let of = |synthesis: &Synthesis| {
        let warnings = synthesis.warnings.iter().filter(counts);
        warnings.map(|warning| warning.words(&name)).collect::<Vec<_>>()
    };
    job.synthesis.as_ref().map(|synthesis| of(synthesis)).unwrap_or_default()
}

/// Several things in a sentence: "marketing, finance and analytics".
fn words_of<T: AsRef<str>>(things: &[T], none: &str) -> String {
    match things {
        [] => none.to_owned(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

/// What came of a task: "campaign_001 is done: 3 parts, quality 91; cost 55000 is above the budget of 50000".
pub(super) fn ended(task: TaskId, frame: &Frame, cast: &Cast) -> Option<String> {
    let work = frame.work.as_ref()?;
    let (shown, job) = work.shown.as_ref()?;
    if *shown != task || job.phase != Phase::Ended {
        return one_of_many(task, work, cast);
    }
    let name = &job.spec.name;
    let standing = Standing::of(job);
    if standing == Standing::Failed {
        return Some(format!("{name} has failed: {}", reason(job)));
    }
    let done = if standing == Standing::Done { "is done" } else { "is done in part" };
    let mut text = format!("{name} {done}: {}", came_to(job));
    if let Some(warning) = warnings(job, work, cast).first() {
        text = format!("{text}; {warning}");
    }
    Some(text)
}

/// How many tasks are done with this one: "task-20 is done: 20 of 50".
fn one_of_many(task: TaskId, work: &WorkFrame, cast: &Cast) -> Option<String> {
    let is_done = |it: &&Standing| **it == Standing::Done;
    let (done, all) = (work.tasks.iter().filter(is_done).count(), work.tasks.len());
    let standing = work.tasks.get(task as usize)?;
    let name = cast.task(cast.coordinator, task);
    (all > 1 && is_done(&standing)).then(|| format!("{name} is done: {done} of {all}"))
}

/// Who does a task together, when it has just been awarded.
pub(super) fn awarded(task: TaskId, frame: &Frame, cast: &Cast) -> Option<String> {
    let (shown, job) = frame.work.as_ref()?.shown.as_ref()?;
    let is_first = |job: &Job| job.parts.iter().all(|part| part.attempts.len() < 2);
    if *shown != task || job.team.members.len() < 2 || !is_first(job) {
        return None;
    }
    let names: Vec<&str> = job.team.members.iter().map(|member| cast.name(*member)).collect();
    Some(format!("{} do {} together", words_of(&names, ""), job.spec.name))
}

/// The last word of a run: what came of its work.
pub(super) fn last_word(frame: &Frame, cast: &Cast) -> Option<String> {
    let work = frame.work.as_ref()?;
    match work.tasks.as_slice() {
        [] => None,
        [_] => ended(0, frame, cast),
        tasks => Some(format!("{} tasks: {}", tasks.len(), tasks::counts(tasks))),
    }
}

/// Seconds with one decimal, rounded half up: "2.8 s".
fn tenths(time_us: u64) -> String {
    let tenths = time_us.saturating_add(50_000) / 100_000;
    format!("{}.{} s", tenths / 10, tenths % 10)
}
