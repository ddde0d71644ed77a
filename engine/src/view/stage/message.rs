//! Messages in flight: what kind each is, and where it is now.

use super::layout::{Detail, Layout};
use super::target::Target;
use super::{Look, MessageShape, Noise, Point};
use crate::coordination::bus::Kind;
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::choice::OptionId;
use crate::coordination::consensus::quorum::Decision;
use crate::playback::frame::{Frame, MessageFrame};
use crate::sim::AgentId;

/// What kind of message it is; each has a shape of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    Proposal,
    Ballot(Vote),
    /// A ballot for an option.
    Pick(OptionId),
    /// Signed, one of many: with its sender's own vote, or only what others have said.
    Statement(Option<Vote>),
    /// Proof that someone has said two things.
    Evidence,
    /// Ballots on their way from mouth to mouth.
    Rumour,
    /// Ballots that their receiver knows already.
    Repeat,
    Decision(Decision),
    Question,
    /// What another lacks, or everything an agent holds.
    Delta,
    FullState,
    /// A task that is announced or awarded; a bid, or how far its agent is; and what it came to.
    Call,
    Report,
    Result,
    /// Registrations, reports: what the vote does not turn on.
    Other,
}

impl Head {
    #[must_use]
    pub fn of(kind: Kind, vote: Option<Vote>, decision: Option<Decision>) -> Self {
        match (kind, vote, decision) {
            (Kind::Proposal, ..) => Self::Proposal,
            (Kind::Ballot, Some(vote), _) => Self::Ballot(vote),
            (Kind::Opinion, vote, _) => Self::Statement(vote),
            (Kind::Rumour, ..) => Self::Rumour,
            (Kind::Statements, vote, _) => Self::Statement(vote),
            (Kind::Evidence, ..) => Self::Evidence,
            (Kind::Delta, ..) => Self::Delta,
            (Kind::FullState, ..) => Self::FullState,
            (Kind::Call | Kind::Award, ..) => Self::Call,
            (Kind::Bid | Kind::Progress | Kind::Reply, ..) => Self::Report,
            (Kind::Result, ..) => Self::Result,
            (Kind::StrongQuery, ..) => Self::Proposal,
            (Kind::StrongAnswer, Some(vote), _) => Self::Ballot(vote),
            (Kind::StrongCommit, _, Some(decision)) => Self::Decision(decision),
            (Kind::Decision, _, Some(decision)) => Self::Decision(decision),
            (
                Kind::OutcomeQuery
                | Kind::StatusQuery
                | Kind::OpinionQuery
                | Kind::RumourQuery
                | Kind::StateQuery
                | Kind::Query,
                ..,
            ) => Self::Question,
            _ => Self::Other,
        }
    }
}

/// A message between the edges of the two discs, a little to the right of the link's middle.
pub(super) fn message_shape(
    layout: &Layout,
    frame: &Frame,
    message: &MessageFrame,
    look: Look,
) -> Option<MessageShape> {
    let pick = message.option.filter(|_| message.kind == Kind::Ballot);
    let of = || Head::of(message.kind, message.vote, message.decision);
    let head = match pick {
        _ if message.is_housekeeping => Head::Other,
        Some(option) => Head::Pick(option),
        None if message.is_repeat => Head::Repeat,
        None => of(),
    };
    let matters = {
        let kind = message.kind;
        kind.is_of_a_vote() || kind.is_of_state() || kind.is_of_work()
    };
    if look.noise == Noise::Focus && (!matters || message.is_housekeeping) {
        return None;
    }
    let end = |agent: AgentId| {
        Some((*layout.places.get(agent.index())?, *layout.radii_px.get(agent.index())?))
    };
    let ((from, from_px), (to, to_px)) = (end(message.from)?, end(message.to)?);
    let length_px = from.distance(to).max(1.0);
    let gap_px = if layout.detail == Detail::Dots { 0.0 } else { 8.0 * layout.scale };
    let (start, finish) = ((from_px + gap_px) / length_px, 1.0 - (to_px + gap_px) / length_px);
    let whole_us = message.arrives_us.saturating_sub(message.sent_us).max(1);
    let elapsed_us = frame.time_us.saturating_sub(message.sent_us);
    let elapsed = crate::view::figure::between(elapsed_us as f64 / whole_us as f64, 0.0, 1.0);
    let progress = if look.reduced_motion { libm::floor(elapsed * 8.0) / 8.0 } else { elapsed };
    let lane_px = if layout.detail == Detail::Dots { 0.0 } else { 4.0 * layout.scale };
    let aside = |place: Point| Point {
        x: place.x - (to.y - from.y) / length_px * lane_px,
        y: place.y + (to.x - from.x) / length_px * lane_px,
    };
    let along = |part: f64| aside(from.towards(to, part));
    let is = |target| target == Some(Target::Message(message.id));
    Some(MessageShape {
        id: message.id,
        head,
        place: along(start + (finish - start).max(0.0) * progress),
        from: along(start),
        progress,
        selected: is(look.selected),
        hovered: is(look.hovered),
        words: if look.noise == Noise::All { message.kind.words() } else { "" },
    })
}
