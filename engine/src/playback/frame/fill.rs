//! From a simulation to what is visible of it.

use super::horizon::horizon_us;
use super::{AgentFrame, AgentInfo, Cast, Frame, MessageFrame, TimerFrame};
use crate::coordination;
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::manager::Manager;
use crate::coordination::consensus::mind::Mind;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::profile::Profile;
use crate::coordination::reputation::Reputation;
use crate::coordination::swarm::{Swarm, Timer};
use crate::playback::rooms::{Known, Pictures, Rooms, holds, is_repeat};
use crate::protocol::number::with_point;
use crate::scenario::Scenario;
use crate::scenario::build::SwarmSimulation;
use crate::sim::Wire as _;
use crate::sim::kernel::{InFlight, PendingTimer, Slot};
use crate::sim::{AgentId, Routes};

/// Meshes above this many agents have too many links to draw.
const DRAWN_MESH_MAX: usize = 300;

impl Cast {
    /// What is known from the start; `names` are those of all agents that ever join.
    #[must_use]
    pub fn new(
        scenario: &Scenario,
        seed: u64,
        simulation: &SwarmSimulation,
        names: &[String],
    ) -> Self {
        let coordinator = scenario.coordinator;
        let mut agents: Vec<AgentInfo> = simulation.agents().map(agent_info).collect();
        for name in names.iter().skip(agents.len()) {
            agents.push(AgentInfo { name: name.clone(), ..AgentInfo::default() });
        }
        if let Some(place) = coordinator.map(AgentId::index)
            && let (Some(info), Some(name)) = (agents.get_mut(place), names.get(place))
        {
            info.name.clone_from(name);
        }
        let mut cast = Self {
            scenario: scenario.file.name.clone(),
            title: scenario.file.title.clone(),
            summary: scenario.file.summary.clone(),
            notice: scenario.file.notice.clone(),
            seed,
            topology: scenario.topology.kind(),
            agents,
            coordinator,
            there: 0,
            links: Vec::new(),
            parents: Vec::new(),
            horizon_us: horizon_us(scenario),
            has_proposals: !scenario.proposals.is_empty() || !scenario.rooms.proposals().is_empty(),
            opened: 0,
            rooms: scenario.rooms.clone(),
            known: Known::default(),
            pictures: Pictures::default(),
        };
        cast.look(simulation);
        cast.pictures = rooms_of(&cast, simulation).pictures();
        cast
    }

    /// Who is there, and whom they are linked with.
    fn look_at_agents(&mut self, simulation: &SwarmSimulation) {
        let slots = simulation.agents();
        for (known, slot) in self.agents.iter_mut().zip(slots).skip(self.there) {
            if known.role.is_empty() {
                let name = core::mem::take(&mut known.name);
                *known = AgentInfo { name, ..agent_info(slot) };
            }
        }
        self.there = simulation.agent_count();
        let routes = simulation.routes();
        let is_drawn = self.there <= DRAWN_MESH_MAX || !matches!(routes, Routes::Mesh { .. });
        self.links = if is_drawn { routes.links() } else { Vec::new() };
        if matches!(routes, Routes::Tree(_)) {
            let parent = |agent| routes.parent(agent).filter(|it| Some(*it) != self.coordinator);
            self.parents = (0..self.there as u32).map(|agent| parent(AgentId(agent))).collect();
        }
    }

    /// Takes in proposals that were opened since, and who has joined.
    pub(in crate::playback) fn look(&mut self, simulation: &SwarmSimulation) {
        let mut known = core::mem::take(&mut self.known);
        known.learn(&rooms_of(self, simulation));
        self.known = known;
        if self.there != simulation.agent_count() {
            self.look_at_agents(simulation);
        }
        let books = rooms_of(self, simulation).books();
        self.opened = self.opened.max(books.map_or(0, |books| books.polls().len()));
    }

    /// The name of an agent, or "someone".
    #[must_use]
    pub fn name(&self, agent: AgentId) -> &str {
        self.agents.get(agent.index()).map_or("someone", |info| &info.name)
    }
}

/// The protocols of one instant.
fn rooms_of<'a>(cast: &'a Cast, simulation: &'a SwarmSimulation) -> Rooms<'a> {
    Rooms { cast, simulation, now_us: simulation.now_us(), run: None }
}

fn agent_info(slot: &Slot<Swarm>) -> AgentInfo {
    match slot.process.profile() {
        None => AgentInfo {
            role: "coordinator".to_owned(),
            is_coordinator: true,
            reputation: Reputation::default().0,
            mind: "counts ballots and has no vote".to_owned(),
            ..AgentInfo::default()
        },
        Some(profile) => member_info(profile),
    }
}

fn member_info(profile: &Profile) -> AgentInfo {
    AgentInfo {
        name: profile.name.clone(),
        role: profile.role.clone(),
        weight_milli: profile.weight_milli,
        reputation: profile.reputation.0,
        tier: profile.reputation.tier(),
        is_coordinator: false,
        mind: describe_mind(profile),
    }
}

fn describe_mind(profile: &Profile) -> String {
    let rule = describe_rule(&profile.mind);
    match profile.prefers.as_slice() {
        [] => rule,
        prefers => format!("{rule}; prefers {}", prefers.join(", then ")),
    }
}

fn describe_rule(mind: &Mind) -> String {
    match mind {
        Mind::Fixed(Vote::For) => "always FOR".to_owned(),
        Mind::Fixed(Vote::Against) => "always AGAINST".to_owned(),
        Mind::Fixed(Vote::Abstain) => "always abstains".to_owned(),
        Mind::Silent => "stays silent".to_owned(),
        Mind::Condition(condition) => format!("FOR if {}", condition.text()),
        Mind::Chance { for_ppm, against_ppm } => {
            let percent = |ppm: u64| with_point(ppm, 4);
            format!("{} % FOR, {} % AGAINST", percent(*for_ppm), percent(*against_ppm))
        }
    }
}

impl Frame {
    /// Everything but how the run goes on.
    pub(in crate::playback) fn fill(&mut self, rooms: &Rooms<'_>) {
        let simulation = rooms.simulation;
        self.time_us = simulation.now_us();
        self.steps = simulation.steps();
        self.events = simulation.trace.len();
        self.trace_hash = simulation.trace.hash();
        self.end_to_end = simulation.counters.end_to_end;
        self.hops = simulation.counters.hops;
        self.dropped_by.clear();
        self.dropped_by.extend(simulation.counters.drops());
        self.network = simulation.network.default_link;
        self.cuts.clear();
        self.cuts.extend(simulation.network.cuts());
        self.groups.clear();
        self.groups.extend_from_slice(simulation.network.groups().unwrap_or_default());
        self.messages.clear();
        let there = simulation.agent_count();
        let is_known =
            |it: &InFlight<_>| it.dest.index() < there && is_repeat(simulation.agent(it.dest), it);
        let message =
            |it: &InFlight<_>| MessageFrame { is_repeat: is_known(it), ..message_frame(it) };
        self.messages.extend(simulation.in_flight().map(message));
        self.messages.sort_unstable_by_key(|message| (message.sent_us, message.id));
        let before = core::mem::take(&mut self.proposals);
        self.proposals = rooms.proposals(&self.look, &before);
        self.statistics = rooms.books().map(Manager::statistics).unwrap_or_default();
        let shown = self.proposal().map(|proposal| proposal.id);
        self.agents.clear();
        self.agents.extend(simulation.agents().map(|slot| agent_frame(slot, shown)));
        for (agent, state) in (0..).map(AgentId).zip(&mut self.agents) {
            let behaviour = || simulation.adversary().behaviour(agent);
            state.behaviour = if state.corrupted { behaviour() } else { None };
        }
    }
}

pub(in crate::playback) fn message_frame(
    in_flight: &InFlight<coordination::bus::Message>,
) -> MessageFrame {
    let message = &in_flight.message;
    MessageFrame {
        id: in_flight.id,
        kind: message.body.kind(),
        glyph: message.body.glyph(in_flight.origin),
        says: message.body.says(in_flight.origin),
        is_repeat: false,
        proposal: message.header.instance,
        from: in_flight.from,
        to: in_flight.to,
        origin: in_flight.origin,
        dest: in_flight.dest,
        sent_us: in_flight.sent_us,
        arrives_us: in_flight.arrives_us,
        bytes: in_flight.bytes,
        is_housekeeping: message.is_housekeeping() && !message.body.brings_news(),
    }
}

fn agent_frame(slot: &Slot<Swarm>, shown: Option<ProposalId>) -> AgentFrame {
    let holds = shown.and_then(|id| holds(slot, id));
    AgentFrame {
        status: slot.status,
        corrupted: slot.corrupted,
        behaviour: None,
        knows: holds.is_some(),
        vote: holds.and_then(|holds| holds.vote),
        outcome: holds.and_then(|holds| holds.outcome),
        timer: slot.timers.iter().min_by_key(|pending| pending.due_us).map(timer_frame),
        waiting: slot.inbox.len() as u32,
        sent: slot.count.sent,
        received: slot.count.received,
        lamport: slot.lamport,
    }
}

pub(in crate::playback) fn timer_frame(pending: &PendingTimer<Timer>) -> TimerFrame {
    let PendingTimer { timer, set_us, due_us, .. } = *pending;
    TimerFrame { awaited: timer.awaited(), set_us, due_us }
}
