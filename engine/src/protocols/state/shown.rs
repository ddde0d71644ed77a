//! Output of what a swarm keeps: its report, panels and faces, the names of its keys, and what a person can ask of an agent.

use std::sync::Arc;

use serde_json::json;

use super::holder::{State, SyncKind};
use super::note::StateNote;
use super::replica::KeyId;
use super::report::Report;
use super::section::StateSetup;
use super::standing::{parts, record, rules};
use super::version::StateVersion;
use super::{face, panel, report, why};
use crate::common::glyph::MessageGlyph;
use crate::common::shown::{
    Face, LastWord, Look, Offer, OfferPicture, Peek, Picture, Shown, Voting, places,
};
use crate::protocol::document::{Act, Document};
use crate::protocol::note::{Names, Thing};
use crate::sim::{AgentId, Event, Status, What};

/// Keys as they were at the start: their names, and the versions that agents held, each once.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub names: Arc<[Arc<str>]>,
    pub at_start: Arc<[Vec<StateVersion>]>,
}

impl Shown for State {
    type Known = Known;
    type Report = Report;
    type Details = ();

    const TITLE: Option<&'static str> = Some("State");
    const PROPERTIES: &'static [(&'static str, &'static str)] = &[
        ("one_value_per_version", "No version of a strong key ever has two values"),
        ("convergence", "In the end all who are up hold the same"),
    ];
    const LOG: Option<&'static str> = Some("State");
    const FOLLOWS: bool = true;
    const HAS_VALUES: bool = true;
    const ISOLATION: Option<(&'static str, &'static str)> =
        Some(("Take offline", "Bring back online"));

    fn learn(known: &mut Known, peek: &dyn Peek<Self>) {
        let Some(rules) = rules(peek).filter(|_| known.names.is_empty()) else { return };
        let keys = (0..).map(KeyId).zip(&rules.keys);
        known.names = keys.clone().map(|(_, rule)| rule.name.clone()).collect();
        known.at_start = keys.map(|(key, _)| versions(peek, key)).collect();
    }

    fn thing(
        _: &StateSetup,
        known: &Known,
        _: AgentId,
        Thing { sort, number, .. }: Thing,
        _: &dyn Names,
    ) -> Option<String> {
        let name = || known.names.get(number as usize).map_or("?", |name| name);
        (sort == "key").then(|| name().to_owned())
    }

    fn report(peek: &dyn Peek<Self>) -> Option<Report> {
        report::report(peek)
    }

    fn place(_: &dyn Peek<Self>) -> u8 {
        places::STATE
    }

    /// The subject of a vote is nothing to look at until something is written.
    fn documents(peek: &dyn Peek<Self>, look: &Look) -> Vec<Document> {
        panel::documents(peek, look, peek.voting() != Voting::Nothing)
    }

    fn whole(peek: &dyn Peek<Self>) -> Vec<Document> {
        panel::whole(peek)
    }

    fn key(_: &dyn Peek<Self>, _: &Look) -> Vec<(Picture, &'static str)> {
        vec![
            (Picture::Message(MessageGlyph::Delta), "delta"),
            (Picture::Message(MessageGlyph::FullState), "full state"),
        ]
    }

    fn faces(peek: &dyn Peek<Self>, look: &Look) -> Vec<Option<Face>> {
        face::faces(peek, look)
    }

    fn acts(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<Offer> {
        let is_up = |it: &_| matches!(it, Status::Up);
        let part = peek.agent(agent).filter(|part| is_up(&part.status) && part.machine.is_some());
        let offer = |id, picture, label: &str, kind: SyncKind| Offer {
            id,
            picture,
            label: label.to_owned(),
            act: Act::new(
                "sync",
                &json!({ "agent": peek.names().agent(agent), "kind": kind.name() }),
            ),
        };
        let offers = || {
            vec![
                offer("sync-delta", OfferPicture::Delta, "Sync by delta", SyncKind::Delta),
                offer("sync-full", OfferPicture::Full, "Sync in full", SyncKind::Full),
            ]
        };
        part.map_or_else(Vec::new, |_| offers())
    }

    fn explain(peek: &dyn Peek<Self>, event: &Event<StateNote>) -> Vec<String> {
        let merged = match event.what {
            What::Note(StateNote::Merged { key, from, applied }) => {
                why::merged(peek, event, (key, from), applied)
            }
            _ => None,
        };
        merged.unwrap_or_default()
    }

    fn last_word(peek: &dyn Peek<Self>, look: &Look) -> Option<LastWord> {
        panel::last_word(peek, look).map(|text| LastWord { text, time_us: None })
    }
}

/// The versions of a key that agents hold, each clock once.
fn versions(peek: &dyn Peek<State>, key: KeyId) -> Vec<StateVersion> {
    let mut versions: Vec<StateVersion> = Vec::new();
    for (_, part) in parts(peek) {
        for head in record(&part, key).iter().flat_map(|record| &record.heads) {
            if !versions.iter().any(|it| it.clock == head.clock) {
                versions.push(head.clone());
            }
        }
    }
    versions
}

#[cfg(test)]
mod tests;
