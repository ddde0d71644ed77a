//! The vote of each agent and the outcome that it holds now: on the page the stage shows them.

use super::lamp_words;
use super::lamps::LAMPS_MAX;
use crate::common::consensus::quorum::Decision;
use crate::playback::cast::Cast;
use crate::playback::frame::{ElectorFrame, ProposalFrame};
use crate::protocol::document::{Cell, Document, Row, Table, Tint};

/// Agent by agent; nothing for a crowd.
#[must_use]
pub fn document(proposal: &ProposalFrame, cast: &Cast) -> Option<Document> {
    if proposal.electors.len() > LAMPS_MAX {
        return None;
    }
    let row = |elector: &ElectorFrame| {
        let holds = if proposal.liars.contains(&elector.agent) {
            Cell::text("lies").tint(Tint::Liar)
        } else {
            let outcome = elector.outcome.map_or("none", Decision::word);
            Cell::text(format!("holds {outcome}"))
        };
        Row::new(
            Cell::text(cast.name(elector.agent)),
            [Cell::text(lamp_words(elector.lamp)), holds],
        )
    };
    let rows = proposal.electors.iter().map(row).collect();
    let table = Table { id: "outcomes", caption: "Outcomes", rows, ..Table::default() };
    Some(Document::new("who-holds", "Who holds what").block(table))
}
