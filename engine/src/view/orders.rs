//! What a person orders of a swarm at work, as forms: a new task, how an agent works, what counts when agents are
//! chosen. Here stands what a form asks for, and what is typed in it is read; the rest the ordinary checks
//! judge, as in a file.

mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use read::{Typed, read_policy, read_task, read_worker};

use crate::common::value::data::DataFile;
use crate::playback::run::Run;
use crate::protocol::document::{Field, Form, Input, Rare};
use crate::protocol::number::write_number;
use crate::protocols::work::boards::coordinators;
use crate::protocols::work::intervention::WorkAct;
use crate::protocols::work::role::Work;
use crate::protocols::work::score::Policy;
use crate::protocols::work::section::TaskFile;
use crate::protocols::work::section::check::WorkSetup;
use crate::protocols::work::section::tasks::instance_names;
use crate::protocols::work::task::{Complexity, TaskId};
use crate::protocols::work::worker::Worker;
use crate::scenario::file::intervention::Intervention;
use crate::sim::{AgentId, Status};

/// More than these have to be typed.
const OFFERED_MAX: usize = 24;

fn number(name: &'static str, label: &'static str, value: Option<f64>) -> Field {
    Field::new(name, label, value.map(write_number).unwrap_or_default(), Input::Number)
}

/// A task like the last of the scenario. When it is submitted, another name is offered, and the rest stays as typed.
#[must_use]
pub fn task_form(run: &Run) -> Option<Form> {
    let work = run.scenario().rooms.work.as_ref()?;
    let like = like(run);
    let complexity = like.complexity.unwrap_or_default();
    let called = |(it, name): (Complexity, &'static str)| {
        let team = it.team();
        let (least, most) = (team.start(), team.end());
        let agents = if most > least { format!("{least}–{most}") } else { most.to_string() };
        (name.to_owned(), format!("{name}: {agents}"))
    };
    let complexities = Complexity::ALL.into_iter().map(called).collect();
    let tick = |skill: String| (like.skills.contains(&skill), skill);
    let ticks = skills(run, work).into_iter().map(tick).map(|(is, skill)| (skill, is)).collect();
    let words = || Input::Words(Vec::new());
    let complexity = complexity.name().to_owned();
    let domain = like.domain.clone().unwrap_or_default();
    let mut fields = vec![
        Field::new("id", "Name", new_task_name(run), words()).renewed(),
        Field::new("complexity", "Complexity", complexity, Input::OneOf(complexities)),
        Field::new("skills", "Asks for", String::new(), Input::Ticks(ticks)),
        Field::new("other_skills", "And for", String::new(), words()).hint("other skills"),
        number("duration_ms", "Takes, ms", Some(like.duration_ms.unwrap_or(1_000.0))),
        Field::new("title", "Title", like.title.clone(), words()).rare(),
        Field::new("domain", "Domain", domain, domains(run)).hint("everywhere").rare(),
        number("load", "Load, units", Some(like.load.unwrap_or(20.0))).rare(),
        number("priority", "Priority", Some(like.priority.unwrap_or(5).into()))
            .hint("1 to 10")
            .rare(),
        number("deadline_ms", "Done by, ms", None).hint("at any time").rare(),
        number("count", "How many", None).hint("1").rare(),
        Field::new("depends_on", "Only after", String::new(), words()).hint("other tasks").rare(),
    ];
    if let Some(DataFile::Number(budget)) = like.data.get("budget") {
        fields.push(number("budget", "Budget", Some(*budget)).rare());
    }
    Some(Form {
        id: "task",
        title: "New task".to_owned(),
        button: "Submit",
        is_open: true,
        fields,
        rare: Rare::Folded,
    })
}

/// How the agent works; nothing of one that is down, and of the coordinator.
#[must_use]
pub fn worker_form(run: &Run, agent: AgentId) -> Option<Form> {
    let work = run.scenario().rooms.work.as_ref()?;
    let abilities = &worker(run, agent)?.abilities;
    let style = &abilities.style;
    let mut all = skills(run, work);
    // Its own stand there in any case.
    let own = abilities.skills.iter().map(|skill| skill.to_string());
    all.extend(own.filter(|skill| !all.contains(skill)).collect::<Vec<_>>());
    let has = |skill: &String| abilities.skills.iter().any(|own| **own == **skill);
    let ticks = all.into_iter().map(|skill| (has(&skill), skill)).map(|(is, skill)| (skill, is));
    let milli = |number: u32| Some(f64::from(number) / 1_000.0);
    let health = vec![("healthy".to_owned(), style.healthy)];
    let mut fields = vec![
        Field::new("skills", "Knows", String::new(), Input::Ticks(ticks.collect())),
        Field::new("other_skills", "Learns", String::new(), Input::Words(Vec::new()))
            .hint("other skills"),
        number("capacity", "Capacity", Some(abilities.capacity.into())),
        number("speed", "Speed, ×", milli(style.speed_milli)),
        number("fails", "Fails, 0 to 1", Some(f64::from(style.fails_ppm) / 1e6)),
        Field::new("healthy", "", String::new(), Input::Ticks(health)),
    ];
    let answers = &worker(run, agent)?.questions.answers;
    if answers.known.keys().next().is_some() {
        let known = answers.known.iter().map(|(key, (_, value))| format!("{key}: {value}"));
        let known = known.collect::<Vec<_>>().join(", ");
        fields.push(Field::new("knows", "Tells others", known, Input::Words(Vec::new())));
    }
    let title = format!("How {} works", run.cast().name(agent));
    Some(Form { id: "worker", title, button: "Change", fields, ..Form::default() })
}

/// What counts how much in a score, as it is now.
#[must_use]
pub fn policy_form(policy: Policy) -> Form {
    let shares = |it: Policy| format!("{}, {}, {}", it.reputation, it.skill, it.load);
    let named = |(it, name): (Policy, &'static str)| {
        let words = if it == Policy::BALANCED { "balanced" } else { "skill first" };
        (name.to_owned(), format!("{words}: {}", shares(it)))
    };
    let mut policies: Vec<_> = Policy::ALL.into_iter().map(named).collect();
    policies.push((OWN.to_owned(), "weights of your own".to_owned()));
    let chosen = policy.name().unwrap_or(OWN).to_owned();
    let weight = |name, label, weight: u32| number(name, label, Some(weight.into())).rare();
    Form {
        id: "policy",
        title: "What counts in a score".to_owned(),
        is_open: false,
        rare: Rare::OfOwn,
        button: "Use it from now on",
        fields: vec![
            Field::new("policy", "Reputation, skill, free, in %", chosen, Input::OneOf(policies)),
            weight("reputation", "Reputation", policy.reputation),
            weight("skill", "Skill", policy.skill),
            weight("load", "Free", policy.load),
        ],
    }
}

/// The value of a policy that has no name.
const OWN: &str = "own";

/// A name that no task of this branch has, nor will have: the one after the last.
#[must_use]
pub fn new_task_name(run: &Run) -> String {
    let Some(work) = &run.scenario().rooms.work else { return String::new() };
    let later = submitted(run).flat_map(instance_names).collect::<Vec<_>>();
    let first = work.tasks.last().map_or("task-0", |it| &it.task.name);
    let mut name = later.last().map_or(first, String::as_str).to_owned();
    let is_taken =
        |name: &String| work.tasks.iter().any(|it| it.task.name == *name) || later.contains(name);
    loop {
        name = after(&name);
        if !is_taken(&name) {
            return name;
        }
    }
}

/// `campaign_001` becomes `campaign_002`, and `build` becomes `build-2`.
fn after(name: &str) -> String {
    let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &name[stem.len()..];
    match digits.parse::<u64>().ok().and_then(|number| number.checked_add(1)) {
        Some(number) => format!("{stem}{number:0width$}", width = digits.len()),
        None => format!("{name}-2"),
    }
}

/// What was submitted beside the tasks of the file: by the scenario's own faults, and by hand.
fn submitted(run: &Run) -> impl Iterator<Item = &TaskFile> {
    done(run).filter_map(|done| match done {
        Intervention::Work(WorkAct::Submit { task }) => Some(&**task),
        _ => None,
    })
}

/// All that is done to the swarm in this branch.
fn done(run: &Run) -> impl Iterator<Item = &Intervention> {
    let planned = run.scenario().file.faults.iter().map(|fault| &fault.intervention);
    let branch = &run.branches()[run.current_branch() as usize];
    planned.chain(branch.interventions().iter().map(|it| &it.intervention))
}

/// What a new task is like: the last of the file.
fn like(run: &Run) -> TaskFile {
    let work = run.scenario().file.work.as_ref();
    work.and_then(|work| work.tasks.last()).cloned().unwrap_or_default()
}

/// Skills that are offered: those at the start, and those agents came to have by hand.
fn skills(run: &Run, work: &WorkSetup) -> Vec<String> {
    let mut all: Vec<String> = work.skills.iter().map(ToString::to_string).collect();
    for done in done(run) {
        let learned = match done {
            Intervention::Work(WorkAct::SetWork { skills, .. }) => skills.as_ref(),
            Intervention::Spawn { agent } => agent.skills.as_ref(),
            _ => None,
        };
        for skill in learned.into_iter().flatten() {
            if !all.contains(skill) {
                all.push(skill.clone());
            }
        }
    }
    all.truncate(OFFERED_MAX);
    all
}

/// Where agents work.
fn domains(run: &Run) -> Input {
    let mut all: Vec<String> = Vec::new();
    let of_all = run.scenario().members.iter().flat_map(|member| &member.profile.domains);
    for domain in of_all.map(|domain: &Arc<str>| domain.to_string()) {
        if all.len() < OFFERED_MAX && !all.contains(&domain) {
            all.push(domain);
        }
    }
    Input::Words(all)
}

/// The agent as it works now; nothing of one that is not there in this branch.
fn worker(run: &Run, agent: AgentId) -> Option<&Worker> {
    let slot = run.simulation().agents().nth(agent.index())?;
    slot.process
        .work
        .as_ref()?
        .worker()
        .filter(|_| matches!(slot.status, Status::Up | Status::Paused))
}

/// The policy by which work is shared out now; nothing where there is none.
#[must_use]
pub fn policy(run: &Run) -> Option<Policy> {
    Some(coordinators(&run.peek::<Work>()?)?.board.policy)
}

/// The number of the task that was submitted under this name; of several the first.
#[must_use]
pub fn task_of(run: &Run, name: &str) -> Option<TaskId> {
    let first = format!("{name}-1");
    let peek = run.peek::<Work>()?;
    let mut names = (0..).zip(coordinators(&peek)?.board.jobs.iter().map(|job| &job.spec.name));
    names.find(|(_, it)| *it == name || **it == first).map(|(task, _)| task)
}
