//! Output of votes that are counted: how they are shown and told, and their figures.

use std::sync::Arc;

use super::frame::{counter, proposals};
use super::watch::VoteWatch;
use super::{Vote, VoteDurable};
use crate::common::consensus::facts::Facts;
use crate::common::consensus::frame::{ProposalFrame, Terms};
use crate::common::consensus::manager::{Manager, ManagerError};
use crate::common::consensus::property;
use crate::common::consensus::proposal::{ProposalId, SharedProposal};
use crate::common::consensus::quorum::Decision;
use crate::common::shown::{HeardOf, Holds, Peek, Shown, places};
use crate::protocol::note::{Names, Thing};
use crate::protocol::watch::Part;
use crate::protocols::vote::choice::{ChoiceDetails, details};
use crate::sim::{AgentId, Status};

/// The proposals that were opened so far, by their numbers, and why others were not.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// Their terms, which all frames share.
    pub terms: Vec<Arc<Terms>>,
    pub proposals: Vec<SharedProposal>,
    pub refused: Vec<Arc<ManagerError>>,
}

impl Shown for Vote {
    type Known = Opened;
    type Report = ();
    type Details = ChoiceDetails;

    const LOG: Option<&'static str> = Some("Votes");
    const PROPERTIES: &'static [(&'static str, &'static str)] = &property::PROPERTIES;

    fn learn(known: &mut Opened, peek: &dyn Peek<Self>) {
        let Some(counter) = counter(peek) else { return };
        let opened = counter.manager.polls().iter().skip(known.proposals.len());
        for poll in opened {
            known.terms.push(Arc::new(Terms::new(&poll.proposal)));
            known.proposals.push(poll.proposal.clone());
        }
        known.refused.extend(counter.not_opened.iter().skip(known.refused.len()).cloned());
    }

    fn thing((): &(), known: &Opened, _: AgentId, thing: Thing, _: &dyn Names) -> Option<String> {
        let Thing { sort, number, inner } = thing;
        match sort {
            "option" => {
                let proposal = known.proposals.get(number as usize);
                let name = proposal.and_then(|it| it.options.get(inner as usize)).cloned();
                Some(name.unwrap_or_else(|| format!("option {}", inner + 1)))
            }
            "refused vote" => {
                let why = known.refused.get(number as usize);
                Some(why.map_or_else(String::new, ToString::to_string))
            }
            _ => None,
        }
    }

    fn report(_: &dyn Peek<Self>) -> Option<()> {
        None
    }

    fn place(_: &dyn Peek<Self>) -> u8 {
        places::VOTES
    }

    fn proposals(peek: &dyn Peek<Self>) -> Vec<ProposalFrame> {
        proposals(peek)
    }

    fn books(machine: &Self) -> Option<&Manager> {
        Some(&machine.counter()?.state.manager)
    }

    fn facts(watch: &VoteWatch) -> &[Facts] {
        &watch.facts
    }

    fn holds(part: &Part<'_, Self>, proposal: ProposalId) -> Option<Holds> {
        let hearing = match (part.status, part.durable) {
            (Status::Down, Some(VoteDurable::Voter(voter))) => &voter.known.get(&proposal)?.hearing,
            (Status::Down, _) => return None,
            _ => &part.machine?.voter()?.known.get(&proposal)?.hearing,
        };
        Some(Holds::of(hearing))
    }

    fn hearings(_: AgentId, machine: &Self) -> Vec<HeardOf> {
        let known = machine.voter().into_iter().flat_map(|voter| voter.known.iter());
        known
            .map(|(id, it)| HeardOf {
                own: it.held.own,
                winner: it.held.winner,
                ..HeardOf::new(*id, &it.hearing)
            })
            .collect()
    }

    fn details(peek: &dyn Peek<Self>, proposal: ProposalId, _: Decision) -> Option<ChoiceDetails> {
        let poll = counter(peek)?.manager.poll(proposal)?;
        details(peek.names(), poll, peek.facts(proposal)?)
    }
}
