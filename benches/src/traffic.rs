//! Messages between random peers: the receiver of one sends one on, so that as many are in flight at the end
//! as at the start.

use engine::sim::kernel::Config;
use engine::sim::{
    AgentId, Latency, LinkModel, LocalClock, NoAdversary, Outbox, Process, Routes, Setup,
    Simulation, Wire,
};

/// The properties of the traffic.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    pub name: &'static str,
    pub agents: u32,
    /// Messages in flight, a multiple of the agents.
    pub in_flight: u32,
    /// Latency in µs, least and most.
    pub latency_us: (u64, u64),
    /// Every fiftieth message is sent on only after so long.
    pub retry_us: u64,
    /// Messages to deliver while it is measured.
    pub messages: u64,
}

/// The share of messages that are sent on late, in thousandths.
const RETRIES_PERMILLE: u64 = 20;

/// As many are lost as doubled, so that their number stays; the draws are made for all.
const LOSS_PPM: u32 = 100;

/// The workloads whose rates are reported.
pub const WORKLOADS: [Workload; 4] = [
    Workload {
        name: "1–400 µs, 2 % retried after 2 ms, 1 000 agents",
        agents: 1_000,
        in_flight: 10_000,
        latency_us: (1, 400),
        retry_us: 2_000,
        messages: 4_000_000,
    },
    Workload {
        name: "1–400 µs, 2 % retried after 2 ms, 100 000 agents",
        agents: 100_000,
        in_flight: 100_000,
        latency_us: (1, 400),
        retry_us: 2_000,
        messages: 4_000_000,
    },
    Workload {
        name: "1–50 ms, 2 % retried after 100 ms, 1 000 agents",
        agents: 1_000,
        in_flight: 10_000,
        latency_us: (1_000, 50_000),
        retry_us: 100_000,
        messages: 4_000_000,
    },
    Workload {
        name: "1–50 ms, 2 % retried after 100 ms, 100 000 agents",
        agents: 100_000,
        in_flight: 100_000,
        latency_us: (1_000, 50_000),
        retry_us: 100_000,
        messages: 4_000_000,
    },
];

/// 32 bytes, as large as a swarm's own messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Packet {
    pub words: [u64; 4],
}

impl Wire for Packet {
    const KINDS: usize = 4;

    #[inline]
    fn kind(&self) -> u8 {
        (self.words[0] % 4) as u8
    }
    #[inline]
    fn encoded_len(&self) -> u32 {
        32
    }
}

/// 64 bytes of state.
#[derive(Clone, Debug)]
pub struct Talker {
    pub sum: [u64; 6],
    agents: u32,
    sent_first: u32,
    waiting: u32,
    retry_us: u32,
}

/// The parameters of a talker at the start.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    agents: u32,
    sent_first: u32,
    retry_us: u32,
}

impl Talker {
    #[inline]
    fn pass_on(&mut self, out: &mut Outbox<'_, Self>) {
        let to = out.random_between(0, u64::from(self.agents) - 2) as u32;
        // Never to itself: that would take no link.
        let to = if to >= out.id().0 { to + 1 } else { to };
        let [a, b, c, d, ..] = self.sum;
        out.send(AgentId(to), Packet { words: [a, b, c, d] });
    }
}

impl Process for Talker {
    type Message = Packet;
    type Timer = ();
    type Command = ();
    type Durable = Start;
    type Entry = ();
    type Note = ();
    type Adversary = NoAdversary;

    fn new(_: AgentId, start: &Start) -> Self {
        let Start { agents, sent_first, retry_us } = *start;
        Self { sum: [0; 6], agents, sent_first, waiting: 0, retry_us }
    }

    fn on_start(&mut self, out: &mut Outbox<'_, Self>) {
        for _ in 0..self.sent_first {
            self.pass_on(out);
        }
    }

    #[inline]
    fn on_message(&mut self, from: AgentId, packet: &Packet, out: &mut Outbox<'_, Self>) {
        self.sum[0] += 1;
        self.sum[1] = self.sum[1].wrapping_add(packet.words[1] ^ u64::from(from.0));
        if out.random_between(0, 999) < RETRIES_PERMILLE {
            self.waiting += 1;
            out.set_timer((), u64::from(self.retry_us));
        } else {
            self.pass_on(out);
        }
    }

    fn on_timer(&mut self, (): (), out: &mut Outbox<'_, Self>) {
        for _ in 0..std::mem::take(&mut self.waiting) {
            self.pass_on(out);
        }
    }

    fn on_command(&mut self, (): &(), _: &mut Outbox<'_, Self>) {}

    fn restart(id: AgentId, start: &Start, _: &mut Outbox<'_, Self>) -> Self {
        Self::new(id, start)
    }

    fn write(_: &mut Start, (): &()) {}
}

impl Workload {
    /// The workload's simulation at its start.
    #[must_use]
    pub fn start(&self) -> Simulation<Talker> {
        let Self { agents, in_flight, latency_us, retry_us, .. } = *self;
        let (min_us, max_us) = latency_us;
        let link = LinkModel {
            latency: Latency::Uniform { min_us, max_us },
            loss_ppm: LOSS_PPM,
            duplication_ppm: LOSS_PPM,
            bytes_per_second: None,
        };
        let retry_us = u32::try_from(retry_us).unwrap_or(u32::MAX);
        let start = Start { agents, sent_first: in_flight / agents, retry_us };
        let setup = Setup { durable: start, clock: LocalClock::default() };
        let setups = vec![setup; agents as usize];
        let config = Config { seed: 7, link, inbox_capacity: 1_000, trace_capacity: 0 };
        Simulation::new(&config, Routes::Mesh { n: agents }, setups, NoAdversary, Vec::new(), ())
    }
}
