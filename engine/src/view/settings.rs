//! What the protocol of a scenario can be set to, and the scenario with one of that set otherwise. The
//! changed file goes through the ordinary checks, so that nothing can be set that no file may say.
//!
//! To add one: a line in `list` of its protocol, which says what it stands at in a checked scenario, and
//! one in `set`, which writes it into a file. A new protocol is a file with the two, and a line in
//! [`PROTOCOLS`].

mod byzantine;
mod gossip;
mod quorum;
mod work;

use crate::coordination::consensus::proposal::Proposal;
use crate::coordination::consensus::quorum::Share;
use crate::coordination::consensus::section::ProposalFile;
use crate::coordination::figure;
use crate::coordination::state::settings as state;
use crate::protocol::problem::Problem;
use crate::protocol::setting::{Setting, Settings};
use crate::scenario::Scenario;
use crate::scenario::checked::set_in_rooms;
use crate::scenario::file::ScenarioFile;

/// What can be set where a protocol runs: nothing where it does not.
type List = fn(&Scenario, &mut Settings) -> Option<()>;

/// Sets one of them in a file; `None` where it is of another protocol.
type Set = fn(&mut ScenarioFile, &str, u32) -> Option<()>;

/// In the order to show them.
const PROTOCOLS: [(List, Set); 5] = [
    (gossip::list, gossip::set),
    (byzantine::list, byzantine::set),
    (quorum::list, quorum::set),
    (list_state, set_state),
    (work::list, work::set),
];

fn list_state(scenario: &Scenario, settings: &mut Settings) -> Option<()> {
    settings.0.extend(state::settings(scenario.state.as_ref()?));
    Some(())
}

fn set_state(file: &mut ScenarioFile, id: &str, value: u32) -> Option<()> {
    state::set(file.state.as_mut()?, id, value)
}

/// Everything that can be set in this scenario; nothing where nothing applies.
#[must_use]
pub fn settings(scenario: &Scenario) -> Vec<Setting> {
    let mut settings = Settings::default();
    for (list, _) in PROTOCOLS {
        list(scenario, &mut settings);
    }
    settings.0.extend(scenario.rooms.settings());
    settings.0
}

/// The scenario with one setting at another value, and everything else as it was.
///
/// # Errors
/// When the scenario has no such setting, the value is off its scale, or the checks refuse what comes of
/// it.
pub fn with(scenario: &Scenario, id: &str, value: u32) -> Result<Scenario, Problem> {
    let found = settings(scenario).into_iter().find(|it| it.id == id);
    let Some((least, most)) = found.map(|it| it.scale.ends()) else {
        let repair = "set something that this scenario has";
        return Err(Problem::new("settings", "a setting of this scenario", id, repair));
    };
    if !(least..=most).contains(&value) {
        let expected = format!("{least} to {most}");
        return Err(Problem::new(id, expected, value.to_string(), "stay on the scale"));
    }
    let mut file = scenario.file.clone();
    for (_, set) in PROTOCOLS {
        if set(&mut file, id, value).is_some() {
            return Scenario::check(file);
        }
    }
    set_in_rooms(&mut file, id, value);
    Scenario::check(file)
}

impl Settings {
    /// A share, in whole per cents from 51 on.
    fn share(&mut self, (id, label): (&'static str, &'static str), share: Share) {
        let percent = if let Share::AtLeast(ppm) = share { (ppm / 10_000) as u32 } else { 51 };
        self.number((id, label), percent, (51, 100), (1, " %"));
        self.say(figure::share(share), String::new());
    }
}

/// The first proposal that the scenario puts, of those that are of a kind; as checked and as written.
fn first(scenario: &Scenario, is_one: fn(&Proposal) -> bool) -> Option<(&Proposal, &ProposalFile)> {
    let mut all = scenario.proposals.iter().zip(&scenario.file.proposals);
    all.find_map(|((_, proposal), file)| is_one(proposal).then_some((&**proposal, file)))
}

/// The first proposal of a file that is decided by one of these.
fn first_by<'a>(file: &'a mut ScenarioFile, algorithms: &[&str]) -> Option<&'a mut ProposalFile> {
    let is_one = |it: &&mut ProposalFile| {
        let name = it.algorithm.as_deref().unwrap_or("simple");
        algorithms.contains(&name)
    };
    file.proposals.iter_mut().find(is_one)
}

/// So many rounds of this length end by the deadline that the file sets, with one before the first and one
/// after the last; without a deadline as many as there may be.
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
