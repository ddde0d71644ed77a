//! Links: faint at rest, darker in use, broken where nothing passes.

use engine::view::stage::layout::Layout;
use engine::view::stage::{LinkShape, LinkState, Point, Stage};

use super::brush::Brush;
use crate::app::palette::Colour;

/// More links than this hide what they link.
const FOG: usize = 2_000;

pub fn links(brush: &Brush, stage: &Stage, layout: &Layout) {
    let of = |state| stage.links.iter().filter(move |link| link.state == state);
    // A mesh of many is a web that should not outshine the messages on it; thousands are a fog.
    let crowd = stage.links.len() > 120;
    if stage.links.len() <= FOG {
        brush.faded(if crowd { 0.45 } else { 1.0 }, |brush| {
            brush.begin();
            for link in of(LinkState::AtRest) {
                brush.line(link.from, link.to);
            }
            brush.stroke(Colour::Link, if crowd { 0.5 } else { 1.25 });
        });
    }
    brush.begin();
    for link in of(LinkState::Used) {
        brush.line(link.from, link.to);
    }
    brush.stroke(Colour::LinkUsed, if crowd { 0.8 } else { 1.6 });
    for link in stage.links.iter().filter(|link| link.selected || link.hovered) {
        brush.begin();
        brush.line(link.from, link.to);
        brush.stroke(if link.selected { Colour::Accent } else { Colour::Hollow }, 3.0);
    }
    // A crack says it for all links that cross it.
    severed(brush, of(LinkState::Severed), layout, crowd || !stage.cracks.is_empty());
}

/// Dashes that stop at a gap with two strokes across, as a broken line is drawn in a circuit.
fn severed<'a>(
    brush: &Brush,
    links: impl Iterator<Item = &'a LinkShape>,
    layout: &Layout,
    plain: bool,
) {
    let links: Vec<&LinkShape> = links.collect();
    if links.is_empty() {
        return;
    }
    brush.dash(&[4.0, 5.0]);
    brush.begin();
    for link in &links {
        brush.line(link.from, link.to);
    }
    brush.stroke(Colour::Link, if links.len() > 120 { 0.5 } else { 1.25 });
    brush.dash(&[]);
    if plain {
        return;
    }
    for link in links {
        let length_px = link.from.distance(link.to).max(1.0);
        let (dx, dy) =
            ((link.to.x - link.from.x) / length_px, (link.to.y - link.from.y) / length_px);
        let middle = Point {
            x: f64::midpoint(link.from.x, link.to.x),
            y: f64::midpoint(link.from.y, link.to.y),
        };
        brush.disc(middle, 5.0 * layout.scale, Colour::Glass);
        brush.begin();
        for side in [-3.5 * layout.scale, 3.5 * layout.scale] {
            let (x, y) = (middle.x + dx * side, middle.y + dy * side);
            let across = 4.5 * layout.scale;
            brush.line(
                Point { x: x - dy * across, y: y + dx * across },
                Point { x: x + dy * across, y: y - dx * across },
            );
        }
        brush.stroke(Colour::Fault, 1.5);
    }
}
