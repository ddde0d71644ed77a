//! An agent at work, and a board, in words.

use super::{TOLD_MAX, some, some_names};
use crate::coordination::work::reputation::Reputation;
use crate::coordination::work::worker::Taken;
use crate::playback::frame::work::WorkerFrame;
use crate::playback::frame::{Cast, Frame};
use crate::playback::inspect::Inspection;
use crate::playback::inspect::work::{BoardInspection, WorkInspection};
use crate::playback::run::Run;
use crate::sim::{AgentId, Status};
use crate::view::figure::{milli, percent, span};
use crate::view::work::load::trouble;

/// Several names, or what is said of none.
fn names(names: &[std::sync::Arc<str>], none: &str) -> String {
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    if names.is_empty() { none.to_owned() } else { names.join(", ") }
}

/// Rows about an agent at work.
pub(super) fn at_work(
    work: &WorkInspection,
    now: &Inspection,
    cast: &Cast,
    tell: &mut dyn FnMut(&'static str, Vec<String>),
) {
    let style = &work.abilities.style;
    let role = cast.agents.get(now.agent.index()).map_or("", |info| &info.role);
    tell(
        "Type",
        vec![match work.workers.as_slice() {
            [] => role.to_owned(),
            workers => format!("{role} of {}: {}", workers.len(), some_names(workers, cast)),
        }],
    );
    tell("Skills", vec![names(&work.abilities.skills, "none")]);
    tell("Domains", vec![names(&work.domains, "all")]);
    let (load, capacity) = (work.load, work.abilities.capacity);
    let may = match u64::from(load) * 5 < u64::from(capacity) * 4 {
        true => "bids, being below 80 %",
        false => "does not bid: it is at 80 % or more",
    };
    let share = percent(load.into(), capacity.into());
    tell("Load", vec![format!("{load} of {capacity}, {share}: {may}")]);
    let seen = WorkerFrame {
        load,
        capacity,
        healthy: style.healthy,
        speed_milli: style.speed_milli,
        fails_ppm: style.fails_ppm,
        doing: None,
        waiting: 0,
        is_manager: false,
    };
    let mut health = trouble(&seen, false);
    if health.is_empty() {
        health.push("healthy, at normal speed".to_owned());
    }
    tell("Health", health);
    let none = if work.workers.is_empty() { "on nothing" } else { "on nothing itself" };
    let told: Vec<_> = work.taken.iter().enumerate().collect();
    let mut works: Vec<String> = told
        .iter()
        .take(TOLD_MAX)
        .map(|it| taken(it.1, it.0 == 0, style.speed_milli, now))
        .collect();
    match told.len() {
        0 => works.push(none.to_owned()),
        all if all > TOLD_MAX => works.push(format!("{} more wait", all - TOLD_MAX)),
        _ => {}
    }
    tell("Works on", works);
    let bid = |(task, has_come): &(String, bool)| match has_come {
        true => format!("{task}: not awarded yet"),
        false => format!("{task}: its bid is on its way"),
    };
    tell("Bids for", some(&work.bids, "", &bid));
    if work.unheard > 0 {
        let results = crate::view::work::counted(work.unheard, "result");
        tell("Delivered", vec![format!("{results} it has no receipt for")]);
    }
    let (score, manager) = (work.reputation, cast.name(work.manager));
    let tier = Reputation(score).tier();
    tell("Reputation", vec![format!("{score}, {tier}, as {manager} holds it")]);
    let (done, failed) = (work.done, work.failed);
    tell(
        "Tasks",
        vec![match done + failed {
            0 => "none yet: success rate 100 %".to_owned(),
            all => format!(
                "{done} done, {failed} failed: success rate {}",
                percent(done.into(), all.into())
            ),
        }],
    );
    let board = if work.workers.is_empty() { "" } else { " and its board" };
    tell("Would keep", vec![format!("what it can do{board}; what it works on would be lost")]);
}

/// "campaign_001/finance: 40 %, 900 ms left; lease ends in 4.2 s".
fn taken(
    (taken, lease_end_us): &(Taken, Option<u64>),
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
        let done_us = taken.done_by(now.time_us, speed_milli);
        let permille = done_us.saturating_mul(1_000).checked_div(taken.whole_us).unwrap_or(1_000);
        let left_us = taken.whole_us.saturating_sub(done_us).saturating_mul(1_000);
        let left_us = left_us / u64::from(speed_milli).max(1);
        format!("{} %, {} left", permille / 10, span(left_us))
    } else {
        "waits".to_owned()
    };
    let lease = match lease_end_us {
        Some(end_us) if *end_us > now.time_us => {
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
    tell: &mut dyn FnMut(&'static str, Vec<String>),
) {
    let counts =
        board.counts.iter().map(|(standing, count)| format!("{count} {}", standing.words()));
    let mut counts = counts.collect::<Vec<_>>().join(", ");
    if counts.is_empty() {
        counts += "none yet";
    }
    let mut lines = vec![counts];
    if board.late > 0 {
        lines.push(format!(
            "{} came too late",
            crate::view::work::counted(board.late as usize, "result")
        ));
    }
    if board.refused > 0 {
        lines.push(format!("{} refused", board.refused));
    }
    tell("Board", lines);
    let asked =
        |(task, came, of): &(String, usize, usize)| format!("{task}: {came} of {of} have answered");
    tell("Asks for", some(&board.asked, "", &asked));
    let mut leases: Vec<String> = board
        .leases
        .iter()
        .take(TOLD_MAX)
        .map(|(end_us, agent, task)| {
            let left = span(end_us.saturating_sub(now.time_us));
            format!("{}, {task}: ends in {left}", cast.name(*agent))
        })
        .collect();
    if board.leases.len() > TOLD_MAX {
        leases.push(format!("{} more end later", board.leases.len() - TOLD_MAX));
    }
    tell("Leases", leases);
}

/// What stands beside an agent's name: weight and reputation; of one at work its reputation as it is now.
#[must_use]
pub fn standing(run: &Run, frame: &Frame, agent: AgentId) -> String {
    let Some(info) = run.cast().agents.get(agent.index()) else { return String::new() };
    let works = frame.work.is_some() && frame.proposals.is_empty();
    if info.is_coordinator {
        let does = if works { "shares out the work" } else { "counts the ballots" };
        return format!("{does}, has no vote");
    }
    let whose = run.manager_of(agent).filter(|manager| *manager != agent);
    let whose = whose.unwrap_or(run.cast().coordinator);
    let board = run.boards().find(|(it, _)| *it == whose).map(|(_, board)| board);
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
