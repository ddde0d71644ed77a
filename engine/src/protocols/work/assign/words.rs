//! A choice in words, and in figures that a bar can show.

use super::{Assign, Choice, Merit, Weights};
use crate::common::figure::{milli_short, span};
use crate::protocol::words::counted;
use crate::sim::AgentId;

/// "0.4 load + 0.3 capability + 0.2 past + 0.1 distance".
#[must_use]
pub fn formula(weights: Weights) -> String {
    let parts = weights.named().into_iter().filter(|(_, weight)| *weight > 0);
    let parts =
        parts.map(|(name, weight)| format!("{} {name}", milli_short(u64::from(weight) * 10)));
    parts.collect::<Vec<_>>().join(" + ")
}

impl Assign {
    /// The rule in a few words: "adaptive: 0.4 load + …", "least loaded".
    #[must_use]
    pub fn rule(self, weights: Weights) -> String {
        match self {
            Self::Adaptive => format!("adaptive: {}", formula(weights)),
            _ => self.words().to_owned(),
        }
    }
}

/// Points with at most one decimal.
fn points(milli: u64) -> String {
    milli_short((milli + 50) / 100 * 100)
}

impl Merit {
    /// The same in words: "carries 20 of 100", "84.5 points".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Turn => String::new(),
            Self::Load { load, capacity } => format!("carries {load} of {capacity}"),
            Self::Fit { match_milli, load, capacity } => {
                format!("skill match {} %, carries {load} of {capacity}", points(match_milli))
            }
            Self::Points(parts) => format!("{} points", points(parts.iter().sum())),
            Self::Open { open, weight: 1 } => counted(open as usize, "open part"),
            Self::Open { open, weight } => {
                format!("{}, weight {weight}", counted(open as usize, "open part"))
            }
            Self::Smooth { current, weight } => format!("current weight {current}, own {weight}"),
            Self::Response { average_us: None, open } => {
                format!("no result yet, {}", counted(open as usize, "open part"))
            }
            Self::Response { average_us: Some(average_us), open } => {
                format!("{} on average × {}", span(average_us), u64::from(open) + 1)
            }
        }
    }

    /// The parts of the points, each with its name and in thousandths; none under another rule.
    #[must_use]
    pub fn parts(self) -> Option<[u64; 4]> {
        if let Self::Points(parts) = self { Some(parts) } else { None }
    }
}

/// "load 100 × 0.4 + capability 50 × 0.3 + past 100 × 0.2 + distance 100 × 0.1 = 85".
fn sum(parts: [u64; 4], weights: Weights) -> String {
    let told = weights.named().into_iter().zip(parts).filter_map(|((name, weight), milli)| {
        let whole = (milli * 100).checked_div(u64::from(weight))?;
        Some(format!("{name} {} × {}", points(whole), milli_short(u64::from(weight) * 10)))
    });
    let told = told.collect::<Vec<_>>().join(" + ");
    format!("{told} = {}", points(parts.iter().sum()))
}

impl Choice {
    /// Why the agent was chosen, in sentences.
    #[must_use]
    pub fn grounds<'a>(&self, weights: Weights, name: &dyn Fn(AgentId) -> &'a str) -> Vec<String> {
        let Some((first, merit)) = self.listed.first() else { return Vec::new() };
        let first = name(*first);
        let said = |merit: Merit| match merit.parts() {
            Some(parts) => sum(parts, weights),
            None => merit.words(),
        };
        match self.assign {
            Assign::ContractNet => Vec::new(),
            Assign::RoundRobin => {
                vec![format!("Round robin: of those with room, it was {first}’s turn.")]
            }
            Assign::Random => vec![format!("{first} was drawn at random among those with room.")],
            Assign::TwoChoices => match self.listed.get(1) {
                None => vec![format!("{first} was the only one with room.")],
                Some((second, other)) => vec![format!(
                    "Two were drawn at random: {first} {}, {} {}. {}.",
                    merit.words(),
                    name(*second),
                    other.words(),
                    if other.rank() == merit.rank() {
                        "Of equals the first drawn gets it"
                    } else {
                        "The less loaded gets it"
                    },
                )],
            },
            _ => {
                let mut told = Vec::new();
                told.push(match self.able {
                    Some(1) => format!("{first} was the only one with room: {}.", said(*merit)),
                    able => format!(
                        "Of {} with room, {first} came first: {}.",
                        able.unwrap_or_default(),
                        said(*merit)
                    ),
                });
                if let Some((second, other)) = self.listed.get(1) {
                    let second = name(*second);
                    told.push(match other.rank() == merit.rank() {
                        true => format!(
                            "{second} stands as well: of equals, the first in the scenario goes first."
                        ),
                        false => format!("Next was {second}: {}.", said(*other)),
                    });
                }
                told
            }
        }
    }
}
