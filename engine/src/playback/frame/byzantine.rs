//! A Byzantine vote as one agent sees it: there is no one who counts for all.

use super::fill::byzantine_session;
use super::{ElectorFrame, Lamp, ProposalFrame};
use crate::coordination::consensus::assumption::Broken;
use crate::coordination::consensus::ballot::Vote;
use crate::coordination::consensus::byzantine::session::{Session, Voter, Votes};
use crate::coordination::consensus::byzantine::{Rounds, Statement};
use crate::coordination::consensus::quorum::Tally;
use crate::coordination::consensus::vote::watch::Facts;
use crate::coordination::signature::Signed;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, LocalClock, LocalTime};

/// A Byzantine vote at this instant.
#[derive(Clone, Debug)]
pub struct ByzantineFrame {
    pub rounds: Rounds,
    /// Whose view it is: an elector.
    pub viewer: AgentId,
    /// The round on the viewer's clock: 0 before the first, one more than there are after the last.
    pub round: u32,
    /// In the order of the electorate.
    pub voters: Vec<VoterFrame>,
    /// Of those who are exposed in the viewer's eyes.
    pub evidence: Vec<EvidenceFrame>,
    /// The first assumption that does not hold.
    pub broken: Option<Broken>,
    /// The fewest agents without which the network falls apart, by name.
    pub cut: Vec<AgentId>,
    /// Agents that lied, crashed or stood still so far.
    pub faulty: u64,
    /// Electors that are in the adversary's seat now.
    pub corrupted: u64,
}

/// What the viewer knows of one voter.
#[derive(Clone, Debug)]
pub struct VoterFrame {
    pub agent: AgentId,
    /// By voting round.
    pub votes: Vec<Votes>,
    pub counts_as: Option<Vote>,
    pub exposed: bool,
}

/// What exposes a voter.
#[derive(Clone, Debug)]
pub struct EvidenceFrame {
    pub agent: AgentId,
    pub statements: [StatementFrame; 2],
    /// Of so many other electors that many hold evidence too.
    pub known_to: u64,
    pub others: u64,
    /// What the voter itself said to each of the others, by voting round.
    pub told: Vec<(AgentId, Vec<Votes>)>,
}

/// Something an agent has signed.
#[derive(Clone, Debug)]
pub struct StatementFrame {
    pub round: u32,
    pub vote: Vote,
    /// When it came to the viewer.
    pub received_us: u64,
    pub signature: String,
}

fn statement(
    (signed, received_us): (&Signed<Statement>, LocalTime),
    clock: LocalClock,
) -> StatementFrame {
    let Statement { voter, round, vote, .. } = *signed.content();
    let own = signed.signatures().iter().find(|signature| signature.signer() == voter);
    let signature = own.map_or_else(String::new, |signature| signature.words());
    StatementFrame { round, vote, received_us: clock.virtual_us(received_us), signature }
}

/// Turns what the coordinator knows of a Byzantine vote into what one agent sees: the one that is
/// asked for if it takes part, else the first that is honest.
pub(super) fn see(
    proposal: &mut ProposalFrame,
    simulation: &SwarmSimulation,
    asked: Option<AgentId>,
    facts: &Facts,
) {
    let Some(watch) = simulation.observer.assumptions(proposal.id) else { return };
    let session = |agent: AgentId| -> Option<&Session> {
        byzantine_session(simulation.agent(agent), proposal.id)
    };
    let asked = asked.filter(|agent| watch.electorate.contains(agent));
    let Some(viewer) =
        asked.or_else(|| watch.honest().next()).or(watch.electorate.first().copied())
    else {
        return;
    };
    let (seen, clock) = (session(viewer), simulation.agent(viewer).clock);
    let voters: Vec<(AgentId, Voter)> = match seen {
        Some(seen) => seen.voters().map(|(agent, voter)| (agent, voter.clone())).collect(),
        None => watch.electorate.iter().map(|agent| (*agent, Voter::default())).collect(),
    };
    // Nobody is exposed by itself.
    let is_exposed = |agent: AgentId, voter: &Voter| voter.is_exposed() && agent != viewer;
    let exposed = voters.iter().zip(0..).filter(|((agent, voter), _)| is_exposed(*agent, voter));
    let evidence = exposed.filter_map(|((agent, voter), place)| {
        let others = || watch.electorate.iter().copied().filter(move |it| it != agent);
        // All have the same electorate, in the same order.
        let of = |other| session(other)?.voter(place);
        let knows = |other: &AgentId| of(*other).is_some_and(Voter::is_exposed);
        let told = others().filter_map(|other| Some((other, of(other)?.told())));
        Some(EvidenceFrame {
            agent: *agent,
            statements: voter.evidence()?.map(|it| statement(it, clock)),
            known_to: others().filter(knows).count() as u64,
            others: others().count() as u64,
            told: told.collect(),
        })
    });
    let evidence = evidence.collect();
    let is_over = seen.is_some_and(Session::is_over);
    let mut tally = Tally::default();
    for (elector, (agent, voter)) in proposal.electors.iter_mut().zip(&voters) {
        let of = facts.of(*agent);
        let came_us = clock.virtual_us(voter.since_us());
        let (lamp, since_us) = match (voter.is_exposed(), voter.counts_as()) {
            (true, _) if *agent == viewer => (Lamp::Void, came_us),
            (true, _) => (Lamp::Exposed, came_us),
            (false, Some(vote)) => (Lamp::Counted(vote), came_us),
            (false, None) if is_over => (Lamp::Absent, 0),
            // What a liar will say nobody knows before it is there.
            (false, None) => match (of.voted, of.heard_us) {
                (Some((vote, at_us)), _) if watch.is_honest(*agent) => (Lamp::Cast(vote), at_us),
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
    let voters = voters.into_iter().map(|(agent, voter)| VoterFrame {
        agent,
        votes: voter.votes(),
        counts_as: voter.counts_as(),
        exposed: is_exposed(agent, &voter),
    });
    let slots = simulation.agents().zip((0..).map(AgentId));
    let corrupted =
        slots.filter(|(slot, agent)| slot.corrupted && watch.electorate.contains(agent));
    proposal.byzantine = Some(ByzantineFrame {
        rounds: watch.rounds,
        viewer,
        round: seen.map_or(0, |seen| seen.round),
        voters: voters.collect(),
        evidence,
        broken: watch.broken,
        cut: watch.cut.clone(),
        faulty: watch.faulty() as u64,
        corrupted: corrupted.count() as u64,
    });
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
