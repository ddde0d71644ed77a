//! Random agents with random work, and everything that can go wrong with them.

use proptest::prelude::*;
use serde_json::{Value, json};
use swarmglass_engine::protocols::work::assign::Assign;
use swarmglass_engine::scenario::build::SwarmSimulation;

use super::swarm::{at, scenario, started};

const SKILLS: [&str; 3] = ["x", "y", "z"];
/// From then on the coordinator is up, and nothing else goes wrong but what still does on the links.
const LAST_MS: u64 = 6_000;
/// By then all that was calmed has long ended, and is told.
const CALM_MS: u64 = 200_000;

#[derive(Clone, Debug)]
pub struct Agent {
    skills: u8,
    capacity: u32,
    pub reputation: u32,
    speed: u32,
    fails: u32,
    quality: u32,
    healthy: bool,
}

#[derive(Clone, Debug)]
pub struct Todo {
    at_ms: u64,
    complexity: usize,
    skills: u8,
    priority: u32,
    load: u32,
    duration_ms: u64,
    deadline_ms: Option<u64>,
    after: Option<usize>,
    /// Which parts come after which: y after x, z after x, z after y.
    order: u8,
}

#[derive(Clone, Debug)]
pub struct Step {
    ms: u64,
    what: u8,
    agent: usize,
    number: u32,
    todo: Todo,
}

#[derive(Clone, Debug)]
pub struct Case {
    pub agents: Vec<Agent>,
    pub todo: Vec<Todo>,
    steps: Vec<Step>,
    loss: u32,
    duplication: u32,
    lease_ms: u64,
    attempts: u32,
    progress: u32,
    heals: bool,
    /// The way to assign, by its place among all; half of the cases begin with bids.
    assign: usize,
    /// The most tasks that run at once.
    pub limit: Option<u32>,
    preempts: bool,
    /// How often idle agents ask others for work; 0 is never.
    steal_ms: u32,
    seed: u64,
}

fn agents() -> impl Strategy<Value = Vec<Agent>> {
    let who = (0..8_u8, 0..4_usize, 0..=150_u32, 0..4_usize, 0..4_usize, 0..=95_u32, 0..8_u8);
    let agent = who.prop_map(|(skills, capacity, reputation, speed, fails, quality, ill)| Agent {
        skills,
        capacity: [100, 100, 40, 10][capacity],
        reputation,
        speed: [100, 100, 300, 5][speed],
        fails: [0, 0, 30, 100][fails],
        quality,
        healthy: ill > 0,
    });
    prop::collection::vec(agent, 1..7)
}

fn todo() -> impl Strategy<Value = Todo> {
    let what = (0..2_000_u64, 0..3_usize, 0..8_u8, 1..=10_u32, 0..5_usize);
    let when = (
        1..800_u64,
        prop::option::weighted(0.2, 1..3_000_u64),
        prop::option::weighted(0.3, 0..12_usize),
        0..16_u8,
    );
    (what, when).prop_map(
        |(
            (at_ms, complexity, skills, priority, load),
            (duration_ms, deadline_ms, after, order),
        )| Todo {
            // Half of them come at once.
            at_ms: at_ms.saturating_sub(1_000),
            complexity,
            skills,
            priority,
            load: [20, 20, 5, 50, 90][load],
            duration_ms,
            deadline_ms,
            after,
            order,
        },
    )
}

pub fn cases() -> impl Strategy<Value = Case> {
    let step = (1..LAST_MS, 0..32_u8, 0..9_usize, 0..64_u32, todo());
    let step =
        step.prop_map(|(ms, what, agent, number, todo)| Step { ms, what, agent, number, todo });
    let steps = prop::collection::vec(step, 0..25);
    let links = (0..=40_u32, 0..=40_u32);
    let sharing = (0..20_usize, 0..6_usize, any::<bool>(), 0..4_usize);
    let rules = (links, 0..4_usize, 1..=4_u32, 0..=5_u32, any::<bool>(), sharing, any::<u64>());
    (agents(), prop::collection::vec(todo(), 1..12), steps, rules).prop_map(
        |(
            agents,
            todo,
            steps,
            ((loss, duplication), lease, attempts, progress, heals, sharing, seed),
        )| Case {
            agents,
            todo,
            steps,
            // As often as not, nothing is lost.
            loss: loss.saturating_sub(20),
            duplication: duplication.saturating_sub(10),
            lease_ms: [5_000, 1_000, 300, 60_000][lease],
            attempts,
            progress,
            heals,
            assign: if sharing.0 < Assign::ALL.len() { sharing.0 } else { 0 },
            limit: [None, None, Some(1), Some(2), Some(3), Some(5)][sharing.1],
            preempts: sharing.2,
            steal_ms: [0, 0, 20, 200][sharing.3],
            seed,
        },
    )
}

fn skills(set: u8) -> Vec<&'static str> {
    (0..3).filter(|it| set >> it & 1 == 1).map(|it| SKILLS[it]).collect()
}

impl Agent {
    fn file(&self, id: &str, is_alone: bool) -> Value {
        let mut file = json!({ "id": id, "skills": skills(self.skills), "capacity": self.capacity, "reputation": self.reputation,
            "work": { "speed": f64::from(self.speed) / 100.0, "fails": f64::from(self.fails) / 100.0,
                "quality": [self.quality, self.quality + 5], "healthy": self.healthy, "gives": { "by": id, "cost": 100 } } });
        // The first knows what the others need.
        let (key, value) = match id {
            "a-0" => ("knows", json!({ "budget": 50 })),
            _ => ("needs", json!({ "budget": { "ask": "a-0", "caps": "cost", "as": "told" } })),
        };
        if !is_alone {
            file["work"][key] = value;
        }
        file
    }
}

impl Todo {
    fn file(&self, id: &str, at_ms: u64, others: usize) -> Value {
        let mut file = json!({ "id": id, "complexity": (["simple", "moderate", "complex"][self.complexity]),
            "skills": skills(self.skills), "priority": self.priority, "load": self.load,
            "duration_ms": self.duration_ms, "at_ms": at_ms });
        if let Some(ms) = self.deadline_ms {
            file["deadline_ms"] = json!(at_ms + ms);
        }
        if let Some(after) = self.after.filter(|_| others > 0) {
            file["depends_on"] = json!([format!("t-{}", after % others)]);
        }
        if self.complexity > 0 {
            let knows = |skill: &usize| self.skills >> skill & 1 == 1;
            let pairs = [(1, 0), (2, 0), (2, 1)].into_iter().enumerate();
            for (bit, (skill, before)) in pairs {
                if self.order >> bit & 1 == 1 && knows(&skill) && knows(&before) {
                    let list = &mut file["after"][SKILLS[skill]];
                    let mut skills = list.as_array().cloned().unwrap_or_default();
                    skills.push(json!(SKILLS[before]));
                    *list = json!(skills);
                }
            }
        }
        file
    }
}

impl Case {
    fn name(&self, agent: usize) -> String {
        match agent % (self.agents.len() + 2) {
            0 => "coordinator".to_owned(),
            1 => "n".to_owned(),
            it => format!("a-{}", it - 2),
        }
    }

    fn fault(&self, place: usize, step: &Step) -> Option<Value> {
        let agent = self.name(step.agent);
        let is_member = agent != "coordinator";
        Some(match step.what {
            0..4 => json!({ "crash": { "agent": agent } }),
            4..8 => json!({ "restart": { "agent": agent } }),
            8..10 => json!({ "pause": { "agent": agent } }),
            10..12 => json!({ "resume": { "agent": agent } }),
            12..14 => {
                let side = |side| {
                    let of = |it: &usize| (step.number >> (it % 6) & 1) == side;
                    (0..self.agents.len() + 2)
                        .filter(of)
                        .map(|it| self.name(it))
                        .collect::<Vec<_>>()
                };
                json!({ "partition": { "groups": [side(0), side(1)] } })
            }
            14..16 => json!("heal"),
            16 if is_member => json!({ "remove": { "agent": agent } }),
            17 if is_member => {
                json!({ "cut": { "from": agent, "to": "coordinator", "one_way": step.number > 32 } })
            }
            18..22 => {
                // A live submission has its deadline like any other.
                let mut task = step.todo.file(&format!("s-{place}"), step.ms, self.todo.len());
                task.as_object_mut().unwrap().remove("at_ms");
                json!({ "submit": { "task": task } })
            }
            22 if is_member => {
                json!({ "set_work": { "agent": agent, "healthy": step.number.is_multiple_of(2) } })
            }
            23 if is_member => {
                json!({ "set_work": { "agent": agent, "capacity": step.number * 2 } })
            }
            24 if is_member => {
                json!({ "set_work": { "agent": agent, "skills": skills(step.number as u8 % 8) } })
            }
            25 if is_member => {
                json!({ "set_work": { "agent": agent, "speed": f64::from(step.number + 1) / 20.0, "fails": 0.5 } })
            }
            27 if self.agents.len() > 1 => {
                json!({ "set_work": { "agent": "a-0", "knows": { "budget": step.number } } })
            }
            28 | 29 => {
                let place = step.number as usize % Assign::ALL.len();
                json!({ "set_assign": { "assign": (Assign::ALL[place].1) } })
            }
            30 => json!({ "rebalance": { "spread": step.number } }),
            26 => {
                json!({ "set_policy": { "policy": (["balanced", "skill_first"][step.number as usize % 2]) } })
            }
            _ => return None,
        })
    }

    pub fn simulation(&self) -> SwarmSimulation {
        let mut faults = self.faults();
        if self.heals {
            faults.push(at(LAST_MS as f64, json!("heal")));
        }
        for what in ["resume", "restart"] {
            faults.push(at(LAST_MS as f64, json!({ what: { "agent": "coordinator" } })));
        }
        self.started(&faults, &json!({}))
    }

    /// With this state, and calm from [`LAST_MS`] on: all agents that were not removed are up, and nothing is lost.
    pub fn calmed(&self, state: &Value) -> SwarmSimulation {
        let mut faults = self.faults();
        let last = |fault: Value| at(LAST_MS as f64, fault);
        faults.push(last(json!("heal")));
        faults.push(last(
            json!({ "set_network": { "link": { "latency_ms": { "uniform": [1, 40] } } } }),
        ));
        for agent in 0..self.agents.len() + 2 {
            for what in ["resume", "restart"] {
                faults.push(last(json!({ what: { "agent": self.name(agent) } })));
            }
        }
        self.started(&faults, &json!({ "state": state, "ends_at_ms": CALM_MS }))
    }

    /// How long the coordinator was down or paused at a stretch, at the most.
    fn coordinator_away_ms(&self) -> u64 {
        let mut steps: Vec<&Step> = self.steps.iter().collect();
        steps.sort_by_key(|step| step.ms);
        let own = steps.into_iter().filter(|step| self.name(step.agent) == "coordinator");
        let (mut longest_ms, mut since) = (0, None);
        for step in own {
            match step.what {
                0..4 | 8..10 => since = since.or(Some(step.ms)),
                4..8 | 10..12 => {
                    longest_ms = longest_ms.max(since.take().map_or(0, |since| step.ms - since));
                }
                _ => {}
            }
        }
        longest_ms.max(since.map_or(0, |since| LAST_MS - since))
    }

    /// Whether every agent kept what it was working on, was never cut off, and could hear what came of its results: a
    /// worker tells a coordinator that does not answer twenty times, a quarter of a second apart.
    pub fn is_mild(&self) -> bool {
        let is_heard = self.coordinator_away_ms() < 4_000;
        is_heard
            && !self.steps.iter().any(|step| {
                let is_member = !step.agent.is_multiple_of(self.agents.len() + 2);
                is_member && matches!(step.what, 0..4 | 16 | 17) || matches!(step.what, 12..14)
            })
    }

    fn faults(&self) -> Vec<Value> {
        let newcomer = json!({ "id": "n", "skills": SKILLS, "capacity": 60, "work": { "gives": { "by": "n" } } });
        let mut faults = vec![at(0.5, json!({ "spawn": { "agent": newcomer } }))];
        for (place, step) in self.steps.iter().enumerate() {
            faults.extend(self.fault(place, step).map(|it| at(step.ms as f64, it)));
        }
        faults
    }

    fn started(&self, faults: &[Value], more: &Value) -> SwarmSimulation {
        let named = self.agents.iter().enumerate();
        let is_alone = self.agents.len() == 1;
        let agents: Vec<Value> =
            named.map(|(it, agent)| agent.file(&format!("a-{it}"), is_alone)).collect();
        let numbered = self.todo.iter().enumerate();
        let tasks: Vec<Value> =
            numbered.map(|(it, todo)| todo.file(&format!("t-{it}"), todo.at_ms, it)).collect();
        let assign = Assign::ALL[self.assign].1;
        let mut work = json!({ "assign": assign, "lease_ms": self.lease_ms, "attempts": self.attempts,
            "progress": self.progress, "tasks": tasks, "preempt": self.preempts, "steal_ms": self.steal_ms });
        if let Some(limit) = self.limit {
            work["limit"] = json!(limit);
        }
        let mut more = more.clone();
        more["network"] = json!({ "latency_ms": { "uniform": [1, 40] }, "loss": f64::from(self.loss) / 100.0,
            "duplication": f64::from(self.duplication) / 100.0 });
        started(&scenario(&json!(agents), &work, faults, &more), self.seed)
    }

    /// Whether agents bid for all there is, from the beginning to the end.
    pub fn is_by_bids(&self) -> bool {
        self.assign == 0
            && self.steal_ms == 0
            && !self.steps.iter().any(|step| matches!(step.what, 28 | 29))
    }

    pub fn lease_us(&self) -> u64 {
        self.lease_ms * 1_000
    }

    /// How often a part may be tried.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}
