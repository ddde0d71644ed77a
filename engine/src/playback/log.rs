//! The events of a branch that are kept, and the marks on its tape. Both are bounded, counted in
//! records; what is cut off can be seen from the numbers (K6).

use std::collections::VecDeque;
use std::sync::Arc;

use super::frame::{Mark, MarkKind};
use crate::sim::{AgentId, DropCause, Event, EventId, What};
use crate::swarm::note::Note;

/// Events per chunk; branches share chunks.
const CHUNK: usize = 4_096;

/// Events that are kept, the newest: about 25 MB.
pub const EVENTS_MAX: usize = 64 * CHUNK;

/// Marks that are kept, the first.
pub const MARKS_MAX: usize = 20_000;

/// A window of consecutive events.
#[derive(Clone, Debug, Default)]
pub struct Log {
    chunks: VecDeque<Arc<Vec<Event<Note>>>>,
    first_id: EventId,
    end_id: EventId,
    marks: Vec<Mark>,
    /// Events below this have been looked at for marks.
    marked_to: EventId,
}

impl Log {
    /// The first event that is kept; those before were cut off.
    #[must_use]
    pub fn first_id(&self) -> EventId {
        self.first_id
    }

    /// The number after the last event that is kept.
    #[must_use]
    pub fn end_id(&self) -> EventId {
        self.end_id
    }

    /// The marks in the order of time; at most [`MARKS_MAX`].
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    #[must_use]
    pub fn get(&self, id: EventId) -> Option<&Event<Note>> {
        let place = usize::try_from(id.checked_sub(self.first_id)?).ok()?;
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)
    }

    /// The kept events from `from` up to, not including, `to`.
    pub fn range(
        &self,
        from: EventId,
        to: EventId,
    ) -> impl DoubleEndedIterator<Item = &Event<Note>> {
        let (from, to) = (from.max(self.first_id), to.min(self.end_id));
        (from..to.max(from)).filter_map(|id| self.get(id))
    }

    /// Adds an event that follows the last one; one that is known already changes nothing. After a
    /// gap the window starts anew.
    pub fn push(&mut self, event: Event<Note>) {
        if event.id >= self.marked_to {
            self.marked_to = event.id + 1;
            self.mark(&event);
        }
        if event.id < self.end_id && event.id >= self.first_id {
            return;
        }
        if event.id != self.end_id {
            self.chunks.clear();
            self.first_id = event.id;
            self.end_id = event.id;
        }
        let is_full = self.chunks.back().is_none_or(|chunk| chunk.len() == CHUNK);
        if is_full {
            self.chunks.push_back(Arc::new(Vec::with_capacity(CHUNK)));
        }
        if let Some(last) = self.chunks.back_mut() {
            Arc::make_mut(last).push(event);
            self.end_id += 1;
        }
        if self.chunks.len() * CHUNK > EVENTS_MAX {
            self.chunks.pop_front();
            self.first_id += CHUNK as u64;
        }
    }

    /// Forgets everything from `end` on: a branch starts there.
    pub fn truncate(&mut self, end: EventId) {
        self.marks.retain(|mark| mark.event < end);
        self.marked_to = self.marked_to.min(end);
        if end <= self.first_id {
            self.chunks.clear();
            self.first_id = end;
        }
        let keep = usize::try_from(end - self.first_id).unwrap_or(usize::MAX);
        self.chunks.truncate(keep.div_ceil(CHUNK));
        if let Some(last) = self.chunks.back_mut()
            && !keep.is_multiple_of(CHUNK)
        {
            Arc::make_mut(last).truncate(keep % CHUNK);
        }
        self.end_id = self.end_id.min(end).max(self.first_id);
    }

    /// Everyone begins a round, learns who is exposed and decides for itself: the first makes the mark.
    fn is_known(&self, kind: MarkKind) -> bool {
        is_of_many(kind) && self.marks.iter().rev().any(|mark| mark.kind == kind)
    }

    /// Whether the agent is in the adversary's seat: what it decides is nobody's decision.
    fn lies(&self, agent: AgentId) -> bool {
        let seat = |mark: &Mark| match mark.kind {
            MarkKind::Corrupted { agent: it } if it == agent => Some(true),
            MarkKind::Released { agent: it } if it == agent => Some(false),
            _ => None,
        };
        self.marks.iter().rev().find_map(seat).unwrap_or(false)
    }

    fn mark(&mut self, event: &Event<Note>) {
        if let Some(kind) = mark_kind(event)
            && self.marks.len() < MARKS_MAX
            && !self.is_known(kind)
            && !(matches!(kind, MarkKind::Concluded { .. }) && self.lies(event.agent))
        {
            self.marks.push(Mark { time_us: event.time_us, event: event.id, kind });
        }
    }
}

fn is_of_many(kind: MarkKind) -> bool {
    use MarkKind::{Concluded, Exposed, Round};
    matches!(kind, Round { .. } | Exposed { .. } | Concluded { .. })
}

fn mark_kind(event: &Event<Note>) -> Option<MarkKind> {
    Some(match event.what {
        What::Note(note) => return note.mark(event.agent),
        // A message that a person dropped or delayed is an act, not a loss.
        What::Dropped { cause: DropCause::Intervention, .. } | What::Delayed { .. } => {
            MarkKind::Fault { agent: event.agent }
        }
        What::Dropped { cause, .. } => MarkKind::Lost { cause },
        What::Duplicated { .. } => MarkKind::Doubled,
        What::Corrupted => MarkKind::Corrupted { agent: event.agent },
        What::Released => MarkKind::Released { agent: event.agent },
        What::Crashed
        | What::Restarted
        | What::Deferred
        | What::Paused
        | What::Resumed
        | What::Removed
        | What::Spawned
        | What::Cut
        | What::Mended
        | What::LinkChanged => MarkKind::Fault { agent: event.agent },
        // An agent that lays links anew says so itself.
        What::RoutesChanged if event.agent != AgentId::NONE => return None,
        What::Partitioned | What::PartitionedFurther | What::Healed | What::RoutesChanged => {
            MarkKind::Fault { agent: AgentId::NONE }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::consensus::note::VoteNote;
    use crate::common::consensus::quorum::Decision;

    fn event(id: EventId) -> Event<Note> {
        Event {
            id,
            time_us: id,
            cause: 0,
            lamport: 0,
            message: 0,
            agent: AgentId(0),
            peer: AgentId::NONE,
            instance: 0,
            kind: 0,
            what: What::Crashed,
        }
    }

    #[test]
    fn the_oldest_are_cut_off_and_it_shows() {
        let mut log = Log::default();
        let count = (EVENTS_MAX + 10) as u64;
        (0..count).for_each(|id| log.push(event(id)));
        assert_eq!((log.first_id(), log.end_id()), (CHUNK as u64, count));
        assert!(log.get(0).is_none());
        assert_eq!(log.get(count - 1).map(|event| event.id), Some(count - 1));
        assert_eq!(log.marks().len(), MARKS_MAX);
    }

    #[test]
    fn of_many_decisions_the_first_honest_one_makes_the_mark() {
        let mut log = Log::default();
        let concluded =
            Note::Vote(VoteNote::Concluded { proposal: 0, decision: Decision::Approved });
        let events = [
            (0, What::Corrupted),
            (0, What::Note(concluded)),
            (1, What::Note(concluded)),
            (2, What::Note(concluded)),
            (0, What::Released),
            (
                0,
                What::Note(Note::Vote(VoteNote::Concluded {
                    proposal: 0,
                    decision: Decision::Timeout,
                })),
            ),
            (2, What::Note(Note::Vote(VoteNote::RoundBegan { proposal: 0, round: 1 }))),
            (1, What::Note(Note::Vote(VoteNote::RoundBegan { proposal: 0, round: 1 }))),
        ];
        for ((agent, what), id) in events.into_iter().zip(0..) {
            log.push(Event { agent: AgentId(agent), what, ..event(id) });
        }
        let places: Vec<EventId> = log.marks().iter().map(|mark| mark.event).collect();
        assert_eq!(places, [0, 2, 4, 5, 6]);
    }

    #[test]
    fn known_events_change_nothing_and_a_gap_starts_anew() {
        let mut log = Log::default();
        (0..10).for_each(|id| log.push(event(id)));
        (3..12).for_each(|id| log.push(event(id)));
        assert_eq!(log.range(0, 100).map(|event| event.id).collect::<Vec<_>>().len(), 12);
        log.push(event(50));
        assert_eq!((log.first_id(), log.end_id()), (50, 51));
    }

    #[test]
    fn a_branch_forgets_what_came_after_it() {
        let mut log = Log::default();
        (0..10_000).for_each(|id| log.push(event(id)));
        let whole = log.clone();
        log.truncate(5_000);
        log.push(event(5_000));
        assert_eq!((log.end_id(), log.marks().len()), (5_001, 5_001));
        assert_eq!(whole.end_id(), 10_000);
    }
}
