//! The values of one setting side by side, each over the same seeds: which way to do it fits this swarm?
//!
//! Nothing is set while such a run goes on, and nothing that a person did is repeated: the runs differ in the setting alone.

use std::fmt::Write as _;
use std::sync::Arc;

use super::settings::{settings, with};
use crate::common::measure::Measure;
use crate::playback::{Command, Run};
use crate::protocol::document::{
    Align, Cell, Column, Document, Level, Row, Sentence, Table, Weight,
};
use crate::protocol::setting::{Scale, Setting};
use crate::scenario::Scenario;

/// Each value is tried with the seeds from 1 to this.
pub const SEEDS: u32 = 20;

/// A comparison, with the runs that were made so far.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The setting's name in files, and on the page.
    id: &'static str,
    label: &'static str,
    entries: Vec<Entry>,
    /// The names and units of the figures.
    measures: Vec<Measure>,
}

/// One value of the setting.
#[derive(Clone, Debug)]
struct Entry {
    words: &'static str,
    /// The scenario with it.
    scenario: Arc<Scenario>,
    /// The figures of each run, by seed.
    runs: Vec<Vec<Option<u64>>>,
}

impl Comparison {
    /// The comparison that the scenario of this run offers; nothing where none of its protocols has ways to choose from.
    #[must_use]
    pub fn new(run: &Run) -> Option<Self> {
        let (setting, options) = compared(run.scenario())?;
        let mut file = run.scenario().file.clone();
        file.faults.retain(|fault| !fault.intervention.sets_compared());
        let scenario = Scenario::check(file).ok()?;
        // A value that the scenario cannot have is left out.
        let entry = |(value, words): (u32, &&'static str)| {
            let scenario = with(&scenario, setting.id, value).ok()?;
            Some(Entry { words, scenario: scenario.into(), runs: Vec::new() })
        };
        let entries = (0..).zip(options).filter_map(entry).collect();
        Some(Self { id: setting.id, label: setting.label, entries, measures: run.measures() })
    }

    /// The words on the button for it; nothing where there is nothing to compare. No run is made ready yet.
    #[must_use]
    pub fn offer(scenario: &Scenario) -> Option<String> {
        let (setting, options) = compared(scenario)?;
        Some(format!("{}: all {} ways", setting.label, options.len()))
    }

    /// How many runs it takes.
    #[must_use]
    pub fn runs(&self) -> u32 {
        SEEDS * self.entries.len() as u32
    }

    /// Makes one of the runs, from 0 on: all values with the first seed, then all with the next. Gives its figures.
    ///
    /// # Errors
    /// When the scenario does not start, or the run fails.
    pub fn run(&self, number: u32) -> Result<Vec<Option<u64>>, String> {
        let values = self.entries.len() as u32;
        let Some(entry) = self.entries.get(number.checked_rem(values).unwrap_or(0) as usize) else {
            return Ok(Vec::new());
        };
        let seed = u64::from(number / values) + 1;
        let mut run =
            Run::new(entry.scenario.clone(), seed).map_err(|problem| problem.to_string())?;
        let end = Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX };
        run.apply(&end).map_err(|error| error.to_string())?;
        Ok(run.measures().iter().map(|it| it.value).collect())
    }

    /// Takes in the figures of the next run, in the order of [`Comparison::run`].
    pub fn take_in(&mut self, figures: Vec<Option<u64>>) {
        // The first of those with the fewest runs.
        if let Some(entry) = self.entries.iter_mut().min_by_key(|it| it.runs.len()) {
            entry.runs.push(figures);
        }
    }

    /// How many runs were taken in.
    #[must_use]
    pub fn taken_in(&self) -> u32 {
        self.entries.iter().map(|it| it.runs.len() as u32).sum()
    }

    /// A row for each value: the mean of each figure, and its standard deviation. The best of each column stands out.
    #[must_use]
    pub fn document(&self) -> Document {
        let mut columns = vec![Column::new(self.label, Align::Start)];
        columns.extend(
            self.measures
                .iter()
                .map(|it| Column::new(format!("{}{}", it.name, it.unit.symbol()), Align::End)),
        );
        let means: Vec<Vec<Option<Mean>>> = self.entries.iter().map(|it| self.means(it)).collect();
        let row = |(entry, means_of): (&Entry, &Vec<Option<Mean>>)| {
            let cell = |(place, mean): (usize, &Option<Mean>)| {
                let of_column = means.iter().filter_map(|it| it.get(place).copied().flatten());
                self.cell(place, *mean, of_column)
            };
            Row::new(Cell::text(entry.words), means_of.iter().enumerate().map(cell))
        };
        let rows = self.entries.iter().zip(&means).map(row).collect();
        let table = Table {
            id: "comparison-table",
            caption: "Each way, with the mean of each figure and its standard deviation",
            columns,
            rows,
            ..Table::default()
        };
        let hint = format!("mean ± standard deviation, {SEEDS} seeds each");
        let meanings = self.measures.iter().map(|it| format!("{}: {}", it.name, it.about));
        let meanings = meanings.collect::<Vec<_>>().join("; ") + ".";
        let document = Document::new("comparison", self.label).hint(hint).block(table);
        document.block(Sentence::at(Level::Quiet, meanings))
    }

    fn means(&self, entry: &Entry) -> Vec<Option<Mean>> {
        let of = |place| Mean::of(entry.runs.iter().filter_map(move |run| *run.get(place)?));
        (0..self.measures.len()).map(of).collect()
    }

    fn cell(
        &self,
        place: usize,
        mean: Option<Mean>,
        all: impl Iterator<Item = Mean> + Clone,
    ) -> Cell {
        let (Some(mean), Some(measure)) = (mean, self.measures.get(place)) else {
            return Cell::text("–");
        };
        let all = all.map(|it| it.mean);
        let (least, most) = (all.clone().min(), all.max());
        let best = if measure.less_is_better { least } else { most };
        let words = |value| measure.unit.words(value);
        let text = format!("{} ± {}", words(mean.mean), words(mean.deviation));
        // Where all are the same, none is better.
        let is_best = best == Some(mean.mean) && least != most;
        Cell::text(text).weight(if is_best { Weight::Strong } else { Weight::Plain })
    }

    /// A line for each run, with what it was set to, its seed, and its figures in whole units.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = format!("{},seed", self.id);
        for measure in &self.measures {
            let name = measure.name.replace(' ', "_");
            // Writing to a string cannot fail.
            write!(text, ",{name}{}", measure.unit.suffix()).ok();
        }
        text.push('\n');
        for entry in &self.entries {
            for (seed, run) in (1..).zip(&entry.runs) {
                write!(text, "{},{seed}", entry.words).ok();
                for value in run {
                    write!(text, ",{}", value.map_or_else(String::new, |it| it.to_string())).ok();
                }
                text.push('\n');
            }
        }
        text
    }
}

/// The setting whose values are compared, and the values.
fn compared(scenario: &Scenario) -> Option<(Setting, &'static [&'static str])> {
    let id = scenario.rooms.compared()?;
    let setting = settings(scenario).into_iter().find(|it| it.id == id)?;
    let (Scale::List(options) | Scale::Buttons(options)) = setting.scale else { return None };
    Some((setting, options))
}

/// The mean of a figure over the runs that have come to it, and its standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mean {
    mean: u64,
    deviation: u64,
}

impl Mean {
    /// Nothing of nothing. The deviation is that of the sample: divided by one less than there are.
    fn of(values: impl Iterator<Item = u64>) -> Option<Self> {
        let values: Vec<u64> = values.collect();
        let count = values.len() as u128;
        let sum: u128 = values.iter().map(|it| u128::from(*it)).sum();
        let mean = u64::try_from((sum + count / 2).checked_div(count)?).ok()?;
        let squares: u128 = values.iter().map(|it| u128::from(it.abs_diff(mean)).pow(2)).sum();
        let deviation = squares.checked_div(count - 1).unwrap_or(0).isqrt();
        Some(Self { mean, deviation: u64::try_from(deviation).ok()? })
    }
}

#[cfg(test)]
mod tests;
