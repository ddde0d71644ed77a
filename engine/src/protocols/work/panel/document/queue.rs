//! The queue as lanes: running, paused, and waiting; an arrow for each task that made way.

use crate::protocol::document::{
    Choice, Document, Dot, Lane, Lanes, Level, Press, Sentence, Span, SpanLook,
};
use crate::protocols::work::panel::queue::{Queue, QueueLane};
use crate::protocols::work::panel::tenths;

pub(super) fn document(queue: &Queue) -> Document {
    let strong = match (queue.running, queue.limit) {
        (running, Some(limit)) => format!("{running} of {limit}"),
        (running, None) => running.to_string(),
    };
    let slots = if queue.limit.is_some() { " at most run" } else { " run" };
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
    let dot = |(made_way, by, time_us): &(usize, usize, u64)| {
        let name = |lane: usize| queue.lanes.get(lane).map_or("", |it| it.name.as_str());
        Dot {
            lane: *made_way,
            time_us: *time_us,
            text: format!("{} makes way for {}", name(*made_way), name(*by)),
            from: Some((*by, *time_us)),
            press: Press::Seek(*time_us),
        }
    };
    let more = (queue.more > 0).then(|| {
        Sentence::at(Level::Quiet, format!("and {} that ended before or wait", queue.more))
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
            lanes: queue.lanes.iter().map(lane).collect(),
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

fn lane(lane: &QueueLane) -> Lane {
    let span = |(from_us, to_us, look): &(u64, u64, SpanLook)| Span {
        from_us: *from_us,
        to_us: *to_us,
        until_us: *to_us,
        look: *look,
        text: String::new(),
        said: format!("{} {} for {}", lane.name, words(*look), tenths(to_us - from_us)),
    };
    let choice = Choice { what: "task", number: lane.task, agent: None, selects: None };
    Lane {
        name: format!("{} · {}", lane.priority, lane.name),
        spans: lane.stretches.iter().map(span).collect(),
        press: Some(Press::Choose(choice)),
        press_words: format!("Show {}", lane.name),
    }
}
