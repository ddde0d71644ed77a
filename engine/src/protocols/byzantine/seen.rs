//! A Byzantine vote as one agent sees it: there is no one who counts for all.

use super::assumptions::Assumptions;
use super::session::{ByzantineSession, Voter, Votes};
use super::{Byzantine, ByzantineDurable, Rounds, Statement};
use crate::common::consensus::assumption::Broken;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::frame::{Decentral, ElectorFrame, Lamp, ProposalFrame, RoundsFrame};
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Tally;
use crate::common::shown::{Look, Peek};
use crate::common::signature::Signed;
use crate::protocol::watch::Part;
use crate::sim::{AgentId, EventId, LocalClock, LocalTime, Status};

/// A Byzantine vote at this instant.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The name of the proposal.
    pub name: String,
    pub rounds: Rounds,
    /// Whose view it is: an elector.
    pub viewer: AgentId,
    /// The round on the viewer's clock: 0 before the first, one more than there are after the last.
    pub round: u32,
    /// In the order of the electorate.
    pub voters: Vec<SeenVoter>,
    /// The evidence against each voter that is exposed in the viewer's eyes.
    pub evidence: Vec<SeenEvidence>,
    /// The first assumption that does not hold.
    pub broken: Option<Broken>,
    /// The fewest agents without which the network falls apart, by name.
    pub cut: Vec<AgentId>,
    /// Agents that lied, crashed or stood still so far.
    pub faulty: u64,
    /// Electors that are in the adversary's seat now.
    pub corrupted: u64,
}

/// One voter, as the viewer knows it.
#[derive(Clone, Debug)]
pub struct SeenVoter {
    pub agent: AgentId,
    /// By voting round.
    pub votes: Vec<Votes>,
    pub counts_as: Option<Vote>,
    pub exposed: bool,
}

/// The evidence that exposes a voter.
#[derive(Clone, Debug)]
pub struct SeenEvidence {
    pub agent: AgentId,
    pub statements: [SeenStatement; 2],
    /// The number of other electors that hold evidence too, out of `others`.
    pub known_to: u64,
    pub others: u64,
    /// The votes that the voter itself told each of the others, by voting round.
    pub told: Vec<(AgentId, Vec<Votes>)>,
    /// The event at which the viewer held both statements.
    pub exposed: Option<EventId>,
}

/// Something an agent has signed.
#[derive(Clone, Debug)]
pub struct SeenStatement {
    pub round: u32,
    pub vote: Vote,
    /// When it came to the viewer.
    pub received_us: u64,
    pub signature: String,
}

fn statement(
    (signed, received_us): (&Signed<Statement>, LocalTime),
    clock: LocalClock,
) -> SeenStatement {
    let Statement { round, vote, .. } = *signed.content();
    let received_us = clock.virtual_us(received_us);
    SeenStatement { round, vote, received_us, signature: signature(signed) }
}

/// The voter's own signature under its statement, in words.
pub(super) fn signature(signed: &Signed<Statement>) -> String {
    let voter = signed.content().voter;
    let own = signed.signatures().iter().find(|signature| signature.signer() == voter);
    own.map_or_else(String::new, |signature| signature.words())
}

/// The part of an agent in a vote; for one that is down, the durable part.
pub(super) fn part<'a>(
    part: &Part<'a, Byzantine>,
    proposal: ProposalId,
) -> Option<&'a super::voting::Part> {
    let voter = match (part.status, part.durable, part.machine) {
        (Status::Down, Some(ByzantineDurable::Voter(voter)), _) => voter,
        (Status::Down, ..) => return None,
        (_, _, machine) => return machine?.voter()?.known.get(&proposal),
    };
    voter.known.get(&proposal)
}

fn session(
    peek: &dyn Peek<Byzantine>,
    proposal: ProposalId,
    agent: AgentId,
) -> Option<&ByzantineSession> {
    Some(&part(&peek.agent(agent)?, proposal)?.session)
}

/// The agent through whose eyes a vote is seen: the one that is selected if it takes part, or else the first honest one.
fn viewer(watch: &Assumptions, look: &Look) -> Option<AgentId> {
    let selected = look.selected.filter(|agent| watch.electorate.contains(agent));
    selected.or_else(|| watch.honest().next()).or(watch.electorate.first().copied())
}

/// All voters as the viewer knows them, each as `unknown` before it has heard of the vote.
fn voters<'a>(
    watch: &Assumptions,
    seen: Option<&'a ByzantineSession>,
    unknown: &'a Voter,
) -> Vec<(AgentId, &'a Voter)> {
    match seen {
        Some(seen) => seen.voters().collect(),
        None => watch.electorate.iter().map(|agent| (*agent, unknown)).collect(),
    }
}

/// Shows a vote as its viewer sees it, instead of as the recorder does.
pub(super) fn revise(peek: &dyn Peek<Byzantine>, look: &Look, proposal: &mut ProposalFrame) {
    let Some(watch) = peek.watch().assumptions(proposal.id) else { return };
    let Some(facts) = peek.facts(proposal.id) else { return };
    let Some((viewer, it)) = viewer(watch, look).and_then(|it| Some((it, peek.agent(it)?))) else {
        return;
    };
    let (seen, clock) = (session(peek, proposal.id, viewer), it.clock);
    let is_over = seen.is_some_and(ByzantineSession::is_over);
    let (mut tally, unknown) = (Tally::default(), Voter::default());
    let voters = voters(watch, seen, &unknown);
    for (elector, (agent, voter)) in proposal.electors.iter_mut().zip(voters) {
        let of = facts.of(agent);
        let came_us = clock.virtual_us(voter.since_us());
        let (lamp, since_us) = match (voter.is_exposed(), voter.counts_as()) {
            (true, _) if agent == viewer => (Lamp::Void, came_us),
            (true, _) => (Lamp::Exposed, came_us),
            (false, Some(vote)) => (Lamp::Counted(vote), came_us),
            (false, None) if is_over => (Lamp::Absent, 0),
            // The vote of a liar is unknown before it is there.
            (false, None) => match (of.voted, of.heard_us) {
                (Some((vote, at_us)), _) if watch.is_honest(agent) => (Lamp::Cast(vote), at_us),
                (_, Some(heard_us)) => (Lamp::Deciding, heard_us),
                (_, None) => (Lamp::Unaware, facts.opened_us),
            },
        };
        count(&mut tally, elector, lamp);
        *elector = ElectorFrame { lamp, since_us, ..*elector };
    }
    proposal.tally = tally;
    proposal.account.in_favour = tally.in_favour.count;
    proposal.account.outstanding = tally.outstanding.count;
    let own = proposal.electors.iter().find(|elector| elector.agent == viewer);
    let rounds = watch.rounds;
    proposal.own = Some(Decentral {
        viewer: Some(viewer),
        decided: own.and_then(|elector| elector.outcome),
        needed: None,
        rounds: RoundsFrame {
            round_us: rounds.round_us,
            duration_us: rounds.duration_us(),
            in_all: rounds.in_all(),
            voting: rounds.voting_rounds,
            now: seen.map_or(0, |seen| seen.round),
        },
    });
}

/// All that the viewer of a vote knows; nothing of another vote.
pub(super) fn seen(peek: &dyn Peek<Byzantine>, look: &Look, proposal: ProposalId) -> Option<Seen> {
    let watch = peek.watch().assumptions(proposal)?;
    let viewer = viewer(watch, look)?;
    let clock = peek.agent(viewer)?.clock;
    let session = |agent| session(peek, proposal, agent);
    let seen = session(viewer);
    let unknown = Voter::default();
    let voters = voters(watch, seen, &unknown);
    // Nobody is exposed by itself.
    let is_exposed = |agent: AgentId, voter: &Voter| voter.is_exposed() && agent != viewer;
    let exposed =
        voters.iter().copied().zip(0..).filter(|((agent, voter), _)| is_exposed(*agent, voter));
    let evidence = exposed.filter_map(|((agent, voter), place)| {
        let others = || watch.electorate.iter().copied().filter(move |it| *it != agent);
        // All have the same electorate, in the same order.
        let of = |other| session(other)?.voter(place);
        let knows = |other: &AgentId| of(*other).is_some_and(Voter::is_exposed);
        let told = others().filter_map(|other| Some((other, of(other)?.told())));
        Some(SeenEvidence {
            agent,
            statements: voter.evidence()?.map(|it| statement(it, clock)),
            known_to: others().filter(knows).count() as u64,
            others: others().count() as u64,
            told: told.collect(),
            exposed: peek.watch().exposure(proposal, viewer, agent),
        })
    });
    let evidence = evidence.collect();
    let voters = voters.into_iter().map(|(agent, voter)| SeenVoter {
        agent,
        votes: voter.votes(),
        counts_as: voter.counts_as(),
        exposed: is_exposed(agent, voter),
    });
    let is_corrupted = |agent: &&AgentId| peek.agent(**agent).is_some_and(|it| it.corrupted);
    Some(Seen {
        name: seen.map_or_else(String::new, |seen| seen.call.proposal.name.clone()),
        rounds: watch.rounds,
        viewer,
        round: seen.map_or(0, |seen| seen.round),
        voters: voters.collect(),
        evidence,
        broken: watch.broken,
        cut: watch.cut.clone(),
        faulty: watch.faulty() as u64,
        corrupted: watch.electorate.iter().filter(is_corrupted).count() as u64,
    })
}

/// Adds an elector where its lamp says.
fn count(tally: &mut Tally, elector: &ElectorFrame, lamp: Lamp) {
    let side = match lamp {
        Lamp::Counted(vote) => tally.side_mut(vote),
        Lamp::Exposed | Lamp::Void | Lamp::Absent => return,
        _ => &mut tally.outstanding,
    };
    side.count += 1;
    side.weight_milli += elector.weight_milli;
}
