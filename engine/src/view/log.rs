//! The log: which events are told, in which order, and what led to each.

use super::sentence::{Importance, importance, sentence};
use crate::coordination::note::Note;
use crate::playback::frame::{Cast, Frame};
use crate::playback::run::Run;
use crate::sim::{AgentId, Event, NO_EVENT, What};

/// How far back one look goes, in events.
const LOOK_BACK: u64 = 20_000;
/// A chain of causes longer than this says no more.
const CAUSES_MAX: usize = 100;

/// Which events are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// Everything but traffic.
    #[default]
    All,
    /// What agents do and decide.
    Votes,
    /// Every message, sent, passed on, arrived, lost.
    Messages,
    /// What went wrong, or was done from outside.
    Faults,
}

impl Group {
    pub const ALL: [Self; 4] = [Self::All, Self::Votes, Self::Messages, Self::Faults];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Votes => "Votes",
            Self::Messages => "Messages",
            Self::Faults => "Faults",
        }
    }

    fn has(self, event: &Event<Note>) -> bool {
        let is_message = matches!(
            event.what,
            What::Sent { .. }
                | What::Forwarded
                | What::Delivered
                | What::Dropped { .. }
                | What::Duplicated { .. }
                | What::Delayed { .. }
        );
        match self {
            Self::All => importance(event) > Importance::Traffic,
            Self::Votes => matches!(event.what, What::Note(_)),
            Self::Messages => is_message,
            Self::Faults => {
                importance(event) == Importance::Fault
                    || is_message && importance(event) > Importance::Traffic
            }
        }
    }
}

/// What a person looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub group: Group,
    /// Only what happens at this agent, or to its messages.
    pub agent: Option<AgentId>,
    /// Only sentences with these letters, in any case.
    pub text: String,
}

/// One event in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub event: Event<Note>,
    pub words: String,
}

/// The newest lines up to now that fit the filter, the newest first.
#[must_use]
pub fn lines(run: &Run, frame: &Frame, filter: &Filter, most: usize) -> Vec<Line> {
    let (newest, text) = (frame.events, filter.text.to_lowercase());
    let is_about = |event: &Event<Note>| {
        filter.agent.is_none_or(|agent| {
            event.agent == agent || event.peer == agent || told_of(event) == Some(agent)
        })
    };
    let mut lines = Vec::new();
    for event in run.log().range(newest.saturating_sub(LOOK_BACK), newest).rev() {
        if !filter.group.has(event) || !is_about(event) {
            continue;
        }
        let Some(words) = sentence(event, run.cast()) else { continue };
        if text.is_empty() || words.to_lowercase().contains(&text) {
            lines.push(Line { event: *event, words });
        }
        if lines.len() == most {
            break;
        }
    }
    lines
}

/// Of whom a note tells, if not of the one that notes it.
fn told_of(event: &Event<Note>) -> Option<AgentId> {
    match event.what {
        What::Note(
            Note::Counted { voter, .. }
            | Note::Repeated { voter, .. }
            | Note::Refused { voter, .. },
        ) => Some(voter),
        What::Note(Note::Registered { agent } | Note::Unregistered { agent }) => Some(agent),
        _ => None,
    }
}

/// What led to an event: its causes, the nearest first, down to the root.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    pub causes: Vec<Line>,
    /// Where the chain ends, in words.
    pub root: &'static str,
}

/// Follows the causes of an event back to where they begin.
#[must_use]
pub fn why(run: &Run, event: u64) -> Why {
    let log = run.log();
    let mut causes = Vec::new();
    let mut root = "That is where it begins.";
    let mut next = log.get(event).map(|event| event.cause);
    let mut last = log.get(event).map(|event| event.what);
    while let Some(cause) = next.filter(|cause| *cause != NO_EVENT) {
        let Some(event) = log.get(cause) else {
            root = "What led to this is no longer kept.";
            return Why { causes, root };
        };
        if causes.len() == CAUSES_MAX {
            root = "There is more before this; look at the last cause to go on.";
            return Why { causes, root };
        }
        causes.push(Line { event: *event, words: cause_words(event, run.cast()) });
        next = Some(event.cause);
        last = Some(event.what);
    }
    match last {
        Some(What::Started | What::Note(_)) => root = "That is how the scenario begins.",
        Some(What::Commanded) => root = "The scenario asks for it, or you did.",
        Some(what) if is_from_outside(&what) => root = "It was done from outside.",
        _ => {}
    }
    Why { causes, root }
}

fn is_from_outside(what: &What<Note>) -> bool {
    !matches!(
        what,
        What::Sent { .. } | What::Forwarded | What::Delivered | What::Dropped { .. } | What::Timer
    )
}

/// As in the log; and what the log leaves out.
fn cause_words(event: &Event<Note>, cast: &Cast) -> String {
    let agent = cast.name(event.agent);
    match event.what {
        What::Started => format!("{agent} started."),
        What::Timer => format!("A timer of {agent} ran out."),
        What::Commanded => format!("{agent} was asked to."),
        _ => sentence(event, cast).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::playback::Command;
    use crate::scenario::gallery;
    use crate::scenario::intervention::Intervention;

    fn played(name: &str) -> (Run, Frame) {
        let scenario = gallery::find(name).and_then(gallery::Entry::scenario);
        let mut run = Run::new(Arc::new(scenario.expect("in the gallery")), 7).expect("it starts");
        run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
        let mut frame = Frame::default();
        run.frame(&mut frame);
        (run, frame)
    }

    #[test]
    fn every_line_leads_back_to_the_beginning() {
        for entry in gallery::all() {
            let (run, frame) = played(entry.name);
            for group in Group::ALL {
                let filter = Filter { group, ..Filter::default() };
                for line in lines(&run, &frame, &filter, 500) {
                    let why = why(&run, line.event.id);
                    let mut later = line.event.id;
                    for cause in &why.causes {
                        assert!(cause.event.id < later, "a cause comes before what it leads to");
                        assert!(!cause.words.is_empty());
                        later = cause.event.id;
                    }
                    let last = why.causes.last().unwrap_or(&line);
                    assert_eq!(last.event.cause, NO_EVENT, "{}: {line:?}", entry.name);
                    assert!(!why.root.contains("no longer"));
                }
            }
        }
    }

    #[test]
    fn a_decision_is_explained_by_a_ballot_and_that_by_the_proposal() {
        let (run, frame) = played("deployment-vote");
        let filter = Filter { text: "learned".into(), ..Filter::default() };
        let learned = lines(&run, &frame, &filter, 1).remove(0);
        let words: Vec<String> =
            why(&run, learned.event.id).causes.into_iter().map(|line| line.words).collect();
        let place = |part: &str| words.iter().position(|words| words.contains(part));
        let (ballot, proposal) = (place("ballot reached coordinator"), place("proposal reached"));
        assert!(ballot.is_some() && ballot < proposal, "{words:#?}");
    }

    #[test]
    fn filters_leave_out_what_they_say() {
        let (mut run, mut frame) = played("deployment-vote");
        run.apply(&Command::SeekTime { time_us: 100_000 }).unwrap();
        let agent = "qa-engineer".to_owned();
        run.apply(&Command::Intervene(Intervention::Crash { agent })).unwrap();
        run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
        run.frame(&mut frame);
        let told = |filter: Filter| {
            lines(&run, &frame, &filter, 1_000).into_iter().map(|it| it.words).collect::<Vec<_>>()
        };
        let group = |group| told(Filter { group, ..Filter::default() });
        let faults = group(Group::Faults);
        assert!(faults.iter().any(|words| words.contains("qa-engineer crashed")), "{faults:?}");
        assert!(faults.iter().all(|words| !words.contains("votes FOR")));
        assert!(group(Group::Votes).iter().all(|words| !words.contains("reached")));
        assert!(group(Group::Messages).iter().all(|words| !words.contains("crashed")));
        let qa = run.cast().agents.iter().position(|info| info.name == "qa-engineer");
        let qa = qa.map(|number| AgentId(number as u32));
        let about = told(Filter { agent: qa, ..Filter::default() });
        assert!(!about.is_empty() && about.iter().all(|words| words.contains("qa-engineer")));
        let found = told(Filter { text: "HEARD".into(), ..Filter::default() });
        assert_eq!(found.len(), 5, "in any case: {found:?}");
    }
}
