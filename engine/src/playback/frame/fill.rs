//! From a simulation to what is visible of it.

use super::{AgentFrame, Frame, MessageFrame, TimerFrame};
use crate::common::consensus::manager::Manager;
use crate::common::consensus::proposal::ProposalId;
use crate::order::sort_by_key;
use crate::playback::rooms::{Rooms, holds, is_repeat};
use crate::sim::AgentId;
use crate::sim::Wire as _;
use crate::sim::kernel::{InFlight, PendingTimer, Slot};
use crate::swarm;
use crate::swarm::{Swarm, Timer};

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
        sort_by_key(&mut self.messages, |message| (message.sent_us, message.id));
        self.proposals = rooms.proposals(&self.look);
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
    in_flight: &InFlight<swarm::bus::Message>,
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
        waiting: slot.inbox().len() as u32,
        sent: slot.count.sent,
        received: slot.count.received,
        lamport: slot.lamport,
    }
}

pub(in crate::playback) fn timer_frame(pending: &PendingTimer<Timer>) -> TimerFrame {
    let PendingTimer { timer, set_us, due_us, .. } = *pending;
    TimerFrame { awaited: timer.awaited(), set_us, due_us }
}
