//! Output of the protocol.

use super::Gossiping;
use crate::coordination::shown::{Peek, Shown};

impl Shown for Gossiping {
    type Setup = ();
    type Known = ();
    type Report = ();

    const LOG: Option<&'static str> = Some("Votes");

    fn report(_: &dyn Peek<Self>) -> Option<()> {
        None
    }
}
