//! The board: how all tasks stand.

use crate::protocol::words::counted;
use crate::protocols::work::overview::Overview;
use crate::protocols::work::standing::Standing;
use crate::protocols::work::task::TaskId;

/// More are counted, and only the newest told of.
const TASKS_MAX: usize = 240;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tasks {
    /// "1 working, 3 waiting, 46 done".
    pub counts: String,
    pub items: Vec<Item>,
    /// Those before, for which there is no item.
    pub earlier: usize,
    /// Results that came too late, and tasks that were refused.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub task: TaskId,
    pub name: String,
    pub standing: Standing,
    pub shown: bool,
}

/// How many stand how.
pub(in crate::protocols::work) fn counts(
    standings: impl Iterator<Item = Standing> + Clone,
) -> String {
    let count = |standing: Standing| standings.clone().filter(|it| *it == standing).count();
    let told = Standing::ALL.into_iter().map(|it| (count(it), it)).filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(count, it)| format!("{count} {}", it.words())).collect();
    told.join(", ")
}

/// Nothing while there is only one and no trouble.
pub(super) fn tasks(work: &Overview<'_>) -> Option<Tasks> {
    let (board, mut notes) = (work.board, Vec::new());
    if board.late > 0 {
        let came = counted(board.late as usize, "result");
        notes.push(format!("{came} came after the lease and did not count"));
    }
    if !board.refused.is_empty() {
        notes.push(format!("{} refused", counted(board.refused.len(), "task")));
    }
    if board.jobs.len() < 2 && notes.is_empty() {
        return None;
    }
    let shown = work.shown.map(|(task, _)| task);
    let earlier = board.jobs.len().saturating_sub(TASKS_MAX);
    let item = |(task, standing): (TaskId, Standing)| Item {
        task,
        name: work.task(task).to_owned(),
        standing,
        shown: shown == Some(task),
    };
    let items = (0..).zip(work.standings()).skip(earlier).map(item).collect();
    Some(Tasks { counts: counts(work.standings()), items, earlier, notes })
}
