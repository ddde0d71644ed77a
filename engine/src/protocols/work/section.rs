//! The section as a scenario spells it: what is to be done, how it is shared out, and how agents do it.

pub mod check;
pub mod questions;
pub mod style;
pub mod tasks;

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

use super::task::Complexity;
use crate::common::value::data::DataFile;
use crate::map::Map;
use crate::protocol::section::or_default;

/// The work there is, and how it is shared out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkFile {
    /// How agents are found for tasks: `contract_net` (they bid; the default), or by a rule of the agent that shares out:
    /// `round_robin`, `least_loaded`, `capability`, `adaptive`, `random`, `two_choices`, `least_connections`, `smooth_weights`,
    /// `response_time`, `skill_router`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign: Option<String>,
    /// The weights of the adaptive rule; 40, 30, 20 and 10 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adaptive: Option<AdaptiveFile>,
    /// How long until a response time counts half, in milliseconds; 2000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub half_life_ms: Option<f64>,
    /// The weights by which agents are chosen; balanced by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyFile>,
    /// How long bids are waited for, in milliseconds; 100 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub bid_window_ms: Option<f64>,
    /// How long an agent has for what it was awarded, in milliseconds; 5000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub lease_ms: Option<f64>,
    /// How many tasks run at once at most, 1 to 10 000; as many as find agents by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10_000)))]
    pub limit: Option<u32>,
    /// Whether a running task is paused for one of a strictly higher priority that waits; false by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preempt: Option<bool>,
    /// After how long an idle agent asks another for work that waits there, in milliseconds; each time in vain the next takes
    /// twice as long, up to 32 times. Never by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub steal_ms: Option<f64>,
    /// How often a part is tried, 1 to 10; 3 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub attempts: Option<u32>,
    /// How often an agent reports while it works on a part, 0 to 100; 4 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub progress: Option<u32>,
    /// The manager that assigns to its workers, those right below it in a hierarchy; by default the
    /// coordinator, which asks everyone for bids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<String>,
    /// How long an agent that has asked another waits for the answer, in milliseconds; 1000 by default. It works meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub answer_ms: Option<f64>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<TaskFile>,
}

/// The weights of a score: one of the policies with a name, balanced (40, 40, 20) and `skill_first`
/// (40, 60, 0), or weights of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum PolicyFile {
    Named(String),
    Weights(WeightsFile),
}

impl<'de> Deserialize<'de> for PolicyFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyPolicy)
    }
}

struct AnyPolicy;

impl<'de> Visitor<'de> for AnyPolicy {
    type Value = PolicyFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the name of a policy, or weights; write for example \"balanced\" or \
             { \"reputation\": 40, \"skill\": 40, \"load\": 20 }",
        )
    }

    fn visit_str<E>(self, name: &str) -> Result<PolicyFile, E> {
        Ok(PolicyFile::Named(name.to_owned()))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, object: D) -> Result<PolicyFile, D::Error> {
        WeightsFile::deserialize(object).map(PolicyFile::Weights)
    }
}

impl Default for PolicyFile {
    fn default() -> Self {
        Self::Named(String::new())
    }
}

/// Weights in hundredths, which sum to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WeightsFile {
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub reputation: u32,
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub skill: u32,
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub load: u32,
}

/// Weights of the parts by which the adaptive rule chooses, in hundredths, which sum to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AdaptiveFile {
    /// The free share of the capacity.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub load: u32,
    /// The match of skills.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub capability: u32,
    /// The share of attempts that succeeded.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub past: u32,
    /// Links between the two.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 100)))]
    pub distance: u32,
}

/// Something to be done, or several alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TaskFile {
    /// Its name, unique in the run.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub id: String,
    /// So many tasks, called id-1, id-2, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10_000)))]
    pub count: Option<u32>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The kind of work, such as `email_campaign`; "task" by default.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// How many agents it is for at most: simple 1, moderate 3, complex 5; simple by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    /// Skills that those who do it must have.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Only for agents that work in it, or everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// 1 to 10, higher goes first; 5 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub priority: Option<u32>,
    /// Instead of a priority: the range, least and most, from which each task's is drawn by the run's seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::priorities))]
    pub priorities: Option<(f64, f64)>,
    /// Units of work that an agent carries meanwhile; 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000)))]
    pub load: Option<f64>,
    /// How long it takes at normal speed, and so does each of its parts, in milliseconds; 1000 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub duration_ms: Option<f64>,
    /// When it has to be done, in milliseconds of the run; no matter when by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub deadline_ms: Option<f64>,
    /// When it is submitted, in milliseconds.
    #[serde(default, deserialize_with = "or_default")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub at_ms: f64,
    /// The time from one to the next of several, in milliseconds; all are submitted at once by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub every_ms: Option<f64>,
    /// Tasks that must be done before.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// By skill, where several do the task together: the skills whose parts must be done before the part about it
    /// begins. It gets their results.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub after: Map<String, Vec<String>>,
    /// Data that agents get with it, beside the results of the tasks before it. Under "budget": what its parts may cost.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub data: Map<String, DataFile>,
}

/// How an agent works.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkStyleFile {
    /// 0.001 to 1000 times the normal speed; 1 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.001, max = 1_000)))]
    pub speed: Option<f64>,
    /// How often it fails, 0 to 1; never by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub fails: Option<f64>,
    /// How good it is, least and most, 0 to 100; 85 to 95 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::qualities))]
    pub quality: Option<(f64, f64)>,
    /// An agent that is not healthy does not offer to help; true by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthy: Option<bool>,
    /// By skill: how long a part about it takes at normal speed, instead of what the task says.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::times))]
    pub takes_ms: Map<String, f64>,
    /// The data of its results. Numbers under "cost" are added up.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub gives: Map<String, DataFile>,
    /// By skill: data that only the result of a part about it has.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub gives_for: Map<String, Map<String, DataFile>>,
    /// Values that it tells others who ask, by key.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub knows: Map<String, DataFile>,
    /// Values that it needs for its own work, by key. They are in the data of the task, or were passed on with it, or it asks.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
    pub needs: Map<String, NeedFile>,
    /// How much more than others it gets under `smooth_weights` and `least_connections`, 1 to 1000; 1 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))]
    pub weight: Option<u32>,
    /// Whether it assigns work to those right below it in a hierarchy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<bool>,
}

/// Something that an agent has to know for its work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NeedFile {
    /// The agent that it asks, which knows it; nobody by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// A key of what it gives: the number there is at most this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<String>,
    /// The key under which it stands in what the agent gives; it does not by default.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub gives_as: Option<String>,
}
