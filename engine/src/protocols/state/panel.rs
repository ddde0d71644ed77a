//! Keys for people: who holds what, what a merge now would come to by each way to resolve, step by step, and how the
//! replicas came to hold what they hold.

mod document;
mod lattice;
mod overview;
mod short;
mod steps;
#[cfg(test)]
mod tests;
mod timeline;

use lattice::Lattice;
use steps::Step;

use super::clock::Causality;
use super::holder::{State, SyncKind};
use super::resolve::{Applied, Resolution, Strategy, resolve};
use super::session::SyncRecord;
use super::standing::{KeyStanding, Replica, parts, record, rules, standing, syncs};
use super::strong::StrongRefusal;
use super::version::StateVersion;
use crate::common::figure::local_seconds;
use crate::common::shown::{Look, Peek};
use crate::protocol::document::Document;
use crate::protocol::note::Names;
use crate::protocol::words::{counted, sentence_case};
use crate::sim::AgentId;

/// So many replicas are told of one by one.
const ROWS_MAX: usize = 12;

/// So many keys are told of one by one.
const EACH_MAX: usize = 12;

/// Everything the panels say about the key that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StateView {
    pub key: u32,
    /// The key's name, and what is kept under it in which way.
    pub name: String,
    pub manner: String,
    /// The deciding words, and the rest of the sentence.
    pub strong: String,
    pub rest: String,
    pub rows: Vec<ReplicaRow>,
    /// Agents for which there is no row.
    pub more: usize,
    /// The outcomes of a merge now, one for each way to resolve; none of a strong key.
    pub outcomes: Vec<Outcome>,
    /// How the writes that are held stand to one another, and whether they are concurrent.
    pub clocks: Vec<(String, bool)>,
    /// The same as a picture, with what was written before.
    pub lattice: Lattice,
    pub bytes: Vec<Bytes>,
}

/// A replica: the value and version that one agent holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReplicaRow {
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

/// The outcome of a merge now by one way to resolve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
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

/// The cost of a synchronisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bytes {
    /// "full", "delta".
    pub kind: &'static str,
    pub bytes: u64,
    /// "3 messages, 1 key".
    pub words: String,
}

/// Everything the panels say of this key.
fn state_view(peek: &dyn Peek<State>, state: &KeyStanding<'_>) -> StateView {
    let (rule, names) = (state.rule, peek.names());
    let writers = writers(state);
    let members = || {
        let all = (0..).map(AgentId).zip(&state.replicas);
        all.filter(|(agent, _)| Some(*agent) != peek.coordinator())
    };
    let rows =
        members().take(ROWS_MAX).map(|(agent, held)| row(agent, held.as_ref(), &writers, names));
    let (strong, rest) = lead(peek, state);
    let versions = held(peek, state);
    let resolvable = !rule.strong && !versions.is_empty();
    let outcomes = if resolvable {
        let all = Strategy::ALL.into_iter();
        all.filter_map(|(strategy, ..)| outcome(strategy, &versions, rule.strategy, names))
            .collect()
    } else {
        Vec::new()
    };
    let kind = rule.kind.map_or("plain value", |kind| kind.words());
    let way = if rule.strong { "by the votes of more than half" } else { rule.strategy.words() };
    StateView {
        key: state.key.0,
        name: rule.name.to_string(),
        manner: format!("{kind}, {way}"),
        strong,
        rest,
        rows: rows.collect(),
        more: members().count().saturating_sub(ROWS_MAX),
        outcomes,
        clocks: clocks(&versions, names),
        lattice: lattice::lattice(peek, state, &versions),
        bytes: bytes(peek),
    }
}

/// All that is said of the key that is looked at, and of all keys; where something was put to the vote, once the key is
/// written.
pub(super) fn documents(peek: &dyn Peek<State>, look: &Look, has_voted: bool) -> Vec<Document> {
    match standing(peek, look).filter(|state| !has_voted || state.is_written()) {
        Some(state) => document::documents(peek, &state, look),
        None => Vec::new(),
    }
}

/// How each key stands, and what is true of all of them.
pub(super) fn whole(peek: &dyn Peek<State>) -> Vec<Document> {
    let keys = rules(peek).map_or(0, |rules| rules.keys.len()).min(EACH_MAX);
    let looks = (0..).take(keys).map(|key| Look::at("key", key));
    let states = looks.filter_map(|look| standing(peek, &look));
    let mut documents = Vec::new();
    let mut last = Vec::new();
    for state in states {
        let mut of_key = document::documents(peek, &state, &Look::default()).into_iter();
        documents.extend(of_key.next());
        last = of_key.collect();
    }
    if keys > 1 {
        last.retain(|it| matches!(it.id, "state-versions" | "state-costs"));
    }
    documents.into_iter().chain(last).collect()
}

/// The agents whose writes anyone knows of, in their order.
fn writers(state: &KeyStanding<'_>) -> Vec<AgentId> {
    let mut writers: Vec<AgentId> = Vec::new();
    let heads = state.replicas.iter().flatten().filter_map(|replica| replica.held.head);
    for (origin, _) in heads.flat_map(|head| head.clock.iter()) {
        if let Err(place) = writers.binary_search(&origin.agent) {
            writers.insert(place, origin.agent);
        }
    }
    writers
}

fn clock_words(clock: impl Iterator<Item = (AgentId, u64)>, writers: &[AgentId]) -> String {
    let mut counts = vec![0; writers.len()];
    for (agent, count) in clock {
        let place = writers.binary_search(&agent).ok();
        if let Some(of) = place.and_then(|place| counts.get_mut(place)) {
            *of += count;
        }
    }
    counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" · ")
}

fn row(
    agent: AgentId,
    replica: Option<&Replica<'_>>,
    writers: &[AgentId],
    names: &dyn Names,
) -> ReplicaRow {
    let name = names.agent(agent).to_owned();
    let Some(Replica { held, text, group }) = replica else {
        let (value, written) = ("nothing".to_owned(), String::new());
        return ReplicaRow {
            name,
            value,
            clock: String::new(),
            written,
            differs: true,
            refused: None,
        };
    };
    let written = match (held.head, held.heads) {
        (None, _) => format!("version {}", held.version),
        (Some(head), heads) => {
            let by = names.agent(head.dot.origin.agent);
            match heads {
                1 => format!("version {}, {} by {by}", held.version, local_seconds(head.time_us)),
                _ => format!("{heads} concurrent writes, the last by {by}"),
            }
        }
    };
    let clock = held.head.into_iter().flat_map(|head| head.clock.iter());
    ReplicaRow {
        name,
        value: text.clone(),
        clock: clock_words(clock.map(|(origin, count)| (origin.agent, *count)), writers),
        written,
        differs: *group > 0,
        refused: held.refused.map(refusal),
    }
}

/// Why a strong write or read was refused.
fn refusal(refusal: StrongRefusal) -> String {
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

/// How the key that is looked at stands, once it was written: "progress: all 5 hold 100".
pub(super) fn last_word(peek: &dyn Peek<State>, look: &Look) -> Option<String> {
    let state = standing(peek, look).filter(KeyStanding::is_written)?;
    let (strong, rest) = lead(peek, &state);
    let text = format!("{strong}{}", rest.trim_end_matches('.'));
    Some(match text.strip_prefix("All") {
        Some(all) => format!("{}: all{all}", state.rule.name),
        None => text,
    })
}

/// How it stands, in a sentence.
fn lead(peek: &dyn Peek<State>, state: &KeyStanding<'_>) -> (String, String) {
    let name = &state.rule.name;
    let members = members(peek);
    let held = state.replicas.iter().flatten();
    let groups = held.clone().map(|held| held.group + 1).max().unwrap_or(0);
    let lacking = members.saturating_sub(held.clone().count());
    let because = if peek.is_partitioned() { ": the network is split" } else { "" };
    match (groups, lacking) {
        (0, _) => ("Nothing".to_owned(), format!(" is kept under {name} yet.")),
        (1, 0) => {
            let value = held.map(|held| held.text.as_str()).next().unwrap_or_default();
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
            (format!("{groups} different values"), format!(" of {name} are held{because}."))
        }
    }
}

/// How many agents keep something, once all have joined: the coordinator does not.
fn members(peek: &dyn Peek<State>) -> usize {
    let coordinator = usize::from(peek.coordinator().is_some());
    (peek.agents_in_all() as usize).saturating_sub(coordinator)
}

/// The versions that agents hold, each write once, with who holds it.
fn held(peek: &dyn Peek<State>, state: &KeyStanding<'_>) -> Vec<(AgentId, StateVersion)> {
    let mut held: Vec<(AgentId, StateVersion)> = Vec::new();
    for (agent, part) in parts(peek) {
        let Some(record) = record(&part, state.key) else { continue };
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
    used: Strategy,
    names: &dyn Names,
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
            format!("the {} of {}", version.value.plain(), names.agent(version.dot.origin.agent))
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
        used: strategy == used,
        steps: steps::steps(strategy, &resolution, versions, names),
    })
}

fn is(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// How the writes that are held stand to one another: what came before what, and what is concurrent.
fn clocks(versions: &[(AgentId, StateVersion)], names: &dyn Names) -> Vec<(String, bool)> {
    const PAIRS_MAX: usize = 6;
    const CONCURRENT: &str = "is concurrent with";
    let mut lines = Vec::new();
    for (place, (_, one)) in versions.iter().enumerate() {
        for (_, other) in &versions[place + 1..] {
            if one.dot == other.dot {
                continue;
            }
            let told = |version: &StateVersion| {
                let by = names.agent(version.dot.origin.agent);
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

/// A resolution, step by step, in sentences.
pub(super) fn in_steps(
    strategy: Strategy,
    resolution: &Resolution,
    versions: &[(AgentId, StateVersion)],
    names: &dyn Names,
) -> Vec<String> {
    steps::in_words(steps::steps(strategy, resolution, versions, names))
}

/// The last synchronisation of each kind.
fn bytes(peek: &dyn Peek<State>) -> Vec<Bytes> {
    let syncs = syncs(peek);
    let last = |kind: SyncKind| syncs.iter().rev().find(|(_, sync)| sync.kind == kind);
    let told = [last(SyncKind::Full), last(SyncKind::Delta)].into_iter().flatten();
    let bytes = |(_, sync): &(AgentId, &SyncRecord)| {
        let fell_back = if sync.fell_back { ", everything: too far behind" } else { "" };
        let messages = counted(sync.messages as usize, "message");
        let words = format!("{messages}, {}{fell_back}", counted(sync.keys as usize, "key"));
        Bytes { kind: sync.kind.name(), bytes: sync.bytes, words }
    };
    told.map(bytes).collect()
}

/// "Delta sends a seventh of the bytes."
fn compared(bytes: &[Bytes]) -> String {
    let [full, delta] = bytes else { return String::new() };
    if delta.bytes >= full.bytes || full.bytes == 0 {
        return "Here a delta saves nothing: all keys were new.".to_owned();
    }
    let permille = delta.bytes * 1_000 / full.bytes;
    format!("The delta took {}.{} % of the bytes.", permille / 10, permille % 10)
}
