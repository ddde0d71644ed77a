//! The count of one vote as a person reads it: one sentence of arithmetic, one bar of the whole
//! electorate, a lamp for every possible ballot. All numbers are integers (C5).

use super::figure::{amount, decision, milli_short, percent, share};
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::quorum::{Decision, Measure, Share};
use crate::order::sort_by_key;
use crate::playback::frame::{ElectorFrame, Lamp, ProposalFrame};
use crate::sim::AgentId;

/// Above this many electors the bar shows one segment per side instead of one per agent.
pub const SINGLE_SEGMENTS: usize = 12;

/// How one vote stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TallyView {
    /// The rule by its name: "Weighted vote".
    pub title: String,
    /// The part of the lead sentence that carries the deciding number, and the rest of it.
    pub strong: String,
    pub sentence: String,
    pub decision: Option<Decision>,
    /// "FOR 7.0 = 58.3 %".
    pub in_favour: String,
    /// "65 % = 7.8".
    pub needed: String,
    /// Where the threshold cuts the bar, in permille of its width.
    pub threshold_permille: u64,
    pub segments: Vec<Segment>,
}

/// How solid a stretch of the bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solidity {
    /// Counted: filled.
    Counted,
    /// Cast and not counted yet: hatched.
    Cast,
    /// Not there: dotted.
    Out,
}

/// A stretch of the bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The agent, when it stands for one.
    pub agent: Option<AgentId>,
    /// Its width, in the rule's measure.
    pub amount: u64,
    pub solidity: Solidity,
    pub vote: Option<Vote>,
    pub label: String,
}

/// What an elector adds in the proposal's measure.
fn counts(elector: &ElectorFrame, measure: Measure) -> u64 {
    match measure {
        Measure::Heads => 1,
        Measure::Weight => elector.weight_milli,
    }
}

/// How one vote stands.
#[must_use]
pub fn tally(proposal: &ProposalFrame) -> TallyView {
    let measure = proposal.measure;
    let whole: u64 = proposal.electors.iter().map(|elector| counts(elector, measure)).sum();
    let account = &proposal.account;
    let (strong, sentence) = lead(proposal, whole);
    let base = if proposal.of_votes_cast { whole.min(account.whole) } else { whole };
    TallyView {
        title: title(proposal),
        strong,
        sentence,
        decision: shown_decision(proposal),
        in_favour: format!(
            "FOR {} = {}",
            amount(account.in_favour, measure),
            percent(account.in_favour, base)
        ),
        needed: format!("{} = {}", share_short(proposal.share), amount(account.needed, measure)),
        threshold_permille: (account.needed * 1_000).checked_div(whole).unwrap_or(0).min(1_000),
        segments: segments(proposal),
    }
}

/// The decision, or that agents hold different ones.
fn shown_decision(proposal: &ProposalFrame) -> Option<Decision> {
    if proposal.outcome == Some(Decision::Split) {
        return Some(Decision::Split);
    }
    proposal.decided.map(|(decision, _)| decision)
}

fn title(proposal: &ProposalFrame) -> String {
    let mut name = proposal.algorithm.clone();
    if let Some(first) = name.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    format!("{name} vote")
}

fn share_short(of: Share) -> String {
    match of {
        Share::Majority => "> half".to_owned(),
        Share::TwoThirds => "2/3".to_owned(),
        Share::All => "all".to_owned(),
        Share::AtLeast(_) => share(of),
    }
}

/// The lead sentence: the deciding number, and the arithmetic around it in words.
fn lead(proposal: &ProposalFrame, whole: u64) -> (String, String) {
    match shown_decision(proposal) {
        None => open_lead(proposal, whole),
        Some(decided) => decided_lead(proposal, decided, whole),
    }
}

/// "is" or "are", "approves" or "approve": after a weight the singular reads right, after heads
/// it depends on how many.
fn plural(value: u64, measure: Measure) -> bool {
    measure == Measure::Heads && value != 1
}

fn open_lead(proposal: &ProposalFrame, whole: u64) -> (String, String) {
    let (measure, account) = (proposal.measure, &proposal.account);
    let say = |value| amount(value, measure);
    if proposal.of_votes_cast {
        let strong = percent(account.in_favour, account.whole);
        let rest = format!(
            " of the votes cast is FOR, {} of {}. {} of what is cast by the deadline approves it.",
            say(account.in_favour),
            say(account.whole),
            sentence_case(&share(proposal.share)),
        );
        return (strong, rest);
    }
    let missing = account.needed.saturating_sub(account.in_favour);
    let slack = whole.saturating_sub(account.needed);
    let not_for = whole.saturating_sub(account.in_favour + account.outstanding);
    let approves = if plural(missing, measure) { "approve" } else { "approves" };
    let is = if plural(account.in_favour, measure) { "are" } else { "is" };
    let strong = format!("{} more", say(missing));
    let mut rest = format!(
        " FOR {approves} it, {} of {} {is} in.",
        say(account.in_favour),
        say(account.needed)
    );
    rest += &if slack == 0 {
        " The first that is not FOR rejects it.".to_owned()
    } else {
        let are = if plural(slack, measure) { "are" } else { "is" };
        let so_far = if not_for == 0 {
            String::new()
        } else {
            format!(
                "; {} {} so far",
                say(not_for),
                if plural(not_for, measure) { "are" } else { "is" }
            )
        };
        format!(" Rejected once more than {} {are} not FOR{so_far}.", say(slack))
    };
    (strong, rest)
}

fn decided_lead(proposal: &ProposalFrame, decided: Decision, whole: u64) -> (String, String) {
    let (measure, account) = (proposal.measure, &proposal.account);
    let short = |value: u64| match measure {
        Measure::Heads => value.to_string(),
        Measure::Weight => milli_short(value),
    };
    let base = if proposal.of_votes_cast { account.whole } else { whole };
    let figures = format!(
        "{} of {} = {} FOR, {} needed",
        amount(account.in_favour, measure),
        short(base),
        percent(account.in_favour, base),
        share(proposal.share),
    );
    let rest = match decided {
        Decision::Approved if account.outstanding > 0 && proposal.closed_us.is_none() => {
            format!(": {figures}. Ballots count until all are in.")
        }
        Decision::Approved => format!(": {figures}."),
        Decision::Rejected => {
            let not_for = base.saturating_sub(account.in_favour + open_part(proposal));
            let most = base.saturating_sub(account.needed);
            format!(
                ": {figures}. {} not FOR, at most {} may be.",
                amount(not_for, measure),
                amount(most, measure)
            )
        }
        Decision::Timeout => format!(
            ": {} of the {} needed was in at the deadline, {} never came.",
            amount(account.in_favour, measure),
            amount(account.needed, measure),
            amount(account.outstanding, measure),
        ),
        Decision::Split => format!(": {}.", held(proposal)),
    };
    (decision(decided).to_owned(), rest)
}

/// What may still come: of the votes cast nothing, of the electorate what is outstanding.
fn open_part(proposal: &ProposalFrame) -> u64 {
    if proposal.of_votes_cast { 0 } else { proposal.account.outstanding }
}

/// Who holds what: "4 hold approved, 1 timeout".
fn held(proposal: &ProposalFrame) -> String {
    let kinds = [Decision::Approved, Decision::Rejected, Decision::Timeout];
    let count = |kind| proposal.electors.iter().filter(|e| e.outcome == Some(kind)).count();
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|kind| (kind, count(kind)))
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| {
            let verb = if count == 1 { "holds" } else { "hold" };
            format!("{count} {verb} {}", decision(kind).to_ascii_lowercase())
        })
        .collect();
    parts.join(", ")
}

fn sentence_case(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Where a ballot stands on the bar: FOR grows from the left to the threshold, what is not FOR
/// from the right, so that either reaching the line is a decision.
fn place(lamp: Lamp) -> (u8, Solidity, Option<Vote>) {
    match lamp {
        Lamp::Counted(Vote::For) => (0, Solidity::Counted, Some(Vote::For)),
        Lamp::Cast(Vote::For) => (1, Solidity::Cast, Some(Vote::For)),
        Lamp::Deciding | Lamp::Unaware => (2, Solidity::Out, None),
        Lamp::Absent | Lamp::Refused(_) => (3, Solidity::Out, None),
        Lamp::Cast(Vote::Abstain) => (4, Solidity::Cast, Some(Vote::Abstain)),
        Lamp::Cast(Vote::Against) => (5, Solidity::Cast, Some(Vote::Against)),
        Lamp::Counted(Vote::Abstain) => (6, Solidity::Counted, Some(Vote::Abstain)),
        Lamp::Counted(Vote::Against) => (7, Solidity::Counted, Some(Vote::Against)),
    }
}

/// The electors in the order in which they stand under the bar.
#[must_use]
pub fn in_bar_order(proposal: &ProposalFrame) -> Vec<ElectorFrame> {
    let mut electors = proposal.electors.clone();
    // What is counted stays where it is: newcomers line up behind it, from either side.
    sort_by_key(&mut electors, |elector| {
        let (place, solidity, _) = place(elector.lamp);
        let since_us = match (solidity, place) {
            (Solidity::Out, _) => 0,
            (_, 0..=3) => elector.since_us,
            _ => u64::MAX - elector.since_us,
        };
        (u64::from(place), since_us)
    });
    electors
}

fn segments(proposal: &ProposalFrame) -> Vec<Segment> {
    let measure = proposal.measure;
    let single = proposal.electors.len() <= SINGLE_SEGMENTS;
    let mut segments: Vec<Segment> = Vec::new();
    for elector in in_bar_order(proposal) {
        let (_, solidity, vote) = place(elector.lamp);
        let part = counts(&elector, measure);
        match segments.last_mut() {
            Some(last) if !single && last.solidity == solidity && last.vote == vote => {
                last.amount += part
            }
            _ => segments.push(Segment {
                agent: single.then_some(elector.agent),
                amount: part,
                solidity,
                vote,
                label: String::new(),
            }),
        }
    }
    for segment in &mut segments {
        segment.label = amount(segment.amount, measure);
    }
    segments
}

/// How an elector's ballot stands, in a word or a time: for the line under its lamp.
#[must_use]
pub fn lamp_text(elector: &ElectorFrame) -> String {
    match elector.lamp {
        Lamp::Unaware => "unaware".to_owned(),
        Lamp::Deciding => "not yet".to_owned(),
        Lamp::Cast(_) => "sent".to_owned(),
        Lamp::Counted(_) => super::figure::seconds(elector.since_us),
        Lamp::Refused(_) => "refused".to_owned(),
        Lamp::Absent => "absent".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coordination::consensus::quorum::{Account, Side, Tally};

    /// Electors by (weight, lamp); the account is the rule's, of the electorate.
    fn proposal(measure: Measure, share: Share, electors: &[(u64, Lamp)]) -> ProposalFrame {
        let mut tally = Tally::default();
        let electors: Vec<ElectorFrame> = electors
            .iter()
            .enumerate()
            .map(|(number, &(weight_milli, lamp))| {
                let side = match lamp {
                    Lamp::Counted(Vote::For) => &mut tally.in_favour,
                    Lamp::Counted(Vote::Against) => &mut tally.against,
                    Lamp::Counted(Vote::Abstain) => &mut tally.abstain,
                    _ => &mut tally.outstanding,
                };
                *side =
                    Side { count: side.count + 1, weight_milli: side.weight_milli + weight_milli };
                let agent = AgentId(number as u32);
                ElectorFrame {
                    agent,
                    weight_milli,
                    lamp,
                    since_us: 100 * number as u64,
                    outcome: None,
                }
            })
            .collect();
        let of = |side: Side| match measure {
            Measure::Heads => side.count,
            Measure::Weight => side.weight_milli,
        };
        let whole =
            of(tally.in_favour) + of(tally.against) + of(tally.abstain) + of(tally.outstanding);
        let account = Account {
            in_favour: of(tally.in_favour),
            whole,
            outstanding: of(tally.outstanding),
            needed: share.needed(whole),
        };
        ProposalFrame {
            id: 0,
            name: "p".into(),
            question: String::new(),
            fields: vec![],
            algorithm: "weighted".into(),
            measure,
            share,
            of_votes_cast: false,
            opened_us: 0,
            deadline_us: 1_000_000,
            decided: None,
            closed_us: None,
            outcome: None,
            tally,
            account,
            electors,
            messages: 0,
            bytes: 0,
        }
    }

    fn check(proposal: &ProposalFrame, sentence: &str) {
        let view = tally(proposal);
        assert_eq!(format!("{}{}", view.strong, view.sentence), sentence);
    }

    const FOR: Lamp = Lamp::Counted(Vote::For);
    const AGAINST: Lamp = Lamp::Counted(Vote::Against);
    const ABSTAIN: Lamp = Lamp::Counted(Vote::Abstain);
    const OPEN: Lamp = Lamp::Deciding;
    const SHARE: Share = Share::AtLeast(650_000);

    fn deployment(lamps: [Lamp; 5]) -> ProposalFrame {
        let weights = [3_000, 2_000, 2_000, 2_500, 2_500];
        let electors: Vec<(u64, Lamp)> = weights.into_iter().zip(lamps).collect();
        proposal(Measure::Weight, SHARE, &electors)
    }

    #[test]
    fn an_open_vote_says_what_is_missing_in_weight() {
        check(
            &deployment([FOR, FOR, FOR, Lamp::Cast(Vote::For), OPEN]),
            "0.8 more FOR approves it, 7.0 of 7.8 is in. Rejected once more than 4.2 is not FOR.",
        );
        check(
            &deployment([FOR, OPEN, OPEN, OPEN, AGAINST]),
            "4.8 more FOR approves it, 3.0 of 7.8 is in. Rejected once more than 4.2 is not FOR; 2.5 is so far.",
        );
    }

    #[test]
    fn an_open_vote_says_what_is_missing_in_heads() {
        let heads = |lamps: &[Lamp], share| {
            let electors: Vec<(u64, Lamp)> = lamps.iter().map(|&lamp| (1_000, lamp)).collect();
            proposal(Measure::Heads, share, &electors)
        };
        check(
            &heads(&[FOR, OPEN, OPEN, OPEN, OPEN], Share::Majority),
            "2 more FOR approve it, 1 of 3 is in. Rejected once more than 2 are not FOR.",
        );
        check(
            &heads(&[FOR, FOR, ABSTAIN, OPEN, OPEN], Share::Majority),
            "1 more FOR approves it, 2 of 3 are in. Rejected once more than 2 are not FOR; 1 is so far.",
        );
        check(
            &heads(&[FOR, FOR, OPEN], Share::All),
            "1 more FOR approves it, 2 of 3 are in. The first that is not FOR rejects it.",
        );
    }

    #[test]
    fn a_decision_says_the_numbers_it_turned_on() {
        let decided = |mut proposal: ProposalFrame, decision| {
            proposal.decided = Some((decision, 500));
            proposal.closed_us = Some(600);
            proposal
        };
        check(
            &decided(deployment([FOR, FOR, FOR, FOR, AGAINST]), Decision::Approved),
            "Approved: 9.5 of 12 = 79.2 % FOR, 65 % needed.",
        );
        check(
            &decided(deployment([FOR, AGAINST, OPEN, FOR, AGAINST]), Decision::Rejected),
            "Rejected: 5.5 of 12 = 45.8 % FOR, 65 % needed. 4.5 not FOR, at most 4.2 may be.",
        );
        check(
            &decided(deployment([FOR, FOR, FOR, Lamp::Absent, Lamp::Absent]), Decision::Timeout),
            "Timeout: 7.0 of the 7.8 needed was in at the deadline, 5.0 never came.",
        );
        let mut split = decided(deployment([FOR, FOR, FOR, FOR, AGAINST]), Decision::Approved);
        split.outcome = Some(Decision::Split);
        for elector in &mut split.electors {
            elector.outcome = Some(Decision::Approved);
        }
        split.electors[4].outcome = Some(Decision::Timeout);
        check(&split, "Split: 4 hold approved, 1 holds timeout.");
    }

    #[test]
    fn of_the_votes_cast_the_share_is_of_those() {
        let mut cast = deployment([FOR, FOR, OPEN, OPEN, AGAINST]);
        cast.of_votes_cast = true;
        cast.account =
            Account { in_favour: 5_000, whole: 7_500, outstanding: 4_500, needed: 4_875 };
        check(
            &cast,
            "66.7 % of the votes cast is FOR, 5.0 of 7.5. 65 % of what is cast by the deadline approves it.",
        );
        cast.decided = Some((Decision::Approved, 900));
        cast.closed_us = Some(1_000);
        check(&cast, "Approved: 5.0 of 7.5 = 66.7 % FOR, 65 % needed.");
    }

    #[test]
    fn for_grows_from_the_left_and_against_from_the_right() {
        let view = tally(&deployment([AGAINST, FOR, OPEN, FOR, Lamp::Cast(Vote::For)]));
        let order: Vec<u32> = view.segments.iter().filter_map(|s| s.agent).map(|a| a.0).collect();
        assert_eq!(order, [1, 3, 4, 2, 0]);
        assert_eq!(view.threshold_permille, 650);
        assert_eq!(view.in_favour, "FOR 4.5 = 37.5 %");
        assert_eq!(view.needed, "65 % = 7.8");
    }

    #[test]
    fn a_crowd_has_one_segment_per_side() {
        let electors: Vec<(u64, Lamp)> =
            (0..50).map(|n| (1_000, if n % 5 == 0 { AGAINST } else { FOR })).collect();
        let view = tally(&proposal(Measure::Heads, Share::TwoThirds, &electors));
        let labels: Vec<&str> = view.segments.iter().map(|s| s.label.as_str()).collect();
        assert_eq!(labels, ["40", "10"]);
        assert!(view.segments.iter().all(|segment| segment.agent.is_none()));
    }
}
