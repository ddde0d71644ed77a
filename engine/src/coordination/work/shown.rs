//! Output of the protocol.

use super::report::Report;
use super::role::Work;
use crate::coordination::shown::{Peek, Shown, places};

impl Shown for Work {
    type Setup = ();
    type Known = ();
    type Report = Report;

    const TITLE: Option<&'static str> = Some("Work");
    const LOG: Option<&'static str> = Some("Work");
    const IS_COORDINATED: bool = true;

    fn place(_: &dyn Peek<Self>) -> u8 {
        places::WORK
    }

    fn ends(peek: &dyn Peek<Self>) -> usize {
        let coordinator = peek.coordinator().and_then(|agent| peek.agent(agent)?.machine);
        coordinator.and_then(Work::board).map_or(0, |board| board.jobs.len())
    }

    fn report(peek: &dyn Peek<Self>) -> Option<Report> {
        Report::new(peek)
    }
}
