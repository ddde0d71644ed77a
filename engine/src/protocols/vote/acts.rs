//! Proposals that a scenario or a person puts to the vote.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::counter::{CounterDurable, CounterEntry};
use super::voter::VoterDurable;
use super::{Vote, VoteDurable, VoteOrder, form, settings};
use crate::common::asking::Asking;
use crate::common::consensus::proposal::SharedProposal;
use crate::common::consensus::section::WrittenProposal;
use crate::common::registration::Registration;
use crate::common::room::{
    Brief, Edited, Entrant, Members, OPENED_BY_IT, Planning, Room, Scenarios, scenarios,
    with_coordinator,
};
use crate::common::shown::Peek;
use crate::map::Map;
use crate::protocol::document::{Form, FormError, Typed};
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::sim::AgentId;

/// An intervention in what is voted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum VoteAct {
    /// Puts a proposal to the swarm; its `at_ms` does not matter here.
    Propose { proposal: WrittenProposal },
}

impl Room for Vote {
    type File = ();
    type Agent = ();
    type Act = VoteAct;
    /// The names of proposals that acts have put to the vote.
    type Memory = Vec<String>;

    const SCENARIOS: Scenarios = scenarios!(
        "vote":
        "deployment-vote",
        "simple-majority",
        "supermajority",
        "unanimous",
        "ring-vote",
        "partitioned-vote",
        "lossy-vote",
        "database-choice",
    );

    fn check(_: &Brief<'_, Self>) -> Result<(), Problem> {
        Ok(())
    }

    /// Nobody votes without a coordinator: it opens and records all proposals, whichever way agents vote on them.
    fn durable((): &(), entrant: &Entrant<'_, Self>, cast: &dyn Members) -> Option<VoteDurable> {
        cast.coordinator()?;
        Some(match entrant.member {
            Some(profile) => {
                VoteDurable::Voter(VoterDurable { profile: profile.clone(), known: Map::new() })
            }
            None => VoteDurable::Counter(Box::new(counter(cast))),
        })
    }

    fn orders((): &(), cast: &dyn Members, _: u64) -> Vec<(u64, AgentId, VoteOrder)> {
        let Some(coordinator) = cast.coordinator() else { return Vec::new() };
        let opened = cast.opened().iter();
        let order = |proposal: &SharedProposal| VoteOrder::Propose(proposal.clone());
        opened.map(|(at_us, proposal)| (*at_us, coordinator, order(proposal))).collect()
    }

    fn plan(
        (): &(),
        VoteAct::Propose { proposal }: &VoteAct,
        planning: &mut Planning<'_, Vec<String>>,
    ) -> Result<Vec<(AgentId, VoteOrder)>, Problem> {
        let cast = planning.cast;
        let coordinator = with_coordinator(cast, "propose", OPENED_BY_IT)?;
        let proposal =
            cast.check_proposal(proposal).map_err(|problem| problem.under("propose.proposal"))?;
        let is_planned = cast.proposals().any(|other| other.name == proposal.name);
        if (is_planned || planning.memory.contains(&proposal.name)) && !planning.is_live {
            let found = format!("{:?} a second time", proposal.name);
            let repair = "give each proposal an id of its own";
            return Err(Problem::new("propose.proposal.id", "a new id", found, repair));
        }
        planning.memory.push(proposal.name.clone());
        Ok(vec![(coordinator, VoteOrder::Propose(Arc::new(proposal)))])
    }

    fn label(VoteAct::Propose { proposal }: &VoteAct) -> String {
        format!("propose {}", proposal.id())
    }

    fn proposed(VoteAct::Propose { proposal }: &VoteAct) -> Option<&WrittenProposal> {
        Some(proposal)
    }

    /// Each proposal is closed at its deadline.
    fn horizon_us((): &(), cast: &dyn Members) -> Option<u64> {
        let opened = cast.opened().iter();
        opened.map(|(at_us, it)| at_us.saturating_add(it.timing.deadline_us)).max()
    }

    fn settings((): &(), cast: &dyn Members) -> Vec<Setting> {
        settings::list(cast).unwrap_or_default()
    }

    fn set((): &(), file: &mut Edited<'_, ()>, setting: &str, value: u32) -> Option<()> {
        settings::set(file.proposals, setting, value)
    }

    fn forms(_: &dyn Peek<Self>, asking: &Asking<'_, Self>) -> Vec<Form> {
        vec![form::form(asking)]
    }

    fn read(
        _: &dyn Peek<Self>,
        asking: &Asking<'_, Self>,
        form: &str,
        typed: &Typed,
    ) -> Option<Result<VoteAct, FormError>> {
        (form == form::ID).then(|| form::read(asking, typed).map_err(FormError::from))
    }
}

/// The counter, to which all members are known that are there from the start.
fn counter(cast: &dyn Members) -> CounterDurable {
    let reserved = cast.stages().into_iter().map(|proposal| proposal.name.as_str().into());
    let mut counter = CounterDurable {
        tells_facts_of: cast.asks_facts_of().into(),
        reserved: reserved.collect(),
        ..CounterDurable::default()
    };
    for agent in (0..cast.count()).map(AgentId) {
        let Some(profile) = cast.profile(agent) else { continue };
        let registration = Registration::of(profile).into();
        counter.write(&CounterEntry::Joined { agent, registration });
    }
    counter
}
