//! The documents: the last measurement beside the thresholds, the course of all, and the switches with their reasons.

use super::Shape;
use super::decider::Decider;
use super::rule::{Measured, word};
use super::watch::SeenSwitch;
use crate::common::figure::{seconds, span};
use crate::common::shown::Peek;
use crate::common::topology::TopologyKind;
use crate::protocol::document::{
    Align, Cell, Column, Curve, Document, Press, Row, Sentence, Series, Table, Tick, Tint, Weight,
};
use crate::protocol::words::{counted, sentence_case};

/// One value of a measurement.
type Value = fn(&Measured) -> u32;

/// So many switches are listed: the newest.
const SWITCHES_MAX: usize = 6;

/// The shape in force by the decider's ledger.
pub(super) fn in_force(peek: &dyn Peek<Shape>) -> TopologyKind {
    let rules = &peek.setup().rules;
    let part = peek.agent(rules.decider);
    let ledger = part.and_then(|part| part.durable).and_then(|it| it.ledger.as_ref());
    ledger.map_or(rules.start, |it| it.shape)
}

pub(super) fn decider(peek: &dyn Peek<Shape>) -> Option<&Decider> {
    let part = peek.agent(peek.setup().rules.decider).filter(|part| !part.is_down())?;
    part.machine?.decider.as_deref()
}

/// "15 agents, 42 messages a second, 11 ms a link": the last measurement, or that of a switch.
pub(super) fn told(measured: &Measured) -> String {
    let agents = counted(measured.agents as usize, "agent");
    let (traffic, link) = (measured.traffic, span(measured.link_us));
    format!("{agents}, {traffic} messages a second, {link} a link")
}

pub(super) fn documents(peek: &dyn Peek<Shape>) -> Vec<Document> {
    let watch = peek.watch();
    let kind = sentence_case(word(in_force(peek)));
    let done = |it: &&SeenSwitch| it.ended.is_some_and(|(.., is_done)| is_done);
    let rest = match watch.switches.iter().rev().find(done) {
        Some(it) => {
            let since = it.ended.map_or(0, |(_, at_us, _)| at_us);
            format!(" since {} s: {}.", seconds(since), it.why.words())
        }
        None => ", as at the start.".to_owned(),
    };
    let name = peek.names().agent(peek.setup().rules.decider);
    let document = Document::new("shape", "Shape of the network")
        .hint(format!("as {name} measures it"))
        .block(Sentence::lead("shape-now", kind, rest))
        .block_if(measures(peek))
        .block_if(curve(peek))
        .block_if(switches(peek));
    vec![document]
}

/// Each measure beside the limits of the shapes.
fn measures(peek: &dyn Peek<Shape>) -> Option<Table> {
    let limits = peek.setup().rules.limits;
    let (_, measured) = peek.watch().course.last()?;
    let row = |name: &str, now: String, limit: String| {
        Row::new(Cell::text(name), [Cell::text(now).weight(Weight::Strong), Cell::text(limit)])
    };
    let silent = match measured.silent {
        0 => String::new(),
        silent => format!(", {silent} silent"),
    };
    let rows = vec![
        row(
            "agents",
            format!("{}{silent}", measured.agents),
            format!("{} in a mesh", limits.mesh_max),
        ),
        row(
            "messages a second",
            measured.traffic.to_string(),
            format!("{} in a star, {} in a hierarchy", limits.load_max, limits.tree_max()),
        ),
        row("busiest agent", format!("{} a second", measured.load), String::new()),
        row("one link", span(measured.link_us), String::new()),
        row(
            "a quarter around",
            span(measured.detour_us()),
            format!("{} in a ring", span(limits.detour_max_us)),
        ),
    ];
    Some(Table {
        id: "shape-measures",
        caption: "The last measurement, beside the most for each shape",
        columns: vec![
            Column::new("measure", Align::Start),
            Column::new("now", Align::End),
            Column::new("at most", Align::Start),
        ],
        rows,
        ..Table::default()
    })
}

/// Agents, messages of all, and those of the busiest over time, with a mark at each switch.
fn curve(peek: &dyn Peek<Shape>) -> Option<Curve> {
    let watch = peek.watch();
    let course = &watch.course;
    let milliseconds = |us: u64| u32::try_from(us / 1_000).unwrap_or(u32::MAX);
    let (last_us, _) = *course.last()?;
    let tick = |at: u32, text: String| Tick { at, text };
    let of: [(&str, Value, Tint); 3] = [
        ("agents", |it| it.agents, Tint::Plain),
        ("sent by all", |it| it.traffic, Tint::Accent),
        ("busiest", |it| it.load, Tint::Data),
    ];
    let points = |value: Value| course.iter().map(move |(us, it)| (milliseconds(*us), value(it)));
    let most = of.iter().flat_map(|(_, value, _)| points(*value)).map(|(_, y)| y).max()?.max(1);
    let series = of.map(|(name, value, tint)| Series {
        name: name.to_owned(),
        points: points(value).collect(),
        tint,
        is_stepped: true,
        ..Series::default()
    });
    let done = |it: &SeenSwitch| it.ended.filter(|(.., is_done)| *is_done);
    let marks = watch.switches.iter().filter_map(done).map(|(_, at_us, _)| milliseconds(at_us));
    Some(Curve {
        id: "shape-course",
        said: format!("Agents and messages a second over {}", span(last_us)),
        x_max: milliseconds(last_us).max(1),
        y_max: most,
        x_ticks: vec![tick(0, "0".to_owned()), tick(milliseconds(last_us), span(last_us))],
        y_ticks: vec![tick(0, "0".to_owned()), tick(most, most.to_string())],
        marks_x: marks.collect(),
        series: series.into(),
        ..Curve::default()
    })
}

/// The newest switches, each with its reason and its end.
fn switches(peek: &dyn Peek<Shape>) -> Option<Table> {
    let seen = &peek.watch().switches;
    let more = seen.len().saturating_sub(SWITCHES_MAX);
    let row = |it: &SeenSwitch| {
        let end = match it.ended {
            Some((_, at_us, true)) => {
                Cell::text(format!("after {}", span(at_us - it.began_us))).tint(Tint::For)
            }
            Some((_, _, false)) => Cell::text("undone").tint(Tint::Fault),
            None => Cell::text("under way"),
        };
        let mut time = Cell::text(format!("{} s", seconds(it.began_us)));
        time.press = Some(Press::Seek(it.event));
        Row { note: it.why.words(), ..Row::new(time, [Cell::text(word(it.to)), end]) }
    };
    (!seen.is_empty()).then(|| Table {
        id: "shape-switches",
        title: "Switches".to_owned(),
        caption: "Switches, newest first, each with its reason",
        columns: vec![
            Column::new("begun", Align::End),
            Column::new("to", Align::Start),
            Column::new("in force", Align::Start),
        ],
        rows: seen.iter().rev().take(SWITCHES_MAX).map(row).collect(),
        more: if more > 0 { format!("and {more} before") } else { String::new() },
        ..Table::default()
    })
}
