//! Forms by which a person orders something of a swarm at work: a new task, how an agent works, the weights in a score. [`read`]
//! makes acts of them, which the ordinary checks judge, as those of a file.

pub(super) mod read;
#[cfg(test)]
mod tests;

use super::assign::Assign;
use super::boards::coordinators;
use super::intervention::WorkAct;
use super::role::Work;
use super::score::Policy;
use super::section::TaskFile;
use super::section::tasks::instance_names;
use super::task::Complexity;
use super::worker::Worker;
use crate::common::asking::{Asking, Done};
use crate::common::room::Members;
use crate::common::shown::Peek;
use crate::common::value::data::DataFile;
use crate::protocol::document::{Choice, Choosable, Field, Form, FormPlace, Input, Rare, Typed};
use crate::protocol::number::write_number;
use crate::sim::{AgentId, Status};

/// The ids of the forms.
const TASK: &str = "task";
const WORKER: &str = "worker";
const POLICY: &str = "policy";
const ASSIGN: &str = "assign";

/// More than these have to be typed.
const OFFERED_MAX: usize = 24;

pub(super) fn forms(peek: &dyn Peek<Work>, asking: &Asking<'_, Work>) -> Vec<Form> {
    let worker = asking.look.selected.and_then(|agent| worker_form(peek, asking, agent));
    // While there is none an empty one keeps its place.
    let worker = worker.unwrap_or_else(|| Form { id: WORKER, ..Form::default() });
    let mut forms = vec![worker, task_form(peek, asking)];
    if let Some(board) = coordinators(peek).map(|it| it.board) {
        forms.push(match board.assign.is_dispatch() {
            true => Form { id: POLICY, ..Form::default() },
            false => policy_form(board.policy),
        });
        forms.push(assign_form(board.assign));
    }
    forms
}

/// A new task is looked at once it has come in.
pub(super) fn looked_at_after(peek: &dyn Peek<Work>, form: &str, typed: &Typed) -> Option<Choice> {
    if form != TASK {
        return None;
    }
    let name = typed.text("id");
    let first = format!("{name}-1");
    let mut names = (0..).zip(coordinators(peek)?.board.jobs.iter().map(|job| &job.spec.name));
    let task = names.find(|(_, it)| *it == name || **it == first);
    task.map(|(task, _)| Choice::new("task", task))
}

fn number(name: &'static str, label: &'static str, value: Option<f64>) -> Field {
    Field::new(name, label, value.map(write_number).unwrap_or_default(), Input::Number)
}

/// A task like the last of the scenario. When it is submitted, another name is offered, and the rest stays as typed.
fn task_form(peek: &dyn Peek<Work>, asking: &Asking<'_, Work>) -> Form {
    let like = &peek.setup().like;
    let complexity = like.complexity.unwrap_or_default();
    let called = |(it, name): (Complexity, &'static str)| -> Choosable {
        let team = it.team();
        let (least, most) = (team.start(), team.end());
        let agents = if most > least { format!("{least}–{most}") } else { most.to_string() };
        (name.to_owned(), format!("{name}: {agents}"))
    };
    let complexities = Complexity::ALL.into_iter().map(called).collect();
    let tick = |skill: String| (like.skills.contains(&skill), skill);
    let ticks = skills(peek, asking).into_iter().map(tick).map(|(is, skill)| (skill, is)).collect();
    let words = || Input::Words(Vec::new());
    let complexity = complexity.name().to_owned();
    let domain = like.domain.clone().unwrap_or_default();
    let mut fields = vec![
        Field::new("id", "Name", new_task_name(peek, asking), words()).renewed(),
        Field::new("complexity", "Complexity", complexity, Input::OneOf(complexities)),
        Field::new("skills", "Asks for", String::new(), Input::Ticks(ticks)),
        Field::new("other_skills", "And for", String::new(), words()).hint("other skills"),
        number("duration_ms", "Takes, ms", Some(like.duration_ms.unwrap_or(1_000.0))),
        Field::new("title", "Title", like.title.clone(), words()).rare(),
        Field::new("domain", "Domain", domain, domains(asking.cast)).hint("everywhere").rare(),
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
    Form {
        id: TASK,
        title: "New task".to_owned(),
        button: "Submit".to_owned(),
        place: FormPlace::Unfolded,
        fields,
        goes_on: true,
        ..Form::default()
    }
}

/// How the agent works; nothing of one that is down, and of the coordinator.
fn worker_form(peek: &dyn Peek<Work>, asking: &Asking<'_, Work>, agent: AgentId) -> Option<Form> {
    let worker = worker(peek, agent)?;
    let abilities = &worker.abilities;
    let style = &abilities.style;
    let mut all = skills(peek, asking);
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
    let answers = &worker.questions.answers;
    if answers.known.keys().next().is_some() {
        let known = answers.known.iter().map(|(key, (_, value))| format!("{key}: {value}"));
        let known = known.collect::<Vec<_>>().join(", ");
        fields.push(Field::new("knows", "Tells others", known, Input::Words(Vec::new())));
    }
    let title = format!("How {} works", peek.names().agent(agent));
    Some(Form { id: WORKER, title, button: "Change".to_owned(), fields, ..Form::default() })
}

/// The weights in a score, as they are now.
fn policy_form(policy: Policy) -> Form {
    let shares = |it: Policy| format!("{}, {}, {}", it.reputation, it.skill, it.load);
    let named = |(it, name): (Policy, &'static str)| -> Choosable {
        let words = if it == Policy::BALANCED { "balanced" } else { "skill first" };
        (name.to_owned(), format!("{words}: {}", shares(it)))
    };
    let mut policies: Vec<_> = Policy::ALL.into_iter().map(named).collect();
    policies.push((OWN.to_owned(), "weights of your own".to_owned()));
    let chosen = policy.name().unwrap_or(OWN).to_owned();
    let weight = |name, label, weight: u32| number(name, label, Some(weight.into())).rare();
    Form {
        id: POLICY,
        title: "What counts in a score".to_owned(),
        rare: Rare::OfOwn,
        button: "Use it from now on".to_owned(),
        fields: vec![
            Field::new("policy", "Reputation, skill, free, in %", chosen, Input::OneOf(policies)),
            weight("reputation", "Reputation", policy.reputation),
            weight("skill", "Skill", policy.skill),
            weight("load", "Free", policy.load),
        ],
        ..Form::default()
    }
}

/// How agents are found for tasks, as it is now.
fn assign_form(assign: Assign) -> Form {
    let ways = Assign::ALL.iter().zip(Assign::WORDS);
    let ways = ways.map(|((_, name), words)| ((*name).to_owned(), words.to_owned())).collect();
    let field = Field::new("assign", "Assign by", assign.name().to_owned(), Input::OneOf(ways));
    Form {
        id: ASSIGN,
        title: "How tasks are assigned".to_owned(),
        button: "Use it from now on".to_owned(),
        fields: vec![field],
        ..Form::default()
    }
}

/// The value of a policy that has no name.
const OWN: &str = "own";

/// A name that no task of this branch has, nor will have: the one after the last.
fn new_task_name(peek: &dyn Peek<Work>, asking: &Asking<'_, Work>) -> String {
    let tasks = &peek.setup().tasks;
    let later = submitted(asking).flat_map(instance_names).collect::<Vec<_>>();
    let first = tasks.last().map_or("task-0", |it| &it.task.name);
    let mut name = later.last().map_or(first, String::as_str).to_owned();
    let is_taken =
        |name: &String| tasks.iter().any(|it| it.task.name == *name) || later.contains(name);
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

/// Tasks that were submitted beside those of the file: by the scenario's own faults, and by hand.
fn submitted<'a>(asking: &'a Asking<'_, Work>) -> impl Iterator<Item = &'a TaskFile> {
    asking.done.iter().filter_map(|done| match done {
        Done::Act(WorkAct::Submit { task }) => Some(&**task),
        _ => None,
    })
}

/// Skills that are offered: those at the start, and those agents came to have by hand.
fn skills(peek: &dyn Peek<Work>, asking: &Asking<'_, Work>) -> Vec<String> {
    let mut all: Vec<String> = peek.setup().skills.iter().map(ToString::to_string).collect();
    for done in &asking.done {
        let learned = match done {
            Done::Act(WorkAct::SetWork { skills, .. }) => skills.as_deref().unwrap_or_default(),
            Done::Act(_) => &[],
            Done::Joined { skills } => skills,
        };
        for skill in learned {
            if !all.contains(skill) {
                all.push(skill.clone());
            }
        }
    }
    all.truncate(OFFERED_MAX);
    all
}

/// Where agents work.
fn domains(cast: &dyn Members) -> Input {
    let mut all: Vec<String> = Vec::new();
    let members = (0..cast.count()).filter_map(|agent| cast.profile(AgentId(agent)));
    for domain in members.flat_map(|member| &member.domains) {
        if all.len() < OFFERED_MAX && !all.iter().any(|known| **known == **domain) {
            all.push(domain.to_string());
        }
    }
    Input::Words(all)
}

/// The agent as it works now; nothing of one that is not there in this branch.
fn worker(peek: &dyn Peek<Work>, agent: AgentId) -> Option<&Worker> {
    let part = peek.agent(agent)?;
    let is_there = matches!(part.status, Status::Up | Status::Paused);
    part.machine.filter(|_| is_there)?.worker()
}

/// The policy by which work is shared out now; nothing where there is none.
fn policy(peek: &dyn Peek<Work>) -> Option<Policy> {
    Some(coordinators(peek)?.board.policy)
}
