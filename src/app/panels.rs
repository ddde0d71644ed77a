//! The panels of the right column. To add one: a file in `panels/`, its module, one line in
//! [`Right`] and, for phones, one in [`TABS`].

mod agent;
mod log;
mod tally;

use leptos::prelude::*;

use super::page::page;

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
            <tally::TallyPanel/>
            <agent::AgentPanel/>
            <log::LogPanel/>
        </div>
    }
}

/// Whether the panels of this tab are the ones a phone shows.
pub fn shown(tab: &'static str) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let page = page();
    move || if page.tab.get() == tab { "true" } else { "false" }
}

/// Chooses the panel under the stage of a phone.
#[component]
pub fn Tabs() -> impl IntoView {
    let page = page();
    let tab = move |(name, words): (&'static str, &'static str)| {
        let selected = move || if page.tab.get() == name { "true" } else { "false" };
        view! { <button role="tab" aria-selected=selected data-testid=format!("tab-{name}") on:click=move |_| page.tab.set(name)>{words}</button> }
    };
    view! { <nav class="tabs" role="tablist" aria-label="Panels">{TABS.map(tab).into_iter().collect_view()}</nav> }
}
