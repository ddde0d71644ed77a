//! Laws over random histories: writes of all types by all strategies, loss, duplication and reordering,
//! partitions, cuts, crashes, pauses, agents that come later, clears and changes of strategy.

use std::collections::{BTreeMap, VecDeque};

use crate::common::value;
use crate::protocols::state::clock::Dot;
use crate::protocols::state::crdt::{Crdt, Operation};
use crate::protocols::state::holder::{Holder, StateOrder};
use crate::protocols::state::note::StateNote;
use crate::protocols::state::replica::KeyId;
use crate::scenario::build::SwarmSimulation;
use crate::sim::kernel::Fate;
use crate::sim::{AgentId, Fault, Routes, What};
use crate::swarm::Order;
use crate::swarm::note::Note;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::swarm::{at, holders, scenario, started, write};

/// When the last fault is healed, in milliseconds.
const HEALED_MS: u64 = 1_500;
const INTERVAL_MS: u64 = 100;

/// The keys, by number: one of every type, plain ones by every strategy, and some whose strategy changes.
const KEYS: [(&str, Option<&str>, &str); 14] = [
    ("grows", Some("g_counter"), "crdt"),
    ("counts", Some("pn_counter"), "crdt"),
    ("g_set", Some("g_set"), "crdt"),
    ("or_set", Some("or_set"), "crdt"),
    ("register", Some("lww_register"), "crdt"),
    ("side_by_side", Some("mv_register"), "crdt"),
    ("map", Some("lww_map"), "crdt"),
    ("last", None, "last_write_wins"),
    ("knowing", None, "vector_clock"),
    ("parts", None, "crdt"),
    ("last_counter", Some("g_counter"), "last_write_wins"),
    ("knowing_set", Some("or_set"), "vector_clock"),
    ("changing", None, "last_write_wins"),
    ("changing_set", Some("or_set"), "crdt"),
];
/// These two are never cleared.
const COUNTERS: usize = 2;
const CHANGING: [&str; 2] = ["changing", "changing_set"];
const STRATEGIES: [&str; 3] = ["last_write_wins", "vector_clock", "crdt"];

#[derive(Clone, Debug)]
struct Step {
    ms: u64,
    what: u8,
    agent: u32,
    other: u32,
    key: usize,
    value: i64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (1..HEALED_MS, 0..40_u8, 0..8_u32, 0..8_u32, 0..KEYS.len(), 0..6_i64);
    let step = step.prop_map(|(ms, what, agent, other, key, value)| Step {
        ms,
        what,
        agent,
        other,
        key,
        value,
    });
    prop::collection::vec(step, 1..60)
}

#[derive(Clone, Debug)]
struct Swarm {
    agents: u32,
    newcomers: u32,
    durable: bool,
    push: bool,
    full: bool,
    horizon: u32,
    loss: u32,
    duplication: u32,
    topology: usize,
    seed: u64,
}

fn swarms() -> impl Strategy<Value = Swarm> {
    let shape = (2..=6_u32, 0..=2_u32, any::<bool>(), any::<bool>(), any::<bool>());
    let rest = (0..4_u32, 0..=40_u32, 0..=30_u32, 0..4_usize, any::<u64>());
    (shape, rest).prop_map(|(shape, rest)| Swarm {
        agents: shape.0,
        newcomers: shape.1,
        durable: shape.2,
        push: shape.3,
        full: shape.4,
        horizon: [0, 1, 3, 100][rest.0 as usize],
        loss: rest.1,
        duplication: rest.2,
        topology: rest.3,
        seed: rest.4,
    })
}

fn operation(key: usize, value: i64) -> Value {
    let (name, kind, _) = KEYS[key];
    let letter = ["a", "b", "c"][value as usize % 3];
    let (what, with) = match kind {
        Some("g_counter") => ("add", json!(value)),
        Some("pn_counter") => ("add", json!(value - 3)),
        Some("g_set") => ("insert", json!(value)),
        Some("or_set") if value < 4 => ("insert", json!(letter)),
        Some("or_set") => ("remove", json!(letter)),
        Some("lww_map") if value < 4 => ("put", json!({ letter: value })),
        Some("lww_map") => ("take", json!(letter)),
        None => ("set", json!(value - 1)),
        Some(_) => ("set", json!(letter)),
    };
    json!({ "key": name, what: with })
}

impl Swarm {
    fn all(&self) -> u32 {
        self.agents + self.newcomers
    }

    /// The newcomers come at 300 and 400 ms.
    fn joins_ms(&self, agent: u32) -> u64 {
        if agent < self.agents { 0 } else { 300 + 100 * u64::from(agent - self.agents) }
    }

    fn name(&self, agent: u32) -> String {
        if agent < self.agents {
            format!("a-{}", agent + 1)
        } else {
            format!("n-{}", agent - self.agents)
        }
    }

    fn fault(&self, step: &Step) -> Option<Value> {
        let there: Vec<u32> = (0..self.all()).filter(|it| self.joins_ms(*it) < step.ms).collect();
        let pick = |number: u32| there[number as usize % there.len()];
        let (agent, other) = (self.name(pick(step.agent)), self.name(pick(step.other)));
        let key = KEYS[step.key].0;
        Some(match step.what {
            0..20 => write(&agent, &operation(step.key, step.value)),
            20 | 21 => {
                let groups: [Vec<String>; 2] = [0, 1].map(|side| {
                    let of = |it: &&u32| (step.value as u32 >> (**it % 3) & 1) == side;
                    there.iter().filter(of).map(|it| self.name(*it)).collect()
                });
                json!({ "partition": { "groups": groups } })
            }
            22 => json!("heal"),
            23 | 24 if self.are_linked(step.ms, pick(step.agent), pick(step.other)) => {
                json!({ "cut": { "from": agent, "to": other, "one_way": step.value > 2 } })
            }
            25 | 26 => json!({ "crash": { "agent": agent } }),
            27 | 28 => json!({ "restart": { "agent": agent } }),
            29 => json!({ "pause": { "agent": agent } }),
            30 => json!({ "resume": { "agent": agent } }),
            31 | 32 if step.key >= COUNTERS => {
                json!({ "clear": { "agent": agent, "keys": [key] } })
            }
            33 => {
                let keys: Vec<&str> = KEYS[COUNTERS..].iter().map(|it| it.0).collect();
                json!({ "clear": { "agent": agent, "keys": keys } })
            }
            34 => {
                let strategy = STRATEGIES[step.value as usize % 3];
                json!({ "set_strategy": { "keys": [CHANGING[step.key % 2]], "strategy": strategy } })
            }
            35 => {
                let kind = ["full", "delta", "query"][step.value as usize % 3];
                json!({ "sync": { "agent": agent, "kind": kind } })
            }
            36 if agent != other => {
                json!({ "sync": { "agent": agent, "kind": "delta", "with": other } })
            }
            37 => {
                let writes = [operation(step.key, step.value), operation(0, 1)];
                json!({ "write": { "agent": agent, "writes": writes } })
            }
            _ => return None,
        })
    }

    /// Whether the two have a link at that time: an agent that joins at that time has its links already.
    fn are_linked(&self, ms: u64, one: u32, other: u32) -> bool {
        // The coordinator stands between those from the start and those that come later.
        let number = |agent: u32| AgentId(agent + u32::from(agent >= self.agents));
        let n = (0..self.all()).filter(|it| self.joins_ms(*it) <= ms).count() as u32 + 1;
        let routes = match self.topology_name() {
            "ring" => Routes::Ring { n },
            "star" => Routes::Star { n, hub: AgentId(self.agents) },
            _ => Routes::Mesh { n },
        };
        routes.are_linked(number(one), number(other))
    }

    fn bound(&self) -> u64 {
        let n = u64::from(self.all());
        let line = ["ring", "hierarchical"].contains(&self.topology_name());
        if line { 4 * n + 8 } else { 4 * u64::from(u64::BITS - (n - 1).leading_zeros()) + 8 }
    }

    fn topology_name(&self) -> &'static str {
        ["mesh", "mesh", "ring", "star"][self.topology]
    }

    fn ends_ms(&self) -> u64 {
        // The last messages of before are at most 40 ms per link on their way.
        HEALED_MS + 400 + INTERVAL_MS * self.bound()
    }

    fn simulation(&self, steps: &[Step]) -> SwarmSimulation {
        let agents: Vec<Value> = (0..self.agents)
            .map(|it| json!({ "id": self.name(it), "clock": { "offset_ms": 20 * (it % 3) } }))
            .collect();
        let key = |(name, kind, strategy): &(&str, Option<&str>, &str)| {
            let mut key = json!({ "key": name, "strategy": strategy });
            if let Some(kind) = kind {
                key["type"] = json!(kind);
            }
            if *name == "last" || *name == "knowing" {
                key["value"] = json!(7);
            }
            key
        };
        let state = json!({
            "keys": KEYS.iter().map(key).collect::<Vec<_>>(), "push": self.push,
            "sync": if self.full { "full" } else { "delta" }, "timeout_ms": 200,
            "horizon": self.horizon, "durable": self.durable, "sync_interval_ms": INTERVAL_MS,
        });
        let mut faults: Vec<Value> = Vec::new();
        for agent in self.agents..self.all() {
            let id = self.name(agent);
            faults.push(at(self.joins_ms(agent), json!({ "spawn": { "agent": { "id": id } } })));
        }
        faults.extend(steps.iter().filter_map(|step| Some(at(step.ms, self.fault(step)?))));
        faults.push(at(HEALED_MS, json!("heal")));
        let lossless = json!({ "latency_ms": { "fixed": 2 } });
        faults.push(at(HEALED_MS, json!({ "set_network": { "link": lossless } })));
        for agent in 0..self.all() {
            let agent = self.name(agent);
            faults.push(at(HEALED_MS, json!({ "restart": { "agent": agent } })));
            faults.push(at(HEALED_MS, json!({ "resume": { "agent": agent } })));
        }
        let network = json!({
            "latency_ms": { "uniform": [1, 40] }, "loss": f64::from(self.loss) / 100.0,
            "duplication": f64::from(self.duplication) / 100.0,
        });
        let more = json!({
            "network": network, "ends_at_ms": self.ends_ms(), "topology": { "kind": self.topology_name() },
        });
        started(&scenario(&json!(agents), &state, &faults, &more), self.seed)
    }
}

/// The amounts that each agent has counted itself, by agent and key: up and down.
type Own = BTreeMap<(u32, usize), (i64, i64)>;

/// The invariants, with the state that they compare with.
#[derive(Default)]
struct Laws {
    /// The value that each dot of a plain value wrote.
    written: BTreeMap<Dot, (KeyId, value::Value)>,
    own: Own,
    sequences: BTreeMap<(u32, u32), u64>,
}

impl Laws {
    fn check(&mut self, simulation: &SwarmSimulation) {
        for (agent, holder) in holders(simulation) {
            for (key, record) in &holder.replica.records {
                let (_, kind, strategy) = KEYS[key.0 as usize];
                if kind.is_none() && strategy != "crdt" && KEYS[key.0 as usize].0 != "changing" {
                    for head in &record.heads {
                        let is = (*key, head.value.clone());
                        let was = self.written.entry(head.dot).or_insert_with(|| is.clone());
                        assert_eq!(*was, is, "{:?} was used twice", head.dot);
                    }
                }
            }
            for key in 0..COUNTERS {
                let record = holder.replica.records.get(&KeyId(key as u32));
                let crdt = record.and_then(|record| record.current().crdt.as_ref());
                let entries = crdt.map(Crdt::entries).unwrap_or_default();
                let own = entries.iter().filter(|(origin, ..)| origin.agent == agent);
                let own = own.fold((0, 0), |sum, (_, up, down)| (sum.0 + up, sum.1 + down));
                let before = self.own.insert((agent.0, key), own).unwrap_or_default();
                assert!(before.0 <= own.0 && before.1 <= own.1, "{agent:?} {before:?} {own:?}");
            }
            let origin = holder.replica.origin;
            let sequence = holder.replica.sequence;
            let before = self.sequences.insert((agent.0, origin.life), sequence).unwrap_or(0);
            assert!(before <= sequence, "{origin:?} counts down");
        }
    }
}

/// The sums of all adds that were accepted, by key.
fn added(simulation: &SwarmSimulation) -> [i64; COUNTERS] {
    let mut amounts: BTreeMap<(u64, KeyId), VecDeque<i64>> = BTreeMap::new();
    for (_, fault, fate) in simulation.agenda() {
        if let (Fault::Command(_, Order::State(order)), Fate::Heard(event)) = (fault, fate)
            && let StateOrder::Write(writes) = &**order
        {
            for (key, operation) in writes {
                if let Operation::Add(by) = operation {
                    amounts.entry((event, *key)).or_default().push_back(*by);
                }
            }
        }
    }
    let mut sums = [0; COUNTERS];
    for event in simulation.trace.kept() {
        match event.what {
            What::Note(Note::State(StateNote::Wrote { key })) if (key.0 as usize) < COUNTERS => {
                let by = amounts.get_mut(&(event.cause, key)).and_then(VecDeque::pop_front);
                sums[key.0 as usize] += by.unwrap();
            }
            _ => {}
        }
    }
    sums
}

fn check_equal(simulation: &SwarmSimulation, whole: bool) {
    let holders = holders(simulation);
    let (first, rest) = holders.split_first().unwrap();
    for (agent, other) in rest {
        for (number, (name, ..)) in (0..).zip(KEYS) {
            let of = |holder: &Holder| {
                let record = holder.replica.records.get(&KeyId(number)).cloned();
                record.map(|record| (record.current().value.clone(), record))
            };
            let (one, two) = (of(first.1), of(other));
            assert_eq!(
                one.as_ref().map(|it| &it.0),
                two.as_ref().map(|it| &it.0),
                "{name} {agent:?}"
            );
            if whole && !CHANGING.contains(&name) {
                assert_eq!(one, two, "{name} {agent:?}");
            }
        }
        assert_eq!(first.1.replica.cleared, other.replica.cleared, "{agent:?}");
    }
}

fn check(swarm: &Swarm, steps: &[Step]) {
    let mut simulation = swarm.simulation(steps);
    let mut laws = Laws::default();
    for ms in (0..swarm.ends_ms()).step_by(20) {
        simulation.run_until(ms * 1_000, u64::MAX);
        laws.check(&simulation);
    }
    simulation.run_until(swarm.ends_ms() * 1_000, u64::MAX);
    assert_eq!(holders(&simulation).len() as u32, swarm.all(), "all are up");
    check_equal(&simulation, true);
    let sums = added(&simulation);
    for (key, sum) in (0..).zip(sums) {
        for (agent, holder) in holders(&simulation) {
            let record = holder.replica.records.get(&KeyId(key));
            let held = record.map_or(0, |record| record.current().value.as_number().unwrap());
            assert_eq!(held, sum, "{} at {agent:?}", KEYS[key as usize].0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_wrong_all_hold_the_same_within_the_bound(swarm in swarms(), steps in steps()) {
        check(&swarm, &steps);
    }
}

#[test]
fn what_came_by_an_old_strategy_is_told_anew() {
    // Found by the test above: two newcomers keep the last write of both, and one who knows that parts are
    // to be added has heard of each.
    let swarm = Swarm {
        agents: 2,
        newcomers: 2,
        durable: false,
        push: false,
        full: false,
        horizon: 0,
        loss: 0,
        duplication: 0,
        topology: 0,
        seed: 616_605_533_723_039_179,
    };
    let step = |ms, what, agent, key, value| Step { ms, what, agent, other: 0, key, value };
    let steps = [
        step(1, 25, 1, 0, 0),
        step(451, 0, 2, 12, 0),
        step(509, 0, 3, 12, 0),
        step(1, 34, 0, 8, 2),
    ];
    check(&swarm, &steps);
}
