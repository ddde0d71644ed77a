//! A new agent for a running swarm: what it is like, its name, and in a tree whom it stands below.

use core::fmt::Write as _;

use engine::view::newcomer::{free_name, joins, kinds, parents};
use leptos::prelude::*;
use web_sys::Element;

use super::page::{Page, page};
use super::panels::{escaped, target};
use super::write::{part, value};

#[component]
pub fn Newcomer() -> impl IntoView {
    let page = page();
    let fields = Memo::new(move |_| {
        page.snapshot.track();
        let fields = page.with_player(|player| {
            let run = player.run()?;
            let mut markup = format!(
                "<label><span>Name</span><input data-testid=\"new-agent-name\" required maxlength=\"64\" value=\"{}\"></label>",
                free_name(run)
            );
            let kinds = kinds(run.scenario()).into_iter().map(|kind| kind.label);
            select(&mut markup, "kind", "What it is", kinds);
            let parents = parents(run);
            if !parents.is_empty() {
                select(&mut markup, "parent", "Below", parents.into_iter());
            }
            Some(markup)
        });
        fields.flatten().unwrap_or_default()
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(form) = target(&event) {
            add(page, &form);
        }
    };
    view! {
        <details class="newcomer">
            <summary data-testid="new-agent">"New agent"</summary>
            <form class="write" on:submit=submit>
                <div inner_html=move || fields.get()></div>
                <button class="do" data-testid="new-agent-send">"Add it"</button>
            </form>
        </details>
    }
}

/// A list to choose from; what is chosen is its place.
fn select(markup: &mut String, id: &str, label: &str, options: impl Iterator<Item = String>) {
    let _ = write!(
        markup,
        "<label><span>{label}</span><select data-{id} data-testid=\"new-agent-{id}\">"
    );
    for (place, option) in options.enumerate() {
        let _ = write!(markup, "<option value=\"{place}\">{}</option>", escaped(&option));
    }
    *markup += "</select></label>";
}

fn add(page: Page, form: &Element) {
    let intervention = page.with_player(|player| {
        let run = player.run()?;
        let place = |selector| part(form, selector).and_then(|it| value(&it).parse::<usize>().ok());
        let kind = kinds(run.scenario()).into_iter().nth(place("[data-kind]")?)?;
        let parent = place("[data-parent]").and_then(|place| parents(run).into_iter().nth(place));
        let name = part(form, "input").map(|it| value(&it)).unwrap_or_default();
        Some(joins(&kind, &name, parent))
    });
    if let Some(Some(intervention)) = intervention {
        page.intervene(intervention);
    }
}
