//! Writing a value at an agent: what its key takes, and what is to be written.

use std::sync::Arc;

use engine::common::shown::Peek;
use engine::common::value::data::DataFile;
use engine::common::value::data::read_data;
use engine::protocols::state::acts::StateAct;
use engine::protocols::state::holder::State;
use engine::protocols::state::replica::KeyId;
use engine::protocols::state::section::WriteFile;
use engine::protocols::state::standing::{expected, key_name, operations, rule, shown_key};
use engine::scenario::file::intervention::Intervention;
use engine::sim::AgentId;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use web_sys::Element;

use super::controls::{each, live};
use super::page::{Page, page};
use super::panels::target;

/// Shown where the swarm keeps something.
#[component]
pub fn WriteForm() -> impl IntoView {
    let page = page();
    // A part for the key that is shown, and how to add one for another where there are several.
    let shown = Memo::new(move |_| {
        page.snapshot.track();
        look(page, |peek, key| {
            let several = peek.known().names.len() > 1;
            let name = if several { key_name(peek, key).to_owned() } else { String::new() };
            (name, takes(peek, key).to_vec(), several)
        })
    });
    let all = move || {
        let one = |it: Shown| (format!("{it:?}"), Box::new(move || rows(page, it)) as Box<_>);
        shown.get().into_iter().map(one).collect()
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(Err(problem)) = target(&event).map(|form| write(page, &form)) {
            page.error.set(Some(problem));
        }
    };
    let at = move || {
        format!("Write at {}", page.snapshot.with(|shot| shot.name(writer(page)).to_owned()))
    };
    view! {
        <form class="write" hidden=move || shown.with(Option::is_none) on:submit=submit>
            {each(all)}
            <button class="do" data-testid="write-send">{live(at)}</button>
        </form>
    }
}

/// Looks at the key that is shown; nothing where nothing is kept.
fn look<T>(page: Page, look: impl FnOnce(&dyn Peek<State>, KeyId) -> T) -> Option<T> {
    let looked = page.with_player(|player| {
        let peek = player.run()?.peek::<State>()?;
        let key = shown_key(&peek, &player.frame.look);
        Some(look(&peek, key))
    });
    looked.flatten()
}

/// The operations that a key takes.
fn takes(peek: &dyn Peek<State>, key: KeyId) -> &'static [&'static str] {
    rule(peek, key).map_or(&[], |rule| operations(rule.kind))
}

/// The key that is shown where there are several, what can be done to it, and whether there are several.
type Shown = (String, Vec<&'static str>, bool);

/// A part for each key that is written.
fn rows(page: Page, (name, operations, several): Shown) -> AnyView {
    let others = RwSignal::new(Vec::<u32>::new());
    let add = move |_| {
        others.update(|others| others.push(others.last().map_or(0, |last| last + 1)));
    };
    let also = several.then(|| {
        view! { <button type="button" class="link" data-testid="write-also" on:click=add>"Another key in the same write"</button> }
    });
    let all = move || {
        let one = |number: u32| {
            let drop = move || others.update(|others| others.retain(|it| *it != number));
            (number.to_string(), Box::new(move || another(page, drop)) as Box<_>)
        };
        others.get().into_iter().map(one).collect()
    };
    let key = view! { <b data-testid="write-key">{name}</b> };
    let first = row(key.into_any(), Signal::derive(move || operations.clone()));
    view! { <div>{first}{each(all)}{also}</div> }.into_any()
}

/// One key's part of the form, under what says which.
fn row(key: AnyView, operations: Signal<Vec<&'static str>>) -> AnyView {
    // A counter is most often raised by one.
    let first = if operations.with_untracked(|it| *it == ["add"]) { "1" } else { "" };
    let option =
        |operation: &'static str| view! { <option value=operation>{words(operation)}</option> };
    view! {
        <div class="row">
            {key}
            <select data-operation data-testid="write-operation" aria-label="What to do">{live(move || operations.get().into_iter().map(option).collect_view())}</select>
            <input data-testid="write-value" aria-label="Value" required maxlength="200" value=first/>
        </div>
    }
    .into_any()
}

/// The part for one more key, to be chosen: at first one that is not shown.
fn another(page: Page, drop: impl Fn() + 'static) -> AnyView {
    let found = look(page, |peek, key| (key, peek.known().names.clone()));
    let (shown, names) = found.unwrap_or((KeyId(0), [].into()));
    let key = RwSignal::new(u32::from(shown == KeyId(0)));
    let choose = move |event| {
        if let Ok(chosen) = event_target_value(&event).parse() {
            key.set(chosen);
        }
    };
    let first = key.get_untracked();
    let option = |(number, name): (u32, &Arc<str>)| {
        view! { <option value=number.to_string() selected=number == first>{name.to_string()}</option> }
    };
    let options = (0..).zip(names.iter()).map(option).collect_view();
    let chooser = view! {
        <select data-key aria-label="Key" on:change=choose>{options}</select>
        <button type="button" data-without aria-label="Without this key" on:click=move |_| drop()>"✕"</button>
    };
    let offers = move || {
        let key = KeyId(key.get());
        look(page, |peek, _| takes(peek, key).to_vec()).unwrap_or_default()
    };
    row(chooser.into_any(), Signal::derive(offers))
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
    page.selected.get().filter(|agent| Some(*agent) != coordinator).unwrap_or(AgentId(0))
}

/// Everything the form says, in one write.
fn write(page: Page, form: &Element) -> Result<(), String> {
    let agent = writer(page);
    let shown = look(page, |_, key| key);
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
    page.intervene(Intervention::State(StateAct::Write { agent, writes }));
    Ok(())
}

/// What is written to one key.
fn one(
    page: Page,
    (agent, key): (AgentId, KeyId),
    operation: &str,
    text: String,
) -> Result<WriteFile, String> {
    let found = look(page, |peek, _| (key_name(peek, key).to_owned(), expected(peek, key, agent)));
    let (key, expects) = found.unwrap_or_default();
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
