//! The assumptions on which votes without a counter rest.

use serde::Serialize;

use crate::protocol::document::{Item, Press, Sign, Tint};
use crate::protocol::note::Names;
use crate::sim::{AgentId, EventId};

/// An assumption of votes without a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// Byzantine, crashed, paused and cut-off agents are at most f.
    Faulty,
    /// The other paths lose nothing.
    Delivery,
    /// A round is long enough for the slowest message and the clocks' differences.
    RoundLength,
    /// The graph does not fall apart without any f agents.
    Connectivity,
}

/// The first assumption that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub assumption: Assumption,
    /// The event that broke it; none when it never held.
    pub event: Option<EventId>,
}

/// Something that a vote rests on, whether it holds, and the event that broke it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Premise {
    pub text: String,
    pub holds: bool,
    pub event: Option<EventId>,
}

impl From<Premise> for Item {
    fn from(Premise { text, holds, event }: Premise) -> Self {
        Self {
            id: if holds { "premise" } else { "broken-premise" }.to_owned(),
            sign: Some(if holds { Sign::Holds } else { Sign::Violated }),
            text,
            said: if holds { "holds" } else { "does not hold" },
            status: if holds { "holds" } else { "violated" },
            tint: if holds { Tint::Plain } else { Tint::Fault },
            press: event.map(Press::Seek),
            ..Self::default()
        }
    }
}

/// Whether the assumptions held, or the first that broke, for machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AssumptionsReport {
    pub held: bool,
    pub broken: Option<Assumption>,
    /// The event that broke it; `null` when it never held.
    pub event: Option<EventId>,
    /// Those who alone can part the network, where that is what is broken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<String>,
}

impl AssumptionsReport {
    #[must_use]
    pub fn new(broken: Option<Broken>, cut: &[AgentId], names: &dyn Names) -> Self {
        let assumption = broken.map(|broken| broken.assumption);
        let cut = cut.iter().filter(|_| assumption == Some(Assumption::Connectivity));
        Self {
            held: broken.is_none(),
            broken: assumption,
            event: broken.and_then(|broken| broken.event),
            cut: cut.map(|agent| names.agent(*agent).to_owned()).collect(),
        }
    }
}
