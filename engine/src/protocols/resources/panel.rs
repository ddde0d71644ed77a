//! The documents: what is lent to whom, who waits, and for whom.

mod graph;

use super::books::{Books, Claim, ClaimId};
use super::report::{DemandFate, utilisation_permille};
use super::stock::Resource;
use super::watch::SeenDemand;
use super::{Resources, ResourcesDurable};
use crate::common::figure::span;
use crate::common::shown::Peek;
use crate::protocol::document::{
    Align, Cell, Column, Curve, Document, Part, Row, Series, Table, Texture, Tick, Tint, TrackBar,
    Weight,
};
use crate::sim::{AgentId, LocalTime};

/// So many demands are listed: the newest.
const DEMANDS_MAX: usize = 12;
/// So many that wait are listed.
const WAITING_MAX: usize = 12;
/// So many resources have a line in the curve.
const SERIES_MAX: usize = 3;

/// The durable books, and the time on the keeper's clock.
fn books(peek: &dyn Peek<Resources>) -> Option<(&Books, LocalTime)> {
    let part = peek.agent(peek.setup().rules.keeper)?;
    let books = part.durable.and_then(ResourcesDurable::books)?;
    Some((books, part.clock.local(peek.now_us())))
}

pub(super) fn documents(peek: &dyn Peek<Resources>) -> Vec<Document> {
    let Some((books, now_us)) = books(peek) else { return Vec::new() };
    let document = Document::new("resources", "Resources")
        .hint(format!("as {} lends them", peek.names().agent(peek.setup().rules.keeper)))
        .block(stock(peek, books))
        .block_if(waiting(peek, books, now_us))
        .block_if(curve(peek));
    let mut documents = vec![document];
    documents.extend(graph::document(peek, books, now_us));
    documents.extend(demands(peek));
    documents
}

/// Each resource with a bar: who holds how much, and how much is free.
fn stock(peek: &dyn Peek<Resources>, books: &Books) -> Table {
    let row = |(resource, own): (u16, &Resource)| {
        let permille = |amount: u64| (amount * 1_000 / u64::from(own.capacity.max(1))) as u32;
        let mut shares: Vec<(AgentId, u64)> = Vec::new();
        for ((agent, _), claim) in books.holding(resource) {
            match shares.iter_mut().find(|(it, _)| *it == agent) {
                Some((_, amount)) => *amount += u64::from(claim.amount),
                None => shares.push((agent, claim.amount.into())),
            }
        }
        let said =
            |(agent, amount): &(AgentId, u64)| format!("{} {amount}", peek.names().agent(*agent));
        let part = |it: &(AgentId, u64)| Part {
            permille: permille(it.1),
            tint: Tint::Accent,
            texture: Texture::Solid,
            label: String::new(),
        };
        let free = books.free(resource);
        let mut parts: Vec<Part> = shares.iter().map(part).collect();
        if free > 0 {
            parts.push(Part {
                permille: permille(free),
                tint: Tint::Plain,
                texture: Texture::Dotted,
                label: String::new(),
            });
        }
        let holders: Vec<String> = shares.iter().map(said).collect();
        let figures = &peek.watch().figures[usize::from(resource)];
        let used = utilisation_permille(figures, own.capacity, peek.now_us()) / 10;
        let head = Cell { second: own.kind.words().to_owned(), ..Cell::text(&*own.name) };
        let cells = [
            Cell::text(format!("{} of {}", books.granted(resource), own.capacity)),
            Cell::text(format!("{used} %")),
            Cell::text(if holders.is_empty() { "nobody".to_owned() } else { holders.join(", ") }),
        ];
        let bar = Some(TrackBar { parts, limit_permille: None, is_track: true });
        Row { bar, ..Row::new(head, cells) }
    };
    Table {
        id: "resources-stock",
        caption: "Every resource, how much of it is lent, and to whom",
        columns: vec![
            Column::new("resource", Align::Start),
            Column::new("lent", Align::End),
            Column::new("in use", Align::End),
            Column::new("held by", Align::Start),
        ],
        rows: peek.setup().rules.resources().map(row).collect(),
        ..Table::default()
    }
}

/// Who waits, for each resource in the order in which they are served.
fn waiting(peek: &dyn Peek<Resources>, books: &Books, now_us: LocalTime) -> Option<Table> {
    let resources = peek.setup().rules.resources();
    let queue = resources.flat_map(|(resource, own)| {
        books.queue(resource, now_us).into_iter().map(move |it| (own, it))
    });
    let queue: Vec<(&Resource, (ClaimId, Claim))> = queue.collect();
    let row = |(own, ((agent, _), claim)): &(&Resource, (ClaimId, Claim))| {
        let name = Cell::text(peek.names().agent(*agent)).weight(Weight::Strong);
        let cells = [
            Cell::text(format!("{} {}", claim.amount, own.name)),
            Cell::text(span(now_us.since(claim.asked_us))),
            Cell::text(books.priority(claim, now_us).to_string()),
        ];
        Row::new(name, cells)
    };
    let more = queue.len().saturating_sub(WAITING_MAX);
    (!queue.is_empty()).then(|| Table {
        id: "resources-waiting",
        caption: "Those who wait, in the order in which they are served",
        columns: vec![
            Column::new("waits", Align::Start),
            Column::new("for", Align::Start),
            Column::new("since", Align::End),
            Column::new("priority", Align::End),
        ],
        rows: queue.iter().take(WAITING_MAX).map(row).collect(),
        more: if more > 0 { format!("and {more} more") } else { String::new() },
        ..Table::default()
    })
}

/// The share that is lent of each resource with several units over time; nothing before the first grant.
fn curve(peek: &dyn Peek<Resources>) -> Option<Curve> {
    let (figures, now_us) = (&peek.watch().figures, peek.now_us());
    let now_ms = u32::try_from(now_us / 1_000).unwrap_or(u32::MAX).max(1);
    let line = |((_, own), it): ((u16, &Resource), &super::watch::Figures)| {
        let permille = |granted: u64| (granted * 1_000 / u64::from(own.capacity.max(1))) as u32;
        let milliseconds = |us: u64| u32::try_from(us / 1_000).unwrap_or(u32::MAX);
        let points = it.course.iter().map(|(us, granted)| (milliseconds(*us), permille(*granted)));
        let end = it.course.last().map(|(_, granted)| (now_ms, permille(*granted)));
        Series {
            name: own.name.to_string(),
            points: std::iter::once((0, 0)).chain(points).chain(end).collect(),
            tint: Tint::Accent,
            is_stepped: true,
            ..Series::default()
        }
    };
    let resources = peek.setup().rules.resources().zip(figures);
    let used = resources.filter(|((_, own), it)| own.capacity > 1 && !it.course.is_empty());
    let series: Vec<Series> = used.take(SERIES_MAX).map(line).collect();
    let tick = |at: u32, text: String| Tick { at, text };
    (!series.is_empty()).then(|| Curve {
        id: "resources-lent",
        said: format!("The share that is lent over {}", span(now_us)),
        x_max: now_ms,
        y_max: 1_000,
        x_ticks: vec![tick(0, "0".to_owned()), tick(now_ms, span(now_us))],
        y_ticks: [0, 500, 1_000].map(|at| tick(at, (at / 10).to_string())).into(),
        series,
        ..Curve::default()
    })
}

/// The newest demands, and how far they have come.
fn demands(peek: &dyn Peek<Resources>) -> Option<Document> {
    let seen = &peek.watch().demands;
    let more = seen.len().saturating_sub(DEMANDS_MAX);
    let row = |it: &SeenDemand| {
        let name = Cell::text(peek.names().agent(it.agent)).weight(Weight::Strong);
        let fate = DemandFate::of(it);
        let took_us = it.has_all.map(|(_, at_us)| at_us - it.came_us);
        let cells = [
            Cell::text((it.number + 1).to_string()),
            Cell::text(took_us.map_or_else(|| "–".to_owned(), span)),
            Cell::text(fate.words()),
        ];
        Row::new(name, cells)
    };
    let table = Table {
        id: "resources-demands",
        caption: "Demands, how long each took to have everything, and its fate",
        columns: vec![
            Column::new("agent", Align::Start),
            Column::new("demand", Align::End),
            Column::new("had all after", Align::End),
            Column::new("fate", Align::Start),
        ],
        rows: seen.iter().rev().take(DEMANDS_MAX).map(row).collect(),
        more: if more > 0 { format!("and {more} before") } else { String::new() },
        ..Table::default()
    };
    (!seen.is_empty()).then(|| Document::new("resource-demands", "Demands").block(table))
}
