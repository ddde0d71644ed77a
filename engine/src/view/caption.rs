//! What just happened, in one sentence: of the newest events the one that matters most, with the
//! numbers it changed.

use super::figure::{amount, milli_short, percent};
use super::sentence::{Importance, importance, sentence};
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::quorum::{Decision, Measure};
use crate::coordination::note::Note;
use crate::playback::frame::{Cast, Frame, ProposalFrame};
use crate::sim::{Event, What};

/// A caption, and how much it matters: a weightier one may replace it early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    pub time_us: u64,
    pub text: String,
    pub importance: Importance,
}

/// The caption for these events, oldest first; `None` when nothing among them is worth telling.
pub fn caption<'a>(
    events: impl Iterator<Item = &'a Event<Note>>,
    cast: &Cast,
    frame: &Frame,
) -> Option<Caption> {
    let telling = events.filter(|event| {
        // A decision is told once, not again by each agent that learns it.
        importance(event) > Importance::Traffic
            && !matches!(event.what, What::Note(Note::Closed { .. }))
    });
    let event = telling.max_by_key(|event| (importance(event), event.id))?;
    let text = told(event, cast, frame).unwrap_or_else(|| sentence(event, cast));
    let text = text.strip_suffix('.').map(str::to_owned).unwrap_or(text);
    Some(Caption { time_us: event.time_us, text, importance: importance(event) })
}

/// The last word of a run: what came of its newest proposal.
#[must_use]
pub fn outcome(frame: &Frame) -> Option<Caption> {
    let proposal = frame.proposal()?;
    let (_, decided_us) = proposal.decided?;
    let view = super::tally::tally(proposal);
    let text = if view.decision == Some(Decision::Timeout) {
        let say = |value| amount(value, proposal.measure);
        let account = &proposal.account;
        format!("Timeout: {} of the {} needed was in", say(account.in_favour), say(account.needed))
    } else {
        // Of a rejection's two sentences the first is enough here.
        let text = format!("{}{}", view.strong, view.sentence);
        text.split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned()
    };
    Some(Caption { time_us: decided_us, text, importance: Importance::Decision })
}

/// Ballots and decisions are told with what they changed.
fn told(event: &Event<Note>, cast: &Cast, frame: &Frame) -> Option<String> {
    let What::Note(note) = event.what else { return None };
    let id = note.proposal()?;
    let proposal = frame.proposals.iter().find(|proposal| proposal.id == id)?;
    let account = &proposal.account;
    let say = |value| amount(value, proposal.measure);
    match note {
        Note::Counted { voter, vote, .. } => {
            let voter = cast.name(voter);
            let (now, needed) = (say(account.in_favour), say(account.needed));
            Some(match vote {
                Vote::For => format!("{voter}’s ballot arrived: {now} of the {needed} needed"),
                Vote::Against => {
                    format!("{voter}’s ballot arrived: AGAINST, {now} of {needed} is FOR")
                }
                Vote::Abstain => {
                    format!("{voter}’s ballot arrived: it abstains, {now} of {needed} is FOR")
                }
            })
        }
        Note::Decided {
            decision: decision @ (Decision::Approved | Decision::Rejected), ..
        } => Some(format!(
            "{}: {} of {} = {} is FOR",
            super::figure::decision(decision),
            say(account.in_favour),
            whole(proposal),
            percent(account.in_favour, account.whole),
        )),
        Note::Opened { .. } => {
            Some(format!("{} asks: {}", cast.name(event.agent), proposal.question))
        }
        _ => None,
    }
}

fn whole(proposal: &ProposalFrame) -> String {
    match proposal.measure {
        Measure::Heads => proposal.account.whole.to_string(),
        Measure::Weight => milli_short(proposal.account.whole),
    }
}
