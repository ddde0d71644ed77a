//! A task as its manager holds it, from its submission to its end.

use std::sync::Arc;

use super::account::Account;
use super::assess::Check;
use super::assign::Choice;
use super::pause::Pause;
use super::reputation::Outcome;
use super::score::Score;
use super::synthesis::{PartEnd, Reason, Synthesis};
use super::talk::{Bid, Lease};
use super::task::{Complexity, Task, TaskId};
use super::team::Team;
use crate::map::Map;
use crate::order::sort_by_key;
use crate::sim::{AgentId, LocalTime};

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// For what it depends on, for its turn, or for somebody to be free.
    Waiting,
    /// Bids are waited for.
    Announced,
    /// It was awarded.
    Working,
    Ended,
}

/// An agent's answer to the announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Bid(Bid),
    No(Check),
    /// It carries too much now, and has these skills of those asked for.
    Later(Arc<Vec<Arc<str>>>),
}

impl Answer {
    /// The check that the agent failed, if it does not bid.
    #[must_use]
    pub const fn check(&self) -> Option<Check> {
        match self {
            Self::Bid(_) => None,
            Self::No(check) => Some(*check),
            Self::Later(_) => Some(Check::Load),
        }
    }
}

/// The bids among answers, by the numbers of the agents.
#[must_use]
#[inline]
pub fn bids_among(answers: &[(AgentId, Answer)]) -> Map<AgentId, &Bid> {
    let mut bids = Vec::with_capacity(answers.len());
    for (agent, answer) in answers {
        if let Answer::Bid(bid) = answer {
            bids.push((*agent, bid));
        }
    }
    bids.sort_by_key(|(agent, _)| *agent);
    bids.into_iter().collect()
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptEnd {
    Done,
    Failed,
    /// Its lease ended before a result came.
    Expired,
    /// The agent could not after all.
    NotTaken(Check),
    /// The agent let another have it.
    Moved,
    /// It ended with the task.
    Cancelled,
}

impl AttemptEnd {
    /// Whether the agent never tried: it could not take the part, or let another have it.
    #[must_use]
    pub const fn is_no_try(self) -> bool {
        matches!(self, Self::NotTaken(_) | Self::Moved)
    }
}

/// An agent's try at a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub agent: AgentId,
    pub awarded_us: LocalTime,
    /// Whether the agent has said that it has it.
    pub taken: bool,
    /// How far it is, as it was told.
    pub permille: u16,
    /// When the work began, as far as it was told: so long after the award as the agent says that it waited.
    pub began_us: Option<LocalTime>,
    /// Whether a result came after its end.
    pub late: bool,
    /// How it ended, and when.
    pub end: Option<(AttemptEnd, LocalTime)>,
    /// The account of the agent's workers, if it is a manager.
    pub account: Option<Arc<Account>>,
    /// How a rule chose the agent; `None` where it bid, and where the team had it for the part.
    pub choice: Option<Arc<Choice>>,
    /// Its pauses, in order.
    pub pauses: Vec<Pause>,
}

impl Attempt {
    #[must_use]
    pub fn new(agent: AgentId, awarded_us: LocalTime) -> Self {
        Self {
            agent,
            awarded_us,
            taken: false,
            permille: 0,
            began_us: None,
            late: false,
            end: None,
            account: None,
            choice: None,
            pauses: Vec::new(),
        }
    }

    /// The number of attempts that it counts as; for a manager, as many as its workers made.
    #[must_use]
    pub fn count(&self) -> usize {
        self.account.as_ref().map_or(1, |account| account.tries.len().max(1))
    }

    /// The agent's outcome, given the part's end. An agent that never heard of the award has not failed.
    #[must_use]
    pub fn outcome(&self, end: Option<&PartEnd>) -> Option<Outcome> {
        match (self.end?.0, end) {
            (AttemptEnd::Done, Some(PartEnd::Done { quality, .. })) => {
                Some(Outcome::Success { quality: *quality })
            }
            (AttemptEnd::Failed, _) => Some(Outcome::Failure),
            (AttemptEnd::Expired, _) if self.taken => Some(Outcome::Failure),
            _ => None,
        }
    }
}

/// A part that one agent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartJob {
    pub spec: Arc<Task>,
    /// The first to the last; only the last can be running.
    pub attempts: Vec<Attempt>,
    pub end: Option<PartEnd>,
}

impl PartJob {
    #[must_use]
    #[inline]
    pub fn running(&self) -> Option<&Attempt> {
        self.attempts.last().filter(|attempt| attempt.end.is_none())
    }

    /// How often the agent was awarded it.
    #[must_use]
    pub fn tried(&self, agent: AgentId) -> usize {
        self.attempts.iter().filter(|attempt| attempt.agent == agent).count()
    }

    /// The skill it is about; nothing when it is the whole task.
    #[must_use]
    pub fn focus(&self) -> Arc<str> {
        self.spec.parent.as_ref().map_or_else(|| "".into(), |parent| parent.focus.clone())
    }
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub spec: Arc<Task>,
    pub submitted_us: LocalTime,
    pub phase: Phase,
    /// It waits until somebody is free.
    pub stalled: bool,
    /// How often it was announced.
    pub announced: u32,
    /// How many announcements since its last award found nobody, though nobody was busy.
    pub in_vain: u32,
    /// The agents that were asked last, in order.
    pub asked: Arc<Vec<AgentId>>,
    /// The answers of the agents asked last, in the order they came; once the task has ended, only the bids
    /// of its team.
    pub answers: Arc<Vec<(AgentId, Answer)>>,
    /// The agents that did not bid, once the task has ended.
    refusals: Arc<Vec<(AgentId, Check)>>,
    /// The number of bids, once the task has ended.
    bids: u32,
    /// Those who can, the best first.
    pub ranking: Arc<Vec<(AgentId, Score)>>,
    pub team: Arc<Team>,
    pub parts: Vec<PartJob>,
    pub ended_us: Option<LocalTime>,
    pub synthesis: Option<Arc<Synthesis>>,
    /// The attempt whose result completed the task.
    pub completed_by: Option<Lease>,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// The agent that awarded the task to this manager, and under which lease, until the result is known to
    /// have arrived; `None` for a task of its own.
    pub on_behalf: Option<(AgentId, Lease)>,
}

impl Job {
    #[must_use]
    pub fn new(spec: Arc<Task>, submitted_us: LocalTime) -> Self {
        Self {
            spec,
            submitted_us,
            phase: Phase::Waiting,
            stalled: false,
            announced: 0,
            in_vain: 0,
            asked: Arc::default(),
            answers: Arc::default(),
            refusals: Arc::default(),
            bids: 0,
            ranking: Arc::default(),
            team: Arc::default(),
            parts: Vec::new(),
            ended_us: None,
            synthesis: None,
            completed_by: None,
            reason: None,
            on_behalf: None,
        }
    }

    /// The bids, by the numbers of the agents.
    #[must_use]
    #[inline]
    pub fn bids(&self) -> Map<AgentId, &Bid> {
        bids_among(&self.answers)
    }

    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.parts.iter().flat_map(|part| &part.attempts)
    }

    /// When it was first awarded.
    #[must_use]
    pub fn awarded_us(&self) -> Option<LocalTime> {
        self.attempts().map(|attempt| attempt.awarded_us).min()
    }

    /// When the first work on it began. An award that was not taken has not begun.
    #[must_use]
    pub fn began_us(&self) -> Option<LocalTime> {
        self.attempts().filter_map(|attempt| attempt.began_us).min()
    }

    /// It has ended: nobody weighs its bids again. A thousand tasks among a thousand agents have a million.
    pub fn let_go_of_bids(&mut self) {
        (self.bids, self.refusals) = (self.bids_came(), Arc::new(self.refusals().collect()));
        let of_team = |(agent, answer): &&(AgentId, Answer)| {
            matches!(answer, Answer::Bid(_)) && self.team.members.contains(agent)
        };
        self.answers = Arc::new(self.answers.iter().filter(of_team).cloned().collect());
    }

    /// The agents that did not bid when they were asked last, and the checks that they failed.
    pub fn refusals(&self) -> impl Iterator<Item = (AgentId, Check)> {
        let open = self.answers.iter().filter_map(|(agent, it)| Some((*agent, it.check()?)));
        open.chain(self.refusals.iter().copied())
    }

    /// How many bids came in answer to the last announcement.
    #[must_use]
    pub fn bids_came(&self) -> u32 {
        let open =
            self.answers.iter().filter(|(_, it)| matches!(it, Answer::Bid(_))).count() as u32;
        open.max(self.bids)
    }

    /// The agents that were asked last and have not answered; once bids were weighed, those not heard in
    /// time.
    #[must_use]
    pub fn silent(&self) -> Vec<AgentId> {
        if self.refusals().count() + self.bids_came() as usize >= self.asked.len() {
            return Vec::new();
        }
        let ranked = self.ranking.iter().map(|(agent, _)| *agent);
        let answered = self.answers.iter().map(|(agent, _)| *agent);
        let refused = self.refusals.iter().map(|(agent, _)| *agent);
        let mut known: Vec<AgentId> = ranked.chain(answered).chain(refused).collect();
        sort_by_key(&mut known, |agent| (agent.0.into(), 0));
        let is_silent = |agent: &AgentId| known.binary_search(agent).is_err();
        self.asked.iter().copied().filter(is_silent).collect()
    }

    /// Whether one agent was to do alone what a team may do: another may have to share it.
    #[must_use]
    pub fn is_whole_of_a_team(&self) -> bool {
        let is_whole = matches!(self.parts.as_slice(), [part] if part.focus().is_empty());
        is_whole && self.spec.complexity != Complexity::Simple && !self.spec.skills.is_empty()
    }

    /// The agent is to do this part from now on: the team is those who do it, not those who were to.
    pub fn staff(&mut self, part: usize, agent: AgentId) {
        let focus = self.parts.get(part).map(PartJob::focus).unwrap_or_default();
        if focus.is_empty() {
            let bid = self.answers.iter().find_map(|(it, answer)| match answer {
                Answer::Bid(bid) if *it == agent => Some(bid),
                _ => None,
            });
            if let Some(bid) = bid.filter(|_| self.team.members != [agent]) {
                self.team = Arc::new(Team::alone(&self.spec, agent, &bid.skills));
            }
            return;
        }
        let team = Arc::make_mut(&mut self.team);
        match team.by_skill.iter_mut().find(|(skill, _)| *skill == focus) {
            Some((_, taker)) => *taker = agent,
            None => team.by_skill.push((focus, agent)),
        }
        let by_skill = &team.by_skill;
        team.members.retain(|member| by_skill.iter().any(|(_, taker)| taker == member));
        if !team.members.contains(&agent) {
            team.members.push(agent);
        }
    }

    /// The agents that worked on it or were to, in the order of parts and attempts; for a manager's part, its
    /// workers.
    #[must_use]
    pub fn crew(&self) -> Vec<AgentId> {
        let mut crew = Vec::new();
        for attempt in self.attempts() {
            let agents = attempt.account.as_ref().map_or_else(Vec::new, |it| it.agents());
            let agents = if agents.is_empty() { vec![attempt.agent] } else { agents };
            for agent in agents {
                if !crew.contains(&agent) {
                    crew.push(agent);
                }
            }
        }
        crew
    }

    /// The agents that can, with their scores, the best first; for a manager's part, its workers.
    #[must_use]
    pub fn scores(&self) -> Vec<(AgentId, Score)> {
        let told = self.attempts().filter_map(|attempt| attempt.account.as_ref());
        let mut scores = (*self.ranking).clone();
        for (agent, score) in told.flat_map(|it| &it.ranking) {
            if !scores.iter().any(|(known, _)| known == agent) {
                scores.push((*agent, *score));
            }
        }
        scores
    }

    /// How many do it, and whether several of its parts are done at the same time.
    #[must_use]
    pub fn team_size(&self) -> (usize, bool) {
        let told = self.attempts().filter_map(|attempt| attempt.account.as_ref());
        let (mut agents, mut parts) = (Vec::new(), 0);
        for it in told.flat_map(|account| account.done()) {
            parts += 1;
            if !agents.contains(&it.agent) {
                agents.push(it.agent);
            }
        }
        match parts {
            0 => (self.team.members.len(), self.parts.len() > 1),
            _ => (agents.len(), parts > 1),
        }
    }

    /// The outcomes of its attempts by agent, in order; a manager's attempt counts as those of its workers.
    pub fn outcomes(&self) -> impl Iterator<Item = (AgentId, Outcome)> {
        let told = |part: &PartJob| -> Vec<(AgentId, Outcome)> {
            let mut told = Vec::new();
            for attempt in &part.attempts {
                match &attempt.account {
                    Some(account) => told.extend(
                        account.tries.iter().filter_map(|it| Some((it.agent, it.outcome?))),
                    ),
                    None => told.extend(
                        attempt.outcome(part.end.as_ref()).map(|outcome| (attempt.agent, outcome)),
                    ),
                }
            }
            told
        };
        self.parts.iter().flat_map(told)
    }

    /// The parts that wait for an agent to take them. A part whose turn has not come is none of them.
    #[inline]
    pub fn open_parts(&self) -> impl Iterator<Item = (u16, &PartJob)> {
        let numbered = (0_u16..).zip(&self.parts);
        numbered.filter(|(_, part)| {
            part.end.is_none() && part.running().is_none() && self.is_ready(part)
        })
    }

    /// The attempts that run.
    #[inline]
    pub fn running(&self, task: TaskId) -> impl Iterator<Item = (Lease, &Attempt)> {
        (0_u16..).zip(&self.parts).filter_map(move |(number, part)| {
            let attempt = part.attempts.len() as u16;
            Some((Lease { task, part: number, attempt }, part.running()?))
        })
    }

    /// Whether the task is done once this part of it is.
    #[must_use]
    pub fn lacks_only(&self, part: u16) -> bool {
        let mut others = (0_u16..).zip(&self.parts).filter(|(number, _)| *number != part);
        let is_whole = |part: &PartJob| part.end.as_ref().is_some_and(PartEnd::is_whole);
        self.team.uncovered.is_empty() && others.all(|(_, other)| is_whole(other))
    }

    /// Whether somebody works on it.
    #[must_use]
    #[inline]
    pub fn is_running(&self) -> bool {
        self.parts.iter().any(|part| part.running().is_some())
    }
}
