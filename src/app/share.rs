//! The button for sharing, and its dialog: the link, or a file where the run is too long for one.

use engine::playback::saved::LINK_MAX;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::dialogs::{Dialog, show};
use super::icons::{self, svg};
use super::page::{Page, page};
use super::{address, outside};

/// The input for files stands in the list of scenarios.
pub const FILE_INPUT: &str = "open-file";

#[component]
pub fn Share() -> impl IntoView {
    let page = page();
    let node = NodeRef::<html::Dialog>::new();
    let link = RwSignal::new(Ok(String::new()));
    let open = move |_| {
        // The moment that is shared is the one that is seen.
        page.playing.set(false);
        page.show();
        link.set(address::link(page));
        show(node);
    };
    let title = Signal::derive(|| "Share this run".to_owned());
    view! {
        <button class="share" data-testid="share" title="Share this run" on:click=open>{svg(icons::SHARE)}<span>"Share"</span></button>
        <Dialog node title>
            <div class="sharing">
                {move || match link.get() {
                    Ok(link) => view! { <Link link/> }.into_any(),
                    Err(length) => view! { <TooLong length/> }.into_any(),
                }}
                <Files node/>
            </div>
        </Dialog>
    }
}

#[component]
fn Link(link: String) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let said = RwSignal::new("");
    let copy = move |_| {
        let Some(field) = field.get_untracked() else { return };
        outside::copy(&field, move |copied| {
            said.set(if copied { "Copied." } else { "Selected: copy it with your keyboard." });
        });
    };
    view! {
        <p>"The link opens this run at this moment, with what was done to it and what is selected. The address of the page is always this link."</p>
        <div class="copy">
            <input readonly node_ref=field value=link aria-label="Link to this run" data-testid="link-field"/>
            <button class="do" data-testid="copy-link" on:click=copy>"Copy"</button>
        </div>
        <p class="quiet" role="status" data-testid="copy-said">{said}</p>
    }
}

#[component]
fn TooLong(length: usize) -> impl IntoView {
    view! {
        <p data-testid="too-long">{format!(
            "This run is too long for a link: it would have {} characters, and at most {} are passed on everywhere. Save it as a file; whoever opens that sees the same.",
            length, LINK_MAX
        )}</p>
    }
}

#[component]
fn Files(node: NodeRef<html::Dialog>) -> impl IntoView {
    let page = page();
    let choose = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
        let input = document().get_element_by_id(FILE_INPUT);
        if let Some(input) = input.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            input.click();
        }
    };
    view! {
        <h3>"Files"</h3>
        <div class="files">
            <button data-testid="save-run" on:click=move |_| save_run(page)>{svg(icons::SAVE)}<span><b>"Save the run"</b>" with all its branches"</span></button>
            <button data-testid="save-scenario" on:click=move |_| save_scenario(page)>{svg(icons::SAVE)}<span><b>"Save the scenario"</b>" to change it, or to start from"</span></button>
            <button data-testid="open-file" on:click=choose>{svg(icons::OPEN_FILE)}<span><b>"Open a file …"</b>" a run or a scenario; or drop it on the stage"</span></button>
        </div>
    }
}

fn save_run(page: Page) {
    if let Some(saved) = address::saved(page) {
        let name = format!("{}-seed-{}.run.json", saved.scenario.file.name, saved.seed);
        outside::save(&name, &saved.to_file());
    }
}

fn save_scenario(page: Page) {
    if let Some(saved) = address::saved(page) {
        outside::save(&format!("{}.json", saved.scenario.file.name), &saved.scenario.to_text());
    }
}
