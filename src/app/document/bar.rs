//! The bar of a whole.

use engine::protocol::document::{Bar, Segment, Threshold};
use leptos::prelude::*;

use super::{named, percent};

/// From here on the words stand left of the line, or they would leave the panel.
const LEFT_FROM_PERMILLE: u32 = 700;

pub(super) fn bar(bar: &Bar) -> AnyView {
    let words = bar.threshold.as_ref().map(|Threshold { permille, words }| {
        let class = if *permille > LEFT_FROM_PERMILLE { "needed left" } else { "needed" };
        view! { <span class=class style:left=percent(*permille)>{words.clone()}</span> }
    });
    let line = bar
        .threshold
        .as_ref()
        .map(|it| view! { <span class="threshold" style:left=percent(it.permille)></span> });
    let segment = |segment: &Segment| {
        let Segment { amount, tint, texture, label } = segment;
        view! {
            <span class="segment" data-texture=texture.name() data-tint=named(tint.name()) style:flex-grow=amount.to_string()>
                <span>{label.clone()}</span>
            </span>
        }
    };
    let segments = bar.segments.iter().map(segment).collect_view();
    view! {
        <div class="bar-figures"><span>{bar.words.clone()}</span>{words}</div>
        <div class="weights" aria-hidden="true" data-testid=named(bar.id)>{segments}{line}</div>
    }
    .into_any()
}
