//! The queue as lanes: running, paused, and waiting; an arrow for each task that made way.

use crate::protocol::document::{
    Choice, Document, Dot, Lane, Lanes, Level, Press, Sentence, Span, SpanLook,
};
use crate::protocol::words::counted;
use crate::protocols::work::panel::queue::{Queue, QueueLane};
use crate::protocols::work::panel::tenths;

pub(super) fn document(queue: &Queue) -> Document {
    let strong = match (queue.running, queue.limit) {
        (running, Some(limit)) => format!("{running} of {limit} slots"),
        (running, None) => counted(running, "task"),
    };
    let slots = if queue.limit.is_some() { " are taken" } else { " under way" };
    let paused = match queue.paused {
        0 => String::new(),
        paused => format!(", {paused} paused"),
    };
    let waiting = match queue.waiting {
        0 => "nobody waits".to_owned(),
        1 => "1 waits".to_owned(),
        waiting => format!("{waiting} wait"),
    };
    let rest = format!("{slots}{paused}, {waiting}.");
    let dot = |(made_way, by, time_us): &(usize, usize, u64)| Dot {
        lane: *made_way,
        time_us: *time_us,
        text: String::new(),
        from: Some((*by, *time_us)),
        press: Press::Seek(*time_us),
    };
    let more = (queue.more > 0).then(|| {
        Sentence::at(Level::Quiet, format!("and {} more, ended before or further back", queue.more))
    });
    Document::new("work-queue", "Queue")
        .hint(if queue.preempts { "by priority; higher ones pause others" } else { "by priority" })
        .block(Sentence::lead("queue-words", strong, rest.as_str()))
        .block(Lanes {
            id: "queue",
            said: format!("Tasks by priority over time: {}", lanes_said(queue)),
            from_us: queue.from_us,
            to_us: queue.now_us.max(queue.from_us + 1),
            now_us: None,
            has_axis: true,
            lanes: (0..).zip(&queue.lanes).map(|(place, it)| lane(queue, place, it)).collect(),
            dots: queue.preemptions.iter().map(dot).collect(),
            compared: None,
        })
        .block_if(more)
}

fn lanes_said(queue: &Queue) -> String {
    let of = |it: &QueueLane| {
        let last = it.stretches.last().map_or("waits", |(.., look)| words(*look));
        format!("{}, priority {}: {last}", it.name, it.priority)
    };
    queue.lanes.iter().map(of).collect::<Vec<_>>().join("; ")
}

const fn words(look: SpanLook) -> &'static str {
    match look {
        SpanLook::Paused => "paused",
        SpanLook::Waiting => "waits",
        SpanLook::Running => "runs",
        SpanLook::Off | SpanLook::Failed | SpanLook::Expired => "failed",
        SpanLook::Done | SpanLook::Alone => "ran",
    }
}

fn lane(queue: &Queue, place: usize, lane: &QueueLane) -> Lane {
    // The task that it makes way for in the pause that begins then.
    let by = |look: SpanLook, from_us: u64| {
        let is_it = |it: &&(usize, usize, u64)| (it.0, it.2) == (place, from_us);
        let pause = queue.preemptions.iter().find(is_it).filter(|_| look == SpanLook::Paused);
        let other = pause.and_then(|(_, by, _)| queue.lanes.get(*by));
        other.map_or_else(String::new, |other| format!(", making way for {}", other.name))
    };
    let span = |(from_us, to_us, look): &(u64, u64, SpanLook)| {
        let (said, took) = (words(*look), tenths(to_us - from_us));
        Span {
            from_us: *from_us,
            to_us: *to_us,
            until_us: *to_us,
            look: *look,
            text: String::new(),
            said: format!("{} {said} for {took}{}", lane.name, by(*look, *from_us)),
        }
    };
    let choice = Choice { what: "task", number: lane.task, agent: None, selects: None };
    Lane {
        name: format!("{} · {}", lane.priority, lane.name),
        spans: lane.stretches.iter().map(span).collect(),
        press: Some(Press::Choose(choice)),
        press_words: format!("Show {}", lane.name),
    }
}
