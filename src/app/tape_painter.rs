//! Paints the tape: solid behind the playhead, outlined ahead, dotted where nothing was played.

use engine::common::consensus::ballot::Vote;
use engine::view::stage::Point;
use engine::view::tape::{self, Flag, LENGTH, Phase, STEPS, Tape, TapeHead, Tick};

use super::painter::brush::Brush;
use super::painter::marks;
use super::palette::Colour;
use super::player::Player;

/// Room beside the tape for half a label or head.
pub const MARGIN_PX: f64 = 10.0;

/// Where things are on a tape of this size.
struct Reel {
    width_px: f64,
    top_px: f64,
    bottom_px: f64,
    /// Room for heads, words and an axis.
    tall: bool,
}

impl Reel {
    fn new(width_px: f64, height_px: f64) -> Self {
        let tall = height_px >= 80.0;
        let (top_px, bottom_px) =
            if tall { (34.0, height_px - 26.0) } else { (22.0, height_px - 4.0) };
        Self { width_px, top_px, bottom_px, tall }
    }

    fn x(&self, at: u64) -> f64 {
        MARGIN_PX + at as f64 / LENGTH as f64 * (self.width_px - 2.0 * MARGIN_PX)
    }
}

/// The time a place on the tape stands for.
pub fn time_at(x_px: f64, width_px: f64, span_us: u64) -> u64 {
    let part = (x_px - MARGIN_PX) / (width_px - 2.0 * MARGIN_PX).max(1.0);
    (engine::common::figure::between(part, 0.0, 1.0) * span_us as f64) as u64
}

/// How much time the tape of this player holds.
pub fn span_us(player: &Player) -> u64 {
    let horizon_us = player.run().map_or(0, |run| run.cast().horizon_us);
    tape::span_us(&player.frame, horizon_us)
}

pub fn paint(brush: &Brush, player: &Player, width_px: f64, height_px: f64) {
    let Some(run) = player.run() else { return };
    let span_us = span_us(player);
    let tape = tape::tape(&player.frame, run.marks(), span_us);
    let reel = Reel::new(width_px, height_px);
    bands(brush, &reel, &tape);
    steps(brush, &reel, &tape, &player.in_flight.steps(span_us));
    unplayed(brush, &reel, &tape);
    notches(brush, &reel, &tape);
    if tape.ticks.len() > TICKS_MAX {
        many_ticks(brush, &reel, &tape);
    } else {
        tape.ticks.iter().for_each(|tick| self::tick(brush, &reel, &tape, tick));
    }
    flags(brush, &reel, &tape);
    playhead(brush, &reel, &tape);
    if reel.tall {
        axis(brush, &reel, &tape);
    }
}

/// The strength of a place on the tape: half for one that lies ahead.
fn ahead(at: u64, tape: &Tape) -> f64 {
    if at > tape.now { 0.5 } else { 1.0 }
}

fn bands(brush: &Brush, reel: &Reel, tape: &Tape) {
    for band in &tape.bands {
        let (wash, ink) = match band.phase {
            Phase::Open | Phase::Decide => (Colour::AccentWash, Colour::AccentInk),
            Phase::Vote => (Colour::ForWash, Colour::ForInk),
            Phase::Round(_) => (Colour::AccentWash, Colour::AccentInk),
        };
        let (from, to) = (reel.x(band.from), reel.x(band.to));
        let now = engine::common::figure::between(reel.x(tape.now), from, to);
        for (left, right, opacity) in [(from, now, 1.0), (now, to, 0.5)] {
            brush.faded(opacity, |brush| {
                brush.begin();
                brush.context.rect(left, reel.top_px, right - left, reel.bottom_px - reel.top_px);
                brush.fill(wash);
            });
        }
        let words = band.phase.name();
        brush.font(12.0, false);
        if reel.tall && tape.ticks.len() <= 60 && to - from > 7.0 * words.len() as f64 + 8.0 {
            brush.text(&words, Point { x: from + 5.0, y: reel.top_px + 13.0 }, "left", ink);
        }
        if matches!(band.phase, Phase::Round(_)) {
            // Alike and side by side: a line between them.
            brush.begin();
            brush.context.rect(from - 0.5, reel.top_px, 1.0, reel.bottom_px - reel.top_px);
            brush.fill(Colour::Ground);
        }
    }
}

fn steps(brush: &Brush, reel: &Reel, tape: &Tape, steps: &[u32]) {
    let most = f64::from(steps.iter().copied().max().unwrap_or(0).max(4));
    let step_px = (reel.width_px - 2.0 * MARGIN_PX) / STEPS as f64;
    let height_px = reel.bottom_px - reel.top_px;
    // The words on the bands stay free.
    let room_px = if reel.tall {
        engine::common::figure::between(height_px - 18.0, 5.0, height_px * 0.5)
    } else {
        height_px * 0.5
    };
    for opacity in [1.0, 0.5] {
        brush.begin();
        for (number, &count) in steps.iter().enumerate().filter(|(_, count)| **count > 0) {
            let at = number as u64 * LENGTH / STEPS as u64;
            if ahead(at, tape) == opacity {
                let height_px = (f64::from(count) / most * room_px).max(2.0);
                let top_px = reel.bottom_px - height_px;
                brush.context.rect(reel.x(at), top_px, step_px - 1.0, height_px);
            }
        }
        brush.faded(opacity * 0.75, |brush| brush.fill(Colour::Rule2));
    }
}

fn unplayed(brush: &Brush, reel: &Reel, tape: &Tape) {
    let y = f64::midpoint(reel.top_px, reel.bottom_px);
    brush.dash(&[2.0, 4.0]);
    brush.begin();
    brush.line(Point { x: reel.x(tape.reached), y }, Point { x: reel.x(LENGTH), y });
    brush.stroke(Colour::Hollow, 1.5);
    brush.dash(&[]);
}

fn notches(brush: &Brush, reel: &Reel, tape: &Tape) {
    for notch in &tape.notches {
        let (x, y) = (reel.x(notch.at), reel.bottom_px);
        let (half_px, height_px) = if notch.fault { (5.0, 12.0) } else { (2.2, 6.0) };
        brush.faded(ahead(notch.at, tape), |brush| {
            brush.begin();
            brush.through(&[
                Point { x: x - half_px, y },
                Point { x, y: y - height_px },
                Point { x: x + half_px, y },
            ]);
            brush.fill(Colour::Fault);
        });
    }
}

/// More ticks than this have no heads.
const TICKS_MAX: usize = 24;

/// Colour by colour; the first of several at one place of the screen is painted.
fn many_ticks(brush: &Brush, reel: &Reel, tape: &Tape) {
    let ballots = [Vote::Abstain, Vote::Against, Vote::For].map(TapeHead::Ballot);
    let others = [
        TapeHead::Merged,
        TapeHead::Wrote,
        TapeHead::Delivered,
        TapeHead::Refused,
        TapeHead::Exposed,
    ];
    let heads = others.into_iter().chain(ballots);
    for (what, opacity) in heads.flat_map(|what| [(what, 1.0), (what, 0.5)]) {
        let mut before_px = f64::MIN;
        brush.begin();
        for tick in &tape.ticks {
            let x = reel.x(tick.at);
            if x - before_px < 1.0 {
                continue;
            }
            // Whatever its colour, so that none hides the others.
            before_px = x;
            if tick.what == what && ahead(tick.at, tape) == opacity {
                brush.line(Point { x, y: reel.top_px }, Point { x, y: reel.bottom_px });
            }
        }
        brush.faded(opacity, |brush| brush.stroke(head_colour(what), 1.2));
    }
}

fn head_colour(what: TapeHead) -> Colour {
    match what {
        TapeHead::Ballot(vote) => marks::vote_colour(vote),
        TapeHead::Refused => Colour::Fault,
        TapeHead::Exposed => Colour::Byz,
        TapeHead::Wrote => Colour::Ink,
        TapeHead::Delivered => Colour::Accent,
        TapeHead::Merged => Colour::Data,
    }
}

fn tick(brush: &Brush, reel: &Reel, tape: &Tape, tick: &Tick) {
    let x = reel.x(tick.at);
    let colour = head_colour(tick.what);
    let head_y = 16.0;
    let top_px = if reel.tall { head_y } else { reel.top_px };
    brush.faded(ahead(tick.at, tape), |brush| {
        brush.begin();
        brush.line(Point { x, y: top_px }, Point { x, y: reel.bottom_px });
        brush.stroke(colour, 2.0);
    });
    if reel.tall {
        let head = Point { x, y: head_y };
        match tick.what {
            TapeHead::Ballot(vote) => {
                marks::vote(brush, head, 7.0, vote, tick.at <= tape.now, Some(Colour::Ground))
            }
            TapeHead::Refused => brush.ring(head, 5.0, Colour::Fault, 2.0),
            TapeHead::Exposed => marks::exposed(brush, head, 8.0, Colour::Ground),
            TapeHead::Wrote => brush.disc(head, 5.0, Colour::Ink),
            TapeHead::Delivered => marks::hexagon(brush, head, 7.0, true),
            TapeHead::Merged => brush.ring(head, 4.0, Colour::Data, 2.0),
        }
    }
}

fn flags(brush: &Brush, reel: &Reel, tape: &Tape) {
    for flag in &tape.flags {
        let behind = flag.at <= tape.now;
        brush.faded(if behind { 1.0 } else { 0.6 }, |brush| self::flag(brush, reel, flag, behind));
    }
}

fn flag(brush: &Brush, reel: &Reel, flag: &Flag, behind: bool) {
    let colour = marks::decision_colour(flag.decision);
    let x = reel.x(flag.at);
    brush.font(12.0, true);
    let text_px = brush.context.measure_text(&flag.label).map_or(80.0, |metrics| metrics.width());
    let width_px = if reel.tall { text_px + 20.0 } else { 14.0 };
    // At the right end the flag flies to the left.
    let flip = x + width_px + 10.0 > reel.width_px;
    let to = |offset_px: f64| if flip { x - offset_px } else { x + offset_px };
    // The head of the ballot that decided it stays in sight.
    let pole_px = if reel.tall { 9.0 } else { 0.0 };
    let (top_px, height_px) = if reel.tall { (6.0, 20.0) } else { (4.0, 12.0) };
    let at = |offset_px: f64, y: f64| Point { x: to(offset_px), y };
    brush.begin();
    brush.line(at(0.0, top_px), at(0.0, reel.bottom_px));
    brush.stroke(colour, 2.0);
    brush.begin();
    brush.through(&[
        at(pole_px, top_px),
        at(pole_px + width_px, top_px),
        at(pole_px + width_px - 6.0, top_px + height_px / 2.0),
        at(pole_px + width_px, top_px + height_px),
        at(pole_px, top_px + height_px),
    ]);
    brush.context.close_path();
    brush.fill(Colour::Ground);
    brush.stroke(colour, if behind { 2.0 } else { 1.2 });
    if reel.tall {
        let middle = f64::midpoint(to(pole_px), to(pole_px + width_px - 6.0));
        brush.text(&flag.label, Point { x: middle, y: top_px + 14.5 }, "center", Colour::Ink);
    }
}

fn playhead(brush: &Brush, reel: &Reel, tape: &Tape) {
    let x = reel.x(tape.now);
    brush.begin();
    brush.line(Point { x, y: 4.0 }, Point { x, y: reel.bottom_px + 4.0 });
    brush.stroke(Colour::Ink, 2.0);
    brush.begin();
    brush.through(&[
        Point { x: x - 6.0, y: 2.0 },
        Point { x: x + 6.0, y: 2.0 },
        Point { x: x + 6.0, y: 9.0 },
        Point { x, y: 15.0 },
        Point { x: x - 6.0, y: 9.0 },
    ]);
    brush.fill(Colour::Ink);
}

fn axis(brush: &Brush, reel: &Reel, tape: &Tape) {
    brush.font(12.0, false);
    for (at, label) in &tape.axis {
        let x = reel.x(*at);
        let place = Point {
            x: engine::common::figure::between(x, MARGIN_PX, reel.width_px - MARGIN_PX),
            y: reel.bottom_px + 17.0,
        };
        let align = if *at == 0 {
            "left"
        } else if x > reel.width_px - 24.0 {
            "right"
        } else {
            "center"
        };
        brush.text(label, place, align, Colour::Ink2);
    }
}

/// The mark nearest to a place, if one is near enough to have been meant.
pub fn mark_at(
    player: &Player,
    x_px: f64,
    y_px: f64,
    width_px: f64,
    height_px: f64,
) -> Option<u64> {
    let run = player.run()?;
    let tape = tape::tape(&player.frame, run.marks(), span_us(player));
    let reel = Reel::new(width_px, height_px);
    if !reel.tall {
        return None;
    }
    let heads = tape.ticks.iter().map(|tick| (tick.at, tick.event)).filter(|_| y_px < reel.top_px);
    let flags = tape.flags.iter().map(|flag| (flag.at, flag.event)).filter(|_| y_px < reel.top_px);
    let notches =
        tape.notches.iter().filter(|_| y_px > reel.bottom_px - 12.0 && y_px < reel.bottom_px + 2.0);
    let notches = notches.map(|notch| (notch.at, notch.event));
    let apart = |at: u64| (reel.x(at) - x_px).abs();
    let near = heads.chain(flags).chain(notches).filter(|(at, _)| apart(*at) <= 8.0);
    near.min_by(|a, b| apart(a.0).total_cmp(&apart(b.0))).map(|(_, event)| event)
}
