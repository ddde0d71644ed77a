//! Everything about the selected agent.

use engine::coordination::consensus::ballot::Vote;
use engine::view::inspector::{Inspection, Row, inspect};
use leptos::prelude::*;

use super::shown;
use crate::app::page::page;

#[component]
pub fn AgentPanel() -> impl IntoView {
    let page = page();
    let seen = Memo::new(move |_| {
        let agent = page.selected.get();
        page.snapshot.track();
        let seen = page.with_player(|player| inspect(player.run()?, &player.frame, agent?));
        seen.flatten()
    });
    // What was said before, to mark what has changed since.
    let before = StoredValue::new(None::<Inspection>);
    let rows = move || {
        seen.with(|seen| {
            let Some(seen) = seen else {
                return view! {
                    <p class="second">"Select an agent on the stage to see what it knows, has received and waits for."</p>
                }
                .into_any();
            };
            let old = before.try_update_value(|before| before.replace(seen.clone())).flatten();
            let old = old.filter(|old| old.name == seen.name);
            let is_new = |row: &Row| old.as_ref().is_some_and(|old| !old.rows.contains(row));
            let rows = seen.rows.iter().map(|it| row(it, is_new(it))).collect_view();
            view! { <dl class="facts" data-testid="inspector">{rows}</dl> }.into_any()
        })
    };
    let name = move || {
        seen.with(|seen| seen.as_ref().map_or_else(|| "Agent".to_owned(), |seen| seen.name.clone()))
    };
    let standing = move || seen.with(|seen| seen.as_ref().map(|seen| seen.standing.clone()));
    view! {
        <section class="panel" data-shown=shown("agent") data-testid="agent-panel">
            <header><h2>{name}</h2><span class="quiet">{standing}</span></header>
            {rows}
        </section>
    }
}

fn row(row: &Row, is_new: bool) -> AnyView {
    let class = match row.vote {
        Some(Vote::For) => "vote-for",
        Some(Vote::Against) => "vote-against",
        Some(Vote::Abstain) => "vote-abstain",
        None if row.fault => "fault",
        None => "",
    };
    let changed = if is_new { "true" } else { "false" };
    view! { <dt>{row.what}</dt><dd class=class data-changed=changed>{row.words.clone()}</dd> }
        .into_any()
}
