//! A saved run from its JSON, with the reader that scenarios have.

use std::sync::Arc;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::{Fork, RUN_FORMAT, SavedBranch, SavedRun};
use crate::map::Map;
use crate::playback::branch::Place;
use crate::protocol::json::{self, Value};
use crate::protocol::problem::{Problem, ScenarioError};
use crate::protocol::read::{found, read, refused, whole};
use crate::scenario::build::Planned;
use crate::scenario::checked::not_read;
use crate::scenario::{Scenario, gallery};

/// A scenario has no field of this name.
const MARK: &str = "run";

pub(super) fn is_one(text: &str) -> bool {
    json::parse(text).is_ok_and(|value| value.get(MARK).is_some())
}

pub(super) fn parse(text: &str, file: &str) -> Result<SavedRun, ScenarioError> {
    let mut value = json::parse(text).map_err(|error| not_read(file, text, &error))?;
    check_format(value.get(MARK), file)?;
    let scenario = value.get_mut("scenario").map(Value::take);
    let scenario = Arc::new(self::scenario(scenario, file)?);
    let saved = read::<RunFile>(&value).and_then(|run| run.of(scenario));
    let saved = saved.map_err(|problem| problem.in_file(file))?;
    wrong_branch(&saved).map_or(Ok(saved), |problem| Err(problem.in_file(file)))
}

/// Read before all else: it says how to read the rest.
fn check_format(format: Option<&Value>, file: &str) -> Result<(), ScenarioError> {
    match whole::<u64>(format) {
        Some(found) if found > u64::from(RUN_FORMAT) => {
            Err(ScenarioError::TooNew { file: file.to_owned(), found, known: RUN_FORMAT })
        }
        Some(1..) => Ok(()),
        _ => {
            let expected = "the number of the format of a saved run";
            Err(Problem::new(MARK, expected, found(format), "write 1").in_file(file))
        }
    }
}

fn scenario(value: Option<Value>, file: &str) -> Result<Scenario, ScenarioError> {
    match value {
        Some(Value::String(name)) => gallery::find(&name)?.scenario(),
        Some(value @ Value::Object(_)) => Scenario::from_value(value, &format!("{file}, scenario")),
        _ => {
            let expected = "a scenario, or the name of one of the gallery";
            let problem = Problem::new("scenario", expected, "neither", "save the run again");
            Err(problem.in_file(file))
        }
    }
}

/// A saved run as it is written. The fields of an only branch stand among the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RunFile {
    #[serde(rename = "run")]
    _format: IgnoredAny,
    #[serde(rename = "scenario")]
    _scenario: IgnoredAny,
    version: String,
    seed: u64,
    at: Option<Place>,
    reached: Option<Place>,
    done: Option<Vec<Planned>>,
    branches: Option<Vec<BranchFile>>,
    branch: Option<u32>,
    events: u64,
    #[serde(deserialize_with = "hash")]
    hash: u64,
    view: Option<Map<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BranchFile {
    left: Option<Fork>,
    label: Option<String>,
    at: Place,
    reached: Option<Place>,
    done: Option<Vec<Planned>>,
}

impl RunFile {
    fn of(self, scenario: Arc<Scenario>) -> Result<SavedRun, Problem> {
        let Self { version, seed, at, reached, done, branches, branch, events, hash, view, .. } =
            self;
        let branches = match (branches, at) {
            (Some(branches), _) => branches.into_iter().map(BranchFile::of).collect(),
            (None, Some(at)) => {
                vec![BranchFile { left: None, label: None, at, reached, done }.of()]
            }
            (None, None) => {
                return Err(Problem::new("at", "an object", "nothing", "save the run again"));
            }
        };
        Ok(SavedRun {
            version,
            scenario,
            seed,
            branches,
            branch: branch.unwrap_or_default(),
            events,
            trace_hash: hash,
            view: view.unwrap_or_default(),
        })
    }
}

impl BranchFile {
    fn of(self) -> SavedBranch {
        let Self { left, label, at, reached, done } = self;
        SavedBranch {
            left,
            label: label.unwrap_or_default(),
            done: done.unwrap_or_default(),
            at,
            reached: reached.unwrap_or(at),
        }
    }
}

fn hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let digits = String::deserialize(deserializer)?;
    u64::from_str_radix(&digits, 16)
        .map_err(|_| refused("sixteen hexadecimal digits", "save the run again"))
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
