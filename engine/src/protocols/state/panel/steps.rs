//! A merge, step by step: what is held, the rule that is applied, and what it comes to.

use crate::common::figure::local_seconds;
use crate::protocol::note::Names;
use crate::protocol::number::with_point;
use crate::protocols::state::clock::{Causality, Origin};
use crate::protocols::state::crdt::{Crdt, CrdtKind};
use crate::protocols::state::resolve::{Applied, Decider, Resolution, Strategy};
use crate::protocols::state::version::StateVersion;
use crate::sim::AgentId;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub text: String,
    /// The entries of a counter, side by side.
    pub entries: Vec<ClockEntry>,
    /// The agents whose entries these are, in the columns of the entries.
    pub columns: Vec<String>,
}

/// One agent's own part of a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockEntry {
    pub of: String,
    /// The entry at each agent that holds something.
    pub held: Vec<String>,
    pub keeps: String,
}

/// So many of what is held are told one by one.
const TOLD_MAX: usize = 4;

fn step(text: String) -> Step {
    Step { text, entries: Vec::new(), columns: Vec::new() }
}

/// How the resolution came about.
pub(super) fn steps(
    strategy: Strategy,
    resolution: &Resolution,
    versions: &[(AgentId, StateVersion)],
    names: &dyn Names,
) -> Vec<Step> {
    let holds = |(agent, version): &(AgentId, StateVersion)| {
        let by = version.dot.origin.agent;
        let whose =
            if by == *agent { "itself".to_owned() } else { format!("by {}", names.agent(by)) };
        let when = local_seconds(version.time_us);
        format!("{} holds {}, written {when} {whose}.", names.agent(*agent), version.value.plain())
    };
    let mut steps: Vec<Step> = Vec::new();
    let result = &resolution.version;
    let same = "To merge it again with any of them changes nothing.".to_owned();
    if let (Strategy::Crdt, Some(kind)) = (strategy, result.crdt.as_ref().map(Crdt::kind)) {
        steps.push(step(match resolution.applied {
            Applied::CrdtInferred(_) => {
                format!("The key has no type. By what was written it is a {}.", kind.words())
            }
            _ => format!("The key is a {}.", kind.words()),
        }));
        steps.extend(of_type(kind, result, versions, names));
        steps.push(step(same));
        return steps;
    }
    steps.extend(versions.iter().take(TOLD_MAX).map(holds).map(step));
    if versions.len() > TOLD_MAX {
        steps.push(step(format!("{} more hold something else.", versions.len() - TOLD_MAX)));
    }
    let by = names.agent(result.dot.origin.agent);
    // The two that decide: what stays, and the last of the others.
    let others = versions.iter().map(|(_, it)| it).filter(|it| it.dot != result.dot);
    let second = others.max_by_key(|it| it.time_us);
    let time = |version: &StateVersion| local_seconds(version.time_us);
    let against =
        second.map_or_else(String::new, |it| format!(", {} against {}", time(result), time(it)));
    match resolution.applied {
        Applied::OnlyOne | Applied::Same => {
            steps.push(step("There is nothing to decide.".to_owned()))
        }
        Applied::LastWrite { by: decider } => {
            steps.push(step(format!("{}{against}: that of {by} stays.", decided(decider))))
        }
        Applied::VectorCausal => steps.push(step(format!(
            "The clock of {by}’s write covers the others: it is higher in {} and lower in none. It knew of \
             them, and replaces them.",
            higher(result, second, names)
        ))),
        Applied::VectorConcurrentLww { by: decider } => {
            // The one that is shown, and one that did not know it.
            let own = versions.iter().map(|(_, it)| it).find(|it| it.dot == result.dot);
            let is_other = |own: &StateVersion, it: &StateVersion| {
                own.clock.compare(&it.clock) == Causality::Concurrent
            };
            let other = |own| versions.iter().map(|(_, it)| it).find(|it| is_other(own, it));
            if let Some((own, other)) = own.and_then(|own| Some((own, other(own)?))) {
                steps.push(step(format!(
                    "Neither knew the other: one clock is higher in {}, the other in {}.",
                    higher(own, Some(other), names),
                    higher(other, Some(own), names)
                )));
            }
            steps.push(step(format!(
                "All are kept until somebody writes again; to show one: {}, that of {by}.",
                decided(decider).to_ascii_lowercase()
            )));
        }
        Applied::Crdt(_) | Applied::CrdtInferred(_) => {}
    }
    steps.push(step(format!("All hold {} then.", result.value.plain())));
    steps
}

/// "agent-1’s entry (2 against 1)": where a clock says more than the other.
fn higher(of: &StateVersion, than: Option<&StateVersion>, names: &dyn Names) -> String {
    let mut entries: Vec<String> = Vec::new();
    for (origin, count) in of.clock.iter() {
        let other = than.map_or(0, |it| it.clock.get(*origin));
        if *count > other {
            let agent = names.agent(origin.agent);
            entries.push(format!("{agent}’s entry ({count} against {other})"));
        }
    }
    entries.join(" and ")
}

/// The steps as sentences; a step of a counter with its entries.
pub(super) fn in_words(steps: Vec<Step>) -> Vec<String> {
    let mut told = Vec::new();
    for Step { mut text, entries, .. } in steps {
        for (place, entry) in entries.iter().enumerate() {
            text += if place == 0 { " " } else { ", " };
            text += &format!("{} {} (of {})", entry.of, entry.keeps, entry.held.join(" and "));
        }
        if !entries.is_empty() {
            text += ".";
        }
        told.push(text);
    }
    told
}

fn decided(decider: Decider) -> &'static str {
    match decider {
        Decider::Time => "The latest time counts",
        Decider::Agent => "The times are the same, so the higher agent counts",
        Decider::Sequence => "Time and agent are the same, so the later write of it counts",
        Decider::Value => "Even the write is the same, so the higher value counts",
    }
}

/// The rule of a replicated type.
fn of_type(
    kind: CrdtKind,
    result: &StateVersion,
    versions: &[(AgentId, StateVersion)],
    names: &dyn Names,
) -> Vec<Step> {
    let values = || {
        let told = versions.iter().take(TOLD_MAX);
        told.map(|(agent, it)| step(format!("{} holds {}.", names.agent(*agent), it.value.plain())))
    };
    match kind {
        CrdtKind::GCounter | CrdtKind::PnCounter => counter(result, versions, names),
        CrdtKind::GSet => {
            let rule =
                format!("Everything that is in any of them stays: {}.", result.value.plain());
            values().chain([step(rule)]).collect()
        }
        CrdtKind::OrSet => {
            let rule = "Every adding has a name of its own. What was removed is what the one who removed it \
                        had seen; an adding it had not seen stays.";
            values().chain([step(rule.to_owned()), comes_to(result)]).collect()
        }
        CrdtKind::LwwRegister => {
            values().chain([step("The latest time counts.".to_owned()), comes_to(result)]).collect()
        }
        CrdtKind::MvRegister => {
            let rule = "Writes that did not know of one another all stay, side by side.";
            values().chain([step(rule.to_owned()), comes_to(result)]).collect()
        }
        CrdtKind::LwwMap => {
            let rule = "For each name by itself the latest time counts.";
            values().chain([step(rule.to_owned()), comes_to(result)]).collect()
        }
    }
}

fn comes_to(result: &StateVersion) -> Step {
    step(format!("So all come to hold {}.", result.value.plain()))
}

fn counter(
    result: &StateVersion,
    versions: &[(AgentId, StateVersion)],
    names: &dyn Names,
) -> Vec<Step> {
    let Some(merged) = &result.crdt else { return vec![comes_to(result)] };
    let told: Vec<&(AgentId, StateVersion)> = versions.iter().take(TOLD_MAX).collect();
    let entry = |(origin, up, down): &(Origin, i64, i64)| {
        let of = |version: &StateVersion| {
            let entries = version.crdt.as_ref().map(Crdt::entries).unwrap_or_default();
            entries.iter().find(|(other, ..)| other == origin).map_or((0, 0), |it| (it.1, it.2))
        };
        let again = if origin.life > 0 { " again" } else { "" };
        ClockEntry {
            of: format!("{}{again}", names.agent(origin.agent)),
            held: told.iter().map(|(_, version)| both(of(version))).collect(),
            keeps: both((*up, *down)),
        }
    };
    let entries = merged.entries();
    let sums: Vec<String> = entries.iter().map(|(_, up, down)| both((*up, *down))).collect();
    vec![
        step("Every agent has an entry of its own, which only it can raise.".to_owned()),
        Step {
            text: "Of each entry the larger stays.".to_owned(),
            entries: entries.iter().map(entry).collect(),
            columns: told.iter().map(|(agent, _)| names.agent(*agent).to_owned()).collect(),
        },
        step(format!("The value is their sum: {} = {}.", sums.join(" + "), result.value.plain())),
    ]
}

/// The sums that were added and taken off.
fn both((up, down): (i64, i64)) -> String {
    let number = |millionths: i64| with_point(millionths.unsigned_abs(), 6);
    if down == 0 { number(up) } else { format!("{} − {}", number(up), number(down)) }
}
