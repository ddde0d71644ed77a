//! What a person orders of a swarm: a new agent, and at work a new task, how the selected agent works, what counts in a score. The
//! engine says what its forms ask for and reads them; here they are shown.

use std::sync::Arc;

use engine::playback::command::CommandError;
use engine::protocol::document::{Choice, Document, Form};
use engine::view::newcomer::{newcomer_form, read_newcomer};
use engine::view::orders::{self, Typed};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::document::blocks;
use super::page::{Page, page};

/// Those that fit the swarm.
#[component]
pub fn Orders() -> impl IntoView {
    let page = page();
    // What was done by hand changes what can be asked for; that time goes on does not.
    let done = Memo::new(move |_| {
        page.snapshot.track();
        let done = page.with_player(|player| {
            let (run, opened) = (player.run()?, player.opened);
            let branch = run.current_branch();
            let count = run.branches().get(branch as usize)?.interventions().len();
            Some(format!("{opened} {branch} {count}"))
        });
        done.flatten().unwrap_or_default()
    });
    let task = move || {
        // A memo that nobody reads follows nothing.
        let _ = done.get();
        page.with_player(|player| orders::task_form(player.run()?)).flatten()
    };
    let worker = move || {
        page.snapshot.track();
        let agent = page.selected.get()?;
        page.with_player(|player| orders::worker_form(player.run()?, agent)).flatten()
    };
    let policy = move || {
        page.snapshot.track();
        let policy = page.with_player(|player| orders::policy(player.run()?)).flatten();
        policy.map(orders::policy_form)
    };
    let newcomer = move || {
        let _ = done.get();
        page.with_player(|player| player.run().map(newcomer_form)).flatten()
    };
    view! {
        <div class="orders">
            {part(page, "order-worker", Box::new(worker))}
            {part(page, "order-task", Box::new(task))}
            {part(page, "order-policy", Box::new(policy))}
            {part(page, "order-agent", Box::new(newcomer))}
        </div>
    }
}

/// One of the forms; while there is none an empty one keeps its place.
fn part(
    page: Page,
    id: &'static str,
    look: Box<dyn Fn() -> Option<Form> + Send + Sync>,
) -> AnyView {
    let document = move |form: Option<Form>| Document::new(id, "").block(form.unwrap_or_default());
    let shown = Memo::new(move |_| Some(Arc::new(document(look()))));
    blocks(page, shown)
}

/// Does what the form says, or marks the field that is wrong.
pub fn order(page: Page, form: &Element) {
    let which = form.get_attribute("data-order").unwrap_or_default();
    let typed = typed(form);
    let read = page.with_player(|player| {
        let run = player.run()?;
        Some(match &*which {
            "task" => orders::read_task(run, &typed),
            "worker" => orders::read_worker(run, page.selected.get_untracked()?, &typed),
            "agent" => Ok(read_newcomer(run, &typed)?),
            _ => orders::read_policy(orders::policy(run)?, &typed),
        })
    });
    page.error.set(None);
    match read.flatten() {
        Some(Ok(intervention)) => page.intervene(intervention),
        Some(Err(problem)) => {
            page.error.set(Some(CommandError::Intervention(problem).to_string()));
        }
        None => return,
    }
    mark(form, &page.error.get_untracked().unwrap_or_default());
    if which == "task" && page.error.with_untracked(Option::is_none) {
        page.with_player(|player| {
            let id = typed.0.iter().find(|(name, _)| name == "id").map_or("", |(_, id)| id.trim());
            let task = orders::task_of(player.run()?, id)?;
            player.choose(Choice::new("task", task));
            Some(())
        });
        page.show();
        page.playing.set(true);
    }
}

/// What stands in a form. What is not ticked does not.
pub fn typed(form: &Element) -> Typed {
    let of = |it: &JsValue, name: &JsValue| js_sys::Reflect::get(it, name).unwrap_or_default();
    let mut typed = Vec::new();
    // A form has its fields by their number.
    for place in 0_u32.. {
        let field = of(form, &place.into());
        if field.is_undefined() {
            break;
        }
        let text = |name: &str| of(&field, &name.into()).as_string().unwrap_or_default();
        let is_ticked = text("type") != "checkbox" || of(&field, &"checked".into()).is_truthy();
        let (name, value) = (text("name"), text("value"));
        if is_ticked && !name.is_empty() {
            typed.push((name, value));
        }
    }
    Typed(typed)
}

/// Leads to the field that a message is about, "at submit.task.load: …"; without one it marks none.
fn mark(form: &Element, message: &str) {
    if let Ok(Some(before)) = form.query_selector("[aria-invalid]") {
        let _ = before.remove_attribute("aria-invalid");
    }
    let path = message.split(':').next().unwrap_or_default();
    let name = path.rsplit('.').next().and_then(|last| last.split('[').next());
    let name = match name.unwrap_or_default() {
        "skills" => "other_skills",
        name => name,
    };
    let field = form.query_selector(&format!("[name=\"{name}\"]")).ok().flatten();
    let Some(field) = field.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else { return };
    let _ = field.set_attribute("aria-invalid", "true");
    if let Ok(Some(folded)) = field.closest("details.fields") {
        let _ = folded.set_attribute("open", "");
    }
    let _ = field.focus();
}
