//! An agent of a swarm that shares out work: what it carries, how far it is, and in a word what it does.

use super::Ring;
use crate::coordination::figure::between;
use crate::coordination::work::job::{Answer, AttemptEnd, Job, Phase};
use crate::coordination::work::standing::Standing;
use crate::coordination::work::synthesis::PartEnd;
use crate::playback::frame::Frame;
use crate::playback::frame::work::WorkFrame;
use crate::sim::{AgentId, LocalTime};

/// What is drawn of an agent's work.
pub(super) struct Working {
    /// What it carries, of all it can.
    pub level: f64,
    pub ring: Ring,
    /// Its part of the task that is shown has come back: whether it is done.
    pub result: Option<bool>,
    /// Of 1, as it is now.
    pub reputation: f64,
}

/// Nothing where nobody works, and of who is down.
pub(super) fn working(frame: &Frame, agent: AgentId) -> Option<Working> {
    let work = frame.work.as_ref().filter(|_| frame.proposal().is_none())?;
    let worker = work.workers.get(agent.index())?.as_ref()?;
    let shown = work.shown.as_ref().map(|(_, job)| job);
    let result = shown.and_then(|job| last_end(job, agent)).and_then(|(end, _)| match end {
        AttemptEnd::Done => Some(true),
        AttemptEnd::Failed | AttemptEnd::Expired => Some(false),
        AttemptEnd::NotTaken(_) | AttemptEnd::Cancelled => None,
    });
    let refused = shown.is_some_and(|job| has_refused(job, agent));
    let ring = match worker.doing {
        Some(doing) => Ring::Progress(f64::from(doing.permille) / 1_000.0),
        None if result == Some(true) => Ring::Progress(1.0),
        None if refused => Ring::Open,
        None => Ring::None,
    };
    let level = f64::from(worker.load) / f64::from(worker.capacity.max(1));
    let reputation = work.reputations.get(&agent).map_or(100, |record| record.score);
    Some(Working {
        level: between(level, 0.0, 1.0),
        ring,
        result: result.filter(|_| worker.doing.is_none()),
        reputation: f64::from(reputation) / 150.0,
    })
}

/// Whether the agent said that it does not bid.
fn has_refused(job: &Job, agent: AgentId) -> bool {
    job.refusals().any(|(it, _)| it == agent)
}

/// How the agent's last attempt at the task ended, and when.
fn last_end(job: &Job, agent: AgentId) -> Option<(AttemptEnd, LocalTime)> {
    let attempts = job.parts.iter().flat_map(|part| &part.attempts);
    let own = attempts.filter(|attempt| attempt.agent == agent);
    own.filter_map(|attempt| attempt.end).max_by_key(|(_, at_us)| *at_us)
}

/// "0.4 s", rounded up: what is to be done is not done yet.
fn seconds_left(time_us: u64) -> String {
    let tenths = time_us.div_ceil(100_000);
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// What the agent does, in a word.
pub(super) fn doing(frame: &Frame, agent: AgentId, counter: bool) -> String {
    let Some(work) = frame.work.as_ref().filter(|_| frame.proposal().is_none()) else {
        return String::new();
    };
    if counter {
        return coordinating(work);
    }
    let Some(worker) = work.workers.get(agent.index()).and_then(Option::as_ref) else {
        return String::new();
    };
    if let Some(doing) = worker.doing {
        let more =
            if worker.waiting > 0 { format!(", {} more", worker.waiting) } else { String::new() };
        return format!("{} %, {} to go{more}", doing.permille / 10, seconds_left(doing.left_us));
    }
    if !worker.healthy {
        return "not healthy".to_owned();
    }
    let Some((_, job)) = &work.shown else { return String::new() };
    if let Some((end, at_us)) = last_end(job, agent) {
        let at_us = work.clock.virtual_us(at_us);
        let at = format!("{}.{} s", at_us / 1_000_000, at_us / 100_000 % 10);
        return match end {
            AttemptEnd::Done => format!("done at {at}"),
            AttemptEnd::Failed => format!("failed at {at}"),
            AttemptEnd::Expired => format!("out of time at {at}"),
            AttemptEnd::NotTaken(_) => "could not take it".to_owned(),
            AttemptEnd::Cancelled => "called off".to_owned(),
        };
    }
    let is_open = job.phase == Phase::Announced;
    let bids =
        job.answers.iter().any(|(it, answer)| *it == agent && matches!(answer, Answer::Bid(_)));
    let words = match (has_refused(job, agent), is_open) {
        (true, _) => "did not bid",
        (false, true) if bids => "bids",
        (false, false) if job.team.members.contains(&agent) => return waits(job, agent),
        (false, false) if job.ranking.iter().any(|(it, _)| *it == agent) => "not chosen",
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

/// What the coordinator has of the task that is shown, or of many.
fn coordinating(work: &WorkFrame) -> String {
    let ended =
        |it: &&Standing| matches!(it, Standing::Done | Standing::Partial | Standing::Failed);
    if work.tasks.len() > 1 {
        let ended = work.tasks.iter().filter(ended).count();
        return format!("{ended} of {} tasks", work.tasks.len());
    }
    let Some((_, job)) = &work.shown else { return String::new() };
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::doing;
    use crate::playback::frame::Frame;
    use crate::playback::{Command, Run};
    use crate::scenario::gallery;
    use crate::sim::AgentId;

    #[test]
    fn a_member_whose_part_comes_after_another_says_what_it_waits_for() {
        let scenario = gallery::find("budget-question").and_then(gallery::Entry::scenario);
        let mut run = Run::new(Arc::new(scenario.unwrap()), 7).unwrap();
        let mut said = |time_us| {
            run.apply(&Command::AdvanceTo { time_us, budget: u64::MAX }).unwrap();
            let mut frame = Frame::default();
            run.frame(&mut frame);
            doing(&frame, AgentId(2), false)
        };
        assert_eq!(said(1_000_000), "waits for marketing");
        assert_eq!(said(2_800_000), "28 %, 0.9 s to go");
    }
}
