//! What is asked of agents from outside (a proposal, a task, a write, …), and whether they have heard of it (K5).

use serde::Serialize;

use super::frame::Cast;
use crate::coordination::consensus::pipeline::PipelineOrder;
use crate::coordination::consensus::vote::VoteOrder;
use crate::coordination::membership::message::Ask;
use crate::coordination::state::holder::StateOrder;
use crate::coordination::swarm::{Order, Swarm};
use crate::coordination::work::WorkOrder;
use crate::scenario::build::SwarmSimulation;
use crate::sim::kernel::Fate;
use crate::sim::{AgentId, Fault};

/// Something that is asked of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it is due, in virtual time.
    pub time_us: u64,
    pub agent: AgentId,
    /// `proposal`, `pipeline`, `task`, `write`, …
    pub kind: &'static str,
    /// What it is about: the proposal, the task, the keys; empty where there is nothing to name.
    pub name: String,
    pub fate: RequestFate,
    /// Why it was refused, and how to repair that.
    pub refusal: Option<String>,
}

/// What has come of a request.
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
        let (kind, name) = what(command, cast)?;
        let refusal = match fate {
            Fate::Heard(event) => simulation.observer.requests.refusal(event),
            _ => None,
        };
        let refusal = refusal.and_then(|number| why(command, number as usize, cast));
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

/// Why what was asked was refused, by the number under which the agent remembers it.
fn why(command: &Order, number: usize, cast: &Cast) -> Option<String> {
    match command {
        Order::Vote(_) => cast.not_opened.get(number).map(ToString::to_string),
        Order::Work(_) => cast.tasks_refused.get(number).map(ToString::to_string),
        _ => None,
    }
}

/// What kind of request it is, and what it is about; nothing where a liar is told how to lie, and where a task is put
/// into the queue, which is a part of its submission.
fn what(command: &Order, cast: &Cast) -> Option<(&'static str, String)> {
    let names = |keys: &mut dyn Iterator<Item = &str>| keys.collect::<Vec<_>>().join(", ");
    let keys = |keys: &[_]| names(&mut keys.iter().map(|key| cast.key_name(*key)));
    Some(match command {
        Order::Behave(_) => return None,
        Order::Vote(order) => match &**order {
            VoteOrder::Propose(proposal) => ("proposal", proposal.name.clone()),
        },
        Order::Pipeline(order) => match **order {
            PipelineOrder::Begin => ("pipeline", String::new()),
        },
        Order::Work(order) => match &**order {
            WorkOrder::Submit(task) => ("task", task.name.clone()),
            WorkOrder::SetWork(_) => ("way of working", String::new()),
            WorkOrder::SetPolicy(_) => ("policy", String::new()),
        },
        Order::State(order) => match &**order {
            StateOrder::Enqueue(_) => return None,
            StateOrder::Write(writes) => {
                ("write", names(&mut writes.iter().map(|(key, _)| cast.key_name(*key))))
            }
            StateOrder::StrongWrite { key, .. } => ("write", cast.key_name(*key).to_owned()),
            StateOrder::Read(key) => ("read", cast.key_name(*key).to_owned()),
            StateOrder::Clear(cleared) => ("clear", keys(cleared)),
            StateOrder::Sync { keys: named, .. } => ("sync", keys(named)),
            StateOrder::SetStrategy { keys: changed, .. } => ("strategy", keys(changed)),
        },
        Order::Membership(ask) => match **ask {
            Ask::Register => ("registration", String::new()),
            Ask::Unregister => ("farewell", String::new()),
            Ask::Status(_) => ("status", String::new()),
        },
        Order::Byzantine(never) | Order::Gossip(never) => match **never {},
    })
}
