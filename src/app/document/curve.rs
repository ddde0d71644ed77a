//! Lines over a common axis.

use engine::protocol::document::{Band, Curve, Series, Tick};
use leptos::prelude::*;

use super::{named, some};

/// The picture's size in its own units; what is beside and below the lines is room for names.
const WIDTH: u32 = 332;
const HEIGHT: u32 = 110;
const TOP: u32 = 10;
const TICKS_LEFT: u32 = 30;
const BANDS_LEFT: u32 = 76;
const RIGHT: u32 = 12;
const NAMES_RIGHT: u32 = 120;
const TICKS_BELOW: u32 = 20;
/// From name to name at the ends of lines.
const NAME_PITCH: u32 = 14;
/// Points nearer to each other than this are smaller.
const POINT_PITCH: u32 = 10;

/// Where things are.
struct Plot<'a> {
    curve: &'a Curve,
    left: u32,
    right: u32,
}

impl Plot<'_> {
    fn x(&self, place: u32) -> u32 {
        let width = u64::from(self.right - self.left);
        let part = u64::from(place.min(self.curve.x_max)) * width;
        self.left + (part / u64::from(self.curve.x_max.max(1))) as u32
    }

    fn y(&self, value: u32) -> u32 {
        let Curve { y_min, y_max, .. } = *self.curve;
        let below = u64::from(y_max.saturating_sub(value.max(y_min)));
        let span = u64::from(y_max.saturating_sub(y_min).max(1));
        TOP + (below * u64::from(HEIGHT) / span) as u32
    }
}

pub(super) fn curve(curve: &Curve) -> AnyView {
    let has_names = curve.series.iter().any(|it| !it.name.is_empty());
    let plot = Plot {
        curve,
        left: if curve.bands.is_empty() { TICKS_LEFT } else { BANDS_LEFT },
        right: WIDTH - if has_names { NAMES_RIGHT } else { RIGHT },
    };
    let below = if curve.x_ticks.is_empty() { 8 } else { TICKS_BELOW };
    let bands = curve.bands.iter().map(|it| band(&plot, it)).collect_view();
    let rows = curve.y_ticks.iter().map(|it| row(&plot, it)).collect_view();
    let columns = curve.x_ticks.iter().map(|it| column(&plot, it)).collect_view();
    let marks = curve.marks_x.iter().map(|at| {
        view! { <path class="mark" d=format!("M{} {TOP}v{HEIGHT}", plot.x(*at))></path> }
    });
    let lines = curve.series.iter().map(|it| line(&plot, it)).collect_view();
    let (role, hidden) =
        if curve.said.is_empty() { (None, Some("true")) } else { (Some("img"), None) };
    view! {
        <div class="curve" data-testid=named(curve.id) role=role aria-hidden=hidden aria-label=some(&curve.said)>
            <svg viewBox=format!("0 0 {WIDTH} {}", TOP + HEIGHT + below)>{bands}{rows}{columns}{marks.collect_view()}{lines}{names(&plot)}</svg>
        </div>
    }
    .into_any()
}

fn band(plot: &Plot, band: &Band) -> AnyView {
    let (top, low) = (plot.y(band.y_high), plot.y(band.y_low));
    let height = low.saturating_sub(top);
    let name = (height > 13).then(|| {
        let middle = top + height / 2 + 4;
        view! { <text x="4" y=middle.to_string()>{band.name}</text> }
    });
    view! {
        <g class="band"><rect x="0" y=top.to_string() width=WIDTH.to_string() height=height.to_string()></rect>{name}</g>
    }
    .into_any()
}

fn row(plot: &Plot, tick: &Tick) -> AnyView {
    let y = plot.y(tick.at);
    let (grid, x, y) = (format!("M{} {y}H{}", plot.left, plot.right), plot.left - 6, y + 4);
    view! { <g><path class="grid" d=grid></path><text x=x.to_string() y=y.to_string() text-anchor="end">{tick.text.clone()}</text></g> }
        .into_any()
}

fn column(plot: &Plot, tick: &Tick) -> AnyView {
    let y = TOP + HEIGHT + 16;
    view! { <text x=plot.x(tick.at).to_string() y=y.to_string() text-anchor="middle">{tick.text.clone()}</text> }
        .into_any()
}

fn line(plot: &Plot, series: &Series) -> AnyView {
    let mut path = String::new();
    for (x, y) in &series.points {
        let (x, y) = (plot.x(*x), plot.y(*y));
        path += &match (path.is_empty(), series.is_stepped) {
            (true, _) => format!("M{x} {y}"),
            (false, true) => format!("H{x}V{y}"),
            (false, false) => format!("L{x} {y}"),
        };
    }
    if series.is_stepped {
        path += &format!("H{}", plot.right);
    }
    let last = series.points.last().map(|(_, y)| (plot.right, plot.y(*y), 3));
    let radius = if plot.x(1) - plot.x(0) < POINT_PITCH { 2 } else { 4 };
    let dots: Vec<(u32, u32, u32)> = match (series.has_dots, series.is_stepped) {
        (true, _) => series.points.iter().map(|(x, y)| (plot.x(*x), plot.y(*y), radius)).collect(),
        (false, true) => last.into_iter().collect(),
        (false, false) => Vec::new(),
    };
    let dot = |(x, y, r): (u32, u32, u32)| view! { <circle cx=x.to_string() cy=y.to_string() r=r.to_string()></circle> };
    let class = if series.is_model { "line model" } else { "line" };
    view! {
        <g class=class data-tint=named(series.tint.name())><path d=path></path>{dots.into_iter().map(dot).collect_view()}</g>
    }
    .into_any()
}

/// Each at the end of its line, where they do not cover one another.
fn names(plot: &Plot) -> AnyView {
    let end = |it: &Series| it.points.last().map_or(TOP, |(_, y)| plot.y(*y));
    let mut ends: Vec<(u32, &Series)> = plot.curve.series.iter().map(|it| (end(it), it)).collect();
    ends.retain(|(_, series)| !series.name.is_empty());
    ends.sort_by_key(|(y, _)| *y);
    // Down to where each has room, and up again from the axis, below which its own words stand.
    let mut free = 10;
    for (y, _) in &mut ends {
        *y = (*y + 4).max(free);
        free = *y + NAME_PITCH;
    }
    let mut lowest = TOP + HEIGHT + 4;
    for (y, _) in ends.iter_mut().rev() {
        *y = (*y).min(lowest);
        lowest = y.saturating_sub(NAME_PITCH);
    }
    let name = |(at, series): (u32, &Series)| {
        let x = plot.right + 9;
        view! { <text class="end" data-tint=named(series.tint.name()) x=x.to_string() y=at.to_string()>{series.name.clone()}</text> }
    };
    ends.into_iter().map(name).collect_view().into_any()
}
