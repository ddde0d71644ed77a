//! Messages in flight: how each is drawn, and where it is now.

use super::layout::{Detail, Layout};
use super::target::Target;
use super::{MessageShape, Noise, Point, StageLook};
use crate::common::glyph::MessageGlyph;
use crate::playback::frame::{Frame, MessageFrame};
use crate::sim::AgentId;

/// A message between the edges of the two discs, a little to the right of the link's middle.
pub(super) fn message_shape(
    layout: &Layout,
    frame: &Frame,
    message: &MessageFrame,
    look: StageLook,
) -> Option<MessageShape> {
    let head = match message.is_housekeeping {
        true => MessageGlyph::Other,
        false if message.is_repeat => MessageGlyph::Repeat,
        false => message.glyph,
    };
    if look.noise == Noise::Focus && (!message.kind.is_prominent || message.is_housekeeping) {
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
    let elapsed = crate::common::figure::between(elapsed_us as f64 / whole_us as f64, 0.0, 1.0);
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
        words: if look.noise == Noise::All { message.kind.words } else { "" },
    })
}
