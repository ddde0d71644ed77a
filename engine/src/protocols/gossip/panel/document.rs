//! A gossip as documents: how far it has come beside what the textbook says, and how much of what is told is news.

use super::{Curve as Spread, News, curve, in_step, manner, news};
use crate::common::shown::{Look, Peek, looked_at};
use crate::protocol::document::{
    Align, Cell, Column, Curve, Document, Level, List, Part, Row, Sentence, Series, Table, Texture,
    Tick, Tint, TrackBar, Weight,
};
use crate::protocols::gossip::Gossiping;
use crate::protocols::gossip::seen::{Seen, seen};

/// More rounds ahead than this say nothing.
const AHEAD_MAX: u32 = 2;

/// Nothing of another vote.
#[must_use]
pub fn documents(peek: &dyn Peek<Gossiping>, look: &Look) -> Vec<Document> {
    let Some(gossip) = &looked_at(peek, look).and_then(|id| seen(peek, id)) else {
        return Vec::new();
    };
    let spread = spread(gossip);
    [spread].into_iter().chain(news(gossip).map(told)).collect()
}

fn spread(gossip: &Seen) -> Document {
    let Spread { title, hint, real, textbook, converged_in, words, note, named } = curve(gossip);
    let line = |points: Vec<u32>| (0..).zip(points).collect();
    let tick = |at: u32, text: String| Tick { at, text };
    let picture = Curve {
        id: "spread",
        said: String::new(),
        x_max: u32::try_from(textbook.len()).unwrap_or(u32::MAX).saturating_sub(1).max(1),
        y_min: 0,
        y_max: 1_000,
        x_ticks: named.into_iter().map(|round| tick(round as u32, round.to_string())).collect(),
        y_ticks: [0, 500, 1_000].map(|at| tick(at, (at / 10).to_string())).into(),
        bands: Vec::new(),
        marks_x: converged_in.into_iter().collect(),
        series: vec![
            Series { points: line(textbook), is_model: true, ..Series::default() },
            Series { points: line(real), tint: Tint::Accent, has_dots: true, ..Series::default() },
        ],
    };
    let rests = List { id: "in-step", items: vec![in_step(gossip).into()], ..List::default() };
    Document::new("gossip", title)
        .hint(hint)
        .block(picture)
        .block(Sentence::at(Level::Plain, words).id("curve-words"))
        .block(Sentence::at(Level::Quiet, note))
        .block(Sentence::at(Level::Quiet, manner(gossip)))
        .block(rests)
}

/// A bar for each round.
fn told(news: News) -> Document {
    let bar = |part| TrackBar { parts: vec![part], limit_permille: None, is_track: true };
    let rounds = (news.first..).zip(&news.rounds).map(|(round, (percent, ballots))| {
        let part = Part { permille: percent * 10, tint: Tint::News, ..Part::default() };
        let cells = [
            Cell::bar(bar(part)),
            Cell::text(format!("{percent} %")).weight(Weight::Strong),
            Cell::text(ballots.to_string()),
        ];
        Row::new(Cell::text(round.to_string()), cells)
    });
    let last = news.first + u32::try_from(news.rounds.len()).unwrap_or(u32::MAX);
    let ahead = (last..).take(news.ahead.min(AHEAD_MAX) as usize).map(|round| {
        let part = Part { permille: 1_000, texture: Texture::Dotted, ..Part::default() };
        let empty = TrackBar { is_track: false, ..bar(part) };
        Row::new(
            Cell::text(round.to_string()),
            [Cell::bar(empty), Cell::default(), Cell::default()],
        )
    });
    let table = Table {
        id: "news",
        columns: vec![
            Column::new("round", Align::Start),
            Column::default(),
            Column::new("news", Align::End),
            Column::new("ballots", Align::End),
        ],
        rows: rounds.chain(ahead).collect(),
        ..Table::default()
    };
    Document::new("news-of", "New ballots per round")
        .hint("messages with news")
        .block(table)
        .block(Sentence::at(Level::Plain, news.words).id("news-words"))
}
