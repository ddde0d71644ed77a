//! A lamp for every agent that something is asked of.

use engine::protocol::document::{Block, Document, Lamp, LampLayout, Lamps, Sign};
use engine::view::stage::target::Target;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::piece::{Shown, follow, pieces};
use super::sign::sign;
use super::{boolean, named};
use crate::app::controls::live;
use crate::app::page::Page;
use crate::app::panels::{point, target};

fn find(document: &Document, [block, _]: [usize; 2]) -> Option<&Lamps> {
    match document.blocks.get(block)? {
        Block::Lamps(lamps) => Some(lamps),
        _ => None,
    }
}

/// Whether two blocks differ in nothing but their lamps.
fn is_same_frame(one: &Lamps, other: &Lamps) -> bool {
    (one.id, one.label, one.layout) == (other.id, other.label, other.layout)
}

pub(super) fn lamps(page: Page, shown: Shown, block: usize) -> AnyView {
    let frame = follow(shown, [block, 0], find, is_same_frame);
    let of = move |look: fn(&Lamps) -> Option<&'static str>| {
        move || frame.with(|lamps| look(lamps.get()?))
    };
    let is_field = move || {
        let layout = frame.with(|lamps| lamps.get().map(|lamps| lamps.layout));
        layout == Some(LampLayout::Field)
    };
    let all = pieces(
        shown,
        block,
        |it, block| find(it, [block, 0]).map_or(0, |lamps| lamps.lamps.len()),
        |it, [block, place]| find(it, [block, 0])?.lamps.get(place),
        // A field of lamps is one stop for the Tab key: arrows walk in it.
        move |place, it| lamp(page, it, is_field(), !is_field() || place == 0),
    );
    let prompt = move || {
        let words = move || pointed_at(page, shown, block);
        is_field().then(|| view! { <p class="quiet named-lamp">{words}</p> })
    };
    let walk = move |event: KeyboardEvent| {
        if frame
            .with_untracked(|lamps| lamps.get().is_some_and(|it| it.layout == LampLayout::Field))
        {
            walk(&event);
        }
    };
    view! {
        <ul class="lamps" data-layout=of(|lamps| Some(lamps.layout.name())) data-testid=of(|lamps| named(lamps.id)) aria-label=of(|lamps| Some(lamps.label))
            on:mouseover=move |event| point(page, target(&event)) on:mouseleave=move |_| point(page, None)
            on:focusin=move |event| point(page, target(&event)) on:focusout=move |_| point(page, None)
            on:keydown=walk>{all}</ul>
        {live(prompt)}
    }
    .into_any()
}

fn lamp(page: Page, lamp: &Lamp, is_field: bool, is_stop: bool) -> AnyView {
    let agent = lamp.agent;
    let mut label = format!("{}: {}", lamp.name, lamp.said);
    if !is_field {
        // The spoken label begins with the visible text, so that a user can call the lamp by its name.
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
        <li data-testid=format!("lamp-{}", lamp.name) data-agent=agent.0.to_string() data-status=lamp.status data-tint=named(lamp.tint.name())
            data-selected=chosen style:flex-grow=lamp.amount.to_string()>
            <button tabindex=stop aria-pressed=chosen aria-label=label on:click=move |_| page.select(Some(agent))>{sign(lamp.sign)}" "{text}</button>
        </li>
    }
    .into_any()
}

/// The name and words of the lamp under the pointer or the focus, else of the selected agent.
fn pointed_at(page: Page, shown: Shown, block: usize) -> String {
    let hovered = page.hovered.get().and_then(Target::agent);
    let Some(agent) = hovered.or(page.selected.get()) else {
        return "Point at a lamp to see whose it is.".to_owned();
    };
    let said = shown.with(|it| {
        let lamps = find(it.as_deref()?, [block, 0])?;
        let lamp = lamps.lamps.iter().find(|lamp| lamp.agent == agent)?;
        Some(format!("{}: {}", lamp.name, lamp.said))
    });
    said.unwrap_or_default()
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
