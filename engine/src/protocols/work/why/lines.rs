//! Sentences that explain, put together piece by piece.

use core::fmt::Arguments;

/// Sentences, one after the other: made in one place, or each would bring the code for that with it.
#[derive(Default)]
pub struct Lines(pub Vec<String>);

impl Lines {
    #[inline(never)]
    pub fn say(&mut self, words: Arguments<'_>) {
        self.0.push(words.to_string());
    }
}

/// Things in a row, with this between them.
pub struct WhyRow(pub &'static str, pub String);

impl WhyRow {
    #[inline(never)]
    pub fn add(&mut self, words: Arguments<'_>) {
        if !self.1.is_empty() {
            self.1 += self.0;
        }
        self.1 += &words.to_string();
    }
}
