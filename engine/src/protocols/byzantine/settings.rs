//! The settings of a vote among liars (C6).

use super::section::ByzantineFile;
use crate::common::consensus::section::WrittenProposal;
use crate::common::room::Members;
use crate::common::settings::{Settings, first, first_by, rounds_by_deadline};
use crate::protocol::number::with_point;
use crate::protocol::setting::Setting;
use crate::protocols::byzantine::Rounds;

/// Longer rounds nobody waits for.
const ROUND_MAX_MS: u64 = 500;

pub(super) fn list(cast: &dyn Members) -> Option<Vec<Setting>> {
    let mut settings = Settings::default();
    let (proposal, file) = first(cast, |it| it.algorithm.terms::<Rounds>().is_some())?;
    let rounds = *proposal.algorithm.terms::<Rounds>()?;
    let agents = proposal.electorate.as_ref().map_or(cast.count() as usize, Vec::len) as u32;
    let (faulty, voting) = (rounds.fault_tolerance, rounds.voting_rounds);
    let in_all = rounds_by_deadline(proposal, &file, rounds.round_us);
    // 3f + 1 agents bear f.
    let bearable = (agents.saturating_sub(1) / 3).min(200).min(in_all.saturating_sub(voting));
    settings.number(("faulty", "Liars tolerated, f"), faulty, (0, bearable), (1, ""));
    let needed = Rounds::agents_needed(faulty);
    let note = format!("{agents} agents are enough: 3f + 1 = {needed}");
    settings.say(faulty.to_string(), note);

    let most = in_all.saturating_sub(faulty).min(10);
    settings.number(("voting-rounds", "Rounds"), voting, (3, most), (1, ""));
    let by_deadline = if file.has("deadline_ms") { proposal.timing.deadline_us } else { u64::MAX };
    let most = (by_deadline / u64::from(rounds.in_all() + 2) / 10_000 * 10).min(ROUND_MAX_MS);
    let length = (rounds.round_us / 1_000) as u32;
    settings.number(("round-length", "Round length"), length, (10, most as u32), (10, " ms"));
    settings.say(format!("{} ms", with_point(rounds.round_us, 3)), String::new());
    Some(settings.0)
}

pub(super) fn set(proposals: &mut [WrittenProposal], id: &str, value: u32) -> Option<()> {
    let proposal = first_by(proposals, &["byzantine"])?;
    let mut byzantine: ByzantineFile = proposal.field("byzantine");
    match id {
        "faulty" => byzantine.fault_tolerance = Some(value),
        "voting-rounds" => byzantine.rounds = Some(value),
        "round-length" => byzantine.round_ms = Some(value.into()),
        _ => return None,
    }
    proposal.put("byzantine", &byzantine);
    Some(())
}
