//! Sentences and facts.

use engine::protocol::document::{Fact, Level, Sentence};
use leptos::prelude::*;

use super::{named, some};

pub(super) fn sentence(sentence: &Sentence) -> AnyView {
    let Sentence { id, strong, rest, level, tint } = sentence;
    let class = match level {
        Level::Spoken => "off-screen",
        Level::Lead | Level::Plain | Level::Quiet => "sentence",
    };
    let strong = some(strong).map(|strong| view! { <b>{strong}</b> });
    view! { <p class=class data-level=level.name() data-tint=named(tint.name()) data-testid=named(id)>{strong}{rest.clone()}</p> }
        .into_any()
}

pub(super) fn facts(facts: &[Fact]) -> AnyView {
    let fact = |fact: &Fact| {
        let Fact { label, lines, tint, changed } = fact;
        view! {
            <div data-row=*label data-changed=super::boolean(*changed)>
                <dt>{*label}</dt><dd data-tint=named(tint.name())>{lines.join("\n")}</dd>
            </div>
        }
    };
    view! { <dl class="facts">{facts.iter().map(fact).collect_view()}</dl> }.into_any()
}
