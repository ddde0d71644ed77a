//! Things to compare, each on a card.

use engine::protocol::document::{Card, Cards};
use leptos::prelude::*;

use super::press::press;
use super::sign::sign;
use super::{boolean, named, some};
use crate::app::page::Page;

pub(super) fn cards(page: Page, cards: &Cards) -> AnyView {
    let all = cards.cards.iter().map(|it| card(page, it)).collect_view();
    view! { <div class="cards" data-layout=cards.layout.name() data-testid=named(cards.id)>{all}</div> }
        .into_any()
}

fn card(page: Page, card: &Card) -> AnyView {
    let lines = card.lines.iter().map(|line| view! { <span class="quiet">{line.clone()}</span> });
    let code = some(&card.code).map(|code| view! { <code>{code}</code> });
    let words = view! {
        <span class="card-title"><b>{card.title.clone()}</b>{card.sign.map(sign)}</span>
        <span class="value">{card.value.clone()}</span>
        {lines.collect_view()}{code}
    };
    let (tint, loss) = (named(card.tint.name()), boolean(card.is_loss));
    match card.press.clone() {
        Some(pressed) => view! {
            <button class="card" data-tint=tint data-loss=loss aria-pressed=boolean(card.chosen) on:click=move |_| press(page, &pressed)>{words}</button>
        }
        .into_any(),
        None => view! { <div class="card" data-tint=tint data-loss=loss>{words}</div> }.into_any(),
    }
}
