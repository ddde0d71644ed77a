//! What agents at work have asked each other.

use serde::Serialize;

use crate::coordination::value::plain::Plain;
use crate::playback::frame::Cast;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, Status};

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
pub fn question_reports(cast: &Cast, simulation: &SwarmSimulation) -> Option<Vec<QuestionReport>> {
    let mut reports = Vec::new();
    for (agent, slot) in (0..).map(AgentId).zip(simulation.agents()) {
        let worker = slot.process.worker().filter(|_| slot.status != Status::Down);
        let Some(worker) = worker else { continue };
        for asked in &worker.questions.asked {
            let reply = asked.reply.as_ref();
            reports.push(QuestionReport {
                agent: cast.name(agent).to_owned(),
                asked: cast.name(asked.of).to_owned(),
                key: cast.question(asked.question).to_owned(),
                asked_us: slot.clock.virtual_us(asked.asked_us),
                value: reply.map(|(reply, _)| Plain(reply.value.clone())),
                told_us: reply.map(|(_, told_us)| slot.clock.virtual_us(*told_us)),
                changes: reply.map_or(0, |(reply, _)| reply.change),
                given_up: asked.given_up && reply.is_none(),
            });
        }
    }
    (!cast.questions.is_empty()).then_some(reports)
}
