//! Reputations: how they stand, and their changes by outcomes.

use crate::common::reputation::Reputation;
use crate::order::sort_by_key;
use crate::protocols::work::overview::Overview;
use crate::protocols::work::reputation::ReputationEntry;
use crate::sim::AgentId;

/// So many lines can be told apart, and so many rows are read.
const LINES_MAX: usize = 6;
const ROWS_MAX: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reputations {
    /// Best first.
    pub rows: Vec<ReputationRow>,
    pub more: usize,
    /// How often anyone's has changed: how far the picture reaches.
    pub outcomes: usize,
    /// Those with the most outcomes.
    pub lines: Vec<Line>,
    /// The tiers in sight, with what they begin and end at.
    pub bands: Vec<(&'static str, u32, u32)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReputationRow {
    pub name: String,
    pub score: u32,
    pub tier: &'static str,
    /// "+5 by 1 outcome".
    pub change: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub name: String,
    /// After how many outcomes of anyone it was this.
    pub steps: Vec<(usize, u32)>,
}

/// Leaderboard and lines; empty where nobody has a reputation.
pub(super) fn reputations(work: &Overview<'_>) -> Reputations {
    let records = &work.board.standings.records;
    let mut order: Vec<(u64, AgentId, u32)> = Vec::new();
    let mut ranked: Vec<(AgentId, u32, usize)> = Vec::new();
    for (agent, record) in records {
        ranked.push((*agent, record.score, record.history.len()));
        let at_us = |entry: &ReputationEntry| work.clock.virtual_us(entry.time_us);
        order.extend(record.history.iter().map(|it| (at_us(it), *agent, it.score)));
    }
    sort_by_key(&mut order, |(time_us, agent, _)| (*time_us, agent.0.into()));
    sort_by_key(&mut ranked, |(agent, score, _)| (u64::from(u32::MAX - *score), agent.0.into()));
    let start = |agent: AgentId| {
        let record = records.get(&agent);
        let first = record.and_then(|record| record.history.first());
        let before = |entry: &ReputationEntry| entry.score.saturating_add_signed(-entry.change);
        first.map(before).or(record.map(|record| record.score)).unwrap_or_default()
    };
    let row = |&(agent, score, outcomes): &(AgentId, u32, usize)| {
        let change = i64::from(score) - i64::from(start(agent));
        let sign = if change < 0 { "−" } else { "+" };
        let change = match outcomes {
            0 => String::new(),
            _ => format!("{sign}{} in {outcomes}", change.unsigned_abs()),
        };
        let (name, tier) = (work.name(agent).to_owned(), Reputation(score).tier());
        ReputationRow { name, score, tier, change }
    };
    let rows = ranked.iter().take(ROWS_MAX).map(row).collect();
    let mut drawn = ranked.clone();
    sort_by_key(&mut drawn, |(agent, _, outcomes)| (u64::MAX - *outcomes as u64, agent.0.into()));
    drawn.truncate(LINES_MAX);
    let line = |&(agent, ..): &(AgentId, u32, usize)| {
        let mut steps = vec![(0, start(agent))];
        let own = order.iter().enumerate().filter(|(_, (_, other, _))| *other == agent);
        steps.extend(own.map(|(place, (.., score))| (place + 1, *score)));
        Line { name: work.name(agent).to_owned(), steps }
    };
    let lines: Vec<Line> =
        if order.is_empty() { Vec::new() } else { drawn.iter().map(line).collect() };
    Reputations {
        rows,
        more: ranked.len().saturating_sub(ROWS_MAX),
        outcomes: order.len(),
        bands: bands(&lines),
        lines,
    }
}

/// From the tier of the lowest to that of the highest, a little room around.
fn bands(lines: &[Line]) -> Vec<(&'static str, u32, u32)> {
    let scores = || lines.iter().flat_map(|line| &line.steps).map(|(_, score)| *score);
    let (Some(least), Some(most)) = (scores().min(), scores().max()) else { return Vec::new() };
    let (least, most) = (least.saturating_sub(6), (most + 6).min(Reputation::MAX));
    let mut end = Reputation::MAX;
    let mut bands = Vec::new();
    for (from, name) in Reputation::TIERS {
        let (low, high) = (from.max(least), end.min(most));
        if low < high {
            bands.push((name, low, high));
        }
        end = from;
    }
    bands
}
