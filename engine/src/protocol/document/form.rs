//! What a person is asked for.

/// A form; hidden while it asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Whoever reads the form knows it by this, and tests find its fields by it: "task-load".
    pub id: &'static str,
    /// What it is for; the rest is folded under it.
    pub title: String,
    /// What sending it does.
    pub button: &'static str,
    pub is_open: bool,
    pub fields: Vec<Field>,
    pub rare: Rare,
}

/// Where fields stand that are seldom needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rare {
    /// Folded at the end.
    #[default]
    Folded,
    /// There while the option `own` is chosen.
    OfOwn,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As the file calls it.
    pub name: &'static str,
    pub label: &'static str,
    /// What it comes to when it is left empty, where that has to be said.
    pub hint: &'static str,
    /// What stands there at first.
    pub value: String,
    pub input: Input,
    /// It is seldom needed.
    pub is_rare: bool,
    /// Each time another value is offered, whatever else is typed.
    pub is_renewed: bool,
}

/// How it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Any words; some are suggested.
    Words(Vec<String>),
    Number,
    /// One of these: its value, and what it is called.
    OneOf(Vec<(String, String)>),
    /// Any of these, with those that are ticked.
    Ticks(Vec<(String, bool)>),
}

impl Field {
    #[must_use]
    pub fn new(name: &'static str, label: &'static str, value: String, input: Input) -> Self {
        Self { name, label, hint: "", value, input, is_rare: false, is_renewed: false }
    }

    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    #[must_use]
    pub fn rare(self) -> Self {
        Self { is_rare: true, ..self }
    }

    #[must_use]
    pub fn renewed(self) -> Self {
        Self { is_renewed: true, ..self }
    }

    /// Whether the same is asked for, and the same offered unless it is renewed.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        let offered = |field: &Self| (!field.is_renewed).then(|| field.value.clone());
        let words = |it: &Self| (it.name, it.label, it.hint, it.is_rare, it.is_renewed);
        words(self) == words(other) && self.input == other.input && offered(self) == offered(other)
    }
}
