//! Which task is next: found without going through all there are. Nothing here survives a crash; it follows
//! from the tasks, and is worked out again.

use std::sync::Arc;

use super::talk::Lease;
use super::task::{Task, TaskId};
use crate::map::Map;
use crate::order::sort_by_key;
use crate::sim::AgentId;

/// More tasks than this are not announced at once: who bids for one must not bid for ten.
const ANNOUNCED_MAX: usize = 4;

/// Tasks for the same agents: where nobody is free for one, nobody is for those behind it.
#[derive(Clone, Debug)]
struct Line {
    skills: Vec<Arc<str>>,
    domain: Option<Arc<str>>,
    /// Those that wait, by priority and then the last that came first: the next is at the end.
    waiting: Vec<(u8, u32)>,
    announced: usize,
    /// So many are announced at once: one after nobody was free, and twice as many whenever somebody is.
    most: usize,
    is_stalled: bool,
}

/// Answers to an announcement, so far.
#[derive(Clone, Debug)]
struct Open {
    task: TaskId,
    priority: u8,
    line: usize,
    has_answered: Vec<bool>,
}

/// The tasks that wait, and what they wait for.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    lines: Vec<Line>,
    open: Vec<Open>,
    /// Tasks that wait until somebody is free.
    pub stalled: Vec<TaskId>,
    /// The tasks that wait for a task to end.
    needed_by: Map<TaskId, Vec<TaskId>>,
    /// The number of tasks that a task waits for.
    needs: Map<TaskId, usize>,
    /// Tasks that wait for one that has failed.
    pub orphans: Vec<(TaskId, TaskId)>,
    /// The load of what each agent was awarded and has not finished.
    pub carried: Map<AgentId, u32>,
    /// Attempts that run.
    pub running: usize,
    /// More may come in at this instant.
    pub gathers: bool,
    /// Tasks of another manager's that have ended: it is to be told.
    pub ended: Vec<(AgentId, Lease, TaskId)>,
    /// Where tasks are arbitrated: those that took a slot and may have it still, and those that are paused.
    pub slots: Vec<TaskId>,
    pub paused: Vec<TaskId>,
}

impl Queue {
    /// An agent carries so much more, and so much less.
    #[inline]
    pub fn carry(&mut self, agent: AgentId, more: u32, less: u32) {
        let carried = self.carried.get(&agent).copied().unwrap_or_default();
        self.carried.insert(agent, carried.saturating_add(more).saturating_sub(less));
    }

    /// An attempt is paused: it carries nothing, and does not run.
    pub fn put_aside(&mut self, task: TaskId, agent: AgentId, load: u32) {
        self.running -= 1;
        self.carry(agent, 0, load);
        if !self.paused.contains(&task) {
            self.paused.push(task);
        }
    }

    #[inline]
    fn line(&mut self, task: &Task) -> usize {
        let is_it = |line: &Line| line.skills == task.skills && line.domain == task.domain;
        self.lines.iter().position(is_it).unwrap_or_else(|| {
            self.lines.push(Line {
                skills: task.skills.clone(),
                domain: task.domain.clone(),
                waiting: Vec::new(),
                announced: 0,
                most: ANNOUNCED_MAX,
                is_stalled: false,
            });
            self.lines.len() - 1
        })
    }

    /// It can be announced.
    #[inline]
    pub fn add(&mut self, task: TaskId, spec: &Task) {
        let line = self.line(spec);
        let waiting = &mut self.lines[line].waiting;
        let key = (spec.priority, u32::MAX - task);
        if let Err(place) = waiting.binary_search(&key) {
            waiting.insert(place, key);
        }
    }

    /// It is announced once these have ended.
    #[inline]
    pub fn add_after(&mut self, task: TaskId, needs: &[TaskId]) {
        self.needs.insert(task, needs.len());
        for needed in needs {
            match self.needed_by.get_mut(needed) {
                Some(others) => others.push(task),
                None => {
                    self.needed_by.insert(*needed, vec![task]);
                }
            }
        }
    }

    /// A task has ended: those that waited for it and nothing else can be announced, and are given; if it
    /// has failed, none of them can.
    #[inline]
    pub fn release(&mut self, task: TaskId, has_failed: bool) -> Vec<TaskId> {
        let waiting = self.needed_by.remove(&task).unwrap_or_default();
        if has_failed {
            // The first is the last here.
            self.orphans.extend(waiting.into_iter().rev().map(|other| (other, task)));
            return Vec::new();
        }
        let mut free = Vec::new();
        for other in waiting {
            if let Some(needs) = self.needs.get_mut(&other) {
                *needs -= 1;
                if *needs == 0 {
                    self.needs.remove(&other);
                    free.push(other);
                }
            }
        }
        free
    }

    /// It is not to be announced any more.
    #[inline]
    pub fn remove(&mut self, task: TaskId, spec: &Task) {
        self.paused.retain(|it| *it != task);
        self.needs.remove(&task);
        self.close(task);
        let line = self.line(spec);
        if let Some(place) = self.stalled.iter().position(|other| *other == task) {
            self.stalled.remove(place);
            // Nobody asks again for those behind it.
            self.lines[line].is_stalled = false;
        }
        let waiting = &mut self.lines[line].waiting;
        if let Ok(place) = waiting.binary_search(&(spec.priority, u32::MAX - task)) {
            waiting.remove(place);
        }
    }

    /// The next to announce, by priority and order, if one may be. Nothing is while bids are waited for about
    /// something of a higher priority: it is to be awarded first.
    #[inline]
    pub fn next(&mut self) -> Option<TaskId> {
        if self.open.len() >= ANNOUNCED_MAX {
            return None;
        }
        let least = self.open.iter().map(|open| open.priority).max().unwrap_or(0);
        let may = |line: &&mut Line| !line.is_stalled && line.announced < line.most;
        let lines = self.lines.iter_mut().filter(may);
        let line = lines
            .filter(|it| !it.waiting.is_empty())
            .max_by_key(|it| it.waiting.last().copied())?;
        line.waiting.last().filter(|(priority, _)| *priority >= least)?;
        line.waiting.pop().map(|(_, number)| u32::MAX - number)
    }

    /// The tasks of a higher priority that wait and may be assigned, the first of each line first, so many at most.
    #[must_use]
    pub fn waiting_above(&self, priority: u8, most: usize) -> Vec<(u8, TaskId)> {
        let lines = self.lines.iter().filter(|line| !line.is_stalled);
        let above = lines.flat_map(|line| {
            line.waiting.iter().rev().take(most).filter(|(other, _)| *other > priority)
        });
        let mut above: Vec<(u8, u32)> = above.copied().collect();
        sort_by_key(&mut above, |(priority, number)| {
            (u64::from(u8::MAX - priority), u64::from(u32::MAX - number))
        });
        above.truncate(most);
        above.into_iter().map(|(priority, number)| (priority, u32::MAX - number)).collect()
    }

    /// Whether anything waits that may be assigned.
    #[must_use]
    #[inline]
    pub fn has_next(&self) -> bool {
        self.lines.iter().any(|line| !line.is_stalled && !line.waiting.is_empty())
    }

    /// Whether something of a higher priority is announced, or about to be.
    #[inline]
    pub fn has_higher(&self, priority: u8) -> bool {
        let next = |line: &Line| line.waiting.last().is_some_and(|(other, _)| *other > priority);
        self.open.iter().any(|open| open.priority > priority)
            || self.lines.iter().any(|line| !line.is_stalled && next(line))
    }

    /// Answers are waited for.
    #[inline]
    pub fn open(&mut self, task: TaskId, spec: &Task) {
        let line = self.line(spec);
        self.lines[line].announced += 1;
        let priority = spec.priority;
        self.open.push(Open { task, priority, line, has_answered: Vec::new() });
    }

    /// Whether this is the agent's first answer to an announcement that is open.
    #[inline]
    pub fn is_first(&mut self, task: TaskId, from: AgentId) -> bool {
        let Some(open) = self.open.iter_mut().find(|open| open.task == task) else { return false };
        let place = from.index();
        if open.has_answered.len() <= place {
            open.has_answered.resize(place + 1, false);
        }
        !std::mem::replace(&mut open.has_answered[place], true)
    }

    /// Answers are no longer waited for.
    #[inline]
    pub fn close(&mut self, task: TaskId) {
        if let Some(place) = self.open.iter().position(|open| open.task == task) {
            let open = self.open.remove(place);
            self.lines[open.line].announced -= 1;
        }
    }

    /// Somebody took it, or nobody is free for this and for what is behind it.
    #[inline]
    pub fn learn(&mut self, spec: &Task, is_free: bool) {
        let line = self.line(spec);
        let line = &mut self.lines[line];
        line.is_stalled |= !is_free;
        line.most = if is_free { (line.most * 2).min(ANNOUNCED_MAX) } else { 1 };
    }

    /// Somebody may be free again.
    #[inline]
    pub fn wake(&mut self) -> Vec<TaskId> {
        self.lines.iter_mut().for_each(|line| line.is_stalled = false);
        std::mem::take(&mut self.stalled)
    }
}
