//! The stage in the page: the canvas, what stands in its corners, and the list that mirrors it for
//! keyboards and screen readers.

use engine::coordination::topology::TopologyKind;
use engine::sim::{AgentId, Status};
use engine::view::sentence::{outcome_word, vote_word};
use leptos::prelude::*;

use super::frame_loop::place_of;
use super::page::{Page, Snapshot, page};

/// Above this the mirror would be a list nobody can walk through.
const MIRROR_MAX: usize = 200;

#[component]
pub fn StageView() -> impl IntoView {
    let page = page();
    let hit = move |event: &web_sys::MouseEvent| {
        page.stage.try_with_value(|(stage, _)| stage.hit(place_of(event))).flatten()
    };
    let point = move |event: web_sys::PointerEvent| {
        let over = hit(&event);
        if over != page.hovered.get_untracked() {
            page.hovered.set(over);
            page.repaint();
        }
    };
    let leave = move |_| {
        page.hovered.set(None);
        page.repaint();
    };
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
        <section class="stage" aria-label="Stage" class:pointing=move || page.hovered.get().is_some() class:dropping=dropping
            on:dragover=over on:dragleave=move |_| dropping.set(false) on:drop=drop>
            <canvas node_ref=page.stage_canvas role="img" data-testid="stage" aria-label="The swarm: agents around the coordinator, and the messages between them. The list that follows says the same in words."
                on:pointermove=point on:pointerleave=leave on:click=move |event| page.select(hit(&event))></canvas>
            <Corners/>
            <Mirror/>
        </section>
    }
}

#[component]
fn Corners() -> impl IntoView {
    let page = page();
    let proposal = page.follow(|shot| {
        let proposal = shot.proposal()?;
        let fields: Vec<String> = proposal
            .fields
            .iter()
            .map(|(name, value)| format!("{} {value}", name.replace('_', " ")))
            .collect();
        Some((proposal.name.clone(), proposal.question.clone(), fields.join(", ")))
    });
    let topology = page.follow(topology_words);
    let network = page.follow(|shot| shot.cast.network.clone());
    let books = page.follow(books_words);
    view! {
        <div class="corner proposal">
            {move || proposal.get().map(|(name, question, fields)| view! {
                <h1>{name}</h1><p>{question}</p><p class="quiet">{fields}</p>
            })}
        </div>
        <div class="corner topology"><div>{topology}</div><div>{network}</div></div>
        <div class="corner books" data-testid="books">
            <span>{move || books.get().0}" "</span><span>{move || books.get().1}</span>
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
    match shot.cast.links.len() {
        0 => kind.to_owned(),
        1 => format!("{kind}, 1 link"),
        count => format!("{kind}, {count} links"),
    }
}

/// The books, balanced: sent = delivered + in flight + lost.
fn books_words(shot: &Snapshot) -> (String, String) {
    let books = &shot.frame.end_to_end;
    let doubled = if books.duplicated > 0 {
        format!(" + {} doubled", books.duplicated)
    } else {
        String::new()
    };
    (
        format!("{} sent{doubled} = {} delivered", books.sent, books.delivered),
        format!("+ {} in flight + {} lost", books.in_flight, books.dropped),
    )
}

/// Everyone on the stage, in words, to be reached with the keyboard.
#[component]
fn Mirror() -> impl IntoView {
    let page = page();
    let count = page.follow(|shot| shot.cast.agents.len().min(MIRROR_MAX) as u32);
    let names = page.follow(|shot| {
        let agents = shot.cast.agents.iter().take(MIRROR_MAX);
        agents.map(|agent| agent.name.clone()).collect::<Vec<_>>()
    });
    let item = move |n: u32| {
        let agent = AgentId(n);
        let name =
            move || names.with(|names| names.get(agent.index()).cloned().unwrap_or_default());
        let words = Memo::new(move |_| page.snapshot.with(|shot| agent_words(shot, agent)));
        let pressed = move || if page.selected.get() == Some(agent) { "true" } else { "false" };
        view! {
            <li><button aria-pressed=pressed data-testid=move || format!("agent-{}", name()) on:click=move |_| page.select(Some(agent))
                on:focus=move |_| point_at(page, Some(agent)) on:blur=move |_| point_at(page, None)>{words}</button></li>
        }
    };
    view! {
        <ul class="off-screen" aria-label="Agents">
            {move || (0..count.get()).map(item).collect_view()}
        </ul>
    }
}

/// Shows on the stage where the pointer or the keyboard is.
fn point_at(page: Page, agent: Option<AgentId>) {
    page.hovered.set(agent);
    page.repaint();
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
        words += vote_word(vote);
    }
    if let Some(outcome) = state.outcome {
        words += ", knows it is ";
        words += outcome_word(outcome);
    }
    words
}
