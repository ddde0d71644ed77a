//! Votes as pictures and words that several protocols show.

use super::ballot::Vote;
use super::frame::ProposalFrame;
use super::quorum::Decision;
use crate::common::figure::decision;
use crate::protocol::document::{Sign, Tint};

/// The colour of a vote.
#[must_use]
pub const fn tint(vote: Vote) -> Tint {
    match vote {
        Vote::For => Tint::For,
        Vote::Against => Tint::Against,
        Vote::Abstain => Tint::Abstain,
    }
}

/// A vote: filled once it is counted, outlined on its way.
#[must_use]
pub const fn vote_sign(vote: Vote, counted: bool) -> Sign {
    match vote {
        Vote::For => Sign::For { counted },
        Vote::Against => Sign::Against { counted },
        Vote::Abstain => Sign::Abstain { counted },
    }
}

/// Who holds what: "4 hold approved, 1 holds timeout"; among liars "3 honest hold approved, 1 lies".
#[must_use]
pub fn held(proposal: &ProposalFrame) -> String {
    let kinds = [Decision::Approved, Decision::Rejected, Decision::Timeout];
    let liars = proposal.liars.len();
    let honest = if proposal.viewer().is_some() || liars > 0 { " honest" } else { "" };
    let lie = if liars == 1 { "lies" } else { "lie" };
    let parts = kinds
        .into_iter()
        .zip(proposal.held)
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| {
            let verb = if count == 1 { "holds" } else { "hold" };
            format!("{count}{honest} {verb} {}", decision(kind).to_ascii_lowercase())
        })
        .chain((liars > 0).then(|| format!("{liars} {lie}")));
    parts.collect::<Vec<_>>().join(", ")
}
