//! The simulation: takes what is due next, hands it to an agent, and carries out its effects.
//!
//! Order is (time, phase, sequence): faults and interventions first, then deliveries, then timers;
//! observers see each event as it is recorded. Nothing is ever pushed into the present: the least
//! latency and the least delay are 1 µs.

mod delivery;
mod faults;

use std::sync::Arc;

use rand_xoshiro::Xoshiro256PlusPlus;

use super::chunks::Chunks;
use super::clock::LocalClock;
use super::counters::{AgentCount, Counters, DropCause};
use super::fault::Fault;
use super::network::{LinkModel, Network};
use super::process::{Adversary as _, AgentId, Effect, Input, Outbox, Process, Wire as _};
use super::property::{Observer, World};
use super::queue::{Handle, Queue};
use super::rng::{self, Purpose};
use super::routes::Routes;
use super::trace::{Event, EventId, NO_EVENT, NO_MESSAGE, Trace, What};

const PHASE_DELIVERY: u8 = 1;
const PHASE_TIMER: u8 = 2;

/// How many deliveries of an instant the kernel looks ahead; measured with 100 000 agents.
const LOOK_AHEAD: usize = 8;

/// Up to this many agents, messages are numbered per link; in larger swarms, whose links would
/// outgrow memory, per sender. The number decides a message's latency and loss.
const NUMBERED_LINKS_MAX: usize = 256;

/// What a simulation starts from.
#[derive(Clone, Debug)]
pub struct Config {
    pub seed: u64,
    pub link: LinkModel,
    /// Messages that wait at a paused agent; more are dropped.
    pub inbox_capacity: usize,
    /// Events the trace keeps; 0 keeps none. The hash covers all either way.
    pub trace_capacity: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { seed: 0, link: LinkModel::default(), inbox_capacity: 1_000, trace_capacity: 200_000 }
    }
}

/// One agent at the start.
#[derive(Clone, Debug)]
pub struct Setup<P: Process> {
    pub durable: P::Durable,
    pub clock: LocalClock,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Up,
    Paused,
    /// Crashed, and not restarted yet.
    Down,
    /// Gone for good.
    Removed,
}

/// A pending timer of an agent.
#[derive(Clone, Copy, Debug)]
pub struct PendingTimer<T> {
    pub timer: T,
    pub set_us: u64,
    pub due_us: u64,
    /// Fired while the agent was paused; runs when it resumes.
    pub overdue: bool,
    handle: Handle,
}

/// A message on its way over one link.
#[derive(Clone, Debug)]
pub struct InFlight<M> {
    pub id: u64,
    pub message: M,
    /// Who sent it, and for whom it is.
    pub origin: AgentId,
    pub dest: AgentId,
    /// The two ends of the link it is on.
    pub from: AgentId,
    pub to: AgentId,
    /// When it was put on this link.
    pub sent_us: u64,
    /// When it gets to the end of the link, or would, if it were not to be lost.
    pub arrives_us: u64,
    pub lost: Option<DropCause>,
    pub bytes: u32,
    sent_by: EventId,
    lamport: u64,
}

/// One agent as the kernel holds it. What every message touches comes first and lies together.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Slot<P: Process> {
    pub lamport: u64,
    pub status: Status,
    pub corrupted: bool,
    pub count: AgentCount,
    /// How many messages it has put on links in all.
    messages: u64,
    pub clock: LocalClock,
    rng: Xoshiro256PlusPlus,
    pub process: P,
    pub timers: Vec<PendingTimer<P::Timer>>,
    pub durable: P::Durable,
    /// What waits while the agent is paused.
    pub inbox: Vec<InFlight<P::Message>>,
    /// How many messages it has put on each link, in swarms small enough (see
    /// [`NUMBERED_LINKS_MAX`]).
    messages_to: Vec<(AgentId, u64)>,
}

#[derive(Clone, Debug)]
enum Pending<P: Process> {
    Arrive(InFlight<P::Message>),
    Timer { agent: AgentId, timer: P::Timer, set_by: EventId },
}

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
    /// Starts all agents at time zero. `agenda` is what will be done to them, sorted by time here;
    /// of one time in the given order.
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
        assert_eq!(routes.len() as usize, setups.len(), "one place in the network per agent");
        let mut simulation = Self {
            trace: Trace::new(config.trace_capacity),
            counters: Counters::default(),
            network: Network::new(config.seed, config.link),
            observer,
            agents: Chunks::default(),
            adversary,
            routes: Arc::new(routes),
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

    fn add_agent(&mut self, setup: Setup<P>) -> AgentId {
        let id = AgentId(self.agents.len() as u32);
        self.agents.push(Slot {
            process: P::new(id, &setup.durable),
            durable: setup.durable,
            status: Status::Up,
            corrupted: false,
            clock: setup.clock,
            timers: Vec::new(),
            inbox: Vec::new(),
            count: AgentCount::default(),
            lamport: 0,
            rng: rng::stream(self.seed, Purpose::Agent, u64::from(id.0)),
            messages: 0,
            messages_to: Vec::new(),
        });
        id
    }

    fn start(&mut self, agent: AgentId, what: What<P::Note>) {
        let event = self.record_at(agent, NO_EVENT, what);
        self.with_process(agent, event, |process, out| process.on_start(out));
    }

    /// Virtual time, in microseconds.
    #[must_use]
    pub fn now_us(&self) -> u64 {
        self.now_us
    }

    /// How many steps were taken: a delivery, a timer or a fault is one each.
    #[must_use]
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
    pub fn agent(&self, agent: AgentId) -> &Slot<P> {
        self.agents.get(agent.index())
    }

    pub fn agents(&self) -> impl Iterator<Item = &Slot<P>> {
        self.agents.iter()
    }

    #[must_use]
    pub fn adversary(&self) -> &P::Adversary {
        &self.adversary
    }

    #[must_use]
    pub fn routes(&self) -> &Routes {
        &self.routes
    }

    /// Every message on a link, in no meaningful order; those in the inbox of a paused agent are
    /// in its slot.
    pub fn in_flight(&self) -> impl Iterator<Item = &InFlight<P::Message>> {
        self.queue.iter().filter_map(|(_, _, pending)| match pending {
            Pending::Arrive(in_flight) => Some(in_flight),
            Pending::Timer { .. } => None,
        })
    }

    /// A copy that goes on exactly as this one does, and shares with it what neither has changed
    /// since.
    #[must_use]
    pub fn checkpoint(&mut self) -> Self {
        let agents = std::mem::take(&mut self.agents);
        let mut copy = self.clone();
        self.agents = agents;
        copy.agents = self.agents.share();
        copy
    }

    /// Records this simulation holds, the measure of what a checkpoint of it costs.
    #[must_use]
    pub fn records(&self) -> usize {
        self.agents.len() + self.queue.len()
    }

    /// Replaces everything that is to be done from outside. Sorted by time here, of one time in the
    /// given order. What was done already must stand in front, unchanged.
    pub fn set_agenda(&mut self, mut agenda: Vec<(u64, Fault<P>)>) {
        agenda.sort_by_key(|(time_us, _)| *time_us);
        self.agenda = Arc::new(agenda);
    }

    /// Does something to the simulation at the next microsecond, after everything already planned
    /// for it. Returns that time.
    pub fn intervene(&mut self, fault: Fault<P>) -> u64 {
        let time_us = self.now_us + 1;
        let agenda = Arc::make_mut(&mut self.agenda);
        let place = agenda.partition_point(|(planned_us, _)| *planned_us <= time_us);
        agenda.insert(place.max(self.agenda_next), (time_us, fault));
        time_us
    }

    /// Whether only periodic housekeeping remains, or nothing (K11).
    #[must_use]
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
        if let Some((time_us, pending)) = self.queue.pop(before_fault_us) {
            self.look_ahead();
            self.now_us = time_us;
            self.steps += 1;
            self.process(pending);
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
    pub fn run_until(&mut self, time_us: u64, budget: u64) -> Progress {
        for _ in 0..budget {
            if !self.step(time_us) {
                return self.arrive(time_us);
            }
        }
        Progress::Budget
    }

    fn arrive(&mut self, time_us: u64) -> Progress {
        if self.ended() {
            return Progress::Ended;
        }
        self.now_us = self.now_us.max(time_us);
        Progress::Reached
    }

    /// Touches what the next deliveries of this instant will need, several at a time, so that
    /// memory fetches them together: first the messages, a while later their receivers. Changes
    /// nothing.
    #[inline(always)]
    fn look_ahead(&self) {
        if !self.queue.place().is_multiple_of(LOOK_AHEAD) {
            return;
        }
        let mut touched = 0;
        for ahead in LOOK_AHEAD..2 * LOOK_AHEAD {
            if let Some(Pending::Arrive(in_flight)) = self.queue.upcoming(ahead + LOOK_AHEAD) {
                touched ^= in_flight.id ^ in_flight.lamport ^ u64::from(in_flight.message.kind());
            }
        }
        for ahead in 0..LOOK_AHEAD {
            if let Some(Pending::Arrive(in_flight)) = self.queue.upcoming(ahead) {
                let slot = self.agents.get(in_flight.to.index());
                touched ^= slot.lamport ^ slot.clock.offset_us as u64 ^ slot.timers.len() as u64;
            }
        }
        std::hint::black_box(touched);
    }

    #[inline(always)]
    fn process(&mut self, pending: Pending<P>) {
        // By reference: moving a message about costs more than handling it.
        match &pending {
            Pending::Arrive(in_flight) => {
                self.work -= u64::from(!in_flight.message.is_housekeeping());
                self.arrive_at(in_flight);
            }
            Pending::Timer { agent, timer, set_by } => {
                self.work -= u64::from(!P::is_housekeeping(*timer));
                self.fire(*agent, *timer, *set_by);
            }
        }
    }

    fn fire(&mut self, agent: AgentId, timer: P::Timer, set_by: EventId) {
        let slot = self.agents.get_mut(agent.index());
        let Some(place) = slot.timers.iter().position(|pending| pending.timer == timer) else {
            return;
        };
        if slot.status == Status::Paused {
            slot.timers[place].overdue = true;
            return;
        }
        slot.timers.swap_remove(place);
        let event = self.record_at(agent, set_by, What::Timer);
        self.handle(agent, event, Input::Timer(timer));
    }

    /// Gives an input to the agent, or to the adversary in its seat.
    #[inline(always)]
    fn handle(&mut self, agent: AgentId, event: EventId, input: Input<'_, P>) {
        let mut effects = std::mem::take(&mut self.effects);
        let slot = self.agents.get_mut(agent.index());
        let mut out = Outbox {
            id: agent,
            local_time_us: slot.clock.local_us(self.now_us),
            rng: &mut slot.rng,
            effects: &mut effects,
        };
        if slot.corrupted {
            self.adversary.on_input(agent, input, &mut slot.process, &mut out);
        } else {
            input.deliver(&mut slot.process, &mut out);
        }
        self.apply(agent, event, &mut effects);
        self.effects = effects;
    }

    fn with_process(
        &mut self,
        agent: AgentId,
        event: EventId,
        act: impl FnOnce(&mut P, &mut Outbox<'_, P>),
    ) {
        let mut effects = std::mem::take(&mut self.effects);
        let slot = self.agents.get_mut(agent.index());
        let mut out = Outbox {
            id: agent,
            local_time_us: slot.clock.local_us(self.now_us),
            rng: &mut slot.rng,
            effects: &mut effects,
        };
        act(&mut slot.process, &mut out);
        self.apply(agent, event, &mut effects);
        self.effects = effects;
    }

    /// Carries out what a handler wanted done.
    #[inline(always)]
    fn apply(&mut self, agent: AgentId, event: EventId, effects: &mut Vec<Effect<P>>) {
        // By reference, so that a message is copied once, onto its link, and not before.
        for effect in effects.iter() {
            match effect {
                Effect::Send { to, message } => self.send(agent, *to, message, event),
                Effect::SetTimer { timer, delay_us } => {
                    self.set_timer(agent, *timer, *delay_us, event);
                }
                Effect::CancelTimer(timer) => self.cancel_timer(agent, *timer),
                Effect::Persist(entry) => {
                    P::write(&mut self.agents.get_mut(agent.index()).durable, entry);
                }
                Effect::Note(note) => {
                    self.record_at(agent, event, What::Note(*note));
                }
            }
        }
        effects.clear();
    }

    fn set_timer(&mut self, agent: AgentId, timer: P::Timer, delay_us: u64, set_by: EventId) {
        self.cancel_timer(agent, timer);
        let delay_us = self.agents.get(agent.index()).clock.virtual_delay_us(delay_us);
        let due_us = self.now_us.saturating_add(delay_us);
        let pending = Pending::Timer { agent, timer, set_by };
        let handle = self.queue.push(due_us, PHASE_TIMER, pending);
        self.work += u64::from(!P::is_housekeeping(timer));
        let set_us = self.now_us;
        let pending = PendingTimer { timer, set_us, due_us, overdue: false, handle };
        self.agents.get_mut(agent.index()).timers.push(pending);
    }

    fn cancel_timer(&mut self, agent: AgentId, timer: P::Timer) {
        let slot = self.agents.get_mut(agent.index());
        let Some(place) = slot.timers.iter().position(|pending| pending.timer == timer) else {
            return;
        };
        let pending = slot.timers.swap_remove(place);
        self.forget_timer(&pending);
    }

    fn forget_timer(&mut self, pending: &PendingTimer<P::Timer>) {
        if self.queue.remove(pending.handle).is_some() {
            self.work -= u64::from(!P::is_housekeeping(pending.timer));
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
