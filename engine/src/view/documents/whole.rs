//! A run as a whole, for those who read it from top to bottom: each vote, each key and each task.

use super::checks;
use crate::common::shown::places;
use crate::playback::Run;
use crate::playback::frame::Frame;
use crate::protocol::document::{Choice, Document};
use crate::view::{statistics, tally};

/// So many votes are told of one by one.
const EACH_MAX: usize = 12;

/// Every document of a run at the instant at which it stands.
#[must_use]
pub fn of_run(run: &Run) -> Vec<Document> {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    // The subject of votes is told after them.
    let (before, after): (Vec<_>, Vec<_>) =
        run.whole_documents().into_iter().partition(|(place, _)| *place <= places::USUAL);
    let told = |it: Vec<(u8, Vec<Document>)>| it.into_iter().flat_map(|(_, documents)| documents);
    let mut documents: Vec<Document> = told(before).collect();
    let has_rooms = !run.cast().pictures.titles.is_empty();
    documents.extend(votes(run, &mut frame, has_rooms));
    documents.extend(told(after));
    let held = checks(run, &frame);
    documents.extend(held.map(|mut document| {
        document.blocks.extend(statistics::document::blocks(&frame.statistics));
        document
    }));
    documents
}

fn choose(frame: &mut Frame, what: &'static str, number: u32) {
    frame.look.choose(Choice::new(what, number));
}

fn votes(run: &Run, frame: &mut Frame, has_rooms: bool) -> Vec<Document> {
    let ids: Vec<_> = frame.proposals.iter().map(|proposal| proposal.id).take(EACH_MAX).collect();
    let cast = run.cast();
    if ids.is_empty() && !has_rooms {
        return vec![tally::document::vote(run, frame)];
    }
    let mut documents = Vec::new();
    for id in ids {
        choose(frame, "proposal", id);
        run.frame(frame);
        let Some(proposal) = frame.proposal() else { continue };
        let vote = tally::document::vote(run, frame);
        let hint = format!("{}, {}", proposal.terms.name, vote.hint);
        documents.push(vote.hint(hint));
        let about_it = run.room_documents(&frame.look).into_iter();
        let about_it = about_it.filter(|(place, _)| *place == places::AFTER_VOTES);
        documents.extend(about_it.flat_map(|(_, documents)| documents));
        documents.extend(tally::outcomes::document(proposal, cast));
    }
    documents
}
