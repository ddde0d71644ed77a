//! Tables, and the bars in their cells.

use engine::protocol::document::{
    Align, Block, Cell, Column, Document, Legend, Part, Row, Sign, Table, TrackBar,
};
use leptos::prelude::*;

use super::piece::{Shown, follow, pieces};
use super::press::press;
use super::sign::sign;
use super::{boolean, named, percent, some};
use crate::app::controls::live;
use crate::app::page::Page;

/// How wide a bar of a whole is in a column of the page, and a letter in it.
const BAR_WIDTH_PX: u32 = 162;
const LETTER_WIDTH_PX: u32 = 6;

fn find(document: &Document, [block, _]: [usize; 2]) -> Option<&Table> {
    match document.blocks.get(block)? {
        Block::Table(table) => Some(table),
        _ => None,
    }
}

fn has_bars(table: &Table) -> bool {
    table.rows.iter().any(|row| row.cells.iter().any(|cell| cell.bar.is_some()))
}

/// Whether two tables differ in nothing but their rows.
fn is_same_frame(one: &Table, other: &Table) -> bool {
    let Table { id, title, hint, caption, legend, columns, rows: _, more } = one;
    (*id, *caption, has_bars(one)) == (other.id, other.caption, has_bars(other))
        && (title, hint, more) == (&other.title, &other.hint, &other.more)
        && (legend, columns) == (&other.legend, &other.columns)
}

pub(super) fn table(page: Page, shown: Shown, block: usize) -> AnyView {
    let frame = follow(shown, [block, 0], find, is_same_frame);
    let of = move |look: fn(&Table) -> Option<AnyView>| {
        live(move || frame.with(|table| look(table.get()?)))
    };
    let id = move || frame.with(|table| named(table.get()?.id));
    let bars = move || frame.with(|table| Some(boolean(has_bars(table.get()?))));
    let rows = pieces(
        shown,
        block,
        |it, block| find(it, [block, 0]).map_or(0, |table| table.rows.len()),
        |it, [block, place]| find(it, [block, 0])?.rows.get(place),
        move |_, it| frame.with(|table| row(page, it, table.get().map_or(&[], |it| &it.columns))),
    );
    view! {
        {of(above)}
        <table class="table" data-testid=id data-bars=bars>{of(head)}<tbody>{rows}</tbody></table>
        {of(|table| some(&table.more).map(|more| view! { <p class="sentence" data-level="quiet">{more}</p> }.into_any()))}
    }
    .into_any()
}

fn above(table: &Table) -> Option<AnyView> {
    let title = some(&table.title).map(|title| {
        view! { <div class="under"><h3>{title}</h3><span class="quiet">{table.hint.clone()}</span></div> }
    });
    let legend = (!table.legend.is_empty()).then(|| legend(&table.legend));
    Some(view! { {title}{legend} }.into_any())
}

fn head(table: &Table) -> Option<AnyView> {
    let caption =
        named(table.caption).map(|it| view! { <caption class="off-screen">{it}</caption> });
    let is_titled = table.columns.iter().any(|column| !column.title.is_empty());
    let head = is_titled.then(|| {
        view! { <thead><tr>{table.columns.iter().map(column).collect_view()}</tr></thead> }
    });
    Some(view! { {caption}{head} }.into_any())
}

fn legend(legend: &[Legend]) -> impl IntoView + use<> {
    let one = |it: &Legend| {
        view! { <span><i class="part" data-tint=named(it.tint.name()) data-texture=it.texture.name()></i>{it.words.clone()}</span> }
    };
    view! { <p class="legend">{legend.iter().map(one).collect_view()}</p> }
}

fn column(column: &Column) -> AnyView {
    let Column { title, align, is_now, is_spoken } = column;
    if title.is_empty() {
        return view! { <td></td> }.into_any();
    }
    let class = if *is_spoken { "off-screen" } else { "" };
    view! { <th scope="col" data-align=align.name() data-now=boolean(*is_now) title=title.clone()><span class=class>{title.clone()}</span></th> }
        .into_any()
}

fn row(page: Page, row: &Row, columns: &[Column]) -> AnyView {
    let head = view! {
        <th scope="row" data-weight=named(row.head.weight.name()) colspan=row.head.is_wide.then_some("9") title=row.head.text.clone()>{words(&row.head)}</th>
    };
    let last = row.cells.len();
    let one = |(place, it): (usize, &Cell)| {
        let known = columns.get(place + 1);
        // Where nothing else is said the last column ends where the table does.
        let align = known.map_or(Align::Start, |column| column.align);
        let align = if columns.is_empty() && place + 1 == last { Align::End } else { align };
        cell(page, it, align, known.is_some_and(|column| column.is_now))
    };
    let cells = row.cells.iter().enumerate().map(one).collect_view();
    let below = row.bar.as_ref().map(|bar| {
        view! { <tr class="below"><td colspan="9">{track(bar)}</td></tr> }
    });
    let told = !row.note.is_empty() || !row.trouble.is_empty();
    let note = told.then(|| {
        let gap = if row.note.is_empty() || row.trouble.is_empty() { "" } else { "; " };
        view! {
            <tr class="below"><td colspan="9">{row.note.clone()}{gap}<span class="trouble">{row.trouble.clone()}</span></td></tr>
        }
    });
    view! {
        <tr data-tint=named(row.tint.name()) data-inner=boolean(row.is_inner)>{head}{cells}</tr>{below}{note}
    }
    .into_any()
}

fn cell(page: Page, cell: &Cell, align: Align, is_now: bool) -> AnyView {
    let class = cell.bar.as_ref().map(|_| "has-bar");
    let inner = match cell.press.clone() {
        Some(pressed) => {
            view! { <button aria-pressed=boolean(cell.chosen) title=some(&cell.hint) on:click=move |_| press(page, &pressed)>{words(cell)}</button> }
                .into_any()
        }
        None => words(cell),
    };
    let (weight, tint) = (named(cell.weight.name()), named(cell.tint.name()));
    let hint = some(&cell.said).filter(|_| cell.press.is_none());
    view! {
        <td class=class data-align=align.name() data-now=is_now.then_some("true") data-weight=weight data-tint=tint colspan=cell.is_wide.then_some("9") title=hint>{inner}</td>
    }
    .into_any()
}

fn words(cell: &Cell) -> AnyView {
    // A letter stands before what it is the letter of, a picture behind it.
    let is_letter = |it: &&Sign| matches!(it, Sign::Letter { .. });
    let letters = cell.signs.iter().filter(is_letter).map(|it| sign(*it)).collect_view();
    let pictures = cell.signs.iter().filter(|it| !is_letter(it));
    let pictures = pictures.map(|it| sign(*it)).collect_view();
    let bar = cell.bar.as_ref().map(track);
    let said = some(&cell.said).map(|said| view! { <span class="off-screen">{said}</span> });
    let second = some(&cell.second).map(|second| view! { <br/>{second} });
    let gap = if cell.signs.iter().any(|it| is_letter(&it)) { " " } else { "" };
    view! { {letters}{gap}{bar}{cell.text.clone()}{pictures}{said}{second} }.into_any()
}

fn track(bar: &TrackBar) -> AnyView {
    let limit = bar.limit_permille.map(|it| view! { <i class="limit" style:left=percent(it)></i> });
    let parts = bar.parts.iter().map(part).collect_view();
    view! { <span class="track" data-whole=boolean(bar.is_track)>{parts}{limit}</span> }.into_any()
}

/// Narrow parts keep their label for those who do not look.
fn part(part: &Part) -> AnyView {
    let Part { permille, tint, texture, label } = part;
    let needed_px = LETTER_WIDTH_PX * (label.chars().count() as u32 + 1);
    let is_narrow = permille * BAR_WIDTH_PX / 1_000 < needed_px;
    let class = if is_narrow { "off-screen" } else { "" };
    let label = some(label).map(|label| view! { <span class=class>{label}</span> });
    view! {
        <span class="part" data-tint=named(tint.name()) data-texture=texture.name() style:width=percent(*permille) title=some(&part.label)>{label}</span>
    }
    .into_any()
}
