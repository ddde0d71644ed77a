//! The branches of a run as lines under its tape: where each left another, how far it was played,
//! and what came out.

use super::{network, tape};
use crate::common::consensus::quorum::Decision;
use crate::playback::branch::{Branch, BranchResult};
use crate::playback::frame::MarkKind;
use crate::playback::run::Run;
use crate::scenario::file::intervention::Intervention;

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
    /// How its last decision came out for the swarm as a whole, if one was made.
    pub outcome: Option<Decision>,
}

/// All branches of the run, on a tape that holds so much time; none while there is only one.
#[must_use]
pub fn branches(run: &Run, span_us: u64) -> Vec<BranchLine> {
    if run.branches().len() < 2 {
        return Vec::new();
    }
    let line = |(number, branch): (usize, &Branch)| {
        let worked = || {
            branch.marks().iter().rev().find_map(|mark| match mark.kind {
                MarkKind::Ended { words, .. } => Some(words),
                _ => None,
            })
        };
        let BranchResult { decision, ended } = branch.result;
        let open = if ended { "ended" } else { "open" };
        let came = decision.map(Decision::word).or_else(worked).unwrap_or(open);
        let words = format!("{}: {came}", name(branch));
        BranchLine {
            number: number as u32,
            from: tape::place(branch.parent.map_or(0, |(_, left_us)| left_us), span_us),
            to: tape::place(branch.reached_us(), span_us),
            current: number as u32 == run.current_branch(),
            words,
            outcome: decision,
        }
    };
    run.branches().iter().enumerate().map(line).collect()
}

/// The intervention where it left its parent, and how many more since.
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
    use crate::common::consensus::picture;
    use crate::common::shown::Peek as _;
    use crate::playback::{Command, Frame};
    use crate::protocols::gossip::Gossiping;
    use crate::scenario::gallery;
    use crate::sim::AgentId;
    use crate::swarm::adversary::Behaviour;

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

    fn played(name: &str, seed: u64) -> Run {
        let scenario = gallery::find(name).and_then(gallery::Entry::scenario);
        let mut run = Run::new(Arc::new(scenario.expect("it is there")), seed).expect("it starts");
        run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
        run
    }

    /// The branch list, the panel and the tape's last flag agree in every scenario, whatever its protocol.
    #[test]
    fn branch_list_flag_and_panel_say_the_same_of_every_scenario() {
        let mut splits = 0;
        for entry in gallery::all() {
            let mut run = played(entry.name, 7);
            let mut frame = Frame::default();
            run.frame(&mut frame);
            let outcome = frame.proposals.iter().rev().find_map(|it| it.outcome);
            let flags = tape::tape(&frame, run.marks(), 1_000_000).flags;
            let flag = flags.iter().rev().find(|_| !frame.proposals.is_empty());
            if let (Some(flag), Some(outcome)) = (flag, outcome)
                && !frame.is_led
            {
                let word = outcome.word();
                assert!(flag.label.contains(word), "{}: {} and {word}", entry.name, flag.label);
            }
            run.apply(&Command::SeekTime { time_us: 0 }).unwrap();
            run.apply(&Command::Intervene(Intervention::Heal)).unwrap();
            let [planned, _] = branches(&run, 1_000_000).try_into().expect("two branches");
            assert_eq!(planned.outcome, outcome, "{}", entry.name);
            assert!(!planned.words.ends_with("open"), "{}: {}", entry.name, planned.words);
            splits += u32::from(outcome == Some(Decision::Split));
        }
        assert!(splits > 1, "{splits} of them are split");
    }

    /// The outcome that a liar holds is nobody's: in votes, choices, gossip and Byzantine votes alike.
    #[test]
    fn liars_are_not_counted_among_those_who_hold_an_outcome() {
        let names =
            ["deployment-vote", "lossy-vote", "database-choice", "gossip-majority", "gossip-ten"];
        for (seed, name) in
            (1..).zip(names.into_iter().chain(["byzantine-too-many"]).cycle().take(24))
        {
            let scenario = gallery::find(name).and_then(gallery::Entry::scenario);
            let mut run = Run::new(Arc::new(scenario.expect("it is there")), seed).unwrap();
            let agent = run.cast().name(AgentId(1)).to_owned();
            let behaviour = Behaviour::Equivocates;
            run.apply(&Command::Intervene(Intervention::Corrupt { agent, behaviour })).unwrap();
            run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
            let mut frame = Frame::default();
            run.frame(&mut frame);
            let report = run.report();
            for (proposal, decision) in frame.proposals.iter().zip(&report.decisions) {
                let electors = proposal.electors.iter().map(|it| it.agent);
                let lies = |agent: &AgentId| frame.agents[agent.index()].corrupted;
                let (liars, honest): (Vec<AgentId>, Vec<AgentId>) = electors.partition(lies);
                assert!(!liars.is_empty(), "{name}");
                assert_eq!(proposal.liars, liars, "{name}");
                let named: Vec<_> = liars.iter().map(|it| run.cast().name(*it)).collect();
                assert_eq!(decision.liars, named, "{name}");
                let held: u32 = proposal.held.iter().sum();
                assert_eq!(held, honest.len() as u32, "{name}: all are up at the end");
                let peek = run.peek::<Gossiping>();
                let spread = peek.as_ref().and_then(|it| it.watch().spread(proposal.id));
                let agents = spread.map(|it| it.point().agents);
                assert!(agents.is_none_or(|it| it == honest.len() as u32), "{name}");
                let words = picture::held(proposal);
                let lie = if liars.len() == 1 {
                    "1 lies".to_owned()
                } else {
                    format!("{} lie", liars.len())
                };
                assert!(words.contains(" honest hold") && words.ends_with(&lie), "{name}: {words}");
            }
        }
    }
}
