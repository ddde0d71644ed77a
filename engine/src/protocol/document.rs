//! A panel as plain data: what it says, in blocks that know no protocol.
//!
//! A protocol makes [`Document`]s; the page draws them and the command line prints them ([`mod@print`]). Colours are named by
//! role ([`Tint`]), pictures by what they mean ([`Sign`]), and what happens when a block is pressed is data too
//! ([`Press`]). Times are in microseconds of the run, shares in permille.

pub mod bar;
pub mod cards;
pub mod curve;
pub mod form;
pub mod graph;
pub mod lamps;
pub mod lanes;
pub mod list;
pub mod press;
pub mod print;
pub mod sign;
pub mod table;
#[cfg(test)]
mod tests;
pub mod text;
pub mod typed;

pub use bar::{Bar, Part, Segment, Texture, Threshold};
pub use cards::{Card, CardLayout, Cards};
pub use curve::{Band, Curve, Series, Tick};
pub use form::{Choosable, Field, Form, FormPlace, Input, Rare, Rows};
pub use graph::{Graph, Node, NodeLook};
pub use lamps::{Lamp, LampLayout, Lamps};
pub use lanes::{Dot, Lane, Lanes, Span, SpanLook};
pub use list::{Item, List, ListLayout};
pub use press::{Act, Button, Choice, Picker, PickerOption, Press};
pub use sign::Sign;
pub use table::{Align, Cell, Column, Legend, Row, Table, TrackBar, Weight};
pub use text::{Fact, Level, Sentence, Tint};
pub use typed::{FormError, Typed};

/// One panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its name among the documents of a run: while it stays, the panel keeps its focus and its place.
    pub id: &'static str,
    /// Empty where the blocks speak for themselves.
    pub title: String,
    /// A hint about things that the title leaves open: whose view it is, how to use it.
    pub hint: String,
    pub blocks: Vec<Block>,
}

impl Document {
    #[must_use]
    pub fn new(id: &'static str, title: impl Into<String>) -> Self {
        Self { id, title: title.into(), ..Self::default() }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    #[must_use]
    pub fn block(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }

    /// With the block, where there is one.
    #[must_use]
    pub fn block_if(mut self, block: Option<impl Into<Block>>) -> Self {
        self.blocks.extend(block.map(Into::into));
        self
    }
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Sentence(Sentence),
    /// Facts about one thing.
    Facts(Vec<Fact>),
    List(List),
    Bar(Bar),
    Lamps(Lamps),
    Table(Table),
    Curve(Curve),
    Lanes(Lanes),
    Cards(Cards),
    Graph(Graph),
    Form(Form),
    Picker(Picker),
    Buttons(Vec<Button>),
}

macro_rules! blocks {
    ($($kind:ident($of:ty)),* $(,)?) => {
        $(impl From<$of> for Block {
            fn from(block: $of) -> Self {
                Self::$kind(block)
            }
        })*
    };
}

blocks! {
    Sentence(Sentence), Facts(Vec<Fact>), List(List), Bar(Bar), Lamps(Lamps), Table(Table), Curve(Curve),
    Lanes(Lanes), Cards(Cards), Graph(Graph), Form(Form), Picker(Picker), Buttons(Vec<Button>),
}
