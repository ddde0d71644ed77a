//! Several runs side by side: commands in, frames out. Nothing is global, so a session can live in
//! a page, in a worker, or in a test beside others.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::command::{Applied, Command, CommandError};
use super::frame::Frame;
use super::run::Run;
use super::saved::{Difference, SavedRun};
use crate::map::Map;
use crate::protocol::problem::Problem;
use crate::scenario::Scenario;

/// Names a run of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunId(pub u32);

/// Runs by their numbers.
#[derive(Clone, Debug, Default)]
pub struct Session {
    runs: Map<RunId, Run>,
    opened: u32,
}

impl Session {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts a scenario with a seed.
    ///
    /// # Errors
    /// When the scenario cannot start; one that was checked can.
    pub fn open(&mut self, scenario: Scenario, seed: u64) -> Result<RunId, Problem> {
        Ok(self.keep(Run::new(Arc::new(scenario), seed)?))
    }

    /// Makes a saved run again, and says when it is not the same at its moment.
    ///
    /// # Errors
    /// When something in it names what does not exist.
    pub fn reopen(&mut self, saved: &SavedRun) -> Result<(RunId, Option<Difference>), Problem> {
        let (run, difference) = Run::reopen(saved)?;
        Ok((self.keep(run), difference))
    }

    /// Takes in a run that was made elsewhere.
    pub fn keep(&mut self, run: Run) -> RunId {
        let id = RunId(self.opened);
        self.opened += 1;
        self.runs.insert(id, run);
        id
    }

    /// Forgets a run; false when there was none of this number.
    pub fn close(&mut self, run: RunId) -> bool {
        self.runs.remove(&run).is_some()
    }

    #[must_use]
    pub fn run(&self, run: RunId) -> Option<&Run> {
        self.runs.get(&run)
    }

    /// # Errors
    /// When there is no such run, or the command cannot be carried out; nothing is changed then.
    pub fn apply(&mut self, run: RunId, command: &Command) -> Result<Applied, CommandError> {
        self.runs.get_mut(&run).ok_or(CommandError::UnknownRun)?.apply(command)
    }

    /// Fills the frame with what is visible in the run; false when there is no such run.
    pub fn frame(&self, run: RunId, frame: &mut Frame) -> bool {
        let found = self.runs.get(&run);
        if let Some(run) = found {
            run.frame(frame);
        }
        found.is_some()
    }
}
