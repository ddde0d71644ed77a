//! Writing values at an agent: the operations that keys take, and the write that a person asks for.

use super::acts::StateAct;
use super::holder::State;
use super::replica::KeyId;
use super::section::WriteFile;
use super::standing::{expected, key_name, operations, rule, shown_key};
use crate::common::asking::Asking;
use crate::common::shown::{Look, Peek};
use crate::common::value::data::{DataFile, read_data};
use crate::protocol::document::{Choosable, Field, Form, FormError, FormPlace, Input, Rows, Typed};
use crate::sim::AgentId;

/// The form's id.
pub(super) const ID: &str = "write";

/// The key that is shown, and where there are several a way to write others with it.
pub(super) fn form(peek: &dyn Peek<State>, asking: &Asking<'_, State>) -> Form {
    let key = shown_key(peek, asking.look);
    let names = &peek.known().names;
    let several = names.len() > 1;
    let name = if several { key_name(peek, key).to_owned() } else { String::new() };
    let other = || {
        // At first one that is not shown.
        let first = KeyId(u32::from(key == KeyId(0)));
        let keys = names.iter().map(|name| (name.to_string(), name.to_string())).collect();
        let takes =
            |(number, name): (u32, &_)| (ToString::to_string(name), choosable(peek, KeyId(number)));
        let options = (0..).zip(names.iter()).map(takes).collect();
        vec![
            Field::new("key", "Key", key_name(peek, first).to_owned(), Input::OneOf(keys)),
            operation(Input::OneFor { field: "key", options }),
            value(peek, first),
        ]
    };
    let first = vec![
        Field::new("key", "Key", name, Input::Given),
        operation(Input::OneOf(choosable(peek, key))),
        value(peek, key),
    ];
    Form {
        id: ID,
        button: format!("Write at {}", peek.names().agent(writer(peek, asking.look))),
        place: FormPlace::Plain,
        rows: Some(Rows {
            first,
            other: if several { other() } else { Vec::new() },
            add: "Another key in the same write",
            remove: "Without this key",
        }),
        ..Form::default()
    }
}

fn operation(input: Input) -> Field {
    Field::new("operation", "What to do", String::new(), input)
}

fn value(peek: &dyn Peek<State>, key: KeyId) -> Field {
    // A counter is most often raised by one.
    let first = if takes(peek, key) == ["add"] { "1" } else { "" };
    Field::new("value", "Value", first.to_owned(), Input::Words(Vec::new())).required()
}

/// The operations that a key takes.
fn takes(peek: &dyn Peek<State>, key: KeyId) -> &'static [&'static str] {
    rule(peek, key).map_or(&[], |rule| operations(rule.kind))
}

fn choosable(peek: &dyn Peek<State>, key: KeyId) -> Vec<Choosable> {
    let words = |operation: &&str| match *operation {
        "add" => "add",
        "insert" => "put in",
        "remove" => "take out",
        "put" => "name = value",
        "take" => "forget name",
        _ => "set to",
    };
    takes(peek, key).iter().map(|it| ((*it).to_owned(), words(it).to_owned())).collect()
}

/// The agent that writes: the one that is selected, or the first.
fn writer(peek: &dyn Peek<State>, look: &Look) -> AgentId {
    look.selected.filter(|agent| Some(*agent) != peek.coordinator()).unwrap_or(AgentId(0))
}

/// Everything the form says, in one write.
pub(super) fn read(
    peek: &dyn Peek<State>,
    asking: &Asking<'_, State>,
    typed: &Typed,
) -> Result<StateAct, FormError> {
    let agent = writer(peek, asking.look);
    let shown = shown_key(peek, asking.look);
    let named = |name: &str| peek.known().names.iter().position(|it| **it == *name);
    let one = |[name, operation, text]: [&str; 3]| {
        // Where there is one key, it has no name in the form.
        let key = named(name).map_or(shown, |place| KeyId(place as u32));
        let key_name = key_name(peek, key).to_owned();
        write(
            WriteFile {
                key: key_name,
                expects: expected(peek, key, agent),
                ..WriteFile::default()
            },
            operation,
            text,
        )
    };
    let writes = typed.rows(["key", "operation", "value"]).map(one).collect::<Result<_, _>>()?;
    Ok(StateAct::Write { agent: peek.names().agent(agent).to_owned(), writes })
}

/// The write to a key, with the operation and its value.
fn write(mut write: WriteFile, operation: &str, text: &str) -> Result<WriteFile, FormError> {
    let (name, given) = match text.split_once('=') {
        Some((name, given)) if operation == "put" => (name.trim().to_owned(), given),
        _ => (String::new(), text),
    };
    if operation == "take" {
        write.take = Some(text.to_owned());
        return Ok(write);
    }
    let data = read_data(given).transpose().map_err(|problem| {
        FormError::Told(problem.in_file(&format!("the write to {}", write.key)).to_string())
    })?;
    let (data, example) = match (operation, data) {
        ("add", Some(DataFile::Number(number))) => {
            write.add = Some(number);
            return Ok(write);
        }
        ("add", _) => (None, "is no number; write for example 1"),
        ("put", data) => {
            (data.filter(|_| !name.is_empty()), "has no value; write for example mode = fast")
        }
        (_, data) => (data, "is no list or map; write for example [\"a\", \"b\"] or {\"a\": 1}"),
    };
    let Some(data) = data else {
        return Err(FormError::Told(format!("{}: \"{text}\" {example}", write.key)));
    };
    match operation {
        "insert" => write.insert = Some(data),
        "remove" => write.remove = Some(data),
        "put" => drop(write.put.insert(name, data)),
        _ => write.set = Some(data),
    }
    Ok(write)
}

#[cfg(test)]
mod tests;
