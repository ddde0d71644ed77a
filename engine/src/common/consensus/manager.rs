//! The manager (C1): algorithms by name, proposals and their ballots, history, statistics.
//!
//! It is pure state, driven by the coordinator, which also writes its changes to the journal.

use std::sync::Arc;

use super::ballot::{BallotBox, Elector, Receipt, Refusal, Vote};
use super::choice::{Count, OptionId};
use super::proposal::{Algorithm, ProposalId, SharedProposal};
use super::quorum::{Base, Decision, Measure, Rule, Share};
use crate::map::Map;
use crate::sim::{AgentId, LocalTime};

/// Why a proposal was not opened; every message says how to repair it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManagerError {
    #[error("no algorithm is called {name:?}; register it, or use one of: {known}")]
    UnknownAlgorithm { name: String, known: String },
    #[error("the proposal has no id; give it one, for example \"deploy-v3.0\"")]
    MissingId,
    #[error("a proposal called {name:?} exists already; give this one another id")]
    DuplicateId { name: String },
    #[error("{name:?}: {why}")]
    Refused { name: String, why: String },
    #[error("nobody may vote on {name:?}: no agent is registered; register the agents first")]
    EmptyElectorate { name: String },
}

/// One proposal with its ballots and how it stands. Times are on the coordinator's clock.
#[derive(Clone, Debug)]
pub struct Poll {
    pub proposal: SharedProposal,
    pub ballots: BallotBox,
    pub opened_us: LocalTime,
    /// The decision, and when no outstanding ballot could change it any more.
    pub decided: Option<(Decision, LocalTime)>,
    /// The winning option of a choice, once it is decided; `None` for a yes-or-no vote.
    pub winner: Option<OptionId>,
    pub closed_us: Option<LocalTime>,
    /// Ballots that were refused since the coordinator last started: it keeps no journal of them.
    pub refused: u32,
}

impl Poll {
    /// The ballot of an elector as it was counted: its vote, or on a choice its option.
    #[must_use]
    pub fn ballot_name(&self, elector: &Elector) -> String {
        let option = elector.option.and_then(|it| self.proposal.options.get(usize::from(it)));
        let vote = || elector.ballot.map_or("absent", Vote::name).to_owned();
        option.cloned().unwrap_or_else(vote)
    }

    /// When it closes at the latest.
    #[must_use]
    pub fn deadline_us(&self) -> LocalTime {
        self.opened_us.after(self.proposal.timing.deadline_us)
    }

    /// The ballots of a choice, added up by option; `None` of a yes-or-no vote.
    #[must_use]
    pub fn count(&self) -> Option<Count<'_>> {
        let (rule, ballots) = (self.proposal.algorithm.rule, &self.ballots);
        let (options, tally) = (ballots.options(), ballots.tally());
        let count = Count { rule, options, tally, closed: ballots.is_closed() };
        (!options.is_empty()).then_some(count)
    }

    #[inline]
    fn settled(&self) -> Option<(Decision, Option<OptionId>)> {
        match self.count() {
            Some(count) => count.settled(),
            None => Some((self.proposal.algorithm.rule.settled(&self.ballots.tally())?, None)),
        }
    }

    fn at_deadline(&self) -> (Decision, Option<OptionId>) {
        match self.count() {
            Some(count) => count.at_deadline(),
            None => (self.proposal.algorithm.rule.at_deadline(&self.ballots.tally()), None),
        }
    }
}

/// The numbers of some proposals by outcome, as the coordinator decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub total: u64,
    /// Not decided yet.
    pub open: u64,
    pub approved: u64,
    pub rejected: u64,
    pub timeout: u64,
    /// From opening to decision, added up, in microseconds.
    pub durations_us: u64,
}

impl Figures {
    fn add(&mut self, poll: &Poll) {
        self.total += 1;
        let Some((decision, decided_us)) = poll.decided else {
            self.open += 1;
            return;
        };
        match decision {
            Decision::Approved => self.approved += 1,
            Decision::Rejected => self.rejected += 1,
            Decision::Timeout | Decision::Split => self.timeout += 1,
        }
        self.durations_us += decided_us.since(poll.opened_us);
    }

    #[must_use]
    pub fn decided(&self) -> u64 {
        self.total - self.open
    }

    /// From opening to decision, in microseconds; 0 while none is decided.
    #[must_use]
    pub fn average_duration_us(&self) -> u64 {
        self.durations_us.checked_div(self.decided()).unwrap_or(0)
    }
}

/// The figures of all proposals so far, and of those of each algorithm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub all: Figures,
    pub by_algorithm: Map<String, Figures>,
}

/// Algorithms, proposals and their ballots.
#[derive(Clone, Debug)]
pub struct Manager {
    algorithms: Map<String, Algorithm>,
    default: String,
    polls: Vec<Poll>,
}

impl Default for Manager {
    fn default() -> Self {
        let mut manager =
            Self { algorithms: Map::new(), default: "simple".to_owned(), polls: Vec::new() };
        let shares = [
            ("simple", Measure::Heads, Share::Majority),
            ("supermajority", Measure::Heads, Share::TwoThirds),
            ("unanimous", Measure::Heads, Share::All),
            ("quorum", Measure::Heads, Share::Majority),
            ("weighted", Measure::Weight, Share::Majority),
            ("federated", Measure::Heads, Share::Plurality),
        ];
        for (name, measure, share) in shares {
            manager.register_algorithm(Algorithm {
                name: name.to_owned(),
                rule: Rule { measure, share, base: Base::Electorate },
                domain_weights_milli: Map::new(),
                own: None,
            });
        }
        manager
    }
}

impl Manager {
    /// Adds an algorithm under its name; one of that name is replaced.
    pub fn register_algorithm(&mut self, algorithm: Algorithm) {
        self.algorithms.insert(algorithm.name.clone(), algorithm);
    }

    /// Makes a registered algorithm the one that is used when none is named.
    ///
    /// # Errors
    /// When no algorithm has this name.
    pub fn set_default(&mut self, name: &str) -> Result<(), ManagerError> {
        self.default = self.algorithm(Some(name))?.name.clone();
        Ok(())
    }

    /// The names of all algorithms.
    pub fn algorithms(&self) -> impl Iterator<Item = &str> {
        self.algorithms.keys().map(String::as_str)
    }

    /// The algorithm of this name, or the default.
    ///
    /// # Errors
    /// When no algorithm has this name.
    pub fn algorithm(&self, name: Option<&str>) -> Result<&Algorithm, ManagerError> {
        let name = name.unwrap_or(&self.default);
        self.algorithms.get(name).ok_or_else(|| ManagerError::UnknownAlgorithm {
            name: name.to_owned(),
            known: self.algorithms.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }

    /// Opens a proposal for this electorate; weights, in thousandths, are frozen from now on.
    ///
    /// # Errors
    /// When the proposal has no id, one of that id exists, no algorithm has its name, nobody may vote, or
    /// too few for so many faulty ones.
    pub fn request_consensus(
        &mut self,
        proposal: SharedProposal,
        electorate: impl IntoIterator<Item = (AgentId, u64)>,
        now_us: LocalTime,
    ) -> Result<ProposalId, ManagerError> {
        let name = proposal.name.clone();
        if name.is_empty() {
            return Err(ManagerError::MissingId);
        }
        if proposal.algorithm.is_counted() {
            self.algorithm(Some(&proposal.algorithm.name))?;
        }
        if self.polls.iter().any(|poll| poll.proposal.name == name) {
            return Err(ManagerError::DuplicateId { name });
        }
        let ballots = BallotBox::new(electorate).between(proposal.options.len());
        if ballots.electors().is_empty() {
            return Err(ManagerError::EmptyElectorate { name });
        }
        let proposal = with_share(proposal, ballots.electors().len() as u64)?;
        let id = self.polls.len() as ProposalId;
        self.polls.push(Poll {
            proposal,
            ballots,
            opened_us: now_us,
            decided: None,
            winner: None,
            closed_us: None,
            refused: 0,
        });
        Ok(id)
    }

    #[must_use]
    #[inline]
    pub fn poll(&self, id: ProposalId) -> Option<&Poll> {
        self.polls.get(id as usize)
    }

    /// All proposals, open and closed, in the order they were made.
    #[must_use]
    pub fn polls(&self) -> &[Poll] {
        &self.polls
    }

    /// Puts a ballot into the box (C2).
    #[inline]
    pub fn record_vote(&mut self, id: ProposalId, agent: AgentId, vote: Vote) -> Receipt {
        self.put_in(id, |ballots| ballots.record(agent, vote))
    }

    /// The same on a choice: a ballot for one of its options.
    #[inline]
    pub fn record_pick(&mut self, id: ProposalId, agent: AgentId, option: OptionId) -> Receipt {
        self.put_in(id, |ballots| ballots.pick(agent, option))
    }

    #[inline]
    fn put_in(&mut self, id: ProposalId, put: impl FnOnce(&mut BallotBox) -> Receipt) -> Receipt {
        let Some(poll) = self.polls.get_mut(id as usize) else {
            return Receipt::Refused(Refusal::UnknownProposal);
        };
        let receipt = put(&mut poll.ballots);
        poll.refused += u32::from(matches!(receipt, Receipt::Refused(_)));
        receipt
    }

    /// Decides the proposal if it is not decided yet and no outstanding ballot can change it.
    #[inline]
    pub fn settle(&mut self, id: ProposalId, now_us: LocalTime) -> Option<Decision> {
        let poll = self.polls.get_mut(id as usize)?;
        if poll.decided.is_some() {
            return None;
        }
        let (decision, winner) = poll.settled()?;
        (poll.decided, poll.winner) = (Some((decision, now_us)), winner);
        Some(decision)
    }

    /// Takes in what agents have decided by themselves: ballots of theirs, and the decision once enough of them
    /// have come to it.
    pub fn record(
        &mut self,
        id: ProposalId,
        votes: &[(AgentId, Vote)],
        decision: Option<Decision>,
        now_us: LocalTime,
    ) {
        let Some(poll) = self.polls.get_mut(id as usize) else { return };
        for (voter, vote) in votes {
            poll.ballots.record(*voter, *vote);
        }
        let decided = decision.map(|decision| (decision, now_us));
        poll.decided = poll.decided.or(decided);
    }

    /// Closes the proposal, and decides it if it is not decided yet. `None` when it is closed.
    pub fn close(&mut self, id: ProposalId, now_us: LocalTime) -> Option<Decision> {
        let poll = self.polls.get_mut(id as usize)?;
        if poll.closed_us.is_some() {
            return None;
        }
        poll.ballots.close();
        poll.closed_us = Some(now_us);
        if poll.decided.is_none() {
            let (decision, winner) = match &poll.proposal.algorithm.own {
                // Only reports are known of what agents have decided by themselves, and those were too few.
                Some(terms) if !terms.is_common() => (Decision::Timeout, None),
                _ => poll.at_deadline(),
            };
            (poll.decided, poll.winner) = (Some((decision, now_us)), winner);
        }
        poll.decided.map(|(decision, _)| decision)
    }

    /// The proposals that are decided, in the order they were made.
    pub fn history(&self) -> impl Iterator<Item = &Poll> {
        self.polls.iter().filter(|poll| poll.decided.is_some())
    }

    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let mut statistics = Statistics::default();
        for poll in &self.polls {
            statistics.all.add(poll);
            let name = &poll.proposal.algorithm.name;
            let mut of = statistics.by_algorithm.remove(name).unwrap_or_default();
            of.add(poll);
            statistics.by_algorithm.insert(name.clone(), of);
        }
        statistics
    }
}

/// The share that approves may depend on how many agents there are.
fn with_share(proposal: SharedProposal, agents: u64) -> Result<SharedProposal, ManagerError> {
    let Some(terms) = &proposal.algorithm.own else { return Ok(proposal) };
    let refused = |why| ManagerError::Refused { name: proposal.name.clone(), why };
    let Some(share) = terms.share_of(agents).map_err(refused)? else { return Ok(proposal) };
    let mut proposal = Arc::unwrap_or_clone(proposal);
    proposal.algorithm.rule.share = share;
    Ok(Arc::new(proposal))
}

#[cfg(test)]
mod tests;
