//! What a Byzantine vote came to, for machines (C6).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::coordination::consensus::assumption::{Assumption, Broken};
use crate::coordination::consensus::byzantine::Statement;
use crate::coordination::consensus::byzantine::session::Session;
use crate::coordination::consensus::proposal::ProposalId;
use crate::coordination::consensus::vote::watch::Facts;
use crate::coordination::signature::Signed;
use crate::playback::frame::Cast;
use crate::scenario::build::SwarmSimulation;
use crate::sim::{AgentId, EventId};

/// Figures of a Byzantine vote.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ByzantineDetails {
    pub fault_tolerance: u32,
    /// So many equal votes decide.
    pub quorum: u64,
    /// Voting rounds.
    pub rounds: u32,
    /// Whether all it rests on held, so that its guarantees do.
    pub byzantine_safe: bool,
    pub assumptions: Assumptions,
    /// By agent, the two statements that it has signed; of those that honest agents hold.
    pub exposed: BTreeMap<String, [StatementReport; 2]>,
    /// Agents of which no honest agent has accepted anything.
    pub unresponsive: Vec<String>,
    /// What each honest agent has decided for itself; those that have not are left out.
    pub decided_by: BTreeMap<String, &'static str>,
}

/// Whether the assumptions held, or the first that broke.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumptions {
    pub held: bool,
    pub broken: Option<Assumption>,
    /// The event that broke it; `null` when it never held.
    pub event: Option<EventId>,
    /// Those who alone can part the network, where that is what is broken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<String>,
}

impl Assumptions {
    pub(super) fn new(broken: Option<Broken>, cut: &[AgentId], cast: &Cast) -> Self {
        let assumption = broken.map(|broken| broken.assumption);
        let cut = cut.iter().filter(|_| assumption == Some(Assumption::Connectivity));
        Self {
            held: broken.is_none(),
            broken: assumption,
            event: broken.and_then(|broken| broken.event),
            cut: cut.map(|agent| cast.name(*agent).to_owned()).collect(),
        }
    }
}

/// Something an agent has signed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatementReport {
    pub round: u32,
    pub vote: &'static str,
    pub signature: String,
}

impl StatementReport {
    fn new(signed: &Signed<Statement>) -> Self {
        let Statement { voter, round, vote, .. } = *signed.content();
        let own = signed.signatures().iter().find(|signature| signature.signer() == voter);
        let signature = own.map_or_else(String::new, |signature| signature.words());
        Self { round, vote: vote.name(), signature }
    }
}

/// The figures, if it is a Byzantine vote.
pub(super) fn details(
    cast: &Cast,
    simulation: &SwarmSimulation,
    id: ProposalId,
    facts: &Facts,
) -> Option<ByzantineDetails> {
    let watch = simulation.observer.assumptions(id)?;
    let session = |agent: AgentId| -> Option<&Session> {
        simulation.agent(agent).process.byzantine_session(id)
    };
    let mut exposed = BTreeMap::new();
    let mut heard = vec![false; watch.electorate.len()];
    for honest in watch.honest().filter_map(session) {
        for ((agent, voter), heard) in honest.voters().zip(&mut heard) {
            *heard |= voter.first.is_some();
            if let (Some(first), Some(second)) = (&voter.first, &voter.second) {
                let pair = [StatementReport::new(first), StatementReport::new(second)];
                exposed.entry(cast.name(agent).to_owned()).or_insert(pair);
            }
        }
    }
    let unresponsive = watch.electorate.iter().zip(heard).filter(|(_, heard)| !heard);
    let decided = watch.honest().filter_map(|agent| {
        let (decision, _) = facts.of(agent).outcome?;
        Some((cast.name(agent).to_owned(), decision.name()))
    });
    let broken = watch.broken;
    Some(ByzantineDetails {
        fault_tolerance: watch.rounds.fault_tolerance,
        quorum: watch.rounds.quorum(watch.electorate.len() as u64),
        rounds: watch.rounds.voting_rounds,
        byzantine_safe: broken.is_none(),
        assumptions: Assumptions::new(broken, &watch.cut, cast),
        exposed,
        unresponsive: unresponsive.map(|(agent, _)| cast.name(*agent).to_owned()).collect(),
        decided_by: decided.collect(),
    })
}
