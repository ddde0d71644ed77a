//! The left column: what this is, what to notice, how its protocol is set, what to do to the swarm, and a key to what is on
//! the stage.

use engine::common::consensus::ballot::Vote;
use engine::common::consensus::quorum::Decision;
use engine::common::glyph::MessageGlyph;
use engine::common::shown::Picture;
use engine::sim::Status;
use leptos::prelude::*;

use super::compare::Compare;
use super::controls::live;
use super::dialogs::About;
use super::icons::{self, Icon, svg};
use super::intervene::Intervene;
use super::page::{Snapshot, page};
use super::panels::shown;
use super::settings::Settings;

#[component]
pub fn Left() -> impl IntoView {
    view! { <div class="column left" role="region" tabindex="0" aria-label="What can be done"><Intro/><Settings/><Compare/><Intervene/><Key/></div> }
}

#[component]
fn Intro() -> impl IntoView {
    let page = page();
    let summary = page.follow(|shot| shot.cast.summary.clone());
    let notice = page.follow(|shot| shot.cast.notice.clone());
    view! {
        <section class="panel" data-shown=shown("about")>
            <p class="lead">{summary}</p>
            <p class="second">{notice}</p>
            <p class="about"><About/></p>
        </section>
    }
}

/// A line of the key, with when it is needed: it explains only what is on the stage.
type Line = (Icon, &'static str, fn(&Snapshot) -> bool);

fn voted(shot: &Snapshot, vote: Vote) -> bool {
    shot.frame.agents.iter().any(|agent| agent.vote == Some(vote))
}

fn is_choice(shot: &Snapshot) -> bool {
    shot.proposal().is_some_and(|proposal| proposal.choice.is_some())
}

fn is_vote(shot: &Snapshot) -> bool {
    let has_rooms = !shot.cast.pictures.titles.is_empty();
    shot.proposal().is_some() || !has_rooms
}

/// In a larger swarm there is no room for the arcs.
fn shows_reputations(shot: &Snapshot) -> bool {
    shot.cast.agents.len() <= 13
}

fn holds(shot: &Snapshot, outcome: Decision) -> bool {
    shot.frame.agents.iter().any(|agent| agent.outcome == Some(outcome))
}

fn lines() -> [Line; 14] {
    [
        (icons::FOR, "FOR", |shot| !is_choice(shot) && is_vote(shot)),
        (icons::AGAINST, "AGAINST", |shot| !is_choice(shot) && is_vote(shot)),
        (icons::ABSTAIN, "ABSTAIN", |shot| voted(shot, Vote::Abstain)),
        (icons::FOR_CAST, "on its way", |shot| !is_choice(shot) && is_vote(shot)),
        (icons::OPEN, "no vote yet", is_vote),
        (icons::LETTER, "proposal", is_vote),
        (icons::APPROVED, "decision", is_vote),
        (icons::REJECTED, "rejection", |shot| holds(shot, Decision::Rejected)),
        (icons::TIMED_OUT, "timed out", |shot| holds(shot, Decision::Timeout)),
        (icons::QUESTION, "question", |shot| {
            shot.frame.messages.iter().any(|it| it.glyph == MessageGlyph::Question)
        }),
        (icons::TIMER, "reviewing", |shot| {
            is_vote(shot) && shot.proposal().is_none_or(|it| it.viewer().is_none())
        }),
        (icons::REPUTATION, "reputation", |shot| {
            let is_told = |(picture, _): &(Picture, &str)| *picture == Picture::Reputation;
            shows_reputations(shot) && is_vote(shot) && !shot.key.iter().any(is_told)
        }),
        (icons::LOST, "lost", |shot| shot.frame.end_to_end.dropped > 0),
        (icons::DOWN, "crashed", |shot| {
            shot.frame.agents.iter().any(|agent| agent.status == Status::Down)
        }),
    ]
}

fn icon(picture: Picture) -> Icon {
    match picture {
        Picture::Message(glyph) => of_message(glyph),
        Picture::Level => icons::LOAD,
        Picture::Progress => icons::PROGRESS,
        Picture::Result => icons::RESULT,
        Picture::Reputation => icons::REPUTATION,
        Picture::Exposed => icons::MASK,
    }
}

/// A message as it is drawn on the stage.
fn of_message(glyph: MessageGlyph) -> Icon {
    match glyph {
        MessageGlyph::Proposal => icons::LETTER,
        MessageGlyph::Ballot(Vote::For) | MessageGlyph::Pick(_) => icons::FOR_CAST,
        MessageGlyph::Ballot(Vote::Against) => icons::AGAINST_CAST,
        MessageGlyph::Ballot(Vote::Abstain) => icons::ABSTAIN_CAST,
        MessageGlyph::Statement(_) => icons::SIGNED,
        MessageGlyph::Evidence => icons::EVIDENCE,
        MessageGlyph::Rumour => icons::RUMOUR,
        MessageGlyph::Repeat => icons::REPEAT,
        MessageGlyph::Decision(Decision::Approved) => icons::APPROVED,
        MessageGlyph::Decision(Decision::Rejected) => icons::REJECTED,
        MessageGlyph::Decision(Decision::Timeout | Decision::Split) => icons::TIMED_OUT,
        MessageGlyph::Question => icons::QUESTION,
        MessageGlyph::Delta => icons::DELTA,
        MessageGlyph::FullState => icons::FULL_STATE,
        MessageGlyph::Call => icons::CALL,
        MessageGlyph::Report => icons::REPORT,
        MessageGlyph::Result => icons::RESULT,
        MessageGlyph::Other => icons::DOT,
    }
}

#[component]
fn Key() -> impl IntoView {
    let page = page();
    let needed = page.follow(|shot| {
        let lines = lines().into_iter().filter(|(_, _, needed)| needed(shot));
        let is_drawn = |(picture, _): &&(Picture, &str)| {
            *picture != Picture::Reputation || shows_reputations(shot)
        };
        let of_rooms = shot.key.iter().filter(is_drawn);
        let of_rooms = of_rooms.map(|(picture, words)| (icon(*picture), *words));
        of_rooms.chain(lines.map(|(icon, words, _)| (icon, words))).collect::<Vec<_>>()
    });
    let line =
        |(icon, words): (Icon, &'static str)| view! { <li>{svg(icon)}<span>{words}</span></li> };
    view! {
        <section class="panel" data-shown=shown("about")>
            <header><h2>"Key"</h2></header>
            <ul class="key">{live(move || needed.get().into_iter().map(line).collect_view())}</ul>
        </section>
    }
}
