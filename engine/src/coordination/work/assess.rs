//! What an agent checks of itself before it says that it can help (W2).

use std::sync::Arc;

use serde::Serialize;

use super::task::Task;

/// An agent as it is now.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub skills: &'a [Arc<str>],
    /// Where it works; everywhere when none is named.
    pub domains: &'a [Arc<str>],
    pub healthy: bool,
    /// What it carries, and can carry, in units of work.
    pub load: u32,
    pub capacity: u32,
}

/// The check that an agent failed, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Check {
    Skill,
    Health,
    Load,
    Domain,
}

impl Check {
    pub const ALL: [Self; 4] = [Self::Skill, Self::Health, Self::Load, Self::Domain];

    /// Why it cannot help: it …
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Skill => "has none of the skills",
            Self::Health => "is not healthy",
            Self::Load => "carries 80 % of what it can or more",
            Self::Domain => "works in another domain",
        }
    }
}

/// Whether the agent can help: it has one of the skills, is healthy, carries less than 80 % of what it can,
/// and works in the domain.
///
/// # Errors
/// The first check that it fails.
pub fn assess(task: &Task, standing: &Standing<'_>) -> Result<(), Check> {
    let has = |skill| standing.skills.contains(skill);
    if !task.skills.is_empty() && !task.skills.iter().any(has) {
        return Err(Check::Skill);
    }
    if !standing.healthy {
        return Err(Check::Health);
    }
    if u64::from(standing.load) * 5 >= u64::from(standing.capacity) * 4 {
        return Err(Check::Load);
    }
    match &task.domain {
        Some(domain) if !standing.domains.is_empty() && !standing.domains.contains(domain) => {
            Err(Check::Domain)
        }
        _ => Ok(()),
    }
}
