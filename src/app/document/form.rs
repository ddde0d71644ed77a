//! Forms: what is typed stays until something else is asked for.

use std::sync::Arc;

use engine::protocol::document::{
    Block, Choosable, Document, Field, Form, FormPlace, Input, Rare, Rows,
};
use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::named;
use super::piece::{Shown, follow};
use crate::app::controls::{each, live};
use crate::app::forms::send;
use crate::app::page::Page;
use crate::app::panels::target;

fn find(document: &Document, [block, _]: [usize; 2]) -> Option<&Form> {
    match document.blocks.get(block)? {
        Block::Form(form) => Some(form),
        _ => None,
    }
}

pub(super) fn form(page: Page, shown: Shown, block: usize) -> AnyView {
    let form = follow(shown, [block, 0], find, Form::asks_the_same);
    let sent = follow(shown, [block, 0], find, |one, other| one.button == other.button);
    let of = move |look: fn(&Form) -> String| {
        move || form.with(|form| form.get().map(look)).unwrap_or_default()
    };
    let button = move || sent.with(|form| form.get().map(|form| form.button.clone()));
    let is_hidden = move || form.with(|form| form.get().is_none_or(Form::is_empty));
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
        let form = form.with_untracked(|form| form.get().cloned());
        if let (Some(element), Some(form)) = (target(&event), form) {
            send(page, &element, &form);
        }
    };
    let inside = view! {
        {each(all)}
        <button class="do" data-testid=of(|form| format!("{}-send", form.id))>{live(button)}</button>
    };
    let order = of(|form| form.id.to_owned());
    let place = form.with_untracked(|form| form.get().map(|form| form.place)).unwrap_or_default();
    match place {
        FormPlace::Dialog => {
            view! { <form class="form" data-order=order on:submit=submit>{inside}</form> }.into_any()
        }
        FormPlace::Plain => {
            view! { <form class="fields plain" hidden=is_hidden data-order=order on:submit=submit>{inside}</form> }
                .into_any()
        }
        FormPlace::Folded | FormPlace::Unfolded => view! {
            <details class="order" open=place == FormPlace::Unfolded hidden=is_hidden>
                <summary data-testid=of(|form| format!("{}-title", form.id))>{live(of(|form| form.title.clone()))}</summary>
                <form class="fields" data-order=order on:submit=submit>{inside}</form>
            </details>
        }
        .into_any(),
    }
}

/// Fields that stand together.
#[derive(Clone, Copy)]
struct Group {
    /// The form's id.
    id: &'static str,
    /// They stand in a row, without their labels.
    is_row: bool,
    /// The value of each field, kept up to date where one of several options is chosen.
    chosen: RwSignal<Vec<(&'static str, String)>>,
}

impl Group {
    fn new<'a>(id: &'static str, is_row: bool, fields: impl Iterator<Item = &'a Field>) -> Self {
        let chosen = fields.map(|field| (field.name, field.value.clone())).collect();
        Self { id, is_row, chosen: RwSignal::new(chosen) }
    }

    fn choose(self, name: &'static str, value: String) {
        self.chosen.update(|chosen| {
            chosen.retain(|(other, _)| *other != name);
            chosen.push((name, value));
        });
    }

    /// The options that go with what is chosen in the field of this name.
    fn options(self, name: &str, all: &[(String, Vec<Choosable>)]) -> Vec<Choosable> {
        let options = self.chosen.with(|chosen| {
            let (_, value) = chosen.iter().find(|(other, _)| *other == name)?;
            all.iter().find(|(other, _)| other == value).map(|(_, options)| options.clone())
        });
        options.unwrap_or_default()
    }
}

fn fields(form: &Form, shown: Shown, block: usize) -> AnyView {
    let group = Group::new(form.id, false, form.fields.iter());
    let some = |is_rare: bool| {
        let these = form.fields.iter().enumerate().filter(|(_, field)| field.is_rare == is_rare);
        let one =
            |(place, it): (usize, &Field)| field(group, it, renewed(it, shown, [block, place]));
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
    let rows = form.rows.clone().map(|it| rows(form.id, it));
    view! { <div class="fields">{some(false)}{rare}{rows}</div> }.into_any()
}

fn rows(id: &'static str, Rows { first, other, add, remove }: Rows) -> AnyView {
    let others = RwSignal::new(Vec::<u32>::new());
    let more = move |_| {
        others.update(|others| others.push(others.last().map_or(0, |last| last + 1)));
    };
    let more = (!other.is_empty()).then(|| {
        view! { <button type="button" class="link" data-testid=format!("{id}-also") on:click=more>{add}</button> }
    });
    let other: Arc<[Field]> = other.into();
    let all = move || {
        let one = |number: u32| {
            let other = other.clone();
            let drop = move |_| others.update(|others| others.retain(|it| *it != number));
            let look = move || {
                let without = view! { <button type="button" data-without aria-label=remove on:click=drop>"✕"</button> };
                row(id, &other, without.into_any())
            };
            (number.to_string(), Box::new(look) as Box<_>)
        };
        others.get().into_iter().map(one).collect()
    };
    view! { <div class="rows">{row(id, &first, ().into_any())}{each(all)}{more}</div> }.into_any()
}

/// A row of fields, with what stands after the first.
fn row(id: &'static str, fields: &[Field], after_first: AnyView) -> AnyView {
    let group = Group::new(id, true, fields.iter());
    let mut views = fields.iter().map(|it| field(group, it, None));
    let first = views.next();
    view! { <div class="row">{first}{after_first}{views.collect_view()}</div> }.into_any()
}

/// The value that is offered in a field now, where that is renewed.
fn renewed(field: &Field, shown: Shown, [block, place]: [usize; 2]) -> Option<Memo<String>> {
    let offered = move |_: Option<&String>| {
        let offered = shown
            .with(|it| Some(find(it.as_deref()?, [block, 0])?.fields.get(place)?.value.clone()));
        offered.unwrap_or_default()
    };
    field.is_renewed.then(|| Memo::new(offered))
}

fn field(group: Group, field: &Field, renewed: Option<Memo<String>>) -> AnyView {
    let Field { name, label, hint, value, input, is_required, letters_max, .. } = field.clone();
    let known = format!("{}-{name}", group.id);
    let said = group.is_row.then_some(label);
    let control = match input {
        Input::Ticks(ticks) => return self::ticks(&known, name, label, ticks),
        Input::Given => view! { <output name=name data-testid=known>{value}</output> }.into_any(),
        Input::OneOf(options) => {
            let choose = move |event| group.choose(name, event_target_value(&event));
            let option = |(option, words): Choosable| {
                let selected = option == value;
                view! { <option value=option selected=selected>{words}</option> }
            };
            let options = options.into_iter().map(option).collect_view();
            view! { <select name=name data-testid=known aria-label=said on:change=choose>{options}</select> }
                .into_any()
        }
        Input::OneFor { field, options } => {
            let options = Memo::new(move |_| group.options(field, &options));
            let option = |(option, words): Choosable| view! { <option value=option>{words}</option> };
            let options = live(move || options.get().into_iter().map(option).collect_view());
            view! { <select name=name data-testid=known aria-label=said>{options}</select> }.into_any()
        }
        Input::Number => view! {
            <input name=name data-testid=known aria-label=said placeholder=named(hint) value=value required=is_required inputmode="decimal" maxlength="20" autocomplete="off"/>
        }
        .into_any(),
        Input::Steps { least, most, step } => view! {
            <input name=name type="number" data-testid=known aria-label=said value=value required=is_required min=least max=most step=step/>
        }
        .into_any(),
        Input::Words(suggested) => {
            let list = (!suggested.is_empty()).then(|| known.clone());
            let option = |words: String| view! { <option value=words></option> };
            let options = suggested.into_iter().map(option).collect_view();
            let options = list.clone().map(|id| view! { <datalist id=id>{options}</datalist> });
            let value = move || renewed.map_or_else(|| value.clone(), |it| it.get());
            view! {
                <input name=name data-testid=known aria-label=said placeholder=named(hint) prop:value=value required=is_required list=list maxlength=letters_max.to_string() autocomplete="off"/>
                {options}
            }
            .into_any()
        }
    };
    if group.is_row {
        return control;
    }
    view! { <label><span>{label}</span>{control}</label> }.into_any()
}

/// Boxes to tick; nothing where there are none.
fn ticks(
    known: &str,
    name: &'static str,
    label: &'static str,
    ticks: Vec<(String, bool)>,
) -> AnyView {
    if ticks.is_empty() {
        return ().into_any();
    }
    let tick = |(words, is_ticked): (String, bool)| {
        let known = format!("{known}-{words}");
        view! { <label class="tick"><input type="checkbox" name=name data-testid=known value=words.clone() checked=is_ticked/>{words}</label> }
    };
    let ticks = ticks.into_iter().map(tick).collect_view();
    view! { <fieldset><legend>{label}</legend>{ticks}</fieldset> }.into_any()
}
