//! Things to press: buttons and pickers, and the effect of a press.

use engine::playback::Command;
use engine::playback::command::CommandError;
use engine::protocol::document::{Act, Button, Choice, Picker, PickerOption, Press};
use engine::scenario::file::intervention::Intervention;
use engine::sim::AgentId;
use engine::view::stage::target::Target;
use leptos::prelude::*;

use super::{boolean, named};
use crate::app::controls;
use crate::app::page::Page;

/// Carries out what was pressed.
pub(super) fn press(page: Page, press: &Press) {
    match press {
        Press::Seek(event) => page.act_paused(&Command::SeekEvent { event: *event }),
        Press::Select(agent) => select(page, *agent),
        Press::Choose(choice) => choose(page, *choice),
        Press::Why(event) => page.ask_why(*event),
        Press::Do(act) => carry_out(page, act),
        Press::Fill(form, agent) => fill(page, form, *agent),
    }
}

fn select(page: Page, agent: AgentId) {
    page.target.set(Some(Target::Agent(agent)));
    page.show();
    page.repaint();
}

fn choose(page: Page, choice: Choice) {
    page.with_player(|player| player.choose(choice));
    match choice.selects {
        Some(agent) => select(page, agent),
        None => page.show(),
    }
}

/// The run goes on, so that it is seen what comes of the act.
fn carry_out(page: Page, act: &Act) {
    match Intervention::of(act) {
        Ok(intervention) => {
            page.intervene(intervention);
            page.playing.set(true);
        }
        Err(problem) => {
            page.error.set(Some(CommandError::Intervention(problem).to_string()));
        }
    }
}

/// The form is there for the agent, at the moment that is shown.
fn fill(page: Page, form: &str, agent: Option<AgentId>) {
    page.playing.set(page.with_player(|player| player.is_under_way()) == Some(true));
    if let Some(agent) = agent {
        select(page, agent);
    }
    page.tab.set("intervene");
    controls::focus(format!("{form}-value"));
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
