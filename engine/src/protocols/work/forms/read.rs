//! The acts that the forms say.

use super::{ASSIGN, OWN, POLICY, TASK, WORKER, policy, worker, worker_form};
use crate::common::asking::Asking;
use crate::common::shown::Peek;
use crate::common::value::data::DataFile;
use crate::map::Map;
use crate::protocol::document::{FormError, Typed};
use crate::protocol::number::read_number;
use crate::protocol::problem::Problem;
use crate::protocols::work::intervention::WorkAct;
use crate::protocols::work::role::Work;
use crate::protocols::work::score::Policy;
use crate::protocols::work::section::{PolicyFile, TaskFile, WeightsFile};
use crate::protocols::work::task::Complexity;

/// The act of one of the forms.
pub(in crate::protocols::work) fn read(
    peek: &dyn Peek<Work>,
    asking: &Asking<'_, Work>,
    form: &str,
    typed: &Typed,
) -> Option<Result<WorkAct, FormError>> {
    let act = match form {
        TASK => read_task(&peek.setup().like, typed),
        WORKER => read_worker(peek, asking, typed),
        POLICY => read_policy(policy(peek)?, typed),
        ASSIGN => Ok(WorkAct::SetAssign { assign: typed.text("assign").to_owned() }),
        _ => return None,
    };
    Some(act.map_err(FormError::from))
}

/// The skills that are ticked, and those that are typed, each once.
fn skills(typed: &Typed) -> Vec<String> {
    let mut skills: Vec<String> = typed.all("skills").into_iter().map(str::to_owned).collect();
    for other in typed.list("other_skills") {
        if !skills.contains(&other) {
            skills.push(other);
        }
    }
    skills
}

/// A task like the last of the scenario, but for what is typed.
fn read_task(like: &TaskFile, typed: &Typed) -> Result<WorkAct, Problem> {
    const UNDER: &str = "submit.task";
    let TaskFile { kind, mut data, .. } = like.clone();
    let name = typed.text("complexity");
    let complexity = match Complexity::ALL.into_iter().find(|(_, known)| *known == name) {
        Some((complexity, _)) => Some(complexity),
        None if name.is_empty() => None,
        None => {
            let path = format!("{UNDER}.complexity");
            let known = Complexity::ALL.map(|(_, known)| known).join(", ");
            let repair = format!("choose one of {known}");
            return Err(Problem::new(
                path,
                "simple, moderate or complex",
                format!("{name:?}"),
                repair,
            ));
        }
    };
    let number = |name| typed.number(UNDER, name);
    if let Some(budget) = number("budget")? {
        data.insert("budget".to_owned(), DataFile::Number(budget));
    }
    let some = |name| Some(typed.text(name)).filter(|text| !text.is_empty()).map(str::to_owned);
    let task = TaskFile {
        id: typed.text("id").to_owned(),
        // One is no number of tasks: it goes by its own name.
        count: typed
            .whole(UNDER, "count", 1..=10_000, "leave it empty for one")?
            .filter(|count| *count > 1),
        title: typed.text("title").to_owned(),
        kind,
        complexity,
        skills: skills(typed),
        domain: some("domain"),
        priority: typed.whole(UNDER, "priority", 1..=10, "higher goes first; 5 is usual")?,
        load: number("load")?,
        duration_ms: number("duration_ms")?,
        deadline_ms: number("deadline_ms")?,
        depends_on: typed.list("depends_on"),
        data,
        ..TaskFile::default()
    };
    Ok(WorkAct::Submit { task: Box::new(task) })
}

/// How the agent works from now on: only what differs from now.
fn read_worker(
    peek: &dyn Peek<Work>,
    asking: &Asking<'_, Work>,
    typed: &Typed,
) -> Result<WorkAct, Problem> {
    const UNDER: &str = "set_work";
    let selected = asking.look.selected;
    let at_work = selected
        .and_then(|agent| Some((agent, worker_form(peek, asking, agent)?, worker(peek, agent)?)));
    let Some((agent, form, worker)) = at_work else {
        let found = selected.map_or("nobody", |agent| peek.names().agent(agent));
        let repair = "select one that works; restart it if it is down";
        return Err(Problem::new("set_work.agent", "an agent at work", found, repair));
    };
    // An unchanged field says nothing, and neither does an empty one.
    let differs = |name: &str| {
        let before = form.fields.iter().find(|field| field.name == name);
        before.is_some_and(|field| field.value != typed.text(name))
    };
    let changed = |name: &'static str| {
        if differs(name) { typed.number(UNDER, name) } else { Ok(None) }
    };
    let capacity = typed.whole(UNDER, "capacity", 0..=u32::MAX, "write for example 100")?;
    let before = &worker.abilities;
    let (skills, healthy) = (skills(typed), !typed.all("healthy").is_empty());
    let has = |skill: &String| before.skills.iter().any(|own| **own == **skill);
    let is_same = skills.len() == before.skills.len() && skills.iter().all(has);
    let (speed, fails) = (changed("speed")?, changed("fails")?);
    let capacity = capacity.filter(|capacity| *capacity != before.capacity);
    let skills = (!is_same).then_some(skills);
    let healthy = (healthy != before.style.healthy).then_some(healthy);
    let mut knows = Map::new();
    if differs("knows") {
        for told in typed.list("knows") {
            let Some((key, value)) = told.split_once(':') else {
                let expected = "keys with their values";
                let repair = "write for example budget: 30000";
                return Err(Problem::new("set_work.knows", expected, format!("{told:?}"), repair));
            };
            let value = value.trim();
            let number = read_number(value).map(DataFile::Number);
            let value = number.unwrap_or_else(|| DataFile::Text(value.to_owned()));
            knows.insert(key.trim().to_owned(), value);
        }
    }
    let agent = peek.names().agent(agent).to_owned();
    Ok(WorkAct::SetWork { agent, speed, fails, healthy, skills, capacity, knows })
}

/// The weights from now on.
pub(super) fn read_policy(now: Policy, typed: &Typed) -> Result<WorkAct, Problem> {
    const UNDER: &str = "set_policy.policy";
    let name = typed.text("policy");
    let policy = if name == OWN {
        let weight = |name| {
            let repair = "write three that sum to 100, for example 40, 40 and 20";
            Ok(typed.whole(UNDER, name, 0..=100, repair)?.unwrap_or_default())
        };
        let (reputation, skill, load) = (weight("reputation")?, weight("skill")?, weight("load")?);
        if now == (Policy { reputation, skill, load }) {
            return Err(as_before());
        }
        PolicyFile::Weights(WeightsFile { reputation, skill, load })
    } else if now.name() == Some(name) {
        return Err(as_before());
    } else {
        PolicyFile::Named(name.to_owned())
    };
    Ok(WorkAct::SetPolicy { policy })
}

fn as_before() -> Problem {
    let repair = "choose another, or weights of your own";
    Problem::new("set_policy.policy", "another policy than now", "the same", repair)
}
