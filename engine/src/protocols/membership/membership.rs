//! Membership (A1, A4): who takes part in the swarm, and how it stands. Agents register with the coordinator, and
//! with the manager they stand below; they leave, and ask.
//!
//! - [`message`]: what is said
//! - [`note`]: what is noted
//! - [`registry`]: what the coordinator keeps
//! - [`acts`]: what a scenario and a person ask; `shown`: all that comes out

pub mod acts;
pub mod message;
pub mod note;
pub mod registry;
mod shown;

use std::sync::Arc;

use self::message::{Ask, MembershipMessage, MembershipStatus};
use self::note::MembershipNote;
use self::registry::Registry;
use crate::common::consensus::note::VoteNote;
use crate::common::lie::{Lie, Seat, Seats};
use crate::common::profile::Profile;
use crate::common::registration::Registration;
use crate::common::sighting::Sighting;
use crate::common::signal::Signal;
use crate::protocol::contract::{Header, Lies, Outlet, Protocol};
use crate::protocol::watch::Watched;
use crate::sim::AgentId;

/// An agent's part.
#[derive(Clone, Debug)]
pub enum Membership {
    Member(Member),
    /// It keeps the roster.
    Registry(Box<Registry>),
}

/// An agent that may take part.
#[derive(Clone, Debug)]
pub struct Member {
    pub profile: Arc<Profile>,
    /// Whether the registry has it.
    pub registered: bool,
    /// The manager it stands below, if there is one: it is told as well who comes and who leaves.
    pub manager: Option<AgentId>,
    /// Whether that manager does not know it yet.
    pub is_new_to_manager: bool,
    /// Whether it has workers of its own, which register with it.
    pub is_manager: bool,
    /// How many questions it has put to the registry.
    asked: u32,
}

/// The durable state, which survives a crash.
#[derive(Clone, Debug)]
pub enum MembershipDurable {
    Member(Member),
    Registry(Box<Registry>),
}

/// One change of what the registry keeps.
#[derive(Clone, Debug)]
pub enum MembershipEntry {
    Registered {
        agent: AgentId,
        registration: Arc<Registration>,
    },
    Unregistered {
        agent: AgentId,
    },
    /// Something of a proposal or a task.
    Heard(Signal),
}

impl Member {
    /// One that stands below this manager, if below any.
    #[must_use]
    pub fn new(profile: Arc<Profile>, manager: Option<AgentId>) -> Self {
        let registered = profile.registered;
        let (is_new_to_manager, is_manager) = (false, false);
        Self { profile, registered, manager, is_new_to_manager, is_manager, asked: 0 }
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &MembershipMessage,
        out: &mut impl Outlet<Membership>,
    ) {
        match message {
            MembershipMessage::Register(registration) if self.is_manager => {
                out.raise(Signal::Joined { agent: from, registration: registration.clone() });
            }
            MembershipMessage::Unregister if self.is_manager => {
                out.raise(Signal::Left { agent: from });
            }
            MembershipMessage::Registered if Some(from) == self.profile.registry => {
                self.registered = true;
            }
            MembershipMessage::StatusReply(status) if Some(from) == self.profile.registry => {
                // An answer to an older question says nothing new.
                if header.correlation == self.asked {
                    out.note(told(status));
                }
            }
            _ => out.refuse(from),
        }
    }

    /// As a newcomer: the registry has it from now on, and so has its manager.
    fn join(&self, out: &mut impl Outlet<Membership>) {
        self.register(self.manager.filter(|_| self.is_new_to_manager), out);
    }

    fn register(&self, manager: Option<AgentId>, out: &mut impl Outlet<Membership>) {
        let registration = Arc::new(Registration::of(&self.profile));
        for to in [self.profile.registry, manager].into_iter().flatten() {
            let register = MembershipMessage::Register(registration.clone());
            out.send(to, Header::default(), register);
        }
    }

    /// The registry is asked.
    fn ask(&mut self, ask: Ask, out: &mut impl Outlet<Membership>) {
        out.note(MembershipNote::Asks(ask));
        match ask {
            Ask::Register => self.register(self.manager, out),
            Ask::Unregister => {
                for to in [self.profile.registry, self.manager].into_iter().flatten() {
                    out.send(to, Header::default(), MembershipMessage::Unregister);
                }
            }
            Ask::Status(about) => {
                self.asked += 1;
                let header = Header { instance: 0, correlation: self.asked };
                let query = MembershipMessage::StatusQuery(about);
                if let Some(registry) = self.profile.registry {
                    out.send(registry, header, query);
                }
            }
        }
    }
}

fn told(status: &MembershipStatus) -> MembershipNote {
    let short = |number: usize| number.min(usize::from(u16::MAX)) as u16;
    match status {
        MembershipStatus::Swarm(swarm) => MembershipNote::SwarmStatus {
            registered: short(swarm.registered.len()),
            proposals: short(swarm.open_proposals.len()),
            tasks: short(swarm.open_tasks as usize),
        },
        MembershipStatus::Agent(it) => MembershipNote::AgentStatus {
            agent: it.agent,
            registered: it.registered,
            reputation: it.reputation.min(u32::from(u8::MAX)) as u8,
            done: short(it.done as usize),
            failed: short(it.failed as usize),
        },
    }
}

impl Registry {
    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &MembershipMessage,
        out: &mut impl Outlet<Membership>,
    ) {
        match message {
            MembershipMessage::Register(registration) => {
                let (agent, registration) = (from, registration.clone());
                self.put(
                    MembershipEntry::Registered { agent, registration: registration.clone() },
                    out,
                );
                out.note(MembershipNote::Registered { agent });
                out.send(from, header, MembershipMessage::Registered);
                out.raise(Signal::Joined { agent, registration });
            }
            MembershipMessage::Unregister => {
                self.unregister(from, out);
                out.raise(Signal::Left { agent: from });
            }
            MembershipMessage::StatusQuery(about) => {
                let status = Arc::new(self.status(*about));
                out.send(from, header, MembershipMessage::StatusReply(status));
            }
            MembershipMessage::Registered | MembershipMessage::StatusReply(_) => out.refuse(from),
        }
    }

    fn unregister(&mut self, agent: AgentId, out: &mut impl Outlet<Membership>) {
        self.put(MembershipEntry::Unregistered { agent }, out);
        out.note(MembershipNote::Unregistered { agent });
    }

    fn put(&mut self, entry: MembershipEntry, out: &mut impl Outlet<Membership>) {
        self.write(&entry);
        out.persist(entry);
    }
}

impl Watched for Membership {
    type Setup = ();
    /// A roster has no properties: it is as it was asked to be.
    type Watch = ();
    type Sighting = Sighting;
}

impl Protocol for Membership {
    type Message = MembershipMessage;
    /// It waits for nothing.
    type Timer = core::convert::Infallible;
    type Order = Ask;
    type Durable = MembershipDurable;
    type Entry = MembershipEntry;
    type Note = MembershipNote;
    type SharedNote = VoteNote;
    type Signal = Signal;

    fn new(_: AgentId, durable: &MembershipDurable) -> Self {
        match durable {
            MembershipDurable::Member(member) => Self::Member(member.clone()),
            MembershipDurable::Registry(registry) => Self::Registry(registry.clone()),
        }
    }

    fn write(durable: &mut MembershipDurable, entry: &MembershipEntry) {
        if let MembershipDurable::Registry(registry) = durable {
            registry.write(entry);
        }
    }

    fn on_start(&mut self, out: &mut impl Outlet<Self>) {
        if let Self::Member(member) = self
            && !member.profile.registered
        {
            member.join(out);
        }
    }

    fn on_message(
        &mut self,
        from: AgentId,
        header: Header,
        message: &MembershipMessage,
        out: &mut impl Outlet<Self>,
    ) {
        match self {
            Self::Member(member) => member.on_message(from, header, message, out),
            Self::Registry(registry) => registry.on_message(from, header, message, out),
        }
    }

    fn on_timer(&mut self, timer: Self::Timer, _: &mut impl Outlet<Self>) {
        match timer {}
    }

    fn on_order(&mut self, ask: &Ask, out: &mut impl Outlet<Self>) {
        if let Self::Member(member) = self {
            member.ask(*ask, out);
        }
    }

    fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Self>) {
        let Self::Registry(registry) = self else { return };
        match signal {
            // Another protocol does not want it any more.
            Signal::Left { agent } if registry.roster.contains_key(agent) => {
                registry.unregister(*agent, out);
            }
            signal if Registry::concerns(signal) => {
                registry.put(MembershipEntry::Heard(signal.clone()), out);
            }
            _ => {}
        }
    }
}

impl Lies for Membership {
    type Seat = Seat;
    type Seats = Seats;
    type Lie = Lie;
}
