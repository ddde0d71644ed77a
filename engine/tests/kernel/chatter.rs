//! A small swarm that talks a lot: enough to exercise every part of the kernel.

use swarmglass_engine::sim::kernel::Config;
use swarmglass_engine::sim::routes::Tree;
use swarmglass_engine::sim::{
    Adversary, AgentId, Fault, Input, LinkModel, LocalClock, Outbox, Process, Routes, Setup,
    Simulation, Wire,
};

use super::schedule::AGENTS;

pub const INBOX_CAPACITY: usize = 3;

/// A rumour that is passed on a few times more.
#[derive(Clone, Debug)]
pub struct Rumour {
    pub hops_left: u8,
}

impl Wire for Rumour {
    const KINDS: usize = 3;

    fn kind(&self) -> u8 {
        self.hops_left % 3
    }
    fn encoded_len(&self) -> u32 {
        5 + u32::from(self.hops_left)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    Talk,
    /// Set and cancelled again and again.
    Never,
}

/// Something that an agent is asked.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    Say,
    /// Give the network this shape: see [`shape`].
    Reroute(u8),
}

/// Passes rumours on, counts what it hears, and writes down every count that is even.
#[derive(Clone, Debug)]
pub struct Chatter {
    pub heard: u64,
    pub volatile: u64,
    talks_left: u32,
}

impl Chatter {
    fn say(hops_left: u8, out: &mut Outbox<'_, Self>) {
        let me = out.id();
        let other = out.random_between(1, u64::from(AGENTS) - 1) as u32;
        let to = AgentId((me.0 + other) % AGENTS);
        out.send(to, Rumour { hops_left });
    }
}

impl Process for Chatter {
    type Message = Rumour;
    type Timer = Timer;
    type Command = Order;
    type Durable = u64;
    type Entry = u64;
    type Note = ();
    type Adversary = Liar;

    fn new(_: AgentId, durable: &u64) -> Self {
        Self { heard: *durable, volatile: 0, talks_left: 6 }
    }

    fn on_start(&mut self, out: &mut Outbox<'_, Self>) {
        let delay_us = out.random_between(1, 20_000);
        out.set_timer(Timer::Talk, delay_us);
    }

    fn on_message(&mut self, _: AgentId, rumour: &Rumour, out: &mut Outbox<'_, Self>) {
        self.heard += 1;
        self.volatile += 1;
        if self.heard.is_multiple_of(2) {
            out.persist(self.heard);
        }
        out.set_timer(Timer::Never, 10_000_000);
        if rumour.hops_left > 0 {
            Self::say(rumour.hops_left - 1, out);
        } else {
            out.cancel_timer(Timer::Never);
            out.note(());
        }
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Outbox<'_, Self>) {
        if timer == Timer::Talk && self.talks_left > 0 {
            self.talks_left -= 1;
            Self::say(3, out);
            Self::say(1, out);
            out.set_timer(Timer::Talk, 15_000);
        }
    }

    fn on_command(&mut self, order: &Order, out: &mut Outbox<'_, Self>) {
        match *order {
            Order::Say => Self::say(5, out),
            Order::Reroute(topology) => {
                out.reroute(shape(topology));
                Self::say(5, out);
            }
        }
    }

    fn restart(id: AgentId, durable: &u64, out: &mut Outbox<'_, Self>) -> Self {
        let mut process = Self::new(id, durable);
        process.on_start(out);
        process
    }

    fn write(durable: &mut u64, entry: &u64) {
        *durable = *entry;
    }
}

/// Says one thing to even agents and another to odd ones.
#[derive(Clone, Copy, Debug, Default)]
pub struct Liar {
    pub seen: u32,
    pub lies: u32,
    pub withheld: u32,
}

impl Adversary<Chatter> for Liar {
    fn on_takeover(&mut self, _: AgentId, _: &mut Chatter, out: &mut Outbox<'_, Chatter>) {
        out.set_timer(Timer::Talk, 10_000);
    }

    fn on_input(
        &mut self,
        agent: AgentId,
        input: Input<'_, Chatter>,
        process: &mut Chatter,
        out: &mut Outbox<'_, Chatter>,
    ) {
        self.seen += 1;
        match input {
            // Passes on what an honest agent would, but half of it and shortened.
            Input::Message { .. } => {
                input.deliver(process, out);
                out.revise(|to, rumour| {
                    rumour.hops_left = 0;
                    let withheld = to.0.is_multiple_of(2);
                    self.withheld += u32::from(withheld);
                    !withheld
                });
            }
            Input::Timer(Timer::Talk) => {
                for other in (0..AGENTS).filter(|other| *other != agent.0) {
                    self.lies += 1;
                    out.send(AgentId(other), Rumour { hops_left: (other % 2) as u8 });
                }
            }
            _ => {}
        }
    }

    fn on_release(&mut self, _: AgentId, process: &mut Chatter, out: &mut Outbox<'_, Chatter>) {
        process.on_timer(Timer::Talk, out);
    }
}

/// By number: mesh, ring, star, tree.
pub fn shape(topology: u8) -> Routes {
    match topology % 4 {
        0 => Routes::Mesh { n: AGENTS },
        1 => Routes::Ring { n: AGENTS },
        2 => Routes::Star { n: AGENTS, hub: AgentId(2) },
        _ => {
            Routes::Tree(Tree::new((0..AGENTS).map(|n| n.saturating_sub(1) / 2).collect()).unwrap())
        }
    }
}

/// All agents with slightly different clocks, in this [`shape`].
pub fn chatter_simulation(
    seed: u64,
    link: LinkModel,
    topology: u8,
    faults: Vec<(u64, Fault<Chatter>)>,
) -> Simulation<Chatter> {
    let clock = |n: u32| LocalClock { offset_us: i64::from(n) * 100, drift_ppm: n as i32 * 50 };
    let setups = (0..AGENTS).map(|n| Setup { durable: 0, clock: clock(n) }).collect();
    let config = Config { seed, link, inbox_capacity: INBOX_CAPACITY, trace_capacity: 1 << 20 };
    Simulation::new(&config, shape(topology), setups, Liar::default(), faults, ())
}
