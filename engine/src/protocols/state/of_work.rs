//! The swarm's work as its agents keep it in the state where a scenario asks for it (W14): the queue of
//! tasks, a list for each worker, and how many tasks are done.
//!
//! A task is in the queue from its submission until an agent has taken it. The agent has it on its own list for
//! as long as it works on it. An agent that has not done what it took (it failed, was called off, came too late,
//! or lost the task in a crash) puts it back. The agent whose result completed a task counts it. A task that a
//! team shares is kept as a whole, under its own name, and counted once.
//!
//! A removal takes away only what its writer has seen, and an agent can be awarded a task before it hears that
//! the task was submitted, or that another has put it back. So each agent remembers the tasks it has, those it
//! has delivered, and those it has completed ([`TaskMemory`]), and whenever its replica changes it removes them
//! from the queue anew. In the same way it mends its own list, which may have come back from others after a crash.
//!
//! The memory survives a crash whether or not the rest of the state does, like the numbers of steps done after
//! an approval: without it, an agent would offer to others what it has done. Where the state is not durable, a
//! write that nobody had heard of when its writer crashed is lost, as it is with any key; that of a counter is not.

use std::sync::Arc;

use super::crdt::Operation;
use super::holder::{Holder, State};
use super::memory::StateEntry;
use super::replica::KeyId;
use super::resolve::Strategy;
use crate::common::signal::{TaskName, TaskStep, Verdict};
use crate::common::value::{SCALE, Value};
use crate::protocol::contract::Outlet;
use crate::protocols::state::note::StateNote;
use crate::sim::AgentId;

/// An agent remembers at most so many tasks that it does not have any more, those it delivered last. A task that
/// is put back by a message that comes later than that stays in the queue.
const REMEMBERED_MAX: usize = 1_024;

/// The keys under which work is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkKeys {
    /// A set: the tasks that nobody has taken.
    pub queue: Option<KeyId>,
    /// By agent, of those that are there from the start: a set of the tasks it has. None where lists are not kept.
    pub lists: Vec<KeyId>,
    /// A counter: how many tasks are done.
    pub completed: Option<KeyId>,
}

impl WorkKeys {
    fn list_of(&self, agent: AgentId) -> Option<KeyId> {
        self.lists.get(agent.index()).copied()
    }

    /// Whether the agent may have to mend one of these keys.
    fn concern(&self, agent: AgentId, keys: &[KeyId]) -> bool {
        let own = [self.queue, self.list_of(agent)];
        own.iter().flatten().any(|key| keys.contains(key))
    }
}

/// How far an agent is with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    AtWork,
    /// It has delivered it, and has heard no verdict.
    Delivered,
    /// The task is done, by its result.
    Completed,
}

/// A task that an agent remembers, or a part of one. It is kept by the name of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTask {
    pub task: TaskName,
    pub stage: Stage,
}

/// The tasks that an agent remembers, in the order in which they came to where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskMemory(Vec<KnownTask>);

/// The changes that one handler has brought and that are to be written.
#[derive(Debug, Default)]
struct News {
    put_back: Vec<Arc<str>>,
    completed: i64,
}

impl News {
    fn put_back(&mut self, tasks: impl IntoIterator<Item = KnownTask>) {
        self.put_back.extend(tasks.into_iter().map(|it| it.task.whole));
    }
}

impl TaskMemory {
    /// Those at which the agent works, each once, in the order of their names.
    #[must_use]
    pub fn at_work(&self) -> Vec<Value> {
        self.wholes(|stage| stage == Stage::AtWork)
    }

    fn wholes(&self, is_meant: impl Fn(Stage) -> bool) -> Vec<Value> {
        let meant = self.0.iter().filter(|known| is_meant(known.stage));
        let mut names: Vec<Value> = Vec::new();
        for known in meant {
            let name = Value::Text(known.task.whole.clone());
            if let Err(place) = names.binary_search(&name) {
                names.insert(place, name);
            }
        }
        names
    }

    fn knows(&self, whole: &str) -> bool {
        self.0.iter().any(|known| *known.task.whole == *whole)
    }

    fn stage(&self, name: &str) -> Option<Stage> {
        self.0.iter().find(|known| *known.task.name == *name).map(|known| known.stage)
    }

    fn set(&mut self, task: &TaskName, stage: Stage) {
        self.forget(&task.name);
        self.0.push(KnownTask { task: task.clone(), stage });
    }

    fn forget(&mut self, name: &str) -> Option<KnownTask> {
        let place = self.0.iter().position(|known| *known.task.name == *name)?;
        Some(self.0.remove(place))
    }

    fn learn(&mut self, task: &TaskName, step: TaskStep, news: &mut News) {
        match step {
            TaskStep::Taken => self.set(task, Stage::AtWork),
            TaskStep::Delivered => self.set(task, Stage::Delivered),
            TaskStep::GivenUp => news.put_back(self.forget(&task.name)),
            TaskStep::Judged(Verdict::Completes) => {
                self.set(task, Stage::Completed);
                news.completed += 1;
            }
            // By now it may have been awarded the same again, and be at it.
            TaskStep::Judged(_) if self.stage(&task.name) != Some(Stage::Delivered) => {}
            TaskStep::Judged(Verdict::Counts) => drop(self.forget(&task.name)),
            TaskStep::Judged(Verdict::Late) => news.put_back(self.forget(&task.name)),
        }
        let mut over = self.0.iter().filter(|it| it.stage != Stage::AtWork).count();
        self.0.retain(|known| {
            let stays = known.stage == Stage::AtWork || over <= REMEMBERED_MAX;
            over -= usize::from(!stays);
            stays
        });
    }

    /// After a crash: a task at work that the agent does not have any more is lost.
    fn lose(&mut self, has: &[Arc<str>], news: &mut News) {
        let is_lost =
            |it: &mut KnownTask| it.stage == Stage::AtWork && !has.contains(&it.task.name);
        news.put_back(self.0.extract_if(.., is_lost));
    }
}

impl Holder {
    /// These keys are different now.
    pub(super) fn look_again(&mut self, agent: AgentId, keys: &[KeyId]) {
        self.is_unsettled |= self.rules.work.as_ref().is_some_and(|work| work.concern(agent, keys));
    }

    fn items(&self, key: KeyId) -> &[Value] {
        match self.replica.records.get(&key).map(|record| &record.current().value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The writes of an agent after these steps of its tasks; after a crash, with the tasks that it still
    /// has.
    fn take_note(
        &mut self,
        agent: AgentId,
        moved: &[(TaskName, TaskStep)],
        left: Option<&[Arc<str>]>,
    ) -> Vec<(KeyId, Operation)> {
        let mut news = News::default();
        for (task, step) in moved {
            self.tasks.learn(task, *step, &mut news);
        }
        if let Some(left) = left {
            self.tasks.lose(left, &mut news);
        }
        // It may have another part of the same task.
        news.put_back.retain(|whole| !self.tasks.knows(whole));
        let is_news = left.is_some() || !moved.is_empty();
        self.work_writes(agent, Some(&news).filter(|_| is_news))
    }

    /// The writes of an agent about its work. Without news it only mends, and only keys that merge as
    /// replicated types: where the last write wins, two agents could overwrite each other's mending for ever.
    fn work_writes(&self, agent: AgentId, news: Option<&News>) -> Vec<(KeyId, Operation)> {
        let Some(work) = &self.rules.work else { return Vec::new() };
        let may_write = |key: &KeyId| {
            let rule = self.rules.keys.get(key.0 as usize);
            news.is_some() || rule.is_some_and(|rule| rule.strategy == Strategy::Crdt)
        };
        let mut writes = Vec::new();
        let is_in = |items: &[Value], item: &Value| items.binary_search(item).is_ok();
        if let Some(queue) = work.queue.filter(may_write) {
            let put_back = news.iter().flat_map(|news| &news.put_back);
            writes.extend(put_back.map(|it| (queue, Operation::Insert(Value::Text(it.clone())))));
            let known = self.tasks.wholes(|_| true);
            let taken = known.into_iter().filter(|task| is_in(self.items(queue), task));
            writes.extend(taken.map(|task| (queue, Operation::Remove(task))));
        }
        if let Some(list) = work.list_of(agent).filter(may_write) {
            let (has, listed) = (self.tasks.at_work(), self.items(list));
            let gone = listed.iter().filter(|task| !is_in(&has, task));
            writes.extend(gone.map(|task| (list, Operation::Remove(task.clone()))));
            let new = has.iter().filter(|task| !is_in(listed, task));
            writes.extend(new.map(|task| (list, Operation::Insert(task.clone()))));
        }
        let completed = news.map_or(0, |news| news.completed);
        if let Some(counter) = work.completed.filter(|_| completed > 0) {
            writes.push((counter, Operation::Add(completed * SCALE)));
        }
        writes
    }
}

impl Holder {
    /// Writes at once all that has become of the agent's tasks by what it has handled.
    pub(super) fn settle(&mut self, out: &mut impl Outlet<State>) {
        let (moved, left) = (core::mem::take(&mut self.moved), self.left.take());
        let is_news = left.is_some() || !moved.is_empty();
        if self.rules.work.is_none() || !is_news && !self.is_unsettled {
            return;
        }
        let writes = self.take_note(out.id(), &moved, left.as_deref());
        if is_news {
            out.persist(Box::new(StateEntry::Tasks(self.tasks.clone())));
        }
        self.write_at_once(&writes, out);
        self.is_unsettled = false;
    }

    /// Tasks of these names were submitted.
    pub(super) fn enqueue(&mut self, tasks: &[Arc<str>], out: &mut impl Outlet<State>) {
        let Some(queue) = self.rules.work.as_ref().and_then(|work| work.queue) else { return };
        let insert = |task: &Arc<str>| (queue, Operation::Insert(Value::Text(task.clone())));
        let writes: Vec<_> = tasks.iter().map(insert).collect();
        self.write_at_once(&writes, out);
    }

    /// Writes to some keys, notes each key once, and tells all of it in one message.
    fn write_at_once(&mut self, writes: &[(KeyId, Operation)], out: &mut impl Outlet<State>) {
        if writes.is_empty() {
            return;
        }
        let since = self.replica.seen.clone();
        let mut changed: Vec<KeyId> = Vec::new();
        for (key, operation) in writes {
            let Some(rule) = self.rules.keys.get(key.0 as usize) else { continue };
            match self.replica.write((*key, rule), operation, out.now()) {
                Ok(()) if changed.contains(key) => {}
                Ok(()) => changed.push(*key),
                Err(_) => out.note(StateNote::WriteRefused { key: *key }),
            }
        }
        for key in &changed {
            out.note(StateNote::Wrote { key: *key });
        }
        self.persist_state(&changed, out);
        self.tell(&since, out);
    }
}

#[cfg(test)]
mod tests;
