//! What of a swarm's work its agents keep where a scenario asks for it (W14): the queue of tasks, a list for each
//! worker, and how many tasks are done.
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
use super::holder::Holder;
use super::memory::StateEntry;
use super::replica::KeyId;
use super::resolve::Strategy;
use super::value::{SCALE, Value};
use crate::coordination::agent::Member;
use crate::coordination::state::note::StateNote;
use crate::coordination::swarm::{Entry, Swarm};
use crate::coordination::work::fact::WorkFact;
use crate::coordination::work::talk::Verdict;
use crate::coordination::work::task::Task;
use crate::sim::{AgentId, Outbox};

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

/// A task that an agent remembers, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTask {
    pub name: Arc<str>,
    /// The name of the whole, by which it is kept.
    pub whole: Arc<str>,
    pub stage: Stage,
}

/// The tasks that an agent remembers, in the order in which they came to where they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskMemory(Vec<KnownTask>);

/// What a handler has brought that is to be written.
#[derive(Debug, Default)]
struct News {
    put_back: Vec<Arc<str>>,
    completed: i64,
}

impl TaskMemory {
    /// Those at which the agent works, each once, in the order of their names.
    #[must_use]
    pub fn at_work(&self) -> Vec<Value> {
        self.wholes(|stage| stage == Stage::AtWork)
    }

    fn wholes(&self, is_meant: impl Fn(Stage) -> bool) -> Vec<Value> {
        let meant = self.0.iter().filter(|known| is_meant(known.stage));
        let mut names: Vec<Value> = meant.map(|it| Value::Text(it.whole.clone())).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn knows(&self, whole: &str) -> bool {
        self.0.iter().any(|known| *known.whole == *whole)
    }

    fn stage(&self, name: &str) -> Option<Stage> {
        self.0.iter().find(|known| *known.name == *name).map(|known| known.stage)
    }

    fn set(&mut self, task: &Task, stage: Stage) {
        self.forget(&task.name);
        let (name, whole) = (task.name.as_str().into(), task.whole_name().into());
        self.0.push(KnownTask { name, whole, stage });
    }

    fn forget(&mut self, name: &str) -> Option<KnownTask> {
        let place = self.0.iter().position(|known| *known.name == *name)?;
        Some(self.0.remove(place))
    }

    fn learn(&mut self, fact: &WorkFact, news: &mut News) {
        match fact {
            WorkFact::Taken(task) => self.set(task, Stage::AtWork),
            WorkFact::Delivered(task) => self.set(task, Stage::Delivered),
            WorkFact::GivenUp(task) => {
                news.put_back.extend(self.forget(&task.name).map(|it| it.whole))
            }
            WorkFact::Judged(task, Verdict::Completes) => {
                self.set(task, Stage::Completed);
                news.completed += 1;
            }
            // By now it may have been awarded the same again, and be at it.
            WorkFact::Judged(task, _) if self.stage(&task.name) != Some(Stage::Delivered) => {}
            WorkFact::Judged(task, Verdict::Counts) => drop(self.forget(&task.name)),
            WorkFact::Judged(task, Verdict::Late) => {
                news.put_back.extend(self.forget(&task.name).map(|it| it.whole));
            }
        }
        let mut over = self.0.iter().filter(|it| it.stage != Stage::AtWork).count();
        self.0.retain(|known| {
            let stays = known.stage == Stage::AtWork || over <= REMEMBERED_MAX;
            over -= usize::from(!stays);
            stays
        });
    }

    /// After a crash: whatever it does not have any more it has lost.
    fn lose(&mut self, has: &[&str], news: &mut News) {
        let is_lost = |it: &mut KnownTask| it.stage == Stage::AtWork && !has.contains(&&*it.name);
        news.put_back.extend(self.0.extract_if(.., is_lost).map(|lost| lost.whole));
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

    /// What an agent writes after these facts, and after a crash, when it still has these tasks.
    fn take_note(
        &mut self,
        agent: AgentId,
        facts: &[WorkFact],
        has: Option<&[&str]>,
    ) -> Vec<(KeyId, Operation)> {
        let mut news = News::default();
        facts.iter().for_each(|fact| self.tasks.learn(fact, &mut news));
        if let Some(has) = has {
            self.tasks.lose(has, &mut news);
        }
        // It may have another part of the same task.
        news.put_back.retain(|whole| !self.tasks.knows(whole));
        let is_news = has.is_some() || !facts.is_empty();
        self.work_writes(agent, Some(&news).filter(|_| is_news))
    }

    /// What an agent writes about its work. Without news it only mends, and only what is merged as a replicated
    /// type: where the last write wins, two could mend without end what each of them overwrites.
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

impl Member {
    /// After whatever it has handled: what has become of its tasks by that is written, all at once.
    pub fn settle_work(&mut self, out: &mut Outbox<'_, Swarm>) {
        self.settle(false, out);
    }

    /// The same after a crash.
    pub fn settle_lost_work(&mut self, out: &mut Outbox<'_, Swarm>) {
        self.settle(true, out);
    }

    fn settle(&mut self, is_back: bool, out: &mut Outbox<'_, Swarm>) {
        let facts = self.work.as_mut().map(|work| core::mem::take(&mut work.facts));
        let facts = facts.unwrap_or_default();
        let Some(holder) = self.state.as_mut().filter(|holder| holder.rules.work.is_some()) else {
            return;
        };
        let is_news = is_back || !facts.is_empty();
        if !is_news && !holder.is_unsettled {
            return;
        }
        let has = self.work.iter().flat_map(|work| work.has()).map(|task| &*task.name);
        let has: Option<Vec<&str>> = is_back.then(|| has.collect());
        let writes = holder.take_note(out.id(), &facts, has.as_deref());
        if is_news {
            let tasks = StateEntry::Tasks(holder.tasks.clone());
            out.persist(Entry::State(Box::new(tasks)));
        }
        self.write_at_once(&writes, out);
        if let Some(holder) = &mut self.state {
            holder.is_unsettled = false;
        }
    }

    /// Tasks of these names were submitted.
    pub(super) fn enqueue(&mut self, tasks: &[Arc<str>], out: &mut Outbox<'_, Swarm>) {
        let work = self.state.as_ref().and_then(|holder| holder.rules.work.as_ref());
        let Some(queue) = work.and_then(|work| work.queue) else { return };
        let insert = |task: &Arc<str>| (queue, Operation::Insert(Value::Text(task.clone())));
        let writes: Vec<_> = tasks.iter().map(insert).collect();
        self.write_at_once(&writes, out);
    }

    /// Writes to some keys, notes each key once, and tells all of it in one message.
    fn write_at_once(&mut self, writes: &[(KeyId, Operation)], out: &mut Outbox<'_, Swarm>) {
        let Some(holder) = self.state.as_mut().filter(|_| !writes.is_empty()) else { return };
        let since = holder.replica.seen.clone();
        let mut changed: Vec<KeyId> = Vec::new();
        for (key, operation) in writes {
            let Some(rule) = holder.rules.keys.get(key.0 as usize) else { continue };
            match holder.replica.write((*key, rule), operation, out.now()) {
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
