//! All that is said of a run beside its stage, in the order in which it stands.

mod whole;

pub use whole::of_run;

use crate::common::shown::places;
use crate::order::sort_by_key;
use crate::playback::Run;
use crate::playback::cast::Cast;
use crate::playback::frame::Frame;
use crate::protocol::document::Document;
use crate::view::{property, tally};

/// Every document of a run at the instant of `frame`.
#[must_use]
pub fn documents(run: &Run, frame: &Frame) -> Vec<Document> {
    let of_rooms = run.room_documents(&frame.look);
    let has_rooms = !run.cast().pictures.titles.is_empty();
    let votes = votes(run, frame, has_rooms);
    let is_all = has_rooms && property::never_votes(frame, run.cast());
    let held = is_all.then(|| checks(run, frame)).flatten().into_iter().collect();
    let has_stages = of_rooms.iter().any(|(place, _)| *place == places::PIPELINE);
    let votes_stand = if has_stages { places::STAGES } else { places::VOTES };
    let mut all = of_rooms;
    all.extend([(votes_stand, votes), (places::CHECKS, held)]);
    sort_by_key(&mut all, |(place, _)| (u64::from(*place), 0));
    all.into_iter().flat_map(|(_, documents)| documents).collect()
}

/// The vote that is shown. Where something else is the matter, it is told of once there is one.
fn votes(run: &Run, frame: &Frame, has_rooms: bool) -> Vec<Document> {
    let is_told = frame.proposal().is_some() || !has_rooms;
    is_told.then(|| tally::document::document(run, frame)).into_iter().collect()
}

/// The properties of the run, where no vote tells of them.
fn checks(run: &Run, frame: &Frame) -> Option<Document> {
    let held = property::list(frame, run.cast());
    let has_some = !held.items.is_empty();
    has_some.then(|| Document::new("checks", "What must hold").block(held))
}

/// The first document, as a phone's tab calls it.
#[must_use]
pub fn first_name(frame: &Frame, cast: &Cast) -> &'static str {
    let title = cast.pictures.titles.first().filter(|_| property::never_votes(frame, cast));
    title.map_or("Vote", |(_, title)| title)
}

#[cfg(test)]
mod tests;
