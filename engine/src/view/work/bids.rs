//! Who bid for a task and how suitable they were, in the parts of their scores; and who did not, and why.

use crate::coordination::work::assess::Check;
use crate::coordination::work::job::{Answer, Job, Phase};
use crate::coordination::work::task::TaskId;
use crate::playback::frame::Cast;
use crate::playback::frame::work::WorkFrame;
use crate::sim::AgentId;
use crate::view::figure::{milli_short, seconds};

/// So many bids are told of one by one, and so many refusals.
const ROWS_MAX: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bids {
    /// "3 of 4, ranked at 0.078".
    pub hint: String,
    /// What the parts are, and what each is multiplied by: "reputation × 0.4".
    pub parts: [String; 3],
    /// The best first.
    pub rows: Vec<Bid>,
    pub more: usize,
    pub others: Vec<Other>,
    pub more_others: usize,
    /// The most that any came to, in thousandths of a point.
    pub most_milli: u64,
    /// Its number, once it was awarded: the log can tell why.
    pub why: Option<TaskId>,
}

/// A bid that was weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bid {
    pub agent: AgentId,
    pub name: String,
    /// Reputation, skill and what is free, in thousandths of a point, and in words.
    pub parts: [(u64, String); 3],
    pub total: String,
    /// It is in the team.
    pub chosen: bool,
}

/// An agent without a bid that was weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    pub agent: AgentId,
    pub name: String,
    /// "no bid: has none of the skills".
    pub words: String,
    pub bids: bool,
}

/// Points with at most one decimal.
fn points(points_milli: u64) -> String {
    milli_short((points_milli + 50) / 100 * 100)
}

/// "reputation × 0.4".
fn weight(name: &str, hundredths: u32) -> String {
    format!("{name} × {}", milli_short(u64::from(hundredths) * 10))
}

/// Nothing before it was announced.
pub(super) fn bids(job: &Job, work: &WorkFrame, cast: &Cast) -> Option<Bids> {
    if job.answers.is_empty() && job.ranking.is_empty() {
        return None;
    }
    let name = |agent: AgentId| cast.name(agent).to_owned();
    let rows = job.ranking.iter().take(ROWS_MAX).map(|(agent, score)| Bid {
        agent: *agent,
        name: name(*agent),
        parts: [score.reputation_milli, score.skill_milli, score.load_milli]
            .map(|part| (part, points(part))),
        total: points(score.total_milli()),
        chosen: job.team.members.contains(agent),
    });
    let is_open = job.phase == Phase::Announced;
    let others = job.answers.iter().filter_map(|(agent, answer)| {
        let (words, bids) = match answer {
            Answer::Bid(_) if is_open => ("bids".to_owned(), true),
            Answer::Bid(_) => return None,
            Answer::No(_) | Answer::Later(_) => {
                let words = answer.check().map_or("", Check::words);
                (format!("no bid: {words}"), false)
            }
        };
        Some(Other { agent: *agent, name: name(*agent), words, bids })
    });
    let mut others: Vec<Other> = others.collect();
    let more_others = others.len().saturating_sub(ROWS_MAX);
    others.truncate(ROWS_MAX);
    let came = job.answers.iter().filter(|(_, answer)| matches!(answer, Answer::Bid(_))).count();
    let hint = match (is_open, job.awarded_us()) {
        (false, Some(at_us)) => format!("{came} of {}, ranked at {}", job.asked, seconds(at_us)),
        (false, None) => format!("{came} of {}", job.asked),
        (true, _) => format!("{came} of {} so far", job.asked),
    };
    let policy = work.policy;
    // What was said to the last announcement is weighed anew: the ranking before it is over.
    let rows: Vec<Bid> = if is_open { Vec::new() } else { rows.collect() };
    let most = job.ranking.iter().map(|(_, score)| score.total_milli()).max();
    Some(Bids {
        hint,
        parts: [
            weight("reputation", policy.reputation),
            weight("skill", policy.skill),
            weight("free", policy.load),
        ],
        more: if is_open { 0 } else { job.ranking.len().saturating_sub(ROWS_MAX) },
        rows,
        others,
        more_others,
        most_milli: most.unwrap_or(1).max(1),
        why: work.shown.as_ref().map(|(task, _)| *task).filter(|_| job.awarded_us().is_some()),
    })
}
