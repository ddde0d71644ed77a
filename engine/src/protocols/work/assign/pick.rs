//! The rules by which a dispatcher chooses among the agents that can take a task.

use super::book::Book;
use super::{Assign, Choice, Merit, Weights};
use crate::map::Map;
use crate::protocols::work::task::Task;
use crate::sim::AgentId;

/// So many agents are kept with a choice, the chosen one first.
const LISTED_MAX: usize = 8;

/// Draws at random before all are looked at.
const DRAWS_MAX: u32 = 8;

/// Whose turn it is. It does not survive a crash of the board: turns begin anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turns {
    /// The agent that had the last turn.
    last: Option<AgentId>,
    /// The current weights of the smooth round robin.
    current: Map<AgentId, i64>,
}

/// A choice to be made.
pub struct Question<'a> {
    pub assign: Assign,
    pub weights: Weights,
    pub task: &'a Task,
    /// The agents in the order of the scenario.
    pub members: &'a [AgentId],
    /// Their books, by number.
    pub books: &'a [Book],
}

/// A number from 0 up to, without, another.
pub type Draw<'a> = dyn FnMut(u64) -> u64 + 'a;

impl Question<'_> {
    #[inline]
    fn merit(&self, agent: AgentId, turns: &Turns) -> Option<Merit> {
        let book = self.books.get(agent.index())?;
        let current = turns.current.get(&agent).copied().unwrap_or_default();
        Some(Merit::of(self.assign, self.weights, self.task, book, current))
    }

    /// The agent that gets it, of those that may.
    #[inline]
    pub fn answer(
        &self,
        turns: &mut Turns,
        may: &dyn Fn(AgentId) -> bool,
        draw: &mut Draw<'_>,
    ) -> Option<Choice> {
        let one = |agent| Choice {
            assign: self.assign,
            able: None,
            listed: self.merit(agent, turns).map(|merit| (agent, merit)).into_iter().collect(),
        };
        match self.assign {
            Assign::ContractNet => None,
            Assign::RoundRobin => {
                let agent = self.next(turns.last, may)?;
                let choice = one(agent);
                turns.last = Some(agent);
                Some(choice)
            }
            Assign::Random => self.any(may, None, draw).map(one),
            Assign::TwoChoices => {
                let first = self.any(may, None, draw)?;
                let mut choice = one(first);
                if let Some(second) = self.any(may, Some(first), draw) {
                    choice.listed.extend(one(second).listed);
                    if let [(_, merit), (_, other)] = choice.listed[..]
                        && other.rank() < merit.rank()
                    {
                        choice.listed.swap(0, 1);
                    }
                }
                Some(choice)
            }
            Assign::SmoothWeights => {
                let choice = self.best(turns, may)?;
                self.turn_smoothly(turns, may, choice.listed.first()?.0);
                Some(choice)
            }
            _ => self.best(turns, may),
        }
    }

    /// The first that may after the last one, around.
    #[inline]
    fn next(&self, last: Option<AgentId>, may: &dyn Fn(AgentId) -> bool) -> Option<AgentId> {
        let after = last.map_or(0, |last| self.members.partition_point(|it| *it <= last));
        let (before, rest) = self.members.split_at(after);
        rest.iter().chain(before).copied().find(|agent| may(*agent))
    }

    /// Any that may, each as likely as the others, but not this one.
    #[inline]
    fn any(
        &self,
        may: &dyn Fn(AgentId) -> bool,
        but: Option<AgentId>,
        draw: &mut Draw<'_>,
    ) -> Option<AgentId> {
        let may = |agent: AgentId| Some(agent) != but && may(agent);
        if self.members.is_empty() {
            return None;
        }
        for _ in 0..DRAWS_MAX {
            let agent = self.members[draw(self.members.len() as u64) as usize];
            if may(agent) {
                return Some(agent);
            }
        }
        let able: Vec<AgentId> = self.members.iter().copied().filter(|it| may(*it)).collect();
        if able.is_empty() { None } else { Some(able[draw(able.len() as u64) as usize]) }
    }

    /// The best by merit; of equals the first in the scenario.
    #[inline]
    fn best(&self, turns: &Turns, may: &dyn Fn(AgentId) -> bool) -> Option<Choice> {
        let mut listed: Vec<(AgentId, Merit)> = Vec::with_capacity(LISTED_MAX + 1);
        let mut able = 0;
        for agent in self.members.iter().copied().filter(|agent| may(*agent)) {
            let Some(merit) = self.merit(agent, turns) else { continue };
            able += 1;
            let place = listed.partition_point(|(_, it)| it.rank() <= merit.rank());
            if place < LISTED_MAX {
                listed.insert(place, (agent, merit));
                listed.truncate(LISTED_MAX);
            }
        }
        let choice = Choice { assign: self.assign, able: Some(able), listed };
        (able > 0).then_some(choice)
    }

    /// Every agent that may gains its weight, and the chosen one gives back the sum.
    #[inline]
    fn turn_smoothly(&self, turns: &mut Turns, may: &dyn Fn(AgentId) -> bool, chosen: AgentId) {
        let mut sum = 0;
        for agent in self.members.iter().copied().filter(|agent| may(*agent)) {
            let weight = self.books.get(agent.index()).map_or(1, Book::weight);
            let current = turns.current.get(&agent).copied().unwrap_or_default();
            turns.current.insert(agent, current + i64::from(weight));
            sum += i64::from(weight);
        }
        if let Some(current) = turns.current.get_mut(&chosen) {
            *current -= sum;
        }
    }
}
