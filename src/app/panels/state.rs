//! What the swarm keeps: replicas side by side, what a merge now would come to by each way to resolve, step by
//! step, how the replicas came to differ, and what bringing them in step costs.

use core::fmt::Write as _;

use engine::coordination::state::replica::KeyId;
use engine::coordination::state::resolve::Strategy;
use engine::playback::Command;
use engine::playback::frame::state::StateFrame;
use engine::scenario::intervention::Intervention;
use engine::view::state::{
    Bytes, Outcome, Row, StateView, Step, Timeline, compared, state_view, timeline,
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
    // As markup, all of it: so many small elements written out one by one would weigh more than they say.
    let seen = Memo::new(move |_| {
        page.snapshot.track();
        let looked_at = looked_at.get();
        let seen = page.with_player(|player| {
            let run = player.run()?;
            let view = state_view(run, &player.frame)?;
            let timeline = timeline(run, &player.frame)?;
            Some(markup(&view, &timeline, looked_at))
        });
        seen.flatten().unwrap_or_default()
    });
    // What a vote was about comes after it, and then stands before it.
    let leads = page.follow(|shot| {
        shot.proposal().is_none() || shot.frame.state.as_ref().is_some_and(StateFrame::is_written)
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
        }
    };
    view! {
        <div class="state" class:leads=leads data-shown=shown("vote") hidden=move || seen.with(String::is_empty) aria-label="State" role="region">
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

fn markup(view: &StateView, timeline: &Timeline, looked_at: Option<u64>) -> String {
    let (name, manner) = (escaped(&view.name), &view.manner);
    let (strong, rest) = (escaped(&view.strong), escaped(&view.rest));
    let mut markup = format!(
        "<section class=\"panel\"><header><h2>{name}</h2><span class=\"quiet\">{manner}</span></header>\
         <p class=\"lead\" data-testid=\"state-sentence\"><b>{strong}</b>{rest}</p>\
         <table class=\"replicas\" data-testid=\"replicas\">{}</table></section>\
         <section class=\"panel\"><header><h2>Replicas over time</h2><span class=\"quiet\">press a dot to go there</span></header>\
         <div class=\"curve timeline\" data-testid=\"timeline\" aria-hidden=\"true\">{}</div></section>",
        replicas(view),
        picture(timeline)
    );
    if !view.outcomes.is_empty() {
        outcomes(&mut markup, view, looked_at);
    }
    if !view.bytes.is_empty() {
        costs(&mut markup, &view.bytes);
    }
    markup
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
    *markup += "<ul class=\"clocks\" data-testid=\"clocks\">";
    for (words, concurrent) in &view.clocks {
        let _ = write!(markup, "<li data-concurrent=\"{concurrent}\">{}</li>", escaped(words));
    }
    *markup += "</ul></section>";
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

/// The picture's inner size, and where its lines begin, in its own units.
const WIDTH: f64 = 240.0;
const LEFT: f64 = 80.0;
const LINE: f64 = 34.0;

/// One line per replica; a dot is a write, an arrow what another told.
fn picture(timeline: &Timeline) -> String {
    let span_us = (timeline.to_us - timeline.from_us).max(1) as f64;
    let x = |time_us: u64| {
        let part = time_us.saturating_sub(timeline.from_us) as f64 / span_us;
        (LEFT + WIDTH * part.min(1.0)) as i32
    };
    let y = |line: usize| (22.0 + LINE * line as f64) as i32;
    let height = y(timeline.agents.len());
    let mut svg = format!("<svg viewBox=\"0 0 332 {height}\">");
    for (line, (_, name)) in timeline.agents.iter().enumerate() {
        let (y, name) = (y(line), escaped(name));
        let _ = write!(
            svg,
            "<path class=\"line\" d=\"M80 {y}h240\"/><text y=\"{}\">{name}</text>",
            y + 4
        );
    }
    // Values that would cover one another are left out.
    let mut last = vec![-1_000; timeline.agents.len()];
    for dot in &timeline.dots {
        let (x1, y1) = (x(dot.time_us), y(dot.line));
        let _ =
            write!(svg, "<g data-event=\"{}\" data-wrote=\"{}\">", dot.event, dot.from.is_none());
        if let Some((line, sent_us)) = dot.from {
            let (x0, y0) = (x(sent_us), y(line));
            let _ = write!(svg, "<path class=\"arrow\" d=\"M{x0} {y0}L{x1} {y1}\"/>");
        }
        let _ = write!(svg, "<circle cx=\"{x1}\" cy=\"{y1}\" r=\"4.5\"/>");
        let value = escaped(&dot.value);
        if x1 - last[dot.line] > 8 + 7 * value.len() as i32 {
            last[dot.line] = x1;
            let _ = write!(
                svg,
                "<text x=\"{x1}\" y=\"{}\" text-anchor=\"middle\">{value}</text>",
                y1 - 8
            );
        }
        svg += "</g>";
    }
    let now = x(timeline.now_us);
    let _ = write!(svg, "<path class=\"now\" d=\"M{now} 4V{}\"/>", height - 18);
    svg + "</svg>"
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
