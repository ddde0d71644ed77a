use super::*;
use crate::coordination::topology::{TopologyKind, full_tree};
use crate::playback::frame::AgentInfo;

/// A swarm of so many agents and a coordinator after them.
fn cast(topology: TopologyKind, members: u32) -> Cast {
    let info = |number: u32| AgentInfo {
        name: format!("agent-{}", number + 1),
        role: if number == members { "coordinator".into() } else { "member".into() },
        weight_milli: 1_000,
        reputation: 100,
        is_coordinator: number == members,
        ..AgentInfo::default()
    };
    let mut parents = full_tree(members, 3);
    parents.push(None);
    Cast {
        topology,
        agents: (0..=members).map(info).collect(),
        coordinator: AgentId(members),
        links: (0..members).map(|agent| (AgentId(agent), AgentId(members))).collect(),
        parents,
        ..Cast::default()
    }
}

fn frame(cast: &Cast) -> Frame {
    Frame { agents: vec![AgentFrame::default(); cast.agents.len()], ..Frame::default() }
}

const ALL: [TopologyKind; 4] =
    [TopologyKind::Mesh, TopologyKind::Star, TopologyKind::Ring, TopologyKind::Hierarchical];

#[test]
fn everyone_stands_inside_the_glass_and_apart() {
    for topology in ALL {
        for members in [1, 3, 5, 12, 13, 50] {
            for (width_px, height_px) in [(848.0, 664.0), (688.0, 484.0), (390.0, 380.0)] {
                let cast = cast(topology, members);
                let layout = Layout::new(&cast, width_px, height_px);
                let discs: Vec<(Point, f64)> =
                    layout.places.iter().copied().zip(layout.radii_px.iter().copied()).collect();
                for (n, &(place, radius_px)) in discs.iter().enumerate() {
                    let out_px = place.distance(layout.centre) + radius_px - layout.radius_px;
                    assert!(
                        out_px <= 0.0,
                        "{topology:?} {members} agent {n} is {out_px} px outside"
                    );
                    for &(other, other_px) in &discs[n + 1..] {
                        let gap_px = place.distance(other) - radius_px - other_px;
                        assert!(
                            gap_px > -0.5,
                            "{topology:?} {members} agent {n} overlaps by {gap_px}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn ten_thousand_agents_are_dots_and_still_apart() {
    let cast = cast(TopologyKind::Mesh, 10_000);
    let layout = Layout::new(&cast, 848.0, 664.0);
    assert_eq!(layout.detail, Detail::Dots);
    assert!(layout.places.iter().all(|place| place.distance(layout.centre) < layout.radius_px));
    assert!(layout.radii_px[0] > 1.0);
}

#[test]
fn a_message_is_half_way_at_half_its_time_and_two_directions_do_not_meet() {
    let cast = cast(TopologyKind::Mesh, 2);
    let layout = Layout::new(&cast, 848.0, 664.0);
    let message = |from, to| MessageFrame {
        id: 0,
        kind: Kind::Ballot,
        vote: Some(Vote::For),
        decision: None,
        proposal: 0,
        from: AgentId(from),
        to: AgentId(to),
        origin: AgentId(from),
        dest: AgentId(to),
        sent_us: 100,
        arrives_us: 300,
        bytes: 4,
    };
    let mut frame = frame(&cast);
    frame.time_us = 200;
    frame.messages = vec![message(0, 1), message(1, 0)];
    let mut stage = Stage::default();
    stage.draw(&layout, &cast, &frame, Look::default());
    let [there, back] = &stage.messages[..] else { panic!("two messages") };
    assert!((there.progress - 0.5).abs() < 1e-9);
    assert_eq!(there.head, Head::Ballot(Vote::For));
    assert!((there.place.distance(back.place) - 8.0 * layout.scale).abs() < 1.0);
}

#[test]
fn a_click_near_an_agent_finds_it_and_one_beside_it_does_not() {
    let cast = cast(TopologyKind::Ring, 5);
    let layout = Layout::new(&cast, 848.0, 664.0);
    let mut stage = Stage::default();
    stage.draw(
        &layout,
        &cast,
        &frame(&cast),
        Look { selected: Some(AgentId(2)), ..Look::default() },
    );
    let place = layout.places[3];
    assert_eq!(stage.hit(Point { x: place.x + 20.0, y: place.y }), Some(AgentId(3)));
    assert_eq!(stage.hit(layout.centre), None);
    assert!(stage.agents[2].selected && !stage.agents[3].selected);
}

#[test]
fn a_partition_cuts_off_each_run_of_neighbours() {
    let cast = cast(TopologyKind::Mesh, 6);
    let layout = Layout::new(&cast, 848.0, 664.0);
    // The coordinator is in group 0.
    let cracks = |groups: &[u32]| crack::cracks(&layout, groups, cast.coordinator).len();
    assert_eq!(cracks(&[0, 0, 0, 1, 1, 1, 0]), 1);
    assert_eq!(cracks(&[1, 0, 0, 0, 0, 1, 0]), 1, "a run may pass twelve o'clock");
    assert_eq!(cracks(&[0, 1, 0, 1, 0, 2, 0]), 3);
    assert_eq!(cracks(&[]), 0);
}

#[test]
fn links_between_groups_are_severed() {
    let cast = cast(TopologyKind::Star, 3);
    let layout = Layout::new(&cast, 848.0, 664.0);
    let mut frame = frame(&cast);
    frame.groups = vec![0, 1, 0, 0];
    frame.cuts = vec![(AgentId(3), AgentId(2))];
    let mut stage = Stage::default();
    stage.draw(&layout, &cast, &frame, Look::default());
    let states: Vec<LinkState> = stage.links.iter().map(|link| link.state).collect();
    assert_eq!(states, [LinkState::AtRest, LinkState::Severed, LinkState::Severed]);
}
