//! A gossip: how far it has come round by round, beside what the textbook says; and how much of what is told
//! is news.

use std::fmt::Write as _;

use engine::playback::frame::gossip::GossipFrame;
use engine::view::byzantine::Premise;
use engine::view::gossip::{Curve, News, curve, in_step, manner, news};
use leptos::prelude::*;

use super::byzantine::premise;
use super::shown;
use crate::app::controls::live;
use crate::app::page::page;

/// The picture's inner size, and where it begins, in its own units.
const WIDTH: f64 = 290.0;
const HEIGHT: f64 = 110.0;
const LEFT: f64 = 30.0;
const TOP: f64 = 10.0;

#[component]
pub fn GossipPanel() -> impl IntoView {
    let page = page();
    let seen = page.follow(|shot| {
        let gossip = shot.proposal().and_then(|proposal| proposal.gossip.as_ref());
        gossip.map(markup).unwrap_or_default()
    });
    let in_step = page.follow(|shot| {
        let gossip = shot.proposal().and_then(|proposal| proposal.gossip.as_ref());
        gossip.map(in_step)
    });
    let list = move |held: Premise| {
        let held = premise(page, &held);
        view! { <ul class="premises" data-testid="in-step" data-shown=shown("vote")>{held}</ul> }
    };
    view! {
        <div class="byzantine" data-shown=shown("vote") inner_html=move || seen.get()></div>
        {live(move || in_step.get().map(list))}
    }
}

/// Numbers and fixed words only, here and below: nothing of it was written by a person.
fn markup(gossip: &GossipFrame) -> String {
    let (curve, news) = (curve(gossip), news(gossip));
    let Curve { title, hint, words, note, .. } = &curve;
    format!(
        "<section class=\"panel\"><header><h2>{title}</h2><span class=\"quiet\">{hint}</span></header>\
         <div class=\"curve\" aria-hidden=\"true\">{}</div><p data-testid=\"curve-words\">{words}</p>\
         <p class=\"quiet\">{note}</p><p class=\"quiet\">{}</p><div class=\"news-of\">{}</div></section>",
        picture(&curve),
        manner(gossip),
        news.as_ref().map(bars).unwrap_or_default()
    )
}

/// More rounds ahead than this say nothing.
const AHEAD_MAX: u32 = 2;

/// A bar for each round.
fn bars(news: &News) -> String {
    let mut list = String::from(
        "<header><h2>New ballots per round</h2><span class=\"quiet\">messages with news</span></header><ol class=\"news\" aria-hidden=\"true\">",
    );
    for (round, (percent, ballots)) in news.rounds.iter().enumerate() {
        let _ = write!(
            list,
            "<li><span>{}</span><i style=\"--part:{percent}%\"></i><b>{percent} %</b><span>{ballots}</span></li>",
            news.first as usize + round
        );
    }
    let last = news.first + news.rounds.len() as u32 - 1;
    for ahead in 1..=news.ahead.min(AHEAD_MAX) {
        let _ = write!(list, "<li><span>{}</span><i></i></li>", last + ahead);
    }
    let _ = write!(list, "</ol><p data-testid=\"news-words\">{}</p>", news.words);
    list
}

/// How far it has come, beside what the textbook says.
fn picture(curve: &Curve) -> String {
    let rounds = curve.textbook.len().max(2) - 1;
    let x = |round: usize| LEFT + WIDTH * round as f64 / rounds as f64;
    let y = |permille: u32| TOP + HEIGHT * (1.0 - f64::from(permille) / 1_000.0);
    let line = |permilles: &[u32]| {
        let mut points = String::new();
        for (round, permille) in permilles.iter().enumerate() {
            let _ = write!(points, "{} {} ", x(round) as i32, y(*permille) as i32);
        }
        points
    };
    let mut svg = String::from("<svg viewBox=\"0 0 332 140\">");
    for permille in [0, 500, 1_000] {
        let (y, percent) = (y(permille) as i32, permille / 10);
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M30 {y}h290\"/><text x=\"24\" y=\"{}\" text-anchor=\"end\">{percent}</text>",
            y + 4
        );
    }
    for round in &curve.named {
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"136\" text-anchor=\"middle\">{round}</text>",
            x(*round) as i32
        );
    }
    if let Some(round) = curve.converged_in {
        let x = x(round as usize) as i32;
        let _ = write!(svg, "<path class=\"converged\" d=\"M{x} 10v110\"/>");
    }
    let _ = write!(svg, "<polyline class=\"textbook\" points=\"{}\"/>", line(&curve.textbook));
    let _ = write!(svg, "<polyline class=\"real\" points=\"{}\"/>", line(&curve.real));
    // Points that would touch each other are smaller.
    let radius = if x(1) - x(0) < 10.0 { 2 } else { 4 };
    for (round, permille) in curve.real.iter().enumerate() {
        let (x, y) = (x(round) as i32, y(*permille) as i32);
        let _ = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
    }
    svg + "</svg>"
}
