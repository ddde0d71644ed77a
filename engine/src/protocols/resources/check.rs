//! The rules of the section: all that is wrong with it is told before the run begins.

use std::sync::Arc;

use super::Resources;
use super::demand::{Demand, Give, Hold, TAKES_MAX, Take};
use super::section::{AmountFile, DemandFile, ResourcesFile, StockFile};
use super::stock::{PRIORITY_LEAST, PRIORITY_MOST, PRIORITY_USUAL, Resource, ResourceId, Rules};
use crate::common::room::{Brief, Members};
use crate::protocol::decimal::{microseconds, within};
use crate::protocol::name::check_name;
use crate::protocol::number::with_point;
use crate::protocol::problem::{Problem, suggestion};
use crate::sim::AgentId;

/// The section after every rule was checked.
#[derive(Clone, Debug)]
pub struct ResourcesSetup {
    pub rules: Arc<Rules>,
    /// Each repetition by itself, in the order of the file.
    pub demands: Vec<PlannedDemand>,
}

/// A demand, and when its agent is asked to carry it out, in microseconds of the run.
#[derive(Clone, Debug)]
pub struct PlannedDemand {
    pub at_us: u64,
    pub agent: AgentId,
    pub demand: Arc<Demand>,
}

/// A resource has at most so many units.
const CAPACITY_MAX: u32 = 1_000_000;
/// A demand is repeated at most so often.
const TIMES_MAX: u32 = 1_000;
/// A stock has at most so many resources.
const STOCK_MAX: usize = 1_000;

pub(super) fn check(
    Brief { file, cast, .. }: &Brief<'_, Resources>,
) -> Result<ResourcesSetup, Problem> {
    let rules = Arc::new(check_rules(file, *cast)?);
    let mut demands = Vec::new();
    for (place, demand) in file.demands.iter().enumerate() {
        let path = format!("demands[{place}]");
        let of_one = check_demand(demand, &rules, *cast).map_err(|problem| problem.under(&path))?;
        demands.extend(of_one);
    }
    Ok(ResourcesSetup { rules, demands })
}

fn check_rules(file: &ResourcesFile, cast: &dyn Members) -> Result<Rules, Problem> {
    let keeper = cast.find("keeper", &file.keeper)?;
    let lease_us = microseconds("lease_ms", file.lease_ms.unwrap_or(2_000.0))?;
    let drift_us = microseconds("drift_ms", file.drift_ms.unwrap_or(50.0))?;
    if lease_us <= drift_us.saturating_mul(2) {
        let expected = format!("more than twice the drift of {} ms", with_point(drift_us, 3));
        let repair = "make the lease longer, or drift_ms smaller";
        return Err(Problem::new("lease_ms", expected, with_point(lease_us, 3), repair));
    }
    let ageing_us = file.ageing_ms.map(|ms| microseconds("ageing_ms", ms)).transpose()?;
    if ageing_us == Some(0) {
        let repair = "write for example 500, or leave it out: then priorities do not age";
        return Err(Problem::new("ageing_ms", "more than 0", "0", repair));
    }
    if file.stock.is_empty() || file.stock.len() > STOCK_MAX {
        let found = file.stock.len().to_string();
        let expected = format!("1 to {STOCK_MAX} resources");
        let repair = "add for example { \"id\": \"gpu\", \"kind\": \"compute\", \"capacity\": 4 }";
        return Err(Problem::new("stock", expected, found, repair));
    }
    let mut stock: Vec<Resource> = Vec::new();
    for (place, StockFile { id, kind, capacity }) in file.stock.iter().enumerate() {
        let path = format!("stock[{place}]");
        check_name(&format!("{path}.id"), id, "write for example \"gpu\"")?;
        if stock.iter().any(|it| *it.name == **id) {
            let repair =
                "give each resource a name of its own, and raise its capacity if it has more";
            let path = format!("{path}.id");
            return Err(Problem::new(path, "each resource once", format!("{id:?} again"), repair));
        }
        let repair = "give it at least one unit, or leave it out";
        let capacity = within(&format!("{path}.capacity"), *capacity, 1..=CAPACITY_MAX, repair)?;
        stock.push(Resource { name: id.as_str().into(), kind: *kind, capacity });
    }
    Ok(Rules { keeper, stock, lease_us, drift_us, policy: file.deadlock, ageing_us })
}

/// An agent that can ask the keeper.
pub(super) fn taker(
    path: &str,
    name: &str,
    rules: &Rules,
    cast: &dyn Members,
) -> Result<AgentId, Problem> {
    let agent = cast.find(path, name)?;
    if agent == rules.keeper {
        let repair = "name an agent that asks it, or another keeper";
        return Err(Problem::new(path, "an agent beside the keeper", format!("{name:?}"), repair));
    }
    cast.member(path, name)
}

/// The resource of this name.
pub(super) fn resource(path: &str, name: &str, rules: &Rules) -> Result<ResourceId, Problem> {
    let known = || rules.stock.iter().map(|it| &*it.name);
    let found = rules.resources().find(|(_, it)| *it.name == *name).map(|(resource, _)| resource);
    found.ok_or_else(|| {
        let near = suggestion(name, known());
        let names: Vec<&str> = known().collect();
        let repair = format!("take one of {}{near}", names.join(", "));
        Problem::new(path, "a resource of the stock", format!("{name:?}"), repair)
    })
}

/// The amount of a resource, which it has to have at all: what it cannot have would wait for ever.
pub(super) fn amount(
    path: &str,
    amount: u32,
    resource: ResourceId,
    rules: &Rules,
) -> Result<u32, Problem> {
    let repair = "ask for less, or raise its capacity";
    within(path, amount, 1..=rules.capacity(resource), repair)
}

pub(super) fn priority(path: &str, priority: Option<u8>) -> Result<u8, Problem> {
    let repair = "leave it out for 5; higher goes first";
    within(path, priority.unwrap_or(PRIORITY_USUAL), PRIORITY_LEAST..=PRIORITY_MOST, repair)
}

fn check_demand(
    file: &DemandFile,
    rules: &Rules,
    cast: &dyn Members,
) -> Result<Vec<PlannedDemand>, Problem> {
    let agent = taker("agent", &file.agent, rules, cast)?;
    let at_us = microseconds("at_ms", file.at_ms)?;
    let hold_us = microseconds("hold_ms", file.hold_ms)?;
    let priority = priority("priority", file.priority)?;
    for (path, list) in [("takes", &file.takes), ("gives", &file.gives)] {
        let least = usize::from(path == "takes");
        let repair = "say what it takes, in several demands if it is more";
        within(path, list.len(), least..=TAKES_MAX, repair)?;
    }
    let takes = amounts("takes", &file.takes, rules)?;
    let takes =
        takes.into_iter().map(|(resource, amount, after_us)| Take { resource, amount, after_us });
    let takes: Vec<Take> = takes.collect();
    let gives = amounts("gives", &file.gives, rules)?;
    for (place, (given, amount, after_us)) in gives.iter().enumerate() {
        let taken = takes.iter().find(|take| take.resource == *given).map_or(0, |take| take.amount);
        if *amount > taken {
            let (path, expected) =
                (format!("gives[{place}].amount"), format!("at most the {taken} that it takes"));
            return Err(Problem::new(path, expected, amount.to_string(), "give back less"));
        }
        if *after_us >= hold_us {
            let expected = format!("less than hold_ms, {}", with_point(hold_us, 3));
            let (path, found) = (format!("gives[{place}].after_ms"), with_point(*after_us, 3));
            return Err(Problem::new(path, expected, found, "then everything is given back"));
        }
    }
    let gives =
        gives.into_iter().map(|(resource, amount, after_us)| Give { resource, amount, after_us });
    let hold = Hold::For(hold_us);
    let demand = Demand { priority, takes, gives: gives.collect(), hold };
    let demand = Arc::new(demand.under(rules.policy));
    let times = within("times", file.times.unwrap_or(1), 1..=TIMES_MAX, "write for example 3")?;
    let every_us = match file.every_ms {
        Some(every_ms) => microseconds("every_ms", every_ms)?,
        None if times > 1 => {
            let repair = "write for example 1500: from one to the next";
            return Err(Problem::new("every_ms", "a time, with times above 1", "nothing", repair));
        }
        None => 0,
    };
    let planned = |nth: u32| PlannedDemand {
        at_us: at_us.saturating_add(every_us.saturating_mul(nth.into())),
        agent,
        demand: demand.clone(),
    };
    Ok((0..times).map(planned).collect())
}

/// Amounts of resources, each resource once.
fn amounts(
    list: &str,
    files: &[AmountFile],
    rules: &Rules,
) -> Result<Vec<(ResourceId, u32, u64)>, Problem> {
    let mut amounts: Vec<(ResourceId, u32, u64)> = Vec::new();
    for (place, file) in files.iter().enumerate() {
        let path = format!("{list}[{place}]");
        let resource = resource(&format!("{path}.resource"), &file.resource, rules)?;
        if amounts.iter().any(|(other, ..)| *other == resource) {
            let (path, found) = (format!("{path}.resource"), format!("{:?} again", file.resource));
            let repair = "write the sum of both amounts";
            return Err(Problem::new(path, "each resource once", found, repair));
        }
        let amount = amount(&format!("{path}.amount"), file.amount, resource, rules)?;
        let after_us = microseconds(&format!("{path}.after_ms"), file.after_ms.unwrap_or(0.0))?;
        amounts.push((resource, amount, after_us));
    }
    Ok(amounts)
}
