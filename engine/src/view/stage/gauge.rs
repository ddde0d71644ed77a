//! The coordinator's count, around it: the whole circle is the whole electorate.

use super::Ring;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::quorum::Measure;
use crate::playback::frame::{ChoiceFrame, Lamp, ProposalFrame};

/// The counted ballots.
pub(super) fn gauge(proposal: &ProposalFrame) -> Ring {
    let part = |weight_milli| match proposal.terms.measure {
        Measure::Heads => 1,
        Measure::Weight => weight_milli,
    };
    let whole: u64 = proposal.electors.iter().map(|elector| part(elector.weight_milli)).sum();
    let turns = |amount: u64| amount as f64 / whole.max(1) as f64;
    if let Some(choice) = &proposal.choice {
        return options(choice, &turns);
    }
    // FOR fills it clockwise towards the threshold, the rest comes from the other side.
    let (mut from_left, mut from_right) = (0, whole);
    let mut parts = Vec::new();
    for vote in Vote::ALL {
        let cast = |lamp| lamp == Lamp::Counted(vote);
        let counted = proposal.electors.iter().filter(|elector| cast(elector.lamp));
        let amount: u64 = counted.map(|elector| part(elector.weight_milli)).sum();
        if amount == 0 {
            continue;
        }
        if vote == Vote::For {
            parts.push((turns(from_left), turns(from_left + amount), vote));
            from_left += amount;
        } else {
            parts.push((turns(from_right - amount), turns(from_right), vote));
            from_right -= amount;
        }
    }
    Ring::Gauge { parts, needed: turns(proposal.account.needed) }
}

/// One option after the other, the one with the most first.
fn options(choice: &ChoiceFrame, turns: &dyn Fn(u64) -> f64) -> Ring {
    let first = choice.winner.or(choice.leader).map(usize::from);
    let mut order: Vec<usize> = first.into_iter().collect();
    order.extend((0..choice.options.len()).filter(|place| Some(*place) != first));
    let mut from = 0;
    let mut parts = Vec::new();
    for place in order {
        let amount = choice.options[place].amount;
        if amount > 0 {
            parts.push((turns(from), turns(from + amount)));
            from += amount;
        }
    }
    Ring::Options(parts)
}
