//! Why something happened: its causes in sentences, nearest first, back to the root.

use super::log::Line;
use crate::coordination::note::Note;
use crate::playback::frame::Frame;
use crate::playback::run::Run;
use crate::scenario::build::Planned;
use crate::scenario::intervention::Intervention;
use crate::sim::{Event, EventId, NO_EVENT, What};

/// Of a long chain (a reminder that led to a reminder …) so many causes are told from its near end,
const NEAR_MAX: usize = 24;
/// and so many from its far end.
pub const FAR_MAX: usize = 6;

/// A chain of causes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// Nearest first.
    pub causes: Vec<Line>,
    /// So many causes are left out, before the last ones.
    pub left_out: u64,
    /// Where the chain ends.
    pub end: &'static str,
}

/// Why the event happened; nothing when it is not kept.
#[must_use]
pub fn why(run: &Run, frame: &Frame, id: EventId) -> Option<Why> {
    let log = run.log();
    let mut event = log.get(id)?;
    let mut told: Vec<&Event<Note>> = Vec::new();
    let mut left_out = 0;
    let end = loop {
        if event.cause == NO_EVENT {
            break root(run, event);
        }
        let Some(cause) = log.get(event.cause) else {
            break "What led to this is older than the log keeps.";
        };
        if let Some(telling) = telling(run, event, cause) {
            told.push(telling);
        }
        if told.len() > NEAR_MAX + FAR_MAX {
            told.remove(NEAR_MAX);
            left_out += 1;
        }
        event = cause;
    };
    let causes = told.into_iter().map(|event| Line::new(event, run, frame)).collect();
    Some(Why { causes, left_out, end })
}

/// How a cause is told best. What reached an agent is told by what the agent made of it, and
/// what it sent by what it said first; the rest would say the same twice.
fn telling<'a>(
    run: &'a Run,
    event: &Event<Note>,
    cause: &'a Event<Note>,
) -> Option<&'a Event<Note>> {
    let is_input =
        matches!(cause.what, What::Delivered | What::Timer | What::Commanded | What::Started);
    if is_input {
        let noted = first_note(run, cause, event.id);
        let is_note = matches!(event.what, What::Note(_));
        return noted.or((!is_note).then_some(cause));
    }
    if let What::Sent { .. } = cause.what
        && run
            .log()
            .get(cause.cause)
            .is_some_and(|input| first_note(run, input, cause.id).is_some())
    {
        return None;
    }
    Some(cause)
}

/// The first thing the agent noted about this input, before `end`.
fn first_note<'a>(run: &'a Run, input: &Event<Note>, end: EventId) -> Option<&'a Event<Note>> {
    let mut followed = run.log().range(input.id + 1, end);
    followed
        .find(|event| event.cause != input.id || matches!(event.what, What::Note(_)))
        .filter(|event| event.cause == input.id)
}

/// What stands at the beginning of a chain.
fn root(run: &Run, event: &Event<Note>) -> &'static str {
    if let What::Started = event.what {
        return "The scenario begins.";
    }
    let by_hand = run.branches().get(run.current_branch() as usize).is_some_and(|branch| {
        let done =
            |it: &Planned| it.time_us == event.time_us && is_effect(&it.intervention, &event.what);
        branch.interventions().iter().any(done)
    });
    if by_hand { "You did this." } else { "The scenario plans this." }
}

/// Whether the event can be what the intervention led to.
fn is_effect(intervention: &Intervention, what: &What<Note>) -> bool {
    match what {
        What::Crashed => matches!(intervention, Intervention::Crash { .. }),
        What::Restarted => matches!(intervention, Intervention::Restart { .. }),
        What::Paused => matches!(intervention, Intervention::Pause { .. }),
        What::Resumed => matches!(intervention, Intervention::Resume { .. }),
        What::Commanded => matches!(intervention, Intervention::Propose { .. }),
        // Of the rest hardly two happen in one microsecond.
        _ => true,
    }
}
