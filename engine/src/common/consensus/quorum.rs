//! How much agreement is enough. All comparisons are of integers: counts, weights in thousandths,
//! shares in millionths; no float decides a vote (C5).

use serde::{Deserialize, Serialize};

use super::ballot::Vote;

/// One million: shares are in parts of it.
pub const MILLIONTHS: u64 = 1_000_000;

/// The least share anyone may ask for, in millionths: half exactly is not enough (E11).
pub const LEAST_SHARE: u64 = 510_000;

/// The share of a whole that agreement needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Share {
    /// More than half.
    Majority,
    /// Two thirds or more; exact, so 2 of 3 meets it.
    TwoThirds,
    All,
    /// So many millionths or more.
    AtLeast(u64),
    /// So many or more, regardless of the whole.
    Count(u64),
    /// More than any other option of a choice.
    Plurality,
}

impl Share {
    /// Whether `part` of `whole` meets the share. Nothing of nothing meets none.
    #[must_use]
    #[inline]
    pub fn met(self, part: u64, whole: u64) -> bool {
        let (part, whole) = (u128::from(part), u128::from(whole));
        whole > 0
            && match self {
                Self::Majority => 2 * part > whole,
                Self::TwoThirds => 3 * part >= 2 * whole,
                Self::All => part == whole,
                Self::Count(count) => part >= u128::from(count),
                Self::Plurality => part > 0,
                Self::AtLeast(share) => part * u128::from(MILLIONTHS) >= u128::from(share) * whole,
            }
    }

    /// The least part of `whole` that meets the share.
    #[must_use]
    #[inline]
    pub fn needed(self, whole: u64) -> u64 {
        let wide = u128::from(whole);
        let needed = match self {
            Self::Majority => wide / 2 + 1,
            Self::TwoThirds => (2 * wide).div_ceil(3),
            Self::All => wide,
            Self::Count(count) => u128::from(count),
            Self::Plurality => 1,
            Self::AtLeast(share) => (wide * u128::from(share)).div_ceil(u128::from(MILLIONTHS)),
        };
        u64::try_from(needed).unwrap_or(u64::MAX)
    }

    /// The share of this whole in millionths, cut; half for a majority, which needs more than that, and none for a
    /// plurality.
    #[must_use]
    pub fn millionths(self, whole: u64) -> u64 {
        match self {
            Self::Count(count) => millionths(count, whole),
            Self::Plurality => 0,
            Self::Majority => MILLIONTHS / 2,
            Self::TwoThirds => 2 * MILLIONTHS / 3,
            Self::All => MILLIONTHS,
            Self::AtLeast(share) => share,
        }
    }
}

/// A part of a whole in millionths, cut and not rounded: a share that misses a threshold does not reach it here either.
/// 0 of nothing.
#[must_use]
pub fn millionths(part: u64, whole: u64) -> u64 {
    let millionths = (u128::from(part) * u128::from(MILLIONTHS)).checked_div(whole.into());
    millionths.and_then(|millionths| u64::try_from(millionths).ok()).unwrap_or_default()
}

/// The whole that the share is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Base {
    /// All who may vote, whether they did or not.
    Electorate,
    /// The votes cast (FOR + AGAINST + ABSTAIN), if at least so many millionths of the electorate
    /// took part.
    VotesCast { least_participation: u64 },
    /// FOR and AGAINST; abstentions do not count (C8).
    Sides,
}

/// The measure by which ballots are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Measure {
    /// Every agent counts one.
    Heads,
    /// Every agent counts its weight, in thousandths.
    Weight,
}

/// When a proposal is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub measure: Measure,
    pub share: Share,
    pub base: Base,
}

/// One side of a tally.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    pub count: u64,
    pub weight_milli: u64,
}

impl Side {
    pub fn add(&mut self, weight_milli: u64) {
        self.count += 1;
        self.weight_milli += weight_milli;
    }

    pub fn take_away(&mut self, weight_milli: u64) {
        self.count -= 1;
        self.weight_milli -= weight_milli;
    }
}

/// The ballots on a proposal, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub in_favour: Side,
    pub against: Side,
    pub abstain: Side,
    /// Not in yet; after the close: absent.
    pub outstanding: Side,
}

impl Tally {
    /// Where a ballot of this kind goes.
    pub fn side_mut(&mut self, vote: Vote) -> &mut Side {
        match vote {
            Vote::For => &mut self.in_favour,
            Vote::Against => &mut self.against,
            Vote::Abstain => &mut self.abstain,
        }
    }

    /// Ballots that are in.
    #[must_use]
    pub fn cast(&self) -> u64 {
        self.in_favour.count + self.against.count + self.abstain.count
    }

    #[must_use]
    pub fn electorate(&self) -> u64 {
        self.cast() + self.outstanding.count
    }
}

/// How a proposal ended, or what an agent holds about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Decision {
    Approved,
    Rejected,
    /// Neither could be said at the deadline.
    Timeout,
    /// Agents hold different decisions. No agent decides this: it is seen from outside.
    Split,
}

impl Decision {
    /// How many there are.
    pub const COUNT: usize = Self::Split as usize + 1;
}

/// The numbers a decision turns on, in the rule's measure: heads, or weight in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub in_favour: u64,
    /// The whole that the share is taken of, as it is now.
    pub whole: u64,
    pub outstanding: u64,
    /// The least `in_favour` that approves, if nothing else changes.
    pub needed: u64,
}

impl Rule {
    /// The amount of a side in the rule's measure.
    #[must_use]
    #[inline]
    pub fn of(&self, side: Side) -> u64 {
        match self.measure {
            Measure::Heads => side.count,
            Measure::Weight => side.weight_milli,
        }
    }

    /// The numbers the decision turns on.
    #[must_use]
    #[inline]
    pub fn account(&self, tally: &Tally) -> Account {
        let in_favour = self.of(tally.in_favour);
        let outstanding = self.of(tally.outstanding);
        let cast = in_favour + self.of(tally.against) + self.of(tally.abstain);
        let whole = match self.base {
            Base::Electorate => cast + outstanding,
            Base::VotesCast { .. } => cast,
            Base::Sides => in_favour + self.of(tally.against),
        };
        Account { in_favour, whole, outstanding, needed: self.share.needed(whole) }
    }

    /// The decision, once no outstanding ballot can change it; `None` while it is open (C3).
    #[must_use]
    #[inline]
    pub fn settled(&self, tally: &Tally) -> Option<Decision> {
        let account = self.account(tally);
        let (now, later) = (account.in_favour, account.in_favour + account.outstanding);
        match self.base {
            Base::Electorate => {
                if self.share.met(now, account.whole) {
                    Some(Decision::Approved)
                } else if self.share.met(later, account.whole) {
                    None
                } else {
                    Some(Decision::Rejected)
                }
            }
            Base::VotesCast { .. } | Base::Sides => {
                // The worst that can come is AGAINST from everyone, the best is FOR.
                let whole_later = account.whole + account.outstanding;
                let takes_part = self.takes_part(tally);
                // A ballot more can lower the share but not the participation.
                if whole_later == 0 {
                    None
                } else if takes_part && self.share.met(now, whole_later) {
                    Some(Decision::Approved)
                } else if account.outstanding > 0 && self.share.met(later, whole_later) {
                    None
                } else {
                    Some(Decision::Rejected)
                }
            }
        }
    }

    /// The decision at the deadline, when no more ballots count.
    #[must_use]
    pub fn at_deadline(&self, tally: &Tally) -> Decision {
        match (self.settled(tally), self.base) {
            (Some(decision), _) => decision,
            (None, Base::Electorate) => Decision::Timeout,
            (None, Base::VotesCast { .. } | Base::Sides) => {
                let account = self.account(tally);
                if !self.takes_part(tally) {
                    Decision::Timeout
                } else if self.share.met(account.in_favour, account.whole) {
                    Decision::Approved
                } else {
                    Decision::Rejected
                }
            }
        }
    }

    fn takes_part(&self, tally: &Tally) -> bool {
        match self.base {
            Base::Electorate => true,
            Base::VotesCast { least_participation } => {
                Share::AtLeast(least_participation).met(tally.cast(), tally.electorate())
            }
            Base::Sides => tally.in_favour.count + tally.against.count > 0,
        }
    }
}

/// A share cut to six decimals, as thresholds are; 0 of nothing. Only for reports: no float decides.
#[must_use]
pub fn ratio(part: u64, whole: u64) -> f64 {
    millionths(part, whole) as f64 / MILLIONTHS as f64
}

impl Decision {
    /// approved, rejected, timed out, split.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Timeout => "timed out",
            Self::Split => "split",
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            other => other.word(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(share: Share) -> Rule {
        Rule { measure: Measure::Heads, share, base: Base::Electorate }
    }

    fn of_votes_cast(share: Share, least_participation: u64) -> Rule {
        let base = Base::VotesCast { least_participation };
        Rule { measure: Measure::Heads, share, base }
    }

    /// FOR, AGAINST, ABSTAIN, outstanding.
    fn tally(counts: [u64; 4]) -> Tally {
        let side = |count| Side { count, weight_milli: count * 1_000 };
        let [in_favour, against, abstain, outstanding] = counts.map(side);
        Tally { in_favour, against, abstain, outstanding }
    }

    fn check(rule: Rule, counts: [u64; 4], settled: Option<Decision>, at_deadline: Decision) {
        let tally = tally(counts);
        assert_eq!(rule.settled(&tally), settled, "{rule:?} {counts:?} before the deadline");
        assert_eq!(rule.at_deadline(&tally), at_deadline, "{rule:?} {counts:?} at the deadline");
    }

    const APPROVED: Option<Decision> = Some(Decision::Approved);
    const REJECTED: Option<Decision> = Some(Decision::Rejected);

    #[test]
    fn a_majority_is_more_than_half_of_the_electorate() {
        let rule = heads(Share::Majority);
        check(rule, [3, 0, 0, 2], APPROVED, Decision::Approved);
        check(rule, [2, 2, 0, 1], None, Decision::Timeout);
        check(rule, [2, 3, 0, 0], REJECTED, Decision::Rejected);
        check(rule, [2, 0, 2, 0], REJECTED, Decision::Rejected); // E11: half is not enough
        check(rule, [1, 0, 99, 0], REJECTED, Decision::Rejected); // E13
    }

    #[test]
    fn two_of_three_is_two_thirds() {
        let rule = heads(Share::TwoThirds);
        check(rule, [2, 1, 0, 0], APPROVED, Decision::Approved);
        check(rule, [66, 34, 0, 0], REJECTED, Decision::Rejected);
        check(rule, [67, 33, 0, 0], APPROVED, Decision::Approved);
        assert_eq!(Share::TwoThirds.needed(7), 5);
    }

    #[test]
    fn unanimous_means_everyone() {
        let rule = heads(Share::All);
        check(rule, [5, 0, 0, 0], APPROVED, Decision::Approved);
        check(rule, [4, 0, 0, 1], None, Decision::Timeout);
        check(rule, [4, 0, 1, 0], REJECTED, Decision::Rejected);
    }

    #[test]
    fn of_the_votes_cast_absent_agents_do_not_count() {
        let rule = of_votes_cast(Share::Majority, 400_000);
        check(rule, [2, 1, 0, 2], None, Decision::Approved);
        check(rule, [1, 2, 0, 2], None, Decision::Rejected);
        check(rule, [3, 0, 0, 2], APPROVED, Decision::Approved);
        check(rule, [0, 3, 0, 2], REJECTED, Decision::Rejected);
        check(rule, [1, 0, 0, 4], None, Decision::Timeout); // one of five took part
        check(rule, [2, 2, 0, 0], REJECTED, Decision::Rejected);
        check(rule, [0, 0, 0, 5], None, Decision::Timeout);
    }

    #[test]
    fn of_the_two_sides_abstentions_do_not_count() {
        let rule =
            Rule { measure: Measure::Heads, share: Share::AtLeast(660_000), base: Base::Sides };
        check(rule, [2, 1, 0, 0], APPROVED, Decision::Approved);
        check(rule, [2, 1, 9, 0], APPROVED, Decision::Approved);
        check(rule, [7, 4, 0, 0], REJECTED, Decision::Rejected); // 63.6 %
        check(rule, [2, 0, 0, 2], None, Decision::Approved);
        check(rule, [1, 1, 0, 2], None, Decision::Rejected);
        check(rule, [0, 2, 0, 1], REJECTED, Decision::Rejected);
        check(rule, [0, 0, 3, 0], None, Decision::Timeout); // nobody is on a side
        check(rule, [0, 0, 0, 3], None, Decision::Timeout);
    }

    #[test]
    fn the_deployment_vote_is_approved_with_79_17_percent() {
        // Weights 3, 2, 2, 2.5, 2.5 at 65 %; QA with 2.5 against (E1).
        let share = Share::AtLeast(650_000);
        let rule = Rule { measure: Measure::Weight, share, base: Base::Electorate };
        let side = |count, weight_milli| Side { count, weight_milli };
        let tally =
            Tally { in_favour: side(4, 9_500), against: side(1, 2_500), ..Tally::default() };
        let account = rule.account(&tally);
        assert_eq!((account.whole, account.needed), (12_000, 7_800));
        assert_eq!(rule.settled(&tally), APPROVED);
        let short = Tally { in_favour: side(3, 7_799), ..tally };
        assert!(!share.met(short.in_favour.weight_milli, 12_000));
    }

    #[test]
    fn needed_is_the_least_part_that_meets_the_share() {
        let shares = [Share::Majority, Share::TwoThirds, Share::All, Share::AtLeast(LEAST_SHARE)];
        for share in shares {
            for whole in 1..200 {
                let needed = share.needed(whole);
                assert!(share.met(needed, whole), "{share:?} {needed} of {whole}");
                assert!(!share.met(needed - 1, whole), "{share:?} {needed} - 1 of {whole}");
            }
        }
    }
}
