//! The branches of a run as lines under its tape: where each left another, how far it was played,
//! and what came out.

use super::sentence::outcome_word;
use super::{network, tape};
use crate::coordination::consensus::quorum::Decision;
use crate::playback::branch::Branch;
use crate::playback::frame::MarkKind;
use crate::playback::run::Run;
use crate::scenario::intervention::Intervention;

/// One branch that is not the one on the tape, or is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchLine {
    pub number: u32,
    /// Where it leaves its parent and where it ends, in parts of [`tape::LENGTH`].
    pub from: u64,
    pub to: u64,
    pub current: bool,
    /// "crash qa-engineer: approved".
    pub words: String,
    /// The last decision in it, if one was made.
    pub outcome: Option<Decision>,
}

/// All branches of the run, on a tape that holds so much time; none while there is only one.
#[must_use]
pub fn branches(run: &Run, span_us: u64) -> Vec<BranchLine> {
    if run.branches().len() < 2 {
        return Vec::new();
    }
    let line = |(number, branch): (usize, &Branch)| {
        let decided = branch.marks().iter().rev().find_map(|mark| match mark.kind {
            MarkKind::Decided { decision, .. } => Some(decision),
            _ => None,
        });
        let name = name(branch);
        let words = match decided {
            Some(decision) => format!("{name}: {}", outcome_word(decision)),
            None => format!("{name}: open"),
        };
        BranchLine {
            number: number as u32,
            from: tape::place(branch.parent.map_or(0, |(_, left_us)| left_us), span_us),
            to: tape::place(branch.reached_us(), span_us),
            current: number as u32 == run.current_branch(),
            words,
            outcome: decided,
        }
    };
    run.branches().iter().enumerate().map(line).collect()
}

/// What was done where it left its parent, and how much more since.
fn name(branch: &Branch) -> String {
    let Some((_, left_us)) = branch.parent else { return "as planned".to_owned() };
    let mut done = branch.interventions().iter().filter(|it| it.time_us > left_us);
    let mut name = match done.next().map(|it| &it.intervention) {
        Some(Intervention::SetNetwork { link }) => {
            network::of_file(link).unwrap_or_else(|| branch.label.clone())
        }
        _ => branch.label.clone(),
    };
    match done.count() {
        0 => {}
        more => name += &format!(" and {more} more"),
    }
    name
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::playback::Command;
    use crate::scenario::gallery;

    #[test]
    fn a_branch_says_where_it_left_and_what_came_out() {
        let scenario = gallery::find("deployment-vote").and_then(gallery::Entry::scenario);
        let mut run = Run::new(Arc::new(scenario.expect("it is there")), 7).expect("it starts");
        let end = Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX };
        run.apply(&end).unwrap();
        assert!(branches(&run, 1_000_000).is_empty());
        run.apply(&Command::SeekTime { time_us: 100_000 }).unwrap();
        let agent = "devops-engineer".to_owned();
        run.apply(&Command::Intervene(Intervention::Crash { agent })).unwrap();
        run.apply(&Command::AdvanceTo { time_us: 200_000, budget: u64::MAX }).unwrap();
        let [planned, crashed] = branches(&run, 1_000_000).try_into().expect("two branches");
        assert_eq!(planned.words, "as planned: approved");
        assert_eq!((planned.from, planned.current), (0, false));
        assert_eq!(crashed.words, "crash devops-engineer: open");
        assert_eq!((crashed.from, crashed.to, crashed.current), (100_000, 200_000, true));
        run.apply(&end).unwrap();
        assert_eq!(branches(&run, 1_000_000)[1].outcome, Some(Decision::Timeout));
    }
}
