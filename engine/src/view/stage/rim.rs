//! The rim of the glass is a clock: from the opening of the newest proposal at twelve o'clock to its
//! deadline, once around. Counted ballots sit on it.

use crate::common::consensus::ballot::Vote;
use crate::common::figure::{seconds, span};
use crate::playback::frame::{Frame, Lamp, ProposalFrame, RoundsFrame};

/// The rim; places are in turns, clockwise from twelve o'clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rim {
    /// Whether a proposal has been opened; without one the rim only has its ticks.
    pub running: bool,
    pub elapsed: f64,
    /// Now; `None` once the vote is closed.
    pub pointer: Option<f64>,
    /// Where the pointer's words stand, and the words.
    pub words: Option<(f64, String)>,
    pub beads: Vec<(f64, Vote)>,
    /// Where rounds begin, which they are, and whether it is now.
    pub rounds: Vec<(f64, String, bool)>,
}

/// When it is over, as far as one knows beforehand: rounds come to their end by themselves.
fn ends_us(proposal: &ProposalFrame) -> u64 {
    match &proposal.own {
        Some(own) => proposal.opened_us.saturating_add(own.rounds.duration_us),
        None => proposal.deadline_us,
    }
}

fn part(proposal: &ProposalFrame, time_us: u64) -> f64 {
    let whole_us = ends_us(proposal).saturating_sub(proposal.opened_us).max(1);
    (time_us.saturating_sub(proposal.opened_us) as f64 / whole_us as f64).min(1.0)
}

/// The rim at this instant.
#[must_use]
pub fn rim(frame: &Frame) -> Rim {
    let Some(proposal) = frame.proposal() else { return Rim::default() };
    let until_us = proposal.closed_us.unwrap_or(frame.time_us).min(frame.time_us);
    let elapsed = part(proposal, until_us);
    let words = match proposal.closed_us {
        Some(closed_us) => format!("closed at {}", seconds(closed_us)),
        None => format!("{} left", span(ends_us(proposal).saturating_sub(frame.time_us))),
    };
    let counted = |lamp| match lamp {
        Lamp::Counted(vote) => Some(vote),
        _ => None,
    };
    Rim {
        running: true,
        elapsed,
        pointer: proposal.closed_us.is_none().then_some(elapsed),
        words: Some((elapsed, words)),
        beads: proposal
            .electors
            .iter()
            .filter(|_| !proposal.has_no_counter())
            .filter_map(|elector| Some((part(proposal, elector.since_us), counted(elector.lamp)?)))
            .collect(),
        rounds: rounds(proposal),
    }
}

/// The rounds around the rim.
fn rounds(proposal: &ProposalFrame) -> Vec<(f64, String, bool)> {
    // The first begins a round after the opening. By the clock of the one who watches, or of the viewer.
    let Some(RoundsFrame { round_us, in_all, voting, now, .. }) =
        proposal.own.map(|own| own.rounds)
    else {
        return Vec::new();
    };
    let begins = |round: u32| {
        let at_us = u64::from(round).saturating_mul(round_us);
        let words = if round <= voting {
            format!("round {round}")
        } else {
            format!("relay {}", round - voting)
        };
        (part(proposal, proposal.opened_us.saturating_add(at_us)), words, round == now)
    };
    (1..=in_all).map(begins).collect()
}
