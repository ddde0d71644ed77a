//! The log: which events are told, in sentences, and why each of them happened.

use super::network;
use super::sentence::{Importance, importance, sentence};
use crate::common::consensus::note::VoteNote;
pub use crate::common::mark::NoteGlyph as Glyph;
use crate::playback::cast::Cast;
use crate::playback::frame::Frame;
use crate::playback::rooms;
use crate::playback::run::Run;
use crate::scenario::file::intervention::Intervention;
use crate::sim::{AgentId, Event, EventId, What};
use crate::swarm::note::Note;

/// Lines that are shown at once while time stands still.
pub const LINES_MAX: usize = 100;
/// Lines that are shown at once while time runs: they come and go as a whole then.
pub const LINES_RUNNING_MAX: usize = 20;
/// Events that a search for words looks through at once: each has to be put into words first.
const SEARCH_MAX: u64 = 5_000;

/// Which kinds of events are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// Events that matter to someone who watches: votes, decisions, faults, losses.
    #[default]
    Main,
    /// The notes of agents, by the tab in which they stand.
    Notes(&'static str),
    Messages,
    Faults,
    All,
}

impl Group {
    /// The groups that can have something to tell.
    #[must_use]
    pub fn of(cast: &Cast) -> Vec<(Self, &'static str)> {
        let votes = cast.has_proposals || cast.opened > 0 || cast.pictures.titles.is_empty();
        let logs = cast.pictures.logs.iter().filter(|(_, is_titled)| *is_titled || votes);
        let notes = logs.map(|(tab, _)| (Self::Notes(tab), *tab));
        let last = [(Self::Messages, "Messages"), (Self::Faults, "Faults"), (Self::All, "All")];
        [(Self::Main, "Main")].into_iter().chain(notes).chain(last).collect()
    }

    fn holds(self, event: &Event<Note>) -> bool {
        match self {
            Self::Main => importance(event) > Importance::Traffic,
            Self::Notes(tab) => {
                event.note().is_some_and(|note| rooms::standing(note).0 == Some(tab))
            }
            Self::Messages => is_message(event),
            Self::Faults => importance(event) == Importance::Fault,
            Self::All => true,
        }
    }
}

fn is_message(event: &Event<Note>) -> bool {
    matches!(
        event.what,
        What::Sent { .. }
            | What::Forwarded
            | What::Delivered
            | What::Dropped { .. }
            | What::Duplicated { .. }
            | What::Delayed { .. }
    )
}

/// The choice of lines that a person wants to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub group: Group,
    /// Only what happened to this agent, or what its messages met.
    pub agent: Option<AgentId>,
    /// Only sentences that hold these words.
    pub words: String,
}

impl Filter {
    fn holds(&self, event: &Event<Note>, run: &Run) -> bool {
        self.group.holds(event)
            && self.agent.is_none_or(|agent| concerns(event, agent))
            && (self.words.is_empty() || {
                let text = sentence(event, run.cast()).to_ascii_lowercase();
                text.contains(&self.words.to_ascii_lowercase())
            })
    }

    /// How many events are looked through at once.
    fn reach(&self) -> u64 {
        if self.words.is_empty() { u64::MAX } else { SEARCH_MAX }
    }
}

/// Whether the event is about the agent.
fn concerns(event: &Event<Note>, agent: AgentId) -> bool {
    event.agent == agent || event.peer == agent || subject(event) == agent
}

/// The agent that the event is about; for a ballot that is counted, its voter.
#[must_use]
pub fn subject(event: &Event<Note>) -> AgentId {
    match event.what {
        What::Note(note) => note.about().unwrap_or(event.agent),
        _ => event.agent,
    }
}

/// The note of a vote, whichever protocol it is voted on by.
#[must_use]
pub fn of_vote(event: &Event<Note>) -> Option<VoteNote> {
    event.note().and_then(Note::of_vote)
}

/// The picture before the event's sentence.
#[must_use]
pub fn glyph(event: &Event<Note>) -> Glyph {
    let own = match event.what {
        What::Note(note) => note.glyph(),
        What::Dropped { .. } => Glyph::Lost,
        What::Crashed | What::Removed => Glyph::Down,
        _ => Glyph::Dot,
    };
    match own {
        Glyph::Dot if importance(event) == Importance::Fault => Glyph::Fault,
        own => own,
    }
}

/// One event, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub event: EventId,
    pub time_us: u64,
    pub agent: AgentId,
    pub glyph: Glyph,
    pub words: String,
}

impl Line {
    /// With the name of the proposal where there are several.
    #[must_use]
    pub fn new(event: &Event<Note>, run: &Run, frame: &Frame) -> Self {
        let told = what_was_set(event, run).unwrap_or_else(|| sentence(event, run.cast()));
        let id = match event.what {
            What::Note(note) => note.proposal(),
            _ => None,
        };
        let named = id.filter(|_| frame.proposals.len() > 1);
        let proposal = named.and_then(|id| frame.proposals.iter().find(|it| it.id == id));
        Self {
            event: event.id,
            time_us: event.time_us,
            agent: subject(event),
            glyph: glyph(event),
            words: match proposal {
                Some(it) => format!("{}: {told}", it.terms.name),
                None => told,
            },
        }
    }
}

/// The new setting of a link, or of all of them: the event itself does not say.
fn what_was_set(event: &Event<Note>, run: &Run) -> Option<String> {
    if !matches!(event.what, What::LinkChanged) {
        return None;
    }
    let set = run.done_at(event.time_us).find_map(|done| match done {
        Intervention::SetNetwork { link } if event.agent == AgentId::NONE => Some(link),
        Intervention::SetLink { from, link, .. } if from == run.cast().name(event.agent) => {
            Some(link)
        }
        _ => None,
    });
    let words = network::of_file(set?)?;
    let (from, to) = (run.cast().name(event.agent), run.cast().name(event.peer));
    Some(match event.agent {
        AgentId::NONE => format!("All links from now on: {words}."),
        _ => format!("The link from {from} to {to} from now on: {words}."),
    })
}

/// The events that match, kept up while the run goes on.
#[derive(Clone, Debug, Default)]
pub struct Index {
    filter: Filter,
    /// The branch that was looked through, with its run, and the range of its events.
    of: (u32, u32),
    from: EventId,
    to: EventId,
    matches: Vec<EventId>,
}

/// The lines that the panel shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The newest first.
    pub lines: Vec<Line>,
    /// Up to the playhead: how many events match, of how many that were looked through.
    pub matching: u64,
    pub looked: u64,
    /// Events before these were not looked through for the words, though they are kept.
    pub unsearched: u64,
    /// Events that the log has cut off.
    pub cut_off: u64,
    /// There are older lines, and newer ones.
    pub older: bool,
    pub newer: bool,
}

impl Index {
    /// Looks through what it has not seen yet. `number` counts the runs of the page.
    pub fn follow(&mut self, number: u32, run: &Run, filter: &Filter) {
        let of = (number, run.current_branch());
        let log = run.log();
        let fresh = self.of != of || self.filter != *filter || self.to > log.end_id();
        if fresh || log.end_id() - self.to > filter.reach() {
            let from = log.end_id().saturating_sub(filter.reach()).max(log.first_id());
            *self = Self { filter: filter.clone(), of, from, to: from, matches: Vec::new() };
        }
        if self.from < log.first_id() {
            self.from = log.first_id();
            let gone = self.matches.partition_point(|id| *id < self.from);
            self.matches.drain(..gone);
        }
        let new = log.range(self.to, log.end_id()).filter(|event| filter.holds(event, run));
        self.matches.extend(new.map(|event| event.id));
        self.to = log.end_id();
    }

    /// Looks through as many events again, before those it has looked through.
    pub fn look_back(&mut self, run: &Run) {
        let from = self.from.saturating_sub(SEARCH_MAX).max(run.log().first_id());
        let older = run.log().range(from, self.from);
        let older = older.filter(|event| self.filter.holds(event, run)).map(|event| event.id);
        let older: Vec<EventId> = older.collect();
        self.matches.splice(0..0, older);
        self.from = from;
    }

    /// The newest lines up to the playhead, and before the event `before` if that is given; `most` of
    /// them.
    #[must_use]
    pub fn page(&self, run: &Run, frame: &Frame, before: Option<EventId>, most: usize) -> Page {
        let now = frame.events;
        let matching = self.matches.partition_point(|id| *id < now);
        let until = before.unwrap_or(now).min(now);
        let end = self.matches.partition_point(|id| *id < until);
        let start = end.saturating_sub(most);
        let shown = self.matches[start..end].iter().rev();
        let log = run.log();
        Page {
            lines: shown.filter_map(|id| Some(Line::new(log.get(*id)?, run, frame))).collect(),
            matching: matching as u64,
            looked: now.saturating_sub(self.from),
            unsearched: self.from - log.first_id().min(self.from),
            cut_off: log.first_id(),
            older: start > 0,
            newer: end < matching,
        }
    }
}

#[cfg(test)]
mod tests;
