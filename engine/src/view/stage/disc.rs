//! The face of an agent's disc: a count, a value, a picture of its role, or its number.

use super::glyph::{self, Glyph};
use super::layout::{Detail, Layout};
use super::{Count, Face};
use crate::common::figure::{amount, shortened};
use crate::common::shown;
use crate::playback::frame::{Frame, ProposalFrame};
use crate::sim::AgentId;
use crate::view::tally::choice;

/// The count of the coordinator.
pub(super) fn count(proposal: &ProposalFrame) -> Count {
    let account = &proposal.account;
    let decided = proposal.decision();
    Count {
        value: amount(account.in_favour, proposal.terms.measure),
        against: match decided {
            _ if proposal.choice.is_some() => {
                let leader = choice::leader(proposal).filter(|_| account.in_favour > 0);
                leader.unwrap_or("votes").to_owned()
            }
            // Past the threshold "9.5 of 7.8" would be read as an error.
            Some(decided) => decided.word().to_owned(),
            None => format!("of {} FOR", amount(account.needed, proposal.terms.measure)),
        },
    }
}

pub(super) fn face(
    layout: &Layout,
    frame: &Frame,
    role: &str,
    agent: AgentId,
    counter: bool,
    radius_px: f64,
    has_values: bool,
) -> Face {
    let has_room = radius_px >= 30.0;
    let value_fits = radius_px >= 18.0;
    let number = agent.0 + 1;
    // Numbers are written no smaller than everything else that is to be read.
    let number_fits = if number < 100 { radius_px >= 10.0 } else { radius_px >= 14.0 };
    match frame.proposal() {
        Some(proposal)
            if counter
                && !proposal.has_no_counter()
                && has_room
                && layout.circle.is_empty() | layout.middle.is_some() =>
        {
            Face::Count(count(proposal))
        }
        _ if radius_px < 9.0 => Face::Blank,
        _ if counter && shown(frame, agent).is_some_and(|it| it.is_hub) => Face::Glyph(Glyph::Hub),
        _ if counter => Face::Glyph(Glyph::BallotBox),
        _ => match (shown(frame, agent), glyph::glyph(role)) {
            (Some(shown::Face { value: Some(value), differs, .. }), _) if value_fits => {
                Face::Value(shortened(value, (radius_px * 0.24) as usize), *differs)
            }
            (_, Some(glyph)) if layout.detail != Detail::Faces || radius_px >= 13.0 => {
                Face::Glyph(glyph)
            }
            // Beside values a number would be taken for one.
            _ if number_fits && !(has_values && value_fits) => Face::Number(number),
            _ => Face::Blank,
        },
    }
}

/// How the agent's protocol shows it, where it does.
pub(super) fn shown(frame: &Frame, agent: AgentId) -> Option<&shown::Face> {
    frame.faces.get(agent.index())?.as_ref()
}
