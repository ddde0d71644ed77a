//! Who works on a task when, and how long it would take one after the other.

use crate::protocol::document::{Document, Lane, Lanes, Sentence, Span, SpanLook};
use crate::protocols::work::panel::gantt::{Bar, Gantt, Lane as Worker};

pub(super) fn document(gantt: &Gantt) -> Document {
    let lane = |it: &Worker| Lane {
        name: it.name.clone(),
        spans: it.bars.iter().map(span).collect(),
        ..Lane::default()
    };
    let told = gantt
        .lanes
        .iter()
        .flat_map(|lane| lane.bars.iter().map(|bar| format!("{}, {}; ", lane.name, bar.title)));
    let lanes = Lanes {
        id: "gantt",
        said: told.collect(),
        from_us: 0,
        to_us: gantt.span_us,
        now_us: gantt.now_us,
        has_axis: true,
        lanes: gantt.lanes.iter().map(lane).collect(),
        dots: Vec::new(),
        compared: (!gantt.one_by_one.is_empty())
            .then(|| ("one by one", one_by_one(&gantt.one_by_one), gantt.together_us)),
    };
    let words = Sentence::lead("gantt-words", gantt.strong.as_str(), gantt.rest.as_str());
    Document::new("work-gantt", "At the same time")
        .hint("from the award on")
        .block(lanes)
        .block_if((!gantt.strong.is_empty()).then_some(words))
}

fn span(bar: &Bar) -> Span {
    Span {
        from_us: bar.from_us,
        to_us: bar.to_us,
        until_us: bar.until_us,
        look: bar.look,
        text: bar.words.clone(),
        said: bar.title.clone(),
    }
}

/// The same parts one after the other.
fn one_by_one(parts: &[(String, u64)]) -> Vec<Span> {
    let mut from_us = 0;
    let span = |(name, takes_us): &(String, u64)| {
        let to_us = from_us + takes_us;
        let span = Span {
            from_us,
            to_us,
            until_us: to_us,
            look: SpanLook::Alone,
            text: name.clone(),
            said: name.clone(),
        };
        from_us = to_us;
        span
    };
    parts.iter().map(span).collect()
}
