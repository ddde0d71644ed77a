//! The counter (A4) is an agent of its own on the network, outside the electorate, subject to every fault. It opens
//! proposals, counts the ballots that reach it, and announces the decision.

use std::sync::Arc;

use super::message::{VoteMessage, VoteTimer};
use super::{Vote, VoteEntry};
use crate::common::consensus::ballot::{self, Receipt};
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::decision_facts::DecisionFacts;
use crate::common::consensus::manager::{Manager, ManagerError, Poll};
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::note::choice::ChoiceNote;
use crate::common::consensus::proposal::{Proposal, ProposalId, SharedProposal};
use crate::common::consensus::quorum::Decision;
use crate::common::registration::Registration;
use crate::common::signal::{Opening, Signal};
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet};
use crate::sim::{AgentId, LocalTime};

/// The counter's memory, which survives a crash.
#[derive(Clone, Debug, Default)]
pub struct CounterDurable {
    /// Who may vote on what is opened from now on.
    pub roster: Map<AgentId, Arc<Registration>>,
    pub manager: Manager,
    /// Names that are kept for proposals of the agent's other protocols.
    pub reserved: Arc<[Arc<str>]>,
    /// The names of proposals whose approval somebody writes down.
    pub tells_facts_of: Arc<[Arc<str>]>,
    /// Why it could not open what it was to open, each by the number in [`VoteNote::NotOpened`].
    pub not_opened: Vec<Arc<ManagerError>>,
}

/// A ballot: its side, and on a choice the option that it is for.
pub type Ballot = (ballot::Vote, Option<OptionId>);

/// A change of the counter's memory.
#[derive(Clone, Debug)]
pub enum CounterEntry {
    Joined { agent: AgentId, registration: Arc<Registration> },
    Left { agent: AgentId },
    Opened { proposal: SharedProposal, electorate: Arc<[(AgentId, u64)]>, now_us: LocalTime },
    Counted { proposal: ProposalId, voter: AgentId, ballot: Ballot, now_us: LocalTime },
    Recorded { proposal: ProposalId, votes: Votes, decision: Option<Decision>, now_us: LocalTime },
    Closed { proposal: ProposalId, now_us: LocalTime },
    NotOpened(Arc<ManagerError>),
}

type Votes = Arc<[(AgentId, ballot::Vote)]>;

impl CounterDurable {
    #[inline]
    fn put_in(&mut self, id: ProposalId, voter: AgentId, (vote, option): Ballot) -> Receipt {
        match option {
            Some(option) => self.manager.record_pick(id, voter, option),
            None => self.manager.record_vote(id, voter, vote),
        }
    }

    /// Carries out one change; the same in memory and in the journal.
    #[inline]
    pub fn write(&mut self, entry: &CounterEntry) {
        match entry {
            CounterEntry::Joined { agent, registration } => {
                self.roster.insert(*agent, registration.clone());
            }
            CounterEntry::Left { agent } => {
                self.roster.remove(agent);
            }
            CounterEntry::Opened { proposal, electorate, now_us } => {
                let electorate = electorate.iter().copied();
                // It was checked before it was written.
                self.manager.request_consensus(proposal.clone(), electorate, *now_us).ok();
            }
            CounterEntry::Counted { proposal, voter, ballot, now_us } => {
                self.put_in(*proposal, *voter, *ballot);
                self.manager.settle(*proposal, *now_us);
            }
            CounterEntry::Recorded { proposal, votes, decision, now_us } => {
                self.manager.record(*proposal, votes, *decision, *now_us);
            }
            CounterEntry::Closed { proposal, now_us } => {
                self.manager.close(*proposal, *now_us);
            }
            CounterEntry::NotOpened(error) => self.not_opened.push(Arc::clone(error)),
        }
    }
}

/// An agent as it counts.
#[derive(Clone, Debug)]
pub struct Counter {
    pub state: CounterDurable,
}

impl Counter {
    #[inline]
    pub fn on_message(
        &mut self,
        from: AgentId,
        id: ProposalId,
        message: &VoteMessage,
        out: &mut impl Outlet<Vote>,
    ) {
        match message {
            VoteMessage::Ballot(vote) => self.count(id, from, (*vote, None), out),
            VoteMessage::Pick(option) => {
                self.count(id, from, (ballot::Vote::For, Some(*option)), out);
            }
            VoteMessage::OutcomeQuery => self.tell_outcome(id, from, out),
            VoteMessage::Proposal(_)
            | VoteMessage::Decision(_)
            | VoteMessage::Chosen(_)
            | VoteMessage::Approval(_) => out.refuse(from),
        }
    }

    pub fn on_timer(&mut self, timer: VoteTimer, out: &mut impl Outlet<Vote>) {
        match timer {
            VoteTimer::Deadline(id) => self.close(id, out),
            VoteTimer::Reminder(id) => self.remind(id, out),
            VoteTimer::Review(_) | VoteTimer::AskOutcome(_) | VoteTimer::GiveUp(_) => {}
        }
    }

    #[inline]
    pub fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Vote>) {
        match signal {
            Signal::Joined { agent, registration } => {
                let (agent, registration) = (*agent, registration.clone());
                self.write(CounterEntry::Joined { agent, registration }, out);
            }
            Signal::Left { agent } => self.write(CounterEntry::Left { agent: *agent }, out),
            Signal::Proposed(proposal) => {
                if let Err(error) = self.open(proposal, out) {
                    self.does_not_open(error, out);
                    out.raise(Signal::NotOpened(proposal.clone()));
                }
            }
            Signal::Opened(opening) => self.call(opening, out),
            Signal::Recorded { id, votes, decision, is_last } => {
                self.record(*id, votes, *decision, out);
                if *is_last {
                    self.close(*id, out);
                }
            }
            _ => {}
        }
    }

    /// Goes on with every proposal that is still open.
    pub fn on_restart(&mut self, out: &mut impl Outlet<Vote>) {
        for (id, poll) in (0..).zip(self.state.manager.polls()) {
            if poll.closed_us.is_none() {
                let left_us = poll.deadline_us().since(out.now());
                set_timers(id, poll, left_us, out);
            }
        }
    }

    #[inline]
    fn write(&mut self, entry: CounterEntry, out: &mut impl Outlet<Vote>) {
        self.state.write(&entry);
        out.persist(VoteEntry::Counter(entry));
    }

    /// A person or the scenario wants this to be put to the vote.
    pub fn propose(&mut self, proposal: &SharedProposal, out: &mut impl Outlet<Vote>) {
        // A reserved name would be taken from the protocol that waits for the outcome.
        let is_kept = self.state.reserved.iter().any(|name| **name == *proposal.name);
        let opened = match is_kept {
            true => Err(ManagerError::DuplicateId { name: proposal.name.clone() }),
            false => self.open(proposal, out),
        };
        if let Err(error) = opened {
            self.does_not_open(error, out);
        }
    }

    /// Opens a proposal for everyone entitled to vote on it.
    fn open(
        &mut self,
        proposal: &SharedProposal,
        out: &mut impl Outlet<Vote>,
    ) -> Result<(), ManagerError> {
        let electorate: Arc<[(AgentId, u64)]> = self.electorate(proposal).into();
        let now_us = out.now();
        let voters = electorate.iter().copied();
        // Opened first and written then: what is refused must leave no entry in the journal.
        let id = self.state.manager.request_consensus(proposal.clone(), voters, now_us)?;
        out.note(VoteNote::Opened { proposal: id });
        let (proposal, electors) = (proposal.clone(), electorate.clone());
        let entry = CounterEntry::Opened { proposal, electorate: electors, now_us };
        out.persist(VoteEntry::Counter(entry));
        if let Some(poll) = self.state.manager.poll(id) {
            set_timers(id, poll, poll.proposal.timing.deadline_us, out);
            let proposal = poll.proposal.clone();
            out.raise(Signal::Opened(Opening { id, proposal, opened_us: now_us, electorate }));
        }
        Ok(())
    }

    /// Asks for ballots, if they are counted here.
    fn call(&self, opening: &Opening, out: &mut impl Outlet<Vote>) {
        if opening.proposal.algorithm.is_counted() {
            for (agent, _) in opening.electorate.iter() {
                let message = VoteMessage::Proposal(opening.proposal.clone());
                out.send(*agent, Header::about(opening.id), message);
            }
        }
    }

    /// Remembers why, so that log and report can name what was refused.
    fn does_not_open(&mut self, error: ManagerError, out: &mut impl Outlet<Vote>) {
        out.note(VoteNote::NotOpened { refusal: self.state.not_opened.len() as u32 });
        self.write(CounterEntry::NotOpened(Arc::new(error)), out);
    }

    /// Who may vote, with the weights frozen at this moment.
    fn electorate(&self, proposal: &Proposal) -> Vec<(AgentId, u64)> {
        let chosen = |agent: &AgentId| match &proposal.electorate {
            Some(chosen) => chosen.contains(agent),
            None => true,
        };
        let roster = self.state.roster.iter().filter(|(agent, _)| chosen(agent));
        roster.map(|(agent, registration)| (*agent, weight_for(proposal, registration))).collect()
    }

    #[inline]
    fn count(
        &mut self,
        id: ProposalId,
        from: AgentId,
        ballot: Ballot,
        out: &mut impl Outlet<Vote>,
    ) {
        let now_us = out.now();
        match self.state.put_in(id, from, ballot) {
            Receipt::Refused(refusal) => {
                out.note(VoteNote::Refused { proposal: id, voter: from, refusal });
            }
            Receipt::Repeated => out.note(VoteNote::Repeated { proposal: id, voter: from }),
            Receipt::Counted => {
                match ballot {
                    (_, Some(option)) => {
                        out.note(VoteNote::Choice(ChoiceNote::PickCounted {
                            proposal: id,
                            voter: from,
                            option,
                        }));
                    }
                    (vote, None) => {
                        out.note(VoteNote::Counted { proposal: id, voter: from, vote });
                    }
                }
                let (proposal, voter) = (id, from);
                let counted = CounterEntry::Counted { proposal, voter, ballot, now_us };
                out.persist(VoteEntry::Counter(counted));
                if let Some(decision) = self.state.manager.settle(id, now_us) {
                    self.announce(id, decision, out);
                    self.tell_decision(id, decision, out);
                }
                let poll = self.state.manager.poll(id);
                if poll.is_some_and(|poll| poll.ballots.tally().outstanding.count == 0) {
                    self.close(id, out);
                }
            }
        }
    }

    /// Agents that decide by themselves have reported.
    #[inline]
    fn record(
        &mut self,
        id: ProposalId,
        votes: &Votes,
        decision: Option<Decision>,
        out: &mut impl Outlet<Vote>,
    ) {
        let (now_us, votes) = (out.now(), votes.clone());
        let entry = CounterEntry::Recorded { proposal: id, votes, decision, now_us };
        self.write(entry, out);
        if let Some(decision) = decision {
            self.tell_decision(id, decision, out);
        }
    }

    /// The agent's other protocols hear what was decided.
    fn tell_decision(&self, id: ProposalId, decision: Decision, out: &mut impl Outlet<Vote>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        let proposal = poll.proposal.clone();
        out.raise(Signal::Decided { id, proposal, decision, facts: None });
    }

    /// Tells everyone entitled to vote what was decided.
    fn announce(&mut self, id: ProposalId, decision: Decision, out: &mut impl Outlet<Vote>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        match poll.winner {
            Some(option) => out.note(VoteNote::Choice(ChoiceNote::Won { proposal: id, option })),
            None => out.note(VoteNote::Decided { proposal: id, decision }),
        }
        let outcome = self.outcome(poll, decision);
        for elector in poll.ballots.electors() {
            out.send(elector.agent, Header::about(id), outcome.clone());
        }
    }

    fn close(&mut self, id: ProposalId, out: &mut impl Outlet<Vote>) {
        let now_us = out.now();
        let undecided = self.state.manager.poll(id).is_some_and(|poll| poll.decided.is_none());
        let Some(decision) = self.state.manager.close(id, now_us) else { return };
        out.persist(VoteEntry::Counter(CounterEntry::Closed { proposal: id, now_us }));
        out.cancel_timer(VoteTimer::Deadline(id));
        out.cancel_timer(VoteTimer::Reminder(id));
        if undecided {
            self.announce(id, decision, out);
        }
        let poll = self.state.manager.poll(id);
        let is_tie = |poll: &&Poll| poll.count().is_some_and(|count| count.standing().tie);
        if let Some(option) = poll.filter(is_tie).and_then(|poll| poll.winner) {
            out.note(VoteNote::Choice(ChoiceNote::Tied { proposal: id, option }));
        }
        out.note(VoteNote::Closed { proposal: id, decision });
        out.raise(Signal::Closed { id });
        if undecided {
            self.tell_decision(id, decision, out);
        }
    }

    fn remind(&mut self, id: ProposalId, out: &mut impl Outlet<Vote>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        out.note(VoteNote::Reminded { proposal: id });
        let missing = poll.ballots.missing();
        if poll.proposal.algorithm.is_counted() {
            for agent in missing {
                let message = VoteMessage::Proposal(poll.proposal.clone());
                out.send(agent, Header::about(id), message);
            }
        } else {
            out.raise(Signal::Reminded { id, missing: missing.collect() });
        }
        if let Some(every_us) = poll.proposal.timing.reminder_us {
            out.set_timer(VoteTimer::Reminder(id), every_us);
        }
    }

    /// The message that tells the outcome: on a choice, the winning option.
    fn outcome(&self, poll: &Poll, decision: Decision) -> VoteMessage {
        let is_told = self.state.tells_facts_of.iter().any(|name| **name == *poll.proposal.name);
        // They name all who voted: only where somebody writes that down.
        let facts = match is_told && decision == Decision::Approved {
            true => DecisionFacts::of(poll),
            false => None,
        };
        match (poll.winner, facts) {
            (Some(option), _) => VoteMessage::Chosen(option),
            (None, Some(facts)) => VoteMessage::Approval(Arc::new(facts)),
            (None, None) => VoteMessage::Decision(decision),
        }
    }

    /// Answers once there is a decision; until then the asker waits on.
    fn tell_outcome(&self, id: ProposalId, to: AgentId, out: &mut impl Outlet<Vote>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        if let Some((decision, _)) = poll.decided {
            out.send(to, Header::about(id), self.outcome(poll, decision));
        }
    }
}

fn set_timers(id: ProposalId, poll: &Poll, left_us: u64, out: &mut impl Outlet<Vote>) {
    out.set_timer(VoteTimer::Deadline(id), left_us);
    if let Some(every_us) = poll.proposal.timing.reminder_us {
        out.set_timer(VoteTimer::Reminder(id), every_us);
    }
}

/// An agent's weight on a proposal: its own, or the largest preset of a domain it knows (C5).
fn weight_for(proposal: &Proposal, registration: &Registration) -> u64 {
    let presets = &proposal.algorithm.domain_weights_milli;
    let fitting = registration.domains.iter().filter_map(|domain| presets.get(&**domain));
    fitting.max().copied().unwrap_or(registration.weight_milli)
}
