//! Output of Byzantine votes: how they are shown, their panels and figures.

use super::report::{ByzantineDetails, details};
use super::seen::{part, revise, seen};
use super::session::{ByzantineSession, Voter};
use super::{Byzantine, panel};
use crate::common::consensus::frame::ProposalFrame;
use crate::common::consensus::proposal::ProposalId;
use crate::common::consensus::quorum::Decision;
use crate::common::glyph::MessageGlyph;
use crate::common::shown::{HeardOf, Holds, Look, Peek, Picture, Shown, looked_at, places};
use crate::protocol::document::Document;
use crate::protocol::watch::Part;
use crate::sim::AgentId;

impl Shown for Byzantine {
    type Known = ();
    type Report = ();
    type Details = ByzantineDetails;

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
        let Some(seen) = looked_at(peek, look).and_then(|id| seen(peek, look, id)) else {
            return Vec::new();
        };
        let exposed = !seen.evidence.is_empty();
        let exposed = exposed.then_some((Picture::Exposed, "exposed"));
        let signed = [
            (Picture::Message(MessageGlyph::Statement(None)), "signed"),
            (Picture::Message(MessageGlyph::Evidence), "evidence"),
        ];
        signed.into_iter().chain(exposed).collect()
    }

    fn revise(peek: &dyn Peek<Self>, look: &Look, proposal: &mut ProposalFrame) {
        revise(peek, look, proposal);
    }

    fn holds(it: &Part<'_, Self>, proposal: ProposalId) -> Option<Holds> {
        let hearing = &part(it, proposal)?.hearing;
        Some(Holds::of(hearing))
    }

    fn hearings(agent: AgentId, machine: &Self) -> Vec<HeardOf> {
        let known = machine.voter().into_iter().flat_map(|voter| voter.known.iter());
        known
            .map(|(id, part)| HeardOf {
                stands: Some(stands(agent, &part.session)),
                ..HeardOf::new(*id, &part.hearing)
            })
            .collect()
    }

    fn lead(peek: &dyn Peek<Self>, proposal: &ProposalFrame) -> Option<(String, String)> {
        peek.watch().assumptions(proposal.id)?;
        panel::lead(proposal)
    }

    fn warning(peek: &dyn Peek<Self>, look: &Look) -> Option<String> {
        panel::warning(&seen(peek, look, looked_at(peek, look)?)?)
    }

    fn details(
        peek: &dyn Peek<Self>,
        proposal: ProposalId,
        _: Decision,
    ) -> Option<ByzantineDetails> {
        details(peek, proposal)
    }
}

/// "round 2 of 4, signed votes of 5, 1 exposed".
fn stands(agent: AgentId, session: &ByzantineSession) -> String {
    if session.aside {
        return "it takes no part any more, since it does not know what it missed".to_owned();
    }
    let count =
        |of: &dyn Fn((AgentId, &Voter)) -> bool| session.voters().filter(|it| of(*it)).count();
    let voters = count(&|(_, voter)| voter.first.is_some());
    let exposed = count(&|(other, voter)| other != agent && voter.is_exposed());
    let liars = if exposed > 0 { format!(", {exposed} exposed") } else { String::new() };
    let (round, in_all) = (session.round, session.call.rounds.in_all());
    format!("round {round} of {in_all}, signed votes of {voters}{liars}")
}
