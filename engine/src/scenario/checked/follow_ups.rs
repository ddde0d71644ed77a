//! The rules of what agents do once a proposal is approved.

use super::Scenario;
use super::state::{sync_kind, write_orders};
use crate::coordination::state::follow_up::FollowUp;
use crate::coordination::state::holder::{StateOrder, StateRules};
use crate::scenario::decimal;
use crate::scenario::error::{Problem, suggestion};
use crate::scenario::file::state::FollowUpFile;

/// More steps than this are not taken.
const STEPS_MAX: usize = 1_000;

/// What the file says of this one, checked; `rules` has the keys.
pub fn check_follow_up(
    file: &FollowUpFile,
    rules: &StateRules,
    scenario: &Scenario,
) -> Result<FollowUp, Problem> {
    let stages = || scenario.pipeline.1.iter().map(|stage| stage.proposal.name.as_str());
    let of_scenario = || scenario.proposals.iter().map(|(_, proposal)| proposal.name.as_str());
    let names = || of_scenario().chain(stages());
    if !names().any(|name| name == file.proposal) {
        let near = suggestion(&file.proposal, names());
        let repair = format!("name one of the scenario's proposals, of a stage or not{near}");
        let found = format!("{:?}", file.proposal);
        return Err(Problem::new("proposal", "the id of a proposal", found, repair));
    }
    let agent = scenario.member(&scenario.names, "agent", &file.agent)?;
    let every_ms = file.every_ms.unwrap_or(100.0);
    let every_us = decimal::microseconds("every_ms", every_ms)?;
    if file.steps.is_empty() || file.steps.len() > STEPS_MAX {
        let found = format!("{} steps", file.steps.len());
        let repair = "say for example { \"writes\": [{ \"key\": \"progress\", \"set\": 10 }] }";
        return Err(Problem::new("steps", format!("1 to {STEPS_MAX} steps"), found, repair));
    }
    let mut steps = Vec::new();
    for (place, step) in file.steps.iter().enumerate() {
        let path = format!("steps[{place}]");
        let mut orders =
            write_orders(&step.writes, rules).map_err(|problem| problem.under(&path))?;
        let sync = step.sync.map(|kind| {
            let (kind, keys) = (sync_kind(kind), Vec::new());
            StateOrder::Sync { kind, with: None, keys }
        });
        orders.extend(sync);
        if orders.is_empty() {
            let repair = "say what it writes, or how it synchronises";
            return Err(Problem::new(path, "writes, sync or both", "neither", repair));
        }
        steps.push(orders);
    }
    Ok(FollowUp { proposal: file.proposal.as_str().into(), agent, every_us, steps })
}
