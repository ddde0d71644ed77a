//! The watch of a protocol from outside.

use std::fmt::Debug;

use super::Foreign;
use super::message::FOREIGN;
use super::note::ForeignNote;
use crate::common::sighting::Sighting;
use crate::protocol::watch::{Sight, Watch, Watched};
use crate::sim::{AgentId, Event, EventId, Property, What};

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
    type Watch = Watcher;
    type Sighting = Sighting;
}

/// Counts messages by kind, and hands notes on.
#[derive(Debug, Default)]
pub struct Watcher {
    /// Messages sent, by the place of their kind in the vocabulary.
    pub sent: Vec<u64>,
    own: Option<Box<dyn ForeignWatch>>,
    /// Whether an agent was asked for the watch that its protocol brings.
    is_begun: bool,
    is_touched: bool,
}

impl Clone for Watcher {
    fn clone(&self) -> Self {
        let own = self.own.as_ref().map(|own| own.cloned());
        let (is_begun, is_touched) = (self.is_begun, self.is_touched);
        Self { sent: self.sent.clone(), own, is_begun, is_touched }
    }
}

/// More kinds than this are counted as one.
const KINDS_MAX: usize = 256;

impl Watch<Foreign> for Watcher {
    fn on_event<N>(&mut self, event: &Event<N>, sight: &mut impl Sight<Foreign>) {
        // From the first event on: a protocol that notes nothing can break its properties too.
        if let Some(agent) = sight.agent(event.agent).and_then(|it| it.machine)
            && !self.is_begun
        {
            self.is_begun = true;
            self.own = agent.watch();
        }
        if matches!(event.what, What::Sent { .. }) && event.kind == FOREIGN.number {
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
