//! Items one after the other.

use engine::protocol::document::{Item, List, ListLayout};
use leptos::prelude::*;

use super::press::press;
use super::sign::sign;
use super::{boolean, named, some};
use crate::app::page::Page;

pub(super) fn list(page: Page, list: &List) -> AnyView {
    let List { id, title, label, layout, is_small, items } = list;
    let start = match layout {
        ListLayout::Numbered(first) => format!("step {}", first.saturating_sub(1)),
        _ => String::new(),
    };
    let title = some(title).map(|title| view! { <h3>{title}</h3> });
    let items = items.iter().map(|it| item(page, it)).collect_view();
    view! {
        {title}
        <ul class="list" data-layout=layout.name() data-small=boolean(*is_small) data-testid=named(id) aria-label=some(label) style:counter-reset=start>{items}</ul>
    }
    .into_any()
}

fn item(page: Page, item: &Item) -> AnyView {
    let words = view! {
        {item.sign.map(sign)}
        {item.count.map(|count| view! { <b>{count.to_string()}</b> })}
        <span class="name">{item.text.clone()}</span>
    };
    let said =
        some(item.said).map(|said| view! { <span class="off-screen">{format!(": {said}")}</span> });
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
    view! { <li data-testid=some(&item.id) data-status=some(item.status) data-tint=some(item.tint.name()) title=some(&item.hint)>{words}</li> }
        .into_any()
}
