//! How a rule chose the agents of a task: the merits of the chosen one, and of those that came next.

use crate::protocols::work::assign::{Assign, Choice, Merit, Weights};
use crate::protocols::work::job::Job;
use crate::protocols::work::overview::Overview;
use crate::sim::AgentId;

/// Everything that the document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// "adaptive: 0.4 load + …".
    pub rule: String,
    pub weights: Weights,
    /// The part that it was about, where the task has several; who was chosen, and why.
    pub strong: String,
    pub rest: String,
    pub rows: Vec<(String, Merit)>,
    /// So many more could have taken it.
    pub more: u32,
}

/// The last choice that a rule made for the task; nothing where none did.
pub(super) fn chosen(job: &Job, work: &Overview<'_>) -> Option<Chosen> {
    let attempts = job.attempts().filter_map(|it| Some((it.awarded_us, it.choice.as_ref()?)));
    // Of those made at one instant, the last.
    let (_, choice) = attempts.max_by_key(|(at_us, _)| *at_us)?;
    let weights = work.board.rules.weights;
    let name = |agent: AgentId| work.name(agent);
    // The table tells of the next.
    let grounds = choice.grounds(weights, &name).into_iter().next().unwrap_or_default();
    let listed = || choice.listed.iter();
    let is_told = listed().any(|(_, merit)| *merit != Merit::Turn);
    let rows = listed().filter(|_| is_told);
    Some(Chosen {
        rule: choice.assign.rule(weights),
        weights,
        strong: listed().next().map_or(String::new(), |(agent, _)| name(*agent).to_owned()),
        rest: format!(" was chosen. {grounds}"),
        rows: rows.map(|(agent, merit)| (name(*agent).to_owned(), *merit)).collect(),
        more: more(choice),
    })
}

fn more(choice: &Choice) -> u32 {
    let able = choice.able.unwrap_or_default();
    if choice.assign == Assign::TwoChoices {
        0
    } else {
        able.saturating_sub(choice.listed.len() as u32)
    }
}
