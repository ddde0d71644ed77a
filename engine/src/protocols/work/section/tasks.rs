//! The rules of tasks.

use std::sync::Arc;

use rand_xoshiro::rand_core::Rng as _;

use super::TaskFile;
use crate::common::signal::TASKS_MAX;
use crate::common::value::Value;
use crate::common::value::data::{DataFile, check_value};
use crate::map::Map;
use crate::protocol::decimal;
use crate::protocol::name::check_name;
use crate::protocol::number::{with_point, write_number};
use crate::protocol::problem::{Problem, suggestion};
use crate::protocols::work::task::{Complexity, Task};
use crate::sim::rng::{self, Purpose};

/// More units of work than this cannot be added up by those who share them out.
const LOAD_MAX: u64 = 2_000_000_000;

/// The skills there are: at the start, and later.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub skills: &'a [Arc<str>],
    pub learned: &'a [Arc<str>],
}

/// A task that will be submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    pub at_us: u64,
    pub task: Arc<Task>,
    pub priorities: Priorities,
}

/// The least and the most priority that a task can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priorities {
    pub least: u8,
    pub most: u8,
}

impl Priorities {
    /// That of the task with this number, in a run with this seed.
    #[must_use]
    pub fn draw(self, seed: u64, number: usize) -> u8 {
        let drawn = rng::stream(seed, Purpose::Plan, number as u64).next_u64();
        self.least + rng::scale(drawn, u64::from(self.most - self.least) + 1) as u8
    }
}

/// The tasks of a file.
pub fn check_tasks(files: &[TaskFile], known: &Known<'_>) -> Result<Vec<Submission>, Problem> {
    let total: u64 = files.iter().map(|file| u64::from(file.count.unwrap_or(1))).sum();
    if total > TASKS_MAX as u64 {
        return Err(too_many("tasks", total));
    }
    let mut tasks: Vec<Submission> = Vec::new();
    // By its place in the file.
    let mut places: Vec<usize> = Vec::new();
    let mut numbers: Map<String, usize> = Map::new();
    for (place, file) in files.iter().enumerate() {
        let path = format!("tasks[{place}]");
        let at_us = decimal::microseconds(&format!("{path}.at_ms"), file.at_ms)?;
        let task = check_task(file, at_us, known).map_err(|problem| problem.under(&path))?;
        let priorities = check_priorities(file).map_err(|problem| problem.under(&path))?;
        let every_ms = file.every_ms.unwrap_or(0.0);
        let every_us = decimal::microseconds(&format!("{path}.every_ms"), every_ms)?;
        for (number, name) in (0..).zip(instance_names(file)) {
            if numbers.insert(name.clone(), tasks.len()).is_some() {
                let found = format!("{name:?} a second time");
                let repair = "give each task an id of its own";
                return Err(Problem::new(format!("{path}.id"), "a new id", found, repair));
            }
            places.push(place);
            let at_us = check_submission(&path, at_us + every_us * number)?;
            let task = Arc::new(task.named(name));
            tasks.push(Submission { at_us, task, priorities });
        }
    }
    check_load("tasks", tasks.iter().map(|it| u64::from(it.task.load)).sum())?;
    let mut needs: Vec<Vec<usize>> = Vec::new();
    for (number, Submission { task, .. }) in tasks.iter().enumerate() {
        let mut needed = Vec::new();
        for (place, name) in task.depends_on.iter().enumerate() {
            needed.push(*numbers.get(name).ok_or_else(|| {
                let near = suggestion(name, numbers.keys().map(String::as_str));
                let repair = format!("name one that is in work.tasks{near}");
                let path = format!("tasks[{}].depends_on[{place}]", places[number]);
                Problem::new(path, "the id of a task", format!("{name:?}"), repair)
            })?);
        }
        needs.push(needed);
    }
    if let Some(circle) = circle(&needs) {
        let names: Vec<&str> = circle.iter().map(|it| tasks[*it].task.name.as_str()).collect();
        let path = format!("tasks[{}].depends_on", places[circle[0]]);
        let found = format!("a circle: {}, {}", names.join(", "), names[0]);
        let repair = "leave one of them out: each of these waits for the next";
        return Err(Problem::new(path, "tasks that can be done before this one", found, repair));
    }
    Ok(tasks)
}

/// When the last of several tasks is submitted.
fn check_submission(path: &str, at_us: u64) -> Result<u64, Problem> {
    if at_us <= decimal::TIME_MAX_US {
        return Ok(at_us);
    }
    let expected = format!("the last one at {} ms or before", with_point(decimal::TIME_MAX_US, 3));
    let found = with_point(at_us, 3);
    Err(Problem::new(format!("{path}.every_ms"), expected, found, "lower it, or the count"))
}

/// The units of work of all tasks together.
pub fn check_load(path: &str, load: u64) -> Result<(), Problem> {
    if load <= LOAD_MAX {
        return Ok(());
    }
    let expected = format!("at most {LOAD_MAX} units of work in all");
    Err(Problem::new(path, expected, load.to_string(), "lower the loads or the counts"))
}

pub fn too_many(path: &str, found: u64) -> Problem {
    let expected = format!("at most {TASKS_MAX} tasks in all");
    Problem::new(path, expected, found.to_string(), "lower the counts")
}

/// Tasks that wait for one another, if any do; each for the next, and the last for the first.
fn circle(needs: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut waits: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (number, needed) in needs.iter().enumerate() {
        needed.iter().for_each(|other| needed_by[*other].push(number));
    }
    let mut free: Vec<usize> = (0..needs.len()).filter(|number| waits[*number] == 0).collect();
    while let Some(number) = free.pop() {
        for other in &needed_by[number] {
            waits[*other] -= 1;
            if waits[*other] == 0 {
                free.push(*other);
            }
        }
    }
    // A task that still waits, waits for one that does; so the walk comes round.
    let mut walk = vec![waits.iter().position(|waits| *waits > 0)?];
    loop {
        let last = walk[walk.len() - 1];
        let next = *needs[last].iter().find(|other| waits[**other] > 0)?;
        if let Some(first) = walk.iter().position(|number| *number == next) {
            return Some(walk.split_off(first));
        }
        walk.push(next);
    }
}

/// The names of a task, or of several alike.
pub fn instance_names(file: &TaskFile) -> Vec<String> {
    match file.count {
        None => vec![file.id.clone()],
        Some(count) => (1..=count).map(|n| instance_name(&file.id, n)).collect(),
    }
}

fn instance_name(id: &str, number: u32) -> String {
    format!("{id}-{number}")
}

/// A task of the file that is submitted at this time, but for its name and the other tasks.
pub fn check_task(file: &TaskFile, at_us: u64, known: &Known<'_>) -> Result<Task, Problem> {
    check_name("id", &file.id, "write for example \"id\": \"campaign_001\"")?;
    if let Some(count) = file.count {
        let last = instance_name(&file.id, count);
        check_name("id", &last, "a number stands behind it: shorten it")?;
    }
    if let Some(kind) = &file.kind {
        check_name("type", kind, "write for example \"type\": \"email_campaign\"")?;
    }
    if let Some(domain) = &file.domain {
        check_name("domain", domain, "write for example \"domain\": \"finance\"")?;
    }
    if file.every_ms.is_some() && file.count.is_none() {
        let repair = "say how many there are, for example \"count\": 5, or leave every_ms out";
        return Err(Problem::new("every_ms", "several tasks", "one", repair));
    }
    if file.count == Some(0) {
        return Err(Problem::new("count", "1 or more", "0", "leave the task out"));
    }
    if file.count.is_some_and(|count| count as usize > TASKS_MAX) {
        return Err(too_many("count", file.count.unwrap_or_default().into()));
    }
    let default = Task::default();
    // Where it is drawn, every task gets its own when it is submitted.
    let priority = check_priorities(file)?.least;
    let load = match file.load {
        None => default.load,
        Some(load) => decimal::whole(load, 1..=1_000_000).ok_or_else(|| {
            let expected = "whole units of work above 0, up to 1000000";
            Problem::new("load", expected, write_number(load), "leave it out for 20")
        })?,
    };
    let duration_us = match file.duration_ms {
        None => default.duration_us,
        Some(0.0) => {
            let repair = "leave it out for 1000";
            return Err(Problem::new("duration_ms", "above 0", "0", repair));
        }
        Some(ms) => decimal::microseconds("duration_ms", ms)?,
    };
    let data = match check_value("data", &DataFile::Map(file.data.clone()))? {
        Value::Map(data) => (*data).clone(),
        _ => Map::new(),
    };
    let skills = check_skills(&file.skills, known)?;
    let after = check_after(file, &skills)?;
    for name in file.depends_on.iter().chain(file.after.iter().flat_map(|(_, before)| before)) {
        if data.contains_key(&**name) {
            let expected = "names that nothing before it has";
            let repair = "call it something else: what is passed on stands under this name";
            return Err(Problem::new(
                format!("data.{name}"),
                expected,
                format!("{name:?}"),
                repair,
            ));
        }
    }
    Ok(Task {
        name: file.id.clone(),
        kind: file.kind.clone().unwrap_or_else(|| "task".to_owned()),
        title: file.title.clone(),
        complexity: file.complexity.unwrap_or_default(),
        skills,
        domain: file.domain.as_deref().map(Arc::from),
        priority,
        load,
        duration_us,
        deadline_us: check_deadline(file.deadline_ms, at_us)?,
        depends_on: file.depends_on.clone(),
        after,
        data,
        parent: None,
    })
}

/// The priority of a task in the file.
pub fn check_priorities(file: &TaskFile) -> Result<Priorities, Problem> {
    const USUAL: &str = "higher goes first; 5 is usual";
    let Some((least, most)) = file.priorities else {
        let priority = file.priority.unwrap_or(Task::default().priority.into());
        let priority = decimal::whole(priority.into(), 1..=10)
            .ok_or_else(|| Problem::new("priority", "1 to 10", priority.to_string(), USUAL))?
            as u8;
        return Ok(Priorities { least: priority, most: priority });
    };
    if let Some(priority) = file.priority {
        let repair = "leave one of them out: it is either drawn or the same for all";
        let found = format!("priority {priority} beside them");
        return Err(Problem::new("priorities", "no priority beside them", found, repair));
    }
    let whole = |number: f64| decimal::whole(number, 1..=10).map(|it| it as u8);
    match (whole(least), whole(most)) {
        (Some(least), Some(most)) if least <= most => Ok(Priorities { least, most }),
        _ => {
            let found = format!("{} and {}", write_number(least), write_number(most));
            let expected = "two whole numbers from 1 to 10, the lower one first";
            Err(Problem::new("priorities", expected, found, "write for example [1, 10]"))
        }
    }
}

/// Skills that somebody has, each once.
fn check_skills(names: &[String], known: &Known<'_>) -> Result<Vec<Arc<str>>, Problem> {
    let all = || known.skills.iter().chain(known.learned);
    for (place, name) in names.iter().enumerate() {
        let path = format!("skills[{place}]");
        if !all().any(|skill| **skill == **name) {
            let near = suggestion(name, all().map(|skill| &**skill));
            let repair = format!("name one that agents have in their skills{near}");
            let found = format!("{name:?}, which nobody has");
            return Err(Problem::new(path, "a skill that an agent has", found, repair));
        }
        if names[..place].contains(name) {
            let found = format!("{name:?} a second time");
            return Err(Problem::new(path, "each skill once", found, "leave it out"));
        }
    }
    Ok(names.iter().map(|name| name.as_str().into()).collect())
}

/// The order of the parts of a task.
fn check_after(
    file: &TaskFile,
    skills: &[Arc<str>],
) -> Result<Map<Arc<str>, Vec<Arc<str>>>, Problem> {
    let place = |path: &str, name: &str| {
        skills.iter().position(|skill| **skill == *name).ok_or_else(|| {
            let near = suggestion(name, skills.iter().map(|skill| &**skill));
            let repair = format!("name one of the skills that the task asks for{near}");
            Problem::new(path, "a skill of this task", format!("{name:?}"), repair)
        })
    };
    let mut needs = vec![Vec::new(); skills.len()];
    for (skill, before) in &file.after {
        let path = format!("after.{skill}");
        let needed: &mut Vec<usize> = &mut needs[place(&path, skill)?];
        for (number, name) in before.iter().enumerate() {
            let path = format!("{path}[{number}]");
            let other = place(&path, name)?;
            if needed.contains(&other) {
                let found = format!("{name:?} a second time");
                return Err(Problem::new(path, "each skill once", found, "leave it out"));
            }
            needed.push(other);
        }
    }
    if let Some(circle) = circle(&needs) {
        let names: Vec<&str> = circle.iter().map(|it| &*skills[*it]).collect();
        let found = format!("a circle: {}, {}", names.join(", "), names[0]);
        let repair = "leave one of them out: each of these waits for the next";
        let path = format!("after.{}", names[0]);
        return Err(Problem::new(path, "parts that can be done before this one", found, repair));
    }
    if !file.after.is_empty() && file.complexity.unwrap_or_default() == Complexity::Simple {
        let (expected, found) = ("a task with parts, moderate or complex", "a simple one");
        let repair = "write \"complexity\": \"moderate\", or leave \"after\" out";
        return Err(Problem::new("after", expected, found, repair));
    }
    let of = |needed: &Vec<usize>| needed.iter().map(|it| skills[*it].clone()).collect::<Vec<_>>();
    let pairs = skills.iter().zip(&needs).filter(|(_, needed)| !needed.is_empty());
    Ok(pairs.map(|(skill, needed)| (skill.clone(), of(needed))).collect())
}

/// From when it is submitted to the deadline.
fn check_deadline(deadline_ms: Option<f64>, at_us: u64) -> Result<Option<u64>, Problem> {
    let Some(ms) = deadline_ms else { return Ok(None) };
    let after = |deadline_us: u64| deadline_us.checked_sub(at_us).filter(|left_us| *left_us > 0);
    let left_us = match ms {
        ..=0.0 => None,
        ms => after(decimal::microseconds("deadline_ms", ms)?),
    };
    match left_us {
        Some(left_us) => Ok(Some(left_us)),
        None => {
            let at = with_point(at_us, 3);
            let expected = format!("a time after {at} ms, when the task is submitted");
            let found = format!("{}, which is past by then", write_number(ms));
            let repair = "write a later time of the run, or leave it out for no deadline";
            Err(Problem::new("deadline_ms", expected, found, repair))
        }
    }
}
