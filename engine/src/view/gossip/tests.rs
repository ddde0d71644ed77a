use super::*;
use crate::coordination::consensus::ballot::Vote;
use crate::playback::{Command, Frame, Run};
use crate::scenario::gallery;

/// A scenario of the gallery at this time.
fn frame(name: &str, time_us: u64) -> Frame {
    let scenario = gallery::find(name).unwrap().scenario().unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(scenario.into(), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us, budget: u64::MAX }).unwrap();
    let mut frame = Frame::default();
    run.frame(&mut frame);
    frame
}

fn said(name: &str, time_us: u64) -> String {
    let frame = frame(name, time_us);
    let tally = crate::view::tally::tally(&frame.proposals[0]);
    format!("{}{}", tally.strong, tally.sentence)
}

const END: u64 = 10_000_000;

#[test]
fn what_came_out_stands_beside_what_would_be_right() {
    assert_eq!(
        said("gossip-ten", END),
        "Approved: more than half of all agents came to it by themselves. 7 voted FOR and 3 AGAINST at \
         first, which comes to the same."
    );
    assert_eq!(
        said("gossip-majority", END),
        "Rejected: more than half of all agents came to it by themselves. 11 voted FOR and 9 AGAINST at \
         first: approved would be right."
    );
}

#[test]
fn before_it_is_decided_it_says_who_is_on_which_side() {
    assert_eq!(
        said("gossip-majority", 330_000),
        "6 of 20 agents hold FOR now, 14 hold AGAINST. Each decides for itself when it stops."
    );
    assert_eq!(
        said("gossip-ten", 330_000),
        "8 of 10 agents would approve by the ballots they know, 2 would reject. 4 know all ballots."
    );
}

#[test]
fn a_frame_has_one_point_for_each_round_that_is_over() {
    for (time_us, rounds) in [(0, 0), (130_000, 0), (225_000, 1), (330_000, 2), (END, 5)] {
        let frame = frame("gossip-ten", time_us);
        let curve = frame.proposals.first().and_then(|it| it.gossip.as_ref()).map(|it| &it.curve);
        assert_eq!(curve.map_or(0, Vec::len), rounds, "at {time_us} µs");
    }
    let frame = frame("gossip-ten", END);
    let gossip = frame.proposals[0].gossip.as_ref().unwrap();
    let spread: Vec<u64> = gossip.curve.iter().map(|point| gossip.spread(point)).collect();
    assert_eq!(spread, [400_000, 880_000, 1_000_000, 1_000_000, 1_000_000]);
    assert_eq!((gossip.converged_in, gossip.cast, gossip.agents), (Some(3), [7, 3, 0], 10));
    assert_eq!(gossip.full_tally, Decision::Approved);
    assert_eq!(manner(gossip), "Rumour, 3 partners a round, 5 rounds at most");
    // The figures of the whole are those of the agents together.
    let sides = frame.agents.iter().filter(|agent| agent.side == Some(Vote::For)).count();
    let known: u64 = frame.agents.iter().map(|agent| u64::from(agent.ballots_known)).sum();
    assert_eq!((sides, known), (gossip.now.in_favour as usize, gossip.now.known));
}

#[test]
fn what_an_agent_is_at_stands_under_its_name() {
    let at = |name, time_us| {
        let frame = frame(name, time_us);
        doing(&frame.agents[0], frame.proposals[0].gossip.as_ref().unwrap())
    };
    assert_eq!(at("gossip-ten", 225_000), "knows 5 of 10");
    assert_eq!(at("gossip-majority", 225_000), "holds FOR");
    assert_eq!(at("gossip-majority", END), "rejected");
}
