//! Output of the protocol.

use super::holder::State;
use crate::coordination::shown::{Peek, Shown, places};

impl Shown for State {
    type Setup = ();
    type Known = ();
    type Report = ();
    type Details = ();

    const TITLE: Option<&'static str> = Some("State");
    const LOG: Option<&'static str> = Some("State");
    const FOLLOWS: bool = true;
    const HAS_VALUES: bool = true;
    const ISOLATION: Option<(&'static str, &'static str)> =
        Some(("Take offline", "Bring back online"));

    fn place(_: &dyn Peek<Self>) -> u8 {
        places::STATE
    }

    fn report(_: &dyn Peek<Self>) -> Option<()> {
        None
    }
}
