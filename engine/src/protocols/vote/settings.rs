//! How much is enough where ballots are counted (C4, C5), and which option wins (C9).

use crate::common::consensus::choice::section::ChoiceRule;
use crate::common::consensus::section::WrittenProposal;
use crate::common::room::Members;
use crate::common::settings::{Settings, first, first_by, share};
use crate::map::Map;
use crate::protocol::setting::{Scale, Setting};

const ALGORITHMS: [&str; 5] = ["simple", "supermajority", "unanimous", "quorum", "weighted"];
const WORDS: &[&str] =
    &["more than half", "two thirds", "everyone", "share of heads", "share of weight"];
/// The first of those that take a share of one's own.
const QUORUM: u32 = 3;

pub(super) fn list(cast: &dyn Members) -> Option<Vec<Setting>> {
    let mut settings = Settings::default();
    let (proposal, file) = first(cast, |it| it.algorithm.is_counted())?;
    if !proposal.options.is_empty() {
        let rule = file.field::<ChoiceRule>("rule") as u32;
        let options = &["most votes", "most weight", "all votes"];
        settings.add("wins-by", "Wins by", rule, Scale::List(options));
        return Some(settings.0);
    }
    let place = ALGORITHMS.iter().position(|it| *it == proposal.algorithm.name)? as u32;
    // Weights by domain count for nothing where heads are counted.
    if file.field::<Map<String, f64>>("domain_weights").keys().next().is_none() {
        settings.add("approved-by", "Approved by", place, Scale::List(WORDS));
    }
    if place >= QUORUM {
        settings.share(("share-needed", "Share needed"), proposal.algorithm.rule.share);
    }
    Some(settings.0)
}

pub(super) fn set(proposals: &mut [WrittenProposal], id: &str, value: u32) -> Option<()> {
    let [a, b, c, d, e] = ALGORITHMS;
    let proposal = first_by(proposals, &[a, b, c, d, e, "federated"])?;
    match id {
        "approved-by" => {
            proposal.put("algorithm", ALGORITHMS.get(value as usize)?);
            if value < QUORUM {
                proposal.leave_out("threshold");
            }
        }
        "share-needed" => proposal.put("threshold", &share(value)),
        "wins-by" => {
            let rules = [ChoiceRule::Majority, ChoiceRule::Weighted, ChoiceRule::Unanimous];
            proposal.put("rule", rules.get(value as usize)?);
        }
        _ => return None,
    }
    Some(())
}
