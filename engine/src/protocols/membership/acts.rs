//! Interventions in the roster, by a scenario or a person.

use serde::{Deserialize, Serialize};

use super::message::Ask;
use super::registry::Registry;
use super::{Member, Membership, MembershipDurable, MembershipEntry};
use crate::common::registration::Registration;
use crate::common::room::{
    Brief, Entrant, Members, Planning, ROSTER_OF_IT, Room, with_coordinator,
};
use crate::protocol::problem::Problem;
use crate::sim::AgentId;

/// An intervention in the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MembershipAct {
    /// The agent registers with the coordinator.
    Register { agent: String },
    /// The agent leaves the roster, and stays where it is.
    Unregister { agent: String },
    /// The agent asks the coordinator for the status of the swarm, or of another agent.
    Status {
        agent: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
    },
}

impl Room for Membership {
    type File = ();
    type Agent = ();
    type Act = MembershipAct;
    type Memory = ();

    fn check(_: &Brief<'_, Self>) -> Result<(), Problem> {
        Ok(())
    }

    /// The coordinator keeps the roster, with all members that are there from the start. An agent that joins below a manager
    /// registers with that one, too.
    fn durable(
        (): &(),
        entrant: &Entrant<'_, Self>,
        cast: &dyn Members,
    ) -> Option<MembershipDurable> {
        let Some(profile) = entrant.member else {
            return Some(MembershipDurable::Registry(Box::new(roster(cast))));
        };
        let joins = entrant.joins_below.filter(|parent| cast.is_manager(*parent));
        let manager = joins.or_else(|| cast.manager_of(entrant.agent));
        let mut member = Member::new(profile.clone(), manager);
        member.is_new_to_manager = joins.is_some();
        member.is_manager = cast.is_manager(entrant.agent);
        Some(MembershipDurable::Member(member))
    }

    fn plan(
        (): &(),
        act: &MembershipAct,
        planning: &mut Planning<'_, ()>,
    ) -> Result<Vec<(AgentId, Ask)>, Problem> {
        let cast = planning.cast;
        let (key, agent, ask) = match act {
            MembershipAct::Register { agent } => ("register", agent, Ask::Register),
            MembershipAct::Unregister { agent } => ("unregister", agent, Ask::Unregister),
            MembershipAct::Status { agent, about } => {
                let about =
                    about.as_ref().map(|name| cast.find("status.about", name)).transpose()?;
                ("status", agent, Ask::Status(about))
            }
        };
        with_coordinator(cast, key, ROSTER_OF_IT)?;
        Ok(vec![(cast.member(&format!("{key}.agent"), agent)?, ask)])
    }

    fn label(act: &MembershipAct) -> String {
        match act {
            MembershipAct::Register { agent } => format!("register {agent}"),
            MembershipAct::Unregister { agent } => format!("unregister {agent}"),
            MembershipAct::Status { agent, .. } => format!("{agent} asks for the status"),
        }
    }
}

/// All members that are there from the start.
fn roster(cast: &dyn Members) -> Registry {
    let mut registry = Registry::default();
    for agent in (0..cast.count()).map(AgentId) {
        let Some(profile) = cast.profile(agent) else { continue };
        let registration = Registration::of(profile).into();
        registry.write(&MembershipEntry::Registered { agent, registration });
    }
    registry
}
