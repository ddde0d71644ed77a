//! Writing a value at an agent: what its key takes, and what is to be written.

use core::fmt::Write as _;

use engine::coordination::state::replica::KeyId;
use engine::playback::frame::state::{key_at, operations_of};
use engine::scenario::file::state::{DataFile, WriteFile};
use engine::scenario::intervention::Intervention;
use engine::scenario::read::read_data;
use engine::sim::AgentId;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use web_sys::Element;

use super::controls::{self, live};
use super::page::{Page, page};
use super::panels::{escaped, target};

/// Shown where the swarm keeps something.
#[component]
pub fn WriteForm() -> impl IntoView {
    let page = page();
    // A part for the key that is shown, and how to add one for another where there are several.
    let first = page.follow(|shot| {
        let Some(state) = &shot.frame.state else { return String::new() };
        let several = shot.cast.keys.len() > 1;
        let name = if several { &*state.name } else { "" };
        let mut markup = row(&format!("<b data-testid=\"write-key\">{}</b>", escaped(name)), state.operations);
        if several {
            markup += "<button type=\"button\" class=\"link\" data-also data-testid=\"write-also\">Another key in the same write</button>";
        }
        markup
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(Err(problem)) = target(&event).map(|form| write(page, &form)) {
            page.error.set(Some(problem));
        }
    };
    let press = move |event: web_sys::MouseEvent| {
        let Some(pressed) = target(&event) else { return };
        if pressed.has_attribute("data-also") {
            let _ = pressed.insert_adjacent_html("beforebegin", &another(page));
        } else if let (true, Some(row)) =
            (pressed.has_attribute("data-without"), pressed.parent_element())
        {
            row.remove();
        }
    };
    // Another key takes other operations.
    let change = move |event: web_sys::Event| {
        let Some(key) = target(&event).filter(|it| it.has_attribute("data-key")) else { return };
        let row = key.parent_element();
        if let Some(operation) = row.and_then(|row| part(&row, "[data-operation]")) {
            let key = KeyId(value(&key).parse().unwrap_or_default());
            operation.set_inner_html(&options(offers(page, key)));
        }
    };
    let at = move || {
        format!("Write at {}", page.snapshot.with(|shot| shot.name(writer(page)).to_owned()))
    };
    view! {
        <form class="write" hidden=move || first.with(String::is_empty) on:submit=submit on:click=press on:change=change>
            <div inner_html=move || first.get()></div>
            <button class="do" data-testid="write-send">{live(at)}</button>
        </form>
    }
}

/// To be written now.
pub fn focus() {
    controls::focus("write-value".to_owned());
}

/// One key's part of the form, under what says which.
fn row(key: &str, operations: &[&str]) -> String {
    // A counter is most often raised by one.
    let first = if operations == ["add"] { "1" } else { "" };
    format!(
        "<div class=\"row\">{key}<select data-operation data-testid=\"write-operation\" aria-label=\"What to do\">{}</select>\
         <input data-testid=\"write-value\" aria-label=\"Value\" required maxlength=\"200\" value=\"{first}\"></div>",
        options(operations)
    )
}

fn options(operations: &[&str]) -> String {
    let mut markup = String::new();
    for operation in operations {
        let _ = write!(markup, "<option value=\"{operation}\">{}</option>", words(operation));
    }
    markup
}

fn offers(page: Page, key: KeyId) -> &'static [&'static str] {
    let operations = page.with_player(|player| operations_of(player.run()?.simulation(), key));
    operations.flatten().unwrap_or_default()
}

/// The part for one more key, to be chosen: at first one that is not shown.
fn another(page: Page) -> String {
    page.snapshot.with_untracked(|shot| {
        let shown = shot.frame.state.as_ref().map_or(0, |state| state.key.0);
        let next = u32::from(shown == 0);
        let mut key = String::from("<select data-key aria-label=\"Key\">");
        for (number, name) in (0..).zip(&shot.cast.keys) {
            let selected = if number == next { " selected" } else { "" };
            let name = escaped(name);
            let _ = write!(key, "<option value=\"{number}\"{selected}>{name}</option>");
        }
        key += "</select><button type=\"button\" data-without aria-label=\"Without this key\">✕</button>";
        row(&key, offers(page, KeyId(next)))
    })
}

fn part(of: &Element, selector: &str) -> Option<Element> {
    of.query_selector(selector).ok().flatten()
}

/// What was chosen or typed.
fn value(of: &Element) -> String {
    let value = js_sys::Reflect::get(of, &JsValue::from_str("value")).ok();
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

fn words(operation: &str) -> &'static str {
    match operation {
        "add" => "add",
        "insert" => "put in",
        "remove" => "take out",
        "put" => "name = value",
        "take" => "forget name",
        _ => "set to",
    }
}

/// Who writes: the agent that is selected, or the first.
fn writer(page: Page) -> AgentId {
    let coordinator = page.snapshot.with_untracked(|shot| shot.cast.coordinator);
    page.selected.get().filter(|agent| *agent != coordinator).unwrap_or(AgentId(0))
}

/// Everything the form says, in one write.
fn write(page: Page, form: &Element) -> Result<(), String> {
    let agent = writer(page);
    let shown = page.snapshot.with_untracked(|shot| shot.frame.state.as_ref().map(|it| it.key));
    let mut writes = Vec::new();
    let mut next = part(form, ".row");
    while let Some(row) = next {
        let of = |selector| part(&row, selector).map(|it| value(&it));
        let (Some(operation), Some(text)) = (of("[data-operation]"), of("input")) else { break };
        // The first is of the key that is shown.
        let key = of("[data-key]").and_then(|key| key.parse().ok()).map(KeyId).or(shown);
        writes.push(one(page, (agent, key.unwrap_or(KeyId(0))), &operation, text)?);
        next = row.next_element_sibling();
    }
    let agent = page.snapshot.with_untracked(|shot| shot.name(agent).to_owned());
    page.intervene(Intervention::Write { agent, writes });
    Ok(())
}

/// What is written to one key.
fn one(
    page: Page,
    (agent, key): (AgentId, KeyId),
    operation: &str,
    text: String,
) -> Result<WriteFile, String> {
    let found = page.with_player(|player| {
        let run = player.run()?;
        let expects = key_at(run.simulation(), key, agent);
        Some((run.cast().key_name(key).to_owned(), expects))
    });
    let (key, expects) = found.flatten().unwrap_or_default();
    let mut write = WriteFile { key, expects, ..WriteFile::default() };
    let (name, given) = match text.split_once('=') {
        Some((name, given)) if operation == "put" => (name.trim().to_owned(), given),
        _ => (String::new(), text.as_str()),
    };
    if operation == "take" {
        write.take = Some(text.trim().to_owned());
        return Ok(write);
    }
    let data = read_data(given).transpose();
    let data = data
        .map_err(|problem| problem.in_file(&format!("the write to {}", write.key)).to_string())?;
    let (data, example) = match (operation, data) {
        ("add", Some(DataFile::Number(number))) => {
            write.add = Some(number);
            return Ok(write);
        }
        ("add", _) => (None, "is no number; write for example 1"),
        ("put", data) => {
            (data.filter(|_| !name.is_empty()), "has no value; write for example mode = fast")
        }
        (_, data) => (data, "is no list or map; write for example [\"a\", \"b\"] or {\"a\": 1}"),
    };
    let Some(data) = data else {
        return Err(format!("{}: \"{text}\" {example}", write.key));
    };
    match operation {
        "insert" => write.insert = Some(data),
        "remove" => write.remove = Some(data),
        "put" => drop(write.put.insert(name, data)),
        _ => write.set = Some(data),
    }
    Ok(write)
}
