//! What is known of the selected agent.

use engine::playback::frame::{AgentFrame, AgentInfo, TimerKind};
use engine::sim::{AgentId, Status};
use engine::view::figure::{milli, seconds, span};
use engine::view::sentence::{outcome_word, vote_word};
use leptos::prelude::*;

use super::shown;
use crate::app::page::{Snapshot, page};

/// A row of the panel: what, in words, and a class for votes.
type Row = (&'static str, String, &'static str);

#[component]
pub fn AgentPanel() -> impl IntoView {
    let page = page();
    let head = Memo::new(move |_| {
        page.snapshot.with(|shot| {
            let agent = page.selected.get()?;
            Some((shot.name(agent).to_owned(), standing(shot.cast.agents.get(agent.index())?)))
        })
    });
    let rows = Memo::new(move |_| {
        page.snapshot
            .with(|shot| page.selected.get().map(|agent| rows(shot, agent)).unwrap_or_default())
    });
    let row = |(what, words, class): Row| view! { <dt>{what}</dt><dd class=class>{words}</dd> };
    view! {
        <section class="panel" data-shown=shown("agent") data-testid="agent-panel">
            <header>
                <h2>{move || head.get().map_or_else(|| "Agent".to_owned(), |head| head.0)}</h2>
                <span class="quiet">{move || head.get().map(|head| head.1)}</span>
            </header>
            <Show when=move || page.selected.get().is_none()>
                <p class="second">"Select an agent on the stage to see what it knows, and to crash it."</p>
            </Show>
            <dl class="facts">{move || rows.get().into_iter().map(row).collect_view()}</dl>
        </section>
    }
}

fn standing(info: &AgentInfo) -> String {
    if info.is_coordinator {
        return "counts the ballots, has no vote".to_owned();
    }
    format!("weight {}, reputation {}, {}", milli(info.weight_milli), info.reputation, info.tier)
}

fn rows(shot: &Snapshot, agent: AgentId) -> Vec<Row> {
    let (Some(info), Some(state)) =
        (shot.cast.agents.get(agent.index()), shot.frame.agents.get(agent.index()))
    else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    match state.status {
        Status::Up => {}
        Status::Down => {
            rows.push(("State", "crashed; it keeps what it had written down".to_owned(), "fault"))
        }
        Status::Paused => {
            rows.push(("State", format!("paused, {} messages wait", state.waiting), ""))
        }
        Status::Removed => rows.push(("State", "gone for good".to_owned(), "")),
    }
    if !info.is_coordinator {
        rows.push(vote_row(state));
        rows.push(("Rule", info.mind.clone(), ""));
        rows.push(("Knows", knows(shot, state), ""));
    }
    rows.push(("Waits for", waits_for(state, shot.frame.time_us), ""));
    rows.push(("Messages", format!("{} sent, {} received", state.sent, state.received), ""));
    rows.push((
        "Own clock",
        format!("{}, logical time {}", seconds(state.local_time_us), state.lamport),
        "",
    ));
    rows
}

fn vote_row(state: &AgentFrame) -> Row {
    match state.vote {
        Some(vote) => {
            let class = match vote_word(vote) {
                "FOR" => "vote-for",
                "AGAINST" => "vote-against",
                _ => "vote-abstain",
            };
            ("Votes", vote_word(vote).to_owned(), class)
        }
        None => ("Votes", "not yet".to_owned(), ""),
    }
}

fn knows(shot: &Snapshot, state: &AgentFrame) -> String {
    let name = shot.proposal().map_or("", |proposal| proposal.name.as_str());
    match (state.knows, state.outcome) {
        (_, Some(outcome)) => format!("{name}: {}", outcome_word(outcome)),
        (true, None) => format!("{name}, not how it ends"),
        (false, None) => "of no proposal".to_owned(),
    }
}

fn waits_for(state: &AgentFrame, now_us: u64) -> String {
    let Some(timer) = state.timer else { return "messages".to_owned() };
    let what = match timer.kind {
        TimerKind::Review => "the end of its review",
        TimerKind::AskOutcome => "the decision, then it asks",
        TimerKind::GiveUp => "the decision, then it gives up",
        TimerKind::Deadline => "the deadline",
        TimerKind::Reminder => "missing ballots, then it reminds",
    };
    format!("{what}, {}", span(timer.due_us.saturating_sub(now_us)))
}
