//! A merge as it would be now: three ways, and the steps of one.

use super::super::steps::{ClockEntry, Step};
use super::super::{Outcome, StateView};
use crate::protocol::document::{
    Act, Align, Block, Button, Card, CardLayout, Cards, Cell, Column, Document, Item, List,
    ListLayout, Press, Row, Table, Weight,
};
use crate::protocols::state::resolve::Strategy;

/// Nothing of what is never merged. `resolver` is looked at, or else the way that is used.
pub(super) fn document(view: &StateView, resolver: Option<u32>) -> Option<Document> {
    if view.outcomes.is_empty() {
        return None;
    }
    let is_shown = |outcome: &Outcome| match resolver {
        Some(number) => outcome.strategy as u32 == number,
        None => outcome.used,
    };
    let card = |outcome: &Outcome| Card {
        title: outcome.title.to_owned(),
        value: outcome.value.clone(),
        lines: vec![outcome.words.clone()],
        is_loss: outcome.loses,
        press: Some(Press::choose("resolver", outcome.strategy as u32)),
        chosen: is_shown(outcome),
        ..Card::default()
    };
    let cards = view.outcomes.iter().map(card).collect();
    let mut document = Document::new("state-merge", "If they merged now").block(Cards {
        id: "outcomes",
        layout: CardLayout::Stacked,
        cards,
    });
    let Some(shown) = view.outcomes.iter().find(|it| is_shown(it)) else { return Some(document) };
    document.blocks.extend(steps(&shown.steps));
    if !shown.used {
        let title = shown.title.to_ascii_lowercase();
        document = document.block(vec![Button {
            id: "use-strategy",
            text: format!("Resolve by {title} from now on"),
            press: Press::Do(resolve_by(&view.name, shown.strategy)),
            disabled: false,
            is_link: false,
        }]);
    }
    Some(document)
}

/// From now on the key is resolved like this.
fn resolve_by(key: &str, strategy: Strategy) -> Act {
    Act::new("set_strategy", &serde_json::json!({ "keys": [key], "strategy": strategy.name() }))
}

/// The steps, numbered; entries of counters as tables between them.
fn steps(steps: &[Step]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut first = 1;
    let mut items = Vec::new();
    let tell = |items: &mut Vec<Item>, first: u32, blocks: &mut Vec<Block>| {
        let title = if first == 1 { "Step by step" } else { "" };
        let layout = ListLayout::Numbered(first);
        let items = core::mem::take(items);
        blocks.push(List { id: "steps", title, layout, items, ..List::default() }.into());
    };
    for (number, step) in (1..).zip(steps) {
        items.push(Item::new(step.text.as_str()));
        if !step.entries.is_empty() {
            tell(&mut items, first, &mut blocks);
            blocks.push(entries(step).into());
            first = number + 1;
        }
    }
    if !items.is_empty() {
        tell(&mut items, first, &mut blocks);
    }
    blocks
}

fn entries(step: &Step) -> Table {
    let names = step.columns.iter().map(|name| Column::new(name.as_str(), Align::End));
    let columns = [Column::new("entry of", Align::Start)].into_iter().chain(names);
    let row = |entry: &ClockEntry| {
        let held = entry.held.iter().map(|held| Cell::text(held.as_str()));
        let keeps = Cell::text(entry.keeps.as_str()).weight(Weight::Strong);
        Row::new(Cell::text(entry.of.as_str()), held.chain([keeps]))
    };
    Table {
        id: "entries",
        columns: columns.chain([Column::new("keeps", Align::End)]).collect(),
        rows: step.entries.iter().map(row).collect(),
        ..Table::default()
    }
}
