//! What the protocol of the scenario is set to. Setting it otherwise starts the run again.

use std::sync::Arc;

use engine::view::settings::{Scale, Setting, settings};
use leptos::prelude::*;

use super::controls::{Button, Choice, Item, Read, Slider, each, live};
use super::page::{Page, page};
use super::panels::shown;

/// All settings of the run that is shown; they change with the run alone.
type All = Read<Vec<Setting>>;

#[component]
pub fn Settings() -> impl IntoView {
    let page = page();
    let opened = page.follow(|shot| shot.opened);
    let all: All = Arc::new(move || {
        let _ = opened.get();
        let all = page.with_player(|player| player.run().map(|run| settings(run.scenario())));
        all.flatten().unwrap_or_default()
    });
    let some = all.clone();
    let items = move || all().into_iter().map(|it| item(page, all.clone(), it)).collect();
    view! {
        <section class="panel settings" data-testid="settings" data-shown=shown("intervene") hidden=move || some().is_empty()>
            <header><h2>"Settings"</h2><span class="quiet">"starts the run again"</span></header>
            {each(items)}
        </section>
    }
}

/// It stays the same control, with the keyboard's focus, for as long as its scale does.
fn item(page: Page, all: All, setting: Setting) -> Item {
    let (least, most) = setting.scale.ends();
    let key = format!("{} {least} {most}", setting.id);
    (key, Box::new(move || control(page, all, setting)))
}

fn control(page: Page, all: All, setting: Setting) -> AnyView {
    let Setting { id, label, scale, .. } = setting;
    // As it stands.
    let now: Read<(u32, [String; 2])> = Arc::new(move || {
        let found = all().into_iter().find(|it| it.id == id);
        found.map(|it| (it.value, [it.words, it.note])).unwrap_or_default()
    });
    let value = now.clone();
    match scale {
        Scale::Number { least, most, step, .. } => {
            let words = now.clone();
            let slider = Slider {
                id,
                label,
                ends: (least as i32, most as i32),
                step: step as i32,
                value: Arc::new(move || value().0 as i32),
                words: Arc::new(move |held| match held {
                    Some(held) => scale.words(held.unsigned_abs()),
                    None => words().1[0].clone(),
                }),
                change: Box::new(move |value| page.set(id, value.unsigned_abs())),
            };
            let note = live(move || now().1[1].clone());
            view! { {slider.view()}<p class="note">{note}</p> }.into_any()
        }
        Scale::Buttons(options) => {
            let button = move |(place, words): (u32, &&'static str)| {
                let value = value.clone();
                Button::new(format!("{id}-{place}"), move || page.set(id, place))
                    .says(*words)
                    .pressed(move || value().0 == place)
                    .view()
            };
            let buttons = (0..).zip(options).map(button).collect_view();
            view! { <div class="groups" role="group" aria-label=label>{buttons}</div> }.into_any()
        }
        Scale::List(options) => {
            let option = |(place, words): (u32, &&str)| (place.to_string(), (*words).to_owned());
            let options = move || (0..).zip(options).map(option).collect();
            let choice = Choice {
                id,
                label,
                options: Memo::new(move |_| options()),
                chosen: Memo::new(move |_| value().0.to_string()),
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
