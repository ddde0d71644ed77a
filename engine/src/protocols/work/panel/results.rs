//! The result of a task, by key, and who gave it.

use crate::common::figure::shortened;
use crate::common::value::Value;
use crate::protocols::work::aggregate::{Piece, aggregate};
use crate::protocols::work::job::Job;
use crate::protocols::work::overview::Overview;

/// Longer values are cut.
const VALUE_MAX: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    pub hint: &'static str,
    pub rows: Vec<ResultRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    pub key: String,
    pub value: String,
    /// "extractor 3, analyzer 1", or one name.
    pub from: String,
}

/// Nothing before something has come back.
pub(super) fn results(job: &Job, work: &Overview<'_>) -> Option<Results> {
    let done: Vec<Piece<'_>> =
        job.parts.iter().filter_map(|part| Piece::of(part.end.as_ref()?)).collect();
    // A manager adds up by key; the coordinator keeps the better of two that differ.
    let whole = match &job.synthesis {
        Some(synthesis) if work.manager.is_none() => synthesis.data.clone(),
        _ => aggregate(&done).data,
    };
    let mut rows = Vec::new();
    for (key, value) in &whole {
        let mut from = String::new();
        for piece in &done {
            let Some(given) = piece.data.get(&**key) else { continue };
            for (_, agent) in piece.givers(key) {
                if !from.is_empty() {
                    from += ", ";
                }
                from += work.name(agent);
            }
            // A sum is told by what each gave.
            if given != value && matches!(given, Value::Number(_)) {
                from += " ";
                from += &told(given);
            }
        }
        rows.push(ResultRow { key: key.to_string(), value: told(value), from });
    }
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
