//! A form: fields that a person fills in and sends.

/// A form; hidden while it asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The protocol knows the form by this, and tests find its fields by it: "task-load".
    pub id: &'static str,
    /// Its heading; a plain one shows none.
    pub title: String,
    /// The words of the button that sends it.
    pub button: String,
    pub place: FormPlace,
    pub fields: Vec<Field>,
    pub rare: Rare,
    pub rows: Option<Rows>,
    /// The run goes on once it is sent, so that it is seen what comes of it.
    pub goes_on: bool,
}

/// Where a form stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FormPlace {
    /// Among others, folded under its title.
    #[default]
    Folded,
    /// The same, but unfolded at first.
    Unfolded,
    /// Above those, without its title.
    Plain,
    /// In a dialog, which a button opens.
    Dialog,
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

/// Rows of fields without labels: the first is always there, and a person adds others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub first: Vec<Field>,
    /// Any other; none can be added where it has no fields.
    pub other: Vec<Field>,
    /// The words of the buttons that add a row and take it away again.
    pub add: &'static str,
    pub remove: &'static str,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As the file calls it.
    pub name: &'static str,
    pub label: &'static str,
    /// The meaning of an empty field, where that has to be said.
    pub hint: &'static str,
    /// Its content at first.
    pub value: String,
    pub input: Input,
    /// It is seldom needed.
    pub is_rare: bool,
    /// Each time another value is offered, whatever else is typed.
    pub is_renewed: bool,
    /// It cannot be left empty.
    pub is_required: bool,
    /// As many letters can be typed.
    pub letters_max: u16,
}

/// One of several: its value, and what it is called.
pub type Choosable = (String, String);

/// How it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// It stands there, and cannot be changed.
    Given,
    /// Any words; some are suggested.
    Words(Vec<String>),
    Number,
    /// A number between two, with arrows for steps; all three as they are written.
    Steps {
        least: &'static str,
        most: &'static str,
        step: &'static str,
    },
    OneOf(Vec<Choosable>),
    /// One of those that go with the value of another field of the row.
    OneFor {
        field: &'static str,
        options: Vec<(String, Vec<Choosable>)>,
    },
    /// Any of these, with those that are ticked.
    Ticks(Vec<(String, bool)>),
}

impl Form {
    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.rows.is_none()
    }

    /// Whether the same is asked for, and the same offered unless it is renewed; what sending it does may be another thing.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        let words = |it: &Self| (it.id, it.place, it.rare, it.goes_on, it.fields.len());
        let mut fields = self.fields.iter().zip(&other.fields);
        (words(self), &self.title, &self.rows) == (words(other), &other.title, &other.rows)
            && fields.all(|(one, other)| one.asks_the_same(other))
    }
}

impl Field {
    #[must_use]
    pub fn new(name: &'static str, label: &'static str, value: String, input: Input) -> Self {
        Self {
            name,
            label,
            hint: "",
            value,
            input,
            is_rare: false,
            is_renewed: false,
            is_required: false,
            letters_max: 200,
        }
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

    #[must_use]
    pub fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// Whether the same is asked for, and the same offered unless it is renewed.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        if !self.is_renewed {
            return self == other;
        }
        *self == Self { value: self.value.clone(), ..other.clone() }
    }
}
