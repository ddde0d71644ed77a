//! The rules of what the swarm keeps: keys with their types, what agents hold at the start, and what is
//! written to them.

use std::sync::Arc;

use super::Scenario;
use super::counted::Counted;
use super::follow_ups::check_follow_up;
use super::kept_work::check_kept_work;
use super::replicas::{Written, place_replica};
use crate::coordination::signal::TASKS_MAX;
use crate::coordination::state::clock::{Dot, Origin};
use crate::coordination::state::crdt::{CrdtKind, Operation, Stamp};
use crate::coordination::state::holder::{StateOrder, StateRules, SyncKind};
use crate::coordination::state::memory::HolderDurable;
use crate::coordination::state::record::Record;
use crate::coordination::state::replica::{KeyId, KeyRule};
use crate::coordination::state::resolve::Strategy;
use crate::coordination::value::data::{DataFile, check_value};
use crate::coordination::value::{SCALE, Value};
use crate::protocol::decimal;
use crate::protocol::name::check_name;
use crate::protocol::problem::{Problem, suggestion};
use crate::scenario::file::state::{KeyFile, StateFile, SyncFile, WriteFile};
use crate::sim::{AgentId, LocalTime};

/// More keys than this are not kept.
pub(super) const KEYS_MAX: usize = 20_000;
/// More removals than this are not remembered.
const HORIZON_MAX: u32 = 10_000;

/// A write that is only tried.
const PROBE: Stamp = Stamp {
    dot: Dot { origin: Origin { agent: AgentId(0), life: 0 }, sequence: 1 },
    time_us: LocalTime::START,
};

/// The state a swarm starts with.
#[derive(Clone, Debug)]
pub struct StateSetup {
    pub rules: Arc<StateRules>,
    /// By agent; the members that join later start like the first.
    pub holders: Vec<HolderDurable>,
    /// What is counted by key before anything is done to the swarm.
    pub counted: Counted,
}

/// What the file says of the keys, checked.
pub fn check_state(file: &StateFile, scenario: &Scenario) -> Result<StateSetup, Problem> {
    let members = scenario.members.len() as u32;
    let mut keys: Vec<KeyRule> = Vec::new();
    let mut first: Vec<(KeyId, Operation)> = Vec::new();
    for (place, key) in file.keys.iter().enumerate() {
        let path = format!("keys[{place}]");
        check_key(key, &mut keys, &mut first).map_err(|problem| problem.under(&path))?;
    }
    let kept_work = file.work.as_ref().map(|file| check_kept_work(file, scenario, &mut keys));
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
        sync_by: sync_kind(file.sync.unwrap_or_default()),
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
        let checked = check_follow_up(follow_up, &rules, scenario);
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
        place_replica(replica, &scenario.names, &mut holders, &mut written, &mut counted)
            .map_err(|problem| problem.under(&path))?;
    }
    if !file.replicas.is_empty() {
        for holder in &mut holders {
            written.count_in(holder);
        }
    }
    Ok(StateSetup { rules, holders, counted })
}

fn check_key(
    file: &KeyFile,
    keys: &mut Vec<KeyRule>,
    first: &mut Vec<(KeyId, Operation)>,
) -> Result<(), Problem> {
    check_key_name("key", &file.key, "write for example \"task_queue\"")?;
    let kind = match &file.kind {
        None => None,
        Some(name) => Some(crdt_kind("type", name)?),
    };
    let strategy = match &file.strategy {
        Some(name) => check_strategy("strategy", name)?,
        None if kind.is_some() => Strategy::Crdt,
        None => Strategy::LastWriteWins,
    };
    if let (true, Some(name)) = (file.strong, &file.strategy) {
        let expected = "none for a strong key, which a vote decides";
        return Err(Problem::new("strategy", expected, format!("{name:?}"), "leave it out"));
    }
    if let (true, Some(name)) = (file.strong, &file.kind) {
        let repair = "a strong key holds a plain value: leave its type out";
        return Err(Problem::new("type", "none for a strong key", format!("{name:?}"), repair));
    }
    let count = file.count.unwrap_or(1);
    if count == 0 || count as usize > KEYS_MAX {
        let repair = "leave it out for one";
        return Err(Problem::new("count", "1 to 20000", count.to_string(), repair));
    }
    if file.count.is_some() {
        check_name(
            "key",
            &format!("{}-{count}", file.key),
            "a number stands behind it: shorten it",
        )?;
    }
    let mut begins = Vec::new();
    if let Some(data) = &file.value {
        begins = begins_with(kind, &check_value("value", data)?)?;
        for operation in &begins {
            Record::first(kind, operation, PROBE).map_err(|error| {
                let repair = "write another value, or give the key another type";
                Problem::new("value", "a value its type takes", error.to_string(), repair)
            })?;
        }
    }
    let others = keys.len();
    for number in 1..=count {
        let name: Arc<str> = match file.count {
            None => file.key.as_str().into(),
            Some(_) => format!("{}-{number}", file.key).into(),
        };
        check_new_key("key", &name, &keys[..others], "give each key a name of its own")?;
        let key = KeyId(keys.len() as u32);
        keys.push(KeyRule { name, kind, strategy, change: 0, strong: file.strong });
        first.extend(begins.iter().map(|operation| (key, operation.clone())));
    }
    Ok(())
}

/// # Errors
/// When no key can have this name.
pub(super) fn check_key_name(path: &str, name: &str, repair: &str) -> Result<(), Problem> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !name.is_empty() && name.len() <= 64 && name.chars().all(fits) {
        return Ok(());
    }
    let expected = "1 to 64 letters, digits and - _ . / :";
    Err(Problem::new(path, expected, format!("{name:?}"), repair))
}

/// # Errors
/// When there is a key of this name.
pub(super) fn check_new_key(
    path: &str,
    name: &str,
    others: &[KeyRule],
    repair: &str,
) -> Result<(), Problem> {
    if others.iter().all(|other| *other.name != *name) {
        return Ok(());
    }
    Err(Problem::new(path, "a new name", format!("{name:?} a second time"), repair))
}

/// What makes a key of this type hold the value.
pub(super) fn begins_with(
    kind: Option<CrdtKind>,
    value: &Value,
) -> Result<Vec<Operation>, Problem> {
    let wrong = |expected: &str| {
        let repair = "leave it out, and write to the key in faults";
        Problem::new("value", expected, value.to_string(), repair)
    };
    Ok(match (kind, value) {
        (None | Some(CrdtKind::LwwRegister | CrdtKind::MvRegister), value) => {
            vec![Operation::Set(value.clone())]
        }
        (Some(CrdtKind::GCounter | CrdtKind::PnCounter), Value::Number(number)) => {
            vec![Operation::Add(*number)]
        }
        (Some(CrdtKind::GSet | CrdtKind::OrSet), Value::List(items)) => {
            items.iter().cloned().map(Operation::Insert).collect()
        }
        (Some(CrdtKind::LwwMap), Value::Map(fields)) => {
            let put =
                |(name, value): (&Arc<str>, &Value)| Operation::Put(name.clone(), value.clone());
            fields.iter().map(put).collect()
        }
        (Some(CrdtKind::GCounter | CrdtKind::PnCounter), _) => {
            return Err(wrong("a number for a counter"));
        }
        (Some(CrdtKind::GSet | CrdtKind::OrSet), _) => return Err(wrong("a list for a set")),
        (Some(CrdtKind::LwwMap), _) => return Err(wrong("an object for a map")),
    })
}

/// What all hold at the start counts as written by the first agent, before anything else.
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

/// # Errors
/// When there is no such key.
pub fn find_key(path: &str, name: &str, rules: &StateRules) -> Result<KeyId, Problem> {
    let place = rules.keys.iter().position(|key| *key.name == *name);
    place.map(|place| KeyId(place as u32)).ok_or_else(|| {
        let near = suggestion(name, rules.keys.iter().map(|key| &*key.name));
        let repair = format!("name one of state.keys{near}");
        Problem::new(path, "the name of a key", format!("{name:?}"), repair)
    })
}

fn crdt_kind(path: &str, name: &str) -> Result<CrdtKind, Problem> {
    let known = || CrdtKind::ALL.into_iter().map(|it| it.1);
    CrdtKind::ALL.into_iter().map(|it| it.0).find(|kind| kind.name() == name).ok_or_else(|| {
        let repair = format!(
            "write one of {}{}",
            known().collect::<Vec<_>>().join(", "),
            suggestion(name, known())
        );
        Problem::new(path, "a replicated type", format!("{name:?}"), repair)
    })
}

/// # Errors
/// When there is no such strategy.
pub fn check_strategy(path: &str, name: &str) -> Result<Strategy, Problem> {
    Strategy::ALL.into_iter().map(|it| it.0).find(|strategy| strategy.name() == name).ok_or_else(
        || {
            let known: Vec<&str> = Strategy::ALL.into_iter().map(|it| it.1).collect();
            let near = suggestion(name, known.iter().copied());
            let repair = format!("write one of {}{near}", known.join(", "));
            Problem::new(path, "a way to resolve", format!("{name:?}"), repair)
        },
    )
}

/// The same among what the protocol knows.
#[must_use]
pub fn sync_kind(file: SyncFile) -> SyncKind {
    match file {
        SyncFile::Delta => SyncKind::Delta,
        SyncFile::Full => SyncKind::Full,
        SyncFile::Query => SyncKind::Query,
    }
}

/// What an agent is asked to do that writes this: strong keys one after the other, the others at once.
pub fn write_orders(writes: &[WriteFile], rules: &StateRules) -> Result<Vec<StateOrder>, Problem> {
    let mut all = Vec::new();
    let mut orders = Vec::new();
    for (place, file) in writes.iter().enumerate() {
        let path = format!("writes[{place}]");
        let (key, operations) = check_write(file, rules).map_err(|problem| problem.under(&path))?;
        let strong = rules.keys[key.0 as usize].strong;
        let (expects, repair) = (file.expects.unwrap_or(0), "leave it out for 0");
        let most = decimal::COUNT_MAX;
        let expects = decimal::within(&format!("{path}.expects"), expects, 0..=most, repair)?;
        for operation in operations {
            if strong {
                orders.push(StateOrder::StrongWrite { key, operation, expects });
            } else {
                all.push((key, operation));
            }
        }
    }
    if !all.is_empty() {
        orders.push(StateOrder::Write(all));
    }
    Ok(orders)
}

/// What a write of a file does.
///
/// # Errors
/// When it says nothing, or two things, or what the type of the key does not take.
fn check_write(file: &WriteFile, rules: &StateRules) -> Result<(KeyId, Vec<Operation>), Problem> {
    let key = find_key("key", &file.key, rules)?;
    let rule = &rules.keys[key.0 as usize];
    let mut operations = Vec::new();
    if let Some(data) = &file.set {
        operations.push(Operation::Set(check_value("set", data)?));
    }
    if let Some(number) = file.add {
        let Value::Number(millionths) = check_value("add", &DataFile::Number(number))? else {
            unreachable!("a number is a number");
        };
        operations.push(Operation::Add(millionths));
    }
    if let Some(data) = &file.insert {
        operations.push(Operation::Insert(check_value("insert", data)?));
    }
    if let Some(data) = &file.remove {
        operations.push(Operation::Remove(check_value("remove", data)?));
    }
    for (name, data) in &file.put {
        operations.push(Operation::Put(name.as_str().into(), check_value("put", data)?));
    }
    if let Some(name) = &file.take {
        operations.push(Operation::Take(name.as_str().into()));
    }
    if operations.is_empty() {
        let repair = "write for example \"add\": 1, or \"set\": \"done\"";
        return Err(Problem::new(
            "key",
            "one of set, add, insert, remove, put, take",
            "none",
            repair,
        ));
    }
    if let Some(expects) = file.expects.filter(|_| !rule.strong) {
        let repair = "leave it out, or make the key strong in state.keys";
        let found = expects.to_string();
        return Err(Problem::new("expects", "none for a key that is not strong", found, repair));
    }
    if rule.strong && operations.len() > 1 {
        let repair = "write one after the other, each with the version it expects";
        return Err(Problem::new("key", "one write of a strong key", "several", repair));
    }
    for operation in &operations {
        if rule.strong && !matches!(operation, Operation::Set(_)) {
            let repair = "a strong key holds a plain value: use set";
            return Err(Problem::new("key", "set for a strong key", operation.name(), repair));
        }
        Record::first(rule.kind, operation, PROBE).map_err(|error| {
            let repair = format!("change the write, or the type of {} in state.keys", rule.name);
            Problem::new("key", "what its type takes", error.to_string(), repair)
        })?;
    }
    Ok((key, operations))
}
