//! The names of tasks and of everything else that the notes of work number.

use std::sync::Arc;

use super::WorkRules;
use super::boards::{Posted, boards, coordinators};
use super::job::Job;
use super::role::Work;
use super::task::TaskRefusal;
use crate::common::shown::Peek;
use crate::map::Map;
use crate::protocol::note::Thing;
use crate::sim::AgentId;

/// The names that have come up so far.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The rules: which agents work for which manager, and what agents ask each other for.
    pub rules: Arc<WorkRules>,
    /// The tasks that have come in, by the manager that shares them out, or else the coordinator.
    pub tasks: Map<Option<AgentId>, Vec<TaskNames>>,
    /// Why tasks were not taken in, by the numbers in their notes.
    pub refused: Vec<Arc<TaskRefusal>>,
}

/// The name of a task, and those of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskNames {
    pub name: String,
    pub parts: Vec<String>,
}

impl Known {
    /// Takes in what has come up since.
    pub(super) fn learn(&mut self, peek: &dyn Peek<Work>) {
        let Some(first) = coordinators(peek) else { return };
        if !Arc::ptr_eq(&self.rules, &first.board.rules) {
            self.rules = first.board.rules.clone();
        }
        self.refused.extend(first.board.refused.iter().skip(self.refused.len()).cloned());
        for Posted { agent, board, .. } in boards(peek) {
            let whose = Some(agent).filter(|agent| *agent != first.agent);
            if !self.tasks.contains_key(&whose) {
                self.tasks.insert(whose, Vec::new());
            }
            let Some(tasks) = self.tasks.get_mut(&whose) else { continue };
            tasks.extend(board.jobs().skip(tasks.len()).map(TaskNames::of));
            for (names, job) in tasks.iter_mut().zip(&board.jobs) {
                if names.parts.len() < job.parts.len() {
                    *names = TaskNames::of(job);
                }
            }
        }
    }

    /// The name of a thing that an agent speaks of: of its own tasks, where it shares out any, or else of those of its manager.
    pub(super) fn thing(&self, speaker: AgentId, thing: Thing) -> Option<String> {
        let Thing { sort, number, inner } = thing;
        let task = || self.tasks.get(&self.rules.board_over(speaker))?.get(number as usize);
        let name = || task().map_or("a task", |task| &task.name);
        let part = || task().and_then(|task| task.parts.get(inner as usize));
        Some(match sort {
            "task" => name().to_owned(),
            "part" => part().map_or_else(|| name().to_owned(), Clone::clone),
            "question" => self.rules.asked_for(number as u16).to_owned(),
            "refused task" => {
                self.refused.get(number as usize).map_or_else(String::new, ToString::to_string)
            }
            _ => return None,
        })
    }
}

impl TaskNames {
    fn of(job: &Job) -> Self {
        let parts = job.parts.iter().map(|part| part.spec.name.clone());
        Self { name: job.spec.name.clone(), parts: parts.collect() }
    }
}
