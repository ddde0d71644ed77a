//! The rules of what agents ask each other: whoever is asked knows it, and what is told somebody needs.

use std::sync::Arc;

use super::Scenario;
use crate::coordination::work::WorkStyle;
use crate::coordination::work::questions::{Answers, Needed, QuestionId};
use crate::protocol::problem::{Problem, suggestion};
use crate::scenario::file::ScenarioFile;
use crate::sim::AgentId;

/// So many different things can be asked for.
const QUESTIONS_MAX: usize = 1_000;

/// Whom an agent asks, found by its name.
pub type Find<'a> = &'a dyn Fn(&str, &str) -> Result<AgentId, Problem>;

/// What agents ask each other for, each once, in order.
pub fn check_questions(scenario: &Scenario) -> Result<Vec<Arc<str>>, Problem> {
    let styles =
        || (0..).map(AgentId).zip(&scenario.members).map(|(agent, it)| (agent, &it.profile.work));
    let mut questions: Vec<Arc<str>> = Vec::new();
    for need in styles().flat_map(|(_, style)| &style.needs) {
        if let Err(place) = questions.binary_search(&need.key) {
            questions.insert(place, need.key.clone());
        }
    }
    if questions.len() > QUESTIONS_MAX {
        let expected = format!("at most {QUESTIONS_MAX} different keys in all needs");
        let found = questions.len().to_string();
        return Err(Problem::new("agents", expected, found, "ask for fewer things"));
    }
    for (agent, style) in styles() {
        let under = |problem: Problem| problem.under(&path_of(scenario, agent));
        check_known(style, &questions).map_err(under)?;
        let find = |path: &str, name: &str| match scenario.names.find(path, name)? {
            itself if itself == agent => {
                let (expected, found) = ("another agent", format!("{name:?} itself"));
                let repair = "name one that knows it, or leave \"ask\" out";
                Err(Problem::new(path, expected, found, repair))
            }
            other => Ok(other),
        };
        check_needs(style, scenario, &find).map_err(under)?;
    }
    Ok(questions)
}

/// Whether somebody needs each thing that the agent knows, and what an agent that joins needs is among what was asked for
/// from the start.
pub fn check_known(style: &WorkStyle, questions: &[Arc<str>]) -> Result<(), Problem> {
    for key in style.knows.keys() {
        check_question(&format!("work.knows.{key}"), key, questions)?;
    }
    for need in &style.needs {
        check_question(&format!("work.needs.{}", need.key), &need.key, questions)?;
    }
    Ok(())
}

/// # Errors
/// When no agent of the file needs it.
pub fn check_question(path: &str, key: &str, questions: &[Arc<str>]) -> Result<(), Problem> {
    if questions.iter().any(|it| **it == *key) {
        return Ok(());
    }
    let near = suggestion(key, questions.iter().map(|it| &**it));
    let repair = format!("add it to the \"needs\" of an agent of the file, or leave it out{near}");
    Err(Problem::new(path, "a key that an agent needs", format!("{key:?}"), repair))
}

/// Whether those it asks know it.
pub fn check_needs(style: &WorkStyle, scenario: &Scenario, find: Find<'_>) -> Result<(), Problem> {
    for need in &style.needs {
        let Some(name) = &need.ask else { continue };
        let path = format!("work.needs.{}.ask", need.key);
        let agent = find(&path, name)?;
        let knows = |agent: AgentId| {
            let member = scenario.members.get(agent.index());
            member.is_some_and(|it| it.profile.work.knows.contains_key(&need.key))
        };
        if !knows(agent) {
            let members = scenario.members.iter().map(|it| &it.profile);
            let who = members.filter(|it| it.work.knows.contains_key(&need.key));
            let who: Vec<&str> = who.map(|it| it.name.as_str()).take(3).collect();
            let repair = match who.is_empty() {
                true => format!("add \"knows\": {{ \"{}\": … }} to the work of {name}", need.key),
                false => format!("name one that does: {}", who.join(", ")),
            };
            let found = format!("{name:?}, which does not know it");
            return Err(Problem::new(
                path,
                format!("an agent that knows {}", need.key),
                found,
                repair,
            ));
        }
    }
    Ok(())
}

impl Scenario {
    /// What the agent needs, with those it asks.
    pub(in crate::scenario) fn needed(&self, style: &WorkStyle) -> Arc<[Needed]> {
        let rules = self.work.as_ref().map(|work| &work.rules);
        let number = |key: &str| rules.and_then(|rules| rules.question(key));
        let needed = style.needs.iter().filter_map(|need| {
            let question: QuestionId = number(&need.key)?;
            let ask = need.ask.as_ref().and_then(|name| self.names.find("ask", name).ok());
            Some(Needed { need: need.clone(), question, ask })
        });
        needed.collect()
    }
}

/// What it knows at the start.
#[must_use]
pub fn answers(style: &WorkStyle) -> Answers {
    let known = style.knows.iter().map(|(key, value)| (key.clone(), (0, value.clone())));
    Answers { known: known.collect(), askers: Vec::new() }
}

/// Where the agent stands in the file.
pub(super) fn path_of(scenario: &Scenario, agent: AgentId) -> String {
    let ScenarioFile { agents, .. } = &scenario.file;
    let mut before = 0;
    let place = agents.iter().position(|it| {
        before += it.count.unwrap_or(1);
        agent.0 < before
    });
    format!("agents[{}]", place.unwrap_or_default())
}
