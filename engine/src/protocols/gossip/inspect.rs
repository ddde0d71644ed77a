//! A gossip in the inspector of one agent.

use super::interest::{Stop, StopRule};
use super::seen::side;
use super::session::GossipSession;
use super::{CALM_ROUNDS, Exchange, GossipDurable, Gossiping, Mode};
use crate::common::consensus::ballot::Vote;
use crate::common::shown::Peek;
use crate::protocol::note::Names;
use crate::protocol::rows::names_of;
use crate::sim::AgentId;

/// The newest gossip of an agent: what it knows, whom it talked with last, and when it rests.
pub(super) fn rows(peek: &dyn Peek<Gossiping>, agent: AgentId) -> Vec<(&'static str, Vec<String>)> {
    let Some(part) = peek.agent(agent) else { return Vec::new() };
    let gossiper = match (part.is_down(), part.durable) {
        (true, Some(GossipDurable::Gossiper(gossiper))) => Some(gossiper),
        (true, _) => None,
        (false, _) => part.machine.and_then(Gossiping::gossiper),
    };
    let newest = gossiper.and_then(|it| it.known.iter().max_by_key(|(id, _)| **id));
    newest.map(|(_, part)| ("Gossip", lines(&part.session, peek.names()))).into_iter().collect()
}

fn lines(session: &GossipSession, names: &dyn Names) -> Vec<String> {
    let GossipSession { gossip, round, asked, is_over, .. } = session;
    let by_majority = gossip.mode == Mode::Majority;
    // By majority those that answered in the last round that is over.
    let [sampled_for, sampled_against] = session.last_sampled;
    let [in_favour, against, abstain] = match by_majority {
        true => [sampled_for, sampled_against, 0],
        false => session.counts.map(u64::from),
    };
    let (names, side) = (names_of(asked, names), side(session));
    let mut sides = format!("{in_favour} FOR, {against} AGAINST");
    if abstain > 0 {
        sides += &format!(", {abstain} ABSTAIN");
    }
    let (knows, talks) = match gossip.mode {
        Mode::Majority => {
            let side = side.map_or("neither side", Vote::word);
            (format!("holds {side}; it heard {sides} last"), "no answer yet from")
        }
        Mode::Rumour(exchange) => {
            let sum = in_favour + against + abstain;
            let not = if side == Some(Vote::For) { "" } else { "not " };
            let all = session.call.electorate.len();
            let knows = format!("{sum} of {all} ballots: {sides}; {not}enough to approve");
            let talks = match exchange {
                Exchange::Push => "told",
                Exchange::Pull => "asked",
                Exchange::PushPull => "told and asked",
            };
            (knows, talks)
        }
    };
    let mut lines = vec![knows];
    if *round > 0 && !is_over {
        let talked = if asked.is_empty() { String::new() } else { format!(": {talks} {names}") };
        lines.push(format!("round {round} of {}{talked}", gossip.rounds));
    }
    lines.push(rests(session));
    lines
}

/// When it stops by itself.
fn rests(session: &GossipSession) -> String {
    let GossipSession { gossip, calm, interest, is_over, .. } = session;
    let left = CALM_ROUNDS.saturating_sub(*calm);
    match gossip.mode {
        _ if *is_over => "rests, and only answers".to_owned(),
        Mode::Rumour(Exchange::Pull) => "rests once it knows all".to_owned(),
        Mode::Rumour(_) if interest.is_lost => {
            "has lost interest: tells no more until it hears of another ballot".to_owned()
        }
        Mode::Rumour(_) if gossip.stop.is_some() => {
            gossip.stop.map_or_else(String::new, |stop| tells_until(stop, interest.count))
        }
        Mode::Rumour(_) if !session.knows_all() => {
            format!("rests {CALM_ROUNDS} rounds after it knows all")
        }
        Mode::Rumour(_) => format!("rests after {left} more rounds without news"),
        Mode::Majority => format!("rests after {left} more rounds without dissent"),
    }
}

/// When it stops telling by a rule of Demers et al.
fn tells_until(stop: Stop, count: u32) -> String {
    let left = stop.k.saturating_sub(count);
    let rounds = if left == 1 { "round" } else { "rounds" };
    let knew = if stop.feedback { " in which nobody it tells learns anything" } else { "" };
    match stop.rule {
        StopRule::Counter => format!("stops telling after {left} more {rounds}{knew}"),
        StopRule::Coin => {
            format!("stops telling with a chance of 1 in {} after each round{knew}", stop.k)
        }
    }
}
