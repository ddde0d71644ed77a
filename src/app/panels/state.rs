//! What the swarm keeps: replicas side by side, what a merge now would come to by each way to resolve, step by
//! step, how the replicas came to differ, and what bringing them in step costs.

mod lattice;
mod matrix;
mod timeline;

use core::fmt::Write as _;

use engine::coordination::state::replica::KeyId;
use engine::coordination::state::resolve::Strategy;
use engine::playback::Command;
use engine::playback::frame::state::StateFrame;
use engine::scenario::intervention::Intervention;
use engine::sim::AgentId;
use engine::view::stage::target::Target;
use engine::view::state::{
    Bytes, Outcome, Row, StateView, Step, Timeline, compared, overview, state_view, timeline,
};
use leptos::prelude::*;

use super::{escaped, number, shown, target};
use crate::app::controls::{Choice, live};
use crate::app::page::{Page, page};

#[component]
pub fn StatePanel() -> impl IntoView {
    let page = page();
    // The way to resolve that is looked at; the one that is used where none was chosen.
    let looked_at = RwSignal::new(None);
    // What a vote was about is nothing to look at until something is written; then it stands before the vote.
    let leads = page.follow(|shot| {
        shot.proposal().is_none() || shot.frame.state.as_ref().is_some_and(StateFrame::is_written)
    });
    // As markup, all of it: so many small elements written out one by one would weigh more than they say.
    let seen = Memo::new(move |_| {
        if !leads.get() {
            return String::new();
        }
        page.snapshot.track();
        let looked_at = looked_at.get();
        let selected = page.selected.get().map(|agent| agent.0);
        let seen = page.with_player(|player| {
            let run = player.run()?;
            let view = state_view(run, &player.frame)?;
            let timeline = timeline(run, &player.frame)?;
            let mut markup = markup(&view, &timeline);
            if let Some(overview) = overview(run, &player.frame) {
                matrix::section(&mut markup, &overview, (view.key, selected));
            }
            rest(&mut markup, &view, looked_at);
            Some(markup)
        });
        seen.flatten().unwrap_or_default()
    });
    let several = page.follow(|shot| shot.cast.keys.len() > 1);
    let press = move |event: web_sys::MouseEvent| {
        let Some(pressed) = target(&event) else { return };
        if let Some(event) = number(&pressed, "g", "data-event") {
            page.act_paused(&Command::SeekEvent { event });
        } else if let Some(place) = number(&pressed, "button", "data-outcome") {
            looked_at.set(Some(place));
        } else if let Some(place) = number(&pressed, "button", "data-use") {
            resolve_by(page, place);
        } else if let Some(agent) = number(&pressed, "[data-write]", "data-write") {
            timeline::write_at(page, agent, &pressed, &event);
        } else if let Some(key) = number(&pressed, "button", "data-key") {
            let agent = number(&pressed, "button", "data-at").unwrap_or_default();
            page.with_player(|player| player.look_at_key(KeyId(key as u32)));
            page.target.set(Some(Target::Agent(AgentId(agent as u32))));
            page.show();
            page.repaint();
        }
    };
    view! {
        <div class="state" data-shown=shown("vote") hidden=move || seen.with(String::is_empty) aria-label="State" role="region">
            {live(move || several.get().then(|| chooser(page)))}
            <div data-testid="state-panel" on:click=press inner_html=move || seen.get()></div>
        </div>
    }
}

/// From now on this key is resolved by the strategy of this number.
fn resolve_by(page: Page, place: u64) {
    let key =
        page.snapshot.with_untracked(|shot| shot.frame.state.as_ref().map(|it| it.name.clone()));
    if let (Some(key), Some((strategy, ..))) = (key, Strategy::ALL.get(place as usize)) {
        let strategy = strategy.name().to_owned();
        page.intervene(Intervention::SetStrategy { keys: vec![key], strategy });
    }
}

fn markup(view: &StateView, timeline: &Timeline) -> String {
    let (name, manner) = (escaped(&view.name), &view.manner);
    let (strong, rest) = (escaped(&view.strong), escaped(&view.rest));
    format!(
        "<section class=\"panel\"><header><h2>{name}</h2><span class=\"quiet\">{manner}</span></header>\
         <p class=\"lead\" data-testid=\"state-sentence\"><b>{strong}</b>{rest}</p>\
         <table class=\"replicas\" data-testid=\"replicas\">{}</table></section>\
         <section class=\"panel\"><header><h2>Replicas over time</h2><span class=\"quiet\">press a dot to go there,<br>a line to write there</span></header>\
         <div class=\"curve timeline\" data-testid=\"timeline\">{}</div></section>",
        replicas(view),
        timeline::picture(timeline)
    )
}

fn rest(markup: &mut String, view: &StateView, looked_at: Option<u64>) {
    lattice::section(markup, view);
    if !view.outcomes.is_empty() {
        outcomes(markup, view, looked_at);
    }
    if !view.bytes.is_empty() {
        costs(markup, &view.bytes);
    }
}

/// Which of several keys is shown.
fn chooser(page: Page) -> AnyView {
    let options = page.follow(|shot| {
        let keys = shot.cast.keys.iter().enumerate();
        keys.map(|(number, name)| (number.to_string(), name.clone())).collect::<Vec<_>>()
    });
    let chosen =
        page.follow(|shot| shot.frame.state.as_ref().map_or(0, |state| state.key.0).to_string());
    let choose = move |key: String| {
        if let Ok(key) = key.parse() {
            page.with_player(|player| player.look_at_key(KeyId(key)));
            page.show();
        }
    };
    let (id, label) = ("key-chooser", "Key");
    Choice { id, label, options, chosen, choose: Box::new(choose) }.view()
}

fn replicas(view: &StateView) -> String {
    let mut markup = String::from("<tbody>");
    for Row { name, value, clock, written, differs, refused, .. } in &view.rows {
        let told = refused.as_ref().unwrap_or(written);
        let clock = if clock.is_empty() { String::new() } else { format!("clock {clock}") };
        let _ = write!(
            markup,
            "<tr data-differs=\"{differs}\" data-refused=\"{}\"><th scope=\"row\">{}</th><td class=\"value\">{}</td>\
             <td class=\"quiet\">{}<br>{clock}</td></tr>",
            refused.is_some(),
            escaped(name),
            escaped(value),
            escaped(told)
        );
    }
    if view.more > 0 {
        let _ = write!(markup, "<tr><td class=\"quiet\">and {} more</td></tr>", view.more);
    }
    markup + "</tbody>"
}

/// What a merge now would come to: three ways, and the steps of one.
fn outcomes(markup: &mut String, view: &StateView, looked_at: Option<u64>) {
    let is_shown = |outcome: &Outcome| match looked_at {
        Some(place) => outcome.strategy as u64 == place,
        None => outcome.used,
    };
    *markup += "<section class=\"panel\"><header><h2>If they merged now</h2></header><div class=\"outcomes\" data-testid=\"outcomes\">";
    for outcome in &view.outcomes {
        let Outcome { strategy, title, value, words, loses, .. } = outcome;
        let _ = write!(
            markup,
            "<button data-outcome=\"{}\" data-loses=\"{loses}\" aria-pressed=\"{}\"><b>{title}</b>\
             <span class=\"value\">{}</span><span class=\"quiet\">{}</span></button>",
            *strategy as u64,
            is_shown(outcome),
            escaped(value),
            escaped(words)
        );
    }
    *markup += "</div><h3>Step by step</h3><ol class=\"steps\" data-testid=\"steps\">";
    let shown = view.outcomes.iter().find(|it| is_shown(it));
    for step in shown.iter().flat_map(|outcome| &outcome.steps) {
        let _ = write!(markup, "<li>{}{}</li>", escaped(&step.text), entries(step));
    }
    *markup += "</ol>";
    if let Some(outcome) = shown.filter(|outcome| !outcome.used) {
        let (place, title) = (outcome.strategy as u64, outcome.title.to_ascii_lowercase());
        let _ = write!(
            markup,
            "<div class=\"boxes\"><button class=\"boxed\" data-use=\"{place}\" data-testid=\"use-strategy\">Resolve by {title} from now on</button></div>"
        );
    }
    *markup += "</section>";
}

fn entries(step: &Step) -> String {
    if step.entries.is_empty() {
        return String::new();
    }
    let mut markup = String::from("<table><thead><tr><th>entry of</th>");
    for column in &step.columns {
        let _ = write!(markup, "<th>{}</th>", escaped(column));
    }
    markup += "<th>keeps</th></tr></thead><tbody>";
    for entry in &step.entries {
        let _ = write!(markup, "<tr><th scope=\"row\">{}</th>", escaped(&entry.of));
        for held in &entry.held {
            let _ = write!(markup, "<td>{held}</td>");
        }
        let _ = write!(markup, "<td><b>{}</b></td></tr>", entry.keeps);
    }
    markup + "</tbody></table>"
}

/// What the last synchronisation of each kind cost.
fn costs(markup: &mut String, bytes: &[Bytes]) {
    let most = bytes.iter().map(|it| it.bytes).max().unwrap_or(1).max(1);
    *markup += "<section class=\"panel\"><header><h2>Full against delta</h2><span class=\"quiet\">the last of each</span></header>\
                <ul class=\"costs\" data-testid=\"costs\">";
    for Bytes { kind, bytes, words } in bytes {
        let permille = bytes * 1_000 / most;
        let _ = write!(
            markup,
            "<li><span>{kind}</span><span class=\"bar\"><span style=\"width:{}.{}%\"></span></span><b>{bytes} B</b>\
             <span class=\"quiet\">{words}</span></li>",
            permille / 10,
            permille % 10
        );
    }
    let _ = write!(markup, "</ul><p>{}</p></section>", compared(bytes));
}
