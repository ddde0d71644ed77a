//! Interventions in the work of a swarm, as a file and a person spell them.

use serde::{Deserialize, Serialize};

use super::section::{PolicyFile, TaskFile, WeightsFile};
use crate::common::value::data::DataFile;
use crate::map::Map;
use crate::protocol::number::write_number;
use crate::protocol::section::or_default;

/// One intervention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WorkAct {
    /// Gives the swarm something to do; its `at_ms` does not matter here.
    Submit { task: Box<TaskFile> },
    /// Changes how the agent works. Fields that are not there change nothing.
    SetWork {
        agent: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(range(min = 0.001, max = 1_000)))]
        speed: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
        fails: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        healthy: Option<bool>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        skills: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1_000_000_000)))]
        capacity: Option<u32>,
        /// Values that it tells others who ask, from now on.
        #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Map::is_empty")]
        knows: Map<String, DataFile>,
    },
    /// The weights by which agents are chosen from now on.
    SetPolicy { policy: PolicyFile },
    /// How agents are found for tasks from now on.
    SetAssign { assign: String },
    /// Parts that agents have not begun go to others, in few moves, until none carries so many units of work more than another.
    Rebalance {
        #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1_000_000)))]
        spread: u32,
    },
}

impl WorkAct {
    /// The intervention in a few words: "submit campaign".
    pub(super) fn label(&self) -> String {
        match self {
            Self::Submit { task } => format!("submit {}", task.id),
            Self::SetWork { agent, knows, .. } if !knows.is_empty() => {
                let keys: Vec<&str> = knows.keys().map(String::as_str).collect();
                format!("{agent} has another {}", keys.join(", "))
            }
            Self::SetWork { agent, speed, fails, healthy, skills, capacity, .. } => {
                let what = match (speed, fails, healthy, skills, capacity) {
                    (Some(speed), None, None, None, None) => {
                        format!("works at {} × speed", write_number(*speed))
                    }
                    (None, Some(fails), None, None, None) => {
                        format!("fails {} %", write_number(fails * 100.0))
                    }
                    (None, None, Some(true), None, None) => "is healthy".to_owned(),
                    (None, None, Some(false), None, None) => "is not healthy".to_owned(),
                    (None, None, None, Some(skills), None) if skills.is_empty() => {
                        "forgets its skills".to_owned()
                    }
                    (None, None, None, Some(skills), None) => {
                        format!("knows {}", skills.join(", "))
                    }
                    (None, None, None, None, Some(capacity)) => format!("carries {capacity}"),
                    _ => "works in another way".to_owned(),
                };
                format!("{agent} {what}")
            }
            Self::Rebalance { spread } => format!("rebalance within {spread}"),
            Self::SetAssign { assign } => format!("assign by {}", assign.replace('_', " ")),
            Self::SetPolicy { policy: PolicyFile::Named(name) } => format!("choose by {name}"),
            Self::SetPolicy { policy: PolicyFile::Weights(weights) } => {
                let WeightsFile { reputation, skill, load } = weights;
                format!("choose by weights {reputation}, {skill}, {load}")
            }
        }
    }
}
