//! What is done to the work of a swarm, planned.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Planner;
use crate::coordination::profile::{Profile, check_capacity};
use crate::coordination::signal::TASKS_MAX;
use crate::coordination::state::holder::StateOrder;
use crate::coordination::swarm::{Order, Swarm};
use crate::coordination::work::WorkChange;
use crate::coordination::work::WorkOrder;
use crate::coordination::work::board::{Board, BoardEntry};
use crate::coordination::work::role::WorkDurable;
use crate::coordination::work::section::TaskFile;
use crate::coordination::work::section::style::check_knows;
use crate::coordination::work::section::tasks::{
    Known, check_load, check_priorities, check_task, instance_names, too_many,
};
use crate::coordination::work::task::Task;
use crate::coordination::work::worker::{Abilities, WorkerDurable};
use crate::protocol::decimal;
use crate::protocol::name::{check_names, shared};
use crate::protocol::number::write_number;
use crate::protocol::problem::{Problem, suggestion};
use crate::scenario::checked::questions::{answers, check_question};
use crate::scenario::checked::work::{WorkSetup, check_policy};
use crate::scenario::checked::{SHARED_OUT_BY_IT, Scenario};
use crate::scenario::intervention::Intervention;
use crate::sim::{AgentId, Fault};

impl Scenario {
    /// What of a worker survives, in a swarm that works.
    pub(super) fn worker(&self, agent: AgentId, profile: &Profile) -> Option<WorkDurable> {
        let rules = self.work.as_ref()?.rules.clone();
        let board = rules.manages(agent).then(|| {
            let mut board = Board::of_manager(rules.clone());
            for worker in rules.workers_of(agent) {
                let reputation = self.members[worker.index()].profile.reputation.0;
                board.write(&BoardEntry::Member { agent: *worker, reputation, is_there: true });
            }
            Box::new(board)
        });
        Some(WorkDurable::Worker(Box::new(WorkerDurable {
            rules,
            abilities: Abilities::of(profile),
            board,
            domains: profile.domains.clone(),
            reputation: profile.reputation,
            needed: self.needed(&profile.work),
            answers: answers(&profile.work),
        })))
    }

    /// The board of the coordinator, in a swarm that works.
    pub(super) fn board(&self) -> Option<WorkDurable> {
        let mut board = Board::new(self.work.as_ref()?.rules.clone());
        for (number, member) in (0..).zip(&self.members) {
            let (agent, reputation) = (AgentId(number), member.profile.reputation.0);
            board.write(&BoardEntry::Member { agent, reputation, is_there: true });
        }
        Some(WorkDurable::Board(Box::new(board)))
    }

    /// The tasks of the file, when they are submitted.
    pub(super) fn submissions(&self, seed: u64) -> Vec<(u64, Fault<Swarm>)> {
        let mut submissions = Vec::new();
        let mut names: BTreeMap<u64, Vec<Arc<str>>> = BTreeMap::new();
        for (number, it) in self.work.iter().flat_map(|work| &work.tasks).enumerate() {
            let priority = it.priorities.draw(seed, number);
            let task = match it.task.priority == priority {
                true => it.task.clone(),
                false => Arc::new(Task { priority, ..(*it.task).clone() }),
            };
            names.entry(it.at_us).or_default().push(task.name.as_str().into());
            let submit = WorkOrder::Submit(task);
            submissions.extend(self.coordinator.map(|board| (it.at_us, order(board, submit))));
        }
        let queue = |(at_us, names)| self.enqueue(names).map(|order| (at_us, order));
        submissions.extend(names.into_iter().filter_map(queue));
        submissions
    }

    /// Who submits tasks puts them into the queue too, where one is kept: at the first agent.
    fn enqueue(&self, names: Vec<Arc<str>>) -> Option<Fault<Swarm>> {
        let rules = &self.state.as_ref()?.rules;
        rules.work.as_ref()?.queue?;
        let order = Arc::new(StateOrder::Enqueue(names));
        Some(Fault::Command(AgentId(0), Order::State(order)))
    }
}

fn order(agent: AgentId, order: WorkOrder) -> Fault<Swarm> {
    Fault::Command(agent, Order::Work(Arc::new(order)))
}

impl Planner<'_> {
    pub(super) fn plan_work(
        &mut self,
        time_us: u64,
        intervention: &Intervention,
    ) -> Result<Vec<Fault<Swarm>>, Problem> {
        let Some(work) = &self.roster.scenario.work else {
            let repair = "add \"work\": {} to the scenario, with what there is to do";
            return Err(Problem::new("work", "a scenario that has work", "none", repair));
        };
        let coordinator = self.roster.scenario.counts_on_coordinator("work", SHARED_OUT_BY_IT)?;
        Ok(match intervention {
            Intervention::Submit { task } => {
                let tasks = self.submit(work, task, time_us);
                let tasks = tasks.map_err(|problem| problem.under("submit.task"))?;
                let names = tasks.iter().map(|task| task.name.as_str().into()).collect();
                let submit = |task| order(coordinator, WorkOrder::Submit(Arc::new(task)));
                let submits = tasks.into_iter().map(submit);
                submits.chain(self.roster.scenario.enqueue(names)).collect()
            }
            Intervention::SetWork { agent, speed, fails, healthy, skills, capacity, knows } => {
                let name = agent;
                let agent = self.roster.names.find("set_work.agent", name)?;
                if agent == coordinator {
                    let repair = "the coordinator does no task itself; name a member";
                    let path = "set_work.agent";
                    return Err(Problem::new(path, "a member of the swarm", name, repair));
                }
                let speed_milli = match speed {
                    Some(speed) => Some(decimal::speed("set_work.speed", *speed)?),
                    None => None,
                };
                let fails_ppm = match fails {
                    Some(fails) => Some(decimal::parts_per_million("set_work.fails", *fails)?),
                    None => None,
                };
                let capacity = match capacity {
                    Some(capacity) => Some(check_capacity("set_work.capacity", *capacity)?),
                    None => None,
                };
                let healthy = *healthy;
                let repair = "write for example \"python\"";
                check_names("set_work.skills", skills.iter().flatten(), repair)?;
                let skills = skills.as_ref().map(|skills| shared(Some(skills)));
                let is_nothing = speed.is_none() && fails.is_none() && healthy.is_none();
                let known = check_knows("set_work.knows", knows)?;
                for key in knows.keys() {
                    let path = format!("set_work.knows.{key}");
                    check_question(&path, key, &work.rules.questions)?;
                }
                let known: Vec<_> =
                    known.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                if is_nothing && skills.is_none() && capacity.is_none() && known.is_empty() {
                    let expected = "one of speed, fails, healthy, skills, capacity, knows";
                    let repair = "say what changes, for example \"speed\": 0.5";
                    return Err(Problem::new("set_work", expected, "none", repair));
                }
                self.learned.extend(skills.iter().flatten().cloned());
                let changes = WorkOrder::SetWork(WorkChange {
                    speed_milli,
                    fails_ppm,
                    healthy,
                    skills,
                    capacity,
                    knows: known,
                });
                vec![order(agent, changes)]
            }
            Intervention::SetPolicy { policy } => {
                let policy = check_policy("set_policy.policy", policy)?;
                // Managers choose among their own workers.
                let managers = work.rules.workers.iter().map(|(manager, _)| *manager);
                let managers = managers.filter(|manager| work.rules.manages(*manager));
                let all = core::iter::once(coordinator).chain(managers);
                all.map(|agent| order(agent, WorkOrder::SetPolicy(policy))).collect()
            }
            _ => Vec::new(),
        })
    }

    /// One task, or several alike. They may depend on those that were submitted before, and those of the
    /// file.
    fn submit(
        &mut self,
        work: &WorkSetup,
        file: &TaskFile,
        time_us: u64,
    ) -> Result<Vec<Task>, Problem> {
        let known = Known { skills: &work.skills, learned: &self.learned };
        let task = check_task(file, time_us, &known)?;
        for (field, ms) in [("at_ms", file.at_ms), ("every_ms", file.every_ms.unwrap_or(0.0))] {
            if ms != 0.0 {
                let expected = "nothing: all of them are submitted when the intervention is due";
                let repair =
                    "leave it out, and submit what comes later in an intervention of its own";
                return Err(Problem::new(field, expected, write_number(ms), repair));
            }
        }
        let priorities = check_priorities(file)?;
        let names = instance_names(file);
        let total = work.tasks.len() + self.submitted.len() + names.len();
        if total > TASKS_MAX {
            return Err(too_many("count", total as u64));
        }
        self.load += u64::from(task.load) * names.len() as u64;
        check_load("load", self.load)?;
        let others = || {
            let first = work.tasks.iter().map(|it| it.task.name.as_str());
            first.chain(self.submitted.iter().map(String::as_str))
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
        let before = work.tasks.len() + self.submitted.len();
        self.submitted.extend(names.iter().cloned());
        let draw = |number| priorities.draw(self.seed, number);
        let named = |(number, name)| Task { priority: draw(number), ..task.named(name) };
        Ok((before..).zip(names).map(named).collect())
    }
}
