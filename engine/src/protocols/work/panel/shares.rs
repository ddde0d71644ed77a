//! Who was given how much: one agent after the other, or, of many, how many agents were given how much.

use std::collections::BTreeMap;

use crate::map::Map;
use crate::protocol::document::{
    Cell, Document, Legend, Part, Row, Sentence, Table, Texture, Tint, TrackBar, Weight,
};
use crate::protocol::number::with_point;
use crate::protocol::words::counted;
use crate::protocols::work::job::AttemptEnd;
use crate::protocols::work::overview::Overview;
use crate::sim::AgentId;

/// So many agents are told of one by one.
const EACH_MAX: usize = 16;
/// Fewer tasks say little about shares.
const TASKS_MIN: usize = 10;

/// The parts that an agent was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub done: u32,
    pub open: u32,
    /// Failed, or its lease ended.
    pub failed: u32,
}

impl Share {
    #[must_use]
    pub fn all(self) -> u32 {
        self.done + self.open + self.failed
    }
}

/// The shares of all members, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    pub rows: Vec<(String, Share)>,
}

/// Nothing where there are few tasks, or only one agent.
pub(super) fn shares(work: &Overview<'_>) -> Option<Shares> {
    let members = &work.board.members;
    if work.board.jobs.len() < TASKS_MIN || members.len() < 2 {
        return None;
    }
    let mut shares: Map<AgentId, Share> =
        members.iter().map(|agent| (*agent, Share::default())).collect();
    for attempt in work.board.jobs().flat_map(|job| job.attempts()) {
        let Some(share) = shares.get_mut(&attempt.agent) else { continue };
        match attempt.end.map(|(end, _)| end) {
            None => share.open += 1,
            Some(AttemptEnd::Done) => share.done += 1,
            Some(AttemptEnd::Failed | AttemptEnd::Expired) => share.failed += 1,
            Some(AttemptEnd::NotTaken(_) | AttemptEnd::Cancelled) => {}
        }
    }
    let rows = shares.iter().map(|(agent, share)| (work.name(*agent).to_owned(), *share));
    Some(Shares { rows: rows.collect() })
}

impl Shares {
    fn ends(&self) -> (u32, u32) {
        let all = || self.rows.iter().map(|(_, share)| share.all());
        (all().min().unwrap_or_default(), all().max().unwrap_or_default())
    }

    /// How even they are: the most that any was given, and the mean, in thousandths.
    fn lead(&self) -> (String, String) {
        let (least, most) = self.ends();
        let sum: u64 = self.rows.iter().map(|(_, share)| u64::from(share.all())).sum();
        let mean_milli = sum * 1_000 / self.rows.len().max(1) as u64;
        let mean = with_point(mean_milli / 10, 2);
        (
            format!("{least} to {most} parts"),
            format!(" each: {mean} on average of {}.", counted(self.rows.len(), "agent")),
        )
    }
}

pub(super) fn document(shares: &Shares) -> Document {
    let (strong, rest) = shares.lead();
    let is_short = shares.rows.len() <= EACH_MAX;
    let (_, most) = shares.ends();
    let rows = if is_short { each(shares, most) } else { counted_rows(shares) };
    let looks = [("done", Texture::Solid), ("open", Texture::Pale), ("failed", Texture::Hatched)];
    let legend = looks.into_iter().filter(|_| is_short).map(|(words, texture)| Legend {
        tint: Tint::Accent,
        texture,
        words: words.to_owned(),
    });
    let caption = if is_short { "Parts by agent" } else { "Agents by the number of parts" };
    Document::new("work-shares", "Shares")
        .hint("who was given how much")
        .block(Sentence::lead("share", strong, rest))
        .block(Table { id: "shares", caption, legend: legend.collect(), rows, ..Table::default() })
}

fn each(shares: &Shares, most: u32) -> Vec<Row> {
    let row = |(name, share): &(String, Share)| {
        let looks = [
            (share.done, Texture::Solid),
            (share.open, Texture::Pale),
            (share.failed, Texture::Hatched),
        ];
        let parts = looks.into_iter().filter(|(count, _)| *count > 0);
        let count = Cell::text(share.all().to_string()).weight(Weight::Strong);
        Row::new(Cell::text(name.as_str()), [bar(parts, most), count])
    };
    shares.rows.iter().map(row).collect()
}

/// The number of agents by how many parts each was given, from the least on.
fn counted_rows(shares: &Shares) -> Vec<Row> {
    let mut agents: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, share) in &shares.rows {
        *agents.entry(share.all()).or_default() += 1;
    }
    let most = agents.values().copied().max().unwrap_or_default();
    let row = |(parts, agents): (u32, u32)| {
        let head = Cell::text(counted(parts as usize, "part"));
        let count = Cell::text(counted(agents as usize, "agent")).weight(Weight::Strong);
        Row::new(head, [bar([(agents, Texture::Solid)].into_iter(), most), count])
    };
    agents.into_iter().map(row).collect()
}

fn bar(parts: impl Iterator<Item = (u32, Texture)>, most: u32) -> Cell {
    let part = |(count, texture): (u32, Texture)| Part {
        permille: count * 1_000 / most.max(1),
        tint: Tint::Accent,
        texture,
        label: String::new(),
    };
    Cell::bar(TrackBar { parts: parts.map(part).collect(), limit_permille: None, is_track: true })
}
