//! The coordinator (A4): a node of its own on the network, outside the electorate, subject to
//! every fault. It opens proposals, counts the ballots that reach it, and says what came out.

use std::sync::Arc;

use super::bus::{Body, Message, Registration};
use super::consensus::ballot::{Receipt, Vote};
use super::consensus::byzantine::{Call, Conclusion, Rounds};
use super::consensus::choice::OptionId;
use super::consensus::facts::DecisionFacts;
use super::consensus::gossip;
use super::consensus::manager::{Manager, ManagerError, Poll};
use super::consensus::pipeline::{Pipeline, StageId};
use super::consensus::proposal::{Proposal, ProposalId, SharedProposal};
use super::consensus::quorum::Decision;
use super::note::Note;
use super::port::Port;
use super::signal::Signal;
use super::swarm::{Entry, Order, Timer};
use super::work::board::Board;
use crate::coordination::consensus::byzantine::note::ByzantineNote;
use crate::coordination::consensus::choice::note::ChoiceNote;
use crate::coordination::consensus::gossip::note::GossipNote;
use crate::coordination::consensus::note::VoteNote;
use crate::coordination::membership::MembershipNote;
use crate::map::Map;
use crate::sim::{AgentId, LocalTime};

/// What the coordinator must remember, and does after a crash.
#[derive(Clone, Debug, Default)]
pub struct CoordinatorDurable {
    pub roster: Map<AgentId, Arc<Registration>>,
    pub manager: Manager,
    pub pipeline: Pipeline,
    /// Names of proposals of which somebody writes down how they were approved.
    pub tells_facts_of: Arc<[Arc<str>]>,
    /// Why it could not open what it was to open, each by the number in [`VoteNote::NotOpened`].
    pub not_opened: Vec<Arc<ManagerError>>,
}

/// What a ballot says: FOR and the like, and on a choice the option that it is for.
pub type Ballot = (Vote, Option<OptionId>);

/// A change of what the coordinator remembers.
#[derive(Clone, Debug)]
pub enum CoordinatorEntry {
    Registered { agent: AgentId, registration: Arc<Registration> },
    Unregistered { agent: AgentId },
    Opened { proposal: SharedProposal, electorate: Arc<[(AgentId, u64)]>, now_us: LocalTime },
    Counted { proposal: ProposalId, voter: AgentId, ballot: Ballot, now_us: LocalTime },
    Reported { proposal: ProposalId, agent: AgentId, report: Arc<Conclusion>, now_us: LocalTime },
    Closed { proposal: ProposalId, now_us: LocalTime },
    StageOpened { stage: StageId, proposal: ProposalId },
    PipelineEnded { stage: StageId, decision: Decision },
    NotOpened(Arc<ManagerError>),
}

impl CoordinatorDurable {
    fn put_in(&mut self, id: ProposalId, voter: AgentId, (vote, option): Ballot) -> Receipt {
        match option {
            Some(option) => self.manager.record_pick(id, voter, option),
            None => self.manager.record_vote(id, voter, vote),
        }
    }

    /// Carries out one change; the same in memory and in the journal.
    pub fn write(&mut self, entry: &CoordinatorEntry) {
        match entry {
            CoordinatorEntry::Registered { agent, registration } => {
                self.roster.insert(*agent, registration.clone());
            }
            CoordinatorEntry::Unregistered { agent } => {
                self.roster.remove(agent);
            }
            CoordinatorEntry::Opened { proposal, electorate, now_us } => {
                let electorate = electorate.iter().copied();
                // It was checked before it was written.
                self.manager.request_consensus(proposal.clone(), electorate, *now_us).ok();
            }
            CoordinatorEntry::Counted { proposal, voter, ballot, now_us } => {
                self.put_in(*proposal, *voter, *ballot);
                self.manager.settle(*proposal, *now_us);
            }
            CoordinatorEntry::Reported { proposal, agent, report, now_us } => {
                self.manager.record_report(*proposal, *agent, report, *now_us);
            }
            CoordinatorEntry::Closed { proposal, now_us } => {
                self.manager.close(*proposal, *now_us);
            }
            CoordinatorEntry::StageOpened { stage, proposal } => {
                self.pipeline.opened[usize::from(*stage)] = Some(*proposal);
            }
            CoordinatorEntry::PipelineEnded { stage, decision } => {
                self.pipeline.ended = Some((*stage, *decision));
            }
            CoordinatorEntry::NotOpened(error) => self.not_opened.push(Arc::clone(error)),
        }
    }
}

/// The coordinator's process.
#[derive(Clone, Debug)]
pub struct Coordinator {
    pub state: CoordinatorDurable,
}

impl Coordinator {
    pub fn on_message(
        &mut self,
        from: AgentId,
        message: &Message,
        board: Option<&Board>,
        out: &mut Port<'_, '_>,
    ) {
        let id = message.instance;
        match &message.body {
            Body::Ballot(vote) => self.count(id, from, (*vote, None), out),
            Body::Pick(option) => self.count(id, from, (Vote::For, Some(*option)), out),
            Body::Conclusion(report) => self.take_report(id, from, report, out),
            Body::OutcomeQuery => self.tell_outcome(id, from, out),
            Body::Register(registration) => {
                let (registration, reputation) = (registration.clone(), registration.reputation);
                self.write(CoordinatorEntry::Registered { agent: from, registration }, out);
                out.note(MembershipNote::Registered { agent: from });
                out.send(from, Message { body: Body::Registered, ..message.clone() });
                out.raised.push(Signal::Joined { agent: from, reputation });
            }
            Body::Unregister => {
                self.write(CoordinatorEntry::Unregistered { agent: from }, out);
                out.note(MembershipNote::Unregistered { agent: from });
                out.raised.push(Signal::Left { agent: from });
            }
            Body::StatusQuery(about) => {
                let body = Body::StatusReply(Arc::new(self.status(*about, board)));
                out.send(from, Message { body, ..message.clone() });
            }
            Body::Proposal(_)
            | Body::Decision(_)
            | Body::Chosen(_)
            | Body::Approval(_)
            | Body::Call(_)
            | Body::Statements(_)
            | Body::GossipCall(_)
            | Body::Gossip(_)
            | Body::Registered
            | Body::State(_)
            | Body::Work(_)
            | Body::StatusReply(_) => {
                out.note(MembershipNote::Misdirected { from });
            }
        }
    }

    pub fn on_command(&mut self, order: &Order, out: &mut Port<'_, '_>) {
        match order {
            Order::Propose(proposal) => {
                // The id of a stage is taken before the stage opens, or its gate would never be passed.
                let mut stages = self.state.pipeline.stages.iter();
                let opened = match stages.any(|stage| stage.proposal.name == proposal.name) {
                    true => Err(ManagerError::DuplicateId { name: proposal.name.clone() }),
                    false => self.open(proposal, out),
                };
                if let Err(error) = opened {
                    self.does_not_open(error, out);
                }
            }
            Order::BeginPipeline => self.open_stages(None, out),
            Order::Behave(_) | Order::State(_) | Order::Work(_) | Order::Ask(_) => {}
        }
    }

    pub fn on_signal(&mut self, signal: &Signal, out: &mut Port<'_, '_>) {
        if let Signal::Decided { id, decision, .. } = signal {
            self.pass_gate(*id, *decision, out);
        }
    }

    pub fn on_timer(&mut self, timer: Timer, out: &mut Port<'_, '_>) {
        match timer {
            Timer::Deadline(id) => self.close(id, out),
            Timer::Reminder(id) => self.remind(id, out),
            Timer::Review(_)
            | Timer::AskOutcome(_)
            | Timer::GiveUp(_)
            | Timer::Round(_)
            | Timer::State(_)
            | Timer::Work(_) => {}
        }
    }

    /// Goes on with every proposal that is still open.
    pub fn on_restart(&mut self, out: &mut Port<'_, '_>) {
        for (id, poll) in (0..).zip(self.state.manager.polls()) {
            if poll.closed_us.is_none() {
                let left_us = poll.deadline_us().since(out.now());
                set_timers(id, poll, left_us, out);
            }
        }
    }

    pub(super) fn write(&mut self, entry: CoordinatorEntry, out: &mut Port<'_, '_>) {
        self.state.write(&entry);
        out.persist(Entry::Coordinator(entry));
    }

    /// Puts a proposal to everyone entitled to vote on it.
    pub(super) fn open(
        &mut self,
        proposal: &SharedProposal,
        out: &mut Port<'_, '_>,
    ) -> Result<ProposalId, ManagerError> {
        let electorate: Arc<[(AgentId, u64)]> = self.electorate(proposal).into();
        let now_us = out.now();
        let voters = electorate.iter().copied();
        // Opened first and written then: what is refused must leave no entry in the journal.
        let id = self.state.manager.request_consensus(proposal.clone(), voters, now_us)?;
        let proposal = proposal.clone();
        out.note(VoteNote::Opened { proposal: id });
        out.persist(Entry::Coordinator(CoordinatorEntry::Opened {
            proposal,
            electorate: electorate.clone(),
            now_us,
        }));
        if let Some(poll) = self.state.manager.poll(id) {
            set_timers(id, poll, poll.proposal.timing.deadline_us, out);
            let body = opening(poll);
            for (agent, _) in electorate.iter() {
                out.send(*agent, Message::about(id, body.clone()));
            }
        }
        Ok(id)
    }

    /// Remembers why, so that log and report can name what was refused.
    pub(super) fn does_not_open(&mut self, error: ManagerError, out: &mut Port<'_, '_>) {
        out.note(VoteNote::NotOpened { refusal: self.state.not_opened.len() as u32 });
        self.write(CoordinatorEntry::NotOpened(Arc::new(error)), out);
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

    fn count(&mut self, id: ProposalId, from: AgentId, ballot: Ballot, out: &mut Port<'_, '_>) {
        let now_us = out.now();
        match self.state.put_in(id, from, ballot) {
            Receipt::Refused(refusal) => {
                out.note(VoteNote::Refused { proposal: id, voter: from, refusal });
            }
            Receipt::Repeated => out.note(VoteNote::Repeated { proposal: id, voter: from }),
            Receipt::Counted => {
                out.note(match ballot {
                    (_, Some(option)) => {
                        Note::Choice(ChoiceNote::PickCounted { proposal: id, voter: from, option })
                    }
                    (vote, None) => {
                        Note::Vote(VoteNote::Counted { proposal: id, voter: from, vote })
                    }
                });
                let (proposal, voter) = (id, from);
                let counted = CoordinatorEntry::Counted { proposal, voter, ballot, now_us };
                out.persist(Entry::Coordinator(counted));
                let decided = self.state.manager.settle(id, now_us);
                if let Some(decision) = decided {
                    self.announce(id, decision, out);
                }
                let poll = self.state.manager.poll(id);
                if poll.is_some_and(|poll| poll.ballots.tally().outstanding.count == 0) {
                    self.close(id, out);
                }
                if let Some(decision) = decided {
                    self.tell_decision(id, decision, out);
                }
            }
        }
    }

    /// An agent has decided by itself.
    fn take_report(
        &mut self,
        id: ProposalId,
        agent: AgentId,
        report: &Arc<Conclusion>,
        out: &mut Port<'_, '_>,
    ) {
        let now_us = out.now();
        let poll = self.state.manager.poll(id);
        let is_new = poll.is_some_and(|poll| !poll.reports.contains_key(&agent));
        let is_gossip = poll.is_some_and(|poll| poll.proposal.algorithm.gossip.is_some());
        let decision = self.state.manager.record_report(id, agent, report, now_us);
        let report = Arc::clone(report);
        let entry = CoordinatorEntry::Reported { proposal: id, agent, report, now_us };
        out.persist(Entry::Coordinator(entry));
        if is_gossip {
            return self.gather(id, agent, decision, is_new, out);
        }
        if let Some(decision) = decision {
            out.note(ByzantineNote::Recorded { proposal: id, decision });
            self.close(id, out);
            self.vote_again(id, out);
            self.tell_decision(id, decision, out);
        }
    }

    /// Of a gossip: the agent's own ballot is counted with its report, and it closes with the last one.
    fn gather(
        &mut self,
        id: ProposalId,
        agent: AgentId,
        decision: Option<Decision>,
        is_new: bool,
        out: &mut Port<'_, '_>,
    ) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        let electors = poll.ballots.electors();
        let vote = electors.iter().find(|it| it.agent == agent).and_then(|it| it.ballot);
        let is_last = poll.reports.len() == electors.len();
        if let Some(vote) = vote.filter(|_| is_new && poll.reports.contains_key(&agent)) {
            out.note(VoteNote::Counted { proposal: id, voter: agent, vote });
        }
        if let Some(decision) = decision {
            out.note(GossipNote::Gathered { proposal: id, decision });
        }
        if is_last {
            self.close(id, out);
        }
    }

    /// Those who were exposed are removed, and the rest votes once more, with fewer to be borne.
    fn vote_again(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        let exposed = poll.exposed.clone();
        let Some(rounds) = poll.proposal.algorithm.rounds.filter(|it| it.vote_again) else {
            return;
        };
        if exposed.is_empty() {
            return;
        }
        let mut proposal = (*poll.proposal).clone();
        let removed = exposed.len() as u32;
        let fault_tolerance = rounds.fault_tolerance.saturating_sub(removed);
        proposal.name += "-again";
        proposal.algorithm.rounds = Some(Rounds { fault_tolerance, ..rounds });
        if let Some(electorate) = &mut proposal.electorate {
            electorate.retain(|agent| !exposed.contains(agent));
        }
        for agent in exposed {
            self.write(CoordinatorEntry::Unregistered { agent }, out);
            out.note(MembershipNote::Unregistered { agent });
        }
        if let Err(error) = self.open(&Arc::new(proposal), out) {
            self.does_not_open(error, out);
        }
    }

    /// The agent's other protocols hear what was decided.
    fn tell_decision(&self, id: ProposalId, decision: Decision, out: &mut Port<'_, '_>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        let proposal = poll.proposal.clone();
        out.raised.push(Signal::Decided { id, proposal, decision, facts: None });
    }

    /// Tells everyone entitled to vote what was decided.
    fn announce(&mut self, id: ProposalId, decision: Decision, out: &mut Port<'_, '_>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        out.note(match poll.winner {
            Some(option) => Note::Choice(ChoiceNote::Won { proposal: id, option }),
            None => Note::Vote(VoteNote::Decided { proposal: id, decision }),
        });
        let body = self.outcome(poll, decision);
        for elector in poll.ballots.electors() {
            out.send(elector.agent, Message::about(id, body.clone()));
        }
    }

    fn close(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let now_us = out.now();
        let undecided = self.state.manager.poll(id).is_some_and(|poll| poll.decided.is_none());
        let Some(decision) = self.state.manager.close(id, now_us) else { return };
        out.persist(Entry::Coordinator(CoordinatorEntry::Closed { proposal: id, now_us }));
        out.cancel_timer(Timer::Deadline(id));
        out.cancel_timer(Timer::Reminder(id));
        if undecided {
            self.announce(id, decision, out);
        }
        let poll = self.state.manager.poll(id);
        let is_tie = |poll: &&Poll| poll.count().is_some_and(|count| count.standing().tie);
        if let Some(option) = poll.filter(is_tie).and_then(|poll| poll.winner) {
            out.note(ChoiceNote::Tied { proposal: id, option });
        }
        out.note(VoteNote::Closed { proposal: id, decision });
        if undecided {
            self.tell_decision(id, decision, out);
        }
    }

    fn remind(&mut self, id: ProposalId, out: &mut Port<'_, '_>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        out.note(VoteNote::Reminded { proposal: id });
        let body = opening(poll);
        for agent in poll.ballots.missing() {
            out.send(agent, Message::about(id, body.clone()));
        }
        if let Some(every_us) = poll.proposal.timing.reminder_us {
            out.set_timer(Timer::Reminder(id), every_us);
        }
    }

    /// What tells how it came out: of a choice the option that has won.
    fn outcome(&self, poll: &Poll, decision: Decision) -> Body {
        let is_told = self.state.tells_facts_of.iter().any(|name| **name == *poll.proposal.name);
        // They name all who voted: only where somebody writes that down.
        let facts = match is_told && decision == Decision::Approved {
            true => DecisionFacts::of(poll),
            false => None,
        };
        match (poll.winner, facts) {
            (Some(option), _) => Body::Chosen(option),
            (None, Some(facts)) => Body::Approval(Arc::new(facts)),
            (None, None) => Body::Decision(decision),
        }
    }

    /// Answers once there is a decision; until then the asker waits on.
    fn tell_outcome(&self, id: ProposalId, to: AgentId, out: &mut Port<'_, '_>) {
        let Some(poll) = self.state.manager.poll(id) else { return };
        if let Some((decision, _)) = poll.decided {
            out.send(to, Message::about(id, self.outcome(poll, decision)));
        }
    }
}

/// What tells an agent that it may vote.
fn opening(poll: &Poll) -> Body {
    let proposal = poll.proposal.clone();
    let electorate = || poll.ballots.electors().iter().map(|elector| elector.agent).collect();
    if let Some(gossip) = proposal.algorithm.gossip {
        let (starts_us, electorate) = (poll.opened_us.after(gossip.round_us), electorate());
        return Body::GossipCall(Arc::new(gossip::Call { proposal, starts_us, electorate }));
    }
    let Some(rounds) = proposal.algorithm.rounds else { return Body::Proposal(proposal) };
    let starts_us = poll.opened_us.after(rounds.round_us);
    Body::Call(Arc::new(Call { proposal, rounds, starts_us, electorate: electorate() }))
}

fn set_timers(id: ProposalId, poll: &Poll, left_us: u64, out: &mut Port<'_, '_>) {
    out.set_timer(Timer::Deadline(id), left_us);
    if let Some(every_us) = poll.proposal.timing.reminder_us {
        out.set_timer(Timer::Reminder(id), every_us);
    }
}

/// An agent's weight on a proposal: its own, or the largest preset of a domain it knows (C5).
fn weight_for(proposal: &Proposal, registration: &Registration) -> u64 {
    let presets = &proposal.algorithm.domain_weights_milli;
    let fitting = registration.domains.iter().filter_map(|domain| presets.get(&**domain));
    fitting.max().copied().unwrap_or(registration.weight_milli)
}
