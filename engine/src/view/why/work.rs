//! Why an agent was awarded something, and what a result or a failure came to: the arithmetic, as it was then.

use crate::coordination::note::Note;
use crate::coordination::work::assess::Check;
use crate::coordination::work::board::Board;
use crate::coordination::work::job::{Answer, Attempt, AttemptEnd, Job, PartJob, Phase};
use crate::coordination::work::score::{Policy, Score};
use crate::coordination::work::synthesis::PartEnd;
use crate::coordination::work::task::TaskId;
use crate::coordination::work::worker::Worker;
use crate::playback::frame::{Cast, Frame};
use crate::playback::run::Run;
use crate::sim::{AgentId, Event, EventId, What};
use crate::view::figure::{milli_short, percent, seconds, span};

/// Of others so many are named.
const NAMED_MAX: usize = 4;
/// So far back an award is looked for.
const LOOK_BACK_EVENTS: u64 = 200_000;

/// What an event of work rests on; nothing of another, and where it would take too long to find out.
pub(super) fn grounds(run: &Run, event: &Event<Note>, note: Note) -> Option<Vec<String>> {
    let (task, part) = match note {
        Note::TeamMade { task, .. } | Note::NobodyFree { task } | Note::TaskEnded { task, .. } => {
            (task, 0)
        }
        Note::Awarded { task, part, .. }
        | Note::Delivered { task, part, .. }
        | Note::PartFailed { task, part, .. }
        | Note::LeaseExpired { task, part, .. }
        | Note::CameTooLate { task, part, .. } => (task, part),
        Note::NoBid { agent, check, .. } => return refused(run, event, agent, check),
        Note::NotTaken { agent, check, .. } => return refused(run, event, agent, check),
        Note::WorkEnded { .. } => return ended(run, event, note),
        _ => return None,
    };
    let board = run.board_after(event.id)?;
    let job = board.jobs.get(task as usize)?;
    let then = Then { cast: run.cast(), board: &board, task, job, now_us: event.time_us };
    let of_part = job.parts.get(usize::from(part));
    Some(match note {
        Note::TeamMade { .. } => then.team(),
        Note::NobodyFree { .. } => then.nobody(),
        Note::TaskEnded { .. } => then.end(),
        Note::Awarded { agent, .. } => then.award(of_part?, agent),
        Note::Delivered { agent, .. } => then.delivered((part, of_part?), agent),
        Note::PartFailed { agent, .. } => {
            let mut lines: Vec<String> = then.change((part, of_part?), agent).into_iter().collect();
            lines.push(then.what_now(of_part?));
            lines
        }
        Note::LeaseExpired { agent, .. } => then.expired((part, of_part?), agent),
        Note::CameTooLate { agent, .. } => then.too_late(of_part?, agent).into_iter().collect(),
        _ => return None,
    })
}

/// The event in which the task of this manager was awarded last: where its scores are told.
#[must_use]
pub fn award(run: &Run, frame: &Frame, manager: AgentId, task: TaskId) -> Option<EventId> {
    let now = frame.events;
    let mut back = run.log().range(now.saturating_sub(LOOK_BACK_EVENTS), now).rev();
    let is_it = |note: Note| match note {
        Note::TeamMade { task: of, .. } | Note::Awarded { task: of, .. } => of == task,
        _ => false,
    };
    let mut last = None;
    back.find(|event| {
        let What::Note(note) = event.what else { return false };
        let found = event.agent == manager && is_it(note);
        if found {
            last = Some(event.id);
        }
        found && matches!(note, Note::TeamMade { .. })
    });
    last
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
    let mut told = Vec::new();
    for (name, milli, weight) in parts {
        let weight = u64::from(weight);
        if let Some(whole) = (milli * 100).checked_div(weight) {
            told.push(format!("{name} {} × {}", points(whole), milli_short(weight * 10)));
        }
    }
    format!("{} = {}", told.join(" + "), points(score.total_milli()))
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

fn refs(names: &[std::sync::Arc<str>]) -> Vec<&str> {
    names.iter().map(|name| &**name).collect()
}

/// A task on its board, right after the event that is explained.
struct Then<'a> {
    cast: &'a Cast,
    board: &'a Board,
    task: TaskId,
    job: &'a Job,
    now_us: u64,
}

impl Then<'_> {
    fn name(&self, agent: AgentId) -> &str {
        self.cast.name(agent)
    }

    /// The sum of an agent's score, its place, and who had as much.
    fn score(&self, agent: AgentId) -> Vec<String> {
        let ranking = &self.job.ranking;
        let Some(place) = ranking.iter().position(|(it, _)| *it == agent) else {
            return Vec::new();
        };
        let (name, score) = (self.name(agent), ranking[place].1);
        let sum = sum(self.board.policy, score);
        let mut lines = vec![match ranking.len() {
            1 => format!("{name} was the only one that could: {sum}."),
            all => format!("{name} came {} of {all}: {sum}.", ordinal(place)),
        }];
        let mut same = Vec::new();
        for (it, other) in ranking.iter() {
            if *it != agent && other.total_milli() == score.total_milli() {
                same.push(self.name(*it));
            }
        }
        if !same.is_empty() {
            let have = if same.len() == 1 { "has" } else { "have" };
            lines.push(format!(
                "{} {have} as much: of equals, the first in the scenario goes first.",
                words_of(&same)
            ));
        }
        lines
    }

    /// Who did not bid, and why.
    fn silent(&self) -> Option<String> {
        let mut told = Vec::new();
        for check in Check::ALL {
            let mut names = Vec::new();
            for (agent, answer) in self.job.answers.iter() {
                if *answer == Answer::No(check) {
                    names.push(self.name(*agent));
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
                told.push(format!("{} {words}", words_of(&names)));
            }
        }
        (!told.is_empty()).then(|| format!("No bid: {}.", told.join("; ")))
    }

    fn team(&self) -> Vec<String> {
        let (job, team) = (self.job, &self.job.team);
        let Some(first) = team.members.first() else { return Vec::new() };
        let mut lines = self.score(*first);
        for member in team.members.iter().skip(1) {
            lines.extend(self.score(*member).into_iter().next());
        }
        let mut covers = Vec::new();
        for (skill, agent) in &team.by_skill {
            covers.push(format!("{} covers {skill}", self.name(*agent)));
        }
        if team.members.len() > 1 {
            lines.push(format!(
                "The best goes into the team first, then whoever brings a skill that it lacks: {}.",
                covers.join(", ")
            ));
        } else if job.spec.skills.is_empty() {
            lines.push("It asks for no skill, so one agent does it.".to_owned());
        }
        let uncovered = refs(&team.uncovered);
        if !uncovered.is_empty() {
            let most = *job.spec.complexity.team().end();
            lines.push(format!(
                "Nobody in it has {}; it may have {} at most.",
                words_of(&uncovered),
                crate::view::work::counted(most, "agent")
            ));
        }
        lines.extend(self.silent());
        lines
    }

    fn award(&self, part: &PartJob, agent: AgentId) -> Vec<String> {
        if self.board.manager == Some(agent) {
            let name = self.name(agent);
            return vec![format!(
                "All tasks go to {name}: it is the manager, and shares them out among its workers."
            )];
        }
        let mut lines = self.score(agent);
        let (attempt, focus) = (part.attempts.len(), part.focus());
        if attempt > 1 {
            let most = self.board.rules.attempts;
            let before = self.history(&part.attempts[..attempt - 1]);
            lines.push(format!("It is attempt {attempt} of at most {most}: {before}."));
        } else if self.job.team.members.len() > 1 && !focus.is_empty() {
            lines.push(format!("In the team it is the first that has {focus}."));
        }
        lines.extend(self.passed_over(part, agent));
        lines.extend(self.silent());
        lines
    }

    /// Those who ranked higher and did not get it, and why.
    fn passed_over(&self, part: &PartJob, agent: AgentId) -> Option<String> {
        let bids = self.job.bids();
        let mut told = Vec::new();
        for (other, _) in self.job.ranking.iter() {
            if *other == agent || told.len() == NAMED_MAX {
                break;
            }
            let (Some(bid), name) = (bids.get(other), self.name(*other)) else { continue };
            let skills = &part.spec.skills;
            if !skills.is_empty() && !skills.iter().any(|skill| bid.skills.contains(skill)) {
                continue;
            }
            if part.tried(*other) > 0 {
                told.push(format!("{name} has tried it"));
            } else if bid.load.saturating_add(part.spec.load) > bid.capacity {
                told.push(format!("{name} has no room: {} of {}", bid.load, bid.capacity));
            }
        }
        (!told.is_empty()).then(|| format!("Higher, but: {}.", told.join("; ")))
    }

    /// "ada failed at 1.204, the lease of bob ended at 6.204".
    fn history(&self, attempts: &[Attempt]) -> String {
        let mut told = Vec::new();
        for attempt in attempts {
            let name = self.name(attempt.agent);
            let Some((end, at_us)) = attempt.end else { continue };
            let at = seconds(at_us);
            told.push(match end {
                AttemptEnd::Done => format!("{name} did it at {at}"),
                AttemptEnd::Failed => format!("{name} failed at {at}"),
                AttemptEnd::Expired => format!("the lease of {name} ended at {at}"),
                AttemptEnd::NotTaken(check) => format!("{name} could not: it {}", check.words()),
                AttemptEnd::Cancelled => format!("{name} was called off at {at}"),
            });
        }
        told.join(", ")
    }

    /// What the outcome of the last attempt did to the agent's reputation.
    fn change(&self, (number, part): (u16, &PartJob), agent: AgentId) -> Option<String> {
        let attempt = part.attempts.iter().rposition(|it| it.agent == agent)? as u32 + 1;
        let record = self.board.standings.records.get(&agent)?;
        let entry = record.history.iter().rev().find(|entry| {
            (entry.task, entry.part, entry.attempt) == (self.task, number, attempt)
        })?;
        let (by, score) = (entry.change.unsigned_abs(), entry.score);
        let moves = if entry.change < 0 { "falls" } else { "rises" };
        Some(match entry.change {
            0 => format!("Its reputation stays {score}: the limit."),
            _ => format!("Its reputation {moves} by {by}, to {score}."),
        })
    }

    fn delivered(&self, part: (u16, &PartJob), agent: AgentId) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(PartEnd::Done { quality, took_us, .. }) = &part.1.end {
            let lease = span(self.board.rules.lease_of(agent));
            lines.push(format!("It took {}; its lease was for {lease}.", span(*took_us)));
            if *quality > 90 {
                lines.push(format!("A quality of {quality}, above 90, counts 7 instead of 5."));
            }
        }
        lines.extend(self.change(part, agent));
        lines
    }

    fn expired(&self, part: (u16, &PartJob), agent: AgentId) -> Vec<String> {
        let last = part.1.attempts.iter().rev().find(|it| it.agent == agent && it.end.is_some());
        let Some(last) = last else { return Vec::new() };
        let (from, lease) = (seconds(last.awarded_us), span(self.board.rules.lease_of(agent)));
        let mut lines = vec![format!("It was awarded at {from}, for {lease}, and nothing came.")];
        lines.push(match last.taken {
            true => format!(
                "It had said that it works on it. {}",
                self.change(part, agent).unwrap_or_default()
            ),
            false => "It never said that it has it, so its reputation stays.".to_owned(),
        });
        lines.push(self.what_now(part.1));
        lines
    }

    fn too_late(&self, part: &PartJob, agent: AgentId) -> Option<String> {
        let attempt = part.attempts.iter().rev().find(|it| it.agent == agent && it.late)?;
        let (end, at_us) = attempt.end?;
        let late = span(self.now_us.saturating_sub(at_us));
        Some(match end {
            AttemptEnd::Expired => {
                format!(
                    "Its lease ended at {}, {late} before: what counts is only the end of that.",
                    seconds(at_us)
                )
            }
            _ => format!("It was called off at {}, {late} before.", seconds(at_us)),
        })
    }

    /// What becomes of a part whose attempt came to nothing.
    fn what_now(&self, part: &PartJob) -> String {
        let most = self.board.rules.attempts;
        match (part.running(), &part.end) {
            (Some(next), _) => format!("{} gets it next.", self.name(next.agent)),
            (None, Some(PartEnd::Failed { .. })) => {
                format!("It was attempt {} of {most}: it is not tried again.", part.attempts.len())
            }
            _ => "All are asked again who can do it.".to_owned(),
        }
    }

    fn nobody(&self) -> Vec<String> {
        let bids = self.job.bids();
        let mut full = Vec::new();
        for (agent, bid) in &bids {
            if bid.load.saturating_add(self.job.spec.load) > bid.capacity {
                full.push(self.name(*agent));
            }
        }
        let mut lines = Vec::new();
        if !full.is_empty() {
            let have = if full.len() == 1 { "has" } else { "have" };
            let load = self.job.spec.load;
            lines.push(format!("{} {have} no room for a load of {load}.", words_of(&full)));
        }
        lines.extend(self.silent());
        if self.job.answers.is_empty() {
            lines.push("Nobody answered in time.".to_owned());
        }
        lines
    }

    fn end(&self) -> Vec<String> {
        let job = self.job;
        let mut lines: Vec<String> = Vec::new();
        if job.phase != Phase::Ended {
            return lines;
        }
        let (mut qualities, mut sum, mut count) = (String::new(), 0, 0);
        for part in &job.parts {
            let focus = part.focus();
            let what = if focus.is_empty() { &*job.spec.name } else { &*focus };
            match &part.end {
                Some(PartEnd::Done { agent, quality, .. }) => {
                    (sum, count) = (sum + u32::from(*quality), count + 1);
                    qualities += if count > 1 { " + " } else { "" };
                    qualities += &quality.to_string();
                    if job.parts.len() > 1 {
                        lines.push(format!("{what}: {}, quality {quality}.", self.name(*agent)));
                    }
                }
                Some(PartEnd::Failed { reason }) if part.attempts.is_empty() => {
                    lines.push(format!("{what}: {}.", reason.words()));
                }
                Some(PartEnd::Failed { .. }) => {
                    lines.push(format!("{what}: {}.", self.history(&part.attempts)));
                }
                None => {}
            }
        }
        if count > 1 {
            lines.push(format!("Quality ({qualities}) ÷ {count} = {}, rounded down.", sum / count));
        }
        if let Some(reason) = &job.reason {
            lines.push(format!("So it has failed: {}.", reason.words()));
            if job.parts.is_empty() {
                lines.extend(self.silent());
            }
        }
        lines
    }
}

/// The agent that says no, as it was when it said so.
fn refused(run: &Run, event: &Event<Note>, agent: AgentId, check: Check) -> Option<Vec<String>> {
    let log = run.log();
    let mut said = log.get(event.cause)?;
    while !(said.agent == agent && matches!(said.what, What::Sent { .. })) {
        said = log.get(said.cause)?;
    }
    let worker = run.worker_after(said.id)?;
    Some(vec![as_it_is(&worker, check)])
}

fn as_it_is(worker: &Worker, check: Check) -> String {
    let names = |names: &[std::sync::Arc<str>]| {
        if names.is_empty() { "nothing".to_owned() } else { words_of(&refs(names)) }
    };
    let capacity = worker.abilities.capacity;
    match check {
        Check::Skill => format!("It can do {}, and nothing else.", names(&worker.abilities.skills)),
        Check::Health => "It was made unhealthy.".to_owned(),
        Check::Load => {
            let share = percent(worker.load().into(), capacity.into());
            format!("It carries {} of {capacity}: {share}.", worker.load())
        }
        Check::Domain => format!("It works in {} alone.", names(&worker.domains)),
    }
}

/// The end of an agent's own work: how often it fails.
fn ended(run: &Run, event: &Event<Note>, note: Note) -> Option<Vec<String>> {
    let Note::WorkEnded { failed, .. } = note else { return None };
    let worker = run.worker_after(event.id)?;
    let style = &worker.abilities.style;
    if style.fails_ppm == 0 {
        return None;
    }
    let share = percent(style.fails_ppm.into(), 1_000_000);
    let so = if failed { "this was one" } else { "not at this" };
    Some(vec![format!("It fails at {share} of what it tries, by chance: {so}.")])
}
