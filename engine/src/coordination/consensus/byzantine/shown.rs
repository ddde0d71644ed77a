//! Output of the protocol.

use super::Byzantine;
use crate::coordination::shown::{Peek, Shown};

impl Shown for Byzantine {
    type Setup = ();
    type Known = ();
    type Report = ();

    const LOG: Option<&'static str> = Some("Votes");

    fn report(_: &dyn Peek<Self>) -> Option<()> {
        None
    }
}
