//! The page. `page` is what its parts share, `player` the run that is shown, `frame_loop` the one
//! loop that advances and paints it; the other files are one part of the page each.

mod address;
mod compare;
mod controls;
mod dialogs;
mod document;
mod feedback;
mod files;
mod focus;
mod forms;
mod frame_loop;
mod icons;
mod intervene;
mod kept;
mod left;
mod looked_at;
mod markdown;
mod menu;
mod notice;
mod outside;
mod page;
mod painter;
mod palette;
mod panels;
mod player;
mod pointer;
mod reopening;
mod settings;
mod share;
mod snapshot;
mod speed;
mod stage_view;
mod tape_painter;
#[cfg(test)]
mod tests;
mod theme;
mod top_bar;
mod transport;

use engine::common::figure::seconds;
use leptos::prelude::*;

use page::{Page, page};

/// Puts the page into the document's body.
pub fn mount() {
    // In a worker there is no page: it only calls functions of the module.
    if web_sys::window().is_none() {
        return;
    }
    on_panic();
    mount_to_body(App);
}

/// Says on the page that it has stopped, with a way to load it again: a canvas that no longer
/// moves would say nothing.
fn on_panic() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        outside::stopped(&info.to_string());
    }));
}

/// The whole page, or why there is none.
#[component]
pub fn App() -> impl IntoView {
    match Page::new() {
        Ok(page) => {
            provide_context(page);
            page.theme.get_untracked().apply();
            transport::follow_keys(page);
            frame_loop::start(page);
            address::start(page);
            view! { <Whole/> }.into_any()
        }
        Err(message) => view! { <p role="alert">{message}</p> }.into_any(),
    }
}

#[component]
fn Whole() -> impl IntoView {
    let page = page();
    let title = page.follow(|shot| shot.cast.title.clone());
    Effect::new(move |_| document().set_title(&format!("{} · swarmglass", title.get())));
    view! {
        <main class="page" class:present=move || page.presenting.get()>
            <top_bar::TopBar/>
            <left::Left/>
            <stage_view::StageView/>
            <Caption/>
            <panels::Tabs/>
            <panels::Right/>
            <transport::Transport/>
            <intervene::StageMenu/>
            <div class="notices"><notice::Notice/><reopening::Replaying/></div>
        </main>
    }
}

/// One sentence on what just happened, with its time.
#[component]
fn Caption() -> impl IntoView {
    let page = page();
    view! {
        <p class="caption" aria-live="polite">
            <span><time>{move || page.caption.with(|caption| (caption.0 > 0).then(|| seconds(caption.0)))}</time>
            {move || page.caption.with(|caption| view! { <b data-testid="caption">{caption.1.clone()}</b> })}</span>
        </p>
    }
}
