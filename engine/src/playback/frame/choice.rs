//! How the options of a choice stand at this instant.

use crate::coordination::consensus::choice::OptionId;
use crate::coordination::consensus::manager::Poll;
use crate::coordination::consensus::vote::watch::Facts;

/// A choice at this instant, as the coordinator has counted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceFrame {
    /// In the order that resolves ties.
    pub options: Vec<OptionFrame>,
    /// The option with the most, the first of several; `None` while none has anything.
    pub leader: Option<OptionId>,
    /// Whether others have as much as the leader.
    pub tie: bool,
    /// What has won, once that is decided.
    pub winner: Option<OptionId>,
    /// What each elector is for, as the electors of the proposal; whether that has arrived its lamp says.
    pub picked: Vec<Option<OptionId>>,
    /// What each elector holds to have won.
    pub held: Vec<Option<OptionId>>,
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionFrame {
    pub name: String,
    /// Ballots for it.
    pub count: u64,
    pub weight_milli: u64,
    /// What that is in the proposal's measure: ballots, or weight in thousandths.
    pub amount: u64,
}

/// How the options stand; `None` of a yes-or-no vote.
pub(super) fn choice_frame(poll: &Poll, facts: &Facts) -> Option<ChoiceFrame> {
    let count = poll.count()?;
    let standing = count.standing();
    let named = poll.proposal.options.iter().zip(count.options);
    let electors = || poll.ballots.electors().iter().map(|elector| facts.of(elector.agent));
    Some(ChoiceFrame {
        options: named
            .map(|(name, side)| OptionFrame {
                name: name.clone(),
                count: side.count,
                weight_milli: side.weight_milli,
                amount: count.rule.of(*side),
            })
            .collect(),
        leader: standing.leader,
        tie: standing.tie,
        winner: poll.winner,
        picked: electors().map(|of| of.picked).collect(),
        held: electors().map(|of| of.winner).collect(),
    })
}
