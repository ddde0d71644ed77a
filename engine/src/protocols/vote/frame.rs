//! Proposals as they are visible at one instant: as the counter has counted them.

use std::sync::Arc;

use crate::common::consensus::ballot::Elector;
use crate::common::consensus::facts::Facts;
use crate::common::consensus::frame::{
    ChoiceFrame, ElectorFrame, Lamp, OptionFrame, ProposalFrame, Terms,
};
use crate::common::consensus::manager::Poll;
use crate::common::consensus::proposal::ProposalId;
use crate::common::shown::Peek;
use crate::protocols::vote::Vote;

use super::counter::CounterDurable;

/// The books of the agent that counts.
pub fn counter(peek: &dyn Peek<Vote>) -> Option<&CounterDurable> {
    Some(&peek.agent(peek.coordinator()?)?.machine?.counter()?.state)
}

/// All proposals, in the order in which they were opened.
pub fn proposals(peek: &dyn Peek<Vote>) -> Vec<ProposalFrame> {
    let polls = counter(peek).map_or(&[][..], |counter| counter.manager.polls());
    let frame = |((id, poll), facts): ((ProposalId, &Poll), &Facts)| {
        // In another branch this number may be another proposal's.
        let known = peek.known().terms.get(id as usize).filter(|it| it.is_of(&poll.proposal));
        let terms = known.cloned().unwrap_or_else(|| Arc::new(Terms::new(&poll.proposal)));
        proposal_frame(id, poll, facts, terms)
    };
    (0..).zip(polls).zip(&peek.watch().facts).map(frame).collect()
}

fn proposal_frame(id: ProposalId, poll: &Poll, facts: &Facts, terms: Arc<Terms>) -> ProposalFrame {
    let proposal = &poll.proposal;
    let rule = proposal.algorithm.rule;
    let tally = poll.ballots.tally();
    let is_closed = facts.closed_us.is_some();
    let electors = poll.ballots.electors().iter();
    ProposalFrame {
        id,
        terms,
        opened_us: facts.opened_us,
        deadline_us: facts.opened_us.saturating_add(proposal.timing.deadline_us),
        decided: facts.decided,
        closed_us: facts.closed_us,
        outcome: facts.decision(),
        held: facts.held,
        liars: facts.liars.clone(),
        tally,
        account: poll.count().map_or_else(|| rule.account(&tally), |it| it.standing().account),
        choice: choice_frame(poll, facts),
        electors: electors.map(|elector| elector_frame(elector, facts, is_closed)).collect(),
        messages: facts.messages,
        bytes: facts.bytes,
        own: None,
    }
}

fn elector_frame(elector: &Elector, facts: &Facts, is_closed: bool) -> ElectorFrame {
    let of = facts.of(elector.agent);
    let (lamp, since_us) = match (of.counted, of.refused, of.voted, of.heard_us) {
        (Some((vote, at_us)), ..) => (Lamp::Counted(vote), at_us),
        (None, Some(refusal), ..) => {
            (Lamp::Refused(refusal), of.voted.map_or(0, |(_, at_us)| at_us))
        }
        (None, None, Some((vote, at_us)), _) if of.lost => (Lamp::Lost(vote), at_us),
        (None, None, ..) if is_closed => (Lamp::Absent, facts.closed_us.unwrap_or_default()),
        (None, None, Some((vote, at_us)), _) => (Lamp::Cast(vote), at_us),
        (None, None, None, Some(heard_us)) => (Lamp::Deciding, heard_us),
        (None, None, None, None) => (Lamp::Unaware, facts.opened_us),
    };
    ElectorFrame {
        agent: elector.agent,
        weight_milli: elector.weight_milli,
        lamp,
        since_us,
        outcome: of.outcome.map(|(decision, _)| decision),
    }
}

/// How the options stand; `None` of a yes-or-no vote.
fn choice_frame(poll: &Poll, facts: &Facts) -> Option<ChoiceFrame> {
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
