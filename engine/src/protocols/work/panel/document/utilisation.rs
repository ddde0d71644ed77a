//! The utilisation of agents over time.

use crate::common::figure::{percent, span};
use crate::protocol::document::{Curve, Series, Tick, Tint};
use crate::protocols::work::panel::load::Loads;

/// How much of what they can the agents carry over time: the further apart the lines, the less even.
pub(super) fn curve(loads: &Loads) -> Option<Curve> {
    let (now_us, [least, mean, most]) = *loads.course.last()?;
    let milliseconds = |us: u64| u32::try_from(us / 1_000).unwrap_or(u32::MAX);
    let of = [("most", 2, Tint::Plain), ("mean", 1, Tint::Accent), ("least", 0, Tint::Data)];
    let series = of.map(|(name, place, tint): (&str, usize, Tint)| {
        let points = loads.course.iter().map(|(us, shares)| (milliseconds(*us), shares[place]));
        Series {
            name: name.to_owned(),
            points: std::iter::once((0, 0)).chain(points).collect(),
            tint,
            is_stepped: true,
            ..Series::default()
        }
    });
    let tick = |at: u32, text: String| Tick { at, text };
    let [least, mean, most] = [least, mean, most].map(|permille| percent(permille.into(), 1_000));
    let now_ms = milliseconds(now_us).max(1);
    // Up to the next tenth: agents that can carry much are never near all of it.
    let peak = loads.course.iter().map(|(_, [.., most])| *most).max()?;
    let y_max = peak.max(1).div_ceil(100) * 100;
    Some(Curve {
        id: "utilisation",
        said: format!(
            "Utilisation over {}: now from {least} to {most}, {mean} on average",
            span(now_us)
        ),
        x_max: now_ms,
        y_max,
        x_ticks: vec![tick(0, "0".to_owned()), tick(now_ms, span(now_us))],
        y_ticks: [0, y_max].map(|at| tick(at, (at / 10).to_string())).into(),
        series: series.into(),
        ..Curve::default()
    })
}
