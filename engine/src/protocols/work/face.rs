//! An agent of a swarm that shares out work, on the stage: its load, its progress, and in a word what it does.

use super::job::{Answer, AttemptEnd, Job, Phase};
use super::overview::{AtWork, Overview};
use super::role::Work;
use super::standing::Standing;
use super::synthesis::PartEnd;
use crate::common::reputation::Reputation;
use crate::common::shown::{Face, FaceRing, Look, Peek, Voting, has_words};
use crate::sim::{AgentId, LocalTime};

/// All of them, by agent; none where something is put to the vote.
pub(super) fn faces(peek: &dyn Peek<Work>, look: &Look) -> Vec<Option<Face>> {
    let work = Overview::whole(peek, look).filter(|_| peek.voting() == Voting::Nothing);
    let Some(work) = work else { return Vec::new() };
    let parts = parts(&work);
    let agents = (0..).map(AgentId).zip(&parts);
    let words = |agent| has_words(peek, look, agent);
    agents.map(|(agent, part)| face(&work, agent, part, words(agent))).collect()
}

/// An agent's part in the task that is shown.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// The end of its last attempt, and when that was.
    end: Option<(AttemptEnd, LocalTime)>,
    bids: bool,
    /// It said that it does not bid.
    has_refused: bool,
    is_ranked: bool,
}

/// The parts of all agents, in one pass over the task.
fn parts(work: &Overview<'_>) -> Vec<Part> {
    let mut parts = vec![Part::default(); work.peek.agents() as usize];
    let mut of = |agent: AgentId, tell: &dyn Fn(&mut Part)| {
        if let Some(part) = parts.get_mut(agent.index()) {
            tell(part);
        }
    };
    let Some((_, job)) = work.shown else { return parts };
    for attempt in job.parts.iter().flat_map(|part| &part.attempts) {
        let Some(end) = attempt.end else { continue };
        let is_older = |part: &Part| part.end.is_none_or(|(_, at_us)| at_us <= end.1);
        of(attempt.agent, &|part| {
            if is_older(part) {
                part.end = Some(end);
            }
        });
    }
    for (agent, answer) in job.answers.iter() {
        of(*agent, &|part| part.bids |= matches!(answer, Answer::Bid(_)));
    }
    for (agent, _) in job.refusals() {
        of(agent, &|part| part.has_refused = true);
    }
    for (agent, _) in job.ranking.iter() {
        of(*agent, &|part| part.is_ranked = true);
    }
    parts
}

/// Nothing of an agent that is down.
fn face(work: &Overview<'_>, agent: AgentId, part: &Part, has_words: bool) -> Option<Face> {
    if agent == work.agent {
        return Some(Face { is_hub: true, second: coordinating(work), ..Face::default() });
    }
    let worker = work.at_work(agent)?;
    let result = part.end.and_then(|(end, _)| match end {
        AttemptEnd::Done => Some(true),
        AttemptEnd::Failed | AttemptEnd::Expired => Some(false),
        AttemptEnd::NotTaken(_) | AttemptEnd::Moved | AttemptEnd::Cancelled => None,
    });
    let ring = match worker.doing {
        Some(doing) => Some(FaceRing::Progress(doing.permille.min(1_000) as u16)),
        None if result == Some(true) => Some(FaceRing::Progress(1_000)),
        None => part.has_refused.then_some(FaceRing::Open),
    };
    let permille = |part: u32, whole: u32| {
        let (part, whole) = (u64::from(part), u64::from(whole.max(1)));
        ((part * 2_000 + whole) / (whole * 2)).min(1_000) as u16
    };
    let reputation = work.board.standings.of(agent);
    Some(Face {
        level_permille: Some(permille(worker.load, worker.capacity)),
        ring,
        result: result.filter(|_| worker.doing.is_none()),
        reputation_permille: Some(permille(reputation, Reputation::MAX)),
        second: if has_words { doing(work, agent, &worker, part) } else { String::new() },
        ..Face::default()
    })
}

/// "0.4 s", rounded up: what is to be done is not done yet.
fn seconds_left(time_us: u64) -> String {
    let tenths = time_us.div_ceil(100_000);
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// The agent's work, in a word.
fn doing(work: &Overview<'_>, agent: AgentId, worker: &AtWork, part: &Part) -> String {
    if let Some(doing) = worker.doing {
        let more =
            if worker.waiting > 0 { format!(", {} more", worker.waiting) } else { String::new() };
        let paused =
            if worker.paused > 0 { format!(", {} paused", worker.paused) } else { String::new() };
        let left = seconds_left(doing.left_us);
        return format!("{} %, {left} to go{more}{paused}", doing.permille / 10);
    }
    if worker.paused > 0 {
        return format!("{} paused", worker.paused);
    }
    if !worker.healthy {
        return "not healthy".to_owned();
    }
    let Some((_, job)) = work.shown else { return String::new() };
    if let Some((end, at_us)) = part.end {
        let at_us = work.clock.virtual_us(at_us);
        let at = format!("{}.{} s", at_us / 1_000_000, at_us / 100_000 % 10);
        return match end {
            AttemptEnd::Done => format!("done at {at}"),
            AttemptEnd::Failed => format!("failed at {at}"),
            AttemptEnd::Expired => format!("out of time at {at}"),
            AttemptEnd::NotTaken(_) => "could not take it".to_owned(),
            AttemptEnd::Moved => "let another have it".to_owned(),
            AttemptEnd::Cancelled => "called off".to_owned(),
        };
    }
    let is_open = job.phase == Phase::Announced;
    let words = match (part.has_refused, is_open) {
        (true, _) => "did not bid",
        (false, true) if part.bids => "bids",
        (false, false) if job.team.members.contains(&agent) => return waits(job, agent),
        (false, false) if part.is_ranked => "not chosen",
        _ => "",
    };
    words.to_owned()
}

/// "waits for marketing", of a member whose part comes after others.
fn waits(job: &Job, agent: AgentId) -> String {
    let own = job.team.by_skill.iter().filter(|(_, taker)| *taker == agent);
    let mut parts = own.filter_map(|(skill, _)| {
        let part = job.parts.iter().find(|part| part.focus() == *skill && part.end.is_none())?;
        job.waits_for(part).first().cloned()
    });
    parts.next().map_or_else(String::new, |skill| format!("waits for {skill}"))
}

/// The results that the coordinator has of the task that is shown, or of many.
fn coordinating(work: &Overview<'_>) -> String {
    let ended = |it: &Standing| matches!(it, Standing::Done | Standing::Partial | Standing::Failed);
    let tasks = work.board.jobs.len();
    if tasks > 1 {
        return format!("{} of {tasks} tasks", work.standings().filter(ended).count());
    }
    let Some((_, job)) = work.shown else { return String::new() };
    let done = job.parts.iter().filter(|it| matches!(it.end, Some(PartEnd::Done { .. }))).count();
    match job.phase {
        Phase::Waiting => String::new(),
        Phase::Announced => "asks who can help".to_owned(),
        Phase::Working | Phase::Ended => match (done, job.parts.len()) {
            (done, 1) => format!("has {done} result of 1"),
            (1, parts) => format!("has 1 result of {parts}"),
            (done, parts) => format!("has {done} results of {parts}"),
        },
    }
}
