//! One rumour by push gossip until everyone knows it: bare agents on the real network, each with rounds
//! of its own timer. `xtask/src/chores/bench/gossip.js` is the same in plain JavaScript.

use engine::sim::kernel::Config;
use engine::sim::{
    AgentId, Event, Latency, LinkModel, LocalClock, LocalTime, NoAdversary, Observer, Outbox,
    Process, Routes, Setup, Simulation, What, Wire, World,
};
use serde::{Deserialize, Serialize};

use crate::clock::seconds;

/// How many agents there are.
pub const AGENTS: u32 = 100_000;
/// The number of partners in a round, and how long a round is.
const FANOUT: u32 = 3;
const ROUND_US: u64 = 100_000;
/// Latency in µs, least and most.
const LATENCY_US: (u64, u64) = (5_000, 50_000);

/// The rumour.
#[derive(Clone, Copy, Debug)]
pub struct Rumour;

impl Wire for Rumour {
    const KINDS: usize = 1;

    fn kind(&self) -> u8 {
        0
    }
    fn encoded_len(&self) -> u32 {
        8
    }
}

/// Tells the rumour in every round from when it has heard it.
#[derive(Clone, Debug)]
pub struct Teller {
    knows: bool,
}

impl Teller {
    fn learn(&mut self, out: &mut Outbox<'_, Self>) {
        if !self.knows {
            self.knows = true;
            out.note(());
            // Rounds begin at the same moments for all.
            let since_us = out.now().since(LocalTime(0));
            out.set_timer((), ROUND_US - since_us % ROUND_US);
        }
    }
}

impl Process for Teller {
    type Message = Rumour;
    type Timer = ();
    type Command = ();
    type Durable = ();
    type Entry = ();
    type Note = ();
    type Adversary = NoAdversary;

    fn new(_: AgentId, (): &()) -> Self {
        Self { knows: false }
    }

    fn on_start(&mut self, out: &mut Outbox<'_, Self>) {
        if out.id() == AgentId(0) {
            self.learn(out);
        }
    }

    fn on_message(&mut self, _: AgentId, _: &Rumour, out: &mut Outbox<'_, Self>) {
        self.learn(out);
    }

    fn on_timer(&mut self, (): (), out: &mut Outbox<'_, Self>) {
        out.set_timer((), ROUND_US);
        for _ in 0..FANOUT {
            let to = out.random_between(0, u64::from(AGENTS) - 2) as u32;
            // Never to itself: that would take no link.
            let to = if to >= out.id().0 { to + 1 } else { to };
            out.send(AgentId(to), Rumour);
        }
    }

    fn on_command(&mut self, (): &(), _: &mut Outbox<'_, Self>) {}

    fn restart(id: AgentId, (): &(), _: &mut Outbox<'_, Self>) -> Self {
        Self::new(id, &())
    }

    fn write((): &mut (), (): &()) {}
}

/// How many know it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread {
    knowing: u32,
}

impl Observer<Teller> for Spread {
    #[inline]
    fn on_event(&mut self, event: &Event<()>, _: World<'_, Teller>) {
        self.knowing += u32::from(event.what == What::Note(()));
    }
}

/// A measured gossip.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GossipRate {
    pub agents: u32,
    pub messages: u64,
    pub rounds: u64,
    pub milliseconds: f64,
    /// Messages sent per second of wall-clock time, in millions.
    pub million_per_second: f64,
    pub trace_hash: String,
}

/// One rumour to everyone.
#[must_use]
pub fn measure() -> GossipRate {
    let (min_us, max_us) = LATENCY_US;
    let latency = Latency::Uniform { min_us, max_us };
    let link = LinkModel { latency, ..LinkModel::default() };
    let setups = vec![Setup { durable: (), clock: LocalClock::default() }; AGENTS as usize];
    let config = Config { seed: 7, link, inbox_capacity: 1_000, trace_capacity: 0 };
    let routes = Routes::Mesh { n: AGENTS };
    let watch = Spread::default();
    let mut simulation = Simulation::new(&config, routes, setups, NoAdversary, Vec::new(), watch);
    let before_s = seconds();
    while simulation.observer.knowing < AGENTS {
        simulation.run_until(u64::MAX, 1_000);
    }
    let took_s = seconds() - before_s;
    assert!(simulation.counters.balance(), "the books must balance");
    let messages = simulation.counters.end_to_end.sent;
    GossipRate {
        agents: AGENTS,
        messages,
        rounds: simulation.now_us() / ROUND_US,
        milliseconds: took_s * 1e3,
        million_per_second: messages as f64 / took_s / 1e6,
        trace_hash: format!("{:016x}", simulation.trace.hash()),
    }
}

/// The best of some runs.
#[must_use]
pub fn best() -> Option<GossipRate> {
    let runs = (0..crate::rate::ROUNDS).map(|_| measure());
    runs.max_by(|a, b| a.million_per_second.total_cmp(&b.million_per_second))
}
