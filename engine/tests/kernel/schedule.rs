//! Random schedules of faults.

use proptest::prelude::*;
use swarmglass_engine::sim::{AgentId, Fault, Latency, LinkModel};

use super::chatter::{Chatter, Order, shape};

pub const AGENTS: u32 = 7;

#[derive(Clone, Debug)]
pub struct Schedule {
    pub seed: u64,
    pub link: LinkModel,
    pub topology: u8,
    pub faults: Vec<(u64, Fault<Chatter>)>,
}

pub fn uniform_link() -> LinkModel {
    LinkModel { latency: Latency::Uniform { min_us: 500, max_us: 20_000 }, ..LinkModel::default() }
}

fn link() -> impl Strategy<Value = LinkModel> {
    let latency = prop_oneof![
        (1u64..30_000).prop_map(|us| Latency::Fixed { us }),
        (1u64..5_000, 5_000u64..30_000)
            .prop_map(|(min_us, max_us)| Latency::Uniform { min_us, max_us }),
        (1u64..20_000, 1u32..1_500)
            .prop_map(|(median_us, sigma_milli)| Latency::LogNormal { median_us, sigma_milli }),
    ];
    let bytes_per_second = prop_oneof![3 => Just(None), 1 => (200u64..5_000).prop_map(Some)];
    (latency, 0u32..300_000, 0u32..200_000, bytes_per_second).prop_map(
        |(latency, loss_ppm, duplication_ppm, bytes_per_second)| LinkModel {
            latency,
            loss_ppm,
            duplication_ppm,
            bytes_per_second,
        },
    )
}

fn agent() -> impl Strategy<Value = AgentId> {
    (0..AGENTS).prop_map(AgentId)
}

fn fault() -> impl Strategy<Value = Fault<Chatter>> {
    let ends = || (agent(), agent(), any::<bool>());
    prop_oneof![
        agent().prop_map(Fault::Crash),
        agent().prop_map(Fault::Restart),
        agent().prop_map(Fault::Pause),
        agent().prop_map(Fault::Resume),
        agent().prop_map(Fault::Corrupt),
        agent().prop_map(Fault::Release),
        agent().prop_map(|agent| Fault::Command(agent, Order::Say)),
        agent().prop_map(Fault::Remove),
        ends().prop_map(|(from, to, both_ways)| Fault::Cut { from, to, both_ways }),
        ends().prop_map(|(from, to, both_ways)| Fault::Mend { from, to, both_ways }),
        (prop::collection::vec(0u32..3, AGENTS as usize), any::<bool>())
            .prop_map(|(groups, replaces)| Fault::Partition { groups, replaces }),
        Just(Fault::Heal),
        (0u64..60).prop_map(Fault::DropMessage),
        (0u64..60).prop_map(Fault::DuplicateMessage),
        (0u64..60, 1u64..50_000)
            .prop_map(|(message, by_us)| Fault::DelayMessage { message, by_us }),
        (ends(), link()).prop_map(|((from, to, both_ways), model)| Fault::SetLink {
            from,
            to,
            both_ways,
            model
        }),
        link().prop_map(Fault::SetAllLinks),
        (0u8..4).prop_map(|topology| Fault::SetRoutes(shape(topology))),
        rerouting(),
    ]
}

/// An agent gives the network another shape.
pub fn rerouting() -> impl Strategy<Value = Fault<Chatter>> {
    let asked = (agent(), 0u8..4);
    asked.prop_map(|(agent, topology)| Fault::Command(agent, Order::Reroute(topology)))
}

pub fn schedule() -> impl Strategy<Value = Schedule> {
    let faults = prop::collection::vec((0u64..200_000, fault()), 0..14);
    (any::<u64>(), link(), 0u8..4, faults).prop_map(|(seed, link, topology, faults)| Schedule {
        seed,
        link,
        topology,
        faults,
    })
}

/// Some fault, for tests that need a few different ones.
pub fn fault_for(number: u32) -> Fault<Chatter> {
    match number % 4 {
        0 => Fault::Crash(AgentId(number % AGENTS)),
        1 => Fault::Pause(AgentId((number + 2) % AGENTS)),
        2 => Fault::Heal,
        _ => Fault::Cut { from: AgentId(0), to: AgentId(1), both_ways: true },
    }
}
