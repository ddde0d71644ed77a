//! A gossip in words: how the whole stands, and what one agent is at.

use super::figure::{decision, sentence_case};
use super::sentence::{outcome_word, vote_word};
use crate::coordination::consensus::gossip::Mode;
use crate::coordination::consensus::quorum::Decision;
use crate::playback::frame::gossip::GossipFrame;
use crate::playback::frame::{AgentFrame, ProposalFrame};

/// The lead sentence of the panel, its first words apart; `decided` once the coordinator has a record, or
/// agents differ. `held` says who holds what.
pub(super) fn lead(
    proposal: &ProposalFrame,
    gossip: &GossipFrame,
    decided: Option<Decision>,
    held: impl FnOnce(&ProposalFrame) -> String,
) -> (String, String) {
    let Some(decided) = decided else { return open_lead(gossip) };
    let rest = match decided {
        Decision::Approved | Decision::Rejected => {
            format!(
                ": more than half of all agents came to it by themselves. {}",
                right(gossip, decided)
            )
        }
        Decision::Timeout => {
            ": no more than half of all agents came to the same in time.".to_owned()
        }
        Decision::Split => format!(": {}. {}", held(proposal), right(gossip, decided)),
    };
    (decision(decided).to_owned(), rest)
}

fn open_lead(gossip: &GossipFrame) -> (String, String) {
    let strong = format!("{} of {} agents", gossip.now.in_favour, gossip.agents);
    let rest = match gossip.gossip.mode {
        Mode::Majority => format!(
            " hold FOR now, {} hold AGAINST. Each decides for itself when it stops.",
            gossip.now.against
        ),
        Mode::Rumour(_) => format!(
            " would approve by the ballots they know, {} would reject. {} know all ballots.",
            gossip.now.against, gossip.now.knowing_all
        ),
    };
    (strong, rest)
}

/// Whether it came out as all the votes at first say.
fn right(gossip: &GossipFrame, decided: Decision) -> String {
    let [in_favour, against, _] = gossip.cast;
    let cast = format!("{in_favour} voted FOR and {against} AGAINST at first");
    if decided == gossip.full_tally {
        format!("{cast}, which comes to the same.")
    } else {
        format!("{cast}: {} would be right.", outcome_word(gossip.full_tally))
    }
}

/// What an agent that is up is at, under its name.
pub(super) fn doing(state: &AgentFrame, gossip: &GossipFrame) -> String {
    match (gossip.gossip.mode, state.outcome) {
        _ if !state.knows => String::new(),
        (_, Some(outcome)) => outcome_word(outcome).to_owned(),
        (Mode::Majority, None) => state
            .side
            .map_or_else(|| "on no side".to_owned(), |side| format!("holds {}", vote_word(side))),
        (Mode::Rumour(_), None) => {
            let cast: u32 = gossip.cast.iter().sum();
            format!("knows {} of {cast}", state.ballots_known)
        }
    }
}

/// How it is held, in a line: "Rumour, 3 partners a round, 5 rounds at most".
#[must_use]
pub fn manner(gossip: &GossipFrame) -> String {
    let mode = match gossip.gossip.mode {
        Mode::Majority => "majority",
        Mode::Rumour(_) => "rumour",
    };
    let (partners, rounds) = (gossip.gossip.fanout, gossip.gossip.rounds);
    let partners =
        if partners == 1 { "1 partner".to_owned() } else { format!("{partners} partners") };
    let rounds = if rounds == 1 { "1 round".to_owned() } else { format!("{rounds} rounds") };
    format!("{}, {partners} a round, {rounds} at most", sentence_case(mode))
}

#[cfg(test)]
mod tests;
