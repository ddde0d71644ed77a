//! Who was given how much: one agent after the other, or, of many, the number of agents by how much they were given.

use std::collections::BTreeMap;

use super::track;
use crate::protocol::document::{
    Cell, Document, Legend, Row, Sentence, Table, Texture, Tint, Weight,
};
use crate::protocol::words::counted;
use crate::protocols::work::panel::shares::{Share, Shares};

/// So many agents are told of one by one.
const EACH_MAX: usize = 16;

pub(super) fn document(shares: &Shares) -> Document {
    let (strong, rest) = shares.lead();
    let is_short = shares.rows.len() <= EACH_MAX;
    let (_, most) = shares.ends();
    let rows = if is_short { each(shares, most) } else { counted_rows(shares) };
    let looks = [("done", Texture::Solid), ("open", Texture::Pale), ("failed", Texture::Hatched)];
    let legend = looks.into_iter().filter(|_| is_short).map(|(words, texture)| Legend {
        tint: Tint::Accent,
        texture,
        words: words.to_owned(),
    });
    let caption = if is_short { "Parts by agent" } else { "Agents by the number of parts" };
    Document::new("work-shares", "Shares")
        .hint("who was given how much")
        .block(Sentence::lead("share", strong, rest))
        .block(Table { id: "shares", caption, legend: legend.collect(), rows, ..Table::default() })
}

fn each(shares: &Shares, most: u32) -> Vec<Row> {
    let row = |(name, share): &(String, Share)| {
        let looks = [
            (share.done, Texture::Solid),
            (share.open, Texture::Pale),
            (share.failed, Texture::Hatched),
        ];
        let parts = looks.into_iter();
        let count = Cell::text(share.all().to_string()).weight(Weight::Strong);
        Row::new(Cell::text(name.as_str()), [share_bar(parts, most), count])
    };
    shares.rows.iter().map(row).collect()
}

/// The number of agents by how many parts each was given, from the least on.
fn counted_rows(shares: &Shares) -> Vec<Row> {
    let mut agents: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, share) in &shares.rows {
        *agents.entry(share.all()).or_default() += 1;
    }
    let most = agents.values().copied().max().unwrap_or_default();
    let row = |(parts, agents): (u32, u32)| {
        let head = Cell::text(counted(parts as usize, "part"));
        let count = Cell::text(counted(agents as usize, "agent")).weight(Weight::Strong);
        Row::new(head, [share_bar([(agents, Texture::Solid)].into_iter(), most), count])
    };
    agents.into_iter().map(row).collect()
}

fn share_bar(parts: impl Iterator<Item = (u32, Texture)>, most: u32) -> Cell {
    track(parts.map(|(count, texture)| {
        (u64::from(count) * 1_000 / u64::from(most.max(1)), (Tint::Accent, texture))
    }))
}
