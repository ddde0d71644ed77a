//! The adversary in the seat of a corrupted agent (C7): one mind behind all of them, which holds their keys
//! and decides what each says to whom. No protocol contains bad behaviour: the adversary asks the
//! [`Lies`](crate::protocol::contract::Lies) of a message's protocol.

pub use crate::common::lie::Behaviour;
use crate::common::lie::{Lie, Seat, Seats};
use crate::map::Map;
use crate::sim::{self, AgentId, Input, Outbox};
use crate::swarm::bus::Message;
use crate::swarm::{Order, Swarm, Timer};

/// The mind behind all corrupted agents.
#[derive(Clone, Debug, Default)]
pub struct Adversary {
    seats: Seats,
    /// The messages that each has held back, and for whom.
    held: Map<AgentId, Vec<(AgentId, Message)>>,
    /// The behaviour of agents that were down or paused when they were corrupted.
    ordered: Map<AgentId, Behaviour>,
}

impl Adversary {
    /// How the agent behaves, while it is corrupted.
    #[must_use]
    #[inline]
    pub fn behaviour(&self, agent: AgentId) -> Option<Behaviour> {
        self.seats.get(&agent).map(|seat| seat.behaviour)
    }

    /// Takes the agent's seat; that of the coordinator, which is no member, cannot be taken.
    #[inline]
    fn take_seat(&mut self, agent: AgentId, process: &Swarm) {
        if process.profile().is_none() {
            return;
        }
        let behaviour = self.ordered.remove(&agent).unwrap_or_default();
        self.seats.insert(agent, Seat { behaviour, ..Seat::default() });
    }

    /// Says what the process wanted to say, in its own way.
    #[inline]
    fn twist(&mut self, agent: AgentId, process: &Swarm, out: &mut Outbox<'_, Swarm>) {
        let Some(seat) = self.seats.get_mut(&agent) else { return };
        process.brief(seat);
        let (behaviour, key) = (seat.behaviour, seat.key);
        let noise = match behaviour {
            Behaviour::VotesAtRandom => out.random_between(0, u64::MAX - 1),
            _ => 0,
        };
        let lie = Lie { agent, behaviour, key, noise };
        let mut held = Vec::new();
        out.revise(|to, message| match behaviour {
            Behaviour::StaysSilent => false,
            Behaviour::Delays if message.body.is_of_a_round() => {
                held.push((to, message.clone()));
                false
            }
            _ => {
                process.twist(to, message, &lie);
                true
            }
        });
        if !held.is_empty() {
            let mut all = self.held.remove(&agent).unwrap_or_default();
            all.append(&mut held);
            self.held.insert(agent, all);
        }
    }
}

impl sim::Adversary<Swarm> for Adversary {
    #[inline]
    fn on_takeover(&mut self, agent: AgentId, process: &mut Swarm, _: &mut Outbox<'_, Swarm>) {
        self.take_seat(agent, process);
    }

    #[inline]
    fn on_input(
        &mut self,
        agent: AgentId,
        input: Input<'_, Swarm>,
        process: &mut Swarm,
        out: &mut Outbox<'_, Swarm>,
    ) {
        // An agent that was corrupted while it was down or paused is taken over with its first input.
        if !self.seats.contains_key(&agent) {
            self.take_seat(agent, process);
        }
        if let Input::Command(Order::Behave(behaviour)) = input {
            if let Some(seat) = self.seats.get_mut(&agent) {
                seat.behaviour = *behaviour;
            }
            return;
        }
        let timer = match input {
            Input::Timer(timer) => Some(timer),
            Input::Message { .. } | Input::Command(_) => None,
        };
        // Only the next round frees what was held back.
        let began = timer.is_some_and(Timer::begins_round);
        let held = began.then(|| self.held.remove(&agent)).flatten();
        input.deliver(process, out);
        self.twist(agent, process, out);
        for (to, message) in held.into_iter().flatten() {
            out.send(to, message);
        }
        if let Some(timer) = timer {
            process.add(agent, timer, &self.seats, out);
        }
    }

    #[inline]
    fn on_order(&mut self, agent: AgentId, order: &Order) -> bool {
        let Order::Behave(behaviour) = order else { return false };
        match self.seats.get_mut(&agent) {
            Some(seat) => seat.behaviour = *behaviour,
            None => {
                self.ordered.insert(agent, *behaviour);
            }
        }
        true
    }

    #[inline]
    fn on_release(&mut self, agent: AgentId, _: &mut Swarm, out: &mut Outbox<'_, Swarm>) {
        self.seats.remove(&agent);
        for (to, message) in self.held.remove(&agent).into_iter().flatten() {
            out.send(to, message);
        }
    }
}
