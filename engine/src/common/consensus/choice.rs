//! Federated choice (C9): one of several options wins. By `majority`, which is a plurality, the option
//! with the most votes; `weighted`, the one with the most weight; `unanimous`, the one that everyone
//! votes for, or none. Of options that are level the one that stands first wins, and it is a tie.
//!
//! A ballot for an option is one FOR with the place of the option beside it, so that all that knows
//! yes-and-no votes (who is missing, what was refused, how it ended) knows choices too, and those votes
//! do not spend a byte on it.

pub mod section;

use super::ballot::Vote;
use super::mind::{Mind, Reason};
use super::proposal::Proposal;
use super::quorum::{Account, Decision, Rule, Share, Side, Tally};
use crate::common::profile::Profile;

/// The place of an option in its proposal's list, from 0.
pub type OptionId = u8;

/// The most options: people cannot follow more, and a set of these fits 32 bits.
pub const OPTIONS_MAX: usize = 32;

/// An agent's knowledge of a choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The option that its own ballot names.
    pub own: Option<OptionId>,
    /// The winning option, as it has learned.
    pub winner: Option<OptionId>,
}

/// How the options stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The option with the most, the first of several; `None` while none has anything.
    pub leader: Option<OptionId>,
    /// Whether others have as much as the leader.
    pub tie: bool,
    /// The leader's amount, and the amount from which nothing that may still come can overtake it.
    pub account: Account,
}

/// The ballots on a choice, added up.
#[derive(Clone, Copy, Debug)]
pub struct Count<'a> {
    pub rule: Rule,
    /// By option.
    pub options: &'a [Side],
    pub tally: Tally,
    /// Whether what is outstanding cannot come any more.
    pub closed: bool,
}

impl Count<'_> {
    /// How the options stand to each other.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let Self { rule, options, tally, closed } = self;
        let amounts = || options.iter().map(|side| rule.of(*side));
        let lead = amounts().max().unwrap_or(0);
        let level = amounts().filter(|amount| *amount == lead).count();
        let first = amounts().position(|amount| amount == lead).unwrap_or(0);
        let outstanding = rule.of(tally.outstanding);
        let cast = rule.of(tally.in_favour) + rule.of(tally.abstain);
        let to_come = if *closed { 0 } else { outstanding };
        // The amount that the two share in the end; if both halves are level, the first in order wins.
        let shared = |rival: u64| lead + rival + to_come;
        let beats = |(place, rival)| match place < first {
            true => shared(rival) / 2 + 1,
            false => shared(rival).div_ceil(2),
        };
        let rivals = amounts().enumerate().filter(|(place, _)| *place != first);
        let needed = match rule.share {
            Share::All => cast + outstanding,
            _ => rivals.map(beats).max().unwrap_or(1),
        };
        Standing {
            leader: (lead > 0).then_some(first as OptionId),
            tie: lead > 0 && level > 1,
            account: Account { in_favour: lead, whole: cast + outstanding, outstanding, needed },
        }
    }

    /// The decision and the winning option, once no outstanding ballot can change them; `None` while open.
    #[must_use]
    pub fn settled(&self) -> Option<(Decision, Option<OptionId>)> {
        let Standing { leader, account, .. } = self.standing();
        let all_in = self.tally.outstanding.count == 0;
        if self.rule.share == Share::All {
            let voted_for = self.options.iter().filter(|side| side.count > 0).count();
            return if voted_for > 1 || self.tally.abstain.count > 0 {
                Some((Decision::Rejected, None))
            } else {
                all_in.then_some((Decision::Approved, leader))
            };
        }
        match leader {
            Some(_) if account.in_favour >= account.needed => Some((Decision::Approved, leader)),
            None if all_in => Some((Decision::Rejected, None)),
            _ => None,
        }
    }

    /// How it ends at the deadline, when no more ballots count: by plurality among those that came.
    #[must_use]
    pub fn at_deadline(&self) -> (Decision, Option<OptionId>) {
        let of_those_in = Count { closed: true, ..*self };
        of_those_in.settled().unwrap_or((Decision::Timeout, None))
    }
}

/// An agent's vote, with its reason: on a choice the first option that it prefers, or any if it votes by
/// chance, else ABSTAIN. `None` when it stays silent. `random` gives a number from 0 to its argument, both
/// included.
pub fn decide(
    profile: &Profile,
    proposal: &Proposal,
    random: impl FnOnce(u64) -> u64,
) -> Option<(Vote, Reason, Option<OptionId>)> {
    let options = &proposal.options;
    if options.is_empty() || profile.mind == Mind::Silent {
        let (vote, reason) = profile.mind.decide(&proposal.fields, random)?;
        return Some((vote, reason, None));
    }
    let place = |name: &String| options.iter().position(|option| option == name);
    let (option, reason) = match (profile.prefers.iter().find_map(place), &profile.mind) {
        (Some(option), _) => (Some(option), Reason::AlwaysSo),
        (None, Mind::Chance { for_ppm, .. }) => {
            let drawn = random(Mind::PPM - 1);
            let any = drawn * options.len() as u64 / for_ppm.max(&1);
            ((drawn < *for_ppm).then_some(any as usize), Reason::ByChance)
        }
        (None, _) => (None, Reason::AlwaysSo),
    };
    let option = option.and_then(|option| OptionId::try_from(option).ok());
    Some((option.map_or(Vote::Abstain, |_| Vote::For), reason, option))
}

#[cfg(test)]
mod tests;
