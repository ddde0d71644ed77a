//! The outcome of a Byzantine vote, for machines (C6).

use std::collections::BTreeMap;

use serde::Serialize;

use super::seen::signature;
use super::session::ByzantineSession;
use super::{Byzantine, Statement};
use crate::common::consensus::assumption::AssumptionsReport;
use crate::common::consensus::proposal::ProposalId;
use crate::common::shown::Peek;
use crate::common::signature::Signed;
use crate::sim::AgentId;

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
    pub assumptions: AssumptionsReport,
    /// The two statements that expose an agent, by its name; as honest agents hold them.
    pub exposed: BTreeMap<String, [StatementReport; 2]>,
    /// Agents from which no honest agent has accepted anything.
    pub unresponsive: Vec<String>,
    /// The decision of each honest agent for itself; those that have none are left out.
    pub decided_by: BTreeMap<String, &'static str>,
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
        let Statement { round, vote, .. } = *signed.content();
        Self { round, vote: vote.name(), signature: signature(signed) }
    }
}

/// The figures, if it is a Byzantine vote.
pub(super) fn details(peek: &dyn Peek<Byzantine>, id: ProposalId) -> Option<ByzantineDetails> {
    let (watch, facts) = (peek.watch().assumptions(id)?, peek.facts(id)?);
    let name = |agent: AgentId| peek.names().agent(agent).to_owned();
    let session = |agent: AgentId| -> Option<&ByzantineSession> {
        Some(&peek.agent(agent)?.machine?.voter()?.known.get(&id)?.session)
    };
    let mut exposed = BTreeMap::new();
    let mut heard = vec![false; watch.electorate.len()];
    for honest in watch.honest().filter_map(session) {
        for ((agent, voter), heard) in honest.voters().zip(&mut heard) {
            *heard |= voter.first.is_some();
            if let (Some(first), Some(second)) = (&voter.first, &voter.second) {
                let pair = [StatementReport::new(first), StatementReport::new(second)];
                exposed.entry(name(agent)).or_insert(pair);
            }
        }
    }
    let unresponsive = watch.electorate.iter().zip(heard).filter(|(_, heard)| !heard);
    let decided = watch.honest().filter_map(|agent| {
        let (decision, _) = facts.of(agent).outcome?;
        Some((name(agent), decision.name()))
    });
    let broken = watch.broken;
    Some(ByzantineDetails {
        fault_tolerance: watch.rounds.fault_tolerance,
        quorum: watch.rounds.quorum(watch.electorate.len() as u64),
        rounds: watch.rounds.voting_rounds,
        byzantine_safe: broken.is_none(),
        assumptions: AssumptionsReport::new(broken, &watch.cut, peek.names()),
        exposed,
        unresponsive: unresponsive.map(|(agent, _)| name(*agent)).collect(),
        decided_by: decided.collect(),
    })
}
