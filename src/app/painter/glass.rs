//! The glass: the brightest disc on a quiet ground, with a clock for a rim.

use engine::common::consensus::ballot::Vote;
use engine::view::stage::layout::{Layout, on_circle};
use engine::view::stage::{Point, Stage};

use super::brush::Brush;
use super::marks;
use crate::app::palette::Colour;

pub fn disc(brush: &Brush, layout: &Layout) {
    brush.disc(layout.centre, layout.radius_px, Colour::Glass);
}

/// The gap of a partition, from rim to rim.
pub fn cracks(brush: &Brush, stage: &Stage, layout: &Layout) {
    brush.context.save();
    brush.begin();
    brush.circle(layout.centre, layout.radius_px + 1.0);
    brush.context.clip();
    brush.context.set_line_join("miter");
    for (width_px, colour) in
        [(15.0 * layout.scale, Colour::Fault), (11.4 * layout.scale, Colour::Ground)]
    {
        for crack in &stage.cracks {
            brush.begin();
            brush.through(crack);
            brush.stroke(colour, width_px);
        }
    }
    brush.context.restore();
}

/// Ticks, elapsed time, the ballots counted so far, and the pointer that says now.
pub fn rim(brush: &Brush, stage: &Stage, layout: &Layout) {
    let (centre, radius_px, rim) = (layout.centre, layout.radius_px, &stage.rim);
    brush.ring(centre, radius_px, Colour::Rim, 1.0);
    brush.begin();
    for tick in 0..60 {
        let turns = f64::from(tick) / 60.0;
        let length_px = if tick % 6 == 0 { 9.0 } else { 4.0 };
        let end = on_circle(centre, radius_px + 5.0 + length_px, turns);
        brush.line(on_circle(centre, radius_px + 5.0, turns), end);
    }
    brush.stroke(Colour::Rim, 1.0);
    if !rim.running {
        return;
    }
    if rim.elapsed > 0.0 {
        brush.arc(centre, radius_px, 0.0, rim.elapsed);
        brush.stroke(Colour::Ink, 4.0);
    }
    rounds(brush, layout, &rim.rounds);
    beads(brush, layout, &rim.beads);
    let width_px = if layout.scale < 0.8 { 14.0 } else { 16.0 };
    marks::envelope(brush, on_circle(centre, radius_px, 0.0), width_px, None, Colour::Ground);
    if let Some(turns) = rim.pointer {
        pointer(brush, layout, turns);
    }
    if let Some((turns, words)) = &rim.words
        && *turns > 0.02
    {
        pointer_words(brush, layout, *turns, words);
    }
}

/// Rounds part the rim by gaps; where there is room each says which it is.
fn rounds(brush: &Brush, layout: &Layout, rounds: &[(f64, String, bool)]) {
    let ends = rounds.iter().skip(1).map(|(turns, ..)| *turns).chain([1.0]);
    for ((begins, words, now), ends) in rounds.iter().zip(ends) {
        let half = 1.0 / 720.0;
        brush.arc(layout.centre, layout.radius_px, begins - half, begins + half);
        brush.stroke(Colour::Ground, 6.0);
        brush.begin();
        let inner = on_circle(layout.centre, layout.radius_px - 7.0, *begins);
        brush.line(inner, on_circle(layout.centre, layout.radius_px + 7.0, *begins));
        brush.stroke(Colour::Ink, if *now { 2.0 } else { 1.2 });
        let middle = f64::midpoint(*begins, ends);
        let apart_px = (ends - begins) * layout.radius_px * core::f64::consts::TAU;
        if apart_px < 70.0 {
            continue;
        }
        let place = on_circle(layout.centre, layout.radius_px + 22.0, middle);
        let (align, room_px) =
            if middle < 0.5 { ("left", layout.width_px - place.x) } else { ("right", place.x) };
        // The corners are for other words.
        let in_corner = place.y < 100.0 && room_px < 260.0;
        let fits = room_px > 60.0 && place.y > 12.0 && place.y < layout.height_px - 8.0;
        if fits && !in_corner {
            let colour = if *now { Colour::Ink } else { Colour::Ink2 };
            brush.font(13.0, *now);
            let place = Point { x: place.x, y: place.y + 4.5 };
            brush.text_with_halo(words, place, align, colour, Colour::Ground);
        }
    }
}

fn beads(brush: &Brush, layout: &Layout, beads: &[(f64, Vote)]) {
    if beads.len() > BEADS_MAX {
        return string(brush, layout, beads);
    }
    let radius_px = if beads.len() <= 14 { 7.5 } else { 4.0 };
    for &(turns, vote) in beads {
        let place = on_circle(layout.centre, layout.radius_px, turns);
        marks::vote(brush, place, radius_px, vote, true, Some(Colour::Ground));
    }
}

/// More beads than this are small, and painted colour by colour.
const BEADS_MAX: usize = 60;

/// Paints the first of several beads in the same place, whatever its colour, so that none hides the others.
fn string(brush: &Brush, layout: &Layout, beads: &[(f64, Vote)]) {
    const PLACES: usize = 1_000;
    let mut taken = [None; PLACES];
    for &(turns, vote) in beads {
        taken[(turns * PLACES as f64) as usize % PLACES].get_or_insert(vote);
    }
    for vote in Vote::ALL {
        for (by_px, colour) in [(2.0, Colour::Ground), (0.0, marks::vote_colour(vote))] {
            brush.begin();
            for place in (0..PLACES).filter(|place| taken[*place] == Some(vote)) {
                let turns = place as f64 / PLACES as f64;
                let place = on_circle(layout.centre, layout.radius_px, turns);
                marks::outline(brush, place, 2.5 + by_px, vote);
            }
            brush.fill(colour);
        }
    }
}

/// A triangle outside the rim that points at now.
fn pointer(brush: &Brush, layout: &Layout, turns: f64) {
    let at = |out_px: f64, aside: f64| {
        let radius_px = layout.radius_px + out_px;
        on_circle(layout.centre, radius_px, turns + aside / radius_px / core::f64::consts::TAU)
    };
    brush.begin();
    brush.through(&[at(6.0, 0.0), at(18.0, 6.5), at(18.0, -6.5)]);
    brush.context.close_path();
    brush.fill(Colour::Ink);
}

/// How much is left, beside the pointer where the stage has room for it.
fn pointer_words(brush: &Brush, layout: &Layout, turns: f64, words: &str) {
    let place = on_circle(layout.centre, layout.radius_px + 26.0, turns);
    let is_right = turns < 0.5;
    let room_px = if is_right { layout.width_px - place.x } else { place.x };
    let fits_across = room_px >= 96.0;
    let fits_down = place.y >= 14.0 && place.y <= layout.height_px - 14.0;
    if !fits_across || !fits_down {
        return;
    }
    let align = if is_right { "left" } else { "right" };
    brush.font(13.0, true);
    let place = Point { x: place.x, y: place.y + 4.5 };
    brush.text_with_halo(words, place, align, Colour::Ink, Colour::Ground);
}
