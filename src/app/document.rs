//! Documents on the page: one file draws one block, and none knows a protocol.
//!
//! A document is drawn anew only when it has changed, and then in place: its elements stay, so that focus, hover and scroll
//! do too.

mod bar;
mod cards;
mod curve;
mod form;
mod graph;
mod lamps;
mod lanes;
mod list;
mod piece;
mod press;
mod sign;
mod table;
mod text;

use core::mem::{Discriminant, discriminant};
use std::sync::Arc;

use engine::protocol::document::{Block, Document};
use engine::view::documents::documents;
use engine::view::inspector;
use leptos::prelude::*;

use self::piece::{Shown, piece};
pub use self::sign::icon;
use super::controls::{Item, each, live};
use super::page::{Page, page};

/// All documents of the run, in the order in which the engine gives them.
#[component]
pub fn Documents() -> impl IntoView {
    let page = page();
    let all = Memo::new(move |before: Option<&Vec<Arc<Document>>>| {
        page.snapshot.track();
        let all = page.with_player(|player| Some(documents(player.run()?, &player.frame)));
        let all = all.flatten().unwrap_or_default();
        // An unchanged document stays the same `Arc`, so that nobody compares it again.
        let same = |new: &Document| before?.iter().find(|old| ***old == *new).cloned();
        all.into_iter().map(|it| same(&it).unwrap_or_else(|| Arc::new(it))).collect::<Vec<_>>()
    });
    let ids = Memo::new(move |_| all.with(|all| all.iter().map(|it| it.id).collect::<Vec<_>>()));
    let items = move || {
        let item =
            |id: &'static str| (id.to_owned(), Box::new(move || one(page, all, id)) as Box<_>);
        ids.get().into_iter().map(item).collect()
    };
    each(items)
}

/// One of them, as long as there is one of this name.
fn one(page: Page, all: Memo<Vec<Arc<Document>>>, id: &'static str) -> AnyView {
    let shown = Memo::new(move |_| all.with(|all| all.iter().find(|it| it.id == id).cloned()));
    section(page, shown, id)
}

/// The panel of the selection.
#[component]
pub fn Inspector() -> impl IntoView {
    let page = page();
    let document = Memo::new(move |_| {
        page.snapshot.track();
        // The changes by an event are shown when they can be looked at: not while time runs.
        let (target, compare) = (page.target.get(), !page.playing.get());
        let look = page.with_player(|player| {
            Some(inspector::document(player.run()?, &player.frame, target, compare))
        });
        look.flatten().map(Arc::new)
    });
    section(page, document, "agent-panel")
}

/// A document: its title, and its blocks.
fn section(page: Page, shown: Shown, id: &'static str) -> AnyView {
    let title = move || shown.with(|it| it.as_ref().map(|it| it.title.clone()));
    let hint = move || shown.with(|it| it.as_ref().map(|it| it.hint.clone()));
    view! {
        <section class="panel document" data-testid=id>
            <header>
                <h2>{live(title)}</h2>
                <span class="quiet" data-testid=format!("{id}-hint")>{live(hint)}</span>
            </header>
            {blocks(page, shown)}
        </section>
    }
    .into_any()
}

/// The blocks of a document.
pub fn blocks(page: Page, shown: Shown) -> AnyView {
    let kinds = Memo::new(move |_| {
        let kinds = |it: &Arc<Document>| it.blocks.iter().map(discriminant).collect::<Vec<_>>();
        shown.with(|it| it.as_ref().map(kinds)).unwrap_or_default()
    });
    let blocks = move || {
        let one = |(place, kind): (usize, Discriminant<Block>)| -> Item {
            // Another kind of block is another element.
            (format!("{place} {kind:?}"), Box::new(move || block(page, shown, place)))
        };
        kinds.get().into_iter().enumerate().map(one).collect()
    };
    each(blocks)
}

/// Draws a block that follows each of its pieces.
type Draw = fn(Page, Shown, usize) -> AnyView;

/// The block at a place.
fn block(page: Page, shown: Shown, place: usize) -> AnyView {
    let draw = shown.with_untracked(|it| match it.as_ref()?.blocks.get(place)? {
        Block::List(_) => Some(list::list as Draw),
        Block::Table(_) => Some(table::table as Draw),
        Block::Lamps(_) => Some(lamps::lamps as Draw),
        Block::Lanes(_) => Some(lanes::lanes as Draw),
        Block::Form(_) => Some(form::form as Draw),
        Block::Sentence(_)
        | Block::Facts(_)
        | Block::Bar(_)
        | Block::Curve(_)
        | Block::Cards(_)
        | Block::Graph(_)
        | Block::Picker(_)
        | Block::Buttons(_) => None,
    });
    match draw {
        Some(draw) => draw(page, shown, place),
        None => piece(
            shown,
            [place, 0],
            |it, [place, _]| it.blocks.get(place),
            move |it| whole(page, it),
        ),
    }
}

/// A block that is one piece.
fn whole(page: Page, block: &Block) -> AnyView {
    match block {
        Block::Sentence(sentence) => text::sentence(sentence),
        Block::Facts(facts) => text::facts(facts),
        Block::Bar(bar) => bar::bar(bar),
        Block::Curve(curve) => curve::curve(curve),
        Block::Cards(cards) => cards::cards(page, cards),
        Block::Graph(graph) => graph::graph(graph),
        Block::Picker(picker) => press::picker(page, picker),
        Block::Buttons(buttons) => press::buttons(page, buttons),
        Block::List(_) | Block::Table(_) | Block::Lamps(_) | Block::Lanes(_) | Block::Form(_) => {
            ().into_any()
        }
    }
}

/// The name by which tests find a block, where it has one.
const fn named(id: &'static str) -> Option<&'static str> {
    if id.is_empty() { None } else { Some(id) }
}

/// An attribute that is there only where it says something.
fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A share of a width.
fn percent(permille: u32) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

const fn boolean(is: bool) -> &'static str {
    if is { "true" } else { "false" }
}
