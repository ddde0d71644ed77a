//! Messages and timers of a protocol from outside, as the kernel sees them. The envelope's instance is the kind of a message.

use std::sync::Arc;

use serde::Serialize;

use crate::common::awaited::{Awaited, Waiting};
use crate::common::glyph::MessageGlyph;
use crate::common::kind::{Described, MessageKind};
use crate::sim::AgentId;

/// The bytes of a message.
#[derive(Clone, Debug, Serialize)]
pub struct ForeignMessage(pub Arc<[u8]>);

/// The kind of all of them: what sorts there are is known late, and told in the report.
pub const FOREIGN: MessageKind = MessageKind::new(35, "foreign", "message");

impl Described for ForeignMessage {
    const KINDS: &'static [&'static MessageKind] = &[&FOREIGN];

    fn kind(&self) -> &'static MessageKind {
        &FOREIGN
    }

    fn glyph(&self, _: AgentId) -> MessageGlyph {
        MessageGlyph::Call
    }
}

/// A timer by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignTimer(pub u32);

impl Waiting for ForeignTimer {
    fn awaited(self) -> Awaited {
        Awaited::new("a timer of its own")
    }
}
