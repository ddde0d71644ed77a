//! The settings of a protocol on the page.

/// One thing that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Unique among all settings.
    pub id: &'static str,
    pub label: &'static str,
    /// A number on the scale, or the place of an option; beyond the last where it is none of them.
    pub value: u32,
    /// Exactly what it stands at.
    pub words: String,
    pub scale: Scale,
    /// A remark; mostly empty.
    pub note: String,
}

impl Setting {
    /// One that stands at this value of its scale.
    #[must_use]
    pub fn new(id: &'static str, label: &'static str, value: u32, scale: Scale) -> Self {
        Self { id, label, value, words: scale.words(value), scale, note: String::new() }
    }
}

/// The values that a setting can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// From the least to the most, and what stands behind the number: " %".
    Number { least: u32, most: u32, step: u32, unit: &'static str },
    /// One of a few short words.
    Buttons(&'static [&'static str]),
    /// One of several.
    List(&'static [&'static str]),
}

impl Scale {
    /// A value in words.
    #[must_use]
    pub fn words(self, value: u32) -> String {
        match self {
            Self::Number { unit, .. } => format!("{value}{unit}"),
            Self::Buttons(options) | Self::List(options) => {
                options.get(value as usize).copied().unwrap_or_default().to_owned()
            }
        }
    }

    /// The least and the most it can be set to.
    #[must_use]
    pub fn ends(self) -> (u32, u32) {
        match self {
            Self::Number { least, most, .. } => (least, most),
            Self::Buttons(options) | Self::List(options) => {
                (0, (options.len() as u32).saturating_sub(1))
            }
        }
    }
}
