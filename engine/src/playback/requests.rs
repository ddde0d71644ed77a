//! Requests to agents from outside (a proposal, a task, a write, …), and whether the agents have heard of
//! them (K5).

use serde::Serialize;

use super::cast::Cast;
use crate::protocol::contract::Requested as _;
use crate::protocol::note::{Names as _, Thing};
use crate::scenario::build::SwarmSimulation;
use crate::sim::kernel::Fate;
use crate::sim::{AgentId, Fault};
use crate::swarm::Swarm;

/// Something that is asked of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it is due, in virtual time.
    pub time_us: u64,
    pub agent: AgentId,
    /// `proposal`, `pipeline`, `task`, `write`, …
    pub kind: &'static str,
    /// The subject: the proposal, the task, the keys; empty where there is nothing to name.
    pub name: String,
    pub fate: RequestFate,
    /// Why it was refused, and how to repair that.
    pub refusal: Option<String>,
}

/// The fate of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestFate {
    NotDue,
    Heard,
    /// The agent heard of it, and did not do it.
    Refused,
    /// The agent is paused or down: it is asked again when it is back.
    Waits,
    /// The agent was removed, or the run ended before it came back.
    NeverHeard,
}

impl Request {
    /// "the proposal new-leader".
    #[must_use]
    pub fn words(&self) -> String {
        if self.name.is_empty() {
            self.kind.to_owned()
        } else {
            format!("{} {}", self.kind, self.name)
        }
    }
}

/// Everything that is asked, in the order of time; `ended` says that nothing more will come.
#[must_use]
pub fn requests(cast: &Cast, simulation: &SwarmSimulation, ended: bool) -> Vec<Request> {
    let of = |(time_us, fault, fate): (u64, &Fault<Swarm>, Fate)| {
        let Fault::Command(agent, command) = fault else { return None };
        let (kind, name) = (command.kind()?, command.about(cast));
        let refusal = match fate {
            Fate::Heard(event) => simulation.observer.requests.refusal(event),
            _ => None,
        };
        let why = |number| Some(cast.thing(*agent, Thing::new(command.refusal()?, number)));
        let refusal = refusal.and_then(why).filter(|why| !why.is_empty());
        let fate = match fate {
            Fate::NotDue => RequestFate::NotDue,
            Fate::Heard(_) if refusal.is_some() => RequestFate::Refused,
            Fate::Heard(_) | Fate::Done => RequestFate::Heard,
            Fate::Waits if !ended => RequestFate::Waits,
            Fate::Waits | Fate::NeverHeard => RequestFate::NeverHeard,
        };
        Some(Request { time_us, agent: *agent, kind, name, fate, refusal })
    };
    simulation.agenda().filter_map(of).collect()
}
