//! A partition cracks the glass: each run of neighbours on the circle that the middle (or, where
//! nobody stands there, the coordinator) cannot reach is cut off by a zigzag.

use libm::sqrt;

use super::Point;
use super::layout::{Layout, on_circle};
use crate::sim::AgentId;

const PIECES: usize = 22;
/// How far each corner of the zigzag leaves its curve, in tenths of the amplitude: uneven, as a
/// crack is, and always the same.
const JAGS: [f64; 11] = [0.0, 8.0, -5.0, 10.0, -9.0, 4.0, -10.0, 7.0, -4.0, 9.0, -7.0];
const AMPLITUDE_PX: f64 = 9.0;

/// The cracks for these groups, each from rim to rim.
#[must_use]
pub fn cracks(layout: &Layout, groups: &[u32], coordinator: AgentId) -> Vec<Vec<Point>> {
    let group = |agent: AgentId| groups.get(agent.index()).copied();
    let mainland = group(layout.middle.unwrap_or(coordinator));
    let count = layout.circle.len();
    if groups.is_empty() || count < 2 {
        return Vec::new();
    }
    let away = |place: usize| group(layout.circle[place % count].0) != mainland;
    let same =
        |a: usize, b: usize| group(layout.circle[a % count].0) == group(layout.circle[b % count].0);
    let starts = (0..count).filter(|&place| away(place) && !same(place + count - 1, place));
    let step = 1.0 / count as f64;
    starts
        .map(|first| {
            let length = (1..count).take_while(|&n| same(first, first + n)).count() + 1;
            let from = layout.circle[first].1 - step / 2.0;
            zigzag(layout, from, length as f64 * step)
        })
        .collect()
}

/// From the rim at `from` to the rim `length` further, passing between the island and the middle.
fn zigzag(layout: &Layout, from: f64, length: f64) -> Vec<Point> {
    let (centre, radius_px) = (layout.centre, layout.radius_px);
    let start = on_circle(centre, radius_px, from);
    let end = on_circle(centre, radius_px, from + length);
    let nearest_px = if layout.middle.is_some() { 0.27 } else { 0.12 } * radius_px;
    let bend = on_circle(centre, nearest_px, from + length / 2.0);
    // A quadratic curve that passes through the bend half way.
    let control = Point {
        x: 2.0 * bend.x - f64::midpoint(start.x, end.x),
        y: 2.0 * bend.y - f64::midpoint(start.y, end.y),
    };
    let at = |t: f64| {
        let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
        Point {
            x: a * start.x + b * control.x + c * end.x,
            y: a * start.y + b * control.y + c * end.y,
        }
    };
    (0..=PIECES)
        .map(|piece| {
            let t = piece as f64 / PIECES as f64;
            let (here, ahead) = (at(t), at(t + 0.01));
            let (dx, dy) = (ahead.x - here.x, ahead.y - here.y);
            let length = sqrt(dx * dx + dy * dy).max(1e-6);
            let whole = piece == 0 || piece == PIECES;
            let jag_px = if whole {
                0.0
            } else {
                JAGS[piece % JAGS.len()] / 10.0 * AMPLITUDE_PX * layout.scale
            };
            Point { x: here.x - dy / length * jag_px, y: here.y + dx / length * jag_px }
        })
        .collect()
}
