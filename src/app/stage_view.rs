//! The stage in the page: the canvas, what stands in its corners, and the list that mirrors it for
//! keyboards and screen readers.

use std::sync::Arc;

use engine::common::topology::TopologyKind;
use engine::sim::{AgentId, Status};
use engine::view::stage::target::Target;
use engine::view::stage::{Noise, absent};
use engine::view::{acts, network};
use leptos::prelude::*;

use super::controls::{Button, Read, live};
use super::focus;
use super::icons::{self, Icon};
use super::page::{Page, Snapshot, page};
use super::pointer::{self, Pointers};

/// Above this the mirror would be a list nobody can walk through.
const MIRROR_MAX: usize = 200;
const MIRROR_MESSAGES_MAX: usize = 40;

#[component]
pub fn StageView() -> impl IntoView {
    let page = page();
    let pointers = Pointers::new(page);
    let dropping = RwSignal::new(false);
    let over = move |event: web_sys::DragEvent| {
        event.prevent_default();
        dropping.set(true);
    };
    let drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        dropping.set(false);
        let files = event.data_transfer().and_then(|data| data.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            super::files::read(page, &file);
        }
    };
    view! {
        <section class="stage" id=focus::STAGE tabindex="-1" aria-label="Stage" class:pointing=move || page.hovered.get().is_some() class:cutting=move || page.partitioning.with(Option::is_some) class:dropping=dropping
            on:dragover=over on:dragleave=move |_| dropping.set(false) on:drop=drop>
            <canvas node_ref=page.stage_canvas role="img" data-testid="stage" aria-label="The swarm: agents around the coordinator, and the messages between them. The lists that follow say the same in words."
                on:pointerdown=move |event| pointers.down(&event) on:pointermove=move |event| pointers.moved(&event)
                on:pointerup=move |event| pointers.up(&event) on:pointercancel=move |_| pointers.cancelled()
                on:pointerleave=move |_| page.point_at(None) on:wheel=move |event| pointers.wheel(&event)
                on:dblclick=move |_| page.fit() on:contextmenu=move |event| pointers.menu(&event)></canvas>
            <Corners/>
            {live(move || page.partitioning.with(Option::is_some).then(|| view! {
                <p class="cut-hint" role="status">"Draw a line across the stage; Esc gives up."</p>
            }))}
            <Mirror/>
        </section>
    }
}

#[component]
fn Corners() -> impl IntoView {
    let page = page();
    let proposal = page.follow(|shot| {
        let Some(proposal) = shot.proposal() else { return Vec::new() };
        let fields: Vec<String> = proposal
            .terms
            .fields
            .iter()
            .map(|(name, value)| format!("{} {value}", name.replace('_', " ")))
            .collect();
        vec![proposal.terms.name.clone(), proposal.terms.question.clone(), fields.join(", ")]
    });
    let topology = page.follow(topology_words);
    let network = page.follow(|shot| network::words(&shot.frame.network));
    let noise = move |noise: Noise| {
        Button::new(format!("noise-{}", noise.name().to_ascii_lowercase()), move || {
            page.show_noise(noise)
        })
        .says(noise.name())
        .pressed(move || page.noise.get() == noise)
        .view()
    };
    let view = |id, label: &'static str, icon: Icon, press: fn(Page)| {
        Button::new(id, move || press(page)).label(label).icon(icon).view()
    };
    let books = page.follow(books_words);
    view! {
        <div class="corner proposal">
            {live(move || <[String; 3]>::try_from(proposal.get()).ok().map(|[name, question, fields]| view! {
                <h1>{name}</h1><p>{question}</p><p class="quiet">{fields}</p>
            }))}
        </div>
        <div class="corner topology">
            <div class="noise" role="group" aria-label="Messages shown">{Noise::ALL.map(noise).into_iter().collect_view()}</div>
            <div>{topology}</div><div>{network}</div>
        </div>
        <div class="corner zoom" role="group" aria-label="View">
            {view("zoom-in", "Nearer", icons::NEARER, |page| page.zoom(1.5, None))}
            {view("zoom-out", "Further", icons::FURTHER, |page| page.zoom(1.0 / 1.5, None))}
            {view("fit", "All of it", icons::FIT, |page| page.fit())}
            {view("present", "Presenter’s view and back", icons::PRESENT, |page| page.present())}
        </div>
        <div class="corner books" data-testid="books">
            {live(move || books.get().into_iter().map(|words| view! { <span>{words}" "</span> }).collect_view())}
        </div>
    }
}

fn topology_words(shot: &Snapshot) -> String {
    let kind = match shot.cast.topology {
        TopologyKind::Mesh => "mesh",
        TopologyKind::Star => "star",
        TopologyKind::Ring => "ring",
        TopologyKind::Hierarchical => "tree",
    };
    let absent = absent(&shot.cast);
    let is_there = |it: &&(AgentId, AgentId)| absent != Some(it.0) && absent != Some(it.1);
    match shot.cast.links.iter().filter(is_there).count() {
        0 => kind.to_owned(),
        1 => format!("{kind}, 1 link"),
        count => format!("{kind}, {count} links"),
    }
}

/// The books, balanced: sent = delivered + in flight + lost.
fn books_words(shot: &Snapshot) -> Vec<String> {
    let books = &shot.frame.end_to_end;
    let doubled = if books.duplicated > 0 {
        format!(" + {} doubled", books.duplicated)
    } else {
        String::new()
    };
    vec![
        format!("{} sent{doubled} = {} delivered", books.sent, books.delivered),
        format!("+ {} in flight + {} lost", books.in_flight, books.dropped),
    ]
}

/// Everyone on the stage, in words, to be reached with the keyboard.
#[component]
fn Mirror() -> impl IntoView {
    let page = page();
    let count = page.follow(|shot| shot.cast.agents.len().min(MIRROR_MAX) as u64);
    let names = page.follow(|shot| {
        let agents = shot.cast.agents.iter().take(MIRROR_MAX);
        agents.map(|agent| agent.name.clone()).collect::<Vec<_>>()
    });
    let agent = move |n: u64| {
        let agent = AgentId(n as u32);
        let name = names.with_untracked(|names| names.get(agent.index()).cloned());
        let id = format!("agent-{}", name.unwrap_or_default());
        let words: Read<String> =
            Arc::new(move || page.snapshot.with(|shot| agent_words(shot, agent)));
        item(page, id, Target::Agent(agent), words)
    };
    let messages = page.follow(|shot| {
        let messages = shot.frame.messages.iter().take(MIRROR_MESSAGES_MAX);
        messages.map(|message| message.id).collect::<Vec<_>>()
    });
    // A crowd of messages changes ten times a second, too fast to choose from: it is listed when time stands
    // still.
    let listed = move || {
        let messages = messages.get();
        let rushing = messages.len() >= MIRROR_MESSAGES_MAX && page.playing.get();
        if rushing { Vec::new() } else { messages }
    };
    let message = move |id: u64| {
        let target = Target::Message(id);
        let words =
            page.snapshot.with_untracked(|shot| acts::name(&shot.cast, &shot.frame, target));
        let words = words.unwrap_or_default();
        item(page, format!("message-{id}"), target, Arc::new(move || words.clone()))
    };
    view! {
        <ul class="off-screen" aria-label="Agents">
            {live(move || {
                let absent = page.snapshot.with_untracked(|shot| absent(&shot.cast));
                let is_there = |n: &u64| absent != Some(AgentId(*n as u32));
                (0..count.get()).filter(is_there).map(agent).collect_view()
            })}
        </ul>
        <ul class="off-screen" aria-label="Messages on their way" data-testid="messages">
            {live(move || listed().into_iter().map(message).collect_view())}
        </ul>
    }
}

/// Something of the stage in words: to be selected, and shown on the stage while it has the focus.
fn item(page: Page, id: String, target: Target, words: Read<String>) -> AnyView {
    let button = Button::new(id, move || page.aim(Some(target)))
        .words(words)
        .pressed(move || page.target.get() == Some(target))
        .view();
    view! {
        <li on:focusin=move |_| page.point_at(Some(target)) on:focusout=move |_| page.point_at(None)
            on:contextmenu=move |event| menu(page, &event, target)>{button}</li>
    }
    .into_any()
}

/// Opens the menu of what a list says, from the keyboard.
fn menu(page: Page, event: &web_sys::MouseEvent, target: Target) {
    event.prevent_default();
    if page.target.get_untracked() != Some(target) {
        page.aim(Some(target));
    }
    pointer::open_selected(page);
}

fn agent_words(shot: &Snapshot, agent: AgentId) -> String {
    let mut words = shot.name(agent).to_owned();
    let Some(state) = shot.frame.agents.get(agent.index()) else { return words };
    match state.status {
        Status::Up => {}
        Status::Paused => words += ", paused",
        Status::Down => words += ", crashed",
        Status::Removed => words += ", gone",
    }
    if let Some(vote) = state.vote {
        words += ", votes ";
        words += vote.word();
    }
    if let Some(outcome) = state.outcome {
        words += ", knows it is ";
        words += outcome.word();
    }
    words
}
