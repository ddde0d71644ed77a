//! How a task stands, in a word.

use super::job::{Job, Phase};
use super::synthesis::TaskStatus;

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Announced,
    Working,
    /// All that runs of it is paused.
    Paused,
    Done,
    Partial,
    Failed,
}

impl Standing {
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Announced,
        Self::Working,
        Self::Paused,
        Self::Done,
        Self::Partial,
        Self::Failed,
    ];

    #[must_use]
    pub fn of(job: &Job) -> Self {
        match (job.phase, job.synthesis.as_ref().map(|it| it.status)) {
            (Phase::Waiting, _) => Self::Waiting,
            (Phase::Announced, _) => Self::Announced,
            (Phase::Working, _) if job.is_paused() => Self::Paused,
            (Phase::Working, _) => Self::Working,
            (Phase::Ended, Some(TaskStatus::Done)) => Self::Done,
            (Phase::Ended, Some(TaskStatus::Partial)) => Self::Partial,
            (Phase::Ended, Some(TaskStatus::Failed) | None) => Self::Failed,
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Announced => "announced",
            Self::Working => "working",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Announced => "announced",
            Self::Working => "worked on",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Partial => "done in part",
            Self::Failed => "failed",
        }
    }
}
