//! The shapes that mean something: a vote is told by its shape first and its colour second.

use engine::common::consensus::ballot::Vote;
use engine::common::consensus::quorum::Decision;
use engine::view::stage::Point;

use super::brush::Brush;
use crate::app::palette::Colour;

pub fn vote_colour(vote: Vote) -> Colour {
    match vote {
        Vote::For => Colour::For,
        Vote::Against => Colour::Against,
        Vote::Abstain => Colour::Abstain,
    }
}

pub fn decision_colour(decision: Decision) -> Colour {
    match decision {
        Decision::Approved => Colour::For,
        Decision::Rejected => Colour::Against,
        Decision::Timeout => Colour::Abstain,
        Decision::Split => Colour::Fault,
    }
}

/// A vote: FOR a disc with a tick, AGAINST a square with a cross, ABSTAIN a disc with a dash.
/// Outlined while it is not counted; `edge` is the gap around it.
pub fn vote(
    brush: &Brush,
    place: Point,
    radius_px: f64,
    vote: Vote,
    solid: bool,
    edge: Option<Colour>,
) {
    let colour = vote_colour(vote);
    if let Some(edge) = edge {
        brush.begin();
        outline(brush, place, radius_px + 2.0, vote);
        brush.fill(edge);
    }
    brush.begin();
    outline(brush, place, if solid { radius_px } else { radius_px - 1.0 }, vote);
    if solid {
        brush.fill(colour);
    } else {
        brush.fill(Colour::Glass);
        brush.stroke(colour, 2.0);
    }
    if radius_px >= 4.5 {
        brush.begin();
        sign(brush, place, radius_px, vote);
        brush.context.set_line_cap("round");
        brush.context.set_line_join("round");
        brush.stroke(if solid { Colour::OnFill } else { colour }, (radius_px * 0.2).max(1.4));
        brush.context.set_line_cap("butt");
    }
}

/// An option: its letter on a dark disc, outlined while the ballot is not counted. No colour of a vote.
pub fn option(brush: &Brush, place: Point, radius_px: f64, option: u8, solid: bool) {
    brush.disc(place, radius_px + 2.0, Colour::Glass);
    if solid {
        brush.disc(place, radius_px, Colour::Ink);
    } else {
        brush.ring(place, radius_px - 1.0, Colour::Ink, 2.0);
    }
    if radius_px >= 4.5 {
        let size_px = radius_px * 1.35;
        brush.font(size_px, true);
        let below = Point { x: place.x, y: place.y + size_px * 0.36 };
        let colour = if solid { Colour::OnFill } else { Colour::Ink };
        brush.text(&engine::view::tally::choice::letter(option), below, "center", colour);
    }
}

/// Adds a vote's outline to the path.
pub fn outline(brush: &Brush, place: Point, radius_px: f64, vote: Vote) {
    match vote {
        Vote::For | Vote::Abstain => brush.circle(place, radius_px),
        Vote::Against => {
            let half_px = radius_px * 0.9;
            if radius_px < 4.0 {
                // Too small for its corners to be seen round.
                let (left, top) = (place.x - half_px, place.y - half_px);
                return brush.context.rect(left, top, 2.0 * half_px, 2.0 * half_px);
            }
            let _ = brush.context.round_rect_with_f64(
                place.x - half_px,
                place.y - half_px,
                2.0 * half_px,
                2.0 * half_px,
                radius_px * 0.2,
            );
        }
    }
}

/// Two eyes behind a mask: an agent that has said two things.
pub fn mask(brush: &Brush, place: Point, width_px: f64, colour: Colour, eyes: Colour) {
    let unit_px = width_px / 14.0;
    let at = |x: f64, y: f64| Point { x: place.x + x * unit_px, y: place.y + y * unit_px };
    brush.begin();
    brush.through(&[
        at(-7.0, -3.0),
        at(-3.6, -3.6),
        at(0.0, -2.4),
        at(3.6, -3.6),
        at(7.0, -3.0),
        at(6.4, 1.6),
        at(3.6, 3.6),
        at(1.2, 2.2),
        at(0.0, 1.2),
        at(-1.2, 2.2),
        at(-3.6, 3.6),
        at(-6.4, 1.6),
    ]);
    brush.context.close_path();
    brush.fill(colour);
    brush.begin();
    for side in [-3.4, 3.4] {
        let eye = at(side, -0.4);
        let _ = brush.context.ellipse(
            eye.x,
            eye.y,
            1.9 * unit_px,
            1.2 * unit_px,
            0.0,
            0.0,
            core::f64::consts::TAU,
        );
    }
    brush.fill(eyes);
}

/// A card with a mask, `width_px` wide: proof that someone has said two things.
pub fn evidence(brush: &Brush, place: Point, width_px: f64) {
    let height_px = width_px * 0.83;
    for (by_px, colour) in [(2.0, Colour::Glass), (0.0, Colour::Byz)] {
        brush.begin();
        let _ = brush.context.round_rect_with_f64(
            place.x - width_px / 2.0 - by_px,
            place.y - height_px / 2.0 - by_px,
            width_px + 2.0 * by_px,
            height_px + 2.0 * by_px,
            2.0 + by_px,
        );
        brush.fill(colour);
    }
    mask(brush, place, width_px * 0.7, Colour::OnFill, Colour::Byz);
}

/// A delta, which another replica lacks: a diamond with a delta in it.
pub fn delta(brush: &Brush, place: Point, radius_px: f64) {
    for (reach_px, colour) in [(radius_px + 2.0, Colour::Glass), (radius_px, Colour::Data)] {
        let at = |x: f64, y: f64| Point { x: place.x + x * reach_px, y: place.y + y * reach_px };
        brush.begin();
        brush.through(&[at(0.0, -1.0), at(1.0, 0.0), at(0.0, 1.0), at(-1.0, 0.0)]);
        brush.context.close_path();
        brush.fill(colour);
    }
    let at = |x: f64, y: f64| Point { x: place.x + x * radius_px, y: place.y + y * radius_px };
    brush.begin();
    brush.through(&[at(0.0, -0.45), at(0.42, 0.3), at(-0.42, 0.3)]);
    brush.context.close_path();
    brush.stroke(Colour::OnData, 1.5);
}

/// The mark of work: outlined on its way, filled and ticked when it is done.
pub fn hexagon(brush: &Brush, place: Point, radius_px: f64, done: bool) {
    let outline = |reach_px: f64| {
        let at = |x: f64, y: f64| Point { x: place.x + x * reach_px, y: place.y + y * reach_px };
        let (x, y) = (0.866, 0.5);
        brush.begin();
        brush.through(&[at(0.0, -1.0), at(x, -y), at(x, y), at(0.0, 1.0), at(-x, y), at(-x, -y)]);
        brush.context.close_path();
    };
    outline(radius_px + 2.5);
    brush.fill(Colour::Glass);
    outline(radius_px);
    if done {
        brush.fill(Colour::Accent);
        brush.begin();
        sign(brush, place, radius_px * 0.95, Vote::For);
        brush.stroke(Colour::OnFill, (radius_px * 0.2).max(1.2));
    } else {
        brush.stroke(Colour::Accent, 2.0);
    }
}

/// Everything an agent holds: a square with lines in it.
pub fn full_state(brush: &Brush, place: Point, half_px: f64) {
    for (reach_px, colour) in [(half_px + 2.0, Colour::Glass), (half_px, Colour::Data)] {
        brush.begin();
        let (x, y) = (place.x - reach_px, place.y - reach_px);
        brush.context.rect(x, y, 2.0 * reach_px, 2.0 * reach_px);
        brush.fill(colour);
    }
    brush.begin();
    for line in [-0.45, 0.0, 0.45] {
        let y = place.y + line * half_px;
        let (from, to) = (place.x - half_px * 0.55, place.x + half_px * 0.55);
        brush.line(Point { x: from, y }, Point { x: to, y });
    }
    brush.stroke(Colour::OnData, 1.5);
}

/// The badge of an agent that is exposed.
pub fn exposed(brush: &Brush, place: Point, radius_px: f64, edge: Colour) {
    brush.disc(place, radius_px + 2.0, edge);
    brush.disc(place, radius_px, Colour::Byz);
    if radius_px >= 4.5 {
        mask(brush, place, radius_px * 1.4, Colour::OnFill, Colour::Byz);
    }
}

fn sign(brush: &Brush, place: Point, radius_px: f64, vote: Vote) {
    let at = |x: f64, y: f64| Point { x: place.x + x * radius_px, y: place.y + y * radius_px };
    match vote {
        Vote::For => brush.through(&[at(-0.45, 0.03), at(-0.13, 0.36), at(0.46, -0.32)]),
        Vote::Against => {
            brush.line(at(-0.36, -0.36), at(0.36, 0.36));
            brush.line(at(0.36, -0.36), at(-0.36, 0.36));
        }
        Vote::Abstain => brush.line(at(-0.45, 0.0), at(0.45, 0.0)),
    }
}

/// An envelope, `width_px` wide: a proposal, or a decision when it carries that one's sign.
pub fn envelope(
    brush: &Brush,
    place: Point,
    width_px: f64,
    decision: Option<Decision>,
    edge: Colour,
) {
    let height_px = width_px * 0.73;
    let (left, top) = (place.x - width_px / 2.0, place.y - height_px / 2.0);
    let colour = decision.map_or(Colour::Accent, decision_colour);
    brush.begin();
    let _ = brush.context.round_rect_with_f64(
        left - 2.0,
        top - 2.0,
        width_px + 4.0,
        height_px + 4.0,
        4.0,
    );
    brush.fill(edge);
    brush.begin();
    let _ = brush.context.round_rect_with_f64(left, top, width_px, height_px, 2.0);
    brush.fill(colour);
    brush.begin();
    brush.context.set_line_join("round");
    match decision {
        Some(Decision::Approved) => sign(brush, place, height_px * 0.62, Vote::For),
        Some(Decision::Rejected) => sign(brush, place, height_px * 0.58, Vote::Against),
        Some(Decision::Timeout | Decision::Split) => {
            sign(brush, place, height_px * 0.6, Vote::Abstain)
        }
        None => brush.through(&[
            Point { x: left + width_px * 0.12, y: top + height_px * 0.2 },
            Point { x: place.x, y: top + height_px * 0.6 },
            Point { x: left + width_px * 0.88, y: top + height_px * 0.2 },
        ]),
    }
    brush.stroke(Colour::OnFill, (width_px * 0.075).max(1.2));
}
