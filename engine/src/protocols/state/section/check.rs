//! The rules of the section as a whole.

use std::sync::Arc;

use super::StateFile;
use super::counted::Counted;
use super::follow_ups::check_follow_up;
use super::kept_work::check_kept_work;
use super::keys::{KEYS_MAX, check_key};
use super::replicas::{Written, place_replica};
use crate::common::room::Members;
use crate::common::signal::TASKS_MAX;
use crate::common::value::SCALE;
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::protocols::state::clock::Origin;
use crate::protocols::state::crdt::Operation;
use crate::protocols::state::holder::StateRules;
use crate::protocols::state::memory::HolderDurable;
use crate::protocols::state::replica::{KeyId, KeyRule};
use crate::sim::{AgentId, LocalTime};

/// More removals than this are not remembered.
const HORIZON_MAX: u32 = 10_000;

/// The section after every rule was checked.
#[derive(Clone, Debug)]
pub struct StateSetup {
    pub rules: Arc<StateRules>,
    /// By agent; members that join later begin with nothing.
    pub holders: Vec<HolderDurable>,
    /// The sums by key before any act on the swarm.
    pub counted: Counted,
    /// So many keys are the author's; those that are made for the work stand behind them.
    pub own_keys: usize,
}

/// Checks the section.
///
/// # Errors
/// The first rule that is broken, with its place in the section.
pub(super) fn check(file: &StateFile, cast: &dyn Members) -> Result<StateSetup, Problem> {
    let members = cast.count();
    let mut keys: Vec<KeyRule> = Vec::new();
    let mut first: Vec<(KeyId, Operation)> = Vec::new();
    for (place, key) in file.keys.iter().enumerate() {
        let path = format!("keys[{place}]");
        check_key(key, &mut keys, &mut first).map_err(|problem| problem.under(&path))?;
    }
    let own_keys = keys.len();
    let kept_work = file.work.as_ref().map(|file| check_kept_work(file, cast, &mut keys));
    let work = kept_work.transpose()?;
    if keys.is_empty() || keys.len() > KEYS_MAX {
        let found = format!("{} keys", keys.len());
        let repair = match keys.is_empty() {
            true => "name what the swarm keeps, or leave \"state\" out",
            false => "keep fewer, or more under one key",
        };
        return Err(Problem::new("keys", format!("1 to {KEYS_MAX} keys"), found, repair));
    }
    let horizon = file.horizon.unwrap_or(100);
    if horizon > HORIZON_MAX {
        let expected = format!("0 to {HORIZON_MAX} removals");
        return Err(Problem::new("horizon", expected, horizon.to_string(), "leave it out for 100"));
    }
    let us = |name: &str, ms: Option<f64>, default: u64| {
        ms.map_or(Ok(default), |ms| decimal::microseconds(name, ms))
    };
    let timeout_us = us("timeout_ms", file.timeout_ms, 10_000_000)?;
    if timeout_us == 0 {
        return Err(Problem::new("timeout_ms", "above 0", "0", "leave it out for 10000"));
    }
    let mut rules = StateRules {
        keys,
        sync_interval_us: us("sync_interval_ms", file.sync_interval_ms, 0)?,
        sync_by: file.sync.unwrap_or_default(),
        push: file.push.unwrap_or(true),
        timeout_us,
        horizon: horizon as usize,
        durable: file.durable.unwrap_or(true),
        members,
        follow_ups: Vec::new(),
        work,
    };
    for (place, follow_up) in file.on_approval.iter().enumerate() {
        let path = format!("on_approval[{place}]");
        let checked = check_follow_up(follow_up, &rules, cast);
        rules.follow_ups.push(checked.map_err(|problem| problem.under(&path))?);
    }
    let mut counted = Counted::new(rules.keys.len());
    if let Some(key) = rules.work.as_ref().and_then(|work| work.completed) {
        let most = Operation::Add(TASKS_MAX as i64 * SCALE);
        counted.add("work.completed", (key, &rules.keys[key.0 as usize]), &most)?;
    }
    for (place, follow_up) in rules.follow_ups.iter().enumerate() {
        for (step, order) in follow_up.steps.iter().enumerate() {
            let path = format!("on_approval[{place}].steps[{step}]");
            order.orders.iter().try_for_each(|order| counted.add_order(&path, order, &rules))?;
        }
    }
    let rules = Arc::new(rules);
    let mut holder = HolderDurable::new(AgentId(0), rules.clone());
    for (key, operation) in &first {
        counted.add("keys", (*key, &rules.keys[key.0 as usize]), operation)?;
        write_first(&mut holder, *key, operation)?;
    }
    let mut holders = Vec::new();
    for agent in (0..members).map(AgentId) {
        let mut own = holder.clone();
        own.replica.origin = Origin { agent, life: 0 };
        if agent.0 > 0 {
            own.replica.sequence = 0;
        }
        holders.push(own);
    }
    let mut written = Written::new(&holder);
    for (place, replica) in file.replicas.iter().enumerate() {
        let path = format!("replicas[{place}]");
        place_replica(replica, (&rules, cast), &mut holders, &mut written, &mut counted)
            .map_err(|problem| problem.under(&path))?;
    }
    if !file.replicas.is_empty() {
        for holder in &mut holders {
            written.count_in(holder);
        }
    }
    Ok(StateSetup { rules, holders, counted, own_keys })
}

/// A value that all hold at the start counts as written by the first agent, before anything else.
fn write_first(
    holder: &mut HolderDurable,
    key: KeyId,
    operation: &Operation,
) -> Result<(), Problem> {
    let rules = holder.rules.clone();
    let rule = &rules.keys[key.0 as usize];
    if let (true, Operation::Set(value)) = (rule.strong, operation) {
        holder.begin_strong(key, value.clone());
        return Ok(());
    }
    holder.replica.write((key, rule), operation, LocalTime::START).map_err(|error| {
        let path = format!("keys: {}", rule.name);
        Problem::new(path, "a value its type takes", error.to_string(), "write another value")
    })
}
