//! A table as text, its columns one below the other.

use super::super::{Align, Cell, Row, Table, TrackBar};
use super::one_line;
use super::pictures::{fill, stretches};

/// How wide a bar is.
const BAR_WIDTH: usize = 20;

pub(super) fn lines(table: &Table) -> Vec<String> {
    let mut lines = Vec::new();
    if !table.title.is_empty() {
        let hint = if table.hint.is_empty() { String::new() } else { format!(" ({})", table.hint) };
        lines.push(format!("{}{hint}", one_line(&table.title)));
    }
    if !table.legend.is_empty() {
        let legend = table.legend.iter();
        let legend = legend.map(|it| format!("{} {}", fill(it.tint, it.texture), it.words));
        lines.push(legend.collect::<Vec<_>>().join(", "));
    }
    let mut grid: Vec<Vec<String>> = Vec::new();
    if table.columns.iter().any(|column| !column.title.is_empty() && !column.is_spoken) {
        let title = |column: &super::super::Column| match column.is_spoken {
            true => String::new(),
            false => one_line(&column.title),
        };
        grid.push(table.columns.iter().map(title).collect());
    }
    let begin = grid.len();
    grid.extend(table.rows.iter().map(cells));
    let columns = grid.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        // A cell that fills the rest of its row says nothing about the width of its column.
        let fits = |row: &&Vec<String>| row.len() > column + 1 || row.len() == columns;
        let widths = grid.iter().filter(fits).filter_map(|row| row.get(column));
        widths.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for (place, row) in grid.iter().enumerate() {
        let padded = row.iter().zip(&widths).zip(0..).map(|((cell, width), column)| {
            match table.columns.get(column).map(|it| it.align) {
                Some(Align::End) => format!("{cell:>width$}"),
                Some(Align::Start | Align::Middle) | None => format!("{cell:width$}"),
            }
        });
        lines.push(padded.collect::<Vec<_>>().join("  "));
        let below = place.checked_sub(begin).and_then(|place| table.rows.get(place));
        lines.extend(below.into_iter().flat_map(notes));
    }
    if !table.more.is_empty() {
        lines.push(one_line(&table.more));
    }
    lines
}

fn cells(row: &Row) -> Vec<String> {
    let inner = if row.is_inner { "  " } else { "" };
    let head = format!("{inner}{}", cell(&row.head));
    [head].into_iter().chain(row.cells.iter().map(cell)).collect()
}

/// The lines below a row.
fn notes(row: &Row) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(bar) = &row.bar {
        notes.push(format!("  {}", track(bar)));
    }
    let told = [&row.note, &row.trouble].into_iter().filter(|it| !it.is_empty());
    let told = told.map(|it| one_line(it)).collect::<Vec<_>>().join("; ");
    if !told.is_empty() {
        notes.push(format!("  {told}"));
    }
    notes
}

fn cell(cell: &Cell) -> String {
    let mut parts = Vec::new();
    if let Some(bar) = &cell.bar {
        parts.push(track(bar));
    }
    // Signs that are said in words are told in words.
    if !cell.signs.is_empty() && cell.said.is_empty() {
        parts.push(cell.signs.iter().map(|sign| sign.letter()).collect());
    }
    let texts = [&cell.text, &cell.said].into_iter().filter(|text| !text.is_empty());
    parts.extend(texts.map(|text| one_line(text)));
    let text = parts.join(" ");
    match cell.second.as_str() {
        "" => text,
        second => format!("{text}, {}", one_line(second)),
    }
}

/// A bar, and what its parts say.
fn track(bar: &TrackBar) -> String {
    let parts = bar.parts.iter().map(|part| (u64::from(part.permille), part.tint, part.texture));
    let mut drawn = stretches(parts, 1_000, BAR_WIDTH);
    let missing = BAR_WIDTH.saturating_sub(drawn.chars().count());
    drawn.extend(core::iter::repeat_n(if bar.is_track { '·' } else { ' ' }, missing));
    let labels = bar.parts.iter().map(|part| part.label.as_str()).filter(|it| !it.is_empty());
    let labels = labels.collect::<Vec<_>>().join(" + ");
    if labels.is_empty() { drawn } else { format!("{drawn} {labels}") }
}
