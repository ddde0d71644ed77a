//! A lamp for every agent that something is asked of.

use super::{Sign, Tint};
use crate::sim::AgentId;

/// How lamps stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LampLayout {
    /// Each under its segment of the bar above.
    #[default]
    UnderBar,
    /// In rows, with their names.
    Named,
    /// So many that only the one that is pointed at is named; arrow keys walk in it.
    Field,
}

impl LampLayout {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnderBar => "under-bar",
            Self::Named => "named",
            Self::Field => "field",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lamps {
    pub id: &'static str,
    pub label: &'static str,
    pub layout: LampLayout,
    pub lamps: Vec<Lamp>,
}

/// One agent's lamp. Pointing at it shows the agent on the stage, pressing it selects the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lamp {
    pub agent: AgentId,
    pub name: String,
    /// The name where there is little room.
    pub short: String,
    pub sign: Sign,
    /// Under the name: a time, or a word.
    pub text: String,
    /// The lamp in words, in full.
    pub said: String,
    /// How it stands, as tests call it.
    pub status: &'static str,
    pub tint: Tint,
    /// Its part of the width under a bar.
    pub amount: u64,
    /// It is selected.
    pub chosen: bool,
}
