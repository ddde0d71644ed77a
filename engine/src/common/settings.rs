//! Settings of protocols on the page, as they are gathered.

use crate::common::consensus::proposal::Proposal;
use crate::common::consensus::quorum::Share;
use crate::common::consensus::section::WrittenProposal;
use crate::common::figure;
use crate::common::room::Members;
use crate::protocol::setting::{Scale, Setting};

/// Settings as they are gathered.
#[derive(Debug, Default)]
pub struct Settings(pub Vec<Setting>);

impl Settings {
    pub fn add(&mut self, id: &'static str, label: &'static str, value: u32, scale: Scale) {
        let (least, most) = scale.ends();
        // A scale with one value leaves nothing to set.
        if least < most {
            self.0.push(Setting::new(id, label, value, scale));
        }
    }

    /// A number in whole steps, from these two on; where it stands beyond them that is within reach too.
    pub fn number(
        &mut self,
        (id, label): (&'static str, &'static str),
        value: u32,
        (least, most): (u32, u32),
        (step, unit): (u32, &'static str),
    ) {
        let (least, most) = (least.min(value), most.max(value));
        self.add(id, label, value, Scale::Number { least, most, step, unit });
    }

    /// A share, in whole per cents from 51 on.
    pub fn share(&mut self, (id, label): (&'static str, &'static str), share: Share) {
        let percent = if let Share::AtLeast(ppm) = share { (ppm / 10_000) as u32 } else { 51 };
        self.number((id, label), percent, (51, 100), (1, " %"));
        self.say(figure::share(share), String::new());
    }

    /// Exact words and a note for the last one.
    pub fn say(&mut self, words: String, note: String) {
        if let Some(last) = self.0.last_mut() {
            (last.words, last.note) = (words, note);
        }
    }
}

/// The first proposal of the scenario, of those that are of a kind; as checked and as written.
pub fn first(
    cast: &dyn Members,
    is_one: fn(&Proposal) -> bool,
) -> Option<(&Proposal, WrittenProposal)> {
    let mut all = cast.opened().iter().zip(cast.opened_files());
    all.find_map(|((_, proposal), file)| is_one(proposal).then_some((&**proposal, file)))
}

/// The first proposal of a file that is decided by one of these.
pub fn first_by<'a>(
    proposals: &'a mut [WrittenProposal],
    algorithms: &[&str],
) -> Option<&'a mut WrittenProposal> {
    let is_one = |it: &&mut WrittenProposal| algorithms.contains(&it.algorithm());
    proposals.iter_mut().find(is_one)
}

/// So many rounds of this length end by the deadline that the file sets, with one before the first and one
/// after the last; without a deadline as many as there may be.
#[must_use]
pub fn rounds_by_deadline(proposal: &Proposal, file: &WrittenProposal, round_us: u64) -> u32 {
    let room_us = if file.has("deadline_ms") { proposal.timing.deadline_us } else { u64::MAX };
    u32::try_from((room_us / round_us.max(1)).saturating_sub(2)).unwrap_or(u32::MAX)
}

/// A number of hundredths as the share that a file says.
#[must_use]
pub fn share(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}
