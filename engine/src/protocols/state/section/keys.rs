//! The rules of keys: their names, types and strategies, and their values at the start.

use std::sync::Arc;

use super::KeyFile;
use crate::common::value::Value;
use crate::common::value::data::check_value;
use crate::protocol::name::check_name;
use crate::protocol::problem::{Problem, suggestion};
use crate::protocols::state::clock::{Dot, Origin};
use crate::protocols::state::crdt::{CrdtKind, Operation, Stamp};
use crate::protocols::state::holder::StateRules;
use crate::protocols::state::record::Record;
use crate::protocols::state::replica::{KeyId, KeyRule};
use crate::protocols::state::resolve::Strategy;
use crate::sim::{AgentId, LocalTime};

/// More keys than this are not kept.
pub(super) const KEYS_MAX: usize = 20_000;

/// A write that is only tried.
pub(super) const PROBE: Stamp = Stamp {
    dot: Dot { origin: Origin { agent: AgentId(0), life: 0 }, sequence: 1 },
    time_us: LocalTime::START,
};

/// Checks the keys of one entry, and adds them to the others with the writes that make their first values.
pub(super) fn check_key(
    file: &KeyFile,
    keys: &mut Vec<KeyRule>,
    first: &mut Vec<(KeyId, Operation)>,
) -> Result<(), Problem> {
    check_key_name("key", &file.key, "write for example \"task_queue\"")?;
    let kind = match &file.kind {
        None => None,
        Some(name) => Some(crdt_kind("type", name)?),
    };
    let strategy = match &file.strategy {
        Some(name) => check_strategy("strategy", name)?,
        None if kind.is_some() => Strategy::Crdt,
        None => Strategy::LastWriteWins,
    };
    if let (true, Some(name)) = (file.strong, &file.strategy) {
        let expected = "none for a strong key, which a vote decides";
        return Err(Problem::new("strategy", expected, format!("{name:?}"), "leave it out"));
    }
    if let (true, Some(name)) = (file.strong, &file.kind) {
        let repair = "a strong key holds a plain value: leave its type out";
        return Err(Problem::new("type", "none for a strong key", format!("{name:?}"), repair));
    }
    let count = file.count.unwrap_or(1);
    if count == 0 || count as usize > KEYS_MAX {
        let repair = "leave it out for one";
        return Err(Problem::new("count", "1 to 20000", count.to_string(), repair));
    }
    if file.count.is_some() {
        check_name(
            "key",
            &format!("{}-{count}", file.key),
            "a number stands behind it: shorten it",
        )?;
    }
    let mut begins = Vec::new();
    if let Some(data) = &file.value {
        begins = begins_with(kind, &check_value("value", data)?)?;
        for operation in &begins {
            Record::first(kind, operation, PROBE).map_err(|error| {
                let repair = "write another value, or give the key another type";
                Problem::new("value", "a value its type takes", error.to_string(), repair)
            })?;
        }
    }
    let others = keys.len();
    for number in 1..=count {
        let name: Arc<str> = match file.count {
            None => file.key.as_str().into(),
            Some(_) => format!("{}-{number}", file.key).into(),
        };
        check_new_key("key", &name, &keys[..others], "give each key a name of its own")?;
        let key = KeyId(keys.len() as u32);
        keys.push(KeyRule { name, kind, strategy, change: 0, strong: file.strong });
        first.extend(begins.iter().map(|operation| (key, operation.clone())));
    }
    Ok(())
}

/// # Errors
/// When no key can have this name.
pub(super) fn check_key_name(path: &str, name: &str, repair: &str) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !name.is_empty() && name.len() <= 64 && name.chars().all(fits) {
        return Ok(());
    }
    let expected = "1 to 64 letters, digits and - _ . / :";
    Err(Problem::new(path, expected, format!("{name:?}"), repair))
}

/// # Errors
/// When there is a key of this name.
pub(super) fn check_new_key(
    path: &str,
    name: &str,
    others: &[KeyRule],
    repair: &str,
) -> Result<(), Problem> {
    if others.iter().all(|other| *other.name != *name) {
        return Ok(());
    }
    Err(Problem::new(path, "a new name", format!("{name:?} a second time"), repair))
}

/// The writes after which a key of this type holds the value.
pub(super) fn begins_with(
    kind: Option<CrdtKind>,
    value: &Value,
) -> Result<Vec<Operation>, Problem> {
    let wrong = |expected: &str| {
        let repair = "leave it out, and write to the key in faults";
        Problem::new("value", expected, value.to_string(), repair)
    };
    Ok(match (kind, value) {
        (None | Some(CrdtKind::LwwRegister | CrdtKind::MvRegister), value) => {
            vec![Operation::Set(value.clone())]
        }
        (Some(CrdtKind::GCounter | CrdtKind::PnCounter), Value::Number(number)) => {
            vec![Operation::Add(*number)]
        }
        (Some(CrdtKind::GSet | CrdtKind::OrSet), Value::List(items)) => {
            items.iter().cloned().map(Operation::Insert).collect()
        }
        (Some(CrdtKind::LwwMap), Value::Map(fields)) => {
            let put =
                |(name, value): (&Arc<str>, &Value)| Operation::Put(name.clone(), value.clone());
            fields.iter().map(put).collect()
        }
        (Some(CrdtKind::GCounter | CrdtKind::PnCounter), _) => {
            return Err(wrong("a number for a counter"));
        }
        (Some(CrdtKind::GSet | CrdtKind::OrSet), _) => return Err(wrong("a list for a set")),
        (Some(CrdtKind::LwwMap), _) => return Err(wrong("an object for a map")),
    })
}

/// # Errors
/// When there is no such key.
pub fn find_key<'a>(
    path: &str,
    name: &str,
    rules: &'a StateRules,
) -> Result<(KeyId, &'a KeyRule), Problem> {
    let mut keys = (0..).map(KeyId).zip(&rules.keys);
    keys.find(|(_, rule)| *rule.name == *name).ok_or_else(|| {
        let near = suggestion(name, rules.keys.iter().map(|key| &*key.name));
        let repair = format!("name one of state.keys{near}");
        Problem::new(path, "the name of a key", format!("{name:?}"), repair)
    })
}

fn crdt_kind(path: &str, name: &str) -> Result<CrdtKind, Problem> {
    let known = || CrdtKind::ALL.into_iter().map(|it| it.1);
    CrdtKind::ALL.into_iter().map(|it| it.0).find(|kind| kind.name() == name).ok_or_else(|| {
        let repair = format!(
            "write one of {}{}",
            known().collect::<Vec<_>>().join(", "),
            suggestion(name, known())
        );
        Problem::new(path, "a replicated type", format!("{name:?}"), repair)
    })
}

/// # Errors
/// When there is no such strategy.
pub fn check_strategy(path: &str, name: &str) -> Result<Strategy, Problem> {
    Strategy::ALL.into_iter().map(|it| it.0).find(|strategy| strategy.name() == name).ok_or_else(
        || {
            let known: Vec<&str> = Strategy::ALL.into_iter().map(|it| it.1).collect();
            let near = suggestion(name, known.iter().copied());
            let repair = format!("write one of {}{near}", known.join(", "));
            Problem::new(path, "a way to resolve", format!("{name:?}"), repair)
        },
    )
}
