//! Rows and columns whose cells are text, signs or bars.

use super::{Part, Press, Sign, Texture, Tint};

/// A table. A row begins with its head, for which the first column stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Tests find it by this.
    pub id: &'static str,
    pub title: String,
    pub hint: String,
    /// The table's name for screen readers.
    pub caption: &'static str,
    /// The meaning of the parts of the bars.
    pub legend: Vec<Legend>,
    /// None where the cells say what they are.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// The rows left out: "and 3 lower".
    pub more: String,
}

/// The meaning of one look of the parts of bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legend {
    pub tint: Tint,
    pub texture: Texture,
    pub words: String,
}

/// Where text stands in its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Start,
    Middle,
    End,
}

impl Align {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A column and its head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    pub title: String,
    pub align: Align,
    /// It is the one of now.
    pub is_now: bool,
    /// The title is said to those who do not see it, and not shown.
    pub is_spoken: bool,
}

impl Column {
    #[must_use]
    pub fn new(title: impl Into<String>, align: Align) -> Self {
        Self { title: title.into(), align, ..Self::default() }
    }
}

/// How much a cell matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    #[default]
    Plain,
    Quiet,
    Strong,
    /// The one to read first.
    Large,
}

impl Weight {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Quiet => "quiet",
            Self::Strong => "strong",
            Self::Large => "large",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub head: Cell,
    pub cells: Vec<Cell>,
    /// The whole row is about this.
    pub tint: Tint,
    /// It belongs to the one above.
    pub is_inner: bool,
    /// Below its cells, over the whole width.
    pub bar: Option<TrackBar>,
    pub note: String,
    /// The part of the note that is amiss.
    pub trouble: String,
}

impl Row {
    #[must_use]
    pub fn new(head: Cell, cells: impl IntoIterator<Item = Cell>) -> Self {
        Self { head, cells: cells.into_iter().collect(), ..Self::default() }
    }
}

/// A bar in a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackBar {
    pub parts: Vec<Part>,
    /// A line across it.
    pub limit_permille: Option<u32>,
    /// Its whole width is drawn, not only its parts.
    pub is_track: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub signs: Vec<Sign>,
    pub text: String,
    /// A second line, quieter.
    pub second: String,
    /// The signs in words for screen readers.
    pub said: String,
    pub hint: String,
    pub weight: Weight,
    pub tint: Tint,
    pub bar: Option<TrackBar>,
    pub press: Option<Press>,
    /// Whether it is what is looked at, where one of them is.
    pub chosen: bool,
    /// It fills the rest of its row.
    pub is_wide: bool,
}

impl Cell {
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    #[must_use]
    pub fn sign(sign: Sign, said: impl Into<String>) -> Self {
        Self { signs: vec![sign], said: said.into(), ..Self::default() }
    }

    #[must_use]
    pub fn bar(bar: TrackBar) -> Self {
        Self { bar: Some(bar), ..Self::default() }
    }

    #[must_use]
    pub fn weight(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    #[must_use]
    pub fn tint(self, tint: Tint) -> Self {
        Self { tint, ..self }
    }

    #[must_use]
    pub fn wide(self) -> Self {
        Self { is_wide: true, ..self }
    }
}
