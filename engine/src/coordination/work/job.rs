//! A task as its manager holds it, from its submission to its end.

use std::sync::Arc;

use super::assess::Check;
use super::score::Score;
use super::synthesis::{PartEnd, Reason, Synthesis};
use super::talk::{Bid, Lease};
use super::task::{Task, TaskId};
use super::team::Team;
use crate::map::Map;
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

/// What an agent has answered to the announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Bid(Arc<Bid>),
    No(Check),
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
    /// It ended with the task.
    Cancelled,
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
    /// Whether a result came when it was over.
    pub late: bool,
    /// How it ended, and when.
    pub end: Option<(AttemptEnd, LocalTime)>,
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
    /// How often it was announced,
    pub announced: u32,
    /// and how often of these, since it was last awarded, nobody took it though nobody was busy.
    pub in_vain: u32,
    /// How many were asked last,
    pub asked: u32,
    /// and what they answered, in the order it came.
    pub answers: Arc<Vec<(AgentId, Answer)>>,
    /// Those who can, the best first.
    pub ranking: Arc<Vec<(AgentId, Score)>>,
    pub team: Team,
    pub parts: Vec<PartJob>,
    /// When it was first awarded.
    pub started_us: Option<LocalTime>,
    pub ended_us: Option<LocalTime>,
    pub synthesis: Option<Arc<Synthesis>>,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// Whose task it is, and under which lease: of a manager that was awarded it, until its result is known
    /// to have arrived.
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
            asked: 0,
            answers: Arc::default(),
            ranking: Arc::default(),
            team: Team::default(),
            parts: Vec::new(),
            started_us: None,
            ended_us: None,
            synthesis: None,
            reason: None,
            on_behalf: None,
        }
    }

    /// Who can, with what it said, by number.
    #[must_use]
    pub fn bids(&self) -> Map<AgentId, Arc<Bid>> {
        let mut bids = Map::new();
        for (agent, answer) in &*self.answers {
            if let Answer::Bid(bid) = answer {
                bids.insert(*agent, bid.clone());
            }
        }
        bids
    }

    /// Those it waits for somebody to take.
    pub fn open_parts(&self) -> impl Iterator<Item = (u16, &PartJob)> {
        let numbered = (0_u16..).zip(&self.parts);
        numbered.filter(|(_, part)| part.end.is_none() && part.running().is_none())
    }

    /// The attempts that run.
    pub fn running(&self, task: TaskId) -> impl Iterator<Item = (Lease, &Attempt)> {
        (0_u16..).zip(&self.parts).filter_map(move |(number, part)| {
            let attempt = part.attempts.len() as u16;
            Some((Lease { task, part: number, attempt }, part.running()?))
        })
    }

    /// Whether somebody works on it.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.parts.iter().any(|part| part.running().is_some())
    }
}
