//! Documents on the page: one file draws one block, and none knows a protocol.
//!
//! A document is drawn anew only when it has changed, and then in place: its elements stay, so that focus, hover and scroll
//! do too.

mod bar;
mod cards;
mod curve;
mod graph;
mod lamps;
mod lanes;
mod list;
mod press;
mod sign;
mod table;
mod text;

use std::sync::Arc;

use engine::protocol::document::{Block, Document};
use engine::view::documents::{Look, documents};
use engine::view::inspector;
use engine::view::work;
use leptos::prelude::*;

pub use self::sign::icon;
use super::controls::{each, live};
use super::page::{Page, page};

/// All documents of the run, in the order in which the engine gives them.
#[component]
pub fn Documents() -> impl IntoView {
    let page = page();
    let all = Memo::new(move |_| {
        page.snapshot.track();
        let (selected, resolver) = (page.selected.get(), page.resolver.get());
        let all = page.with_player(|player| {
            let work = work::Look { selected, task: player.managers_task };
            Some(documents(player.run()?, &player.frame, Look { work, resolver }))
        });
        let all = all.flatten().unwrap_or_default();
        all.into_iter().map(Arc::new).collect::<Vec<_>>()
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
    let document = Memo::new(move |_| all.with(|all| all.iter().find(|it| it.id == id).cloned()));
    live(move || document.get().map(|document| section(page, &document)))
}

/// What is known of what is selected.
#[component]
pub fn Inspector() -> impl IntoView {
    let page = page();
    let document = Memo::new(move |_| {
        page.snapshot.track();
        // What an event changed is told when it can be looked at: not while time runs.
        let (target, compare) = (page.target.get(), !page.playing.get());
        let look = page.with_player(|player| {
            Some(inspector::document(player.run()?, &player.frame, target, compare))
        });
        look.flatten().unwrap_or_default()
    });
    live(move || document.with(|document| section(page, document)))
}

/// A document: its title, and its blocks.
pub fn section(page: Page, document: &Document) -> AnyView {
    let Document { id, title, hint, blocks } = document;
    let blocks = blocks.iter().map(|it| block(page, it)).collect_view();
    view! {
        <section class="panel document" data-testid=*id>
            <header>
                <h2>{title.clone()}</h2>
                <span class="quiet" data-testid=format!("{id}-hint")>{hint.clone()}</span>
            </header>
            {blocks}
        </section>
    }
    .into_any()
}

fn block(page: Page, block: &Block) -> AnyView {
    match block {
        Block::Sentence(sentence) => text::sentence(sentence),
        Block::Facts(facts) => text::facts(facts),
        Block::List(list) => list::list(page, list),
        Block::Bar(bar) => bar::bar(bar),
        Block::Lamps(lamps) => lamps::lamps(page, lamps),
        Block::Table(table) => table::table(page, table),
        Block::Curve(curve) => curve::curve(curve),
        Block::Lanes(lanes) => lanes::lanes(page, lanes),
        Block::Cards(cards) => cards::cards(page, cards),
        Block::Graph(graph) => graph::graph(graph),
        Block::Picker(picker) => press::picker(page, picker),
        Block::Buttons(buttons) => press::buttons(page, buttons),
    }
}

/// What tests find a block by, where it has a name.
fn named(id: &'static str) -> Option<&'static str> {
    (!id.is_empty()).then_some(id)
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
