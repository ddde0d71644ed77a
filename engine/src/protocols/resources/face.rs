//! An agent on the stage: how much it has of what it wants, and in a word what it does.

use super::Resources;
use super::demand::Demand;
use super::taker::Taker;
use crate::common::shown::{Face, Look, Peek, has_words};
use crate::protocol::words::counted;
use crate::sim::AgentId;

pub(super) fn faces(peek: &dyn Peek<Resources>, look: &Look) -> Vec<Option<Face>> {
    (0..peek.agents()).map(AgentId).map(|agent| face(peek, look, agent)).collect()
}

/// Nothing of an agent that is down.
fn face(peek: &dyn Peek<Resources>, look: &Look, agent: AgentId) -> Option<Face> {
    let part = peek.agent(agent).filter(|part| !part.is_down())?;
    let has_words = has_words(peek, look, agent);
    let words = |words: &dyn Fn() -> String| if has_words { words() } else { String::new() };
    match part.machine? {
        Resources::Keeper(keeper) => {
            let waiting = keeper.books.claims.iter().filter(|(_, claim)| claim.waits()).count();
            let second = words(&|| match waiting {
                0 => "keeper".to_owned(),
                _ => format!("keeper, {waiting} waiting"),
            });
            Some(Face { second, ..Face::default() })
        }
        Resources::Taker(taker) => {
            let demand = taker.plans.current().map(|open| &*open.demand);
            Some(Face {
                level_permille: demand.map(|demand| level_permille(taker, demand)),
                second: words(&|| doing(peek, taker)),
                ..Face::default()
            })
        }
    }
}

/// How much it has of all that its demand takes.
fn level_permille(taker: &Taker, demand: &Demand) -> u16 {
    let got = taker.course.iter().flat_map(|course| &course.got);
    let held: u64 = got.map(|got| u64::from(got.amount)).sum();
    u16::try_from(held * 1_000 / demand.whole().max(1)).unwrap_or(1_000).min(1_000)
}

/// "waits for 1 disk", "holds 2 gpu", "idle".
pub(super) fn doing(peek: &dyn Peek<Resources>, taker: &Taker) -> String {
    let stock = &peek.setup().rules.stock;
    let amount = |amount: u32, resource: u16| {
        let name = stock.get(usize::from(resource)).map_or("", |it| &*it.name);
        format!("{amount} {name}")
    };
    let Some(course) = &taker.course else {
        let open = taker.plans.open.len();
        return if open == 0 { "idle".to_owned() } else { "pauses".to_owned() };
    };
    if let Some(ask) = &course.ask {
        return format!("waits for {}", amount(ask.take.amount, ask.take.resource));
    }
    let held: Vec<String> = course.got.iter().map(|it| amount(it.amount, it.resource)).collect();
    match held.len() {
        0 => "pauses".to_owned(),
        1..=2 => format!("holds {}", held.join(", ")),
        count => format!("holds {}", counted(count, "resource")),
    }
}
