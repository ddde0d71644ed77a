//! An agent at work, and a board, in words.

use core::fmt::Arguments;

use super::{TOLD_MAX, some, some_names};
use crate::coordination::figure::{milli, percent, span};
use crate::coordination::work::questions::Asked;
use crate::coordination::work::reputation::Reputation;
use crate::coordination::work::worker::Taken;
use crate::playback::frame::{Cast, Frame};
use crate::playback::inspect::Inspection;
use crate::playback::inspect::work::{BoardInspection, WorkInspection};
use crate::playback::run::Run;
use crate::sim::{AgentId, Status};
use crate::view::work::load::trouble;
use crate::view::work::tasks::counts;

/// Several names, or what is said of none.
fn names(names: &[std::sync::Arc<str>], none: &str) -> String {
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    if names.is_empty() { none.to_owned() } else { names.join(", ") }
}

/// Takes a row.
type Tell<'a> = dyn FnMut(&'static str, Vec<String>) + 'a;

/// A row of one line.
#[inline(never)]
fn one(tell: &mut Tell<'_>, label: &'static str, words: Arguments<'_>) {
    tell(label, vec![words.to_string()]);
}

/// Rows about an agent at work.
pub(super) fn at_work(work: &WorkInspection, now: &Inspection, cast: &Cast, tell: &mut Tell<'_>) {
    let worker = &work.worker;
    let style = &worker.abilities.style;
    let workers = worker.board.as_ref().map_or(&[][..], |board| &board.members[..]);
    let manages = worker.board.is_some();
    let mut role =
        cast.agents.get(now.agent.index()).map_or_else(String::new, |it| it.role.clone());
    if manages {
        role += &format!(" of {}: {}", workers.len(), some_names(workers, cast));
    }
    one(tell, "Type", format_args!("{role}"));
    one(tell, "Skills", format_args!("{}", names(&worker.abilities.skills, "none")));
    one(tell, "Domains", format_args!("{}", names(&worker.domains, "all")));
    let (load, capacity) = (worker.load(), worker.abilities.capacity);
    let may = match u64::from(load) * 5 < u64::from(capacity) * 4 {
        true => "bids, being below 80 %",
        false => "does not bid: it is at 80 % or more",
    };
    let share = percent(load.into(), capacity.into());
    one(tell, "Load", format_args!("{load} of {capacity}, {share}: {may}"));
    let mut health = trouble(style, false);
    if health.is_empty() {
        health.push("healthy, at normal speed".to_owned());
    }
    tell("Health", health);
    let mut works = Vec::new();
    for (place, (it, end_us)) in worker.taken.iter().zip(&work.ends_us).enumerate() {
        if place < TOLD_MAX {
            works.push(taken(it, *end_us, place == 0, style.speed_milli, now));
        }
    }
    match worker.taken.len() {
        0 if manages => works.push("on nothing itself".to_owned()),
        0 => works.push("on nothing".to_owned()),
        all if all > TOLD_MAX => works.push(format!("{} more wait", all - TOLD_MAX)),
        _ => {}
    }
    tell("Works on", works);
    let bid = |(task, has_come): &(String, bool)| {
        let stands = if *has_come { "not awarded yet" } else { "its bid is on its way" };
        format!("{task}: {stands}")
    };
    let known = worker.questions.answers.known.iter();
    let known: Vec<String> = known.map(|(key, (_, value))| format!("{key}: {value}")).collect();
    if !known.is_empty() {
        tell("Tells others", known);
    }
    let asked = |it: &Asked| {
        let (key, of) = (cast.question(it.question), cast.name(it.of));
        match &it.reply {
            Some((reply, _)) => format!("{key}: {}, says {of}", reply.value),
            None if it.given_up => format!("{key}: {of} did not say it in time"),
            None => format!("{key}: {of} has not said it yet"),
        }
    };
    let asked: Vec<String> = worker.questions.asked.iter().map(asked).collect();
    if !asked.is_empty() {
        tell("Asks for", asked);
    }
    tell("Bids for", some(&work.bids, "", &bid));
    if !worker.unheard.is_empty() {
        let results = crate::protocol::words::counted(worker.unheard.len(), "result");
        one(tell, "Delivered", format_args!("{results} it has no receipt for"));
    }
    let (score, manager) = (work.reputation, cast.name(work.manager));
    let tier = Reputation(score).tier();
    one(tell, "Reputation", format_args!("{score}, {tier}, as {manager} holds it"));
    let (done, failed) = (work.done, work.failed);
    let tasks = match done + failed {
        0 => "none yet: success rate 100 %".to_owned(),
        all => {
            let rate = percent(done.into(), all.into());
            format!("{done} done, {failed} failed: success rate {rate}")
        }
    };
    one(tell, "Tasks", format_args!("{tasks}"));
    let board = if manages { " and its board" } else { "" };
    one(tell, "Would keep", format_args!("what it can do{board}; what it works on would be lost"));
}

/// "campaign_001/finance: 40 %, 900 ms left; lease ends in 4.2 s".
fn taken(
    taken: &Taken,
    lease_end_us: Option<u64>,
    is_first: bool,
    speed_milli: u32,
    now: &Inspection,
) -> String {
    let name = &taken.spec.name;
    let again = match taken.lease.attempt {
        1 => String::new(),
        attempt => format!(", attempt {attempt}"),
    };
    let how = if is_first && taken.began_us.is_some() {
        let done_us = taken.done_by(now.local, speed_milli);
        let permille = done_us.saturating_mul(1_000).checked_div(taken.whole_us).unwrap_or(1_000);
        let left_us = taken.whole_us.saturating_sub(done_us).saturating_mul(1_000);
        let left_us = left_us / u64::from(speed_milli).max(1);
        format!("{} %, {} left", permille / 10, span(left_us))
    } else {
        "waits".to_owned()
    };
    let lease = match lease_end_us {
        Some(end_us) if end_us > now.time_us => {
            format!("; its lease ends in {}", span(end_us - now.time_us))
        }
        _ => "; its lease has ended".to_owned(),
    };
    format!("{name}{again}: {how}{lease}")
}

/// Rows about a board.
pub(super) fn on_board(
    board: &BoardInspection,
    now: &Inspection,
    cast: &Cast,
    tell: &mut Tell<'_>,
) {
    let mut counts = counts(&board.tasks);
    if counts.is_empty() {
        counts += "no task yet";
    }
    if board.late > 0 {
        counts += &format!(
            "; {} too late",
            crate::protocol::words::counted(board.late as usize, "result")
        );
    }
    if board.refused > 0 {
        counts += &format!("; {} refused", board.refused);
    }
    one(tell, "Board", format_args!("{counts}"));
    let asked =
        |(task, came, of): &(String, usize, usize)| format!("{task}: {came} of {of} have answered");
    tell("Asks for", some(&board.asked, "", &asked));
    let mut leases = Vec::new();
    for (end_us, agent, name) in board.leases.iter().take(TOLD_MAX) {
        let left = span(end_us.saturating_sub(now.time_us));
        let task = &board.names[*name as usize];
        leases.push(format!("{}, {task}: ends in {left}", cast.name(AgentId(*agent as u32))));
    }
    if board.leases.len() > TOLD_MAX {
        leases.push(format!("{} more end later", board.leases.len() - TOLD_MAX));
    }
    tell("Leases", leases);
}

/// What stands beside an agent's name: weight and reputation; of one at work its reputation as it is now.
#[must_use]
pub fn standing(run: &Run, frame: &Frame, agent: AgentId) -> String {
    let Some(info) = run.cast().agents.get(agent.index()) else { return String::new() };
    if let Some(words) = run.headline(agent) {
        return words;
    }
    let works = frame.work.is_some() && frame.proposals.is_empty();
    if info.is_coordinator {
        let does = if works { "shares out the work" } else { "counts the ballots" };
        return format!("{does}, has no vote");
    }
    let whose = run.manager_of(agent).filter(|manager| *manager != agent);
    let whose = whose.or(run.cast().coordinator);
    let board = run.boards().find(|(it, _)| Some(*it) == whose).map(|(_, board)| board);
    let now = board.filter(|_| works).map(|board| board.standings.of(agent));
    match now {
        Some(score) => format!("{}, reputation {score}, {}", info.role, Reputation(score).tier()),
        None => {
            let weight = milli(info.weight_milli);
            format!("weight {weight}, reputation {}, {}", info.reputation, info.tier)
        }
    }
}

/// Whether nothing that is said of votes would say anything.
pub(super) fn never_votes(now: &Inspection) -> bool {
    let is_there = now.status != Status::Removed;
    is_there && (now.work.is_some() || now.board.is_some())
}
