//! Output of the protocol.

use serde_json::json;

use super::check::ResourcesSetup;
use super::report::Report;
use super::taker::Taker;
use super::{Resources, face, panel, report};
use crate::common::glyph::MessageGlyph;
use crate::common::shown::{Face, LastWord, Look, Offer, OfferPicture, Peek, Picture, Shown};
use crate::protocol::document::{Act, Document};
use crate::protocol::note::{Names, Thing};
use crate::protocol::words::counted;
use crate::sim::AgentId;

/// Buttons for so many resources stand at an agent.
const OFFERS_MAX: usize = 4;

impl Shown for Resources {
    type Known = ();
    type Report = Report;
    type Details = ();

    const TITLE: Option<&'static str> = Some("Resources");
    const LOG: Option<&'static str> = Some("Resources");
    const PROPERTIES: &'static [(&'static str, &'static str)] = &[
        ("never_over_capacity", "The keeper’s books never lend more than there is"),
        ("use_within_capacity", "Agents never use more than there is at the same time"),
        ("fencing_rises", "Each grant of a resource has a higher number than those before"),
        ("every_request_served", "Every demand gets all it asks for, or is given up with a reason"),
        ("no_deadlock", "Where requests are ordered, nobody waits for itself"),
    ];

    fn thing(
        setup: &ResourcesSetup,
        (): &(),
        _: AgentId,
        Thing { sort, number, .. }: Thing,
        _: &dyn Names,
    ) -> Option<String> {
        match sort {
            "resource" => Some(setup.rules.stock.get(number as usize)?.name.to_string()),
            "demand" => Some(format!("demand {}", number + 1)),
            _ => None,
        }
    }

    fn report(peek: &dyn Peek<Self>) -> Option<Report> {
        Some(report::report(peek))
    }

    fn documents(peek: &dyn Peek<Self>, _: &Look) -> Vec<Document> {
        panel::documents(peek)
    }

    fn key(_: &dyn Peek<Self>, _: &Look) -> Vec<(Picture, &'static str)> {
        vec![
            (Picture::Level, "how much it has of what it wants"),
            (Picture::Message(MessageGlyph::Question), "request"),
            (Picture::Message(MessageGlyph::Call), "grant"),
            (Picture::Message(MessageGlyph::Result), "return"),
            (Picture::Message(MessageGlyph::Rumour), "probe"),
        ]
    }

    fn faces(peek: &dyn Peek<Self>, look: &Look) -> Vec<Option<Face>> {
        face::faces(peek, look)
    }

    fn inspect(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        inspect(peek, agent)
    }

    fn acts(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<Offer> {
        acts(peek, agent)
    }

    fn last_word(peek: &dyn Peek<Self>, _: &Look) -> Option<LastWord> {
        last_word(peek)
    }
}

/// Asks for a unit of each resource, and gives back all that it holds of one.
fn acts(peek: &dyn Peek<Resources>, agent: AgentId) -> Vec<Offer> {
    let part = peek.agent(agent).filter(|part| !part.is_down());
    let Some(taker) = part.and_then(|part| part.machine).and_then(Resources::taker) else {
        return Vec::new();
    };
    let name = peek.names().agent(agent);
    let mut offers = Vec::new();
    for (resource, own) in peek.setup().rules.resources().take(OFFERS_MAX) {
        let of = &*own.name;
        offers.push(match taker.held(resource) {
            0 => Offer {
                id: "resource-request",
                picture: OfferPicture::Ask,
                label: format!("Ask for 1 {of}"),
                act: Act::new(
                    "request_resource",
                    &json!({ "agent": name, "resource": of, "amount": 1 }),
                ),
            },
            amount => Offer {
                id: "resource-release",
                picture: OfferPicture::Leave,
                label: format!("Give back {amount} {of}"),
                act: Act::new(
                    "release_resource",
                    &json!({ "agent": name, "resource": of, "amount": amount }),
                ),
            },
        });
    }
    offers
}

fn inspect(peek: &dyn Peek<Resources>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
    let Some(part) = peek.agent(agent) else { return Vec::new() };
    match part.machine {
        Some(Resources::Taker(taker)) => vec![
            ("Now", vec![face::doing(peek, taker)]),
            ("Holds", holds(peek, taker)),
            (
                "Demands",
                vec![format!("{} to do, {} in all", taker.plans.open.len(), taker.plans.came)],
            ),
        ],
        Some(Resources::Keeper(keeper)) => {
            let line = |(resource, own): (u16, &super::stock::Resource)| {
                let granted = keeper.books.granted(resource);
                format!("{}: {granted} of {} lent", own.name, own.capacity)
            };
            vec![("Stock", peek.setup().rules.resources().map(line).collect())]
        }
        None => Vec::new(),
    }
}

/// "2 gpu, grant 7, until 1.950 by its clock".
fn holds(peek: &dyn Peek<Resources>, taker: &Taker) -> Vec<String> {
    let stock = &peek.setup().rules.stock;
    let got = taker.course.iter().flat_map(|course| &course.got);
    got.map(|got| {
        let name = stock.get(usize::from(got.resource)).map_or("", |it| &*it.name);
        let until = crate::common::figure::local_seconds(got.until_us);
        format!("{} {name}, grant {}, until {until} by its clock", got.amount, got.number)
    })
    .collect()
}

fn last_word(peek: &dyn Peek<Resources>) -> Option<LastWord> {
    let watch = peek.watch();
    let all = watch.demands.len();
    if all == 0 {
        return None;
    }
    let served = watch.demands.iter().filter(|it| it.has_all.is_some()).count();
    let waiting = all
        - served
        - watch.demands.iter().filter(|it| it.gave_up.is_some() && it.has_all.is_none()).count();
    let deadlocks = match watch.deadlocks.len() {
        0 => String::new(),
        count => format!(", {} found", counted(count, "deadlock")),
    };
    let text = match waiting {
        0 => format!("{served} of {} served{deadlocks}", counted(all, "demand")),
        _ => format!(
            "{served} of {} served, {waiting} still waiting{deadlocks}",
            counted(all, "demand")
        ),
    };
    let time_us = watch.demands.iter().filter_map(|it| it.has_all.map(|(_, at_us)| at_us)).max();
    Some(LastWord { text, time_us: time_us.filter(|_| waiting == 0) })
}
