//! Managers below the coordinator: what each has given to which of its workers (W11).

use crate::protocol::words::counted;
use crate::protocols::work::boards::{Posted, boards};
use crate::protocols::work::job::Phase;
use crate::protocols::work::overview::Overview;
use crate::sim::AgentId;

/// So many managers are told of, and so many parts that are with its workers.
const MANAGERS_MAX: usize = 12;
const PARTS_MAX: usize = 6;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Managers {
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
    /// Who has what of it now: "parser has document-1/parse, 40 %".
    pub gave: Vec<(String, String)>,
    pub more: usize,
}

/// Nothing where the coordinator shares out all work itself.
pub(super) fn managers(work: &Overview<'_>) -> Option<Managers> {
    let mut rows: Vec<Manager> = Vec::new();
    for Posted { agent, board, .. } in boards(work.peek) {
        let mut row = Manager {
            agent,
            name: work.name(agent).to_owned(),
            is_shown: agent == work.agent,
            ..Manager::default()
        };
        let mut ended = 0;
        for job in &board.jobs {
            ended += usize::from(job.phase == Phase::Ended);
            for part in &job.parts {
                let Some(attempt) = part.running() else { continue };
                if row.gave.len() == PARTS_MAX {
                    row.more += 1;
                    continue;
                }
                let (what, done) = (&part.spec.name, attempt.permille / 10);
                row.gave.push((work.name(attempt.agent).to_owned(), format!("{what}, {done} %")));
            }
        }
        row.counts = format!("{ended} of {} ended", counted(board.jobs.len(), "task"));
        // The coordinator stands first, whatever its number.
        let place = if Some(agent) == work.peek.coordinator() { 0 } else { rows.len() };
        rows.insert(place, row);
    }
    let more = rows.len().saturating_sub(MANAGERS_MAX);
    let are_several = rows.len() > 1;
    rows.truncate(MANAGERS_MAX);
    are_several.then_some(Managers { rows, more })
}
