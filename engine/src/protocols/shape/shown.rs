//! Output: the report, and how an agent looks.

use serde::Serialize;
use serde_json::json;

use super::note::ShapeNote;
use super::panel::{decider, documents, in_force, told};
use super::rule::{Measured, word};
use super::watch::SeenSwitch;
use super::{Epoch, Shape};
use crate::common::figure::span;
use crate::common::glyph::MessageGlyph;
use crate::common::shown::{
    Face, LastWord, Look, Offer, OfferPicture, Peek, Picture, Shown, has_words,
};
use crate::common::topology::TopologyKind::{self, Hierarchical, Mesh, Ring, Star};
use crate::protocol::document::{Act, Document};
use crate::protocol::words::counted;
use crate::sim::{AgentId, Event, What};

/// Its part of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub shape: ShapeReport,
}

/// The outcome of all switches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShapeReport {
    pub decider: String,
    pub in_force: TopologyKind,
    /// The last measurement; `null` before the first.
    pub measured: Option<Measured>,
    pub switches: Vec<SwitchReport>,
}

/// One switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SwitchReport {
    pub number: Epoch,
    pub from: TopologyKind,
    pub to: TopologyKind,
    pub why: String,
    pub began_at_us: u64,
    /// When it was carried through or undone; `null` while it is under way.
    pub ended_at_us: Option<u64>,
    pub carried_through: bool,
}

impl Shown for Shape {
    type Known = ();
    type Report = Report;
    type Details = ();

    const TITLE: Option<&'static str> = Some("Shape");
    const LOG: Option<&'static str> = Some("Shape");
    const FOLLOWS: bool = true;
    const PROPERTIES: &'static [(&'static str, &'static str)] = &[
        ("one_shape_per_switch", "All who confirm a switch confirm the same shape"),
        ("no_older_shape", "Nobody goes back to a switch before one it has confirmed"),
        ("switch_ends", "Every switch is carried through or undone"),
        ("shape_agreed", "Everyone who is up has confirmed the last switch"),
        ("shape_changes", "A switch is carried through"),
    ];

    fn report(peek: &dyn Peek<Self>) -> Option<Report> {
        let switch = |it: &SeenSwitch| SwitchReport {
            number: it.epoch,
            from: it.from,
            to: it.to,
            why: it.why.words(),
            began_at_us: it.began_us,
            ended_at_us: it.ended.map(|(_, at_us, _)| at_us),
            carried_through: it.ended.is_some_and(|(.., is_done)| is_done),
        };
        let shape = ShapeReport {
            decider: peek.names().agent(peek.setup().rules.decider).to_owned(),
            in_force: in_force(peek),
            measured: peek.watch().course.last().map(|(_, measured)| *measured),
            switches: peek.watch().switches.iter().map(switch).collect(),
        };
        Some(Report { shape })
    }

    fn documents(peek: &dyn Peek<Self>, _: &Look) -> Vec<Document> {
        documents(peek)
    }

    fn key(_: &dyn Peek<Self>, _: &Look) -> Vec<(Picture, &'static str)> {
        vec![
            (Picture::Level, "its load, of the most that one agent may carry"),
            (Picture::Message(MessageGlyph::Proposal), "plan of a switch"),
            (Picture::Message(MessageGlyph::Report), "promise"),
            (Picture::Message(MessageGlyph::Call), "go-ahead"),
            (Picture::Message(MessageGlyph::Rumour), "remark"),
        ]
    }

    fn faces(peek: &dyn Peek<Self>, look: &Look) -> Vec<Option<Face>> {
        let limits = peek.setup().rules.limits;
        let of_decider = decider(peek);
        let face = |agent: AgentId| {
            peek.agent(agent).filter(|part| !part.is_down())?;
            let load = of_decider.and_then(|it| it.seen.get(&agent)).map_or(0, |seen| seen.load);
            let permille = u64::from(load) * 1_000 / u64::from(limits.load_max.max(1));
            let words = || match agent == peek.setup().rules.decider {
                true => format!("decides, {load}/s"),
                false => format!("{load}/s"),
            };
            Some(Face {
                level_permille: Some(u16::try_from(permille).unwrap_or(1_000).min(1_000)),
                second: if has_words(peek, look, agent) { words() } else { String::new() },
                ..Face::default()
            })
        };
        (0..peek.agents()).map(AgentId).map(face).collect()
    }

    fn inspect(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        let Some(books) = peek.agent(agent).and_then(|part| part.durable) else {
            return Vec::new();
        };
        let stand = books.stand;
        let mut lines = vec![format!("{}, switch {}", word(books.shape), stand.confirmed)];
        if stand.promised > 0 {
            lines.push(format!("has promised switch {}", stand.promised));
        }
        let mut rows = vec![("Shape", lines)];
        if let Some(seen) = decider(peek).and_then(|it| it.seen.get(&agent)) {
            rows.push(("Load", vec![format!("{} a second, {} its own", seen.load, seen.sent)]));
        }
        if let Some(wanted) = decider(peek).and_then(|it| it.wanted)
            && agent == peek.setup().rules.decider
        {
            let of = peek.setup().rules.hold;
            rows.push(("Suits", vec![format!("{}, {} of {of} times", word(wanted.0), wanted.1)]));
        }
        rows
    }

    fn acts(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<Offer> {
        let part = peek.agent(agent).filter(|part| !part.is_down());
        let Some(ledger) = part.and_then(|it| it.durable).and_then(|it| it.ledger.as_ref()) else {
            return Vec::new();
        };
        let offer = |id, label: String, to: &str| {
            let act = Act::new("reshape", &json!({ "to": to }));
            Offer { id, picture: OfferPicture::Ask, label, act }
        };
        let all = [(Mesh, "mesh"), (Star, "star"), (Hierarchical, "hierarchical"), (Ring, "ring")];
        let others = all.into_iter().filter(|(kind, _)| *kind != ledger.shape);
        let reshape = |(kind, to)| offer("shape-to", format!("Make it a {}", word(kind)), to);
        let adapt = || offer("shape-adapt", "Let it adapt again".to_owned(), "adaptive");
        others.map(reshape).chain(ledger.wish.map(|_| adapt())).collect()
    }

    /// The measurement that a switch rests on, and the thresholds.
    fn explain(peek: &dyn Peek<Self>, event: &Event<ShapeNote>) -> Vec<String> {
        let What::Note(ShapeNote::Begins { epoch, .. }) = event.what else { return Vec::new() };
        let seen = peek.watch().switches.iter().find(|it| it.epoch == epoch);
        let Some(seen) = seen else { return Vec::new() };
        let rules = &peek.setup().rules;
        let limits = rules.limits;
        vec![
            format!("Measured: {}.", told(&seen.measured)),
            format!(
                "The busiest agent put {} on links in a second.",
                counted(seen.measured.load as usize, "message")
            ),
            format!(
                "At most {} agents in a mesh, {} messages a second in a star, {} in a hierarchy, {} in a ring.",
                limits.mesh_max,
                limits.load_max,
                limits.tree_max(),
                span(limits.detour_max_us),
            ),
            format!(
                "A shape is left {} % above its limit, after {} in a row.",
                limits.band_percent,
                counted(rules.hold as usize, "measurement")
            ),
        ]
    }

    fn ends(peek: &dyn Peek<Self>) -> usize {
        peek.watch().switches.iter().filter(|it| it.ended.is_some()).count()
    }

    fn last_word(peek: &dyn Peek<Self>, _: &Look) -> Option<LastWord> {
        let done = |it: &&SeenSwitch| it.ended.is_some_and(|(.., is_done)| is_done);
        let switches = &peek.watch().switches;
        let last = switches.iter().rev().find(done)?;
        let count = switches.iter().filter(done).count();
        let text = format!("{} after {}", word(last.to), counted(count, "change"));
        Some(LastWord { text, time_us: last.ended.map(|(_, at_us, _)| at_us) })
    }
}
