//! The rules of replicas: values that single agents hold at the start instead of what all others hold.

use std::sync::Arc;

use super::ReplicaFile;
use super::counted::Counted;
use super::keys::{begins_with, find_key};
use crate::common::room::Members;
use crate::common::value::data::check_value;
use crate::map::Map;
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::protocols::state::clock::{Dot, Origin, VectorClock};
use crate::protocols::state::crdt::{OperationError, Stamp};
use crate::protocols::state::holder::StateRules;
use crate::protocols::state::memory::HolderDurable;
use crate::protocols::state::record::Record;
use crate::protocols::state::replica::KeyId;
use crate::protocols::state::resolve::Strategy;
use crate::protocols::state::version::StateVersion;
use crate::sim::{AgentId, LocalTime};

/// All writes that the file says were made before the start.
pub(super) struct Written {
    /// First those that all hold from the start, so many.
    writes: Vec<(Dot, KeyId)>,
    at_start: usize,
    /// Those that the replicas of the file are from.
    given: Vec<(Dot, KeyId, StateVersion)>,
    /// The last named write of each origin.
    last: VectorClock,
}

impl Written {
    pub(super) fn new(common: &HolderDurable) -> Self {
        let of = |(key, record): (&KeyId, &Arc<Record>)| (record.current().dot, *key);
        let writes: Vec<_> = common.replica.records.iter().map(of).collect();
        let at_start = writes.len();
        Self { writes, at_start, given: Vec::new(), last: common.replica.seen.clone() }
    }

    /// The key that all hold from the start by this write.
    fn at_start(&self, dot: Dot) -> Option<KeyId> {
        let start = &self.writes[..self.at_start];
        start.iter().find(|(other, _)| *other == dot).map(|(_, key)| *key)
    }

    /// The holder's cursor covers a write only if the holder has it. It goes on counting after its own writes;
    /// should it not have them all, under a new name, as its cursor says of its own name that it has.
    pub(super) fn count_in(&self, holder: &mut HolderDurable) {
        let replica = &mut holder.replica;
        let lacks = |(dot, key): &&(Dot, KeyId)| {
            !replica.records.get(key).is_some_and(|record| record.stamps.covers(*dot))
        };
        let mut seen = VectorClock::default();
        for (origin, last) in self.last.iter() {
            let lacking = self.writes.iter().filter(|it| it.0.origin == *origin).filter(lacks);
            let most = lacking.map(|(dot, _)| dot.sequence - 1).fold(*last, u64::min);
            seen.set_at_least(Dot { origin: *origin, sequence: most });
        }
        let origin = replica.origin;
        if seen.get(origin) < self.last.get(origin) {
            replica.origin.life += 1;
            replica.sequence = 0;
        } else {
            replica.sequence = self.last.get(origin);
        }
        replica.seen = seen;
    }
}

/// Checks a replica, and gives it to its holder.
pub(super) fn place_replica(
    file: &ReplicaFile,
    (rules, cast): (&StateRules, &dyn Members),
    holders: &mut [HolderDurable],
    written: &mut Written,
    counted: &mut Counted,
) -> Result<(), Problem> {
    let agent = member("agent", &file.agent, cast)?;
    let by = match &file.by {
        Some(name) => member("by", name, cast)?,
        None => agent,
    };
    let (key, rule) = find_key("key", &file.key, rules)?;
    if rule.strong {
        let found = format!("{:?}, which is strong", file.key);
        let repair = "all hold the same of it at the start: write its value in state.keys";
        return Err(Problem::new("key", "a key that is not strong", found, repair));
    }
    let value = check_value("value", &file.value)?;
    let mut clock = VectorClock::default();
    for (name, writes) in &file.clock {
        let path = format!("clock.{name}");
        let agent = member(&path, name, cast)?;
        decimal::within(&path, *writes, 0..=decimal::COUNT_MAX, "count from 1")?;
        clock.set_at_least(Dot { origin: Origin { agent, life: 0 }, sequence: *writes });
    }
    let origin = Origin { agent: by, life: 0 };
    let sequence = match clock.get(origin) {
        0 if file.clock.is_empty() => written.last.get(origin) + 1,
        0 => {
            let found = format!("none of {}", names_of(&file.clock));
            let repair = "count the write itself: write 1 or more for who wrote it";
            return Err(Problem::new("clock", "an entry of who wrote it", found, repair));
        }
        sequence => sequence,
    };
    let dot = Dot { origin, sequence };
    clock.set_at_least(dot);
    let (version, repair) = (file.version.unwrap_or(1), "leave it out for 1");
    decimal::within("version", version, 0..=decimal::COUNT_MAX, repair)?;
    let replica = &mut holders[agent.index()].replica;
    let held = replica.records.get(&key).map_or(0, |record| record.current().version);
    if version <= held {
        let found = format!("version {version}, after version {held}");
        let repair = "count versions up, or leave out what all agents hold at the start";
        return Err(Problem::new("version", "a version that goes forward", found, repair));
    }
    let time_us = match file.time_ms {
        Some(ms) => LocalTime(decimal::signed_microseconds("time_ms", ms)?),
        None => LocalTime::START,
    };
    let stamp = Stamp { dot, time_us };
    let mut operations = begins_with(rule.kind, &value)?.into_iter();
    let none = || {
        let repair = "leave the replica out, or write at least one item";
        Problem::new("value", "something to hold", "nothing", repair)
    };
    let refused = |error: OperationError| {
        let repair = "write a value of the type that the key has in state.keys";
        Problem::new("value", "a value its type takes", error.to_string(), repair)
    };
    let first = operations.next().ok_or_else(none)?;
    counted.add("value", (key, rule), &first)?;
    let mut record = Record::first(rule.kind, &first, stamp).map_err(refused)?;
    for operation in operations {
        record.write(rule.strategy, &operation, stamp).map_err(refused)?;
    }
    for head in &mut record.heads {
        (head.version, head.clock) = (version, clock.clone());
    }
    // Only here a clock says what the value is made of; by the other strategies that is this write alone.
    if rule.strategy == Strategy::VectorClock {
        record.stamps.join(&clock);
    }
    let head = record.current().clone();
    let is_other = |(other, of, known): &&(Dot, KeyId, StateVersion)| {
        *other == dot && (*of != key || *known != head)
    };
    let known = written.given.iter().find(is_other).map(|known| known.1);
    // The values that all hold at the start were written too, by the first agent.
    if let Some(other) = known.or_else(|| written.at_start(dot)) {
        let whose = file.by.as_ref().unwrap_or(&file.agent);
        let what = if other == key { "values" } else { "keys" };
        let found = format!("write {sequence} of {whose} for two {what}");
        let repair = "an agent counts its writes over all keys: give each a number of its own";
        return Err(Problem::new("clock", "a write of its own", found, repair));
    }
    written.last.join(&clock);
    written.writes.push((dot, key));
    written.given.push((dot, key, head));
    replica.records.insert(key, record.into());
    Ok(())
}

fn names_of(clock: &Map<String, u64>) -> String {
    clock.keys().cloned().collect::<Vec<_>>().join(", ")
}

fn member(path: &str, name: &str, cast: &dyn Members) -> Result<AgentId, Problem> {
    let agent = cast.find(path, name)?;
    if agent.0 < cast.count() {
        return Ok(agent);
    }
    let repair = "the coordinator holds nothing; name a member";
    Err(Problem::new(path, "a member of the swarm", format!("{name:?}"), repair))
}
