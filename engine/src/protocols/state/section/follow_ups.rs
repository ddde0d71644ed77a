//! The rules of what agents do once a proposal is approved.

use super::FollowUpFile;
use super::keys::find_key;
use super::writes::write_orders;
use crate::common::room::Members;
use crate::protocol::decimal;
use crate::protocol::problem::{Problem, suggestion};
use crate::protocols::state::crdt::CrdtKind;
use crate::protocols::state::follow_up::{Fact, FollowUp, Step};
use crate::protocols::state::holder::{StateOrder, StateRules};
use crate::protocols::state::replica::KeyId;
use crate::sim::AgentId;

/// More steps than this are not taken.
const STEPS_MAX: usize = 1_000;

/// Checks one; `rules` has the keys.
pub(super) fn check_follow_up(
    file: &FollowUpFile,
    rules: &StateRules,
    cast: &dyn Members,
) -> Result<FollowUp, Problem> {
    let names = || cast.proposals().map(|proposal| proposal.name.as_str());
    if !names().any(|name| name == file.proposal) {
        let near = suggestion(&file.proposal, names());
        let repair = format!("name one of the scenario's proposals, of a stage or not{near}");
        let found = format!("{:?}", file.proposal);
        return Err(Problem::new("proposal", "the id of a proposal", found, repair));
    }
    let agent = cast.member("agent", &file.agent)?;
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
        let sync = step.sync.map(|kind| StateOrder::Sync { kind, with: None, keys: Vec::new() });
        orders.extend(sync);
        if orders.is_empty() && step.facts.is_empty() {
            let repair = "say what it writes, or how it synchronises";
            return Err(Problem::new(path, "writes, facts or sync", "none of them", repair));
        }
        let mut facts = Vec::new();
        for (key, fact) in &step.facts {
            let path = format!("{path}.facts.{key}");
            facts.push(check_fact(&path, (key, fact), rules)?);
        }
        steps.push(Step { facts, orders });
    }
    if steps.iter().any(|step| !step.facts.is_empty()) {
        check_counted(&file.proposal, cast)?;
    }
    let profiles = (0..cast.count()).filter_map(|number| cast.profile(AgentId(number)));
    let names = profiles.map(|profile| profile.name.as_str().into()).collect();
    Ok(FollowUp { proposal: file.proposal.as_str().into(), agent, every_us, steps, names })
}

/// A fact, and the key it is written to.
fn check_fact(
    path: &str,
    (key, fact): (&str, &str),
    rules: &StateRules,
) -> Result<(KeyId, Fact), Problem> {
    let known = Fact::ALL.iter().find(|(_, name)| *name == fact);
    let Some((known, _)) = known else {
        let names = Fact::ALL.map(|(_, name)| name);
        let near = suggestion(fact, names);
        let repair = format!("name one of {}{near}", names.join(", "));
        return Err(Problem::new(
            path,
            "something about the decision",
            format!("{fact:?}"),
            repair,
        ));
    };
    let (key, rule) = find_key(path, key, rules)?;
    let takes_set = matches!(rule.kind, None | Some(CrdtKind::LwwRegister | CrdtKind::MvRegister));
    if rule.strong || !takes_set {
        let repair = "write it to a key without a type, or to a register";
        return Err(Problem::new(path, "a key that can be set", "one that cannot", repair));
    }
    Ok((key, *known))
}

/// Only of a vote that the coordinator counts it can tell who was FOR.
fn check_counted(proposal: &str, cast: &dyn Members) -> Result<(), Problem> {
    let found = cast.proposals().find(|it| it.name == proposal);
    let is_counted = found.is_some_and(|it| it.algorithm.is_counted() && it.options.is_empty());
    if is_counted {
        return Ok(());
    }
    let repair = "write facts of a vote that the coordinator counts, as by quorum or weight";
    Err(Problem::new("steps: facts", "a counted vote", format!("{proposal:?}"), repair))
}
