//! A run or scenario of a person's own: to open, rename, save and delete.

use engine::view::kept::{KeptEntry, NAME_MAX, when_words};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::{hide, live};
use crate::app::icons::{self, Icon, svg};
use crate::app::kept::{self, Held};
use crate::app::outside;
use crate::app::page::Page;

/// The state of a row.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Rest,
    /// Its name is being written.
    Naming,
    /// It is not kept any more, and can be brought back.
    Deleted,
}

/// A row: its key, and its text as it is kept, or was.
#[derive(Clone, Copy)]
pub(super) struct Own {
    key: StoredValue<String>,
    text: RwSignal<String>,
    at: RwSignal<At>,
}

impl Own {
    pub(super) fn new(key: String, text: String) -> Self {
        Self { key: StoredValue::new(key), text: RwSignal::new(text), at: RwSignal::new(At::Rest) }
    }

    /// Unique among all rows that there ever were: a row that is read anew is another one.
    pub(super) fn place(self) -> String {
        format!("{:?}", self.key)
    }

    fn key(self) -> String {
        self.key.get_value()
    }

    /// Goes to another state, with the keyboard where it goes on.
    fn turn(self, at: At, next: &'static str) {
        self.at.set(at);
        let row = format!("li[data-key=\"{}\"]", self.key());
        request_animation_frame(move || focus(&format!("{row} [data-testid={next}]")));
    }

    /// Keeps it as this text; where it does not fit that is said, and the list makes room for it.
    fn put(self, page: Page, text: String, next: &'static str) {
        if !kept::write(&self.key(), &text) {
            kept::say(page);
            return hide();
        }
        self.text.set(text);
        self.turn(At::Rest, next);
    }
}

/// The row.
pub(super) fn item(page: Page, own: Own) -> AnyView {
    let look = move || match own.at.get() {
        At::Rest => own.text.with(|text| row(page, own, &KeptEntry::read(text))),
        At::Naming => own.text.with(|text| naming(page, own, &KeptEntry::read(text))),
        At::Deleted => own.text.with(|text| deleted(page, own, &KeptEntry::read(text))),
    };
    view! { <li data-key=own.key()>{live(look)}</li> }.into_any()
}

/// The row of an entry: its name first, then the acts on it.
fn row(page: Page, own: Own, entry: &KeptEntry) -> AnyView {
    let title = entry.title().to_owned();
    // A name would be written into what nobody here can read.
    let is_broken = entry.is_broken();
    let about = match (is_broken, entry.name.is_empty()) {
        (true, _) => "Broken, or of another version: save or delete it".to_owned(),
        (false, true) => when(entry.when_ms),
        (false, false) => format!("{} · {}", entry.made, when(entry.when_ms)),
    };
    let current = if kept::is_held(page, &own.key()) { "true" } else { "false" };
    let open = move |_| {
        let key = own.key();
        let Some(text) = kept::read(&key) else { return };
        let entry = KeptEntry::read(&text);
        let held = Held { key, when_ms: entry.when_ms };
        page.open_text(entry.body, entry.title(), Some(held));
        hide();
    };
    let rename = act("rename", icons::RENAME, "Rename", format!("Rename {title}"), is_broken, {
        move || own.turn(At::Naming, "name")
    });
    let save =
        act("save", icons::SAVE, "Save as a file", format!("Save {title} as a file"), false, {
            move || {
                let text = own.text.get_untracked();
                let entry = KeptEntry::read(&text);
                outside::save(entry.file, entry.body);
            }
        });
    let delete = act("delete", icons::DELETE, "Delete", format!("Delete {title}"), false, {
        move || {
            kept::delete(&own.key());
            own.turn(At::Deleted, "undo");
        }
    });
    view! {
        <button data-act="open" data-testid="open" aria-current=current on:click=open><b>{title}</b><span>{about}</span></button>
        {rename}{save}{delete}
    }
    .into_any()
}

fn act(
    id: &'static str,
    icon: Icon,
    hint: &'static str,
    label: String,
    disabled: bool,
    press: impl Fn() + 'static,
) -> AnyView {
    view! { <button data-act=id data-testid=id title=hint aria-label=label disabled=disabled on:click=move |_| press()>{svg(icon)}</button> }
        .into_any()
}

fn naming(page: Page, own: Own, entry: &KeptEntry) -> AnyView {
    let decide = move |event: KeyboardEvent| match &*event.key() {
        "Enter" => {
            let name = event_target_value(&event);
            let text = own.text.with_untracked(|text| KeptEntry::read(text).renamed(&name));
            own.put(page, text, "rename");
        }
        "Escape" => {
            // It would close all of the list.
            event.prevent_default();
            own.turn(At::Rest, "rename");
        }
        _ => {}
    };
    view! {
        <input data-testid="name" aria-label="Name; Enter keeps it, Escape leaves it" maxlength=NAME_MAX.to_string() autocomplete="off" value=entry.title().to_owned() on:keydown=decide/>
    }
    .into_any()
}

fn deleted(page: Page, own: Own, entry: &KeptEntry) -> AnyView {
    let undo = move |_| own.put(page, own.text.get_untracked(), "delete");
    view! {
        <p role="status">{format!("Deleted: {}", entry.title())}</p><button class="link" data-act="undo" data-testid="undo" on:click=undo>"Undo"</button>
    }
    .into_any()
}

/// In the clock and the calendar of the browser.
fn when(when_ms: u64) -> String {
    let words = |date: js_sys::Date| String::from(date.to_string());
    when_words(&words(js_sys::Date::new_0()), &words(js_sys::Date::new(&(when_ms as f64).into())))
}

fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    let Some(found) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return };
    let _ = found.focus();
    if let Some(field) = found.dyn_ref::<HtmlInputElement>() {
        field.select();
    }
}
