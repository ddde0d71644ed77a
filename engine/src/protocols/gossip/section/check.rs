//! The rules of how a gossip is held.

use super::{GossipExchange, GossipFile, GossipMode, StopFile, StopRuleFile};
use crate::common::consensus::proposal::Algorithm;
use crate::common::consensus::section::ShareOf;
use crate::common::room::{Asked, Elective};
use crate::common::topology::Topology;
use crate::protocol::decimal;
use crate::protocol::number::{with_point, write_number};
use crate::protocol::problem::Problem;
use crate::protocols::gossip::Gossiping;
use crate::protocols::gossip::interest::{K_MAX, Stop, StopRule};
use crate::protocols::gossip::{Exchange, Gossip, Mode, PRESETS, ROUNDS_MAX, THRESHOLD};
use crate::sim::{AgentId, Routes};

/// The electorate as far as it matters here: how many there are, and whom it consists of if not of all
/// members.
#[derive(Clone, Copy, Debug)]
pub struct Electors<'a> {
    pub topology: &'a Topology,
    /// Agents that are there from the start, without the coordinator.
    pub members: u32,
    pub chosen: Option<&'a [AgentId]>,
}

impl Elective for Gossiping {
    type File = GossipFile;

    fn algorithm(file: Option<&GossipFile>, asked: &Asked<'_>) -> Result<Algorithm, Problem> {
        if let Some(share) = asked.threshold {
            let repair = "write it as \"gossip\": { \"threshold\": … }";
            let expected = "none beside the one of the gossip";
            return Err(Problem::new("threshold", expected, write_number(share), repair));
        }
        if asked.share_of != ShareOf::Electorate {
            let expected = "none with gossip, where the share is of FOR and AGAINST";
            return Err(Problem::new("share_of", expected, "\"votes_cast\"", "leave it out"));
        }
        let (gossip, threshold) = check_gossip(file.copied().unwrap_or_default(), asked)?;
        Ok(gossip.algorithm(threshold))
    }
}

/// The gossip, and the share that approves in millionths.
fn check_gossip(file: GossipFile, asked: &Asked<'_>) -> Result<(Gossip, u64), Problem> {
    let electors = Electors {
        topology: asked.cast.topology(),
        members: asked.cast.count(),
        chosen: asked.electorate,
    };
    let preset = PRESETS[file.preset.unwrap_or_default() as usize];
    let (name, fanout, rounds, convergence) = preset;
    let rounds = within("gossip.rounds", file.rounds, rounds, ROUNDS_MAX)?;
    let gossip = Gossip {
        mode: check_mode(&file)?,
        fanout: within("gossip.fanout", file.fanout, fanout, 10)?,
        rounds,
        round_us: match file.round_ms {
            Some(ms) => decimal::microseconds("gossip.round_ms", ms)?,
            None => Gossip::default().round_us,
        },
        convergence: share("gossip.convergence", file.convergence, convergence)?,
        overlay: file.overlay,
        stop: check_stop(&file)?,
    };
    if gossip.round_us < 2 {
        let repair = "leave it out for 100";
        return Err(Problem::new("gossip.round_ms", "more than 0.001", "less", repair));
    }
    check_neighbours(&gossip, file.fanout.is_none().then_some(name), electors)?;
    let threshold = share("gossip.threshold", file.threshold, THRESHOLD)?;
    Ok((gossip, threshold))
}

fn check_mode(file: &GossipFile) -> Result<Mode, Problem> {
    match (file.mode, file.exchange) {
        (GossipMode::Majority, None) => Ok(Mode::Majority),
        (GossipMode::Majority, Some(_)) => {
            let expected = "none unless the mode is \"rumour\"";
            let repair = "leave it out, or write \"mode\": \"rumour\"";
            Err(Problem::new("gossip.exchange", expected, "one", repair))
        }
        (GossipMode::Rumour, exchange) => Ok(Mode::Rumour(match exchange.unwrap_or_default() {
            GossipExchange::Push => Exchange::Push,
            GossipExchange::Pull => Exchange::Pull,
            GossipExchange::PushPull => Exchange::PushPull,
        })),
    }
}

fn check_stop(file: &GossipFile) -> Result<Option<Stop>, Problem> {
    let Some(StopFile { rule, feedback, k }) = file.stop else { return Ok(None) };
    if file.mode == GossipMode::Majority || file.exchange == Some(GossipExchange::Pull) {
        let expected = "none unless agents tell by themselves";
        let found =
            if file.mode == GossipMode::Majority { "one by majority" } else { "one by pull" };
        let repair = "leave it out, or write \"mode\": \"rumour\" and \"exchange\": \"push\" or \"push_pull\"";
        return Err(Problem::new("gossip.stop", expected, found, repair));
    }
    if !(1..=K_MAX).contains(&k) {
        let expected = format!("1 to {K_MAX}");
        let repair = format!("write 1 for the shortest, {K_MAX} for the most thorough");
        return Err(Problem::new("gossip.stop.k", expected, k.to_string(), repair));
    }
    let rule = match rule {
        StopRuleFile::Counter => StopRule::Counter,
        StopRuleFile::Coin => StopRule::Coin,
    };
    Ok(Some(Stop { rule, feedback, k }))
}

fn within(path: &str, found: Option<u32>, usual: u32, most: u32) -> Result<u32, Problem> {
    let number = found.unwrap_or(usual);
    if (1..=most).contains(&number) {
        return Ok(number);
    }
    let repair = format!("leave it out for {usual}");
    Err(Problem::new(path, format!("1 to {most}"), number.to_string(), repair))
}

/// A share from 0.51 to 1 in millionths.
fn share(path: &str, found: Option<f64>, usual: u64) -> Result<u64, Problem> {
    let Some(found) = found else { return Ok(usual) };
    decimal::threshold(path, found).map_err(|problem| {
        let repair = format!("leave it out for {}", with_point(usual, 6));
        Problem::new(path, &problem.expected, &problem.found, repair)
    })
}

/// No agent may have fewer neighbours to talk with than it is to talk with.
fn check_neighbours(
    gossip: &Gossip,
    preset: Option<&str>,
    electors: Electors<'_>,
) -> Result<(), Problem> {
    let fewest = electors.fewest_neighbours(gossip.overlay);
    if gossip.fanout <= fewest {
        return Ok(());
    }
    let of = preset.map_or_else(String::new, |preset| format!(" of the preset {preset:?}"));
    let found = format!("{}{of}, and an agent with {fewest} to talk with", gossip.fanout);
    let repair = match (fewest, gossip.overlay) {
        (0, true) => "let at least two agents vote".to_owned(),
        (0, false) => "write \"overlay\": true, so that agents talk with anyone".to_owned(),
        (_, true) => format!("write \"fanout\": {fewest}"),
        (_, false) => format!(
            "write \"fanout\": {fewest}, or \"overlay\": true, so that agents talk with anyone"
        ),
    };
    let expected = "not more than any agent has neighbours that vote";
    Err(Problem::new("gossip.fanout", expected, found, repair))
}

impl Electors<'_> {
    /// The least number of others that any of them may talk with.
    #[must_use]
    pub fn fewest_neighbours(self, overlay: bool) -> u32 {
        let all = self.chosen.map_or(self.members, |chosen| chosen.len() as u32);
        let everyone_else = all.saturating_sub(1);
        // Only a mesh gives a place to agents that join later.
        let Ok(routes) = self.topology.routes(self.members, Some(AgentId(self.members))) else {
            return 0;
        };
        if overlay || matches!(routes, Routes::Mesh { .. }) {
            return everyone_else;
        }
        let mut neighbours = vec![0; self.members as usize + 1];
        let mut votes = vec![self.chosen.is_none(); neighbours.len()];
        for agent in self.chosen.unwrap_or_default() {
            if let Some(votes) = votes.get_mut(agent.index()) {
                *votes = true;
            }
        }
        votes[self.members as usize] = false;
        for (one, other) in routes.links() {
            if votes[one.index()] && votes[other.index()] {
                neighbours[one.index()] += 1;
                neighbours[other.index()] += 1;
            }
        }
        let voting = neighbours.into_iter().zip(votes).filter(|(_, votes)| *votes);
        voting.map(|(count, _)| count).min().unwrap_or(0)
    }
}
