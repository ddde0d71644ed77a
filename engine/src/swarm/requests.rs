//! Requests to an agent that is paused or down wait until it is back (K5); here they are watched from outside.

use crate::sim::fault::FaultKind;
use crate::sim::{Event, EventId, NO_EVENT, Property, PropertyKind, PropertyStatus, What};
use crate::swarm::note::Note;

/// Whether what was asked of agents that were away has reached them (K5).
#[derive(Clone, Debug, Default)]
pub struct RequestWatch {
    deferred: u32,
    heard: u32,
    /// The event by which the last request was heard.
    last: EventId,
    /// The first request to an agent that is gone for good.
    in_vain: Option<EventId>,
    /// Requests that were heard and refused: the event by which each was heard, and the number under which
    /// the agent remembers why.
    refused: Vec<(EventId, u32)>,
}

impl RequestWatch {
    #[inline]
    pub fn see_note(&mut self, event: &Event<Note>, note: Note) {
        if let Some(number) = note.refusal() {
            self.refused.push((event.cause, number));
        }
    }

    #[inline]
    pub fn see_change(&mut self, event: &Event<Note>) {
        match event.what {
            What::Deferred => self.deferred += 1,
            // A request that is heard at once has no cause.
            What::Commanded if event.cause != NO_EVENT => {
                self.heard += 1;
                self.last = event.id;
            }
            What::Inapplicable(FaultKind::Command) => {
                self.in_vain = self.in_vain.or(Some(event.id));
            }
            _ => {}
        }
    }

    /// How many still wait.
    #[must_use]
    #[inline]
    pub fn waiting(&self) -> u32 {
        self.deferred - self.heard
    }

    /// The number under which the agent remembers why it refused the request heard by this event; `None` if
    /// it did not.
    #[must_use]
    #[inline]
    pub fn refusal(&self, heard: EventId) -> Option<u32> {
        self.refused.iter().find(|(event, _)| *event == heard).map(|(_, number)| *number)
    }

    /// Nothing where nothing had to wait.
    #[must_use]
    #[inline]
    pub fn property(&self, ended: bool) -> Option<Property> {
        let mut property = Property::new("requests_heard", PropertyKind::Eventually);
        if let Some(event) = self.in_vain {
            property.fail(event);
        } else if self.waiting() == 0 {
            property.status = PropertyStatus::Holds;
            property.event = Some(self.last);
        } else if ended {
            property.status = PropertyStatus::Violated;
        }
        (self.deferred > 0 || self.in_vain.is_some()).then_some(property)
    }
}
