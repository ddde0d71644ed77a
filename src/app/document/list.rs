//! Items one after the other.

use engine::protocol::document::{Block, Document, Item, List, ListLayout};
use leptos::prelude::*;

use super::piece::{Shown, follow, pieces};
use super::press::press;
use super::sign::sign;
use super::{boolean, named, some};
use crate::app::controls::live;
use crate::app::page::Page;

fn find(document: &Document, [block, _]: [usize; 2]) -> Option<&List> {
    match document.blocks.get(block)? {
        Block::List(list) => Some(list),
        _ => None,
    }
}

/// Whether two lists differ in nothing but their items.
fn is_same_frame(one: &List, other: &List) -> bool {
    let frame = |list: &List| (list.id, list.title, list.label, list.layout, list.is_small);
    frame(one) == frame(other)
}

pub(super) fn list(page: Page, shown: Shown, block: usize) -> AnyView {
    let frame = follow(shown, [block, 0], find, is_same_frame);
    let of =
        move |look: fn(&List) -> Option<&'static str>| move || frame.with(|list| look(list.get()?));
    let start = move || {
        let layout = frame.with(|list| list.get().map(|list| list.layout));
        match layout {
            Some(ListLayout::Numbered(first)) => {
                format!("counter-reset:step {}", first.saturating_sub(1))
            }
            _ => String::new(),
        }
    };
    let title = of(|list| named(list.title));
    let title = move || title().map(|title| view! { <h3>{title}</h3> });
    let items = pieces(
        shown,
        block,
        |it, block| find(it, [block, 0]).map_or(0, |list| list.items.len()),
        |it, [block, place]| find(it, [block, 0])?.items.get(place),
        move |_, it| item(page, it),
    );
    view! {
        {live(title)}
        <ul class="list" data-layout=of(|list| Some(list.layout.name())) data-small=of(|list| Some(boolean(list.is_small)))
            data-testid=of(|list| named(list.id)) aria-label=of(|list| named(list.label)) style=start>{items}</ul>
    }
    .into_any()
}

fn item(page: Page, item: &Item) -> AnyView {
    let words = view! {
        {item.sign.map(sign)}
        {item.count.map(|count| view! { <b>{count.to_string()}</b> })}
        <span class="name">{item.text.clone()}</span>
    };
    let said = named(item.said)
        .map(|said| view! { <span class="off-screen">{format!(": {said}")}</span> });
    let note = some(&item.note).map(|note| view! { " "<span class="quiet">{note}</span> });
    let words = match item.press.clone() {
        Some(pressed) => {
            let go = some(&item.id).map(|id| format!("{id}-go"));
            let chosen = item.chosen.map(boolean);
            view! { <button data-testid=go aria-pressed=chosen title=some(&item.hint) on:click=move |_| press(page, &pressed)>{words}{note}</button>{said} }
                .into_any()
        }
        None => view! { {words}{said}{note} }.into_any(),
    };
    view! { <li data-testid=some(&item.id) data-status=named(item.status) data-tint=named(item.tint.name()) title=some(&item.hint)>{words}</li> }
        .into_any()
}
