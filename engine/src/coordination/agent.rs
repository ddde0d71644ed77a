//! Who an agent is (A1), and what a member of a swarm does: it hears of proposals, makes up its
//! mind, casts a ballot, and learns the decision from messages alone.

use std::sync::Arc;

use super::bus::{Body, Message};
use super::consensus::ballot::Vote;
use super::consensus::byzantine::session::Session;
use super::consensus::choice::{self, Held, OptionId};
use super::consensus::facts::DecisionFacts;
use super::consensus::gossip;
use super::consensus::mind::{Mind, Reason};
use super::consensus::proposal::{ProposalId, SharedProposal};
use super::consensus::quorum::Decision;
use super::note::Note;
use super::port::Port;
use super::signal::Signal;
use super::signature::Key;
use super::swarm::{Entry, Order, Timer};
use super::work::WorkStyle;
pub use super::work::reputation::Reputation;
use crate::coordination::consensus::choice::note::ChoiceNote;
use crate::coordination::consensus::note::VoteNote;
use crate::coordination::membership::MembershipNote;
use crate::map::Map;
use crate::sim::{AgentId, LocalTime};

/// Everything about an agent that it starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    /// What it is in the swarm: lead, worker, parser, …
    pub role: String,
    pub skills: Vec<Arc<str>>,
    pub domains: Vec<Arc<str>>,
    /// Its weight in votes, in thousandths; positive.
    pub weight_milli: u64,
    /// The load it can carry, in units of work.
    pub capacity: u32,
    pub reputation: Reputation,
    pub mind: Mind,
    /// What it is for where it can choose, the best first.
    pub prefers: Vec<String>,
    /// How long it reviews a proposal before it votes, least and most, in microseconds.
    pub review_us: (u64, u64),
    pub work: Arc<WorkStyle>,
    /// The coordinator it talks to.
    pub coordinator: AgentId,
    /// Whether the coordinator knows it from the start; if not, it registers.
    pub registered: bool,
}

/// What an agent knows about one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowledge {
    pub proposal: SharedProposal,
    /// When it first heard of it, on its own clock.
    pub heard_us: LocalTime,
    pub vote: Option<(Vote, Reason)>,
    pub outcome: Option<Decision>,
    /// How it was approved, where that was told.
    pub facts: Option<Arc<DecisionFacts>>,
    /// Its part in a Byzantine vote.
    pub session: Option<Box<Session>>,
    /// Its part in a gossip.
    pub gossip: Option<Box<gossip::session::Session>>,
    /// Of a choice: its own option, and the winner.
    pub held: Held,
}

impl Knowledge {
    /// The ballot it casts, once it has made up its mind.
    fn ballot(&self) -> Option<Body> {
        let (vote, _) = self.vote.as_ref()?;
        Some(self.held.own.map_or(Body::Ballot(*vote), Body::Pick))
    }
}

/// What survives a crash of a member: what it said, and what it learned.
#[derive(Clone, Debug)]
pub struct MemberDurable {
    pub profile: Arc<Profile>,
    pub key: Key,
    pub known: Map<ProposalId, Knowledge>,
    /// The manager it stands below, if there is one: it is told as well who comes and who leaves.
    pub manager: Option<AgentId>,
    /// Whether that manager does not know it yet.
    pub is_new_to_manager: bool,
    /// Whether it has workers of its own, which register with it.
    pub is_manager: bool,
}

/// A member of the swarm.
#[derive(Clone, Debug)]
pub struct Member {
    pub profile: Arc<Profile>,
    pub key: Key,
    pub known: Map<ProposalId, Knowledge>,
    pub registered: bool,
    pub manager: Option<AgentId>,
    pub is_new_to_manager: bool,
    /// Whether it has workers of its own, which register with it.
    pub is_manager: bool,
    /// How many questions it has put to the coordinator.
    pub asked: u32,
}

impl Member {
    #[must_use]
    pub fn new(durable: &MemberDurable) -> Self {
        let MemberDurable { profile, key, known, manager, is_new_to_manager, is_manager } = durable;
        Self {
            profile: profile.clone(),
            key: *key,
            known: known.clone(),
            registered: profile.registered,
            manager: *manager,
            is_new_to_manager: *is_new_to_manager,
            is_manager: *is_manager,
            asked: 0,
        }
    }

    pub fn on_start(&mut self, out: &mut Port<'_, '_>) {
        if !self.registered {
            self.join(out);
        }
    }

    /// Takes up what was durable: waits for the outcome of what it voted on.
    pub fn on_restart(&mut self, out: &mut Port<'_, '_>) {
        for session in self.known.values_mut().filter_map(|it| it.session.as_mut()) {
            // It does not know what it has missed.
            session.aside = !session.is_over();
        }
        for (&id, knowledge) in &self.known {
            if knowledge.outcome.is_none() {
                let timing = &knowledge.proposal.timing;
                let deadline_us = knowledge.heard_us.after(timing.deadline_us);
                let left_us = deadline_us.since(out.now());
                out.set_timer(Timer::AskOutcome(id), left_us);
                let give_up_us = deadline_us.after(timing.grace_us);
                let left_us = give_up_us.since(out.now());
                out.set_timer(Timer::GiveUp(id), left_us);
            }
        }
        self.resume_gossip(out);
        for &id in self.known.keys() {
            self.tell_outcome(id, out);
        }
        if !self.profile.registered {
            self.join(out);
        }
    }

    pub fn on_message(&mut self, from: AgentId, message: &Message, out: &mut Port<'_, '_>) {
        let id = message.instance;
        match &message.body {
            Body::Statements(batch) => self.on_statements(id, from, batch, out),
            Body::Gossip(talk) => self.on_talk(id, from, (message.correlation, talk), out),
            Body::Register(registration) if self.is_manager => {
                let reputation = registration.reputation;
                out.raised.push(Signal::Joined { agent: from, reputation });
            }
            Body::Unregister if self.is_manager => out.raised.push(Signal::Left { agent: from }),
            _ if from != self.profile.coordinator => out.note(MembershipNote::Misdirected { from }),
            Body::Proposal(proposal) => self.hear(id, proposal, out),
            Body::Call(call) => self.on_call(id, call, out),
            Body::GossipCall(call) => self.on_gossip_call(id, call, out),
            Body::Decision(decision) => self.learn(id, *decision, out),
            Body::Approval(facts) => {
                if let Some(knowledge) = self.known.get_mut(&id).filter(|it| it.outcome.is_none()) {
                    knowledge.facts = Some(facts.clone());
                }
                self.learn(id, Decision::Approved, out);
            }
            Body::Chosen(option) => self.hold(id, Decision::Approved, Some(*option), out),
            Body::Registered => self.registered = true,
            Body::StatusReply(status) => self.on_status(message.correlation, status, out),
            Body::Register(_)
            | Body::Unregister
            | Body::State(_)
            | Body::Work(_)
            | Body::Ballot(_)
            | Body::Pick(_)
            | Body::OutcomeQuery
            | Body::Conclusion(_)
            | Body::StatusQuery(_) => out.note(MembershipNote::Misdirected { from }),
        }
    }

    pub fn on_timer(&mut self, timer: Timer, out: &mut Port<'_, '_>) {
        match timer {
            Timer::Review(id) => self.vote(id, out),
            Timer::AskOutcome(id) => self.ask(id, out),
            Timer::GiveUp(id) => self.learn(id, Decision::Timeout, out),
            Timer::Round(id) => {
                self.on_round(id, out);
                self.on_gossip_round(id, out);
            }
            Timer::Deadline(_) | Timer::Reminder(_) | Timer::State(_) | Timer::Work(_) => {}
        }
    }

    /// A person or the scenario asks something of it.
    pub fn on_command(&mut self, order: &Order, out: &mut Port<'_, '_>) {
        if let Order::Ask(ask) = order {
            self.on_ask(*ask, out);
        }
    }

    /// The agent's other protocols hear how a proposal came out, if that is known.
    pub fn tell_outcome(&self, id: ProposalId, out: &mut Port<'_, '_>) {
        let known = self.known.get(&id).and_then(|it| Some((it, it.outcome?)));
        out.raised.extend(known.map(|(knowledge, decision)| Signal::Decided {
            id,
            proposal: knowledge.proposal.clone(),
            decision,
            facts: knowledge.facts.clone(),
        }));
    }

    /// A proposal came, perhaps again: a reminder asks for a ballot that was lost.
    fn hear(&mut self, id: ProposalId, proposal: &SharedProposal, out: &mut Port<'_, '_>) {
        if let Some(knowledge) = self.known.get(&id) {
            if let Some(ballot) = knowledge.ballot() {
                out.send(self.profile.coordinator, Message::about(id, ballot));
            }
            return;
        }
        out.note(VoteNote::Heard { proposal: id });
        let heard_us = out.now();
        let timing = proposal.timing;
        let knowledge = Knowledge {
            proposal: proposal.clone(),
            heard_us,
            vote: None,
            outcome: None,
            facts: None,
            session: None,
            gossip: None,
            held: Held::default(),
        };
        self.known.insert(id, knowledge);
        let (least_us, most_us) = self.profile.review_us;
        let review_us = out.random_between(least_us, most_us);
        out.set_timer(Timer::Review(id), review_us);
        out.set_timer(Timer::AskOutcome(id), timing.deadline_us);
        out.set_timer(Timer::GiveUp(id), timing.deadline_us.saturating_add(timing.grace_us));
    }

    fn vote(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(knowledge) = self.known.get_mut(&id) else { return };
        let random = |most| out.random_between(0, most);
        let decided = choice::decide(&self.profile, &knowledge.proposal, random);
        let Some((vote, reason, option)) = decided else {
            out.note(VoteNote::StaysSilent { proposal: id });
            return;
        };
        knowledge.vote = Some((vote, reason));
        knowledge.held.own = option;
        out.note(match option {
            Some(option) => Note::Choice(ChoiceNote::Picked { proposal: id, option }),
            None => Note::Vote(VoteNote::Voted { proposal: id, vote }),
        });
        // Written before the ballot leaves: after a crash it must not say something else.
        out.persist(Entry::Member { proposal: id, knowledge: Box::new(knowledge.clone()) });
        if let Some(ballot) = knowledge.ballot() {
            out.send(self.profile.coordinator, Message::about(id, ballot));
        }
    }

    fn ask(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(knowledge) = self.known.get(&id) else { return };
        out.note(VoteNote::Asked { proposal: id });
        out.send(self.profile.coordinator, Message::about(id, Body::OutcomeQuery));
        if let Some(every_us) = knowledge.proposal.timing.reminder_us {
            out.set_timer(Timer::AskOutcome(id), every_us);
        }
    }

    /// Holds this outcome from now on; the first one stays.
    fn learn(&mut self, id: ProposalId, decision: Decision, out: &mut Port<'_, '_>) {
        self.hold(id, decision, None, out);
    }

    /// The same, and of a choice the option that has won.
    fn hold(
        &mut self,
        id: ProposalId,
        decision: Decision,
        winner: Option<OptionId>,
        out: &mut Port<'_, '_>,
    ) {
        let Some(knowledge) = self.known.get_mut(&id) else {
            // A decision on a proposal that never arrived: there is nothing it could be about.
            return;
        };
        if knowledge.outcome.is_some() {
            return;
        }
        (knowledge.outcome, knowledge.held.winner) = (Some(decision), winner);
        out.note(match winner {
            Some(option) => Note::Choice(ChoiceNote::LearnedWinner { proposal: id, option }),
            None => Note::Vote(VoteNote::Learned { proposal: id, decision }),
        });
        out.persist(Entry::Member { proposal: id, knowledge: Box::new(knowledge.clone()) });
        // It still votes if it has not: ballots are counted until all are in.
        out.cancel_timer(Timer::AskOutcome(id));
        out.cancel_timer(Timer::GiveUp(id));
        self.tell_outcome(id, out);
    }
}
