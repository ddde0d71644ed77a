//! Controls, each made in one place: what Leptos compiles for an element it compiles again for each
//! closure in it, so that a button written out anew costs the download about a kilobyte.

use std::sync::Arc;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::tachys::view::keyed::keyed;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::icons::{Icon, picture};

/// Something that follows what it reads: lighter than a signal, and enough for a view.
pub type Read<T> = Arc<dyn Fn() -> T + Send + Sync>;

/// A button: a picture, words, or both.
pub struct Button {
    id: String,
    class: &'static str,
    label: Option<Read<&'static str>>,
    icon: Option<Read<Icon>>,
    words: Option<Read<String>>,
    pressed: Option<Read<bool>>,
    disabled: Option<Read<bool>>,
    press: Box<dyn Fn()>,
}

impl Button {
    /// `id` is what tests find it by.
    pub fn new(id: impl Into<String>, press: impl Fn() + 'static) -> Self {
        Self {
            id: id.into(),
            class: "",
            label: None,
            icon: None,
            words: None,
            pressed: None,
            disabled: None,
            press: Box::new(press),
        }
    }

    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// Names the button where it has no words of its own.
    pub fn label(self, label: &'static str) -> Self {
        self.labelled(Arc::new(move || label))
    }

    pub fn labelled(self, label: Read<&'static str>) -> Self {
        Self { label: Some(label), ..self }
    }

    pub fn icon(self, icon: Icon) -> Self {
        self.pictured(Arc::new(move || icon))
    }

    pub fn pictured(self, icon: Read<Icon>) -> Self {
        Self { icon: Some(icon), ..self }
    }

    pub fn says(self, words: impl Into<String>) -> Self {
        let words = words.into();
        self.words(Arc::new(move || words.clone()))
    }

    pub fn words(self, words: Read<String>) -> Self {
        Self { words: Some(words), ..self }
    }

    /// Makes it one that is on or off.
    pub fn pressed(self, pressed: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { pressed: Some(Arc::new(pressed)), ..self }
    }

    pub fn disabled(self, disabled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { disabled: Some(Arc::new(disabled)), ..self }
    }

    pub fn view(self) -> AnyView {
        let Self { id, class, label, icon, words, pressed, disabled, press } = self;
        let label = move || label.as_ref().map(|label| label());
        let pressed =
            move || pressed.as_ref().map(|pressed| if pressed() { "true" } else { "false" });
        let disabled = move || disabled.as_ref().is_some_and(|disabled| disabled());
        let picture = icon.map(|icon| {
            view! { <span class="glyph" aria-hidden="true">{live(move || picture(icon()))}</span> }
        });
        view! {
            <button class=class data-testid=id title=label.clone() aria-label=label aria-pressed=pressed disabled=disabled
                on:click=move |_| press()>{picture}{live(move || words.as_ref().map(|words| words()))}</button>
        }
        .into_any()
    }
}

/// A piece of the page that changes with what it reads. All such pieces are of one type: each type more is
/// code to download.
pub fn live<V: IntoView + 'static>(look: impl Fn() -> V + Send + 'static) -> AnyView {
    fn erased(look: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        (move || look()).into_any()
    }
    erased(Box::new(move || look().into_any()))
}

/// An item of a list: its key, and what makes it.
pub type Item = (String, Box<dyn FnOnce() -> AnyView + Send>);

/// A list whose items keep their place in the document while their key stays the same. Leptos' own
/// `For` would keep a trace of each item for as long as the list lives, and a log never ends: here
/// items belong to nobody but the list, and go with all that is theirs. One type for all lists.
pub fn each(items: impl Fn() -> Vec<Item> + Send + 'static) -> AnyView {
    fn erased(items: Box<dyn Fn() -> Vec<Item> + Send>) -> AnyView {
        let item = |_, (_, look): Item| {
            let owner = without_parent();
            let view = owner.with(look);
            ((|_| ()) as fn(usize), OwnedView::new_with_owner(view, owner))
        };
        let keyed = move || keyed(items(), |item: &Item| item.0.clone(), item);
        keyed.into_any()
    }
    erased(Box::new(items))
}

/// An owner that no other one remembers.
fn without_parent() -> Owner {
    let current = Owner::current();
    if let Some(current) = &current {
        current.clone().unset();
    }
    let owner = Owner::new();
    if let Some(current) = current {
        current.set();
    }
    owner
}

/// One of several, by its value: a list that unfolds.
pub struct Choice {
    pub id: &'static str,
    pub label: &'static str,
    /// Value and words of each.
    pub options: Memo<Vec<(String, String)>>,
    pub chosen: Memo<String>,
    pub choose: Box<dyn Fn(String)>,
}

impl Choice {
    pub fn view(self) -> AnyView {
        let Self { id, label, options, chosen, choose } = self;
        let option = move |(value, words): (String, String)| {
            let is = value.clone();
            let selected = move || chosen.with(|chosen| *chosen == is);
            view! { <option value=value prop:selected=selected>{words}</option> }
        };
        view! {
            <select aria-label=label data-testid=id on:change=move |event| choose(event_target_value(&event))>
                {live(move || options.get().into_iter().map(option).collect_view())}
            </select>
        }
        .into_any()
    }
}

/// Gives this control the keyboard's focus, once what was pressed has had its effect.
pub fn focus(id: String) {
    let find = move || {
        let found = document().query_selector(&format!("[data-testid=\"{id}\"]"));
        if let Some(found) = found.ok().flatten().and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = found.focus();
        }
    };
    Timeout::new(0, find).forget();
}
