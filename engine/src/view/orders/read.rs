//! What is typed in the forms, as interventions.

use core::ops::RangeInclusive;

use super::{OWN, like, worker, worker_form};
use crate::coordination::value::data::DataFile;
use crate::coordination::work::intervention::WorkAct;
use crate::coordination::work::score::Policy;
use crate::coordination::work::section::{PolicyFile, TaskFile, WeightsFile};
use crate::coordination::work::task::Complexity;
use crate::map::Map;
use crate::playback::run::Run;
use crate::protocol::decimal;
use crate::protocol::number::{DIGITS_MAX, read_exactly, read_number};
use crate::protocol::problem::Problem;
use crate::scenario::intervention::Intervention;
use crate::sim::AgentId;

/// What stands in a form: the names of its fields with what is typed, chosen or ticked there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    fn all(&self, name: &str) -> Vec<&str> {
        let of_it = self.0.iter().filter(|(field, _)| field == name);
        of_it.map(|(_, text)| text.trim()).collect()
    }

    /// What stands in the first field of this name; nothing where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }

    /// Several things with commas between them.
    fn list(&self, name: &str) -> Vec<String> {
        let items = self.text(name).split(',').map(str::trim);
        items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    /// Those that are ticked, and those that are typed, each once.
    fn skills(&self) -> Vec<String> {
        let mut skills: Vec<String> = self.all("skills").into_iter().map(str::to_owned).collect();
        for other in self.list("other_skills") {
            if !skills.contains(&other) {
                skills.push(other);
            }
        }
        skills
    }

    /// Nothing where nothing is typed.
    fn number(&self, under: &str, name: &str) -> Result<Option<f64>, Problem> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        read_exactly(text).map(Some).ok_or_else(|| {
            let (path, found) = (format!("{under}.{name}"), format!("{text:?}"));
            if read_number(text).is_some() {
                let expected = format!("a number of at most {DIGITS_MAX} digits");
                return Problem::new(path, expected, found, "round it");
            }
            Problem::new(path, "a number", found, "write it in digits, for example 20 or 0.5")
        })
    }

    /// How long a vote may take, in milliseconds, typed in seconds.
    ///
    /// # Errors
    /// When that is no number, or would lose a digit.
    pub fn deadline_ms(&self) -> Result<f64, Problem> {
        let seconds = self.number("propose", "seconds")?;
        let none = || Problem::new("propose.seconds", "a number", "nothing", "write for example 1");
        Ok(seconds.ok_or_else(none)? * 1_000.0)
    }

    fn whole(
        &self,
        under: &str,
        name: &str,
        range: RangeInclusive<u32>,
        repair: &str,
    ) -> Result<Option<u32>, Problem> {
        let Some(number) = self.number(under, name)? else { return Ok(None) };
        let (least, most) = (*range.start(), *range.end());
        decimal::whole(number, range).map(Some).ok_or_else(|| {
            let expected = if most == u32::MAX {
                format!("a whole number, {least} or more")
            } else {
                format!("a whole number from {least} to {most}")
            };
            Problem::new(format!("{under}.{name}"), expected, self.text(name), repair)
        })
    }
}

/// A task like the last of the scenario, but for what is typed.
///
/// # Errors
/// What cannot be read as what is asked for. What no task may say is said when it is submitted.
pub fn read_task(run: &Run, typed: &Typed) -> Result<Intervention, Problem> {
    const UNDER: &str = "submit.task";
    let TaskFile { kind, mut data, .. } = like(run);
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
        skills: typed.skills(),
        domain: some("domain"),
        priority: typed.whole(UNDER, "priority", 1..=10, "higher goes first; 5 is usual")?,
        load: number("load")?,
        duration_ms: number("duration_ms")?,
        deadline_ms: number("deadline_ms")?,
        depends_on: typed.list("depends_on"),
        data,
        ..TaskFile::default()
    };
    Ok(Intervention::Work(WorkAct::Submit { task: Box::new(task) }))
}

/// How the agent works from now on: only what differs from now.
///
/// # Errors
/// What cannot be read as what is asked for, or when nothing differs.
pub fn read_worker(run: &Run, agent: AgentId, typed: &Typed) -> Result<Intervention, Problem> {
    const UNDER: &str = "set_work";
    let (Some(form), Some(worker)) = (worker_form(run, agent), worker(run, agent)) else {
        let found = run.cast().agents.get(agent.index()).map_or("nobody", |info| &*info.name);
        let repair = "select one that works; restart it if it is down";
        return Err(Problem::new("set_work.agent", "an agent at work", found, repair));
    };
    // What stands as it stood says nothing, and neither does what is empty.
    let differs = |name: &str| {
        let before = form.fields.iter().find(|field| field.name == name);
        before.is_some_and(|field| field.value != typed.text(name))
    };
    let changed = |name: &'static str| {
        if differs(name) { typed.number(UNDER, name) } else { Ok(None) }
    };
    let capacity = typed.whole(UNDER, "capacity", 0..=u32::MAX, "write for example 100")?;
    let before = &worker.abilities;
    let (skills, healthy) = (typed.skills(), !typed.all("healthy").is_empty());
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
    let agent = run.cast().name(agent).to_owned();
    let change = WorkAct::SetWork { agent, speed, fails, healthy, skills, capacity, knows };
    Ok(Intervention::Work(change))
}

/// What counts how much from now on.
///
/// # Errors
/// What cannot be read as weights, or when it counts as much already.
pub fn read_policy(now: Policy, typed: &Typed) -> Result<Intervention, Problem> {
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
    Ok(Intervention::Work(WorkAct::SetPolicy { policy }))
}

fn as_before() -> Problem {
    let repair = "choose another, or weights of your own";
    Problem::new("set_policy.policy", "another policy than now", "the same", repair)
}
