//! What the protocol of a scenario can be set to, and the scenario with one of that set otherwise. A
//! setting is a row: what it stands at in a checked scenario, and how a file says something else. The
//! changed file goes through the ordinary checks, so that nothing can be set that no file may say.
//!
//! To add one: a row in the file of its protocol; a new protocol adds its rows to [`ROWS`].

mod byzantine;
mod choice;
mod gossip;
mod quorum;

use crate::coordination::consensus::proposal::Proposal;
use crate::scenario::Scenario;
use crate::scenario::error::Problem;
use crate::scenario::file::{ProposalFile, ScenarioFile};

/// One thing that can be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Unique among all settings.
    pub id: &'static str,
    pub label: &'static str,
    /// A number on the scale, or the place of an option; beyond the last where it is none of them.
    pub value: u32,
    /// Exactly what it stands at.
    pub words: String,
    pub scale: Scale,
    /// What there is to know of it; mostly nothing.
    pub note: String,
}

/// What a setting can be set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scale {
    /// From the least to the most, and what stands behind the number: " %".
    Number { least: u32, most: u32, step: u32, unit: &'static str },
    /// One of a few short words.
    Buttons(Vec<&'static str>),
    /// One of several.
    List(Vec<&'static str>),
}

impl Scale {
    /// What a value is called.
    #[must_use]
    pub fn words(&self, value: u32) -> String {
        match self {
            Self::Number { unit, .. } => format!("{value}{unit}"),
            Self::Buttons(options) | Self::List(options) => {
                options.get(value as usize).map_or_else(String::new, |&words| words.to_owned())
            }
        }
    }

    /// The least and the most it can be set to.
    #[must_use]
    pub fn ends(&self) -> (u32, u32) {
        match self {
            Self::Number { least, most, .. } => (*least, *most),
            Self::Buttons(options) | Self::List(options) => {
                (0, (options.len() as u32).saturating_sub(1))
            }
        }
    }
}

/// What a setting stands at in a scenario.
struct Reading {
    value: u32,
    scale: Scale,
    /// Where the value alone does not say it exactly.
    words: Option<String>,
    note: String,
}

impl Reading {
    fn new(value: u32, scale: Scale) -> Self {
        Self { value, scale, words: None, note: String::new() }
    }

    /// A number in whole steps, from these two on; what lies beyond them is within reach too.
    fn number(value: u32, (least, most): (u32, u32), step: u32, unit: &'static str) -> Self {
        let scale = Scale::Number { least: least.min(value), most: most.max(value), step, unit };
        Self::new(value, scale)
    }
}

/// A setting, whatever the scenario.
struct Row {
    id: &'static str,
    label: &'static str,
    /// `None` where the scenario has nothing of the kind.
    read: fn(&Scenario) -> Option<Reading>,
    /// Does nothing to a file that has nothing of the kind.
    write: fn(&mut ScenarioFile, u32) -> Option<()>,
}

/// By protocol, in the order to show them.
const ROWS: [&[Row]; 4] = [gossip::ROWS, byzantine::ROWS, quorum::ROWS, choice::ROWS];

fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.into_iter().flatten()
}

fn setting(row: &Row, scenario: &Scenario) -> Option<Setting> {
    let Reading { value, scale, words, note } = (row.read)(scenario)?;
    let (least, most) = scale.ends();
    let words = words.unwrap_or_else(|| scale.words(value));
    // What can only be as it is is no setting.
    (least < most).then_some(Setting { id: row.id, label: row.label, value, words, scale, note })
}

/// Everything that can be set in this scenario; nothing where nothing applies.
#[must_use]
pub fn settings(scenario: &Scenario) -> Vec<Setting> {
    rows().filter_map(|row| setting(row, scenario)).collect()
}

/// The scenario with one setting at another value, and everything else as it was.
///
/// # Errors
/// When the scenario has no such setting, the value is off its scale, or the checks refuse what comes of
/// it.
pub fn with(scenario: &Scenario, id: &str, value: u32) -> Result<Scenario, Problem> {
    let found = rows().find(|row| row.id == id);
    let found = found.and_then(|row| Some((row, setting(row, scenario)?)));
    let Some((row, setting)) = found else {
        let repair = "set something that this scenario has";
        return Err(Problem::new("settings", "a setting of this scenario", id, repair));
    };
    let (least, most) = setting.scale.ends();
    if !(least..=most).contains(&value) {
        let expected = format!("{least} to {most}");
        return Err(Problem::new(id, expected, value.to_string(), "stay on the scale"));
    }
    let mut file = scenario.file.clone();
    (row.write)(&mut file, value);
    Scenario::check(file)
}

/// The first proposal of a kind, as it was checked and as it was written.
fn first<T>(
    scenario: &Scenario,
    kind: impl Fn(&Proposal) -> Option<T>,
) -> Option<(&Proposal, &ProposalFile, T)> {
    let mut all = scenario.proposals.iter().zip(&scenario.file.proposals);
    all.find_map(|((_, proposal), file)| Some((&**proposal, file, kind(proposal)?)))
}

/// The first proposal of a file that is decided by one of these.
fn first_by<'a>(file: &'a mut ScenarioFile, algorithms: &[&str]) -> Option<&'a mut ProposalFile> {
    let name = |it: &ProposalFile| it.algorithm.clone().unwrap_or_else(|| "simple".to_owned());
    file.proposals.iter_mut().find(|it| algorithms.contains(&name(it).as_str()))
}

/// How many may vote.
fn electors(scenario: &Scenario, proposal: &Proposal) -> u32 {
    proposal.electorate.as_ref().map_or(scenario.members.len(), Vec::len) as u32
}

/// So many rounds of this length, of the rounds in all and one before and one after them, end by the
/// deadline that the file sets; without one, as many as there may be.
fn rounds_by_deadline(proposal: &Proposal, file: &ProposalFile, round_us: u64) -> u32 {
    let room_us = file.deadline_ms.map_or(u64::MAX, |_| proposal.timing.deadline_us);
    u32::try_from((room_us / round_us.max(1)).saturating_sub(2)).unwrap_or(u32::MAX)
}

/// A number of hundredths as the share that a file says.
fn share(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}

#[cfg(test)]
mod tests;
