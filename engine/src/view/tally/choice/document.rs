//! The options of a choice as bars.

use super::{OptionBar, bars as option_bars};
use crate::playback::frame::ProposalFrame;
use crate::protocol::document::{Cell, Part, Row, Sign, Table, Texture, TrackBar, Weight};

/// A bar for each option: filled what is counted, hatched what is on its way. `None` for a yes-or-no vote.
#[must_use]
pub fn bars(proposal: &ProposalFrame) -> Option<Table> {
    let rows: Vec<Row> = option_bars(proposal).into_iter().map(row).collect();
    (!rows.is_empty()).then(|| Table {
        id: "options",
        caption: "Options",
        rows,
        ..Table::default()
    })
}

fn row(bar: OptionBar) -> Row {
    let part = |permille: u64, texture| Part {
        permille: u32::try_from(permille).unwrap_or(1_000),
        texture,
        ..Part::default()
    };
    let counted = part(bar.counted_permille, Texture::Solid);
    let cast = Some(part(bar.cast_permille, Texture::Hatched)).filter(|part| part.permille > 0);
    let head = Cell {
        signs: bar.letter.chars().map(|letter| Sign::Letter { letter, counted: true }).collect(),
        weight: if bar.first { Weight::Strong } else { Weight::Plain },
        ..Cell::text(bar.name)
    };
    let cells = [
        Cell::text(bar.stands).weight(Weight::Quiet),
        Cell::text(bar.amount).weight(Weight::Strong),
    ];
    Row {
        bar: Some(TrackBar {
            parts: [counted].into_iter().chain(cast).collect(),
            limit_permille: None,
            is_track: true,
        }),
        ..Row::new(head, cells)
    }
}
