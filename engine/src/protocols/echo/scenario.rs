//! Input: the section of a scenario, its settings, and the acts of a person.

use serde::{Deserialize, Serialize};

use super::{Echo, EchoOrder, Pace, TRIES_MAX};
use crate::common::room::{Brief, Edited, Entrant, Members, Planning, Room, Scenarios, scenarios};
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::protocol::section::or_default;
use crate::protocol::setting::{Scale, Setting};
use crate::sim::AgentId;

/// The section of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EchoFile {
    /// The agents that ask all others, with the times at which they do.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<QuestionFile>,
    /// How long an agent thinks before it answers, least and most; 20 to 80 ms by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(transform = crate::protocol::schema::times))]
    pub think_ms: Option<(f64, f64)>,
    /// When an agent asks those again that have not answered; 200 ms by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub again_ms: Option<f64>,
}

/// An agent asks all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QuestionFile {
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub at_ms: f64,
    pub agent: String,
}

/// The section after every rule was checked.
#[derive(Clone, Debug)]
pub struct EchoSetup {
    pub pace: Pace,
    pub members: u32,
    /// When each question is asked, in microseconds, and by whom.
    pub questions: Vec<(u64, AgentId)>,
}

/// An act of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum EchoAct {
    /// The agent asks all others.
    #[serde(rename = "echo")]
    Ask { agent: String },
}

/// Nobody waits longer.
const AGAIN_MAX_MS: u32 = 2_000;

impl Room for Echo {
    type File = EchoFile;
    type Agent = ();
    type Act = EchoAct;
    type Memory = ();

    const SCENARIOS: Scenarios = scenarios!("echo": "echo");

    fn check(Brief { file, cast, .. }: &Brief<'_, Self>) -> Result<EchoSetup, Problem> {
        let (least_ms, most_ms) = file.think_ms.unwrap_or((20.0, 80.0));
        let think_us = (
            decimal::microseconds("think_ms[0]", least_ms)?,
            decimal::microseconds("think_ms[1]", most_ms)?,
        );
        if think_us.0 > think_us.1 {
            let found = "the most before the least";
            return Err(Problem::new("think_ms", "the least time first", found, "swap the two"));
        }
        let again_us = decimal::microseconds("again_ms", file.again_ms.unwrap_or(200.0))?;
        if again_us == 0 {
            return Err(Problem::new("again_ms", "more than 0", "0", "write for example 200"));
        }
        let question = |(place, question): (usize, &QuestionFile)| {
            let path = format!("questions[{place}]");
            let at_us = decimal::microseconds(&format!("{path}.at_ms"), question.at_ms)?;
            Ok((at_us, cast.member(&format!("{path}.agent"), &question.agent)?))
        };
        let questions = file.questions.iter().enumerate().map(question);
        let questions = questions.collect::<Result<_, Problem>>()?;
        Ok(EchoSetup { pace: Pace { think_us, again_us }, members: cast.count(), questions })
    }

    /// Members ask and are asked; who joins later answers.
    fn durable(setup: &EchoSetup, entrant: &Entrant<'_, Self>, _: &dyn Members) -> Option<Echo> {
        let members = (0..setup.members).map(AgentId);
        let others = members.filter(|other| *other != entrant.agent).collect();
        Some(Echo { pace: setup.pace, others, questions: Vec::new() })
    }

    fn orders(setup: &EchoSetup, _: &dyn Members, _: u64) -> Vec<(u64, AgentId, EchoOrder)> {
        setup.questions.iter().map(|(at_us, agent)| (*at_us, *agent, EchoOrder::Ask)).collect()
    }

    fn plan(
        _: &EchoSetup,
        EchoAct::Ask { agent }: &EchoAct,
        planning: &mut Planning<'_, ()>,
    ) -> Result<Vec<(AgentId, EchoOrder)>, Problem> {
        Ok(vec![(planning.cast.member("echo.agent", agent)?, EchoOrder::Ask)])
    }

    fn label(EchoAct::Ask { agent }: &EchoAct) -> String {
        format!("{agent} asks")
    }

    fn horizon_us(setup: &EchoSetup, _: &dyn Members) -> Option<u64> {
        let tries_us = setup.pace.again_us.saturating_mul(u64::from(TRIES_MAX) / 4);
        let asked_us = setup.questions.iter().map(|(at_us, _)| *at_us).max();
        asked_us.map(|asked_us| asked_us.saturating_add(tries_us))
    }

    fn settings(setup: &EchoSetup, _: &dyn Members) -> Vec<Setting> {
        let scale = Scale::Number { least: 20, most: AGAIN_MAX_MS, step: 20, unit: " ms" };
        let again_ms = u32::try_from(setup.pace.again_us / 1_000).unwrap_or(u32::MAX);
        vec![Setting::new("echo-again", "Ask again after", again_ms, scale)]
    }

    fn set(
        _: &EchoSetup,
        file: &mut Edited<'_, EchoFile>,
        setting: &str,
        value: u32,
    ) -> Option<()> {
        let is_own = setting == "echo-again";
        is_own.then(|| file.section.again_ms = Some(value.into()))
    }
}
