//! A Byzantine vote for people: the quorum in a sentence, who said what in which round, what exposes
//! a liar, and what it all rests on.

mod document;

pub(super) use self::document::documents;

use super::Rounds;
use super::seen::{Seen, SeenEvidence, SeenVoter};
use super::session::Votes;
use crate::common::consensus::assumption::{Assumption, Premise};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::frame::{Lamp, ProposalFrame};
use crate::common::consensus::picture::held;
use crate::common::consensus::quorum::Decision;
use crate::common::figure::{decision, span};
use crate::order::sort_by_key;
use crate::protocol::note::Names;
use crate::sim::{AgentId, EventId};

/// So many rows of a matrix are shown, those that differ from the others first.
pub const ROWS_MAX: usize = 16;

/// "5 FOR, 1 AGAINST, 1 exposed".
fn counts(proposal: &ProposalFrame) -> String {
    let exposed = proposal.electors.iter().filter(|it| it.lamp == Lamp::Exposed).count() as u64;
    let tally = &proposal.tally;
    let parts = [
        (tally.in_favour.count, "FOR"),
        (tally.against.count, "AGAINST"),
        (tally.abstain.count, "ABSTAIN"),
        (exposed, "exposed"),
    ];
    let parts = parts.into_iter().zip(0..).filter(|((count, _), place)| *count > 0 || *place == 0);
    parts.map(|((count, word), _)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// The quorum in a sentence: the deciding number, and the rest.
pub(super) fn lead(proposal: &ProposalFrame) -> Option<(String, String)> {
    let own = proposal.own.as_ref()?;
    let (needed, all) = (proposal.account.needed, proposal.electors.len());
    let counts = counts(proposal);
    Some(match own.decided {
        _ if proposal.outcome == Some(Decision::Split) => {
            let rest = format!(": {}; needs {needed} of {all}, here {counts}.", held(proposal));
            (decision(Decision::Split).to_owned(), rest)
        }
        Some(decided @ Decision::Timeout) => {
            let rest = format!(": no {needed} of {all} votes are equal: {counts}.");
            (decision(decided).to_owned(), rest)
        }
        Some(decided) => {
            (decision(decided).to_owned(), format!(": needs {needed} of {all}; {counts}."))
        }
        None => {
            let (last, now) = (own.rounds.in_all, own.rounds.now);
            let when = match now {
                0 => format!(" It decides after round {last}."),
                now if now <= last => {
                    format!(" It decides after round {last}, this is round {now}.")
                }
                _ => String::new(),
            };
            (format!("Needs {needed} of {all}"), format!(" equal votes; {counts}.{when}"))
        }
    })
}

/// Who said what in which round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// "round 1", and whether it is now.
    pub rounds: Vec<(String, bool)>,
    pub rows: Vec<MatrixRow>,
    /// Voters for whom there is no row.
    pub more: usize,
}

/// One voter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    pub agent: AgentId,
    pub cells: Vec<MatrixCell>,
    /// "FOR", "nothing", or empty while nothing is known.
    pub counts_as: &'static str,
    pub exposed: bool,
}

/// One voter in one round, as the viewer knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatrixCell {
    /// One vote, or two that contradict each other.
    Said(Votes),
    /// Nothing was accepted, and the round is over.
    Nothing,
    /// The round goes on, or is still to come.
    NotYet,
}

fn cells(votes: &[Votes], now: u32) -> Vec<MatrixCell> {
    let cell = |(votes, round): (&Votes, u32)| match votes.iter().next() {
        Some(_) => MatrixCell::Said(*votes),
        None if round < now => MatrixCell::Nothing,
        None => MatrixCell::NotYet,
    };
    votes.iter().zip(1..).map(cell).collect()
}

fn vote_word(vote: Option<Vote>) -> &'static str {
    vote.map_or("", Vote::word)
}

fn no_votes(rounds: Rounds) -> Vec<Votes> {
    vec![Votes::default(); rounds.voting_rounds as usize]
}

/// The matrix, as the viewer knows it.
#[must_use]
pub fn matrix(seen: &Seen) -> Matrix {
    let round = |round: u32| (format!("round {round}"), round == seen.round);
    let row = |voter: &SeenVoter| {
        let none = no_votes(seen.rounds);
        let votes = if voter.votes.is_empty() { &none } else { &voter.votes };
        MatrixRow {
            agent: voter.agent,
            cells: cells(votes, seen.round),
            counts_as: match voter.counts_as {
                // A voter that has said two things counts for nothing.
                None if votes.iter().any(|votes| votes.iter().next().is_some()) => "nothing",
                counts_as => vote_word(counts_as),
            },
            exposed: voter.exposed,
        }
    };
    let mut rows: Vec<MatrixRow> = seen.voters.iter().map(row).collect();
    let more = rows.len().saturating_sub(ROWS_MAX);
    if more > 0 {
        // Usual rows can be left out.
        let usual = |row: &MatrixRow| row.counts_as == vote_word(Some(Vote::For));
        sort_by_key(&mut rows, |row| {
            let place = if row.exposed { 0 } else { 1 + u64::from(usual(row)) };
            (place, row.agent.0.into())
        });
        rows.truncate(ROWS_MAX);
    }
    Matrix { rounds: (1..=seen.rounds.voting_rounds).map(round).collect(), rows, more }
}

/// The evidence that exposes one voter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub agent: AgentId,
    /// of the others: "known to 3 of 6".
    pub known_to: String,
    pub cards: [Card; 2],
    /// The votes that it told each agent itself, where it told different agents different things.
    pub told: Vec<MatrixRow>,
    /// The event at which the viewer held both.
    pub exposed: Option<EventId>,
}

/// A signed statement, as it can be held up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub round: String,
    pub vote: Vote,
    pub received_us: u64,
    /// Who signed, and the signature.
    pub signature: String,
}

/// The evidence against each voter that is exposed in the viewer's eyes.
#[must_use]
pub fn evidence(seen: &Seen) -> Vec<Evidence> {
    seen.evidence.iter().map(|it| one_evidence(seen, it)).collect()
}

fn one_evidence(seen: &Seen, evidence: &SeenEvidence) -> Evidence {
    let card = |of: usize| {
        let statement = &evidence.statements[of];
        Card {
            round: format!("round {}", statement.round),
            vote: statement.vote,
            received_us: statement.received_us,
            signature: format!("signed {}·{}", evidence.agent.0 + 1, statement.signature),
        }
    };
    let same = |(_, told): &(AgentId, Vec<Votes>)| evidence.told.iter().all(|it| it.1 == *told);
    let equivocated = !evidence.told.iter().all(same);
    let row = |(agent, told): &(AgentId, Vec<Votes>)| MatrixRow {
        agent: *agent,
        cells: cells(told, seen.round),
        counts_as: "",
        exposed: false,
    };
    let told = evidence.told.iter().filter(|_| equivocated).take(ROWS_MAX).map(row);
    Evidence {
        agent: evidence.agent,
        known_to: format!("known to {} of {}", evidence.known_to, evidence.others),
        cards: [card(0), card(1)],
        told: told.collect(),
        exposed: evidence.exposed,
    }
}

/// All that the vote rests on.
#[must_use]
pub fn premises(seen: &Seen, names: &dyn Names) -> Vec<Premise> {
    let parts = seen.broken.is_some_and(|it| it.assumption == Assumption::Connectivity);
    let cut: Vec<&str> = seen.cut.iter().map(|agent| names.agent(*agent)).collect();
    let faulty = seen.rounds.fault_tolerance;
    let texts = [
        (
            Assumption::Faulty,
            match faulty {
                0 => "Nobody is faulty".to_owned(),
                _ => format!("At most {faulty} faulty, {} so far", seen.faulty),
            },
        ),
        (Assumption::Delivery, "Between the others nothing is lost or late".to_owned()),
        (
            Assumption::RoundLength,
            format!("A round of {} outlasts every delay", span(seen.rounds.round_us)),
        ),
        (
            Assumption::Connectivity,
            if parts {
                format!("{} alone can part the network", cut.join(" and "))
            } else {
                match faulty {
                    0 => "The network hangs together".to_owned(),
                    1 => "No agent alone can part the network".to_owned(),
                    _ => format!("No {faulty} agents can part the network"),
                }
            },
        ),
    ];
    let premise = |(assumption, text)| {
        let broken = seen.broken.filter(|broken| broken.assumption == assumption);
        Premise { text, holds: broken.is_none(), event: broken.and_then(|broken| broken.event) }
    };
    texts.into_iter().map(premise).collect()
}

/// The warning before another agent is corrupted, when that is one too many.
#[must_use]
pub fn warning(seen: &Seen) -> Option<String> {
    let tolerated = u64::from(seen.rounds.fault_tolerance);
    (seen.corrupted >= tolerated).then(|| {
        if tolerated == 0 {
            return "f = 0: nobody may lie, or nothing is promised.".to_owned();
        }
        let lie = if seen.corrupted == 1 { "lies" } else { "lie" };
        format!(
            "{} of {} {lie} already, and f = {tolerated}: with one more nothing is promised.",
            seen.corrupted,
            seen.voters.len(),
        )
    })
}

#[cfg(test)]
mod tests;
