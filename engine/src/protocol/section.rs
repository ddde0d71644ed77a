//! How a section of a scenario's file is read.

use serde::{Deserialize, Deserializer};

/// Reads a field that need not be there: `null` is the same as leaving it out.
///
/// # Errors
/// When it is something else than it should be.
pub fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
