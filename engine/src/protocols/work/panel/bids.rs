//! Who bid for a task and how suitable they were, in the parts of their scores; and who did not, and why.

use crate::common::figure::{milli_short, seconds};
use crate::protocols::work::assess::Check;
use crate::protocols::work::boards::worker_of;
use crate::protocols::work::job::{Answer, Job, Phase};
use crate::protocols::work::overview::Overview;
use crate::protocols::work::task::TaskId;
use crate::sim::{AgentId, EventId};

/// So many bids are told of one by one, and so many refusals.
const ROWS_MAX: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bids {
    /// "3 of 4, ranked at 0.078".
    pub hint: String,
    /// The parts of a score, and their weights: "reputation × 0.4".
    pub parts: [String; 3],
    /// The best first.
    pub rows: Vec<Bid>,
    pub more: usize,
    pub others: Vec<Other>,
    pub more_others: usize,
    /// The most that any came to, in thousandths of a point.
    pub most_milli: u64,
    /// The event of its award, which the log can explain.
    pub why: Option<EventId>,
}

/// A bid that was weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bid {
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
pub(super) fn bids(task: TaskId, job: &Job, work: &Overview<'_>) -> Option<Bids> {
    if job.asked.is_empty() && job.ranking.is_empty() {
        return None;
    }
    let name = |agent: AgentId| work.name(agent).to_owned();
    let rows = job.ranking.iter().take(ROWS_MAX).map(|(agent, score)| Bid {
        name: name(*agent),
        parts: [score.reputation_milli, score.skill_milli, score.load_milli]
            .map(|part| (part, points(part))),
        total: points(score.total_milli()),
        chosen: job.team.members.contains(agent),
    });
    let is_open = job.phase == Phase::Announced;
    let other = |agent, words: String, bids| Other { name: name(agent), words, bids };
    let bid = |(agent, answer): &(AgentId, Answer)| {
        let bids = is_open && matches!(answer, Answer::Bid(_));
        bids.then(|| other(*agent, "bids".to_owned(), true))
    };
    let mut others: Vec<Other> = job.answers.iter().filter_map(bid).collect();
    let no = |(agent, check): (AgentId, Check)| {
        other(agent, format!("no bid: {}", check.words()), false)
    };
    others.extend(job.refusals().map(no));
    if !is_open {
        others.extend(
            job.silent().into_iter().map(|it| other(it, "no answer in time".to_owned(), false)),
        );
    }
    // Those who could work now.
    let all = if work.manager.is_none() { work.peek.agents() } else { 0 };
    let works = (0..all).map(AgentId).filter(|agent| worker_of(work.peek, *agent).is_some());
    let unasked = works.filter(|agent| job.asked.binary_search(agent).is_err());
    let watch = work.peek.watch();
    others.extend(unasked.map(|it| {
        let was_there = watch.was_there((work.agent, task), it);
        let was = if was_there { "registered" } else { "there yet" };
        other(it, format!("not asked: it was not {was}"), false)
    }));
    let more_others = others.len().saturating_sub(ROWS_MAX);
    others.truncate(ROWS_MAX);
    let (came, asked) = (job.bids_came(), job.asked.len());
    let hint = match (is_open, job.awarded_us()) {
        (false, Some(at_us)) => {
            format!("{came} of {asked}, ranked at {}", seconds(work.clock.virtual_us(at_us)))
        }
        (false, None) => format!("{came} of {asked}"),
        (true, _) => format!("{came} of {asked} so far"),
    };
    let policy = work.board.policy;
    let is_kept = |event: &EventId| work.peek.event(*event).is_some();
    // The answers to the last announcement are weighed anew: the ranking before it is over.
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
        why: job.awarded_us().and(watch.award((work.agent, task))).filter(is_kept),
    })
}
