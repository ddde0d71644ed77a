//! The rules of questions between agents: the agent asked knows the answer, and what is told somebody needs.

use std::sync::Arc;

use crate::common::room::Members;
use crate::protocol::problem::{Problem, suggestion};
use crate::protocols::work::questions::{Answers, Needed, QuestionId};
use crate::protocols::work::{WorkRules, WorkStyle};
use crate::sim::AgentId;

/// So many different things can be asked for.
const QUESTIONS_MAX: usize = 1_000;

/// Finds an agent by its name.
pub type Find<'a> = &'a dyn Fn(&str, &str) -> Result<AgentId, Problem>;

/// The keys that agents ask each other for, each once, in order.
pub(super) fn check_questions(
    styles: &[Arc<WorkStyle>],
    cast: &dyn Members,
) -> Result<Vec<Arc<str>>, Problem> {
    let mut questions: Vec<Arc<str>> = Vec::new();
    for need in styles.iter().flat_map(|style| &style.needs) {
        if let Err(place) = questions.binary_search(&need.key) {
            questions.insert(place, need.key.clone());
        }
    }
    if questions.len() > QUESTIONS_MAX {
        let expected = format!("at most {QUESTIONS_MAX} different keys in all needs");
        let found = questions.len().to_string();
        return Err(Problem::new("agents", expected, found, "ask for fewer things").at_top());
    }
    for (agent, style) in (0..).map(AgentId).zip(styles) {
        let under = |problem: Problem| problem.under(&cast.place(agent)).at_top();
        check_known(style, &questions).map_err(under)?;
        let find = |path: &str, name: &str| match cast.find(path, name)? {
            itself if itself == agent => {
                let (expected, found) = ("another agent", format!("{name:?} itself"));
                let repair = "name one that knows it, or leave \"ask\" out";
                Err(Problem::new(path, expected, found, repair))
            }
            other => Ok(other),
        };
        check_needs(style, (styles, cast), &find).map_err(under)?;
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

/// Whether those it asks know it, by how the members work.
pub fn check_needs(
    style: &WorkStyle,
    (styles, cast): (&[Arc<WorkStyle>], &dyn Members),
    find: Find<'_>,
) -> Result<(), Problem> {
    for need in &style.needs {
        let Some(name) = &need.ask else { continue };
        let path = format!("work.needs.{}.ask", need.key);
        let agent = find(&path, name)?;
        let knows = |style: &Arc<WorkStyle>| style.knows.contains_key(&need.key);
        if !styles.get(agent.index()).is_some_and(knows) {
            let who = (0..).map(AgentId).zip(styles).filter(|(_, style)| knows(style));
            let who = who.filter_map(|(agent, _)| cast.profile(agent));
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

/// The needs of the agent, with the agents it asks.
pub(in crate::protocols::work) fn needed(
    style: &WorkStyle,
    rules: &WorkRules,
    cast: &dyn Members,
) -> Arc<[Needed]> {
    let needed = style.needs.iter().filter_map(|need| {
        let question: QuestionId = rules.question(&need.key)?;
        let ask = need.ask.as_ref().and_then(|name| cast.find("ask", name).ok());
        Some(Needed { need: need.clone(), question, ask })
    });
    needed.collect()
}

/// The answers that it knows at the start.
pub(in crate::protocols::work) fn answers(style: &WorkStyle) -> Answers {
    let known = style.knows.iter().map(|(key, value)| (key.clone(), (0, value.clone())));
    Answers { known: known.collect(), askers: Vec::new() }
}
