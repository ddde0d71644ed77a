//! Messages in flight: a head that tells the kind, and a comet's tail that tells the direction.

use engine::view::stage::layout::{Detail, Layout};
use engine::view::stage::{MessageGlyph, MessageShape, Point, Stage};

use super::brush::Brush;
use super::marks;
use crate::app::palette::Colour;

/// The radius of a message that brings nothing new: a speck.
const REPEAT_PX: f64 = 1.45;

/// From here on each message is a dot.
const HEADS_MAX: usize = 160;

pub fn messages(brush: &Brush, stage: &Stage, layout: &Layout) {
    clouds(brush, stage);
    let crowded = stage.messages.len() > HEADS_MAX || layout.detail == Detail::Dots;
    if crowded {
        dots(brush, stage);
        return;
    }
    let size = match layout.detail {
        Detail::Full | Detail::Named => layout.scale.max(0.8),
        Detail::Faces | Detail::Dots => faces_size(stage),
    };
    for message in &stage.messages {
        tail(brush, message, size);
    }
    for message in &stage.messages {
        head(brush, message.head, message.place, size);
        if !message.words.is_empty() {
            brush.font(12.0, false);
            let beside = Point { x: message.place.x + 14.0 * size, y: message.place.y + 4.0 };
            brush.text_with_halo(message.words, beside, "left", Colour::Ink2, Colour::Glass);
        }
    }
    for message in stage.messages.iter().filter(|message| message.selected || message.hovered) {
        brush.selection(message.place, 18.0 * size, message.selected);
    }
}

/// Messages between small agents are small.
fn faces_size(stage: &Stage) -> f64 {
    stage
        .agents
        .first()
        .map_or(0.62, |agent| engine::common::figure::between(agent.radius_px / 16.0, 0.42, 0.62))
}

pub fn colour(head: MessageGlyph) -> Colour {
    match head {
        MessageGlyph::Proposal
        | MessageGlyph::Question
        | MessageGlyph::Call
        | MessageGlyph::Report
        | MessageGlyph::Result => Colour::Accent,
        MessageGlyph::Ballot(vote) | MessageGlyph::Statement(Some(vote)) => {
            marks::vote_colour(vote)
        }
        MessageGlyph::Statement(None) => Colour::LinkUsed,
        MessageGlyph::Evidence => Colour::Byz,
        MessageGlyph::Rumour => Colour::Rumour,
        MessageGlyph::Delta | MessageGlyph::FullState => Colour::Data,
        MessageGlyph::Decision(decision) => marks::decision_colour(decision),
        MessageGlyph::Pick(_) | MessageGlyph::Other | MessageGlyph::Repeat => Colour::LinkUsed,
    }
}

pub fn head(brush: &Brush, head: MessageGlyph, place: Point, size: f64) {
    match head {
        MessageGlyph::Proposal => marks::envelope(brush, place, 22.0 * size, None, Colour::Glass),
        MessageGlyph::Decision(decision) => {
            marks::envelope(brush, place, 22.0 * size, Some(decision), Colour::Glass)
        }
        MessageGlyph::Ballot(vote) => {
            marks::vote(brush, place, 12.0 * size, vote, true, Some(Colour::Glass))
        }
        MessageGlyph::Pick(option) => marks::option(brush, place, 12.0 * size, option, true),
        MessageGlyph::Statement(Some(vote)) => {
            brush.disc(place, 11.0 * size, Colour::Glass);
            brush.ring(place, 9.5 * size, marks::vote_colour(vote), 1.4);
            marks::vote(brush, place, 6.0 * size, vote, true, None);
        }
        MessageGlyph::Statement(None) => {
            brush.disc(place, 6.0 * size, Colour::Glass);
            brush.ring(place, 5.0 * size, Colour::LinkUsed, 1.4);
            brush.disc(place, 2.4 * size, Colour::LinkUsed);
        }
        MessageGlyph::Rumour => brush.disc(place, (3.4 * size).max(2.6), Colour::Rumour),
        MessageGlyph::Repeat => brush.disc(place, (1.8 * size).max(REPEAT_PX), Colour::LinkUsed),
        MessageGlyph::Evidence => marks::evidence(brush, place, 24.0 * size),
        MessageGlyph::Delta => marks::delta(brush, place, 11.0 * size),
        MessageGlyph::FullState => marks::full_state(brush, place, 9.0 * size),
        MessageGlyph::Call => {
            marks::hexagon(brush, place, 10.0 * size, false);
            brush.disc(place, 3.0 * size, Colour::Accent);
        }
        MessageGlyph::Report => marks::hexagon(brush, place, 8.0 * size, false),
        MessageGlyph::Result => marks::hexagon(brush, place, 12.0 * size, true),
        MessageGlyph::Question => {
            brush.disc(place, 9.0 * size, Colour::Glass);
            brush.ring(place, 8.0 * size, Colour::Accent, 1.8);
            brush.font(12.0 * size, true);
            brush.text(
                "?",
                Point { x: place.x, y: place.y + 4.4 * size },
                "center",
                Colour::AccentInk,
            );
        }
        MessageGlyph::Other => brush.disc(place, 3.4 * size, Colour::LinkUsed),
    }
}

/// Tapers from the head back to where the message came from, and fades.
fn tail(brush: &Brush, message: &MessageShape, size: f64) {
    let radius_px = match message.head {
        MessageGlyph::Ballot(_) | MessageGlyph::Pick(_) | MessageGlyph::Result => 12.0 * size,
        MessageGlyph::Proposal | MessageGlyph::Decision(_) | MessageGlyph::Call => 9.0 * size,
        MessageGlyph::Statement(Some(_)) | MessageGlyph::Report => 7.0 * size,
        MessageGlyph::Evidence | MessageGlyph::Delta | MessageGlyph::FullState => 11.0 * size,
        MessageGlyph::Rumour => 3.4 * size,
        MessageGlyph::Statement(None)
        | MessageGlyph::Question
        | MessageGlyph::Other
        | MessageGlyph::Repeat => return,
    };
    let head = message.place;
    if head.distance(message.from) < radius_px {
        return;
    }
    let (tip, dx, dy) = behind(message, 8.0 * radius_px);
    let half_px = radius_px * 0.75;
    let colour = colour(message.head);
    let gradient = brush.context.create_linear_gradient(head.x, head.y, tip.x, tip.y);
    let _ = gradient.add_color_stop(0.0, &brush.palette.fading(colour, 0.55));
    let _ = gradient.add_color_stop(1.0, &brush.palette.fading(colour, 0.0));
    brush.begin();
    brush.through(&[
        Point { x: head.x - dy * half_px, y: head.y + dx * half_px },
        tip,
        Point { x: head.x + dy * half_px, y: head.y - dx * half_px },
    ]);
    brush.context.close_path();
    brush.context.set_fill_style_canvas_gradient(&gradient);
    brush.context.fill();
}

/// So far behind its head, but not before it was sent; and the direction there.
fn behind(message: &MessageShape, length_px: f64) -> (Point, f64, f64) {
    let (head, from) = (message.place, message.from);
    let come_px = head.distance(from).max(1.0);
    let length_px = length_px.min(come_px);
    let (dx, dy) = ((from.x - head.x) / come_px, (from.y - head.y) / come_px);
    (Point { x: head.x + dx * length_px, y: head.y + dy * length_px }, dx, dy)
}

const COLOURS: [Colour; 9] = [
    Colour::Accent,
    Colour::For,
    Colour::Against,
    Colour::Abstain,
    Colour::Fault,
    Colour::Byz,
    Colour::Rumour,
    Colour::Data,
    Colour::LinkUsed,
];

/// More than this are dots alone.
const STREAKS_MAX: usize = 1_500;

/// One path per colour, and one for the streaks behind what is new.
fn dots(brush: &Brush, stage: &Stage) {
    if stage.messages.len() <= STREAKS_MAX {
        brush.begin();
        for message in stage.messages.iter().filter(|message| message.head == MessageGlyph::Rumour)
        {
            brush.line(message.place, behind(message, 16.0).0);
        }
        brush.faded(0.4, |brush| brush.stroke(Colour::Rumour, 2.4));
    }
    for wanted in COLOURS {
        brush.begin();
        for message in stage.messages.iter().filter(|message| colour(message.head) == wanted) {
            let radius_px = if message.head == MessageGlyph::Repeat { REPEAT_PX } else { 2.4 };
            brush.circle(message.place, radius_px);
        }
        brush.fill(wanted);
    }
}

/// Squares, which nobody can tell from dots of that size.
fn clouds(brush: &Brush, stage: &Stage) {
    let clouds = &stage.clouds.all;
    for wanted in COLOURS.into_iter().filter(|_| !clouds.is_empty()) {
        brush.begin();
        for cloud in clouds.iter().filter(|cloud| colour(cloud.head) == wanted) {
            let (place, side_px) = (cloud.place(), cloud.side_px());
            let (x, y) = (place.x - side_px / 2.0, place.y - side_px / 2.0);
            brush.context.rect(x, y, side_px, side_px);
        }
        brush.fill(wanted);
    }
}
