//! What became of the work, for people.

use std::fmt::Write as _;

use engine::playback::Report;
use engine::playback::report::{MetricsReport, QuestionReport, TaskReport};
use engine::scenario::name::visible;
use engine::view::sentence::seconds;

/// Tasks of which more than this many are told one by one.
const TASKS_MAX: usize = 12;

/// Tasks, scores, reputations and figures; nothing of a swarm that does not work.
pub fn write_work(text: &mut String, report: &Report) -> std::fmt::Result {
    let (Some(tasks), Some(metrics)) = (&report.tasks, &report.metrics) else { return Ok(()) };
    for (name, task) in tasks.iter().take(TASKS_MAX) {
        write_task(text, name, task)?;
        let scores = report.scores.iter().flat_map(|scores| scores.get(name)).flatten();
        let mut scores: Vec<_> = scores.collect();
        scores.sort_by(|(_, one), (_, other)| other.total.total_cmp(&one.total));
        if tasks.len() == 1 {
            for (agent, score) in scores {
                writeln!(
                    text,
                    "  {agent:20} {:.1} = {:.1} reputation + {:.1} skill + {:.1} free",
                    score.total, score.reputation, score.skill, score.load
                )?;
            }
        }
    }
    if tasks.len() > TASKS_MAX {
        writeln!(text, "\nand {} tasks more", tasks.len() - TASKS_MAX)?;
    }
    write_questions(text, report.questions.as_deref().unwrap_or_default())?;
    let mut standings: Vec<_> = report.reputation.iter().flatten().collect();
    standings.sort_by(|(a, one), (b, other)| (other.score, *a).cmp(&(one.score, *b)));
    writeln!(text, "\nReputation:")?;
    for (agent, standing) in standings {
        let changes = standing.history.len();
        let outcomes = if changes == 1 { "outcome" } else { "outcomes" };
        writeln!(
            text,
            "  {agent:20} {:3}  {}, {changes} {outcomes}",
            standing.score, standing.tier
        )?;
    }
    write_metrics(text, metrics)
}

fn write_questions(text: &mut String, questions: &[QuestionReport]) -> std::fmt::Result {
    if !questions.is_empty() {
        writeln!(text, "\nQuestions:")?;
    }
    for it in questions {
        write!(text, "  {} asked {} for {}: ", it.agent, it.asked, visible(&it.key))?;
        match &it.value {
            Some(value) => write!(text, "{}", visible(&value.0.to_string()))?,
            None if it.given_up => write!(text, "no reply in time")?,
            None => write!(text, "no reply yet")?,
        }
        match it.changes {
            0 => writeln!(text)?,
            1 => writeln!(text, ", after a change")?,
            changes => writeln!(text, ", after {changes} changes")?,
        }
    }
    Ok(())
}

fn write_task(text: &mut String, name: &str, task: &TaskReport) -> std::fmt::Result {
    write!(text, "\n{name}: {}", task.status.to_uppercase())?;
    if let Some(quality) = task.quality {
        write!(text, ", quality {quality}")?;
    }
    if !task.agents.is_empty() {
        write!(text, ", by {}", task.agents.join(", "))?;
    }
    if let (Some(started_us), Some(finished_us)) = (task.started_us, task.finished_us) {
        write!(text, ", {} s", seconds(finished_us.saturating_sub(started_us)))?;
    }
    if let Some(reason) = &task.reason {
        write!(text, ": {}", visible(reason))?;
    }
    writeln!(text)?;
    if task.parallel_us < task.sequential_us {
        let (one, all) = (seconds(task.sequential_us), seconds(task.parallel_us));
        writeln!(text, "  one by one {one} s, at the same time {all} s")?;
    }
    for warning in &task.warnings {
        writeln!(text, "  warning: {}", visible(warning))?;
    }
    Ok(())
}

fn write_metrics(text: &mut String, metrics: &MetricsReport) -> std::fmt::Result {
    let MetricsReport { tasks, done, partial, failed, .. } = metrics;
    writeln!(text, "\nTasks: {tasks}, {done} done, {partial} in part, {failed} failed")?;
    let (rate, load) = (metrics.tasks_per_second, metrics.average_load * 100.0);
    let peak = metrics.peak_load * 100.0;
    writeln!(
        text,
        "  {rate:.2} done per second, load {load:.1} % on average, {peak:.0} % at most"
    )?;
    if metrics.late_results > 0 || metrics.refused_tasks > 0 {
        let (late, refused) = (metrics.late_results, metrics.refused_tasks);
        writeln!(text, "  {late} results came too late, {refused} tasks were refused")?;
    }
    let (mean, deviation) = (metrics.mean_reputation, metrics.reputation_deviation);
    writeln!(text, "  reputation {mean:.1} on average, standard deviation {deviation:.1}")
}
