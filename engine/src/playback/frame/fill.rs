//! From a simulation to what is visible of it.

use std::sync::Arc;

use super::choice::choice_frame;
use super::gossip::GossipFrame;
use super::horizon::horizon_us;
use super::state::state_frame;
use super::{
    AgentFrame, AgentInfo, Cast, ElectorFrame, Frame, Lamp, MessageFrame, ProposalFrame, Terms,
    TimerFrame, byzantine, gossip,
};
use crate::coordination;
use crate::coordination::bus::Body;
use crate::coordination::consensus::ballot::{Elector, Vote};
use crate::coordination::consensus::byzantine::session::Session;
use crate::coordination::consensus::choice::OptionId;
use crate::coordination::consensus::condition::Value;
use crate::coordination::consensus::hearing::Hearing;
use crate::coordination::consensus::manager::Poll;
use crate::coordination::consensus::mind::Mind;
use crate::coordination::consensus::proposal::{ProposalId, SharedProposal};
use crate::coordination::consensus::quorum::Base;
use crate::coordination::consensus::vote::counter::CounterDurable;
use crate::coordination::consensus::vote::watch::Facts;
use crate::coordination::profile::{Profile, Reputation};
use crate::coordination::state::replica::KeyId;
use crate::coordination::state::talk::StateTalk;
use crate::coordination::swarm::{Swarm, Timer};
use crate::playback::rooms::{Known, Pictures, Rooms};
use crate::protocol::number::with_point;
use crate::scenario::Scenario;
use crate::scenario::build::SwarmSimulation;
use crate::sim::Wire as _;
use crate::sim::kernel::{InFlight, PendingTimer, Slot};
use crate::sim::{AgentId, Routes, Status};

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
        let stages = &scenario.pipeline.1;
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
            has_proposals: !scenario.proposals.is_empty() || !stages.is_empty(),
            proposals: Vec::new(),
            not_opened: Vec::new(),
            keys: scenario
                .state
                .iter()
                .flat_map(|state| &state.rules.keys)
                .map(|key| key.name.to_string())
                .collect(),
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
        if let Some(state) = coordinator_of(simulation) {
            let opened = state.manager.polls().iter().skip(self.proposals.len());
            self.proposals.extend(opened.map(|poll| poll.proposal.clone()));
            let not_opened = state.not_opened.iter().skip(self.not_opened.len());
            self.not_opened.extend(not_opened.cloned());
        }
    }

    /// The name of an option, or its number.
    #[must_use]
    pub fn option(&self, proposal: ProposalId, option: OptionId) -> String {
        let known = self.proposals.get(proposal as usize);
        let name = known.and_then(|it| it.options.get(usize::from(option)));
        name.cloned().unwrap_or_else(|| format!("option {}", option + 1))
    }

    /// The name of an agent, or "someone".
    #[must_use]
    pub fn name(&self, agent: AgentId) -> &str {
        self.agents.get(agent.index()).map_or("someone", |info| &info.name)
    }
}

/// The protocols of one instant.
fn rooms_of<'a>(cast: &'a Cast, simulation: &'a SwarmSimulation) -> Rooms<'a> {
    Rooms { cast, simulation, now_us: simulation.now_us(), has_ended: false, run: None }
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
    /// Everything that the simulation alone can say.
    pub(in crate::playback) fn fill(&mut self, simulation: &SwarmSimulation) {
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
        let message = |it: &InFlight<_>| MessageFrame {
            is_repeat: gossip::is_repeat(simulation, it),
            ..message_frame(it)
        };
        self.messages.extend(simulation.in_flight().map(message));
        self.messages.sort_unstable_by_key(|message| (message.sent_us, message.id));
        self.fill_proposals(simulation);
        self.state = state_frame(simulation, self.look.of("key", None).map(KeyId));
        let shown = self.proposal().map(|proposal| proposal.id);
        self.agents.clear();
        self.agents.extend(simulation.agents().map(|slot| agent_frame(slot, shown)));
        let shown = self.proposals.iter_mut().find(|it| Some(it.id) == shown);
        if let Some(proposal) = shown
            && let Some(facts) = simulation.observer.facts().get(proposal.id as usize)
        {
            gossip::see(proposal, &self.agents, facts);
        }
        for (agent, state) in (0..).map(AgentId).zip(&mut self.agents) {
            let behaviour = || simulation.adversary().behaviour(agent);
            state.behaviour = if state.corrupted { behaviour() } else { None };
        }
    }

    fn fill_proposals(&mut self, simulation: &SwarmSimulation) {
        let before = core::mem::take(&mut self.proposals);
        let Some(state) = coordinator_of(simulation) else { return };
        let polls = (0..).zip(state.manager.polls());
        for ((id, poll), facts) in polls.zip(simulation.observer.facts()) {
            // In another branch this number may be another proposal's.
            let known = before.get(id as usize).filter(|it| it.terms.is_of(&poll.proposal));
            let terms =
                known.map_or_else(|| Arc::new(Terms::new(&poll.proposal)), |it| it.terms.clone());
            let mut proposal = proposal_frame(id, poll, facts, terms);
            byzantine::see(&mut proposal, simulation, self.look.selected, facts);
            let spread = simulation.observer.spread(id);
            proposal.gossip = spread.map(|spread| GossipFrame::new(spread, simulation.now_us()));
            self.proposals.push(proposal);
        }
        self.statistics = state.manager.statistics();
    }
}

/// What the coordinator knows.
pub(in crate::playback) fn coordinator_of(simulation: &SwarmSimulation) -> Option<&CounterDurable> {
    coordinator_slot(simulation)?.process.counter()
}

pub(in crate::playback) fn coordinator_slot(simulation: &SwarmSimulation) -> Option<&Slot<Swarm>> {
    simulation.agents().find(|slot| slot.process.counter().is_some())
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
        is_housekeeping: message.is_housekeeping() && !brings_news(&message.body),
    }
}

/// Whether there is anything in it that a receiver might not know.
fn brings_news(body: &Body) -> bool {
    matches!(body, Body::State(StateTalk::Update(update)) if update.brings_news())
}

/// What an agent knows of a proposal.
fn hearing(slot: &Slot<Swarm>, proposal: ProposalId) -> Option<&Hearing> {
    // What a crashed agent had not written down is gone.
    match slot.status {
        Status::Down => slot.durable.hearing(proposal),
        _ => slot.process.hearing(proposal),
    }
}

/// Its part in a Byzantine vote.
pub(super) fn byzantine_session(slot: &Slot<Swarm>, proposal: ProposalId) -> Option<&Session> {
    match slot.status {
        Status::Down => slot.durable.byzantine_session(proposal),
        _ => slot.process.byzantine_session(proposal),
    }
}

/// Its part in a gossip.
pub(super) fn gossip_session(
    slot: &Slot<Swarm>,
    proposal: ProposalId,
) -> Option<&coordination::consensus::gossip::session::Session> {
    match slot.status {
        Status::Down => slot.durable.gossip_session(proposal),
        _ => slot.process.gossip_session(proposal),
    }
}

fn agent_frame(slot: &Slot<Swarm>, shown: Option<ProposalId>) -> AgentFrame {
    let hearing = shown.and_then(|id| hearing(slot, id));
    let gossip = shown.and_then(|id| gossip_session(slot, id));
    AgentFrame {
        status: slot.status,
        corrupted: slot.corrupted,
        behaviour: None,
        knows: hearing.is_some(),
        vote: hearing.and_then(|hearing| hearing.vote.as_ref()).map(|(vote, _)| *vote),
        outcome: hearing.and_then(|hearing| hearing.outcome),
        side: gossip.and_then(|it| it.side(&it.call.proposal.algorithm.rule)),
        ballots_known: gossip.map_or(0, |it| it.known()),
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

impl Terms {
    fn new(proposal: &SharedProposal) -> Self {
        let rule = proposal.algorithm.rule;
        let value = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            other => other.to_string(),
        };
        Self {
            of: Some(proposal.clone()),
            name: proposal.name.clone(),
            question: proposal.question.clone(),
            fields: proposal
                .fields
                .iter()
                .map(|(name, field)| (name.clone(), value(field)))
                .collect(),
            algorithm: proposal.algorithm.name.clone(),
            measure: rule.measure,
            share: rule.share,
            of_votes_cast: rule.base != Base::Electorate,
            least_participation: match rule.base {
                Base::Electorate | Base::Sides => 0,
                Base::VotesCast { least_participation } => least_participation,
            },
        }
    }

    /// Whether they are those of this proposal.
    fn is_of(&self, proposal: &SharedProposal) -> bool {
        self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, proposal))
    }
}

fn proposal_frame(id: ProposalId, poll: &Poll, facts: &Facts, terms: Arc<Terms>) -> ProposalFrame {
    let proposal = &poll.proposal;
    let rule = proposal.algorithm.rule;
    let tally = poll.ballots.tally();
    let is_closed = facts.closed_us.is_some();
    let electors = poll.ballots.electors().iter();
    ProposalFrame {
        id,
        terms,
        opened_us: facts.opened_us,
        deadline_us: facts.opened_us.saturating_add(proposal.timing.deadline_us),
        decided: facts.decided,
        closed_us: facts.closed_us,
        outcome: facts.decision(),
        held: facts.held,
        liars: facts.liars.clone(),
        tally,
        account: poll.count().map_or_else(|| rule.account(&tally), |it| it.standing().account),
        choice: choice_frame(poll, facts),
        electors: electors.map(|elector| elector_frame(elector, facts, is_closed)).collect(),
        messages: facts.messages,
        bytes: facts.bytes,
        byzantine: None,
        gossip: None,
    }
}

fn elector_frame(elector: &Elector, facts: &Facts, is_closed: bool) -> ElectorFrame {
    let of = facts.of(elector.agent);
    let (lamp, since_us) = match (of.counted, of.refused, of.voted, of.heard_us) {
        (Some((vote, at_us)), ..) => (Lamp::Counted(vote), at_us),
        (None, Some(refusal), ..) => {
            (Lamp::Refused(refusal), of.voted.map_or(0, |(_, at_us)| at_us))
        }
        (None, None, Some((vote, at_us)), _) if of.lost => (Lamp::Lost(vote), at_us),
        (None, None, ..) if is_closed => (Lamp::Absent, facts.closed_us.unwrap_or_default()),
        (None, None, Some((vote, at_us)), _) => (Lamp::Cast(vote), at_us),
        (None, None, None, Some(heard_us)) => (Lamp::Deciding, heard_us),
        (None, None, None, None) => (Lamp::Unaware, facts.opened_us),
    };
    ElectorFrame {
        agent: elector.agent,
        weight_milli: elector.weight_milli,
        lamp,
        since_us,
        outcome: of.outcome.map(|(decision, _)| decision),
    }
}
