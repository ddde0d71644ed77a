//! A manager's account of a task among its workers (W11), which comes with the result, so that the agent that
//! awarded the task knows who did what, and what is missing.

use std::sync::Arc;

use serde::Serialize;

use super::aggregate::{Aggregate, Piece, aggregate};
use super::job::{Attempt, AttemptEnd, Job};
use super::reputation::Outcome;
use super::score::{Score, rank};
use super::synthesis::{PartEnd, Reason, Warning};
use crate::sim::AgentId;

/// A manager's account of all agents below it: a manager among them is represented by its workers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// In the order of parts, and of attempts at each.
    pub tries: Vec<Try>,
    /// Who gave what is under a key.
    pub from: Vec<(Arc<str>, AgentId)>,
    /// The gaps, and the keys on which its workers differ.
    pub warnings: Vec<Warning>,
    /// Why nothing of it was done.
    pub reason: Option<Reason>,
    /// The best first.
    pub ranking: Vec<(AgentId, Score)>,
}

/// A worker's attempt at a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Try {
    /// The skill it was about; nothing when it was the whole task.
    pub focus: Arc<str>,
    pub agent: AgentId,
    /// `None` for an attempt that nobody is to blame for.
    pub outcome: Option<Outcome>,
    /// From the award to the manager to the beginning of the work; 0 unless it was done.
    pub after_us: u64,
    /// How long the work took; 0 unless it was done.
    pub took_us: u64,
}

impl Account {
    /// The account of a task that has ended, and the aggregate of its parts by key.
    #[must_use]
    pub fn of(job: &Job) -> (Self, Aggregate) {
        let pieces: Vec<Piece<'_>> =
            job.parts.iter().filter_map(|part| Piece::of(part.end.as_ref()?)).collect();
        let mut aggregate = aggregate(&pieces);
        let gaps = job.synthesis.iter().flat_map(|it| &it.warnings).filter(|it| it.is_gap());
        let mut account = Self {
            warnings: gaps.cloned().collect(),
            from: std::mem::take(&mut aggregate.from),
            reason: job.reason.clone(),
            ..Self::default()
        };
        account.warnings.append(&mut aggregate.conflicts);
        let mut managers = Vec::new();
        for part in &job.parts {
            let focus = part.focus();
            for attempt in &part.attempts {
                match &attempt.account {
                    Some(below) => {
                        managers.push(attempt.agent);
                        account.take_in(below, &focus, attempt.awarded_us.since(job.submitted_us));
                    }
                    None => account.tries.push(Try::of(job, attempt, &focus, part.end.as_ref())),
                }
            }
        }
        let own = job.ranking.iter().filter(|(agent, _)| !managers.contains(agent));
        account.ranking.extend(own.copied());
        rank(&mut account.ranking);
        (account, aggregate)
    }

    /// Takes in the account of a manager below: of a part about this skill, awarded so long after the whole.
    fn take_in(&mut self, below: &Self, focus: &Arc<str>, after_us: u64) {
        for it in &below.tries {
            let focus = if it.focus.is_empty() { focus } else { &it.focus };
            let after_us = it.after_us.saturating_add(after_us);
            self.tries.push(Try { focus: focus.clone(), after_us, ..it.clone() });
        }
        for (agent, score) in &below.ranking {
            if !self.ranking.iter().any(|(known, _)| known == agent) {
                self.ranking.push((*agent, *score));
            }
        }
    }

    /// Whether something of the task is missing.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        self.warnings.iter().any(Warning::is_gap)
    }

    /// The attempts that succeeded.
    pub fn done(&self) -> impl Iterator<Item = &Try> {
        self.tries.iter().filter(|it| matches!(it.outcome, Some(Outcome::Success { .. })))
    }

    /// The agents that did something of it, or tried to, each once.
    #[must_use]
    pub fn agents(&self) -> Vec<AgentId> {
        let mut agents = Vec::new();
        for it in &self.tries {
            if !agents.contains(&it.agent) {
                agents.push(it.agent);
            }
        }
        agents
    }
}

impl Try {
    fn of(job: &Job, attempt: &Attempt, focus: &Arc<str>, end: Option<&PartEnd>) -> Self {
        let (agent, focus) = (attempt.agent, focus.clone());
        let mut it = Self { focus, agent, outcome: attempt.outcome(end), after_us: 0, took_us: 0 };
        if let (Some((AttemptEnd::Done, _)), Some(PartEnd::Done { began_us, took_us, .. })) =
            (attempt.end, end)
        {
            it.after_us = began_us.since(job.submitted_us);
            it.took_us = *took_us;
        }
        it
    }
}
