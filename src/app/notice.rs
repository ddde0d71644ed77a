//! What went wrong, until it is dismissed; with the link that could not be opened.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::controls::Button;
use super::icons::{self, svg};
use super::outside;
use super::page::page;
use super::reopening;

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
            reopening::open(page, (*left).clone(), None);
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
