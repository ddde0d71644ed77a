//! The rules of writes.

use super::WriteFile;
use super::keys::{PROBE, find_key};
use crate::common::value::data::{check_number, check_value};
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::protocols::state::crdt::Operation;
use crate::protocols::state::holder::{StateOrder, StateRules};
use crate::protocols::state::record::Record;
use crate::protocols::state::replica::{KeyId, KeyRule};

/// The orders by which an agent writes this: strong keys one after the other, the others at once.
///
/// # Errors
/// The first rule that a write breaks, with its place.
pub fn write_orders(writes: &[WriteFile], rules: &StateRules) -> Result<Vec<StateOrder>, Problem> {
    let mut all = Vec::new();
    let mut orders = Vec::new();
    for (place, file) in writes.iter().enumerate() {
        let path = format!("writes[{place}]");
        let ((key, rule), operations) =
            check_write(file, rules).map_err(|problem| problem.under(&path))?;
        let (expects, repair) = (file.expects.unwrap_or(0), "leave it out for 0");
        let most = decimal::COUNT_MAX;
        let expects = decimal::within(&format!("{path}.expects"), expects, 0..=most, repair)?;
        for operation in operations {
            if rule.strong {
                orders.push(StateOrder::StrongWrite { key, operation, expects });
            } else {
                all.push((key, operation));
            }
        }
    }
    if !all.is_empty() {
        orders.push(StateOrder::Write(all));
    }
    Ok(orders)
}

/// The key of a write, and its operations.
///
/// # Errors
/// When it says nothing, or two things, or what the type of the key does not take.
fn check_write<'a>(
    file: &WriteFile,
    rules: &'a StateRules,
) -> Result<((KeyId, &'a KeyRule), Vec<Operation>), Problem> {
    let (key, rule) = find_key("key", &file.key, rules)?;
    let mut operations = Vec::new();
    if let Some(data) = &file.set {
        operations.push(Operation::Set(check_value("set", data)?));
    }
    if let Some(number) = file.add {
        operations.push(Operation::Add(check_number("add", number)?));
    }
    if let Some(data) = &file.insert {
        operations.push(Operation::Insert(check_value("insert", data)?));
    }
    if let Some(data) = &file.remove {
        operations.push(Operation::Remove(check_value("remove", data)?));
    }
    for (name, data) in &file.put {
        operations.push(Operation::Put(name.as_str().into(), check_value("put", data)?));
    }
    if let Some(name) = &file.take {
        operations.push(Operation::Take(name.as_str().into()));
    }
    if operations.is_empty() {
        let repair = "write for example \"add\": 1, or \"set\": \"done\"";
        return Err(Problem::new(
            "key",
            "one of set, add, insert, remove, put, take",
            "none",
            repair,
        ));
    }
    if let Some(expects) = file.expects.filter(|_| !rule.strong) {
        let repair = "leave it out, or make the key strong in state.keys";
        let found = expects.to_string();
        return Err(Problem::new("expects", "none for a key that is not strong", found, repair));
    }
    if rule.strong && operations.len() > 1 {
        let repair = "write one after the other, each with the version it expects";
        return Err(Problem::new("key", "one write of a strong key", "several", repair));
    }
    for operation in &operations {
        if rule.strong && !matches!(operation, Operation::Set(_)) {
            let repair = "a strong key holds a plain value: use set";
            return Err(Problem::new("key", "set for a strong key", operation.name(), repair));
        }
        Record::first(rule.kind, operation, PROBE).map_err(|error| {
            let repair = format!("change the write, or the type of {} in state.keys", rule.name);
            Problem::new("key", "what its type takes", error.to_string(), repair)
        })?;
    }
    Ok(((key, rule), operations))
}
