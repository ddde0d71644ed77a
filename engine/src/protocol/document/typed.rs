//! A form as it was filled in.

use core::ops::RangeInclusive;

use crate::protocol::decimal;
use crate::protocol::number::{DIGITS_MAX, read_exactly, read_number};
use crate::protocol::problem::Problem;

/// The content of a form, from top to bottom: the name of each field with the text that is typed, chosen or ticked there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(pub Vec<(String, String)>);

/// Why the content of a form cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    #[error(transparent)]
    Problem(#[from] Problem),
    /// In a sentence of the form's own.
    #[error("{0}")]
    Told(String),
}

impl Typed {
    /// All fields of this name, from top to bottom.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        let of_it = self.0.iter().filter(|(field, _)| field == name);
        of_it.map(|(_, text)| text.trim()).collect()
    }

    /// The first field of this name; nothing where there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }

    /// Several things with commas between them.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<String> {
        let items = self.text(name).split(',').map(str::trim);
        items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    /// The rows of a form, each with its fields of these names.
    pub fn rows<const N: usize>(&self, names: [&str; N]) -> impl Iterator<Item = [&str; N]> {
        let columns = names.map(|name| self.all(name));
        let count = columns.iter().map(Vec::len).min().unwrap_or_default();
        let row = move |row: usize| {
            columns.each_ref().map(|column| column.get(row).copied().unwrap_or_default())
        };
        (0..count).map(row)
    }

    /// Nothing where nothing is typed.
    ///
    /// # Errors
    /// When it is no number, or would lose a digit.
    pub fn number(&self, under: &str, name: &str) -> Result<Option<f64>, Problem> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        read_exactly(text).map(Some).ok_or_else(|| {
            let (path, found) = (format!("{under}.{name}"), format!("{text:?}"));
            if read_number(text).is_some() {
                let expected = format!("a number of at most {DIGITS_MAX} digits");
                return Problem::new(path, expected, found, "round it");
            }
            Problem::new(path, "a number", found, "write it in digits, for example 20 or 0.5")
        })
    }

    /// A whole number of this range; nothing where nothing is typed.
    ///
    /// # Errors
    /// When it is none.
    pub fn whole(
        &self,
        under: &str,
        name: &str,
        range: RangeInclusive<u32>,
        repair: &str,
    ) -> Result<Option<u32>, Problem> {
        let Some(number) = self.number(under, name)? else { return Ok(None) };
        let (least, most) = (*range.start(), *range.end());
        decimal::whole(number, range).map(Some).ok_or_else(|| {
            let expected = if most == u32::MAX {
                format!("a whole number, {least} or more")
            } else {
                format!("a whole number from {least} to {most}")
            };
            Problem::new(format!("{under}.{name}"), expected, self.text(name), repair)
        })
    }
}
