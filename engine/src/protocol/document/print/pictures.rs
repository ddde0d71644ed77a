//! Bars, curves, lanes and graphs as text.

use super::super::{Bar, Curve, Graph, Lane, Lanes, Node, Series, Texture, Tint};
use super::one_line;

/// How wide a curve of more points is.
const CURVE_WIDTH: usize = 40;

/// How wide the bar of a whole is.
const BAR_WIDTH: usize = 40;

/// The character that fills a stretch of this look.
pub(super) const fn fill(tint: Tint, texture: Texture) -> char {
    match (texture, tint) {
        (Texture::Solid, Tint::Against | Tint::Data) => '▓',
        (Texture::Solid, Tint::Abstain) => '▒',
        (Texture::Solid, _) => '█',
        (Texture::Hatched, _) => '/',
        (Texture::Dashed, _) => '~',
        (Texture::Dotted, _) => '.',
        (Texture::Pale, _) => '░',
    }
}

/// The stretches of a bar; the whole bar takes `width` letters.
pub(super) fn stretches(
    parts: impl Iterator<Item = (u64, Tint, Texture)>,
    whole: u64,
    width: usize,
) -> String {
    let place = |amount: u64| (amount * width as u64).checked_div(whole).unwrap_or(0);
    let (mut drawn, mut before) = (String::new(), 0);
    for (amount, tint, texture) in parts {
        let after = before + amount;
        let letters = place(after).saturating_sub(place(before));
        drawn.extend(core::iter::repeat_n(fill(tint, texture), letters as usize));
        before = after;
    }
    drawn
}

pub(super) fn bar(bar: &Bar) -> Vec<String> {
    let whole = bar.segments.iter().map(|it| it.amount).sum();
    let parts = bar.segments.iter().map(|it| (it.amount, it.tint, it.texture));
    let mut drawn: Vec<char> = stretches(parts, whole, BAR_WIDTH).chars().collect();
    let mut words = one_line(&bar.words);
    if let Some(threshold) = &bar.threshold {
        let place = threshold.permille as usize * drawn.len() / 1_000;
        drawn.insert(place.min(drawn.len()), '|');
        words += &format!(" | {}", one_line(&threshold.words));
    }
    vec![format!("[{}] {words}", drawn.iter().collect::<String>())]
}

const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Each line of a curve as small columns.
pub(super) fn curve(curve: &Curve) -> Vec<String> {
    let span = curve.y_max.saturating_sub(curve.y_min).max(1);
    let letter = |y: u32| {
        let above = u64::from(y.clamp(curve.y_min, curve.y_max) - curve.y_min);
        HEIGHTS[(above * (HEIGHTS.len() as u64 - 1) / u64::from(span)) as usize]
    };
    // Of many points, those that stand at places equally far apart.
    let at = |series: &Series, place: usize| {
        let x = u64::from(curve.x_max) * place as u64 / CURVE_WIDTH as u64;
        let before = series.points.partition_point(|(it, _)| u64::from(*it) <= x);
        series.points.get(before.checked_sub(1)?).map(|(_, y)| *y)
    };
    let line = |series: &Series| {
        let drawn: String = match series.points.len() {
            0..=CURVE_WIDTH => series.points.iter().map(|(_, y)| letter(*y)).collect(),
            _ => (1..=CURVE_WIDTH).filter_map(|place| Some(letter(at(series, place)?))).collect(),
        };
        let model = if series.is_model { " expected" } else { "" };
        let name = if series.name.is_empty() { String::new() } else { format!(" {}", series.name) };
        format!("{drawn}{model}{}", one_line(&name))
    };
    curve.series.iter().map(line).collect()
}

fn seconds(time_us: u64) -> String {
    format!("{}.{:03}", time_us / 1_000_000, time_us / 1_000 % 1_000)
}

/// The lanes, each with its stretches and moments.
pub(super) fn lanes(lanes: &Lanes) -> Vec<String> {
    let width = lanes.lanes.iter().map(|lane| lane.name.chars().count()).max().unwrap_or(0);
    let line = |(place, lane): (usize, &Lane)| {
        let spans = lane.spans.iter().map(|span| {
            format!("{} s to {} s {}", seconds(span.from_us), seconds(span.until_us), span.said)
        });
        let dots = lanes.dots.iter().filter(|dot| dot.lane == place && !dot.text.is_empty());
        let dots = dots.map(|dot| format!("{} s {}", seconds(dot.time_us), dot.text));
        let told: Vec<String> = spans.chain(dots).map(|it| one_line(&it)).collect();
        format!("{:width$}  {}", one_line(&lane.name), told.join(", "))
    };
    lanes.lanes.iter().enumerate().map(line).collect()
}

/// Its nodes, the upper layers first.
pub(super) fn graph(graph: &Graph) -> Vec<String> {
    let mut nodes: Vec<&Node> = graph.nodes.iter().collect();
    nodes.sort_by_key(|node| (node.layer, node.x));
    let line = |node: &Node| {
        let [one, other] = &node.lines;
        one_line(&format!("{}{} {one} {other}", "  ".repeat(node.layer), node.title))
    };
    nodes.into_iter().map(line).collect()
}
