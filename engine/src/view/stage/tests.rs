use super::*;
use crate::common::topology::{TopologyKind, full_tree};
use crate::playback::cast::AgentInfo;
use crate::playback::frame::MessageFrame;
use crate::protocols::membership::message::REGISTER;
use crate::protocols::state::holder::State;
use crate::protocols::vote::message::{BALLOT, OUTCOME_QUERY};

/// A swarm of so many agents and a coordinator after them.
fn cast(topology: TopologyKind, members: u32) -> Cast {
    let info = |number: u32| AgentInfo {
        name: format!("agent-n{}", number + 1),
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
        coordinator: Some(AgentId(members)),
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
fn agents_move_from_one_layout_to_the_next() {
    let mesh = Layout::new(&cast(TopologyKind::Mesh, 8), 688.0, 484.0);
    let ring = Layout::new(&cast(TopologyKind::Ring, 8), 688.0, 484.0);
    assert_ne!(mesh.places, ring.places);
    assert_eq!(ring.coming_from(&mesh, 0.0).places, mesh.places);
    assert_eq!(ring.coming_from(&mesh, 1.0).places, ring.places);
    let half = ring.coming_from(&mesh, 0.5);
    for ((half, from), to) in half.places.iter().zip(&mesh.places).zip(&ring.places) {
        assert!((half.distance(*from) - half.distance(*to)).abs() < 1e-9);
    }
    assert_eq!(half.names, ring.names, "the rest is as at its end");
}

#[test]
fn everyone_stands_inside_the_glass_and_apart() {
    for topology in ALL {
        for members in [1, 3, 5, 12, 13, 50, 100, 200] {
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
        kind: &BALLOT,
        glyph: MessageGlyph::Ballot(Vote::For),
        says: None,
        is_repeat: false,
        proposal: 0,
        from: AgentId(from),
        to: AgentId(to),
        origin: AgentId(from),
        dest: AgentId(to),
        sent_us: 100,
        arrives_us: 300,
        bytes: 4,
        is_housekeeping: false,
    };
    let mut frame = frame(&cast);
    frame.time_us = 200;
    frame.messages = vec![message(0, 1), message(1, 0)];
    let mut stage = Stage::default();
    stage.draw(&layout, &cast, &frame, StageLook::default());
    let [there, back] = &stage.messages[..] else { panic!("two messages") };
    assert!((there.progress - 0.5).abs() < 1e-9);
    assert_eq!(there.head, MessageGlyph::Ballot(Vote::For));
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
        StageLook { selected: Some(Target::Agent(AgentId(2))), ..StageLook::default() },
    );
    let place = layout.places[3];
    assert_eq!(stage.hit(Point { x: place.x + 20.0, y: place.y }), Some(Target::Agent(AgentId(3))));
    assert_eq!(stage.hit(layout.centre).and_then(Target::agent), None);
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
    stage.draw(&layout, &cast, &frame, StageLook::default());
    let states: Vec<LinkState> = stage.links.iter().map(|link| link.state).collect();
    assert_eq!(states, [LinkState::AtRest, LinkState::Severed, LinkState::Severed]);
}

#[test]
fn agents_messages_and_links_are_hit_in_this_order() {
    let cast = cast(TopologyKind::Star, 5);
    let layout = Layout::new(&cast, 848.0, 664.0);
    let mut stage = Stage::default();
    let mut frame = frame(&cast);
    frame.messages.push(MessageFrame {
        id: 7,
        kind: &BALLOT,
        glyph: MessageGlyph::Ballot(Vote::For),
        says: None,
        is_repeat: false,
        proposal: 0,
        from: AgentId(0),
        to: AgentId(5),
        origin: AgentId(0),
        dest: AgentId(5),
        sent_us: 0,
        arrives_us: 100,
        bytes: 1,
        is_housekeeping: false,
    });
    frame.time_us = 50;
    stage.draw(&layout, &cast, &frame, StageLook::default());
    let message = stage.messages[0].place;
    assert_eq!(stage.hit(message), Some(Target::Message(7)));
    assert_eq!(stage.hit(layout.places[0]), Some(Target::Agent(AgentId(0))));
    let half_way = layout.places[1].towards(layout.places[5], 0.5);
    assert_eq!(stage.hit(half_way), Some(Target::Link(AgentId(1), AgentId(5))));
    assert_eq!(stage.hit(Point { x: 2.0, y: 2.0 }), None);
}

#[test]
fn two_groups_that_a_line_parts_are_parted_by_one_straight_crack() {
    for topology in ALL {
        let cast = cast(topology, 8);
        let layout = Layout::new(&cast, 848.0, 664.0);
        // Those who stand furthest to the left are cut off.
        let mut across: Vec<usize> = (0..8).collect();
        across.sort_by(|a, b| layout.places[*a].x.total_cmp(&layout.places[*b].x));
        let mut groups = vec![0; 9];
        groups[across[0]] = 1;
        let cracks = crack::cracks(&layout, &groups, cast.coordinator);
        assert_eq!(cracks.len(), 1, "{topology:?}");
        for end in [cracks[0].first(), cracks[0].last()] {
            let from_rim_px = end.map(|end| end.distance(layout.centre) - layout.radius_px);
            assert!(from_rim_px.is_some_and(|px| px.abs() < 1.0), "{topology:?}: from rim to rim");
        }
    }
}

#[test]
fn focus_leaves_out_what_only_keeps_house() {
    let cast = cast(TopologyKind::Mesh, 3);
    let layout = Layout::new(&cast, 848.0, 664.0);
    let mut frame = frame(&cast);
    for (id, kind) in (0..).zip([&BALLOT, &REGISTER, &OUTCOME_QUERY]) {
        frame.messages.push(MessageFrame {
            id,
            kind,
            glyph: MessageGlyph::Other,
            says: None,
            is_repeat: false,
            proposal: 0,
            from: AgentId(0),
            to: AgentId(1),
            origin: AgentId(0),
            dest: AgentId(1),
            sent_us: 0,
            arrives_us: 100,
            bytes: 1,
            is_housekeeping: false,
        });
    }
    let shown = |noise| {
        let mut stage = Stage::default();
        stage.draw(&layout, &cast, &frame, StageLook { noise, ..StageLook::default() });
        stage.messages.iter().map(|message| message.words).collect::<Vec<_>>()
    };
    assert_eq!(shown(Noise::Focus), ["", ""]);
    assert_eq!(shown(Noise::Context), ["", "", ""]);
    assert_eq!(shown(Noise::All), ["ballot", "registration", "question"]);
}

#[test]
fn an_agent_stays_where_it_is_put_and_inside_the_glass() {
    let cast = cast(TopologyKind::Mesh, 4);
    let mut layout = Layout::new(&cast, 848.0, 664.0);
    let wanted = Point { x: layout.centre.x + 30.0, y: layout.centre.y - 50.0 };
    layout.place(AgentId(1), layout.offset(wanted));
    assert!(layout.places[1].distance(wanted) < 1e-9);
    layout.place(AgentId(1), Point { x: 9.0, y: 9.0 });
    let out_px = layout.places[1].distance(layout.centre) + layout.radii_px[1];
    assert!(out_px <= layout.radius_px + 1e-9);
}

#[test]
fn a_line_across_the_stage_parts_those_beyond_it_from_the_coordinator() {
    let cast = cast(TopologyKind::Ring, 5);
    let layout = Layout::new(&cast, 848.0, 664.0);
    let across = |y: f64| (Point { x: 0.0, y }, Point { x: 848.0, y });
    let (from, to) = across(layout.centre.y);
    let below = layout.beyond(from, to, cast.coordinator);
    assert!(!below.is_empty() && !below.contains(&cast.coordinator.unwrap()));
    assert!(below.iter().all(|agent| layout.places[agent.index()].y > layout.centre.y));
    assert_eq!(layout.beyond(to, from, cast.coordinator), below, "whichever way it is drawn");
    let (from, to) = across(-10.0);
    assert!(layout.beyond(from, to, cast.coordinator).is_empty());
}

#[test]
fn no_name_covers_another_name_or_another_agent() {
    for topology in ALL {
        for members in 3..=200 {
            for (width_px, height_px) in [(848.0, 664.0), (688.0, 484.0), (390.0, 380.0)] {
                let cast = cast(topology, members);
                let layout = Layout::new(&cast, width_px, height_px);
                let mut stage = Stage::default();
                stage.draw(&layout, &cast, &frame(&cast), StageLook::default());
                let labels: Vec<(AgentId, &Label)> = stage
                    .agents
                    .iter()
                    .filter_map(|agent| Some((agent.agent, agent.label.as_ref()?)))
                    .collect();
                if members <= 5 && width_px > 500.0 {
                    assert!(labels.len() as u32 >= members, "{topology:?} {members}: all named");
                }
                for (n, (agent, label)) in labels.iter().enumerate() {
                    for (other, other_label) in &labels[n + 1..] {
                        assert!(
                            !label.covers(other_label),
                            "{topology:?} of {members}, {width_px} px: {agent:?} covers {other:?}"
                        );
                    }
                    for shape in stage.agents.iter().filter(|shape| shape.agent != *agent) {
                        assert!(
                            !label.covers_disc(shape.place, shape.radius_px),
                            "{topology:?} of {members}, {width_px} px: {agent:?} covers a disc"
                        );
                    }
                }
            }
        }
    }
}

/// Nothing is put to the vote where replicas talk among themselves: until someone does.
#[test]
fn the_coordinator_is_drawn_where_it_has_a_part() {
    use crate::playback::{Command, Run};
    use crate::scenario::gallery;
    for (name, has_part) in [
        ("counter-partition", false),
        ("strong-minority", false),
        ("deployment-vote", true),
        // Agents keep something, and the coordinator shares out work.
        ("task-distribution", true),
    ] {
        let scenario = gallery::find(name).unwrap().scenario().unwrap();
        let mut run = Run::new(std::sync::Arc::new(scenario), 7).unwrap();
        let (mut frame, mut stage) = (Frame::default(), Stage::default());
        let layout = Layout::new(run.cast(), 800.0, 600.0);
        for time_us in (0..900_000).step_by(30_000) {
            run.apply(&Command::SeekTime { time_us }).unwrap();
            run.frame(&mut frame);
            stage.draw(&layout, run.cast(), &frame, StageLook::default());
            let coordinator = run.cast().coordinator.unwrap();
            let is = |agent: AgentId| agent == coordinator;
            assert_eq!(stage.agents.iter().any(|it| is(it.agent)), has_part, "{name}");
            assert_eq!(stage.links.iter().any(|it| is(it.ends.0) || is(it.ends.1)), has_part);
            // The coordinator is left out only if no message comes from it or goes to it.
            assert!(has_part || !frame.messages.iter().any(|it| is(it.from) || is(it.to)));
            for (place, shape) in stage.agents.iter().enumerate() {
                assert_eq!(shape.agent.index(), place, "{name}: each at its own place");
            }
        }
    }
}

#[test]
fn where_there_is_work_discs_show_how_that_goes_and_not_what_is_kept() {
    use crate::playback::{Command, Run};
    use crate::scenario::gallery;
    for (name, holds_value) in [("counter-partition", true), ("task-distribution", false)] {
        let scenario = gallery::find(name).unwrap().scenario().unwrap();
        let mut run = Run::new(std::sync::Arc::new(scenario), 7).unwrap();
        let (mut frame, mut stage) = (Frame::default(), Stage::default());
        run.apply(&Command::SeekTime { time_us: 700_000 }).unwrap();
        run.frame(&mut frame);
        stage.draw(
            &Layout::new(run.cast(), 800.0, 600.0),
            run.cast(),
            &frame,
            StageLook::default(),
        );
        assert!(run.peek::<State>().is_some(), "{name}");
        assert_eq!(matches!(stage.agents[0].face, Face::Value(..)), holds_value, "{name}");
        assert_eq!(matches!(stage.agents[0].ring, Ring::Progress(_)), !holds_value, "{name}");
    }
}
