//! A gossip in words: how the whole stands, and what one agent is at.

mod document;

pub(super) use self::document::documents;
use super::seen::Seen;
use crate::common::consensus::assumption::Premise;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::frame::ProposalFrame;
use crate::common::consensus::picture::held;
use crate::common::consensus::quorum::{Decision, MILLIONTHS};
use crate::common::figure::{decision, percent, span};
use crate::protocol::words::sentence_case;
use crate::protocols::gossip::interest::{Stop, StopRule};
use crate::protocols::gossip::spread::{Point, Told};
use crate::protocols::gossip::{Exchange, Gossip, Mode, majority};

/// The lead sentence of the panel, its first words apart.
pub(super) fn lead(proposal: &ProposalFrame, gossip: &Seen) -> (String, String) {
    let split = proposal.outcome.filter(|outcome| *outcome == Decision::Split);
    let Some(decided) = split.or(proposal.decision()) else { return open_lead(gossip) };
    let rest = match decided {
        Decision::Approved | Decision::Rejected => {
            format!(
                ": more than half of all agents came to it by themselves. {}",
                right(gossip, decided)
            )
        }
        Decision::Timeout => {
            ": no more than half of all agents came to the same in time.".to_owned()
        }
        Decision::Split => format!(": {}. {}", held(proposal), right(gossip, decided)),
    };
    (decision(decided).to_owned(), rest)
}

fn open_lead(gossip: &Seen) -> (String, String) {
    let strong = format!("{} of {} agents", gossip.now.in_favour, gossip.agents);
    let rest = match gossip.gossip.mode {
        Mode::Majority => format!(
            " hold FOR now, {} hold AGAINST. Each decides for itself when it stops.",
            gossip.now.against
        ),
        Mode::Rumour(_) => format!(
            " would approve by the ballots they know, {} would reject. {} know all ballots.",
            gossip.now.against, gossip.now.knowing_all
        ),
    };
    (strong, rest)
}

/// Whether it came out as all the votes at first say.
fn right(gossip: &Seen, decided: Decision) -> String {
    let [in_favour, against, _] = gossip.cast;
    let cast = format!("{in_favour} voted FOR and {against} AGAINST at first");
    if decided == gossip.full_tally {
        format!("{cast}, which comes to the same.")
    } else {
        format!("{cast}: {} would be right.", gossip.full_tally.word())
    }
}

/// How the whole stands, in a few words.
pub(super) fn so_far(gossip: &Seen) -> String {
    let now = &gossip.now;
    match gossip.gossip.mode {
        Mode::Majority => {
            let side = if now.in_favour >= now.against { "FOR" } else { "AGAINST" };
            format!("{} of {} hold {side}", now.agreeing(), gossip.agents)
        }
        Mode::Rumour(_) => {
            let known = percent(gossip.spread(now), MILLIONTHS);
            format!("the average agent knows {known} of the ballots")
        }
    }
}

/// The premise of rounds: all are in the same one when a message arrives.
#[must_use]
pub fn in_step(gossip: &Seen) -> Premise {
    let round = span(gossip.gossip.round_us);
    Premise {
        text: format!("A round of {round} outlasts every delay and the difference of the clocks"),
        holds: gossip.broken.is_none(),
        event: gossip.broken.and_then(|broken| broken.event),
    }
}

/// How far it has come round by round, beside what the textbook says. Shares are in permille.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    pub title: &'static str,
    pub hint: &'static str,
    /// At the start, and at the end of each round that is over.
    pub real: Vec<u32>,
    /// For all rounds there can be.
    pub textbook: Vec<u32>,
    /// Since when enough of the whole agree, counted from 1.
    pub converged_in: Option<u32>,
    /// The last point in words.
    pub words: String,
    /// The relation of the two curves to each other.
    pub note: &'static str,
    /// The rounds that are named below the picture.
    pub named: Vec<usize>,
}

/// More rounds than this are too narrow to be named or listed one by one.
const ROUNDS_SHOWN_MAX: usize = 20;

/// The rule of the textbook's curve.
const LIMIT: &str = "The textbook's curve is the limit of a large swarm. A single run scatters around it, most \
                     of all while few agents know a ballot.";

/// The rounds to name, from 0: all of them, or every second, fifth or tenth.
fn named(rounds: usize) -> Vec<usize> {
    let fits = |step: &usize| rounds / step <= ROUNDS_SHOWN_MAX;
    let step = [1, 2, 5, 10].into_iter().find(fits).unwrap_or(10);
    (0..=rounds).step_by(step).collect()
}

/// The curve of a gossip.
#[must_use]
pub fn curve(gossip: &Seen) -> Curve {
    let [in_favour, against, _] = gossip.cast;
    let agents = u64::from(gossip.agents).max(1);
    let (title, hint, start) = match gossip.gossip.mode {
        Mode::Majority => {
            ("On the side of FOR", "of those on a side, %", share(in_favour, in_favour + against))
        }
        Mode::Rumour(_) => ("Coverage", "ballots known per agent, %", 1.0 / agents as f64),
    };
    let real = |point: &Point| match gossip.gossip.mode {
        Mode::Majority => share(point.in_favour, point.in_favour + point.against),
        Mode::Rumour(_) => gossip.spread(point) as f64 / MILLIONTHS as f64,
    };
    let real = [start].into_iter().chain(gossip.curve.iter().map(real));
    let real: Vec<u32> = real.map(permille).collect();
    let mut model = start;
    let textbook = (0..=gossip.gossip.rounds).map(|_| {
        let here = model;
        model = next_share(&gossip.gossip, agents, model);
        permille(here)
    });
    let textbook: Vec<u32> = textbook.collect();
    let (round, last) = (real.len() - 1, real.last().copied().unwrap_or_default());
    let say = |permille: u32| format!("{}.{} %", permille / 10, permille % 10);
    let model = textbook.get(round).copied().unwrap_or_default();
    let words = match round {
        0 => format!("It starts at {}.", say(last)),
        _ => format!("After round {round}: {}, in the textbook {}.", say(last), say(model)),
    };
    let named = named(textbook.len().saturating_sub(1));
    let converged_in = gossip.converged_in;
    Curve { title, hint, real, textbook, converged_in, words, note: LIMIT, named }
}

/// How much of what is told is news, round by round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The first round that is listed, from 1: of many, only the last ones are.
    pub first: u32,
    /// One for each listed round: the share of messages that brought something new, in per cent, and how many
    /// ballots came to be known by them.
    pub rounds: Vec<(u32, u64)>,
    /// So many rounds more there can be.
    pub ahead: u32,
    /// The last round in words.
    pub words: String,
}

/// The news of a gossip by rumour, once something was told.
#[must_use]
pub fn news(gossip: &Seen) -> Option<News> {
    let last = gossip.told.last()?;
    let percent = |told: &Told| {
        let (news, all) = (u64::from(told.news), u64::from(told.delivered).max(1));
        ((news * 200 + all) / (2 * all)) as u32
    };
    let round = gossip.told.len();
    let first = round.saturating_sub(ROUNDS_SHOWN_MAX);
    let rounds = gossip.told.iter().skip(first).map(|told| (percent(told), told.ballots));
    let words = format!(
        "Round {round}: {} of {} messages brought news, {} ballots in all.",
        last.news, last.delivered, last.ballots
    );
    let ahead = gossip.gossip.rounds.saturating_sub(round as u32);
    Some(News { first: first as u32 + 1, rounds: rounds.collect(), ahead, words })
}

fn share(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole.max(1))
}

fn permille(share: f64) -> u32 {
    (share * 1_000.0 + 0.5) as u32
}

/// The mean share after one round more, where so many agents are linked to each other and nothing is lost.
/// Partners are drawn without replacement, and nobody draws itself.
///
/// Push leaves a ballot unknown to agents that nobody with the ballot tells, pull to agents that ask nobody
/// with the ballot (Demers et al. 1987; Karp et al. 2000). By majority an agent comes to hold the opinion
/// that most of its sample, itself among them, hold.
///
/// For one round from a given share it is exact. Round after round it is the limit of a large swarm: chance in
/// the early rounds, when few know a ballot, makes the mean of many runs differ from it.
#[must_use]
pub fn next_share(gossip: &Gossip, agents: u64, share: f64) -> f64 {
    let others = agents.saturating_sub(1).max(1) as f64;
    let fanout = u64::from(gossip.fanout);
    let left = 1.0 - share;
    let (knowing, lacking) = (share * agents as f64, left * agents as f64);
    let push = || libm::pow((1.0 - fanout as f64 / others).max(0.0), knowing);
    let pull = || drawn(lacking - 1.0, fanout) / drawn(others, fanout);
    match gossip.mode {
        Mode::Rumour(Exchange::Push) => 1.0 - left * push(),
        Mode::Rumour(Exchange::Pull) => 1.0 - left * pull(),
        Mode::Rumour(Exchange::PushPull) => 1.0 - left * push() * pull(),
        Mode::Majority => {
            let turns = |own: Vote, in_favour: f64, against: f64| {
                let (mut ways, mut sum) = (1.0, 0.0);
                for some in 0..=fanout {
                    if majority(Some(own), some, fanout - some) == Some(Vote::For) {
                        sum += ways * drawn(in_favour, some) * drawn(against, fanout - some);
                    }
                    ways *= (fanout - some) as f64 / (some + 1) as f64;
                }
                sum / drawn(others, fanout)
            };
            share * turns(Vote::For, knowing - 1.0, lacking)
                + left * turns(Vote::Against, knowing, lacking - 1.0)
        }
    }
}

/// In how many ways so many can be drawn from a number, one after the other and none twice; for means between
/// two whole numbers what lies between.
fn drawn(from: f64, count: u64) -> f64 {
    (0..count).map(|taken| (from - taken as f64).max(0.0)).product()
}

/// How it is held, in a line: "Rumour, 3 partners a round, 5 rounds at most".
#[must_use]
pub fn manner(gossip: &Seen) -> String {
    let mode = match gossip.gossip.mode {
        Mode::Majority => "majority",
        Mode::Rumour(_) => "rumour",
    };
    let (partners, rounds) = (gossip.gossip.fanout, gossip.gossip.rounds);
    let partners =
        if partners == 1 { "1 partner".to_owned() } else { format!("{partners} partners") };
    let rounds = if rounds == 1 { "1 round".to_owned() } else { format!("{rounds} rounds") };
    let stop = gossip.gossip.stop.map_or_else(String::new, |it| format!("; {}", stop(it)));
    format!("{}, {partners} a round, {rounds} at most{stop}", sentence_case(mode))
}

/// The rule of Demers et al. by which agents stop telling: "feedback and counter, k = 3".
#[must_use]
pub fn stop(stop: Stop) -> String {
    let feedback = if stop.feedback { "feedback" } else { "blind" };
    let rule = match stop.rule {
        StopRule::Counter => "counter",
        StopRule::Coin => "coin",
    };
    format!("{feedback} and {rule}, k = {}", stop.k)
}

#[cfg(test)]
mod tests;
