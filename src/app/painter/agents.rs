//! Agents: a disc with a picture of the role, a ring that says the vote, a badge that says it
//! again by its shape, arcs for what runs and what it stands for, a name.

use engine::common::consensus::ballot::Vote;
use engine::sim::Status;
use engine::view::stage::label::{Align, Label};
use engine::view::stage::layout::{Detail, Layout, on_circle};
use engine::view::stage::{AgentShape, Count, Face, NAME_INSIDE_PX, Point, Ring, Stage};

use super::brush::Brush;
use super::{glyphs, marks};
use crate::app::feedback::Feedback;
use crate::app::palette::Colour;

/// Below this radius an agent is one small shape.
const DISC_MIN_PX: f64 = 9.0;

pub fn agents(brush: &Brush, stage: &Stage, layout: &Layout, feedback: &Feedback, now_ms: f64) {
    for agent in &stage.agents {
        if agent.radius_px < DISC_MIN_PX {
            if layout.detail != Detail::Dots {
                small(brush, agent);
            }
            continue;
        }
        let drawn = feedback.ring_drawn(agent.agent, now_ms);
        disc(brush, agent);
        ring(brush, agent, drawn);
        if agent.corrupted {
            seat(brush, agent);
        } else {
            arcs(brush, agent);
        }
        if agent.exposed {
            let place = corner(agent, 0.125, brush.scale);
            marks::exposed(brush, place, badge_px(brush, agent), Colour::Glass);
        } else if let Some((vote, counted)) =
            agent.badge.filter(|_| agent.status != Status::Removed)
        {
            let place = corner(agent, 0.125, brush.scale);
            let radius_px = badge_px(brush, agent) * drawn.max(0.5);
            match agent.option {
                // A letter is to be read.
                Some(option) => marks::option(brush, place, radius_px * 1.25, option, counted),
                None => marks::vote(brush, place, radius_px, vote, counted, Some(Colour::Glass)),
            }
        }
        if let Some(done) = agent.result {
            let place = corner(agent, 0.125, brush.scale);
            let radius_px = badge_px(brush, agent) * 1.1;
            if done {
                marks::hexagon(brush, place, radius_px, true);
            } else {
                brush.disc(place, radius_px + 2.0, Colour::Glass);
                brush.ring(place, radius_px, Colour::Fault, 2.0);
                brush.begin();
                let reach_px = radius_px * 0.45;
                brush.line(
                    Point { x: place.x - reach_px, y: place.y + reach_px },
                    Point { x: place.x + reach_px, y: place.y - reach_px },
                );
                brush.stroke(Colour::Fault, 2.0);
            }
        }
        if let Some(outcome) = agent.outcome.filter(|_| agent.radius_px >= 16.0) {
            let place = corner(agent, -0.125, brush.scale);
            marks::envelope(
                brush,
                place,
                engine::common::figure::between(agent.radius_px * 0.56, 12.0, 18.0),
                Some(outcome),
                Colour::Glass,
            );
        }
    }
    for agent in stage.agents.iter().filter(|agent| agent.selected || agent.hovered) {
        selection(brush, agent);
    }
}

/// A place on the vote ring, in turns from twelve o'clock.
fn corner(agent: &AgentShape, turns: f64, scale: f64) -> Point {
    on_circle(agent.place, agent.radius_px + ring_gap_px(agent, scale), turns)
}

fn ring_gap_px(agent: &AgentShape, scale: f64) -> f64 {
    (6.0 * scale).min(agent.radius_px * 0.24)
}

fn ring_width_px(agent: &AgentShape, scale: f64) -> f64 {
    (5.0 * scale).min(agent.radius_px * 0.2)
}

fn disc(brush: &Brush, agent: &AgentShape) {
    let (place, radius_px) = (agent.place, agent.radius_px);
    // A gap hides the links behind it.
    brush.disc(place, radius_px + (10.5 * brush.scale).min(radius_px * 0.36), Colour::Glass);
    let gone = matches!(agent.status, Status::Down | Status::Removed);
    if gone {
        brush.dash(&[3.0, 4.0]);
        brush.ring(place, radius_px, Colour::Hollow, 1.5);
        brush.dash(&[]);
    } else {
        brush.ring(place, radius_px, Colour::Ink, 1.5);
    }
    if let Some((level, side)) = agent.level.filter(|_| !gone) {
        fill(brush, place, radius_px - 1.0, level, side);
    }
    match (&agent.face, agent.status) {
        (Face::Count(count), Status::Up) => {
            let named = agent.label.is_none() && radius_px >= NAME_INSIDE_PX;
            self::count(brush, place, count, radius_px, named);
        }
        (face, status) => {
            let colour = if status == Status::Up { Colour::Ink } else { Colour::Hollow };
            picture(brush, agent, face, colour);
        }
    }
    match agent.status {
        Status::Up => {}
        Status::Paused => pause_bars(brush, agent),
        Status::Down | Status::Removed => cross(brush, agent),
    }
}

/// How much it knows of all there is, as water in a glass.
fn fill(brush: &Brush, place: Point, radius_px: f64, level: f64, side: Vote) {
    // From where the water meets the glass on the right, round the bottom, to the left.
    let surface = engine::common::figure::between(2.0 * level - 1.0, -1.0, 1.0);
    let from = js_sys::Math::acos(surface) / core::f64::consts::TAU;
    brush.arc(place, radius_px, from, 1.0 - from);
    brush.context.close_path();
    brush.fill(match side {
        Vote::For => Colour::ForWash,
        Vote::Against => Colour::AgainstWash,
        Vote::Abstain => Colour::AbstainWash,
    });
}

fn picture(brush: &Brush, agent: &AgentShape, face: &Face, colour: Colour) {
    let (place, radius_px) = (agent.place, agent.radius_px);
    match face {
        Face::Glyph(glyph) => glyphs::glyph(brush, *glyph, place, radius_px * 0.92, colour),
        Face::Number(number) => {
            let size_px = (radius_px * 0.74).max(12.0);
            brush.font(size_px, true);
            let below = Point { x: place.x, y: place.y + size_px * 0.36 };
            brush.text(&number.to_string(), below, "center", colour);
        }
        Face::Value(value, differs) => {
            let letters = value.chars().count().max(3) as f64;
            let size_px =
                engine::common::figure::between(radius_px * 2.6 / letters, 11.0, radius_px * 0.74);
            brush.font(size_px, true);
            let below = Point { x: place.x, y: place.y + size_px * 0.36 };
            let colour = if *differs { Colour::AccentInk } else { colour };
            brush.text(value, below, "center", colour);
        }
        Face::Count(_) => {
            let glyph = engine::view::stage::glyph::Glyph::BallotBox;
            glyphs::glyph(brush, glyph, place, radius_px * 0.92, colour);
        }
        Face::Blank => {}
    }
}

/// The amount that has been counted, large enough for the back of a room; with the coordinator's name over
/// it.
pub fn count(brush: &Brush, place: Point, count: &Count, radius_px: f64, named: bool) {
    let at = |y: f64| Point { x: place.x, y: place.y + y };
    let shrink = if count.value.len() > 4 { 4.0 / count.value.len() as f64 } else { 1.0 };
    let (part, down_px) = if named { (0.58, radius_px * 0.1) } else { (0.68, 0.0) };
    let size_px = radius_px * part * shrink;
    brush.font(size_px, true);
    brush.text(&count.value, at(size_px * 0.26 + down_px), "center", Colour::Ink);
    let small_px = (radius_px * 0.25).max(12.0);
    brush.font(small_px, false);
    let short = count.against.strip_suffix(" FOR").filter(|_| radius_px < 46.0);
    let words = short.unwrap_or(&count.against);
    // In a small disc a long word would lie on the ring; the caption says it too.
    let y = size_px * 0.26 + down_px + small_px * 1.2;
    let room_px = 2.0 * (radius_px * radius_px - y * y).max(0.0).sqrt();
    if words.len() as f64 * small_px * 0.55 < room_px {
        brush.text(words, at(y), "center", Colour::Ink2);
    }
    if named {
        brush.font((radius_px * 0.2).max(12.0), false);
        brush.text("coordinator", at(radius_px * -0.36), "center", Colour::Ink2);
    }
}

/// A dead agent is crossed out, whatever colours do.
fn cross(brush: &Brush, agent: &AgentShape) {
    let reach_px = agent.radius_px * 0.72;
    let at =
        |x: f64, y: f64| Point { x: agent.place.x + x * reach_px, y: agent.place.y + y * reach_px };
    brush.context.set_line_cap("round");
    for (width_px, colour) in [(6.5, Colour::Glass), (2.8, Colour::Fault)] {
        brush.begin();
        brush.line(at(-1.0, -1.0), at(1.0, 1.0));
        brush.line(at(1.0, -1.0), at(-1.0, 1.0));
        brush.stroke(colour, width_px);
    }
    brush.context.set_line_cap("butt");
}

fn pause_bars(brush: &Brush, agent: &AgentShape) {
    let (half_px, place) = (agent.radius_px * 0.4, agent.place);
    brush.begin();
    for side in [-0.22, 0.22] {
        let x = place.x + side * agent.radius_px;
        brush.line(Point { x, y: place.y - half_px }, Point { x, y: place.y + half_px });
    }
    brush.stroke(Colour::Ink, agent.radius_px * 0.2);
}

/// FOR whole, AGAINST ten dashes, ABSTAIN two thin circles, not yet dots.
fn ring(brush: &Brush, agent: &AgentShape, drawn: f64) {
    let radius_px = agent.radius_px + ring_gap_px(agent, brush.scale);
    let width_px = ring_width_px(agent, brush.scale);
    let faint = if agent.status == Status::Up { 1.0 } else { 0.45 };
    brush.faded(faint, |brush| match &agent.ring {
        Ring::None => {}
        _ if agent.exposed => {
            brush.ring(agent.place, radius_px, Colour::Byz, width_px);
            brush.ring(agent.place, radius_px, Colour::Glass, 1.2);
        }
        Ring::Open => dotted(brush, agent.place, radius_px),
        Ring::Voted(_) if agent.option.is_some() => {
            brush.arc(agent.place, radius_px, 0.0, drawn);
            brush.stroke(Colour::LinkUsed, width_px);
        }
        Ring::Options(parts) => {
            dotted(brush, agent.place, radius_px);
            let mut colour = Colour::Ink;
            for &(from, to) in parts {
                brush.arc(agent.place, radius_px, from, to);
                brush.stroke(Colour::Glass, width_px + 2.0);
                // A gap parts it from the next.
                brush.arc(agent.place, radius_px, from, to - 0.008);
                brush.stroke(colour, width_px + 1.0);
                colour = Colour::LinkUsed;
            }
        }
        Ring::Progress(part) => {
            brush.ring(agent.place, radius_px, Colour::Link, width_px);
            brush.arc(agent.place, radius_px, 0.0, *part);
            brush.stroke(Colour::Accent, width_px);
        }
        Ring::Voted(vote) => voted(brush, agent.place, radius_px, width_px, (0.0, drawn), *vote),
        Ring::Gauge { parts, needed } => {
            dotted(brush, agent.place, radius_px);
            for &(from, to, vote) in parts {
                brush.arc(agent.place, radius_px, from, to);
                brush.stroke(Colour::Glass, width_px + 2.0);
                voted(brush, agent.place, radius_px, width_px + 1.0, (from, to), vote);
            }
            // The threshold: where FOR has to come.
            brush.begin();
            brush.line(
                on_circle(agent.place, radius_px - width_px * 1.1, *needed),
                on_circle(agent.place, radius_px + width_px * 1.6, *needed),
            );
            brush.stroke(Colour::Ink, 2.5);
        }
    });
}

fn dotted(brush: &Brush, place: Point, radius_px: f64) {
    brush.dash(&[1.6, 4.0]);
    brush.ring(place, radius_px, Colour::Hollow, 1.6);
    brush.dash(&[]);
}

fn voted(
    brush: &Brush,
    place: Point,
    radius_px: f64,
    width_px: f64,
    (from, to): (f64, f64),
    vote: Vote,
) {
    let length_px = core::f64::consts::TAU * radius_px;
    match vote {
        Vote::For => {
            brush.arc(place, radius_px, from, to);
            brush.stroke(Colour::For, width_px);
        }
        Vote::Against => {
            brush.dash(&[length_px * 0.07, length_px * 0.03]);
            brush.arc(place, radius_px, from, to);
            brush.stroke(Colour::Against, width_px);
            brush.dash(&[]);
        }
        Vote::Abstain => {
            for side in [-0.4, 0.4] {
                brush.arc(place, radius_px + side * width_px, from, to);
                brush.stroke(Colour::Abstain, 1.4);
            }
        }
    }
}

fn badge_px(brush: &Brush, agent: &AgentShape) -> f64 {
    engine::common::figure::between(9.5 * brush.scale, 4.0, agent.radius_px * 0.42)
}

/// A liar's broken line: a viewer may know what nobody in the swarm does.
fn seat(brush: &Brush, agent: &AgentShape) {
    let radius_px = agent.radius_px + (13.0 * brush.scale).min(agent.radius_px * 0.42);
    brush.dash(&[6.0, 4.0]);
    brush.ring(agent.place, radius_px, Colour::Byz, 1.6);
    brush.dash(&[]);
}

/// Below: reputation. Above: the agent's own timer, inked as it elapses.
fn arcs(brush: &Brush, agent: &AgentShape) {
    if agent.status != Status::Up {
        return;
    }
    let radius_px = agent.radius_px + (13.0 * brush.scale).min(agent.radius_px * 0.42);
    if let Some(reputation) = agent.reputation {
        let half = 42.0 / 360.0;
        brush.arc(agent.place, radius_px, 0.5 - half, 0.5 + half);
        brush.stroke(Colour::Link, 3.0);
        // Read from left to right, so it fills against the clock.
        brush.arc(agent.place, radius_px, 0.5 + half - 2.0 * half * reputation, 0.5 + half);
        brush.stroke(Colour::Ink3, 3.0);
    }
    if let Some(elapsed) = agent.timer.filter(|_| agent.radius_px >= 16.0) {
        let half = 118.0 / 360.0;
        brush.arc(agent.place, radius_px, -half, half);
        brush.stroke(Colour::Link, 3.0);
        brush.arc(agent.place, radius_px, -half, -half + 2.0 * half * elapsed);
        brush.stroke(Colour::Ink, 3.0);
    }
}

fn selection(brush: &Brush, agent: &AgentShape) {
    let radius_px = agent.radius_px + (20.0 * brush.scale).min(agent.radius_px * 0.6 + 4.0);
    brush.selection(agent.place, radius_px, agent.selected);
}

pub fn labels(brush: &Brush, stage: &Stage) {
    for agent in &stage.agents {
        if let Some(label) = &agent.label {
            self::label(brush, agent, label);
        }
    }
}

fn label(brush: &Brush, agent: &AgentShape, label: &Label) {
    let align = match label.align {
        Align::Left => "left",
        Align::Middle => "center",
        Align::Right => "right",
    };
    let alive = matches!(agent.status, Status::Up | Status::Paused);
    let colour = if alive { Colour::Ink } else { Colour::Ink3 };
    brush.font(label.name_px, true);
    brush.text_with_halo(&label.name, label.place, align, colour, Colour::Glass);
    if !label.second.is_empty() {
        let colour = if alive { Colour::Ink2 } else { Colour::FaultInk };
        brush.font(label.second_px, false);
        let below = Point { x: label.place.x, y: label.place.y + label.line_px };
        brush.text_with_halo(&label.second, below, align, colour, Colour::Glass);
    }
}

/// An agent without room for a disc: the shape of its vote.
fn small(brush: &Brush, agent: &AgentShape) {
    match agent.badge {
        _ if agent.exposed => brush.disc(agent.place, agent.radius_px, Colour::Byz),
        Some((vote, counted)) => match agent.option {
            Some(option) => {
                marks::option(brush, agent.place, agent.radius_px, option, counted);
            }
            None => marks::vote(brush, agent.place, agent.radius_px, vote, counted, None),
        },
        None => brush.ring(agent.place, agent.radius_px * 0.8, Colour::Hollow, 1.0),
    }
    if agent.status != Status::Up {
        cross(brush, agent);
    }
}

/// Thousands of agents: one path per vote, squares for AGAINST.
pub fn dots(brush: &Brush, stage: &Stage) {
    let dots = || stage.agents.iter().filter(|agent| agent.radius_px < DISC_MIN_PX);
    for vote in Vote::ALL {
        brush.begin();
        for agent in dots().filter(|agent| agent.badge.is_some_and(|badge| badge.0 == vote)) {
            marks::outline(brush, agent.place, agent.radius_px, vote);
        }
        brush.fill(marks::vote_colour(vote));
    }
    brush.begin();
    for agent in dots().filter(|agent| agent.badge.is_none()) {
        brush.circle(agent.place, agent.radius_px * 0.6);
    }
    brush.fill(Colour::Rim);
}
