//! Short names for tests.

use std::sync::Arc;

use super::task::{Complexity, Task};
use crate::common::value::Value;
use crate::common::value::letters::number;
use crate::map::Map;
use crate::sim::AgentId;

pub const MARKETING: &str = "marketing content social";
pub const FINANCE: &str = "finance budgeting forecasting";
pub const INSIGHTS: &str = "analytics data_analysis reporting";

/// A list of skills from their names, with spaces between them.
pub fn skills(names: &str) -> Vec<Arc<str>> {
    names.split_whitespace().map(Arc::from).collect()
}

pub fn agents(numbers: &[u32]) -> Vec<AgentId> {
    numbers.iter().copied().map(AgentId).collect()
}

pub fn task(complexity: Complexity, required: &str) -> Task {
    Task { name: "t".to_owned(), complexity, skills: skills(required), ..Task::default() }
}

pub fn data(entries: &[(&str, Value)]) -> Map<Arc<str>, Value> {
    entries.iter().map(|(key, value)| (Arc::from(*key), value.clone())).collect()
}

/// Numbers under their keys.
pub fn numbers(entries: &[(&str, i64)]) -> Map<Arc<str>, Value> {
    entries.iter().map(|(key, value)| (Arc::from(*key), number(*value))).collect()
}
