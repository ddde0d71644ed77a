//! From an intervention to the orders that carry it out.

use std::sync::Arc;

use super::intervention::WorkAct;
use crate::common::profile::check_capacity;
use crate::common::room::{Announcement, Planning};
use crate::common::signal::TASKS_MAX;
use crate::protocol::decimal;
use crate::protocol::name::{check_names, shared};
use crate::protocol::number::write_number;
use crate::protocol::problem::{Problem, suggestion};
use crate::protocols::work::section::TaskFile;
use crate::protocols::work::section::check::{WorkSetup, check_assign, check_policy};
use crate::protocols::work::section::questions::check_question;
use crate::protocols::work::section::style::check_knows;
use crate::protocols::work::section::tasks::{
    Known, check_load, check_priorities, check_task, instance_names, too_many,
};
use crate::protocols::work::task::Task;
use crate::protocols::work::{WorkChange, WorkOrder};
use crate::sim::AgentId;

/// The plan as far as it has been made.
#[derive(Clone, Debug, Default)]
pub struct WorkMemory {
    /// Names of the tasks that were submitted beside those of the file.
    submitted: Vec<String>,
    /// Their units of work.
    load: u64,
    /// Skills that agents have come to have.
    pub(super) learned: Vec<Arc<str>>,
}

/// No task is heavier.
const SPREAD_MAX: u32 = 1_000_000;

type Orders = Vec<(AgentId, WorkOrder)>;

/// The orders that carry out an intervention.
pub fn plan(
    setup: &WorkSetup,
    act: &WorkAct,
    planning: &mut Planning<'_, WorkMemory>,
) -> Result<Orders, Problem> {
    match act {
        WorkAct::Submit { task } => {
            let tasks = submit(setup, task, planning);
            let tasks = tasks.map_err(|problem| problem.under("submit.task"))?;
            let names = tasks.iter().map(|task| task.name.as_str().into()).collect();
            planning.announced.push(Announcement::Submitted(names));
            let submit = |task| (setup.coordinator, WorkOrder::Submit(Arc::new(task)));
            Ok(tasks.into_iter().map(submit).collect())
        }
        WorkAct::SetWork { agent: name, speed, fails, healthy, skills, capacity, knows } => {
            let agent = planning.cast.find("set_work.agent", name)?;
            if agent == setup.coordinator {
                let repair = "the coordinator does no task itself; name a member";
                let path = "set_work.agent";
                return Err(Problem::new(path, "a member of the swarm", name, repair));
            }
            let speed = speed.map(|it| decimal::speed("set_work.speed", it)).transpose()?;
            let fails = fails.map(|it| decimal::parts_per_million("set_work.fails", it));
            let capacity = capacity.map(|it| check_capacity("set_work.capacity", it));
            let (fails_ppm, capacity) = (fails.transpose()?, capacity.transpose()?);
            let repair = "write for example \"python\"";
            check_names("set_work.skills", skills.iter().flatten(), repair)?;
            let skills = skills.as_ref().map(|skills| shared(Some(skills)));
            let known = check_knows("set_work.knows", knows)?;
            for key in knows.keys() {
                check_question(&format!("set_work.knows.{key}"), key, &setup.rules.questions)?;
            }
            let knows = known.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            let healthy = *healthy;
            let change =
                WorkChange { speed_milli: speed, fails_ppm, healthy, skills, capacity, knows };
            if change == WorkChange::default() {
                let expected = "one of speed, fails, healthy, skills, capacity, knows";
                let repair = "say what changes, for example \"speed\": 0.5";
                return Err(Problem::new("set_work", expected, "none", repair));
            }
            planning.memory.learned.extend(change.skills.iter().flatten().cloned());
            Ok(vec![(agent, WorkOrder::SetWork(change))])
        }
        WorkAct::SetPolicy { policy } => {
            let policy = check_policy("set_policy.policy", policy)?;
            Ok(to_boards(setup, &WorkOrder::SetPolicy(policy)))
        }
        WorkAct::SetAssign { assign } => {
            let assign = check_assign("set_assign.assign", assign)?;
            Ok(to_boards(setup, &WorkOrder::SetAssign(assign)))
        }
        WorkAct::Rebalance { spread } => {
            let repair = "write for example 20, the load of a usual task";
            let spread = decimal::within("rebalance.spread", *spread, 0..=SPREAD_MAX, repair)?;
            Ok(to_boards(setup, &WorkOrder::Rebalance { spread }))
        }
    }
}

/// The same order to all who share out work: managers choose among their own workers.
fn to_boards(setup: &WorkSetup, order: &WorkOrder) -> Orders {
    let managers = setup.rules.workers.iter().map(|(manager, _)| *manager);
    let managers = managers.filter(|manager| setup.rules.manages(*manager));
    let all = core::iter::once(setup.coordinator).chain(managers);
    all.map(|agent| (agent, order.clone())).collect()
}

/// One task, or several alike. They may depend on those that were submitted before, and those of the file.
fn submit(
    setup: &WorkSetup,
    file: &TaskFile,
    planning: &mut Planning<'_, WorkMemory>,
) -> Result<Vec<Task>, Problem> {
    let WorkMemory { submitted, load, learned } = &mut *planning.memory;
    let known = Known { skills: &setup.skills, learned };
    let task = check_task(file, planning.time_us, &known)?;
    for (field, ms) in [("at_ms", file.at_ms), ("every_ms", file.every_ms.unwrap_or(0.0))] {
        if ms != 0.0 {
            let expected = "nothing: all of them are submitted when the intervention is due";
            let repair = "leave it out, and submit what comes later in an intervention of its own";
            return Err(Problem::new(field, expected, write_number(ms), repair));
        }
    }
    let priorities = check_priorities(file)?;
    let names = instance_names(file);
    let before = setup.tasks.len() + submitted.len();
    let total = before + names.len();
    if total > TASKS_MAX {
        return Err(too_many("count", total as u64));
    }
    *load += u64::from(task.load) * names.len() as u64;
    check_load("load", setup.load() + *load)?;
    let others = || {
        let first = setup.tasks.iter().map(|it| it.task.name.as_str());
        first.chain(submitted.iter().map(String::as_str))
    };
    let is_known = |name: &str| others().any(|other| other == name);
    for (place, name) in file.depends_on.iter().enumerate() {
        if !is_known(name) {
            let near = suggestion(name, others());
            let repair = format!("name a task that was submitted before{near}");
            let path = format!("depends_on[{place}]");
            return Err(Problem::new(path, "the id of a task", format!("{name:?}"), repair));
        }
    }
    if let Some(name) = names.iter().find(|name| is_known(name)) {
        let found = format!("{name:?} a second time");
        return Err(Problem::new("id", "a new id", found, "give each task an id of its own"));
    }
    submitted.extend(names.iter().cloned());
    let draw = |number| priorities.draw(planning.seed, number);
    let named = |(number, name)| Task { priority: draw(number), ..task.named(name) };
    Ok((before..).zip(names).map(named).collect())
}
