//! The count of the vote: the arithmetic in words, the bar of the whole electorate, a lamp for
//! every possible ballot, and what must hold.

use engine::playback::frame::ElectorFrame;
use engine::sim::PropertyStatus;
use engine::view::figure::decision as decision_word;
use engine::view::stage::layout::short_names;
use engine::view::tally::{Segment, Solidity, TallyView, in_bar_order, lamp_text, tally};
use leptos::prelude::*;

use super::shown;
use crate::app::icons::{self, svg};
use crate::app::left::lamp_names;
use crate::app::page::{Page, Snapshot, page};

/// Up to here a lamp has a name under it.
const NAMED_MAX: usize = 8;
/// More lamps than this are on the stage, not in a list.
const LAMPS_MAX: usize = 120;

/// One lamp under the bar.
#[derive(Clone, PartialEq)]
struct LampLine {
    elector: ElectorFrame,
    name: String,
    short: String,
    text: String,
    amount: u64,
}

impl LampLine {
    /// All that a lamp shows: a change of it makes that lamp anew, and no other.
    fn key(&self) -> (u32, String, &'static str, u64, String) {
        let (name, vote) = (self.name.clone(), lamp_names(self.elector.lamp).1);
        (self.elector.agent.0, self.text.clone(), vote, self.amount, name)
    }
}

#[component]
pub fn TallyPanel() -> impl IntoView {
    let page = page();
    let view = page.follow(|shot| shot.proposal().map(tally));
    let counted_by =
        page.follow(|shot| format!("as the {} counts it", shot.name(shot.cast.coordinator)));
    let head = move |view: &TallyView| view.title.clone();
    let title = move || view.with(|view| view.as_ref().map_or("Vote".to_owned(), head));
    let decided = move || {
        let decision = view.with(|view| view.as_ref().and_then(|view| view.decision));
        decision.map_or_else(
            || "open".to_owned(),
            |decision| decision_word(decision).to_ascii_lowercase(),
        )
    };
    view! {
        <section class="panel tally" data-shown=shown("vote")>
            <header><h2>{title}</h2><span class="quiet">{counted_by}</span></header>
            <p class="lead" data-testid="tally-sentence">
                {move || view.with(|view| match view {
                    Some(view) => (view.strong.clone(), view.sentence.clone()),
                    None => ("Nothing".to_owned(), " is put to the vote yet.".to_owned()),
                }).into_sentence()}
            </p>
            <span class="off-screen" data-testid="tally-decision">{decided}</span>
            {move || view.with(|view| view.as_ref().map(bar))}
            <Lamps/>
            <Checks/>
        </section>
    }
}

/// The strong part and the rest.
trait IntoSentence {
    fn into_sentence(self) -> AnyView;
}

impl IntoSentence for (String, String) {
    fn into_sentence(self) -> AnyView {
        view! { <b>{self.0}</b>{self.1} }.into_any()
    }
}

/// The bar: width is weight, a dark line where FOR has to come.
fn bar(view: &TallyView) -> AnyView {
    let permille = view.threshold_permille;
    // Past two thirds the words stand left of the line, or they would leave the panel.
    let side = if permille > 700 { "needed left" } else { "needed" };
    let needed = view.needed.clone();
    let segments = view.segments.iter().map(segment).collect_view();
    view! {
        <div class="bar-figures">
            <span>{view.in_favour.clone()}</span>
            <span class=side style:left=format!("{}.{}%", permille / 10, permille % 10)>{needed}</span>
        </div>
        <div class="weights" aria-hidden="true">
            {segments}
            <span class="threshold" style:left=format!("{}.{}%", permille / 10, permille % 10)></span>
        </div>
    }
    .into_any()
}

fn segment(segment: &Segment) -> impl IntoView + use<> {
    let state = match segment.solidity {
        Solidity::Counted => "counted",
        Solidity::Cast => "cast",
        Solidity::Out => "out",
    };
    let vote =
        segment.vote.map_or("", |vote| lamp_names(engine::playback::frame::Lamp::Counted(vote)).1);
    view! {
        <span class="segment" data-state=state data-vote=vote style:flex-grow=segment.amount.to_string()>
            <span>{segment.label.clone()}</span>
        </span>
    }
}

fn lamp_lines(shot: &Snapshot) -> Vec<LampLine> {
    let Some(proposal) = shot.proposal() else { return Vec::new() };
    let many = proposal.electors.len() > NAMED_MAX;
    // Only where they are shown: the names of thousands take their time.
    let short = if many { Vec::new() } else { short_names(&shot.cast) };
    let weighted = proposal.measure == engine::coordination::consensus::quorum::Measure::Weight;
    let electors = if many { proposal.electors.clone() } else { in_bar_order(proposal) };
    let line = |elector: ElectorFrame| LampLine {
        name: shot.name(elector.agent).to_owned(),
        short: short.get(elector.agent.index()).cloned().unwrap_or_default(),
        text: lamp_text(&elector),
        amount: if weighted { elector.weight_milli } else { 1 },
        elector,
    };
    electors.into_iter().take(LAMPS_MAX).map(line).collect()
}

#[component]
fn Lamps() -> impl IntoView {
    let page = page();
    let lines = page.follow(lamp_lines);
    let many = Memo::new(move |_| lines.with(|lines| lines.len() > NAMED_MAX));
    let dense = Memo::new(move |_| lines.with(|lines| lines.len() > 24));
    let more = Memo::new(move |_| {
        let all = page
            .snapshot
            .with(|shot| shot.proposal().map_or(0, |proposal| proposal.electors.len()));
        all.saturating_sub(LAMPS_MAX)
    });
    view! {
        <ul class="lamps" class:grid=many class:dense=dense aria-label="Ballots">
            <For each=move || lines.get() key=LampLine::key children=move |line| lamp(page, line, many.get_untracked())/>
        </ul>
        {move || (more.get() > 0).then(|| view! { <p class="quiet">{format!("and {} more, on the stage", more.get())}</p> })}
    }
}

fn lamp(page: Page, line: LampLine, many: bool) -> impl IntoView {
    let agent = line.elector.agent;
    let (state, vote) = lamp_names(line.elector.lamp);
    let selected = move || if page.selected.get() == Some(agent) { "true" } else { "false" };
    let title = format!("{}: {} {vote}", line.name, line.text);
    // What is said begins with what is seen, so that it can be called by its name.
    let label = if many { title.clone() } else { format!("{} {} {vote}", line.short, line.text) };
    let words = (!many)
        .then(|| view! { <span>{line.short}</span>" "<span class="quiet">{line.text}</span> });
    view! {
        <li data-testid=format!("lamp-{}", line.name) data-state=state data-vote=vote data-selected=selected style:flex-grow=line.amount.to_string()>
            <button title=title aria-label=label on:click=move |_| page.select(Some(agent))>
                {svg(icons::lamp(line.elector.lamp))}{words}
            </button>
        </li>
    }
}

/// What must hold, and whether it does.
#[component]
fn Checks() -> impl IntoView {
    let page = page();
    let checks = page.follow(|shot| {
        shot.frame
            .properties
            .iter()
            .map(|property| (property.name, property.status, property.event))
            .collect::<Vec<_>>()
    });
    let check = move |(name, status, event): (&'static str, PropertyStatus, Option<u64>)| {
        let (icon, words) = match status {
            PropertyStatus::Holds => (icons::HOLDS, "holds"),
            PropertyStatus::Violated => (icons::VIOLATED, "violated"),
            PropertyStatus::Unreached => (icons::NOT_YET, "not yet"),
        };
        let key = words.replace("not yet", "unreached");
        let jump = move |_| {
            if let Some(event) = event {
                page.act_paused(&engine::playback::Command::SeekEvent { event });
            }
        };
        let label = name.replace('_', " ");
        let violated = status == PropertyStatus::Violated && event.is_some();
        let text = if violated {
            view! { <button class="link" title="Go to where it broke" on:click=jump>{label}</button> }.into_any()
        } else {
            label.into_any()
        };
        view! {
            <li data-testid=format!("property-{name}") data-status=key title=format!("{}: {words}", name.replace('_', " "))>
                {svg(icon)}{text}<span class="off-screen">{format!(": {words}")}</span>
            </li>
        }
    };
    view! {
        <ul class="checks" aria-label="Properties">{move || checks.get().into_iter().map(check).collect_view()}</ul>
    }
}
