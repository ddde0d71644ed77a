//! The outcome of a choice between options, for machines (C9).

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::common::consensus::choice::OptionId;
use crate::common::consensus::facts::Facts;
use crate::common::consensus::manager::Poll;
use crate::common::consensus::quorum::Measure;
use crate::protocol::note::Names;

/// Figures of a choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChoiceDetails {
    /// Votes, or weight, for each option.
    pub options: InOrder,
    /// The winning option; `null` when there is none.
    pub winner: Option<String>,
    /// Whether others had as much as the winner, which stands first among them.
    pub tie: bool,
    /// The winning option that each agent holds; agents that hold none are left out.
    pub winner_by_agent: BTreeMap<String, String>,
}

/// Options in the order that resolves ties; in JSON an object.
#[derive(Clone, Debug, PartialEq)]
pub struct InOrder(pub Vec<(String, Amount)>);

impl Serialize for InOrder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, amount)| (name, amount)))
    }
}

/// The votes or the weight of an option.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Amount {
    Votes(u64),
    Weight(f64),
}

/// The figures, if it is a choice.
#[must_use]
pub fn details(names: &dyn Names, poll: &Poll, facts: &Facts) -> Option<ChoiceDetails> {
    let count = poll.count()?;
    let name = |option: OptionId| poll.proposal.options.get(usize::from(option)).cloned();
    let amount = |side| match count.rule.measure {
        Measure::Heads => Amount::Votes(count.rule.of(side)),
        Measure::Weight => Amount::Weight(count.rule.of(side) as f64 / 1_000.0),
    };
    let options = poll.proposal.options.iter().zip(count.options);
    let held = poll.ballots.electors().iter().filter_map(|elector| {
        let winner = facts.of(elector.agent).winner.and_then(name)?;
        Some((names.agent(elector.agent).to_owned(), winner))
    });
    Some(ChoiceDetails {
        options: InOrder(options.map(|(name, side)| (name.clone(), amount(*side))).collect()),
        winner: poll.winner.and_then(name),
        tie: poll.winner.is_some() && count.standing().tie,
        winner_by_agent: held.collect(),
    })
}
