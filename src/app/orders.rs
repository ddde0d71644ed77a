//! What a person orders of a swarm: a new agent, and at work a new task, how the selected agent works, what counts in a score. The
//! engine says what its forms ask for and reads them; here they are markup, with one handler.

use std::fmt::Write as _;

use engine::playback::command::CommandError;
use engine::view::newcomer::{newcomer_form, read_newcomer};
use engine::view::orders::{self, Field, Form, Input, Typed};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, SubmitEvent};

use super::controls::live;
use super::page::{Page, page};
use super::panels::{escaped, target};

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
    let name = move || {
        // A memo that nobody reads follows nothing.
        let _ = done.get();
        page.with_player(|player| player.run().map(orders::new_task_name)).flatten()
    };
    let task = move || {
        let _ = done.get();
        page.with_player(|player| orders::task_form(player.run()?)).flatten()
    };
    let worker = move || {
        page.snapshot.track();
        let agent = page.selected.get()?;
        page.with_player(|player| orders::worker_form(player.run()?, agent)).flatten()
    };
    let policy = move || {
        let policy = page.snapshot.with(|shot| Some(shot.frame.work.as_ref()?.policy));
        policy.map(orders::policy_form)
    };
    let newcomer = move || {
        let _ = done.get();
        page.with_player(|player| player.run().map(newcomer_form)).flatten()
    };
    let named = view! {
        <label><span>"Name"</span><input name="id" data-testid="task-id" autocomplete="off" maxlength="80" prop:value=move || name().unwrap_or_default()/></label>
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(form) = target(&event) {
            order(page, &form);
        }
    };
    view! {
        <div class="orders" on:submit=submit>
            {part("worker", Box::new(worker), ().into_any())}
            {part("task", Box::new(task), named.into_any())}
            {part("policy", Box::new(policy), ().into_any())}
            {part("agent", Box::new(newcomer), ().into_any())}
        </div>
    }
}

/// One of the forms, under its title; the task stands open. What is typed stays until what is asked for
/// changes.
fn part(
    id: &'static str,
    look: Box<dyn Fn() -> Option<Form> + Send + Sync>,
    first: AnyView,
) -> AnyView {
    let form = Memo::new(move |_| match look() {
        Some(form) => vec![form.title.clone(), form.button.to_owned(), markup(id, &form)],
        None => Vec::new(),
    });
    let words = move |place: usize| form.with(|form| form.get(place).cloned()).unwrap_or_default();
    view! {
        <details class="order" open={id == "task"} hidden=move || form.with(Vec::is_empty)>
            <summary data-testid=format!("{id}-title")>{live(move || words(0))}</summary>
            <form class="fields" data-order=id>
                {first}
                <div class="fields" inner_html=move || words(2)></div>
                <button class="do" data-testid=format!("{id}-send")>{live(move || words(1))}</button>
            </form>
        </details>
    }
    .into_any()
}

fn markup(id: &str, form: &Form) -> String {
    let mut markup = String::new();
    let (rare, usual): (Vec<_>, Vec<_>) = form.fields.iter().partition(|field| field.is_rare);
    usual.into_iter().for_each(|it| field(&mut markup, id, it));
    if !rare.is_empty() {
        // Weights are asked for only when they are one's own.
        let (from, to) = match id {
            "task" => (
                "<details class=\"fields\"><summary data-testid=\"task-more\">More</summary>",
                "</details>",
            ),
            _ => ("<div class=\"fields own\">", "</div>"),
        };
        markup += from;
        rare.into_iter().for_each(|it| field(&mut markup, id, it));
        markup += to;
    }
    markup
}

fn field(markup: &mut String, id: &str, field: &Field) {
    let Field { name, label, hint, value, input, .. } = field;
    let value = escaped(value);
    let known = format!("name=\"{name}\" data-testid=\"{id}-{name}\" placeholder=\"{hint}\"");
    let _ = match input {
        Input::Ticks(ticks) if ticks.is_empty() => Ok(()),
        Input::Ticks(ticks) => {
            let _ = write!(markup, "<fieldset><legend>{label}</legend>");
            for (words, is_ticked) in ticks {
                let words = escaped(words);
                let checked = if *is_ticked { "checked" } else { "" };
                let _ = write!(
                    markup,
                    "<label class=\"tick\"><input type=\"checkbox\" name=\"{name}\" data-testid=\"{id}-{name}-{words}\" value=\"{words}\" {checked}>{words}</label>"
                );
            }
            write!(markup, "</fieldset>")
        }
        Input::OneOf(options) => {
            let _ = write!(
                markup,
                "<label><span>{label}</span><select name=\"{name}\" data-testid=\"{id}-{name}\">"
            );
            for (option, words) in options {
                let selected = if **option == *value { "selected" } else { "" };
                let _ = write!(markup, "<option value=\"{option}\" {selected}>{words}</option>");
            }
            write!(markup, "</select></label>")
        }
        Input::Number => write!(
            markup,
            "<label><span>{label}</span><input {known} value=\"{value}\" inputmode=\"decimal\" maxlength=\"20\" autocomplete=\"off\"></label>"
        ),
        Input::Words(suggested) => {
            let _ = write!(
                markup,
                "<label><span>{label}</span><input {known} value=\"{value}\" list=\"{id}-{name}\" maxlength=\"200\" autocomplete=\"off\"></label><datalist id=\"{id}-{name}\">"
            );
            for words in suggested {
                let _ = write!(markup, "<option value=\"{}\">", escaped(words));
            }
            write!(markup, "</datalist>")
        }
    };
}

/// Does what the form says, or marks the field that is wrong.
fn order(page: Page, form: &Element) {
    let which = form.get_attribute("data-order").unwrap_or_default();
    let typed = typed(form);
    let read = page.with_player(|player| {
        let run = player.run()?;
        Some(match &*which {
            "task" => orders::read_task(run, &typed),
            "worker" => orders::read_worker(run, page.selected.get_untracked()?, &typed),
            "agent" => Ok(read_newcomer(run, &typed)?),
            _ => orders::read_policy(player.frame.work.as_ref()?.policy, &typed),
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
            // Of several the first.
            let id = typed.0.iter().find(|(name, _)| name == "id").map_or("", |(_, id)| id.trim());
            let first = format!("{id}-1");
            let cast = player.run()?.cast();
            let mut tasks = cast.tasks.get(&cast.coordinator)?.iter();
            let place = tasks.position(|(name, _)| name == id || *name == first)?;
            player.look_at_task(None, place as u32);
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
