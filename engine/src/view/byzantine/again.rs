//! What a person does about a liar: to see it exposed, and to vote again without it.

use crate::coordination::consensus::byzantine::note::ByzantineNote;
use crate::coordination::note::Note;
use crate::playback::Run;
use crate::playback::frame::Frame;
use crate::scenario::file::ProposalFile;
use crate::sim::{AgentId, EventId, What};

/// The event at which the viewer of the vote that is shown held both statements of the liar.
#[must_use]
pub fn exposure(run: &Run, frame: &Frame, liar: AgentId) -> Option<EventId> {
    let proposal = frame.proposal()?;
    let (id, viewer) = (proposal.id, proposal.byzantine.as_ref()?.viewer);
    let log = run.log();
    let mut events = log.range(log.first_id(), log.end_id());
    let exposes = |what| match what {
        What::Note(Note::Byzantine(ByzantineNote::Exposed { proposal, voter })) => {
            proposal == id && voter == liar
        }
        _ => false,
    };
    events.find(|event| event.agent == viewer && exposes(event.what)).map(|event| event.id)
}

/// The same question to those who are not exposed, who bear so many liars less.
#[must_use]
pub fn proposal(run: &Run, frame: &Frame) -> Option<ProposalFile> {
    let asked = frame.proposal()?;
    let seen = asked.byzantine.as_ref()?;
    let files = &run.scenario().file.proposals;
    let like = files.iter().find(|file| file.id == asked.terms.name).or(files.last())?;
    let mut byzantine = like.byzantine.unwrap_or_default();
    let exposed = seen.voters.iter().filter(|voter| voter.exposed).count() as u32;
    byzantine.fault_tolerance = Some(seen.rounds.fault_tolerance.saturating_sub(exposed));
    byzantine.vote_again = false;
    let honest = seen.voters.iter().filter(|voter| !voter.exposed);
    let names = honest.map(|voter| run.cast().name(voter.agent).to_owned());
    Some(ProposalFile {
        id: run.new_proposal_id(),
        byzantine: Some(byzantine),
        electorate: Some(names.collect()),
        ..like.clone()
    })
}
