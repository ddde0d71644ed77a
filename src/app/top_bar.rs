//! The bar on top: which scenario, which seed, theme, help.

use leptos::prelude::*;

use super::controls::live;
use super::dialogs::Help;
use super::icons::{self, picture, svg};
use super::menu::{Menu, ScenarioMenu};
use super::page::page;
use super::share::Share;
use super::theme::Theme;

#[component]
pub fn TopBar() -> impl IntoView {
    let page = page();
    let title = page.follow(|shot| shot.cast.title.clone());
    let menu = Menu::new(page);
    view! {
        <header class="bar">
            <div class="brand">{svg(icons::BRAND)}<span>"swarmglass"</span></div>
            <div class="scenario">
                <button class="scenario-title" popovertarget="scenarios" data-testid="scenario-chooser" title="Choose a scenario" on:click=move |_| menu.read()>
                    <span>{title}</span>{svg(icons::CHEVRON)}
                </button>
                <Seed/>
            </div>
            <div class="tools"><Share/><ThemeButton/><Help/></div>
            <ScenarioMenu menu/>
        </header>
    }
}

/// The seed: edit it, draw another, or start anew with the same.
#[component]
fn Seed() -> impl IntoView {
    let page = page();
    let seed = page.follow(|shot| shot.cast.seed);
    let edited = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        match text.trim().parse() {
            Ok(seed) => page.reseed(seed),
            Err(_) => {
                page.error.set(Some(format!(
                    "{text:?} is no seed; a seed is a whole number from 0 to {}",
                    u64::MAX
                )));
                event_target::<web_sys::HtmlInputElement>(&event)
                    .set_value(&seed.get_untracked().to_string());
            }
        }
    };
    // Four digits are enough to try, and can be told across a room.
    let draw = move |_| match getrandom::u32() {
        Ok(number) => page.reseed(u64::from(number % 10_000)),
        Err(_) => page.reseed(seed.get_untracked() + 1),
    };
    view! {
        <div class="seed">
            <label><span>"seed "</span>
                <input data-testid="seed" aria-label="Seed" inputmode="numeric" autocomplete="off" prop:value=move || seed.get().to_string() on:change=edited/>
            </label>
            <button on:click=move |_| page.reseed(seed.get_untracked()) data-testid="reset" title="Start anew with this seed" aria-label="Start anew with this seed">{svg(icons::RESTART)}</button>
            <button on:click=draw data-testid="new-seed" title="Another seed" aria-label="Another seed">{svg(icons::NEW_SEED)}</button>
        </div>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let page = page();
    let icon = move || match page.theme.get() {
        Theme::System => icons::SYSTEM,
        Theme::Light => icons::LIGHT,
        Theme::Dark => icons::DARK,
    };
    let label = move || format!("Theme: {}", page.theme.get().name());
    view! {
        <button data-testid="theme" title=label aria-label=label on:click=move |_| page.set_theme(page.theme.get_untracked().next())>
            <span class="glyph" aria-hidden="true">{live(move || picture(icon()))}</span>
        </button>
    }
}
