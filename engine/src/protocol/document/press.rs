//! What a person does with a document: as data, which the shell carries out.

use crate::sim::{AgentId, EventId};

/// What happens when something is pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// The run goes to the moment of this event.
    Seek(EventId),
    /// The stage selects this agent.
    Select(AgentId),
    /// Something else is looked at; the run stays as it is.
    Choose(Choice),
    /// Something is done to the swarm, or asked of the shell.
    Do(Act),
}

/// What to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Of which sort: "proposal", "task".
    pub what: &'static str,
    pub number: u32,
    /// At which agent, or of which agent's, where that matters.
    pub agent: Option<AgentId>,
}

/// What to do, by its name; a shell asks whoever knows the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    pub key: &'static str,
    /// What it is about, as its name says: a task, a way to resolve.
    pub number: u32,
    pub agent: Option<AgentId>,
}

impl Press {
    #[must_use]
    pub const fn choose(what: &'static str, number: u32) -> Self {
        Self::Choose(Choice { what, number, agent: None })
    }

    #[must_use]
    pub const fn act(key: &'static str, number: u32) -> Self {
        Self::Do(Act { key, number, agent: None })
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
    /// What is picked: "Proposal".
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
