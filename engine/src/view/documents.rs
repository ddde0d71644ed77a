//! All that is said of a run beside its stage, in the order in which it stands.

mod whole;

pub use whole::of_run;

use crate::playback::frame::state::StateFrame;
use crate::playback::frame::{Cast, Frame};
use crate::playback::{Run, rooms};
use crate::protocol::document::Document;
use crate::sim::AgentId;
use crate::view::{byzantine, gossip, pipeline, property, state, tally, work};

/// What of a run a person looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub work: work::Look,
    /// The way to resolve that is looked at, instead of the one that is used.
    pub resolver: Option<u32>,
}

/// Every document of a run at the instant of `frame`.
#[must_use]
pub fn documents(run: &Run, frame: &Frame, look: Look) -> Vec<Document> {
    let of_rooms = run.room_documents();
    let votes = votes(run, frame, look.work.selected, !of_rooms.is_empty());
    // What a vote was about is nothing to look at until something is written.
    let is_written = frame.state.as_ref().is_some_and(StateFrame::is_written);
    let kept = if frame.proposal().is_none() || is_written {
        state::document::documents(run, frame, look.work.selected, look.resolver)
    } else {
        Vec::new()
    };
    let mut work = work::document::documents(run, frame, look.work);
    if (!work.is_empty() || !of_rooms.is_empty()) && property::never_votes(frame, run.cast()) {
        work.extend(checks(run, frame));
    }
    // A pipeline comes before what follows from it; work before what is kept of it; that before a vote on it.
    let has_pipeline = !frame.pipeline.is_empty();
    let rooms = match (work.is_empty(), has_pipeline) {
        (false, false) => [work, votes, kept],
        (true, false) => [kept, votes, work],
        (_, true) => [votes, kept, work],
    };
    of_rooms.into_iter().chain(rooms.into_iter().flatten()).collect()
}

/// The vote that is shown. Where something else is the matter, it is told of once there is one.
fn votes(run: &Run, frame: &Frame, selected: Option<AgentId>, has_rooms: bool) -> Vec<Document> {
    let cast = run.cast();
    let proposal = frame.proposal();
    let is_about_more = frame.state.is_some() || frame.work.is_some() || has_rooms;
    let mut documents: Vec<Document> = pipeline::document::document(frame).into_iter().collect();
    if proposal.is_some() || !is_about_more {
        documents.push(tally::document::document(frame, cast, selected));
    }
    if let Some(proposal) = proposal {
        documents.extend(byzantine::document::documents(proposal, cast));
        documents.extend(gossip::document::documents(proposal));
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
    let never_votes = property::never_votes(frame, cast);
    if let Some(title) = rooms::first_title(&cast.rooms) {
        return title;
    }
    match (&frame.work, &frame.state) {
        (Some(_), _) if never_votes => "Work",
        (_, Some(_)) if never_votes => "State",
        _ => "Vote",
    }
}

#[cfg(test)]
mod tests;
