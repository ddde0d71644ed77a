//! How much is enough where ballots are counted (C4, C5), and which option wins (C9).

use super::{Settings, first, first_by, share};
use crate::coordination::consensus::choice::section::ChoiceRule;
use crate::coordination::consensus::proposal::Proposal;
use crate::protocol::setting::Scale;
use crate::scenario::Scenario;
use crate::scenario::file::ScenarioFile;

const ALGORITHMS: [&str; 5] = ["simple", "supermajority", "unanimous", "quorum", "weighted"];
const WORDS: &[&str] =
    &["more than half", "two thirds", "everyone", "share of heads", "share of weight"];
/// The first of those that take a share of one's own.
const QUORUM: u32 = 3;

pub(super) fn list(scenario: &Scenario, settings: &mut Settings) -> Option<()> {
    let is_counted = |it: &Proposal| it.algorithm.gossip.is_none() && it.algorithm.rounds.is_none();
    let (proposal, file) = first(scenario, is_counted)?;
    if !proposal.options.is_empty() {
        let rule = file.rule.unwrap_or_default() as u32;
        let options = &["most votes", "most weight", "all votes"];
        settings.add("wins-by", "Wins by", rule, Scale::List(options));
        return Some(());
    }
    let place = ALGORITHMS.iter().position(|it| *it == proposal.algorithm.name)? as u32;
    // Weights by domain count for nothing where heads are counted.
    if file.domain_weights.is_empty() {
        settings.add("approved-by", "Approved by", place, Scale::List(WORDS));
    }
    if place >= QUORUM {
        settings.share(("share-needed", "Share needed"), proposal.algorithm.rule.share);
    }
    Some(())
}

pub(super) fn set(file: &mut ScenarioFile, id: &str, value: u32) -> Option<()> {
    let [a, b, c, d, e] = ALGORITHMS;
    let proposal = first_by(file, &[a, b, c, d, e, "federated"])?;
    match id {
        "approved-by" => {
            proposal.algorithm = ALGORITHMS.get(value as usize).map(|&name| name.to_owned());
            if value < QUORUM {
                proposal.threshold = None;
            }
        }
        "share-needed" => proposal.threshold = Some(share(value)),
        "wins-by" => {
            let rules = [ChoiceRule::Majority, ChoiceRule::Weighted, ChoiceRule::Unanimous];
            proposal.rule = rules.get(value as usize).copied();
        }
        _ => return None,
    }
    Some(())
}
