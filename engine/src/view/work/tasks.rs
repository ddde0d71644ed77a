//! The board: how all tasks stand.

use crate::coordination::work::standing::Standing;
use crate::coordination::work::task::TaskId;
use crate::playback::frame::Cast;
use crate::playback::frame::work::WorkFrame;

/// More are counted, and only the newest told of.
const TASKS_MAX: usize = 240;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tasks {
    /// "1 working, 3 waiting, 46 done".
    pub counts: String,
    pub items: Vec<Item>,
    /// Those before, for which there is no item.
    pub earlier: usize,
    /// Of results that came too late and tasks that were refused.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub task: TaskId,
    pub name: String,
    pub standing: Standing,
    pub shown: bool,
}

/// What a task of this board is called.
pub(super) fn task_name<'a>(work: &'a WorkFrame, task: TaskId, cast: &'a Cast) -> &'a str {
    work.names.get(task as usize).map_or_else(|| cast.task(cast.coordinator, task), String::as_str)
}

/// How many stand how.
pub(in crate::view) fn counts(tasks: &[Standing]) -> String {
    let count = |standing: Standing| tasks.iter().filter(|it| **it == standing).count();
    let told = Standing::ALL.into_iter().map(|it| (count(it), it)).filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(count, it)| format!("{count} {}", it.words())).collect();
    told.join(", ")
}

/// Nothing while there is only one and no trouble.
pub(super) fn tasks(work: &WorkFrame, cast: &Cast) -> Option<Tasks> {
    let mut notes = Vec::new();
    if work.late > 0 {
        let came = crate::protocol::words::counted(work.late as usize, "result");
        notes.push(format!("{came} came after the lease and did not count"));
    }
    if work.refused > 0 {
        notes.push(format!(
            "{} refused",
            crate::protocol::words::counted(work.refused as usize, "task")
        ));
    }
    if work.tasks.len() < 2 && notes.is_empty() {
        return None;
    }
    let shown = work.shown.as_ref().map(|(task, _)| *task);
    let earlier = work.tasks.len().saturating_sub(TASKS_MAX);
    let item = |(task, standing): (TaskId, &Standing)| Item {
        task,
        name: task_name(work, task, cast).to_owned(),
        standing: *standing,
        shown: shown == Some(task),
    };
    let items = (0..).zip(&work.tasks).skip(earlier).map(item).collect();
    Some(Tasks { counts: counts(&work.tasks), items, earlier, notes })
}
