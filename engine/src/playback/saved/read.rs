//! A saved run from its JSON, with the reader that scenarios have.

use std::cell::OnceCell;
use std::sync::Arc;

use super::{Fork, RUN_FORMAT, SavedBranch, SavedRun};
use crate::playback::branch::Place;
use crate::scenario::build::Planned;
use crate::scenario::checked::not_read;
use crate::scenario::error::{Problem, ScenarioError};
use crate::scenario::json::{self, Value};
use crate::scenario::node::{Node, count, list, map, text, whole, written};
use crate::scenario::read::intervention;
use crate::scenario::{Scenario, gallery};

/// Thirty years: beyond this, times could no longer be added up.
const TIME_MAX_US: u64 = 1_000_000_000_000_000;

/// A scenario has no field of this name.
const MARK: &str = "run";

pub(super) fn is_one(text: &str) -> bool {
    json::parse(text).is_ok_and(|value| value.get(MARK).is_some())
}

pub(super) fn parse(text: &str, file: &str) -> Result<SavedRun, ScenarioError> {
    let mut value = json::parse(text).map_err(|error| not_read(file, text, &error))?;
    check_format(&Node::top(&value, &OnceCell::new()), file)?;
    let scenario = Arc::new(scenario(value.take("scenario"), file)?);
    let first = OnceCell::new();
    let saved = run(&Node::top(&value, &first), scenario);
    match first.into_inner().or_else(|| wrong_branch(&saved)) {
        None => Ok(saved),
        Some(problem) => Err(problem.in_file(file)),
    }
}

/// Read before all else: it says how to read the rest.
fn check_format(top: &Node<'_>, file: &str) -> Result<(), ScenarioError> {
    let node = top.field(MARK);
    match written::<u64>(&node) {
        Some(found) if found > u64::from(RUN_FORMAT) => {
            Err(ScenarioError::TooNew { file: file.to_owned(), found, known: RUN_FORMAT })
        }
        Some(1..) => Ok(()),
        _ => {
            let problem = node.problem("the number of the format of a saved run", "write 1");
            Err(problem.in_file(file))
        }
    }
}

fn scenario(value: Option<Value>, file: &str) -> Result<Scenario, ScenarioError> {
    match value {
        Some(Value::Text(name)) => gallery::find(&name)?.scenario(),
        Some(value @ Value::Object(_)) => Scenario::from_value(value, &format!("{file}, scenario")),
        _ => {
            let expected = "a scenario, or the name of one of the gallery";
            let problem = Problem::new("scenario", expected, "neither", "save the run again");
            Err(problem.in_file(file))
        }
    }
}

fn run(node: &Node<'_>, scenario: Arc<Scenario>) -> SavedRun {
    let fields = node.object(&[
        MARK, "scenario", "seed", "at", "reached", "done", "branch", "branches", "events", "hash",
        "version", "view",
    ]);
    let branches = fields.optional("branches", |node| list(node, branch));
    SavedRun {
        version: fields.required("version", text),
        scenario,
        seed: fields.required("seed", whole),
        branches: branches.unwrap_or_else(|| vec![shown(node)]),
        branch: fields.or_default("branch", count),
        events: fields.required("events", whole),
        trace_hash: fields.required("hash", hash),
        view: fields.or_default("view", |node| map(node, text)),
    }
}

fn branch(node: &Node<'_>) -> SavedBranch {
    let _ = node.object(&["left", "label", "at", "reached", "done"]);
    shown(node)
}

/// The fields of a branch, which stand among the others when it is the only one.
fn shown(node: &Node<'_>) -> SavedBranch {
    let at = place(&node.field("at"));
    let reached = node.field("reached");
    let (left, label, done) = (node.field("left"), node.field("label"), node.field("done"));
    SavedBranch {
        left: (!left.is_nothing()).then(|| fork(&left)),
        label: if label.is_nothing() { String::new() } else { text(&label) },
        done: if done.is_nothing() { Vec::new() } else { list(&done, planned) },
        at,
        reached: if reached.is_nothing() { at } else { place(&reached) },
    }
}

fn fork(node: &Node<'_>) -> Fork {
    let fields = node.object(&["branch", "time_us"]);
    Fork { branch: fields.required("branch", count), time_us: fields.required("time_us", time_us) }
}

fn place(node: &Node<'_>) -> Place {
    let fields = node.object(&["steps", "time_us"]);
    Place { steps: fields.required("steps", whole), time_us: fields.required("time_us", time_us) }
}

fn planned(node: &Node<'_>) -> Planned {
    let fields = node.object(&["at_us", "do"]);
    Planned {
        time_us: fields.required("at_us", time_us),
        intervention: fields.required("do", intervention),
    }
}

fn time_us(node: &Node<'_>) -> u64 {
    let time_us = whole(node);
    if time_us > TIME_MAX_US {
        node.refuse("microseconds, up to 1000000000000000", "save the run again");
    }
    time_us
}

fn hash(node: &Node<'_>) -> u64 {
    let digits = text(node);
    u64::from_str_radix(&digits, 16).unwrap_or_else(|_| {
        node.refuse("sixteen hexadecimal digits", "save the run again");
        0
    })
}

/// Each branch leaves one that stands before it, and the one that is shown exists.
fn wrong_branch(saved: &SavedRun) -> Option<Problem> {
    let lefts = saved.branches.iter().enumerate();
    let mut lefts = lefts.filter_map(|(number, branch)| Some((number, branch.left?.branch)));
    let (path, found) = match lefts.find(|(number, left)| *left as usize >= *number) {
        Some((number, left)) => (format!("branches[{number}].left.branch"), left),
        None if saved.branch as usize >= saved.branches.len() => {
            ("branch".to_owned(), saved.branch)
        }
        None => return None,
    };
    let expected = "the number of a branch that stands before";
    Some(Problem::new(path, expected, found.to_string(), "save the run again"))
}
