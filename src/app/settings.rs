//! What the protocol of the scenario is set to. Setting it otherwise starts the run again.

use std::sync::Arc;

use engine::view::settings::{Scale, Setting, settings};
use leptos::prelude::*;

use super::controls::{Button, Choice, Item, Slider, each, live};
use super::page::page;
use super::panels::shown;

/// All settings of the run that is shown; they change with the run alone.
type All = Memo<Vec<Setting>>;

#[component]
pub fn Settings() -> impl IntoView {
    let page = page();
    let opened = page.follow(|shot| shot.opened);
    let all: All = Memo::new(move |_| {
        opened.track();
        let all = page.with_player(|player| player.run().map(|run| settings(run.scenario())));
        all.flatten().unwrap_or_default()
    });
    let items = move || all.get().into_iter().map(|setting| item(all, setting)).collect();
    view! {
        <section class="panel settings" data-shown=shown("intervene") hidden=move || all.with(Vec::is_empty)>
            <header><h2>"Settings"</h2><span class="quiet">"starts the run again"</span></header>
            {each(items)}
        </section>
    }
}

/// Something of the setting as it stands.
fn now<T: Default>(all: All, id: &str, look: impl Fn(&Setting) -> T) -> T {
    all.with(|all| all.iter().find(|it| it.id == id).map(look).unwrap_or_default())
}

/// It stays the same control, with the keyboard's focus, for as long as its scale does.
fn item(all: All, setting: Setting) -> Item {
    let (least, most) = setting.scale.ends();
    let key = format!("{} {least} {most}", setting.id);
    (key, Box::new(move || control(all, setting)))
}

fn control(all: All, setting: Setting) -> AnyView {
    let Setting { id, label, scale, .. } = setting;
    let page = page();
    let value = move || now(all, id, |it| it.value);
    match scale {
        Scale::Number { least, most, step, .. } => {
            let slider = Slider {
                id,
                label,
                ends: (least as i32, most as i32),
                step: step as i32,
                value: Arc::new(move || value() as i32),
                words: Arc::new(move |held| match held {
                    Some(held) => scale.words(held.unsigned_abs()),
                    None => now(all, id, |it| it.words.clone()),
                }),
                change: Box::new(move |value| page.set(id, value.unsigned_abs())),
            };
            let note = live(move || now(all, id, |it| it.note.clone()));
            view! { {slider.view()}<p class="note">{note}</p> }.into_any()
        }
        Scale::Buttons(options) => {
            let button = move |(place, words): (u32, &'static str)| {
                Button::new(format!("{id}-{place}"), move || page.set(id, place))
                    .says(words)
                    .pressed(move || value() == place)
                    .view()
            };
            let buttons = (0..).zip(options).map(button).collect_view();
            view! { <div class="groups" role="group" aria-label=label>{buttons}</div> }.into_any()
        }
        Scale::List(options) => {
            let options = (0..)
                .zip(options)
                .map(|(place, words): (u32, _)| (place.to_string(), words.to_owned()));
            let options: Vec<(String, String)> = options.collect();
            let choice = Choice {
                id,
                label,
                options: Memo::new(move |_| options.clone()),
                chosen: Memo::new(move |_| value().to_string()),
                choose: Box::new(move |place| {
                    if let Ok(place) = place.parse() {
                        page.set(id, place);
                    }
                }),
            };
            view! { <div class="pick"><span aria-hidden="true">{label}</span>{choice.view()}</div> }
                .into_any()
        }
    }
}
