//! The list of scenarios: those of the gallery, and a person's own.

mod own;

use engine::scenario::gallery;
use engine::view::kept::UNNAMED_MAX;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement};

use self::own::{Own, item};
use super::controls::{each, live};
use super::kept::{self, FORBIDDEN};
use super::page::Page;
use super::share::FILE_INPUT;

/// Its id, and those of its two lists.
const MENU: &str = "scenarios";
const OWN: &str = "yours";
const GALLERY: &str = "gallery";

/// The contents of the list; read anew whenever it is opened.
#[derive(Clone, Copy)]
pub struct Menu {
    page: Page,
    /// The list that is in front.
    list: RwSignal<&'static str>,
    /// The scenario that is open.
    shown: RwSignal<String>,
    /// A person's own; none where the browser keeps nothing.
    own: RwSignal<Option<Vec<Own>>>,
}

impl Menu {
    pub fn new(page: Page) -> Self {
        Self {
            page,
            list: RwSignal::new(GALLERY),
            shown: RwSignal::new(String::new()),
            own: RwSignal::new(Some(Vec::new())),
        }
    }

    /// Reads what is kept.
    pub fn read(self) {
        kept::update(self.page);
        let shown = self.page.snapshot.with_untracked(|shot| shot.cast.scenario.clone());
        self.shown.set(shown);
        let own = kept::all().map(|all| all.into_iter().map(|(key, text)| Own::new(key, text)));
        self.own.set(own.map(Iterator::collect));
    }

    /// Brings one of the lists to the front.
    fn turn_to(self, list: &'static str) {
        self.list.set(list);
        self.read();
    }
}

/// The scenarios, what is a person's own, and a way to open one from a file.
#[component]
pub fn ScenarioMenu(menu: Menu) -> impl IntoView {
    let page = menu.page;
    let read = move |event: Event| {
        hide();
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            super::files::read(page, &file);
        }
        input.set_value("");
    };
    let words = move || match menu.own.with(Option::is_some) {
        true => format!(
            "What you do something to, change or open from a file is kept by itself, in this browser only: the \
             newest {UNNAMED_MAX}, and all that you rename."
        ),
        false => FORBIDDEN.to_owned(),
    };
    let items = move || {
        let own = menu.own.get().unwrap_or_default();
        own.into_iter().map(|it| (it.place(), Box::new(move || item(page, it)) as Box<_>)).collect()
    };
    let count = move || menu.own.with(|own| own.as_ref().map_or(0, Vec::len));
    let tab =
        move |list: &'static str| move || if menu.list.get() == list { "true" } else { "false" };
    view! {
        <div id=MENU class="menu" popover="auto" data-list=move || menu.list.get()>
            <div id=OWN>
                <div class="lists" role="group" aria-label="Scenarios">
                    <button data-testid=GALLERY aria-pressed=tab(GALLERY) on:click=move |_| menu.turn_to(GALLERY)>"Gallery"</button>
                    <button data-testid=OWN aria-pressed=tab(OWN) on:click=move |_| menu.turn_to(OWN)>"Yours "<span>{count}</span></button>
                </div>
                <p data-testid="kept-words">{words}</p>
                <ul>{each(items)}</ul>
            </div>
            <ul class="gallery">{gallery::all().iter().map(|entry| scenario(menu, entry)).collect_view()}</ul>
            <ul>
                <li class="menu-file">
                    <label class="file">
                        <b>"Open a file …"</b><span>"A scenario or a saved run, as JSON"</span>
                        <input class="off-screen" type="file" id=FILE_INPUT accept=".json,application/json" data-testid="file-input" on:change=read/>
                    </label>
                </li>
            </ul>
        </div>
    }
}

/// A scenario of the gallery.
fn scenario(menu: Menu, entry: &'static gallery::Entry) -> Option<AnyView> {
    let file = entry.scenario().ok()?.file;
    let open = move |_| {
        menu.page.open_entry(entry, None);
        hide();
    };
    let is_shown = move || menu.shown.with(|shown| *shown == entry.name);
    let current = move || if is_shown() { "true" } else { "false" };
    let item = view! {
        <li><button data-testid=format!("scenario-{}", entry.name) aria-current=current on:click=open><b>{file.title}</b><span>{file.summary}</span></button></li>
    };
    Some(item.into_any())
}

fn hide() {
    let menu = document().get_element_by_id(MENU);
    if let Some(menu) = menu.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = menu.hide_popover();
    }
}
