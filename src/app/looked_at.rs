//! How a run is looked at, as names and texts for a link: what is selected, the speed, how much of
//! the traffic is shown, the presenter's view. What is as always is left out; what nobody knows any more is passed over.

use engine::map::Map;
use engine::sim::AgentId;
use engine::view::stage::Noise;
use engine::view::stage::target::Target;
use leptos::prelude::*;

use super::page::{Page, SPEED_NOTCH};

pub fn read(page: Page) -> Map<String, String> {
    let target = page.target.get_untracked().map(|target| match target {
        Target::Agent(agent) => format!("agent {}", agent.0),
        Target::Link(from, to) => format!("link {} {}", from.0, to.0),
        Target::Message(id) => format!("message {id}"),
    });
    let (speed, noise) = (page.speed_notch.get_untracked(), page.noise.get_untracked());
    let speed = (speed != SPEED_NOTCH).then(|| speed.to_string());
    let noise = (noise != Noise::default()).then(|| noise.name().to_owned());
    let presenting = page.presenting.get_untracked().then(|| "yes".to_owned());
    let all = [("target", target), ("speed", speed), ("noise", noise), ("presenting", presenting)];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

pub fn apply(page: Page, view: &Map<String, String>) {
    let find = |name: &str| view.get(name).map(String::as_str);
    page.target.set(find("target").and_then(target));
    let speed = find("speed").and_then(|notch| notch.parse().ok());
    let speed = speed.filter(|notch: &i32| (-300..=300).contains(notch));
    page.speed_notch.set(speed.unwrap_or(SPEED_NOTCH));
    let noise = Noise::ALL.into_iter().find(|noise| find("noise") == Some(noise.name()));
    page.noise.set(noise.unwrap_or_default());
    if find("presenting").is_some() {
        page.presenting.set(true);
    }
}

fn target(text: &str) -> Option<Target> {
    let (kind, rest) = text.split_once(' ')?;
    match kind {
        "agent" => Some(Target::Agent(AgentId(rest.parse().ok()?))),
        "message" => Some(Target::Message(rest.parse().ok()?)),
        "link" => {
            let (from, to) = rest.split_once(' ')?;
            Some(Target::Link(AgentId(from.parse().ok()?), AgentId(to.parse().ok()?)))
        }
        _ => None,
    }
}
