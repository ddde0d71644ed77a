//! Managers below the coordinator: what each has given to which of its workers (W11).

use crate::coordination::work::job::{Job, Phase};
use crate::playback::Run;
use crate::playback::frame::work::WorkFrame;
use crate::sim::AgentId;

/// So many managers are told of, and so many parts that are with its workers.
const MANAGERS_MAX: usize = 12;
const PARTS_MAX: usize = 6;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Managers {
    /// Whose board the other panels show.
    pub shown: AgentId,
    /// The coordinator first.
    pub rows: Vec<Manager>,
    pub more: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manager {
    pub agent: AgentId,
    pub name: String,
    pub is_shown: bool,
    /// "1 worked on, 2 done".
    pub counts: String,
    /// Who has what of it now: "parser has parse of document-1, 40 %".
    pub gave: Vec<(String, String)>,
    pub more: usize,
}

/// Nothing where the coordinator shares out all work itself.
pub(super) fn managers(run: &Run, work: &WorkFrame) -> Option<Managers> {
    let cast = run.cast();
    let shown = work.manager.unwrap_or(cast.coordinator);
    let boards = run.boards().map(|(agent, board)| {
        let all = || board.jobs.iter().filter(|job| job.phase != Phase::Ended);
        let gave = all().flat_map(gave).map(|(to, what)| (cast.name(to).to_owned(), what));
        let mut gave: Vec<_> = gave.collect();
        let more = gave.len().saturating_sub(PARTS_MAX);
        gave.truncate(PARTS_MAX);
        let ended = board.jobs.len() - all().count();
        let counts = format!("{} of {} ended", ended, super::counted(board.jobs.len(), "task"));
        let name = cast.name(agent).to_owned();
        Manager { agent, name, is_shown: agent == shown, counts, gave, more }
    });
    let mut rows: Vec<Manager> = boards.collect();
    if rows.len() < 2 {
        return None;
    }
    if let Some(place) = rows.iter().position(|row| row.agent == cast.coordinator) {
        let coordinator = rows.remove(place);
        rows.insert(0, coordinator);
    }
    let more = rows.len().saturating_sub(MANAGERS_MAX);
    rows.truncate(MANAGERS_MAX);
    Some(Managers { shown, rows, more })
}

/// Who has which part of a task now, and how far it is as its manager was told.
fn gave(job: &Job) -> impl Iterator<Item = (AgentId, String)> {
    job.parts.iter().filter_map(|part| {
        let attempt = part.running()?;
        let focus = part.focus();
        let what = match &*focus {
            "" => job.spec.name.clone(),
            focus => format!("{focus} of {}", job.spec.name),
        };
        Some((attempt.agent, format!("{what}, {} %", attempt.permille / 10)))
    })
}
