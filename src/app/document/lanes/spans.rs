//! The stretches of lanes, and the axis they are read by.

use engine::protocol::document::{Span, SpanLook};
use leptos::prelude::*;

use super::{Axis, LEFT, LETTER, RIGHT};

/// How high a stretch is.
const HEIGHT: u64 = 16;
/// No more lines of the axis than this.
const LINES_MAX: u64 = 7;

/// A line for every so many seconds.
pub(super) fn grid(axis: &Axis) -> AnyView {
    let height = axis.height;
    let mut step_us = 100_000;
    for factor in [5, 2].into_iter().cycle() {
        if axis.span_us / step_us <= LINES_MAX {
            break;
        }
        step_us *= factor;
    }
    let line = |number: u64| {
        let at_us = number * step_us;
        let (seconds, tenth) = (at_us / 1_000_000, at_us / 100_000 % 10);
        let words = match tenth {
            0 => format!("{seconds} s"),
            _ => format!("{seconds}.{tenth}"),
        };
        let (x, top, bottom) = (axis.x(at_us), axis.first - 10, height - 15);
        view! {
            <path class="grid" d=format!("M{x} {top}V{bottom}")></path>
            <text class="axis" x=x.to_string() y=(height - 2).to_string()>{words}</text>
        }
    };
    let lines = (0..=axis.span_us / step_us).map(line).collect_view();
    view! { <g>{lines}</g> }.into_any()
}

/// Filled as far as it went, outlined as far as it will go, striped where its time ran out or it is paused.
pub(super) fn span(span: &Span, middle: u64, axis: &Axis) -> AnyView {
    let [left, right, until] = [span.from_us, span.to_us, span.until_us].map(|it| axis.x(it));
    let y = middle - HEIGHT / 2;
    let (width, whole) = (right.saturating_sub(left).max(2), until.saturating_sub(left).max(2));
    let rect = |class: &'static str, width: u64| {
        view! { <rect class=class x=left.to_string() y=y.to_string() width=width.to_string() height=HEIGHT.to_string()></rect> }
    };
    let ahead = (span.look == SpanLook::Running).then(|| rect("ahead", whole));
    let bar = match span.look {
        SpanLook::Expired | SpanLook::Paused => {
            view! { <path class="bar" d=format!("M{left} {middle}h{width}")></path> }.into_any()
        }
        _ => rect("bar", width).into_any(),
    };
    let cross = (span.look == SpanLook::Failed).then(|| {
        let x = right.max(4) - 4;
        view! { <path class="cross" d=format!("M{x} {}l8 8m0 -8l-8 8", y + 4)></path> }
    });
    let words = words(span, [left, until, width]).map(|(class, x)| {
        view! { <text class=class x=x.to_string() y=(middle + 4).to_string()>{span.text.clone()}</text> }
    });
    view! { <g class="span" data-look=span.look.name()><title>{span.said.clone()}</title>{ahead}{bar}{cross}{words}</g> }
        .into_any()
}

/// Where there is room for the words: in it, behind it or before it; else they stand in its title alone.
fn words(span: &Span, [left, until, width]: [u64; 3]) -> Option<(&'static str, u64)> {
    let room = (span.text.chars().count() as u64 + 1) * LETTER;
    match span.look {
        SpanLook::Done if room <= width => Some(("in", left + width - 5)),
        _ if until + room < RIGHT => Some(("beside", until + 7)),
        _ if left > LEFT + room => Some(("before", left - 6)),
        _ => None,
    }
}

/// A line to compare the others with, and where they end.
pub(super) fn compared(
    (name, spans, end_us): &(&'static str, Vec<Span>, u64),
    axis: &Axis,
) -> AnyView {
    let y = axis.bottom + 6;
    let one = |span: &Span| {
        let (left, right) = (axis.x(span.from_us), axis.x(span.to_us));
        let width = right.saturating_sub(left).saturating_sub(1);
        let text = (span.text.chars().count() as u64 * (LETTER - 1) <= width).then(|| {
            let middle = left + width / 2;
            view! { <text class="inside" x=middle.to_string() y=(y + 12).to_string()>{span.text.clone()}</text> }
        });
        view! {
            <rect class="bar" x=left.to_string() y=y.to_string() width=width.to_string() height=HEIGHT.to_string()></rect>{text}
        }
    };
    let spans = spans.iter().map(one).collect_view();
    let end = axis.x(*end_us);
    let mark = format!("M{end} {}V{y}", axis.bottom - 6);
    view! {
        <g class="span" data-look="alone"><text x="0" y=(y + 12).to_string()>{*name}</text>{spans}<path class="saved" d=mark></path></g>
    }
    .into_any()
}
