//! The inspector: what one agent is, knows, has received and waits for, in words, and what of it
//! has changed since the last event.

mod document;
mod things;

use super::sentence::{message_name, sentence};
use crate::common::consensus::ballot::Vote;
use crate::common::figure::{local_seconds, milli, seconds, span};
use crate::playback::cast::{AgentInfo, Cast};
use crate::playback::frame::{MessageFrame, TimerFrame};
use crate::playback::inspect::{Inspection, Known, Node, PollInspection};
use crate::playback::requests::{RequestFate, requests};
use crate::playback::run::Run;
use crate::protocol::number::with_point;
use crate::protocol::rows::{TOLD_MAX, names_of, newest};
use crate::sim::{AgentId, EventId, Status};

pub use document::document;
pub use things::thing;

/// One thing about the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectorRow {
    /// Its name, unique among the rows; tests find it by this.
    pub label: &'static str,
    pub lines: Vec<String>,
    pub tone: Tone,
    /// Another than before the last event.
    pub changed: bool,
}

/// The colour of a row, besides its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Fault,
    Vote(Vote),
}

/// Everything about the agent. With `compare` what the last event changed is marked; that takes a
/// short replay.
#[must_use]
pub fn inspector(run: &Run, agent: AgentId, compare: bool) -> Vec<InspectorRow> {
    let Some(now) = run.inspect(agent) else { return Vec::new() };
    let mut rows = all_rows(run, &now);
    let before = if compare { run.inspect_before(agent) } else { None };
    let Some((before, first)) = before else { return rows };
    let old = all_rows(run, &before);
    for row in &mut rows {
        row.changed = old.iter().find(|it| it.label == row.label) != Some(row);
    }
    let happened = happened(run, agent, first);
    if !happened.is_empty() {
        rows.push(InspectorRow {
            label: "Changed",
            lines: happened,
            tone: Tone::Plain,
            changed: true,
        });
    }
    rows
}

/// Requests to it while it is paused or down.
fn asked_of(run: &Run, agent: AgentId) -> Vec<String> {
    if run.simulation().observer.requests.waiting() == 0 {
        return Vec::new();
    }
    let all = requests(run.cast(), run.simulation(), run.ended()).into_iter();
    let waits = all.filter(|it| it.agent == agent).filter_map(|it| match it.fate {
        RequestFate::Waits => Some(format!("the {}, once it is back", it.words())),
        RequestFate::NeverHeard => Some(format!("the {}, in vain", it.words())),
        RequestFate::NotDue | RequestFate::Heard | RequestFate::Refused => None,
    });
    waits.take(TOLD_MAX).collect()
}

/// The events of the last step at the agent.
fn happened(run: &Run, agent: AgentId, first: EventId) -> Vec<String> {
    let events = run.log().range(first, run.simulation().trace.len());
    let here = events.filter(|event| event.agent == agent);
    here.take(TOLD_MAX).map(|event| sentence(event, run.cast())).collect()
}

fn all_rows(run: &Run, now: &Inspection) -> Vec<InspectorRow> {
    let cast = run.cast();
    let mut rows = Vec::new();
    let mut tell = |label, lines: Vec<String>| {
        if !lines.is_empty() {
            rows.push(InspectorRow { label, lines, tone: Tone::Plain, changed: false });
        }
    };
    let rule = cast.agents.get(now.agent.index()).map(|info| info.mind.clone());
    tell("State", state(now));
    for (label, lines) in now.rows.iter().cloned() {
        tell(label, lines);
    }
    let never_votes = never_votes(run, now);
    match &now.node {
        // There is nothing to say of votes where there are none.
        Node::Member { known, .. } if never_votes && known.is_empty() => {}
        Node::Member { known, durable } => {
            let last = known.last();
            tell("Votes", vec![last.map_or("not yet", votes).to_owned()]);
            let asked = last.and_then(asked);
            tell("Rule", rule.into_iter().chain(asked).collect());
            tell("Knows", newest(known, "of no proposal", &|it| knows(it)));
            tell("Would keep", vec![kept(known, durable)]);
        }
        Node::Coordinator { polls } => {
            let none = if never_votes { "" } else { "no ballots yet" };
            tell("Counts", newest(polls, none, &|it| counts(it)));
            tell("Would keep", vec!["everything but refusals: it writes all of it down".into()]);
        }
    }
    tell("Is asked", asked_of(run, now.agent));
    tell("Waits for", waits_for(now, cast));
    tell("Inbox", newest(&now.inbox, "", &|message| waiting(message, cast)));
    let log = run.log();
    let received = now.received.iter().filter_map(|id| log.get(*id));
    let received = received.map(|event| {
        let from = cast.name(event.peer);
        format!("{} {} from {from}", seconds(event.time_us), message_name(event.kind))
    });
    tell("Received", received.collect());
    tell("Messages", vec![messages(now)]);
    tell("Own clock", vec![clock(now)]);
    for row in &mut rows {
        row.tone = tone(row, &now.node);
    }
    rows
}

/// Whether rows about votes would say nothing: the agent has a part in the protocol that leads this run.
fn never_votes(run: &Run, now: &Inspection) -> bool {
    now.status != Status::Removed && run.cast().pictures.is_led && !now.rows.is_empty()
}

/// The words beside an agent's name: what a protocol says of it, or else its weight and reputation.
#[must_use]
pub fn standing(run: &Run, agent: AgentId) -> String {
    let Some(info) = run.cast().agents.get(agent.index()) else { return String::new() };
    run.headline(agent).unwrap_or_else(|| match info {
        AgentInfo { is_coordinator: true, .. } => "counts the ballots, has no vote".to_owned(),
        AgentInfo { weight_milli, reputation, tier, .. } => {
            format!("weight {}, reputation {reputation}, {tier}", milli(*weight_milli))
        }
    })
}

fn tone(row: &InspectorRow, node: &Node) -> Tone {
    match (row.label, node) {
        ("State", _) => Tone::Fault,
        ("Votes", Node::Member { known, .. }) => {
            known.last().and_then(|it| it.vote).map_or(Tone::Plain, Tone::Vote)
        }
        _ => Tone::Plain,
    }
}

fn state(now: &Inspection) -> Vec<String> {
    let mut lines = Vec::new();
    match now.status {
        Status::Up => {}
        Status::Down => lines.push("crashed; it keeps what it had written down".to_owned()),
        Status::Paused => lines.push(match now.inbox.len() {
            1 => "paused, 1 message waits".to_owned(),
            count => format!("paused, {count} messages wait"),
        }),
        Status::Removed => lines.push("gone for good".to_owned()),
    }
    if now.corrupted {
        lines.push("corrupted: an adversary sits in its seat".to_owned());
    }
    lines
}

/// The rule with the proposal's values filled in: "load_test is false, so AGAINST".
pub(super) fn asked(known: &Known) -> Option<String> {
    let verdict = known.verdict?;
    let says = |(name, value): &(String, Option<String>)| match value {
        Some(value) => format!("{name} is {value}"),
        None => format!("{name} is not said"),
    };
    let values: Vec<String> = known.asked.iter().map(says).collect();
    Some(format!("{}, so {}", values.join(" and "), verdict.word()))
}

/// Its vote: FOR or the like, in a choice the option.
fn votes(known: &Known) -> &str {
    let word = || known.vote.map_or("not yet", Vote::word);
    known.option.as_deref().unwrap_or_else(word)
}

/// The outcome that it holds, in a choice the winner.
fn held(known: &Known) -> Option<String> {
    let won = known.winner.as_ref().map(|winner| format!("{winner} has won"));
    won.or_else(|| known.outcome.map(|outcome| outcome.word().to_owned()))
}

fn knows(known: &Known) -> String {
    let Known { name, heard_us, .. } = known;
    let heard = local_seconds(*heard_us);
    match (held(known), &known.stands) {
        (Some(outcome), _) => format!("{name} since {heard}: {outcome}"),
        (None, Some(stands)) => format!("{name} since {heard}: {stands}"),
        (None, None) => format!("{name} since {heard}, not how it ends"),
    }
}

/// The proposals that it would still know after a crash.
fn kept(known: &[Known], durable: &[Known]) -> String {
    let part = |it: &Known| {
        let vote = it.vote.map_or("no vote", |_| votes(it));
        let outcome = held(it).map(|outcome| format!(", {outcome}"));
        format!("{}: {vote}{}", it.name, outcome.unwrap_or_default())
    };
    let kept: Vec<String> = durable.iter().rev().take(TOLD_MAX).map(part).collect();
    match (kept.is_empty(), known.len() > durable.len()) {
        (true, true) => "nothing yet: a crash would make it forget the proposal".to_owned(),
        (true, false) => "nothing".to_owned(),
        _ => kept.join("; "),
    }
}

fn counts(poll: &PollInspection) -> String {
    let all = poll.counted + poll.missing.len() as u64;
    let mut text = format!("{}: {} of {all} ballots", poll.name, poll.counted);
    if poll.refused > 0 {
        text += &format!(", {} refused", poll.refused);
    }
    if let Some(decision) = poll.decided {
        text += ", ";
        text += decision.word();
    }
    if poll.closed {
        text += ", closed";
    }
    text
}

fn waits_for(now: &Inspection, cast: &Cast) -> Vec<String> {
    if matches!(now.status, Status::Down | Status::Removed) {
        return vec!["nothing".to_owned()];
    }
    let mut lines = Vec::new();
    if let Node::Coordinator { polls, .. } = &now.node {
        let open = polls.iter().filter(|poll| !poll.closed && !poll.missing.is_empty());
        lines.extend(open.take(TOLD_MAX).map(|poll| ballots_of(poll, cast)));
    }
    lines.extend(now.timers.iter().take(TOLD_MAX).map(|timer| timer_words(timer, now)));
    if lines.is_empty() {
        lines.push("messages".to_owned());
    }
    lines
}

fn ballots_of(poll: &PollInspection, cast: &Cast) -> String {
    format!("the ballot of {}", names_of(&poll.missing, cast))
}

/// How long it still runs, on the agent's own clock.
fn timer_words(timer: &TimerFrame, now: &Inspection) -> String {
    let what = timer.awaited.words;
    if timer.due_us <= now.time_us {
        return format!("{what}: due, once it goes on");
    }
    let left_us = now.clock.local(timer.due_us).since(now.local);
    format!("{what}, {}", span(left_us))
}

fn waiting(message: &MessageFrame, cast: &Cast) -> String {
    let says = message.says.map(|says| format!(", {says}"));
    format!("{} from {}{}", message.kind.words, cast.name(message.origin), says.unwrap_or_default(),)
}

fn messages(now: &Inspection) -> String {
    let count = &now.count;
    let mut text =
        format!("{} sent, {} bytes; {} received", count.sent, count.bytes_sent, count.received);
    if count.dropped > 0 {
        text += &format!("; {} lost on the way to it", count.dropped);
    }
    text
}

/// The time on its clock, and by how much that is wrong.
fn clock(now: &Inspection) -> String {
    let mut text = local_seconds(now.local);
    let ahead_us = now.clock.ahead_us(now.time_us);
    if ahead_us != 0 {
        let side = if ahead_us > 0 { "ahead" } else { "behind" };
        text += &format!(", {} {side}", span(ahead_us.unsigned_abs()));
    }
    let drift = now.clock.drift_ppm;
    if drift != 0 {
        let percent = with_point(u64::from(drift.unsigned_abs()), 4);
        text += &format!(", runs {percent} % {}", if drift > 0 { "fast" } else { "slow" });
    } else if ahead_us == 0 {
        text += ", exact";
    }
    text + &format!("; logical time {}", now.lamport)
}

#[cfg(test)]
mod tests;
