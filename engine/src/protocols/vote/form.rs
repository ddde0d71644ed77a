//! A question that a person puts to the swarm. Everyone judges it as the scenario says.

use serde_json::json;

use super::Vote;
use super::acts::VoteAct;
use crate::common::asking::{Asking, Way};
use crate::common::consensus::section::WrittenProposal;
use crate::protocol::document::{Choosable, Field, Form, FormPlace, Input, Typed};
use crate::protocol::problem::Problem;

/// The form's id.
pub(super) const ID: &str = "propose";

/// Algorithms by which ballots are counted, as the file calls them and in words.
const COUNTED: [(&str, &str); 4] = [
    ("simple", "more than half FOR"),
    ("supermajority", "two thirds FOR"),
    ("unanimous", "everyone FOR"),
    ("weighted", "by weight, 65 % FOR"),
];

/// Fields that belong to the algorithm of a proposal, or to its options.
const OF_ALGORITHM: [&str; 6] =
    ["threshold", "share_of", "min_participation", "options", "rule", "deadline_ms"];

pub(super) fn form(asking: &Asking<'_, Vote>) -> Form {
    let own = asking.ways.iter().filter_map(|it| Some((it.algorithm, it.words?)));
    let choosable = |(name, words): (&str, &str)| -> Choosable { (name.into(), words.into()) };
    let algorithms = COUNTED.into_iter().chain(own).map(choosable).collect();
    let steps = Input::Steps { least: "0.1", most: "600", step: "0.1" };
    let question =
        Field::new("question", "Question", "Release now?".to_owned(), Input::Words(Vec::new()));
    Form {
        id: ID,
        title: "Put a question to the swarm".to_owned(),
        button: "Propose".to_owned(),
        place: FormPlace::Dialog,
        fields: vec![
            Field { letters_max: 80, ..question.required() },
            Field::new("rule", "Approved by", "simple".to_owned(), Input::OneOf(algorithms)),
            Field::new("seconds", "Seconds to decide", "1".to_owned(), steps).required(),
        ],
        goes_on: true,
        ..Form::default()
    }
}

/// A proposal like the last of the scenario, so that everyone finds the fields it judges by.
pub(super) fn read(asking: &Asking<'_, Vote>, typed: &Typed) -> Result<VoteAct, Problem> {
    let deadline_ms = deadline_ms(typed)?;
    let algorithm = typed.text("rule");
    let last = asking.cast.opened_files().pop();
    let mut proposal = last.unwrap_or_else(|| WrittenProposal(json!({})));
    let others = asking.ways.iter().map(|it| it.algorithm).filter(|it| *it != algorithm);
    OF_ALGORITHM.into_iter().chain(others).for_each(|field| proposal.leave_out(field));
    proposal.put("id", &(asking.new_proposal)());
    proposal.put("question", &typed.text("question"));
    proposal.put("algorithm", &algorithm);
    match asking.ways.iter().find(|it| it.algorithm == algorithm) {
        // Agents that decide themselves take as long as their rounds.
        Some(Way { part: Some(part), .. }) if !proposal.has(algorithm) => {
            proposal.put(algorithm, part);
        }
        Some(_) => {}
        None => proposal.put("deadline_ms", &deadline_ms),
    }
    if algorithm == "weighted" {
        proposal.put("threshold", &0.65);
    }
    Ok(VoteAct::Propose { proposal })
}

/// How long the vote may take, in milliseconds, typed in seconds.
fn deadline_ms(typed: &Typed) -> Result<f64, Problem> {
    let seconds = typed.number(ID, "seconds")?;
    let none = || Problem::new("propose.seconds", "a number", "nothing", "write for example 1");
    Ok(seconds.ok_or_else(none)? * 1_000.0)
}

#[cfg(test)]
mod tests;
