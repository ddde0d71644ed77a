//! How the options of a choice stand, in words and as bars.

pub mod document;

use super::counts;
use crate::common::consensus::choice::OptionId;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::note::choice::ChoiceNote;
use crate::common::consensus::picture::held;
use crate::common::consensus::quorum::{Decision, Share};
use crate::common::figure::{amount, decision};
use crate::playback::cast::Cast;
use crate::playback::frame::{ChoiceFrame, Lamp, ProposalFrame};
use crate::sim::AgentId;

fn name(choice: &ChoiceFrame, option: OptionId) -> &str {
    choice.options.get(usize::from(option)).map_or("nothing", |option| &option.name)
}

/// The letter an option has wherever it is shown.
#[must_use]
pub fn letter(option: OptionId) -> String {
    char::from(b'A' + option % 26).to_string()
}

/// One option as a bar: the whole width is the whole electorate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionBar {
    pub letter: String,
    pub name: String,
    pub amount: String,
    /// "wins", "leads", "level", or nothing.
    pub stands: &'static str,
    /// Whether it has won, or leads alone.
    pub first: bool,
    /// How wide what is counted and what is on its way are, in permille.
    pub counted_permille: u64,
    pub cast_permille: u64,
}

/// A bar for each option in the order that resolves ties; none for a yes-or-no vote.
#[must_use]
pub fn bars(proposal: &ProposalFrame) -> Vec<OptionBar> {
    let Some(choice) = &proposal.choice else { return Vec::new() };
    let measure = proposal.terms.measure;
    let whole: u64 = proposal.electors.iter().map(|it| counts(it, measure)).sum();
    let permille = |part: u64| (part * 1_000).checked_div(whole).unwrap_or(0);
    let most = choice.leader.map_or(0, |leader| choice.options[usize::from(leader)].amount);
    let bar = |(id, option): (OptionId, &crate::playback::frame::OptionFrame)| {
        let electors = proposal.electors.iter().zip(&choice.picked);
        let sent = electors
            .filter(|(it, picked)| matches!(it.lamp, Lamp::Cast(_)) && **picked == Some(id));
        let (wins, leads) = (choice.winner == Some(id), choice.leader == Some(id));
        OptionBar {
            letter: letter(id),
            name: option.name.clone(),
            amount: amount(option.amount, measure),
            stands: match choice.winner {
                Some(_) if wins => "wins",
                _ if choice.tie && most > 0 && option.amount == most => "level",
                None if leads => "leads",
                _ => "",
            },
            first: wins || choice.winner.is_none() && leads && !choice.tie,
            counted_permille: permille(option.amount),
            cast_permille: permille(sent.map(|(it, _)| counts(it, measure)).sum()),
        }
    };
    (0..).zip(&choice.options).map(bar).collect()
}

/// The option of an elector, as far as that is known: "A" and "postgres".
#[must_use]
pub fn picked(proposal: &ProposalFrame, agent: AgentId) -> Option<(String, String)> {
    let choice = proposal.choice.as_ref()?;
    let place = proposal.electors.iter().position(|elector| elector.agent == agent)?;
    let option = (*choice.picked.get(place)?)?;
    Some((letter(option), name(choice, option).to_owned()))
}

/// The option with the most.
pub fn leader(proposal: &ProposalFrame) -> Option<&str> {
    let choice = proposal.choice.as_ref()?;
    Some(choice.leader.map_or("nothing", |leader| name(choice, leader)))
}

/// "leads with 3, before mysql with 2"; `None` for a yes-or-no vote, and while no option has a vote.
fn leads(proposal: &ProposalFrame) -> Option<String> {
    let choice = proposal.choice.as_ref()?;
    let leader = usize::from(choice.leader?);
    let mut next = None;
    for (place, option) in choice.options.iter().enumerate() {
        let most = next.map_or(0, |next: usize| choice.options[next].amount);
        if place != leader && option.amount > most {
            next = Some(place);
        }
    }
    let of = |place: usize| {
        let option = &choice.options[place];
        (option.name.as_str(), amount(option.amount, proposal.terms.measure))
    };
    let (_, most) = of(leader);
    Some(match next.map(of) {
        Some((rival, _)) if choice.tie => format!("is level with {rival}, {most} each"),
        Some((rival, less)) => format!("leads with {most}, before {rival} with {less}"),
        None => format!("leads with {most}"),
    })
}

/// How it stands: "postgres leads with 3, before mysql with 2".
pub fn stands(proposal: &ProposalFrame) -> Option<String> {
    let leader = leader(proposal)?;
    let none = || "no option has a vote yet".to_owned();
    Some(leads(proposal).map_or_else(none, |leads| format!("{leader} {leads}")))
}

/// Ballots and winners are told with what they changed.
pub fn told(note: VoteNote, proposal: &ProposalFrame, cast: &Cast) -> Option<String> {
    let choice = proposal.choice.as_ref()?;
    let stands = stands(proposal)?;
    match note {
        VoteNote::Choice(ChoiceNote::PickCounted { voter, option, .. }) => Some(format!(
            "{}’s ballot arrived: {}; {stands}",
            cast.name(voter),
            name(choice, option)
        )),
        VoteNote::Counted { voter, .. } => {
            Some(format!("{}’s ballot arrived: ABSTAIN; {stands}", cast.name(voter)))
        }
        VoteNote::Choice(ChoiceNote::Won { option, .. }) => {
            Some(format!("{} has won{}", name(choice, option), with(proposal)))
        }
        VoteNote::Decided { decision: decided, .. } => {
            Some(format!("{}: {}", decision(decided), why_none(proposal, decided)))
        }
        _ => None,
    }
}

/// " with 3 of 8".
fn with(proposal: &ProposalFrame) -> String {
    let say = |value| amount(value, proposal.terms.measure);
    let account = &proposal.account;
    format!(" with {} of {}", say(account.in_favour), say(account.whole))
}

/// Why no option has won.
fn why_none(proposal: &ProposalFrame, decided: Decision) -> String {
    match decided {
        Decision::Split => held(proposal),
        Decision::Timeout => {
            let missing = proposal.tally.outstanding.count;
            let ballots = if missing == 1 { "ballot" } else { "ballots" };
            format!("{missing} {ballots} never came")
        }
        _ if proposal.terms.share == Share::All => "not everyone is for the same option".to_owned(),
        _ => "nobody is for any option".to_owned(),
    }
}

/// The lead sentence of its tally: the deciding word, and the rest of it; `None` for a yes-or-no vote.
pub fn lead(proposal: &ProposalFrame, decided: Option<Decision>) -> Option<(String, String)> {
    let choice = proposal.choice.as_ref()?;
    let out = amount(proposal.account.outstanding, proposal.terms.measure);
    Some(match (decided, choice.winner) {
        (None, _) => {
            let strong = choice.leader.map_or("No option", |leader| name(choice, leader));
            let stands = leads(proposal).unwrap_or_else(|| "has a vote yet".to_owned());
            (strong.to_owned(), format!(" {stands}; {out} to come."))
        }
        (Some(Decision::Approved), Some(winner)) => {
            let mut rest = format!(" has won{}", with(proposal));
            if choice.tie {
                rest += ": level with another, it stands first";
            }
            rest.push('.');
            if proposal.closed_us.is_none() && proposal.account.outstanding > 0 {
                rest += " Ballots count until all are in.";
            }
            (name(choice, winner).to_owned(), rest)
        }
        (Some(decided), _) => {
            (decision(decided).to_owned(), format!(": {}.", why_none(proposal, decided)))
        }
    })
}

#[cfg(test)]
mod tests;
