//! The facts about each proposal that only an observer can know.

pub mod options;

use self::options::Options;
use crate::common::consensus::ballot::{Elector, Refusal, Vote};
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::manager::Poll;
use crate::common::consensus::quorum::{Decision, Tally};
use crate::sim::{AgentId, EventId};

/// The truth about one agent and one proposal. Times are virtual, in microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct AgentFacts {
    pub heard_us: Option<u64>,
    /// The vote that it decided on, whether or not its ballot arrived.
    pub voted: Option<(Vote, u64)>,
    pub counted: Option<(Vote, u64)>,
    pub refused: Option<Refusal>,
    /// Its ballot was lost on the way, and not sent again.
    pub lost: bool,
    /// The outcome it holds.
    pub outcome: Option<(Decision, u64)>,
    /// The option that it is for, and the one that was counted for it; nothing of a yes-or-no vote.
    pub picked: Option<OptionId>,
    pub counted_for: Option<OptionId>,
    /// The option that it holds to have won; nothing of a yes-or-no vote.
    pub winner: Option<OptionId>,
}

/// The truth about one proposal, whether any agent knows it or not. Times are virtual, in microseconds.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub opened_us: u64,
    /// The agent that opened it.
    pub counter: Option<AgentId>,
    /// Whether agents decide by themselves, and the coordinator only keeps the records, as far as they reach it.
    pub is_decided_by_agents: bool,
    /// The coordinator's decision, and when it was made.
    pub decided: Option<(Decision, u64)>,
    pub closed_us: Option<u64>,
    /// Messages sent about it, end to end, and their bytes.
    pub messages: u64,
    pub bytes: u64,
    /// The options that were voted for, and the one that has won; empty of a yes-or-no vote.
    pub options: Options,
    pub agents: Vec<AgentFacts>,
    /// Those that the vote bears as faulty: what they hold does not count.
    pub faulty: Vec<AgentId>,
    /// How many agents hold each outcome, as [`Facts::heeds`] counts them: approved, rejected, timeout. Every
    /// statement of the overall outcome is based on them.
    pub held: [u32; 3],
    pub last_learned: EventId,
    /// Who may vote.
    pub electorate: Vec<AgentId>,
    /// The electors that lied while it went on.
    pub liars: Vec<AgentId>,
    /// The last loss of what would have told it to an agent that was there.
    pub last_untold: Option<EventId>,
}

impl Facts {
    #[must_use]
    pub fn of(&self, agent: AgentId) -> AgentFacts {
        self.agents.get(agent.index()).copied().unwrap_or_default()
    }

    #[inline]
    pub fn of_mut(&mut self, agent: AgentId) -> &mut AgentFacts {
        if self.agents.len() <= agent.index() {
            self.agents.resize(agent.index() + 1, AgentFacts::default());
        }
        &mut self.agents[agent.index()]
    }

    /// How it came out for the swarm as a whole: `split` when the agents, or the coordinator and
    /// they, hold different outcomes; `None` while nobody holds one.
    #[must_use]
    #[inline]
    pub fn decision(&self) -> Option<Decision> {
        let agents_count = self.is_decided_by_agents && self.held.iter().any(|count| *count > 0);
        let decided = self.decided.filter(|_| !agents_count).map(|(decided, _)| decided);
        let mut only = None;
        for decision in [Decision::Approved, Decision::Rejected, Decision::Timeout] {
            if self.held[decision as usize] > 0 || decided == Some(decision) {
                if only.is_some() {
                    return Some(Decision::Split);
                }
                only = Some(decision);
            }
        }
        only.map(|only| if self.options.differ { Decision::Split } else { only })
    }

    /// Whether what the agent holds counts: only what honest agents hold does.
    #[inline]
    pub fn heeds(&self, agent: AgentId) -> bool {
        !self.liars.contains(&agent) && !self.faulty.contains(&agent)
    }

    /// One agent less holds this outcome.
    pub fn let_go(&mut self, decision: Decision) {
        if let Some(held) = self.held.get_mut(decision as usize) {
            *held = held.saturating_sub(1);
        }
    }

    /// No longer counts what the agent holds, if the agent was heeded before and is not now.
    pub fn forget(&mut self, agent: AgentId, was_heeded: bool) {
        let is_lost = was_heeded && !self.heeds(agent);
        if let Some((decision, _)) = self.of(agent).outcome.filter(|_| is_lost) {
            self.let_go(decision);
        }
    }

    /// The ballots that were counted, added up anew from the events.
    pub fn tally(&self, electors: &[Elector]) -> Tally {
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
    pub fn supports(&self, poll: &Poll, decision: Decision) -> bool {
        // A record times out when too few have reported.
        let own = poll.proposal.algorithm.own.as_ref();
        if own.is_some_and(|terms| !terms.is_common()) && decision == Decision::Timeout {
            return true;
        }
        let tally = self.tally(poll.ballots.electors());
        if !poll.proposal.options.is_empty() {
            return self.supports_choice(poll, tally, decision);
        }
        let rule = &poll.proposal.algorithm.rule;
        let settled = rule.settled(&tally);
        settled.unwrap_or_else(|| rule.at_deadline(&tally)) == decision
    }
}
