//! The selection as a document.

use super::{InspectorRow, Tone, inspector, standing, thing};
use crate::common::consensus::picture::tint;
use crate::playback::frame::Frame;
use crate::playback::run::Run;
use crate::protocol::document::{Document, Fact, Level, Sentence, Tint};
use crate::view::acts;
use crate::view::stage::target::Target;

/// Everything about what is selected, or how to select something. With `compare` what the last event changed is marked;
/// that takes a short replay.
#[must_use]
pub fn document(run: &Run, frame: &Frame, target: Option<Target>, compare: bool) -> Document {
    let Some(target) = target else {
        let words = "Select an agent, a link or a message on the stage, or a lamp above, to see what there is to know \
                     of it.";
        return Document::new("agent-panel", "Agent").block(Sentence::at(Level::Plain, words));
    };
    let name = acts::name(run.cast(), frame, target);
    let name = name.unwrap_or_else(|| "It has arrived, or is lost".to_owned());
    let (rows, hint) = match target {
        Target::Agent(agent) => (inspector(run, agent, compare), standing(run, agent)),
        target => (thing(run, frame, target), String::new()),
    };
    let facts: Vec<Fact> = rows.into_iter().map(fact).collect();
    Document::new("agent-panel", name).hint(hint).block(facts)
}

fn fact(InspectorRow { label, lines, tone, changed }: InspectorRow) -> Fact {
    let tint = match tone {
        Tone::Plain => Tint::Plain,
        Tone::Fault => Tint::Fault,
        Tone::Vote(vote) => tint(vote),
    };
    Fact { label, lines, tint, changed }
}
