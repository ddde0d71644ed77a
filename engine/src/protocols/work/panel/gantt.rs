//! Who works on a task when, and how long it would take one after the other.

use super::tenths;
use crate::protocol::document::SpanLook;
use crate::protocols::work::account::{Account, Try};
use crate::protocols::work::job::{Attempt, AttemptEnd, Job, PartJob};
use crate::protocols::work::overview::Overview;
use crate::protocols::work::reputation::Outcome;
use crate::protocols::work::standing::Standing;
use crate::protocols::work::synthesis::PartEnd;
use crate::protocols::work::talk::Lease;
use crate::protocols::work::task::TaskId;
use crate::sim::AgentId;

/// Times are since the task was first awarded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gantt {
    pub lanes: Vec<Lane>,
    /// How far the picture reaches.
    pub span_us: u64,
    /// Where the playhead is, as long as somebody works on it.
    pub now_us: Option<u64>,
    /// The parts one after the other: the agent, and how long it takes.
    pub one_by_one: Vec<(String, u64)>,
    /// How long they take at the same time.
    pub together_us: u64,
    /// "2.8 s", and ", not 6.6 s: 2.4 times faster".
    pub strong: String,
    pub rest: String,
}

/// The work of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    pub agent: AgentId,
    pub name: String,
    pub bars: Vec<Bar>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub from_us: u64,
    pub to_us: u64,
    /// As far as it will go at the speed of now.
    pub until_us: u64,
    pub look: SpanLook,
    /// "1.5 s", "lease expired".
    pub words: String,
    /// Its subject, with the same: "finance: done in 1.5 s".
    pub title: String,
}

/// Nothing before it was awarded.
pub(super) fn gantt(task: TaskId, job: &Job, work: &Overview<'_>) -> Option<Gantt> {
    let (start_us, now_us) = (work.clock.virtual_us(job.awarded_us()?), work.peek.now_us());
    let mut gantt = Gantt::default();
    let mut known = true;
    // From when the first began to when the last ends, waiting included.
    let mut span: Option<(u64, u64)> = None;
    for (place, part) in job.parts.iter().enumerate() {
        let mut takes = false;
        for (number, attempt) in part.attempts.iter().enumerate() {
            let lease = Lease { task, part: place as u16, attempt: number as u16 + 1 };
            let bars = match &attempt.account {
                Some(account) => {
                    let awarded_us = work.clock.virtual_us(attempt.awarded_us);
                    told(account, awarded_us.saturating_sub(start_us))
                }
                None => vec![bar(part, attempt, lease, work, (start_us, now_us))],
            };
            takes = bars.iter().any(|(.., counts)| *counts);
            for (agent, bar, counts) in bars {
                if counts {
                    let (first_us, last_us) = span.unwrap_or((bar.from_us, bar.until_us));
                    span = Some((first_us.min(bar.from_us), last_us.max(bar.until_us)));
                    let takes_us = bar.until_us - bar.from_us;
                    gantt.one_by_one.push((work.name(agent).to_owned(), takes_us));
                }
                add(&mut gantt.lanes, agent, bar, work);
            }
        }
        known &= takes;
    }
    let ends = gantt.lanes.iter().flat_map(|lane| &lane.bars).map(|bar| bar.until_us);
    let one_by_one_us: u64 = gantt.one_by_one.iter().map(|(_, takes_us)| takes_us).sum();
    gantt.together_us = span.map_or(0, |(first_us, last_us)| last_us - first_us);
    if !known || gantt.one_by_one.len() < 2 {
        gantt.one_by_one.clear();
    } else {
        (gantt.strong, gantt.rest) = compared(job, gantt.together_us, one_by_one_us);
    }
    let shown_us = if gantt.one_by_one.is_empty() { 0 } else { one_by_one_us };
    gantt.span_us = ends.max().unwrap_or(0).max(shown_us).max(1);
    gantt.now_us = job.ended_us.is_none().then(|| now_us.saturating_sub(start_us));
    Some(gantt)
}

/// "2.8 s, not 6.6 s: 2.4 times faster".
fn compared(job: &Job, together_us: u64, one_by_one_us: u64) -> (String, String) {
    let faster = (one_by_one_us * 20).checked_div(together_us).unwrap_or(0).div_ceil(2);
    let will = if matches!(Standing::of(job), Standing::Working) { " at this speed" } else { "" };
    let one_by_one = tenths(one_by_one_us);
    let rest = match faster {
        _ if together_us > one_by_one_us => {
            format!("{will}, waiting included; its parts take {one_by_one} one by one.")
        }
        0..=10 => format!("{will}, as one after the other: nothing was done at the same time."),
        _ => format!("{will}, not {one_by_one}: {}.{} times faster", faster / 10, faster % 10),
    };
    (tenths(together_us), rest)
}

fn add(lanes: &mut Vec<Lane>, agent: AgentId, bar: Bar, work: &Overview<'_>) {
    match lanes.iter_mut().find(|lane| lane.agent == agent) {
        Some(lane) => lane.bars.push(bar),
        None => lanes.push(Lane { agent, name: work.name(agent).to_owned(), bars: vec![bar] }),
    }
}

/// The work of a manager's workers, as it has told.
fn told(account: &Account, awarded_us: u64) -> Vec<(AgentId, Bar, bool)> {
    let bar = |it: &Try| {
        let counts = matches!(it.outcome, Some(Outcome::Success { .. }));
        let from_us = awarded_us.saturating_add(it.after_us);
        let to_us = from_us + it.took_us;
        let words = tenths(it.took_us);
        let focus = if it.focus.is_empty() { "the whole" } else { &it.focus };
        let (look, title) = (SpanLook::Done, format!("{focus}: {words}"));
        (it.agent, Bar { from_us, to_us, until_us: to_us, look, words, title }, counts)
    };
    account.tries.iter().map(bar).filter(|(.., counts)| *counts).collect()
}

/// An attempt as a bar, and whether it counts, and how long it takes is known.
fn bar(
    part: &PartJob,
    attempt: &Attempt,
    lease: Lease,
    work: &Overview<'_>,
    (start_us, now_us): (u64, u64),
) -> (AgentId, Bar, bool) {
    let worker = work.at_work(attempt.agent);
    let doing = worker.and_then(|it| it.doing).filter(|doing| doing.lease == lease);
    let since = |time_us: u64| time_us.saturating_sub(start_us);
    let awarded_us = since(work.clock.virtual_us(attempt.awarded_us));
    let ended = attempt.end.map(|(end, at_us)| (end, since(work.clock.virtual_us(at_us))));
    let focus = match &*part.focus() {
        "" => "the whole".to_owned(),
        focus => focus.to_owned(),
    };
    let made = |from_us, to_us, until_us, look, words: String| {
        let title = format!("{focus}: {words}");
        Bar { from_us, to_us, until_us, look, words, title }
    };
    let (bar, counts) = match (ended, doing, &part.end) {
        (Some((AttemptEnd::Done, _)), _, Some(PartEnd::Done { began_us, took_us, .. })) => {
            let from_us = since(work.clock.virtual_us(*began_us));
            let to_us = from_us + took_us;
            (made(from_us, to_us, to_us, SpanLook::Done, tenths(*took_us)), true)
        }
        (Some((end, to_us)), ..) => {
            let (look, words) = match end {
                AttemptEnd::Failed | AttemptEnd::Done => (SpanLook::Failed, "failed"),
                AttemptEnd::Expired => (SpanLook::Expired, "lease over"),
                AttemptEnd::NotTaken(_) => (SpanLook::Off, "not taken"),
                AttemptEnd::Moved => (SpanLook::Off, "to another"),
                AttemptEnd::Cancelled => (SpanLook::Off, "called off"),
            };
            (made(awarded_us, to_us, to_us, look, words.to_owned()), false)
        }
        (None, Some(doing), _) => {
            let (from_us, to_us) = (since(doing.began_us), since(now_us));
            let until_us = to_us + doing.left_us;
            let takes_us = until_us - from_us.min(until_us);
            let bar = made(from_us, to_us, until_us, SpanLook::Running, tenths(takes_us));
            (bar, true)
        }
        (None, None, _) => {
            let to_us = since(now_us);
            let words = match attempt.taken {
                true if worker.is_some_and(|it| it.is_manager) => "with its workers",
                true => "not begun, or on its way",
                false => "on its way",
            };
            (made(awarded_us, to_us, to_us, SpanLook::Waiting, words.to_owned()), false)
        }
    };
    (attempt.agent, bar, counts)
}
