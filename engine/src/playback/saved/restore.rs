//! From a run to what is saved of it, and back: every branch is played from its start, with what was
//! done in it on the agenda, as branching and seeking do.

use std::fmt;
use std::sync::Arc;

use super::{Fork, SavedBranch, SavedRun, VERSION};
use crate::map::Map;
use crate::playback::branch::{Branch, Place};
use crate::playback::cast::Cast;
use crate::playback::run::{Run, TRACE_CAPACITY};
use crate::protocol::number::with_point;
use crate::protocol::problem::Problem;

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
        let mut reopening = Reopening::new(saved.clone())?;
        while !reopening.advance(u64::MAX)? {}
        reopening.finish()
    }
}

/// A saved run that is being played again, a part at a time: however long it is, its caller can do something
/// else in between.
#[derive(Clone, Debug)]
pub struct Reopening {
    saved: SavedRun,
    run: Run,
    /// Steps of the branches that have been played.
    played: u64,
}

impl Reopening {
    /// # Errors
    /// When something in it names what does not exist.
    pub fn new(saved: SavedRun) -> Result<Self, Problem> {
        let mut run = Run::new(Arc::clone(&saved.scenario), saved.seed)?;
        run.branches.clear();
        if saved.branches.get(saved.branch as usize).is_none() {
            return Err(Problem::new("branches", "at least one", "none", "save the run again"));
        }
        let mut reopening = Self { saved, run, played: 0 };
        reopening.begin_branch()?;
        Ok(reopening)
    }

    /// Plays on by so many steps at most; true once all has been played.
    ///
    /// # Errors
    /// When something in the saved run names what does not exist.
    pub fn advance(&mut self, budget: u64) -> Result<bool, Problem> {
        let Some(saved) = self.saved.branches.get(self.run.current) else { return Ok(true) };
        if !self.run.go_on_towards(saved.reached, budget) {
            return Ok(false);
        }
        if self.run.branches.len() == self.saved.branches.len() {
            return Ok(true);
        }
        self.played += self.run.simulation.steps();
        self.begin_branch()?;
        Ok(false)
    }

    /// The saved run that is being played.
    #[must_use]
    pub fn saved(&self) -> &SavedRun {
        &self.saved
    }

    /// Steps that have been played, and those of the whole.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        let whole = self.saved.branches.iter().map(|branch| branch.reached.steps);
        let whole = whole.fold(0, u64::saturating_add);
        (self.played.saturating_add(self.run.simulation.steps()), whole)
    }

    /// The run at its moment, and how it differs from the saved one.
    ///
    /// # Errors
    /// When something in the saved run names what does not exist.
    pub fn finish(self) -> Result<(Run, Option<Difference>), Problem> {
        let Self { saved, mut run, .. } = self;
        run.current = saved.branch as usize;
        let shown = &saved.branches[run.current];
        let at = run.branches[run.current].left_at;
        run.restore_before(at);
        run.go_on_towards(at, u64::MAX);
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
        run.seek_time(time_us.min(run.branches[run.current].reached_us()));
        let version = saved.version.clone();
        Ok((run, Some(Difference { version, time_us, events, trace_hash })))
    }

    /// Starts the next branch; it is played as far as it had been played.
    fn begin_branch(&mut self) -> Result<(), Problem> {
        let number = self.run.branches.len();
        let Some(saved) = self.saved.branches.get(number) else { return Ok(()) };
        let run = &mut self.run;
        let mut simulation = run.scenario.start(run.seed, &saved.done, TRACE_CAPACITY)?;
        let mut branch = Branch::new(&mut simulation);
        branch.absorb(&mut simulation, run.limit_us());
        branch.interventions.clone_from(&saved.done);
        branch.left_at = saved.at.at_most(saved.reached);
        branch.parent = saved.left.map(|left| (left.branch, left.time_us));
        branch.label.clone_from(&saved.label);
        run.branches.push(branch);
        run.current = number;
        run.simulation = simulation;
        Ok(())
    }
}
