//! What a swarm keeps, for people: who holds what, what a merge now would come to by each way to resolve, step
//! by step, and how the replicas came to hold what they hold.

mod steps;
#[cfg(test)]
mod tests;

pub use steps::{Entry, Step};

use super::figure::{seconds, sentence_case};
use crate::coordination::state::clock::Causality;
use crate::coordination::state::holder::SyncKind;
use crate::coordination::state::resolve::{Applied, Strategy, resolve};
use crate::coordination::state::strong::StrongRefusal;
use crate::coordination::state::version::StateVersion;
use crate::playback::Run;
use crate::playback::frame::state::{ReplicaFrame, StateFrame, record};
use crate::playback::frame::{Cast, Frame};
use crate::sim::{AgentId, Event};

/// So many replicas are told of one by one.
pub const ROWS_MAX: usize = 12;

/// Everything the panels say about the key that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateView {
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
        || (0..).map(AgentId).zip(&state.replicas).filter(|(it, _)| *it != cast.coordinator);
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
        name: state.name.clone(),
        manner: format!("{}, {way}", state.kind),
        strong,
        rest,
        rows: rows.collect(),
        more: members().count().saturating_sub(ROWS_MAX),
        outcomes,
        clocks: clocks(&versions, &writers, cast),
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

fn version_clock(version: &StateVersion, writers: &[AgentId]) -> String {
    clock_words(version.clock.iter().map(|(origin, count)| (origin.agent, *count)), writers)
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
        (_, 1) => format!("version {}, {} by {by}", held.version, seconds(held.time_us)),
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
            (format!("All {members} hold {value}"), ".".to_owned())
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
fn clocks(
    versions: &[(AgentId, StateVersion)],
    writers: &[AgentId],
    cast: &Cast,
) -> Vec<(String, bool)> {
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
                format!("{by}’s {} ({})", version.value.plain(), version_clock(version, writers))
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

/// What happened to the replicas of the key, for a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// When it begins and ends, in microseconds.
    pub from_us: u64,
    pub to_us: u64,
    pub now_us: u64,
    /// Who has a line.
    pub agents: Vec<(AgentId, String)>,
    pub dots: Vec<TimelineDot>,
}

/// An agent came to hold something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineDot {
    pub time_us: u64,
    /// The event to jump to.
    pub event: u64,
    /// The place of its line.
    pub line: usize,
    pub value: String,
    /// The line it has it from, and when that was sent; nothing when it wrote it itself.
    pub from: Option<(usize, u64)>,
}

/// How the replicas came to hold what they hold: the newest changes of the key that is shown.
#[must_use]
pub fn timeline(run: &Run, frame: &Frame) -> Option<Timeline> {
    const LINES_MAX: usize = 6;
    const DOTS_MAX: usize = 40;
    let state = frame.state.as_ref()?;
    let cast = run.cast();
    let agents = (0..cast.agents.len() as u32).map(AgentId).filter(|it| *it != cast.coordinator);
    let agents: Vec<AgentId> = agents.take(LINES_MAX).collect();
    let line = |agent: AgentId| agents.iter().position(|other| *other == agent);
    let log = run.log();
    let event = |id: u64| -> Option<&Event<_>> { log.range(id, id + 1).next() };
    let changes = &run.simulation().observer.state.changes;
    let of_key = changes.iter().filter(|change| change.key == state.key);
    let dots = of_key.rev().filter_map(|change| {
        // Told by a message that was sent then.
        let sent_us = || event(event(event(change.event)?.cause)?.cause).map(|sent| sent.time_us);
        Some(TimelineDot {
            time_us: change.time_us,
            event: change.event,
            line: line(change.agent)?,
            value: super::figure::shortened(&change.value.plain(), 10),
            from: change
                .from
                .filter(|from| *from != change.agent)
                .and_then(|from| Some((line(from)?, sent_us()?))),
        })
    });
    let mut dots: Vec<TimelineDot> = dots.take(DOTS_MAX).collect();
    dots.reverse();
    let begun_us =
        dots.first().map_or(0, |dot| dot.from.map_or(dot.time_us, |(_, sent_us)| sent_us));
    let to_us = frame.time_us.max(begun_us + 1_000);
    Some(Timeline {
        // A little room before the first.
        from_us: begun_us.saturating_sub((to_us - begun_us) / 20),
        to_us,
        now_us: frame.time_us,
        agents: agents.iter().map(|agent| (*agent, cast.name(*agent).to_owned())).collect(),
        dots,
    })
}
