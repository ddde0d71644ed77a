//! Writing a value at an agent: what its key takes, and what is to be written.

use engine::coordination::number::read_number;
use engine::playback::frame::state::StateFrame;
use engine::scenario::file::state::{DataFile, WriteFile};
use engine::scenario::intervention::Intervention;
use engine::sim::AgentId;
use leptos::html;
use leptos::prelude::*;

use super::controls::live;
use super::page::{Page, page};

/// Shown where the swarm keeps something.
#[component]
pub fn WriteForm() -> impl IntoView {
    let page = page();
    let offers = page.follow(|shot| {
        let operations = shot.frame.state.as_ref().map(|state| state.operations);
        let operations = operations.into_iter().flatten();
        operations.map(|name| ((*name).to_owned(), words(name).to_owned())).collect::<Vec<_>>()
    });
    live(move || Some(offers.get()).filter(|it| !it.is_empty()).map(|it| form(page, it)))
}

/// With the names of what can be done, and their words.
fn form(page: Page, operations: Vec<(String, String)>) -> AnyView {
    let operation = NodeRef::<html::Select>::new();
    let value = NodeRef::<html::Input>::new();
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (Some(operation), Some(value)) = (operation.get_untracked(), value.get_untracked())
        else {
            return;
        };
        write(page, &operation.value(), &value.value());
    };
    let first = if operations[0].0 == "add" { "1" } else { "" };
    let option = |(name, words)| view! { <option value=name>{words}</option> };
    let options = operations.into_iter().map(option).collect_view();
    let at = move || {
        format!("Write at {}", page.snapshot.with(|shot| shot.name(writer(page)).to_owned()))
    };
    view! {
        <form class="write" on:submit=submit>
            <select node_ref=operation data-testid="write-operation" aria-label="What to do">{options}</select>
            <input node_ref=value data-testid="write-value" aria-label="Value" required=true maxlength="200" value=first/>
            <button class="do" data-testid="write-send">{live(at)}</button>
        </form>
    }
    .into_any()
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

/// A number, true, false, or a text.
fn data(text: &str) -> DataFile {
    let text = text.trim();
    match text {
        "true" => DataFile::Bool(true),
        "false" => DataFile::Bool(false),
        _ => read_number(text).map_or_else(|| DataFile::Text(text.to_owned()), DataFile::Number),
    }
}

fn write(page: Page, operation: &str, text: &str) {
    let agent = writer(page);
    let (name, key, expects) = page.snapshot.with_untracked(|shot| {
        let state = shot.frame.state.as_ref();
        let held =
            |state: &StateFrame| state.replicas.get(agent.index())?.as_ref().map(|it| it.version);
        let expects = state.filter(|state| state.strong).map(|state| held(state).unwrap_or(0));
        (shot.name(agent).to_owned(), state.map(|state| state.name.clone()), expects)
    });
    let mut write = WriteFile { key: key.unwrap_or_default(), expects, ..WriteFile::default() };
    match operation {
        "add" => match data(text) {
            DataFile::Number(number) => write.add = Some(number),
            _ => {
                return page
                    .error
                    .set(Some(format!("\"{text}\" is no number; write for example 1")));
            }
        },
        "insert" => write.insert = Some(data(text)),
        "remove" => write.remove = Some(data(text)),
        "take" => write.take = Some(text.trim().to_owned()),
        "put" => {
            let Some((name, value)) = text.split_once('=') else {
                let told = format!("\"{text}\" has no value; write for example mode = fast");
                return page.error.set(Some(told));
            };
            write.put.insert(name.trim().to_owned(), data(value));
        }
        _ => write.set = Some(data(text)),
    }
    page.intervene(Intervention::Write { agent: name, writes: vec![write] });
}
