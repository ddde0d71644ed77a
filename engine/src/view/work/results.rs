//! What a task has come to, by key, and who gave it.

use crate::coordination::state::value::Value;
use crate::coordination::work::job::Job;
use crate::coordination::work::synthesis::{PartEnd, aggregate};
use crate::playback::frame::Cast;
use crate::playback::frame::work::WorkFrame;
use crate::view::figure::shortened;

/// Longer values are cut.
const VALUE_MAX: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    pub hint: &'static str,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: String,
    pub value: String,
    /// "extractor 3, analyzer 1", or one name.
    pub from: String,
}

/// Nothing before something has come back.
pub(super) fn results(job: &Job, work: &WorkFrame, cast: &Cast) -> Option<Results> {
    let done: Vec<_> = job
        .parts
        .iter()
        .filter_map(|part| match part.end.as_ref()? {
            PartEnd::Done { agent, data, .. } => Some((*agent, data)),
            PartEnd::Failed { .. } => None,
        })
        .collect();
    let parts: Vec<_> = done.iter().map(|(_, data)| (*data).clone()).collect();
    // A manager adds up by key; the coordinator keeps the better of two that differ.
    let whole = match &job.synthesis {
        Some(synthesis) if work.manager.is_none() => synthesis.data.clone(),
        _ => aggregate(&parts),
    };
    let rows = whole.iter().map(|(key, value)| {
        let given: Vec<_> =
            done.iter().filter_map(|(agent, data)| Some((*agent, data.get(&**key)?))).collect();
        let are_added = given.len() > 1 && !given.iter().all(|(_, it)| *it == value);
        let from = given.iter().map(|(agent, value)| match (are_added, value) {
            (true, Value::Number(_)) => format!("{} {}", cast.name(*agent), told(value)),
            _ => cast.name(*agent).to_owned(),
        });
        let from: Vec<String> = from.collect();
        Row { key: key.to_string(), value: told(value), from: from.join(", ") }
    });
    let rows: Vec<Row> = rows.collect();
    let hint = match (work.manager.is_some(), job.synthesis.is_some()) {
        (true, _) => "added up by key",
        (false, true) => "put together by key",
        (false, false) => "so far",
    };
    (!rows.is_empty()).then_some(Results { hint, rows })
}

fn told(value: &Value) -> String {
    shortened(&value.to_string(), VALUE_MAX)
}
