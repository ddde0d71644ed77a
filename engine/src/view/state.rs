//! What a swarm keeps, for people: who holds what, what a merge now would come to by each way to resolve, step
//! by step, and how the replicas came to hold what they hold.

pub mod document;
mod lattice;
mod overview;
mod short;
mod steps;
#[cfg(test)]
mod tests;
mod timeline;

pub use lattice::{Lattice, Node, NodeKind};
pub use overview::{Cell, Overview, overview};
pub use steps::{Entry, Step};
pub use timeline::{Timeline, TimelineDot, timeline};

use crate::coordination::figure::local_seconds;
use crate::coordination::state::clock::Causality;
use crate::coordination::state::holder::SyncKind;
use crate::coordination::state::replica::KeyId;
use crate::coordination::state::resolve::{Applied, Strategy, resolve};
use crate::coordination::state::strong::StrongRefusal;
use crate::coordination::state::version::StateVersion;
use crate::playback::Run;
use crate::playback::frame::state::{ReplicaFrame, StateFrame, record};
use crate::playback::frame::{Cast, Frame};
use crate::protocol::words::sentence_case;
use crate::sim::{AgentId, What};

/// So many replicas are told of one by one.
pub const ROWS_MAX: usize = 12;

/// Everything the panels say about the key that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateView {
    pub key: u32,
    /// The key's name, and what is kept under it in which way.
    pub name: String,
    pub manner: String,
    /// The deciding words, and the rest of the sentence.
    pub strong: String,
    pub rest: String,
    pub rows: Vec<Row>,
    /// Agents for which there is no row.
    pub more: usize,
    /// What a merge now would come to, one for each way to resolve; none of a strong key.
    pub outcomes: Vec<Outcome>,
    /// How the writes that are held stand to one another, and whether they are concurrent.
    pub clocks: Vec<(String, bool)>,
    /// The same as a picture, with what was written before.
    pub lattice: Lattice,
    pub bytes: Vec<Bytes>,
}

/// What one agent holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub agent: AgentId,
    pub name: String,
    pub value: String,
    /// "2 · 0 · 1", one number for each of the agents that have written.
    pub clock: String,
    /// "version 2, 0.512 by agent-1".
    pub written: String,
    /// It holds something else than the first.
    pub differs: bool,
    /// Why the last strong write or read it was asked for was refused.
    pub refused: Option<String>,
}

/// What one way to resolve makes of what is held now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub strategy: Strategy,
    pub title: &'static str,
    pub value: String,
    /// "the 42 of agent-1 is lost".
    pub words: String,
    /// Whether something is lost by it.
    pub loses: bool,
    /// Whether it is the way that is used.
    pub used: bool,
    pub steps: Vec<Step>,
}

/// What a synchronisation cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// "full", "delta".
    pub kind: &'static str,
    pub bytes: u64,
    /// "3 messages, 1 key".
    pub words: String,
}

/// What the panels say; nothing where nothing is kept.
#[must_use]
pub fn state_view(run: &Run, frame: &Frame) -> Option<StateView> {
    let state = frame.state.as_ref()?;
    let cast = run.cast();
    let writers = writers(state);
    let members =
        || (0..).map(AgentId).zip(&state.replicas).filter(|(it, _)| Some(*it) != cast.coordinator);
    let rows =
        members().take(ROWS_MAX).map(|(agent, held)| row(agent, held.as_ref(), &writers, cast));
    let (strong, rest) = lead(state, frame, cast);
    let versions = held(run, state);
    let outcome =
        |(strategy, ..): (Strategy, &str, &str)| outcome(strategy, &versions, state, cast);
    let resolvable = !state.strong && !versions.is_empty();
    let outcomes = if resolvable {
        Strategy::ALL.into_iter().filter_map(outcome).collect()
    } else {
        Vec::new()
    };
    let way = if state.strong { "by the votes of more than half" } else { state.strategy.words() };
    Some(StateView {
        key: state.key.0,
        name: state.name.clone(),
        manner: format!("{}, {way}", state.kind),
        strong,
        rest,
        rows: rows.collect(),
        more: members().count().saturating_sub(ROWS_MAX),
        outcomes,
        clocks: clocks(&versions, cast),
        lattice: lattice::lattice(run, state, &versions),
        bytes: bytes(state),
    })
}

/// The agents whose writes anyone knows of, in their order.
fn writers(state: &StateFrame) -> Vec<AgentId> {
    let mut writers: Vec<AgentId> = Vec::new();
    for (origin, _) in state.replicas.iter().flatten().flat_map(|held| &held.clock) {
        if let Err(place) = writers.binary_search(&origin.agent) {
            writers.insert(place, origin.agent);
        }
    }
    writers
}

fn clock_words(clock: impl Iterator<Item = (AgentId, u64)>, writers: &[AgentId]) -> String {
    let mut counts = vec![0; writers.len()];
    for (agent, count) in clock {
        if let Ok(place) = writers.binary_search(&agent) {
            counts[place] += count;
        }
    }
    counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" · ")
}

fn row(agent: AgentId, held: Option<&ReplicaFrame>, writers: &[AgentId], cast: &Cast) -> Row {
    let name = cast.name(agent).to_owned();
    let Some(held) = held else {
        let (value, written) = ("nothing".to_owned(), String::new());
        return Row {
            agent,
            name,
            value,
            clock: String::new(),
            written,
            differs: true,
            refused: None,
        };
    };
    let by = cast.name(held.by);
    let written = match (held.by, held.heads) {
        (AgentId::NONE, _) => format!("version {}", held.version),
        (_, 1) => format!("version {}, {} by {by}", held.version, local_seconds(held.time_us)),
        (_, heads) => format!("{heads} concurrent writes, the last by {by}"),
    };
    let clock = held.clock.iter().map(|(origin, count)| (origin.agent, *count));
    Row {
        agent,
        name,
        value: held.value.clone(),
        clock: clock_words(clock, writers),
        written,
        differs: held.group > 0,
        refused: held.refused.map(refusal),
    }
}

/// Why a strong write or read was refused.
#[must_use]
pub fn refusal(refusal: StrongRefusal) -> String {
    match refusal {
        StrongRefusal::OtherVersion { newest } => {
            format!("refused: version {newest} is the newest by now")
        }
        StrongRefusal::NoQuorum { reached, needed } => {
            format!("refused: {reached} of the {needed} it needs could be reached")
        }
        StrongRefusal::VotesSplit => "refused: the votes are split".to_owned(),
    }
}

/// How it stands, in a sentence.
/// How the key that is shown stands, once it was written: "progress: all 5 hold 100".
pub(super) fn last_word(frame: &Frame, cast: &Cast) -> Option<String> {
    let state = frame.state.as_ref()?;
    if !state.is_written() {
        return None;
    }
    let (strong, rest) = lead(state, frame, cast);
    let text = format!("{strong}{}", rest.trim_end_matches('.'));
    Some(match text.strip_prefix("All") {
        Some(all) => format!("{}: all{all}", state.name),
        None => text,
    })
}

fn lead(state: &StateFrame, frame: &Frame, cast: &Cast) -> (String, String) {
    let members = cast.agents.len() - 1;
    let held = state.replicas.iter().flatten();
    let groups = held.clone().map(|held| held.group + 1).max().unwrap_or(0) as usize;
    let lacking = members - held.clone().count();
    if groups == 0 {
        return ("Nothing".to_owned(), format!(" is kept under {} yet.", state.name));
    }
    let apart = frame.groups.iter().any(|group| *group != frame.groups[0]);
    let because = if apart { ": the network is split" } else { "" };
    match (groups, lacking) {
        (1, 0) => {
            let value = held.map(|held| held.value.clone()).next().unwrap_or_default();
            let rest = match &state.merges_to {
                Some(merged) => format!(", and have not merged: together it is {merged}{because}."),
                None => ".".to_owned(),
            };
            (format!("All {members} hold {value}"), rest)
        }
        (1, lacking) => {
            let told = if lacking == 1 { "has" } else { "have" };
            (
                format!("{} of {members}", members - lacking),
                format!(" hold the same, {lacking} {told} not heard of it{because}."),
            )
        }
        (groups, _) => {
            (format!("{groups} different values"), format!(" of {} are held{because}.", state.name))
        }
    }
}

/// What is held by agents that are up, each write once, with who holds it.
fn held(run: &Run, state: &StateFrame) -> Vec<(AgentId, StateVersion)> {
    let mut held: Vec<(AgentId, StateVersion)> = Vec::new();
    for (agent, slot) in (0..).map(AgentId).zip(run.simulation().agents()) {
        let Some(record) = record(slot, state.key) else { continue };
        for head in &record.heads {
            if !held.iter().any(|(_, other)| other == head) {
                held.push((agent, head.clone()));
            }
        }
    }
    held
}

fn outcome(
    strategy: Strategy,
    versions: &[(AgentId, StateVersion)],
    state: &StateFrame,
    cast: &Cast,
) -> Option<Outcome> {
    let refs: Vec<&StateVersion> = versions.iter().map(|(_, version)| version).collect();
    let resolution = resolve(strategy, &refs).ok()?;
    let value = resolution.version.value.plain();
    let holder = |dot| versions.iter().find(|(_, version)| version.dot == dot);
    let lost: Vec<String> = resolution
        .lost
        .iter()
        .filter_map(|dot| holder(*dot))
        .map(|(_, version)| {
            format!("the {} of {}", version.value.plain(), cast.name(version.dot.origin.agent))
        })
        .collect();
    let words = match (lost.as_slice(), resolution.applied) {
        (_, Applied::OnlyOne | Applied::Same) => "all hold it already".to_owned(),
        ([], Applied::VectorCausal) => "the others came before it: nothing is lost".to_owned(),
        ([], Applied::Crdt(_) | Applied::CrdtInferred(_)) => {
            "nothing is lost: all that was written counts".to_owned()
        }
        ([], _) => "nothing is lost".to_owned(),
        (_, Applied::VectorConcurrentLww { .. }) => {
            "concurrent: all are kept until somebody writes again".to_owned()
        }
        (lost, _) => format!("{} {} lost", lost.join(" and "), is(lost.len())),
    };
    let title = match strategy {
        Strategy::LastWriteWins => "Last write wins",
        Strategy::VectorClock => "Vector clock",
        Strategy::Crdt => "Replicated type",
    };
    Some(Outcome {
        strategy,
        title,
        value,
        words: sentence_case(&words),
        loses: !lost.is_empty() && strategy != Strategy::VectorClock,
        used: strategy == state.strategy,
        steps: steps::steps(strategy, &resolution, versions, cast),
    })
}

fn is(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// How the writes that are held stand to one another: what came before what, and what is concurrent.
fn clocks(versions: &[(AgentId, StateVersion)], cast: &Cast) -> Vec<(String, bool)> {
    const PAIRS_MAX: usize = 6;
    const CONCURRENT: &str = "is concurrent with";
    let mut lines = Vec::new();
    for (place, (_, one)) in versions.iter().enumerate() {
        for (_, other) in &versions[place + 1..] {
            if one.dot == other.dot {
                continue;
            }
            let told = |version: &StateVersion| {
                let by = cast.name(version.dot.origin.agent);
                format!("{by}’s {}", version.value.plain())
            };
            let (one, other, how) = match one.clock.compare(&other.clock) {
                Causality::Before => (one, other, "happened before"),
                Causality::After => (other, one, "happened before"),
                Causality::Concurrent => (one, other, CONCURRENT),
                Causality::Equal => continue,
            };
            let concurrent = how == CONCURRENT;
            lines.push((format!("{} {how} {}", told(one), told(other)), concurrent));
        }
    }
    lines.truncate(PAIRS_MAX);
    lines
}

/// How a merge came about, in sentences: what the agent held, what the other had sent, and the rule.
#[must_use]
pub fn why_merged(
    run: &Run,
    event: u64,
    (key, from): (KeyId, AgentId),
    applied: Applied,
) -> Option<Vec<String>> {
    let strategy = match applied {
        Applied::OnlyOne | Applied::Same => return None,
        Applied::LastWrite { .. } => Strategy::LastWriteWins,
        Applied::VectorCausal | Applied::VectorConcurrentLww { .. } => Strategy::VectorClock,
        Applied::Crdt(_) | Applied::CrdtInferred(_) => Strategy::Crdt,
    };
    let merged = run.log().get(event)?;
    // What the other held when it sent it.
    let mut sent = merged;
    while !(matches!(sent.what, What::Sent { .. }) && sent.agent == from) {
        sent = run.log().get(sent.cause)?;
    }
    let [own, _] = run.held_around(event, merged.agent, key)?;
    let [_, theirs] = run.held_around(sent.id, from, key)?;
    let mut versions: Vec<(AgentId, StateVersion)> = Vec::new();
    for (agent, record) in [(merged.agent, own?), (from, theirs?)] {
        for head in record.heads {
            if !versions.iter().any(|(_, other)| *other == head) {
                versions.push((agent, head));
            }
        }
    }
    let refs: Vec<&StateVersion> = versions.iter().map(|(_, version)| version).collect();
    let resolution = resolve(strategy, &refs).ok()?;
    let cast = run.cast();
    let mut told = steps::in_words(steps::steps(strategy, &resolution, &versions, cast));
    // Not of all, and not now.
    told.pop();
    let value = resolution.version.value.plain();
    told.push(format!("So {} came to hold {value}.", cast.name(merged.agent)));
    Some(told)
}

/// The last synchronisation of each kind.
fn bytes(state: &StateFrame) -> Vec<Bytes> {
    let last = |kind: SyncKind| state.syncs.iter().rev().find(|(_, sync)| sync.kind == kind);
    let both = [last(SyncKind::Full), last(SyncKind::Delta)];
    let told = both.into_iter().flatten().map(|(_, sync)| {
        let plural =
            |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let fell_back = if sync.fell_back { ", everything: too far behind" } else { "" };
        let (messages, keys) = (plural(sync.messages, "message"), plural(sync.keys.into(), "key"));
        let words = format!("{messages}, {keys}{fell_back}");
        Bytes { kind: sync.kind.name(), bytes: sync.bytes, words }
    });
    told.collect()
}

/// "Delta sends a seventh of the bytes."
#[must_use]
pub fn compared(bytes: &[Bytes]) -> String {
    let [full, delta] = bytes else { return String::new() };
    if delta.bytes >= full.bytes || full.bytes == 0 {
        return "Here a delta saves nothing: all keys were new.".to_owned();
    }
    let permille = delta.bytes * 1_000 / full.bytes;
    format!("The delta took {}.{} % of the bytes.", permille / 10, permille % 10)
}
