//! How an agent stands; every protocol may know it.

/// Standing of an agent: from 0 to 150, 100 at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reputation(pub u32);

impl Default for Reputation {
    fn default() -> Self {
        Self(100)
    }
}

impl Reputation {
    /// The highest there is.
    pub const MAX: u32 = 150;
}
