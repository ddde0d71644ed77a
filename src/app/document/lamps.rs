//! A lamp for every agent that something is asked of.

use engine::protocol::document::{Lamp, LampLayout, Lamps, Sign};
use engine::sim::AgentId;
use engine::view::stage::target::Target;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::sign::sign;
use super::{boolean, named, some};
use crate::app::page::Page;
use crate::app::panels::{point, target};

pub(super) fn lamps(page: Page, lamps: &Lamps) -> AnyView {
    let Lamps { id, label, layout, lamps } = lamps;
    let is_field = *layout == LampLayout::Field;
    let one = |(place, it): (usize, &Lamp)| {
        // A field of lamps is one stop for the Tab key: arrows walk in it.
        lamp(page, it, is_field, !is_field || place == 0)
    };
    let all = lamps.iter().enumerate().map(one).collect_view();
    let prompt = is_field.then(|| {
        let said: Vec<(AgentId, String)> =
            lamps.iter().map(|it| (it.agent, format!("{}: {}", it.name, it.said))).collect();
        view! { <p class="quiet named-lamp">{move || pointed_at(page, &said)}</p> }
    });
    view! {
        <ul class="lamps" data-layout=layout.name() data-testid=named(id) aria-label=*label
            on:mouseover=move |event| point(page, target(&event)) on:mouseleave=move |_| point(page, None)
            on:focusin=move |event| point(page, target(&event)) on:focusout=move |_| point(page, None)
            on:keydown=move |event| { if is_field { walk(&event) } }>{all}</ul>
        {prompt}
    }
    .into_any()
}

fn lamp(page: Page, lamp: &Lamp, is_field: bool, is_stop: bool) -> AnyView {
    let agent = lamp.agent;
    let mut label = format!("{}: {}", lamp.name, lamp.said);
    if !is_field {
        // What is said begins with what is seen, so that it can be called by its name.
        label = format!("{} {}: {label}", lamp.short, lamp.text);
    }
    if let Sign::Letter { letter, .. } = lamp.sign {
        label = format!("{letter} {label}");
    }
    let text = (!is_field).then(
        || view! { <span>{lamp.short.clone()}</span>" "<span class="quiet">{lamp.text.clone()}</span> },
    );
    let stop = if is_stop { "0" } else { "-1" };
    let chosen = boolean(lamp.chosen);
    view! {
        <li data-testid=format!("lamp-{}", lamp.name) data-agent=agent.0.to_string() data-status=lamp.status data-tint=some(lamp.tint.name())
            data-selected=chosen style:flex-grow=lamp.amount.to_string()>
            <button tabindex=stop aria-pressed=chosen aria-label=label on:click=move |_| page.select(Some(agent))>{sign(lamp.sign)}" "{text}</button>
        </li>
    }
    .into_any()
}

/// The name and words of the lamp under the pointer or the focus, else of the selected agent.
fn pointed_at(page: Page, said: &[(AgentId, String)]) -> String {
    let hovered = page.hovered.get().and_then(Target::agent);
    let Some(agent) = hovered.or(page.selected.get()) else {
        return "Point at a lamp to see whose it is.".to_owned();
    };
    said.iter().find(|(it, _)| *it == agent).map(|(_, said)| said.clone()).unwrap_or_default()
}

/// Arrows go from lamp to lamp.
fn walk(event: &KeyboardEvent) {
    let Some(lamp) = target(event).and_then(|it| it.closest("li").ok().flatten()) else { return };
    let parent = lamp.parent_element();
    let next = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => lamp.next_element_sibling(),
        "ArrowLeft" | "ArrowUp" => lamp.previous_element_sibling(),
        "Home" => parent.and_then(|it| it.first_element_child()),
        "End" => parent.and_then(|it| it.last_element_child()),
        _ => return,
    };
    // Not the page's keys here: they would step through time.
    event.stop_propagation();
    event.prevent_default();
    let button = next.and_then(|it| it.first_element_child());
    if let Some(button) = button.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}
