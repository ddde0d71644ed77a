//! The truth about a choice, whether any agent knows it or not: the options voted for, and the winners that
//! agents hold.

use crate::common::consensus::choice::{Count, OptionId};
use crate::common::consensus::facts::Facts;
use crate::common::consensus::manager::Poll;
use crate::common::consensus::note::choice::ChoiceNote;
use crate::common::consensus::quorum::{Decision, Side, Tally};
use crate::sim::AgentId;

/// The truth about the options of a proposal; empty for a yes-or-no vote.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The winning option, by the coordinator or the first agent that says so.
    pub winner: Option<OptionId>,
    /// Whether agents, or the coordinator and they, hold different winners.
    pub differ: bool,
    /// The options for which a ballot was counted, one bit each.
    voted_for: u32,
}

impl Facts {
    /// Takes in what a note says of an option; false when that cannot be so: a ballot that was counted for
    /// what its voter is not for, or a winner for which no ballot was counted.
    pub fn see_option(&mut self, agent: AgentId, note: ChoiceNote) -> bool {
        match note {
            ChoiceNote::Picked { option, .. } => self.of_mut(agent).picked = Some(option),
            ChoiceNote::PickCounted { voter, option, .. } => {
                self.options.voted_for |= bit(option);
                let of = self.of_mut(voter);
                of.counted_for = Some(option);
                return of.picked == Some(option);
            }
            ChoiceNote::Won { option, .. } | ChoiceNote::LearnedWinner { option, .. } => {
                if matches!(note, ChoiceNote::LearnedWinner { .. }) {
                    self.of_mut(agent).winner = Some(option);
                }
                if self.heeds(agent) {
                    let winner = *self.options.winner.get_or_insert(option);
                    self.options.differ |= winner != option;
                }
                return self.options.voted_for & bit(option) != 0;
            }
            ChoiceNote::Tied { .. } => {}
        }
        true
    }

    /// Whether the ballots counted, added up anew, really lead to this decision and winner.
    pub fn supports_choice(&self, poll: &Poll, tally: Tally, decision: Decision) -> bool {
        let mut options = vec![Side::default(); poll.proposal.options.len()];
        for elector in poll.ballots.electors() {
            let option = self.of(elector.agent).counted_for.map(usize::from);
            if let Some(side) = option.and_then(|option| options.get_mut(option)) {
                side.add(elector.weight_milli);
            }
        }
        let rule = poll.proposal.algorithm.rule;
        let count = Count { rule, options: &options, tally, closed: false };
        let (led_to, winner) = count.settled().unwrap_or_else(|| count.at_deadline());
        led_to == decision && winner == self.options.winner
    }
}

fn bit(option: OptionId) -> u32 {
    1_u32.checked_shl(option.into()).unwrap_or(0)
}
