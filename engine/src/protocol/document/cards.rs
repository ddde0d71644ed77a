//! Things to compare, each on a card.

use super::{Press, Sign, Tint};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardLayout {
    #[default]
    SideBySide,
    /// One below the other, the value at the end of the line.
    Stacked,
}

impl CardLayout {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SideBySide => "side-by-side",
            Self::Stacked => "stacked",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cards {
    pub id: &'static str,
    pub layout: CardLayout,
    pub cards: Vec<Card>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    pub title: String,
    pub sign: Option<Sign>,
    /// The subject of the card, in large letters.
    pub value: String,
    pub lines: Vec<String>,
    /// A code, to be compared letter by letter.
    pub code: String,
    pub tint: Tint,
    /// Something is lost or amiss.
    pub is_loss: bool,
    pub press: Option<Press>,
    pub chosen: bool,
}
