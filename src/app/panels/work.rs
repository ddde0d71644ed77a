//! Work that is shared out: how the task stands, who works when, who bid and why who was chosen, which skills
//! the team covers, and what it does to reputations.

use core::fmt::Write as _;

use engine::playback::frame::work::Standing;
use engine::view::work::bids::Bids;
use engine::view::work::gantt::{Bar, BarKind, Gantt};
use engine::view::work::reputation::Reputations;
use engine::view::work::tasks::Tasks;
use engine::view::work::team::{Cell, Coverage};
use engine::view::work::{WorkView, work_view};
use leptos::prelude::*;

use super::{escaped, number, shown, target};
use crate::app::icons::{self, glyph};
use crate::app::page::{Page, page};

#[component]
pub fn WorkPanel() -> impl IntoView {
    let page = page();
    // The board apart from the rest, which changes all the time: who is in it with the keyboard stays there.
    let board = followed(page, |view| view.tasks.as_ref().map_or_else(String::new, tasks));
    let seen = followed(page, markup);
    let press = move |event: web_sys::MouseEvent| {
        let task = target(&event).and_then(|it| number(&it, "button", "data-task"));
        if let Some(Ok(task)) = task.map(u32::try_from) {
            page.with_player(|player| player.look_at_task(task));
            page.show();
        }
    };
    view! {
        <div class="state work" data-shown=shown("vote") hidden=move || seen.with(String::is_empty) aria-label="Work" role="region">
            <div data-testid="work-tasks" on:click=press inner_html=move || board.get()></div>
            <div data-testid="work-panel" inner_html=move || seen.get()></div>
        </div>
    }
}

/// Markup of what is known of the work; nothing where there is none.
fn followed(page: Page, markup: fn(&WorkView) -> String) -> Memo<String> {
    Memo::new(move |_| {
        page.snapshot.track();
        let seen = page
            .with_player(|player| Some(markup(&work_view(&player.frame, player.run()?.cast())?)));
        seen.flatten().unwrap_or_default()
    })
}

fn head(markup: &mut String, title: &str, hint: &str) {
    let (title, hint) = (escaped(title), escaped(hint));
    let _ = write!(
        markup,
        "<section class=\"panel\"><header><h2>{title}</h2><span class=\"quiet\">{hint}</span></header>"
    );
}

fn markup(view: &WorkView) -> String {
    let mut markup = String::new();
    head(&mut markup, &view.name, &view.manner);
    let (strong, rest) = (escaped(&view.strong), escaped(&view.rest));
    let _ = write!(
        markup,
        "<p class=\"lead\" data-testid=\"work-sentence\"><b>{strong}</b>{rest}</p><ul class=\"warnings\" data-testid=\"warnings\">"
    );
    for warning in &view.warnings {
        let _ = write!(markup, "<li>{}{}</li>", glyph(icons::WARNING), escaped(warning));
    }
    markup += "</ul></section>";
    if let Some(gantt) = &view.gantt {
        self::gantt(&mut markup, gantt);
    }
    if let Some(bids) = &view.bids {
        self::bids(&mut markup, bids);
    }
    if let Some(coverage) = &view.coverage {
        self::coverage(&mut markup, coverage);
    }
    if !view.reputations.rows.is_empty() {
        reputations(&mut markup, &view.reputations);
    }
    markup
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

fn bids(markup: &mut String, bids: &Bids) {
    head(markup, "Bids", &bids.hint);
    *markup += "<p class=\"legend\">";
    for (words, class) in bids.parts.iter().zip(PARTS) {
        let _ = write!(markup, "<span class=\"{class}\">{words}</span>");
    }
    *markup += "</p><table class=\"bids\" data-testid=\"bids\"><caption class=\"off-screen\">The best first: the parts of the score, and their sum</caption>\
                <colgroup><col><col><col></colgroup><tbody>";
    for bid in &bids.rows {
        let chosen = bid.chosen;
        let name = escaped(&bid.name);
        let _ = write!(
            markup,
            "<tr data-chosen=\"{chosen}\"><th scope=\"row\">{name}</th><td><span class=\"parts\">"
        );
        for ((milli, words), class) in bid.parts.iter().zip(PARTS) {
            // Of what the best came to; narrower ones keep their number for those who do not look.
            let permille = milli * 1_000 / bids.most_milli;
            let (width_px, room_px) = (permille * 172 / 1_000, 6 * words.len() as u64 + 6);
            let hidden = if width_px < room_px { " off-screen" } else { "" };
            let (whole, tenth) = (permille / 10, permille % 10);
            let _ = write!(
                markup,
                "<span class=\"{class}\" style=\"width:{whole}.{tenth}%\" title=\"{words}\"><span class=\"points{hidden}\">{words}</span></span>"
            );
        }
        let _ = write!(markup, "</span></td><td class=\"sum\">{}</td></tr>", bid.total);
    }
    if bids.more > 0 {
        let _ = write!(
            markup,
            "<tr><td colspan=\"3\" class=\"quiet\">and {} lower</td></tr>",
            bids.more
        );
    }
    for other in &bids.others {
        let icon = if other.bids { icons::REPORT } else { icons::OPEN };
        let _ = write!(
            markup,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
            escaped(&other.name),
            escaped(&other.words),
            glyph(icon)
        );
    }
    if bids.more_others > 0 {
        let _ = write!(
            markup,
            "<tr><td colspan=\"3\" class=\"quiet\">and {} more</td></tr>",
            bids.more_others
        );
    }
    *markup += "</tbody></table></section>";
}

/// The parts of a score, as styles name them.
const PARTS: [&str; 3] = ["reputation", "skill", "free"];

fn coverage(markup: &mut String, coverage: &Coverage) {
    head(markup, "Team", &coverage.hint);
    *markup += "<table class=\"coverage\" data-testid=\"coverage\"><thead><tr><th scope=\"col\"><span class=\"off-screen\">skill</span></th>";
    for (place, member) in coverage.members.iter().enumerate() {
        let member = escaped(member);
        let _ = write!(markup, "<th scope=\"col\" title=\"{member}\">{} {member}</th>", place + 1);
    }
    *markup += "</tr></thead><tbody>";
    for row in &coverage.rows {
        let _ = write!(markup, "<tr><th scope=\"row\">{}</th>", escaped(&row.skill));
        if row.uncovered {
            let width = coverage.members.len();
            let _ =
                write!(markup, "<td class=\"nobody\" colspan=\"{width}\">nobody has it</td></tr>");
            continue;
        }
        for cell in &row.cells {
            let icon = match cell {
                Cell::Without => icons::NOTHING,
                Cell::Has => icons::DOT,
                Cell::Does => icons::REPORT,
                Cell::Done => icons::RESULT,
                Cell::Failed => icons::REFUSED,
            };
            let (icon, words) = (glyph(icon), cell.words());
            let _ = write!(
                markup,
                "<td title=\"{words}\">{icon}<span class=\"off-screen\">{words}</span></td>"
            );
        }
        *markup += "</tr>";
    }
    *markup += "</tbody></table></section>";
}

/// Where the bars of the Gantt begin and how far they reach, in its own units, and how high a lane is.
const LEFT: u64 = 76;
const WIDTH: u64 = 236;
const LANE: u64 = 24;
/// The width of a letter.
const LETTER: u64 = 7;

fn clipped(name: &str) -> String {
    escaped(&engine::view::figure::shortened(name, 10))
}

fn gantt(markup: &mut String, gantt: &Gantt) {
    head(markup, "At the same time", "from the award on");
    let x = |time_us: u64| {
        // Some room for the words beside the last bar.
        let width = if gantt.one_by_one.is_empty() { WIDTH - 44 } else { WIDTH };
        LEFT + time_us.min(gantt.span_us) * width / gantt.span_us
    };
    let lanes = gantt.lanes.len() as u64;
    // The pin of the playhead needs some room above.
    let top = if gantt.now_us.is_some() { 18 } else { 4 };
    let bottom = top + lanes * LANE;
    let height = bottom + if gantt.one_by_one.is_empty() { 20 } else { 46 };
    let mut told = String::new();
    let mut svg = String::new();
    grid(&mut svg, gantt.span_us, &x, (top, height));
    for (lane, y) in gantt.lanes.iter().zip((top..).step_by(LANE as usize)) {
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">{}</text>", y + 12, clipped(&lane.name));
        for bar in &lane.bars {
            let _ = write!(told, "{}, {}; ", lane.name, bar.title);
            self::bar(&mut svg, bar, y, &x);
        }
    }
    if !gantt.one_by_one.is_empty() {
        let _ = write!(svg, "<text x=\"0\" y=\"{}\">one by one</text>", bottom + 18);
        let mut from_us = 0;
        for (name, takes_us) in &gantt.one_by_one {
            let (left, right) = (x(from_us), x(from_us + takes_us));
            from_us += takes_us;
            let width = (right - left).saturating_sub(1);
            let y = bottom + 6;
            let _ = write!(
                svg,
                "<rect class=\"alone\" x=\"{left}\" y=\"{y}\" width=\"{width}\" height=\"16\"/>"
            );
            if name.chars().count() as u64 * (LETTER - 1) <= width {
                let middle = left + width / 2;
                let _ = write!(
                    svg,
                    "<text class=\"inside\" x=\"{middle}\" y=\"{}\">{}</text>",
                    y + 12,
                    escaped(name)
                );
            }
        }
        let saved = x(gantt.together_us);
        let _ = write!(svg, "<path class=\"saved\" d=\"M{saved} {}V{}\"/>", bottom - 6, bottom + 6);
    }
    if let Some(now_us) = gantt.now_us {
        let now = x(now_us);
        let _ = write!(
            svg,
            "<path class=\"now\" d=\"M{now} 10V{bottom}\"/><path class=\"pin\" d=\"M{} 4h10v5l-5 5-5-5z\"/>",
            now - 5
        );
    }
    let _ = write!(
        markup,
        "<div class=\"curve gantt\" data-testid=\"gantt\"><svg viewBox=\"0 0 316 {height}\" role=\"img\" aria-label=\"{}\">{svg}</svg></div>",
        escaped(&told)
    );
    if !gantt.strong.is_empty() {
        let (strong, rest) = (&gantt.strong, &gantt.rest);
        let _ = write!(
            markup,
            "<p class=\"lead\" data-testid=\"gantt-words\"><b>{strong}</b>{rest}</p>"
        );
    }
    *markup += "</section>";
}

/// A line for every second, or ten, or a hundred.
fn grid(svg: &mut String, span_us: u64, x: &dyn Fn(u64) -> u64, (top, height): (u64, u64)) {
    let mut step_us = 100_000;
    for factor in [5, 2].into_iter().cycle() {
        if span_us / step_us <= 7 {
            break;
        }
        step_us *= factor;
    }
    for number in 0..=span_us / step_us {
        let (at_us, y) = (number * step_us, height - 2);
        let at = x(at_us);
        let (seconds, tenth) = (at_us / 1_000_000, at_us / 100_000 % 10);
        let _ = write!(svg, "<path class=\"grid\" d=\"M{at} {}V{}\"/>", top - 2, height - 15);
        let _ = match tenth {
            0 => write!(svg, "<text class=\"axis\" x=\"{at}\" y=\"{y}\">{seconds} s</text>"),
            _ => write!(svg, "<text class=\"axis\" x=\"{at}\" y=\"{y}\">{seconds}.{tenth}</text>"),
        };
    }
}

/// Filled as far as it went, outlined as far as it will go, striped when its lease ran out.
fn bar(svg: &mut String, bar: &Bar, y: u64, x: &dyn Fn(u64) -> u64) {
    let [left, right, until] = [bar.from_us, bar.to_us, bar.until_us].map(x);
    let (width, whole) = ((right - left.min(right)).max(2), (until - left.min(until)).max(2));
    let kind = bar.kind.name();
    let _ = write!(svg, "<g data-kind=\"{kind}\"><title>{}</title>", escaped(&bar.title));
    if bar.kind == BarKind::Running {
        let _ = write!(
            svg,
            "<rect class=\"ahead\" x=\"{left}\" y=\"{y}\" width=\"{whole}\" height=\"16\"/>"
        );
    }
    let _ = match bar.kind {
        BarKind::Expired => {
            write!(svg, "<path class=\"bar\" d=\"M{left} {}h{width}\"/>", y + 8)
        }
        _ => write!(
            svg,
            "<rect class=\"bar\" x=\"{left}\" y=\"{y}\" width=\"{width}\" height=\"16\"/>"
        ),
    };
    if bar.kind == BarKind::Failed {
        let _ = write!(
            svg,
            "<path class=\"cross\" d=\"M{} {}l8 8m0 -8l-8 8\"/>",
            right.max(4) - 4,
            y + 4
        );
    }
    let words = &bar.words;
    let room = (words.chars().count() as u64 + 1) * LETTER;
    let y = y + 12;
    let _ = match bar.kind {
        BarKind::Done if room <= width => {
            write!(svg, "<text class=\"in\" x=\"{}\" y=\"{y}\">{words}</text>", right - 5)
        }
        _ if until + room < LEFT + WIDTH + 8 => {
            write!(svg, "<text class=\"beside\" x=\"{}\" y=\"{y}\">{words}</text>", until + 7)
        }
        // There is room for it before the bar, or it stands in its title alone.
        _ if left > LEFT + room => {
            write!(svg, "<text class=\"before\" x=\"{}\" y=\"{y}\">{words}</text>", left - 6)
        }
        _ => Ok(()),
    };
    *svg += "</g>";
}

/// The picture of reputations: where its lines begin and end, and its height, in its own units.
const START: u64 = 76;
const END: u64 = 206;
const HEIGHT: u64 = 120;

fn reputations(markup: &mut String, seen: &Reputations) {
    let hint =
        if seen.outcomes == 0 { "nothing has changed it yet" } else { "by outcome, with tiers" };
    head(markup, "Reputation", hint);
    if let (Some((.., most)), Some((_, least, _))) = (seen.bands.first(), seen.bands.last()) {
        let span = u64::from(most - least).max(1);
        let y = |score: u32| 4 + u64::from(most - score.min(*most)) * HEIGHT / span;
        let mut svg = String::new();
        for (name, low, high) in &seen.bands {
            let (top, low) = (y(*high), y(*low));
            let height = low - top;
            let _ = write!(
                svg,
                "<rect class=\"band\" x=\"0\" y=\"{top}\" width=\"316\" height=\"{height}\"/>"
            );
            if height > 13 {
                let _ = write!(svg, "<text x=\"4\" y=\"{}\">{name}</text>", top + height / 2 + 4);
            }
        }
        lines(&mut svg, seen, &y);
        let _ = write!(
            markup,
            "<div class=\"curve steps-of\" data-testid=\"reputation-lines\" aria-hidden=\"true\"><svg viewBox=\"0 0 316 {}\">{svg}</svg></div>",
            HEIGHT + 8
        );
    }
    *markup += "<table class=\"leaders\" data-testid=\"reputations\"><thead><tr><th scope=\"col\">agent</th><th scope=\"col\">tier</th><th scope=\"col\">outcomes</th><th scope=\"col\">score</th></tr></thead><tbody>";
    for row in &seen.rows {
        let (name, tier, change, score) = (escaped(&row.name), row.tier, &row.change, row.score);
        let _ = write!(
            markup,
            "<tr><th scope=\"row\">{name}</th><td>{tier}</td><td>{change}</td><td><b>{score}</b></td></tr>"
        );
    }
    if seen.more > 0 {
        let _ = write!(
            markup,
            "<tr><td colspan=\"4\" class=\"quiet\">and {} lower</td></tr>",
            seen.more
        );
    }
    *markup += "</tbody></table></section>";
}

/// Steps, each with its name and score at its end, where they do not cover one another.
fn lines(svg: &mut String, seen: &Reputations, y: &dyn Fn(u32) -> u64) {
    let x = |outcome: usize| START + (END - START) * outcome as u64 / seen.outcomes.max(1) as u64;
    let mut ends: Vec<(u64, usize)> = Vec::new();
    for (number, line) in seen.lines.iter().enumerate() {
        let mut path = String::new();
        let mut last = 0;
        for (outcome, score) in &line.steps {
            last = y(*score);
            let _ = match path.is_empty() {
                true => write!(path, "M{START} {last}"),
                false => write!(path, "H{}V{last}", x(*outcome)),
            };
        }
        let _ = write!(
            svg,
            "<path class=\"line\" data-line=\"{number}\" d=\"{path}H{END}\"/><circle data-line=\"{number}\" cx=\"{END}\" cy=\"{last}\" r=\"3\"/>"
        );
        let place = ends.partition_point(|(other, _)| *other <= last);
        ends.insert(place, (last, number));
    }
    let mut free = 10;
    for (at, number) in ends {
        let line = &seen.lines[number];
        let at = (at + 4).max(free);
        free = at + 14;
        let score = line.steps.last().map_or(0, |(_, score)| *score);
        let (x, name) = (END + 9, clipped(&line.name));
        let _ = write!(
            svg,
            "<text class=\"end\" data-line=\"{number}\" x=\"{x}\" y=\"{at}\">{name} {score}</text>"
        );
    }
}
