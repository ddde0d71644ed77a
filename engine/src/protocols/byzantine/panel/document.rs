//! A Byzantine vote as documents: who said what in which round, what exposes whom, and what it all rests on.

use serde_json::json;

use super::{Card, Evidence, Matrix, MatrixCell, MatrixRow, evidence, matrix, premises};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::picture::{tint, vote_sign};
use crate::common::figure::seconds;
use crate::common::shown::{Look, Peek, looked_at};
use crate::protocol::document::{
    Act, Align, Button, Card as Exhibit, Cards, Cell, Column, Document, Item, Level, List, Press,
    Row, Sentence, Sign, Table, Tint, Weight,
};
use crate::protocol::note::Names;
use crate::protocols::byzantine::Byzantine;
use crate::protocols::byzantine::seen::{Seen, seen};

/// So many liars are held up, with what exposes them.
const EVIDENCE: [&str; 3] = ["evidence-1", "evidence-2", "evidence-3"];

/// The knowledge of one agent in a vote among liars; nothing for another vote.
#[must_use]
pub fn documents(peek: &dyn Peek<Byzantine>, look: &Look) -> Vec<Document> {
    let Some(seen) = &looked_at(peek, look).and_then(|id| seen(peek, look, id)) else {
        return Vec::new();
    };
    let names = peek.names();
    let matrix = matrix(seen);
    let more = match matrix.more {
        0 => String::new(),
        more => format!("and {more} more like the last"),
    };
    let columns = columns(&matrix, Some("counts as"));
    let rows = matrix.rows.iter().map(|it| row(it, names, true)).collect();
    let ballots = Table { id: "matrix", columns, rows, more, ..Table::default() };
    let ballots = Document::new("ballots", "Ballots by round")
        .hint(format!("as {} sees it", names.agent(seen.viewer)))
        .block(ballots);
    let held_up = evidence(seen);
    let held_up = EVIDENCE.into_iter().zip(&held_up);
    let held_up = held_up.map(|(document, it)| exposure(document, it, (&matrix, seen), peek));
    let rests = premises(seen, names).into_iter().map(Item::from).collect();
    let rests = List { id: "premises", items: rests, ..List::default() };
    let rests = Document::new("rests-on", "What it rests on").block(rests);
    [ballots].into_iter().chain(held_up).chain([rests]).collect()
}

fn columns(matrix: &Matrix, last: Option<&str>) -> Vec<Column> {
    let agent = Column { is_spoken: true, ..Column::new("agent", Align::Start) };
    let round = |(words, is_now): &(String, bool)| Column {
        is_now: *is_now && last.is_some(),
        ..Column::new(words.as_str(), Align::Middle)
    };
    let rounds = matrix.rounds.iter().map(round);
    let last = last.map(|words| Column::new(words, Align::End));
    [agent].into_iter().chain(rounds).chain(last).collect()
}

fn row(voter: &MatrixRow, names: &dyn Names, counts: bool) -> Row {
    let signs = if voter.exposed { vec![Sign::Exposed] } else { Vec::new() };
    let head = Cell { signs, ..Cell::text(names.agent(voter.agent)) };
    let words = voter.counts_as;
    let counts_as = counts.then(|| {
        let tint = match words {
            "FOR" => Tint::For,
            "AGAINST" => Tint::Against,
            "nothing" => Tint::Liar,
            _ => Tint::Abstain,
        };
        Cell::text(words).tint(tint).weight(Weight::Strong)
    });
    let row = Row::new(head, voter.cells.iter().map(cell).chain(counts_as));
    Row { tint: if voter.exposed { Tint::Liar } else { Tint::Plain }, ..row }
}

fn cell(known: &MatrixCell) -> Cell {
    match known {
        MatrixCell::Said(votes) => {
            let words: Vec<&str> = votes.iter().map(Vote::word).collect();
            let signs = votes.iter().map(|vote| vote_sign(vote, true)).collect();
            Cell { signs, said: words.join(" and "), ..Cell::default() }
        }
        MatrixCell::Nothing => Cell::sign(Sign::Nothing, "nothing"),
        MatrixCell::NotYet => Cell::sign(Sign::Open, "not yet"),
    }
}

/// The two statements that expose an agent, and what can be done about it.
fn exposure(
    id: &'static str,
    evidence: &Evidence,
    (matrix, seen): (&Matrix, &Seen),
    peek: &dyn Peek<Byzantine>,
) -> Document {
    let names = peek.names();
    let name = names.agent(evidence.agent);
    let cards = evidence.cards.iter().map(|it| exhibit(name, it)).collect();
    let told = Table {
        id: "told",
        title: format!("What {name} itself told whom"),
        columns: columns(matrix, None),
        rows: evidence.told.iter().map(|it| row(it, names, false)).collect(),
        ..Table::default()
    };
    let is_over = seen.round > seen.rounds.in_all();
    let again = || vote_again(peek, seen);
    let vote_again = is_over.then(again).flatten().map(Press::Do);
    let exposure = evidence.exposed;
    let only = format!("Only {name} can sign for {name}, so it said both.");
    Document::new(id, format!("Evidence against {name}"))
        .hint(evidence.known_to.as_str())
        .block(Cards { id: "evidence", cards, ..Cards::default() })
        .block(Sentence::at(Level::Plain, only))
        .block_if((!told.rows.is_empty()).then_some(told))
        .block(vec![
            button("vote-again", "Remove and vote again", vote_again),
            button("show-exposure", "Show on stage", exposure.map(Press::Seek)),
        ])
}

/// The same question to the agents that are not exposed, which bear so many liars fewer.
fn vote_again(peek: &dyn Peek<Byzantine>, seen: &Seen) -> Option<Act> {
    let mut file = peek.spelled_anew(&seen.name)?;
    let exposed = seen.voters.iter().filter(|voter| voter.exposed).count() as u32;
    let honest = seen.voters.iter().filter(|voter| !voter.exposed);
    let names: Vec<&str> = honest.map(|voter| peek.names().agent(voter.agent)).collect();
    file["electorate"] = json!(names);
    file["byzantine"]["fault_tolerance"] =
        json!(seen.rounds.fault_tolerance.saturating_sub(exposed));
    file["byzantine"]["vote_again"] = json!(false);
    Some(Act::new("propose", &json!({ "proposal": file })))
}

/// It stands there, and does nothing, as long as there is nothing to do.
fn button(id: &'static str, text: &str, press: Option<Press>) -> Button {
    let disabled = press.is_none();
    let press = press.unwrap_or(Press::Seek(0));
    Button { id, text: text.to_owned(), press, disabled, is_link: false }
}

fn exhibit(name: &str, card: &Card) -> Exhibit {
    Exhibit {
        title: card.round.clone(),
        sign: Some(vote_sign(card.vote, true)),
        value: card.vote.word().to_owned(),
        lines: vec![format!("from {name}"), format!("received {}", seconds(card.received_us))],
        code: card.signature.clone(),
        tint: tint(card.vote),
        ..Exhibit::default()
    }
}
