//! Properties that must hold: what each says, and how all of them stand.

use crate::common::consensus::property::PROPERTIES;
use crate::playback::cast::Cast;
use crate::playback::frame::Frame;
use crate::playback::rooms;
use crate::protocol::document::{Item, List, ListLayout, Press, Sign, Tint};
use crate::sim::{Property, PropertyStatus};

/// Nothing is put to the vote, nor is it planned.
#[must_use]
pub fn never_votes(frame: &Frame, cast: &Cast) -> bool {
    frame.proposals.is_empty() && !cast.has_proposals
}

/// Every property and whether it holds. Where nobody votes, the properties of votes are never reached, and
/// not told.
#[must_use]
pub fn list(frame: &Frame, cast: &Cast) -> List {
    let never_votes = never_votes(frame, cast);
    let is_told = |it: &&Property| {
        let is_of_votes = PROPERTIES.iter().any(|(name, _)| *name == it.name);
        !never_votes || !is_of_votes || it.status != PropertyStatus::Unreached
    };
    List {
        id: "properties",
        label: "Properties",
        layout: ListLayout::Inline,
        items: frame.properties.iter().filter(is_told).map(item).collect(),
        ..List::default()
    }
}

fn item(property: &Property) -> Item {
    let Property { name, status, event, .. } = property;
    let (sign, key, said) = match status {
        PropertyStatus::Holds => (Sign::Holds, "holds", "holds"),
        PropertyStatus::Violated => (Sign::Violated, "violated", "violated"),
        PropertyStatus::Unreached => (Sign::NotYet, "unreached", "not yet"),
    };
    let is_violated = *status == PropertyStatus::Violated;
    Item {
        id: format!("property-{name}"),
        sign: Some(sign),
        text: name.replace('_', " "),
        said,
        hint: format!("{}: {said}", meaning(name)),
        status: key,
        tint: if is_violated { Tint::Fault } else { Tint::Plain },
        // Pressing it leads to where it broke.
        press: event.filter(|_| is_violated).map(Press::Seek),
        ..Item::default()
    }
}

/// By its name.
#[must_use]
pub fn meaning(name: &str) -> &'static str {
    match name {
        "requests_heard" => "What is asked of an agent that is away reaches it when it is back",
        "books_balance" => "What was sent is delivered, lost or on its way",
        _ => rooms::meaning(name).unwrap_or_default(),
    }
}
