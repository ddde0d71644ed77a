//! What may be seen of an agent from outside, whichever of its protocols holds it.

use crate::common::consensus::hearing::Hearing;
use crate::common::consensus::manager::Poll;
use crate::common::consensus::proposal::ProposalId;
use crate::common::profile::Profile;
use crate::protocols::byzantine::session::ByzantineSession;
use crate::protocols::byzantine::{self, ByzantineDurable};
use crate::protocols::gossip::{self, GossipDurable};
use crate::protocols::membership::{Member, Membership};
use crate::protocols::state::holder::Holder;
use crate::protocols::vote::VoteDurable;
use crate::protocols::vote::counter::CounterDurable;
use crate::protocols::vote::voter::{Knowledge, Voter};
use crate::protocols::work::board::Board;
use crate::protocols::work::worker::Worker;
use crate::swarm::{Durable, Swarm};

impl Swarm {
    /// The agent as a member; nothing of whoever keeps the roster.
    #[must_use]
    pub fn member(&self) -> Option<&Member> {
        match self.membership.as_ref()? {
            Membership::Member(member) => Some(member),
            Membership::Registry(_) => None,
        }
    }

    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        Some(&self.member()?.profile)
    }

    /// What it has counted and opened, if it does that.
    #[must_use]
    pub fn counter(&self) -> Option<&CounterDurable> {
        Some(&self.vote.as_ref()?.counter()?.state)
    }

    /// A proposal as the agent holds it that counts.
    #[must_use]
    pub fn poll(&self, proposal: ProposalId) -> Option<&Poll> {
        self.counter()?.manager.poll(proposal)
    }

    #[must_use]
    pub fn voter(&self) -> Option<&Voter> {
        self.vote.as_ref()?.voter()
    }

    #[must_use]
    pub fn byzantine_voter(&self) -> Option<&byzantine::voting::Voter> {
        self.byzantine.as_ref()?.voter()
    }

    /// Its part in a Byzantine vote.
    #[must_use]
    pub fn byzantine_session(&self, proposal: ProposalId) -> Option<&ByzantineSession> {
        Some(&self.byzantine_voter()?.known.get(&proposal)?.session)
    }

    #[must_use]
    pub fn gossiper(&self) -> Option<&gossip::spreading::Gossiper> {
        self.gossip.as_ref()?.gossiper()
    }

    /// Its part in a gossip.
    #[must_use]
    pub fn gossip_session(&self, proposal: ProposalId) -> Option<&gossip::session::GossipSession> {
        Some(&self.gossiper()?.known.get(&proposal)?.session)
    }

    /// What it knows of a proposal that is counted.
    #[must_use]
    pub fn knowledge(&self, proposal: ProposalId) -> Option<&Knowledge> {
        self.voter()?.known.get(&proposal)
    }

    /// What it knows of a proposal, by whichever protocol that is voted on.
    #[must_use]
    pub fn hearing(&self, proposal: ProposalId) -> Option<&Hearing> {
        let counted = self.knowledge(proposal).map(|it| &it.hearing);
        let signed = || Some(&self.byzantine_voter()?.known.get(&proposal)?.hearing);
        let spread = || Some(&self.gossiper()?.known.get(&proposal)?.hearing);
        counted.or_else(signed).or_else(spread)
    }

    /// All proposals that it has heard of, by protocol.
    pub fn hearings(&self) -> impl Iterator<Item = (ProposalId, &Hearing)> {
        let counted = self.voter().into_iter().flat_map(|it| it.known.iter());
        let counted = counted.map(|(id, it)| (*id, &it.hearing));
        let signed = self.byzantine_voter().into_iter().flat_map(|it| it.known.iter());
        let signed = signed.map(|(id, it)| (*id, &it.hearing));
        let spread = self.gossiper().into_iter().flat_map(|it| it.known.iter());
        counted.chain(signed).chain(spread.map(|(id, it)| (*id, &it.hearing)))
    }

    /// What it holds of the swarm's state.
    #[must_use]
    pub fn holder(&self) -> Option<&Holder> {
        self.state.as_deref()
    }

    /// The tasks that it shares out, if it does that.
    #[must_use]
    pub fn board(&self) -> Option<&Board> {
        self.work.as_ref()?.board()
    }

    /// Its own part in the work, if it does any.
    #[must_use]
    pub fn worker(&self) -> Option<&Worker> {
        self.work.as_ref()?.worker()
    }
}

impl Durable {
    /// What it has counted and opened, as far as that was written down.
    #[must_use]
    pub fn counter(&self) -> Option<&CounterDurable> {
        match self.vote.as_ref()? {
            VoteDurable::Counter(counter) => Some(counter),
            VoteDurable::Voter(_) => None,
        }
    }

    /// What is left of what it knows of a proposal, by whichever protocol that is voted on.
    #[must_use]
    pub fn hearing(&self, proposal: ProposalId) -> Option<&Hearing> {
        let counted = match self.vote.as_ref()? {
            VoteDurable::Voter(voter) => voter.known.get(&proposal).map(|it| &it.hearing),
            VoteDurable::Counter(_) => None,
        };
        let signed = || Some(&self.byzantine_voter()?.known.get(&proposal)?.hearing);
        let spread = || Some(&self.gossiper()?.known.get(&proposal)?.hearing);
        counted.or_else(signed).or_else(spread)
    }

    /// What is left of its part in a Byzantine vote.
    #[must_use]
    pub fn byzantine_session(&self, proposal: ProposalId) -> Option<&ByzantineSession> {
        Some(&self.byzantine_voter()?.known.get(&proposal)?.session)
    }

    fn byzantine_voter(&self) -> Option<&byzantine::voting::Voter> {
        match self.byzantine.as_ref()? {
            ByzantineDurable::Voter(voter) => Some(voter),
            ByzantineDurable::Recorder(_) => None,
        }
    }

    /// What is left of its part in a gossip.
    #[must_use]
    pub fn gossip_session(&self, proposal: ProposalId) -> Option<&gossip::session::GossipSession> {
        Some(&self.gossiper()?.known.get(&proposal)?.session)
    }

    fn gossiper(&self) -> Option<&gossip::spreading::Gossiper> {
        match self.gossip.as_ref()? {
            GossipDurable::Gossiper(gossiper) => Some(gossiper),
            GossipDurable::Recorder(_) => None,
        }
    }

    /// The tasks that it shares out, as far as they were written down.
    #[must_use]
    pub fn board(&self) -> Option<&Board> {
        self.work.as_ref()?.board()
    }
}
