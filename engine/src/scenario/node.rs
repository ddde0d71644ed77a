//! A value of a file with the place it stands at: reading it as something else leaves a [`Problem`]
//! that says where, what was expected and what was found, and gives an empty value. So readers say
//! only what they read, and their code stays small; whoever began looks for the problem at the end.

use std::cell::OnceCell;

use super::error::{Problem, suggestion};
use super::json::Value;
use crate::coordination::number::{DIGITS_MAX, read_exactly, read_number, read_whole};
use crate::map::Map;

/// A value at its place, or a place where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub value: Option<&'a Value>,
    place: Place<'a>,
    /// The first problem of the whole file.
    first: &'a OnceCell<Problem>,
}

/// Kept as a chain: it is put into words only when something is wrong there.
#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    Top,
    Field { of: &'a Node<'a>, name: &'a str },
    Item { of: &'a Node<'a>, number: usize },
}

/// Reads something from a node.
pub type Read<T> = fn(&Node<'_>) -> T;

impl<'a> Node<'a> {
    #[must_use]
    pub fn top(value: &'a Value, first: &'a OnceCell<Problem>) -> Self {
        Self { value: Some(value), place: Place::Top, first }
    }

    /// Such as `agents[0].weight`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        self.write_path(&mut path);
        if path.is_empty() { "the top".to_owned() } else { path }
    }

    fn write_path(&self, path: &mut String) {
        match self.place {
            Place::Top => {}
            Place::Field { of, name } => {
                of.write_path(path);
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Place::Item { of, number } => {
                of.write_path(path);
                *path += &format!("[{number}]");
            }
        }
    }

    /// Something else was expected here. Only the first problem of a file is kept.
    pub fn refuse(&self, expected: &str, repair: &str) {
        self.first.get_or_init(|| self.problem(expected, repair));
    }

    #[must_use]
    pub fn problem(&self, expected: &str, repair: &str) -> Problem {
        Problem::new(self.path(), expected, self.found(), repair)
    }

    fn found(&self) -> String {
        match self.value {
            None => "nothing".to_owned(),
            Some(Value::Null) => "null".to_owned(),
            Some(Value::Bool(truth)) => truth.to_string(),
            Some(Value::Number(number)) => shortened(number),
            Some(Value::Text(text)) => format!("{:?}", shortened(text)),
            Some(Value::List(items)) => format!("a list of {}", items.len()),
            Some(Value::Object(_)) => "an object".to_owned(),
        }
    }

    /// Whether there is nothing here, or `null`.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        matches!(self.value, None | Some(Value::Null))
    }

    /// What stands under this name, if anything does.
    #[must_use]
    pub fn field(&'a self, name: &'a str) -> Self {
        let value = self.value.and_then(|value| value.get(name));
        Self { value, place: Place::Field { of: self, name }, first: self.first }
    }

    /// An object that has none but these fields.
    #[must_use]
    pub fn object(&'a self, known: &'static [&'static str]) -> Object<'a> {
        let unknown = |name: &&String| !known.contains(&name.as_str());
        if let Some(name) = self.fields().and_then(|fields| fields.keys().find(unknown)) {
            self.first.get_or_init(|| {
                let path = self.field(name).path();
                let expected = format!("only fields it may have ({})", known.join(", "));
                let near = suggestion(name, known.iter().copied());
                let found = format!("the unknown field {:?}", shortened(name));
                Problem::new(path, expected, found, format!("rename it or leave it out{near}"))
            });
        }
        Object { node: self, known }
    }

    fn fields(&self) -> Option<&'a Map<String, Value>> {
        if let Some(Value::Object(fields)) = self.value {
            return Some(fields);
        }
        self.refuse("an object", "write { … }");
        None
    }

    fn items(&self) -> &'a [Value] {
        if let Some(Value::List(items)) = self.value {
            return items;
        }
        self.refuse("a list", "write [ … ]");
        &[]
    }

    fn item(&'a self, number: usize, value: &'a Value) -> Self {
        Self { value: Some(value), place: Place::Item { of: self, number }, first: self.first }
    }

    /// One of several: a text that names it, or an object whose only field does.
    #[must_use]
    pub fn choice(&'a self, names: &[&'static str]) -> Choice<'a> {
        let written = match self.value {
            Some(Value::Text(name)) => Some((name, None)),
            Some(Value::Object(fields)) if fields.len() == 1 => {
                fields.iter().next().map(|(name, content)| (name, Some(content)))
            }
            _ => None,
        };
        let known = written.and_then(|(name, _)| names.iter().find(|known| *known == name));
        if known.is_none() {
            self.first.get_or_init(|| {
                let name = written.map(|(name, _)| name.as_str());
                let near = name.map(|name| suggestion(name, names.iter().copied()));
                let repair = format!("take one of these{}", near.unwrap_or_default());
                let found = name.map(|name| format!("{:?}", shortened(name)));
                let found = found.unwrap_or_else(|| self.found());
                Problem::new(self.path(), format!("one of {}", names.join(", ")), found, repair)
            });
        }
        let name = known.copied().unwrap_or_default();
        let content = written.and_then(|(_, content)| content);
        Choice { name, content: Node { value: content, ..self.field(name) }, node: self }
    }
}

/// An object whose fields are known to be among those it may have.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    node: &'a Node<'a>,
    known: &'static [&'static str],
}

impl<'a> Object<'a> {
    fn field(&self, name: &'static str) -> Node<'a> {
        debug_assert!(self.known.contains(&name), "{name} would be refused");
        self.node.field(name)
    }

    /// A field that must be there.
    #[must_use]
    pub fn required<T>(&self, name: &'static str, read: Read<T>) -> T {
        read(&self.field(name))
    }

    /// A field that need not be there; `null` is the same as leaving it out.
    #[must_use]
    pub fn optional<T>(&self, name: &'static str, read: Read<T>) -> Option<T> {
        let node = self.field(name);
        if node.is_nothing() { None } else { Some(read(&node)) }
    }

    /// A field that need not be there, of which `null` is a value like others.
    #[must_use]
    pub fn given<T>(&self, name: &'static str, read: Read<T>) -> Option<T> {
        let node = self.field(name);
        node.value.is_some().then(|| read(&node))
    }

    /// A field with a default, where it is not there or `null`.
    #[must_use]
    pub fn or_default<T: Default>(&self, name: &'static str, read: Read<T>) -> T {
        let node = self.field(name);
        if node.is_nothing() { T::default() } else { read(&node) }
    }
}

/// What was taken of several.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    pub name: &'static str,
    /// What stands beside the name; nothing when the name stands alone.
    pub content: Node<'a>,
    node: &'a Node<'a>,
}

impl Choice<'_> {
    /// The name, which must stand alone.
    pub fn alone(&self) -> &'static str {
        let name = self.name;
        if self.content.value.is_some() {
            self.node.refuse(&format!("{name:?} alone"), &format!("write just {name:?}"));
        }
        name
    }
}

/// A word out of these.
#[must_use]
pub fn word(node: &Node<'_>, words: &[&'static str]) -> &'static str {
    node.choice(words).alone()
}

#[must_use]
pub fn text(node: &Node<'_>) -> String {
    if let Some(Value::Text(text)) = node.value {
        return text.clone();
    }
    node.refuse("a text", "write it in double quotes");
    String::new()
}

#[must_use]
pub fn truth(node: &Node<'_>) -> bool {
    if let Some(Value::Bool(truth)) = node.value {
        return *truth;
    }
    node.refuse("true or false", "write one of the two, without quotes");
    false
}

/// A number of which nothing is lost.
#[must_use]
pub fn number(node: &Node<'_>) -> f64 {
    let written = written_number(node);
    written.and_then(read_exactly).unwrap_or_else(|| {
        if written.and_then(read_number).is_some_and(|number| number != 0.0 && number.is_finite()) {
            node.refuse(&format!("a number of at most {DIGITS_MAX} digits"), "round it");
        } else {
            node.refuse("a number", "write it without quotes, for example 2.5");
        }
        0.0
    })
}

#[must_use]
pub fn whole(node: &Node<'_>) -> u64 {
    integer(node, "a whole number from 0 to 18446744073709551615")
}

#[must_use]
pub fn count(node: &Node<'_>) -> u32 {
    integer(node, "a whole number from 0 to 4294967295")
}

#[must_use]
pub fn signed(node: &Node<'_>) -> i32 {
    integer(node, "a whole number from -2147483648 to 2147483647")
}

fn integer<T: TryFrom<i128> + Default>(node: &Node<'_>, expected: &str) -> T {
    written(node).unwrap_or_else(|| {
        node.refuse(expected, "write it without quotes and decimals");
        T::default()
    })
}

/// A whole number, if it is one of this type; `7.0` and `1e3` are whole too.
#[must_use]
pub fn written<T: TryFrom<i128>>(node: &Node<'_>) -> Option<T> {
    T::try_from(read_whole(written_number(node)?)?).ok()
}

fn written_number<'a>(node: &Node<'a>) -> Option<&'a str> {
    match node.value {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    }
}

pub fn list<T>(node: &Node<'_>, read: Read<T>) -> Vec<T> {
    let items = node.items().iter().enumerate();
    items.map(|(number, value)| read(&node.item(number, value))).collect()
}

#[must_use]
pub fn texts(node: &Node<'_>) -> Vec<String> {
    list(node, text)
}

#[must_use]
pub fn pair(node: &Node<'_>) -> (f64, f64) {
    if let [first, second] = node.items() {
        return (number(&node.item(0, first)), number(&node.item(1, second)));
    }
    node.refuse("a list of two numbers", "write for example [50, 150]");
    (0.0, 0.0)
}

/// An object with fields of any name.
pub fn map<T>(node: &Node<'_>, read: Read<T>) -> Map<String, T> {
    let mut values = Map::new();
    for name in node.fields().into_iter().flat_map(Map::keys) {
        values.insert(name.clone(), read(&node.field(name)));
    }
    values
}

/// Enough of a long text to find it by.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
