//! The count of one vote as a person reads it: one sentence of arithmetic, one bar of the whole
//! electorate, a lamp for every possible ballot. All numbers are integers (C5).

pub mod choice;
pub mod document;
mod lamps;
pub mod outcomes;

use self::choice::OptionBar;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::picture::held;
use crate::common::consensus::quorum::{Decision, Measure, Share};
use crate::common::figure::{amount, decision, milli_short, share, share_percent};
use crate::order::sort_by_key;
use crate::playback::frame::{ElectorFrame, Lamp, ProposalFrame};
use crate::protocol::words::sentence_case;
use crate::sim::AgentId;

/// Above this many electors the bar shows one segment per side instead of one per agent.
pub const SINGLE_SEGMENTS: usize = 12;

/// Digits for which there is room in the whole bar, on a narrow screen.
const BAR_DIGITS: u64 = 28;

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
    /// In place of the one bar where options are put to the vote.
    pub options: Vec<OptionBar>,
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
    /// There, and worth nothing.
    Void,
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

/// The amount that an elector adds in the proposal's measure.
pub(super) fn counts(elector: &ElectorFrame, measure: Measure) -> u64 {
    match measure {
        Measure::Heads => 1,
        Measure::Weight => elector.weight_milli,
    }
}

/// How one vote stands; `own_lead` is the lead sentence of a protocol that has its own.
#[must_use]
pub fn tally(proposal: &ProposalFrame, own_lead: Option<(String, String)>) -> TallyView {
    let measure = proposal.terms.measure;
    let whole: u64 = proposal.electors.iter().map(|elector| counts(elector, measure)).sum();
    let account = &proposal.account;
    let (strong, sentence) = own_lead.unwrap_or_else(|| lead(proposal, whole));
    let base = if proposal.terms.of_votes_cast { whole.min(account.whole) } else { whole };
    TallyView {
        title: title(proposal),
        strong,
        sentence,
        decision: shown_decision(proposal),
        in_favour: format!(
            "{} {} = {}",
            choice::leader(proposal).unwrap_or("FOR"),
            amount(account.in_favour, measure),
            share_percent(account.in_favour, base, proposal.terms.share)
        ),
        needed: needed(proposal),
        threshold_permille: (account.needed * 1_000).checked_div(whole).unwrap_or(0).min(1_000),
        segments: segments(proposal, whole),
        options: choice::bars(proposal),
    }
}

/// "65 % = 7.8", or the number alone where it is no share of anything.
fn needed(proposal: &ProposalFrame) -> String {
    let needed = amount(proposal.account.needed, proposal.terms.measure);
    if let Some(words) = proposal.own.as_ref().and_then(|own| own.needed) {
        return words.to_owned();
    }
    match proposal.terms.share {
        Share::Count(_) => format!("{needed} needed"),
        of => format!("{} = {needed}", share_short(of)),
    }
}

/// The decision, or that agents hold different ones.
fn shown_decision(proposal: &ProposalFrame) -> Option<Decision> {
    if proposal.outcome == Some(Decision::Split) {
        return Some(Decision::Split);
    }
    proposal.decision()
}

fn title(proposal: &ProposalFrame) -> String {
    format!("{} vote", sentence_case(&proposal.terms.algorithm))
}

fn share_short(of: Share) -> String {
    match of {
        Share::Majority => "> half".to_owned(),
        Share::TwoThirds => "2/3".to_owned(),
        Share::All => "all".to_owned(),
        Share::Count(count) => count.to_string(),
        Share::Plurality => "most".to_owned(),
        Share::AtLeast(_) => share(of),
    }
}

/// The lead sentence: the deciding number, and the arithmetic around it in words.
fn lead(proposal: &ProposalFrame, whole: u64) -> (String, String) {
    let decided = shown_decision(proposal);
    if let Some(lead) = choice::lead(proposal, decided) {
        return lead;
    }
    match decided {
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
    let (measure, account) = (proposal.terms.measure, &proposal.account);
    let say = |value| amount(value, measure);
    if proposal.terms.of_votes_cast {
        let strong = share_percent(account.in_favour, account.whole, proposal.terms.share);
        let mut rest = format!(
            " of the votes cast is FOR, {} of {}. {} of what is cast by the deadline approves it",
            say(account.in_favour),
            say(account.whole),
            sentence_case(&share(proposal.terms.share)),
        );
        if proposal.terms.least_participation > 0 {
            rest += &format!(" if {}", participation(proposal));
        }
        rest.push('.');
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
    let (measure, account) = (proposal.terms.measure, &proposal.account);
    let short = |value: u64| match measure {
        Measure::Heads => value.to_string(),
        Measure::Weight => milli_short(value),
    };
    let base = if proposal.terms.of_votes_cast { account.whole } else { whole };
    let figures = format!(
        "{} of {} = {} FOR, {} needed",
        amount(account.in_favour, measure),
        short(base),
        share_percent(account.in_favour, base, proposal.terms.share),
        share(proposal.terms.share),
    );
    let rest = match decided {
        Decision::Approved if account.outstanding > 0 && proposal.closed_us.is_none() => {
            format!(": {figures}. Ballots count until all are in.")
        }
        Decision::Approved => format!(": {figures}."),
        Decision::Rejected if account.outstanding > 0 && proposal.closed_us.is_none() => {
            format!(": {}. Ballots count until all are in.", at_most(proposal))
        }
        Decision::Rejected => {
            let not_for = base.saturating_sub(account.in_favour + open_part(proposal));
            let most = base.saturating_sub(account.needed);
            format!(
                ": {figures}. {} not FOR, at most {} may be.",
                amount(not_for, measure),
                amount(most, measure)
            )
        }
        Decision::Timeout if proposal.terms.of_votes_cast => {
            format!(": too few voted, {}.", participation(proposal))
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

/// "40 % take part, 1 of 5 has so far".
fn participation(proposal: &ProposalFrame) -> String {
    let (cast, all) = (proposal.tally.cast(), proposal.tally.electorate());
    let asked = Share::AtLeast(proposal.terms.least_participation);
    let least = share(asked);
    match (proposal.closed_us, cast) {
        (Some(_), _) => {
            format!("{cast} of {all} = {}, {least} had to", share_percent(cast, all, asked))
        }
        (None, 1) => format!("{least} take part, 1 of {all} has so far"),
        (None, _) => format!("{least} take part, {cast} of {all} have so far"),
    }
}

/// Why it cannot be approved any more: "at most 6.5 of the 7.8 needed can be FOR".
fn at_most(proposal: &ProposalFrame) -> String {
    let account = &proposal.account;
    let most = account.in_favour + account.outstanding;
    if proposal.terms.of_votes_cast {
        let most = share_percent(most, account.whole + account.outstanding, proposal.terms.share);
        return format!(
            "at most {most} of the votes cast can be FOR, {} needed",
            share(proposal.terms.share)
        );
    }
    let say = |value| amount(value, proposal.terms.measure);
    format!(
        "it cannot be approved any more, at most {} of the {} needed can be FOR",
        say(most),
        say(account.needed)
    )
}

/// The part of the whole that is still open: none of the votes cast, the outstanding part of the electorate.
fn open_part(proposal: &ProposalFrame) -> u64 {
    if proposal.terms.of_votes_cast { 0 } else { proposal.account.outstanding }
}

/// Where a ballot stands on the bar: FOR grows from the left to the threshold, what is not FOR
/// from the right, so that either reaching the line is a decision.
fn place(lamp: Lamp) -> (u8, Solidity, Option<Vote>) {
    match lamp {
        Lamp::Counted(Vote::For) => (0, Solidity::Counted, Some(Vote::For)),
        Lamp::Cast(Vote::For) => (1, Solidity::Cast, Some(Vote::For)),
        Lamp::Deciding | Lamp::Unaware => (2, Solidity::Out, None),
        Lamp::Absent | Lamp::Refused(_) | Lamp::Lost(_) => (3, Solidity::Out, None),
        Lamp::Cast(Vote::Abstain) => (4, Solidity::Cast, Some(Vote::Abstain)),
        Lamp::Cast(Vote::Against) => (5, Solidity::Cast, Some(Vote::Against)),
        Lamp::Counted(Vote::Abstain) => (6, Solidity::Counted, Some(Vote::Abstain)),
        Lamp::Counted(Vote::Against) => (7, Solidity::Counted, Some(Vote::Against)),
        Lamp::Holds(vote) => place(Lamp::Cast(vote)),
        Lamp::Exposed | Lamp::Void => (8, Solidity::Void, None),
    }
}

/// The electors in the order in which they stand under the bar.
#[must_use]
pub fn in_bar_order(proposal: &ProposalFrame) -> Vec<ElectorFrame> {
    let mut electors = proposal.electors.clone();
    // Counted ballots stay where they are: newcomers line up behind them, from either side.
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

fn segments(proposal: &ProposalFrame, whole: u64) -> Vec<Segment> {
    let measure = proposal.terms.measure;
    let segment = |agent, lamp, part| {
        let (_, solidity, vote) = place(lamp);
        let mut label = amount(part, measure);
        // Half a number would be another one.
        let fits = part * BAR_DIGITS >= whole * label.len() as u64;
        label.truncate(if fits { label.len() } else { 0 });
        Segment { agent, amount: part, solidity, vote, label }
    };
    if proposal.electors.len() <= SINGLE_SEGMENTS {
        let single = |it: ElectorFrame| segment(Some(it.agent), it.lamp, counts(&it, measure));
        return in_bar_order(proposal).into_iter().map(single).collect();
    }
    let mut segments: Vec<Segment> = Vec::new();
    for (lamp, part) in groups(proposal, &|elector| counts(elector, measure)) {
        let new = segment(None, lamp, part);
        match segments.last_mut() {
            Some(last) if last.solidity == new.solidity && last.vote == new.vote => {
                *last = segment(None, lamp, last.amount + part);
            }
            _ => segments.push(new),
        }
    }
    segments
}

/// The sum over all electors with the same lamp, in the order of the bar.
fn groups(proposal: &ProposalFrame, part: &dyn Fn(&ElectorFrame) -> u64) -> Vec<(Lamp, u64)> {
    let mut groups: Vec<(Lamp, u64)> = Vec::new();
    for elector in &proposal.electors {
        match groups.iter_mut().find(|(lamp, _)| *lamp == elector.lamp) {
            Some((_, sum)) => *sum += part(elector),
            None => groups.push((elector.lamp, part(elector))),
        }
    }
    sort_by_key(&mut groups, |(lamp, _)| (place(*lamp).0.into(), 0));
    groups
}

/// How many ballots stand how, for an electorate too large for a lamp each.
#[must_use]
pub fn lamp_groups(proposal: &ProposalFrame) -> Vec<(Lamp, u64)> {
    groups(proposal, &|_| 1)
}

/// A lamp in words: "FOR, counted".
#[must_use]
pub fn lamp_words(lamp: Lamp) -> String {
    match lamp {
        Lamp::Unaware => "unaware of it".to_owned(),
        Lamp::Deciding => "no vote yet".to_owned(),
        Lamp::Cast(vote) => format!("{}, sent", vote.word()),
        Lamp::Lost(vote) => format!("{}, lost on the way", vote.word()),
        Lamp::Counted(vote) => format!("{}, counted", vote.word()),
        Lamp::Refused(refusal) => format!("refused: {}", refusal.words()),
        Lamp::Absent => "absent".to_owned(),
        Lamp::Exposed => "exposed: it has signed two votes".to_owned(),
        Lamp::Void => "void: it has signed two votes".to_owned(),
        Lamp::Holds(vote) => format!("{}, for now", vote.word()),
    }
}

/// A proposal and how it stands, for a list of several: "deploy-v3.0, approved".
#[must_use]
pub fn choice(proposal: &ProposalFrame) -> String {
    let stands = shown_decision(proposal).map_or("open", Decision::word);
    format!("{}, {stands}", proposal.terms.name)
}

/// How an elector's ballot stands, in a word or a time: for the line under its lamp.
#[must_use]
pub fn lamp_text(elector: &ElectorFrame) -> String {
    match elector.lamp {
        Lamp::Unaware => "unaware".to_owned(),
        Lamp::Deciding => "not yet".to_owned(),
        Lamp::Cast(_) => "sent".to_owned(),
        Lamp::Lost(_) => "lost".to_owned(),
        Lamp::Counted(_) => crate::common::figure::seconds(elector.since_us),
        Lamp::Refused(_) => "refused".to_owned(),
        Lamp::Absent => "absent".to_owned(),
        Lamp::Exposed => "exposed".to_owned(),
        Lamp::Void => "void".to_owned(),
        Lamp::Holds(_) => "for now".to_owned(),
    }
}

#[cfg(test)]
mod tests;
