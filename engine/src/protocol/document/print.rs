//! A document as text, for the command line and for tests: what it says, without colours and buttons.

mod pictures;
mod table;

use std::fmt;

use super::{
    Block, Card, Cards, Document, Fact, Item, Lamp, LampLayout, Lamps, Level, List, ListLayout,
    Sentence,
};

/// As many signs as stand in a line.
const LINE_SIGNS: usize = 60;

impl fmt::Display for Document {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        if !self.title.is_empty() {
            text += &one_line(&self.title);
            if !self.hint.is_empty() {
                text += &format!(" ({})", one_line(&self.hint));
            }
            text.push('\n');
        }
        for block in &self.blocks {
            for line in lines(block) {
                text += &format!("  {}", line.trim_end());
                text.push('\n');
            }
        }
        to.write_str(&text)
    }
}

/// A text of a person could have lines of its own, which would pass for ours.
pub(super) fn one_line(text: &str) -> String {
    let spelled = |c: char| match c {
        '\n' | '\r' => c.escape_default().to_string(),
        _ => c.to_string(),
    };
    text.chars().map(spelled).collect()
}

/// The text of a block, line by line. Controls have none: they lead to another document.
fn lines(block: &Block) -> Vec<String> {
    match block {
        Block::Sentence(sentence) => self::sentence(sentence),
        Block::Facts(facts) => self::facts(facts),
        Block::List(list) => self::list(list),
        Block::Bar(bar) => pictures::bar(bar),
        Block::Lamps(lamps) => self::lamps(lamps),
        Block::Table(table) => table::lines(table),
        Block::Curve(curve) => pictures::curve(curve),
        Block::Lanes(lanes) => pictures::lanes(lanes),
        Block::Cards(cards) => self::cards(cards),
        Block::Graph(graph) => pictures::graph(graph),
        Block::Form(_) | Block::Picker(_) | Block::Buttons(_) => Vec::new(),
    }
}

fn sentence(sentence: &Sentence) -> Vec<String> {
    let Sentence { strong, rest, level, .. } = sentence;
    let text = one_line(&format!("{strong}{rest}"));
    if *level == Level::Spoken || text.is_empty() { Vec::new() } else { vec![text] }
}

fn facts(facts: &[Fact]) -> Vec<String> {
    let width = facts.iter().map(|fact| fact.label.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for fact in facts {
        for (place, line) in fact.lines.iter().enumerate() {
            let label = if place == 0 { fact.label } else { "" };
            lines.push(format!("{label:width$}  {}", one_line(line)));
        }
    }
    lines
}

fn list(list: &List) -> Vec<String> {
    if list.layout == ListLayout::Grid {
        let signs: Vec<char> =
            list.items.iter().filter_map(|item| item.sign).map(super::Sign::letter).collect();
        return signs.chunks(LINE_SIGNS).map(|line| line.iter().collect()).collect();
    }
    let in_columns = matches!(list.layout, ListLayout::Rows | ListLayout::Chain);
    let longest = list.items.iter().map(|item| item.text.chars().count()).max().unwrap_or(0);
    let width = if in_columns { longest } else { 0 };
    let line = |(place, item): (usize, &Item)| {
        let start = match (list.layout, item.sign) {
            (ListLayout::Numbered(first), _) => format!("{}. ", first as usize + place),
            (_, Some(sign)) => format!("{} ", sign.letter()),
            _ => String::new(),
        };
        let count = item.count.map_or_else(String::new, |count| format!("{count} "));
        let text = one_line(&item.text);
        let said = if item.said.is_empty() { String::new() } else { format!(": {}", item.said) };
        let gap = if item.note.is_empty() { "" } else { "  " };
        format!("{start}{count}{text:width$}{said}{gap}{}", one_line(&item.note))
    };
    list.items.iter().enumerate().map(line).collect()
}

fn lamps(lamps: &Lamps) -> Vec<String> {
    if lamps.layout == LampLayout::Field {
        let signs: Vec<char> = lamps.lamps.iter().map(|lamp| lamp.sign.letter()).collect();
        return signs.chunks(LINE_SIGNS).map(|line| line.iter().collect()).collect();
    }
    let width = lamps.lamps.iter().map(|lamp| lamp.name.chars().count()).max().unwrap_or(0);
    let line = |lamp: &Lamp| {
        format!("{} {:width$}  {}", lamp.sign.letter(), one_line(&lamp.name), one_line(&lamp.said))
    };
    lamps.lamps.iter().map(line).collect()
}

fn cards(cards: &Cards) -> Vec<String> {
    let line = |card: &Card| {
        let Card { title, value, lines, code, .. } = card;
        let mut text = format!("{}: {}", one_line(title), one_line(value));
        for part in lines.iter().chain([code]).filter(|part| !part.is_empty()) {
            text += &format!(", {}", one_line(part));
        }
        text
    };
    cards.cards.iter().map(line).collect()
}
