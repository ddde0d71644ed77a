//! The error of the page, until it is dismissed, with the link that could not be opened; and for a while the
//! way back to a run that was left.

use std::sync::Arc;

use engine::playback::SavedRun;
use gloo_timers::callback::Timeout;
use leptos::html;
use leptos::prelude::*;

use super::controls::Button;
use super::icons::{self, svg};
use super::page::{Page, page};
use super::{address, outside, reopening};

/// How long the way back to a run that was left is offered.
const OFFER_MS: u32 = 20_000;

#[component]
pub fn Notice() -> impl IntoView {
    let page = page();
    let dismiss = move || {
        page.error.set(None);
        page.kept_link.set(None);
    };
    let kept = move || page.kept_link.get().map(|link| view! { <Kept link/> });
    let notice = move || {
        page.error.get().map(|message| {
            view! {
                <div class="notice" role="alert" data-testid="error-message">
                    {svg(icons::WARNING)}<div><span>{message}</span>{kept}</div>
                    {Button::new("dismiss", dismiss).label("Dismiss").icon(icons::CLOSE).view()}
                </div>
            }
        })
    };
    let back = move || {
        if let Some(left) = page.left.get_untracked() {
            let held = page.with_player(|player| player.left.clone()).flatten();
            reopening::open(page, (*left).clone(), None, held);
        }
    };
    let left = move || {
        page.left.get().map(|_| {
            view! {
                <div class="notice" role="status" data-testid="left-run">
                    <div><span>"Another run was started. "</span>{Button::new("back-to-run", back).class("link").says("Go back to the one with what you did").view()}</div>
                    {Button::new("dismiss-left", move || page.left.set(None)).label("Dismiss").icon(icons::CLOSE).view()}
                </div>
            }
        })
    };
    view! { {notice}{left} }
}

/// The run that is shown, if a person has done something in it.
pub fn left(page: Page) -> Option<Arc<SavedRun>> {
    let touched = page.with_player(|player| {
        let branches = player.run()?.branches();
        Some(branches.iter().any(|branch| !branch.interventions().is_empty()))
    });
    touched.flatten()?.then(|| address::saved(page))?.map(Arc::new)
}

/// Offers the way back to a run for a while.
pub fn offer_way_back(page: Page, left: Option<Arc<SavedRun>>) {
    if let Some(left) = &left {
        let left = Arc::clone(left);
        let is_same =
            move |it: &Option<Arc<SavedRun>>| it.as_ref().is_some_and(|it| Arc::ptr_eq(it, &left));
        let withdraw = move || {
            if page.left.with_untracked(is_same) {
                page.left.set(None);
            }
        };
        Timeout::new(OFFER_MS, withdraw).forget();
    }
    page.left.set(left);
}

/// The text of a link that was not opened, so that it is not lost.
#[component]
fn Kept(link: String) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let said = RwSignal::new("Copy");
    let copy = move || {
        if let Some(field) = field.get_untracked() {
            outside::copy(&field, move |copied| {
                said.set(if copied { "Copied" } else { "Selected" })
            });
        }
    };
    view! {
        <div class="copy">
            <input readonly node_ref=field value=link aria-label="The link that was not opened" data-testid="kept-link"/>
            {Button::new("copy-kept", copy).class("link").words(Arc::new(move || said.get().to_owned())).view()}
        </div>
    }
}
