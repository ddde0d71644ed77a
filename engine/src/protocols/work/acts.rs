//! Acts of a person on an agent at work, which can be made worse and good again, and on the coordinator.

use serde_json::json;

use super::boards::{coordinators, worker_of};
use super::role::Work;
use crate::common::shown::{Offer, OfferPicture, Peek};
use crate::protocol::document::Act;
use crate::sim::AgentId;

/// The spread of the offer to rebalance, in units of work: that of a usual task.
const SPREAD: u32 = 20;

/// Nothing at an agent that is down.
pub(super) fn acts(peek: &dyn Peek<Work>, agent: AgentId) -> Vec<Offer> {
    let Some((worker, _)) = worker_of(peek, agent) else {
        let board = coordinators(peek).filter(|it| it.agent == agent).map(|it| it.board);
        let has_work = board.is_some_and(|board| board.members.len() > 1 && !board.jobs.is_empty());
        return Vec::from_iter(has_work.then(|| Offer {
            id: "work-rebalance",
            picture: OfferPicture::Pace,
            label: "Even out the loads".to_owned(),
            act: Act::new("rebalance", &json!({ "spread": SPREAD })),
        }));
    };
    let (style, agent) = (&worker.abilities.style, peek.names().agent(agent));
    let (speed, speeds) =
        if style.speed_milli < 1_000 { (1.0, "Normal speed") } else { (0.25, "Work slower") };
    let (fails, reliable) =
        if style.fails_ppm > 0 { (0.0, "Make reliable") } else { (0.5, "Fail half") };
    let health = if style.healthy { "Make unhealthy" } else { "Healthy again" };
    let offer = |id, picture, label: &str, change| Offer {
        id,
        picture,
        label: label.to_owned(),
        act: Act::new("set_work", &change),
    };
    vec![
        offer("work-speed", OfferPicture::Pace, speeds, json!({ "agent": agent, "speed": speed })),
        offer(
            "work-reliability",
            OfferPicture::Trouble,
            reliable,
            json!({ "agent": agent, "fails": fails }),
        ),
        offer(
            "work-health",
            OfferPicture::Health,
            health,
            json!({ "agent": agent, "healthy": !style.healthy }),
        ),
    ]
}
