//! What happened, in sentences, the newest first. A sentence is also a way to go there, and to ask why.

use std::sync::Arc;

use engine::coordination::bus::Kind;
use engine::coordination::consensus::quorum::Decision;
use engine::coordination::note::Note;
use engine::playback::Command;
use engine::sim::{Event, What};
use engine::view::figure::seconds;
use engine::view::log::{Filter, Group, Line, Why, lines, why};
use engine::view::sentence::{Importance, importance};
use engine::view::stage::target::Target;
use leptos::prelude::*;

use super::shown;
use crate::app::controls::Button;
use crate::app::icons::{self, svg};
use crate::app::page::{Page, page};

/// Lines at first, and more each time they are asked for.
const LINES: usize = 40;

#[component]
pub fn LogPanel() -> impl IntoView {
    let page = page();
    let filter = RwSignal::new(Filter::default());
    let most = RwSignal::new(LINES);
    // The line whose causes are shown, on its branch.
    let unfolded = RwSignal::new(None::<(u32, u64)>);
    let lines = Memo::new(move |_| {
        page.snapshot.track();
        let (filter, most) = (filter.get(), most.get());
        let lines = page.with_player(|player| {
            let branch = player.frame.branch;
            let lines = lines(player.run()?, &player.frame, &filter, most);
            Some(lines.into_iter().map(|line| (branch, line)).collect::<Vec<_>>())
        });
        lines.flatten().unwrap_or_default()
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
    let group = move |group: Group| {
        let name = group.name();
        Button::new(format!("log-{}", name.to_lowercase()), move || {
            filter.update(|it| it.group = group)
        })
        .says(name)
        .pressed(move || filter.with(|filter| filter.group == group))
        .view()
    };
    let only = Button::new("log-agent", move || {
        let agent = page.selected.get_untracked();
        filter.update(|filter| filter.agent = if filter.agent.is_some() { None } else { agent });
    })
    .words(Arc::new(move || {
        let agent = filter.with(|filter| filter.agent).or(page.selected.get());
        let name = page.snapshot.with(|shot| agent.map(|agent| shot.name(agent).to_owned()));
        name.map_or_else(|| "only the selected agent".to_owned(), |name| format!("only {name}"))
    }))
    .pressed(move || filter.with(|filter| filter.agent.is_some()))
    .disabled(move || {
        filter.with(|filter| filter.agent.is_none()) && page.selected.get().is_none()
    });
    let find = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        filter.update(|filter| filter.text = text);
    };
    let line = move |(branch, line): (u32, Line)| self::line(page, unfolded, branch, line);
    let rest = move || {
        let shown = lines.with(Vec::len);
        let is_filtered = filter.with(|filter| *filter != Filter::default());
        match shown {
            0 if is_filtered => Button::new("log-clear", move || filter.set(Filter::default()))
                .class("link")
                .says("Nothing fits. Show everything")
                .view(),
            _ if shown == most.get() => {
                Button::new("log-older", move || most.update(|most| *most += LINES))
                    .class("link")
                    .says("Older")
                    .view()
            }
            _ => ().into_any(),
        }
    };
    view! {
        <section class="panel" data-shown=shown("log")>
            <header><h2>"Log"</h2><span class="quiet">{count}</span></header>
            <div class="filters">
                <div class="noise" role="group" aria-label="Events shown">{Group::ALL.map(group).into_iter().collect_view()}</div>
                {only.view()}
                <input type="search" data-testid="log-find" aria-label="Find in the log" placeholder="find" on:input=find
                    prop:value=move || filter.with(|filter| filter.text.clone())/>
            </div>
            <ol class="log" data-testid="log" reversed>
                <For each=move || lines.get() key=|(branch, line)| (*branch, line.event.id) children=line/>
            </ol>
            {rest}
            <p class="log-more">"trace "<span data-testid="trace-hash">{hash}</span></p>
        </section>
    }
}

/// An event: a way to go there, and to ask why.
fn line(page: Page, unfolded: RwSignal<Option<(u32, u64)>>, branch: u32, line: Line) -> AnyView {
    let event = line.event.id;
    let is_open = move || unfolded.get() == Some((branch, event));
    let why = Button::new("why", move || {
        unfolded.update(|it| {
            *it = if *it == Some((branch, event)) { None } else { Some((branch, event)) }
        });
    })
    .class("link")
    .says("why?")
    .pressed(is_open);
    let causes = move || is_open().then(|| causes(page, event));
    let about = Some(Target::Agent(line.event.agent));
    view! {
        <li data-testid="log-entry" on:pointerenter=move |_| page.point_at(about) on:pointerleave=move |_| page.point_at(None)>
            {told(page, &line)}{why.view()}{causes}
        </li>
    }
    .into_any()
}

/// The sentence, which leads to its moment.
fn told(page: Page, line: &Line) -> AnyView {
    let event = line.event.id;
    view! {
        <button class="told" title="Go there" on:click=move |_| page.act_paused(&Command::SeekEvent { event })>
            <time>{seconds(line.event.time_us)}</time>{svg(icon(&line.event))}<span>{line.words.clone()}</span>
        </button>
    }
    .into_any()
}

/// What led to an event, down to the root.
fn causes(page: Page, event: u64) -> AnyView {
    let why = page.with_player(|player| player.run().map(|run| why(run, event))).flatten();
    let Some(Why { causes, root }) = why else { return ().into_any() };
    let each = causes.iter().map(|cause| view! { <li>{told(page, cause)}</li> }).collect_view();
    view! { <ol class="causes" data-testid="causes">{each}<li class="root">{root}</li></ol> }
        .into_any()
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
