//! Output of the protocol.

use super::boards::coordinators;
use super::known::Known;
use super::metrics::Metrics;
use super::note::WorkNote;
use super::report::Report;
use super::role::Work;
use super::section::check::WorkSetup;
use super::{acts, caption, face, inspect, panel, why};
use crate::common::glyph::MessageGlyph;
use crate::common::measure::Measure;
use crate::common::shown::{Face, LastWord, Look, Offer, Peek, Picture, Shown, places};
use crate::protocol::document::Document;
use crate::protocol::note::{Names, Thing};
use crate::sim::{AgentId, Event};

impl Shown for Work {
    type Known = Known;
    type Report = Report;
    type Details = ();

    const TITLE: Option<&'static str> = Some("Work");
    const PROPERTIES: &'static [(&'static str, &'static str)] = &[
        ("every_task_ends", "Every task that came in is done, or has failed for a reason"),
        ("results_count_once", "No part is done twice, and no task ends twice"),
        ("limit_is_kept", "No more tasks run at once than the limit says"),
        ("reputation_adds_up", "Every reputation is what its agent’s outcomes come to"),
    ];
    const LOG: Option<&'static str> = Some("Work");
    const IS_COORDINATED: bool = true;

    fn learn(known: &mut Known, peek: &dyn Peek<Self>) {
        known.learn(peek);
    }

    fn thing(
        _: &WorkSetup,
        known: &Known,
        speaker: AgentId,
        thing: Thing,
        _: &dyn Names,
    ) -> Option<String> {
        known.thing(speaker, thing)
    }

    fn report(peek: &dyn Peek<Self>) -> Option<Report> {
        Report::new(peek)
    }

    fn place(_: &dyn Peek<Self>) -> u8 {
        places::WORK
    }

    fn documents(peek: &dyn Peek<Self>, look: &Look) -> Vec<Document> {
        panel::documents(peek, look)
    }

    fn whole(peek: &dyn Peek<Self>) -> Vec<Document> {
        panel::whole(peek)
    }

    fn key(_: &dyn Peek<Self>, _: &Look) -> Vec<(Picture, &'static str)> {
        vec![
            (Picture::Progress, "progress"),
            (Picture::Result, "result"),
            (Picture::Level, "load"),
            (Picture::Message(MessageGlyph::Report), "bid, report"),
            (Picture::Message(MessageGlyph::Call), "task"),
            (Picture::Reputation, "reputation"),
        ]
    }

    fn faces(peek: &dyn Peek<Self>, look: &Look) -> Vec<Option<Face>> {
        face::faces(peek, look)
    }

    fn inspect(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        inspect::inspect(peek, agent)
    }

    fn headline(peek: &dyn Peek<Self>, agent: AgentId) -> Option<String> {
        inspect::headline(peek, agent)
    }

    fn acts(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<Offer> {
        acts::acts(peek, agent)
    }

    fn explain(peek: &dyn Peek<Self>, event: &Event<WorkNote>) -> Vec<String> {
        why::explain(peek, event).unwrap_or_default()
    }

    fn caption(peek: &dyn Peek<Self>, event: &Event<WorkNote>) -> Option<String> {
        caption::caption(peek, event)
    }

    fn last_word(peek: &dyn Peek<Self>, _: &Look) -> Option<LastWord> {
        caption::last_word(peek)
    }

    fn measures(peek: &dyn Peek<Self>) -> Vec<Measure> {
        Metrics::new(peek).map_or_else(Vec::new, |metrics| metrics.measures())
    }

    fn ends(peek: &dyn Peek<Self>) -> usize {
        coordinators(peek).map_or(0, |it| it.board.jobs.len())
    }
}
