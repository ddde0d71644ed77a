//! The part of a file about what the swarm keeps.

use std::cell::OnceCell;

use crate::coordination::number::read_number;
use crate::scenario::error::Problem;
use crate::scenario::file::state::{
    DataFile, FollowUpFile, KeptWorkFile, KeyFile, ReplicaFile, StateFile, StepFile, SyncFile,
    WriteFile,
};
use crate::scenario::json::{self, Value};
use crate::scenario::node::{Node, count, list, map, number, text, truth, whole, word};

pub fn state(node: &Node<'_>) -> StateFile {
    let fields = node.object(&[
        "keys",
        "work",
        "sync_interval_ms",
        "sync",
        "push",
        "timeout_ms",
        "horizon",
        "durable",
        "replicas",
        "on_approval",
    ]);
    StateFile {
        keys: fields.or_default("keys", |node| list(node, key)),
        work: fields.optional("work", kept_work),
        sync_interval_ms: fields.optional("sync_interval_ms", number),
        sync: fields.optional("sync", sync),
        push: fields.optional("push", truth),
        timeout_ms: fields.optional("timeout_ms", number),
        horizon: fields.optional("horizon", count),
        durable: fields.optional("durable", truth),
        replicas: fields.or_default("replicas", |node| list(node, replica)),
        on_approval: fields.or_default("on_approval", |node| list(node, follow_up)),
    }
}

fn kept_work(node: &Node<'_>) -> KeptWorkFile {
    let fields = node.object(&["queue", "lists", "completed"]);
    KeptWorkFile {
        queue: fields.optional("queue", text),
        lists: fields.optional("lists", text),
        completed: fields.optional("completed", text),
    }
}

fn follow_up(node: &Node<'_>) -> FollowUpFile {
    let fields = node.object(&["proposal", "agent", "every_ms", "steps"]);
    FollowUpFile {
        proposal: fields.required("proposal", text),
        agent: fields.required("agent", text),
        every_ms: fields.optional("every_ms", number),
        steps: fields.required("steps", |node| list(node, step)),
    }
}

fn step(node: &Node<'_>) -> StepFile {
    let fields = node.object(&["writes", "facts", "sync"]);
    StepFile {
        writes: fields.or_default("writes", |node| list(node, write)),
        facts: fields.or_default("facts", |node| map(node, text)),
        sync: fields.optional("sync", sync),
    }
}

fn key(node: &Node<'_>) -> KeyFile {
    let fields = node.object(&["key", "count", "type", "strategy", "strong", "value"]);
    KeyFile {
        key: fields.required("key", text),
        count: fields.optional("count", count),
        kind: fields.optional("type", text),
        strategy: fields.optional("strategy", text),
        strong: fields.or_default("strong", truth),
        value: fields.optional("value", data),
    }
}

fn replica(node: &Node<'_>) -> ReplicaFile {
    let fields = node.object(&["agent", "key", "value", "version", "time_ms", "by", "clock"]);
    ReplicaFile {
        agent: fields.required("agent", text),
        key: fields.required("key", text),
        value: fields.required("value", data),
        version: fields.optional("version", whole),
        time_ms: fields.optional("time_ms", number),
        by: fields.optional("by", text),
        clock: fields.or_default("clock", |node| map(node, whole)),
    }
}

pub fn data(node: &Node<'_>) -> DataFile {
    match node.value {
        None => {
            node.refuse("a value", "write for example 10, \"done\" or null");
            DataFile::Null
        }
        Some(Value::Null) => DataFile::Null,
        Some(Value::Bool(truth)) => DataFile::Bool(*truth),
        Some(Value::Number(_)) => DataFile::Number(number(node)),
        Some(Value::Text(text)) => DataFile::Text(text.clone()),
        Some(Value::List(_)) => DataFile::List(list(node, data)),
        Some(Value::Object(_)) => DataFile::Map(map(node, data)),
    }
}

/// Reads what a person types: a number, true, false, a list or a map by the rules of a file, or else a text.
/// Nothing where a list or a map is not JSON.
///
/// # Errors
/// Those of a file, such as for a number of too many digits.
#[must_use]
pub fn read_data(text: &str) -> Option<Result<DataFile, Problem>> {
    let text = text.trim();
    let value = if text.starts_with(['[', '{']) || matches!(text, "true" | "false") {
        json::parse(text).ok()?
    } else if read_number(text).is_some() {
        Value::Number(text.into())
    } else {
        return Some(Ok(DataFile::Text(text.to_owned())));
    };
    let first = OnceCell::new();
    let data = data(&Node::top(&value, &first));
    Some(first.into_inner().map_or(Ok(data), Err))
}

pub fn sync(node: &Node<'_>) -> SyncFile {
    match word(node, &["delta", "full", "query"]) {
        "delta" => SyncFile::Delta,
        "full" => SyncFile::Full,
        _ => SyncFile::Query,
    }
}

pub fn write(node: &Node<'_>) -> WriteFile {
    let fields = node.object(&["key", "set", "add", "insert", "remove", "put", "take", "expects"]);
    WriteFile {
        key: fields.required("key", text),
        set: fields.given("set", data),
        add: fields.optional("add", number),
        insert: fields.given("insert", data),
        remove: fields.given("remove", data),
        put: fields.or_default("put", |node| map(node, data)),
        take: fields.optional("take", text),
        expects: fields.optional("expects", whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_judged_as_in_a_file() {
        let read = |text| read_data(text).expect("it is JSON, or a text");
        assert_eq!(read(" 2.5 "), Ok(DataFile::Number(2.5)));
        assert_eq!(read("007"), Ok(DataFile::Number(7.0)));
        assert_eq!(read("fast"), Ok(DataFile::Text("fast".to_owned())));
        assert_eq!(read("true"), Ok(DataFile::Bool(true)));
        assert!(read_data("[1, ").is_none());
        for many in ["1234567890123456", "0.12345678901234567", "[1234567890123456]"] {
            let problem = read(many).expect_err(many).in_file("write").to_string();
            assert!(
                problem.contains("at most 15 digits") && problem.contains("round it"),
                "{problem}"
            );
        }
    }
}
