//! How much is enough where ballots are counted (C4, C5).

use super::{Reading, Row, Scale, first, first_by, share};
use crate::coordination::consensus::proposal::Proposal;
use crate::coordination::consensus::quorum::Share;
use crate::scenario::Scenario;
use crate::scenario::file::{ProposalFile, ScenarioFile};
use crate::view::figure;

const ALGORITHMS: [&str; 5] = ["simple", "supermajority", "unanimous", "quorum", "weighted"];
/// The first of those that take a share of one's own.
const QUORUM: usize = 3;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "approved-by",
        label: "Approved by",
        read: |scenario| {
            let (_, file, place) = shown(scenario)?;
            let words =
                ["more than half", "two thirds", "everyone", "a share", "a share of weight"];
            // Weights by domain count for nothing where heads are counted.
            let options = if file.domain_weights.is_empty() { &words[..] } else { &[] };
            Some(Reading::new(place as u32, Scale::List(options.to_vec())))
        },
        write: |file, value| {
            let proposal = written(file)?;
            proposal.algorithm = ALGORITHMS.get(value as usize).map(|&name| name.to_owned());
            if (value as usize) < QUORUM {
                proposal.threshold = None;
            }
            Some(())
        },
    },
    Row {
        id: "share",
        label: "Share needed",
        read: |scenario| {
            let (proposal, _, place) = shown(scenario)?;
            let asked = proposal.algorithm.rule.share;
            let percent = match asked {
                _ if place < QUORUM => return None,
                Share::AtLeast(millionths) => (millionths / 10_000) as u32,
                _ => 51,
            };
            let words = Some(figure::share(asked));
            Some(Reading { words, ..Reading::number(percent, (51, 100), 1, " %") })
        },
        write: |file, value| {
            written(file)?.threshold = Some(share(value));
            Some(())
        },
    },
];

/// With the place of its algorithm.
fn shown(scenario: &Scenario) -> Option<(&Proposal, &ProposalFile, usize)> {
    let place = |it: &Proposal| ALGORITHMS.iter().position(|name| *name == it.algorithm.name);
    first(scenario, place)
}

fn written(file: &mut ScenarioFile) -> Option<&mut ProposalFile> {
    first_by(file, &ALGORITHMS)
}
