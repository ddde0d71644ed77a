//! What a worker tells of its tasks while it handles something: whoever keeps account of them hears it after
//! that. The worker itself does not know who listens.

use std::sync::Arc;

use super::talk::Verdict;
use super::task::Task;

/// Something that has become of a task at one agent, or of the part that the agent was awarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkFact {
    /// The agent has it from now on.
    Taken(Arc<Task>),
    /// The agent has done it, and waits for the verdict.
    Delivered(Arc<Task>),
    /// The agent has failed at it, or was called off.
    GivenUp(Arc<Task>),
    /// The verdict on what the agent has done.
    Judged(Arc<Task>, Verdict),
}

impl Task {
    /// The name of the whole: of a part, that of the task it is a part of.
    #[must_use]
    pub fn whole_name(&self) -> &str {
        let focus = self.parent.as_ref().map(|parent| &*parent.focus);
        let cut = |focus| self.name.strip_suffix(focus)?.strip_suffix('/');
        focus.and_then(cut).unwrap_or(&self.name)
    }
}
