//! A choice by a rule: the sentence that says why, and the merits of those who could take the task as bars.

use super::track;
use crate::protocol::document::{
    Cell, Document, Legend, Row, Sentence, Table, Texture, Tint, Weight,
};
use crate::protocols::work::assign::Merit;
use crate::protocols::work::panel::choice::Chosen;

/// How the parts of the points look: load, capability, past, distance.
const LOOKS: [(Tint, Texture); 4] = [
    (Tint::Accent, Texture::Solid),
    (Tint::Data, Texture::Solid),
    (Tint::Plain, Texture::Pale),
    (Tint::Plain, Texture::Hatched),
];

pub(super) fn document(chosen: &Chosen) -> Document {
    let has_points = chosen.rows.iter().any(|(_, merit)| merit.parts().is_some());
    let named = chosen.weights.named().into_iter().zip(LOOKS);
    let legend = named.filter(|_| has_points).map(|((name, _), (tint, texture))| Legend {
        tint,
        texture,
        words: name.to_owned(),
    });
    let rows = chosen.rows.iter().enumerate().map(|(place, (name, merit))| {
        let weight = if place == 0 { Weight::Strong } else { Weight::Plain };
        let bar = match merit {
            Merit::Points(parts) => track(parts.iter().map(|it| *it / 100).zip(LOOKS)),
            Merit::Load { load, capacity } | Merit::Fit { load, capacity, .. } => {
                let permille = u64::from(*load) * 1_000;
                track([(permille / u64::from((*capacity).max(1)), LOOKS[0])].into_iter())
            }
            _ => Cell::default(),
        };
        Row::new(Cell::text(name.as_str()).weight(weight), [bar, Cell::text(merit.words())])
    });
    let more = (chosen.more > 0).then(|| {
        let words = format!("and {} more", chosen.more);
        Row::new(Cell::text(words).weight(Weight::Quiet).wide(), [])
    });
    let table = Table {
        id: "choices",
        caption: "Those who could take it, the best first",
        legend: legend.collect(),
        rows: rows.chain(more).collect(),
        ..Table::default()
    };
    Document::new("work-choice", "Why this agent")
        .hint(chosen.rule.as_str())
        .block(Sentence::lead("choice", chosen.strong.as_str(), chosen.rest.as_str()))
        .block_if((!table.rows.is_empty()).then_some(table))
}
