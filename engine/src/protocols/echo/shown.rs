//! Output: the report, the documents, and how an agent looks.

use serde::Serialize;
use serde_json::json;

use super::scenario::EchoSetup;
use super::watch::WatchedQuestion;
use super::{Echo, Question};
use crate::common::glyph::MessageGlyph;
use crate::common::shown::{
    Face, FaceRing, Look, Offer, OfferPicture, Peek, Picture, Shown, WORDS_MAX, has_words,
};
use crate::protocol::document::{
    Act, Align, Cell, Column, Curve, Document, Row, Series, Table, Tick, Tint, Weight,
};
use crate::protocol::note::{Names, Thing};
use crate::protocol::words::counted;
use crate::sim::AgentId;

impl Shown for Echo {
    type Known = ();
    type Report = Report;
    type Details = ();

    const TITLE: Option<&'static str> = Some("Echo");
    const HAS_VALUES: bool = true;
    const LOG: Option<&'static str> = Some("Questions");

    const PROPERTIES: &'static [(&'static str, &'static str)] =
        &[("every_question_answered", "Everyone answers every question")];

    fn thing(
        _: &EchoSetup,
        (): &(),
        _: AgentId,
        Thing { sort, number, .. }: Thing,
        _: &dyn Names,
    ) -> Option<String> {
        (sort == "echo").then(|| format!("question {}", number + 1))
    }

    fn report(peek: &dyn Peek<Self>) -> Option<Report> {
        Some(Report { echo: report(peek) })
    }

    fn key(_: &dyn Peek<Self>, _: &Look) -> Vec<(Picture, &'static str)> {
        vec![
            (Picture::Message(MessageGlyph::Question), "inquiry"),
            (Picture::Message(MessageGlyph::Result), "echo"),
        ]
    }

    fn documents(peek: &dyn Peek<Self>, _: &Look) -> Vec<Document> {
        documents(peek)
    }

    fn faces(peek: &dyn Peek<Self>, look: &Look) -> Vec<Option<Face>> {
        (0..peek.agents()).map(AgentId).map(|agent| face(peek, look, agent)).collect()
    }

    fn inspect(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        inspect(peek, agent)
    }

    fn acts(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<Offer> {
        let asks = peek.agent(agent).is_some_and(|it| it.machine.is_some() && !it.is_down());
        let offer = || Offer {
            id: "echo-ask",
            picture: OfferPicture::Ask,
            label: "Ask everyone".to_owned(),
            act: Act::new("echo", &json!({ "agent": peek.names().agent(agent) })),
        };
        asks.then(offer).into_iter().collect()
    }
}

/// Its part of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub echo: EchoReport,
}

/// The outcome of all questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EchoReport {
    pub questions: Vec<QuestionReport>,
    /// Answers that have come, of those asked for.
    pub answers: u32,
}

/// The outcome of one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuestionReport {
    pub agent: String,
    pub asked_at_us: u64,
    /// In the order of their answers.
    pub answered_by: Vec<String>,
    /// When the last of all had answered; `null` while one is missing.
    pub answered_at_us: Option<u64>,
    pub tries: u8,
}

/// A question as its agent remembers it; while it is down, as it has written it down.
fn asked(peek: &dyn Peek<Echo>, it: &WatchedQuestion) -> (Question, usize) {
    let part = peek.agent(it.asker);
    let echo = part.and_then(|part| if part.is_down() { part.durable } else { part.machine });
    let question = echo.and_then(|echo| echo.questions.get(usize::from(it.question)));
    (question.cloned().unwrap_or_default(), echo.map_or(0, |echo| echo.others.len()))
}

fn report(peek: &dyn Peek<Echo>) -> EchoReport {
    let name = |agent: &AgentId| peek.names().agent(*agent).to_owned();
    let question = |it: &WatchedQuestion| {
        let (asked, _) = asked(peek, it);
        QuestionReport {
            agent: name(&it.asker),
            asked_at_us: it.asked_us,
            answered_by: asked.answered.iter().map(name).collect(),
            answered_at_us: it.answered.map(|(_, at_us)| at_us),
            tries: asked.tries,
        }
    };
    EchoReport {
        questions: peek.watch().questions.iter().map(question).collect(),
        answers: peek.watch().answers_us.len() as u32,
    }
}

fn documents(peek: &dyn Peek<Echo>) -> Vec<Document> {
    let row = |it: &WatchedQuestion| {
        let (asked, others) = asked(peek, it);
        let name = Cell::text(peek.names().agent(it.asker)).weight(Weight::Strong);
        let answers = format!("{} of {others}", asked.answered.len());
        let cells = [Cell::text(answers), Cell::text(counted(asked.tries.into(), "time"))];
        Row::new(name, cells)
    };
    let table = Table {
        id: "echo-questions",
        caption: "Every question, its answers, and how often it was asked",
        columns: vec![
            Column::new("asked by", Align::Start),
            Column::new("answers", Align::End),
            Column::new("asked", Align::End),
        ],
        rows: peek.watch().questions.iter().map(row).collect(),
        ..Table::default()
    };
    let document = Document::new("echo", "Questions").block(table);
    vec![document.block_if(curve(peek))]
}

/// How many answers there were at each time; nothing before the first.
fn curve(peek: &dyn Peek<Echo>) -> Option<Curve> {
    let answers_us = &peek.watch().answers_us;
    let last_ms = (answers_us.last()? / 1_000) as u32;
    let (all, axis) = (answers_us.len() as u32, |at: u32| Tick { at, text: at.to_string() });
    let points = (1..).zip(answers_us.iter()).map(|(count, at_us)| ((at_us / 1_000) as u32, count));
    Some(Curve {
        id: "echo-answers",
        said: format!("{} within {last_ms} ms", counted(all as usize, "answer")),
        x_max: last_ms.max(1),
        y_max: all,
        x_ticks: vec![axis(0), axis(last_ms)],
        y_ticks: vec![axis(0), axis(all)],
        series: vec![Series {
            points: points.collect(),
            tint: Tint::Accent,
            is_stepped: true,
            ..Series::default()
        }],
        ..Curve::default()
    })
}

/// Its newest question: how many have answered.
fn newest(peek: &dyn Peek<Echo>, agent: AgentId) -> Option<(&Echo, &Question)> {
    let echo = peek.agent(agent)?.machine?;
    Some((echo, echo.questions.last()?))
}

fn face(peek: &dyn Peek<Echo>, look: &Look, agent: AgentId) -> Option<Face> {
    let words = |words: &dyn Fn() -> String| match has_words(peek, look, agent) {
        true => words(),
        false => String::new(),
    };
    let Some((echo, question)) = newest(peek, agent) else {
        let answers = peek.agent(agent)?.machine.is_some();
        return answers
            .then(|| Face { second: words(&|| "answers".to_owned()), ..Face::default() });
    };
    let (answers, all) = (question.answered.len(), echo.others.len());
    Some(Face {
        ring: Some(FaceRing::Progress((answers * 1_000 / all.max(1)) as u16)),
        value: (peek.agents() <= WORDS_MAX).then(|| answers.to_string()),
        second: words(&|| format!("{answers} of {all} answered")),
        ..Face::default()
    })
}

fn inspect(peek: &dyn Peek<Echo>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
    let Some(echo) = peek.agent(agent).and_then(|part| part.machine) else { return Vec::new() };
    let line = |(number, question): (usize, &Question)| {
        let answers = counted(question.answered.len(), "answer");
        format!("question {}: {answers} of {}", number + 1, echo.others.len())
    };
    vec![("Asked", echo.questions.iter().enumerate().map(line).collect())]
}
