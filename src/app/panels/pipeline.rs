//! How far a pipeline has come: its stages in order, each a way to its vote.

use engine::coordination::consensus::quorum::Decision;
use engine::playback::frame::StageState;
use engine::view::pipeline::{Step, Track, track};
use leptos::prelude::*;

use super::shown;
use crate::app::controls::{Button, live};
use crate::app::icons::{self, svg};
use crate::app::page::{Page, page};

#[component]
pub fn PipelinePanel() -> impl IntoView {
    let page = page();
    let track = page.follow(|shot| track(&shot.frame));
    let shown = shown("vote");
    let look = move |Track { strong, rest, steps }: Track| {
        let steps = steps.into_iter().map(|it| step(page, it)).collect_view();
        view! {
            <section class="panel" data-shown=shown>
                <header><h2>"Pipeline"</h2></header>
                <p class="lead" data-testid="pipeline-sentence"><b>{strong}</b>{rest}</p>
                <ol class="stages" data-testid="pipeline">{steps}</ol>
            </section>
        }
    };
    view! { <div class="pipeline">{live(move || track.get().map(look))}</div> }
}

/// What a state looks like, and its name for tests and styles.
fn state(state: StageState) -> (&'static str, &'static str) {
    match state {
        StageState::Waiting => (icons::OPEN, "waiting"),
        StageState::Open => (icons::LETTER, "open"),
        StageState::Passed => (icons::APPROVED, "passed"),
        StageState::Failed(Decision::Timeout) => (icons::TIMED_OUT, "timeout"),
        StageState::Failed(_) => (icons::REJECTED, "rejected"),
        StageState::Refused => (icons::REFUSED, "refused"),
        StageState::Unreached => (icons::NOTHING, "unreached"),
    }
}

fn step(page: Page, step: Step) -> AnyView {
    let (icon, state) = state(step.state);
    let name = match step.opened {
        Some(proposal) => {
            let choose = move || {
                page.with_player(|player| player.choose(proposal));
                page.show();
            };
            let is_shown = step.shown;
            Button::new(format!("stage-{}", step.name), choose)
                .class("link")
                .pressed(move || is_shown)
                .says(step.name)
                .view()
        }
        None => view! { <span>{step.name}</span> }.into_any(),
    };
    view! { <li data-state=state>{svg(icon)}{name}<span class="quiet">{step.words}</span></li> }
        .into_any()
}
