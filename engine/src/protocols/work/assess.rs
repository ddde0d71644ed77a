//! The checks that an agent makes of itself before it says that it can help (W2).

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
    /// The load that it carries, in units of work.
    pub load: u32,
    /// The load that it can carry, in units of work.
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

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skill => "skill",
            Self::Health => "health",
            Self::Load => "load",
            Self::Domain => "domain",
        }
    }

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
#[inline]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::work::letters::{FINANCE, MARKETING, skills, task};
    use crate::protocols::work::task::Complexity::Moderate;

    fn check_assess(
        required: &str,
        own: &str,
        standing: (bool, u32, u32),
        expected: Option<Check>,
    ) {
        let (healthy, load, capacity) = standing;
        let own = skills(own);
        let standing = Standing { skills: &own, domains: &[], healthy, load, capacity };
        let found = assess(&task(Moderate, required), &standing).err();
        assert_eq!(found, expected, "{required} by {standing:?}");
    }

    #[test]
    fn who_can_help_with_the_campaign_of_seed_004() {
        let well = |load| (true, load, 100);
        check_assess("marketing finance", MARKETING, well(30), None);
        check_assess("marketing finance", FINANCE, well(20), None);
        check_assess("marketing finance", "support tickets", well(0), Some(Check::Skill));
    }

    #[test]
    fn the_first_check_that_fails_is_named() {
        check_assess("finance", "", (false, 100, 100), Some(Check::Skill));
        check_assess("finance", FINANCE, (false, 100, 100), Some(Check::Health));
        check_assess("finance", FINANCE, (true, 100, 100), Some(Check::Load));
        check_assess("", "", (true, 0, 100), None);
        check_assess("", "", (false, 0, 100), Some(Check::Health));
    }

    #[test]
    fn four_fifths_of_what_it_can_is_too_much() {
        for (load, capacity, expected) in [
            (79, 100, None),
            (80, 100, Some(Check::Load)),
            (5, 7, None),
            (6, 7, Some(Check::Load)),
            (0, 0, Some(Check::Load)),
            (0, 1, None),
            (u32::MAX / 5 * 4, u32::MAX, Some(Check::Load)),
            (u32::MAX / 5 * 4 - 1, u32::MAX, None),
        ] {
            check_assess("finance", FINANCE, (true, load, capacity), expected);
        }
    }

    #[test]
    fn a_domain_is_for_those_who_work_in_it_and_for_those_who_work_in_all() {
        let check_domain = |of_task: Option<&str>, of_agent: &str, expected| {
            let task = Task { domain: of_task.map(Arc::from), ..Task::default() };
            let domains = skills(of_agent);
            let (healthy, load, capacity) = (true, 0, 100);
            let standing = Standing { skills: &[], domains: &domains, healthy, load, capacity };
            assert_eq!(assess(&task, &standing).err(), expected, "{of_task:?} {of_agent}");
        };
        check_domain(None, "health", None);
        check_domain(Some("health"), "", None);
        check_domain(Some("health"), "law health", None);
        check_domain(Some("health"), "law", Some(Check::Domain));
    }
}
