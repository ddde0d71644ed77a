//! A partition cracks the glass. Where a straight line parts those who cannot reach the middle (or,
//! where nobody stands there, the coordinator) from the rest, the crack goes along it; else each run
//! of neighbours on the circle is cut off by a zigzag of its own.

use libm::sqrt;

use super::Point;
use super::layout::{Layout, on_circle};
use crate::sim::AgentId;

const PIECES: usize = 22;
/// How far each corner of the zigzag leaves its curve, in tenths of the amplitude: uneven, as a
/// crack is, and always the same.
const JAGS: [f64; 11] = [0.0, 8.0, -5.0, 10.0, -9.0, 4.0, -10.0, 7.0, -4.0, 9.0, -7.0];
const AMPLITUDE_PX: f64 = 9.0;
/// Directions that are tried for a straight crack.
const DIRECTIONS: u32 = 48;

/// The cracks for these groups, each from rim to rim.
#[must_use]
pub fn cracks(layout: &Layout, groups: &[u32], coordinator: Option<AgentId>) -> Vec<Vec<Point>> {
    let group = |agent: AgentId| groups.get(agent.index()).copied();
    let mainland = layout.middle.or(coordinator).map_or(groups.first().copied(), group);
    if groups.is_empty() {
        return Vec::new();
    }
    let mut others = groups.iter().filter(|group| Some(**group) != mainland);
    let two = others.next().is_some_and(|first| others.all(|other| other == first));
    let straight = across(layout, |agent| groups.get(agent).copied() != mainland);
    if let Some(crack) = straight.filter(|_| two) {
        return vec![crack];
    }
    let count = layout.circle.len();
    if count < 2 {
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
            around(layout, from, length as f64 * step)
        })
        .collect()
}

/// From the rim at `from` to the rim `length` further, passing between the island and the middle.
fn around(layout: &Layout, from: f64, length: f64) -> Vec<Point> {
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
    zigzag(layout.scale, start, control, end)
}

/// The crack along a straight line, where one parts the two groups: in the direction, of those tried, that
/// leaves them most room.
fn across(layout: &Layout, is_away: impl Fn(usize) -> bool) -> Option<Vec<Point>> {
    let mut widest: Option<(f64, f64, f64)> = None;
    for direction in 0..DIRECTIONS {
        let turns = f64::from(direction) / f64::from(DIRECTIONS);
        let towards = on_circle(Point::default(), 1.0, turns);
        let (mut near_px, mut far_px) = (f64::MIN, f64::MAX);
        for (agent, place) in layout.places.iter().enumerate() {
            let along_px =
                (place.x - layout.centre.x) * towards.x + (place.y - layout.centre.y) * towards.y;
            let radius_px = layout.radii_px[agent];
            if is_away(agent) {
                far_px = far_px.min(along_px - radius_px);
            } else {
                near_px = near_px.max(along_px + radius_px);
            }
        }
        let room_px = far_px - near_px;
        if room_px > 0.0 && widest.is_none_or(|(most_px, ..)| room_px > most_px) {
            widest = Some((room_px, f64::midpoint(near_px, far_px), turns));
        }
    }
    let (_, along_px, turns) = widest?;
    let half_px = sqrt((layout.radius_px * layout.radius_px - along_px * along_px).max(0.0));
    let middle = on_circle(layout.centre, along_px, turns);
    let start = on_circle(middle, half_px, turns + 0.25);
    let end = on_circle(middle, half_px, turns - 0.25);
    Some(zigzag(layout.scale, start, middle, end))
}

/// A crack along a quadratic curve.
fn zigzag(scale: f64, start: Point, control: Point, end: Point) -> Vec<Point> {
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
            let jag_px =
                if whole { 0.0 } else { JAGS[piece % JAGS.len()] / 10.0 * AMPLITUDE_PX * scale };
            Point { x: here.x - dy / length * jag_px, y: here.y + dx / length * jag_px }
        })
        .collect()
}
