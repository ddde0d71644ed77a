//! The recorder opens a Byzantine vote and keeps the record of it: it calls the electorate, and takes in what
//! agents have decided by themselves. Once f + 1 of them have decided the same, an honest one is among them.

use std::sync::Arc;

use super::message::ByzantineMessage;
use super::note::ByzantineNote;
use super::{Byzantine, ByzantineCall, ByzantineEntry, Rounds};
use crate::common::consensus::conclusion::Conclusion;
use crate::common::consensus::proposal::{ProposalId, SharedProposal};
use crate::common::signal::{Opening, Signal};
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet};
use crate::sim::AgentId;

/// The Byzantine votes that an agent has opened; all of it survives a crash.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    votes: Map<ProposalId, Record>,
}

#[derive(Clone, Debug)]
struct Record {
    call: Arc<ByzantineCall>,
    reports: Map<AgentId, Arc<Conclusion>>,
    is_closed: bool,
}

impl Recorder {
    /// How this vote was called.
    #[must_use]
    pub fn call(&self, id: ProposalId) -> Option<&ByzantineCall> {
        Some(&self.votes.get(&id)?.call)
    }

    /// Carries out one change; the same in memory and in the journal.
    pub fn write(&mut self, entry: &ByzantineEntry) {
        match entry {
            ByzantineEntry::Opened { id, call } => {
                let (call, reports) = (call.clone(), Map::new());
                self.votes.insert(*id, Record { call, reports, is_closed: false });
            }
            ByzantineEntry::Reported { id, agent, report } => {
                if let Some(record) = self.votes.get_mut(id) {
                    record.reports.insert(*agent, report.clone());
                }
            }
            ByzantineEntry::Closed { id } => {
                if let Some(record) = self.votes.get_mut(id) {
                    record.is_closed = true;
                }
            }
            ByzantineEntry::Known { .. } => {}
        }
    }

    fn put(&mut self, entry: ByzantineEntry, out: &mut impl Outlet<Byzantine>) {
        self.write(&entry);
        out.persist(entry);
    }

    pub fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Byzantine>) {
        match signal {
            Signal::Opened(opening) => self.open(opening, out),
            Signal::Reminded { id, missing } => {
                if let Some(record) = self.votes.get(id) {
                    call(*id, &record.call, missing, out);
                }
            }
            Signal::Closed { id } if self.votes.contains_key(id) => {
                self.put(ByzantineEntry::Closed { id: *id }, out);
            }
            _ => {}
        }
    }

    fn open(&mut self, opening: &Opening, out: &mut impl Outlet<Byzantine>) {
        let Some(rounds) = opening.proposal.algorithm.terms::<Rounds>().copied() else { return };
        let (id, electorate) = (opening.id, opening.voters());
        let starts_us = opening.opened_us.after(rounds.round_us);
        let proposal = opening.proposal.clone();
        let opened =
            Arc::new(ByzantineCall { proposal, rounds, starts_us, electorate: electorate.clone() });
        self.put(ByzantineEntry::Opened { id, call: opened.clone() }, out);
        call(id, &opened, &electorate, out);
    }

    /// An agent has decided by itself.
    pub fn on_report(
        &mut self,
        id: ProposalId,
        agent: AgentId,
        report: &Arc<Conclusion>,
        out: &mut impl Outlet<Byzantine>,
    ) {
        let counts = |record: &&Record| !record.is_closed && record.call.place(agent).is_some();
        if self.votes.get(&id).filter(counts).is_none() {
            return;
        }
        self.put(ByzantineEntry::Reported { id, agent, report: report.clone() }, out);
        let Some(record) = self.votes.get(&id) else { return };
        let alike = record.reports.iter().filter(|(_, other)| *other == report).count() as u64;
        let ByzantineCall { rounds, proposal, .. } = &*record.call;
        if alike <= u64::from(rounds.fault_tolerance) {
            return;
        }
        let decision = report.decision;
        out.note(ByzantineNote::Recorded { proposal: id, decision });
        let votes = report.votes.as_slice().into();
        out.raise(Signal::Recorded { id, votes, decision: Some(decision), is_last: true });
        vote_again(proposal, *rounds, &report.exposed, out);
    }
}

fn call(
    id: ProposalId,
    call: &Arc<ByzantineCall>,
    agents: &[AgentId],
    out: &mut impl Outlet<Byzantine>,
) {
    for agent in agents {
        out.send(*agent, Header::about(id), ByzantineMessage::Call(call.clone()));
    }
}

/// Removes the exposed agents and holds the vote once more without them, with fewer faulty agents to be
/// borne.
fn vote_again(
    proposal: &SharedProposal,
    rounds: Rounds,
    exposed: &[AgentId],
    out: &mut impl Outlet<Byzantine>,
) {
    if exposed.is_empty() || !rounds.vote_again {
        return;
    }
    let mut proposal = (**proposal).clone();
    let removed = exposed.len() as u32;
    let fault_tolerance = rounds.fault_tolerance.saturating_sub(removed);
    proposal.name += "-again";
    proposal.algorithm.own = Some(Arc::new(Rounds { fault_tolerance, ..rounds }));
    if let Some(electorate) = &mut proposal.electorate {
        electorate.retain(|agent| !exposed.contains(agent));
    }
    for agent in exposed {
        out.raise(Signal::Left { agent: *agent });
    }
    out.raise(Signal::Proposed(Arc::new(proposal)));
}
