//! What can be set on a scale or among options: of the scenario's protocol, which starts the run again, and
//! of the network. One piece of markup each, with one handler: a view for each control would be five times
//! the download.

use std::fmt::Write as _;

use engine::view::settings::{Scale, Setting, settings};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use super::page::{Page, page};
use super::panels::{shown, target};

/// What the protocol of the scenario is set to.
#[component]
pub fn Settings() -> impl IntoView {
    let page = page();
    let opened = page.follow(|shot| shot.opened);
    let all = Memo::new(move |_| {
        let _ = opened.get();
        let all = page.with_player(|player| Some(markup(&settings(player.run()?.scenario()))));
        all.flatten().unwrap_or_default()
    });
    controls("Settings", "starts the run again", all, |page, id, value| page.set(id, value))
}

/// Sets one of the controls, by its id.
type Set = fn(Page, &str, u32);

/// A panel of such controls; hidden when there are none.
pub fn controls(
    title: &'static str,
    hint: &'static str,
    markup: Memo<String>,
    set: Set,
) -> AnyView {
    let page = page();
    let handle = move |event: Event| {
        let Some(control) = target(&event) else { return };
        let Some(id) = control.get_attribute("data-set") else { return };
        let Ok(value) = event_target_value(&event).parse() else { return };
        let (kind, is_button) = (event.type_(), control.tag_name() == "BUTTON");
        if kind == "input" {
            return hold(&control, value);
        }
        if is_button != (kind == "click") {
            return;
        }
        set(page, &id, value);
        // What was refused stands where it stood, and what was set is written anew.
        if let Some(slider) = control.dyn_ref::<HtmlInputElement>() {
            slider.set_value(&slider.default_value());
        }
        focus_again(control);
    };
    view! {
        <section class="panel settings" data-testid=title data-shown=shown("intervene") hidden=move || markup.with(String::is_empty)>
            <header><h2>{title}</h2><span class="quiet">{hint}</span></header>
            <div inner_html=move || markup.get() on:click=move |event| handle(event.into()) on:change=handle on:input=handle></div>
        </section>
    }
    .into_any()
}

/// While a slider is held it says what it would be.
fn hold(slider: &Element, value: u32) {
    let number = |name: &str| slider.get_attribute(name)?.parse().ok();
    let ends = number("min").zip(number("max")).unwrap_or_default();
    let _ = slider.set_attribute("style", &part(value, ends));
    let unit = slider.get_attribute("data-unit");
    if let Some((unit, words)) = unit.zip(slider.previous_element_sibling()) {
        words.set_text_content(Some(&format!("{value}{unit}")));
    }
}

/// Once it is written anew, the control that was used has the keyboard's focus again.
fn focus_again(control: Element) {
    super::controls::focus(control.get_attribute("data-testid").unwrap_or_default());
}

/// How far along its scale a value is.
fn part(value: u32, (least, most): (u32, u32)) -> String {
    let part = 100 * value.saturating_sub(least) / most.saturating_sub(least).max(1);
    format!("--part:{part}%")
}

/// Numbers and fixed words only: nothing of it was written by a person.
pub fn markup(settings: &[Setting]) -> String {
    let mut html = String::new();
    for Setting { id, label, value, words, scale, note } in settings {
        let known = format!("data-set=\"{id}\" data-testid=\"{id}");
        match scale {
            Scale::Number { least, most, step, unit } => {
                let part = part(*value, (*least, *most));
                // Where the words are more than the number, they wait until it is set.
                let is_exact = *words == scale.words(*value);
                let unit = if is_exact { format!("data-unit=\"{unit}\"") } else { String::new() };
                let _ = write!(
                    html,
                    "<label><span>{label}</span><output data-testid=\"{id}-words\">{words}</output><input type=\"range\" {known}\" min=\"{least}\" max=\"{most}\" step=\"{step}\" value=\"{value}\" aria-valuetext=\"{words}\" {unit} style=\"{part}\"></label>"
                );
            }
            Scale::Buttons(options) => {
                let _ =
                    write!(html, "<div class=\"groups\" role=\"group\" aria-label=\"{label}\">");
                for (place, words) in (0..).zip(*options) {
                    let is_so = place == *value;
                    let _ = write!(
                        html,
                        "<button {known}-{place}\" value=\"{place}\" aria-pressed=\"{is_so}\">{words}</button>"
                    );
                }
                html += "</div>";
            }
            Scale::List(options) => {
                let _ =
                    write!(html, "<label class=\"pick\"><span>{label}</span><select {known}\">");
                for (place, words) in (0..).zip(*options) {
                    let is_so = if place == *value { "selected" } else { "" };
                    let _ = write!(html, "<option value=\"{place}\" {is_so}>{words}</option>");
                }
                html += "</select></label>";
            }
        }
        if !note.is_empty() {
            let _ = write!(html, "<p class=\"note\">{note}</p>");
        }
    }
    html
}
