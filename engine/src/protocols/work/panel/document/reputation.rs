//! How reputations have changed, on their tiers, and who leads.

use crate::common::figure::shortened;
use crate::protocol::document::{
    Align, Band, Cell, Column, Curve, Document, Row, Series, Table, Tint, Weight,
};
use crate::protocols::work::panel::reputation::{Line, ReputationRow, Reputations};

/// A name at the end of its line may be so long.
const NAME_MAX: usize = 10;

/// So that lines are told apart by their colours too.
const TINTS: [Tint; 4] = [Tint::Accent, Tint::Plain, Tint::Data, Tint::For];

/// Nothing where nobody has a reputation.
pub(super) fn document(seen: &Reputations) -> Option<Document> {
    if seen.rows.is_empty() {
        return None;
    }
    let hint =
        if seen.outcomes == 0 { "nothing has changed it yet" } else { "by outcome, with tiers" };
    let row = |it: &ReputationRow| {
        let cells = [
            Cell::text(it.tier),
            Cell::text(it.change.as_str()),
            Cell::text(it.score.to_string()).weight(Weight::Strong),
        ];
        Row::new(Cell::text(it.name.as_str()), cells)
    };
    let columns = [
        Column::new("agent", Align::Start),
        Column::new("tier", Align::Start),
        Column::new("outcomes", Align::End),
        Column::new("score", Align::End),
    ];
    let table = Table {
        id: "reputations",
        columns: columns.into(),
        rows: seen.rows.iter().map(row).collect(),
        more: if seen.more > 0 { format!("and {} lower", seen.more) } else { String::new() },
        ..Table::default()
    };
    let document = Document::new("work-reputation", "Reputation").hint(hint);
    Some(document.block_if(curve(seen)).block(table))
}

fn curve(seen: &Reputations) -> Option<Curve> {
    let (_, _, most) = seen.bands.first()?;
    let (_, least, _) = seen.bands.last()?;
    let band = |(name, y_low, y_high): &(&'static str, u32, u32)| Band {
        name,
        y_low: *y_low,
        y_high: *y_high,
    };
    let series = |(place, line): (usize, &Line)| {
        let score = line.steps.last().map_or(0, |(_, score)| *score);
        let points = line.steps.iter().map(|(outcome, score)| (*outcome as u32, *score));
        Series {
            name: format!("{} {score}", shortened(&line.name, NAME_MAX)),
            points: points.collect(),
            tint: TINTS.get(place).copied().unwrap_or_default(),
            is_stepped: true,
            ..Series::default()
        }
    };
    Some(Curve {
        id: "reputation-lines",
        x_max: seen.outcomes.max(1) as u32,
        y_min: *least,
        y_max: *most,
        bands: seen.bands.iter().map(band).collect(),
        series: seen.lines.iter().enumerate().map(series).collect(),
        ..Curve::default()
    })
}
