//! The right column: the documents of the run, what is selected, and the log.

pub mod log;

use engine::sim::AgentId;
use engine::view::documents::first_name;
use engine::view::stage::target::Target;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::Element;

use super::controls::live;
use super::document::{Documents, Inspector};
use super::page::{Page, page};

/// On a phone panels take turns: the tab's name, and what it is called.
const TABS: [(&str, &str); 5] = [
    ("vote", "Vote"),
    ("agent", "Agent"),
    ("log", "Log"),
    ("intervene", "Intervene"),
    ("about", "About"),
];

#[component]
pub fn Right() -> impl IntoView {
    view! {
        <div class="column right" role="region" tabindex="0" aria-label="What is known">
            <div class="documents" data-shown=shown("vote")><Documents/></div>
            <div class="documents" data-shown=shown("agent")><Inspector/></div>
            <log::LogPanel/>
        </div>
    }
}

/// Whether the panels of this tab are the ones a phone shows.
pub fn shown(tab: &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let page = page();
    move || if page.tab.get() == tab { "true" } else { "false" }
}

/// A number that stands on the element, or on one around it.
pub fn number(element: &Element, selector: &str, attribute: &str) -> Option<u64> {
    element.closest(selector).ok()??.get_attribute(attribute)?.parse().ok()
}

/// The element that was pressed or pointed at.
pub fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Shows on the stage the agent that a line or a lamp is about.
pub fn point(page: Page, target: Option<Element>) {
    let agent = target.and_then(|it| number(&it, "li", "data-agent"));
    let agent = agent.and_then(|it| u32::try_from(it).ok()).map(AgentId);
    page.point_at(agent.filter(|it| *it != AgentId::NONE).map(Target::Agent));
}

/// Chooses the panel under the stage of a phone.
#[component]
pub fn Tabs() -> impl IntoView {
    let page = page();
    // The first tab is named after what the swarm does.
    let first = page.follow(|shot| first_name(&shot.frame, &shot.cast).to_owned());
    let tab = move |(name, words): (&'static str, &'static str)| {
        let selected = move || if page.tab.get() == name { "true" } else { "false" };
        view! { <button role="tab" aria-selected=selected data-testid=format!("tab-{name}") on:click=move |_| page.tab.set(name)>{if name == "vote" { live(move || first.get()) } else { words.into_any() }}</button> }
    };
    view! { <nav class="tabs" role="tablist" aria-label="Panels">{TABS.map(tab).into_iter().collect_view()}</nav> }
}
