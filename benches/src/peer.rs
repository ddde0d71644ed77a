//! The same traffic on the crate `simcore` 0.1, the fastest peer we know of.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Serialize;
use simcore::{Event, EventHandler, Id, Simulation, SimulationContext, cast};

use crate::clock::seconds;
use crate::traffic::Workload;

#[derive(Clone, Serialize)]
struct Packet {
    words: [u64; 4],
}

#[derive(Clone, Serialize)]
struct Retry {}

struct Talker {
    context: SimulationContext,
    agents: u32,
    latency_us: (u64, u64),
    retry_us: u64,
    sum: [u64; 6],
    delivered: Rc<RefCell<u64>>,
}

impl Talker {
    fn pass_on(&self) {
        let to = self.context.gen_range(0..self.agents - 1);
        let to = if to >= self.context.id() { to + 1 } else { to };
        let (least, most) = self.latency_us;
        let latency = self.context.gen_range(least..=most) as f64;
        let [a, b, c, d, ..] = self.sum;
        self.context.emit(Packet { words: [a, b, c, d] }, to, latency);
    }
}

impl EventHandler for Talker {
    fn on(&mut self, event: Event) {
        let from: Id = event.src;
        cast!(match event.data {
            Packet { words } => {
                *self.delivered.borrow_mut() += 1;
                self.sum[0] += 1;
                self.sum[1] = self.sum[1].wrapping_add(words[1] ^ u64::from(from));
                if self.context.gen_range(0..1_000) < 20 {
                    self.context.emit_self(Retry {}, self.retry_us as f64);
                } else {
                    self.pass_on();
                }
            }
            Retry {} => {
                self.pass_on();
            }
        })
    }
}

/// Messages delivered per second of wall-clock time, in millions.
#[must_use]
pub fn measure(workload: &Workload) -> f64 {
    let mut simulation = Simulation::new(7);
    let delivered = Rc::new(RefCell::new(0));
    let mut talkers = Vec::new();
    for agent in 0..workload.agents {
        let name = format!("talker-{agent}");
        let context = simulation.create_context(&name);
        let talker = Rc::new(RefCell::new(Talker {
            context,
            agents: workload.agents,
            latency_us: workload.latency_us,
            retry_us: workload.retry_us,
            sum: [0; 6],
            delivered: delivered.clone(),
        }));
        simulation.add_handler(&name, talker.clone());
        talkers.push(talker);
    }
    for talker in &talkers {
        for _ in 0..workload.in_flight / workload.agents {
            talker.borrow().pass_on();
        }
    }
    let before_s = seconds();
    while *delivered.borrow() < workload.messages {
        simulation.steps(10_000);
    }
    let took_s = seconds() - before_s;
    let count = *delivered.borrow();
    count as f64 / took_s / 1e6
}
