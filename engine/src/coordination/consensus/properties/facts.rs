//! The facts about each proposal that only an observer can know.

use super::world::gossip_of;
use crate::coordination::consensus::ballot::{Elector, Refusal, Vote};
use crate::coordination::consensus::byzantine::assumptions::Watch;
use crate::coordination::consensus::choice::OptionId;
use crate::coordination::consensus::choice::watched::Options;
use crate::coordination::consensus::gossip;
use crate::coordination::consensus::manager::Poll;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::consensus::quorum::{Decision, Tally};
use crate::coordination::swarm::Swarm;
use crate::sim::{AgentId, EventId, World};

/// What is true of one agent and one proposal. Times are virtual, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct AgentFacts {
    pub heard_us: Option<u64>,
    /// What it made up its mind to, whether or not its ballot arrived.
    pub voted: Option<(Vote, u64)>,
    pub counted: Option<(Vote, u64)>,
    pub refused: Option<Refusal>,
    /// Its ballot was lost on the way, and not sent again.
    pub lost: bool,
    /// The outcome it holds.
    pub outcome: Option<(Decision, u64)>,
    /// Of a choice: what it is for, and what was counted for it.
    pub picked: Option<OptionId>,
    pub counted_for: Option<OptionId>,
    /// Of a choice: what it holds to have won.
    pub winner: Option<OptionId>,
}

/// What is true of one proposal, whoever knows it. Times are virtual, in microseconds.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub opened_us: u64,
    /// The coordinator's decision, and when it was made.
    pub decided: Option<(Decision, u64)>,
    pub closed_us: Option<u64>,
    /// Messages sent about it, end to end, and their bytes.
    pub messages: u64,
    pub bytes: u64,
    /// Of a Byzantine vote: what it rests on.
    pub watch: Option<Box<Watch>>,
    /// Of a gossip: how the whole stands.
    pub gossip: Option<Box<gossip::watch::Watch>>,
    /// Of a choice: what was voted for, and what has won.
    pub options: Options,
    pub(super) agents: Vec<AgentFacts>,
    /// How many agents hold each outcome, as [`Facts::heeds`] counts them: approved, rejected, timeout. Whatever
    /// says how the whole came out says it by these.
    pub held: [u32; 3],
    pub(super) last_learned: EventId,
    /// Who may vote.
    pub(super) electorate: Vec<AgentId>,
    /// Those of them that lied while it went on.
    pub liars: Vec<AgentId>,
    /// The last loss of what would have told it to an agent that was there.
    pub(super) last_untold: Option<EventId>,
}

impl Facts {
    #[must_use]
    pub fn of(&self, agent: AgentId) -> AgentFacts {
        self.agents.get(agent.index()).copied().unwrap_or_default()
    }

    pub(in super::super) fn of_mut(&mut self, agent: AgentId) -> &mut AgentFacts {
        if self.agents.len() <= agent.index() {
            self.agents.resize(agent.index() + 1, AgentFacts::default());
        }
        &mut self.agents[agent.index()]
    }

    /// How it came out for the swarm as a whole: `split` when the agents, or the coordinator and
    /// they, hold different outcomes; `None` while nobody holds one. Of a Byzantine vote the
    /// coordinator only keeps the records, as far as they reach it.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        let agents_count = self.watch.is_some() && self.held.iter().any(|count| *count > 0);
        let decided = self.decided.filter(|_| !agents_count).map(|(decided, _)| decided);
        let mut held = [Decision::Approved, Decision::Rejected, Decision::Timeout]
            .into_iter()
            .filter(|it| self.held[*it as usize] > 0 || decided == Some(*it));
        let first = held.next()?;
        let split = held.next().is_some() || self.options.differ;
        Some(if split { Decision::Split } else { first })
    }

    /// Whether what the agent holds counts: only what honest agents hold does. A Byzantine vote bears those that
    /// crash as well.
    pub(in super::super) fn heeds(&self, agent: AgentId) -> bool {
        let is_honest = |watch: &Watch| watch.is_honest(agent);
        !self.liars.contains(&agent) && self.watch.as_deref().is_none_or(is_honest)
    }

    /// Whether an honest agent may decide so by itself: what everyone honest is for is approved, and what
    /// is approved has enough of them behind it.
    pub(super) fn allows(&self, decision: Decision) -> bool {
        let Some(watch) = &self.watch else { return true };
        let votes = watch.honest().map(|agent| self.of(agent).voted);
        let (mut whole, mut in_favour) = (0, 0);
        for vote in votes {
            whole += 1;
            in_favour += u64::from(matches!(vote, Some((Vote::For, _))));
        }
        let agents = watch.electorate.len() as u64;
        let enough = in_favour >= watch.rounds.honest_behind_approval(agents);
        if decision == Decision::Approved { enough } else { in_favour < whole }
    }

    /// Whether an agent in a gossip may decide so by itself, with what it knows.
    pub(super) fn vouches(
        &self,
        world: &World<'_, Swarm>,
        (agent, proposal): (AgentId, ProposalId),
        decision: Decision,
    ) -> bool {
        let session = gossip_of(world, agent, proposal);
        let Some((watch, session)) = self.gossip.as_ref().zip(session) else { return true };
        let voted = |agent| self.of(agent).voted.map(|(vote, _)| vote);
        watch.allows(session, decision, voted)
    }

    /// The ballots that were counted, added up anew from the events.
    pub(in super::super) fn tally(&self, electors: &[Elector]) -> Tally {
        let mut tally = Tally::default();
        for elector in electors {
            let side = match self.of(elector.agent).counted {
                Some((vote, _)) => tally.side_mut(vote),
                None => &mut tally.outstanding,
            };
            side.add(elector.weight_milli);
        }
        tally
    }

    /// Whether the ballots counted really lead to this decision.
    pub(super) fn supports(&self, poll: &Poll, decision: Decision) -> bool {
        let tally = self.tally(poll.ballots.electors());
        if !poll.proposal.options.is_empty() {
            return self.supports_choice(poll, tally, decision);
        }
        let rule = &poll.proposal.algorithm.rule;
        let settled = rule.settled(&tally);
        settled.unwrap_or_else(|| rule.at_deadline(&tally)) == decision
    }
}
