//! What is known of the selected agent: the engine's rows, and what the last event changed in them.

use engine::view::acts;
use engine::view::inspector::{self, Row, Tone, inspector};
use engine::view::stage::target::Target;
use leptos::prelude::*;

use super::{escaped, shown};
use crate::app::controls::live;
use crate::app::left::vote_name;
use crate::app::page::page;

#[component]
pub fn AgentPanel() -> impl IntoView {
    let page = page();
    let head = Memo::new(move |_| {
        page.snapshot.with(|shot| {
            let Some(target) = page.target.get() else { return Vec::new() };
            let name = acts::name(&shot.cast, &shot.frame, target);
            let name = name.unwrap_or_else(|| "It has arrived, or is lost".to_owned());
            let standing = page.with_player(|player| {
                Some(inspector::standing(player.run()?, &shot.frame, target.agent()?))
            });
            vec![name, standing.flatten().unwrap_or_default()]
        })
    });
    let rows = Memo::new(move |_| {
        page.snapshot.track();
        // What an event changed is told when it can be looked at: not while time runs.
        let (target, compare) = (page.target.get(), !page.playing.get());
        let look = page.with_player(|player| {
            let run = player.run()?;
            let rows = match target? {
                Target::Agent(agent) => inspector(run, agent, compare),
                thing => inspector::thing(run, &player.frame, thing),
            };
            Some(rows.iter().map(row).collect::<String>())
        });
        look.flatten().unwrap_or_default()
    });
    view! {
        <section class="panel" data-shown=shown("agent") data-testid="agent-panel" aria-label="Agent">
            <header>
                <h2>{live(move || head.get().into_iter().next().unwrap_or_else(|| "Agent".to_owned()))}</h2>
                <span class="quiet">{live(move || head.get().into_iter().nth(1))}</span>
            </header>
            {live(move || page.target.get().is_none().then(|| view! {
                <p class="second">"Select an agent, a link or a message on the stage, or a lamp above, to see what there is to know of it."</p>
            }))}
            <dl class="facts" inner_html=move || rows.get()></dl>
        </section>
    }
}

fn row(row: &Row) -> String {
    let class = match row.tone {
        Tone::Plain => "",
        Tone::Fault => "fault",
        Tone::Vote(vote) => vote_name(vote),
    };
    let Row { label, changed, lines, .. } = row;
    let lines = escaped(&lines.join("\n"));
    format!(
        "<div data-row=\"{label}\" data-changed=\"{changed}\"><dt>{label}</dt><dd data-tone=\"{class}\">{lines}</dd></div>"
    )
}
