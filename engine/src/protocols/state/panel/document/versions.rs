//! Which version of each key every agent holds; a cell chooses both.

use super::super::overview::{Overview, OverviewCell};
use crate::protocol::document::{
    Align, Cell, Choice, Column, Document, Press, Row, Sentence, Table, Tint, Weight,
};
use crate::sim::AgentId;

pub(super) fn document(overview: Overview, key: u32, selected: Option<AgentId>) -> Document {
    let Overview { strong, columns, rows, more } = overview;
    let cell = |held: &OverviewCell| {
        let is_shown = held.key.0 == key && Some(held.agent) == selected;
        let sign = if held.differs { "≠ " } else { "" };
        let cell = Cell {
            hint: held.words.clone(),
            press: Some(Press::Choose(Choice {
                what: "key",
                number: held.key.0,
                agent: None,
                selects: Some(held.agent),
            })),
            chosen: is_shown,
            ..Cell::text(format!("{sign}{}", held.version))
        };
        match held.differs {
            true => cell.tint(Tint::Accent).weight(Weight::Strong),
            false => cell,
        }
    };
    let row = |(name, cells): &(String, Vec<OverviewCell>)| {
        Row::new(Cell::text(name.as_str()), cells.iter().map(cell))
    };
    let names = columns.into_iter().map(|name| Column::new(name, Align::Middle));
    let table = Table {
        id: "versions",
        columns: [Column::default()].into_iter().chain(names).collect(),
        rows: rows.iter().map(row).collect(),
        more,
        ..Table::default()
    };
    Document::new("state-versions", "Versions")
        .hint("≠ differs from the first; press one")
        .block(Sentence::lead("versions-sentence", strong, "."))
        .block(table)
}
