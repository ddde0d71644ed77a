//! Proposals, by whichever protocol they are voted on: each is shown, told and reported by its own.

use serde::Serialize;

use super::{RegistryRow, Rooms};
use crate::common::consensus::frame::ProposalFrame;
use crate::common::consensus::manager::{Manager, Poll};
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::shown::{HeardOf, Holds, Look, Shown};
use crate::order::sort_by_key;
use crate::playback::run::Run;
use crate::protocol::contract::Protocol;
use crate::protocol::watch::Part;
use crate::registry::protocols;
use crate::sim::kernel::{InFlight, Slot};
use crate::sim::{AgentId, Status};
use crate::swarm::Swarm;
use crate::swarm::bus::{Body, Message};

/// Makes what is asked of each protocol about proposals.
macro_rules! asking {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $RegistryRow:ident = $Protocol:ty,)*) => {
        /// The figures of a decision, by the protocol that it was made by.
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct DecisionDetails {
            $(
                $(#[$on])*
                #[serde(flatten)]
                pub $field: Option<<$Protocol as Shown>::Details>,
            )*
        }

        impl Rooms<'_> {
            /// All proposals, as they are to be shown.
            pub(in crate::playback) fn proposals(&self, look: &Look) -> Vec<ProposalFrame> {
                let mut proposals = Vec::new();
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    proposals.extend(<$Protocol>::proposals(&peek));
                })*
                $($(#[$on])* if let Some(peek) = <$Protocol as RegistryRow>::peek(self) {
                    proposals.iter_mut().for_each(|proposal| <$Protocol>::revise(&peek, look, proposal));
                })*
                proposals
            }

            /// The figures of a decision.
            pub(in crate::playback) fn details(&self, proposal: ProposalId, decision: Decision) -> DecisionDetails {
                DecisionDetails {
                    $($(#[$on])* $field: <$Protocol as RegistryRow>::peek(self).and_then(|peek| <$Protocol>::details(&peek, proposal, decision)),)*
                }
            }

            fn lead(&self, proposal: &ProposalFrame) -> Option<(String, String)> {
                $($(#[$on])* if let Some(lead) = <$Protocol as RegistryRow>::peek(self).and_then(|peek| <$Protocol>::lead(&peek, proposal)) {
                    return Some(lead);
                })*
                None
            }

            fn so_far(&self, proposal: ProposalId) -> Option<String> {
                $($(#[$on])* if let Some(words) = <$Protocol as RegistryRow>::peek(self).and_then(|peek| <$Protocol>::so_far(&peek, proposal)) {
                    return Some(words);
                })*
                None
            }

            fn warning(&self, look: &Look) -> Option<String> {
                $($(#[$on])* if let Some(words) = <$Protocol as RegistryRow>::peek(self).and_then(|peek| <$Protocol>::warning(&peek, look)) {
                    return Some(words);
                })*
                None
            }
        }

        /// The books of an agent that opens proposals.
        pub(in crate::playback) fn books(slot: &Slot<Swarm>) -> Option<&Manager> {
            $($(#[$on])* if let Some(books) = <$Protocol as RegistryRow>::part(slot).machine.and_then(<$Protocol>::books) {
                return Some(books);
            })*
            None
        }

        /// Looks at the books that an agent would have after a crash.
        pub(in crate::playback) fn look_at_kept_books<T>(agent: AgentId, slot: &Slot<Swarm>, look: impl FnOnce(&Manager) -> T) -> Option<T> {
            $($(#[$on])* {
                let durable = <$Protocol as RegistryRow>::part(slot).durable;
                let again = durable.map(|durable| <$Protocol as Protocol>::new(agent, durable));
                if let Some(books) = again.as_ref().and_then(<$Protocol>::books) {
                    return Some(look(books));
                }
            })*
            None
        }

        /// The part of an agent in a proposal; for one that is down, the durable part.
        pub(in crate::playback) fn holds(slot: &Slot<Swarm>, proposal: ProposalId) -> Option<Holds> {
            $($(#[$on])* if let Some(holds) = <$Protocol>::holds(&<$Protocol as RegistryRow>::part(slot), proposal) {
                return Some(holds);
            })*
            None
        }

        /// All proposals that an agent has heard of, by their numbers: as it knows them, and as it would after a crash.
        pub(in crate::playback) fn hearings(agent: AgentId, slot: &Slot<Swarm>) -> [Vec<HeardOf>; 2] {
            let (mut known, mut kept) = (Vec::new(), Vec::new());
            $($(#[$on])* {
                let Part { machine, durable, .. } = <$Protocol as RegistryRow>::part(slot);
                let again = durable.map(|durable| <$Protocol as Protocol>::new(agent, durable));
                let kept_here = again.as_ref().map_or_else(Vec::new, |it| <$Protocol>::hearings(agent, it));
                known.extend(match slot.status {
                    Status::Down | Status::Removed => kept_here.clone(),
                    Status::Up | Status::Paused => machine.map_or_else(Vec::new, |it| <$Protocol>::hearings(agent, it)),
                });
                kept.extend(kept_here);
            })*
            sort_by_key(&mut known, |it| (it.proposal.into(), 0));
            sort_by_key(&mut kept, |it| (it.proposal.into(), 0));
            [known, kept]
        }

        /// Whether a message tells its receiver nothing that the receiver does not know by now.
        pub(in crate::playback) fn is_repeat(receiver: &Slot<Swarm>, in_flight: &InFlight<Message>) -> bool {
            let Message { header, body, .. } = &in_flight.message;
            match body {
                $($(#[$on])* Body::$RegistryRow(message) => <$Protocol>::is_repeat(&<$Protocol as RegistryRow>::part(receiver), header.instance, message),)*
            }
        }
    };
}

protocols!(asking);

impl<'a> Rooms<'a> {
    /// The books of the agent that opens proposals.
    pub(in crate::playback) fn books(&self) -> Option<&'a Manager> {
        books(self.simulation.agent(self.cast.coordinator?))
    }
}

impl Run {
    /// A proposal as it stands in the books of the agent that opened it.
    #[must_use]
    pub fn poll(&self, proposal: ProposalId) -> Option<&Poll> {
        self.rooms().books()?.poll(proposal)
    }

    /// A proposal that agents decide by themselves, in a sentence: the deciding words, and the rest.
    #[must_use]
    pub fn lead(&self, proposal: &ProposalFrame) -> Option<(String, String)> {
        self.rooms().lead(proposal)
    }

    /// How far such a proposal has come, in a few words.
    #[must_use]
    pub fn so_far(&self, proposal: ProposalId) -> Option<String> {
        self.rooms().so_far(proposal)
    }

    /// Something to say before another agent is corrupted.
    #[must_use]
    pub fn warning(&self, look: &Look) -> Option<String> {
        self.rooms().warning(look)
    }
}
