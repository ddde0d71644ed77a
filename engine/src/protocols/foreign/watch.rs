//! The watch of a protocol from outside.

use std::fmt::Debug;

use super::Foreign;
use super::message::FOREIGN;
use super::note::ForeignNote;
use super::setup::ForeignCast;
use crate::common::sighting::Sighting;
use crate::protocol::watch::{Sight, Surroundings, Watch, Watched};
use crate::sim::{AgentId, Event, EventId, Property};

/// Judges a protocol by what its agents note. It is cloned for checkpoints.
pub trait ForeignWatch: ClonedWatch + Debug + Send + Sync {
    /// An agent has noted this sentence, by its place in the vocabulary, with this number.
    fn on_note(&mut self, event: EventId, agent: AgentId, sentence: u16, number: u32);

    /// The properties as they stand; `ended` says that nothing more will come.
    fn properties(&self, ended: bool) -> Vec<Property>;
}

/// Clones a watch as an object.
pub trait ClonedWatch {
    fn cloned(&self) -> Box<dyn ForeignWatch>;
}

impl<T: ForeignWatch + Clone + 'static> ClonedWatch for T {
    fn cloned(&self) -> Box<dyn ForeignWatch> {
        Box::new(self.clone())
    }
}

impl Watched for Foreign {
    type Setup = ForeignCast;
    type Watch = Watcher;
    type Sighting = Sighting;
}

/// Counts messages by kind, and hands notes on.
#[derive(Debug, Default)]
pub struct Watcher {
    /// Messages sent, by the place of their kind in the vocabulary.
    pub sent: Vec<u64>,
    own: Option<Box<dyn ForeignWatch>>,
    is_touched: bool,
}

impl Clone for Watcher {
    fn clone(&self) -> Self {
        let own = self.own.as_ref().map(|own| own.cloned());
        Self { sent: self.sent.clone(), own, is_touched: self.is_touched }
    }
}

/// More kinds than this are counted as one.
const KINDS_MAX: usize = 256;

impl Watch<Foreign> for Watcher {
    // From the beginning on: a protocol that notes nothing can break its properties too.
    fn begin(&mut self, cast: &ForeignCast, _: &Surroundings) {
        self.own = cast.setup.watch.as_ref().map(|watch| watch.cloned());
    }

    fn on_sent<N>(&mut self, event: &Event<N>, _: u32, _: &mut impl Sight<Foreign>) {
        if event.kind == FOREIGN.number {
            self.is_touched = true;
            let kind = (event.instance as usize).min(KINDS_MAX);
            if self.sent.len() <= kind {
                self.sent.resize(kind + 1, 0);
            }
            self.sent[kind] += 1;
        }
    }

    fn on_note<N>(&mut self, event: &Event<N>, note: ForeignNote, _: &mut impl Sight<Foreign>) {
        self.is_touched = true;
        if let Some(own) = &mut self.own {
            own.on_note(event.id, event.agent, note.sentence, note.number);
        }
    }

    fn is_touched(&self) -> bool {
        self.is_touched
    }

    fn properties(&self, ended: bool) -> Vec<Property> {
        self.own.as_ref().map_or_else(Vec::new, |own| own.properties(ended))
    }
}
