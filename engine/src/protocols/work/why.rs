//! Why an agent was awarded something, and what a result or a failure came to: the arithmetic, as it was then.

mod account;
mod lines;
mod pause;

use std::sync::Arc;

use self::lines::{Lines, WhyRow};
use super::assess::Check;
use super::board::Board;
use super::boards::{Posted, board_of, worker_of};
use super::job::{Attempt, AttemptEnd, Job, PartJob, Phase};
use super::note::WorkNote;
use super::role::Work;
use super::score::{Policy, Score};
use super::synthesis::PartEnd;
use super::task::TaskId;
use super::worker::Worker;
use crate::common::figure::{milli_short, percent, seconds, span};
use crate::common::shown::Peek;
use crate::protocol::note::Names;
use crate::protocol::words::counted;
use crate::sim::{AgentId, Event, LocalClock, What};

/// So many others are named.
const NAMED_MAX: usize = 4;

/// The grounds of an event of work; nothing where it has none, and where it would take too long to find out.
pub(super) fn explain(peek: &dyn Peek<Work>, event: &Event<WorkNote>) -> Option<Vec<String>> {
    let What::Note(note) = event.what else { return None };
    match note {
        WorkNote::NoBid { agent, check, .. } | WorkNote::NotTaken { agent, check, .. } => {
            refused(peek, event, agent, check)
        }
        WorkNote::WorkEnded { failed, .. } => ended(peek, event, failed),
        _ => {
            let (task, part) = subject(note)?;
            let mut grounds = None;
            peek.look_after(event.id, &mut |after| {
                grounds = on_board(after, event, note, (task, part));
            });
            grounds
        }
    }
}

/// The task and the part that an event on a board is about.
fn subject(note: WorkNote) -> Option<(TaskId, u16)> {
    match note {
        WorkNote::TeamMade { task, .. }
        | WorkNote::NobodyFree { task }
        | WorkNote::Preempted { task, .. }
        | WorkNote::TaskEnded { task, .. } => Some((task, 0)),
        WorkNote::Awarded { task, part, .. }
        | WorkNote::Delivered { task, part, .. }
        | WorkNote::PartFailed { task, part, .. }
        | WorkNote::LeaseExpired { task, part, .. }
        | WorkNote::WorkerDid { task, part, .. }
        | WorkNote::WorkerFailed { task, part, .. }
        | WorkNote::CameTooLate { task, part, .. } => Some((task, part)),
        _ => None,
    }
}

/// The grounds of an event on a board, as that was right after it.
fn on_board(
    after: &dyn Peek<Work>,
    event: &Event<WorkNote>,
    note: WorkNote,
    (task, part): (TaskId, u16),
) -> Option<Vec<String>> {
    let Posted { board, clock, .. } = board_of(after, event.agent)?;
    let job = board.jobs.get(task as usize)?;
    let then = Then { names: after.names(), board, clock, task, job, now_us: event.time_us };
    let it = job.parts.get(usize::from(part));
    let mut out = Lines::default();
    match note {
        WorkNote::TeamMade { .. } => then.team(&mut out),
        WorkNote::NobodyFree { .. } => then.nobody(&mut out),
        WorkNote::TaskEnded { .. } => then.end(&mut out),
        WorkNote::Preempted { by, .. } => then.preempted(by, &mut out),
        WorkNote::Awarded { agent, .. } => then.award(it?, agent, &mut out),
        WorkNote::Delivered { agent, .. } => then.delivered((part, it?), agent, &mut out),
        WorkNote::WorkerDid { agent, .. } | WorkNote::WorkerFailed { agent, .. } => {
            then.accounted((part, it?), agent, account::place(after, event, agent), &mut out);
        }
        WorkNote::PartFailed { agent, .. } => {
            then.last_change((part, it?), agent, &mut out);
            then.what_now(it?, &mut out);
        }
        WorkNote::LeaseExpired { agent, .. } => then.expired((part, it?), agent, &mut out),
        WorkNote::CameTooLate { agent, .. } => then.too_late(it?, agent, &mut out),
        _ => {}
    }
    Some(out.0)
}

/// Points with at most one decimal.
fn points(milli: u64) -> String {
    milli_short((milli + 50) / 100 * 100)
}

/// "reputation 100 × 0.4 + skill 20 × 0.4 + free 100 × 0.2 = 68".
fn sum(policy: Policy, score: Score) -> String {
    let parts = [
        ("reputation", score.reputation_milli, policy.reputation),
        ("skill", score.skill_milli, policy.skill),
        ("free", score.load_milli, policy.load),
    ];
    let mut told = WhyRow(" + ", String::new());
    for (name, milli, weight) in parts {
        let weight = u64::from(weight);
        if let Some(whole) = (milli * 100).checked_div(weight) {
            told.add(format_args!("{name} {} × {}", points(whole), milli_short(weight * 10)));
        }
    }
    format!("{} = {}", told.1, points(score.total_milli()))
}

/// "first", "4th".
fn ordinal(place: usize) -> String {
    match place {
        0 => "first".to_owned(),
        1 => "second".to_owned(),
        2 => "third".to_owned(),
        _ => format!("{}th", place + 1),
    }
}

fn words_of(names: &[&str]) -> String {
    let mut text = String::new();
    for (place, name) in names.iter().enumerate() {
        if place == NAMED_MAX {
            text += &format!(" and {} more", names.len() - NAMED_MAX);
            break;
        }
        if place > 0 {
            text += if place + 1 == names.len() { " and " } else { ", " };
        }
        text += name;
    }
    text
}

fn refs(names: &[Arc<str>]) -> Vec<&str> {
    names.iter().map(|name| &**name).collect()
}

/// A task on its board, right after the event that is explained.
struct Then<'a> {
    names: &'a dyn Names,
    board: &'a Board,
    /// The clock of the agent whose board it is.
    clock: LocalClock,
    task: TaskId,
    job: &'a Job,
    now_us: u64,
}

impl Then<'_> {
    fn name(&self, agent: AgentId) -> &str {
        self.names.agent(agent)
    }

    /// The sum of an agent's score, its place, and, if that is asked, who had as much.
    fn score(&self, agent: AgentId, with_equals: bool, out: &mut Lines) {
        let ranking = &self.job.ranking;
        let mut ranked = ranking.iter().enumerate();
        let own = ranked.find_map(|(place, (it, score))| (*it == agent).then_some((place, *score)));
        let (Some((place, score)), name) = (own, self.name(agent)) else { return };
        let sum = sum(self.board.policy, score);
        match ranking.len() {
            1 => out.say(format_args!("{name} was the only one that could: {sum}.")),
            all => out.say(format_args!("{name} came {} of {all}: {sum}.", ordinal(place))),
        }
        let mut same = Vec::new();
        for (it, other) in ranking.iter() {
            if with_equals && *it != agent && other.total_milli() == score.total_milli() {
                same.push(self.name(*it));
            }
        }
        if !same.is_empty() {
            let have = if same.len() == 1 { "has" } else { "have" };
            let same = words_of(&same);
            out.say(format_args!(
                "{same} {have} as much: of equals, the first in the scenario goes first."
            ));
        }
    }

    /// Who did not bid, and why.
    fn silent(&self, out: &mut Lines) {
        let mut told = WhyRow("; ", String::new());
        for check in Check::ALL {
            let mut names = Vec::new();
            for (agent, failed) in self.job.refusals() {
                if failed == check {
                    names.push(self.name(agent));
                }
            }
            if !names.is_empty() {
                let words = match (check, names.len()) {
                    (_, 1) => check.words(),
                    (Check::Skill, _) => "have none of the skills",
                    (Check::Health, _) => "are not healthy",
                    (Check::Load, _) => "carry 80 % of what they can or more",
                    (Check::Domain, _) => "work in another domain",
                };
                told.add(format_args!("{} {words}", words_of(&names)));
            }
        }
        if !told.1.is_empty() {
            out.say(format_args!("No bid: {}.", told.1));
        }
    }

    fn team(&self, out: &mut Lines) {
        let (job, team) = (self.job, &self.job.team);
        for (place, member) in team.members.iter().enumerate() {
            self.score(*member, place == 0, out);
        }
        let mut covers = WhyRow(", ", String::new());
        for (skill, agent) in &team.by_skill {
            covers.add(format_args!("{} covers {skill}", self.name(*agent)));
        }
        if team.members.len() > 1 {
            let by = match self.board.assign.is_dispatch() {
                true => {
                    "The rule picks one agent after the other, of those who bring a skill that the team lacks"
                }
                false => {
                    "The best goes into the team first, then whoever brings a skill that it lacks"
                }
            };
            out.say(format_args!("{by}: {}.", covers.1));
        } else if job.spec.skills.is_empty() {
            out.say(format_args!("It asks for no skill, so one agent does it."));
        }
        if !team.uncovered.is_empty() {
            let uncovered = words_of(&refs(&team.uncovered));
            let most = counted(*job.spec.complexity.team().end(), "agent");
            out.say(format_args!("Nobody in it has {uncovered}; it may have {most} at most."));
        }
        self.silent(out);
    }

    fn award(&self, part: &PartJob, agent: AgentId, out: &mut Lines) {
        if self.board.manager == Some(agent) {
            let name = self.name(agent);
            return out.say(format_args!(
                "All tasks go to {name}: it is the manager, and shares them out among its workers."
            ));
        }
        self.score(agent, true, out);
        if let Some(choice) = part.attempts.last().and_then(|it| it.choice.as_ref()) {
            let name = |agent: AgentId| self.names.agent(agent);
            for ground in choice.grounds(self.board.rules.weights, &name) {
                out.say(format_args!("{ground}"));
            }
        }
        let (attempt, focus) = (part.attempts.len(), part.focus());
        if attempt > 1 {
            let most = self.board.rules.attempts;
            let before = self.history(part.attempts.split_last().map_or(&[], |(_, before)| before));
            out.say(format_args!("It is attempt {attempt} of at most {most}: {before}."));
        } else if self.job.team.members.len() > 1 && !focus.is_empty() {
            out.say(format_args!("In the team it is the first that has {focus}."));
        }
        self.passed_over(part, agent, out);
        self.silent(out);
    }

    /// Those who ranked higher and did not get it, and why.
    fn passed_over(&self, part: &PartJob, agent: AgentId, out: &mut Lines) {
        let bids = self.job.bids();
        let mut told = WhyRow("; ", String::new());
        for (other, _) in self.job.ranking.iter() {
            if *other == agent {
                break;
            }
            let (Some(bid), name) = (bids.get(other), self.name(*other)) else { continue };
            let skills = &part.spec.skills;
            if !skills.is_empty() && !skills.iter().any(|skill| bid.skills.contains(skill)) {
                continue;
            }
            if part.tried(*other) > 0 {
                told.add(format_args!("{name} has tried it"));
            } else if bid.load.saturating_add(part.spec.load) > bid.capacity {
                told.add(format_args!("{name} has no room: {} of {}", bid.load, bid.capacity));
            }
        }
        if !told.1.is_empty() {
            out.say(format_args!("Higher, but: {}.", told.1));
        }
    }

    /// "ada failed at 1.204, the lease of bob ended at 6.204".
    fn history(&self, attempts: &[Attempt]) -> String {
        let mut told = WhyRow(", ", String::new());
        for attempt in attempts {
            let name = self.name(attempt.agent);
            let Some((end, at_us)) = attempt.end else { continue };
            let at = seconds(self.clock.virtual_us(at_us));
            let words = match end {
                AttemptEnd::Done => "did it",
                AttemptEnd::Failed => "failed",
                AttemptEnd::Expired => "let its lease end",
                AttemptEnd::NotTaken(_) => "could not after all",
                AttemptEnd::Moved => "let another have it",
                AttemptEnd::Cancelled => "was called off",
            };
            told.add(format_args!("{name} {words} at {at}"));
        }
        told.1
    }

    /// The change of the agent's reputation by the outcome of its last attempt.
    fn last_change(&self, (number, part): (u16, &PartJob), agent: AgentId, out: &mut Lines) {
        let attempt = part.attempts.iter().rposition(|it| it.agent == agent);
        let key = (self.task, number, attempt.map_or(0, |it| it as u32 + 1));
        self.change(key, agent, 0, out);
    }

    /// The change of the agent's reputation by an outcome at this attempt: a manager tells several of one worker.
    fn change(&self, key: (TaskId, u16, u32), agent: AgentId, place: usize, out: &mut Lines) {
        let record = self.board.standings.records.get(&agent);
        let history = record.iter().flat_map(|record| record.history.iter());
        let entry = history.filter(|it| (it.task, it.part, it.attempt) == key).nth(place);
        let Some(entry) = entry else { return };
        let (by, score) = (entry.change.unsigned_abs(), entry.score);
        let moves = if entry.change < 0 { "falls" } else { "rises" };
        match entry.change {
            0 => out.say(format_args!("Its reputation stays {score}: the limit.")),
            _ => out.say(format_args!("Its reputation {moves} by {by}, to {score}.")),
        }
    }

    fn delivered(&self, part: (u16, &PartJob), agent: AgentId, out: &mut Lines) {
        if let Some(PartEnd::Done { quality, took_us, .. }) = &part.1.end {
            let (took, lease) = (span(*took_us), span(self.board.rules.lease_of(agent)));
            out.say(format_args!("It took {took}; its lease was for {lease}."));
            self.quality(*quality, out);
        }
        self.last_change(part, agent, out);
    }

    fn quality(&self, quality: u8, out: &mut Lines) {
        if quality > 90 {
            out.say(format_args!("A quality of {quality}, above 90, counts 7 instead of 5."));
        }
    }

    fn expired(&self, part: (u16, &PartJob), agent: AgentId, out: &mut Lines) {
        let last = part.1.attempts.iter().rev().find(|it| it.agent == agent && it.end.is_some());
        let Some(last) = last else { return };
        let (from, lease) = (
            seconds(self.clock.virtual_us(last.awarded_us)),
            span(self.board.rules.lease_of(agent)),
        );
        out.say(format_args!("It was awarded at {from}, for {lease}, and nothing came."));
        if last.taken {
            out.say(format_args!("It had said that it works on it."));
            self.last_change(part, agent, out);
        } else {
            out.say(format_args!("It never said that it has it, so its reputation stays."));
        }
        self.what_now(part.1, out);
    }

    fn too_late(&self, part: &PartJob, agent: AgentId, out: &mut Lines) {
        let attempt = part.attempts.iter().rev().find(|it| it.agent == agent && it.late);
        let Some((_, at_us)) = attempt.and_then(|it| it.end) else { return };
        let at_us = self.clock.virtual_us(at_us);
        let (at, late) = (seconds(at_us), span(self.now_us.saturating_sub(at_us)));
        out.say(format_args!(
            "Its lease ended at {at}, {late} before: it had come to nothing then."
        ));
    }

    /// The future of a part whose attempt came to nothing.
    fn what_now(&self, part: &PartJob, out: &mut Lines) {
        let (most, tried) = (self.board.rules.attempts, part.attempts.len());
        match (part.running(), &part.end) {
            (Some(next), _) => out.say(format_args!("{} gets it next.", self.name(next.agent))),
            (None, Some(PartEnd::Failed { .. })) => {
                out.say(format_args!("It was attempt {tried} of {most}: it is not tried again."));
            }
            _ => out.say(format_args!("All are asked again who can do it.")),
        }
    }

    fn nobody(&self, out: &mut Lines) {
        let mut full = Vec::new();
        let load = self.job.spec.load;
        for (agent, bid) in &self.job.bids() {
            if bid.load.saturating_add(load) > bid.capacity {
                full.push(self.name(*agent));
            }
        }
        if !full.is_empty() {
            out.say(format_args!("No room for a load of {load}: {}.", words_of(&full)));
        }
        self.silent(out);
        if self.job.answers.is_empty() {
            out.say(format_args!("Nobody answered in time."));
        }
    }

    fn end(&self, out: &mut Lines) {
        let job = self.job;
        if job.phase != Phase::Ended {
            return;
        }
        let (mut qualities, mut sum, mut count) = (WhyRow(" + ", String::new()), 0, 0);
        for part in &job.parts {
            let focus = part.focus();
            let what = if focus.is_empty() { &*job.spec.name } else { &*focus };
            match &part.end {
                Some(PartEnd::Done { agent, quality, .. }) => {
                    (sum, count) = (sum + u32::from(*quality), count + 1);
                    qualities.add(format_args!("{quality}"));
                    if job.parts.len() > 1 {
                        let name = self.name(*agent);
                        out.say(format_args!("{what}: {name}, quality {quality}."));
                    }
                }
                Some(PartEnd::Failed { reason }) => {
                    let tried = self.history(&part.attempts);
                    let why = if tried.is_empty() { reason.words() } else { tried };
                    out.say(format_args!("{what}: {why}."));
                }
                None => {}
            }
        }
        if count > 1 {
            let (all, mean) = (qualities.1, sum / count);
            out.say(format_args!("Quality ({all}) ÷ {count} = {mean}, rounded down."));
        }
        if let Some(reason) = &job.reason {
            out.say(format_args!("So it has failed: {}.", reason.words()));
            if job.parts.is_empty() {
                self.silent(out);
            }
        }
    }
}

/// The agent that says no, as it was when it said so.
fn refused(
    peek: &dyn Peek<Work>,
    event: &Event<WorkNote>,
    agent: AgentId,
    check: Check,
) -> Option<Vec<String>> {
    let mut said = peek.event(event.cause)?;
    while !(said.agent == agent && matches!(said.what, What::Sent { .. })) {
        said = peek.event(said.cause)?;
    }
    let mut grounds = None;
    peek.look_after(said.id, &mut |then| {
        grounds = worker_of(then, agent).map(|(worker, _)| vec![limit(worker, check)]);
    });
    grounds
}

/// The limit that keeps an agent from helping.
fn limit(worker: &Worker, check: Check) -> String {
    let (abilities, load) = (&worker.abilities, worker.load());
    let capacity = abilities.capacity;
    match check {
        Check::Skill if abilities.skills.is_empty() => "It has no skill.".to_owned(),
        Check::Skill => {
            format!("It can do {}, and nothing else.", words_of(&refs(&abilities.skills)))
        }
        Check::Health => "It was made unhealthy.".to_owned(),
        Check::Load => {
            let share = percent(load.into(), capacity.into());
            format!("It carries {load} of {capacity}: {share}.")
        }
        Check::Domain => format!("It works in {} alone.", words_of(&refs(&worker.domains))),
    }
}

/// The end of an agent's own work: how often it fails.
fn ended(peek: &dyn Peek<Work>, event: &Event<WorkNote>, failed: bool) -> Option<Vec<String>> {
    let mut fails_ppm = 0;
    peek.look_after(event.id, &mut |after| {
        let worker = worker_of(after, event.agent);
        fails_ppm = worker.map_or(0, |(worker, _)| worker.abilities.style.fails_ppm);
    });
    let share = percent(fails_ppm.into(), 1_000_000);
    let so = if failed { "this was one" } else { "not at this" };
    let words = format!("It fails at {share} of what it tries, by chance: {so}.");
    (fails_ppm > 0).then(|| vec![words])
}
