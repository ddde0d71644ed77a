//! A Byzantine vote as documents: who said what in which round, what exposes whom, and what it all rests on.

use serde_json::json;

use super::{
    Card, Cell as Known, Evidence, Matrix, Premise, Row as Voter, again, evidence, matrix, premises,
};
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::figure::seconds;
use crate::playback::Run;
use crate::playback::frame::byzantine::ByzantineFrame;
use crate::playback::frame::{Cast, Frame};
use crate::protocol::document::{
    Act, Align, Button, Card as Exhibit, Cards, Cell, Column, Document, Item, Level, List, Press,
    Row, Sentence, Sign, Table, Tint, Weight,
};
use crate::view::tally::{tint, vote_sign};

/// So many liars are held up, with what exposes them.
const EVIDENCE: [&str; 3] = ["evidence-1", "evidence-2", "evidence-3"];

/// What one agent knows of a vote among liars; nothing of another vote.
#[must_use]
pub fn documents(run: &Run, frame: &Frame) -> Vec<Document> {
    let seen = frame.proposal().and_then(|proposal| proposal.byzantine.as_ref());
    let (Some(seen), cast) = (seen, run.cast()) else { return Vec::new() };
    let matrix = matrix(seen);
    let more = match matrix.more {
        0 => String::new(),
        more => format!("and {more} more like the last"),
    };
    let columns = columns(&matrix, Some("counts as"));
    let rows = matrix.rows.iter().map(|it| row(it, cast, true)).collect();
    let ballots = Table { id: "matrix", columns, rows, more, ..Table::default() };
    let ballots = Document::new("ballots", "Ballots by round")
        .hint(format!("as {} sees it", cast.name(seen.viewer)))
        .block(ballots);
    let held_up = evidence(seen);
    let held_up = EVIDENCE.into_iter().zip(&held_up);
    let held_up = held_up.map(|(id, it)| exposure(id, it, (&matrix, seen), run, frame));
    let rests = premises(seen, cast).into_iter().map(item).collect();
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

fn row(voter: &Voter, cast: &Cast, counts: bool) -> Row {
    let signs = if voter.exposed { vec![Sign::Exposed] } else { Vec::new() };
    let head = Cell { signs, ..Cell::text(cast.name(voter.agent)) };
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

fn cell(known: &Known) -> Cell {
    match known {
        Known::Said(votes) => {
            let words: Vec<&str> = votes.iter().map(Vote::word).collect();
            let signs = votes.iter().map(|vote| vote_sign(vote, true)).collect();
            Cell { signs, said: words.join(" and "), ..Cell::default() }
        }
        Known::Nothing => Cell::sign(Sign::Nothing, "nothing"),
        Known::NotYet => Cell::sign(Sign::Open, "not yet"),
    }
}

/// The two statements that expose an agent, and what can be done about it.
fn exposure(
    id: &'static str,
    evidence: &Evidence,
    (matrix, seen): (&Matrix, &ByzantineFrame),
    run: &Run,
    frame: &Frame,
) -> Document {
    let cast = run.cast();
    let (agent, name) = (evidence.agent, cast.name(evidence.agent));
    let cards = evidence.cards.iter().map(|it| exhibit(name, it)).collect();
    let told = Table {
        id: "told",
        title: format!("What {name} itself told whom"),
        columns: columns(matrix, None),
        rows: evidence.told.iter().map(|it| row(it, cast, false)).collect(),
        ..Table::default()
    };
    let is_over = seen.round > seen.rounds.in_all();
    let again = || Some(Act::new("propose", &json!({ "proposal": again::proposal(run, frame)? })));
    let vote_again = is_over.then(again).flatten().map(Press::Do);
    let exposure = again::exposure(run, frame, agent);
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

/// Something that is taken for granted, and whether it holds.
#[must_use]
pub fn item(Premise { text, holds, event }: Premise) -> Item {
    Item {
        id: if holds { "premise" } else { "broken-premise" }.to_owned(),
        sign: Some(if holds { Sign::Holds } else { Sign::Violated }),
        text,
        said: if holds { "holds" } else { "does not hold" },
        status: if holds { "holds" } else { "violated" },
        tint: if holds { Tint::Plain } else { Tint::Fault },
        press: event.map(Press::Seek),
        ..Item::default()
    }
}
