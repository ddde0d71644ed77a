//! Keys as documents: who holds what, how that came about, what a merge would come to, what it costs.

mod merge;
mod versions;

use super::lattice::{Lattice, NodeKind};
use super::overview::overview;
use super::timeline::{Timeline, timeline};
use super::{Bytes, ReplicaRow, StateView, compared, state_view};
use crate::common::shown::{Look, Peek};
use crate::protocol::document::{
    Cell, Document, Dot, Graph, Item, Lane, Lanes, Level, List, ListLayout, Node, NodeLook, Part,
    Picker, PickerOption, Press, Row, Sentence, Sign, Table, Tint, TrackBar, Weight,
};
use crate::protocols::state::holder::State;
use crate::protocols::state::standing::KeyStanding;
use crate::sim::AgentId;

/// All that is said of this key, and of all keys.
pub(super) fn documents(
    peek: &dyn Peek<State>,
    state: &KeyStanding<'_>,
    look: &Look,
) -> Vec<Document> {
    let view = state_view(peek, state);
    let mut documents = vec![replicas(&view, chooser(peek, view.key))];
    documents.push(over_time(&timeline(peek, state.key)));
    let versions = overview(peek, state);
    documents.extend(versions.map(|it| versions::document(it, view.key, look.selected)));
    documents.extend(clocks(&view));
    documents.extend(merge::document(&view, look.of("resolver", None)));
    documents.extend(costs(&view.bytes));
    documents
}

/// Which of several keys is shown.
fn chooser(peek: &dyn Peek<State>, shown: u32) -> Option<Picker> {
    let keys = &peek.known().names;
    let options = (0..).zip(keys.iter()).map(|(number, name)| PickerOption {
        text: name.to_string(),
        press: Press::choose("key", number),
        chosen: number == shown,
    });
    let (id, label) = ("key-chooser", "Key");
    (keys.len() > 1).then(|| Picker { id, label, options: options.collect(), is_row: false })
}

fn replicas(view: &StateView, chooser: Option<Picker>) -> Document {
    let row = |it: &ReplicaRow| {
        let ReplicaRow { name, value, clock, written, differs, refused, .. } = it;
        let told = refused.as_ref().unwrap_or(written);
        let value = if *differs { format!("≠ {value}") } else { value.clone() };
        let value = Cell::text(value).weight(Weight::Large);
        let second = if clock.is_empty() { String::new() } else { format!("clock {clock}") };
        let told = Cell { second, ..Cell::text(told.as_str()).weight(Weight::Quiet) };
        let told = if refused.is_some() { told.tint(Tint::Fault) } else { told };
        let value = if *differs { value.tint(Tint::Accent) } else { value };
        Row::new(Cell::text(name.as_str()), [value, told])
    };
    let more = if view.more > 0 { format!("and {} more", view.more) } else { String::new() };
    let rows = view.rows.iter().map(row).collect();
    Document::new("state", view.name.as_str())
        .hint(view.manner.as_str())
        .block_if(chooser)
        .block(Sentence::lead("state-sentence", view.strong.as_str(), view.rest.as_str()))
        .block(Table { id: "replicas", caption: "Replicas", rows, more, ..Table::default() })
}

/// A line for each replica, on which a person can write.
fn over_time(timeline: &Timeline) -> Document {
    let lane = |(agent, name): &(AgentId, String)| Lane {
        name: name.clone(),
        press: Some(Press::Fill("write", Some(*agent))),
        press_words: format!("Write at {name}"),
        ..Lane::default()
    };
    let dots = timeline.dots.iter().map(|dot| Dot {
        lane: dot.line,
        time_us: dot.time_us,
        text: dot.value.clone(),
        from: dot.from,
        press: Press::Seek(dot.event),
    });
    let lanes = Lanes {
        id: "timeline",
        from_us: timeline.from_us,
        to_us: timeline.to_us,
        now_us: Some(timeline.now_us),
        lanes: timeline.agents.iter().map(lane).collect(),
        dots: dots.collect(),
        ..Lanes::default()
    };
    Document::new("state-timeline", "Replicas over time")
        .hint("press a dot to go there, a line to write there")
        .block(lanes)
}

/// Vector clocks as a picture, and the same in words.
fn clocks(view: &StateView) -> Option<Document> {
    let lattice = &view.lattice;
    if lattice.nodes.len() < 2 {
        return None;
    }
    let item = |(words, concurrent): &(String, bool)| {
        let sign = if *concurrent { Sign::Concurrent } else { Sign::Before };
        let tint = if *concurrent { Tint::Fault } else { Tint::Plain };
        Item { tint, ..Item::new(words.as_str()).sign(sign) }
    };
    let lines = List {
        id: "clocks",
        is_small: true,
        items: view.clocks.iter().map(item).collect(),
        ..List::default()
    };
    let document = Document::new("state-clocks", "Vector clocks")
        .hint("what was known when it was written")
        .block(graph(lattice))
        .block(legend(lattice))
        .block(lines);
    Some(document)
}

fn graph(lattice: &Lattice) -> Graph {
    let nodes = lattice.nodes.iter().map(|node| Node {
        title: node.value.clone(),
        lines: [node.clock.clone(), node.whose.clone()],
        look: match node.kind {
            NodeKind::Held => NodeLook::Held,
            NodeKind::Replaced => NodeLook::Past,
            NodeKind::Lost => NodeLook::Lost,
            NodeKind::Merged => NodeLook::Ahead,
        },
        x: node.x,
        layer: node.row,
    });
    Graph {
        id: "lattice",
        nodes: nodes.collect(),
        node_width: lattice.width,
        layers: lattice.rows,
        edges: lattice.edges.clone(),
        edge_words: "happened before",
        ties: lattice.ties.clone(),
        tie_words: "concurrent",
        tie_letter: "∥",
    }
}

/// The signs that the picture does not explain itself.
fn legend(lattice: &Lattice) -> List {
    let mut items = Vec::new();
    if lattice.edges.len() > 1 {
        items.push(Item::new("↑ happened before"));
    }
    if lattice.width < 100 {
        items.push(Item::new("∥ concurrent"));
    }
    items.push(Item::new("thin: not held any more"));
    if lattice.more > 0 {
        items.push(Item::new(format!("and {} more", lattice.more)));
    }
    List { id: "legend", layout: ListLayout::Inline, is_small: true, items, ..List::default() }
}

/// The cost of the last synchronisation of each kind.
fn costs(bytes: &[Bytes]) -> Option<Document> {
    let most = bytes.iter().map(|it| it.bytes).max()?.max(1);
    let row = |Bytes { kind, bytes, words }: &Bytes| {
        let part =
            Part { permille: (bytes * 1_000 / most) as u32, tint: Tint::Data, ..Part::default() };
        let bar = TrackBar { parts: vec![part], ..TrackBar::default() };
        let cells = [Cell::bar(bar), Cell::text(format!("{bytes} B")).weight(Weight::Strong)];
        Row { note: words.clone(), ..Row::new(Cell::text(*kind), cells) }
    };
    let rows = bytes.iter().map(row).collect();
    let document = Document::new("state-costs", "Full against delta")
        .hint("the last of each")
        .block(Table { id: "costs", caption: "Bytes of each", rows, ..Table::default() })
        .block(Sentence::at(Level::Plain, compared(bytes)));
    Some(document)
}

#[cfg(test)]
mod tests;
