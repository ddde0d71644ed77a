//! The list of scenarios: those of the gallery, and a person's own, which is one piece of markup with one
//! handler. What a person has written stands in it only escaped.

use std::fmt::Write as _;

use engine::scenario::gallery;
use engine::view::kept::{Entry, NAME_MAX, UNNAMED_MAX, when_words};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::kept::{self, FORBIDDEN, Held};
use super::page::{Page, page};
use super::panels::{escaped, target};
use super::share::FILE_INPUT;
use super::{icons, outside};

/// Its id, and that of the part with a person's own.
const MENU: &str = "scenarios";
const OWN: &str = "yours";

/// The scenarios, what is a person's own, and a way to open one from a file.
#[component]
pub fn ScenarioMenu() -> impl IntoView {
    let page = page();
    let read = move |event: Event| {
        hide();
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            super::files::read(page, &file);
        }
        input.set_value("");
    };
    let press = move |event: Event| {
        if act(page, &event).is_some() {
            hide();
        }
    };
    view! {
        <div id=MENU class="menu" popover="auto" data-list="gallery" on:click=move |event| press(event.into()) on:keydown=move |event| press(event.into())>
            <div id=OWN></div>
            <ul class="gallery" inner_html=gallery_list()></ul>
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

fn menu() -> Option<HtmlElement> {
    document().get_element_by_id(MENU)?.dyn_into().ok()
}

fn hide() {
    if let Some(menu) = menu() {
        let _ = menu.hide_popover();
    }
}

/// It comes with the page and has no markup in it but ours.
fn gallery_list() -> String {
    let mut markup = String::new();
    for entry in gallery::all() {
        if let Ok(scenario) = entry.scenario() {
            let _ = write!(
                markup,
                "<li><button data-act=\"scenario\" data-testid=\"scenario-{}\"><b>{}</b><span>{}</span></button></li>",
                entry.name, scenario.file.title, scenario.file.summary
            );
        }
    }
    markup
}

/// Reads what is kept and lists it.
pub fn list(page: Page) {
    kept::update(page);
    let all = kept::all();
    let Some(menu) = menu() else { return };
    let shown = page.snapshot.with_untracked(|shot| shot.cast.scenario.clone());
    for entry in gallery::all() {
        if let Some(button) = find(&menu, &format!("scenario-{}", entry.name)) {
            let is_shown = if entry.name == shown { "true" } else { "false" };
            let _ = button.set_attribute("aria-current", is_shown);
        }
    }
    let is_own = menu.get_attribute("data-list").as_deref() == Some(OWN);
    let count = all.as_ref().map_or(0, Vec::len);
    let mut markup = format!(
        "<div class=\"lists\" role=\"group\" aria-label=\"Scenarios\"><button data-act=\"gallery\" data-testid=\"gallery\" aria-pressed=\"{}\">Gallery</button>\
         <button data-act=\"{OWN}\" data-testid=\"{OWN}\" aria-pressed=\"{is_own}\">Yours <span>{count}</span></button></div><p data-testid=\"kept-words\">",
        !is_own
    );
    match all {
        Some(_) => {
            let _ = write!(
                markup,
                "What you do something to, change or open from a file is kept by itself, in this browser only: the newest {UNNAMED_MAX}, and all that you rename."
            );
        }
        None => markup += FORBIDDEN,
    }
    markup += "</p><ul>";
    for (key, text) in all.iter().flatten() {
        let row = row(page, key, text);
        let _ = write!(markup, "<li data-key=\"{}\">{row}</li>", escaped(key));
    }
    if let Some(own) = document().get_element_by_id(OWN) {
        own.set_inner_html(&(markup + "</ul>"));
    }
}

/// What can be done with an item; in a list, whose item begins with its name.
fn row(page: Page, key: &str, text: &str) -> String {
    let entry = Entry::read(text);
    let title = escaped(entry.title());
    let is_open = kept::is_held(page, key);
    let (mut about, mut rename) = (String::new(), "");
    if entry.is_broken() {
        // A name would be written into what nobody here can read.
        rename = "disabled";
        about += "Broken, or of another version: save or delete it";
    } else {
        if !entry.name.is_empty() {
            about = escaped(entry.made) + " · ";
        }
        about += &when(entry.when_ms);
    }
    let [icon, save, delete] = [icons::RENAME, icons::SAVE, icons::DELETE];
    format!(
        "<button data-act=\"open\" data-testid=\"open\" aria-current=\"{is_open}\"><b>{title}</b><span>{about}</span></button>\
         <button data-act=\"rename\" data-testid=\"rename\" title=\"Rename\" aria-label=\"Rename {title}\" {rename}>{icon}</button>\
         <button data-act=\"save\" data-testid=\"save\" title=\"Save as a file\" aria-label=\"Save {title} as a file\">{save}</button>\
         <button data-act=\"delete\" data-testid=\"delete\" title=\"Delete\" aria-label=\"Delete {title}\">{delete}</button>"
    )
}

/// In the clock and the calendar of the browser.
fn when(when_ms: u64) -> String {
    let words = |date: js_sys::Date| String::from(date.to_string());
    when_words(&words(js_sys::Date::new_0()), &words(js_sys::Date::new(&(when_ms as f64).into())))
}

/// Does what was pressed; something, when the list is done with.
fn act(page: Page, event: &Event) -> Option<()> {
    let pressed = target(event)?.closest("[data-act]").ok()??;
    let mut act = pressed.get_attribute("data-act")?;
    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        // Buttons have their keys from the browser; so has a field, but for these two.
        if act != "name" {
            return None;
        }
        act = event.key();
        if act == "Escape" {
            // It would close all of the list.
            event.prevent_default();
        }
    }
    if act == "scenario" {
        let id = pressed.get_attribute("data-testid")?;
        page.open_entry(gallery::find(id.strip_prefix("scenario-")?).ok()?, None);
        return Some(());
    }
    let Some(row) = pressed.closest("li").ok()? else {
        let menu = menu()?;
        let _ = menu.set_attribute("data-list", &act);
        list(page);
        focus(&menu, &act);
        return None;
    };
    let key = row.get_attribute("data-key")?;
    // What was deleted is known to its row alone.
    let text = kept::read(&key).or_else(|| row.get_attribute("data-text"))?;
    let entry = Entry::read(&text);
    match &*act {
        "open" => {
            let held = Held { key, when_ms: entry.when_ms };
            page.open_text(entry.body, entry.title(), Some(held));
            return Some(());
        }
        "rename" => {
            let title = escaped(entry.title());
            let form = format!(
                "<input data-act=\"name\" data-testid=\"name\" aria-label=\"Name; Enter keeps it, Escape leaves it\" maxlength=\"{NAME_MAX}\" autocomplete=\"off\" value=\"{title}\">"
            );
            rewrite(&row, &form, "name");
        }
        "Enter" => {
            let name = event_target_value(event);
            return put_row(page, &row, &key, &entry.renamed(&name), "rename");
        }
        "Escape" => rewrite(&row, &self::row(page, &key, &text), "rename"),
        "save" => outside::save(entry.file, entry.body),
        "delete" => {
            kept::delete(&key);
            let _ = row.set_attribute("data-text", &text);
            let title = escaped(entry.title());
            let words = format!(
                "<p role=\"status\">Deleted: {title}</p><button class=\"link\" data-act=\"undo\" data-testid=\"undo\">Undo</button>"
            );
            rewrite(&row, &words, "undo");
        }
        "undo" => return put_row(page, &row, &key, &text, "delete"),
        _ => {}
    }
    None
}

/// Writes an item and its row anew; where it does not fit that is said, and the list makes room for it.
fn put_row(page: Page, row: &Element, key: &str, text: &str, next: &str) -> Option<()> {
    if kept::write(key, text) {
        rewrite(row, &self::row(page, key, text), next);
        return None;
    }
    kept::say(page);
    Some(())
}

/// Writes a row anew, and puts the keyboard where it goes on.
fn rewrite(row: &Element, markup: &str, next: &str) {
    row.set_inner_html(markup);
    focus(row, next);
}

fn find(within: &Element, id: &str) -> Option<HtmlElement> {
    within.query_selector(&format!("[data-testid={id}]")).ok()??.dyn_into().ok()
}

fn focus(within: &Element, id: &str) {
    let Some(found) = find(within, id) else { return };
    let _ = found.focus();
    if let Some(field) = found.dyn_ref::<HtmlInputElement>() {
        field.select();
    }
}
