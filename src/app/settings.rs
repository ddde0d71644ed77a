//! Settings on a scale or among options: those of the scenario's protocol, which start the run again, and
//! those of the network.

use engine::protocol::setting::{Scale, Setting};
use engine::view::settings::settings;
use leptos::prelude::*;
use web_sys::{Event, HtmlInputElement};

use super::controls::{focus, live};
use super::page::{Page, page};
use super::panels::shown;

/// The settings of the scenario's protocol.
#[component]
pub fn Settings() -> impl IntoView {
    let page = page();
    let opened = page.follow(|shot| shot.opened);
    let all = Memo::new(move |_| {
        let _ = opened.get();
        let all = page.with_player(|player| Some(settings(player.run()?.scenario())));
        all.flatten().unwrap_or_default()
    });
    controls("Settings", "starts the run again", all, |page, id, value| page.set(id, value))
}

/// Sets one of the controls, by its id.
type Setter = fn(Page, &str, u32);

/// A panel of such controls; hidden when there are none.
pub fn controls(
    title: &'static str,
    hint: &'static str,
    all: Memo<Vec<Setting>>,
    set: Setter,
) -> AnyView {
    let page = page();
    let look = move || all.get().into_iter().map(|it| control(page, it, set)).collect_view();
    view! {
        <section class="panel settings" data-testid=title data-shown=shown("intervene") hidden=move || all.with(Vec::is_empty)>
            <header><h2>{title}</h2><span class="quiet">{hint}</span></header>
            {live(look)}
        </section>
    }
    .into_any()
}

fn control(page: Page, setting: Setting, set: Setter) -> AnyView {
    let note = setting.note.clone();
    let note = (!note.is_empty()).then(|| view! { <p class="note">{note}</p> });
    let control = match setting.scale {
        Scale::Number { least, most, step, unit } => {
            slider(page, setting, [least, most, step], unit, set)
        }
        Scale::Buttons(options) => buttons(page, &setting, options, set),
        Scale::List(options) => list(page, &setting, options, set),
    };
    view! { {control}{note} }.into_any()
}

/// While a slider is held it says what it would be.
fn slider(
    page: Page,
    setting: Setting,
    [least, most, step]: [u32; 3],
    unit: &'static str,
    set: Setter,
) -> AnyView {
    let Setting { id, label, value, words, scale, .. } = setting;
    let held = RwSignal::new(None::<u32>);
    // Where the words are more than the number, they wait until it is set.
    let is_exact = words == scale.words(value);
    let text = words.clone();
    let said = move || match held.get().filter(|_| is_exact) {
        Some(value) => format!("{value}{unit}"),
        None => text.clone(),
    };
    let part = move || {
        let along = held.get().unwrap_or(value).saturating_sub(least);
        format!("--part:{}%", 100 * along / most.saturating_sub(least).max(1))
    };
    let hold = move |event: Event| held.set(event_target_value(&event).parse().ok());
    let change = move |event: Event| {
        let Ok(value) = event_target_value(&event).parse() else { return };
        set(page, id, value);
        // A refused value goes back to the one before.
        let slider: HtmlInputElement = event_target(&event);
        slider.set_value(&slider.default_value());
        // If the slider was made anew, so was this.
        let _ = held.try_set(None);
        focus(id.to_owned());
    };
    view! {
        <label>
            <span>{label}</span><output data-testid=format!("{id}-words")>{said}</output>
            <input type="range" data-testid=id min=least.to_string() max=most.to_string() step=step.to_string() value=value.to_string()
                aria-valuetext=words style=part on:input=hold on:change=change/>
        </label>
    }
    .into_any()
}

fn buttons(page: Page, setting: &Setting, options: &[&'static str], set: Setter) -> AnyView {
    let Setting { id, label, value, .. } = *setting;
    let button = |(place, words): (u32, &&'static str)| {
        let pressed = if place == value { "true" } else { "false" };
        let known = format!("{id}-{place}");
        let press = {
            let known = known.clone();
            move |_| {
                set(page, id, place);
                focus(known.clone());
            }
        };
        view! { <button data-testid=known aria-pressed=pressed on:click=press>{*words}</button> }
    };
    let buttons = (0..).zip(options).map(button).collect_view();
    view! { <div class="groups" role="group" aria-label=label>{buttons}</div> }.into_any()
}

fn list(page: Page, setting: &Setting, options: &[&'static str], set: Setter) -> AnyView {
    let Setting { id, label, value, .. } = *setting;
    let change = move |event: Event| {
        let Ok(value) = event_target_value(&event).parse() else { return };
        set(page, id, value);
        focus(id.to_owned());
    };
    let option = |(place, words): (u32, &&'static str)| {
        view! { <option value=place.to_string() prop:selected=place == value>{*words}</option> }
    };
    let options = (0..).zip(options).map(option).collect_view();
    view! { <label class="pick"><span>{label}</span><select data-testid=id on:change=change>{options}</select></label> }
        .into_any()
}
