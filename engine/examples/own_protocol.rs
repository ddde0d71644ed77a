//! A protocol of your own, run by the engine as it is: `cargo run -p swarmglass-engine --example own_protocol`.
//!
//! It is the election of Chang and Roberts (1979), on a ring of seven: each agent sends its number on; a number that comes to a
//! greater one ends there, and the one that comes home is the leader's.
use std::sync::Arc;

use swarmglass_engine::playback::{Command, Run};
use swarmglass_engine::protocols::foreign::{
    ForeignOutlet, ForeignProtocol, ForeignSetup, ForeignWatch, Vocabulary,
};
use swarmglass_engine::scenario::Scenario;
use swarmglass_engine::sim::{AgentId, EventId, Property, PropertyKind};
use swarmglass_engine::view::sentence::{seconds, sentence};

const SCENARIO: &str = r#"{ "format": 1, "name": "election", "title": "Election", "coordinator": false,
    "topology": { "kind": "ring" }, "network": { "latency_ms": { "uniform": [5, 40] } },
    "agents": [{ "id": "agent", "count": 7 }] }"#;

/// Kinds of messages, and sentences, by their places in the vocabulary.
const CANDIDATE: u32 = 0;
const ELECTED: u32 = 1;
const IS_LEADER: u16 = 0;
const FOLLOWS: u16 = 1;

#[derive(Clone, Debug)]
struct Election {
    /// The rank with which it stands for election: not its place on the ring.
    rank: u32,
    leader: Option<u32>,
}

impl Election {
    fn pass_on(&self, kind: u32, rank: u32, out: &mut dyn ForeignOutlet) {
        let next = AgentId((out.id().0 + 1) % out.members());
        out.send(next, kind, &rank.to_le_bytes());
    }
}

impl ForeignProtocol for Election {
    fn on_start(&mut self, out: &mut dyn ForeignOutlet) {
        self.pass_on(CANDIDATE, self.rank, out);
    }

    fn on_message(&mut self, _: AgentId, kind: u32, bytes: &[u8], out: &mut dyn ForeignOutlet) {
        let Ok(rank) = bytes.try_into().map(u32::from_le_bytes) else { return };
        match kind {
            CANDIDATE if rank > self.rank => self.pass_on(CANDIDATE, rank, out),
            CANDIDATE if rank == self.rank => {
                self.leader = Some(rank);
                out.note(IS_LEADER, rank);
                self.pass_on(ELECTED, rank, out);
            }
            ELECTED if self.leader.is_none() => {
                self.leader = Some(rank);
                out.note(FOLLOWS, rank);
                self.pass_on(ELECTED, rank, out);
            }
            _ => {}
        }
    }
}

#[derive(Clone, Debug)]
struct OneLeader {
    leaders: u32,
    one_leader: Property,
    all_know: Property,
    knowing: u32,
}

impl ForeignWatch for OneLeader {
    fn on_note(&mut self, event: EventId, _: AgentId, sentence: u16, _: u32) {
        self.leaders += u32::from(sentence == IS_LEADER);
        self.knowing += 1;
        self.one_leader.check(self.leaders <= 1, event);
        self.all_know.check(self.knowing == 7, event);
    }

    fn properties(&self, _: bool) -> Vec<Property> {
        vec![self.one_leader.clone(), self.all_know.clone()]
    }
}

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut scenario = Scenario::parse(SCENARIO, "election.json")?;
    let kinds = ["candidate", "elected"].map(String::from).to_vec();
    let sentences = ["is the leader, with {}", "follows {}"].map(String::from).to_vec();
    let ranks = [30, 12, 77, 5, 41, 68, 23];
    let setup = ForeignSetup {
        vocabulary: Vocabulary { kinds, sentences },
        agents: Box::new(move |agent| {
            Box::new(Election { rank: ranks[agent.index() % ranks.len()], leader: None })
        }),
        watch: Some(Box::new(OneLeader {
            leaders: 0,
            one_leader: Property::new("one_leader", PropertyKind::Always),
            all_know: Property::new("all_know_the_leader", PropertyKind::Eventually),
            knowing: 0,
        })),
    };
    scenario.rooms.foreign = Some(setup.of(&scenario));
    let mut run = Run::new(Arc::new(scenario), 7)?;
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX })?;

    let report = run.report();
    println!("Messages: {:?}", report.rooms.foreign.unwrap_or_default().foreign.messages);
    for event in run.log().range(0, 20) {
        println!("{} {}", seconds(event.time_us), sentence(event, run.cast()));
    }
    for property in report.properties.iter().filter(|it| it.name != "books_balance") {
        println!("{}: {:?}, event {:?}", property.name, property.status, property.event);
    }
    Ok(())
}
