//! A Byzantine vote as a scenario spells it (C6).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::voting::Voter;
use super::{Byzantine, ByzantineDurable, Rounds, settings};
use crate::common::consensus::proposal::Algorithm;
use crate::common::consensus::section::ShareOf;
use crate::common::room::{
    Asked, Brief, Edited, Elective, Entrant, Members, NoAct, Planning, Room, Scenarios,
    no_threshold, scenarios,
};
use crate::common::signature::Key;
use crate::map::Map;
use crate::protocol::decimal;
use crate::protocol::problem::Problem;
use crate::protocol::section::or_default;
use crate::protocol::setting::Setting;
use crate::sim::AgentId;

/// More faulty agents than this nobody can follow, nor tell their rounds apart.
const FAULTY_MAX: u32 = 200;

/// How a byzantine vote is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ByzantineFile {
    /// So many agents may lie, be silent or crash, 0 to 200; 1 by default. There must be at least three times
    /// as many agents and one more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 200)))]
    pub fault_tolerance: Option<u32>,
    /// Voting rounds, 3 to 20; 3 by default. As many rounds of relaying as may be faulty follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 3, max = 20)))]
    pub rounds: Option<u32>,
    /// How long a round is, in milliseconds; 100 by default. Longer than the slowest message and the
    /// difference of clocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.002, max = 8_640_000_000u64)))]
    pub round_ms: Option<f64>,
    /// Whether those who are exposed are removed, and the rest votes once more.
    #[serde(default, deserialize_with = "or_default")]
    pub vote_again: bool,
}

impl Elective for Byzantine {
    type File = ByzantineFile;

    const OFFER: Option<&'static str> = Some("in signed rounds, among liars");

    /// As many liars as the swarm can bear.
    fn suited(members: u32) -> Option<Value> {
        let most = members.saturating_sub(1) / 3;
        Some(json!({ "fault_tolerance": most }))
    }

    fn algorithm(file: Option<&ByzantineFile>, asked: &Asked<'_>) -> Result<Algorithm, Problem> {
        if let Some(share) = asked.threshold {
            return Err(no_threshold("byzantine", share));
        }
        let rounds = check_rounds(file.copied().unwrap_or_default(), asked)?;
        if asked.share_of != ShareOf::Electorate {
            let expected = "\"electorate\" with byzantine, which asks for a quorum of it";
            let repair = "leave it out, and min_participation with it";
            return Err(Problem::new("share_of", expected, "\"votes_cast\"", repair));
        }
        Ok(rounds.into())
    }
}

/// How a Byzantine vote is held; there must be agents enough.
fn check_rounds(file: ByzantineFile, asked: &Asked<'_>) -> Result<Rounds, Problem> {
    let usual = Rounds::default();
    let fault_tolerance = file.fault_tolerance.unwrap_or(usual.fault_tolerance);
    let needed = Rounds::agents_needed(fault_tolerance);
    if fault_tolerance > FAULTY_MAX || asked.agents < needed {
        let most = (asked.agents.saturating_sub(1) / 3).min(u64::from(FAULTY_MAX));
        let expected = format!("f with at least 3f + 1 = {needed} agents");
        let found = format!("f = {fault_tolerance} and {} agents", asked.agents);
        let repair = format!("add agents, or make it {most} or less");
        return Err(Problem::new("byzantine.fault_tolerance", expected, found, repair));
    }
    let voting_rounds = file.rounds.unwrap_or(usual.voting_rounds);
    if !(3..=20).contains(&voting_rounds) {
        let (found, repair) = (voting_rounds.to_string(), "leave it out for 3");
        return Err(Problem::new("byzantine.rounds", "3 to 20", found, repair));
    }
    let round_us = match file.round_ms {
        Some(ms) => decimal::microseconds("byzantine.round_ms", ms)?,
        None => usual.round_us,
    };
    if round_us < 2 {
        let repair = "leave it out for 100";
        return Err(Problem::new("byzantine.round_ms", "more than 0.001", "less", repair));
    }
    Ok(Rounds { fault_tolerance, voting_rounds, round_us, vote_again: file.vote_again })
}

impl Room for Byzantine {
    type File = ();
    type Agent = ();
    type Act = NoAct;
    type Memory = ();

    const SCENARIOS: Scenarios = scenarios!(
        "byzantine":
        "byzantine-recovery",
        "byzantine-equivocator",
        "byzantine-silent",
        "byzantine-colluders",
        "byzantine-too-many",
        "byzantine-ring",
    );

    fn check(_: &Brief<'_, Self>) -> Result<(), Problem> {
        Ok(())
    }

    /// Nobody votes without a coordinator, which opens and records proposals.
    fn durable(
        (): &(),
        entrant: &Entrant<'_, Self>,
        cast: &dyn Members,
    ) -> Option<ByzantineDurable> {
        cast.coordinator()?;
        Some(match entrant.member {
            Some(profile) => ByzantineDurable::Voter(Voter {
                profile: profile.clone(),
                key: Key::issue(entrant.agent),
                known: Map::new(),
            }),
            None => ByzantineDurable::Recorder(Box::default()),
        })
    }

    fn plan(
        (): &(),
        act: &NoAct,
        _: &mut Planning<'_, ()>,
    ) -> Result<Vec<(AgentId, Self::Order)>, Problem> {
        match *act {}
    }

    fn label(act: &NoAct) -> String {
        match *act {}
    }

    /// A vote among more liars than it tolerates, or in a network that they can part.
    fn warnings(cast: &dyn Members, liars: &[&str], cut: &[&str]) -> Vec<String> {
        let mut warnings = Vec::new();
        for (_, proposal) in cast.opened() {
            let Some(rounds) = proposal.algorithm.terms::<Rounds>() else { continue };
            let (faulty, name) = (rounds.fault_tolerance as usize, &proposal.name);
            if liars.len() > faulty {
                let (count, liars) = (liars.len(), liars.join(", "));
                warnings
                    .push(format!("{name} tolerates {faulty} faulty agents, {count} lie: {liars}"));
            }
            if !cut.is_empty() && cut.len() <= faulty {
                let cut = cut.join(" and ");
                warnings.push(format!(
                    "{name} tolerates {faulty} faulty agents, but {cut} alone can part the network"
                ));
            }
        }
        warnings
    }

    fn settings((): &(), cast: &dyn Members) -> Vec<Setting> {
        settings::list(cast).unwrap_or_default()
    }

    fn set((): &(), file: &mut Edited<'_, ()>, setting: &str, value: u32) -> Option<()> {
        settings::set(file.proposals, setting, value)
    }
}
