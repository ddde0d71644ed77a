//! Work that is shared out, for people: how a task stands, who bid and why who was chosen, who works when,
//! and what that does to reputations.

pub mod bids;
pub mod choice;
mod document;
pub mod figures;
pub mod gantt;
pub mod load;
pub mod managers;
pub mod queue;
pub mod reputation;
pub mod results;
pub mod shares;
pub mod tasks;
pub mod team;
#[cfg(test)]
mod tests;

use self::bids::{Bids, bids};
use self::choice::{Chosen, chosen};
pub(super) use self::document::{documents, whole};
use self::figures::{Figures, figures};
use self::gantt::{Gantt, gantt};
use self::load::{Loads, loads};
use self::managers::{Managers, managers};
use self::queue::{Queue, queue};
use self::reputation::{Reputations, reputations};
use self::results::{Results, results};
use self::shares::{Shares, shares};
use self::tasks::{Tasks, tasks};
use self::team::{Coverage, coverage};
use super::job::{Job, Phase};
use super::metrics::Metrics;
use super::overview::Overview;
use super::role::Work;
use super::standing::Standing;
use super::synthesis::{PartEnd, Synthesis, Warning};
use crate::common::shown::{Look, Peek};
use crate::protocol::words::counted;
use crate::sim::AgentId;

/// Everything the panels say about the work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panels {
    /// The task that is shown, and what it is.
    pub name: String,
    pub manner: String,
    /// The deciding words, and the rest of the sentence.
    pub strong: String,
    pub rest: String,
    /// The facts that a person should know of the result.
    pub warnings: Vec<String>,
    /// Where tasks are arbitrated.
    pub queue: Option<Queue>,
    /// Where there are several.
    pub tasks: Option<Tasks>,
    pub gantt: Option<Gantt>,
    pub bids: Option<Bids>,
    /// How a rule chose the agent.
    pub chosen: Option<Chosen>,
    /// Where there are many tasks.
    pub shares: Option<Shares>,
    pub coverage: Option<Coverage>,
    pub results: Option<Results>,
    pub loads: Option<Loads>,
    pub reputations: Reputations,
    pub figures: Option<Figures>,
    /// Where managers have boards of their own, and whose is shown if it is not the coordinator's.
    pub managers: Option<Managers>,
    pub manager: Option<AgentId>,
}

/// The panels as a person looks at the work; nothing where nobody works.
#[must_use]
pub fn panels(peek: &dyn Peek<Work>, look: &Look) -> Option<Panels> {
    let work = Overview::new(peek, look)?;
    let metrics = Metrics::new(peek);
    let mut panels = Panels {
        name: "Work".to_owned(),
        strong: "No task".to_owned(),
        rest: " has come in yet.".to_owned(),
        queue: queue(&work),
        tasks: tasks(&work),
        reputations: reputations(&work),
        loads: metrics.as_ref().and_then(|metrics| loads(&work, metrics)),
        figures: metrics.as_ref().map(figures),
        shares: shares(&work),
        managers: managers(&work),
        manager: work.manager,
        ..Panels::default()
    };
    if let Some((task, job)) = work.shown {
        panels.name.clone_from(&job.spec.name);
        panels.manner = manner(job);
        (panels.strong, panels.rest) = lead(job, &work);
        panels.warnings = warnings(job, &work);
        panels.gantt = gantt(task, job, &work);
        panels.bids = bids(task, job, &work);
        panels.chosen = chosen(job, &work);
        // Who of its workers covers what is on a manager's own board.
        panels.coverage = coverage(job, &work).filter(|_| !is_managed(job, &work));
        panels.results = results(job, &work);
    }
    Some(panels)
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
fn is_managed(job: &Job, work: &Overview<'_>) -> bool {
    let manages = |agent: &AgentId| work.at_work(*agent).is_some_and(|it| it.is_manager);
    job.team.members.iter().any(manages)
}

/// How the task stands, in a sentence.
fn lead(job: &Job, work: &Overview<'_>) -> (String, String) {
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
        Phase::Working if job.is_paused() => {
            let by = job.attempts().filter_map(|it| it.pauses.last()).last();
            let by = by.map_or("another", |pause| work.task(pause.by));
            ("It is paused".to_owned(), format!(": it makes way for {by}."))
        }
        Phase::Working if parts == 1 => {
            let agent = job.parts.first().and_then(|part| part.running()).map(|it| it.agent);
            let name = agent.map_or("Somebody", |agent| work.name(agent));
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

pub(super) fn reason(job: &Job) -> String {
    job.reason.as_ref().map_or_else(|| "nothing of it was done".to_owned(), |it| it.words())
}

/// "3 parts, quality 91".
pub(super) fn came_to(job: &Job) -> String {
    let (done, parts) = (parts_done(job), job.parts.len());
    let parts =
        if done == parts { counted(parts, "part") } else { format!("{done} of {parts} parts") };
    match job.synthesis.as_ref().and_then(|it| it.quality) {
        Some(quality) => format!("{parts}, quality {quality}"),
        None => parts,
    }
}

/// The facts to know of the result. A manager adds up what its workers give: there they cannot differ.
pub(super) fn warnings(job: &Job, work: &Overview<'_>) -> Vec<String> {
    let name = |agent: AgentId| work.name(agent).to_owned();
    let counts = |it: &&Warning| work.manager.is_none() || !matches!(it, Warning::Conflict { .. });
    let of = |synthesis: &Synthesis| {
        let warnings = synthesis.warnings.iter().filter(counts);
        warnings.map(|warning| warning.words(&name)).collect::<Vec<_>>()
    };
    job.synthesis.as_ref().map(|synthesis| of(synthesis)).unwrap_or_default()
}

/// Several things in a sentence: "marketing, finance and analytics".
pub(super) fn words_of<T: AsRef<str>>(things: &[T], none: &str) -> String {
    match things {
        [] => none.to_owned(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

/// Seconds with one decimal, rounded half up: "2.8 s".
fn tenths(time_us: u64) -> String {
    let tenths = time_us.saturating_add(50_000) / 100_000;
    format!("{}.{} s", tenths / 10, tenths % 10)
}
