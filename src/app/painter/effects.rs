//! Feedback in wall-clock time: ripples where something arrived, bursts where it was lost.

use core::f64::consts::TAU;

use engine::sim::AgentId;
use engine::view::stage::layout::Layout;
use engine::view::stage::{Point, Stage};

use super::brush::Brush;
use super::messages::colour;
use crate::app::feedback::{BURST_MS, Feedback, RIPPLE_MS};
use crate::app::palette::Colour;

pub fn ripples(brush: &Brush, stage: &Stage, feedback: &Feedback, now_ms: f64) {
    for ripple in &feedback.ripples {
        let age = (now_ms - ripple.born_ms) / RIPPLE_MS;
        let Some(agent) =
            stage.agents.get(ripple.agent.index()).filter(|_| (0.0..1.0).contains(&age))
        else {
            continue;
        };
        let eased = 1.0 - (1.0 - age) * (1.0 - age);
        for delay in [0.0, 0.35] {
            let grown = (eased - delay).max(0.0);
            let radius_px = agent.radius_px
                + ((9.0 + 22.0 * grown) * brush.scale).min(agent.radius_px * (0.3 + grown));
            brush.faded((1.0 - age) * 0.8, |brush| {
                brush.ring(agent.place, radius_px, colour(ripple.head), 1.6);
            });
        }
    }
}

/// Eight strokes that fly apart, a hollow dot, and what it was where there is room.
pub fn bursts(brush: &Brush, layout: &Layout, feedback: &Feedback, now_ms: f64) {
    for burst in &feedback.bursts {
        let age_ms = now_ms - burst.born_ms;
        if !(0.0..BURST_MS).contains(&age_ms) {
            continue;
        }
        let (Some(from), Some(to)) =
            (layout.places.get(burst.from.index()), layout.places.get(burst.to.index()))
        else {
            continue;
        };
        let part = engine::common::figure::between(burst.progress, 0.1, 0.86);
        let place =
            Point { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
        let grown = if feedback.reduced_motion { 1.0 } else { (age_ms / 360.0).min(1.0) };
        let opacity = (1.0 - (age_ms - BURST_MS + 240.0) / 240.0).min(1.0);
        brush.faded(opacity, |brush| burst_at(brush, place, grown, burst.words));
    }
}

fn burst_at(brush: &Brush, place: Point, grown: f64, words: &str) {
    let scale = brush.scale.max(0.8);
    brush.begin();
    for stroke in 0..8 {
        let angle = f64::from(stroke) / 8.0 * TAU + 0.2;
        let at = |radius_px: f64| Point {
            x: place.x + radius_px * scale * js_sys::Math::cos(angle),
            y: place.y + radius_px * scale * js_sys::Math::sin(angle),
        };
        brush.line(at(4.0 + 3.0 * grown), at(6.0 + 7.0 * grown));
    }
    brush.context.set_line_cap("round");
    brush.stroke(Colour::Fault, 2.0);
    brush.context.set_line_cap("butt");
    brush.ring(place, 2.6 * scale, Colour::Fault, 1.6);
    if !words.is_empty() {
        brush.font(13.0, false);
        let below = Point { x: place.x, y: place.y + 29.0 * scale };
        brush.text_with_halo(words, below, "center", Colour::FaultInk, Colour::Glass);
    }
}

/// A partition that is being made: the line so far, and a mark on those beyond it.
pub fn rift(
    brush: &Brush,
    stage: &Stage,
    layout: &Layout,
    line: Option<(Point, Point)>,
    away: &[AgentId],
) {
    if let Some((from, to)) = line {
        brush.context.save();
        brush.begin();
        brush.circle(layout.centre, layout.radius_px);
        brush.context.clip();
        // From rim to rim, whatever part of it was drawn.
        let length_px = from.distance(to).max(1.0);
        let reach = 3.0 * layout.radius_px / length_px;
        let at = |part: f64| Point {
            x: from.x + (to.x - from.x) * part,
            y: from.y + (to.y - from.y) * part,
        };
        brush.dash(&[10.0, 7.0]);
        brush.begin();
        brush.line(at(-reach), at(1.0 + reach));
        brush.stroke(Colour::Fault, 2.0);
        brush.dash(&[]);
        brush.context.restore();
    }
    for agent in stage.agents.iter().filter(|agent| away.contains(&agent.agent)) {
        brush.dash(&[4.0, 4.0]);
        brush.ring(agent.place, agent.radius_px + 16.0 * layout.scale, Colour::Fault, 2.0);
        brush.dash(&[]);
    }
}
