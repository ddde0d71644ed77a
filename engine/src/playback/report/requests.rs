//! Requests from outside, for machines (K5).

use serde::Serialize;

use crate::playback::cast::Cast;
use crate::playback::requests::{RequestFate, requests};
use crate::scenario::build::SwarmSimulation;

/// Something that the scenario or a person asks of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestReport {
    /// `proposal`, `pipeline`, `task`, `write`, `clear`, `sync`, `read`, …
    pub kind: &'static str,
    /// The proposal, the task, or the keys, one after the other; empty where there is nothing to name.
    pub name: String,
    pub agent: String,
    /// When it is due.
    pub at_us: u64,
    /// `not_due`, `heard`, `refused`, `waits` for an agent that is paused or down, or `never_heard`.
    pub fate: RequestFate,
    /// Why it was refused, and how to repair that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
}

pub(super) fn request_reports(
    cast: &Cast,
    simulation: &SwarmSimulation,
    ended: bool,
) -> Vec<RequestReport> {
    let all = requests(cast, simulation, ended).into_iter();
    all.map(|it| RequestReport {
        kind: it.kind,
        name: it.name,
        agent: cast.name(it.agent).to_owned(),
        at_us: it.time_us,
        fate: it.fate,
        refusal: it.refusal,
    })
    .collect()
}
