//! A voter hears of proposals, makes up its mind, casts a ballot, and learns the decision from messages alone. When a
//! deadline is over it asks for the outcome, also of proposals that its agent's other protocols have heard of.

use std::sync::Arc;

use smallvec::SmallVec;

use super::message::{VoteMessage, VoteTimer};
use super::{Vote, VoteEntry};
use crate::common::consensus::choice::{self, Held};
use crate::common::consensus::decision_facts::DecisionFacts;
use crate::common::consensus::hearing::Hearing;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::note::choice::ChoiceNote;
use crate::common::consensus::proposal::{ProposalId, SharedProposal};
use crate::common::consensus::quorum::Decision;
use crate::common::profile::Profile;
use crate::common::signal::{Outcome, Signal};
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet};
use crate::sim::AgentId;

/// An agent's knowledge of one proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowledge {
    pub hearing: Hearing,
    /// Its own option on a choice, and the winning one.
    pub held: Held,
    /// How it was approved, where that was told.
    pub facts: Option<Arc<DecisionFacts>>,
}

impl Knowledge {
    /// The ballot that the agent casts, once it has made up its mind.
    #[inline]
    fn ballot(&self) -> Option<VoteMessage> {
        let (vote, _) = self.hearing.vote.as_ref()?;
        Some(self.held.own.map_or(VoteMessage::Ballot(*vote), VoteMessage::Pick))
    }

    /// The fact that the agent's other protocols hear of it.
    #[inline]
    fn told(&self, id: ProposalId) -> Signal {
        match self.hearing.told(id) {
            Signal::Decided { id, proposal, decision, .. } => {
                Signal::Decided { id, proposal, decision, facts: self.facts.clone() }
            }
            waiting => waiting,
        }
    }
}

/// The part of a voter that survives a crash: what it said, and what it learned.
#[derive(Clone, Debug)]
pub struct VoterDurable {
    pub profile: Arc<Profile>,
    pub known: Map<ProposalId, Knowledge>,
}

/// An agent as it votes.
#[derive(Clone, Debug)]
pub struct Voter {
    pub profile: Arc<Profile>,
    pub known: Map<ProposalId, Knowledge>,
    /// Proposals of other protocols whose outcome it waits for, and how often it asks again.
    awaited: SmallVec<[(ProposalId, Option<u64>); 1]>,
}

/// Sends a message to the agent that counts.
#[inline]
fn tell_counter(
    profile: &Profile,
    id: ProposalId,
    message: VoteMessage,
    out: &mut impl Outlet<Vote>,
) {
    if let Some(counter) = profile.registry {
        out.send(counter, Header::about(id), message);
    }
}

impl Voter {
    #[must_use]
    pub fn new(durable: &VoterDurable) -> Self {
        let VoterDurable { profile, known } = durable;
        Self { profile: profile.clone(), known: known.clone(), awaited: SmallVec::new() }
    }

    /// Takes up what was durable: waits for the outcome of what it voted on.
    pub fn on_restart(&mut self, out: &mut impl Outlet<Vote>) {
        for (&id, knowledge) in &self.known {
            out.raise(knowledge.told(id));
        }
    }

    #[inline]
    pub fn on_message(
        &mut self,
        from: AgentId,
        id: ProposalId,
        message: &VoteMessage,
        out: &mut impl Outlet<Vote>,
    ) {
        if Some(from) != self.profile.registry {
            return out.refuse(from);
        }
        let outcome = match message {
            VoteMessage::Proposal(proposal) => return self.hear(id, proposal, out),
            VoteMessage::Decision(decision) => (*decision).into(),
            VoteMessage::Chosen(option) => {
                Outcome { winner: Some(*option), ..Decision::Approved.into() }
            }
            VoteMessage::Approval(facts) => {
                Outcome { facts: Some(facts.clone()), ..Decision::Approved.into() }
            }
            VoteMessage::Ballot(_) | VoteMessage::Pick(_) | VoteMessage::OutcomeQuery => {
                return out.refuse(from);
            }
        };
        out.raise(Signal::Told { id, outcome });
    }

    #[inline]
    pub fn on_timer(&mut self, timer: VoteTimer, out: &mut impl Outlet<Vote>) {
        match timer {
            VoteTimer::Review(id) => self.vote(id, out),
            VoteTimer::AskOutcome(id) => self.ask(id, out),
            VoteTimer::GiveUp(id) => {
                out.raise(Signal::Told { id, outcome: Decision::Timeout.into() });
            }
            VoteTimer::Deadline(_) | VoteTimer::Reminder(_) => {}
        }
    }

    #[inline]
    pub fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Vote>) {
        match signal {
            Signal::Heard { id, proposal, heard_us } => {
                if !self.known.contains_key(id) {
                    self.awaited.push((*id, proposal.timing.reminder_us));
                }
                let deadline_us = heard_us.after(proposal.timing.deadline_us);
                out.set_timer(VoteTimer::AskOutcome(*id), deadline_us.since(out.now()));
                let give_up_us = deadline_us.after(proposal.timing.grace_us);
                out.set_timer(VoteTimer::GiveUp(*id), give_up_us.since(out.now()));
            }
            Signal::Told { id, outcome } => self.learn(*id, outcome, out),
            Signal::Decided { id, .. } => {
                // It still votes if it has not: ballots are counted until all are in.
                self.awaited.retain(|(awaited, _)| awaited != id);
                out.cancel_timer(VoteTimer::AskOutcome(*id));
                out.cancel_timer(VoteTimer::GiveUp(*id));
            }
            _ => {}
        }
    }

    /// A proposal came, perhaps again: a reminder asks for a ballot that was lost.
    #[inline]
    fn hear(&mut self, id: ProposalId, proposal: &SharedProposal, out: &mut impl Outlet<Vote>) {
        if let Some(knowledge) = self.known.get(&id) {
            if let Some(ballot) = knowledge.ballot() {
                tell_counter(&self.profile, id, ballot, out);
            }
            return;
        }
        out.note(VoteNote::Heard { proposal: id });
        let hearing = Hearing::new(proposal.clone(), out.now());
        let (least_us, most_us) = self.profile.review_us;
        let review_us = out.random_between(least_us, most_us);
        out.set_timer(VoteTimer::Review(id), review_us);
        out.raise(hearing.told(id));
        self.known.insert(id, Knowledge { hearing, held: Held::default(), facts: None });
    }

    #[inline]
    fn vote(&mut self, id: ProposalId, out: &mut impl Outlet<Vote>) {
        let Some(knowledge) = self.known.get_mut(&id) else { return };
        let random = |most| out.random_between(0, most);
        let decided = choice::decide(&self.profile, &knowledge.hearing.proposal, random);
        let Some((vote, reason, option)) = decided else {
            out.note(VoteNote::StaysSilent { proposal: id });
            return;
        };
        knowledge.hearing.vote = Some((vote, reason));
        knowledge.held.own = option;
        match option {
            Some(option) => out.note(VoteNote::Choice(ChoiceNote::Picked { proposal: id, option })),
            None => out.note(VoteNote::Voted { proposal: id, vote }),
        }
        // Written before the ballot leaves: after a crash it must not say something else.
        persist(id, knowledge, out);
        if let Some(ballot) = knowledge.ballot() {
            tell_counter(&self.profile, id, ballot, out);
        }
    }

    #[inline]
    fn ask(&mut self, id: ProposalId, out: &mut impl Outlet<Vote>) {
        let Some(again_us) = self.asks_again(id) else { return };
        out.note(VoteNote::Asked { proposal: id });
        tell_counter(&self.profile, id, VoteMessage::OutcomeQuery, out);
        if let Some(every_us) = again_us {
            out.set_timer(VoteTimer::AskOutcome(id), every_us);
        }
    }

    /// How often it asks what was decided; nothing when it does not wait for that.
    #[inline]
    fn asks_again(&self, id: ProposalId) -> Option<Option<u64>> {
        let known = self.known.get(&id).filter(|it| it.hearing.outcome.is_none());
        let counted = known.map(|it| it.hearing.proposal.timing.reminder_us);
        let other = || self.awaited.iter().find(|(awaited, _)| *awaited == id);
        counted.or_else(|| other().map(|(_, again_us)| *again_us))
    }

    /// Holds this outcome from now on; the first one stays. An outcome of a proposal that never arrived says
    /// nothing.
    #[inline]
    fn learn(&mut self, id: ProposalId, outcome: &Outcome, out: &mut impl Outlet<Vote>) {
        let known = self.known.get_mut(&id).filter(|it| it.hearing.outcome.is_none());
        let Some(knowledge) = known else { return };
        let Outcome { decision, winner, facts } = outcome;
        knowledge.hearing.outcome = Some(*decision);
        (knowledge.held.winner, knowledge.facts) = (*winner, facts.clone());
        match winner {
            Some(option) => out.note(VoteNote::Choice(ChoiceNote::LearnedWinner {
                proposal: id,
                option: *option,
            })),
            None => out.note(VoteNote::Learned { proposal: id, decision: *decision }),
        }
        persist(id, knowledge, out);
        out.raise(knowledge.told(id));
    }
}

#[inline]
fn persist(id: ProposalId, knowledge: &Knowledge, out: &mut impl Outlet<Vote>) {
    let knowledge = Box::new(knowledge.clone());
    out.persist(VoteEntry::Known { proposal: id, knowledge });
}
