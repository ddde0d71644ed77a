//! Items one after the other: properties, premises, stages, tasks, warnings.

use super::{Press, Sign, Tint};

/// How the items of a list stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListLayout {
    /// One below the other.
    #[default]
    Lines,
    /// One below the other, with the note at the end of the line.
    Rows,
    /// As rows, and each follows from the one above.
    Chain,
    /// Side by side, as many as there is room for.
    Inline,
    /// In columns of one width.
    Columns,
    /// Signs alone; their words are titles.
    Grid,
    /// Numbered, from this number on.
    Numbered(u32),
}

impl ListLayout {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Rows => "rows",
            Self::Chain => "chain",
            Self::Inline => "inline",
            Self::Columns => "columns",
            Self::Grid => "grid",
            Self::Numbered(_) => "numbered",
        }
    }
}

/// Items one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Tests find it by this.
    pub id: &'static str,
    /// Above them; most lists need none.
    pub title: &'static str,
    /// The name of the items for screen readers; empty where the text around says it.
    pub label: &'static str,
    pub layout: ListLayout,
    /// They are small print.
    pub is_small: bool,
    pub items: Vec<Item>,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Tests find it by this.
    pub id: String,
    pub sign: Option<Sign>,
    pub text: String,
    /// A number that counts, before the text.
    pub count: Option<u64>,
    /// Beside the text, and quieter.
    pub note: String,
    /// The sign in words for screen readers.
    pub said: &'static str,
    /// The text shown while the pointer is on the item.
    pub hint: String,
    /// How it stands, as tests and style sheets call it.
    pub status: &'static str,
    pub tint: Tint,
    pub press: Option<Press>,
    /// Whether it is what is looked at, where one of them is.
    pub chosen: Option<bool>,
}

impl Item {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    #[must_use]
    pub fn sign(self, sign: Sign) -> Self {
        Self { sign: Some(sign), ..self }
    }

    #[must_use]
    pub fn tint(self, tint: Tint) -> Self {
        Self { tint, ..self }
    }
}
