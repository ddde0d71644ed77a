//! The properties of the state a swarm keeps, watched from outside: no version of a strong key ever has two
//! values, and in the end all who are up hold the same.

use std::sync::Arc;

use super::clock::VectorClock;
use super::holder::{Holder, State, StateRules};
use super::note::StateNote;
use super::replica::KeyId;
use super::resolve::{Strategy, is_merged};
use super::section::StateSetup;
use super::strong::Strong;
use super::version::StateVersion;
use crate::common::sighting::Sighting;
use crate::common::value::Value;
use crate::map::Map;
use crate::protocol::watch::{Sight, Watch, Watched};
use crate::sim::{AgentId, Event, EventId, Property, PropertyKind, PropertyStatus, What};

impl Watched for State {
    type Setup = StateSetup;
    type Watch = StateWatch;
    type Sighting = Sighting;
}

/// A moment at which an agent came to hold something else.
#[derive(Clone, Debug)]
pub struct Change {
    pub event: u64,
    pub time_us: u64,
    pub agent: AgentId,
    pub key: KeyId,
    /// The value that it holds from then on.
    pub value: Value,
    /// The agent that it has the value from; `None` when it wrote the value itself.
    pub from: Option<AgentId>,
    /// The vector clock of a write; empty for other changes, and when it has more than `CLOCK_MAX` entries.
    pub clock: VectorClock,
}

/// Clocks of more agents than this are not remembered.
const CLOCK_MAX: usize = 16;

/// More changes than this are not remembered; the oldest are forgotten, a block at a time.
const CHANGES_MAX: usize = 1_024;

/// The observations so far.
#[derive(Clone, Debug, Default)]
pub struct StateWatch {
    /// In the order of time. Shared by the checkpoints until there is another change.
    pub changes: Arc<Vec<Change>>,
    /// The values that agents hold, by key, from the first event about the key.
    held: Map<KeyId, Vec<Held>>,
    committed: Map<(KeyId, u32), Value>,
    one_value: Option<Property>,
    /// The last event that changed what anyone holds.
    last: Option<u64>,
    /// Agents to be looked at again with the next event, when the step that began with this one is over: they
    /// crashed, came back, came late, or were told to resolve another way, and no note says what they hold
    /// now.
    unsure: Vec<Unsure>,
    /// Who is down.
    down: Vec<AgentId>,
}

/// An agent that may hold something else after the step that goes on.
#[derive(Clone, Debug)]
struct Unsure {
    agent: AgentId,
    /// The event that the step began with.
    since: EventId,
    /// Its rules before the step, where it holds the same as long as these stay.
    rules: Option<Arc<StateRules>>,
}

fn holder_of(world: &impl Sight<State>, agent: AgentId) -> Option<&Holder> {
    world.agent(agent)?.machine.map(|holder| &**holder)
}

/// An agent's value of a key.
#[derive(Clone, Debug, Default, PartialEq)]
struct Held {
    /// Whether it holds keys at all.
    is_there: bool,
    value: Value,
    /// The version that goes into a merge; `None` for a key that does not merge by its type.
    merges: Option<StateVersion>,
}

fn held_of(holder: &Holder, key: KeyId) -> Held {
    let rule = holder.rules.keys.get(key.0 as usize);
    let merges = rule.is_some_and(|rule| rule.strategy == Strategy::Crdt && !rule.strong);
    let record = holder.replica.records.get(&key).filter(|_| merges);
    let merges = record.map(|record| record.current().clone());
    Held { is_there: true, value: value_of(holder, key), merges }
}

/// The value that an agent holds of a key, or knows of a strong one; null when there is none.
fn value_of(holder: &Holder, key: KeyId) -> Value {
    let strong = holder.strong.get(&key).map(|strong| &strong.committed.value);
    let merged = || holder.replica.records.get(&key).map(|record| &record.current().value);
    strong.or_else(merged).cloned().unwrap_or(Value::Null)
}

/// Whether every agent holds this of the key.
fn all_hold(key: KeyId, value: &Value, world: &impl Sight<State>) -> bool {
    let agents = (0..).map(AgentId).take_while(|agent| world.agent(*agent).is_some());
    agents.filter_map(|agent| holder_of(world, agent)).all(|holder| value_of(holder, key) == *value)
}

impl StateWatch {
    /// Looks at the agents in `unsure`: the step in which they acted is over.
    #[cold]
    #[inline(never)]
    fn look_again(&mut self, world: &impl Sight<State>) {
        for Unsure { agent, since, rules } in std::mem::take(&mut self.unsure) {
            let now = holder_of(world, agent).map(|holder| &holder.rules);
            let is_same = now.zip(rules.as_ref()).is_some_and(|(now, it)| Arc::ptr_eq(now, it));
            if !is_same {
                self.look_at(agent, since, world);
            }
        }
    }

    /// Looks at the values that the agent really holds, of every key.
    fn look_at(&mut self, agent: AgentId, event: u64, world: &impl Sight<State>) {
        let Some(holder) = holder_of(world, agent) else { return };
        for (number, rule) in (0..).zip(&holder.rules.keys) {
            let key = KeyId(number);
            let value = value_of(holder, key);
            // A strong key is read, not brought in step; a value that all hold since the start was not
            // changed.
            let is_known = self.held.contains_key(&key);
            if rule.strong || !is_known && all_hold(key, &value, world) {
                continue;
            }
            if self.hold(key, agent, held_of(holder, key), world) {
                self.last = Some(event);
            }
        }
    }

    /// Notes that an agent holds this of a key from now on. Returns whether that is something else.
    fn hold(&mut self, key: KeyId, agent: AgentId, now: Held, world: &impl Sight<State>) -> bool {
        let is_new = !self.held.contains_key(&key);
        if is_new {
            let agents = (0..).map(AgentId).take_while(|agent| world.agent(*agent).is_some());
            let held =
                |agent| holder_of(world, agent).map_or_else(Held::default, |it| held_of(it, key));
            self.held.insert(key, agents.map(held).collect());
        }
        let Some(all) = self.held.get_mut(&key) else { return false };
        all.resize(all.len().max(agent.index() + 1), Held::default());
        let before = std::mem::replace(&mut all[agent.index()], now);
        is_new || before != all[agent.index()]
    }

    fn remember(&mut self, change: Change) {
        let changes = Arc::make_mut(&mut self.changes);
        if changes.len() == CHANGES_MAX {
            changes.drain(..CHANGES_MAX / 2);
        }
        changes.push(change);
    }

    fn commit<N>(&mut self, of: (KeyId, u32), event: &Event<N>, world: &impl Sight<State>) {
        let Some(holder) = holder_of(world, event.agent) else { return };
        // It may know of a later one by now.
        let is_of = |strong: &&Strong| strong.committed.version == u64::from(of.1);
        let Some(strong) = holder.strong.get(&of.0).filter(is_of) else { return };
        let value = strong.committed.value.clone();
        let is_same = self.committed.get(&of).is_none_or(|known| *known == value);
        self.committed.insert(of, value);
        let new = || Property::new("one_value_per_version", PropertyKind::Always);
        self.one_value.get_or_insert_with(new).check(is_same, event.id);
    }
}

impl Watch<State> for StateWatch {
    /// Some events change what an agent holds without a note.
    fn on_event<N>(&mut self, _: &Event<N>, world: &mut impl Sight<State>) {
        if !self.unsure.is_empty() {
            self.look_again(world);
        }
    }

    fn on_change<N>(&mut self, event: &Event<N>, world: &mut impl Sight<State>) {
        match event.what {
            What::Crashed | What::Removed => self.down.push(event.agent),
            What::Restarted => self.down.retain(|agent| *agent != event.agent),
            _ => {}
        }
        let Some(holder) = holder_of(world, event.agent) else { return };
        let (agent, since) = (event.agent, event.id);
        match event.what {
            What::Restarted | What::Spawned => {
                self.unsure.push(Unsure { agent, since, rules: None });
            }
            // It may be told to resolve another way what was written.
            What::Commanded if !self.held.is_empty() => {
                self.unsure.push(Unsure { agent, since, rules: Some(holder.rules.clone()) });
            }
            _ => {}
        }
    }

    fn on_note<N>(&mut self, event: &Event<N>, note: StateNote, world: &mut impl Sight<State>) {
        let (key, from) = match note {
            StateNote::Wrote { key } => (key, None),
            StateNote::Merged { key, from, .. } => (key, Some(from)),
            StateNote::Cleared { key, from } => {
                (key, Some(from).filter(|from| *from != event.agent))
            }
            StateNote::Committed { key, version } => {
                self.commit((key, version), event, world);
                (key, None)
            }
            _ => return,
        };
        let Some(holder) = holder_of(world, event.agent) else { return };
        let value = value_of(holder, key);
        let (event_id, time_us, agent) = (event.id, event.time_us, event.agent);
        let record = holder.replica.records.get(&key).filter(|_| from.is_none());
        let clock = record.map(|record| &record.current().clock);
        let clock = clock.filter(|clock| clock.len() <= CLOCK_MAX).cloned().unwrap_or_default();
        let kept = value.clone();
        self.remember(Change { event: event_id, time_us, agent, key, value: kept, from, clock });
        // A strong key is not told to all: an agent that wants the newest version reads it.
        if matches!(note, StateNote::Committed { .. }) {
            return;
        }
        self.last = Some(event_id);
        self.hold(key, agent, held_of(holder, key), world);
    }

    fn is_touched(&self) -> bool {
        !self.changes.is_empty()
    }

    fn properties(&self, ended: bool) -> Vec<Property> {
        let mut properties: Vec<Property> = self.one_value.iter().cloned().collect();
        if let Some(last) = self.last {
            let mut property = Property::new("convergence", PropertyKind::Eventually);
            let same = |all: &Vec<Held>| {
                let counts =
                    |(agent, held): &(AgentId, &Held)| held.is_there && !self.down.contains(agent);
                let held = || (0..).map(AgentId).zip(all).filter(counts);
                let versions: Vec<_> = held().filter_map(|(_, it)| it.merges.as_ref()).collect();
                let mut values = held().map(|(_, it)| &it.value);
                let first = values.next();
                values.all(|value| Some(value) == first) && is_merged(Strategy::Crdt, &versions)
            };
            if self.held.iter().all(|(_, all)| same(all)) {
                property.status = PropertyStatus::Holds;
                property.event = Some(last);
            } else if ended {
                property.status = PropertyStatus::Violated;
            }
            properties.push(property);
        }
        properties
    }
}
