//! What a person orders of a swarm: a new agent, and at work a new task, how the selected agent works, what counts in a score. The
//! engine says what its forms ask for and reads them; here they are shown.

use engine::playback::command::CommandError;
use engine::view::newcomer::{newcomer_form, read_newcomer};
use engine::view::orders::{self, Field, Form, Input, Typed};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, SubmitEvent};

use super::controls::{each, live};
use super::page::{Page, page};
use super::panels::target;

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
    let form = Memo::new(move |_| look());
    let title = move || form.with(|form| form.as_ref().map(|form| form.title.clone()));
    let button = move || form.with(|form| form.as_ref().map(|form| form.button));
    // Other fields are other elements: what was typed into these is not meant for those.
    let all = move || {
        let one = |form: Form| (format!("{form:?}"), Box::new(move || fields(id, &form)) as Box<_>);
        form.get().into_iter().map(one).collect()
    };
    view! {
        <details class="order" open={id == "task"} hidden=move || form.with(Option::is_none)>
            <summary data-testid=format!("{id}-title")>{live(title)}</summary>
            <form class="fields" data-order=id>
                {first}
                {each(all)}
                <button class="do" data-testid=format!("{id}-send")>{live(button)}</button>
            </form>
        </details>
    }
    .into_any()
}

fn fields(id: &'static str, form: &Form) -> AnyView {
    let some = |is_rare: bool| {
        let these = form.fields.iter().filter(|field| field.is_rare == is_rare);
        these.map(|it| field(id, it)).collect_view()
    };
    let has_rare = form.fields.iter().any(|field| field.is_rare);
    let rare = has_rare.then(|| match id {
        "task" => {
            view! { <details class="fields"><summary data-testid="task-more">"More"</summary>{some(true)}</details> }
                .into_any()
        }
        // Weights are asked for only when they are one's own.
        _ => view! { <div class="fields own">{some(true)}</div> }.into_any(),
    });
    view! { <div class="fields">{some(false)}{rare}</div> }.into_any()
}

fn field(id: &str, field: &Field) -> AnyView {
    let Field { name, label, hint, value, input, .. } = field.clone();
    let known = format!("{id}-{name}");
    match input {
        Input::Ticks(ticks) if ticks.is_empty() => ().into_any(),
        Input::Ticks(ticks) => {
            let tick = |(words, is_ticked): (String, bool)| {
                let known = format!("{known}-{words}");
                view! { <label class="tick"><input type="checkbox" name=name data-testid=known value=words.clone() checked=is_ticked/>{words}</label> }
            };
            let ticks = ticks.into_iter().map(tick).collect_view();
            view! { <fieldset><legend>{label}</legend>{ticks}</fieldset> }.into_any()
        }
        Input::OneOf(options) => {
            let option = |(option, words): (String, String)| {
                let selected = option == value;
                view! { <option value=option selected=selected>{words}</option> }
            };
            let options = options.into_iter().map(option).collect_view();
            view! { <label><span>{label}</span><select name=name data-testid=known>{options}</select></label> }
                .into_any()
        }
        Input::Number => view! {
            <label><span>{label}</span><input name=name data-testid=known placeholder=hint value=value inputmode="decimal" maxlength="20" autocomplete="off"/></label>
        }
        .into_any(),
        Input::Words(suggested) => {
            let option = |words: String| view! { <option value=words></option> };
            let suggested = suggested.into_iter().map(option).collect_view();
            let list = known.clone();
            view! {
                <label><span>{label}</span><input name=name data-testid=known.clone() placeholder=hint value=value list=list maxlength="200" autocomplete="off"/></label>
                <datalist id=known>{suggested}</datalist>
            }
            .into_any()
        }
    }
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
