//! The outcome, for machines.

use serde::Serialize;

use super::Resources;
use super::note::GiveUp;
use super::stock::{DeadlockPolicy, Resource, ResourceId, ResourceKind};
use super::watch::{Figures, SeenDeadlock, SeenDemand};
use crate::common::shown::Peek;

/// Its part of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub resources: ResourcesReport,
}

/// The outcome of all that was lent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResourcesReport {
    pub keeper: String,
    pub deadlock_policy: DeadlockPolicy,
    pub stock: Vec<ResourceReport>,
    pub demands: Vec<DemandReport>,
    pub deadlocks: Vec<DeadlockReport>,
    /// Uses that came after their lease, and were refused.
    pub late_uses_refused: u32,
}

/// The figures of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResourceReport {
    pub id: String,
    pub kind: ResourceKind,
    pub capacity: u32,
    pub granted_now: u64,
    pub peak: u64,
    /// The share of its capacity that was lent, over the run so far.
    pub utilisation_permille: u64,
    pub grants: u32,
    /// How many of them had to wait.
    pub waits: u32,
    /// Those that still wait among them.
    pub longest_wait_us: u64,
    /// Over all grants, those that did not wait among them.
    pub mean_wait_us: u64,
}

/// The fate of one demand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemandReport {
    pub agent: String,
    /// Among the demands of its agent, from 1.
    pub number: u32,
    pub came_at_us: u64,
    /// When it first had everything; `null` while it waits.
    pub had_all_at_us: Option<u64>,
    pub ended_at_us: Option<u64>,
    pub fate: DemandFate,
    /// How often it gave way or lost a lease, and began anew.
    pub setbacks: u32,
}

/// How far a demand has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DemandFate {
    Waits,
    Holds,
    Done,
    /// It was given up: the keeper never answered.
    NoAnswer,
    /// It was given up: it was begun too often.
    BegunTooOften,
}

/// A deadlock that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadlockReport {
    pub at_us: u64,
    pub event: u64,
    /// Along the cycle; by their numbers where it is only possible.
    pub agents: Vec<String>,
    /// It was told by the keeper's books alone.
    pub possible: bool,
}

impl DemandFate {
    #[must_use]
    pub fn of(demand: &SeenDemand) -> Self {
        match (demand.gave_up, demand.ended_us, demand.has_all) {
            (Some((_, GiveUp::NoAnswer)), ..) => Self::NoAnswer,
            (Some((_, GiveUp::TooOften)), ..) => Self::BegunTooOften,
            (None, Some(_), _) => Self::Done,
            (None, None, Some(_)) => Self::Holds,
            (None, None, None) => Self::Waits,
        }
    }

    /// Its words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::Holds => "holds all",
            Self::Done => "done",
            Self::NoAnswer => "given up: no answer",
            Self::BegunTooOften => "given up: begun too often",
        }
    }
}

/// The share of a capacity that was lent until now, in thousandths.
#[must_use]
pub fn utilisation_permille(figures: &Figures, capacity: u32, now_us: u64) -> u64 {
    let since_us = now_us.saturating_sub(figures.counted_us);
    let used_us = figures.used_us + u128::from(figures.granted) * u128::from(since_us);
    let whole_us = u128::from(capacity) * u128::from(now_us);
    u64::try_from(used_us * 1_000 / whole_us.max(1)).unwrap_or(u64::MAX)
}

pub(super) fn report(peek: &dyn Peek<Resources>) -> Report {
    let (rules, watch, now_us) = (&peek.setup().rules, peek.watch(), peek.now_us());
    let name = |agent| peek.names().agent(agent).to_owned();
    let still_us = |resource: ResourceId| {
        let own = watch.waiting.iter().filter(|((_, it), _)| *it == resource);
        own.map(|(_, since_us)| now_us - since_us).max().unwrap_or_default()
    };
    let resource =
        |((resource, own), figures): ((ResourceId, &Resource), &Figures)| ResourceReport {
            id: own.name.to_string(),
            kind: own.kind,
            capacity: own.capacity,
            granted_now: figures.granted,
            peak: figures.peak,
            utilisation_permille: utilisation_permille(figures, own.capacity, now_us),
            grants: figures.grants,
            waits: figures.waits,
            longest_wait_us: figures.longest_us.max(still_us(resource)),
            mean_wait_us: figures.waited_us.checked_div(figures.grants.into()).unwrap_or_default(),
        };
    let demand = |it: &SeenDemand| DemandReport {
        agent: name(it.agent),
        number: it.number + 1,
        came_at_us: it.came_us,
        had_all_at_us: it.has_all.map(|(_, at_us)| at_us),
        ended_at_us: it.ended_us,
        fate: DemandFate::of(it),
        setbacks: it.setbacks,
    };
    let deadlock = |it: &SeenDeadlock| DeadlockReport {
        at_us: it.time_us,
        event: it.event,
        agents: it.agents.iter().map(|agent| name(*agent)).collect(),
        possible: it.is_possible,
    };
    let resources = ResourcesReport {
        keeper: name(rules.keeper),
        deadlock_policy: rules.policy,
        stock: rules.resources().zip(&watch.figures).map(resource).collect(),
        demands: watch.demands.iter().map(demand).collect(),
        deadlocks: watch.deadlocks.iter().map(deadlock).collect(),
        late_uses_refused: watch.late_uses,
    };
    Report { resources }
}
