//! Words: sentences and facts, and the roles of colours.

/// The meaning of a colour. Colour is never the only sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tint {
    #[default]
    Plain,
    /// In favour, come about, holding.
    For,
    Against,
    Abstain,
    /// Looked at, under way, or told apart.
    Accent,
    Fault,
    /// Kept data, and its versions.
    Data,
    Liar,
    News,
}

impl Tint {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::For => "for",
            Self::Against => "against",
            Self::Abstain => "abstain",
            Self::Accent => "accent",
            Self::Fault => "fault",
            Self::Data => "data",
            Self::Liar => "liar",
            Self::News => "news",
        }
    }
}

/// How loud a sentence is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// The one that says how things stand.
    #[default]
    Lead,
    Plain,
    Quiet,
    /// It is said to those who do not see the picture, and not shown.
    Spoken,
}

impl Level {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Plain => "plain",
            Self::Quiet => "quiet",
            Self::Spoken => "spoken",
        }
    }
}

/// A sentence; its first words may carry the deciding number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Tests find it by this.
    pub id: &'static str,
    pub strong: String,
    /// It begins with a space or a mark, where `strong` stands before it.
    pub rest: String,
    pub level: Level,
    pub tint: Tint,
}

impl Sentence {
    #[must_use]
    pub fn lead(id: &'static str, strong: impl Into<String>, rest: impl Into<String>) -> Self {
        Self { id, strong: strong.into(), rest: rest.into(), ..Self::default() }
    }

    #[must_use]
    pub fn at(level: Level, text: impl Into<String>) -> Self {
        Self { rest: text.into(), level, ..Self::default() }
    }

    #[must_use]
    pub fn id(self, id: &'static str) -> Self {
        Self { id, ..self }
    }
}

/// One thing that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    pub label: &'static str,
    pub lines: Vec<String>,
    pub tint: Tint,
    /// The last event has changed it.
    pub changed: bool,
}
