//! How a scenario comes to run a protocol from outside.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Foreign, ForeignDurable, ForeignOrder, ForeignProtocol, ForeignWatch};
use crate::common::glyph::MessageGlyph;
use crate::common::room::{Brief, Entrant, Members, Planning, Room};
use crate::common::shown::{Look, Peek, Picture, Shown};
use crate::protocol::document::{Align, Cell, Column, Document, Row, Table};
use crate::protocol::note::{Names, Thing};
use crate::protocol::problem::Problem;
use crate::sim::AgentId;

/// A protocol from outside. `scenario.rooms.foreign = Some(setup.of(&scenario))` makes every member of a scenario run it.
pub struct ForeignSetup {
    pub vocabulary: Vocabulary,
    /// Makes the machine of an agent, at the start and after a crash.
    pub agents: Box<dyn Fn(AgentId) -> Box<dyn ForeignProtocol> + Send + Sync>,
    /// Its properties; `None` where nothing is watched.
    pub watch: Option<Box<dyn ForeignWatch>>,
}

/// A protocol from outside, and who runs it.
#[derive(Clone, Debug)]
pub struct ForeignCast {
    pub setup: Arc<ForeignSetup>,
    pub members: u32,
}

impl ForeignSetup {
    /// Run by all members of this scenario, and by who joins later.
    #[must_use]
    pub fn of(self, scenario: &dyn Members) -> ForeignCast {
        ForeignCast { setup: Arc::new(self), members: scenario.count() }
    }
}

/// The words of a protocol, by number.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The kinds of its messages.
    pub kinds: Vec<String>,
    /// The sentences of its notes, after the name of the agent and without the full stop; `{}` stands for the number.
    pub sentences: Vec<String>,
}

impl fmt::Debug for ForeignSetup {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("ForeignSetup")
            .field("vocabulary", &self.vocabulary)
            .finish_non_exhaustive()
    }
}

/// There is no section of a file for it: code does not come in files.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ForeignFile {}

impl<'de> Deserialize<'de> for ForeignFile {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("a protocol from outside comes from Rust, not from a file"))
    }
}

/// An act of a person or the scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ForeignAct {
    /// The agent is told this, which its protocol reads.
    Tell { agent: String, text: String },
}

/// Its part of the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub foreign: ForeignReport,
}

/// The messages of a protocol from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ForeignReport {
    /// Messages sent, by the kinds of its vocabulary.
    pub messages: BTreeMap<String, u64>,
}

impl Room for Foreign {
    type File = ForeignFile;
    type Agent = ();
    type Act = ForeignAct;
    type Memory = ();

    fn check(brief: &Brief<'_, Self>) -> Result<ForeignCast, Problem> {
        match *brief.file {}
    }

    fn durable(
        cast: &ForeignCast,
        entrant: &Entrant<'_, Self>,
        _: &dyn Members,
    ) -> Option<ForeignDurable> {
        entrant.member.map(|_| ForeignDurable::new(cast))
    }

    fn plan(
        _: &ForeignCast,
        ForeignAct::Tell { agent, text }: &ForeignAct,
        planning: &mut Planning<'_, ()>,
    ) -> Result<Vec<(AgentId, ForeignOrder)>, Problem> {
        let agent = planning.cast.member("tell.agent", agent)?;
        Ok(vec![(agent, ForeignOrder(text.as_str().into()))])
    }

    fn label(ForeignAct::Tell { agent, text }: &ForeignAct) -> String {
        format!("tell {agent} {text}")
    }
}

impl Shown for Foreign {
    type Known = ();
    type Report = Report;
    type Details = ();

    const TITLE: Option<&'static str> = Some("Messages");

    fn thing(
        cast: &ForeignCast,
        (): &(),
        _: AgentId,
        thing: Thing,
        _: &dyn Names,
    ) -> Option<String> {
        let Thing { sort: "foreign", number, inner } = thing else { return None };
        let sentence = cast.setup.vocabulary.sentences.get(number as usize);
        Some(match sentence {
            Some(sentence) => sentence.replace("{}", &inner.to_string()),
            None => format!("notes {inner}"),
        })
    }

    fn report(peek: &dyn Peek<Self>) -> Option<Report> {
        let kinds = &peek.setup().setup.vocabulary.kinds;
        let name = |kind: usize| kinds.get(kind).cloned().unwrap_or_else(|| format!("kind {kind}"));
        let sent = peek.watch().sent.iter().enumerate().filter(|(_, sent)| **sent > 0);
        let messages = sent.map(|(kind, sent)| (name(kind), *sent)).collect();
        Some(Report { foreign: ForeignReport { messages } })
    }

    fn key(_: &dyn Peek<Self>, _: &Look) -> Vec<(Picture, &'static str)> {
        vec![(Picture::Message(MessageGlyph::Call), "message")]
    }

    fn documents(peek: &dyn Peek<Self>, _: &Look) -> Vec<Document> {
        let report = Self::report(peek).unwrap_or_default().foreign.messages.into_iter();
        let row = |(kind, sent): (String, u64)| {
            Row::new(Cell::text(kind), [Cell::text(sent.to_string())])
        };
        let table = Table {
            id: "foreign-messages",
            columns: vec![Column::new("kind", Align::Start), Column::new("sent", Align::End)],
            rows: report.map(row).collect(),
            ..Table::default()
        };
        vec![Document::new("foreign", "Messages").block(table)]
    }
}
