//! The load that workers carry over time, watched from outside: at every instant as it is at the workers
//! themselves, not as those who award to them believe.

use super::role::Work;
use super::utilisation::{Sample, Utilisation};
use crate::protocol::watch::Sight;
use crate::sim::AgentId;

/// The load that an agent has carried so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// The time since which it carries `now`.
    since_us: u64,
    /// The units of work that it carries, and the most that it can.
    now: u32,
    capacity: u32,
    /// Units of work times microseconds, up to `since_us`.
    sum: u128,
    /// The peak of its load relative to its capacity: so many units, of so many.
    pub peak: (u32, u32),
}

impl Carried {
    /// Units of work times microseconds.
    #[must_use]
    #[inline]
    pub fn until(&self, now_us: u64) -> u128 {
        let since_us = now_us.saturating_sub(self.since_us);
        self.sum + u128::from(since_us) * u128::from(self.now)
    }

    /// In thousandths of what it can.
    fn permille(&self) -> u32 {
        let whole = u64::from(self.capacity.max(1));
        (u64::from(self.now) * 1_000 / whole).min(1_000) as u32
    }

    #[inline]
    fn set(&mut self, load: u32, capacity: u32, now_us: u64) {
        (self.sum, self.since_us, self.now) = (self.until(now_us), now_us, load);
        self.capacity = capacity;
        let (most, of) = self.peak;
        let share = |part: u32, of: u32| u64::from(part) * u64::from(of.max(1));
        if share(load, of) > share(most, capacity) || of == 0 {
            self.peak = (load, capacity.max(1));
        }
    }
}

/// By agent.
#[derive(Clone, Debug, Default)]
pub struct Loads {
    all: Vec<Carried>,
    pub utilisation: Utilisation,
    /// The agent that handles the last event, and the time: the effect of its handler is seen with the next event.
    last: Option<(AgentId, u64)>,
}

impl Loads {
    /// The agent handles an event that may change its load.
    #[inline]
    pub fn may_change(&mut self, agent: AgentId, now_us: u64) {
        self.last = Some((agent, now_us));
    }

    /// Takes in the effect of the handler before this event.
    #[inline]
    pub fn settle(&mut self, world: &impl Sight<Work>) {
        if let Some((agent, at_us)) = self.last.take() {
            self.look_at(agent, at_us, world);
        }
    }

    /// Looks at the load that the agent has since then.
    #[inline(never)]
    pub fn look_at(&mut self, agent: AgentId, since_us: u64, world: &impl Sight<Work>) {
        let Some(part) = world.agent(agent) else { return };
        let Some(worker) = part.machine.and_then(Work::worker) else { return };
        let load = if part.is_down() { 0 } else { worker.load() };
        if self.all.len() <= agent.index() {
            self.all.resize(agent.index() + 1, Carried::default());
        }
        if self.all[agent.index()].now != load {
            let Self { all, utilisation, .. } = self;
            utilisation.before_change(since_us, |at_us| sample(all, at_us));
            all[agent.index()].set(load, worker.abilities.capacity, since_us);
            utilisation.after_change(since_us, |at_us| sample(all, at_us));
        }
    }

    /// The state now.
    #[must_use]
    pub fn sample(&self, now_us: u64) -> Sample {
        sample(&self.all, now_us)
    }

    #[must_use]
    #[inline]
    pub fn of(&self, agent: AgentId) -> Carried {
        self.all.get(agent.index()).copied().unwrap_or_default()
    }
}

/// Of those that have carried anything.
fn sample(all: &[Carried], at_us: u64) -> Sample {
    let known = all.iter().filter(|it| it.capacity > 0);
    Sample::of(at_us, known.map(Carried::permille))
}
