//! A lamp for every possible ballot: with names while they are few, then a field of lamps that are
//! named when they are pointed at, then how many stand how.

use engine::coordination::consensus::quorum::Measure;
use engine::playback::frame::{ElectorFrame, Lamp, ProposalFrame};
use engine::view::choice::picked;
use engine::view::stage::layout::short_names;
use engine::view::stage::target::Target;
use engine::view::tally::{in_bar_order, lamp_groups, lamp_text, lamp_words};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::tally::option_mark;
use super::{point, target};
use crate::app::controls::{each, live};
use crate::app::icons::{self, glyph, svg};
use crate::app::left::lamp_names;
use crate::app::page::{Page, Snapshot, page};

/// Up to here lamps hang under their segments of the bar,
const UNDER_BAR_MAX: usize = 5;
/// up to here they have names,
const NAMED_MAX: usize = 12;
/// up to here a lamp each.
const LAMPS_MAX: usize = 200;

/// One lamp under the bar.
#[derive(Clone, PartialEq)]
struct LampLine {
    elector: ElectorFrame,
    name: String,
    short: String,
    text: String,
    /// What its ballot says and how far it has come.
    words: String,
    /// The letter of the option it is for.
    letter: Option<String>,
    amount: u64,
    /// It has a name under it.
    named: bool,
    /// The Tab key stops at it.
    stop: bool,
}

impl LampLine {
    /// All that a lamp shows: a change of it makes that lamp anew, and no other.
    fn key(&self) -> String {
        let Self { elector, name, text, words, amount, named, .. } = self;
        format!("{} {text} {words} {amount} {name} {named}", elector.agent.0)
    }
}

fn lamp_lines(shot: &Snapshot) -> Vec<LampLine> {
    let Some(proposal) = shot.proposal() else { return Vec::new() };
    let electors = match shape(proposal.electors.len()) {
        UNDER_BAR => in_bar_order(proposal),
        CROWD => return Vec::new(),
        _ => proposal.electors.clone(),
    };
    // Only where they are shown: the names of thousands take their time.
    let named = electors.len() <= NAMED_MAX;
    let short = if named { short_names(&shot.cast) } else { Vec::new() };
    let first = electors.first().map(|elector| elector.agent);
    let weighted = proposal.measure == Measure::Weight;
    let line = |elector: ElectorFrame| LampLine {
        name: shot.name(elector.agent).to_owned(),
        short: short.get(elector.agent.index()).cloned().unwrap_or_default(),
        text: for_option(proposal, &elector).map_or_else(|| lamp_text(&elector), |of| of.1),
        letter: for_option(proposal, &elector).map(|of| of.0),
        words: said(proposal, &elector),
        amount: if weighted { elector.weight_milli } else { 1 },
        named,
        // A field of lamps is one stop for the Tab key: arrows walk in it.
        stop: named || first == Some(elector.agent),
        elector,
    };
    electors.into_iter().map(line).collect()
}

/// The letter and name of the option its ballot is for.
fn for_option(proposal: &ProposalFrame, elector: &ElectorFrame) -> Option<(String, String)> {
    let cast = matches!(elector.lamp, Lamp::Cast(_) | Lamp::Counted(_));
    picked(proposal, elector.agent).filter(|_| cast)
}

/// "FOR, counted", or "postgres, sent".
fn said(proposal: &ProposalFrame, elector: &ElectorFrame) -> String {
    let stands = match elector.lamp {
        Lamp::Cast(_) => "sent",
        Lamp::Counted(_) => "counted",
        _ => return lamp_words(elector.lamp),
    };
    let option = picked(proposal, elector.agent);
    option.map_or_else(|| lamp_words(elector.lamp), |(_, name)| format!("{name}, {stands}"))
}

/// How so many lamps are shown; styles know these names.
fn shape(count: usize) -> &'static str {
    if count <= UNDER_BAR_MAX {
        UNDER_BAR
    } else if count <= NAMED_MAX {
        "named"
    } else if count <= LAMPS_MAX {
        FIELD
    } else {
        CROWD
    }
}

const UNDER_BAR: &str = "";
const FIELD: &str = "grid";
const CROWD: &str = "crowd";

/// How a crowd's ballots stand.
fn crowd(shot: &Snapshot) -> String {
    // What options have their bars say.
    let proposal =
        shot.proposal().filter(|it| it.electors.len() > LAMPS_MAX && it.choice.is_none());
    let groups = proposal.map(lamp_groups).unwrap_or_default();
    let group = |(lamp, count)| {
        format!("<li>{}<b>{count}</b>{}</li>", glyph(icons::lamp(lamp)), lamp_words(lamp))
    };
    groups.into_iter().map(group).collect()
}

#[component]
pub fn Lamps() -> impl IntoView {
    let page = page();
    let lines = page.follow(lamp_lines);
    let groups = page.follow(crowd);
    let shape = Memo::new(move |_| shape(lines.with(Vec::len)).to_owned());
    let items = move || {
        let item = |line: LampLine| (line.key(), Box::new(move || lamp(page, line)) as Box<_>);
        lines.get().into_iter().map(item).collect()
    };
    view! {
        <ul class="lamps" data-shape=move || shape.get() aria-label="Ballots"
            on:mouseover=move |event| point(page, target(&event)) on:mouseleave=move |_| point(page, None)
            on:focusin=move |event| point(page, target(&event)) on:focusout=move |_| point(page, None)
            on:keydown=move |event| { if shape.get_untracked() == FIELD { walk(&event) } }>{each(items)}</ul>
        {live(move || (shape.get() == FIELD).then(|| view! { <p class="quiet named-lamp">{move || pointed_at(page)}</p> }))}
        <ul class="crowd" aria-label="Ballots, counted by how they stand" inner_html=move || groups.get()></ul>
    }
}

fn lamp(page: Page, line: LampLine) -> AnyView {
    let agent = line.elector.agent;
    let (state, vote) = lamp_names(line.elector.lamp);
    let is_selected = page.now(move || page.selected.get_untracked() == Some(agent));
    let selected = move || if is_selected.get() { "true" } else { "false" };
    let words = format!("{}: {}", line.name, line.words);
    let letter = line.letter.clone().map(|letter| format!("{letter} ")).unwrap_or_default();
    let counted = matches!(line.elector.lamp, Lamp::Counted(_));
    let picture = match line.letter {
        Some(letter) => option_mark(letter, counted),
        None => svg(icons::lamp(line.elector.lamp)).into_any(),
    };
    // What is said begins with what is seen, so that it can be called by its name.
    let label = if line.named { format!("{} {}: {words}", line.short, line.text) } else { words };
    let label = letter + &label;
    let text = line
        .named
        .then(|| view! { <span>{line.short}</span>" "<span class="quiet">{line.text}</span> });
    let stop = if line.stop { "0" } else { "-1" };
    view! {
        <li data-testid=format!("lamp-{}", line.name) data-agent=agent.0.to_string() data-state=state data-vote=vote data-selected=selected style:flex-grow=line.amount.to_string()>
            <button tabindex=stop aria-pressed=selected aria-label=label on:click=move |_| page.select(Some(agent))>
                {picture}" "{text}
            </button>
        </li>
    }
    .into_any()
}

/// The name and ballot of the lamp under the pointer or the focus, else of the selected agent.
fn pointed_at(page: Page) -> String {
    let hovered = page.hovered.get().and_then(Target::agent);
    let Some(agent) = hovered.or(page.selected.get()) else {
        return "Point at a lamp to see whose it is.".to_owned();
    };
    let said = page.snapshot.with(|shot| {
        let proposal = shot.proposal()?;
        let elector = proposal.electors.iter().find(|elector| elector.agent == agent)?;
        Some(format!("{}: {}", shot.name(agent), said(proposal, elector)))
    });
    said.unwrap_or_default()
}

/// Arrows go from lamp to lamp.
fn walk(event: &KeyboardEvent) {
    let Some(lamp) = target(event).and_then(|it| it.closest("li").ok().flatten()) else { return };
    let parent = lamp.parent_element();
    let next = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => lamp.next_element_sibling(),
        "ArrowLeft" | "ArrowUp" => lamp.previous_element_sibling(),
        "Home" => parent.and_then(|it| it.first_element_child()),
        "End" => parent.and_then(|it| it.last_element_child()),
        _ => return,
    };
    // Not the page's keys here: they would step through time.
    event.stop_propagation();
    event.prevent_default();
    let button = next.and_then(|it| it.first_element_child());
    if let Some(button) = button.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}
