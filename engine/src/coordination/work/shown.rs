//! Output of the protocol.

use super::role::Work;
use crate::coordination::shown::{Peek, Shown, places};

impl Shown for Work {
    type Setup = ();
    type Known = ();
    type Report = ();
    type Details = ();

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

    fn report(_: &dyn Peek<Self>) -> Option<()> {
        None
    }
}
