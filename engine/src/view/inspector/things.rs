//! A message on its way, or a link, in the inspector.

use super::{InspectorRow, Tone};
use crate::common::figure::{seconds, span};
use crate::playback::cast::Cast;
use crate::playback::frame::{Frame, MessageFrame};
use crate::playback::run::Run;
use crate::sim::AgentId;
use crate::view::network;
use crate::view::stage::target::Target;

fn row(label: &'static str, line: String) -> InspectorRow {
    InspectorRow { label, lines: vec![line], tone: Tone::Plain, changed: false }
}

/// A message or a link; nothing for an agent, or for a thing that is gone.
#[must_use]
pub fn thing(run: &Run, frame: &Frame, target: Target) -> Vec<InspectorRow> {
    match target {
        Target::Agent(_) => Vec::new(),
        Target::Link(from, to) => link(run, frame, from, to),
        Target::Message(id) => {
            let message = frame.messages.iter().find(|message| message.id == id);
            message.map_or_else(Vec::new, |it| self::message(run.cast(), frame, it))
        }
    }
}

fn message(cast: &Cast, frame: &Frame, message: &MessageFrame) -> Vec<InspectorRow> {
    let name = |agent| cast.name(agent).to_owned();
    let mut rows = Vec::new();
    let kind = message.kind.words;
    rows.push(row("Says", message.says.map_or(kind.to_owned(), |says| format!("{kind}: {says}"))));
    rows.push(row("From", name(message.origin)));
    rows.push(row("To", name(message.dest)));
    if let Some(proposal) = frame.proposals.iter().find(|it| it.id == message.proposal) {
        rows.push(row("About", proposal.terms.name.clone()));
    }
    if (message.from, message.to) != (message.origin, message.dest) {
        rows.push(row("On the link", format!("{} to {}", name(message.from), name(message.to))));
    }
    rows.push(row("Sent", format!("at {}", seconds(message.sent_us))));
    let left = span(message.arrives_us.saturating_sub(frame.time_us));
    rows.push(row("Arrives", format!("{left}, at {}", seconds(message.arrives_us))));
    rows.push(row("Size", format!("{} bytes", message.bytes)));
    rows
}

fn link(run: &Run, frame: &Frame, from: AgentId, to: AgentId) -> Vec<InspectorRow> {
    let network = &run.simulation().network;
    let cast = run.cast();
    let there = network::words(&network.link(from, to));
    let back = network::words(&network.link(to, from));
    let mut rows = Vec::new();
    if there == back {
        rows.push(row("Both ways", there));
    } else {
        rows.push(row("There", format!("to {}: {there}", cast.name(to))));
        rows.push(row("Back", format!("to {}: {back}", cast.name(from))));
    }
    let blocked = |from, to| network.blocked(from, to).is_some();
    let state = match (blocked(from, to), blocked(to, from)) {
        (false, false) => None,
        (true, true) => Some("nothing passes".to_owned()),
        (true, false) => Some(format!("nothing passes to {}", cast.name(to))),
        (false, true) => Some(format!("nothing passes to {}", cast.name(from))),
    };
    if let Some(state) = state {
        rows.push(InspectorRow { tone: Tone::Fault, ..row("State", state) });
    }
    let is_on =
        |it: &&MessageFrame| (it.from, it.to) == (from, to) || (it.from, it.to) == (to, from);
    let count = frame.messages.iter().filter(is_on).count();
    rows.push(row(
        "On it now",
        match count {
            0 => "nothing".to_owned(),
            1 => "1 message".to_owned(),
            count => format!("{count} messages"),
        },
    ));
    rows
}
