//! What is known of the selected agent: the engine's rows, and what the last event changed in them.

use engine::playback::frame::AgentInfo;
use engine::view::figure::milli;
use engine::view::inspector::{Row, Tone, inspector};
use leptos::prelude::*;

use super::shown;
use crate::app::left::vote_name;
use crate::app::page::page;

#[component]
pub fn AgentPanel() -> impl IntoView {
    let page = page();
    let head = Memo::new(move |_| {
        page.snapshot.with(|shot| {
            let agent = page.selected.get()?;
            Some((shot.name(agent).to_owned(), standing(shot.cast.agents.get(agent.index())?)))
        })
    });
    let rows = Memo::new(move |_| {
        page.snapshot.track();
        // What an event changed is told when it can be looked at: not while time runs.
        let (agent, compare) = (page.selected.get(), !page.playing.get());
        let look = page.with_player(|player| Some(inspector(player.run()?, agent?, compare)));
        look.flatten().unwrap_or_default()
    });
    view! {
        <section class="panel" data-shown=shown("agent") data-testid="agent-panel" aria-label="Agent">
            <header>
                <h2>{move || head.get().map_or_else(|| "Agent".to_owned(), |head| head.0)}</h2>
                <span class="quiet">{move || head.get().map(|head| head.1)}</span>
            </header>
            {move || page.selected.get().is_none().then(|| view! {
                <p class="second">"Select an agent on the stage, or a lamp above, to see what it knows and waits for."</p>
            })}
            <dl class="facts">{move || rows.get().into_iter().map(row).collect_view()}</dl>
        </section>
    }
}

fn row(row: Row) -> impl IntoView {
    let class = match row.tone {
        Tone::Plain => "",
        Tone::Fault => "fault",
        Tone::Vote(vote) => vote_name(vote),
    };
    let changed = if row.changed { "true" } else { "false" };
    view! { <div data-row=row.label data-changed=changed><dt>{row.label}</dt><dd data-tone=class>{row.lines.join("\n")}</dd></div> }
}

fn standing(info: &AgentInfo) -> String {
    if info.is_coordinator {
        return "counts the ballots, has no vote".to_owned();
    }
    format!("weight {}, reputation {}, {}", milli(info.weight_milli), info.reputation, info.tier)
}
