//! The results of all proposals, as blocks below a vote.

use super::{FiguresRow, statistics};
use crate::common::consensus::manager::Statistics;
use crate::protocol::document::{Block, Cell, Level, Row, Sentence, Table, Weight};

/// A sentence, and a table where there are several algorithms; nothing for fewer than two proposals.
#[must_use]
pub fn blocks(of: &Statistics) -> Vec<Block> {
    let Some(view) = statistics(of) else { return Vec::new() };
    let mut blocks = vec![Sentence::at(Level::Plain, view.sentence).id("statistics").into()];
    if !view.rows.is_empty() {
        let rows = view.rows.into_iter().map(row).collect();
        let caption = "Proposals by algorithm";
        blocks.push(Table { id: "algorithms", caption, rows, ..Table::default() }.into());
    }
    blocks
}

fn row(FiguresRow { algorithm, became, average }: FiguresRow) -> Row {
    let cells = [Cell::text(became), Cell::text(average).weight(Weight::Quiet)];
    Row::new(Cell::text(algorithm), cells)
}
