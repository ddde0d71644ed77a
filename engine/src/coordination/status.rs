//! Who belongs to the swarm and how it stands, as the coordinator knows it (A4): agents register, leave, and
//! ask.

use serde::Serialize;

use super::agent::Member;
use super::bus::{Body, Message, Registration};
use super::consensus::proposal::ProposalId;
use super::coordinator::Coordinator;
use super::note::Note;
use super::port::Port;
use super::work::board::Board;
use super::work::job::Phase;
use crate::coordination::membership::MembershipNote;
use crate::sim::AgentId;

/// What an agent is told to ask of the coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// To take part from now on,
    Register,
    /// or no longer.
    Unregister,
    /// How an agent stands, or the swarm when none is named.
    Status(Option<AgentId>),
}

/// What the coordinator answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    Swarm(SwarmStatus),
    Agent(AgentStatus),
}

/// The swarm as the coordinator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SwarmStatus {
    pub registered: Vec<AgentId>,
    pub open_proposals: Vec<ProposalId>,
    /// The tasks that have not ended, and those that have.
    pub open_tasks: u32,
    pub ended_tasks: u32,
}

/// An agent as the coordinator knows it (A1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AgentStatus {
    pub agent: AgentId,
    pub registered: bool,
    /// Its weight in votes, in thousandths; 0 of one that is not registered.
    pub weight_milli: u64,
    /// 0 to 150.
    pub reputation: u32,
    /// What of its work was done, and what failed.
    pub done: u32,
    pub failed: u32,
}

impl Coordinator {
    /// How the agent stands, or the swarm when none is named.
    #[must_use]
    pub fn status(&self, about: Option<AgentId>, board: Option<&Board>) -> Status {
        let roster = &self.state.roster;
        if let Some(agent) = about {
            let registration = roster.get(&agent);
            let (done, failed) = board.map_or((0, 0), |board| board.outcomes_of(agent));
            return Status::Agent(AgentStatus {
                agent,
                registered: registration.is_some(),
                weight_milli: registration.map_or(0, |it| it.weight_milli),
                reputation: match (board, registration) {
                    (Some(board), _) => board.standings.of(agent),
                    (None, Some(known)) => known.reputation,
                    (None, None) => 0,
                },
                done,
                failed,
            });
        }
        let polls = (0..).zip(self.state.manager.polls());
        let open = polls.filter(|(_, poll)| poll.closed_us.is_none());
        let jobs = board.map_or(&[][..], |board| &board.jobs);
        let ended = jobs.iter().filter(|job| job.phase == Phase::Ended).count();
        Status::Swarm(SwarmStatus {
            registered: roster.keys().copied().collect(),
            open_proposals: open.map(|(id, _)| id).collect(),
            open_tasks: (jobs.len() - ended) as u32,
            ended_tasks: ended as u32,
        })
    }
}

impl Member {
    /// It asks the coordinator.
    pub fn on_ask(&mut self, ask: Ask, out: &mut Port<'_, '_>) {
        out.note(MembershipNote::Asks(ask));
        let body = match ask {
            Ask::Register => return self.register(self.manager, out),
            Ask::Unregister => {
                for to in [Some(self.profile.coordinator), self.manager].into_iter().flatten() {
                    out.send(to, Message::about(0, Body::Unregister));
                }
                return;
            }
            Ask::Status(about) => Body::StatusQuery(about),
        };
        self.asked += 1;
        let correlation = self.asked;
        out.send(self.profile.coordinator, Message { correlation, ..Message::about(0, body) });
    }

    /// As a newcomer: the coordinator knows it from now on, and so does its manager.
    pub fn join(&self, out: &mut Port<'_, '_>) {
        self.register(self.manager.filter(|_| self.is_new_to_manager), out);
    }

    fn register(&self, manager: Option<AgentId>, out: &mut Port<'_, '_>) {
        let registration = std::sync::Arc::new(Registration {
            weight_milli: self.profile.weight_milli,
            domains: self.profile.domains.clone(),
            reputation: self.profile.reputation.0,
        });
        for to in [Some(self.profile.coordinator), manager].into_iter().flatten() {
            out.send(to, Message::about(0, Body::Register(registration.clone())));
        }
    }

    /// An answer; one to an older question says nothing new.
    pub fn on_status(&self, correlation: u32, status: &Status, out: &mut Port<'_, '_>) {
        if correlation != self.asked {
            return;
        }
        let short = |number: usize| number.min(usize::from(u16::MAX)) as u16;
        out.note(match status {
            Status::Swarm(swarm) => Note::Membership(MembershipNote::SwarmStatus {
                registered: short(swarm.registered.len()),
                proposals: short(swarm.open_proposals.len()),
                tasks: short(swarm.open_tasks as usize),
            }),
            Status::Agent(it) => Note::Membership(MembershipNote::AgentStatus {
                agent: it.agent,
                registered: it.registered,
                reputation: it.reputation.min(u32::from(u8::MAX)) as u8,
                done: short(it.done as usize),
                failed: short(it.failed as usize),
            }),
        });
    }
}
