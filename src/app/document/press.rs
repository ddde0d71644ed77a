//! What is pressed: buttons and pickers, and what a press does.

use engine::coordination::state::replica::KeyId;
use engine::coordination::state::resolve::Strategy;
use engine::playback::Command;
use engine::protocol::document::{Act, Button, Choice, Picker, PickerOption, Press};
use engine::scenario::intervention::Intervention;
use engine::sim::AgentId;
use engine::view::byzantine::again;
use engine::view::stage::target::Target;
use leptos::prelude::*;

use super::{boolean, named};
use crate::app::page::Page;
use crate::app::write;

/// Carries out what was pressed.
pub(super) fn press(page: Page, press: &Press) {
    match press {
        Press::Seek(event) => page.act_paused(&Command::SeekEvent { event: *event }),
        Press::Select(agent) => select(page, *agent),
        Press::Choose(choice) => choose(page, *choice),
        Press::Do(act) => carry_out(page, act),
    }
}

fn select(page: Page, agent: AgentId) {
    page.target.set(Some(Target::Agent(agent)));
    page.show();
    page.repaint();
}

fn choose(page: Page, Choice { what, number, agent }: Choice) {
    match what {
        "proposal" => drop(page.with_player(|player| player.choose(number))),
        "task" => drop(page.with_player(|player| player.look_at_task(agent, number))),
        "key" => {
            page.with_player(|player| player.look_at_key(KeyId(number)));
            if let Some(agent) = agent {
                return select(page, agent);
            }
        }
        "resolver" => page.resolver.set(Some(number)),
        unknown => page.error.set(Some(unanswered(unknown))),
    }
    page.show();
}

/// A document asks for something that no part of the page does.
fn unanswered(key: &str) -> String {
    format!("nothing on this page answers {key:?}")
}

fn carry_out(page: Page, Act { key, number, agent }: &Act) {
    match *key {
        "why-award" => page.ask_why(*agent, *number),
        "resolve-by" => resolve_by(page, *number),
        "write" => write_at(page, *agent),
        "show-exposure" => {
            let event =
                page.with_player(|player| again::exposure(player.run()?, &player.frame, (*agent)?));
            if let Some(event) = event.flatten() {
                page.act_paused(&Command::SeekEvent { event });
            }
        }
        "vote-again" => {
            let asked = page.with_player(|player| again::proposal(player.run()?, &player.frame));
            if let Some(proposal) = asked.flatten() {
                page.intervene(Intervention::Propose { proposal: Box::new(proposal) });
                page.playing.set(true);
            }
        }
        unknown => page.error.set(Some(unanswered(unknown))),
    }
}

/// From now on the key that is shown is resolved by the strategy of this number.
fn resolve_by(page: Page, number: u32) {
    let key =
        page.snapshot.with_untracked(|shot| shot.frame.state.as_ref().map(|it| it.name.clone()));
    if let (Some(key), Some((strategy, ..))) = (key, Strategy::ALL.get(number as usize)) {
        let strategy = strategy.name().to_owned();
        page.intervene(Intervention::SetStrategy { keys: vec![key], strategy });
    }
}

/// The form to write at an agent is there, at the moment that is shown.
fn write_at(page: Page, agent: Option<AgentId>) {
    page.playing.set(page.with_player(|player| player.is_under_way()) == Some(true));
    if let Some(agent) = agent {
        select(page, agent);
    }
    page.tab.set("intervene");
    write::focus();
}

pub(super) fn buttons(page: Page, buttons: &[Button]) -> AnyView {
    let button = |button: &Button| {
        let Button { id, text, press, disabled, is_link } = button.clone();
        let class = if is_link { "link" } else { "boxed" };
        view! { <button class=class data-testid=named(id) disabled=disabled on:click=move |_| self::press(page, &press)>{text}</button> }
    };
    view! { <div class="boxes">{buttons.iter().map(button).collect_view()}</div> }.into_any()
}

pub(super) fn picker(page: Page, picker: &Picker) -> AnyView {
    if picker.is_row { row(page, picker) } else { unfolding(page, picker) }
}

fn row(page: Page, picker: &Picker) -> AnyView {
    let option = |option: &PickerOption| {
        let PickerOption { text, press, chosen } = option.clone();
        view! { <button aria-pressed=boolean(chosen) on:click=move |_| self::press(page, &press)>{text}</button> }
    };
    let options = picker.options.iter().map(option).collect_view();
    view! { <div class="groups" role="group" aria-label=picker.label data-testid=named(picker.id)>{options}</div> }
        .into_any()
}

fn unfolding(page: Page, picker: &Picker) -> AnyView {
    let presses: Vec<Press> = picker.options.iter().map(|it| it.press.clone()).collect();
    let pick = move |event| {
        let place: Option<usize> = event_target_value(&event).parse().ok();
        if let Some(picked) = place.and_then(|place| presses.get(place)) {
            press(page, picked);
        }
    };
    let option = |(place, option): (usize, &PickerOption)| {
        view! { <option value=place.to_string() prop:selected=option.chosen>{option.text.clone()}</option> }
    };
    let options = picker.options.iter().enumerate().map(option).collect_view();
    view! { <select class="picker" aria-label=picker.label data-testid=named(picker.id) on:change=pick>{options}</select> }
        .into_any()
}
