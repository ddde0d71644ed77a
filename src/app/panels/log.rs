//! What happened, in sentences, the newest first. A sentence is also a way to go there.

use engine::coordination::bus::Kind;
use engine::coordination::consensus::quorum::Decision;
use engine::coordination::note::Note;
use engine::playback::Command;
use engine::sim::{Event, What};
use engine::view::figure::seconds;
use engine::view::sentence::{Importance, importance, sentence};
use leptos::prelude::*;

use super::shown;
use crate::app::icons::{self, svg};
use crate::app::page::{Page, page};

const LINES_MAX: usize = 40;
/// How far back one look goes: in long quiet traffic some lines may be fewer.
const EVENTS_MAX: u64 = 4_000;

#[derive(Clone, PartialEq)]
struct Line {
    branch: u32,
    event: u64,
    time_us: u64,
    icon: &'static str,
    words: String,
}

#[component]
pub fn LogPanel() -> impl IntoView {
    let page = page();
    let lines = Memo::new(move |_| {
        page.snapshot.track();
        lines(page)
    });
    let count = Memo::new(move |_| {
        let cut_off = page.with_player(|player| player.run().map_or(0, |run| run.log().first_id()));
        let events = page.snapshot.with(|shot| shot.frame.events);
        match cut_off {
            Some(0) | None => format!("{events} events"),
            Some(first) => format!("{events} events, the first {first} no longer kept"),
        }
    });
    let hash = page.follow(|shot| format!("{:016x}", shot.frame.trace_hash));
    let line = move |line: Line| {
        let event = line.event;
        view! {
            <li data-testid="log-entry">
                <button title="Go there" on:click=move |_| page.act_paused(&Command::SeekEvent { event })>
                    <time>{seconds(line.time_us)}</time>{svg(line.icon)}<span>{line.words}</span>
                </button>
            </li>
        }
    };
    view! {
        <section class="panel" data-shown=shown("log")>
            <header><h2>"Log"</h2><span class="quiet">{count}</span></header>
            <ol class="log" data-testid="log" reversed>
                <For each=move || lines.get() key=|line| (line.branch, line.event) children=line/>
            </ol>
            <p class="log-more">"trace "<span data-testid="trace-hash">{hash}</span></p>
        </section>
    }
}

fn lines(page: Page) -> Vec<Line> {
    page.with_player(|player| {
        let (Some(run), newest) = (player.run(), player.frame.events) else { return Vec::new() };
        let branch = player.frame.branch;
        let events = run.log().range(newest.saturating_sub(EVENTS_MAX), newest).rev();
        let told = events.filter(|event| importance(event) > Importance::Traffic);
        told.take(LINES_MAX)
            .filter_map(|event| {
                let words = sentence(event, run.cast())?;
                Some(Line {
                    branch,
                    event: event.id,
                    time_us: event.time_us,
                    icon: icon(event),
                    words,
                })
            })
            .collect()
    })
    .unwrap_or_default()
}

fn icon(event: &Event<Note>) -> &'static str {
    match event.what {
        What::Note(Note::Counted { vote, .. }) => icons::vote(vote, true),
        What::Note(Note::Voted { vote, .. }) => icons::vote(vote, false),
        What::Note(Note::Opened { .. } | Note::Heard { .. }) => icons::LETTER,
        What::Note(
            Note::Decided { decision, .. }
            | Note::Closed { decision, .. }
            | Note::Learned { decision, .. },
        ) => match decision {
            Decision::Approved => icons::APPROVED,
            Decision::Rejected => icons::REJECTED,
            Decision::Timeout | Decision::Split => icons::OPEN,
        },
        What::Note(Note::Asked { .. } | Note::Reminded { .. }) => icons::QUESTION,
        What::Note(Note::Refused { .. } | Note::NotOpened) | What::Dropped { .. } => icons::LOST,
        What::Crashed => icons::DOWN,
        _ if importance(event) == Importance::Fault => icons::FAULT,
        _ => match Kind::from_number(event.kind) {
            Some(Kind::Proposal) => icons::LETTER,
            _ => icons::DOT,
        },
    }
}
