use super::*;
use crate::common::consensus::ballot::Vote;
use crate::common::shown::Peek as _;
use crate::playback::{Command, Frame, Run};
use crate::protocols::gossip::Gossiping;
use crate::protocols::gossip::RUMOUR;
use crate::protocols::gossip::seen::{part, seen};
use crate::scenario::gallery;
use crate::sim::AgentId;
use crate::view::tally::tally;

/// A scenario of the gallery at this time.
fn at(name: &str, time_us: u64) -> (Run, Frame) {
    let scenario = gallery::find(name).unwrap().scenario().unwrap();
    let seed = scenario.file.seed;
    let mut run = Run::new(scenario.into(), seed).unwrap();
    run.apply(&Command::AdvanceTo { time_us, budget: u64::MAX }).unwrap();
    let mut frame = Frame::default();
    run.frame(&mut frame);
    (run, frame)
}

/// Its gossip, once that is there.
fn seen_at(name: &str, time_us: u64) -> Option<Seen> {
    seen(&at(name, time_us).0.peek::<Gossiping>()?, 0)
}

fn said(name: &str, time_us: u64) -> String {
    let (run, frame) = at(name, time_us);
    let proposal = &frame.proposals[0];
    let tally = tally(proposal, run.lead(proposal));
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
        let curve = seen_at("gossip-ten", time_us).map(|it| it.curve);
        assert_eq!(curve.as_ref().map_or(0, Vec::len), rounds, "at {time_us} µs");
    }
    let (run, frame) = at("gossip-ten", END);
    let peek = run.peek::<Gossiping>().unwrap();
    let gossip = &seen(&peek, 0).unwrap();
    let spread: Vec<u64> = gossip.curve.iter().map(|point| gossip.spread(point)).collect();
    assert_eq!(spread, [400_000, 880_000, 1_000_000, 1_000_000, 1_000_000]);
    assert_eq!((gossip.converged_in, gossip.cast, gossip.agents), (Some(3), [7, 3, 0], 10));
    assert_eq!(gossip.full_tally, Decision::Approved);
    assert_eq!(manner(gossip), "Rumour, 3 partners a round, 5 rounds at most");
    // The figures of the whole are those of the agents together.
    let sides = frame.agents.iter().filter(|agent| agent.vote == Some(Vote::For)).count();
    let of = |agent| part(&peek.agent(AgentId(agent))?, 0).map(|it| u64::from(it.session.known()));
    let known: u64 = (0..peek.agents()).filter_map(of).sum();
    assert_eq!((sides, known), (gossip.now.in_favour as usize, gossip.now.known));
}

#[test]
fn how_it_is_held_says_when_agents_stop_telling() {
    let mut gossip = seen_at("gossip-ten", END).unwrap();
    gossip.gossip.stop = Some(Stop { rule: StopRule::Coin, feedback: false, k: 3 });
    let held = "Rumour, 3 partners a round, 5 rounds at most; blind and coin, k = 3";
    assert_eq!(manner(&gossip), held);
}

#[test]
fn what_an_agent_is_at_stands_under_its_name() {
    let under = |name, time_us| {
        let (_run, frame) = at(name, time_us);
        frame.faces[0].as_ref().unwrap().second.clone()
    };
    assert_eq!(under("gossip-ten", 225_000), "knows 5 of 10");
    assert_eq!(under("gossip-majority", 225_000), "holds FOR");
    assert_eq!(under("gossip-majority", END), "rejected");
}

#[test]
fn the_textbook_curve_is_that_of_a_very_large_swarm() {
    let curve = |mode, fanout, agents, start: f64, rounds| {
        let gossip = Gossip { mode, fanout, ..Gossip::default() };
        let mut share = start;
        let mut found = vec![];
        for _ in 0..rounds {
            share = next_share(&gossip, agents, share);
            found.push(permille(share));
        }
        found
    };
    // From one of a hundred: 1 − 0.99 · (1 − 3/99) = 4.0 %, then 1 − 0.96 · (1 − 3/99)⁴, and so on.
    let push = curve(Mode::Rumour(Exchange::Push), 3, 100, 0.01, 4);
    assert_eq!(push, [40, 151, 467, 873]);
    // (1 − i)^(1 + 1) = 0.25 are left of a half.
    assert_eq!(curve(Mode::Rumour(Exchange::Pull), 1, 100_000, 0.5, 2), [750, 938]);
    // Nine of ten others know it: one of two that are asked does in any case.
    assert_eq!(curve(Mode::Rumour(Exchange::Pull), 2, 11, 9.0 / 11.0, 1), [1_000]);
    // An agent that tells all others leaves nobody out.
    assert_eq!(curve(Mode::Rumour(Exchange::Push), 10, 11, 1.0 / 11.0, 1), [1_000]);
    let both = curve(Mode::Rumour(Exchange::PushPull), 1, 1_000, 0.5, 1)[0];
    assert!((845..=850).contains(&both), "1 − 0.25 · e^(−0.5): {both}");
    // Three asked and its own: a half stays a half, and what is more than that grows.
    assert_eq!(curve(Mode::Majority, 3, 20, 0.5, 3), [500; 3]);
    let grows = curve(Mode::Majority, 3, 20, 0.55, 8);
    assert!(grows.windows(2).all(|pair| pair[0] < pair[1]), "{grows:?}");
}

#[test]
fn of_many_rounds_some_are_named_and_the_last_ones_listed() {
    for (rounds, every) in [(1, 1), (20, 1), (21, 2), (42, 5), (64, 5)] {
        let named = named(rounds);
        assert!(named.len() <= 21 && named[0] == 0, "{rounds}: {named:?}");
        assert!(named.windows(2).all(|pair| pair[1] - pair[0] == every), "{rounds}: {named:?}");
    }
    let mut gossip = seen_at("gossip-ten", END).unwrap();
    gossip.gossip.rounds = 64;
    gossip.told = vec![Told { delivered: 4, news: 1, ballots: 2 }; 63];
    let news = news(&gossip).unwrap();
    assert_eq!((news.first, news.rounds.len(), news.ahead), (44, 20, 1));
    assert!(news.words.starts_with("Round 63: 1 of 4"), "{}", news.words);
}

#[test]
fn the_real_curve_stands_beside_it() {
    let curve = curve(&seen_at("gossip-lossy", 640_000).unwrap());
    assert_eq!((curve.title, curve.real.len(), curve.textbook.len()), ("Coverage", 6, 11));
    assert!(curve.real.windows(2).all(|pair| pair[0] <= pair[1]), "{curve:?}");
    assert!(curve.words.starts_with("After round 5: "), "{}", curve.words);
}

#[test]
fn news_become_repeats_as_the_swarm_comes_to_know() {
    let shares = |time_us| news(&seen_at("gossip-ten", time_us).unwrap());
    assert_eq!(shares(100_000), None, "nothing is told before the first round");
    let first = shares(219_000).unwrap();
    assert_eq!(first.rounds.len(), 1);
    assert_eq!((first.rounds[0].0, first.ahead), (100, 4), "everything is news at first");
    assert_eq!(first.words, "Round 1: 30 of 30 messages brought news, 30 ballots in all.");
    let all = shares(END).unwrap();
    assert_eq!((all.rounds.len(), all.ahead), (5, 0));
    assert!(all.rounds.windows(2).all(|pair| pair[0].0 >= pair[1].0), "{:?}", all.rounds);
    assert_eq!(all.rounds[4], (0, 0), "what everyone knows is no news");
    // Each of ten ballots has come to nine others.
    assert_eq!(all.rounds.iter().map(|it| it.1).sum::<u64>(), 90);
}

#[test]
fn nothing_is_told_where_opinions_are_asked_for() {
    assert_eq!(news(&seen_at("gossip-majority", END).unwrap()), None);
}

#[test]
fn a_message_on_its_way_is_news_for_as_long_as_its_receiver_lacks_a_ballot() {
    let counts = |time_us| {
        let (_run, frame) = at("gossip-twenty", time_us);
        let told = frame.messages.iter().filter(|it| *it.kind == RUMOUR);
        let all: Vec<bool> = told.map(|it| it.is_repeat).collect();
        let repeats = all.iter().filter(|it| **it).count();
        (repeats, all.len() - repeats)
    };
    let (repeats, news) = counts(125_000);
    assert!(repeats == 0 && news > 90, "the first round: {repeats} repeats, {news} news");
    let (repeats, news) = counts(430_000);
    assert!(repeats > 90 && news == 0, "when all know all: {repeats} repeats, {news} news");
}
