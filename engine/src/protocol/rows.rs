//! Rows of the inspector: the newest of many things of one kind are told.

use super::note::Names;
use crate::sim::AgentId;

/// The most things of one kind that are told.
pub const TOLD_MAX: usize = 4;

/// Several things, the newest; in the order they came.
pub fn newest<T>(things: &[T], none: &str, tell: &dyn Fn(&T) -> String) -> Vec<String> {
    if things.is_empty() && !none.is_empty() {
        return vec![none.to_owned()];
    }
    let more = things.len().saturating_sub(TOLD_MAX);
    let mut lines: Vec<String> = things.iter().skip(more).map(tell).collect();
    if more > 0 {
        lines.insert(0, format!("{more} more before"));
    }
    lines
}

/// "ann, ben, cem, dora and 3 more".
#[must_use]
pub fn names_of(agents: &[AgentId], names: &dyn Names) -> String {
    let named: Vec<&str> = agents.iter().take(TOLD_MAX).map(|it| names.agent(*it)).collect();
    let more = agents.len().saturating_sub(TOLD_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", named.join(", "))
}
