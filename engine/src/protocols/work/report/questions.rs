//! The questions of agents at work to each other.

use serde::Serialize;

use crate::common::shown::Peek;
use crate::common::value::Plain;
use crate::protocols::work::WorkRules;
use crate::protocols::work::boards::worker_of;
use crate::protocols::work::role::Work;
use crate::sim::AgentId;

/// A question of one agent to another, as the one that asked remembers it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionReport {
    pub agent: String,
    pub asked: String,
    pub key: String,
    pub asked_us: u64,
    /// The value it was told last, and when; nothing as long as there is no reply.
    pub value: Option<Plain>,
    pub told_us: Option<u64>,
    /// How often the value had changed by then.
    pub changes: u32,
    /// Whether it went on without, because there was no reply in time.
    pub given_up: bool,
}

/// All of them, by agent; nothing where agents ask nothing. An agent that is down remembers none.
pub fn question_reports(peek: &dyn Peek<Work>, rules: &WorkRules) -> Option<Vec<QuestionReport>> {
    let name = |agent| peek.names().agent(agent).to_owned();
    let mut reports = Vec::new();
    for agent in (0..peek.agents()).map(AgentId) {
        let Some((worker, clock)) = worker_of(peek, agent) else { continue };
        for asked in &worker.questions.asked {
            let reply = asked.reply.as_ref();
            reports.push(QuestionReport {
                agent: name(agent),
                asked: name(asked.of),
                key: rules.asked_for(asked.question).to_owned(),
                asked_us: clock.virtual_us(asked.asked_us),
                value: reply.map(|(reply, _)| Plain(reply.value.clone())),
                told_us: reply.map(|(_, told_us)| clock.virtual_us(*told_us)),
                changes: reply.map_or(0, |(reply, _)| reply.change),
                given_up: asked.given_up && reply.is_none(),
            });
        }
    }
    (!rules.questions.is_empty()).then_some(reports)
}
