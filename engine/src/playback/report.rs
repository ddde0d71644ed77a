//! How a run came out, for machines: what `run --json` prints.

mod requests;
mod statistics;

use std::collections::BTreeMap;

use serde::Serialize;

pub use requests::RequestReport;
pub use statistics::{FiguresReport, StatisticsReport};

use super::cast::Cast;
use super::rooms::{DecisionDetails, RoomReports, Rooms};
use crate::common::consensus::ballot::Elector;
use crate::common::consensus::facts::Facts;
use crate::common::consensus::manager::{Manager, Poll};
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::{Account, Decision, MILLIONTHS, Measure, Share, ratio};
use crate::scenario::build::SwarmSimulation;
use crate::sim::counters::Books;
use crate::sim::{PropertyKind, PropertyStatus};
use crate::swarm::bus::KINDS;

/// A whole run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    pub scenario: String,
    pub seed: u64,
    pub ended_at_us: u64,
    /// Events in the trace.
    pub events: u64,
    /// Sixteen hexadecimal digits; equal for equal traces.
    pub trace_hash: String,
    pub messages: MessageReport,
    /// Proposals that are decided or closed, or whose outcome an agent holds, in the order they were opened.
    pub decisions: Vec<DecisionReport>,
    pub statistics: StatisticsReport,
    /// The part of each room, under its name.
    #[serde(flatten)]
    pub rooms: RoomReports,
    /// All that was asked of agents from outside, in the order of time, and whether they have heard of it.
    pub requests: Vec<RequestReport>,
    pub properties: Vec<PropertyReport>,
}

/// Messages from sender to receiver, however many links lie between.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MessageReport {
    pub sent: u64,
    pub delivered: u64,
    pub dropped: u64,
    pub duplicated: u64,
    pub in_flight: u64,
    /// Encoded length of all messages sent.
    pub bytes: u64,
    pub dropped_by: BTreeMap<&'static str, u64>,
    /// How many of each kind were sent.
    pub by_kind: BTreeMap<&'static str, u64>,
    /// The same over single links; a message may take several.
    pub hops: HopReport,
}

/// Messages over single links.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HopReport {
    pub sent: u64,
    pub delivered: u64,
    pub dropped: u64,
    pub duplicated: u64,
    pub in_flight: u64,
    pub bytes: u64,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionReport {
    pub proposal: String,
    pub algorithm: String,
    pub decision: Decision,
    #[serde(rename = "for")]
    pub in_favour: u64,
    pub against: u64,
    pub abstain: u64,
    pub absent: u64,
    pub electorate: u64,
    /// Weight FOR; where heads are counted, each counts 1.
    pub weight_for: f64,
    /// The least weight (or number of heads) FOR that approves.
    pub needed: f64,
    /// The weight (or number of heads) of the whole: `weight_for` is compared as a share of it.
    pub of: f64,
    /// The share that approves, cut to six decimals.
    pub threshold: f64,
    /// The share FOR, cut to six decimals.
    pub approval: f64,
    /// The same two exactly.
    #[serde(skip)]
    pub share: Share,
    #[serde(skip)]
    pub account: Account,
    /// Ballots counted of the electorate, cut to six decimals.
    pub participation: f64,
    /// When no ballot could change it any more; `null` while it is open.
    pub decided_at_us: Option<u64>,
    /// When the last ballot was in, or the deadline came; `null` while it is open.
    pub closed_at_us: Option<u64>,
    /// Messages sent about it, and their bytes.
    pub messages: u64,
    pub bytes: u64,
    /// The counted ballot of each agent, in a choice its option; `absent` where none was counted.
    pub ballots: BTreeMap<String, String>,
    /// Agents that lied while it went on: what they hold is nobody's outcome.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub liars: Vec<String>,
    /// The outcome that each agent holds; `none` where it holds nothing.
    pub outcome_by_agent: BTreeMap<String, &'static str>,
    pub details: Details,
}

/// Figures of the algorithm's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Details {
    /// The coordinator's decision; differs from `decision` when that is split.
    pub coordinator: &'static str,
    /// From opening to decision.
    pub duration_us: Option<u64>,
    /// Ballots that came and were not counted.
    pub refused: u32,
    /// By the protocol whose decision it is.
    #[serde(flatten)]
    pub own: DecisionDetails,
}

/// How a property stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PropertyReport {
    pub name: &'static str,
    pub kind: PropertyKind,
    pub status: PropertyStatus,
    pub event: Option<u64>,
}

impl Report {
    /// The report on the run as it stands; `ended` says that nothing more will come.
    #[must_use]
    pub fn new(cast: &Cast, simulation: &SwarmSimulation, ended: bool) -> Self {
        let now_us = simulation.now_us();
        let rooms = Rooms { cast, simulation, now_us, run: None };
        Self {
            scenario: cast.scenario.clone(),
            seed: cast.seed,
            ended_at_us: simulation.now_us(),
            events: simulation.trace.len(),
            trace_hash: format!("{:016x}", simulation.trace.hash()),
            messages: message_report(simulation),
            decisions: decision_reports(&rooms),
            statistics: StatisticsReport::new(&rooms),
            rooms: rooms.reports(),
            requests: requests::request_reports(cast, simulation, ended),
            properties: property_reports(simulation, ended),
        }
    }
}

fn message_report(simulation: &SwarmSimulation) -> MessageReport {
    let counters = &simulation.counters;
    let books = &counters.end_to_end;
    let kinds = KINDS.iter().zip(&counters.by_kind).map(|(kind, count)| (kind.name, count.sent));
    MessageReport {
        sent: books.sent,
        delivered: books.delivered,
        dropped: books.dropped,
        duplicated: books.duplicated,
        in_flight: books.in_flight,
        bytes: books.bytes,
        dropped_by: counters.drops().map(|(cause, count)| (cause.name(), count)).collect(),
        by_kind: kinds.filter(|(_, count)| *count > 0).collect(),
        hops: hop_report(&counters.hops),
    }
}

fn hop_report(books: &Books) -> HopReport {
    let Books { sent, bytes, duplicated, in_flight, dropped, delivered } = *books;
    HopReport { sent, delivered, dropped, duplicated, in_flight, bytes }
}

fn property_reports(simulation: &SwarmSimulation, ended: bool) -> Vec<PropertyReport> {
    let properties = simulation.observer.properties(ended).into_iter();
    properties
        .map(|property| PropertyReport {
            name: property.name,
            kind: property.kind,
            status: property.status,
            event: property.event,
        })
        .collect()
}

fn decision_reports(rooms: &Rooms<'_>) -> Vec<DecisionReport> {
    let polls = rooms.books().map_or(&[][..], Manager::polls);
    let facts = rooms.simulation.observer.facts();
    let all = (0..).zip(polls).zip(facts);
    all.filter_map(|((id, poll), facts)| decision_report(rooms, (id, poll, facts))).collect()
}

fn decision_report(
    rooms: &Rooms<'_>,
    (id, poll, facts): (ProposalId, &Poll, &Facts),
) -> Option<DecisionReport> {
    let cast = rooms.cast;
    let decision = facts.decision()?;
    let rule = &poll.proposal.algorithm.rule;
    let tally = poll.ballots.tally();
    let account = poll.count().map_or_else(|| rule.account(&tally), |it| it.standing().account);
    let unit = match rule.measure {
        Measure::Heads => 1.0,
        Measure::Weight => 1_000.0,
    };
    let electors = poll.ballots.electors();
    let name = |elector: &Elector| cast.name(elector.agent).to_owned();
    let outcome = |elector: &Elector| {
        let held = facts.of(elector.agent).outcome;
        held.map_or("none", |(decision, _)| decision.name())
    };
    let decided_at_us = facts.decided.map(|(_, at_us)| at_us);
    Some(DecisionReport {
        proposal: poll.proposal.name.clone(),
        algorithm: poll.proposal.algorithm.name.clone(),
        decision,
        in_favour: tally.in_favour.count,
        against: tally.against.count,
        abstain: tally.abstain.count,
        absent: tally.outstanding.count,
        electorate: tally.electorate(),
        weight_for: account.in_favour as f64 / unit,
        needed: account.needed as f64 / unit,
        of: account.whole as f64 / unit,
        threshold: rule.share.millionths(tally.electorate()) as f64 / MILLIONTHS as f64,
        approval: ratio(account.in_favour, account.whole),
        share: rule.share,
        account,
        participation: ratio(tally.cast(), tally.electorate()),
        decided_at_us,
        closed_at_us: facts.closed_us,
        messages: facts.messages,
        bytes: facts.bytes,
        ballots: electors.iter().map(|it| (name(it), poll.ballot_name(it))).collect(),
        liars: facts.liars.iter().map(|liar| cast.name(*liar).to_owned()).collect(),
        outcome_by_agent: electors.iter().map(|it| (name(it), outcome(it))).collect(),
        details: Details {
            coordinator: facts.decided.map_or("none", |(decision, _)| decision.name()),
            duration_us: decided_at_us.map(|at_us| at_us.saturating_sub(facts.opened_us)),
            refused: poll.refused,
            own: rooms.details(id, decision),
        },
    })
}
