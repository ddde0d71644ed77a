//! How a board finds the agent for a part (W6): by contract net, or by a dispatcher's rule over what its books say of each
//! agent. A rule only chooses: the award that follows is a message with a lease, and the agent answers it.
//!
//! - [`book`]: what a board knows of an agent, from messages alone
//! - [`pick`]: the rules
//! - [`words`]: a choice in words

pub mod book;
pub mod pick;
pub mod words;

use super::score::jaccard_milli;
use crate::sim::AgentId;

use self::book::Book;
use super::task::Task;

/// A way to assign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assign {
    /// The agents bid (Smith 1980).
    #[default]
    ContractNet,
    /// One after the other.
    RoundRobin,
    /// The agent with the smallest share of its capacity in use.
    LeastLoaded,
    /// The agent whose skills fit best.
    Capability,
    /// The best by four weighted parts: load, capability, past performance, network distance.
    Adaptive,
    /// Any.
    Random,
    /// The less loaded of two drawn at random (Azar, Broder, Karlin & Upfal 1994; Mitzenmacher 2001).
    TwoChoices,
    /// The agent with the fewest open parts, by its weight.
    LeastConnections,
    /// Each agent as often as its weight says, spread evenly (nginx's smooth weighted round robin).
    SmoothWeights,
    /// The agent whose parts came back fastest, times the parts that it has and would have.
    ResponseTime,
    /// The least loaded of those with all of the skills (W8); a task for a team is split by skill where nobody has them all.
    SkillRouter,
}

impl Assign {
    /// All of them, with their names in files.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::ContractNet, "contract_net"),
        (Self::RoundRobin, "round_robin"),
        (Self::LeastLoaded, "least_loaded"),
        (Self::Capability, "capability"),
        (Self::Adaptive, "adaptive"),
        (Self::Random, "random"),
        (Self::TwoChoices, "two_choices"),
        (Self::LeastConnections, "least_connections"),
        (Self::SmoothWeights, "smooth_weights"),
        (Self::ResponseTime, "response_time"),
        (Self::SkillRouter, "skill_router"),
    ];

    /// The same in words, in the same order.
    pub const WORDS: [&'static str; 11] = [
        "contract net",
        "round robin",
        "least loaded",
        "capability",
        "adaptive",
        "random",
        "two choices",
        "least connections",
        "smooth weights",
        "response time",
        "skill router",
    ];

    /// Its place among all.
    #[must_use]
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|(it, _)| *it == self).unwrap_or_default()
    }

    /// Its name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL[self.place()].1
    }

    #[must_use]
    pub fn words(self) -> &'static str {
        Self::WORDS[self.place()]
    }

    /// Whether the board chooses by itself, from its books.
    #[must_use]
    #[inline]
    pub fn is_dispatch(self) -> bool {
        self != Self::ContractNet
    }
}

/// The weights of the parts by which [`Assign::Adaptive`] chooses, in hundredths that sum to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    pub load: u32,
    pub capability: u32,
    pub past: u32,
    pub distance: u32,
}

impl Default for Weights {
    fn default() -> Self {
        Self { load: 40, capability: 30, past: 20, distance: 10 }
    }
}

impl Weights {
    /// The parts with their names.
    #[must_use]
    pub const fn named(self) -> [(&'static str, u32); 4] {
        [
            ("load", self.load),
            ("capability", self.capability),
            ("past", self.past),
            ("distance", self.distance),
        ]
    }
}

/// The merit of an agent under a rule, as it was when it was chosen or passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merit {
    /// It is its turn, or it was drawn.
    Turn,
    /// Units of work that it has, of those that it can carry.
    Load { load: u32, capacity: u32 },
    /// The match of its skills, from 0 to 100 000; of equals the less loaded goes first.
    Fit { match_milli: u64, load: u32, capacity: u32 },
    /// The weighted points for load, capability, past and distance, in thousandths.
    Points([u64; 4]),
    /// Open parts, and its weight.
    Open { open: u32, weight: u32 },
    /// Its current weight in the smooth round robin, its own included; and its own.
    Smooth { current: i64, weight: u32 },
    /// The average time to a result, if there was any, in microseconds; and its open parts.
    Response { average_us: Option<u64>, open: u32 },
}

/// The share in use, in parts per million; all of it where nothing can be carried.
#[inline]
fn share_ppm(load: u32, capacity: u32) -> u64 {
    (u64::from(load) * 1_000_000).checked_div(capacity.into()).unwrap_or(1_000_000)
}

impl Merit {
    /// Less is better.
    #[must_use]
    #[inline]
    pub fn rank(self) -> (i64, u64) {
        match self {
            Self::Turn => (0, 0),
            Self::Load { load, capacity } => (0, share_ppm(load, capacity)),
            Self::Fit { match_milli, load, capacity } => {
                (-match_milli.cast_signed(), share_ppm(load, capacity))
            }
            Self::Points(points) => (-points.iter().sum::<u64>().cast_signed(), 0),
            Self::Open { open, weight } => {
                (0, u64::from(open) * 1_000_000 / u64::from(weight.max(1)))
            }
            Self::Smooth { current, .. } => (-current, 0),
            // An agent without a result is tried with one part, as in Finagle's balancer: nobody knows yet whether it is slow.
            Self::Response { average_us: None, open: 0 } => (0, 0),
            Self::Response { average_us: None, open } => (i64::MAX, open.into()),
            Self::Response { average_us: Some(average_us), open } => {
                let busy_us = average_us.saturating_mul(u64::from(open) + 1);
                (busy_us.min(i64::MAX as u64 - 1).cast_signed(), open.into())
            }
        }
    }

    /// The merit of the agent of this book for the task; `current` is its current weight where turns are smooth.
    #[must_use]
    #[inline]
    pub fn of(assign: Assign, weights: Weights, task: &Task, book: &Book, current: i64) -> Self {
        let (load, open, weight) = (book.load, book.open, book.weight());
        let capacity = book.capacity();
        match assign {
            Assign::ContractNet | Assign::RoundRobin | Assign::Random => Self::Turn,
            Assign::LeastLoaded | Assign::TwoChoices | Assign::SkillRouter => {
                Self::Load { load, capacity }
            }
            Assign::Capability => Self::Fit {
                match_milli: jaccard_milli(book.skills(), &task.skills),
                load,
                capacity,
            },
            Assign::Adaptive => Self::Points(points(weights, task, book)),
            Assign::LeastConnections => Self::Open { open, weight },
            Assign::SmoothWeights => Self::Smooth { current: current + i64::from(weight), weight },
            Assign::ResponseTime => Self::Response { average_us: book.average_us(), open },
        }
    }
}

/// The weighted points: the free share of the capacity, the match of skills (both as in [`super::score`]), the share of its
/// attempts that succeeded (100 with none), and 100 by the number of links between.
#[inline]
fn points(weights: Weights, task: &Task, book: &Book) -> [u64; 4] {
    let free_milli = 100_000 - share_ppm(book.load, book.capacity()).min(1_000_000) / 10;
    let tried = u64::from(book.done) + u64::from(book.failed);
    let past_milli = (u64::from(book.done) * 100_000).checked_div(tried).unwrap_or(100_000);
    let parts = [
        (free_milli, weights.load),
        (jaccard_milli(book.skills(), &task.skills), weights.capability),
        (past_milli, weights.past),
        (100_000 / u64::from(book.hops.max(1)), weights.distance),
    ];
    parts.map(|(milli, weight)| (milli * u64::from(weight) + 50) / 100)
}

/// How an agent came to be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub assign: Assign,
    /// The agents that could take it, where all were looked at.
    pub able: Option<u32>,
    /// The best of them, the chosen one first.
    pub listed: Vec<(AgentId, Merit)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_names_in_files_with_spaces() {
        for (assign, name) in Assign::ALL {
            assert_eq!(assign.words(), name.replace('_', " "));
            assert_eq!((assign.name(), Assign::ALL[assign.place()].0), (name, assign));
        }
    }

    #[test]
    fn an_agent_without_a_result_is_tried_with_one_part() {
        let rank = |average_us, open| Merit::Response { average_us, open }.rank();
        assert!(rank(None, 0) < rank(Some(1), 0));
        assert!(rank(None, 1) > rank(Some(1_000_000), 5));
        assert!(rank(Some(400), 1) > rank(Some(700), 0));
    }
}
