//! Figures by which runs are compared.

/// A figure of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    pub name: &'static str,
    /// Its meaning, in short.
    pub about: &'static str,
    pub unit: Unit,
    /// Whether less of it is better.
    pub less_is_better: bool,
    /// Nothing where the run does not come to it: no makespan where a task never ends.
    pub value: Option<u64>,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Microseconds,
    Thousandths,
    Count,
}

impl Unit {
    /// How many of it make one of those in which it is shown (a second of microseconds), and the decimals shown.
    const fn scale(self) -> (u64, usize) {
        match self {
            Self::Microseconds => (1_000_000, 2),
            Self::Thousandths => (1_000, 2),
            Self::Count => (1, 0),
        }
    }

    /// A value without its unit: "1.24", "1.70", "50".
    #[must_use]
    pub fn words(self, value: u64) -> String {
        let (whole, decimals) = self.scale();
        format!("{:.decimals$}", value as f64 / whole as f64)
    }

    /// Behind the name of the figure, on the page.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Microseconds => ", s",
            Self::Thousandths | Self::Count => "",
        }
    }

    /// Behind the name of the figure, in a file.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Microseconds => "_us",
            Self::Thousandths => "_milli",
            Self::Count => "",
        }
    }
}
