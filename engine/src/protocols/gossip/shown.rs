//! Output of gossips: how they are shown, their panels and figures.

use super::report::{GossipDetails, details};
use super::seen::{faces, part, revise, seen, side};
use super::{Gossiping, Mode, Talk, inspect, panel};
use crate::common::consensus::frame::ProposalFrame;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::shown::{Face, HeardOf, Holds, Look, Peek, Picture, Shown, looked_at, places};
use crate::protocol::document::Document;
use crate::protocol::watch::Part;
use crate::sim::AgentId;

impl Shown for Gossiping {
    type Known = ();
    type Report = ();
    type Details = GossipDetails;

    const LOG: Option<&'static str> = Some("Votes");

    fn report(_: &dyn Peek<Self>) -> Option<()> {
        None
    }

    fn place(_: &dyn Peek<Self>) -> u8 {
        places::AFTER_VOTES
    }

    fn documents(peek: &dyn Peek<Self>, look: &Look) -> Vec<Document> {
        panel::documents(peek, look)
    }

    /// Told with each proposal.
    fn whole(_: &dyn Peek<Self>) -> Vec<Document> {
        Vec::new()
    }

    fn key(peek: &dyn Peek<Self>, look: &Look) -> Vec<(Picture, &'static str)> {
        let spread = looked_at(peek, look).and_then(|id| peek.watch().spread(id));
        if spread.is_none_or(|spread| spread.gossip.mode == Mode::Majority) {
            return Vec::new();
        }
        vec![
            (Picture::Message(MessageGlyph::Rumour), "news"),
            (Picture::Message(MessageGlyph::Repeat), "repeats"),
        ]
    }

    fn faces(peek: &dyn Peek<Self>, look: &Look) -> Vec<Option<Face>> {
        faces(peek, look)
    }

    fn inspect(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        inspect::rows(peek, agent)
    }

    fn revise(peek: &dyn Peek<Self>, look: &Look, proposal: &mut ProposalFrame) {
        revise(peek, look, proposal);
    }

    /// Its side by now stands for its vote.
    fn holds(it: &Part<'_, Self>, proposal: ProposalId) -> Option<Holds> {
        let part = part(it, proposal)?;
        Some(Holds { vote: side(&part.session), outcome: part.hearing.outcome })
    }

    fn hearings(_: AgentId, machine: &Self) -> Vec<HeardOf> {
        let known = machine.gossiper().into_iter().flat_map(|it| it.known.iter());
        known.map(|(id, part)| HeardOf::new(*id, &part.hearing)).collect()
    }

    fn is_repeat(receiver: &Part<'_, Self>, instance: u32, message: &Talk) -> bool {
        let Talk::Rumour { ballots, .. } = message else { return false };
        part(receiver, instance).is_some_and(|part| part.session.is_repeat(ballots))
    }

    fn lead(peek: &dyn Peek<Self>, proposal: &ProposalFrame) -> Option<(String, String)> {
        seen(peek, proposal.id).map(|seen| panel::lead(proposal, &seen))
    }

    fn so_far(peek: &dyn Peek<Self>, proposal: ProposalId) -> Option<String> {
        seen(peek, proposal).map(|seen| panel::so_far(&seen))
    }

    fn details(
        peek: &dyn Peek<Self>,
        proposal: ProposalId,
        decision: Decision,
    ) -> Option<GossipDetails> {
        details(peek, proposal, decision)
    }
}
