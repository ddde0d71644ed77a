//! Faults and requests: everything done to a simulation from outside (K3, K5).

use std::sync::Arc;

use super::{
    AgentId, DropCause, Event, EventId, Fault, InFlight, Input, NO_EVENT, NO_MESSAGE, Observer,
    Outbox, PHASE_DELIVERY, PHASE_TIMER, Pending, Process, Simulation, Status, What,
};
use crate::order::sort_by_key;
use crate::sim::network::Parting;
use crate::sim::process::Adversary as _;
use crate::sim::queue::Handle;

impl<P: Process, O: Observer<P>> Simulation<P, O> {
    #[cold]
    #[inline(never)]
    pub(super) fn do_next_fault(&mut self) {
        let agenda = Arc::clone(&self.agenda);
        let place = self.agenda_next;
        let (_, fault) = &agenda[place];
        self.agenda_next += 1;
        let applies = match fault {
            Fault::Command(agent, command) => self.ask(*agent, command, place),
            fault => self.do_fault(fault),
        };
        if !applies {
            let agent = subject(fault);
            self.record_outside(agent, AgentId::NONE, What::Inapplicable(fault.kind()));
        }
    }

    /// Carries out the fault; false when it does not apply.
    #[inline]
    fn do_fault(&mut self, fault: &Fault<P>) -> bool {
        match fault {
            Fault::Crash(agent) => self.crash(*agent, Status::Down),
            Fault::Remove(agent) => self.crash(*agent, Status::Removed),
            Fault::Restart(agent) => self.restart(*agent),
            Fault::Pause(agent) => self.pause(*agent),
            Fault::Resume(agent) => self.resume(*agent),
            Fault::Cut { from, to, both_ways } => self.cut(*from, *to, *both_ways),
            Fault::Mend { from, to, both_ways } => self.mend(*from, *to, *both_ways),
            Fault::Partition { groups, replaces } => self.partition(groups, *replaces),
            Fault::Heal => {
                let healed = self.network.heal();
                if healed {
                    self.record_outside(AgentId::NONE, AgentId::NONE, What::Healed);
                }
                healed
            }
            Fault::DropMessage(message) => self.drop_by_hand(*message),
            Fault::DuplicateMessage(message) => self.duplicate_by_hand(*message),
            Fault::DelayMessage { message, by_us } => self.delay(*message, *by_us),
            Fault::SetLink { from, to, both_ways, model } => {
                if !self.routes.are_linked(*from, *to) {
                    return false;
                }
                self.network.set_link(*from, *to, *model);
                if *both_ways {
                    self.network.set_link(*to, *from, *model);
                }
                self.record_outside(*from, *to, What::LinkChanged);
                true
            }
            Fault::SetAllLinks(model) => {
                self.network.set_all_links(*model);
                self.record_outside(AgentId::NONE, AgentId::NONE, What::LinkChanged);
                true
            }
            Fault::SetRoutes(routes) => self.set_routes(routes.clone()),
            Fault::Spawn { setup, routes } => {
                if routes.len() as usize != self.agents.len() + 1 {
                    return false;
                }
                let agent = self.add_agent((**setup).clone());
                // The plan knows nothing of routes that an agent has set since.
                let planned = || routes.clone();
                let routes = if self.is_rerouted { self.routes.grown() } else { planned() };
                self.routes = Arc::new(routes);
                self.start(agent, What::Spawned);
                true
            }
            Fault::Corrupt(agent) => self.corrupt(*agent),
            Fault::Release(agent) => self.release(*agent),
            Fault::Command(..) => false,
        }
    }

    #[inline]
    fn status(&self, agent: AgentId) -> Status {
        let known = agent.index() < self.agents.len();
        if known { self.agents.get(agent.index()).status } else { Status::Removed }
    }

    /// The process and its timers are gone, and with it what waited in its inbox.
    #[inline]
    fn crash(&mut self, agent: AgentId, status: Status) -> bool {
        let before = self.status(agent);
        let applies = match status {
            Status::Removed => before != Status::Removed,
            _ => matches!(before, Status::Up | Status::Paused),
        };
        if !applies {
            return false;
        }
        let slot = self.agents.get_mut(agent.index());
        slot.status = status;
        let timers = std::mem::take(&mut slot.timers);
        let inbox = slot.take_inbox();
        let what = if status == Status::Removed { What::Removed } else { What::Crashed };
        self.record_outside(agent, AgentId::NONE, what);
        for timer in &timers {
            self.forget_timer(timer);
        }
        for in_flight in &inbox {
            self.drop_message(in_flight, DropCause::InboxLost);
        }
        true
    }

    #[inline]
    fn restart(&mut self, agent: AgentId) -> bool {
        if self.status(agent) != Status::Down {
            return false;
        }
        let slot = self.agents.get_mut(agent.index());
        slot.status = Status::Up;
        let event = self.record_at(agent, NO_EVENT, What::Restarted);
        self.let_act_rarely(agent, event, &mut |seat, out| {
            *seat.process = P::restart(agent, seat.durable, out);
        });
        self.ask_again(agent);
        true
    }

    #[inline]
    fn pause(&mut self, agent: AgentId) -> bool {
        if self.status(agent) != Status::Up {
            return false;
        }
        self.agents.get_mut(agent.index()).status = Status::Paused;
        self.record_outside(agent, AgentId::NONE, What::Paused);
        true
    }

    /// Resumes a paused agent: its backlog comes at the next microsecond, in the order it came: messages,
    /// then timers.
    #[inline]
    fn resume(&mut self, agent: AgentId) -> bool {
        if self.status(agent) != Status::Paused {
            return false;
        }
        let slot = self.agents.get_mut(agent.index());
        slot.status = Status::Up;
        let inbox = slot.take_inbox();
        let event = self.record_outside(agent, AgentId::NONE, What::Resumed);
        let due_us = self.now_us + 1;
        for in_flight in inbox {
            self.work += u64::from(!in_flight.is_housekeeping);
            self.queue.push(due_us, PHASE_DELIVERY, Pending::Arrive(in_flight));
        }
        let count = self.agents.get(agent.index()).timers.len();
        for place in 0..count {
            let pending = self.agents.get(agent.index()).timers[place];
            if !pending.overdue {
                continue;
            }
            let timer = pending.timer;
            self.work += u64::from(!P::is_housekeeping(timer));
            let entry = Pending::Timer { agent, timer, set_by: event };
            let handle = self.queue.push(due_us, PHASE_TIMER, entry);
            let pending = &mut self.agents.get_mut(agent.index()).timers[place];
            pending.overdue = false;
            pending.due_us = due_us;
            pending.handle = handle;
        }
        self.ask_again(agent);
        true
    }

    #[inline]
    fn cut(&mut self, from: AgentId, to: AgentId, both_ways: bool) -> bool {
        if !self.routes.are_linked(from, to) {
            return false;
        }
        let mut changed = self.network.cut(from, to);
        if both_ways {
            changed |= self.network.cut(to, from);
        }
        if changed {
            self.record_outside(from, to, What::Cut);
            self.lose_what_is_blocked();
        }
        changed
    }

    #[inline]
    fn mend(&mut self, from: AgentId, to: AgentId, both_ways: bool) -> bool {
        let mut changed = self.network.mend(from, to);
        if both_ways {
            changed |= self.network.mend(to, from);
        }
        if changed {
            self.record_outside(from, to, What::Mended);
        }
        changed
    }

    #[inline]
    fn partition(&mut self, groups: &[u32], replaces: bool) -> bool {
        if replaces {
            self.network.end_partition();
        }
        let what = match self.network.partition(groups) {
            Parting::First => What::Partitioned,
            Parting::Further => What::PartitionedFurther,
            Parting::Nothing => return false,
        };
        self.record_outside(AgentId::NONE, AgentId::NONE, what);
        self.lose_what_is_blocked();
        true
    }

    /// Drops the messages on links that are cut, oldest first.
    #[inline]
    fn lose_what_is_blocked(&mut self) {
        let mut blocked: Vec<(u64, Handle, DropCause)> = self
            .queue
            .iter()
            .filter_map(|(handle, _, pending)| match pending {
                Pending::Arrive(in_flight) if in_flight.lost.is_none() => {
                    let cause = self.network.blocked(in_flight.from, in_flight.to)?;
                    Some((in_flight.id, handle, cause))
                }
                _ => None,
            })
            .collect();
        sort_by_key(&mut blocked, |(message, ..)| (*message, 0));
        for (_, handle, cause) in blocked {
            if let Some(in_flight) = self.take_from_link(handle) {
                self.drop_message(&in_flight, cause);
            }
        }
    }

    #[inline]
    fn take_from_link(&mut self, handle: Handle) -> Option<InFlight<P::Message>> {
        match self.queue.remove(handle)? {
            Pending::Arrive(in_flight) => {
                self.work -= u64::from(!in_flight.is_housekeeping);
                Some(in_flight)
            }
            Pending::Timer { .. } => None,
        }
    }

    /// Where the message is on its link, if it is on one.
    #[inline]
    fn find_message(&self, message: u64) -> Option<(Handle, u64)> {
        self.queue.iter().find_map(|(handle, due_us, pending)| match pending {
            Pending::Arrive(in_flight) if in_flight.id == message => Some((handle, due_us)),
            _ => None,
        })
    }

    #[inline]
    fn drop_by_hand(&mut self, message: u64) -> bool {
        let taken = match self.find_message(message) {
            Some((handle, _)) => self.take_from_link(handle),
            None => self.take_from_inbox(message),
        };
        if let Some(in_flight) = &taken {
            self.drop_message(in_flight, DropCause::Intervention);
        }
        taken.is_some()
    }

    #[inline]
    fn take_from_inbox(&mut self, message: u64) -> Option<InFlight<P::Message>> {
        let waits = |waiting: &InFlight<P::Message>| waiting.id == message;
        let agent = self.agents.iter().position(|slot| slot.inbox().iter().any(waits))?;
        let slot = self.agents.get_mut(agent);
        let place = slot.inbox().iter().position(waits)?;
        Some(slot.rare_mut().inbox.remove(place))
    }

    #[inline]
    fn duplicate_by_hand(&mut self, message: u64) -> bool {
        let Some((handle, due_us)) = self.find_message(message) else { return false };
        let Some(Pending::Arrive(in_flight)) = self.queue.get(handle) else { return false };
        let copy = in_flight.clone();
        // The copy of a message that will be lost gets through: it would have arrived then.
        let due_us = due_us.max(copy.arrives_us);
        self.duplicate(copy, due_us);
        true
    }

    #[inline]
    fn delay(&mut self, message: u64, by_us: u64) -> bool {
        let Some((handle, due_us)) = self.find_message(message) else { return false };
        let Some(mut in_flight) = self.take_from_link(handle) else { return false };
        in_flight.arrives_us = in_flight.arrives_us.saturating_add(by_us);
        let event = self.message_event(&in_flight, NO_EVENT, What::Delayed { by_us });
        self.record(event);
        self.work += u64::from(!in_flight.is_housekeeping);
        let due_us = due_us.saturating_add(by_us);
        self.queue.push(due_us, PHASE_DELIVERY, Pending::Arrive(in_flight));
        true
    }

    #[inline]
    fn set_routes(&mut self, routes: crate::sim::Routes) -> bool {
        if routes.len() as usize != self.agents.len() {
            return false;
        }
        self.routes = Arc::new(routes);
        self.record_outside(AgentId::NONE, AgentId::NONE, What::RoutesChanged);
        true
    }

    #[inline]
    fn corrupt(&mut self, agent: AgentId) -> bool {
        if self.status(agent) == Status::Removed || self.agents.get(agent.index()).corrupted {
            return false;
        }
        self.agents.get_mut(agent.index()).corrupted = true;
        let event = self.record_outside(agent, AgentId::NONE, What::Corrupted);
        self.consult_adversary(agent, event, P::Adversary::on_takeover);
        true
    }

    #[inline]
    fn release(&mut self, agent: AgentId) -> bool {
        if self.status(agent) == Status::Removed || !self.agents.get(agent.index()).corrupted {
            return false;
        }
        self.agents.get_mut(agent.index()).corrupted = false;
        let event = self.record_outside(agent, AgentId::NONE, What::Released);
        self.consult_adversary(agent, event, P::Adversary::on_release);
        true
    }

    /// Tells the adversary, if the agent is up: only then can its process act.
    #[inline]
    fn consult_adversary(
        &mut self,
        agent: AgentId,
        event: EventId,
        tell: fn(&mut P::Adversary, AgentId, &mut P, &mut Outbox<'_, P>),
    ) {
        if self.status(agent) == Status::Up {
            self.let_act_rarely(agent, event, &mut |seat, out| {
                tell(seat.adversary, agent, seat.process, out);
            });
        }
    }

    /// Sends a command to an agent. A client outside asks one that is paused or down again as soon as it is
    /// back. False when it never will be.
    #[inline]
    fn ask(&mut self, agent: AgentId, command: &P::Command, place: usize) -> bool {
        let status = self.status(agent);
        if status == Status::Up {
            self.command(agent, command, NO_EVENT, place);
            return true;
        }
        if agent.index() >= self.agents.len() {
            return false;
        }
        // An adversary in its seat hears the command even while the agent is away.
        let corrupted = self.agents.get(agent.index()).corrupted;
        if status != Status::Removed && corrupted && self.adversary.on_order(agent, command) {
            return true;
        }
        let is_request = P::is_request(command);
        let event = match status {
            Status::Removed => NO_EVENT,
            _ if !is_request => NO_EVENT,
            _ => self.record_outside(agent, AgentId::NONE, What::Deferred),
        };
        self.agents.get_mut(agent.index()).rare_mut().asked.push((place, event));
        status != Status::Removed || !is_request
    }

    /// An agent is back: it hears what it was asked in the meantime, in that order.
    #[inline]
    fn ask_again(&mut self, agent: AgentId) {
        let rare = self.agents.get_mut(agent.index()).rare.as_deref_mut();
        let asked = rare.map_or_else(Vec::new, |it| std::mem::take(&mut it.asked));
        let agenda = Arc::clone(&self.agenda);
        for (place, deferred) in asked {
            if let Some((_, Fault::Command(_, command))) = agenda.get(place) {
                self.command(agent, command, deferred, place);
            }
        }
    }

    #[inline]
    fn command(&mut self, agent: AgentId, command: &P::Command, cause: EventId, place: usize) {
        let event = self.record_at(agent, cause, What::Commanded);
        self.agents.get_mut(agent.index()).rare_mut().heard.push((place, event));
        self.handle_rarely(agent, event, Input::Command(command));
    }

    /// Records something done from outside, by nobody's logical clock.
    #[inline]
    fn record_outside(&mut self, agent: AgentId, peer: AgentId, what: What<P::Note>) -> u64 {
        let known = agent.index() < self.agents.len();
        let lamport = if known { self.agents.get(agent.index()).lamport } else { 0 };
        self.record(Event {
            id: 0,
            time_us: self.now_us,
            cause: NO_EVENT,
            lamport,
            message: NO_MESSAGE,
            agent,
            peer,
            instance: 0,
            kind: 0,
            what,
        })
    }
}

/// The agent a fault is about, if it is about one.
#[inline]
fn subject<P: Process>(fault: &Fault<P>) -> AgentId {
    match fault {
        Fault::Crash(agent)
        | Fault::Restart(agent)
        | Fault::Pause(agent)
        | Fault::Resume(agent)
        | Fault::Remove(agent)
        | Fault::Corrupt(agent)
        | Fault::Release(agent)
        | Fault::Command(agent, _) => *agent,
        Fault::Cut { from, .. } | Fault::Mend { from, .. } | Fault::SetLink { from, .. } => *from,
        _ => AgentId::NONE,
    }
}
