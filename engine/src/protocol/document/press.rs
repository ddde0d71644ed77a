//! The ways to press a document: data, which the shell carries out.

use crate::sim::{AgentId, EventId};

/// The effect of a press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// The run goes to the moment of this event.
    Seek(EventId),
    /// The stage selects this agent.
    Select(AgentId),
    /// Something else is looked at; the run stays as it is.
    Choose(Choice),
    /// The log answers why this event happened.
    Why(EventId),
    /// Something is done to the swarm.
    Do(Act),
    /// The form of this name is there, for this agent, and the run stands still.
    Fill(&'static str, Option<AgentId>),
}

/// A thing to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its sort: "proposal", "task".
    pub what: &'static str,
    pub number: u32,
    /// The agent whose thing it is, where each has its own.
    pub agent: Option<AgentId>,
    /// The agent to select with it.
    pub selects: Option<AgentId>,
}

impl Choice {
    #[must_use]
    pub const fn new(what: &'static str, number: u32) -> Self {
        Self { what, number, agent: None, selects: None }
    }
}

/// An act as data: the key and the fields of an intervention, as a scenario file spells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub key: &'static str,
    pub fields: serde_json::Value,
}

impl Act {
    #[must_use]
    pub fn new(key: &'static str, fields: &impl serde::Serialize) -> Self {
        Self { key, fields: serde_json::to_value(fields).unwrap_or_default() }
    }
}

impl Press {
    #[must_use]
    pub const fn choose(what: &'static str, number: u32) -> Self {
        Self::Choose(Choice::new(what, number))
    }
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// Tests find it by this.
    pub id: &'static str,
    pub text: String,
    pub press: Press,
    pub disabled: bool,
    /// It stands in the text as a link does.
    pub is_link: bool,
}

/// One of several is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picker {
    pub id: &'static str,
    /// The name of the choice: "Proposal".
    pub label: &'static str,
    pub options: Vec<PickerOption>,
    /// They stand side by side instead of in a list that unfolds.
    pub is_row: bool,
}

/// One that can be picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickerOption {
    pub text: String,
    pub press: Press,
    pub chosen: bool,
}
