//! The way of a message: sent, passed on from link to link, delivered or dropped; and the books.

use super::{
    AgentId, DropCause, Event, EventId, InFlight, Input, Observer, PHASE_DELIVERY, Pending,
    Process, Simulation, Status, What,
};
use crate::sim::network::Fate;
use crate::sim::process::Wire as _;
use crate::sim::queue::Handle;

/// The stamp that the kernel puts on a message when an agent sends it or passes it on.
#[derive(Clone, Copy)]
struct Stamp {
    id: u64,
    sent_by: EventId,
    lamport: u64,
}

impl<P: Process, O: Observer<P>> Simulation<P, O> {
    /// Sends a message that lies written among what is pending.
    #[inline(always)]
    pub(super) fn send(&mut self, from: AgentId, written: Handle, cause: EventId) {
        let Some(Pending::Arrive(in_flight)) = self.queue.get_mut(written) else { return };
        let (kind, instance) = (in_flight.message.kind(), in_flight.message.instance());
        let (to, bytes) = (in_flight.dest, in_flight.message.encoded_len());
        in_flight.bytes = bytes;
        in_flight.kind = kind;
        in_flight.is_housekeeping = in_flight.message.is_housekeeping();
        let id = self.next_message;
        self.next_message += 1;
        let slot = self.agents.get_mut(from.index());
        slot.lamport += 1;
        slot.count.sent += 1;
        slot.count.bytes_sent += u64::from(bytes);
        let lamport = slot.lamport;
        self.counters.end_to_end.sent += 1;
        self.counters.end_to_end.in_flight += 1;
        self.counters.end_to_end.bytes += u64::from(bytes);
        let by_kind = &mut self.counters.by_kind[usize::from(kind)];
        by_kind.sent += 1;
        by_kind.bytes += u64::from(bytes);
        let sent_by = self.record(Event {
            id: 0,
            time_us: self.now_us,
            cause,
            lamport,
            message: id,
            agent: from,
            peer: to,
            instance,
            kind,
            what: What::Sent { bytes },
        });
        self.put_on_link(written, from, to, bytes, Stamp { id, sent_by, lamport });
    }

    /// Puts a message that has come as far as `at` on its next link.
    #[inline(always)]
    fn put_on_link(
        &mut self,
        written: Handle,
        at: AgentId,
        dest: AgentId,
        bytes: u32,
        stamp: Stamp,
    ) {
        // A message to oneself takes a microsecond and no link.
        let next = if at == dest { Some(at) } else { self.routes.next_hop(at, dest) };
        let (now_us, link) = (self.now_us, (at, next.unwrap_or(at)));
        let mut fate = Fate { due_us: now_us + 1, lost: None, copy_due_us: None };
        if let Some(next) = next {
            let number = self.next_number(at, next);
            if next != at {
                fate = self.network.fate(link, number, bytes, now_us);
            }
        }
        let Some(Pending::Arrive(in_flight)) = self.queue.get_mut(written) else { return };
        in_flight.id = stamp.id;
        in_flight.sent_by = stamp.sent_by;
        in_flight.lamport = stamp.lamport;
        (in_flight.from, in_flight.to) = link;
        in_flight.sent_us = now_us;
        in_flight.arrives_us = match fate.lost {
            // A lost message disappears half-way; it is drawn as if it went all the way.
            Some(_) => now_us + 2 * (fate.due_us - now_us),
            None => fate.due_us,
        };
        in_flight.lost = fate.lost;
        if next.is_none() {
            return self.drop_without_route(written);
        }
        self.work += u64::from(!in_flight.is_housekeeping);
        self.counters.hops.sent += 1;
        self.counters.hops.in_flight += 1;
        self.counters.hops.bytes += u64::from(bytes);
        if let Some(due_us) = fate.copy_due_us {
            self.duplicate_written(written, due_us);
        }
        self.queue.schedule(written, fate.due_us, PHASE_DELIVERY);
    }

    #[cold]
    #[inline(never)]
    fn drop_without_route(&mut self, written: Handle) {
        if let Some(Pending::Arrive(in_flight)) = self.queue.take(written) {
            self.drop_end_to_end(&in_flight, DropCause::NoRoute, 0);
        }
    }

    #[cold]
    #[inline(never)]
    fn duplicate_written(&mut self, written: Handle, due_us: u64) {
        if let Some(Pending::Arrive(in_flight)) = self.queue.get_mut(written) {
            let copy = in_flight.clone();
            self.duplicate(copy, due_us);
        }
    }

    /// Lets a second copy of the message arrive at `due_us`.
    #[inline]
    pub(super) fn duplicate(&mut self, mut copy: InFlight<P::Message>, due_us: u64) {
        let original = copy.id;
        copy.id = self.next_message;
        self.next_message += 1;
        copy.lost = None;
        copy.arrives_us = due_us;
        let kind = copy.kind;
        self.counters.end_to_end.duplicated += 1;
        self.counters.end_to_end.in_flight += 1;
        self.counters.hops.duplicated += 1;
        self.counters.hops.in_flight += 1;
        self.counters.by_kind[usize::from(kind)].duplicated += 1;
        let what = What::Duplicated { copy: copy.id };
        let mut event = self.message_event(&copy, copy.sent_by, what);
        event.message = original;
        self.record(event);
        self.work += u64::from(!copy.is_housekeeping);
        self.queue.push(due_us, PHASE_DELIVERY, Pending::Arrive(copy));
    }

    #[inline(always)]
    fn next_number(&mut self, from: AgentId, to: AgentId) -> u64 {
        let slot = self.agents.get_mut(from.index());
        slot.messages += 1;
        if !self.numbers_per_link {
            return slot.messages;
        }
        let place = slot.messages_to.binary_search_by_key(&to, |(to, _)| *to);
        let place = place.unwrap_or_else(|place| {
            slot.messages_to.insert(place, (to, 0));
            place
        });
        slot.messages_to[place].1 += 1;
        slot.messages_to[place].1
    }

    /// A message has come to the end of its link, or to where it is lost.
    #[inline(always)]
    pub(super) fn arrive_at(&mut self, in_flight: &InFlight<P::Message>) {
        let status = self.agents.get(in_flight.to.index()).status;
        match (in_flight.lost, status) {
            (Some(cause), _) => self.drop_message(in_flight, cause),
            (None, Status::Up) if in_flight.to == in_flight.dest => self.deliver(in_flight),
            (None, Status::Up) => self.forward(in_flight),
            (None, status) => self.arrive_at_absent(in_flight, status),
        }
    }

    /// A message has come to an agent that is not up.
    #[cold]
    #[inline(never)]
    fn arrive_at_absent(&mut self, in_flight: &InFlight<P::Message>, status: Status) {
        let slot = self.agents.get_mut(in_flight.to.index());
        let cause = match (status, in_flight.to == in_flight.dest) {
            (Status::Paused, _) if slot.inbox().len() < self.inbox_capacity => {
                return slot.rare_mut().inbox.push(in_flight.clone());
            }
            (Status::Paused, _) => DropCause::InboxFull,
            (Status::Removed, true) => DropCause::ReceiverRemoved,
            (_, true) => DropCause::ReceiverDown,
            (_, false) => DropCause::ForwarderDown,
        };
        self.drop_message(in_flight, cause);
    }

    #[inline(always)]
    fn deliver(&mut self, in_flight: &InFlight<P::Message>) {
        let kind = in_flight.kind;
        self.counters.hops.delivered += 1;
        self.counters.hops.in_flight -= 1;
        self.counters.end_to_end.delivered += 1;
        self.counters.end_to_end.in_flight -= 1;
        self.counters.by_kind[usize::from(kind)].delivered += 1;
        self.agents.get_mut(in_flight.dest.index()).count.received += 1;
        let (event, _) = self.record_arrival(in_flight, in_flight.origin, What::Delivered);
        let input = Input::Message { from: in_flight.origin, message: &in_flight.message };
        self.handle(in_flight.dest, event, input);
    }

    #[inline(never)]
    fn forward(&mut self, in_flight: &InFlight<P::Message>) {
        self.counters.hops.delivered += 1;
        self.counters.hops.in_flight -= 1;
        let at = in_flight.to;
        let (sent_by, lamport) = self.record_arrival(in_flight, in_flight.dest, What::Forwarded);
        let InFlight { id, dest, bytes, .. } = *in_flight;
        let written = self.queue.keep(Pending::Arrive(in_flight.clone()));
        self.put_on_link(written, at, dest, bytes, Stamp { id, sent_by, lamport });
    }

    /// Records that a message came to the end of its link; gives the event and its logical time,
    /// which is after that of the sending (Lamport's rule).
    #[inline(always)]
    fn record_arrival(
        &mut self,
        in_flight: &InFlight<P::Message>,
        peer: AgentId,
        what: What<P::Note>,
    ) -> (EventId, u64) {
        let agent = in_flight.to;
        let slot = self.agents.get_mut(agent.index());
        slot.lamport = slot.lamport.max(in_flight.lamport) + 1;
        let lamport = slot.lamport;
        let arrival = self.message_event(in_flight, in_flight.sent_by, what);
        (self.record(Event { lamport, agent, peer, ..arrival }), lamport)
    }

    /// A message is lost on its link, or at the end of it.
    #[inline(never)]
    pub(super) fn drop_message(&mut self, in_flight: &InFlight<P::Message>, cause: DropCause) {
        self.counters.hops.dropped += 1;
        self.counters.hops.in_flight -= 1;
        let whole_us = (in_flight.arrives_us - in_flight.sent_us).max(1);
        let done_us = self.now_us.saturating_sub(in_flight.sent_us).min(whole_us);
        let permille = u128::from(done_us) * 1_000 / u128::from(whole_us);
        self.drop_end_to_end(in_flight, cause, u16::try_from(permille).unwrap_or(1_000));
    }

    #[inline]
    fn drop_end_to_end(
        &mut self,
        in_flight: &InFlight<P::Message>,
        cause: DropCause,
        progress_permille: u16,
    ) {
        self.counters.end_to_end.dropped += 1;
        self.counters.end_to_end.in_flight -= 1;
        self.counters.dropped_by[cause as usize] += 1;
        self.counters.by_kind[usize::from(in_flight.kind)].dropped += 1;
        if in_flight.dest.index() < self.agents.len() {
            self.agents.get_mut(in_flight.dest.index()).count.dropped += 1;
        }
        let (from, to) = (in_flight.from, in_flight.to);
        let what = What::Dropped { cause, from, to, progress_permille };
        let event = self.message_event(in_flight, in_flight.sent_by, what);
        self.record(event);
    }

    /// An event that happens to a message on its way, at no agent.
    #[inline]
    pub(super) fn message_event(
        &self,
        in_flight: &InFlight<P::Message>,
        cause: EventId,
        what: What<P::Note>,
    ) -> Event<P::Note> {
        Event {
            id: 0,
            time_us: self.now_us,
            cause,
            lamport: in_flight.lamport,
            message: in_flight.id,
            agent: in_flight.origin,
            peer: in_flight.dest,
            instance: in_flight.message.instance(),
            kind: in_flight.kind,
            what,
        }
    }
}
