//! Which skills of a task its team covers.

use std::sync::Arc;

use crate::protocol::words::counted;
use crate::protocols::work::job::{Job, PartJob};
use crate::protocols::work::overview::Overview;
use crate::protocols::work::synthesis::PartEnd;

/// A table of skills and members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// "3 of 3 skills covered, 3 of at most 5 agents".
    pub hint: String,
    pub members: Vec<String>,
    pub rows: Vec<SkillRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillRow {
    pub skill: String,
    /// Nobody in the team has it.
    pub uncovered: bool,
    /// One for each member.
    pub cells: Vec<TeamCell>,
}

/// A member's part in a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeamCell {
    /// It has not got it.
    Without,
    /// It has it, and another does the part.
    Has,
    /// The part about it is its own, and waits for other parts.
    Waits,
    /// It is to do the part about it, has done it, or could not.
    Does,
    Done,
    Failed,
}

impl TeamCell {
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Without => "has not got it",
            Self::Has => "has it too",
            Self::Waits => "will do it",
            Self::Does => "does it",
            Self::Done => "has done it",
            Self::Failed => "was to do it",
        }
    }
}

/// Nothing before there is a team, and of a task that asks for nothing.
pub(super) fn coverage(job: &Job, work: &Overview<'_>) -> Option<Coverage> {
    let team = &job.team;
    if team.members.is_empty() || job.spec.skills.is_empty() {
        return None;
    }
    let bids = job.bids();
    let end = |skill: &str| {
        let about = |it: &&PartJob| &*it.focus() == skill;
        let part = job.parts.iter().find(about).or(job.parts.first());
        part.and_then(|part| part.end.as_ref())
    };
    let waits = |skill: &str| {
        let part = job.parts.iter().find(|it| &*it.focus() == skill);
        part.is_some_and(|part| !job.waits_for(part).is_empty())
    };
    let row = |(place, skill): (usize, &Arc<str>)| {
        if job.spec.skills.iter().take(place).any(|it| it == skill) {
            return None;
        }
        let taker = team.by_skill.iter().find(|(it, _)| it == skill).map(|(_, agent)| *agent);
        let cells = team.members.iter().map(|member| match end(skill) {
            Some(PartEnd::Done { agent, .. }) if agent == member => TeamCell::Done,
            Some(PartEnd::Failed { .. }) if taker == Some(*member) => TeamCell::Failed,
            None if taker == Some(*member) && waits(skill) => TeamCell::Waits,
            None if taker == Some(*member) => TeamCell::Does,
            _ if bids.get(member).is_some_and(|bid| bid.skills.contains(skill)) => TeamCell::Has,
            _ => TeamCell::Without,
        });
        let (skill, uncovered) = (skill.to_string(), team.uncovered.contains(skill));
        Some(SkillRow { skill, uncovered, cells: cells.collect() })
    };
    let rows: Vec<SkillRow> = job.spec.skills.iter().enumerate().filter_map(row).collect();
    let covered = rows.iter().filter(|row| !row.uncovered).count();
    let most = job.spec.complexity.team();
    Some(Coverage {
        hint: format!(
            "{covered} of {} skills covered, {} of at most {}",
            rows.len(),
            team.members.len(),
            counted(*most.end(), "agent")
        ),
        members: team.members.iter().map(|member| work.name(*member).to_owned()).collect(),
        rows,
    })
}
