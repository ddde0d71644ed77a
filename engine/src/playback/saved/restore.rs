//! From a run to what is saved of it, and back: every branch is played from its start, with what was
//! done in it on the agenda, as branching and seeking do.

use std::fmt;
use std::sync::Arc;

use super::{Fork, SavedBranch, SavedRun, VERSION};
use crate::coordination::number::with_point;
use crate::map::Map;
use crate::playback::branch::{Branch, Place};
use crate::playback::frame::Cast;
use crate::playback::run::{Run, TRACE_CAPACITY};
use crate::scenario::error::Problem;

/// A run that does not come out as it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The version it was saved by.
    pub version: String,
    pub time_us: u64,
    /// Events up to its moment: when it was saved, and now.
    pub events: (u64, u64),
    pub trace_hash: (u64, u64),
}

impl fmt::Display for Difference {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version, time_us, events, .. } = self;
        if version == VERSION {
            write!(
                to,
                "This run was changed since it was saved, or comes from another build of \
                 swarmglass {VERSION}: "
            )?;
        } else {
            write!(
                to,
                "This run was saved by swarmglass {version}; this is {VERSION}, where it comes out \
                 differently: "
            )?;
        }
        write!(to, "at {} s there were {} events, ", with_point(*time_us, 6), events.0)?;
        if events.0 == events.1 {
            write!(to, "and now there are as many, but not the same. ")?;
        } else {
            write!(to, "and now there are {}. ", events.1)?;
        }
        write!(to, "What you see is not what was shared.")
    }
}

impl Run {
    /// All that this run can be made again from, with how it is looked at.
    #[must_use]
    pub fn save(&self, view: Map<String, String>) -> SavedRun {
        let here = Place::of(&self.simulation);
        let branches = self.branches.iter().enumerate().map(|(number, branch)| SavedBranch {
            left: branch.parent.map(|(branch, time_us)| Fork { branch, time_us }),
            label: branch.label.clone(),
            done: branch.interventions.clone(),
            at: if number == self.current { here } else { branch.left_at },
            reached: branch.reached,
        });
        SavedRun {
            version: VERSION.to_owned(),
            scenario: Arc::clone(&self.scenario),
            seed: self.seed,
            branches: branches.collect(),
            branch: self.current_branch(),
            events: self.simulation.trace.len(),
            trace_hash: self.simulation.trace.hash(),
            view,
        }
    }

    /// Makes a saved run again, at its moment; and says when it is not the same there.
    ///
    /// # Errors
    /// When something in it names what does not exist.
    pub fn reopen(saved: &SavedRun) -> Result<(Self, Option<Difference>), Problem> {
        let mut run = Self::new(Arc::clone(&saved.scenario), saved.seed)?;
        run.branches.clear();
        for (number, branch) in saved.branches.iter().enumerate() {
            run.play_branch(number, branch)?;
        }
        let number = saved.branch as usize;
        let Some(shown) = saved.branches.get(number) else {
            return Err(Problem::new("branches", "at least one", "none", "save the run again"));
        };
        run.current = number;
        run.restore_before(shown.at);
        run.go_on_to(shown.at);
        let names = run.scenario.agent_names(&shown.done)?;
        run.cast = Cast::new(&run.scenario, run.seed, &run.simulation, &names);
        let trace = &run.simulation.trace;
        let (events, trace_hash) = ((saved.events, trace.len()), (saved.trace_hash, trace.hash()));
        let is_same = events.0 == events.1 && trace_hash.0 == trace_hash.1;
        if is_same {
            return Ok((run, None));
        }
        let Place { time_us, .. } = shown.at;
        // Its steps are not those that were counted: its time is the better measure.
        run.seek_time(time_us);
        let version = saved.version.clone();
        Ok((run, Some(Difference { version, time_us, events, trace_hash })))
    }

    /// Plays a branch as far as it had been played.
    fn play_branch(&mut self, number: usize, saved: &SavedBranch) -> Result<(), Problem> {
        let mut simulation = self.scenario.start(self.seed, &saved.done, TRACE_CAPACITY)?;
        let mut branch = Branch::new(&mut simulation);
        branch.absorb(&mut simulation);
        branch.interventions.clone_from(&saved.done);
        branch.left_at = saved.at;
        branch.parent = saved.left.map(|left| (left.branch, left.time_us));
        branch.label.clone_from(&saved.label);
        self.branches.push(branch);
        self.current = number;
        self.simulation = simulation;
        self.go_on_to(saved.reached);
        Ok(())
    }
}
