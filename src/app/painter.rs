//! Paints the stage's shapes on one canvas.
//!
//! - [`brush`]: the few strokes everything is made of
//! - [`glass`]: the disc, its rim, cracks
//! - [`links`], [`agents`], [`messages`], [`effects`]: what stands in it
//! - [`marks`]: the shapes of votes and envelopes, shared by all of them and the tape
//! - [`glyphs`]: pictures of roles

pub mod agents;
pub mod brush;
pub mod effects;
pub mod glass;
pub mod glyphs;
pub mod links;
pub mod marks;
pub mod messages;

use engine::view::stage::Stage;
use engine::view::stage::layout::{Detail, Layout};

use super::feedback::Feedback;
use brush::Brush;

/// Paints everything, back to front.
pub fn paint(brush: &Brush, stage: &Stage, layout: &Layout, feedback: &Feedback, now_ms: f64) {
    glass::disc(brush, layout);
    links::links(brush, stage, layout);
    glass::cracks(brush, stage, layout);
    glass::rim(brush, stage, layout);
    if layout.detail == Detail::Dots {
        agents::dots(brush, stage);
    } else {
        effects::ripples(brush, stage, feedback, now_ms);
    }
    agents::agents(brush, stage, layout, feedback, now_ms);
    if let Some(count) = &stage.count {
        agents::count(brush, layout.centre, count, 58.0 * layout.scale, false);
    }
    messages::messages(brush, stage, layout);
    effects::bursts(brush, layout, feedback, now_ms);
    agents::labels(brush, stage);
}
