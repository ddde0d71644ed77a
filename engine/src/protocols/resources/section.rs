//! The section of a scenario, as its file spells it.

use serde::{Deserialize, Serialize};

use super::stock::{DeadlockPolicy, ResourceKind};
use crate::protocol::section::or_default;

/// The stock, who keeps it, and who demands what of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResourcesFile {
    /// The agent that lends the stock; it demands nothing itself.
    pub keeper: String,
    /// How long a grant lasts unless it is renewed; 2000 ms by default. More than twice the drift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub lease_ms: Option<f64>,
    /// How far two clocks diverge within one lease; 50 ms by default. A holder stops so much earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub drift_ms: Option<f64>,
    /// How deadlocks are dealt with; by default they are only shown.
    #[serde(default, deserialize_with = "or_default")]
    pub deadlock: DeadlockPolicy,
    /// The priority of a request rises by one each time it has waited so long, up to 10; without it, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub ageing_ms: Option<f64>,
    pub stock: Vec<StockFile>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub demands: Vec<DemandFile>,
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StockFile {
    pub id: String,
    pub kind: ResourceKind,
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000)))]
    pub capacity: u32,
}

/// Things that an agent takes one after the other, holds together and gives back. It carries out one demand after the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DemandFile {
    pub agent: String,
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub at_ms: f64,
    /// 1 to 10, higher first; 5 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10)))]
    pub priority: Option<u8>,
    pub takes: Vec<AmountFile>,
    /// Parts that are given back while the rest is held; `after_ms` counts from when everything was there.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub gives: Vec<AmountFile>,
    /// How long everything is held.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub hold_ms: f64,
    /// How often the agent demands it; once by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000)))]
    pub times: Option<u32>,
    /// The time from one to the next, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub every_ms: Option<f64>,
}

/// An amount of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AmountFile {
    pub resource: String,
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000)))]
    pub amount: u32,
    /// So long after the one before was granted; at once by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub after_ms: Option<f64>,
}
