//! A proposal as it is visible at one instant, by whichever protocol it is voted on.

use std::sync::Arc;

use super::ballot::{Refusal, Vote};
use super::choice::OptionId;
use super::proposal::{ProposalId, SharedProposal};
use super::quorum::{Account, Base, Decision, Measure, Share, Tally};
use crate::sim::AgentId;

/// A proposal at this instant.
#[derive(Clone, Debug)]
pub struct ProposalFrame {
    pub id: ProposalId,
    /// The part that never changes; frames share it.
    pub terms: Arc<Terms>,
    pub opened_us: u64,
    /// When it closes at the latest.
    pub deadline_us: u64,
    pub decided: Option<(Decision, u64)>,
    pub closed_us: Option<u64>,
    /// How it stands for the swarm as a whole; `split` when agents hold different outcomes.
    pub outcome: Option<Decision>,
    /// How many honest agents hold each outcome: approved, rejected and timeout.
    pub held: [u32; 3],
    /// Electors that lied while it went on.
    pub liars: Vec<AgentId>,
    /// As the coordinator has counted it.
    pub tally: Tally,
    pub account: Account,
    pub electors: Vec<ElectorFrame>,
    /// How its options stand; `None` of a yes-or-no vote.
    pub choice: Option<ChoiceFrame>,
    pub messages: u64,
    pub bytes: u64,
    /// Where every agent decides by itself: tally, account and electors are then as its protocol sees them.
    pub own: Option<Decentral>,
}

/// A proposal that every agent decides by itself, as its protocol shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decentral {
    /// The agent through whose eyes it is seen, which bears that some of the others lie; nothing where it is seen as no agent
    /// can see it.
    pub viewer: Option<AgentId>,
    /// The decision of the viewer.
    pub decided: Option<Decision>,
    /// The words for how much is needed, where they are other than the rule's.
    pub needed: Option<&'static str>,
    pub rounds: RoundsFrame,
}

/// The rounds in which agents decide, by their own clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundsFrame {
    pub round_us: u64,
    /// From the opening to the end of the last round.
    pub duration_us: u64,
    /// All of them, and those in which agents vote: the first ones.
    pub in_all: u32,
    pub voting: u32,
    /// From 1; 0 before the first.
    pub now: u32,
}

/// The part of a proposal that never changes.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The proposal whose terms they are; nothing of one that was made up.
    pub(crate) of: Option<SharedProposal>,
    pub name: String,
    pub question: String,
    /// Its fields: each name with its value.
    pub fields: Vec<(String, String)>,
    pub algorithm: String,
    pub measure: Measure,
    pub share: Share,
    pub of_votes_cast: bool,
    /// The least participation, if the share is of the votes cast, in millionths of the electorate; else 0.
    pub least_participation: u64,
}

impl ProposalFrame {
    /// Whether every agent decides by itself, and the coordinator only keeps the records.
    #[must_use]
    pub fn has_no_counter(&self) -> bool {
        self.own.is_some()
    }

    /// The agent through whose eyes it is seen, where that is one of many.
    #[must_use]
    pub fn viewer(&self) -> Option<AgentId> {
        self.own.as_ref()?.viewer
    }

    /// The decision as it is shown: of the viewer, or else of the agent that counts or keeps the records.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        match &self.own {
            Some(Decentral { viewer: Some(_), decided, .. }) => *decided,
            _ => self.decided.map(|(decision, _)| decision),
        }
    }
}

/// One possible ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ElectorFrame {
    pub agent: AgentId,
    pub weight_milli: u64,
    pub lamp: Lamp,
    /// When it came to be so.
    pub since_us: u64,
    pub outcome: Option<Decision>,
}

/// How far a ballot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lamp {
    /// The agent has not heard of the proposal.
    Unaware,
    Deciding,
    /// Cast, and not counted yet: on its way, or lost.
    Cast(Vote),
    /// Cast, and lost on the way.
    Lost(Vote),
    Counted(Vote),
    Refused(Refusal),
    /// Nothing came before the close.
    Absent,
    /// It has signed two different votes, and counts for nothing.
    Exposed,
    /// The same in its own eyes: nobody is exposed by itself.
    Void,
    /// The agent is on this side for now, in a gossip.
    Holds(Vote),
}

/// A choice at this instant, as the coordinator has counted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceFrame {
    /// In the order that resolves ties.
    pub options: Vec<OptionFrame>,
    /// The option with the most, the first of several; `None` while none has anything.
    pub leader: Option<OptionId>,
    /// Whether others have as much as the leader.
    pub tie: bool,
    /// The option that has won, once that is decided.
    pub winner: Option<OptionId>,
    /// The option of each elector, in the order of the proposal's electors. Its lamp says whether that has arrived.
    pub picked: Vec<Option<OptionId>>,
    /// The option that each elector holds to have won.
    pub held: Vec<Option<OptionId>>,
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionFrame {
    pub name: String,
    /// Ballots for it.
    pub count: u64,
    pub weight_milli: u64,
    /// Its sum in the proposal's measure: ballots, or weight in thousandths.
    pub amount: u64,
}

impl Terms {
    #[must_use]
    pub fn new(proposal: &SharedProposal) -> Self {
        let rule = proposal.algorithm.rule;
        Self {
            of: Some(proposal.clone()),
            name: proposal.name.clone(),
            question: proposal.question.clone(),
            fields: proposal
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), value.plain()))
                .collect(),
            algorithm: proposal.algorithm.name.clone(),
            measure: rule.measure,
            share: rule.share,
            of_votes_cast: rule.base != Base::Electorate,
            least_participation: match rule.base {
                Base::Electorate | Base::Sides => 0,
                Base::VotesCast { least_participation } => least_participation,
            },
        }
    }

    /// Whether they are those of this proposal.
    #[must_use]
    pub fn is_of(&self, proposal: &SharedProposal) -> bool {
        self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, proposal))
    }
}
