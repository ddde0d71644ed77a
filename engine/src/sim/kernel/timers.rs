//! Timers: set, cancelled, due.

use super::{
    AgentId, EventId, Input, Observer, PHASE_TIMER, Pending, PendingTimer, Process, Simulation,
    Status, What,
};

impl<P: Process, O: Observer<P>> Simulation<P, O> {
    #[inline]
    pub(super) fn fire(&mut self, agent: AgentId, timer: P::Timer, set_by: EventId) {
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
        self.handle_rarely(agent, event, Input::Timer(timer));
    }

    #[inline]
    pub(super) fn set_timer(
        &mut self,
        agent: AgentId,
        timer: P::Timer,
        delay_us: u64,
        set_by: EventId,
    ) {
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

    #[inline]
    pub(super) fn cancel_timer(&mut self, agent: AgentId, timer: P::Timer) {
        let slot = self.agents.get_mut(agent.index());
        let Some(place) = slot.timers.iter().position(|pending| pending.timer == timer) else {
            return;
        };
        let pending = slot.timers.swap_remove(place);
        self.forget_timer(&pending);
    }

    #[inline]
    pub(super) fn forget_timer(&mut self, pending: &PendingTimer<P::Timer>) {
        if self.queue.remove(pending.handle).is_some() {
            self.work -= u64::from(!P::is_housekeeping(pending.timer));
        }
    }
}
