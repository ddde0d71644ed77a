//! What a vote among liars can be set to (C6).

use super::{Reading, Row, electors, first, first_by, rounds_by_deadline};
use crate::coordination::consensus::byzantine::Rounds;
use crate::coordination::consensus::proposal::Proposal;
use crate::coordination::number::with_point;
use crate::scenario::Scenario;
use crate::scenario::file::{ByzantineFile, ProposalFile, ScenarioFile};

/// Longer rounds nobody waits for.
const ROUND_MAX_MS: u32 = 500;

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "faulty",
        label: "Liars tolerated, f",
        read: |scenario| {
            let (proposal, file, rounds) = shown(scenario)?;
            let (agents, faulty) = (electors(scenario, proposal), rounds.fault_tolerance);
            let in_all = rounds_by_deadline(proposal, file, rounds.round_us);
            // 3f + 1 agents bear f.
            let most = (agents.saturating_sub(1) / 3).min(200);
            let most = most.min(in_all.saturating_sub(rounds.voting_rounds));
            let needed = Rounds::agents_needed(faulty);
            let note = format!("n = {agents} is enough for f = {faulty}: 3f + 1 = {needed}");
            Some(Reading { note, ..Reading::number(faulty, (0, most), 1, "") })
        },
        write: |file, value| {
            written(file)?.fault_tolerance = Some(value);
            Some(())
        },
    },
    Row {
        id: "voting-rounds",
        label: "Rounds",
        read: |scenario| {
            let (proposal, file, rounds) = shown(scenario)?;
            let in_all = rounds_by_deadline(proposal, file, rounds.round_us);
            let most = in_all.saturating_sub(rounds.fault_tolerance).min(10);
            Some(Reading::number(rounds.voting_rounds, (3, most), 1, ""))
        },
        write: |file, value| {
            written(file)?.rounds = Some(value);
            Some(())
        },
    },
    Row {
        id: "round-length",
        label: "Round length",
        read: |scenario| {
            let (proposal, file, rounds) = shown(scenario)?;
            let longest_us = proposal.timing.deadline_us / u64::from(rounds.in_all() + 2);
            let by_deadline = file.deadline_ms.map(|_| (longest_us / 10_000) as u32 * 10);
            let most = by_deadline.unwrap_or(ROUND_MAX_MS).min(ROUND_MAX_MS);
            let milliseconds = (rounds.round_us / 1_000) as u32;
            let words = Some(format!("{} ms", with_point(rounds.round_us, 3)));
            Some(Reading { words, ..Reading::number(milliseconds, (10, most), 10, " ms") })
        },
        write: |file, value| {
            written(file)?.round_ms = Some(value.max(1).into());
            Some(())
        },
    },
];

fn shown(scenario: &Scenario) -> Option<(&Proposal, &ProposalFile, Rounds)> {
    first(scenario, |proposal| proposal.algorithm.rounds)
}

fn written(file: &mut ScenarioFile) -> Option<&mut ByzantineFile> {
    Some(first_by(file, &["byzantine"])?.byzantine.get_or_insert_default())
}
