//! Who works on a task when, and how long it would take one after the other.

use core::fmt::Write as _;

use engine::view::work::gantt::{Bar, BarKind, Gantt};

use super::{clipped, escaped, head};

/// Where the bars of the Gantt begin and how far they reach, in its own units, and how high a lane is.
const LEFT: u64 = 76;
const WIDTH: u64 = 236;
const LANE: u64 = 24;
/// The width of a letter.
const LETTER: u64 = 7;

pub fn gantt(markup: &mut String, gantt: &Gantt) {
    head(markup, "At the same time", "from the award on");
    let x = |time_us: u64| {
        // Some room for the words beside the last bar.
        let width = if gantt.one_by_one.is_empty() { WIDTH - 44 } else { WIDTH };
        LEFT + time_us.min(gantt.span_us) * width / gantt.span_us
    };
    let lanes = gantt.lanes.len() as u64;
    // The pin of the playhead needs some room above.
    let top = if gantt.now_us.is_some() { 18 } else { 4 };
    let bottom = top + lanes * LANE;
    let height = bottom + if gantt.one_by_one.is_empty() { 20 } else { 46 };
    let mut told = String::new();
    let mut svg = String::new();
    grid(&mut svg, gantt.span_us, &x, (top, height));
    for (lane, y) in gantt.lanes.iter().zip((top..).step_by(LANE as usize)) {
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">{}</text>", y + 12, clipped(&lane.name));
        for bar in &lane.bars {
            let _ = write!(told, "{}, {}; ", lane.name, bar.title);
            self::bar(&mut svg, bar, y, &x);
        }
    }
    if !gantt.one_by_one.is_empty() {
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">one by one</text>", bottom + 18);
        let mut from_us = 0;
        for (name, takes_us) in &gantt.one_by_one {
            let (left, right) = (x(from_us), x(from_us + takes_us));
            from_us += takes_us;
            let width = (right - left).saturating_sub(1);
            let y = bottom + 6;
            let _ = write!(
                svg,
                "<rect class=\"alone\" x=\"{left}\" y=\"{y}\" width=\"{width}\" height=\"16\"/>"
            );
            if name.chars().count() as u64 * (LETTER - 1) <= width {
                let middle = left + width / 2;
                let _ = write!(
                    svg,
                    "<text class=\"inside\" x=\"{middle}\" y=\"{}\">{}</text>",
                    y + 12,
                    escaped(name)
                );
            }
        }
        let saved = x(gantt.together_us);
        let _ = write!(svg, "<path class=\"saved\" d=\"M{saved} {}V{}\"/>", bottom - 6, bottom + 6);
    }
    if let Some(now_us) = gantt.now_us {
        let now = x(now_us);
        let _ = write!(
            svg,
            "<path class=\"now\" d=\"M{now} 10V{bottom}\"/><path class=\"pin\" d=\"M{} 4h10v5l-5 5-5-5z\"/>",
            now - 5
        );
    }
    let _ = write!(
        markup,
        "<div class=\"curve gantt\" data-testid=\"gantt\"><svg viewBox=\"0 0 316 {height}\" role=\"img\" aria-label=\"{}\">{svg}</svg></div>",
        escaped(&told)
    );
    if !gantt.strong.is_empty() {
        let (strong, rest) = (&gantt.strong, &gantt.rest);
        let _ = write!(
            markup,
            "<p class=\"lead\" data-testid=\"gantt-words\"><b>{strong}</b>{rest}</p>"
        );
    }
    *markup += "</section>";
}

/// A line for every second, or ten, or a hundred.
fn grid(svg: &mut String, span_us: u64, x: &dyn Fn(u64) -> u64, (top, height): (u64, u64)) {
    let mut step_us = 100_000;
    for factor in [5, 2].into_iter().cycle() {
        if span_us / step_us <= 7 {
            break;
        }
        step_us *= factor;
    }
    for number in 0..=span_us / step_us {
        let (at_us, y) = (number * step_us, height - 2);
        let at = x(at_us);
        let (seconds, tenth) = (at_us / 1_000_000, at_us / 100_000 % 10);
        let _ = write!(svg, "<path class=\"grid\" d=\"M{at} {}V{}\"/>", top - 2, height - 15);
        let _ = match tenth {
            0 => write!(svg, "<text class=\"axis\" x=\"{at}\" y=\"{y}\">{seconds} s</text>"),
            _ => write!(svg, "<text class=\"axis\" x=\"{at}\" y=\"{y}\">{seconds}.{tenth}</text>"),
        };
    }
}

/// Filled as far as it went, outlined as far as it will go, striped when its lease ran out.
fn bar(svg: &mut String, bar: &Bar, y: u64, x: &dyn Fn(u64) -> u64) {
    let [left, right, until] = [bar.from_us, bar.to_us, bar.until_us].map(x);
    let (width, whole) = ((right - left.min(right)).max(2), (until - left.min(until)).max(2));
    let kind = bar.kind.name();
    let _ = write!(svg, "<g data-kind=\"{kind}\"><title>{}</title>", escaped(&bar.title));
    if bar.kind == BarKind::Running {
        let _ = write!(
            svg,
            "<rect class=\"ahead\" x=\"{left}\" y=\"{y}\" width=\"{whole}\" height=\"16\"/>"
        );
    }
    let _ = match bar.kind {
        BarKind::Expired => {
            write!(svg, "<path class=\"bar\" d=\"M{left} {}h{width}\"/>", y + 8)
        }
        _ => write!(
            svg,
            "<rect class=\"bar\" x=\"{left}\" y=\"{y}\" width=\"{width}\" height=\"16\"/>"
        ),
    };
    if bar.kind == BarKind::Failed {
        let _ = write!(
            svg,
            "<path class=\"cross\" d=\"M{} {}l8 8m0 -8l-8 8\"/>",
            right.max(4) - 4,
            y + 4
        );
    }
    let words = &bar.words;
    let room = (words.chars().count() as u64 + 1) * LETTER;
    let y = y + 12;
    let _ = match bar.kind {
        BarKind::Done if room <= width => {
            write!(svg, "<text class=\"in\" x=\"{}\" y=\"{y}\">{words}</text>", right - 5)
        }
        _ if until + room < LEFT + WIDTH + 8 => {
            write!(svg, "<text class=\"beside\" x=\"{}\" y=\"{y}\">{words}</text>", until + 7)
        }
        // There is room for it before the bar, or it stands in its title alone.
        _ if left > LEFT + room => {
            write!(svg, "<text class=\"before\" x=\"{}\" y=\"{y}\">{words}</text>", left - 6)
        }
        _ => Ok(()),
    };
    *svg += "</g>";
}
