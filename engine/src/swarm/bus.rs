//! The bus (A3): every message is an envelope. Large data travels by reference.

use serde::Serialize;

use crate::protocol::contract::Header;
use crate::sim::Wire;
pub use crate::swarm::{Body, KINDS};

/// A message between two agents. The network vouches for the sender.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub header: Header,
    pub body: Body,
}

impl Wire for Message {
    const KINDS: usize = KINDS.len();

    #[inline]
    fn kind(&self) -> u8 {
        self.body.kind().number
    }

    /// The length of its encoding by postcard (variable-length integers, no field names).
    #[inline]
    fn encoded_len(&self) -> u32 {
        let length = postcard::experimental::serialized_size(self).unwrap_or(usize::MAX);
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    #[inline]
    fn instance(&self) -> u32 {
        self.header.instance
    }

    #[inline]
    fn is_housekeeping(&self) -> bool {
        self.body.is_housekeeping(self.header)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::common::consensus::ballot::Vote;
    use crate::common::consensus::decision_facts::DecisionFacts;
    use crate::common::consensus::quorum::Decision;
    use crate::common::glyph::MessageGlyph;
    use crate::common::registration::Registration;
    use crate::protocols::gossip::Talk;
    use crate::protocols::membership::message::MembershipMessage;
    use crate::protocols::state::talk::StateTalk;
    use crate::protocols::vote::message::VoteMessage;
    use crate::protocols::work::talk::WorkTalk;
    use crate::sim::{AgentId, LocalTime};

    #[test]
    fn a_message_is_at_most_32_bytes_in_memory() {
        assert!(size_of::<Message>() <= 32, "{}", size_of::<Message>());
    }

    #[test]
    fn its_size_on_a_link_is_its_encoded_length() {
        let ballot = Message {
            header: Header::about(3),
            body: Body::Vote(VoteMessage::Ballot(Vote::Against)),
        };
        assert_eq!(ballot.encoded_len() as usize, postcard::to_allocvec(&ballot).unwrap().len());
        let long = Registration {
            weight_milli: 1,
            domains: vec!["x".repeat(100).into()],
            reputation: 100,
        };
        let register = Message {
            header: Header::default(),
            body: Body::Membership(MembershipMessage::Register(Arc::new(long))),
        };
        assert!(register.encoded_len() > 100);
    }

    #[test]
    fn a_message_is_drawn_as_what_it_says() {
        let sender = AgentId(0);
        let facts = DecisionFacts {
            voters: Vec::new(),
            in_favour: 2,
            whole: 3,
            decided_us: LocalTime::START,
        };
        let knows = Talk::Opinion(Some(Vote::Against));
        for (body, glyph, says) in [
            (
                Body::Vote(VoteMessage::Ballot(Vote::Abstain)),
                MessageGlyph::Ballot(Vote::Abstain),
                Some("ABSTAIN"),
            ),
            (Body::Vote(VoteMessage::Pick(2)), MessageGlyph::Pick(2), Some("FOR")),
            (
                Body::Vote(VoteMessage::Decision(Decision::Timeout)),
                MessageGlyph::Decision(Decision::Timeout),
                Some("timed out"),
            ),
            (
                Body::Vote(VoteMessage::Chosen(1)),
                MessageGlyph::Decision(Decision::Approved),
                Some("approved"),
            ),
            (
                Body::Vote(VoteMessage::Approval(Arc::new(facts))),
                MessageGlyph::Decision(Decision::Approved),
                Some("approved"),
            ),
            (Body::Gossip(knows), MessageGlyph::Statement(Some(Vote::Against)), Some("AGAINST")),
            (Body::Gossip(Talk::OpinionQuery), MessageGlyph::Question, None),
            (Body::Vote(VoteMessage::OutcomeQuery), MessageGlyph::Question, None),
            (Body::State(StateTalk::FullQuery), MessageGlyph::Question, None),
            (Body::State(StateTalk::Hello), MessageGlyph::Other, None),
            (Body::Work(WorkTalk::Query("budget".into())), MessageGlyph::Question, None),
            (Body::Membership(MembershipMessage::Registered), MessageGlyph::Other, None),
        ] {
            assert_eq!((body.glyph(sender), body.says(sender)), (glyph, says), "{body:?}");
        }
    }

    #[test]
    fn every_kind_has_a_name_of_its_own_and_is_found_by_its_number() {
        let used = || KINDS.iter().zip(0..).filter(|(kind, _)| kind.name != "unused");
        let names: BTreeSet<_> = used().map(|(kind, _)| kind.name).collect();
        let words: BTreeSet<_> = used().map(|(kind, _)| kind.words).collect();
        assert_eq!((names.len(), words.len()), (used().count(), used().count()));
        assert!(used().all(|(kind, number)| kind.number == number), "{names:?}");
    }
}
