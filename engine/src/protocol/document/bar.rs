//! A whole in segments, with a threshold that one side has to reach.

use super::Tint;

/// How solid a stretch of a bar is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Texture {
    /// It is there and counts.
    #[default]
    Solid,
    /// It is on its way.
    Hatched,
    /// It is there and does not count.
    Dashed,
    /// It is not there, or not yet.
    Dotted,
    /// It is less than the rest of its bar, and in the background.
    Pale,
}

impl Texture {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Solid => "solid",
            Self::Hatched => "hatched",
            Self::Dashed => "dashed",
            Self::Dotted => "dotted",
            Self::Pale => "pale",
        }
    }
}

/// The bar of a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    pub id: &'static str,
    /// The part that has grown towards the threshold, in words: "FOR 7.0 = 58.3 %".
    pub words: String,
    pub threshold: Option<Threshold>,
    /// From left to right.
    pub segments: Vec<Segment>,
}

/// A line across a bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Threshold {
    /// From the left, of the width.
    pub permille: u32,
    pub words: String,
}

/// A stretch of a bar; its width is its part of the sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    pub amount: u64,
    pub tint: Tint,
    pub texture: Texture,
    pub label: String,
}

/// A stretch of a bar that stands in a table; its width is of the whole cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub permille: u32,
    pub tint: Tint,
    pub texture: Texture,
    /// In it, where there is room; else for those who point at it.
    pub label: String,
}
