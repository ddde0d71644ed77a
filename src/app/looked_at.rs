//! How a run is looked at, as names and texts for a link: what is selected, the speed, how much of the
//! traffic is shown, the presenter's view, from how near and where, who was put elsewhere. Usual settings are
//! left out; names that nobody knows any more are passed over.

use engine::map::Map;
use engine::sim::AgentId;
use engine::view::stage::camera::Camera;
use engine::view::stage::target::Target;
use engine::view::stage::{Noise, Point};
use leptos::prelude::*;

use super::page::{Page, Scene};

pub fn read(page: Page) -> Map<String, String> {
    let target = page.target.get_untracked().map(|target| match target {
        Target::Agent(agent) => format!("agent {}", agent.0),
        Target::Link(from, to) => format!("link {} {}", from.0, to.0),
        Target::Message(id) => format!("message {id}"),
    });
    let (speed, noise) = (page.speed_notch.get_untracked(), page.noise.get_untracked());
    let speed = (speed != page.usual_speed()).then(|| speed.to_string());
    let noise = (noise != Noise::default()).then(|| noise.name().to_owned());
    let presenting = page.presenting.get_untracked().then(|| "yes".to_owned());
    let (camera, moved) = page.scene.with_value(|scene| (camera(scene), moved(scene)));
    let all = [
        ("target", target),
        ("speed", speed),
        ("noise", noise),
        ("presenting", presenting),
        ("camera", camera),
        ("moved", moved),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

pub fn apply(page: Page, view: &Map<String, String>) {
    let find = |name: &str| view.get(name).map(String::as_str);
    page.target.set(find("target").and_then(target));
    let speed = find("speed").and_then(|notch| notch.parse().ok());
    let speed = speed.filter(|notch: &i32| (-300..=300).contains(notch));
    page.speed_notch.set(speed.unwrap_or_else(|| page.usual_speed()));
    let noise = Noise::ALL.into_iter().find(|noise| find("noise") == Some(noise.name()));
    page.noise.set(noise.unwrap_or_default());
    if find("presenting").is_some() {
        page.presenting.set(true);
    }
    page.scene.update_value(|scene| {
        if let Some(&[zoom, x, y]) = find("camera").and_then(whole_numbers).as_deref() {
            scene.wanted = Some((point(x, y), part(zoom)));
        }
        let moved = find("moved").unwrap_or_default().split(';').filter_map(whole_numbers);
        scene.moved.extend(moved.filter_map(|it| match *it {
            [agent, x, y] => Some((AgentId(u32::try_from(agent).ok()?), point(x, y))),
            _ => None,
        }));
        scene.laid_out = None;
    });
}

/// From how near the stage is looked at, and where, in thousandths; nothing when it is seen whole.
fn camera(scene: &Scene) -> Option<String> {
    let Camera { zoom, .. } = scene.camera;
    let Point { x, y } = scene.camera.middle(scene.size());
    (zoom > 1.0).then(|| format!("{} {} {}", thousandths(zoom), thousandths(x), thousandths(y)))
}

/// The agents that were put elsewhere, and where, in thousandths.
fn moved(scene: &Scene) -> Option<String> {
    let one = |(agent, to): &(AgentId, Point)| {
        format!("{} {} {}", agent.0, thousandths(to.x), thousandths(to.y))
    };
    let moved: Vec<String> = scene.moved.iter().map(one).collect();
    (!moved.is_empty()).then(|| moved.join(";"))
}

fn thousandths(number: f64) -> i32 {
    (number * 1_000.0).round() as i32
}

fn part(thousandths: i32) -> f64 {
    f64::from(thousandths) / 1_000.0
}

fn point(x: i32, y: i32) -> Point {
    Point { x: part(x), y: part(y) }
}

fn whole_numbers(text: &str) -> Option<Vec<i32>> {
    text.split(' ').map(|number| number.parse().ok()).collect()
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
