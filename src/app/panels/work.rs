//! Work that is shared out: how the task stands, who works when, who bid and why who was chosen, which skills
//! the team covers, and what it does to reputations.

use core::fmt::Write as _;

use engine::playback::Command;
use engine::playback::frame::work::Standing;
use engine::sim::AgentId;
use engine::view::stage::target::Target;
use engine::view::work::managers::Managers;
use engine::view::work::results::Results;
use engine::view::work::tasks::Tasks;
use engine::view::work::{Look, WorkView, work_view};
use leptos::prelude::*;

use super::tally::{checks, never_votes};
use super::{escaped, number, shown, target};
use crate::app::icons::{self, glyph};
use crate::app::page::{Page, page};

mod bids;
mod figures;
mod gantt;
mod load;
mod reputation;
mod team;

/// The parts of the panel, each by itself: what has not changed is not made anew, and who is in it with the
/// keyboard or the pointer stays there.
const PARTS_NAMES: [&str; 9] = [
    "work-managers",
    "work-given",
    "work-tasks",
    "work-panel",
    "work-bids",
    "work-load",
    "work-reputation",
    "work-figures",
    "work-checks",
];

#[component]
pub fn WorkPanel() -> impl IntoView {
    let page = page();
    let seen = Memo::new(move |_| seen(page));
    let press = move |event: web_sys::MouseEvent| {
        let Some(pressed) = target(&event) else { return };
        let number = |attribute| {
            let number = number(&pressed, "button", attribute)?;
            u32::try_from(number).ok()
        };
        if let Some(task) = number("data-task") {
            // Asked before: the player is with one at a time.
            let manager = board_of(page);
            page.with_player(|player| player.look_at_task(manager, task));
            page.show();
        } else if let Some(manager) = number("data-manager") {
            page.target.set(Some(Target::Agent(AgentId(manager))));
            page.show();
            page.repaint();
        } else if let Some(task) = number("data-why") {
            page.ask_why(board_of(page), task);
        } else if let Some(event) = number("data-event") {
            page.act_paused(&Command::SeekEvent { event: event.into() });
        }
    };
    let part = move |(place, name): (usize, &'static str)| {
        let part = move || seen.with(|seen| seen.get(place).cloned().unwrap_or_default());
        view! { <div data-testid=name inner_html=part></div> }.into_any()
    };
    let parts: Vec<AnyView> = PARTS_NAMES.into_iter().enumerate().map(part).collect();
    view! {
        <div class="state work" data-shown=shown("vote") hidden=move || seen.with(Vec::is_empty) aria-label="Work" role="region" on:click=press>
            {parts}
        </div>
    }
}

/// Whose board is shown, if it is a manager's.
fn board_of(page: Page) -> Option<AgentId> {
    let selected = page.selected.get_untracked()?;
    page.with_player(|player| player.run()?.manager_of(selected)).flatten()
}

/// Markup of what is known of the work, part by part; nothing where there is none.
fn seen(page: Page) -> Vec<String> {
    let checks =
        page.snapshot.with(|shot| if never_votes(shot) { checks(shot) } else { String::new() });
    let selected = page.selected.get();
    let seen = page.with_player(|player| {
        let look = Look { selected, task: player.managers_task };
        let mut parts = markup(&work_view(player.run()?, &player.frame, look)?);
        let mut last = String::new();
        if !checks.is_empty() {
            head(&mut last, "What must hold", "");
            let _ = write!(last, "<ul class=\"checks\">{checks}</ul></section>");
        }
        parts.push(last);
        Some(parts)
    });
    seen.flatten().unwrap_or_default()
}

fn head(markup: &mut String, title: &str, hint: &str) {
    let (title, hint) = (escaped(title), escaped(hint));
    let _ = write!(
        markup,
        "<section class=\"panel\"><header><h2>{title}</h2><span class=\"quiet\">{hint}</span></header>"
    );
}

fn markup(view: &WorkView) -> Vec<String> {
    let mut main = String::new();
    head(&mut main, &view.name, &view.manner);
    let (strong, rest) = (escaped(&view.strong), escaped(&view.rest));
    let _ = write!(
        main,
        "<p class=\"lead\" data-testid=\"work-sentence\"><b>{strong}</b>{rest}</p><ul class=\"warnings\" data-testid=\"warnings\">"
    );
    for warning in &view.warnings {
        let _ = write!(main, "<li>{}{}</li>", glyph(icons::WARNING), escaped(warning));
    }
    main += "</ul>";
    if let Some(results) = &view.results {
        self::results(&mut main, results);
    }
    main += "</section>";
    if let Some(gantt) = &view.gantt {
        gantt::gantt(&mut main, gantt);
    }
    let mut bids = String::new();
    if let Some(seen) = &view.bids {
        bids::bids(&mut bids, seen);
    }
    if let Some(coverage) = &view.coverage {
        team::coverage(&mut bids, coverage);
    }
    let (mut load, mut reputations, mut figures) = (String::new(), String::new(), String::new());
    if let Some(loads) = &view.loads {
        load::loads(&mut load, loads);
    }
    if !view.reputations.rows.is_empty() {
        reputation::reputations(&mut reputations, &view.reputations);
    }
    if let Some(seen) = &view.figures {
        figures::figures(&mut figures, seen);
    }
    let given = view.managers.as_ref().map_or_else(String::new, given);
    let managers = view.managers.as_ref().map_or_else(String::new, managers);
    let tasks = view.tasks.as_ref().map_or_else(String::new, tasks);
    vec![managers, given, tasks, main, bids, load, reputations, figures]
}

/// Whose boards there are, and whose is shown. It hardly changes: who is in it with the keyboard stays.
fn managers(managers: &Managers) -> String {
    let mut markup = String::new();
    head(&mut markup, "Managers", "whose board is shown");
    markup += "<div class=\"groups\" role=\"group\" aria-label=\"Board\" data-testid=\"managers\">";
    for row in &managers.rows {
        let (agent, shown, name) = (row.agent.0, row.is_shown, escaped(&row.name));
        let _ = write!(
            markup,
            "<button data-manager=\"{agent}\" aria-pressed=\"{shown}\">{name}</button>"
        );
    }
    markup += "</div>";
    if managers.more > 0 {
        let _ = write!(
            markup,
            "<p class=\"quiet\">and {} more: select them on the stage</p>",
            managers.more
        );
    }
    markup + "</section>"
}

/// A row of a table: what it is about, and its cells.
fn row(markup: &mut String, about: &str, cells: &[&str]) {
    *markup += "<tr><th scope=\"row\">";
    *markup += &escaped(about);
    *markup += "</th>";
    for cell in cells {
        *markup += "<td>";
        *markup += &escaped(cell);
        *markup += "</td>";
    }
    *markup += "</tr>";
}

/// What each of them has given to whom.
fn given(managers: &Managers) -> String {
    let mut markup = "<table class=\"leaders given\" data-testid=\"given\">".to_owned();
    for it in &managers.rows {
        markup += "<tbody>";
        row(&mut markup, &it.name, &[&it.counts]);
        for (to, what) in &it.gave {
            row(&mut markup, to, &[what]);
        }
        if it.more > 0 {
            row(&mut markup, "others", &[&it.more.to_string()]);
        }
        markup += "</tbody>";
    }
    markup + "</table>"
}

/// What it has come to, by key.
fn results(markup: &mut String, results: &Results) {
    *markup += "<table class=\"leaders results\" data-testid=\"results\"><caption class=\"quiet\">Result, ";
    *markup += results.hint;
    *markup += "</caption><tbody>";
    for it in &results.rows {
        row(markup, &it.key, &[&it.value, &it.from]);
    }
    *markup += "</tbody></table>";
}

/// How a task stands, as a picture.
fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Waiting => icons::OPEN,
        Standing::Announced => icons::CALL,
        Standing::Working => icons::REPORT,
        Standing::Done => icons::RESULT,
        Standing::Partial => icons::HALF_DONE,
        Standing::Failed => icons::REFUSED,
    }
}

/// Up to so many tasks stand in a list, more as a grid of pictures.
const LISTED_MAX: usize = 8;

fn tasks(tasks: &Tasks) -> String {
    let mut markup = String::new();
    head(&mut markup, "Tasks", &tasks.counts);
    let shape = if tasks.items.len() <= LISTED_MAX { "list" } else { "grid" };
    let _ = write!(markup, "<ul class=\"board\" data-shape=\"{shape}\" data-testid=\"board\">");
    for item in &tasks.items {
        let (name, words) = (escaped(&item.name), item.standing.words());
        let _ = write!(
            markup,
            "<li><button data-task=\"{}\" aria-pressed=\"{}\" title=\"{name}: {words}\">{}<span class=\"name\">{name}</span>\
             <span class=\"quiet\">{words}</span></button></li>",
            item.task,
            item.shown,
            glyph(standing(item.standing))
        );
    }
    markup += "</ul>";
    if tasks.earlier > 0 {
        let _ = write!(markup, "<p class=\"quiet\">and {} before these</p>", tasks.earlier);
    }
    for note in &tasks.notes {
        let _ = write!(markup, "<p class=\"quiet\">{}</p>", escaped(note));
    }
    markup + "</section>"
}

fn clipped(name: &str) -> String {
    escaped(&engine::view::figure::shortened(name, 10))
}
