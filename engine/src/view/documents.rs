//! All that is said of a run beside its stage, in the order in which it stands.

mod whole;

pub use whole::of_run;

use crate::coordination::shown::places;
use crate::playback::Run;
use crate::playback::frame::state::StateFrame;
use crate::playback::frame::{Cast, Frame};
use crate::protocol::document::Document;
use crate::view::{property, state, tally};

/// Every document of a run at the instant of `frame`.
#[must_use]
pub fn documents(run: &Run, frame: &Frame) -> Vec<Document> {
    let (look, of_rooms) = (&frame.look, run.room_documents(&frame.look));
    let votes = votes(run, frame, !run.cast().pictures.titles.is_empty());
    // What a vote was about is nothing to look at until something is written.
    let is_written = frame.state.as_ref().is_some_and(StateFrame::is_written);
    let kept = if frame.proposal().is_none() || is_written {
        state::document::documents(run, frame, look)
    } else {
        Vec::new()
    };
    let mut held = Vec::new();
    if !run.cast().pictures.titles.is_empty() && property::never_votes(frame, run.cast()) {
        held.extend(checks(run, frame));
    }
    let has_stages = of_rooms.iter().any(|(place, _)| *place == places::PIPELINE);
    let votes_stand = if has_stages { places::STAGES } else { places::VOTES };
    let mut all = of_rooms;
    all.extend([(places::WORK, held), (places::STATE, kept), (votes_stand, votes)]);
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().flat_map(|(_, documents)| documents).collect()
}

/// The vote that is shown. Where something else is the matter, it is told of once there is one.
fn votes(run: &Run, frame: &Frame, has_rooms: bool) -> Vec<Document> {
    let proposal = frame.proposal();
    let is_about_more = frame.state.is_some() || has_rooms;
    let mut documents = Vec::new();
    if proposal.is_some() || !is_about_more {
        documents.push(tally::document::document(run, frame));
    }
    documents
}

/// What must hold, where no vote tells of it.
fn checks(run: &Run, frame: &Frame) -> Option<Document> {
    let held = property::list(frame, run.cast());
    let has_some = !held.items.is_empty();
    has_some.then(|| Document::new("checks", "What must hold").block(held))
}

/// What comes first, as a phone's tab calls it.
#[must_use]
pub fn first_name(frame: &Frame, cast: &Cast) -> &'static str {
    let title = cast.pictures.titles.first().filter(|_| property::never_votes(frame, cast));
    title.map_or("Vote", |(_, title)| title)
}

#[cfg(test)]
mod tests;
