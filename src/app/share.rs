//! The button for sharing, and its dialog: the link, or a file where the run is too long for one.

use engine::view::kept::{run_file, scenario_file};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::controls::Button;
use super::dialogs::{Dialog, show};
use super::icons;
use super::page::{Page, page};
use super::{address, outside};

/// The input for files stands in the list of scenarios.
pub const FILE_INPUT: &str = "open-file";

#[component]
pub fn Share() -> impl IntoView {
    let page = page();
    let node = NodeRef::<html::Dialog>::new();
    // Nothing, when the run is too long for one.
    let link = RwSignal::new(None::<String>);
    let said = RwSignal::new("");
    let copied = RwSignal::new("");
    let open = move || {
        // The moment that is shared is the one that is seen.
        page.playing.set(false);
        page.show();
        let made = address::link(page);
        copied.set("");
        said.set(if made.is_some() { FITS } else { TOO_LONG });
        link.set(made);
        show(node);
    };
    let title = Signal::derive(|| "Share this run".to_owned());
    view! {
        {Button::new("share", open).class("share").icon(icons::SHARE).says("Share").view()}
        <Dialog node title>
            <div class="sharing">
                <p data-testid="share-said">{said}</p>
                <Link link copied/>
                <Files node/>
            </div>
        </Dialog>
    }
}

const FITS: &str = "The link opens this run at this moment, with what was done to it and what is selected. The address of the page is always this link.";

/// [`engine::playback::saved::LINK_MAX`] in words.
const TOO_LONG: &str = "This run is too long for a link: at most 8192 characters are passed on everywhere. Save it as a file; whoever opens that sees the same.";

#[component]
fn Link(link: RwSignal<Option<String>>, copied: RwSignal<&'static str>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let copy = move || {
        let Some(field) = field.get_untracked() else { return };
        outside::copy(&field, move |done| {
            copied.set(if done { "Copied." } else { "Selected: copy it with your keyboard." });
        });
    };
    view! {
        <div class="copy" hidden=move || link.get().is_none()>
            <input readonly node_ref=field prop:value=move || link.get().unwrap_or_default() aria-label="Link to this run" data-testid="link-field"/>
            {Button::new("copy-link", copy).class("do").says("Copy").view()}
        </div>
        <p class="quiet" role="status" data-testid="copy-said">{copied}</p>
    }
}

#[component]
fn Files(node: NodeRef<html::Dialog>) -> impl IntoView {
    let page = page();
    let choose = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
        let input = document().get_element_by_id(FILE_INPUT);
        if let Some(input) = input.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            input.click();
        }
    };
    let button = |id: &str, icon, words: &str, act: fn(Page)| {
        Button::new(id, move || act(page)).icon(icon).says(words).view()
    };
    view! {
        <h3>"Files"</h3>
        <div class="files">
            {button("save-run", icons::SAVE, "Save the run, with all its branches", save_run)}
            {button("save-scenario", icons::SAVE, "Save the scenario, to start from or to change", save_scenario)}
            {Button::new("open-file", choose).icon(icons::OPEN_FILE).says("Open a run or a scenario …").view()}
        </div>
    }
}

fn save_run(page: Page) {
    if let Some(saved) = address::saved(page) {
        outside::save(&run_file(&saved), &saved.to_file());
    }
}

fn save_scenario(page: Page) {
    if let Some(saved) = address::saved(page) {
        outside::save(&scenario_file(&saved.scenario), &saved.scenario.to_text());
    }
}
