//! An agent that demands: it takes one thing after the other, holds them together, and gives them back.

mod asking;
mod holding;
mod probing;

use super::demand::{Give, Hold, Plans, PlansEntry, Take};
use super::message::{ResourcesTalk, ResourcesTimer, Ticket};
use super::note::{GiveUp, ResourcesNote};
use super::stock::{ResourceId, Rules};
use super::{Resources, ResourcesEntry, ResourcesOrder};
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet};
use crate::sim::{AgentId, LocalTime};

/// A demand that was begun so often is given up.
pub const BEGINNINGS_MAX: u8 = 10;
/// A message without an answer is repeated so often.
pub const TRIES_MAX: u8 = 20;

/// The agent. Only its [`Plans`] survive a crash: after one it holds nothing.
#[derive(Clone, Debug)]
pub struct Taker {
    pub plans: Plans,
    /// The demand that is under way, unless the agent pauses before it begins anew.
    pub course: Option<Course>,
    /// The last attempt to ask or to renew, from 1.
    attempts: u32,
    /// Returns that are not answered yet.
    returns: Vec<Return>,
    /// The last probe of each initiator that was passed on: its ticket and attempt.
    passed: Map<AgentId, (Ticket, u32)>,
    is_renewing: bool,
}

/// A demand while it is carried out.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// The place of its first request among all that the keeper has heard of: the higher, the younger it is.
    pub order: Option<u32>,
    pub got: Vec<Got>,
    pub ask: Option<Ask>,
    /// How many of its takes were granted.
    pub taken: usize,
    /// Whether it has everything.
    pub has_all: bool,
}

/// Something that was granted. The agent may use it until its time, by its own clock.
#[derive(Clone, Debug)]
pub struct Got {
    pub ticket: Ticket,
    pub resource: ResourceId,
    pub amount: u32,
    pub number: u32,
    pub until_us: LocalTime,
    /// When the attempts were sent that are not answered yet.
    sent: Map<u32, LocalTime>,
    /// How many parts were given back.
    returns: u32,
}

/// A request that was not granted yet.
#[derive(Clone, Debug)]
pub struct Ask {
    pub ticket: Ticket,
    pub take: Take,
    pub since_us: LocalTime,
    /// Whether the keeper has answered.
    pub is_heard: bool,
    /// Whether it is known to wait for itself.
    pub is_deadlocked: bool,
    /// The holder of what it waits for, where that has one unit.
    pub holder: Option<AgentId>,
    sent: Map<u32, LocalTime>,
    tries: u8,
}

/// A part that was given back, or all of a request.
#[derive(Clone, Copy, Debug)]
struct Return {
    ticket: Ticket,
    nth: u32,
    /// All of it, where there is none.
    amount: Option<u32>,
    tries: u8,
}

impl Taker {
    #[must_use]
    pub fn new(plans: Plans) -> Self {
        Self {
            plans,
            course: None,
            attempts: 0,
            returns: Vec::new(),
            passed: Map::new(),
            is_renewing: false,
        }
    }

    fn rules(&self) -> &Rules {
        &self.plans.rules
    }

    fn put(&mut self, entry: PlansEntry, out: &mut impl Outlet<Resources>) {
        self.plans.write(&entry);
        out.persist(ResourcesEntry::Plans(entry));
    }

    /// The amount of a resource that it holds.
    #[must_use]
    pub fn held(&self, resource: ResourceId) -> u32 {
        let got = self.course.iter().flat_map(|course| &course.got);
        got.filter(|got| got.resource == resource).map(|got| got.amount).sum()
    }

    /// Begins the first of its demands, if it does nothing else.
    pub fn begin(&mut self, out: &mut impl Outlet<Resources>) {
        if self.course.is_some() {
            return;
        }
        match self.plans.current().map(|open| open.beginnings) {
            None => {}
            Some(BEGINNINGS_MAX..) => self.give_up(GiveUp::TooOften, out),
            Some(_) => {
                self.put(PlansEntry::Begun, out);
                self.course = Some(Course::default());
                self.advance(out);
            }
        }
    }

    /// Goes on with the next thing that the demand takes, or holds everything.
    fn advance(&mut self, out: &mut impl Outlet<Resources>) {
        let (Some(course), Some(open)) = (&mut self.course, self.plans.current()) else { return };
        if let Some(take) = open.demand.takes.get(course.taken).copied() {
            return match take.after_us {
                0 => self.ask(take, out),
                after_us => out.set_timer(ResourcesTimer::Next, after_us),
            };
        }
        let (number, demand) = (open.number, open.demand.clone());
        if !core::mem::replace(&mut course.has_all, true) {
            out.note(ResourcesNote::HasAll { demand: number });
        }
        if let Hold::For(hold_us) = demand.hold {
            out.set_timer(ResourcesTimer::Hold, hold_us);
            for (step, give) in (0..).zip(&demand.gives) {
                out.set_timer(ResourcesTimer::Give { step }, give.after_us);
            }
        }
    }

    /// The demand is over: everything is given back, and the next begins.
    fn finish(&mut self, note: ResourcesNote, out: &mut impl Outlet<Resources>) {
        self.leave(out);
        self.put(PlansEntry::Ended, out);
        out.note(note);
        self.begin(out);
    }

    fn end(&mut self, out: &mut impl Outlet<Resources>) {
        let current = self.plans.current().filter(|_| self.course.is_some());
        if let Some(demand) = current.map(|open| open.number) {
            self.finish(ResourcesNote::DemandEnded { demand }, out);
        }
    }

    fn give_up(&mut self, reason: GiveUp, out: &mut impl Outlet<Resources>) {
        if let Some(demand) = self.plans.current().map(|open| open.number) {
            self.finish(ResourcesNote::GaveUp { demand, reason }, out);
        }
    }

    /// Gives everything back, and begins the demand anew after a random pause.
    fn begin_anew(&mut self, out: &mut impl Outlet<Resources>) {
        self.leave(out);
        let again_us = self.rules().again_us();
        let pause_us = out.random_between(again_us, 4 * again_us);
        out.set_timer(ResourcesTimer::Rest, pause_us);
    }

    /// Another demand, or one more thing that a person wants of the last.
    pub fn on_order(&mut self, order: &ResourcesOrder, out: &mut impl Outlet<Resources>) {
        match order {
            ResourcesOrder::Demand(demand) => {
                let last = self.plans.open.last();
                let added = match demand.takes[..] {
                    [take] => {
                        last.filter(|it| it.demand.has_room_for(take, self.rules())).map(|_| take)
                    }
                    _ => None,
                };
                match added.filter(|_| demand.hold == Hold::UntilReleased) {
                    Some(take) => self.add(take, out),
                    None => {
                        out.note(ResourcesNote::DemandCame { demand: self.plans.came });
                        self.put(PlansEntry::Came(demand.clone()), out);
                        let rests = self.plans.open.len() > 1;
                        if !rests {
                            self.begin(out);
                        }
                    }
                }
            }
            ResourcesOrder::Release { resource, amount } => self.release(*resource, *amount, out),
        }
    }

    /// The demand that is open last takes this too.
    fn add(&mut self, take: Take, out: &mut impl Outlet<Resources>) {
        let is_current = self.plans.open.len() == 1;
        self.put(PlansEntry::Added(take), out);
        if let Some(course) = self.course.as_mut().filter(|_| is_current)
            && core::mem::replace(&mut course.has_all, false)
        {
            self.advance(out);
        }
    }

    pub fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &ResourcesTalk,
        out: &mut impl Outlet<Resources>,
    ) {
        let ticket = header.instance;
        if let ResourcesTalk::Probe { initiator, order, resource } = *message {
            return self.on_probe(from, header, (initiator, order, resource), out);
        }
        if from != self.rules().keeper {
            return out.refuse(from);
        }
        match *message {
            ResourcesTalk::Queued { order, holder } => self.on_queued(header, order, holder, out),
            ResourcesTalk::Granted { order, number } => self.on_granted(header, order, number, out),
            ResourcesTalk::Renewed => {
                self.prolong(ticket, header.correlation, out);
            }
            ResourcesTalk::Returned => self.on_returned(ticket, header.correlation, out),
            ResourcesTalk::NotReturned { held } => self.on_not_returned(header, held, out),
            ResourcesTalk::Over => self.on_over(ticket, out),
            ResourcesTalk::GiveWay { run } => {
                let waits = self.course.as_ref().is_some_and(|it| it.ask.is_some());
                if waits && run == self.plans.runs {
                    self.give_way(out);
                }
            }
            _ => out.refuse(from),
        }
    }

    pub fn on_timer(&mut self, timer: ResourcesTimer, out: &mut impl Outlet<Resources>) {
        match timer {
            ResourcesTimer::Again => self.ask_again(out),
            ResourcesTimer::Renew => self.renew(out),
            ResourcesTimer::Next => {
                let taken = self.course.as_ref().map(|course| course.taken);
                let take = self.plans.current().zip(taken);
                if let Some(take) = take.and_then(|(it, taken)| it.demand.takes.get(taken)).copied()
                {
                    self.ask(take, out);
                }
            }
            ResourcesTimer::Give { step } => {
                let open = self.plans.current();
                let give = open.and_then(|open| open.demand.gives.get(usize::from(step)));
                if let Some(Give { resource, amount, .. }) = give.copied() {
                    self.give_part(resource, amount, out);
                }
            }
            ResourcesTimer::Hold => self.end(out),
            ResourcesTimer::Rest => self.begin(out),
            ResourcesTimer::Return { ticket, nth } => self.return_again(ticket, nth, out),
            // It has stopped already, before the timer is handled.
            ResourcesTimer::Stop | ResourcesTimer::LeaseEnd | ResourcesTimer::Look => {}
        }
    }
}
