//! Resources (W10): agents ask a keeper for amounts of a stock, hold them for a time and give them back. Grants are leases with fencing
//! numbers (Gray & Cheriton 1989, *Leases*), so that whoever crashes gives back, and nothing is lent twice.
//!
//! - this file: the machine, which is a keeper or an agent that demands
//! - [`stock`]: resources, and the rules by which they are lent
//! - [`demand`]: what agents take, and their durable lists
//! - [`books`]: the durable books of the keeper; [`keeper`]: its machine; [`reduction`]: who waits for whom by the books
//! - [`taker`]: an agent that asks, holds, gives back, and looks for deadlocks
//! - [`message`], [`note`]: what they say, and what is told of it
//! - [`watch`]: what must hold, and the figures
//! - [`section`], [`check`], [`acts`], [`room`]: input, with settings
//! - [`shown`], [`report`], [`panel`], [`face`]: output

pub mod acts;
pub mod books;
mod check;
pub mod demand;
mod face;
pub mod keeper;
pub mod message;
pub mod note;
mod panel;
pub mod reduction;
pub mod report;
mod room;
pub mod section;
mod shown;
pub mod stock;
pub mod taker;
#[cfg(test)]
mod tests;
pub mod watch;

use std::sync::Arc;

use self::books::{Books, BooksEntry};
use self::demand::{Demand, Plans, PlansEntry};
use self::keeper::Keeper;
use self::message::{ResourcesTalk, ResourcesTimer};
use self::note::ResourcesNote;
use self::stock::ResourceId;
use self::taker::Taker;
use crate::common::consensus::note::VoteNote;
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::signal::Signal;
use crate::protocol::contract::{Header, Lies, Outlet, Protocol, Requested};
use crate::protocol::note::{Names, Thing};
use crate::sim::AgentId;

/// An agent's role.
#[derive(Clone, Debug)]
pub enum Resources {
    /// It lends the stock.
    Keeper(Box<Keeper>),
    /// It asks for what it needs.
    Taker(Box<Taker>),
}

/// The part of a role that survives a crash.
#[derive(Clone, Debug)]
pub enum ResourcesDurable {
    Books(Box<Books>),
    Plans(Box<Plans>),
}

/// One change of what survives.
#[derive(Clone, Debug)]
pub enum ResourcesEntry {
    Books(BooksEntry),
    Plans(PlansEntry),
}

/// An order of a person or the scenario.
#[derive(Clone, Debug)]
pub enum ResourcesOrder {
    /// Carry out this demand, after those that came before.
    Demand(Arc<Demand>),
    /// Give back so much.
    Release { resource: ResourceId, amount: u32 },
}

impl Requested for ResourcesOrder {
    fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Demand(_) => "demand",
            Self::Release { .. } => "release",
        })
    }

    /// The amounts: "2 gpu, 1 disk".
    fn about(&self, names: &dyn Names) -> String {
        let about = |resource: ResourceId, amount: u32| {
            let thing = Thing::new("resource", resource.into());
            format!("{amount} {}", names.thing(AgentId::NONE, thing))
        };
        match self {
            Self::Demand(demand) => {
                let takes = demand.takes.iter().map(|take| about(take.resource, take.amount));
                takes.collect::<Vec<String>>().join(", ")
            }
            Self::Release { resource, amount } => about(*resource, *amount),
        }
    }
}

impl Resources {
    #[must_use]
    pub fn keeper(&self) -> Option<&Keeper> {
        match self {
            Self::Keeper(keeper) => Some(keeper),
            Self::Taker(_) => None,
        }
    }

    #[must_use]
    pub fn taker(&self) -> Option<&Taker> {
        match self {
            Self::Keeper(_) => None,
            Self::Taker(taker) => Some(taker),
        }
    }
}

impl ResourcesDurable {
    #[must_use]
    pub fn books(&self) -> Option<&Books> {
        match self {
            Self::Books(books) => Some(books),
            Self::Plans(_) => None,
        }
    }
}

impl Protocol for Resources {
    type Message = ResourcesTalk;
    type Timer = ResourcesTimer;
    type Order = ResourcesOrder;
    type Durable = ResourcesDurable;
    type Entry = ResourcesEntry;
    type Note = ResourcesNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &ResourcesDurable) -> Self {
        match durable {
            ResourcesDurable::Books(books) => {
                Self::Keeper(Box::new(Keeper::new(books.as_ref().clone())))
            }
            ResourcesDurable::Plans(plans) => {
                Self::Taker(Box::new(Taker::new(plans.as_ref().clone())))
            }
        }
    }

    fn write(durable: &mut ResourcesDurable, entry: &ResourcesEntry) {
        match (durable, entry) {
            (ResourcesDurable::Books(books), ResourcesEntry::Books(entry)) => books.write(entry),
            (ResourcesDurable::Plans(plans), ResourcesEntry::Plans(entry)) => plans.write(entry),
            _ => {}
        }
    }

    /// The keeper expires what ran out while it was down, by its clock; an agent begins its demand anew.
    fn on_restart(&mut self, out: &mut impl Outlet<Self>) {
        match self {
            Self::Keeper(keeper) => keeper.settle(out),
            Self::Taker(taker) => taker.begin(out),
        }
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &ResourcesTalk,
        out: &mut impl Outlet<Self>,
    ) {
        match self {
            Self::Keeper(keeper) => keeper.on_message(from, header, message, out),
            Self::Taker(taker) => {
                taker.stop_in_time(out);
                taker.on_message(from, header, message, out);
            }
        }
    }

    fn on_timer(&mut self, timer: ResourcesTimer, out: &mut impl Outlet<Self>) {
        match self {
            Self::Keeper(keeper) => keeper.on_timer(timer, out),
            Self::Taker(taker) => {
                taker.stop_in_time(out);
                taker.on_timer(timer, out);
            }
        }
    }

    fn on_order(&mut self, order: &ResourcesOrder, out: &mut impl Outlet<Self>) {
        if let Self::Taker(taker) = self {
            taker.stop_in_time(out);
            taker.on_order(order, out);
        }
    }

    fn is_housekeeping(timer: ResourcesTimer) -> bool {
        use ResourcesTimer::{LeaseEnd, Look, Renew, Stop};
        matches!(timer, LeaseEnd | Look | Renew | Stop)
    }

    fn is_housekeeping_message(_: Header, message: &ResourcesTalk) -> bool {
        matches!(message, ResourcesTalk::Use { .. })
    }
}

/// Nobody lies in it.
impl Lies for Resources {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;
}
