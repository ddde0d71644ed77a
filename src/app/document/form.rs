//! Forms: what is typed stays until something else is asked for.

use engine::protocol::document::{Block, Document, Field, Form, Input, Rare};
use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::named;
use super::piece::{Shown, follow};
use crate::app::controls::{each, live};
use crate::app::orders::order;
use crate::app::page::Page;
use crate::app::panels::target;

fn find(document: &Document, [block, _]: [usize; 2]) -> Option<&Form> {
    match document.blocks.get(block)? {
        Block::Form(form) => Some(form),
        _ => None,
    }
}

/// Whether two forms ask for the same.
fn asks_the_same(one: &Form, other: &Form) -> bool {
    let words = |it: &Form| (it.id, it.button, it.is_open, it.rare, it.fields.len());
    let mut fields = one.fields.iter().zip(&other.fields);
    (words(one), &one.title) == (words(other), &other.title)
        && fields.all(|(one, other)| one.asks_the_same(other))
}

pub(super) fn form(page: Page, shown: Shown, block: usize) -> AnyView {
    let form = follow(shown, [block, 0], find, asks_the_same);
    let of = move |look: fn(&Form) -> String| {
        move || form.with(|form| form.get().map(look)).unwrap_or_default()
    };
    let is = move |look: fn(&Form) -> bool| move || form.with(|form| form.get().is_some_and(look));
    let times = Memo::new(move |before: Option<&u64>| {
        form.track();
        before.map_or(0, |before| before + 1)
    });
    // Other fields are other elements: what was typed into these is not meant for those.
    let all = move || {
        let look =
            move || form.with_untracked(|form| form.get().map(|it| fields(it, shown, block)));
        vec![(times.get().to_string(), Box::new(move || look().into_any()) as Box<_>)]
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(form) = target(&event) {
            order(page, &form);
        }
    };
    view! {
        <details class="order" open=is(|form| form.is_open) hidden=is(|form| form.fields.is_empty())>
            <summary data-testid=of(|form| format!("{}-title", form.id))>{live(of(|form| form.title.clone()))}</summary>
            <form class="fields" data-order=of(|form| form.id.to_owned()) on:submit=submit>
                {each(all)}
                <button class="do" data-testid=of(|form| format!("{}-send", form.id))>{live(of(|form| form.button.to_owned()))}</button>
            </form>
        </details>
    }
    .into_any()
}

fn fields(form: &Form, shown: Shown, block: usize) -> AnyView {
    let some = |is_rare: bool| {
        let these = form.fields.iter().enumerate().filter(|(_, field)| field.is_rare == is_rare);
        let one =
            |(place, it): (usize, &Field)| field(form.id, it, renewed(it, shown, [block, place]));
        these.map(one).collect_view()
    };
    let has_rare = form.fields.iter().any(|field| field.is_rare);
    let rare = has_rare.then(|| match form.rare {
        Rare::Folded => {
            let known = format!("{}-more", form.id);
            view! { <details class="fields"><summary data-testid=known>"More"</summary>{some(true)}</details> }
                .into_any()
        }
        Rare::OfOwn => view! { <div class="fields own">{some(true)}</div> }.into_any(),
    });
    view! { <div class="fields">{some(false)}{rare}</div> }.into_any()
}

/// What is offered in a field now, where that is renewed.
fn renewed(field: &Field, shown: Shown, [block, place]: [usize; 2]) -> Option<Memo<String>> {
    let offered = move |_: Option<&String>| {
        let offered = shown
            .with(|it| Some(find(it.as_deref()?, [block, 0])?.fields.get(place)?.value.clone()));
        offered.unwrap_or_default()
    };
    field.is_renewed.then(|| Memo::new(offered))
}

fn field(id: &str, field: &Field, renewed: Option<Memo<String>>) -> AnyView {
    let Field { name, label, hint, value, input, .. } = field.clone();
    let known = format!("{id}-{name}");
    match input {
        Input::Ticks(ticks) if ticks.is_empty() => ().into_any(),
        Input::Ticks(ticks) => {
            let tick = |(words, is_ticked): (String, bool)| {
                let known = format!("{known}-{words}");
                view! { <label class="tick"><input type="checkbox" name=name data-testid=known value=words.clone() checked=is_ticked/>{words}</label> }
            };
            let ticks = ticks.into_iter().map(tick).collect_view();
            view! { <fieldset><legend>{label}</legend>{ticks}</fieldset> }.into_any()
        }
        Input::OneOf(options) => {
            let option = |(option, words): (String, String)| {
                let selected = option == value;
                view! { <option value=option selected=selected>{words}</option> }
            };
            let options = options.into_iter().map(option).collect_view();
            view! { <label><span>{label}</span><select name=name data-testid=known>{options}</select></label> }
                .into_any()
        }
        Input::Number => view! {
            <label><span>{label}</span><input name=name data-testid=known placeholder=named(hint) value=value inputmode="decimal" maxlength="20" autocomplete="off"/></label>
        }
        .into_any(),
        Input::Words(suggested) => {
            let list = (!suggested.is_empty()).then(|| known.clone());
            let option = |words: String| view! { <option value=words></option> };
            let options = suggested.into_iter().map(option).collect_view();
            let options = list.clone().map(|id| view! { <datalist id=id>{options}</datalist> });
            let value = move || renewed.map_or_else(|| value.clone(), |it| it.get());
            view! {
                <label><span>{label}</span><input name=name data-testid=known placeholder=named(hint) prop:value=value list=list maxlength="200" autocomplete="off"/></label>
                {options}
            }
            .into_any()
        }
    }
}
