//! The recorder opened a gossip and keeps the record of it: the decision that more than half of all agents
//! have come to.

use std::sync::Arc;

use super::note::GossipNote;
use super::{Gossip, GossipCall, GossipEntry, Gossiping, Talk};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::conclusion::Conclusion;
use crate::common::consensus::note::VoteNote;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::signal::{Opening, Signal};
use crate::map::Map;
use crate::protocol::contract::{Header, Outlet};
use crate::sim::AgentId;

/// The gossips that an agent has opened; all of it survives a crash.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    gossips: Map<ProposalId, Record>,
}

#[derive(Clone, Debug)]
struct Record {
    call: Arc<GossipCall>,
    reports: Map<AgentId, Decision>,
    /// How many have reported each decision.
    alike: [u32; Decision::COUNT],
    is_decided: bool,
    is_closed: bool,
}

impl Record {
    /// Takes in a report. Gives the decision when it is the one that makes it more than half.
    fn take_in(&mut self, agent: AgentId, decision: Decision) -> Option<Decision> {
        if let Some(before) = self.reports.insert(agent, decision) {
            self.alike[before as usize] -= 1;
        }
        let alike = &mut self.alike[decision as usize];
        *alike += 1;
        let is_enough = !self.is_decided && 2 * *alike as usize > self.call.electorate.len();
        self.is_decided |= is_enough;
        is_enough.then_some(decision)
    }
}

impl Recorder {
    /// How this gossip was called.
    #[must_use]
    pub fn call(&self, id: ProposalId) -> Option<&GossipCall> {
        Some(&self.gossips.get(&id)?.call)
    }

    /// Carries out one change; the same in memory and in the journal.
    pub fn write(&mut self, entry: &GossipEntry) {
        match entry {
            GossipEntry::Opened { id, call } => {
                let (call, reports) = (call.clone(), Map::new());
                let (alike, is_decided, is_closed) = Default::default();
                let record = Record { call, reports, alike, is_decided, is_closed };
                self.gossips.insert(*id, record);
            }
            GossipEntry::Reported { id, agent, decision } => {
                if let Some(record) = self.gossips.get_mut(id) {
                    record.take_in(*agent, *decision);
                }
            }
            GossipEntry::Closed { id } => {
                if let Some(record) = self.gossips.get_mut(id) {
                    record.is_closed = true;
                }
            }
            GossipEntry::Known { .. } => {}
        }
    }

    pub fn on_signal(&mut self, signal: &Signal, out: &mut impl Outlet<Gossiping>) {
        match signal {
            Signal::Opened(opening) => self.open(opening, out),
            Signal::Reminded { id, missing } => {
                if let Some(record) = self.gossips.get(id) {
                    call(*id, &record.call, missing, out);
                }
            }
            Signal::Closed { id } if self.gossips.contains_key(id) => {
                let closed = GossipEntry::Closed { id: *id };
                self.write(&closed);
                out.persist(closed);
            }
            _ => {}
        }
    }

    fn open(&mut self, opening: &Opening, out: &mut impl Outlet<Gossiping>) {
        let Some(gossip) = opening.proposal.algorithm.terms::<Gossip>().copied() else { return };
        let (id, electorate) = (opening.id, opening.voters());
        let starts_us = opening.opened_us.after(gossip.round_us);
        let proposal = opening.proposal.clone();
        let opened = Arc::new(GossipCall { proposal, starts_us, electorate: electorate.clone() });
        let entry = GossipEntry::Opened { id, call: opened.clone() };
        self.write(&entry);
        out.persist(entry);
        call(id, &opened, &electorate, out);
    }

    /// An agent has decided by itself. Its own ballot is counted with its report, and the gossip closes with the
    /// last one.
    pub fn on_report(
        &mut self,
        id: ProposalId,
        agent: AgentId,
        report: &Conclusion,
        out: &mut impl Outlet<Gossiping>,
    ) {
        let known = self.gossips.get_mut(&id);
        let counts = |it: &&mut Record| !it.is_closed && it.call.place(agent).is_some();
        let Some(record) = known.filter(counts) else { return };
        let is_new = !record.reports.contains_key(&agent);
        let decision = record.take_in(agent, report.decision);
        out.persist(GossipEntry::Reported { id, agent, decision: report.decision });
        let votes: Arc<[_]> = own_votes(agent, report).filter(|_| is_new).collect();
        for (voter, vote) in votes.iter().copied() {
            out.note(VoteNote::Counted { proposal: id, voter, vote });
        }
        if let Some(decision) = decision {
            out.note(GossipNote::Gathered { proposal: id, decision });
        }
        let is_last = record.reports.len() == record.call.electorate.len();
        out.raise(Signal::Recorded { id, votes, decision, is_last });
    }
}

/// An agent speaks for itself alone.
fn own_votes(agent: AgentId, report: &Conclusion) -> impl Iterator<Item = (AgentId, Vote)> {
    report.votes.iter().copied().filter(move |(voter, _)| *voter == agent)
}

fn call(
    id: ProposalId,
    call: &Arc<GossipCall>,
    agents: &[AgentId],
    out: &mut impl Outlet<Gossiping>,
) {
    for agent in agents {
        out.send(*agent, Header::about(id), Talk::Call(call.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::gossip::session::letters::call_of;

    #[test]
    fn a_gossip_is_recorded_as_more_than_half_have_come_to_it() {
        use Decision::{Approved, Rejected};
        // The reports of the four in turn, and the decision recorded in the end.
        for (reported, recorded) in [
            ([Approved, Rejected, Approved, Rejected], None),
            ([Approved, Approved, Rejected, Rejected], None),
            ([Rejected, Approved, Rejected, Rejected], Some(Rejected)),
            ([Approved; 4], Some(Approved)),
        ] {
            let mut recorder = Recorder::default();
            recorder.write(&GossipEntry::Opened { id: 0, call: call_of(4) });
            let record = recorder.gossips.get_mut(&0).unwrap();
            let mut now = None;
            let mut counted = Vec::new();
            for (agent, decision) in (0..).map(AgentId).zip(reported) {
                // Its own ballot counts, and not what it says of others.
                let votes = vec![(agent, Vote::For), (AgentId(3), Vote::Against)];
                let report = Conclusion { decision, votes, exposed: Vec::new() };
                counted.extend(own_votes(agent, &report).take(1));
                now = now.or(record.take_in(agent, decision));
                assert_eq!(record.take_in(agent, decision), None, "told again");
            }
            assert_eq!(now, recorded, "{reported:?}");
            let all = (0..4).map(|agent| (AgentId(agent), Vote::For));
            assert_eq!(counted, all.collect::<Vec<_>>());
        }
    }
}
