//! Problems of a scenario; every message says where, what was expected, what was found, and how to repair it.

use std::fmt;
use std::ops::Deref;

use super::name::visible;

/// Why a scenario cannot start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    #[error("{}: this is not JSON (line {line}, column {column}: {reason}); {repair}", visible(.file))]
    NotJson { file: String, line: usize, column: usize, reason: String, repair: &'static str },
    #[error(
        "{}: at line {line}, column {column}: expected UTF-8, found the byte {byte:#04x}; save it as UTF-8",
        visible(.file)
    )]
    NotUtf8 { file: String, line: usize, column: usize, byte: u8 },
    #[error(
        "{}: at format: this file has format {found}, and this version of swarmglass reads up \
         to format {known}; open it with a newer version",
        visible(.file)
    )]
    TooNew { file: String, found: u64, known: u32 },
    #[error("{}: at {path}: expected {expected}, found {found}; {repair}", visible(.file))]
    Invalid { file: String, path: String, expected: String, found: String, repair: String },
    #[error(
        "{}: at line {line}, column {column}: expected each field once, found {name:?} a \
         second time; remove one of the two",
        visible(.file)
    )]
    Repeated { file: String, line: usize, column: usize, name: String },
    #[error("no scenario is called {name:?}{suggestion}; the gallery lists them all")]
    UnknownName { name: String, suggestion: String },
}

/// One rule that a file breaks, before it is known which file it is. Boxed: results that may be one
/// are moved at every turn, and four texts are much to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<Parts>);

/// The contents of a [`Problem`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    pub path: String,
    /// The place is the whole place in the file.
    is_at_top: bool,
    pub expected: String,
    pub found: String,
    pub repair: String,
}

impl Deref for Problem {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Problem {
    pub fn new(
        path: impl AsRef<str>,
        expected: impl AsRef<str>,
        found: impl AsRef<str>,
        repair: impl AsRef<str>,
    ) -> Self {
        Self::of([path.as_ref(), expected.as_ref(), found.as_ref(), repair.as_ref()])
    }

    /// Not generic, and not inlined: it is called from everywhere, and rarely. A file's own text may be in any of
    /// them.
    #[inline(never)]
    fn of(texts: [&str; 4]) -> Self {
        let [path, expected, found, repair] = texts.map(|text| visible(text).into_owned());
        Self(Box::new(Parts { path, is_at_top: false, expected, found, repair }))
    }

    /// The same problem at a place that is complete, outside the part whose rule found it.
    #[must_use]
    pub fn at_top(mut self) -> Self {
        self.0.is_at_top = true;
        self
    }

    /// The same problem, further down in the file.
    #[must_use]
    #[inline(never)]
    pub fn under(mut self, prefix: &str) -> Self {
        if self.is_at_top {
            return self;
        }
        let prefix = visible(prefix);
        self.0.path = match self.path.chars().next() {
            None => prefix.into_owned(),
            Some('[') => format!("{prefix}{}", self.path),
            Some(_) => format!("{prefix}.{}", self.path),
        };
        self
    }

    #[must_use]
    pub fn in_file(self, file: &str) -> ScenarioError {
        let Parts { path, expected, found, repair, .. } = *self.0;
        ScenarioError::Invalid { file: file.to_owned(), path, expected, found, repair }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { path, expected, found, repair, .. } = &*self.0;
        write!(to, "at {path}: expected {expected}, found {found}; {repair}")
    }
}

impl std::error::Error for Problem {}

/// Enough of a long text to find it by.
#[must_use]
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The name nearest to `name`, if one is near enough to have been meant.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|known| (strsim::osa_distance(name, known), known))
        .filter(|(distance, known)| *distance <= (known.chars().count() / 3).max(1))
        .min()
        .map(|(_, known)| known)
}

/// ", did you mean …?" or nothing.
#[must_use]
pub fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map_or_else(String::new, |near| format!(", did you mean {near:?}?"))
}
