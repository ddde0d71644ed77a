//! The count of the vote: the arithmetic in words, the bar of the whole electorate, a lamp for
//! every possible ballot, and what must hold.

use std::fmt::Write as _;

use engine::playback::Command;
use engine::sim::{Property, PropertyKind, PropertyStatus, Status};
use engine::view::choice::OptionBar;
use engine::view::figure::decision as decision_word;
use engine::view::property::meaning;
use engine::view::statistics::{self, StatisticsView};
use engine::view::tally::{Segment, Solidity, TallyView, choice, tally};
use leptos::prelude::*;

use super::lamps::Lamps;
use super::{number, shown, target};
use crate::app::controls::{Choice, live};
use crate::app::icons::{self, glyph};
use crate::app::left::vote_name;
use crate::app::page::{Page, Snapshot, page};

#[component]
pub fn TallyPanel() -> impl IntoView {
    let page = page();
    let view = page.follow(|shot| shot.proposal().map(tally));
    let counted_by = page.follow(counted_by);
    let head = move |view: &TallyView| view.title.clone();
    let title = move || view.with(|view| view.as_ref().map_or("Vote".to_owned(), head));
    let decided = move || {
        let decision = view.with(|view| view.as_ref().and_then(|view| view.decision));
        decision.map_or_else(
            || "open".to_owned(),
            |decision| decision_word(decision).to_ascii_lowercase(),
        )
    };
    let nothing = page.follow(|shot| {
        (shot.frame.state.is_some() || shot.frame.work.is_some()) && shot.proposal().is_none()
    });
    view! {
        <section class="panel tally" data-shown=shown("vote") aria-label="Vote" hidden=move || nothing.get()>
            <header><h2>{title}</h2><span class="quiet" data-testid="counted-by">{counted_by}</span></header>
            {chooser(page)}
            <p class="lead" data-testid="tally-sentence">
                {live(move || view.with(|view| match view {
                    Some(view) => (view.strong.clone(), view.sentence.clone()),
                    None => ("Nothing".to_owned(), " is put to the vote yet.".to_owned()),
                }).into_sentence())}
            </p>
            <span class="off-screen" data-testid="tally-decision">{decided}</span>
            {live(move || view.with(|view| view.as_ref().map(bar)))}
            <Lamps/>
            <Checks/>
            {statistics(page)}
        </section>
    }
}

/// Whose view it is.
fn counted_by(shot: &Snapshot) -> String {
    if let Some(seen) = shot.proposal().and_then(|proposal| proposal.byzantine.as_ref()) {
        return format!("as {} sees it", shot.name(seen.viewer));
    }
    if shot.proposal().is_some_and(|proposal| proposal.gossip.is_some()) {
        return "as no agent can see it".to_owned();
    }
    let coordinator = shot.cast.coordinator;
    let state = shot.frame.agents.get(coordinator.index()).map(|agent| agent.status);
    let counts = match state {
        Some(Status::Down | Status::Removed) => "had written it down",
        Some(Status::Paused) => "had counted it",
        Some(Status::Up) | None => "counts it",
    };
    format!("as the {} {counts}", shot.name(coordinator))
}

/// Which of several proposals is shown.
fn chooser(page: Page) -> impl IntoView {
    let options = page.follow(|shot| {
        let proposals = shot.frame.proposals.iter();
        proposals.map(|proposal| (proposal.id.to_string(), choice(proposal))).collect::<Vec<_>>()
    });
    let chosen = page.follow(|shot| shot.proposal().map_or(0, |it| it.id).to_string());
    let choose = move |proposal: String| {
        if let Ok(proposal) = proposal.parse() {
            page.with_player(|player| player.choose(proposal));
            page.show();
        }
    };
    let several = page.follow(|shot| shot.frame.proposals.len() > 1);
    move || {
        several.get().then(|| {
            let (id, label) = ("proposal-chooser", "Proposal");
            Choice { id, label, options, chosen, choose: Box::new(choose) }.view()
        })
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
    if !view.options.is_empty() {
        let bars = view.options.iter().map(option_bar).collect_view();
        return view! { <ul class="options" data-testid="options" aria-label="Options">{bars}</ul> }
            .into_any();
    }
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

/// What an option has, of the whole electorate: filled what is counted, hatched what is on its way.
fn option_bar(bar: &OptionBar) -> AnyView {
    let width = |permille: u64| format!("{}.{}%", permille / 10, permille % 10);
    let first = bar.first.to_string();
    let cast = Some(bar.cast_permille).filter(|cast| *cast > 0);
    let sent = cast.map(|cast| view! { <span class="sent" style:width=width(cast)></span> });
    let of = bar.clone();
    view! {
        <li data-first=first>
            {option_mark(of.letter, true)}<span class="name">{of.name}</span>" "
            <span class="quiet">{of.stands}</span>" "<b>{of.amount}</b>
            <div class="track" aria-hidden="true">
                <span class="has" style:width=width(bar.counted_permille)></span>
                {sent}
            </div>
        </li>
    }
    .into_any()
}

/// The letter of an option, as it stands on the stage.
pub fn option_mark(letter: String, counted: bool) -> AnyView {
    view! { <span class="glyph letter" aria-hidden="true" data-counted=counted.to_string()>{letter}</span> }
        .into_any()
}

/// What has become of all proposals, where there are several.
fn statistics(page: Page) -> AnyView {
    let seen = page.follow(|shot| {
        let view = statistics::statistics(&shot.frame.statistics);
        view.as_ref().map(figures).unwrap_or_default()
    });
    let hidden = move || seen.with(String::is_empty);
    view! { <div class="statistics" data-testid="statistics" hidden=hidden inner_html=move || seen.get()></div> }
        .into_any()
}

/// Numbers and fixed words only: nothing of it was written by a person.
fn figures(view: &StatisticsView) -> String {
    let mut markup = format!("<p>{}</p>", view.sentence);
    if view.rows.is_empty() {
        return markup;
    }
    markup += "<table class=\"figures\"><tbody>";
    for statistics::Row { algorithm, became, average } in &view.rows {
        let _ = write!(
            markup,
            "<tr><th scope=\"row\">{algorithm}</th><td>{became}</td><td>{average}</td></tr>"
        );
    }
    markup + "</tbody></table>"
}

fn segment(segment: &Segment) -> impl IntoView + use<> {
    let state = match segment.solidity {
        Solidity::Counted => "counted",
        Solidity::Cast => "cast",
        Solidity::Out => "out",
        Solidity::Void => "void",
    };
    let vote = segment.vote.map_or("", vote_name);
    view! {
        <span class="segment" data-state=state data-vote=vote style:flex-grow=segment.amount.to_string()>
            <span>{segment.label.clone()}</span>
        </span>
    }
}

/// Nothing is put to the vote, nor is it planned.
pub fn never_votes(shot: &Snapshot) -> bool {
    shot.frame.proposals.is_empty() && !shot.cast.has_proposals
}

/// Where nobody votes, what must hold of votes is never reached, and not told.
pub fn checks(shot: &Snapshot) -> String {
    let never_votes = never_votes(shot);
    let is_told = |it: &&Property| {
        let waits = it.kind == PropertyKind::Eventually && it.name != "termination";
        !never_votes || waits || it.status != PropertyStatus::Unreached
    };
    shot.frame.properties.iter().filter(is_told).map(check).collect()
}

/// What must hold, and whether it does.
#[component]
fn Checks() -> impl IntoView {
    let page = page();
    let checks = page.follow(checks);
    let press = move |event: web_sys::MouseEvent| {
        let broke = target(&event).and_then(|it| number(&it, "button", "data-event"));
        if let Some(event) = broke {
            page.act_paused(&Command::SeekEvent { event });
        }
    };
    view! {
        <ul class="checks" aria-label="Properties" on:click=press inner_html=move || checks.get()></ul>
    }
}

/// Fixed words only: nothing of it was written by a person.
fn check(property: &Property) -> String {
    let Property { name, status, event, .. } = property;
    let (icon, key, words) = match status {
        PropertyStatus::Holds => (icons::HOLDS, "holds", "holds"),
        PropertyStatus::Violated => (icons::VIOLATED, "violated", "violated"),
        PropertyStatus::Unreached => (icons::NOT_YET, "unreached", "not yet"),
    };
    let mut label = name.replace('_', " ");
    if let (PropertyStatus::Violated, Some(event)) = (status, event) {
        label = format!(
            "<button class=\"link\" title=\"Go to where it broke\" data-event=\"{event}\">{label}</button>"
        );
    }
    format!(
        "<li data-testid=\"property-{name}\" data-status=\"{key}\" title=\"{}: {words}\">{}{label}\
         <span class=\"off-screen\">: {words}</span></li>",
        meaning(name),
        glyph(icon)
    )
}
