//! A value of a file with the place it stands at: whoever reads it as something else gets a
//! [`Problem`] that says where, what was expected and what was found.

use std::collections::BTreeMap;

use super::error::{Problem, suggestion};
use super::json::Value;

/// A value at its place, or a place where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub value: Option<&'a Value>,
    place: Place<'a>,
}

/// Kept as a chain: it is put into words only when something is wrong there.
#[derive(Clone, Copy, Debug)]
enum Place<'a> {
    Top,
    Field { of: &'a Node<'a>, name: &'a str },
    Item { of: &'a Node<'a>, number: usize },
}

/// Reads something from a node.
pub type Read<T> = fn(&Node<'_>) -> Result<T, Problem>;

impl<'a> Node<'a> {
    #[must_use]
    pub fn top(value: &'a Value) -> Self {
        Self { value: Some(value), place: Place::Top }
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

    /// That something else was expected here.
    pub fn problem(&self, expected: impl Into<String>, repair: impl Into<String>) -> Problem {
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
        Self { value, place: Place::Field { of: self, name } }
    }

    /// An object that has none but these fields.
    ///
    /// # Errors
    /// When it is none, or has another field.
    pub fn object(&'a self, known: &'static [&'static str]) -> Result<Object<'a>, Problem> {
        let fields = self.fields()?;
        match fields.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(Object { node: self, known }),
            Some(name) => {
                let expected = format!("only fields it may have ({})", known.join(", "));
                let near = suggestion(name, known.iter().copied());
                let repair = format!("rename it or leave it out{near}");
                let found = format!("the unknown field {:?}", shortened(name));
                Err(Problem::new(self.field(name).path(), expected, found, repair))
            }
        }
    }

    fn fields(&self) -> Result<&'a BTreeMap<String, Value>, Problem> {
        match self.value {
            Some(Value::Object(fields)) => Ok(fields),
            _ => Err(self.problem("an object", "write { … }")),
        }
    }

    fn items(&self) -> Result<&'a [Value], Problem> {
        match self.value {
            Some(Value::List(items)) => Ok(items),
            _ => Err(self.problem("a list", "write [ … ]")),
        }
    }

    fn item(&'a self, number: usize, value: &'a Value) -> Self {
        Self { value: Some(value), place: Place::Item { of: self, number } }
    }

    /// One of several: a text that names it, or an object whose only field does.
    ///
    /// # Errors
    /// When it is neither, or has none of these names.
    pub fn choice(&'a self, names: &[&'static str]) -> Result<Choice<'a>, Problem> {
        let (name, content) = match self.value {
            Some(Value::Text(name)) => (name, None),
            Some(Value::Object(fields)) if fields.len() == 1 => match fields.iter().next() {
                Some((name, content)) => (name, Some(content)),
                None => return Err(self.not_chosen(names, "")),
            },
            _ => return Err(self.not_chosen(names, "")),
        };
        match names.iter().find(|known| *known == name) {
            Some(name) => {
                let place = Place::Field { of: self, name };
                Ok(Choice { name, content: Node { value: content, place }, node: self })
            }
            None => Err(Problem {
                found: format!("{:?}", shortened(name)),
                ..self.not_chosen(names, name)
            }),
        }
    }

    fn not_chosen(&self, names: &[&'static str], name: &str) -> Problem {
        let near = suggestion(name, names.iter().copied());
        self.problem(format!("one of {}", names.join(", ")), format!("take one of these{near}"))
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
    ///
    /// # Errors
    /// When it is not, or is not what it should be.
    pub fn required<T>(&self, name: &'static str, read: Read<T>) -> Result<T, Problem> {
        read(&self.field(name))
    }

    /// A field that need not be there.
    ///
    /// # Errors
    /// When it is there and not what it should be.
    pub fn optional<T>(&self, name: &'static str, read: Read<T>) -> Result<Option<T>, Problem> {
        let node = self.field(name);
        if node.is_nothing() { Ok(None) } else { read(&node).map(Some) }
    }

    /// A field with a default, where it is not there.
    ///
    /// # Errors
    /// When it is there and not what it should be.
    pub fn or_default<T: Default>(&self, name: &'static str, read: Read<T>) -> Result<T, Problem> {
        let node = self.field(name);
        if node.value.is_none() { Ok(T::default()) } else { read(&node) }
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
    /// # Errors
    /// When the name does not stand alone.
    pub fn alone(&self) -> Result<&'static str, Problem> {
        if self.content.value.is_none() {
            return Ok(self.name);
        }
        let name = self.name;
        Err(self.node.problem(format!("{name:?} alone"), format!("write just {name:?}")))
    }
}

/// A word out of these.
///
/// # Errors
/// When it is none of them.
pub fn word(node: &Node<'_>, words: &[&'static str]) -> Result<&'static str, Problem> {
    node.choice(words)?.alone()
}

pub fn text(node: &Node<'_>) -> Result<String, Problem> {
    match node.value {
        Some(Value::Text(text)) => Ok(text.clone()),
        _ => Err(node.problem("a text", "write it in double quotes")),
    }
}

pub fn truth(node: &Node<'_>) -> Result<bool, Problem> {
    match node.value {
        Some(Value::Bool(truth)) => Ok(*truth),
        _ => Err(node.problem("true or false", "write one of the two, without quotes")),
    }
}

pub fn number(node: &Node<'_>) -> Result<f64, Problem> {
    let number = written_number(node).and_then(|number| number.parse().ok());
    number
        .filter(|number: &f64| number.is_finite())
        .ok_or_else(|| node.problem("a number", "write it without quotes, for example 2.5"))
}

pub fn whole(node: &Node<'_>) -> Result<u64, Problem> {
    written_number(node)
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| not_whole(node, "0 to 18446744073709551615"))
}

pub fn count(node: &Node<'_>) -> Result<u32, Problem> {
    written_number(node)
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| not_whole(node, "0 to 4294967295"))
}

pub fn signed(node: &Node<'_>) -> Result<i32, Problem> {
    written_number(node)
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| not_whole(node, "-2147483648 to 2147483647"))
}

fn written_number<'a>(node: &Node<'a>) -> Option<&'a str> {
    match node.value {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    }
}

fn not_whole(node: &Node<'_>, range: &str) -> Problem {
    let expected = format!("a whole number from {range}");
    node.problem(expected, "write it without quotes and decimals")
}

/// # Errors
/// When it is no list, or one of the items is not what it should be.
pub fn list<T>(node: &Node<'_>, read: Read<T>) -> Result<Vec<T>, Problem> {
    let items = node.items()?.iter().enumerate();
    items.map(|(number, value)| read(&node.item(number, value))).collect()
}

pub fn texts(node: &Node<'_>) -> Result<Vec<String>, Problem> {
    list(node, text)
}

pub fn pair(node: &Node<'_>) -> Result<(f64, f64), Problem> {
    match node.items()? {
        [first, second] => Ok((number(&node.item(0, first))?, number(&node.item(1, second))?)),
        _ => Err(node.problem("a list of two numbers", "write for example [50, 150]")),
    }
}

/// An object with fields of any name.
///
/// # Errors
/// When it is none, or one of the values is not what it should be.
pub fn map<T>(node: &Node<'_>, read: Read<T>) -> Result<BTreeMap<String, T>, Problem> {
    let mut values = BTreeMap::new();
    for name in node.fields()?.keys() {
        values.insert(name.clone(), read(&node.field(name))?);
    }
    Ok(values)
}

/// Enough of a long text to find it by.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
