//! Acts of a person on an agent at work: it can be made worse, and good again.

use serde_json::json;

use super::boards::worker_of;
use super::role::Work;
use crate::common::shown::{Offer, OfferPicture, Peek};
use crate::protocol::document::Act;
use crate::sim::AgentId;

/// Nothing at an agent that is down, and at the coordinator.
pub(super) fn acts(peek: &dyn Peek<Work>, agent: AgentId) -> Vec<Offer> {
    let Some((worker, _)) = worker_of(peek, agent) else { return Vec::new() };
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
