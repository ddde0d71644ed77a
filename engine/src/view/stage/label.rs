//! Names beside agents: where they stand, how large they are, and that they never cover one another.

use super::Point;
use super::layout::{Detail, Layout, Side};
use crate::common::figure::between;

/// A name, and under it what the agent is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub name: String,
    pub second: String,
    /// The start of the name's baseline; the second line is `line_px` below.
    pub place: Point,
    pub align: Align,
    pub name_px: f64,
    pub second_px: f64,
    pub line_px: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Middle,
    Right,
}

/// The mean width of a letter, of its height: a little more than common fonts have.
const LETTER: f64 = 0.6;
/// Room for a second line whatever it will say: "2.5, votes in 347 ms".
const SECOND_LETTERS: usize = 20;

impl Label {
    /// The label of an agent on this side of it.
    #[must_use]
    pub fn new(
        layout: &Layout,
        agent: usize,
        side: Side,
        (name, second): (String, String),
    ) -> Self {
        let full = layout.detail == Detail::Full;
        let name_px = if full { 15.0 * between(layout.scale, 0.9, 1.6) } else { 13.0 };
        let second_px = (name_px - 2.0).max(12.0);
        let line_px = second_px + 4.0;
        let below_px = if second.is_empty() { 0.0 } else { line_px };
        let (Point { x, y }, radius_px) = (layout.places[agent], layout.radii_px[agent]);
        let scale = layout.scale;
        // The arc of reputation is below, the arc of a timer above and at the sides.
        let reputation_px = if full { 5.0 } else { 0.0 };
        let (place, align) = match side {
            Side::Below => {
                let down_px = (27.0 * scale).min(radius_px * 0.5 + 14.0) + reputation_px;
                (Point { x, y: y + radius_px + down_px }, Align::Middle)
            }
            Side::Above => {
                let up_px = (19.0 * scale).max(15.0).min(radius_px * 0.7 + 6.0);
                (Point { x, y: y - radius_px - up_px - below_px }, Align::Middle)
            }
            Side::Left | Side::Right => {
                let aside_px = radius_px + (22.0 * scale).min(radius_px * 0.6 + 4.0);
                let y = y + 4.0 - below_px / 2.0;
                match side {
                    Side::Left => (Point { x: x - aside_px, y }, Align::Right),
                    _ => (Point { x: x + aside_px, y }, Align::Left),
                }
            }
        };
        Self { name, second, place, align, name_px, second_px, line_px }
    }

    /// The least rectangle around it: its upper left and its lower right corner.
    #[must_use]
    pub fn bounds(&self) -> (Point, Point) {
        let width = |text: &str, px: f64| text.chars().count() as f64 * px * LETTER;
        let width_px = width(&self.name, self.name_px).max(width(&self.second, self.second_px));
        let left = match self.align {
            Align::Left => self.place.x,
            Align::Middle => self.place.x - width_px / 2.0,
            Align::Right => self.place.x - width_px,
        };
        let second_px = if self.second.is_empty() { 0.0 } else { self.line_px };
        (
            Point { x: left, y: self.place.y - 0.8 * self.name_px },
            Point { x: left + width_px, y: self.place.y + 0.25 * self.name_px + second_px },
        )
    }

    /// Whether two labels cover one another.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let ((a, b), (c, d)) = (self.bounds(), other.bounds());
        a.x < d.x && c.x < b.x && a.y < d.y && c.y < b.y
    }

    /// Whether it covers a disc.
    #[must_use]
    pub fn covers_disc(&self, place: Point, radius_px: f64) -> bool {
        let (least, most) = self.bounds();
        let nearest =
            Point { x: between(place.x, least.x, most.x), y: between(place.y, least.y, most.y) };
        nearest.distance(place) < radius_px
    }
}

/// Chooses a side for every name on which it covers no other name and no other agent, and takes the
/// names away that have none: they are shown when they are pointed at.
pub(super) fn settle(layout: &mut Layout) {
    let second = match layout.detail {
        Detail::Full => "m".repeat(SECOND_LETTERS),
        Detail::Named => String::new(),
        Detail::Faces | Detail::Dots => return,
    };
    let mut settled: Vec<Label> = Vec::new();
    for agent in 0..layout.places.len() {
        if layout.has_no_room_for_a_name(agent) {
            continue;
        }
        // The number in the disc says it already.
        if layout.names[agent] == (agent + 1).to_string() {
            layout.hidden_names.push(agent);
            continue;
        }
        let usual = layout.name_sides[agent];
        let sides = [usual, Side::Below, Side::Above, Side::Right, Side::Left];
        let label = |side| {
            let words = (layout.names[agent].clone(), second.clone());
            (side, Label::new(layout, agent, side, words))
        };
        let found =
            sides.into_iter().map(label).find(|(_, label)| is_free(layout, agent, label, &settled));
        match found {
            Some((side, label)) => {
                layout.name_sides[agent] = side;
                settled.push(label);
            }
            None => layout.hidden_names.push(agent),
        }
    }
}

fn is_free(layout: &Layout, agent: usize, label: &Label, settled: &[Label]) -> bool {
    let (least, most) = label.bounds();
    let inside =
        least.x >= 0.0 && least.y >= 0.0 && most.x <= layout.width_px && most.y <= layout.height_px;
    let discs = layout.places.iter().zip(&layout.radii_px).enumerate();
    // At twelve o'clock the proposal lies on the rim.
    let noon = Point { x: layout.centre.x, y: layout.centre.y - layout.radius_px };
    inside
        && !label.covers_disc(noon, 10.0)
        && !settled.iter().any(|other| label.covers(other))
        && !discs.filter(|(other, _)| *other != agent).any(|(_, (place, radius_px))| {
            // Its ring and the arc of its timer are outside the disc.
            label.covers_disc(*place, *radius_px + (10.0 * layout.scale).min(radius_px * 0.4))
        })
}
