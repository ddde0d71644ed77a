//! The rows of the inspector: an agent at work, and a board, in words.

use std::sync::Arc;

use super::board::Board;
use super::boards::{Posted, board_of, coordinators, worker_of};
use super::job::{Answer, Phase};
use super::overview::progress;
use super::panel::load::trouble;
use super::panel::tasks::counts;
use super::questions::Asked;
use super::role::Work;
use super::standing::Standing;
use super::talk::{Lease, WorkTalk};
use super::worker::Worker;
use crate::common::figure::{percent, span};
use crate::common::reputation::Reputation;
use crate::common::shown::{Peek, Voting};
use crate::order::sort_by_key;
use crate::protocol::rows::{TOLD_MAX, names_of, newest};
use crate::protocol::words::counted;
use crate::sim::{AgentId, LocalClock};

/// A label and lines.
type Row = (&'static str, Vec<String>);

/// All rows about this agent: its own work, and the board that it holds.
pub(super) fn inspect(peek: &dyn Peek<Work>, agent: AgentId) -> Vec<Row> {
    let mut rows = at_work(peek, agent).unwrap_or_default();
    rows.extend(board_of(peek, agent).map(|posted| on_board(peek, posted)).unwrap_or_default());
    rows
}

/// Several names, or what is said of none.
fn list(names: &[Arc<str>], none: &str) -> String {
    if names.is_empty() { none.to_owned() } else { names.join(", ") }
}

/// Nothing of an agent that is down, and of the coordinator.
fn at_work(peek: &dyn Peek<Work>, agent: AgentId) -> Option<Vec<Row>> {
    let (worker, clock) = worker_of(peek, agent)?;
    let manager = worker.rules.manager_of(agent);
    let manager = manager.map_or_else(|| coordinators(peek), |it| board_of(peek, it))?;
    let (names, style) = (peek.names(), &worker.abilities.style);
    let workers = worker.board.as_ref().map_or(&[][..], |board| &board.members[..]);
    let manages = worker.board.is_some();
    let mut role = peek.role(agent).to_owned();
    if manages {
        role += &format!(" of {}: {}", workers.len(), names_of(workers, names));
    }
    let (load, capacity) = (worker.load(), worker.abilities.capacity);
    let may = match u64::from(load) * 5 < u64::from(capacity) * 4 {
        true => "bids, being below 80 %",
        false => "does not bid: it is at 80 % or more",
    };
    let share = percent(load.into(), capacity.into());
    let mut health = trouble(style, false);
    if health.is_empty() {
        health.push("healthy, at normal speed".to_owned());
    }
    let known = worker.questions.answers.known.iter();
    let asked = |it: &Asked| {
        let (key, of) = (worker.rules.asked_for(it.question), names.agent(it.of));
        match &it.reply {
            Some((reply, _)) => format!("{key}: {}, says {of}", reply.value),
            None if it.given_up => format!("{key}: {of} did not say it in time"),
            None => format!("{key}: {of} has not said it yet"),
        }
    };
    let bid = |(task, has_come): &(&str, bool)| {
        let stands = if *has_come { "not awarded yet" } else { "its bid is on its way" };
        format!("{task}: {stands}")
    };
    let unheard = match worker.unheard.len() {
        0 => Vec::new(),
        some => vec![format!("{} it has no receipt for", counted(some, "result"))],
    };
    let score = manager.board.standings.of(agent);
    let (tier, holds) = (Reputation(score).tier(), names.agent(manager.agent));
    let tasks = match manager.board.outcomes_of(agent) {
        (0, 0) => "none yet: success rate 100 %".to_owned(),
        (done, failed) => {
            let rate = percent(done.into(), u64::from(done) + u64::from(failed));
            format!("{done} done, {failed} failed: success rate {rate}")
        }
    };
    let board = if manages { " and its board" } else { "" };
    Some(vec![
        ("Type", vec![role]),
        ("Skills", vec![list(&worker.abilities.skills, "none")]),
        ("Domains", vec![list(&worker.domains, "all")]),
        ("Load", vec![format!("{load} of {capacity}, {share}: {may}")]),
        ("Health", health),
        ("Works on", works(peek, agent, (worker, clock), manager)),
        ("Tells others", known.map(|(key, (_, value))| format!("{key}: {value}")).collect()),
        ("Asks for", worker.questions.asked.iter().map(asked).collect()),
        ("Bids for", newest(&bids(peek, manager.board, agent), "", &bid)),
        ("Delivered", unheard),
        ("Reputation", vec![format!("{score}, {tier}, as {holds} holds it")]),
        ("Tasks", vec![tasks]),
        ("Would keep", vec![format!("what it can do{board}; what it works on would be lost")]),
    ])
}

/// The parts that an agent has taken, each with its lease, as far as its manager holds that it runs.
fn works(
    peek: &dyn Peek<Work>,
    agent: AgentId,
    (worker, clock): (&Worker, LocalClock),
    manager: Posted<'_>,
) -> Vec<String> {
    let speed_milli = worker.abilities.style.speed_milli;
    let mut works = Vec::new();
    for (place, it) in worker.taken.iter().enumerate().take(TOLD_MAX) {
        let progress = match it.began_us.filter(|_| place == 0) {
            Some(_) => {
                let (permille, left_us) = progress(it, speed_milli, clock.local(peek.now_us()));
                format!("{} %, {} left", permille / 10, span(left_us))
            }
            None => "waits".to_owned(),
        };
        let again = match it.lease.attempt {
            1 => String::new(),
            attempt => format!(", attempt {attempt}"),
        };
        let lease = match lease_end_us(it.lease, agent, worker, manager) {
            Some(end_us) if end_us > peek.now_us() => {
                format!("; its lease ends in {}", span(end_us - peek.now_us()))
            }
            _ => "; its lease has ended".to_owned(),
        };
        works.push(format!("{}{again}: {progress}{lease}", it.spec.name));
    }
    match worker.taken.len() {
        0 if worker.board.is_some() => works.push("on nothing itself".to_owned()),
        0 => works.push("on nothing".to_owned()),
        all if all > TOLD_MAX => works.push(format!("{} more wait", all - TOLD_MAX)),
        _ => {}
    }
    works
}

/// The end of a lease, if the manager holds that it runs.
fn lease_end_us(lease: Lease, agent: AgentId, worker: &Worker, manager: Posted<'_>) -> Option<u64> {
    let job = manager.board.jobs.get(lease.task as usize)?;
    let attempts = &job.parts.get(usize::from(lease.part))?.attempts;
    let attempt = attempts.get(usize::from(lease.attempt).checked_sub(1)?)?;
    let runs = attempt.agent == agent && attempt.end.is_none();
    let end_us = attempt.awarded_us.after(worker.rules.lease_of(agent));
    runs.then(|| manager.clock.virtual_us(end_us))
}

/// Bids that nothing has come of yet: those that have arrived, and those on their way.
fn bids<'a>(peek: &'a dyn Peek<Work>, board: &'a Board, agent: AgentId) -> Vec<(&'a str, bool)> {
    let is_own =
        |(from, answer): &(AgentId, Answer)| *from == agent && matches!(answer, Answer::Bid(_));
    let open = board.jobs.iter().filter(|job| job.phase == Phase::Announced);
    let arrived = open.filter(|job| job.answers.iter().any(is_own));
    let under_way = peek.in_flight().filter_map(|(from, talk)| match talk {
        WorkTalk::Bid { task, .. } if from == agent => board.jobs.get(*task as usize),
        _ => None,
    });
    let arrived = arrived.map(|job| (job.spec.name.as_str(), true));
    arrived.chain(under_way.map(|job| (job.spec.name.as_str(), false))).collect()
}

fn on_board(peek: &dyn Peek<Work>, Posted { board, clock, .. }: Posted<'_>) -> Vec<Row> {
    let mut counts = counts(board.jobs().map(Standing::of));
    if counts.is_empty() {
        counts += "no task yet";
    }
    if board.late > 0 {
        counts += &format!("; {} too late", counted(board.late as usize, "result"));
    }
    if !board.refused.is_empty() {
        counts += &format!("; {} refused", board.refused.len());
    }
    let (mut asked, mut leases) = (Vec::new(), Vec::new());
    for job in &board.jobs {
        if job.phase == Phase::Announced {
            let (came, of) = (job.answers.len(), job.asked.len());
            asked.push(format!("{}: {came} of {of} have answered", job.spec.name));
        }
        for part in &job.parts {
            if let Some(attempt) = part.running() {
                let end_us = attempt.awarded_us.after(board.rules.lease_of(attempt.agent));
                leases.push((clock.virtual_us(end_us), attempt.agent, &part.spec.name));
            }
        }
    }
    sort_by_key(&mut leases, |(end_us, agent, _)| (*end_us, agent.0.into()));
    let lease = |(end_us, agent, task): &(u64, AgentId, &String)| {
        let left = span(end_us.saturating_sub(peek.now_us()));
        format!("{}, {task}: ends in {left}", peek.names().agent(*agent))
    };
    let mut told: Vec<String> = leases.iter().take(TOLD_MAX).map(lease).collect();
    if leases.len() > TOLD_MAX {
        told.push(format!("{} more end later", leases.len() - TOLD_MAX));
    }
    let asks = newest(&asked, "", &String::clone);
    vec![("Board", vec![counts]), ("Asks for", asks), ("Leases", told)]
}

/// The words beside the agent's name, where nothing is put to the vote: its reputation as it is now.
pub(super) fn headline(peek: &dyn Peek<Work>, agent: AgentId) -> Option<String> {
    if peek.voting() != Voting::Nothing {
        return None;
    }
    let whole = coordinators(peek)?;
    if agent == whole.agent {
        return Some("shares out the work, has no vote".to_owned());
    }
    let manager = whole.board.rules.board_over(agent).filter(|manager| *manager != agent);
    let board = manager.map_or(Some(whole), |manager| board_of(peek, manager))?.board;
    let score = board.standings.of(agent);
    let tier = Reputation(score).tier();
    Some(format!("{}, reputation {score}, {tier}", peek.role(agent)))
}

#[cfg(test)]
mod tests;
