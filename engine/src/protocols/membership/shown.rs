//! Output of the membership: the roster, and what a person can ask of it.

use serde_json::json;

use super::{Membership, MembershipDurable};
use crate::common::profile::Profile;
use crate::common::shown::{Offer, OfferPicture, Peek, Shown};
use crate::protocol::document::Act;
use crate::sim::{AgentId, Status};

impl Shown for Membership {
    type Known = ();
    type Report = ();
    type Details = ();

    const LOG: Option<&'static str> = Some("Votes");

    fn report(_: &dyn Peek<Self>) -> Option<()> {
        None
    }

    fn inspect(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
        let Some(part) = peek.agent(agent) else { return Vec::new() };
        let registry = match (part.is_down(), part.durable, part.machine) {
            (true, Some(MembershipDurable::Registry(registry)), _) => registry,
            (false, _, Some(Self::Registry(registry))) => registry,
            _ => return Vec::new(),
        };
        vec![("Knows", vec![format!("{} registered agents", registry.roster.len())])]
    }

    fn profile(machine: &Self) -> Option<&Profile> {
        match machine {
            Self::Member(member) => Some(&member.profile),
            Self::Registry(_) => None,
        }
    }

    /// Where there is a roster an agent can join and leave it, and ask for the status of the swarm.
    fn acts(peek: &dyn Peek<Self>, agent: AgentId) -> Vec<Offer> {
        let is_up = peek.agent(agent).is_some_and(|it| it.status == Status::Up);
        let Some(coordinator) = peek.coordinator().filter(|it| *it != agent && is_up) else {
            return Vec::new();
        };
        let registry = match peek.agent(coordinator).and_then(|it| it.machine) {
            Some(Self::Registry(registry)) => registry,
            _ => return Vec::new(),
        };
        let fields = json!({ "agent": peek.names().agent(agent) });
        let offer = |id, picture, label: &str, key| Offer {
            id,
            picture,
            label: label.to_owned(),
            act: Act { key, fields: fields.clone() },
        };
        let roster = match registry.roster.contains_key(&agent) {
            true => offer("unregister", OfferPicture::Leave, "Unregister", "unregister"),
            false => offer("register", OfferPicture::Join, "Register", "register"),
        };
        vec![roster, offer("ask-status", OfferPicture::Ask, "Ask how all stands", "status")]
    }
}
