//! Forms by which a person acts on a swarm. The engine says what they ask for and reads them; here they are gathered and sent.

use std::sync::Arc;

use engine::common::shown::Look;
use engine::playback::run::Run;
use engine::protocol::document::{Block, Document, Form, FormPlace, Typed};
use engine::view::newcomer::{self, newcomer_form, read_newcomer};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::controls::{Button, Item, each, live};
use super::dialogs::{Dialog, show};
use super::document::blocks;
use super::icons;
use super::page::{Page, Snapshot, page};

/// All forms of a run, each as a document; those that are as they were `before` stay the same.
pub fn forms(
    run: &Run,
    look: &Look,
    before: &[Arc<Document>],
    has_same_agents: bool,
) -> Vec<Arc<Document>> {
    let old = |id: &str| before.iter().find(|old| old.id == id).cloned();
    let kept = |form: Form| {
        let new = Document::new(form.id, "").block(form);
        old(new.id).filter(|old| **old == new).unwrap_or_else(|| Arc::new(new))
    };
    let mut all: Vec<_> = run.forms(look).into_iter().map(kept).collect();
    let newcomer = old(newcomer::ID).filter(|_| has_same_agents);
    all.push(newcomer.unwrap_or_else(|| kept(newcomer_form(run))));
    all
}

fn form(document: &Document) -> Option<&Form> {
    match document.blocks.first()? {
        Block::Form(form) => Some(form),
        _ => None,
    }
}

fn all(shot: &Snapshot) -> impl Iterator<Item = &Form> {
    shot.forms.iter().filter_map(|document| form(document))
}

/// Those that stand in the panel.
#[component]
pub fn Forms() -> impl IntoView {
    let page = page();
    let ids = page.follow(|shot| {
        let here = all(shot).filter(|form| form.place != FormPlace::Dialog);
        here.map(|form| form.id).collect::<Vec<_>>()
    });
    let items = move || ids.get().into_iter().map(|id| item(page, id)).collect();
    view! { <div class="orders">{each(items)}</div> }
}

fn item(page: Page, id: &'static str) -> Item {
    let look = move || {
        let shown = Memo::new(move |_| {
            page.snapshot.with(|shot| shot.forms.iter().find(|it| it.id == id).cloned())
        });
        blocks(page, shown)
    };
    (id.to_owned(), Box::new(look))
}

/// A button for each form that stands in a dialog.
pub fn openers(page: Page) -> AnyView {
    let dialogs = page.follow(|shot| {
        let here = all(shot).filter(|form| form.place == FormPlace::Dialog);
        here.map(|form| (form.id, form.button.clone())).collect::<Vec<_>>()
    });
    let button = move |(id, words): (&'static str, String)| {
        let open = move || {
            page.asked.set(Some(id));
            show(page.dialog);
        };
        Button::new(id, open).icon(icons::LETTER_LINE).says(words).view()
    };
    live(move || dialogs.get().into_iter().map(button).collect_view())
}

/// The dialog, with the form that was opened last.
#[component]
pub fn FormDialog() -> impl IntoView {
    let page = page();
    let title = Signal::derive(move || {
        let asked = page.asked.get();
        let title = |shot: &Arc<Snapshot>| {
            all(shot).find(|form| Some(form.id) == asked).map(|form| form.title.clone())
        };
        page.snapshot.with(title).unwrap_or_default()
    });
    let items = move || page.asked.get().into_iter().map(|id| item(page, id)).collect();
    view! { <Dialog node=page.dialog title>{each(items)}</Dialog> }
}

/// Does what the form says, or marks the field that is wrong.
pub fn send(page: Page, element: &Element, form: &Form) {
    let (typed, is_dialog) = (typed(element), form.place == FormPlace::Dialog);
    let read = page.with_player(|player| {
        let run = player.run()?;
        if form.id == newcomer::ID {
            return read_newcomer(run, &typed).map(Ok);
        }
        run.read_form(&player.frame.look, form.id, &typed)
    });
    page.error.set(None);
    // An error is told on the page, below the dialog.
    if let Some(dialog) = page.dialog.get_untracked().filter(|_| is_dialog) {
        dialog.close();
    }
    match read.flatten() {
        Some(Ok(intervention)) => page.intervene(intervention),
        Some(Err(error)) => page.error.set(Some(error.to_string())),
        None => return,
    }
    let error = page.error.get_untracked();
    if !is_dialog {
        mark(element, error.as_deref().unwrap_or_default());
    }
    if error.is_some() {
        return;
    }
    let chosen = page.with_player(|player| {
        let choice = player.run()?.looked_at_after(form.id, &typed)?;
        player.choose(choice);
        Some(())
    });
    if chosen.flatten().is_some() {
        page.show();
    }
    if form.goes_on {
        page.playing.set(true);
    }
}

/// The content of a form; a box that is not ticked has none.
fn typed(form: &Element) -> Typed {
    let of = |it: &JsValue, name: &JsValue| js_sys::Reflect::get(it, name).unwrap_or_default();
    let mut typed = Vec::new();
    // A form has its fields by their number.
    for place in 0_u32.. {
        let field = of(form, &place.into());
        if field.is_undefined() {
            break;
        }
        let text = |name: &str| of(&field, &name.into()).as_string().unwrap_or_default();
        let is_ticked = text("type") != "checkbox" || of(&field, &"checked".into()).is_truthy();
        let (name, value) = (text("name"), text("value"));
        if is_ticked && !name.is_empty() {
            typed.push((name, value));
        }
    }
    Typed(typed)
}

/// Leads to the field that a message is about, "at submit.task.load: …"; without one it marks none.
fn mark(form: &Element, message: &str) {
    if let Ok(Some(before)) = form.query_selector("[aria-invalid]") {
        let _ = before.remove_attribute("aria-invalid");
    }
    let path = message.split(':').next().unwrap_or_default();
    let name = path.rsplit('.').next().and_then(|last| last.split('[').next());
    let name = name.unwrap_or_default();
    let named = |name: &str| form.query_selector(&format!("[name=\"{name}\"]")).ok().flatten();
    // Beside boxes to tick it is the field for others that can be wrong.
    let field = named(&format!("other_{name}")).or_else(|| named(name));
    let Some(field) = field.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return };
    let _ = field.set_attribute("aria-invalid", "true");
    if let Ok(Some(folded)) = field.closest("details.fields") {
        let _ = folded.set_attribute("open", "");
    }
    let _ = field.focus();
}
