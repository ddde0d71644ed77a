//! The simulation: takes what is due next, hands it to an agent, and carries out its effects.
//!
//! Order is (time, phase, sequence): faults and interventions first, then deliveries, then timers;
//! observers see each event as it is recorded. Nothing is ever pushed into the present: the least
//! latency and the least delay are 1 µs.

mod delivery;
mod faults;
mod state;
mod timers;

use crate::order::sort_by_key;
use state::Seat;
pub use state::{Config, PendingTimer, Setup, Slot, Status};

use std::sync::Arc;

use super::chunks::Chunks;
use super::counters::{AgentCount, Counters, DropCause};
use super::fault::Fault;
use super::network::Network;
pub use super::pending::InFlight;
use super::pending::Pending;
use super::process::{Adversary as _, AgentId, Effect, Input, Outbox, Process, Traffic, Wire};
use super::property::{Observer, World};
use super::queue::{Handle, Queue};
use super::rng::{self, Purpose};
use super::routes::Routes;
use super::trace::{Event, EventId, NO_EVENT, NO_MESSAGE, Trace, What};

const PHASE_DELIVERY: u8 = 1;
const PHASE_TIMER: u8 = 2;

/// How many deliveries of an instant the kernel looks ahead, and how many instants; measured with
/// 100 000 agents.
const LOOK_AHEAD: usize = 4;
const LOOK_AHEAD_US: u64 = 4;

/// Up to this many agents, messages are numbered per link; in larger swarms, whose links would
/// outgrow memory, per sender. The number decides a message's latency and loss.
const NUMBERED_LINKS_MAX: usize = 256;

/// How far a call to [`Simulation::run_until`] came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Everything due by the given time is done.
    Reached,
    /// The budget of steps is used up.
    Budget,
    /// Only periodic housekeeping remains, or nothing.
    Ended,
}

/// The fate of an entry of the agenda, which is done from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    NotDue,
    /// It was done, or told not to apply.
    Done,
    /// The agent heard of it: the event that says so.
    Heard(EventId),
    /// It was asked of an agent that is paused or down, and waits until that is back.
    Waits,
    /// It was asked of an agent that was removed before it could hear of it.
    NeverHeard,
}

/// A running simulation. A clone goes on exactly as the original does.
#[derive(Clone, Debug)]
pub struct Simulation<P: Process, O = ()> {
    pub trace: Trace<P::Note>,
    pub counters: Counters,
    pub network: Network,
    pub observer: O,
    agents: Chunks<Slot<P>>,
    adversary: P::Adversary,
    routes: Arc<Routes>,
    /// An agent has set the routes: who joins is added to them.
    is_rerouted: bool,
    queue: Queue<Pending<P>>,
    /// Faults and interventions by time; those before `agenda_next` are done.
    agenda: Arc<Vec<(u64, Fault<P>)>>,
    agenda_next: usize,
    now_us: u64,
    steps: u64,
    next_message: u64,
    /// Entries of the queue that are more than housekeeping.
    work: u64,
    seed: u64,
    inbox_capacity: usize,
    numbers_per_link: bool,
    effects: Vec<Effect<P>>,
}

impl<P: Process, O: Observer<P>> Simulation<P, O> {
    /// Starts all agents at time zero. `agenda` holds what will be done to them: it is sorted by time here,
    /// and entries of one time keep the given order.
    ///
    /// # Panics
    /// When the routes are not for as many agents: the caller builds both from one list.
    #[must_use]
    pub fn new(
        config: &Config,
        routes: Routes,
        setups: Vec<Setup<P>>,
        adversary: P::Adversary,
        agenda: Vec<(u64, Fault<P>)>,
        observer: O,
    ) -> Self {
        const { assert!(<P::Message as Wire>::KINDS <= 256, "a kind is one byte in an event") };
        assert_eq!(routes.len() as usize, setups.len(), "one place in the network per agent");
        let mut simulation = Self {
            trace: Trace::new(config.trace_capacity),
            counters: Counters::new(<P::Message as Wire>::KINDS),
            network: Network::new(config.seed, config.link),
            observer,
            agents: Chunks::default(),
            adversary,
            routes: Arc::new(routes),
            is_rerouted: false,
            queue: Queue::default(),
            agenda: Arc::new(Vec::new()),
            agenda_next: 0,
            now_us: 0,
            steps: 0,
            next_message: 0,
            work: 0,
            seed: config.seed,
            inbox_capacity: config.inbox_capacity,
            numbers_per_link: setups.len() <= NUMBERED_LINKS_MAX,
            effects: Vec::new(),
        };
        simulation.set_agenda(agenda);
        for setup in setups {
            simulation.add_agent(setup);
        }
        for agent in 0..simulation.agents.len() as u32 {
            simulation.start(AgentId(agent), What::Started);
        }
        simulation
    }

    #[inline]
    fn add_agent(&mut self, setup: Setup<P>) -> AgentId {
        let id = AgentId(self.agents.len() as u32);
        self.agents.push(Slot {
            process: P::new(id, &setup.durable),
            durable: setup.durable,
            status: Status::Up,
            corrupted: false,
            clock: setup.clock,
            timers: Vec::new(),
            rare: None,
            count: AgentCount::default(),
            lamport: 0,
            rng: rng::stream(self.seed, Purpose::Agent, u64::from(id.0)),
            messages: 0,
            messages_to: Vec::new(),
        });
        id
    }

    #[inline]
    fn start(&mut self, agent: AgentId, what: What<P::Note>) {
        let event = self.record_at(agent, NO_EVENT, what);
        self.let_act_rarely(agent, event, &mut |seat, out| seat.process.on_start(out));
    }

    /// Virtual time, in microseconds.
    #[must_use]
    #[inline]
    pub fn now_us(&self) -> u64 {
        self.now_us
    }

    /// How many steps were taken: a delivery, a timer or a fault is one each.
    #[must_use]
    #[inline]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// How many agents there are, removed ones included.
    #[must_use]
    pub fn agent_count(&self) -> usize {
        self.agents.len()
    }

    /// # Panics
    /// When there is no such agent.
    #[must_use]
    #[inline]
    pub fn agent(&self, agent: AgentId) -> &Slot<P> {
        self.agents.get(agent.index())
    }

    #[inline]
    pub fn agents(&self) -> impl Iterator<Item = &Slot<P>> {
        self.agents.iter()
    }

    #[must_use]
    #[inline]
    pub fn adversary(&self) -> &P::Adversary {
        &self.adversary
    }

    #[must_use]
    pub fn routes(&self) -> &Arc<Routes> {
        &self.routes
    }

    /// Every message on a link, in no meaningful order; those in the inbox of a paused agent are
    /// in its slot.
    #[inline]
    pub fn in_flight(&self) -> impl Iterator<Item = &InFlight<P::Message>> {
        self.queue.iter().filter_map(|(_, _, pending)| match pending {
            Pending::Arrive(in_flight) => Some(in_flight),
            Pending::Timer { .. } => None,
        })
    }

    /// A copy that goes on exactly as this one does, and shares with it what neither has changed
    /// since.
    #[must_use]
    #[inline]
    pub fn checkpoint(&mut self) -> Self {
        let agents = std::mem::take(&mut self.agents);
        let mut copy = self.clone();
        self.agents = agents;
        copy.agents = self.agents.share();
        copy
    }

    /// Records this simulation holds, the measure of what a checkpoint of it costs.
    #[must_use]
    #[inline]
    pub fn records(&self) -> usize {
        self.agents.len() + self.queue.len()
    }

    /// All that is done from outside, with its time and what has come of it, in the order of time.
    pub fn agenda(&self) -> impl Iterator<Item = (u64, &Fault<P>, Fate)> {
        let fate = |place: usize, fault: &Fault<P>| match fault {
            _ if place >= self.agenda_next => Fate::NotDue,
            Fault::Command(agent, _) if agent.index() < self.agents.len() => {
                let slot = self.agent(*agent);
                let Some(rare) = &slot.rare else { return Fate::Done };
                if rare.asked.iter().any(|(asked, _)| *asked == place) {
                    let is_gone = slot.status == Status::Removed;
                    return if is_gone { Fate::NeverHeard } else { Fate::Waits };
                }
                let heard = rare.heard.binary_search_by_key(&place, |(heard, _)| *heard);
                heard.map_or(Fate::Done, |found| Fate::Heard(rare.heard[found].1))
            }
            _ => Fate::Done,
        };
        let places = self.agenda.iter().enumerate();
        places.map(move |(place, (time_us, fault))| (*time_us, fault, fate(place, fault)))
    }

    /// Replaces the agenda: everything that is to be done from outside. It is sorted by time here; entries of
    /// one time keep the given order. Entries that were done already must stand in front, unchanged.
    #[inline]
    pub fn set_agenda(&mut self, mut agenda: Vec<(u64, Fault<P>)>) {
        sort_by_key(&mut agenda, |(time_us, _)| (*time_us, 0));
        self.agenda = Arc::new(agenda);
    }

    /// Does something to the simulation at the next microsecond, after everything already planned
    /// for it. Returns that time.
    #[inline]
    pub fn intervene(&mut self, fault: Fault<P>) -> u64 {
        let time_us = self.now_us + 1;
        let agenda = Arc::make_mut(&mut self.agenda);
        let place = agenda.partition_point(|(planned_us, _)| *planned_us <= time_us);
        agenda.insert(place.max(self.agenda_next), (time_us, fault));
        time_us
    }

    /// Whether only periodic housekeeping remains, or nothing (K11).
    #[must_use]
    #[inline]
    pub fn ended(&self) -> bool {
        self.work == 0 && self.agenda_next == self.agenda.len()
    }

    /// Takes one step, if one is due at or before `limit_us`; false when none was.
    #[inline(always)]
    pub fn step(&mut self, limit_us: u64) -> bool {
        if self.ended() {
            return false;
        }
        let fault_us = self.agenda.get(self.agenda_next).map(|(time_us, _)| *time_us);
        // A fault goes before everything else of its microsecond.
        let before_fault_us = match fault_us {
            Some(time_us) => limit_us.min(time_us.saturating_sub(1)),
            None => limit_us,
        };
        if let Some((time_us, due)) = self.queue.pop(before_fault_us) {
            self.look_ahead();
            self.now_us = time_us;
            self.steps += 1;
            self.process(due);
            return true;
        }
        match fault_us {
            Some(time_us) if time_us <= limit_us => {
                self.now_us = self.now_us.max(time_us);
                self.steps += 1;
                self.do_next_fault();
                true
            }
            _ => false,
        }
    }

    /// Takes steps until everything due by `time_us` is done, at most `budget` of them. Virtual
    /// time is `time_us` afterwards, unless the budget or the run ended first.
    #[inline]
    pub fn run_until(&mut self, time_us: u64, budget: u64) -> Progress {
        for _ in 0..budget {
            if !self.step(time_us) {
                return self.arrive(time_us);
            }
        }
        Progress::Budget
    }

    #[inline]
    fn arrive(&mut self, time_us: u64) -> Progress {
        if self.ended() {
            return Progress::Ended;
        }
        self.now_us = self.now_us.max(time_us);
        Progress::Reached
    }

    /// Lets memory fetch what the next deliveries will need, of this instant several at a time and of
    /// the next instants: first the messages, a while later their receivers.
    #[inline(always)]
    fn look_ahead(&self) {
        if self.queue.place() == 1 && self.queue.is_large() {
            self.queue.fetch_due(2 * LOOK_AHEAD_US);
            for upcoming in self.queue.upcoming_in(LOOK_AHEAD_US) {
                self.agents.get(upcoming.agent().index()).fetch();
            }
        }
        if !self.queue.place().is_multiple_of(LOOK_AHEAD) {
            return;
        }
        for ahead in LOOK_AHEAD..2 * LOOK_AHEAD {
            self.queue.fetch(ahead + LOOK_AHEAD);
        }
        for ahead in 0..LOOK_AHEAD {
            if let Some(upcoming) = self.queue.upcoming(ahead) {
                self.agents.get(upcoming.agent().index()).fetch();
            }
        }
    }

    #[inline(always)]
    fn process(&mut self, due: Handle) {
        // By reference: moving a message about costs more than handling it.
        match &self.queue.take(due) {
            Some(Pending::Arrive(in_flight)) => {
                self.work -= u64::from(!in_flight.is_housekeeping);
                self.arrive_at(in_flight);
            }
            Some(Pending::Timer { agent, timer, set_by }) => {
                self.work -= u64::from(!P::is_housekeeping(*timer));
                self.fire(*agent, *timer, *set_by);
            }
            None => {}
        }
    }

    /// Gives an input to the agent, or to the adversary in its seat.
    #[inline(always)]
    fn handle(&mut self, agent: AgentId, event: EventId, input: Input<'_, P>) {
        self.let_act(agent, event, |seat, out| {
            if seat.corrupted {
                seat.adversary.on_input(agent, input, seat.process, out);
            } else {
                input.deliver(seat.process, out);
            }
        });
    }

    /// Lets an agent act and carries out what it wants done.
    #[inline(always)]
    fn let_act(
        &mut self,
        agent: AgentId,
        event: EventId,
        act: impl FnOnce(Seat<'_, P>, &mut Outbox<'_, P>),
    ) {
        let mut effects = std::mem::take(&mut self.effects);
        let slot = self.agents.get_mut(agent.index());
        let mut out = Outbox {
            id: agent,
            local_time: slot.clock.local(self.now_us),
            rng: &mut slot.rng,
            effects: &mut effects,
            pending: &mut self.queue,
            routes: &self.routes,
            traffic: Traffic { sent: slot.count.sent, on_links: slot.messages },
        };
        let seat = Seat {
            process: &mut slot.process,
            durable: &slot.durable,
            corrupted: slot.corrupted,
            adversary: &mut self.adversary,
        };
        act(seat, &mut out);
        self.apply(agent, event, &mut effects);
        self.effects = effects;
    }

    /// The same for what is rare: once in the program, not once per caller.
    #[inline(never)]
    fn let_act_rarely(
        &mut self,
        agent: AgentId,
        event: EventId,
        act: &mut dyn FnMut(Seat<'_, P>, &mut Outbox<'_, P>),
    ) {
        self.let_act(agent, event, act);
    }

    #[inline(never)]
    fn handle_rarely(&mut self, agent: AgentId, event: EventId, input: Input<'_, P>) {
        self.handle(agent, event, input);
    }

    /// Carries out what a handler wanted done. Once in the program, not at each caller: more of it stays in the instruction cache.
    #[inline(never)]
    fn apply(&mut self, agent: AgentId, event: EventId, effects: &mut Vec<Effect<P>>) {
        for effect in effects.drain(..) {
            match effect {
                Effect::Send(written) => self.send(agent, written, event),
                Effect::SetTimer { timer, delay_us } => {
                    self.set_timer(agent, timer, delay_us, event);
                }
                Effect::CancelTimer(timer) => self.cancel_timer(agent, timer),
                Effect::Persist(entry) => {
                    P::write(&mut self.agents.get_mut(agent.index()).durable, &entry);
                }
                Effect::Note(note) => {
                    self.record_at(agent, event, What::Note(note));
                }
                Effect::Reroute(routes) => self.reroute(agent, *routes, event),
            }
        }
    }

    /// Sets the routes that an agent asks for, with those that it did not know of.
    #[cold]
    #[inline(never)]
    fn reroute(&mut self, agent: AgentId, mut routes: Routes, event: EventId) {
        while (routes.len() as usize) < self.agents.len() {
            routes = routes.grown();
        }
        if routes.len() as usize == self.agents.len() {
            self.routes = Arc::new(routes);
            self.is_rerouted = true;
            self.record_at(agent, event, What::RoutesChanged);
        }
    }

    /// Records something that happened at an agent, by its logical clock.
    #[inline]
    fn record_at(&mut self, agent: AgentId, cause: EventId, what: What<P::Note>) -> EventId {
        let slot = self.agents.get_mut(agent.index());
        slot.lamport += 1;
        let lamport = slot.lamport;
        self.record(Event {
            id: 0,
            time_us: self.now_us,
            cause,
            lamport,
            message: NO_MESSAGE,
            agent,
            peer: AgentId::NONE,
            instance: 0,
            kind: 0,
            what,
        })
    }

    #[inline(always)]
    fn record(&mut self, mut event: Event<P::Note>) -> EventId {
        let id = self.trace.record(&mut event);
        let world = World { counters: &self.counters, agents: &self.agents };
        self.observer.on_event(&event, world);
        id
    }
}
